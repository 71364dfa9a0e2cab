"""Rewrites of a program's syntax tree into plainer Python, one rewrite a file; both tiers begin with them.

Rewrites keep the locations of the source. What they call beyond Python's own names has a name with a leading dot, as
``.is_sequence``. The boxed tier takes it from ``boxed/library/_support.py``, the specialiser from ``stage/support.py``.
Variables that a rewrite introduces have dots in their names too, which no source can have: ``.match1``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

from wc_engine.compile.rewrites import (
    attribute_dicts,
    class_options,
    complex_numbers,
    constant_patterns,
    counting_loops,
    dataclass_decorators,
    delegation,
    functional_enums,
    left_out,
    linear_recursion,
    match_statements,
    named_tuples,
    private_names,
    star_imports,
    type_hints,
    with_statements,
)
from wc_engine.compile.rewrites.refusal import Refused
from wc_engine.models.parsing import copied_tree

__all__ = ["PASSES", "Refused", "prepare", "prepare_for_staging"]

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
    ("constant_patterns", constant_patterns.run),
)


_STAGED: tuple[tuple[str, Callable[[ast.Module], ast.Module]], ...] = (
    ("complex_numbers", complex_numbers.run),
    ("private_names", private_names.run),
    ("class_options", class_options.run),
    ("functional_enums", functional_enums.run),
    ("named_tuples", named_tuples.run),
    ("dataclass_decorators", partial(dataclass_decorators.run, in_steps=False)),
    ("match_statements", match_statements.run),
    ("delegation", delegation.run),
    ("counting_loops", counting_loops.run),
    ("linear_recursion", linear_recursion.run),
    ("left_out", left_out.run),
)
"""What the specialiser wants rewritten: the rest it takes as it stands, or not at all."""


def prepare_for_staging(tree: ast.Module) -> ast.Module:
    """Return a rewritten copy of a module for the specialiser.

    Raises:
        Refused: something cannot be rewritten; names the node.
    """
    return prepare(tree, _STAGED)


def prepare(
    tree: ast.Module, passes: tuple[tuple[str, Callable[[ast.Module], ast.Module]], ...] = PASSES
) -> ast.Module:
    """Return a rewritten copy of a module.

    Raises:
        Refused: something cannot be rewritten; names the node.
    """
    tree = copied_tree(tree)
    for _name, run in passes:
        tree = run(tree)
    return ast.fix_missing_locations(tree)
