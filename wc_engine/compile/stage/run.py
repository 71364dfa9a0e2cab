"""One staging of ``step`` or ``reward``: the state that functions get, and what becomes of their results."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from wc_engine.compile.stage import entities
from wc_engine.compile.stage.collections import iterable, new_list
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.machine import STATUS_FAILED, Machine
from wc_engine.compile.stage.operators import as_float, as_number, by_kind
from wc_engine.compile.stage.packing import pack_result
from wc_engine.compile.stage.queries import RowsQuery, TableQuery, concat, known_items, parts_of
from wc_engine.compile.stage.stale_rows import keep_as_given
from wc_engine.compile.stage.state_objects import state_objects
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.values import NONE, UNBOUND, Conflict, Const, Finite, Frame, Num, Ref, Row, Value
from wc_engine.compile.stage.verbs import for_each_verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from wc_engine.compile.stage.queries import Query
    from wc_engine.state.schema import EntityType

__all__ = ["Run"]


class Run:
    """One staging of ``step`` or ``reward``."""

    def __init__(self, m: Machine, frame: Frame, actions: tuple[str, ...], mission: str | None) -> None:
        self.m = m
        self.frame = frame
        self.mission = mission
        self.packed = False
        self.loaded = m.store
        self.checked: set[tuple[int, str]] = set()
        self.following = "transition"
        self.actions = actions
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
                if entity_type.name in m.plan.hashed_types:
                    keep_as_given(m, world, entity_type)
            if entity_type.name in m.plan.object_types:
                parts += state_objects(m, world, entity_type)
            else:
                parts.append(RowsQuery(world, entity_type.name, hashed=True))
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
        self._follow(lambda action: pack_result(m, m.call(function, (state, action), {})))
        self.packed = True
        self.reward_alone()

    def reward_alone(self) -> None:
        """The reward on the packed state and next state."""
        m = self.m
        self.following = "reward_func"
        # A call of the program finds the module as it was right after loading.
        for object_id, content in self.loaded.heap.items():
            if isinstance(content, SeqObject) and self._is_changed_in_memory(object_id, content):
                m.unsupported("a list of the module that lies in memory is changed")
        m.store.cells.update(self.loaded.cells)
        m.store.heap.update(self.loaded.heap)
        function = self._reward_function()
        if function == UNBOUND:
            m.raise_named("NameError")
        state, next_state = self._state(1, 0), self._state(2, 1)
        self._follow(lambda action: self._set_result(m.call(function, (state, action, next_state), {})))

    def _is_changed_in_memory(self, object_id: int, content: SeqObject) -> bool:
        """Whether a list of the module has other elements in memory than after loading, or lists in it have."""
        m = self.m
        lists = [part.list_id for part in parts_of(content.content) if isinstance(part, (TableQuery, StretchQuery))]
        keys: list[tuple[str, int]] = [("heap", object_id)] if lists else []
        keys += [("table", list_id) for outer in lists for list_id in m.tables_at_run_time.with_pools(outer)]
        return any(m.store.last_write(key) > self.loaded.last_write(key) for key in keys)

    def _follow(self, run: Callable[[Value], None]) -> None:
        """Follow one of the functions with the action, verb by verb where the plan says so."""
        if self.following in self.m.plan.by_verb:
            for_each_verb(self.m, self.actions, run)
        else:
            run(self.action)

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
