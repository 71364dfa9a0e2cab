"""Exceptions: raising, catching, and what must run on every way out.

An exception is a record of its class and attributes: it is followed as a value, and nothing is raised when the program
runs. Its classes, Python's own too, are classes like any other of the program, so that handlers are found by lineage.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from wc_engine.compile.stage.heap_objects import InstanceObject
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.objects import class_of_instance, get_instance_attribute, instantiate
from wc_engine.compile.stage.paths import BlockHandle
from wc_engine.compile.stage.values import (
    NONE,
    OPAQUE_TEXT,
    UNBOUND,
    Builtin,
    Conflict,
    Const,
    Frame,
    Record,
    Ref,
    TupleValue,
    Union,
    UserClass,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["EXCEPTIONS", "EXCEPTION_STATEMENTS", "exception_class", "exception_raised", "raise_value"]

_ARGUMENTS = Conflict("the arguments of an exception that Python raised")


def exception_class(m: Machine, name: str) -> UserClass:
    """Return one of Python's own exception classes; an unknown one derives from ``Exception``."""
    known = getattr(builtins, name, None)
    real = known if isinstance(known, type) and issubclass(known, BaseException) else Exception
    name = name if real is Exception else real.__name__
    cls = m.exception_classes.get(name)
    if cls is None:
        cls = UserClass(ast.ClassDef(name, [], [], [], []), name, (), {}, by_value=True)
        bases = real.__mro__[1:-1] if real.__name__ == name else real.__mro__[:-1]
        cls.lineage = (cls, *(exception_class(m, base.__name__) for base in bases))
        if real is BaseException:
            names = ("__init__", "__str__", "__repr__")
            cls.namespace |= {method: Builtin(f"BaseException.{method}") for method in names}
        m.exception_classes[name] = cls
    return cls


def exception_raised(m: Machine, name: str) -> Record:
    """Return the exception that Python itself raises."""
    return Record(exception_class(m, name), ("args",), (_ARGUMENTS,))


def raise_value(m: Machine, value: Value) -> NoReturn:
    """Raise an exception, or make one of a class and raise that."""
    if isinstance(value, UserClass):
        value = instantiate(m, value, (), {})
    if isinstance(value, Union):
        m.dispatch(value, lambda option: raise_value(m, option))
    cls = class_of_instance(m, value)
    if cls is None or exception_class(m, "BaseException") not in cls.lineage:
        if isinstance(value, Conflict):
            m.unsupported(f"an exception that cannot be followed: {value.reason}")
        m.raise_named("TypeError")
    m.raise_exception(value, cls)


# ---- what exceptions have from BaseException --------------------


def _init(m: Machine, value: Value, *arguments: Value) -> Value:
    content = m.object(value) if isinstance(value, Ref) else None
    if not isinstance(value, Ref) or not isinstance(content, InstanceObject) or content.sealed:
        m.unsupported("an exception that is initialised again")
    attributes = dict(content.attributes) | {"args": TupleValue(arguments)}
    m.set_object(value, replace(content, attributes=tuple(attributes.items())))
    return NONE


def _str(m: Machine, value: Value) -> Value:
    cls = class_of_instance(m, value)
    if cls is None or not {base.name for base in cls.lineage}.isdisjoint(_OWN_TEXTS):
        m.unsupported("the text of this exception")
    arguments = get_instance_attribute(m, value, "args")
    items = arguments.items if isinstance(arguments, TupleValue) else ()
    if isinstance(arguments, Const):
        items = tuple(map(Const, arguments.value))
    if not items:
        return Const("")
    if len(items) > 1:
        return lift(m, lambda *texts: str(texts), items) or OPAQUE_TEXT
    if exception_class(m, "KeyError") in cls.lineage:
        return lift(m, repr, items) or OPAQUE_TEXT
    return m.call(Builtin("str"), items, {})


_OWN_TEXTS = frozenset(["OSError", "SyntaxError", "UnicodeError", "ImportError", "BaseExceptionGroup"])


def _repr(m: Machine, value: Value) -> Value:
    return OPAQUE_TEXT


EXCEPTIONS: dict[str, Callable[..., Value]] = {
    "BaseException.__init__": _init,
    "BaseException.__str__": _str,
    "BaseException.__repr__": _repr,
}
"""Methods of Python's own exceptions."""


# ---- statements --------------------


