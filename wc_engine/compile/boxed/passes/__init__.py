"""Rewrites of a program's syntax tree into the part of Python that is lowered, one rewrite a file.

Rewrites keep the locations of the source. What they call beyond Python's own names is in ``library/_support.py``: a
name with a leading dot, as ``.is_sequence``, means the function of that name there. Variables that a rewrite
introduces have dots in their names too, which no source can have: ``.match1``.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

from wc_engine.compile.boxed.passes import (
    attribute_dicts,
    class_options,
    dataclass_decorators,
    functional_enums,
    match_statements,
    named_tuples,
    private_names,
    star_imports,
    type_hints,
    with_statements,
)
from wc_engine.compile.boxed.passes.refusal import Refused

__all__ = ["PASSES", "Refused", "prepare"]

PASSES: tuple[tuple[str, Callable[[ast.Module], ast.Module]], ...] = (
    ("star_imports", star_imports.run),
    ("private_names", private_names.run),
    ("class_options", class_options.run),
    ("functional_enums", functional_enums.run),
    ("named_tuples", named_tuples.run),
    ("dataclass_decorators", dataclass_decorators.run),
    ("match_statements", match_statements.run),
    ("with_statements", with_statements.run),
    ("attribute_dicts", attribute_dicts.run),
    ("type_hints", type_hints.run),
)


def prepare(tree: ast.Module) -> ast.Module:
    """Return a rewritten copy of a module.

    Raises:
        Refused: something cannot be rewritten; names the node.
    """
    tree = copy.deepcopy(tree)
    for _name, run in PASSES:
        tree = run(tree)
    return ast.fix_missing_locations(tree)
