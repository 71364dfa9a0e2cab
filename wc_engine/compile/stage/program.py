"""Staging a whole program: from its text to the IR of ``step``."""

from __future__ import annotations

import ast
import builtins as python_builtins
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from wc_engine.compile.doors import refusal_of
from wc_engine.compile.ir import (
    Stmt,
)
from wc_engine.compile.plan import CompilePlan, FixedNumberNeeded, Restart
from wc_engine.compile.stage import entities
from wc_engine.compile.stage.attributes import get_attribute_of, is_special
from wc_engine.compile.stage.builtins import BUILTINS, NAMES, call_builtin
from wc_engine.compile.stage.collections import iterable
from wc_engine.compile.stage.conditions import condition, truth
from wc_engine.compile.stage.constructors import learn_constructors
from wc_engine.compile.stage.cursors import cursor
from wc_engine.compile.stage.enumerations import look_up
from wc_engine.compile.stage.exceptions import exception_class
from wc_engine.compile.stage.expressions import evaluate
from wc_engine.compile.stage.functions import call_closure, local_names, run_generator
from wc_engine.compile.stage.laziness import elements_one_by_one
from wc_engine.compile.stage.machine import Machine
from wc_engine.compile.stage.methods import call_method
from wc_engine.compile.stage.objects import instantiate, method_of
from wc_engine.compile.stage.paths import Budget, PathEnded
from wc_engine.compile.stage.protocols import is_instance
from wc_engine.compile.stage.queries import known_items
from wc_engine.compile.stage.run import Run
from wc_engine.compile.stage.statements import assign, execute
from wc_engine.compile.stage.support import SUPPORT
from wc_engine.compile.stage.values import (
    UNBOUND,
    Builtin,
    ClassValue,
    Closure,
    Const,
    EnumClass,
    Finite,
    Frame,
    Method,
    Num,
    Partial,
    QueryValue,
    Ref,
    Row,
    TupleValue,
    Union,
    UserClass,
    Value,
)
from wc_engine.compile.stage.verbs import verbs_of
from wc_engine.errors import InternalError, TranslationError
from wc_engine.models.objects import PROGRAM_MODULE

if TYPE_CHECKING:
    from wc_engine.state.schema import Schema

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
        run: Run | None = None
        try:
            try:
                frame = _load_module(m, tree)
            except PathEnded:
                m.unsupported("the top level of the program ends here: it cannot be loaded")
            run = Run(m, frame, actions, mission)
            run.loaded = m.store.copy()
            with suppress(PathEnded):
                run.reward_alone() if reward_only else run.step()
            learned = m.new_plan()
            if learned is None:
                return StagedStep(m.buffer, tuple(m.tables), plan, m.assumed)
        except Restart as restart:
            m.wanted = restart.plan
            learned = restart.plan if restart.afresh else m.new_plan() or restart.plan
        except TranslationError as error:
            # What was followed with too narrow a shape of some list says nothing.
            learned = plan.without_few_rounds() or m.new_plan() or m.simpler_plan() or _by_verb(run, plan, error)
            if learned is None or budget.expressions < 0:
                raise
        except Exception as error:
            learned = m.new_plan()
            if learned is None:
                raise refusal_of(error, m.location()) from error
        plan = learned
    raise InternalError("staging did not settle")


def _by_verb(run: Run | None, plan: CompilePlan, error: TranslationError) -> CompilePlan | None:
    """Return the plan with the function that was refused followed verb by verb, where it was not yet."""
    if run is None or run.following in plan.by_verb or isinstance(error, FixedNumberNeeded):
        return None
    return plan.with_verbs(run.following) if len(verbs_of(run.actions)) > 1 else None


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
    m.get_attribute = partial(get_attribute_of, m)
    m.builtin = partial(_builtin, m)
    m.known_elements = partial(_known_elements, m)
    m.run_generator = partial(run_generator, m)
    return m


def _load_module(m: Machine, tree: ast.Module) -> Frame:
    """Run the module's top level."""
    frame = Frame({name: m.new_cell(UNBOUND) for name in local_names(tree)}, None, "<module>")
    m.module_frame = frame
    m.tables_at_run_time.open_pools()
    m.assigns_globals = any(isinstance(node, ast.Global) for node in ast.walk(tree))
    m.execute(tree.body, frame)
    m.loaded_clock = m.clock
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
    if isinstance(function, EnumClass):
        return look_up(m, function, arguments, keywords)
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
    if isinstance(known, type) and issubclass(known, BaseException):
        return exception_class(m, name)
    if isinstance(known, type):
        return Builtin(name)
    if name == "__name__":
        return Const(PROGRAM_MODULE)
    if known is not None or is_special(name) or name.startswith("."):
        m.unsupported(f"{name.lstrip('.')} is not translated yet")
    m.raise_named("NameError")


def _known_elements(m: Machine, value: Value) -> list[Value]:
    query = iterable(m, value)
    items = known_items(query)
    found = elements_one_by_one(m, query) if items is None and isinstance(value, QueryValue) else None
    if found is not None:
        return found
    if items is None:
        m.unsupported("a collection whose length depends on the state, where its length must be known")
    return list(items)
