"""Dataclasses become classes with their methods written out.

Before::

    @dataclass(order=True)
    class Item:
        name: str
        tags: list = field(default_factory=list, compare=False)

After::

    class Item:
        name: str
        tags: list
        __match_args__ = ("name", "tags")
        def __init__(self, name, tags=.missing):
            self.name = name
            self.tags = list() if tags is .missing else tags
        def __repr__(self):
            if .enter_repr(self):
                return "..."
            try:
                return self.__class__.__qualname__ + f"(name={self.name!r}, tags={self.tags!r})"
            finally:
                .leave_repr()
        def __eq__(self, other):
            if other.__class__ is self.__class__:
                return (self.name,) == (other.name,)
            return NotImplemented
        def __lt__(self, other): ...
        __hash__ = None

``__dataclass_fields__`` is made where the program uses it, or derives from a dataclass.
"""

from __future__ import annotations

import ast

from wc_engine.compile.rewrites.dataclass_fields import DataClass, read_fields, read_options
from wc_engine.compile.rewrites.dataclass_methods import members_of
from wc_engine.compile.rewrites.trees import Imports

__all__ = ["run"]

_USES_FIELDS = frozenset(["fields", "asdict", "astuple", "replace", "is_dataclass", "__dataclass_fields__"])


def run(tree: ast.Module, *, in_steps: bool = True) -> ast.Module:
    """Rewrite the dataclasses of a module.

    Args:
        tree: the module.
        in_steps: ``__eq__`` compares field by field; else it compares two tuples, as written above.
    """
    imports = Imports(tree)
    if any(
        read_options(decorator, imports)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
    ):
        _Rewriter(imports, _uses_fields(tree, imports), in_steps).visit(tree)
    return tree


def _uses_fields(tree: ast.Module, imports: Imports) -> bool:
    """Whether the table of fields may be asked for."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            module, _, name = imports.origin(node).rpartition(".")
            if module == "dataclasses" and name in _USES_FIELDS:
                return True
        if isinstance(node, ast.Attribute) and node.attr == "__dataclass_fields__":
            return True
        if isinstance(node, ast.Constant) and node.value == "__dataclass_fields__":
            return True
    return False


class _Rewriter(ast.NodeTransformer):
    """Visits classes in the order in which they are made; ``_scopes`` says what their names mean."""

    def __init__(self, imports: Imports, uses_fields: bool, in_steps: bool) -> None:
        self._imports = imports
        self._uses_fields = uses_fields
        self._in_steps = in_steps
        self._scopes: list[dict[str, DataClass]] = [{}]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self._scopes.append({})
        self.generic_visit(node)
        self._scopes.pop()
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        info = DataClass(node)
        for decorator in list(node.decorator_list):
            options = read_options(decorator, self._imports)
            if options is not None:
                info.options = options
                node.decorator_list.remove(decorator)
        self._scopes.append({})
        self.generic_visit(node)
        self._scopes.pop()
        bases = [self._class_of(base) for base in node.bases]
        info.has_unknown_base = any(
            base is None and not (isinstance(item, ast.Name) and item.id in ("object", ".ABC", "Generic"))
            for base, item in zip(bases, node.bases, strict=True)
        )
        info.has_unknown_base |= any(base.has_unknown_base for base in bases if base is not None)
        info.mro = [info, *_merged([*(base.mro for base in bases if base), [base for base in bases if base]])]
        info.members = _members(node)
        self._scopes[-1][node.name] = info
        if info.options is not None:
            read_fields(info, self._imports)
            node.body.extend(members_of(info, self._uses_fields, self._in_steps))
            info.members = _members(node)
        return node

    def _class_of(self, node: ast.expr) -> DataClass | None:
        if isinstance(node, ast.Subscript):
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        return next((scope[node.id] for scope in reversed(self._scopes) if node.id in scope), None)


def _merged(rows: list[list[DataClass]]) -> list[DataClass]:
    """Merge linearisations, as Python does for ``__mro__``."""
    rows = [list(row) for row in rows if row]
    result: list[DataClass] = []
    while rows:
        best = next((row[0] for row in rows if not any(row[0] in other[1:] for other in rows)), rows[0][0])
        result.append(best)
        rows = [[item for item in row if item is not best] for row in rows]
        rows = [row for row in rows if row]
    return result


def _members(node: ast.ClassDef) -> set[str]:
    names: set[str] = set()
    for statement in node.body:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names.update(item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                names.add(name)
    return names
