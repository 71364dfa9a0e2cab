"""Options of a class statement become members and bases.

Before::

    class Rule(metaclass=ABCMeta): ...
    class Access(Flag, boundary=CONFORM): ...

After::

    class Rule(.ABC): ...
    class Access(Flag):
        _boundary_ = CONFORM
"""

from __future__ import annotations

import ast

from wc_engine.compile.rewrites.trees import Imports, load, store

__all__ = ["run"]


def run(tree: ast.Module) -> ast.Module:
    """Rewrite the keywords of all classes of a module."""
    imports = Imports(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            node.keywords = [keyword for keyword in node.keywords if not _absorbed(node, keyword, imports)]
    return tree


def _absorbed(node: ast.ClassDef, keyword: ast.keyword, imports: Imports) -> bool:
    if keyword.arg == "boundary":
        node.body.insert(0, store("_boundary_", keyword.value, keyword.value))
        return True
    origin = imports.origin(keyword.value) if keyword.arg == "metaclass" else ""
    if origin == "abc.ABCMeta":
        node.bases = [base for base in node.bases if not (isinstance(base, ast.Name) and base.id == "object")]
        node.bases.append(load(".ABC", keyword.value))
        return True
    return origin in ("enum.EnumMeta", "enum.EnumType")
