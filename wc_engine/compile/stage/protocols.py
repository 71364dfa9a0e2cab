"""What Python's operators do with instances of the program's own classes: the special methods that they call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.stage.objects import class_of_instance, method_of
from wc_engine.compile.stage.values import (
    NONE,
    Builtin,
    Const,
    Finite,
    Num,
    Record,
    TupleValue,
    Union,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.queries import Query

__all__ = [
    "NOT_IMPLEMENTED",
    "as_tuple",
    "binary_of_instances",
    "call_special",
    "contains_in_instance",
    "elements_of_instance",
    "equal_instances",
    "in_place",
    "is_instance",
    "order_of_instances",
    "truth_of_instance",
]

NOT_IMPLEMENTED = Builtin("NotImplemented")
_REFLECTED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq"}
_SYMBOLS = {"and_": "and", "or_": "or"}


def is_instance(m: Machine, value: Value) -> bool:
    """Whether a value is an instance of a class of the program that is no entity."""
    return class_of_instance(m, value) is not None


def as_tuple(m: Machine, value: Value) -> TupleValue | None:
    """Return an instance that is a tuple as a plain one."""
    return TupleValue(value.items) if isinstance(value, Record) and value.cls.is_tuple else None


def call_special(m: Machine, value: Value, name: str, *arguments: Value) -> Value | None:
    """Call a special method of an instance; None where its class has none."""
    method = method_of(m, value, name)
    if method is None:
        return None
    if method == NONE:
        m.raise_named("TypeError")
    return m.call(method, arguments, {})


# ---- operators --------------------


def _attempt(m: Machine, value: Value, name: str, other: Value, otherwise: object) -> Value:
    """Call an operator's method; where there is none, or it gives NotImplemented, go on with ``otherwise``."""
    assert callable(otherwise)
    result = call_special(m, value, name, other) if is_instance(m, value) else None
    if result is None:
        return otherwise()  # type: ignore[no-any-return]
    if isinstance(result, Union) and NOT_IMPLEMENTED in result.options:
        return m.dispatch(result, lambda option: otherwise() if option == NOT_IMPLEMENTED else option)
    return otherwise() if result == NOT_IMPLEMENTED else result


def _check_priority(m: Machine, left: Value, right: Value, name: str) -> None:
    """Give up where Python asks the right operand first: its class derives from the left one's and has the method."""
    first, second = class_of_instance(m, left), class_of_instance(m, right)
    if second is None or first is second:
        return
    derives = first in second.lineage if first is not None else second.is_tuple and as_tuple(m, right) is not None
    if derives and second.lookup(name) is not None and (first is None or second.lookup(name) != first.lookup(name)):
        m.unsupported("an operator between instances of a class and of one derived from it")


def binary_of_instances(m: Machine, name: str, left: Value, right: Value) -> Value:
    """Return ``left name right`` where at least one operand is an instance."""
    from wc_engine.compile.stage.expressions import binary

    symbol = _SYMBOLS.get(name, name)
    _check_priority(m, left, right, f"__r{symbol}__")

    def reflected() -> Value:
        if class_of_instance(m, left) is not None and class_of_instance(m, left) is class_of_instance(m, right):
            return plain()
        return _attempt(m, right, f"__r{symbol}__", left, plain)

    def plain() -> Value:
        pair = [as_tuple(m, value) or value for value in (left, right)]
        if any(is_instance(m, value) for value in pair):
            m.raise_named("TypeError")
        return binary(m, name, pair[0], pair[1])

    return _attempt(m, left, f"__{symbol}__", right, reflected)


def in_place(m: Machine, name: str, left: Value, right: Value) -> Value:
    """Return what ``left name= right`` makes of ``left``, where that is no list and no set."""
    from wc_engine.compile.stage.expressions import binary

    if isinstance(left, Union) and any(is_instance(m, option) for option in left.options):
        return m.dispatch(left, lambda option: in_place(m, name, option, right))
    special = f"__i{_SYMBOLS.get(name, name)}__"
    return _attempt(m, left, special, right, lambda: binary(m, name, left, right))


def _condition(m: Machine, value: Value) -> Num | Const | Finite:
    constants = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
    plain = bool(constants) and all(isinstance(item, bool) for item in constants if item is not None)
    if (isinstance(value, Num) and value.kind.value == "bool") or plain:
        assert isinstance(value, (Num, Const, Finite))
        return m.as_condition(value)
    if isinstance(value, Union):
        return _condition(m, m.dispatch(value, lambda option: _condition(m, option)))
    m.unsupported("a comparison method that gives something else than True and False")


def equal_instances(m: Machine, left: Value, right: Value) -> Num | Const | Finite:
    """Return ``left == right`` where at least one operand is an instance."""
    from wc_engine.compile.stage.equality import equal, identical

    _check_priority(m, left, right, "__eq__")

    def plain() -> Value:
        pair = [as_tuple(m, value) or value for value in (left, right)]
        if any(is_instance(m, value) for value in pair):
            return identical(m, left, right)
        return equal(m, pair[0], pair[1])

    return _condition(m, _attempt(m, left, "__eq__", right, lambda: _attempt(m, right, "__eq__", left, plain)))


def order_of_instances(m: Machine, name: str, left: Value, right: Value) -> Num | Const | Finite:
    """Return ``left name right`` for lt, le, gt or ge where at least one operand is an instance."""
    from wc_engine.compile.stage.ordering import order

    _check_priority(m, left, right, f"__{_REFLECTED[name]}__")

    def plain() -> Value:
        pair = [as_tuple(m, value) or value for value in (left, right)]
        if any(is_instance(m, value) for value in pair):
            m.raise_named("TypeError")
        return order(m, name, pair[0], pair[1])

    def reflected() -> Value:
        return _attempt(m, right, f"__{_REFLECTED[name]}__", left, plain)

    return _condition(m, _attempt(m, left, f"__{name}__", right, reflected))


# ---- containers --------------------


def truth_of_instance(m: Machine, value: Value) -> Num | Const | Finite:
    """Return ``bool(value)`` of an instance."""
    told = call_special(m, value, "__bool__")
    if told is not None:
        return _condition(m, told)
    length = call_special(m, value, "__len__")
    if length is not None:
        return m.truth(length)
    return Const(bool(value.items)) if isinstance(value, Record) and value.cls.is_tuple else Const(True)


def elements_of_instance(m: Machine, value: Value) -> Query:
    """Return the query over what ``for ... in value`` visits of an instance."""
    iterator = call_special(m, value, "__iter__")
    if iterator is None:
        items = as_tuple(m, value)
        if items is not None:
            return m.iterable(items)
        if method_of(m, value, "__getitem__") is not None:
            m.unsupported("a loop over an instance by its items")
        m.raise_named("TypeError")
    if is_instance(m, iterator):
        m.unsupported("an iterator of a class of the program")
    return m.iterable(iterator)


def contains_in_instance(m: Machine, value: Value, element: Value) -> Num | Const | Finite:
    """Return ``element in value`` for an instance."""
    from wc_engine.compile.stage.equality import exists, same_element

    told = call_special(m, value, "__contains__", element)
    if told is not None:
        return m.truth(told)
    return exists(m, elements_of_instance(m, value), lambda item: same_element(m, item, element))
