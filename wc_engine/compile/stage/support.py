"""What rewritten programs call: names with a leading dot, which no source can have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wc_engine.compile.ir import ZERO, Kind, Op
from wc_engine.compile.rewrites.linear_recursion import SHALLOW
from wc_engine.compile.stage.collections import iterable, new_list
from wc_engine.compile.stage.dicts import new_dict
from wc_engine.compile.stage.heap_objects import DEQUE, DictObject, SeqObject
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.machine import STATUS_OUT_OF_FUEL, STATUS_OUT_OF_RANGE
from wc_engine.compile.stage.operators import arithmetic, as_number, is_text
from wc_engine.compile.stage.ordering import order
from wc_engine.compile.stage.protocols import as_tuple
from wc_engine.compile.stage.queries import items_query, known_items
from wc_engine.compile.stage.sections import with_in_place, without_place
from wc_engine.compile.stage.subscripts import delete_item, get_item
from wc_engine.compile.stage.texts import is_text_object
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    Builtin,
    Const,
    Finite,
    Num,
    QueryValue,
    Ref,
    Row,
    TupleValue,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.queries import Query

__all__ = ["SUPPORT"]


def _is_sequence(m: Machine, value: Value) -> Value:
    """Whether a sequence pattern can match."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _is_sequence(m, option))
    if (
        isinstance(value, TupleValue)
        or as_tuple(m, value) is not None
        or (isinstance(value, QueryValue) and value.kind == "range")
    ):
        return Const(True)
    if isinstance(value, Ref):
        content = m.object(value)
        return Const(isinstance(content, SeqObject) and content.kind in ("list", "tuple", DEQUE))
    lifted = lift(m, lambda item: isinstance(item, tuple), (value,))
    return Const(False) if lifted is None else lifted


def _is_mapping(m: Machine, value: Value) -> Value:
    """Whether a mapping pattern can match."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _is_mapping(m, option))
    return Const(isinstance(value, Ref) and isinstance(m.object(value), DictObject))


def _star(m: Machine, value: Value, before: Value, after: Value) -> Value:
    """What a starred name among patterns gets."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _star(m, option, before, after))
    items = known_items(iterable(m, value))
    if items is None:
        m.unsupported("the rest of a sequence whose length depends on the state")
    assert isinstance(before, Const)
    assert isinstance(after, Const)
    return m.new_object(SeqObject("list", items_query(items[before.value : len(items) - after.value])))


def _rest(m: Machine, value: Value, keys: Value) -> Value:
    """What ``**rest`` of a mapping pattern gets."""
    content = m.object(value) if isinstance(value, Ref) else None
    if not isinstance(content, DictObject):
        m.unsupported("the rest of this mapping")
    copy = new_dict(m, list(content.items))
    for key in m.known_elements(keys):
        delete_item(m, copy, key)
    return copy


def _without(m: Machine, value: Value, place: Value) -> Value:
    """``value[:place] + value[place + 1:]``."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _without(m, option, place))
    from wc_engine.compile.stage.expressions import binary

    content = m.object(value) if isinstance(value, Ref) else None
    number = as_number(m, place)
    if isinstance(content, SeqObject) and content.kind == "list" and number is not None and number.kind is Kind.INT:
        spot = m.temp(number.expr)
        rest = without_place(m, content.content, spot)
        if rest is not None:
            if number.low is None or number.low < 0:
                # Counted from the end, the two parts are others.
                m.assumed = True
                m.guard(boolean(Op("ge", (spot, ZERO), Kind.BOOL)), STATUS_OUT_OF_RANGE)
            return new_list(m, rest, "list", m.node)
    before = get_item(m, value, slice(NONE, place, NONE))
    return binary(m, "add", before, get_item(m, value, slice(arithmetic(m, "add", place, Const(1)), NONE, NONE)))


def _text(m: Machine, value: Value) -> Value:
    """A text that is put behind another one; raises TypeError for what is none."""
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _text(m, option))
    if not is_text(value) and not is_text_object(m, value):
        known = isinstance(value, (Num, TupleValue, Row)) or (isinstance(value, Const) and not is_text(value))
        if not known:
            m.unsupported("this value behind a text")
        m.raise_named("TypeError")
    return value


def _indexed(m: Machine, value: Value) -> Value:
    """``enumerate(value)`` of what has places from 0 on."""
    options = value.options if isinstance(value, Union) else (value,)
    for option in options:
        content = m.object(option) if isinstance(option, Ref) else None
        is_list = isinstance(content, SeqObject) and content.kind in ("list", "tuple", "str")
        values = (option.value,) if isinstance(option, Const) else option.values if isinstance(option, Finite) else ()
        is_constant = bool(values) and all(item is MISSING or isinstance(item, (tuple, str)) for item in values)
        if not is_list and not is_constant and not isinstance(option, TupleValue):
            m.unsupported("a loop over the places of this value")
    return m.call(Builtin("enumerate"), (value,), {})


@dataclass(frozen=True, eq=False, slots=True)
class _PlacesQuery:
    """The elements of a list from a place on, each behind its place."""

    value: Value
    start: Value
    places: Query

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        self.places.iterate(m, lambda place: body(TupleValue((place, get_item(m, self.value, place)))))


def _placed(m: Machine, value: Value, start: Value) -> Value:
    """``((i, value[i]) for i in range(start, len(value)))``."""
    content = m.object(value) if isinstance(value, Ref) else None
    if start == Const(0) and isinstance(content, SeqObject) and content.kind in ("list", "tuple"):
        return m.call(Builtin("enumerate"), (value,), {})
    places = m.call(Builtin("range"), (start, m.call(Builtin("len"), (value,), {})), {})
    return m.iterator(_PlacesQuery(value, start, iterable(m, places)), "generator")


def _spliced(m: Machine, value: Value, place: Value, element: Value, new: Value) -> Value:
    """``value[:place] + new + value[place + 1:]``, where ``element`` stands at the place."""
    from wc_engine.compile.stage.expressions import binary

    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _spliced(m, option, place, element, new))
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, SeqObject) and content.kind == "list":
        rest = with_in_place(m, content.content, element, iterable(m, new))
        if rest is not None:
            return new_list(m, rest, "list", m.node)
    before = get_item(m, value, slice(NONE, place, NONE))
    behind = get_item(m, value, slice(arithmetic(m, "add", place, Const(1)), NONE, NONE))
    return binary(m, "add", binary(m, "add", before, new), behind)


def _shallow(m: Machine, start: Value, stop: Value) -> Value:
    """End the step out of fuel where calls would nest too deeply, or never end."""
    depth = arithmetic(m, "sub", stop, start)
    m.guard(order(m, "ge", depth, Const(0)), STATUS_OUT_OF_FUEL)
    m.guard(order(m, "lt", depth, Const(SHALLOW)), STATUS_OUT_OF_FUEL)
    return NONE


SUPPORT: dict[str, Callable[..., Value] | None] = {
    ".is_sequence": _is_sequence,
    ".is_mapping": _is_mapping,
    ".star": _star,
    ".rest": _rest,
    ".indexed": _indexed,
    ".placed": _placed,
    ".shallow": _shallow,
    ".spliced": _spliced,
    ".text": _text,
    ".without": _without,
    ".absent": None,
    ".missing": None,
}
"""Functions by name; None stands for a name that only means itself."""
