"""Built-in functions and those of the standard modules."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind, Op
from wc_engine.compile.stage import entities, sets
from wc_engine.compile.stage.attributes import class_of, get_attribute_of, set_attribute_of
from wc_engine.compile.stage.collections import count, iterable, lazy, new_list, site_of
from wc_engine.compile.stage.equality import exists
from wc_engine.compile.stage.lifting import constant_of, lift
from wc_engine.compile.stage.modules import PURE_MATH
from wc_engine.compile.stage.operators import arithmetic, as_float, as_int, as_number, compare_numbers, invert, order
from wc_engine.compile.stage.queries import (
    EnumerateQuery,
    FilterQuery,
    ItemQuery,
    MapQuery,
    Query,
    RangeQuery,
    RowsQuery,
    concat,
    items_query,
    known_items,
    parts_of,
)
from wc_engine.compile.stage.values import (
    NONE,
    UNBOUND,
    Builtin,
    ClassValue,
    Closure,
    Const,
    DictObject,
    Finite,
    Method,
    Num,
    Partial,
    QueryValue,
    Ref,
    SeqObject,
    TupleValue,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import BlockHandle, Machine

__all__ = ["BUILTINS", "call_builtin", "tuple_of"]

Arguments = tuple[Value, ...]


def tuple_of(m: Machine, query: Query) -> Value:
    """Return a tuple of a query's elements."""
    items = known_items(query)
    if items is None:
        return new_list(m, query, "tuple", m.node)
    return constant_of(m, TupleValue(items)) or TupleValue(items)


def _snapshot(m: Machine, value: Value) -> Query:
    """The elements of an iterable as they are now: an iterator is run, a collection's content is taken."""
    query = iterable(m, value)
    if isinstance(value, QueryValue) and known_items(query) is None:
        return lazy(m, lambda part: part, query, site_of(m.node))[0]
    return query


# ---- sizes, truth, sums ---------------------------------------------------------------------------------------------------


def _len(m: Machine, value: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _len(m, option))
    lifted = lift(m, len, (value,))
    if lifted is not None:
        return lifted
    return count(m, iterable(m, value))


def _any(m: Machine, value: Value) -> Value:
    return exists(m, iterable(m, value), m.truth)


def _all(m: Machine, value: Value) -> Value:
    return invert(m, exists(m, iterable(m, value), lambda item: invert(m, m.truth(item))))


def _sum(m: Machine, value: Value, start: Value = Const(0)) -> Value:  # noqa: B008
    cell = m.new_cell(start)

    def visit(element: Value) -> None:
        # A sum of truth values or small numbers over the rows of a state cannot leave 64 bits.
        number = as_number(m, element)
        small = number is not None and number.low is not None and abs(number.low) < 2**31 and number.high is not None
        m.store.cells[cell] = arithmetic(
            m, "add", m.store.cells[cell], element, bounded=small and abs(number.high) < 2**31
        )  # type: ignore[union-attr,arg-type]

    iterable(m, value).iterate(m, visit)
    return m.store.cells[cell]


def _next(m: Machine, value: Value, default: Value | None = None) -> Value:
    if not isinstance(value, QueryValue):
        m.raise_named("TypeError")

    def search(handle: BlockHandle) -> Value:
        value.query.iterate(m, lambda element: m.leave(handle, element))
        return UNBOUND if default is None else default

    return m.bound(m.block("next", search), "StopIteration")


