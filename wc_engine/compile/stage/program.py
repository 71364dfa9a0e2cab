"""Staging a whole program: from its text to the IR of ``step``."""

from __future__ import annotations

import ast
import builtins as python_builtins
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from wc_engine.compile.doors import refusal_of
from wc_engine.compile.emit import ACTION
from wc_engine.compile.ir import (
    Expr,
    Kind,
    Lit,
    Loop,
    SetResult,
    Stmt,
    Store,
    Unpack,
    Var,
)
from wc_engine.compile.plan import CompilePlan, Restart
from wc_engine.compile.stage import entities
from wc_engine.compile.stage.attributes import is_special
from wc_engine.compile.stage.builtins import BUILTINS, NAMES, call_builtin
from wc_engine.compile.stage.collections import iterable, new_list
from wc_engine.compile.stage.conditions import condition, truth
from wc_engine.compile.stage.constructors import learn_constructors
from wc_engine.compile.stage.cursors import cursor
from wc_engine.compile.stage.expressions import evaluate
from wc_engine.compile.stage.functions import call_closure, local_names, run_generator
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.machine import STATUS_FAILED, Machine
from wc_engine.compile.stage.methods import call_method
from wc_engine.compile.stage.objects import instantiate, method_of
from wc_engine.compile.stage.operators import as_float, as_number, by_kind
from wc_engine.compile.stage.packing import pack_result
from wc_engine.compile.stage.paths import Budget, PathEnded
from wc_engine.compile.stage.protocols import is_instance
from wc_engine.compile.stage.queries import RowsQuery, TableQuery, concat, known_items, parts_of
from wc_engine.compile.stage.state_objects import state_objects
from wc_engine.compile.stage.statements import assign, execute
from wc_engine.compile.stage.support import SUPPORT
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    Builtin,
    ClassValue,
    Closure,
    Conflict,
    Const,
    Finite,
    Frame,
    Method,
    Num,
    Partial,
    Ref,
    Row,
    SeqObject,
    TupleValue,
    Union,
    UserClass,
    Value,
)
from wc_engine.errors import InternalError, TranslationError
from wc_engine.models.objects import PROGRAM_MODULE

if TYPE_CHECKING:
    from wc_engine.compile.stage.queries import Query
    from wc_engine.state.schema import EntityType, Schema

__all__ = ["StagedStep", "stage_program"]

_MAX_RESTARTS = 60


@dataclass(frozen=True, slots=True)
class StagedStep:
    """The IR of one compiled function.

    Attributes:
        body: the statements; every path ends in ``Fail`` or runs off the end, which is OK.
        tables: constant int tables.
        plan: the decisions that held.
        assumed: it guards what a program that changes static entities breaks.
    """

    body: list[Stmt]
    tables: tuple[tuple[int, ...], ...]
    plan: CompilePlan
    assumed: bool = False


def stage_program(
    tree: ast.Module,
    text: str,
    file: str,
    schema: Schema,
    actions: tuple[str, ...],
    mission: str | None,
    *,
    plan: CompilePlan,
    reward_only: bool = False,
) -> StagedStep:
    """Stage ``step`` (transition, then reward), or the reward alone on a given next state.

    Raises:
        UnsupportedConstructError: something is not translated; names the place.
    """
    budget = Budget()
    for _ in range(_MAX_RESTARTS):
        m = _new_machine(text, file, schema, plan, budget)
        learned: CompilePlan | None = None
        try:
            try:
                frame = _load_module(m, tree)
            except PathEnded:
                m.unsupported("the top level of the program ends here: it cannot be loaded")
            run = _Run(m, frame, actions, mission)
            run.loaded = m.store.copy()
            with suppress(PathEnded):
                run.reward_alone() if reward_only else run.step()
            learned = m.new_plan()
            if learned is None:
                return StagedStep(m.buffer, tuple(m.tables), plan, m.assumed)
        except Restart as restart:
            m.plan = m.wanted = restart.plan
            learned = restart.plan if restart.afresh else m.new_plan() or restart.plan
        except TranslationError:
            # What was followed with too narrow a shape of some list says nothing.
            learned = m.new_plan() or m.simpler_plan()
            if learned is None or budget.expressions < 0:
                raise
        except Exception as error:
            learned = m.new_plan()
            if learned is None:
                raise refusal_of(error, m.location()) from error
        plan = learned
    raise InternalError("staging did not settle")


