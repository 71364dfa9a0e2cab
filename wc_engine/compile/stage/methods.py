"""Methods of lists, sets, dicts, tuples and strings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind, Lit
from wc_engine.compile.stage import arrays, dicts, members, removal, sets
from wc_engine.compile.stage.collections import append, iterable, new_list, unhashed
from wc_engine.compile.stage.deques import DEQUE_METHODS, FROM_LISTS
from wc_engine.compile.stage.dict_methods import DICT_METHODS
from wc_engine.compile.stage.equality import contains, equal, same_element
from wc_engine.compile.stage.heap_objects import DEQUE, AssociationObject, DictObject, SeqObject
from wc_engine.compile.stage.logic import invert
from wc_engine.compile.stage.operators import arithmetic, as_number
from wc_engine.compile.stage.patterns import call_pattern_method, has_pattern_method
from wc_engine.compile.stage.places import count, element_at
from wc_engine.compile.stage.protocols import is_instance
from wc_engine.compile.stage.queries import (
    ItemQuery,
    Query,
    RowsQuery,
    TableQuery,
    concat,
    items_query,
    known_items,
    parts_of,
)
from wc_engine.compile.stage.sections import delete_in_sections
from wc_engine.compile.stage.sorting import sorted_query
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.strings import STRING_METHODS, by_position, call_string_method, format_with_names, join
from wc_engine.compile.stage.texts import TEXT_METHODS, is_text_object
from wc_engine.compile.stage.values import MISSING, NONE, Const, Finite, Num, QueryValue, Ref, TupleValue, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle


__all__ = ["call_method", "has_method"]

Arguments = tuple[Value, ...]


def _is_text(value: Value) -> bool:
    values = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
    live = [item for item in values if item is not MISSING]
    return bool(live) and all(isinstance(item, str) for item in live)


def _table(m: Machine, value: Value) -> Mapping[str, Callable[[Machine, Ref, Arguments], Value]]:
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, (DictObject, AssociationObject)):
        return DICT_METHODS
    if isinstance(content, SeqObject):
        return _BY_KIND.get(content.kind, _SET)
    return {}


def has_method(m: Machine, value: Value, name: str) -> bool:
    """Whether a value has a method of that name."""
    if has_pattern_method(m, value, name):
        return True
    if _is_text(value):
        return name in STRING_METHODS or name == "join"
    if isinstance(value, TupleValue) or (isinstance(value, Const) and isinstance(value.value, tuple)):
        return name in _TUPLE
    if is_text_object(m, value):
        return name in STRING_METHODS or name == "join"
    return name in _table(m, value)


def call_method(m: Machine, receiver: Value, name: str, arguments: Arguments, keywords: dict[str, Value]) -> Value:
    """Call ``receiver.name(*arguments)``."""
    if keywords and name == "update" and isinstance(receiver, Ref) and dicts.is_dict(m, receiver):
        for argument in arguments:
            dicts.update(m, receiver, argument)
        for key, value in keywords.items():
            dicts.put(m, receiver, Const(key), value)
        return NONE
    if name == "sort" and isinstance(receiver, Ref) and has_method(m, receiver, name):
        if not set(keywords) <= _KEYWORDS:
            m.raise_named("TypeError")
        return _sort(m, receiver, arguments, **keywords)
    if keywords and _is_text(receiver) and name == "format":
        return format_with_names(m, receiver, arguments, keywords)
    if keywords and (_is_text(receiver) or is_text_object(m, receiver)):
        arguments, keywords = by_position(m, name, arguments, keywords), {}
    if keywords:
        m.unsupported(f"keyword arguments of {name}")
    if has_pattern_method(m, receiver, name):
        return call_pattern_method(m, receiver, name, arguments)
    if _is_text(receiver):
        if name == "join":
            return join(m, receiver, iterable(m, arguments[0]))
        return call_string_method(m, receiver, name, arguments)
    if isinstance(receiver, (TupleValue, Const)):
        items = receiver.items if isinstance(receiver, TupleValue) else tuple(map(Const, receiver.value))
        receiver = m.new_object(SeqObject("tuple", items_query(items)))
    assert isinstance(receiver, Ref)
    if is_text_object(m, receiver):
        return _call_text_method(m, receiver, name, arguments)
    return _table(m, receiver)[name](m, receiver, arguments)


def _call_text_method(m: Machine, receiver: Ref, name: str, arguments: Arguments) -> Value:
    method = TEXT_METHODS.get(name)
    if method is None or not _takes(method, m, receiver, *arguments):
        m.unsupported(f"str.{name} of a text that is put together at run time")
    return method(m, receiver, *arguments)


def _takes(function: Callable[..., Value], *arguments: object) -> bool:
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    return True


def _content(m: Machine, ref: Ref) -> SeqObject:
    content = m.object(ref)
    assert isinstance(content, SeqObject)
    return content


# ---- lists and tuples --------------------


def _append(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    append(m, ref, arguments[0])
    return NONE


def _extend(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    content = _content(m, ref)
    query = iterable(m, arguments[0])
    here = m.births.get(ref.object_id, ((0, 0), ()))[1] == tuple(m.loops)
    in_memory = any(
        isinstance(part, (TableQuery, StretchQuery)) for part in (*parts_of(content.content), *parts_of(query))
    )
    if here and not in_memory and not isinstance(arguments[0], QueryValue):
        query = unhashed(query)
        m.set_object(ref, replace(content, content=concat(content.content, query)))
        return NONE
    query.iterate(m, lambda element: append(m, ref, element))
    return NONE


def _index(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    content = _content(m, ref).content
    items = known_items(content)
    if items is not None and isinstance(arguments[0], (Const, Finite)) and all(isinstance(i, Const) for i in items):
        from wc_engine.compile.stage.lifting import lift

        constants = tuple(item.value for item in items if isinstance(item, Const))
        found = lift(m, constants.index, (arguments[0],))
        if found is not None:
            return found
    if items is not None:
        told = _index_among(m, items, arguments[0])
        if told is not None:
            return told
    cell = m.new_cell(Const(0))

    def search(handle: BlockHandle) -> Value:
        def visit(element: Value) -> None:
            m.when(same_element(m, element, arguments[0]), lambda: m.leave(handle, m.store.cells[cell]))
            m.store.cells[cell] = arithmetic(m, "add", m.store.cells[cell], Const(1), bounded=True)

        content.iterate(m, visit)
        m.raise_named("ValueError")

    position = as_number(m, m.block("index", search))
    assert position is not None
    return Num(position.expr, 0, 2**31) if position.kind is Kind.INT else position


def _index_among(m: Machine, items: tuple[Value, ...], wanted: Value) -> Const | None:
    """The place of the first item that is equal, where all comparisons are decided now."""
    if is_instance(m, wanted) or any(is_instance(m, item) for item in items):
        return None
    for place, item in enumerate(items):
        same = m.as_condition(same_element(m, item, wanted))
        if not isinstance(same, Const):
            return None
        if same.value:
            return Const(place)
    m.raise_named("ValueError")


def _count(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    cell = m.new_cell(Const(0))

    def visit(element: Value) -> None:
        def hit() -> None:
            m.store.cells[cell] = arithmetic(m, "add", m.store.cells[cell], Const(1), bounded=True)

        m.when(same_element(m, element, arguments[0]), hit)

    _content(m, ref).content.iterate(m, visit)
    return m.store.cells[cell]


def _list_pop(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    content = _content(m, ref)
    items = known_items(content.content)
    place = arguments[0] if arguments else Const(-1)
    if items is None or not isinstance(place, Const):
        return _pop_at(m, ref, content, place)
    if not isinstance(place.value, int):
        m.raise_named("TypeError")
    if not -len(items) <= place.value < len(items):
        m.raise_named("IndexError")
    spot: int = place.value % len(items)
    m.set_object(ref, replace(content, content=items_query(items[:spot] + items[spot + 1 :])))
    return items[spot]


def _pop_at(m: Machine, ref: Ref, content: SeqObject, place: Value) -> Value:
    if isinstance(content.content, TableQuery) or (isinstance(place, Const) and place != Const(0)):
        return arrays.pop(m, ref, place)
    element = element_at(m, content.content, place)
    if not delete_in_sections(m, ref, place):
        arrays.delete_at(m, ref, place)
    return element


def _insert(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    content = _content(m, ref)
    here = m.births.get(ref.object_id, ((0, 0), ()))[1] == tuple(m.loops)
    if arguments[0] == Const(0) and here and not any(isinstance(p, TableQuery) for p in parts_of(content.content)):
        m.set_object(ref, replace(content, content=concat(ItemQuery(arguments[1]), content.content)))
        return NONE
    items = known_items(content.content)
    if items is None or not isinstance(arguments[0], Const):
        arrays.insert_at(m, ref, arguments[0], arguments[1])
        return NONE
    listed = list(items)
    listed.insert(arguments[0].value, arguments[1])
    m.set_object(ref, replace(content, content=items_query(tuple(listed))))
    return NONE


def _reverse(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    content = _content(m, ref)
    items = known_items(content.content)
    if items is None:
        _write_back(m, ref, arrays.ReversedQuery(arrays.memory_of(m, content.content, 3)))
    else:
        m.set_object(ref, replace(content, content=items_query(items[::-1])))
    return NONE


def _write_back(m: Machine, ref: Ref, query: Query) -> None:
    """Give a list other elements, in its own memory where it has some."""
    content = _content(m, ref)
    table = arrays.memory_of(m, query, 4)
    if not isinstance(content.content, TableQuery):
        m.set_object(ref, replace(content, content=table))
        return
    m.set_object(ref, replace(content, content=replace(arrays.table_of(m, ref), count=Lit(0, Kind.INT))))
    m.note_write(("table", content.content.list_id))
    table.iterate(m, lambda element: append(m, ref, element))


def _sort(m: Machine, ref: Ref, arguments: Arguments, key: Value = NONE, reverse: Value = Const(False)) -> Value:  # noqa: B008
    if arguments:
        m.raise_named("TypeError")
    _write_back(m, ref, sorted_query(m, _content(m, ref).content, key, reverse))
    return NONE


def _copy(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    content = _content(m, ref)
    return new_list(m, content.content, content.kind, m.node, distinct=content.distinct)


def _clear(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    m.set_object(ref, replace(_content(m, ref), content=concat(), distinct=True))
    return NONE


# ---- sets --------------------


def _add(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    members.add(m, ref, arguments[0])
    return NONE


def _remove(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    removal.remove(m, ref, arguments[0], missing="KeyError")
    return NONE


def _list_remove(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    """Take the first equal element out of a list."""
    if not all(isinstance(part, (ItemQuery, RowsQuery)) for part in parts_of(_content(m, ref).content)):
        arrays.delete_at(m, ref, _index(m, ref, arguments))
        return NONE

    def use(value: Value) -> Value:
        removal.remove_first(m, ref, value)
        return NONE

    return m.dispatch(arguments[0], use)


def _discard(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    removal.remove(m, ref, arguments[0], missing=None)
    return NONE


def _update(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    for argument in arguments:
        if m.births.get(ref.object_id, ((0, 0), ()))[1] != tuple(m.loops):
            iterable(m, argument).iterate(m, lambda element: members.add(m, ref, element))
            continue
        joined = sets.algebra(m, "or_", ref, _any_set(m, argument))
        assert isinstance(joined, Ref)
        m.set_object(ref, m.object(joined))
    return NONE


def _combine(name: str) -> Callable[[Machine, Ref, Arguments], Value]:
    def call(m: Machine, ref: Ref, arguments: Arguments) -> Value:
        result: Value = ref
        earlier = _content(m, ref).content
        for argument in arguments:
            other, hashed_now = argument, False
            content = m.object(argument) if isinstance(argument, Ref) else None
            if not isinstance(content, SeqObject) or content.kind not in ("set", "frozenset"):
                other, hashed_now = sets.make_set(m, argument), True
            result = sets.algebra(
                m, name, result, other, earlier=earlier if name == "or_" else None, hashed_now=hashed_now
            )
            if isinstance(content, SeqObject) and not hashed_now:
                earlier = concat(earlier, content.content)
        return result

    return call


def _issubset(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return sets.subset(m, _content(m, ref), sets.as_set(m, _any_set(m, arguments[0])))


def _issuperset(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    return sets.subset(m, sets.as_set(m, _any_set(m, arguments[0])), _content(m, ref))


def _isdisjoint(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    from wc_engine.compile.stage.equality import exists

    return invert(m, exists(m, iterable(m, arguments[0]), lambda item: contains(m, ref, item)))


def _any_set(m: Machine, value: Value) -> Value:
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, SeqObject) and content.kind in ("set", "frozenset"):
        return value
    return sets.make_set(m, value)


def _set_pop(m: Machine, ref: Ref, arguments: Arguments) -> Value:
    element = element_at_first(m, ref)
    removal.remove(m, ref, element, missing=None)
    return element


def element_at_first(m: Machine, ref: Ref) -> Value:
    """Return the first element of a set; raises KeyError where it is empty."""
    m.require(invert(m, equal(m, count(m, _content(m, ref).content), Const(0))), "KeyError")
    return element_at(m, _content(m, ref).content, Const(0))


# ---- dicts --------------------


_TUPLE = {"index": _index, "count": _count}
_LIST = _TUPLE | {
    "append": _append,
    "extend": _extend,
    "pop": _list_pop,
    "insert": _insert,
    "remove": _list_remove,
    "reverse": _reverse,
    "sort": _sort,
    "copy": _copy,
    "clear": _clear,
}
_DEQUE = {**DEQUE_METHODS, **{name: _LIST[name] for name in FROM_LISTS}, ".pop": _list_pop}
_KEYWORDS = {"key", "reverse"}
_SET = {
    "add": _add,
    "remove": _remove,
    "discard": _discard,
    "pop": _set_pop,
    "update": _update,
    "copy": _copy,
    "clear": _clear,
    "union": _combine("or_"),
    "intersection": _combine("and_"),
    "difference": _combine("sub"),
    "symmetric_difference": _combine("xor"),
    "issubset": _issubset,
    "issuperset": _issuperset,
    "isdisjoint": _isdisjoint,
}
_BY_KIND: dict[str, Mapping[str, Callable[[Machine, Ref, Arguments], Value]]] = {
    "list": _LIST,
    "tuple": _TUPLE,
    DEQUE: _DEQUE,
}