def _extreme(name: str) -> Callable[..., Value]:
    def call(m: Machine, *arguments: Value, key: Value = NONE, default: Value | None = None) -> Value:
        query = iterable(m, arguments[0]) if len(arguments) == 1 else items_query(arguments)
        best, best_key = m.new_cell(UNBOUND), m.new_cell(UNBOUND)
        items = known_items(query)
        if key == NONE and items is not None and all(as_number(m, item) is not None for item in items) and items:
            return _extreme_number(m, name, items)

        def visit(element: Value) -> None:
            rank = element if key == NONE else m.call(key, (element,), {})

            def take() -> Value:
                m.store.cells[best], m.store.cells[best_key] = element, rank
                return NONE

            def challenge(known: Value) -> Value:
                return m.branch(order(m, name, rank, known), take, lambda: NONE)

            known = m.store.cells[best_key]
            if known == UNBOUND:
                take()
                return
            missing = (
                Finite(known.tag, tuple(o == UNBOUND for o in known.options))
                if isinstance(known, Union)
                else Const(False)
            )
            m.branch(missing, take, lambda: challenge(m.bound(known, "ValueError")))

        query.iterate(m, visit)
        result = m.store.cells[best]
        if default is None:
            return m.bound(result, "ValueError")
        if isinstance(result, Union) and UNBOUND in result.options:
            options = tuple(default if option == UNBOUND else option for option in result.options)
            return Union(result.tag, options)
        return default if result == UNBOUND else result

    return call


def _extreme_number(m: Machine, name: str, items: tuple[Value, ...]) -> Value:
    best = items[0]
    for item in items[1:]:
        a, b = as_number(m, item), as_number(m, best)
        assert a is not None
        assert b is not None
        if a.kind is not b.kind or a.kind is Kind.BOOL:
            m.unsupported("min or max of numbers of different kinds")
        better = m.as_condition(compare_numbers(m, name, a, b))
        if isinstance(better, Const):
            best = item if better.value else best
            continue
        pick = max if name == "gt" else min
        known = None not in (a.low, b.low, a.high, b.high)
        low = pick(a.low, b.low) if known else None  # type: ignore[type-var]
        high = pick(a.high, b.high) if known else None  # type: ignore[type-var]
        best = Num(Op("select", (better.expr, a.expr, b.expr), a.kind), low, high)
    return best


# ---- conversions ----------------------------------------------------------------------------------------------------------


def _int(m: Machine, value: Value = Const(0)) -> Value:  # noqa: B008
    lifted = lift(m, int, (value,))
    if lifted is not None:
        return lifted
    number = as_number(m, value)
    if number is None or number.kind is Kind.FLOAT:
        m.unsupported("int of this value")
    return as_int(number)


def _float(m: Machine, value: Value = Const(0.0)) -> Value:  # noqa: B008
    lifted = lift(m, float, (value,))
    if lifted is not None:
        return lifted
    number = as_number(m, value)
    if number is None:
        m.unsupported("float of this value")
    return as_float(m, number)


def _bool(m: Machine, value: Value = Const(False)) -> Value:  # noqa: B008
    return m.truth(value)


def _str(m: Machine, value: Value = Const("")) -> Value:  # noqa: B008
    return lift(m, str, (value,)) or m.opaque_text(value)


def _abs(m: Machine, value: Value) -> Value:
    lifted = lift(m, abs, (value,))
    if lifted is not None:
        return lifted
    number = as_number(m, value)
    if number is None:
        m.unsupported("abs of this value")
    number = as_int(number)
    if number.kind is Kind.INT and number.low is None:
        m.guard(boolean(Op("gt", (number.expr, m.int_expr(Const(-(2**63)))), Kind.BOOL)), 3)
    top = None if number.low is None or number.high is None else max(abs(number.low), abs(number.high))
    return Num(Op("abs", (number.expr,), number.kind), None if top is None else 0, top)


def _list(m: Machine, value: Value | None = None) -> Value:
    return new_list(m, concat() if value is None else _snapshot(m, value), "list", m.node)


def _tuple(m: Machine, value: Value | None = None) -> Value:
    return Const(()) if value is None else tuple_of(m, _snapshot(m, value))


def _set(m: Machine, value: Value | None = None) -> Value:
    return new_list(m, concat(), "set", m.node) if value is None else sets.make_set(m, value)


def _frozenset(m: Machine, value: Value | None = None) -> Value:
    return sets.make_set(m, Const(()) if value is None else value, "frozenset")


def _dict(m: Machine, value: Value | None = None, **keywords: Value) -> Value:
    from wc_engine.compile.stage.dicts import new_dict

    pairs: list[tuple[Value, Value]] = []
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, DictObject):
        pairs += list(content.items)
    elif value is not None:
        for item in m.known_elements(value):
            first, second = m.known_elements(item)
            pairs.append((first, second))
    return new_dict(m, pairs + [(Const(name), item) for name, item in keywords.items()])


