"""Equality, identity and membership of abstract values."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind, Load, Op
from wc_engine.compile.stage.entities import attribute_set, get_attribute, is_entity, type_of
from wc_engine.compile.stage.enumerations import members_in
from wc_engine.compile.stage.hashes import check_hash
from wc_engine.compile.stage.heap_objects import AssociationObject, DictObject, EntityObject, SeqObject
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.logic import both, either, invert
from wc_engine.compile.stage.objects import class_of_instance
from wc_engine.compile.stage.operators import as_number
from wc_engine.compile.stage.ordering import compare_numbers, compare_whole
from wc_engine.compile.stage.protocols import contains_in_instance, equal_instances, is_instance
from wc_engine.compile.stage.queries import items_query, known_items, parts_of
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    Builtin,
    ClassValue,
    Closure,
    Conflict,
    Const,
    DictView,
    EnumClass,
    Finite,
    Method,
    Num,
    Partial,
    QueryValue,
    Record,
    Ref,
    Row,
    TupleValue,
    Union,
    UserClass,
    Value,
    boolean,
)
from wc_engine.state.entities import Entity

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.queries import Query

__all__ = ["Condition", "contains", "equal", "exists", "identical", "same_element"]

Condition = Num | Const | Finite
CLASSES = (ClassValue, UserClass, EnumClass, Builtin)
_TRUE, _FALSE = Const(True), Const(False)


def _condition(m: Machine, value: Value) -> Condition:
    if not isinstance(value, (Num, Const, Finite)):
        m.unsupported("a comparison whose result cannot be followed")
    return value


def _items(value: Value) -> tuple[Value, ...] | None:
    if isinstance(value, TupleValue):
        return value.items
    if isinstance(value, Const) and isinstance(value.value, tuple):
        return tuple(Const(item) for item in value.value)
    return None


def _all_equal(m: Machine, left: tuple[Value, ...], right: tuple[Value, ...]) -> Condition:
    if len(left) != len(right):
        return _FALSE
    result: Condition = _TRUE
    for first, second in zip(left, right, strict=True):
        result = both(m, result, equal(m, first, second))
        if result == _FALSE:
            return _FALSE
    return result


def equal(m: Machine, left: Value, right: Value) -> Condition:
    """Return ``left == right``."""
    if isinstance(left, Union):
        return m.test_options(left, lambda option: equal(m, option, right))
    if isinstance(right, Union):
        return m.test_options(right, lambda option: equal(m, left, option))
    if is_instance(m, left) or is_instance(m, right):
        return equal_instances(m, left, right)
    lifted = lift(m, operator.eq, (left, right))
    if lifted is not None:
        return _condition(m, lifted)
    if isinstance(left, Finite) and isinstance(right, Finite):
        return _equal_choices(m, left, right)
    first, second = _items(left), _items(right)
    if first is not None and second is not None:
        return _all_equal(m, first, second)
    for one, other in ((left, right), (right, left)):
        items = _items(one)
        if items is not None and isinstance(other, Finite):
            return _equal_tuple_choice(m, items, other)
    whole = compare_whole(m, "eq", left, right)
    if whole is not None:
        return whole
    a, b = as_number(m, left), as_number(m, right)
    if a is not None and b is not None:
        return compare_numbers(m, "eq", a, b)
    if is_entity(m, left):
        return _equal_carried(m, right, left, first=False) or _equal_entities(m, left, right)
    if is_entity(m, right):
        return _equal_carried(m, left, right, first=True) or _equal_entities(m, right, left)
    if isinstance(left, Ref) and isinstance(right, Ref):
        if left != right and {left.object_id, right.object_id} <= m.ordered_dicts:
            m.unsupported("a comparison of OrderedDicts")
        return _equal_objects(m, left, right)
    if isinstance(left, CLASSES) or isinstance(right, CLASSES):
        return Const(left == right)
    if any(isinstance(value, (Conflict, DictView, QueryValue)) for value in (left, right)):
        m.unsupported("a comparison of these values")
    if _is_text(m, left) or _is_text(m, right):
        return _equal_texts(m, left, right)
    for items, other in ((first, right), (second, left)):
        content = m.object(other) if isinstance(other, Ref) else None
        if items is not None and isinstance(content, SeqObject) and content.kind == "tuple":
            return _equal_sequences(m, items_query(items), content.content)
    if (a is None) != (b is None) or NONE in (left, right) or (first is None) != (second is None):
        return _FALSE
    m.unsupported("a comparison of these values")


def _equal_choices(m: Machine, left: Finite, right: Finite) -> Condition:
    """Two choices by different indices: number the constants, equal ones alike, and compare the numbers."""
    numbers: dict[object, int] = {}

    def number(value: object) -> int:
        return -1 if value is MISSING else numbers.setdefault(value, len(numbers))

    tables = [m.new_table(tuple(number(value) for value in side.values)) for side in (left, right)]
    loads = [Load(table, side.index, Kind.INT) for table, side in zip(tables, (left, right), strict=True)]
    return boolean(Op("eq", tuple(loads), Kind.BOOL))


def _equal_tuple_choice(m: Machine, items: tuple[Value, ...], choice: Finite) -> Condition:
    result: Condition = _FALSE
    allowed = m.allowed(choice.index, len(choice.values))
    for place in sorted(allowed):
        value = choice.values[place]
        if isinstance(value, tuple) and len(value) == len(items):
            is_place = Finite(choice.index, tuple(index == place for index in range(len(choice.values))))
            same = _all_equal(m, items, tuple(Const(item) for item in value))
            result = either(m, result, both(m, is_place, same))
    return result


def _equal_entities(m: Machine, entity: Value, other: Value) -> Condition:
    """``Entity.__eq__``: every attribute of the left operand, against None where the right one lacks it."""
    if not is_entity(m, other) or type_of(m, entity) != type_of(m, other):
        return _FALSE
    if _identical_entities(m, entity, other) == _TRUE:
        return _TRUE
    names = attribute_set(m, other)
    if any(name not in names for name, _ in m.class_named(type_of(m, other)).members) and any(
        name not in names for name in attribute_set(m, entity)
    ):
        m.unsupported("a comparison of entities with different attributes, whose class has some of its own")
    result: Condition
    result = _TRUE
    for name in attribute_set(m, entity):
        right = get_attribute(m, other, name) if name in names else NONE
        result = both(m, result, equal(m, get_attribute(m, entity, name), right))
        if result == _FALSE:
            return _FALSE
    return result


def _equal_carried(m: Machine, carried: Value, entity: Value, *, first: bool) -> Condition | None:
    """Compare what an entity of the state carries, one of several constants, with another entity; None for others.

    Args:
        first: what is carried is the left operand, whose attributes decide.
    """
    if not isinstance(carried, Finite) or not any(isinstance(item, Entity) for item in carried.values):
        return None
    own = attribute_set(m, entity)
    result: Condition = _FALSE
    for place in sorted(m.allowed(carried.index, len(carried.values))):
        item = carried.values[place]
        if not isinstance(item, Entity) or item.type != type_of(m, entity):
            continue
        # What is carried has no position; the name of its class is an attribute of every entity in a grid.
        given = {name: Const(value) for name, value in item.attributes.items()}
        given |= {name: NONE for name in ("x", "y") if name in own and name not in given}
        same: Condition = _TRUE
        for name in given if first else own:
            if name == "name" and name not in given:
                continue
            here = get_attribute(m, entity, name) if name in own else NONE
            same = both(m, same, equal(m, given.get(name, NONE), here))
        is_it = Finite(carried.index, tuple(spot == place for spot in range(len(carried.values))))
        result = either(m, result, both(m, is_it, same))
    return result


def _equal_objects(m: Machine, left: Ref, right: Ref) -> Condition:
    if left == right:
        return _TRUE
    first, second = m.object(left), m.object(right)
    if isinstance(first, AssociationObject) or isinstance(second, AssociationObject):
        m.unsupported("a comparison of these objects")
    if not isinstance(first, SeqObject) or not isinstance(second, SeqObject):
        return _FALSE if type(first) is not type(second) else m.unsupported("a comparison of these objects")
    sets = ("set", "frozenset")
    if first.kind in sets and second.kind in sets:
        from wc_engine.compile.stage.sets import subset

        return both(m, subset(m, first, second), subset(m, second, first))
    if first.kind != second.kind:
        return _FALSE
    return _equal_sequences(m, first.content, second.content)


def _equal_sequences(m: Machine, first: Query, second: Query) -> Condition:
    a, b = known_items(first), known_items(second)
    if a is None or b is None:
        from wc_engine.compile.stage.places import is_empty

        if a == () or b == ():
            return is_empty(m, second if a == () else first)
        return _equal_in_memory(m, first, second)
    return _all_equal(m, a, b)


def _is_text(m: Machine, value: Value) -> bool:
    content = m.store.heap.get(value.object_id) if isinstance(value, Ref) else None
    return isinstance(content, SeqObject) and content.kind == "str"


def _equal_texts(m: Machine, left: Value, right: Value) -> Condition:
    """Compare texts of which at least one was put together at run time; what is no text differs."""
    from wc_engine.compile.stage.texts import chars_of

    first, second = chars_of(m, left), chars_of(m, right)
    return _FALSE if first is None or second is None else _equal_sequences(m, first, second)


def _equal_in_memory(m: Machine, first: Query, second: Query) -> Condition:
    from wc_engine.compile.stage.arrays import memory_of, zipped
    from wc_engine.compile.stage.places import count

    sides: list[Query] = [memory_of(m, side, 6 + place) for place, side in enumerate((first, second))]

    def differ(pair: Value) -> Condition:
        assert isinstance(pair, TupleValue)
        return invert(m, same_element(m, pair.items[0], pair.items[1]))

    def compare() -> Value:
        return m.as_condition(invert(m, exists(m, zipped(m, sides), differ)))

    same_length = equal(m, count(m, sides[0]), count(m, sides[1]))
    return _condition(m, m.branch(same_length, compare, lambda: _FALSE))


def identical(m: Machine, left: Value, right: Value) -> Condition:
    """Return ``left is right``."""
    if isinstance(left, Union):
        return m.test_options(left, lambda option: identical(m, option, right))
    if isinstance(right, Union):
        return m.test_options(right, lambda option: identical(m, left, option))
    if isinstance(left, Row) and isinstance(right, Row):
        if (left.world, left.type_name, left.generation) != (right.world, right.type_name, right.generation):
            return _FALSE
        if left.index == right.index:
            return _TRUE
        return boolean(Op("eq", (left.index, right.index), Kind.BOOL))
    if isinstance(left, Ref) and isinstance(right, Ref):
        if left.object_id in m.borrowed and right.object_id in m.borrowed:
            m.unsupported("`is` between parts of dicts or entities")
        if left != right and _in_memory(m, left) and _in_memory(m, right) and type_of(m, left) == type_of(m, right):
            m.unsupported("`is` between entities that were put in a list in memory")
        if left != right and _in_pool(m, left) and _in_pool(m, right):
            m.unsupported("`is` between lists inside another list")
        if _is_text(m, left) and _is_text(m, right):
            m.unsupported("`is` between texts")
        return Const(left == right)
    if any(map(members_in, (left, right))):
        lifted = lift(m, operator.is_, (left, right))
        return _FALSE if lifted is None else _condition(m, lifted)
    singletons = [isinstance(v, Const) and (v.value is None or isinstance(v.value, bool)) for v in (left, right)]
    if any(singletons):
        lifted = lift(m, operator.is_, (left, right))
        if lifted is not None:
            return _condition(m, lifted)
        number = as_number(m, right if singletons[0] else left)
        constant = left if singletons[0] else right
        if number is not None and number.kind is Kind.BOOL and constant != NONE:
            assert isinstance(constant, Const)
            return boolean(number.expr if constant.value else Op("not", (number.expr,), Kind.BOOL))
        return _FALSE
    if isinstance(left, CLASSES) or isinstance(right, CLASSES):
        return Const(left == right)
    if left is right and isinstance(left, (Closure, Partial)):
        return _TRUE
    if any(isinstance(value, (Closure, Partial, Method, QueryValue, DictView, Conflict)) for value in (left, right)):
        m.unsupported("`is` between these values")
    if isinstance(left, Record) or isinstance(right, Record):
        first, second = class_of_instance(m, left), class_of_instance(m, right)
        return m.unsupported("`is` between instances that do not change") if first is second else _FALSE
    plain = (Const, Num, Finite, TupleValue)
    if isinstance(left, plain) and isinstance(right, plain):
        m.unsupported("`is` between values that are not None, True, False or entities")
    return _FALSE


def _in_pool(m: Machine, value: Ref) -> bool:
    content = m.store.heap.get(value.object_id)
    return isinstance(content, SeqObject) and isinstance(content.content, StretchQuery)


# ---- membership --------------------


def exists(m: Machine, query: Query, holds: object) -> Condition:
    """Return whether ``holds(element)`` is true of some element, visiting no more than needed."""
    assert callable(holds)

    def run(handle: object) -> Value:
        query.iterate(m, lambda element: m.when(holds(element), lambda: m.leave(handle, _TRUE)))  # type: ignore[arg-type]
        return _FALSE

    return _condition(m, m.block("found", run))


def contains(m: Machine, container: Value, element: Value) -> Condition:
    """Return ``element in container``."""
    if isinstance(container, Union):
        return m.test_options(container, lambda option: contains(m, option, element))
    if isinstance(element, Union):
        return m.test_options(element, lambda option: contains(m, container, option))
    if is_instance(m, container):
        return contains_in_instance(m, container, element)
    items = _items(container)
    if items is None and not is_instance(m, element):
        lifted = lift(m, operator.contains, (container, element))
        if lifted is not None:
            return _condition(m, lifted)
    content: Query | None = None
    if isinstance(container, Ref):
        target = m.object(container)
        if isinstance(target, AssociationObject):
            from wc_engine.compile.stage.associations import has_key

            return has_key(m, container, element)
        if isinstance(target, DictObject):
            items = tuple(key for key, _ in target.items)
        elif isinstance(target, SeqObject):
            if target.kind == "str":
                from wc_engine.compile.stage.texts import holds_part

                return holds_part(m, container, element)
            content = target.content
            if target.kind in ("set", "frozenset"):
                check_hash(m, element)
            items = known_items(content)
            if target.kind in ("set", "frozenset") and is_entity(m, element):
                from wc_engine.compile.stage.members import holds as holds_element

                return holds_element(m, content, element)
    elif isinstance(container, QueryValue):
        content = m.take(container)
    elif isinstance(container, DictView):
        from wc_engine.compile.stage.collections import iterable

        if container.part == "keys":
            return contains(m, container.owner, element)
        content = iterable(m, container)
        items = known_items(content)
    if items is not None:
        result: Condition = _FALSE
        for item in items:
            same = same_element(m, item, element) if is_instance(m, item) else equal(m, element, item)
            if same == _TRUE:
                return _TRUE
            result = either(m, result, same)
        return result
    if content is None:
        m.unsupported("`in` on this kind of value")
    from wc_engine.compile.stage.key_indices import in_indexed

    found, rest = in_indexed(m, content, element)
    if not parts_of(rest):
        return found
    return either(m, found, exists(m, rest, lambda item: same_element(m, item, element)))


def same_element(m: Machine, item: Value, element: Value) -> Condition:
    """Return whether an element of a collection is what is looked for: identical or equal."""
    return either(m, _identical_entities(m, item, element), equal(m, item, element))


def _identical_entities(m: Machine, left: Value, right: Value) -> Condition:
    """Return ``left is right`` for two entities, which membership tries before equality; else False.

    New entities that are the same one but are not known to be are equal anyway.
    """
    if isinstance(left, Ref) and isinstance(right, Ref):
        return Const(left == right)
    if is_entity(m, left) and is_entity(m, right):
        if isinstance(left, Ref) and isinstance(right, Ref):
            return Const(left == right)  # a copy of what lay in memory is equal to it
        return identical(m, left, right)
    return _FALSE


def _in_memory(m: Machine, entity: Ref) -> bool:
    """Whether a new entity was put in a list in memory, or came out of one: then it may have several numbers."""
    content = m.store.heap.get(entity.object_id)
    return isinstance(content, EntityObject) and content.frozen
