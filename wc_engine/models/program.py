"""Program text: what it defines and imports, read from its syntax tree without running any of it."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wc_engine.errors import InvalidModelError, SourceLocation, UserInputError
from wc_engine.models.parsing import parse_module

__all__ = ["PURE_MODULES", "REWARD_FUNCS", "Program"]

REWARD_FUNCS = "REWARD_FUNCS"
_CONTRACT = {"transition": ("state", "action"), "reward_func": ("state", "action", "next_state")}

_PURE = """
    __future__ abc bisect collections copy dataclasses enum functools heapq itertools math numbers operator random re
    string typing
"""

PURE_MODULES = frozenset(_PURE.split())
"""Standard modules without side effects: a program that imports nothing else may be translated."""


@dataclass(frozen=True, slots=True)
class Program:
    """One world-model program, parsed but never run here.

    Attributes:
        text: the source text.
        file: the file's name as the user gave it, or ``"<program>"``.
        tree: the syntax tree of ``text``; treat it as read-only.
        defines: which of ``transition``, ``reward_func`` and ``REWARD_FUNCS`` the module binds.
        imported_modules: names of all modules that it imports anywhere, as written (``"collections.abc"``), sorted.
    """

    text: str
    file: str
    tree: ast.Module = field(repr=False, compare=False)
    defines: frozenset[str] = field(repr=False, compare=False)
    imported_modules: tuple[str, ...] = field(repr=False, compare=False)

    @classmethod
    def from_text(cls, text: str, file: str = "<program>") -> Program:
        """Parse a program.

        Raises:
            InvalidModelError: a syntax error, a null byte, no ``transition``, no reward function, or a function of
                the contract that takes another number of arguments.
        """
        tree = _parse(text, file)
        bindings = {name: node for name, node in _bindings(tree.body) if name in (*_CONTRACT, REWARD_FUNCS)}
        if "transition" not in bindings:
            raise InvalidModelError(
                f"{file}: no function transition(state, action); define it at the top level of the program"
            )
        if "reward_func" not in bindings and REWARD_FUNCS not in bindings:
            raise InvalidModelError(
                f"{file}: no reward function; define reward_func(state, action, next_state), "
                "or REWARD_FUNCS = {mission: function}"
            )
        for name, parameters in _CONTRACT.items():
            if name in bindings:
                _check_parameters(name, parameters, bindings[name], text, file)
        return cls(text, file, tree, frozenset(bindings), tuple(sorted(_imports(tree))))

    @classmethod
    def from_file(cls, path: str | Path) -> Program:
        """Read and parse a program file (UTF-8).

        Raises:
            UserInputError: the file is missing, unreadable or not UTF-8.
            InvalidModelError: as ``from_text``.
        """
        try:
            data = Path(path).read_bytes()
        except FileNotFoundError:
            raise UserInputError("no such model file; give the path of a Python program", file=str(path)) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UserInputError(f"cannot read this model file: {reason}", file=str(path)) from None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            problem = f"byte 0x{data[error.start]:02x} is not UTF-8; save the program as UTF-8 text"
            raise UserInputError(problem, file=str(path), line=line) from None
        return cls.from_text(text, str(path))

    def place(self, line: int | None) -> SourceLocation | None:
        """Return a line as a location, or None where the text has no such line."""
        source = _source_line(self.text, line or 0)
        return SourceLocation(self.file, line, 0, source) if line and source else None

    @property
    def content_hash(self) -> str:
        """SHA-256 of the text, as 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def foreign_imports(self) -> tuple[str, ...]:
        """Imported modules outside ``PURE_MODULES``: they run interpreted only."""
        return tuple(name for name in self.imported_modules if name.partition(".")[0] not in PURE_MODULES)


def _parse(text: str, file: str) -> ast.Module:
    null = text.find("\0")
    if null >= 0:
        line = text.count("\n", 0, null) + 1
        raise InvalidModelError("the text contains a null byte; it is no Python program", SourceLocation(file, line))
    try:
        return parse_module(text, file)
    except SyntaxError as error:
        line = error.lineno or 1
        end = error.end_offset - 1 if error.end_offset and error.end_lineno == error.lineno else None
        place = SourceLocation(file, line, max(0, (error.offset or 1) - 1), _source_line(text, line), end)
        raise InvalidModelError(f"syntax error: {error.msg}", place) from None
    except (RecursionError, MemoryError):
        raise InvalidModelError(f"{file}: the program is nested too deeply to be parsed") from None
    except ValueError as error:  # lone surrogates, for example
        raise InvalidModelError(f"{file}: {error}") from None


def _source_line(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names that module-level statements bind, with the node that says what they are, in order."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from ((name, node.value) for name in _target_names(target))
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from ((name, node.value) for name in _target_names(node.target))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (((alias.asname or alias.name).partition(".")[0], node) for alias in node.names)
        for block in ("body", "orelse", "finalbody"):
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                yield from _bindings(getattr(node, block, []))
        for branch in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield from _bindings(branch.body)


def _target_names(target: ast.expr) -> Iterator[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _check_parameters(name: str, parameters: tuple[str, ...], node: ast.AST, text: str, file: str) -> None:
    """Raise where ``node`` is a function that cannot be called with one positional argument for each parameter."""
    wanted = f"{name}({', '.join(parameters)})"
    if isinstance(node, ast.AsyncFunctionDef):
        problem = f"{name} is a coroutine; define it as a plain function {wanted}"
    elif isinstance(node, (ast.FunctionDef, ast.Lambda)):
        arguments = node.args
        positional = arguments.posonlyargs + arguments.args
        least = len(positional) - len(arguments.defaults)
        required_keywords = [
            argument.arg
            for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is None
        ]
        if least <= len(parameters) and (len(parameters) <= len(positional) or arguments.vararg is not None):
            if not required_keywords:
                return
            problem = f"{name} requires the keyword argument {required_keywords[0]}; it is called as {wanted}"
        else:
            given = f"{len(positional)} parameter" + ("" if len(positional) == 1 else "s")
            problem = f"{name} has {given}; it is called as {wanted}"
    else:
        return
    line = node.lineno
    source = _source_line(text, line)
    end = node.end_col_offset if node.end_lineno == line else len(source)
    raise InvalidModelError(problem, SourceLocation(file, line, node.col_offset, source, end))


def _imports(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names
