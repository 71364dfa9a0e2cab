"""Calls of builtins that have a shorter way than through a row of arguments."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import Frame
from wc_engine.compile.boxed.layout import NONE
from wc_engine.compile.boxed.lowering.expressions import get_attribute, truth_value
from wc_engine.compile.boxed.lowering.targets import set_attribute

__all__ = ["short_call"]

_CONVERSIONS = ("int", "str", "list", "tuple", "set", "frozenset")


def short_call(frame: Frame, node: ast.Call, name: str) -> str | None:
    """Lower the call of a builtin; None where it has no shorter way. Arguments have no stars."""
    if node.keywords:
        return None
    match name, len(node.args):
        case ("getattr", 2 | 3) | ("hasattr", 2) | ("setattr", 3):
            return _named_attribute(frame, node, name)
        case (("list" | "dict" | "set"), 0):
            return frame.text.call(f"wcb_new_{name}", "i64 0", "ptr null", hint=name)
        case "bool", 1:
            return truth_value(frame, node.args[0])
        case _, 1 if name in _CONVERSIONS:
            number = frame.tables.runtime.types[name]
            return frame.text.call("wcb_convert", f"i32 {number}", f"i64 {frame.expression(node.args[0])}")
    return None


def _named_attribute(frame: Frame, node: ast.Call, name: str) -> str | None:
    """``getattr``, ``hasattr`` or ``setattr`` with a constant name."""
    attribute = node.args[1]
    if not isinstance(attribute, ast.Constant) or not isinstance(attribute.value, str):
        return None
    if not attribute.value.isidentifier():
        return None
    text, values = frame.text, frame.values([node.args[0], *node.args[2:]])
    number = f"i32 {frame.tables.name(attribute.value)}"
    if name == "setattr":
        set_attribute(frame, values[0], attribute.value, values[1])
        return NONE
    if name == "hasattr":
        found = text.truth_of_status(text.call_status("wcb_has_attribute", f"i64 {values[0]}", number))
        return text.value(f"select i1 {found}, i64 18, i64 10")
    if len(values) == 1:
        return get_attribute(frame, values[0], attribute.value)
    return text.call("wcb_getattr_or", f"i64 {values[0]}", number, f"i64 {values[1]}")