# ---- iterators ------------------------------------------------------------------------------------------------------------


def _iter(m: Machine, value: Value) -> Value:
    return QueryValue(iterable(m, value), "iterator")


def _range(m: Machine, *arguments: Value) -> Value:
    bounds = [as_number(m, argument) for argument in arguments]
    if any(bound is None or bound.kind is not Kind.INT for bound in bounds):
        m.raise_named("TypeError")
    low, high = (Const(0), arguments[0]) if len(arguments) == 1 else arguments[:2]
    step = arguments[2] if len(arguments) > 2 else Const(1)
    constant = constant_of(m, step)
    if constant is None or constant.value == 0:
        m.unsupported("a range whose step depends on the state, or is 0")
    ends = [end if isinstance(end, Const) else as_number(m, end) for end in (low, high)]
    return QueryValue(RangeQuery(ends[0], ends[1], constant.value), "range")  # type: ignore[arg-type]


def _enumerate(m: Machine, value: Value, start: Value = Const(0)) -> Value:  # noqa: B008
    items = known_items(iterable(m, value))
    if items is not None and isinstance(start, Const):
        pairs = tuple(TupleValue((Const(start.value + place), item)) for place, item in enumerate(items))
        return QueryValue(items_query(pairs), "enumerate")
    return QueryValue(EnumerateQuery(iterable(m, value), start), "enumerate")


def _zip(m: Machine, *arguments: Value) -> Value:
    columns = [known_items(iterable(m, argument)) for argument in arguments]
    if any(column is None for column in columns):
        m.unsupported("zip of collections whose length depends on the state")
    rows = zip(*(column for column in columns if column is not None), strict=False)
    return QueryValue(items_query(tuple(TupleValue(tuple(row)) for row in rows)), "zip")


def _map(m: Machine, function: Value, *sources: Value) -> Value:
    if len(sources) == 1:
        return QueryValue(MapQuery(function, iterable(m, sources[0])), "map")
    columns = [m.known_elements(source) for source in sources]
    results = tuple(m.call(function, tuple(row), {}) for row in zip(*columns, strict=False))
    return QueryValue(items_query(results), "map")


def _filter(m: Machine, function: Value, source: Value) -> Value:
    return QueryValue(FilterQuery(function, iterable(m, source)), "filter")


def _reversed(m: Machine, value: Value) -> Value:
    return QueryValue(items_query(tuple(reversed(m.known_elements(value)))), "iterator")


def _reduce(m: Machine, function: Value, source: Value, initial: Value | None = None) -> Value:
    cell = m.new_cell(UNBOUND if initial is None else initial)
    items = m.known_elements(source)
    for item in items:
        known = m.store.cells[cell]
        m.store.cells[cell] = item if known == UNBOUND else m.call(function, (known, item), {})
    return m.bound(m.store.cells[cell], "TypeError")


# ---- objects --------------------------------------------------------------------------------------------------------------


def _isinstance(m: Machine, value: Value, classes: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _isinstance(m, option, classes))
    wanted = m.known_elements(classes) if not isinstance(classes, (ClassValue, Builtin)) else [classes]
    names = [item.name if isinstance(item, (ClassValue, Builtin)) else "" for item in wanted]
    if entities.is_entity(m, value):
        kind = m.class_named(entities.type_of(m, value))
        return Const(any(name in kind.ancestors or name == "object" for name in names))
    if isinstance(value, (Const, Finite)):
        types = {"int": int, "bool": bool, "float": float, "str": str, "tuple": tuple, "object": object}
        known = tuple(types[name] for name in names if name in types)
        from wc_engine.state.entities import Entity

        ancestors = {name for name in names}
        return lift(
            m,
            lambda item: (
                bool(ancestors & set(m.class_named(item.type).ancestors))
                if isinstance(item, Entity)
                else isinstance(item, known)
            ),
            (value,),
        ) or m.unsupported("isinstance of this value")
    actual = _kind_of(m, value)
    return Const("object" in names or actual in names or (actual == "bool" and "int" in names))