def _raise(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.Raise)
    if node.exc is None:
        if m.context.caught is None:
            m.unsupported("a bare raise outside of an except clause")
        raise_value(m, m.context.caught)
    value = m.evaluate(node.exc, frame)
    if node.cause is not None:
        m.evaluate(node.cause, frame)
    raise_value(m, value)


def _assert(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.Assert)

    def fail() -> Value:
        arguments = () if node.msg is None else (m.evaluate(node.msg, frame),)
        raise_value(m, instantiate(m, exception_class(m, "AssertionError"), arguments, {}))

    m.branch(m.condition(node.test, frame), lambda: NONE, fail)


def _try(m: Machine, node: ast.stmt, frame: Frame) -> None:
    assert isinstance(node, ast.Try)
    if node.finalbody:
        _finally(m, node, frame)
    else:
        _guard(m, node, frame)


def _guard(m: Machine, node: ast.Try, frame: Frame) -> None:
    """``try: ... except ...: ... else: ...``: a block for each clause, which exceptions of its classes leave."""
    caught = [_classes(m, handler, frame) for handler in node.handlers]
    outer, handles = m.context, dict[int, BlockHandle]()

    def follow(place: int, over: BlockHandle) -> NoReturn:
        if place == len(caught):
            ways = tuple((handles[number], caught[number]) for number in range(len(caught)))
            with m.in_context(replace(outer, handlers=(*outer.handlers, *reversed(ways)))):
                m.execute(node.body, frame)
            m.execute(node.orelse, frame)
            m.leave(over)

        def clause(handle: BlockHandle) -> Value:
            handles[place] = handle
            follow(place + 1, over)

        value = m.block("except", clause)
        _handle(m, node.handlers[place], value, frame)
        m.leave(over)

    m.block("try", lambda over: follow(0, over))


def _classes(m: Machine, handler: ast.ExceptHandler, frame: Frame) -> tuple[UserClass, ...]:
    """The classes that an ``except`` clause names."""
    if handler.type is None:
        return (exception_class(m, "BaseException"),)
    value = m.evaluate(handler.type, frame)
    classes = m.known_elements(value) if isinstance(value, (TupleValue, Const)) else [value]
    known = tuple(cls for cls in classes if isinstance(cls, UserClass))
    if len(known) < len(classes) or any(exception_class(m, "BaseException") not in cls.lineage for cls in known):
        m.unsupported("catching what is no class of exceptions", handler)
    return known


def _handle(m: Machine, handler: ast.ExceptHandler, value: Value, frame: Frame) -> None:
    cell = frame.cells.get(handler.name) if handler.name is not None else None
    if handler.name is not None and cell is None:
        m.unsupported("the name of an exception that is no variable of the function", handler)
    if cell is not None:
        m.store.cells[cell] = value
    with m.in_context(replace(m.context, caught=value)):
        m.execute(handler.body, frame)
    if cell is not None:
        m.store.cells[cell] = UNBOUND


def _finally(m: Machine, node: ast.Try, frame: Frame) -> None:
    """``try: ... finally: ...``: every way out leads through a copy of the last block, and then goes on."""
    outer = m.context
    base = (exception_class(m, "BaseException"),)
    ways = ["raise", *(name for name in ("returns", "breaks", "continues") if getattr(outer, name) is not None)]
    handles: dict[str, BlockHandle] = {}

    def follow(place: int, over: BlockHandle) -> NoReturn:
        if place == len(ways):
            exits = {way: handle for way, handle in handles.items() if way != "raise"}
            handlers = (*outer.handlers, (handles["raise"], base))
            with m.in_context(replace(outer, handlers=handlers, **exits)):  # type: ignore[arg-type]
                if node.handlers:
                    _guard(m, node, frame)
                else:
                    m.execute(node.body, frame)
            m.execute(node.finalbody, frame)
            m.leave(over)

        def leaving(handle: BlockHandle) -> Value:
            handles[ways[place]] = handle
            follow(place + 1, over)

        value = m.block("finally", leaving)
        with m.in_context(replace(outer, caught=value) if ways[place] == "raise" else outer):
            m.execute(node.finalbody, frame)
        if ways[place] == "raise":
            raise_value(m, value)
        m.leave(getattr(outer, ways[place]), value)

    m.block("try", lambda over: follow(0, over))


EXCEPTION_STATEMENTS: dict[type[ast.stmt], Callable[[Machine, ast.stmt, Frame], None]] = {
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Try: _try,
}
"""Statements by the class of their node."""
