"""Assignment, augmented assignment and deletion, by kind of target."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import STATEMENTS, Frame, lowers
from wc_engine.compile.boxed.lowering.expressions import BINARY, binary, get_attribute
from wc_engine.compile.boxed.lowering.loops import begin_pair_step, begin_step, is_pair
from wc_engine.compile.boxed.lowering.sieves import Sieve
from wc_engine.compile.boxed.scopes import GlobalName, Variable

__all__ = ["assign", "assign_next", "set_attribute"]


def assign(frame: Frame, target: ast.expr, value: str) -> None:
    """Bind a value to a target."""
    text = frame.text
    match target:
        case ast.Name():
            frame.store_name(target.id, value)
        case ast.Attribute():
            slot = _keep(frame, value, target.value)
            owner = frame.expression(target.value)
            value = text.load(slot) if slot else value
            set_attribute(frame, owner, target.attr, value)
        case ast.Subscript():
            slot = _keep(frame, value, target.slice)
            owner, key = frame.values([target.value, target.slice])
            value = text.load(slot) if slot else value
            text.call_status("wcb_store_subscript", f"i64 {owner}", f"i64 {key}", f"i64 {value}")
        case ast.Tuple() | ast.List():
            _unpack(frame, target.elts, value)
        case ast.Starred():
            assign(frame, target.value, value)
        case _:
            frame.tables.unsupported(target, "this target of an assignment is not translated")


def assign_next(
    frame: Frame, target: ast.expr, iterator: str, head: str, done: str, sieve: Sieve | None = None
) -> None:
    """Place a loop's head, and bind its target to the next item, or go to ``done`` where there is none."""
    if is_pair(target):
        assert isinstance(target, (ast.Tuple, ast.List))
        items = begin_pair_step(frame, iterator, head, done)
        for part, item in zip(target.elts, items, strict=True):
            assign(frame, part, item)
    else:
        assign(frame, target, begin_step(frame, iterator, head, done, sieve))


def set_attribute(frame: Frame, owner: str, name: str, value: str) -> None:
    """Store an attribute."""
    if name.startswith("__") or frame.tables.slot(name) is None:
        frame.text.call_status("wcb_setattr", f"i64 {owner}", f"i32 {frame.tables.name(name)}", f"i64 {value}")
    else:
        frame.helper_status(f"set.{name}", owner, value)


def _keep(frame: Frame, value: str, node: ast.expr) -> str | None:
    """Put a value into a slot where evaluating ``node`` may yield."""
    if not frame.generator or not any(isinstance(item, (ast.Yield, ast.YieldFrom)) for item in ast.walk(node)):
        return None
    slot = frame.hidden("kept")
    frame.text.store(value, slot)
    return slot


def _unpack(frame: Frame, targets: list[ast.expr], value: str) -> None:
    text = frame.text
    star = next((place for place, item in enumerate(targets) if isinstance(item, ast.Starred)), None)
    before, after = (len(targets), -1) if star is None else (star, len(targets) - star - 1)
    row = text.argument_room(max(len(targets), 1))
    if star is None:
        text.call_status(frame.helper(f"unpack.{before}"), f"i64 {value}", f"ptr {row}")
    else:
        text.call_status("wcb_unpack", f"i64 {value}", f"i32 {before}", f"i32 {after}", f"ptr {row}")
    items = [text.load(row if not place else text.field(row, 8 * place)) for place in range(len(targets))]
    for target, item in zip(targets, items, strict=True):
        assign(frame, target, item)


@lowers(STATEMENTS, ast.Assign)
def assignment(frame: Frame, node: ast.Assign) -> None:
    """``a = b = c``; displays on both sides need no tuple."""
    pairs = _pairs(node)
    if pairs is not None:
        values = frame.values([value for _, value in pairs])
        for (target, _), value in zip(pairs, values, strict=True):
            assign(frame, target, value)
        return
    value = frame.expression(node.value)
    for target in node.targets:
        assign(frame, target, value)


def _pairs(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]] | None:
    target, value = node.targets[0], node.value
    if (
        len(node.targets) != 1
        or not isinstance(target, (ast.Tuple, ast.List))
        or not isinstance(value, (ast.Tuple, ast.List))
    ):
        return None
    if len(target.elts) != len(value.elts) or any(
        isinstance(item, ast.Starred) for item in (*target.elts, *value.elts)
    ):
        return None
    return list(zip(target.elts, value.elts, strict=True))


@lowers(STATEMENTS, ast.AnnAssign)
def annotated(frame: Frame, node: ast.AnnAssign) -> None:
    """``a: int = b``; the annotation is not evaluated."""
    if node.value is not None:
        assign(frame, node.target, frame.expression(node.value))


@lowers(STATEMENTS, ast.AugAssign)
def augmented(frame: Frame, node: ast.AugAssign) -> None:
    """``a += b``: the target's parts are evaluated once."""
    text, target, operator = frame.text, node.target, BINARY[type(node.op)]
    if isinstance(target, ast.Name):
        left, right = frame.values([ast.copy_location(ast.Name(target.id, ast.Load()), target), node.value])
        frame.store_name(target.id, binary(frame, operator, left, right, inplace=True))
        return
    if any(isinstance(item, (ast.Yield, ast.YieldFrom)) for item in ast.walk(node)):
        frame.tables.unsupported(node, "a yield inside an augmented assignment is not translated")
    owner = frame.expression(target.value)
    if isinstance(target, ast.Attribute):
        old = get_attribute(frame, owner, target.attr)
        new = binary(frame, operator, old, frame.expression(node.value), inplace=True)
        set_attribute(frame, owner, target.attr, new)
        return
    key = frame.expression(target.slice)
    old = frame.helper_value("subscript", owner, key)
    new = binary(frame, operator, old, frame.expression(node.value), inplace=True)
    text.call_status("wcb_store_subscript", f"i64 {owner}", f"i64 {key}", f"i64 {new}")


@lowers(STATEMENTS, ast.Delete)
def deletion(frame: Frame, node: ast.Delete) -> None:
    """``del a, b.c, d[e]``."""
    for target in node.targets:
        _delete(frame, target)


def _delete(frame: Frame, target: ast.expr) -> None:
    text = frame.text
    match target:
        case ast.Name():
            _delete_name(frame, target)
        case ast.Attribute():
            owner = frame.expression(target.value)
            text.call_status("wcb_delattr", f"i64 {owner}", f"i32 {frame.tables.name(target.attr)}")
        case ast.Subscript():
            owner, key = frame.values([target.value, target.slice])
            text.call_status("wcb_delete_subscript", f"i64 {owner}", f"i64 {key}")
        case ast.Tuple() | ast.List():
            for item in target.elts:
                _delete(frame, item)
        case _:
            frame.tables.unsupported(target, "this target of del is not translated")


def _delete_name(frame: Frame, target: ast.Name) -> None:
    scope = frame.scope
    if scope.is_class:
        assert frame.namespace is not None
        namespace = frame.text.load(frame.namespace)
        frame.text.call_status("wcb_dict_delete", f"i64 {namespace}", f"i64 {frame.constant(target.id)}")
        return
    found = scope.resolve(target.id)
    if isinstance(found, GlobalName):
        frame.load_global(found.name)  # NameError where it is unbound
        frame.text.call_status("wcb_set_global", f"i32 {frame.tables.global_index(frame.module, found.name)}", "i64 0")
    else:
        assert isinstance(found, Variable)
        frame.load_name(target.id)
        frame.write_variable(found, "0")
