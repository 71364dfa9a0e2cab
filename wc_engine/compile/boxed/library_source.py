"""The library: standard modules in Python, of which a program is linked with what it uses."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from wc_engine.compile.boxed.passes import prepare

__all__ = ["library_tree", "top_level_names"]

_FOLDER = Path(__file__).parent / "library"


@cache
def _statements(module: str) -> tuple[ast.stmt, ...]:
    path = _FOLDER / f"{module}.py"
    if not module or not path.is_file():
        return ()
    return tuple(prepare(ast.parse(path.read_text(encoding="utf-8"), filename=f"<{module}>")).body)


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name)]


@cache
def top_level_names(module: str) -> frozenset[str]:
    """The names that a module of the library offers; empty where there is no such module."""
    return frozenset(
        name
        for node in _statements(module)
        if not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
        for name in _bound(node)
    )


def library_tree(module: str, names: frozenset[str]) -> ast.Module:
    """Return the statements of a module that some of its names need, in order."""
    statements = _statements(module)
    wanted = set(names)
    kept: set[int] = set()
    changed = True
    while changed:
        changed = False
        for place, node in enumerate(statements):
            if place in kept or not wanted.intersection(_bound(node)):
                continue
            kept.add(place)
            changed = True
            wanted.update(item.id for item in ast.walk(node) if isinstance(item, ast.Name))
    return ast.Module([_only(statements[place], wanted) for place in sorted(kept)], [])


def _only(node: ast.stmt, wanted: set[str]) -> ast.stmt:
    """An import of just what is wanted."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return node
    names = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in wanted]
    kept = ast.Import(names) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, names, node.level)
    return ast.copy_location(kept, node)