def _kind_of(m: Machine, value: Value) -> str:
    if isinstance(value, Num):
        return {Kind.INT: "int", Kind.FLOAT: "float", Kind.BOOL: "bool"}[value.kind]
    if isinstance(value, TupleValue):
        return "tuple"
    if isinstance(value, Ref):
        content = m.object(value)
        return content.kind if isinstance(content, SeqObject) else "dict"
    return "object"


def _type(m: Machine, value: Value) -> Value:
    if isinstance(value, Num) or (isinstance(value, Ref) and not entities.is_entity(m, value)):
        return Builtin(_kind_of(m, value))
    return class_of(m, value)


def _name_of(m: Machine, name: Value, then: Callable[[str], Value]) -> Value:
    """Apply ``then`` to an attribute name that may be chosen at run time."""
    constant = constant_of(m, name)
    if constant is not None:
        return then(str(constant.value))
    if not isinstance(name, Finite):
        m.unsupported("an attribute name that is computed")
    first = name.values[min(m.allowed(name.index, len(name.values)))]
    is_first = Finite(name.index, tuple(item == first for item in name.values))
    return m.branch(is_first, lambda: then(str(first)), lambda: _name_of(m, name, then))


def _getattr(m: Machine, value: Value, name: Value, default: Value | None = None) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _getattr(m, option, name, default))

    def read(attribute: str) -> Value:
        if default is None:
            return get_attribute_of(m, value, attribute)
        return m.branch(
            m.truth(_has(m, value, attribute)), lambda: get_attribute_of(m, value, attribute), lambda: default
        )

    return _name_of(m, name, read)


def _has(m: Machine, value: Value, attribute: str) -> Value:
    from wc_engine.state.entities import Entity

    if entities.is_entity(m, value):
        return Const(attribute == "name" or attribute in entities.attribute_names(m, value))
    lifted = lift(
        m,
        lambda item: attribute in item or attribute == "name" if isinstance(item, Entity) else hasattr(item, attribute),
        (value,),
    )
    return lifted if lifted is not None else Const(False)


def _hasattr(m: Machine, value: Value, name: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _hasattr(m, option, name))
    return _name_of(m, name, lambda attribute: _has(m, value, attribute))


def _setattr(m: Machine, value: Value, name: Value, new: Value) -> Value:
    def write(attribute: str) -> Value:
        set_attribute_of(m, value, attribute, new)
        return NONE

    return _name_of(m, name, write)


def _print(m: Machine, *arguments: Value, **keywords: Value) -> Value:
    return NONE


def _callable(m: Machine, value: Value) -> Value:
    return Const(isinstance(value, (Closure, Builtin, ClassValue, Method)))


# ---- copies ---------------------------------------------------------------------------------------------------------------


def _copy(m: Machine, value: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _copy(m, option))
    if entities.is_entity(m, value):
        return entities.copy_entity(m, value)
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, SeqObject):
        return new_list(m, content.content, content.kind, m.node, distinct=content.distinct)
    return m.new_object(content) if isinstance(content, DictObject) else value


def _deepcopy(m: Machine, value: Value) -> Value:
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _deepcopy(m, option))
    if entities.is_entity(m, value):
        return entities.copy_entity(m, value)
    if isinstance(value, TupleValue):
        return TupleValue(tuple(_deepcopy(m, item) for item in value.items))
    content = m.object(value) if isinstance(value, Ref) else None
    if isinstance(content, DictObject):
        return m.new_object(DictObject(tuple((key, _deepcopy(m, item)) for key, item in content.items)))
    if not isinstance(content, SeqObject):
        return value
    parts: list[Query] = []
    for part in parts_of(content.content):
        if isinstance(part, RowsQuery):
            parts.append(part if m.is_static(part.type_name) else m.copy_rows(part))
        elif isinstance(part, ItemQuery):
            parts.append(replace(part, value=_deepcopy(m, part.value)))
        else:
            m.unsupported("a deep copy of this collection")
    return new_list(m, concat(*parts), content.kind, m.node, distinct=content.distinct)


