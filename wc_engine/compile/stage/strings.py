"""Strings: only ever selected or compared, so every operation on them is a table."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from wc_engine.compile.ir import Kind
from wc_engine.compile.stage.affordable import TooCostlyError, filled_in, formatted, remainder, string_method
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.protocols import is_instance
from wc_engine.compile.stage.queries import Query, known_items
from wc_engine.compile.stage.texts import are_texts, joined
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    OPAQUE_TEXT,
    Builtin,
    Conflict,
    Const,
    Finite,
    Frame,
    Num,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["STRING_METHODS", "call_string_method", "format_parts", "percent"]

STRING_METHODS = frozenset(
    name for name in dir(str) if not name.startswith("_") and name not in ("encode", "format_map", "join")
)


def call_string_method(m: Machine, receiver: Value, name: str, arguments: tuple[Value, ...]) -> Value:
    """Call a method of ``str`` on a constant or a finite choice."""
    if name == "format":
        return _formatted(m, lambda text, *rest: filled_in(text, rest), receiver, arguments)
    plain = tuple(_as_constant_tuple(argument) for argument in arguments)
    result = lift(m, lambda text, *rest: string_method(text, name, rest), (receiver, *plain))
    if result is None:
        m.unsupported(f"str.{name} of a text that depends on numbers of the state")
    return result


_PARAMETERS: dict[str, tuple[tuple[str, Value], ...]] = {
    "split": (("sep", NONE), ("maxsplit", Const(-1))),
    "rsplit": (("sep", NONE), ("maxsplit", Const(-1))),
    "splitlines": (("keepends", Const(False)),),
    "expandtabs": (("tabsize", Const(8)),),
}
"""The parameters of methods that take keywords, with their defaults."""


def by_position(m: Machine, name: str, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> tuple[Value, ...]:
    """Return all arguments of a method of ``str`` by position; raises TypeError where it takes no such keyword."""
    parameters = _PARAMETERS.get(name, ())
    open_ = parameters[len(arguments) :]
    if not keywords.keys() <= {parameter for parameter, _ in open_}:
        m.raise_named("TypeError")
    return (*arguments, *(keywords.get(parameter, default) for parameter, default in open_))


def format_with_names(m: Machine, text: Value, arguments: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """``text.format(*arguments, **keywords)``."""
    count, names = len(arguments), tuple(keywords)

    def fill(template: str, *values: object) -> str:
        return filled_in(template, values[:count], dict(zip(names, values[count:], strict=True)))

    return _formatted(m, fill, text, (*arguments, *keywords.values()))


def percent(m: Machine, text: Value, right: Value) -> Value:
    """``text % right``."""
    arguments: tuple[Value, ...] = (right,)
    if isinstance(right, TupleValue):
        arguments = right.items
    elif isinstance(right, Const) and isinstance(right.value, tuple):
        arguments = tuple(map(Const, right.value))
    elif not isinstance(right, (Const, Num, Finite)):
        m.unsupported("% of a text and this value")
    return _formatted(m, lambda template, *rest: remainder(template, rest), text, arguments)


def _formatted(m: Machine, run: Callable[..., str], text: Value, arguments: tuple[Value, ...]) -> Value:
    """A text with values in it; one that numbers of the state are in may only be printed."""
    plain = tuple(_as_constant_tuple(argument) for argument in arguments)
    result = lift(m, run, (text, *plain))
    if result is not None:
        return result
    templates = [text.value] if isinstance(text, Const) else text.values if isinstance(text, Finite) else []
    live = [item for item in templates if item is not MISSING]
    # A value must do for all of its kind; %c and widths that are arguments look at the number itself.
    if not live or any("%c" in item or "*" in item or ":c" in item for item in live):
        m.unsupported("a text made of numbers of the state in this way")
    try:
        for item in live:
            run(item, *(_any_of_its_kind(m, argument) for argument in plain))
    except (TooCostlyError, TypeError, ValueError, IndexError, KeyError, AttributeError):
        m.unsupported("a text made of numbers of the state in this way")
    return OPAQUE_TEXT


def _any_of_its_kind(m: Machine, value: Value) -> object:
    """Return a value that is formatted without an error where this one is."""
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Num):
        return {Kind.INT: 1, Kind.BOOL: True, Kind.FLOAT: 1.0}[value.kind]
    if isinstance(value, Finite):
        return next(item for item in value.values if item is not MISSING)
    if value == OPAQUE_TEXT:
        return "text"
    if isinstance(value, TupleValue):
        return tuple(_any_of_its_kind(m, item) for item in value.items)
    if is_instance(m, value) or isinstance(value, Conflict):
        m.unsupported("a text made of this value")
    return object()


def _as_constant_tuple(value: Value) -> Value:
    if isinstance(value, TupleValue) and all(isinstance(item, Const) for item in value.items):
        return Const(tuple(item.value for item in value.items if isinstance(item, Const)))
    return value


def join(m: Machine, separator: Value, elements: Query) -> Value:
    """``separator.join(elements)``."""
    items = known_items(elements)
    result: Value | None = None
    if items is not None:
        result = lift(m, lambda text, *rest: text.join(rest), (separator, *items))
    elif not _is_looped(m, elements):
        result = _join_one_by_one(m, separator, elements)
    if result is None and isinstance(separator, Const) and are_texts(m, elements):
        return joined(m, separator.value, elements)
    if result is None:
        m.unsupported("str.join of texts that depend on numbers of the state")
    return result


def _join_one_by_one(m: Machine, separator: Value, elements: Query) -> Value | None:
    cell = m.new_cell(NONE)

    def visit(element: Value) -> None:
        known = m.store.cells[cell]
        longer = None if isinstance(known, Conflict) else lift(m, _joined, (separator, known, element))
        m.store.cells[cell] = OPAQUE_TEXT if longer is None else longer

    elements.iterate(m, visit)
    known = m.store.cells[cell]
    return None if isinstance(known, Conflict) else lift(m, lambda text: text or "", (known,))


def _joined(separator: str, text: str | None, element: str) -> str:
    return separator.join((element,) if text is None else (text, element))


def _is_looped(m: Machine, elements: Query) -> bool:
    """Whether nobody knows how many elements there are: then the text is put together at run time."""
    depth, found = len(m.loops), False

    def visit(_: Value) -> None:
        nonlocal found
        found = found or len(m.loops) > depth

    def run() -> Value:
        elements.iterate(m, visit)
        return NONE

    m.trial(run)
    return found


def format_parts(m: Machine, node: ast.JoinedStr, frame: Frame) -> Value:
    """An f-string."""
    pieces: list[Value] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            pieces.append(Const(part.value))
            continue
        assert isinstance(part, ast.FormattedValue)
        value = m.evaluate(part.value, frame)
        if is_instance(m, value):
            if part.format_spec is not None:
                m.unsupported("the format of an instance")
            pieces.append(m.call(Builtin("str" if part.conversion in (-1, 115) else "repr"), (value,), {}))
            continue
        convert = {-1: lambda v: v, 115: str, 114: repr, 97: ascii}[part.conversion]
        spec: Value = Const("") if part.format_spec is None else m.evaluate(part.format_spec, frame)
        piece = lift(m, lambda v, s, convert=convert: formatted(convert(v), s), (value, spec))
        pieces.append(OPAQUE_TEXT if piece is None else piece)
    if OPAQUE_TEXT in pieces:
        return OPAQUE_TEXT
    result = lift(m, lambda *texts: "".join(texts), tuple(pieces))
    return result if result is not None else OPAQUE_TEXT
