"""Named tuples become classes with a constructor and one property a field.

Before::

    Point = namedtuple("Point", "x y", defaults=(0,))
    class Move(NamedTuple):
        dx: int
        dy: int = 0

After::

    class Point(.NamedTuple):
        __slots__ = ()
        _fields = __match_args__ = ("x", "y")
        def __new__(.cls, x, y=0): return tuple.__new__(.cls, (x, y))
        _field_defaults = {"y": 0}
        x = property(lambda self: self[0])
        y = property(lambda self: self[1])
    class Move(.NamedTuple):
        ... (the same, around the class's own methods)

A call that is no plain assignment to the tuple's own name becomes a call of a new function that makes the class. One
whose fields are not written out stays a call of the library's ``namedtuple``.
"""

from __future__ import annotations

import ast
import keyword
from dataclasses import dataclass

from wc_engine.compile.rewrites.trees import Imports, constant_value, load, template

__all__ = ["run"]

_FACTORIES = ("collections.namedtuple", "typing.NamedTuple")


def run(tree: ast.Module) -> ast.Module:
    """Rewrite the named tuples of a module."""
    imports = Imports(tree)
    if not imports:
        return tree
    rewriter = _Rewriter(imports)
    rewriter.visit(tree)
    start = next((place for place, node in enumerate(tree.body) if not _is_preamble(node)), len(tree.body))
    tree.body[start:start] = rewriter.makers
    return tree


def _is_preamble(node: ast.stmt) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


@dataclass
class _Description:
    """A named tuple: its name, its fields, the default values of the last ones, and where the source has it."""

    name: str
    fields: list[str]
    defaults: list[ast.expr]
    at: ast.expr

    def body(self) -> list[ast.stmt]:
        """The class body; defaults are taken from the class's own names where they are not constants."""
        names = self.fields[len(self.fields) - len(self.defaults) :]
        return class_body(self.fields, dict(zip(names, self.defaults, strict=True)), self.at)


class _Rewriter(ast.NodeTransformer):
    def __init__(self, imports: Imports) -> None:
        self._imports = imports
        self.makers: list[ast.stmt] = []

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        found = self._described(node.value) if len(node.targets) == 1 else None
        target = node.targets[0]
        is_plain = found is not None and all(isinstance(item, ast.Constant) for item in found.defaults)
        if found is not None and is_plain and isinstance(target, ast.Name) and target.id == found.name:
            return _class(found.name, [load(".NamedTuple", node)], found.body(), node)
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        found = self._described(node)
        if found is None:
            self.generic_visit(node)
            return node
        number = len(self.makers) + 1
        parameters = [f".default{place}" for place in range(len(found.defaults))]
        defaults = [self.visit(item) for item in found.defaults]
        found.defaults = [load(name, node) for name in parameters]
        body = [*template(f"__qualname__ = {found.name!r}", node), *found.body()]
        name = f".make_{found.name}{number}"
        (maker,) = template("def MAKER(): pass", node)
        assert isinstance(maker, ast.FunctionDef)
        maker.name = name
        maker.args.args = [ast.copy_location(ast.arg(item), node) for item in parameters]
        maker.body = [
            _class(found.name, [load(".NamedTuple", node)], body, node),
            ast.copy_location(ast.Return(load(found.name, node)), node),
        ]
        self.makers.append(maker)
        return ast.copy_location(ast.Call(load(name, node), defaults, []), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        origins = [self._imports.origin(base) for base in node.bases]
        self.generic_visit(node)
        if "typing.NamedTuple" not in origins:
            return node
        fields: list[str] = []
        defaults: dict[str, ast.expr] = {}
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                name = statement.target.id
                fields.append(name)
                if statement.value is not None:
                    is_constant = isinstance(statement.value, ast.Constant)
                    defaults[name] = statement.value if is_constant else load(name, statement)
        start = 1 if ast.get_docstring(node) is not None else 0
        generated = class_body(fields, defaults, node)
        node.body[start:start] = generated[:2]
        node.body.extend(generated[2:])
        node.bases[origins.index("typing.NamedTuple")] = load(".NamedTuple", node)
        return node

    def _described(self, node: ast.expr | None) -> _Description | None:
        """Read a call of namedtuple() or NamedTuple(); None where it is none, or not all is written out."""
        origin = self._imports.called(node)
        if origin not in _FACTORIES or not isinstance(node, ast.Call) or len(node.args) != 2:
            return None
        options = {item.arg: item.value for item in node.keywords}
        if options.keys() - {"defaults", "module"}:
            return None
        try:
            name = constant_value(node.args[0])
            fields = _field_names(node.args[1], typed=origin == "typing.NamedTuple")
        except ValueError:
            return None
        defaults = options.get("defaults", ast.Constant(None))
        if isinstance(defaults, ast.Constant) and defaults.value is None:
            defaults = ast.Tuple([], ast.Load())
        if not isinstance(defaults, (ast.Tuple, ast.List)) or any(isinstance(i, ast.Starred) for i in defaults.elts):
            return None
        if len(defaults.elts) > len(fields) or not _are_fields([name]) or not _are_fields(fields):
            return None
        return _Description(str(name), [str(item) for item in fields], defaults.elts, node)


def _field_names(node: ast.expr, typed: bool) -> list[object]:
    """The names of the fields, given as a text, as a list, or with their types."""
    if typed:
        pairs = node.elts if isinstance(node, (ast.List, ast.Tuple)) else []
        return [constant_value(pair.elts[0]) for pair in pairs if isinstance(pair, ast.Tuple) and pair.elts]
    fields = constant_value(node)
    if isinstance(fields, str):
        return list(fields.replace(",", " ").split())
    if isinstance(fields, (list, tuple)):
        return list(fields)
    raise ValueError("no list of names")


def _are_fields(names: list[object]) -> bool:
    """Whether Python would take all of them as names of fields."""
    texts = [name for name in names if isinstance(name, str) and name.isidentifier() and not keyword.iskeyword(name)]
    return len(set(texts)) == len(names) and not any(text.startswith("_") for text in texts)


def _class(name: str, bases: list[ast.expr], body: list[ast.stmt], at: ast.AST) -> ast.stmt:
    return ast.copy_location(ast.ClassDef(name=name, bases=bases, keywords=[], body=body, decorator_list=[]), at)


def class_body(fields: list[str], defaults: dict[str, ast.expr], at: ast.AST) -> list[ast.stmt]:
    """Return the members of a named tuple: two assignments, and what has to stand behind the class's own members."""
    names = tuple(fields)
    parameters = ", ".join(["CLS", *(f"{name}=DEFAULT_{name}" if name in defaults else name for name in fields)])
    values = "".join(f"{name}, " for name in fields)
    table = ", ".join(f"{name!r}: DEFAULT_{name}" for name in fields if name in defaults)
    properties = "".join(f"{name} = property(lambda self: self[{place}])\n" for place, name in enumerate(fields))
    text = (
        f"__slots__ = ()\n_fields = __match_args__ = {names!r}\n"
        f"def __new__({parameters}):\n    return tuple.__new__(CLS, ({values}))\n"
        f"_field_defaults = {{{table}}}\n{properties}"
    )
    return template(text, at, {"CLS": ".cls", **{f"DEFAULT_{name}": value for name, value in defaults.items()}})