def _pure(function: Callable[..., object]) -> Callable[..., Value]:
    def call(m: Machine, *arguments: Value) -> Value:
        result = lift(m, function, arguments)
        if result is None:
            m.unsupported(f"{function.__name__} of numbers that depend on the state")
        return result

    return call


def _operator(name: str) -> Callable[..., Value]:
    def call(m: Machine, left: Value, right: Value) -> Value:
        from wc_engine.compile.stage.expressions import binary

        return binary(m, name, left, right)

    return call


def _partial(m: Machine, function: Value, *arguments: Value, **keywords: Value) -> Value:
    return Partial(function, arguments, tuple(keywords.items()))


def _hypot(m: Machine, *arguments: Value) -> Value:
    lifted = lift(m, math.hypot, arguments)
    if lifted is not None:
        return lifted
    numbers = [as_number(m, argument) for argument in arguments]
    if len(numbers) != 2 or any(n is None or n.low is None or n.high is None for n in numbers):
        m.unsupported("math.hypot of numbers that depend on the state")
    return _hypot_of_small_ints(m, [n for n in numbers if n is not None])


def _hypot_of_small_ints(m: Machine, numbers: list[Num]) -> Value:
    """A table over the absolute values: libraries differ in the last bit of hypot, this is CPython's."""
    tops = [max(abs(number.low or 0), abs(number.high or 0)) for number in numbers]
    if (tops[0] + 1) * (tops[1] + 1) > _MAX_HYPOT_TABLE or any(number.kind is Kind.FLOAT for number in numbers):
        m.unsupported("math.hypot of numbers that depend on the state")
    distances = [Num(Op("abs", (as_int(number).expr,), Kind.INT), 0, top) for number, top in zip(numbers, tops, strict=True)]
    index = arithmetic(m, "add", arithmetic(m, "mul", distances[0], Const(tops[1] + 1)), distances[1])
    values = tuple(math.hypot(a, b) for a in range(tops[0] + 1) for b in range(tops[1] + 1))
    return Finite(m.temp(m.int_expr(index)), values)


_MAX_HYPOT_TABLE = 2048
_ONE_BY_ONE = frozenset({"functools.reduce", "zip", "reversed", "map", "tuple", "enumerate"})
"""Functions that want to know the elements: an argument that is one of several collections is taken case by case."""

BUILTINS: dict[str, Callable[..., Value]] = {
    "len": _len,
    "any": _any,
    "all": _all,
    "sum": _sum,
    "next": _next,
    "min": _extreme("lt"),
    "max": _extreme("gt"),
    "int": _int,
    "float": _float,
    "bool": _bool,
    "str": _str,
    "abs": _abs,
    "list": _list,
    "tuple": _tuple,
    "set": _set,
    "frozenset": _frozenset,
    "dict": _dict,
    "iter": _iter,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "map": _map,
    "filter": _filter,
    "reversed": _reversed,
    "isinstance": _isinstance,
    "type": _type,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "print": _print,
    "callable": _callable,
    "round": _pure(round),
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
    "functools.reduce": _reduce,
    "functools.partial": _partial,
    "math.hypot": _hypot,
    **{f"math.{name}": _pure(getattr(math, name)) for name in PURE_MATH},
    "operator.add": _operator("add"),
    "operator.sub": _operator("sub"),
    "operator.mul": _operator("mul"),
    "operator.neg": _pure(operator.neg),
}


def call_builtin(m: Machine, name: str, arguments: Arguments, keywords: dict[str, Value]) -> Value:
    """Call a built-in function by name."""
    function = BUILTINS.get(name)
    if function is None:
        m.unsupported(f"{name} is not translated yet")
    if name in _ONE_BY_ONE:
        for place, argument in enumerate(arguments):
            if isinstance(argument, Union):
                before, after = arguments[:place], arguments[place + 1 :]
                return m.dispatch(argument, lambda o: call_builtin(m, name, (*before, o, *after), keywords))  # noqa: B023
    try:
        return function(m, *arguments, **keywords)
    except TypeError as error:
        if error.__traceback__ is not None and error.__traceback__.tb_next is None:
            m.raise_named("TypeError")  # wrong number of arguments
        raise
