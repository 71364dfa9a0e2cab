"""Half a program: the functions that only its other half can reach are replaced by stubs.

What a function can reach is read off names, on the safe side: a name counts wherever it occurs, as an attribute or a
string as well. Module-level code stays, and so does everything that it or a class mentions: only the bodies of
functions and lambdas change, and imports go that nothing else uses. Where names can be looked up in ways that the text
does not show (``globals``), there is no half.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from enum import Enum
from typing import TypeGuard

from wc_engine.models.parsing import copied_tree
from wc_engine.models.program import PURE_MODULES, REWARD_FUNCS, Program

__all__ = ["Part", "half_of"]


class Part(Enum):
    """One of the two functions of a program, with all that it uses."""

    TRANSITION = "transition"
    REWARD = "reward_func"


_ROOTS = {Part.TRANSITION: {"transition"}, Part.REWARD: {"reward_func", REWARD_FUNCS}}
_OPENING = {"globals", "locals", "eval", "exec", "__globals__", "__builtins__", "get_type_hints"}
_OPENING_WITHOUT_ARGUMENTS = {"vars", "dir"}


def half_of(program: Program, part: Part) -> tuple[Program, frozenset[str]] | None:
    """Return a program that does the same in one part, and the names of the functions that it has stubs for.

    None where the other part has no functions of its own, or where what a function reaches cannot be told.
    """
    tree = copied_tree(program.tree)
    reached = _reached(tree, _ROOTS[part])
    if reached & _OPENING:
        return None
    dropped: set[str] = set()
    stubbed: set[str] = set()
    for node in tree.body:
        if _is_plain_function(node) and node.name not in reached:
            dropped |= _mentioned(node.body)
            node.body = [ast.Return(_nothing())]
            stubbed.add(node.name)
        elif (names := _bound_to_functions(node)) and not names & reached:
            for inner in list(ast.walk(node)):
                if isinstance(inner, ast.Lambda):
                    dropped |= _mentioned([inner.body])
                    inner.body = _nothing()
                    stubbed |= names
    if not stubbed:
        return None
    tree.body = [node for node in tree.body if _keep(node, dropped - reached)]
    text = ast.unparse(ast.fix_missing_locations(tree))
    return Program.from_text(text, program.file), frozenset(stubbed)


def _reached(tree: ast.Module, roots: set[str]) -> set[str]:
    """Return all names that occur in what module-level code, classes and the roots can reach."""
    uses: dict[str, set[str]] = {}
    waiting = set(roots)
    for node in tree.body:
        if _is_plain_function(node):
            uses.setdefault(node.name, set()).update(_mentioned(node.body))
            waiting |= _mentioned([node.args, *([node.returns] if node.returns else [])])
        elif names := _bound_to_functions(node):
            if isinstance(node, ast.AnnAssign):
                waiting |= _mentioned([node.annotation])
            for name in names:
                uses.setdefault(name, set()).update(_mentioned([node]))
        elif not isinstance(node, (ast.Import, ast.ImportFrom)):
            waiting |= _mentioned([node])
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= uses.get(name, set()) - reached
    return reached


def _mentioned(nodes: Iterable[ast.AST]) -> set[str]:
    names: set[str] = set()
    harmless: set[int] = set()
    for node in (inner for outer in nodes for inner in ast.walk(outer)):
        match node:
            case ast.Call(func=ast.Name(id=name) as function, args=[_, *_]) if name in _OPENING_WITHOUT_ARGUMENTS:
                harmless.add(id(function))
            case ast.Name(id=name) if name in _OPENING_WITHOUT_ARGUMENTS:
                names |= set() if id(node) in harmless else _OPENING
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                names.add(name)
            case ast.Global(names=several):
                names.update(several)
    return names


def _is_plain_function(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:  # a decorator may put a function anywhere
    return isinstance(node, ast.FunctionDef) and not node.decorator_list


def _bound_to_functions(node: ast.stmt) -> set[str]:
    """Return the names that a statement binds where all it does is bind them to functions, or to a table of them."""
    match node:
        case ast.Assign(targets=targets, value=value) if all(isinstance(target, ast.Name) for target in targets):
            names = {target.id for target in targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            names = {name}
        case _:
            return set()
    return names if _is_table(value) else set()


def _is_table(value: ast.expr) -> bool:
    match value:
        case ast.Name() | ast.Constant():
            return True
        case ast.Lambda(args=ast.arguments(defaults=[], kw_defaults=[])):
            return True
        case ast.Dict(keys=keys, values=values):
            return all(isinstance(key, ast.Constant) for key in keys) and all(map(_is_table, values))
        case _:
            return False


def _keep(node: ast.stmt, unused: set[str]) -> bool:
    """Drop from an import what is not used; return whether anything is left of the statement.

    A module that native code has no part of was imported by the interpreter already, so the import cannot fail.
    """
    if isinstance(node, ast.Import):
        node.names = [one for one in node.names if _is_pure(one.name) or (one.asname or _root(one.name)) not in unused]
        return bool(node.names)
    if isinstance(node, ast.ImportFrom) and not _is_pure(node.module or ""):
        node.names = [one for one in node.names if (one.asname or one.name) not in unused]
        return bool(node.names)
    return True


def _is_pure(module: str) -> bool:
    return _root(module) in PURE_MODULES


def _root(module: str) -> str:
    return module.partition(".")[0]


def _nothing() -> ast.expr:
    """What a stub returns: a reward and done. It is never called for anything else."""
    return ast.Tuple([ast.Constant(0.0), ast.Constant(False)], ast.Load())
