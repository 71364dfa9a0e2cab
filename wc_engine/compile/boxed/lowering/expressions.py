"""Expressions other than calls, comprehensions, lambdas and yields."""

from __future__ import annotations

import ast
from typing import Any

from wc_engine.compile.boxed.frame import EXPRESSIONS, Frame, lowers, none_or
from wc_engine.compile.boxed.layout import ELLIPSIS, FALSE, NONE, TRUE
from wc_engine.compile.boxed.tables import is_small, small_int

__all__ = ["BINARY", "binary", "constant_value"]

BINARY = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.MatMult: "matmul",
}
"""Operators, in the order of WCB_ADD and so on in value.h."""

_NUMBERS = {name: place for place, name in enumerate(BINARY.values())}
_WITH_HELPER = ("add", "sub", "mul", "and", "or", "xor")
_UNARY = {ast.USub: 0, ast.UAdd: 1, ast.Invert: 2}
_IMMEDIATE: dict[object, str] = {None: NONE, False: FALSE, True: TRUE, Ellipsis: ELLIPSIS}


@lowers(EXPRESSIONS, ast.Constant)
def constant(frame: Frame, node: ast.Constant) -> str:
    """An immediate, or a load from the table of constants."""
    return constant_value(frame, node.value, node)


def constant_value(frame: Frame, value: Any, node: ast.expr) -> str:
    """The word of a constant."""
    if value is None or value is True or value is False or value is Ellipsis:
        return _IMMEDIATE[value]
    if is_small(value):
        return small_int(value)
    if isinstance(value, bytes):
        frame.tables.unsupported(node, "bytes are not translated; use str or tuples of ints")
    if isinstance(value, int):
        frame.tables.unsupported(node, "this int does not fit 62 bits")
    return frame.constant(value)


@lowers(EXPRESSIONS, ast.Name)
def name(frame: Frame, node: ast.Name) -> str:
    """A variable, a global or a builtin; in a class body first what the body has bound."""
    scope = frame.scope
    frame.links.check_value(frame, node)
    if scope.is_class and node.id in scope.bindings and node.id not in scope.global_names:
        return _class_name(frame, node.id)
    return frame.load_name(node.id)


def _class_name(frame: Frame, name: str) -> str:
    text = frame.text
    assert frame.namespace is not None
    slot = frame.hidden("name")
    found = text.value(
        f"call i64 @wcb_dict_get(ptr %ctx, i64 {text.load(frame.namespace)}, i64 {frame.constant(name)})"
    )
    text.store(found, slot)
    outside, done = text.label("outside"), text.label("named")
    text.branch(text.value(f"icmp eq i64 {found}, 0"), outside, done)
    text.place_open(outside)
    text.store(frame.load_name(name), slot)
    text.place(done)
    return text.load(slot)


@lowers(EXPRESSIONS, ast.NamedExpr)
def named(frame: Frame, node: ast.NamedExpr) -> str:
    """``(name := value)``."""
    value = frame.expression(node.value)
    scope = frame.scope
    while scope.parent is not None and isinstance(
        scope.node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    ):
        scope = scope.parent
    inner, frame.scope = frame.scope, scope if scope.frame is frame.scope.frame else frame.scope
    frame.store_name(node.target.id, value)
    frame.scope = inner
    return value


@lowers(EXPRESSIONS, ast.Tuple)
def tuple_display(frame: Frame, node: ast.Tuple) -> str:
    """``a, b``; of constants only, a constant."""
    try:
        return (
            frame.constant(ast.literal_eval(node))
            if all(_is_plain(item) for item in node.elts)
            else _tuple(frame, node)
        )
    except ValueError:
        return _tuple(frame, node)


