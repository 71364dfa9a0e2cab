"""The tables of one compiled program: names, attribute slots, constants, globals, and what the runtime offers."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, NoReturn

from wc_engine.errors import SourceLocation, UnsupportedConstructError

__all__ = ["ConstantKey", "Runtime", "Tables", "small_int"]

ConstantKey = tuple[str, Any]

_SMALL = 1 << 62
MAX_SLOTS = 250


def small_int(value: int) -> str:
    """The word of an int that is not too large."""
    return str(value << 1 | 1)


@dataclass(frozen=True)
class Runtime:
    """What the runtime has, by name.

    Attributes:
        names: name ids of the well-known names.
        builtins: index of each builtin function: ``len``, ``math.sqrt``.
        types: index of each built-in type.
        type_bytes: size of a type object.
        builtin_bytes: size of a builtin function object.
    """

    names: tuple[str, ...]
    builtins: dict[str, int]
    types: dict[str, int]
    type_bytes: int
    builtin_bytes: int


@dataclass
class Tables:
    """Grows while a program is lowered.

    Args:
        runtime: what there is to call.
        slot_names: the names that instances can have as attributes.
        file: the program's file, for messages.
        text: its text.
    """

    runtime: Runtime
    slot_names: list[str]
    file: str
    text: str
    names: dict[str, int] = field(init=False)
    constants: dict[ConstantKey, int] = field(default_factory=dict)
    constant_values: list[Any] = field(default_factory=list)
    globals: dict[tuple[str, str], int] = field(default_factory=dict)
    infos: list[dict[str, Any]] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)
    functions: list[str] = field(default_factory=list)
    function_numbers: dict[ast.AST, int] = field(default_factory=dict)
    compiled: dict[ast.AST, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = {name: index for index, name in enumerate(self.runtime.names)}
        for name in self.slot_names:
            self.name(name)

    def name(self, name: str) -> int:
        """Return a name's id."""
        return self.names.setdefault(name, len(self.names))

    def slot(self, name: str) -> int | None:
        """Return the slot of an attribute, or None where no instance can have it."""
        try:
            return self.slot_names.index(name)
        except ValueError:
            return None

    def constant(self, value: Any) -> int:
        """Return the index of a constant."""
        key = constant_key(value)
        if key not in self.constants:
            self.constants[key] = len(self.constant_values)
            self.constant_values.append(value)
            if isinstance(value, str) and value.isidentifier():
                self.name(value)
        return self.constants[key]

    def global_index(self, module: str, name: str) -> int:
        """Return the place of a module's global."""
        self.name(name)
        return self.globals.setdefault((module, name), len(self.globals))

    def unsupported(self, node: ast.AST, message: str) -> NoReturn:
        """Refuse the program."""
        line = getattr(node, "lineno", 0)
        lines = self.text.splitlines()
        source = lines[line - 1] if 0 < line <= len(lines) else ""
        column = getattr(node, "col_offset", 0)
        end = getattr(node, "end_col_offset", None) if getattr(node, "end_lineno", None) == line else len(source)
        raise UnsupportedConstructError(message, SourceLocation(self.file, line, column, source, end) if line else None)


def constant_key(value: Any) -> ConstantKey:
    """Return a key that tells apart what ``==`` does not: True and 1, 0.0 and -0.0."""
    if isinstance(value, (tuple, frozenset)):
        return type(value).__name__, tuple(constant_key(item) for item in value)
    return type(value).__name__, repr(value)


def is_small(value: object) -> bool:
    """Whether a value is an int that a word holds."""
    return type(value) is int and -_SMALL <= value < _SMALL