def _new_machine(text: str, file: str, schema: Schema, plan: CompilePlan, budget: Budget) -> Machine:
    m = Machine(schema, plan, file, text.splitlines(), budget=budget)
    m.evaluate = partial(evaluate, m)
    m.execute = partial(execute, m)
    m.condition = partial(condition, m)
    m.truth = partial(truth, m)
    m.iterable = partial(iterable, m)
    m.cursor = partial(cursor, m)
    m.assign_target = partial(assign, m)
    m.call = partial(_call, m)
    m.builtin = partial(_builtin, m)
    m.known_elements = partial(_known_elements, m)
    m.run_generator = partial(run_generator, m)
    return m


def _load_module(m: Machine, tree: ast.Module) -> Frame:
    """Run the module's top level."""
    frame = Frame({name: m.new_cell(UNBOUND) for name in local_names(tree)}, None, "<module>")
    m.module_frame = frame
    m.execute(tree.body, frame)
    for name in ("Entity", *(entity_type.name for entity_type in m.schema.types)):
        value = m.store.cells.get(frame.cells.get(name, -1), UNBOUND)
        if value != UNBOUND and not isinstance(value, ClassValue):
            m.unsupported(f"the class {name} of entities is not translated yet: it differs from the prelude's", None)
    learn_constructors(m)
    return frame


# ---- parts of the interpreter that need all the others --------------------


