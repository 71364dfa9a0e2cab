"""The part of a program that matters to one mission: all that planning for it asks about.

A program that has met many missions has a reward function for each. Compiling all of them to plan for one costs many
times what that one does, and every new mission would make all code anew.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wc_engine.errors import InvalidModelError
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.synthesis.llm.missions import reward_table
from wc_engine.synthesis.llm.source import Unit, join_units, needed_units, units_of

__all__ = ["mission_slice"]

_LOOKS_AROUND = frozenset(["__globals__", "__import__", "eval", "exec", "globals", "import_module", "locals", "sys"])
"""A program that mentions one of these may find its functions by other means than their names."""


def mission_slice(program: Program, mission: str) -> Program:
    """Return the program without the reward functions of other missions; itself where that is not worth it or unsure.

    Args:
        program: the program.
        mission: the mission; ``transition`` and its reward function mean the same in both programs.
    """
    if REWARD_FUNCS not in program.defines:
        return program
    units = units_of(program.text)
    table = _plain_table(units)
    if table is None or any(_looks_around(unit.node) for unit in units):
        return program
    entries = [f"{mission!r}: {table[mission]}"] if mission in table else []
    own = units_of(f"{REWARD_FUNCS} = {{{', '.join(entries)}}}")
    kept = [unit for unit in units if unit.names & {"transition", "reward_func"} or isinstance(unit.node, ast.ClassDef)]
    base = [unit for unit in units if REWARD_FUNCS not in unit.names]
    needed = needed_units([*kept, *own], base)
    rest = [unit for unit in base if unit in kept or unit in needed or isinstance(unit.node, _IMPORTS)]
    if len(rest) == len(base) or not all(unit in rest or _only_binds(unit.node) for unit in base):
        return program
    try:
        return Program.from_text(join_units([*rest, *own]), program.file)
    except InvalidModelError:
        return program


_IMPORTS = (ast.Import, ast.ImportFrom)


def _plain_table(units: Sequence[Unit]) -> dict[str, str] | None:
    """Return the function of each mission where the table of them is written out once, and nothing else touches it."""
    mentions = [unit for unit in units if REWARD_FUNCS in _names(unit.node)]
    if len(mentions) != 1 or mentions[0].names != {REWARD_FUNCS}:
        return None
    display = reward_table(mentions)
    if display is None:
        return None
    table: dict[str, str] = {}
    for key, value in zip(display.keys, display.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str) or not isinstance(value, ast.Name):
            return None
        if key.value in table or sum(value.id in unit.names for unit in units) != 1:
            return None
        table[key.value] = value.id
    return table


def _names(node: ast.stmt) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _looks_around(node: ast.stmt) -> bool:
    for inner in ast.walk(node):
        name = inner.id if isinstance(inner, ast.Name) else inner.attr if isinstance(inner, ast.Attribute) else None
        if name in _LOOKS_AROUND:
            return True
    return False


_PLAIN = (ast.Constant, ast.Name, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Starred, ast.UnaryOp, ast.BinOp)


def _only_binds(node: ast.stmt) -> bool:
    """Return whether all that a statement does is to bind names: who needs none of them can do without it.

    A call, a subscript or a decorator may change what other statements see.
    """
    if isinstance(node, ast.FunctionDef):
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        return not node.decorator_list and all(map(_is_plain, defaults))
    if isinstance(node, ast.Assign):
        return all(map(_is_plain, [*node.targets, node.value]))
    if isinstance(node, ast.AnnAssign):
        return _is_plain(node.target) and (node.value is None or _is_plain(node.value))
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_plain(node: ast.expr) -> bool:
    """Return whether an expression calls nothing and looks nothing up; bodies of lambdas are not evaluated."""
    if isinstance(node, ast.Lambda):
        return all(map(_is_plain, [*node.args.defaults, *filter(None, node.args.kw_defaults)]))
    return isinstance(node, _PLAIN) and all(
        _is_plain(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)
    )
