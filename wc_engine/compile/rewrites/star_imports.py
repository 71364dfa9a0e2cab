"""``import *`` from pure modules becomes an import of the names that the program mentions.

Before::

    from typing import *
    def find(boxes: List[Box]) -> Optional[Box]: ...

After::

    from typing import List, Optional
"""

from __future__ import annotations

import ast
import importlib

from wc_engine.models.program import PURE_MODULES

__all__ = ["run"]


def run(tree: ast.Module) -> ast.Module:
    """Rewrite the star imports of a module."""
    stars = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
    for node in stars:
        module = node.module or ""
        if node.level == 0 and module.partition(".")[0] in PURE_MODULES:
            mentioned = {item.id for item in ast.walk(tree) if isinstance(item, ast.Name)}
            names = sorted(mentioned.intersection(_public_names(module)))
            node.names = [ast.alias(name) for name in names] or [ast.alias("*")]
    _Dropper().visit(tree)
    return tree


def _public_names(name: str) -> list[str]:
    try:
        module = importlib.import_module(name)
    except ImportError:
        return []
    return getattr(module, "__all__", None) or [item for item in vars(module) if not item.startswith("_")]


class _Dropper(ast.NodeTransformer):
    """Drops star imports of which nothing is used."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        is_pure = node.level == 0 and (node.module or "").partition(".")[0] in PURE_MODULES
        if node.names[0].name == "*" and is_pure and _public_names(node.module or ""):
            return ast.copy_location(ast.Pass(), node)
        return node