def _call(m: Machine, function: Value, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    if isinstance(function, Union):
        return m.dispatch(function, lambda option: _call(m, option, arguments, keywords))
    if isinstance(function, Closure):
        return call_closure(m, function, arguments, keywords)
    if isinstance(function, ClassValue):
        return entities.new_entity(m, function, arguments, keywords)
    if isinstance(function, UserClass):
        return instantiate(m, function, arguments, keywords)
    if is_instance(m, function):
        method = method_of(m, function, "__call__")
        return m.raise_named("TypeError") if method is None else _call(m, method, arguments, keywords)
    if isinstance(function, Builtin):
        return call_builtin(m, function.name, arguments, keywords)
    if isinstance(function, Partial):
        return _call(m, function.function, function.arguments + arguments, dict(function.keywords) | keywords)
    if isinstance(function, Method):
        return call_method(m, function.receiver, function.name, arguments, keywords)
    if isinstance(function, (Const, Num, Finite, TupleValue, Row, Ref)):
        m.raise_named("TypeError")
    m.unsupported("a call of this value")


def _builtin(m: Machine, name: str) -> Value:
    if name in BUILTINS or name in SUPPORT or name in NAMES:
        return Builtin(name)
    known = getattr(python_builtins, name, None)
    if isinstance(known, type):
        return Builtin(name)
    if name == "__name__":
        return Const(PROGRAM_MODULE)
    if known is not None or is_special(name) or name.startswith("."):
        m.unsupported(f"{name.lstrip('.')} is not translated yet")
    m.raise_named("NameError")


def _known_elements(m: Machine, value: Value) -> list[Value]:
    items = known_items(iterable(m, value))
    if items is None:
        m.unsupported("a collection whose length depends on the state, where its length must be known")
    return list(items)


# ---- the step --------------------


class _Run:
    """One staging of ``step`` or ``reward``."""

    def __init__(self, m: Machine, frame: Frame, actions: tuple[str, ...], mission: str | None) -> None:
        self.m = m
        self.frame = frame
        self.mission = mission
        self.packed = False
        self.loaded = m.store
        self.checked: set[tuple[int, str]] = set()
        self.action: Value = Finite(ACTION, actions) if len(actions) > 1 else Const(actions[0])

    def _function(self, name: str) -> Value:
        cell = self.frame.cells.get(name)
        return UNBOUND if cell is None else self.m.store.cells[cell]

    def _reward_function(self) -> Value:
        table = self._function("REWARD_FUNCS")
        if self.mission is not None and isinstance(table, Ref):
            from wc_engine.compile.stage.dicts import get, is_dict

            assert is_dict(self.m, table)
            return get(self.m, table, Const(self.mission), self._function("reward_func"))
        return self._function("reward_func")

    def _state(self, world: int, source: int) -> Ref:
        """A fresh copy of the state (source 0) or next state (source 1) for a function."""
        m = self.m
        parts: list[Query] = []
        for entity_type in m.schema.types:
            if not m.is_static(entity_type.name):
                count = m.row_count(world, entity_type.name)
                variable = count if isinstance(count, Var) else None
                check = self._must_check(source, entity_type)
                m.emit(Unpack(source, entity_type.name, m.plan.capacity, variable, world, check))
                _clear_nulls(m, world, entity_type)
            if entity_type.name in m.plan.object_types:
                parts += state_objects(m, world, entity_type)
            else:
                parts.append(RowsQuery(world, entity_type.name))
        return new_list(m, concat(*parts), "set", None, site=(0, -1 - world))

    def _must_check(self, source: int, entity_type: EntityType) -> bool:
        """Whether the rows of a type may be fewer than the schema says, or equal: two of a next state may be."""
        if source == 1 and self.packed:
            return entity_type.count is None or entity_type.count > 1
        first = (source, entity_type.name) not in self.checked
        self.checked.add((source, entity_type.name))
        return first

    def step(self) -> None:
        """Transition, packed next state, reward."""
        m = self.m
        function = self._function("transition")
        state = self._state(0, 0)
        result = m.call(function, (state, self.action), {})
        pack_result(m, result)
        self.packed = True
        self.reward_alone()

    def reward_alone(self) -> None:
        """The reward on the packed state and next state."""
        m = self.m
        # A call of the program finds the module as it was right after loading.
        for object_id, content in self.loaded.heap.items():
            in_memory = isinstance(content, SeqObject) and any(
                isinstance(p, TableQuery) for p in parts_of(content.content)
            )
            if in_memory and m.store.last_write(("heap", object_id)) > self.loaded.last_write(("heap", object_id)):
                m.unsupported("a list of the module that lies in memory is changed")
        m.store.cells.update(self.loaded.cells)
        m.store.heap.update(self.loaded.heap)
        function = self._reward_function()
        if function == UNBOUND:
            m.raise_named("NameError")
        state, next_state = self._state(1, 0), self._state(2, 1)
        result = m.call(function, (state, self.action, next_state), {})
        self._set_result(result)

    def _set_result(self, result: Value) -> None:
        m = self.m

        def use(option: Value) -> Value:
            items = _pair(m, option)
            reward = m.dispatch(items[0], self._reward_number)
            done = m.as_condition(m.truth(items[1]))
            number = as_number(m, reward)
            assert number is not None
            flag: Expr = Lit(done.value, Kind.BOOL) if isinstance(done, Const) else done.expr
            m.emit(SetResult(number.expr, flag))
            return NONE

        m.dispatch(result, use)

    def _reward_number(self, value: Value) -> Value:
        kinds = by_kind(self.m, value)
        if kinds != value:
            return self.m.dispatch(kinds, self._reward_number)
        value = lift(self.m, float, (value,)) or value
        number = as_number(self.m, value)
        if isinstance(value, Conflict):
            self.m.unsupported(f"a reward that cannot be followed: {value.reason}")
        if number is None:
            self.m.fail(STATUS_FAILED)
        return as_float(self.m, number)


def _clear_nulls(m: Machine, world: int, entity_type: EntityType) -> None:
    """No attribute is None yet that the schema says is none."""
    names = [name for type_name, name in sorted(m.plan.nullable) if type_name == entity_type.name]
    if not names:
        return
    variable = m.new_var(Kind.INT, "r")
    row = Row(world, entity_type.name, variable)
    code: list[Stmt] = [Store(entities.null_column(m, row, name), variable, Lit(0, Kind.INT)) for name in names]
    m.emit(Loop(m.new_label("loop"), variable, m.row_count(world, entity_type.name), code))


def _pair(m: Machine, value: Value) -> list[Value]:
    """The two values of what a reward function returned; anything else fails the step."""
    if isinstance(value, (Num, Row)) or (isinstance(value, Const) and not isinstance(value.value, (tuple, str))):
        m.fail(STATUS_FAILED)
    if isinstance(value, Finite) and not all(isinstance(item, (tuple, str)) for item in value.values):
        m.unsupported("a reward function that returns a pair for some states only")
    items = known_items(iterable(m, value))
    if items is None:
        m.unsupported("a reward function that returns a collection whose length depends on the state")
    if len(items) != 2:
        m.fail(STATUS_FAILED)
    return list(items)
