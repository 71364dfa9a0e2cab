"""Built-in functions and those of the standard modules."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind, Op
from wc_engine.compile.stage import dicts, sets
from wc_engine.compile.stage.affordable import combinatorial
from wc_engine.compile.stage.cached_functions import CACHED_FUNCTIONS
from wc_engine.compile.stage.collections import iterable, new_list
from wc_engine.compile.stage.copies import COPIES
from wc_engine.compile.stage.dataclass_functions import DATACLASS_FUNCTIONS
from wc_engine.compile.stage.deques import deque
from wc_engine.compile.stage.enumerations import ENUMERATIONS
from wc_engine.compile.stage.exceptions import EXCEPTIONS
from wc_engine.compile.stage.heap_objects import DictObject
from wc_engine.compile.stage.iterators import ITERATORS, snapshot, tuple_of
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.modules import PURE_MATH
from wc_engine.compile.stage.objects import OBJECTS
from wc_engine.compile.stage.operators import arithmetic, as_float, as_int, as_number, as_whole
from wc_engine.compile.stage.patterns import PATTERN_FUNCTIONS
from wc_engine.compile.stage.places import count
from wc_engine.compile.stage.protocols import as_tuple, call_special, is_instance
from wc_engine.compile.stage.queries import (
    concat,
)
from wc_engine.compile.stage.reflection import REFLECTION
from wc_engine.compile.stage.sorting import sorted_list
from wc_engine.compile.stage.support import SUPPORT
from wc_engine.compile.stage.texts import is_text_object
from wc_engine.compile.stage.values import (
    NONE,
    OPAQUE_TEXT,
    Const,
    Descriptor,
    EnumClass,
    Finite,
    Num,
    Partial,
    QueryValue,
    Ref,
    TupleValue,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["BUILTINS", "call_builtin"]

Arguments = tuple[Value, ...]


def _len(m: Machine, value: Value) -> Value:
    if isinstance(value, EnumClass):
        return Const(len(value.real))
    if isinstance(value, Union):
        return m.dispatch(value, lambda option: _len(m, option))
    length = call_special(m, value, "__len__")
    if length is not None:
        return length
    if is_instance(m, value) and as_tuple(m, value) is None:
        m.raise_named("TypeError")
    lifted = lift(m, len, (value,))
    if lifted is not None:
        return lifted
    if isinstance(value, QueryValue) and value.kind != "range":
        m.raise_named("TypeError")
    return count(m, iterable(m, value))


def _int(m: Machine, value: Value = Const(0)) -> Value:  # noqa: B008
    lifted = lift(m, int, (value,))
    if lifted is not None:
        return lifted
    whole = as_whole(m, value, signed_zero=False)
    if whole is not None:
        return whole
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
    for name in ("__str__", "__repr__"):
        text = call_special(m, value, name)
        if text is not None:
            return text
    return value if is_text_object(m, value) else lift(m, str, (value,)) or OPAQUE_TEXT


def _repr(m: Machine, value: Value) -> Value:
    text = call_special(m, value, "__repr__")
    return text if text is not None else lift(m, repr, (value,)) or OPAQUE_TEXT


def _opaque(m: Machine, *arguments: Value) -> Value:
    return OPAQUE_TEXT


def _descriptor(kind: str) -> Callable[..., Value]:
    def call(m: Machine, function: Value, setter: Value | None = None) -> Value:
        return Descriptor(kind, function, setter)

    return call


def _setter(m: Machine, descriptor: Value, function: Value) -> Value:
    assert isinstance(descriptor, Descriptor)
    return replace(descriptor, setter=function)


def _abs(m: Machine, value: Value) -> Value:
    told = call_special(m, value, "__abs__")
    if told is not None:
        return told
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
    return new_list(m, concat() if value is None else snapshot(m, value), "list", m.node)


def _tuple(m: Machine, value: Value | None = None) -> Value:
    return Const(()) if value is None else tuple_of(m, snapshot(m, value))


def _set(m: Machine, value: Value | None = None) -> Value:
    return new_list(m, concat(), "set", m.node) if value is None else sets.make_set(m, value)


def _frozenset(m: Machine, value: Value | None = None) -> Value:
    return sets.make_set(m, Const(()) if value is None else value, "frozenset")


def _dict(m: Machine, value: Value | None = None, **keywords: Value) -> Value:
    content = m.object(value) if isinstance(value, Ref) else None
    named: list[tuple[Value, Value]] = [(Const(name), item) for name, item in keywords.items()]
    if value is None or isinstance(content, DictObject):
        return dicts.new_dict(m, [*(content.items if isinstance(content, DictObject) else ()), *named])
    ref = dicts.new_dict(m, [])
    dicts.update(m, ref, value)
    for key, item in named:
        dicts.put(m, ref, key, item)
    return ref


def _ordered_dict(m: Machine, value: Value | None = None, **keywords: Value) -> Value:
    """A dict; what else it can do is refused where it is asked for."""
    made = _dict(m, value, **keywords)
    assert isinstance(made, Ref)
    m.ordered_dicts.add(made.object_id)
    return made


def _divmod(m: Machine, left: Value, right: Value) -> Value:
    if is_instance(m, left) or is_instance(m, right):
        m.unsupported("divmod of instances")
    quotient = arithmetic(m, "floordiv", left, right)
    return TupleValue((quotient, arithmetic(m, "mod", left, right)))


def _defaultdict(m: Machine, factory: Value = NONE, *arguments: Value) -> Value:
    from wc_engine.compile.stage.associations import new_default_dict

    if arguments:
        m.unsupported("a defaultdict that is made of another dict")
    return new_default_dict(m, factory)


def _counter(m: Machine, value: Value | None = None) -> Value:
    from wc_engine.compile.stage.association_entries import CountedQuery
    from wc_engine.compile.stage.associations import association_of, extend
    from wc_engine.compile.stage.collections import site_of
    from wc_engine.compile.stage.laziness import lazy

    ref = association_of(m, (), "sum", "zero")
    if isinstance(value, Ref) and dicts.is_dict(m, value):
        m.unsupported("a Counter of a dict")
    if value is not None:
        pairs, _ = lazy(m, lambda part: CountedQuery(part), iterable(m, value), site_of(m.node))
        extend(m, ref, pairs)
    return ref


# ---- iterators --------------------


def _print(m: Machine, *arguments: Value, **keywords: Value) -> Value:
    return NONE


def _pure(function: Callable[..., object]) -> Callable[..., Value]:
    def call(m: Machine, *arguments: Value) -> Value:
        result = lift(m, function, arguments)
        if result is None:
            m.unsupported(f"{function.__name__} of numbers that depend on the state")
        return result

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
    distances = [
        Num(Op("abs", (as_int(number).expr,), Kind.INT), 0, top) for number, top in zip(numbers, tops, strict=True)
    ]
    index = arithmetic(m, "add", arithmetic(m, "mul", distances[0], Const(tops[1] + 1)), distances[1])
    values = tuple(math.hypot(a, b) for a in range(tops[0] + 1) for b in range(tops[1] + 1))
    return Finite(m.temp(m.int_expr(index)), values)


_MAX_HYPOT_TABLE = 2048
_ONE_BY_ONE = frozenset({"functools.reduce", "zip", "reversed", "map", "tuple", "enumerate"})
"""Functions that want to know the elements: an argument that is one of several collections is taken case by case."""

BUILTINS: dict[str, Callable[..., Value]] = {
    **ITERATORS,
    **PATTERN_FUNCTIONS,
    **REFLECTION,
    **COPIES,
    **CACHED_FUNCTIONS,
    **DATACLASS_FUNCTIONS,
    **ENUMERATIONS,
    **EXCEPTIONS,
    **OBJECTS,
    **{name: function for name, function in SUPPORT.items() if function is not None},
    "len": _len,
    "int": _int,
    "float": _float,
    "bool": _bool,
    "str": _str,
    "repr": _repr,
    ".repr": _opaque,
    ".Field": _opaque,
    ".setter": _setter,
    ".check_default": _opaque,
    "property": _descriptor("property"),
    "staticmethod": _descriptor("staticmethod"),
    "classmethod": _descriptor("classmethod"),
    "abc.abstractmethod": _descriptor("abstract"),
    "abs": _abs,
    "divmod": _divmod,
    "chr": _pure(chr),
    "ord": _pure(ord),
    "list": _list,
    "sorted": sorted_list,
    "tuple": _tuple,
    "set": _set,
    "frozenset": _frozenset,
    "dict": _dict,
    "collections.OrderedDict": _ordered_dict,
    "collections.defaultdict": _defaultdict,
    "collections.Counter": _counter,
    "collections.deque": deque,
    "print": _print,
    "round": _pure(round),
    "functools.partial": _partial,
    "math.hypot": _hypot,
    **{f"math.{name}": _pure(getattr(math, name)) for name in PURE_MATH},
    **{f"math.{name}": _pure(combinatorial(getattr(math, name))) for name in ("comb", "factorial", "perm")},
}


NAMES = frozenset(["NotImplemented", ".NamedTuple", ".ABC", ".FrozenInstanceError"])
"""Names that only mean themselves."""


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
        inspect.signature(function).bind(m, *arguments, **keywords)
    except TypeError:
        m.unsupported(f"{name} with these arguments")
    result = function(m, *arguments, **keywords)
    if isinstance(result, QueryValue) and result not in arguments:
        return replace(result, over=frozenset(_gone_through(arguments)))
    return result


def _gone_through(arguments: Arguments) -> Iterator[int]:
    """The objects that an iterator over these arguments goes through."""
    for argument in arguments:
        if isinstance(argument, Ref):
            yield argument.object_id
        elif isinstance(argument, QueryValue):
            yield from argument.over