def _is_plain(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return all(_is_plain(item) for item in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
        return isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return isinstance(node, ast.Constant) and not isinstance(node.value, (bytes, type(Ellipsis)))


def _tuple(frame: Frame, node: ast.Tuple) -> str:
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return frame.text.call("wcb_tuple_of", f"i64 {_list(frame, node.elts)}")
    values = frame.values(node.elts)
    short = {2: "wcb_pair", 3: "wcb_triple"}.get(len(values))
    if short is not None:
        return frame.text.call(short, *(f"i64 {value}" for value in values))
    return frame.text.call("wcb_new_tuple", f"i64 {len(values)}", f"ptr {frame.text.arguments(values)}")


@lowers(EXPRESSIONS, ast.List)
def list_display(frame: Frame, node: ast.List) -> str:
    """``[a, *b]``."""
    return _list(frame, node.elts)


def _list(frame: Frame, items: list[ast.expr]) -> str:
    plain = _plain_prefix(items)
    values = frame.values(items[:plain])
    result = frame.text.call("wcb_new_list", f"i64 {len(values)}", f"ptr {frame.text.arguments(values)}", hint="list")
    for item in items[plain:]:
        starred = isinstance(item, ast.Starred)
        value = frame.expression(item.value if isinstance(item, ast.Starred) else item)
        frame.text.call_status("wcb_list_extend" if starred else "wcb_list_append", f"i64 {result}", f"i64 {value}")
    return result


def _plain_prefix(items: list[ast.expr]) -> int:
    return next((place for place, item in enumerate(items) if isinstance(item, ast.Starred)), len(items))


@lowers(EXPRESSIONS, ast.Set)
def set_display(frame: Frame, node: ast.Set) -> str:
    """``{a, *b}``: elements before the first star are hashed together at the end, as CPython does it."""
    plain = _plain_prefix(node.elts)
    values = frame.values(node.elts[:plain])
    result = frame.text.call("wcb_new_set", f"i64 {len(values)}", f"ptr {frame.text.arguments(values)}", hint="set")
    for item in node.elts[plain:]:
        starred = isinstance(item, ast.Starred)
        value = frame.expression(item.value if isinstance(item, ast.Starred) else item)
        frame.text.call_status("wcb_set_update" if starred else "wcb_set_add", f"i64 {result}", f"i64 {value}")
    return result


@lowers(EXPRESSIONS, ast.Dict)
def dict_display(frame: Frame, node: ast.Dict) -> str:
    """``{k: v, **d}``."""
    text = frame.text
    if None not in node.keys:
        pairs = [item for pair in zip(node.keys, node.values, strict=True) for item in pair if item is not None]
        values = frame.values(pairs)
        return text.call("wcb_new_dict", f"i64 {len(node.keys)}", f"ptr {text.arguments(values)}", hint="dict")
    result = text.call("wcb_new_dict", "i64 0", "ptr null", hint="dict")
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            text.call_status("wcb_dict_merge_mapping", f"i64 {result}", f"i64 {frame.expression(value)}")
        else:
            first, second = frame.values([key, value])
            text.call_status("wcb_dict_set", f"i64 {result}", f"i64 {first}", f"i64 {second}")
    return result


@lowers(EXPRESSIONS, ast.BinOp)
def binary_operation(frame: Frame, node: ast.BinOp) -> str:
    """``a + b``."""
    left, right = frame.values([node.left, node.right])
    return binary(frame, BINARY[type(node.op)], left, right)


def binary(frame: Frame, operator: str, left: str, right: str, *, inplace: bool = False) -> str:
    """The value of an operator; small ints are dealt with in the generated code."""
    if operator in _WITH_HELPER:
        return frame.helper_value(f"i{operator}" if inplace else operator, left, right)
    function = "wcb_inplace" if inplace else "wcb_binary"
    return frame.text.call(function, f"i32 {_NUMBERS[operator]}", f"i64 {left}", f"i64 {right}")


@lowers(EXPRESSIONS, ast.UnaryOp)
def unary_operation(frame: Frame, node: ast.UnaryOp) -> str:
    """``-a``; ``not`` is a condition."""
    if isinstance(node.op, ast.Not):
        return truth_value(frame, node)
    if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        if type(value) is int and is_small(value):
            return small_int(-value)
    return frame.text.call("wcb_unary", f"i32 {_UNARY[type(node.op)]}", f"i64 {frame.expression(node.operand)}")


def truth_value(frame: Frame, node: ast.expr) -> str:
    """A condition as True or False."""
    text = frame.text
    slot = frame.hidden("truth")
    yes, no, done = text.label("true"), text.label("false"), text.label("decided")
    frame.condition(node, yes, no)
    for label, value in ((yes, TRUE), (no, FALSE)):
        text.place_open(label)
        text.store(value, slot)
        text.jump(done)
    text.place_open(done)
    return text.load(slot)


@lowers(EXPRESSIONS, ast.Compare)
def comparison(frame: Frame, node: ast.Compare) -> str:
    """``a < b``: True or False, but for rich comparisons of a program's own, whose value may be anything."""
    if len(node.ops) == 1 and isinstance(node.ops[0], tuple(COMPARE)):
        left, right = frame.values([node.left, node.comparators[0]])
        return frame.helper_value(f"value.{COMPARE[type(node.ops[0])]}", left, right)
    return truth_value(frame, node)


COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Gt: "gt",
    ast.GtE: "ge",
}
"""Comparisons, in the order of WCB_LT and so on in value.h."""


@lowers(EXPRESSIONS, ast.BoolOp)
def boolean_operation(frame: Frame, node: ast.BoolOp) -> str:
    """``a and b``: the operand that decides."""
    text = frame.text
    slot = frame.hidden("operand")
    done = text.label("operand")
    for item in node.values[:-1]:
        value = frame.expression(item)
        text.store(value, slot)
        following = text.label("next")
        if isinstance(node.op, ast.And):
            frame.branch_on(value, following, done)
        else:
            frame.branch_on(value, done, following)
        text.place_open(following)
    text.store(frame.expression(node.values[-1]), slot)
    text.place(done)
    return text.load(slot)


@lowers(EXPRESSIONS, ast.IfExp)
def conditional(frame: Frame, node: ast.IfExp) -> str:
    """``a if c else b``."""
    text = frame.text
    slot = frame.hidden("choice")
    yes, no, done = text.label("then"), text.label("else"), text.label("chosen")
    frame.condition(node.test, yes, no)
    for label, item in ((yes, node.body), (no, node.orelse)):
        text.place_open(label)
        text.store(frame.expression(item), slot)
        text.jump(done)
    text.place_open(done)
    return text.load(slot)


@lowers(EXPRESSIONS, ast.Attribute)
def attribute(frame: Frame, node: ast.Attribute) -> str:
    """``a.b``; of an imported module, what it means there."""
    static = frame.links.module_member(frame, node)
    if static is not None:
        return static
    return get_attribute(frame, frame.expression(node.value), node.attr)


def get_attribute(frame: Frame, value: str, name: str) -> str:
    """The attribute of a value."""
    if name == "__class__" and frame.tables.slot(name) is None:
        return frame.helper_value("class", value)
    if frame.tables.slot(name) is None:
        return frame.text.call("wcb_getattr", f"i64 {value}", f"i32 {frame.tables.name(name)}", hint=name)
    return frame.helper_value(f"get.{name}", value)


@lowers(EXPRESSIONS, ast.Subscript)
def subscript(frame: Frame, node: ast.Subscript) -> str:
    """``a[b]``."""
    container, key = frame.values([node.value, node.slice])
    if isinstance(node.slice, ast.Slice) or (
        isinstance(node.slice, ast.Constant) and type(node.slice.value) is not int
    ):
        return frame.text.call("wcb_subscript", f"i64 {container}", f"i64 {key}")
    return frame.helper_value("subscript", container, key)


@lowers(EXPRESSIONS, ast.Slice)
def slice_value(frame: Frame, node: ast.Slice) -> str:
    """``a:b:c`` as an object."""
    parts = ", ".join(f"i64 {none_or(frame, item)}" for item in (node.lower, node.upper, node.step))
    return frame.text.call("wcb_new_slice", parts)


@lowers(EXPRESSIONS, ast.JoinedStr)
def formatted_string(frame: Frame, node: ast.JoinedStr) -> str:
    """An f-string."""
    if not node.values:
        return frame.constant("")
    values = frame.values(node.values)
    return frame.text.call("wcb_join", f"i64 {len(values)}", f"ptr {frame.text.arguments(values)}", hint="text")


@lowers(EXPRESSIONS, ast.FormattedValue)
def formatted_value(frame: Frame, node: ast.FormattedValue) -> str:
    """One field of an f-string."""
    value = frame.expression(node.value)
    spec = "0" if node.format_spec is None else frame.expression(node.format_spec)
    conversion = max(node.conversion, 0)
    return frame.text.call("wcb_format_value", f"i64 {value}", f"i32 {conversion}", f"i64 {spec}")
