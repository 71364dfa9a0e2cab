"""Calls: of functions known at compile time directly, of builtins by number, of anything else through the runtime."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import EXPRESSIONS, Frame, lowers
from wc_engine.compile.boxed.layout import NONE
from wc_engine.compile.boxed.lowering.builtin_calls import short_call
from wc_engine.compile.boxed.lowering.comprehensions import consume
from wc_engine.compile.boxed.lowering.functions import direct_symbol
from wc_engine.compile.boxed.scopes import FunctionNode, GlobalName, Variable, consumes

__all__: list[str] = []


@lowers(EXPRESSIONS, ast.Call)
def call(frame: Frame, node: ast.Call) -> str:
    """``f(a, *b, c=d, **e)``."""
    function = node.func
    if consumes(node) and frame.scope.children[node.args[0]].inlined:
        return consume(frame, node)
    if any(isinstance(item, ast.Starred) for item in node.args) or any(item.arg is None for item in node.keywords):
        return _spread(frame, node)
    if isinstance(function, ast.Attribute):
        static = frame.links.module_builtin(frame, function)
        if static is not None:
            return _row(frame, node, "wcb_call_builtin_row", f"i32 {static}")
        member = frame.links.module_member(frame, function)
        if member is not None:
            return _row(frame, node, "wcb_call_row", f"i64 {member}")
        return _object_setattr(frame, node, function) or _method(frame, node, function)
    if isinstance(function, ast.Name):
        found = frame.scope.resolve(function.id)
        in_class = frame.scope.is_class and function.id in frame.scope.bindings
        if isinstance(found, GlobalName) and not in_class and not frame.links.binds(frame.module, function.id):
            return _builtin(frame, node, function)
        if not in_class:
            direct = _direct(frame, node, found, function.id)
            if direct is not None:
                return direct
    return _row(frame, node, "wcb_call_row", None)


def _row(frame: Frame, node: ast.Call, function: str, callee: str | None) -> str:
    """Evaluate callee and arguments, put them in a row and call the runtime."""
    first = [node.func] if callee is None else []
    values = frame.values([*first, *node.args, *(item.value for item in node.keywords)])
    if callee is None:
        callee = f"i64 {values.pop(0)}"
    return _call_row(frame, node, function, callee, values)


def _call_row(frame: Frame, node: ast.Call, function: str, callee: str, values: list[str]) -> str:
    keywords = [frame.constant(str(item.arg)) for item in node.keywords]
    counts = (f"i32 {len(node.args)}", f"i32 {len(keywords)}")
    return frame.text.call(function, callee, *counts, f"ptr {frame.text.arguments(values + keywords)}")


def _method(frame: Frame, node: ast.Call, function: ast.Attribute) -> str:
    values = frame.values([function.value, *node.args, *(item.value for item in node.keywords)])
    target = values.pop(0)
    name = frame.tables.name(function.attr)
    if function.attr == "append" and len(values) == 1 and not node.keywords:
        return frame.helper_value("append", target, values[0])
    return _call_row(frame, node, "wcb_call_method_row", f"i64 {target}, i32 {name}", values)


def _object_setattr(frame: Frame, node: ast.Call, function: ast.Attribute) -> str | None:
    """``object.__setattr__(a, "b", c)``."""
    if function.attr != "__setattr__" or len(node.args) != 3 or node.keywords:
        return None
    name, owner = node.args[1], function.value
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str) or name.value.startswith("__"):
        return None
    if not isinstance(owner, ast.Name) or owner.id != "object" or not frame.links.is_builtin(frame, "object"):
        return None
    if frame.tables.slot(name.value) is None:
        return None
    target, value = frame.values([node.args[0], node.args[2]])
    frame.helper_status(f"put.{name.value}", target, value)
    return NONE


def _spread(frame: Frame, node: ast.Call) -> str:
    text = frame.text
    callee = frame.expression(node.func)
    positional = text.call("wcb_new_list", "i64 0", "ptr null", hint="list")
    for item in node.args:
        starred = isinstance(item, ast.Starred)
        value = frame.expression(item.value if isinstance(item, ast.Starred) else item)
        text.call_status("wcb_list_extend" if starred else "wcb_list_append", f"i64 {positional}", f"i64 {value}")
    keywords = "0"
    if node.keywords:
        keywords = text.call("wcb_new_dict", "i64 0", "ptr null", hint="dict")
        merged = False
        for keyword in node.keywords:
            value = frame.expression(keyword.value)
            name = "" if keyword.arg is None else frame.constant(keyword.arg)
            if not name:
                merged = True
                text.call_status("wcb_dict_merge_keywords", f"i64 {keywords}", f"i64 {value}")
            elif merged:  # a mapping may have given it
                one = text.call("wcb_new_dict", "i64 1", f"ptr {text.arguments([name, value])}", hint="dict")
                text.call_status("wcb_dict_merge_keywords", f"i64 {keywords}", f"i64 {one}")
            else:
                text.call_status("wcb_dict_set", f"i64 {keywords}", f"i64 {name}", f"i64 {value}")
    return text.call("wcb_call_spread", f"i64 {callee}", f"i64 {positional}", f"i64 {keywords}")


def _builtin(frame: Frame, node: ast.Call, function: ast.Name) -> str:
    text = frame.text
    plain = not node.keywords
    match function.id, len(node.args):
        case "super", 0 if plain:
            return _super(frame, node)
        case "isinstance", 2 if plain:
            value, types = frame.values(node.args)
            status = frame.helper_status("isinstance", value, types)
            return text.value(f"select i1 {text.truth_of_status(status)}, i64 18, i64 10")
        case "type", 1 if plain:
            return text.call("wcb_type_value", f"i64 {frame.expression(node.args[0])}")
        case (("min" | "max"), 2) if plain:
            return frame.helper_value(function.id, *frame.values(node.args))
        case "len", 1 if plain:
            return frame.helper_value("len", frame.expression(node.args[0]))
    special = short_call(frame, node, function.id)
    if special is not None:
        return special
    number = frame.tables.runtime.builtins.get(function.id)
    if number is not None:
        return _row(frame, node, "wcb_call_builtin_row", f"i32 {number}")
    return _row(frame, node, "wcb_call_row", f"i64 {frame.links.builtin_value(frame, function.id, function)}")


def _super(frame: Frame, node: ast.Call) -> str:
    scope = frame.scope.frame
    cls = frame.scope.resolve("__class__")
    first = next((item for item in scope.variables.values() if item.is_parameter), None)
    if not isinstance(cls, Variable) or first is None:
        frame.tables.unsupported(node, "super() without arguments has to stand in a method")
    value = frame.load_name("__class__")
    target = frame.read_variable(first)
    callee = frame.links.builtin_value(frame, "super")
    row = frame.text.arguments([value, target])
    return frame.text.call("wcb_call_row", f"i64 {callee}", "i32 2", "i32 0", f"ptr {row}")


def _direct(frame: Frame, node: ast.Call, found: Variable | GlobalName, name: str) -> str | None:
    """Call a function that is known at compile time; None where it is not, or its arguments do not fit plainly."""
    if isinstance(found, Variable):
        definition = found.function
    else:
        definition = frame.links.function(frame.module, name)
    if definition is None:
        return None
    ordered = _matched(node, definition)
    if ordered is None:
        return None
    callee = frame.load_name(name)
    in_source_order = [*node.args, *(item.value for item in node.keywords)]
    values = dict(zip(map(id, in_source_order), frame.values(in_source_order), strict=True))
    arguments = [
        values[id(item)] if id(item) in values else frame.expression(item)  # a default, which is a constant
        for item in ordered
    ]
    symbol = direct_symbol(frame, definition)
    pointer = frame.text.pointer(callee)
    return frame.text.call(symbol, f"ptr {pointer}", *(f"i64 {value}" for value in arguments), hint=name)


def _matched(node: ast.Call, definition: FunctionNode) -> list[ast.expr] | None:
    """The argument of each parameter, or None where that is not plain."""
    parameters = definition.args
    if parameters.vararg or parameters.kwarg or parameters.kwonlyargs or parameters.posonlyargs:
        return None
    names = [item.arg for item in parameters.args]
    if len(node.args) > len(names):
        return None
    given: dict[str, ast.expr] = dict(zip(names, node.args, strict=False))
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg not in names or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    defaults = dict(zip(reversed(names), reversed(parameters.defaults), strict=False))
    for name in names:
        if name not in given:
            default = defaults.get(name)
            if not isinstance(default, ast.Constant):
                return None
            given[name] = default
    return [given[name] for name in names]
