"""The text of the library: standard modules in Python, parsed as a whole and rewritten statement by statement."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from wc_engine.compile.rewrites import prepare

__all__ = ["bound_names", "library_statement", "library_statements", "top_level_names"]

_FOLDER = Path(__file__).parent / "library"


@cache
def library_statements(module: str) -> tuple[ast.stmt, ...]:
    """Return the top-level statements of a library module; none where there is no such module."""
    path = _FOLDER / f"{module}.py"
    if not module or not path.is_file():
        return ()
    return tuple(ast.parse(path.read_text(encoding="utf-8"), filename=f"<{module}>").body)


@cache
def library_statement(module: str, place: int) -> tuple[ast.stmt, ...]:
    """Return what the passes make of one of these statements."""
    statements = library_statements(module)
    statement = statements[place]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return (statement,)
    imports = [node for node in statements if isinstance(node, (ast.Import, ast.ImportFrom))]
    rewritten = prepare(ast.Module([*imports, statement], [])).body
    return tuple(node for node in rewritten if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass)))


def bound_names(statement: ast.stmt) -> list[str]:
    """Return the names that a top-level statement binds."""
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name.partition(".")[0] for alias in names]
        case ast.Assign(targets=targets):
            return [item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name)]
    return []


@cache
def top_level_names(module: str) -> frozenset[str]:
    """Return the names that a library module offers; none where there is no such module."""
    return frozenset(name for statement in library_statements(module) for name in bound_names(statement))
