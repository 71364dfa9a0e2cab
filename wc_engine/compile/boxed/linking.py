"""Which part of the library a program needs: top-level names, and of classes the methods that something mentions.

Reachability over the text. A top-level statement is kept when something kept mentions a name that it binds. A method of
a library's class is kept when its name is mentioned anywhere, as an attribute, a variable or a word of a string; an
operator's method when the operator occurs. Other special methods are always kept, and so is what the runtime calls by
name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from wc_engine.compile.boxed.library_source import bound_names, library_statement, library_statements, top_level_names

__all__ = ["SUPPORT", "dotted", "link"]

SUPPORT = "_support"
"""The library module of the names that begin with a dot: what rewrites of the program call."""

_OPERATORS = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.MatMult: "matmul",
    ast.USub: "neg",
    ast.UAdd: "pos",
    ast.Invert: "invert",
}
_BY_FUNCTION = {"sum": ["add"], "prod": ["mul"], "pow": ["pow"], "divmod": ["floordiv", "mod"], "fsum": ["add"]}
_INPLACE = frozenset(f"__i{name}__" for name in _OPERATORS.values())
_OF_OPERATORS = _INPLACE.union(f"__{prefix}{name}__" for name in _OPERATORS.values() for prefix in ("", "r"))
_CALLED_BY_RUNTIME = frozenset(["close", "keys", "send", "throw"])
_WORD = re.compile(r"[^\W\d]\w*")


def link(program: ast.Module) -> dict[str, ast.Module]:
    """Return what a program needs of each library module, those that others use first."""
    linker = _Linker()
    linker.scan("", program)
    linker.run()
    return linker.trees()


class _Linker:
    def __init__(self) -> None:
        self._kept: dict[str, set[int]] = {}
        self._wanted: dict[str, set[str]] = {}
        self._mentioned: set[str] = set()
        self._optional: dict[str, list[tuple[str, ast.stmt]]] = {}
        self._members: set[ast.stmt] = set()
        self._waiting: list[tuple[str, ast.AST]] = []

    # Reaching

    def run(self) -> None:
        """Scan what waits until nothing does."""
        while self._waiting:
            self.scan(*self._waiting.pop())

    def scan(self, module: str, tree: ast.AST) -> None:
        """Note all that a part of a module mentions."""
        aliases = _aliases(tree) if not module else _module_aliases(module)
        own = top_level_names(module) if module else frozenset()
        for node in _nodes(tree):
            for name in _mentions(node):
                self._mention(name)
            if isinstance(node, ast.Name):
                if node.id in own:
                    self._want(module, node.id)
                if node.id.startswith("."):
                    self._want(SUPPORT, node.id[1:])
            elif isinstance(node, ast.Attribute):
                path = dotted(node)
                if path is not None and path[0] in aliases:
                    self._want(".".join([aliases[path[0]], *path[1:-1]]), path[-1])
            elif isinstance(node, ast.ImportFrom) and not module:
                for alias in node.names:
                    self._want(node.module or "", alias.name)

    def _want(self, module: str, name: str) -> None:
        if name not in top_level_names(module) or name in self._wanted.setdefault(module, set()):
            return
        self._wanted[module].add(name)
        for place, statement in enumerate(library_statements(module)):
            if name not in bound_names(statement):
                continue
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    if (alias.asname or alias.name) == name:
                        self._want(statement.module or "", alias.name)
            if place not in self._kept.setdefault(module, set()):
                self._kept[module].add(place)
                for prepared in library_statement(module, place):
                    self._keep(module, prepared)

    def _keep(self, module: str, statement: ast.stmt) -> None:
        if not isinstance(statement, ast.ClassDef):
            self._waiting.append((module, statement))
            return
        self._waiting += [(module, node) for node in (*statement.bases, *statement.decorator_list)]
        for member in statement.body:
            name = _optional_name(member)
            if name is None or name in self._mentioned:
                self._reach(module, member)
            else:
                self._optional.setdefault(name, []).append((module, member))

    def _reach(self, module: str, member: ast.stmt) -> None:
        self._members.add(member)
        self._waiting.append((module, member))

    def _mention(self, name: str) -> None:
        if name not in self._mentioned:
            self._mentioned.add(name)
            for module, member in self._optional.pop(name, ()):
                self._reach(module, member)

    # Results

    def trees(self) -> dict[str, ast.Module]:
        """The kept parts, in an order in which modules can run."""
        found = {module: self._tree(module) for module in self._kept}
        order: dict[str, ast.Module] = {}

        def visit(module: str, path: tuple[str, ...]) -> None:
            if module in order or module in path or module not in found:
                return
            for used in _modules_used(found[module]):
                visit(used, (*path, module))
            order[module] = found[module]

        for module in found:
            visit(module, ())
        return order

    def _tree(self, module: str) -> ast.Module:
        body: list[ast.stmt] = []
        for place in sorted(self._kept[module]):
            for statement in library_statement(module, place):
                body.append(self._pruned(statement, self._wanted[module]))
        return ast.Module(body, [])

    def _pruned(self, statement: ast.stmt, wanted: set[str]) -> ast.stmt:
        if isinstance(statement, ast.ClassDef):
            members = [member for member in statement.body if member in self._members]
            pruned: ast.stmt = ast.ClassDef(
                name=statement.name,
                bases=statement.bases,
                keywords=statement.keywords,
                body=members or [ast.copy_location(ast.Pass(), statement)],
                decorator_list=statement.decorator_list,
            )
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            names = [alias for alias in statement.names if (alias.asname or alias.name.partition(".")[0]) in wanted]
            is_plain = isinstance(statement, ast.Import)
            pruned = ast.Import(names) if is_plain else ast.ImportFrom(statement.module, names, statement.level)  # type: ignore[union-attr]  # is_plain tells which it is
        else:
            return statement
        return ast.copy_location(pruned, statement)


def _optional_name(member: ast.stmt) -> str | None:
    """The name without which a member of a class is not needed, or None where it stays in any case."""
    if isinstance(member, ast.FunctionDef):
        name = member.name
    elif isinstance(member, ast.Assign) and len(member.targets) == 1 and isinstance(member.targets[0], ast.Name):
        name = member.targets[0].id
        if name not in _OF_OPERATORS:
            return None
    else:
        return None
    is_special = name.startswith("__") and name.endswith("__")
    return name if (name in _OF_OPERATORS or not is_special) and name not in _CALLED_BY_RUNTIME else None


def _mentions(node: ast.AST) -> Iterator[str]:
    """The names of methods that a node may lead to."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
            for operator in _BY_FUNCTION.get(name, ()):
                yield from (f"__{operator}__", f"__r{operator}__")
        case ast.Constant(value=str(text)):
            yield from _WORD.findall(text)
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.UnaryOp(op=op):
            operator = _OPERATORS.get(type(op), "")
            yield from (f"__{operator}__", f"__r{operator}__")
            if isinstance(node, ast.AugAssign):
                yield f"__i{operator}__"


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes below one, docstrings left out."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield from _nodes(child)


def _aliases(tree: ast.AST) -> dict[str, str]:
    """The names that stand for modules."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                aliases[alias.asname or name] = name
    return aliases


@cache
def _module_aliases(module: str) -> dict[str, str]:
    return _aliases(ast.Module(list(library_statements(module)), []))


def _modules_used(tree: ast.Module) -> Iterator[str]:
    """The library modules of which a module takes something that is written in Python."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            offered = top_level_names(node.module or "")
            yield from (node.module or "" for alias in node.names if alias.name in offered)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Name) and node.id.startswith("."):
            yield SUPPORT


def dotted(node: ast.expr) -> list[str] | None:
    """The parts of ``a.b.c``, or None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return [node.id, *reversed(parts)] if isinstance(node, ast.Name) and parts else None
