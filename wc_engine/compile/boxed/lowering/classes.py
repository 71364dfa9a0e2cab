"""Classes: the body fills a dict, of which the runtime makes the class."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import STATEMENTS, Frame, lowers
from wc_engine.compile.boxed.lowering.functions import qualified_name
from wc_engine.compile.boxed.scopes import Variable

__all__: list[str] = []


@lowers(STATEMENTS, ast.ClassDef)
def class_(frame: Frame, node: ast.ClassDef) -> None:
    """``class``."""
    text = frame.text
    keywords = node.keywords
    if any(isinstance(item, ast.Starred) for item in node.bases) or any(item.arg is None for item in keywords):
        frame.tables.unsupported(node, "bases given by * or ** are not translated")
    decorators = frame.values(node.decorator_list)
    bases = frame.values(node.bases)
    row = text.call("wcb_new_tuple", f"i64 {len(bases)}", f"ptr {text.arguments(bases)}")
    options = "0"
    if keywords:
        values = frame.values([item.value for item in keywords])
        pairs = [
            word for item, value in zip(keywords, values, strict=True) for word in (frame.constant(item.arg), value)
        ]
        options = text.call("wcb_new_dict", f"i64 {len(keywords)}", f"ptr {text.arguments(pairs)}")
    namespace = frame.hidden("namespace")
    text.store(text.call("wcb_new_dict", "i64 0", "ptr null", hint="namespace"), namespace)
    inside = _body(frame, node, namespace)
    name = frame.constant(node.name)
    value = text.call(
        "wcb_new_class", f"i64 {name}", f"i64 {row}", f"i64 {text.load(namespace)}", f"i64 {options}", hint=node.name
    )
    if inside.is_cell:
        frame.write_variable(inside, value)
    for decorator in reversed(decorators):
        value = text.call("wcb_call_row", f"i64 {decorator}", "i32 1", "i32 0", f"ptr {text.arguments([value])}")
    frame.store_name(node.name, value)


def _body(frame: Frame, node: ast.ClassDef, namespace: str) -> Variable:
    """Run the body; return the hidden variable ``__class__`` of its methods."""
    outer_scope, outer_namespace = frame.scope, frame.namespace
    name = qualified_name(outer_scope, node.name)
    frame.scope = outer_scope.children[node]
    frame.namespace = namespace
    inside = frame.scope.variables["__class__"]
    if inside.is_cell:
        frame.new_cell(inside)
    document = ast.get_docstring(node)
    if name != node.name:
        frame.store_name("__qualname__", frame.constant(name))
    frame.store_name("__doc__", "2" if document is None else frame.constant(document))
    frame.statements(node.body)
    frame.scope, frame.namespace = outer_scope, outer_namespace
    return inside
