"""Reading a dataclass: its options, its fields, and those of its bases."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from wc_engine.compile.rewrites.refusal import Refused
from wc_engine.compile.rewrites.trees import Imports
from wc_engine.models.parsing import parse_expression

__all__ = ["DataClass", "Field", "Options", "read_fields", "read_options"]


@dataclass
class Options:
    """The options of the decorator."""

    init: bool = True
    repr: bool = True
    eq: bool = True
    order: bool = False
    unsafe_hash: bool = False
    frozen: bool = False
    match_args: bool = True
    kw_only: bool = False
    slots: bool = False
    weakref_slot: bool = False


@dataclass
class Field:
    """A field.

    Attributes:
        kind: ``_FIELD``, ``_FIELD_INITVAR`` or ``_FIELD_CLASSVAR``, as Python calls them.
        default: what a parameter's default is, or None. A constant, or a name that means the value where the class
            body ends.
        factory: the expression of the default_factory, or None.
        owner: the class that declares it.
        annotation: its annotation.
        options: the other arguments of ``field()``.
    """

    name: str
    kind: str
    default: ast.expr | None
    factory: ast.expr | None
    owner: DataClass
    annotation: ast.expr
    init: bool = True
    repr: bool = True
    compare: bool = True
    hash: bool | None = None
    kw_only: bool = False
    metadata: ast.expr | None = None


@dataclass(eq=False)
class DataClass:
    """A class of the program.

    Attributes:
        node: its definition.
        options: those of the decorator; None where it is no dataclass.
        mro: its bases that the program defines, itself first.
        fields: all fields of a dataclass, inherited ones included.
        members: the names that its body binds.
        has_unknown_base: a base is defined elsewhere.
    """

    node: ast.ClassDef
    options: Options | None = None
    mro: list[DataClass] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    has_unknown_base: bool = False

    def inherits(self, name: str) -> DataClass | None:
        """Return the base whose body binds a name, or None."""
        bases = (base for base in self.mro[1:] if not (base.options and base.options.slots))
        return next((base for base in bases if name in base.members), None)


def read_options(node: ast.expr, imports: Imports) -> Options | None:
    """Return the options of a decorator, or None where it is not ``dataclass``."""
    if imports.origin(node) == "dataclasses.dataclass":
        return Options()
    if imports.called(node) != "dataclasses.dataclass":
        return None
    assert isinstance(node, ast.Call)
    options = Options()
    for keyword in node.keywords:
        setattr(options, str(keyword.arg), _flag(keyword.value))
    if node.args:
        raise Refused(node, "options of a dataclass are given by name")
    return options


def _flag(node: ast.expr) -> bool:
    if not (isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))):
        raise Refused(node, "options of dataclasses and fields must be written as True or False")
    return bool(node.value)


def read_fields(info: DataClass, imports: Imports) -> None:
    """Fill in the fields of a dataclass, and leave in the body's annotated assignments what the class keeps."""
    for base in reversed(info.mro[1:]):
        info.fields.update(base.fields if base.options is not None else {})
    keyword_only = bool(info.options and info.options.kw_only)
    body: list[ast.stmt] = []
    for statement in info.node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            body.append(statement)
            continue
        origin = _origin_of_annotation(statement.annotation, imports)
        if origin == "dataclasses.KW_ONLY":
            keyword_only = True
            continue
        found = _read_field(info, statement, origin, keyword_only, imports)
        info.fields[found.name] = found
        body.extend(_kept(statement, found))
    info.node.body = body or [ast.copy_location(ast.Pass(), info.node)]


def _origin_of_annotation(node: ast.expr, imports: Imports) -> str:
    """What an annotation stands for, subscripts left out; annotations in quotes are read too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = parse_expression(node.value)
        except SyntaxError:
            return ""
    return imports.origin(node.value if isinstance(node, ast.Subscript) else node)


def _read_field(info: DataClass, node: ast.AnnAssign, origin: str, keyword_only: bool, imports: Imports) -> Field:
    assert isinstance(node.target, ast.Name)
    kinds = {"typing.ClassVar": "_FIELD_CLASSVAR", "dataclasses.InitVar": "_FIELD_INITVAR"}
    found = Field(
        name=node.target.id,
        kind=kinds.get(origin, "_FIELD"),
        default=node.value,
        factory=None,
        owner=info,
        annotation=node.annotation,
        kw_only=keyword_only,
    )
    if imports.called(node.value) == "dataclasses.field":
        assert isinstance(node.value, ast.Call)
        found.default = None
        for keyword in node.value.keywords:
            match keyword.arg:
                case "default":
                    found.default = keyword.value
                case "default_factory":
                    found.factory = keyword.value
                case "hash":
                    is_none = isinstance(keyword.value, ast.Constant) and keyword.value.value is None
                    found.hash = None if is_none else _flag(keyword.value)
                case "init" | "repr" | "compare" | "kw_only":
                    setattr(found, keyword.arg, _flag(keyword.value))
                case "metadata":
                    found.metadata = keyword.value
                case _:
                    raise Refused(keyword.value, "this argument of field() is not known")
    return found


def _kept(node: ast.AnnAssign, found: Field) -> list[ast.stmt]:
    """What stays of a field's line: the value of its default, which the class has as an attribute."""
    value = found.default
    if value is None:
        node.value = None
        return [node]
    node.value = value
    if isinstance(value, ast.Constant) or found.kind == "_FIELD_CLASSVAR":
        return [node]
    found.default = ast.copy_location(ast.Name(found.name, ast.Load()), value)
    if found.kind != "_FIELD":
        return [node]
    check = ast.Call(
        ast.Name(".check_default", ast.Load()), [ast.Constant(found.name), ast.Name(found.name, ast.Load())], []
    )
    return [node, ast.fix_missing_locations(ast.copy_location(ast.Expr(check), node))]
