"""The methods that a dataclass gets."""

from __future__ import annotations

import ast
import builtins

from wc_engine.compile.rewrites.dataclass_fields import DataClass, Field
from wc_engine.compile.rewrites.refusal import Refused
from wc_engine.compile.rewrites.trees import template

__all__ = ["members_of"]

_MOST_COMPARED = 16
_ORDERINGS = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


def members_of(info: DataClass, uses_fields: bool, in_steps: bool) -> list[ast.stmt]:
    """Return what stands at the end of a dataclass's body: its methods, or the error that Python raises.

    Args:
        info: the class.
        uses_fields: the program may ask for the table of fields.
        in_steps: ``__eq__`` compares field by field, without making tuples of them.
    """
    message = _mistake(info)
    if message is not None:
        error = "ValueError" if message.startswith("eq must") else "TypeError"
        return template(f"raise {error}({message!r})", info.node)
    assert info.options is not None
    options = info.options
    statements: list[ast.stmt] = []
    has_bases = any(base.options is not None for base in info.mro[1:])
    if uses_fields or has_bases or any(_is_dynamic(item) for item in info.fields.values()):
        statements += _table(info)
    if options.match_args and "__match_args__" not in info.members:
        names = tuple(item.name for item in _parameters(info) if not item.kw_only)
        statements += template(f"__match_args__ = {names!r}", info.node)
    if options.init and "__init__" not in info.members:
        statements += _init(info)
    if options.repr and "__repr__" not in info.members:
        statements += _repr(info)
    if options.eq and "__eq__" not in info.members:
        statements += _comparison(info, "__eq__", "==", in_steps)
    if options.order:
        for name, operator in _ORDERINGS.items():
            statements += _comparison(info, name, operator)
    if options.frozen:
        statements += _frozen(info)
    statements += _hash(info)
    if options.slots:
        statements += _slots(info)
    return statements


def _is_dynamic(item: Field) -> bool:
    """Whether the default or its factory has to be read from the table."""
    has_default = item.default is not None and not isinstance(item.default, ast.Constant)
    return has_default or (item.factory is not None and _inlined(item, set()) is None)


def _mistake(info: DataClass) -> str | None:
    """The message of the error that Python raises for the class, or None."""
    assert info.options is not None
    seen_default = ""
    for item in _parameters(info):
        if item.kw_only:
            continue
        if item.default is not None or item.factory is not None or _inherited_default(info, item) is not None:
            seen_default = item.name
        elif seen_default:
            return f"non-default argument {item.name!r} follows default argument"
    for base in info.mro[1:]:
        if base.options is not None and base.options.frozen != info.options.frozen:
            how = "non-frozen dataclass from a frozen" if base.options.frozen else "frozen dataclass from a non-frozen"
            return f"cannot inherit {how} one"
    if info.options.order:
        if not info.options.eq:
            return "eq must be true if order is true"
        for name in _ORDERINGS:
            if name in info.members:
                return f"Cannot overwrite attribute {name} in class {info.node.name}. Consider using total_ordering"
    if info.options.frozen:
        for name in ("__setattr__", "__delattr__"):
            if name in info.members:
                return f"Cannot overwrite attribute {name} in class {info.node.name}"
    return None


def _fields(info: DataClass) -> list[Field]:
    return [item for item in info.fields.values() if item.kind == "_FIELD"]


def _parameters(info: DataClass) -> list[Field]:
    return [item for item in info.fields.values() if item.kind != "_FIELD_CLASSVAR" and item.init]


# __init__


def _inherited_default(info: DataClass, item: Field) -> ast.expr | None:
    """A field that is declared without a value has the one that a base has under its name."""
    if item.owner is not info or item.default is not None or item.factory is not None:
        return None
    base = info.inherits(item.name)
    if base is None:
        return None
    node = ast.Attribute(ast.Name(base.node.name, ast.Load()), item.name, ast.Load())
    return ast.fix_missing_locations(ast.copy_location(node, info.node))


def _from_table(info: DataClass, item: Field, attribute: str) -> ast.expr:
    """A field's default or factory, as the class that declared it keeps it."""
    (statement,) = template(f"{item.owner.node.name}.__dataclass_fields__[{item.name!r}].{attribute}", info.node)
    assert isinstance(statement, ast.Expr)
    return statement.value


def _default(info: DataClass, item: Field) -> ast.expr | None:
    """The default of a field, as an expression at the end of the class body."""
    if item.default is None:
        return _inherited_default(info, item)
    if item.owner is info or isinstance(item.default, ast.Constant):
        return item.default
    return _from_table(info, item, "default")


def _inlined(item: Field, parameters: set[str]) -> ast.expr | None:
    """What a call of the factory is worth, as an expression inside ``__init__``; None where that may differ."""
    factory = item.factory
    if isinstance(factory, ast.Name) and factory.id in ("list", "dict", "set") and hasattr(builtins, factory.id):
        return None if factory.id in parameters else ast.Call(factory, [], [])
    if isinstance(factory, ast.Lambda) and not any(ast.iter_child_nodes(factory.args)):
        names = {node.id for node in ast.walk(factory.body) if isinstance(node, ast.Name)}
        if names <= {"list", "dict", "set", "tuple", "range"} - parameters:
            return factory.body
    return None


def _init(info: DataClass) -> list[ast.stmt]:
    assert info.options is not None
    parameters = _parameters(info)
    taken = {item.name for item in parameters}
    self = ".self" if "self" in taken else "self"
    fillings: dict[str, ast.expr | str] = {"SELF": self}
    head, body = ["SELF"], []
    tail: list[str] = []
    hidden: list[str] = []
    for item in parameters:
        text = item.name
        default = _default(info, item)
        if item.factory is not None:
            text += "=MISSING"
            fillings["MISSING"] = ".missing"
        elif default is not None:
            text += f"=DEFAULT_{item.name}"
            fillings[f"DEFAULT_{item.name}"] = default
        (tail if item.kw_only else head).append(text)
    for item in _fields(info):
        value = item.name
        if item.factory is not None:
            made = f"FACTORY_{item.name}"
            inlined = _inlined(item, taken)
            if inlined is not None:
                fillings[made] = inlined
            else:
                fillings[made] = f".factory_{item.name}"
                hidden.append(f"{made}=__dataclass_fields__[{item.name!r}].default_factory")
                made += "()"
            value = f"{made} if {item.name} is MISSING else {item.name}" if item.init else made
            fillings["MISSING"] = ".missing"
        elif not item.init:
            continue
        if info.options.frozen:
            body.append(f"object.__setattr__(SELF, {item.name!r}, {value})")
        else:
            body.append(f"SELF.{item.name} = {value}")
    body += _after_init(info)
    keyword_only = ["*", *tail, *hidden] if tail or hidden else []
    lines = "".join(f"    {line}\n" for line in body or ["pass"])
    return template(f"def __init__({', '.join([*head, *keyword_only])}):\n{lines}", info.node, fillings)


def _after_init(info: DataClass) -> list[str]:
    """The call of ``__post_init__``, if there may be one."""
    arguments = ", ".join(item.name for item in info.fields.values() if item.kind == "_FIELD_INITVAR")
    call = f"SELF.__post_init__({arguments})"
    if any("__post_init__" in base.members for base in info.mro):
        return [call]
    return [f"if hasattr(SELF, '__post_init__'): {call}"] if info.has_unknown_base else []


# The other methods


def _repr(info: DataClass) -> list[ast.stmt]:
    parts = ", ".join(f"{item.name}={{self.{item.name}!r}}" for item in _fields(info) if item.repr)
    text = (
        "def __repr__(self):\n    if ENTER(self):\n        return '...'\n    try:\n"
        f"        return self.__class__.__qualname__ + f'({parts})'\n    finally:\n        LEAVE()\n"
    )
    return template(text, info.node, {"ENTER": ".enter_repr", "LEAVE": ".leave_repr"})


def _tuple(owner: str, names: list[str]) -> str:
    return "(" + "".join(f"{owner}.{name}, " for name in names) + ")"


def _equality(names: list[str]) -> str:
    """``__eq__``: compares as two tuples of the fields are compared, without making them."""
    lines = [f"mine_{name} = self.{name}" for name in names] + [f"other_{name} = other.{name}" for name in names]
    for name in names:
        lines += [
            f"if not (mine_{name} is other_{name} or mine_{name} == other_{name}):",
            "    return False",
        ]
    body = "".join(f"    {line}\n" for line in (*lines, "return True"))
    return (
        "def __eq__(self, other):\n    if other.__class__ is not self.__class__:\n"
        f"        return NotImplemented\n{body}"
    )


def _comparison(info: DataClass, name: str, operator: str, in_steps: bool = False) -> list[ast.stmt]:
    names = [item.name for item in _fields(info) if item.compare]
    if in_steps and len(names) < _MOST_COMPARED:
        return template(_equality(names), info.node)
    text = (
        f"def {name}(self, other):\n    if other.__class__ is self.__class__:\n"
        f"        return {_tuple('self', names)} {operator} {_tuple('other', names)}\n    return NotImplemented\n"
    )
    return template(text, info.node)


def _hash(info: DataClass) -> list[ast.stmt]:
    """``__hash__``, by Python's table of what unsafe_hash, eq and frozen say of it."""
    assert info.options is not None
    options = info.options
    explicit = "__hash__" in info.members and not _hash_is_none(info)
    if options.unsafe_hash:
        if explicit:
            message = f"Cannot overwrite attribute __hash__ in class {info.node.name}"
            return template(f"raise TypeError({message!r})", info.node)
    elif not options.eq or explicit:
        return []
    elif not options.frozen:
        return template("__hash__ = None", info.node)
    names = [item.name for item in _fields(info) if (item.compare if item.hash is None else item.hash)]
    return template(f"def __hash__(self):\n    return hash({_tuple('self', names)})\n", info.node)


def _hash_is_none(info: DataClass) -> bool:
    """Whether the body says ``__hash__ = None`` beside an ``__eq__``, which is not taken for explicit."""
    values = [
        item.value
        for item in info.node.body
        if isinstance(item, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "__hash__" for target in item.targets)
    ]
    is_none = bool(values) and isinstance(values[-1], ast.Constant) and values[-1].value is None
    return is_none and "__eq__" in info.members


def _frozen(info: DataClass) -> list[ast.stmt]:
    names = tuple(item.name for item in _fields(info))
    test = f"type(self) is __class__ or name in {names!r}" if names else "type(self) is __class__"
    text = (
        f"def __setattr__(self, name, value):\n    if {test}:\n"
        "        raise ERROR(f'cannot assign to field {name!r}')\n    super().__setattr__(name, value)\n"
        f"def __delattr__(self, name):\n    if {test}:\n"
        "        raise ERROR(f'cannot delete field {name!r}')\n    super().__delattr__(name)\n"
    )
    return template(text, info.node, {"ERROR": ".FrozenInstanceError"})


def _slots(info: DataClass) -> list[ast.stmt]:
    """``__slots__``; the class has no attributes for defaults then."""
    for node in info.node.body:
        for inner in ast.walk(node):
            is_super = isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "super"
            if is_super and not inner.args:  # type: ignore[attr-defined]  # is_super says that it is a call
                raise Refused(inner, "super() does not work in Python's dataclasses with slots")
    inherited = {item.name for base in info.mro[1:] if base.options and base.options.slots for item in _fields(base)}
    names = tuple(item.name for item in _fields(info) if item.name not in inherited)
    own = [item for item in _fields(info) if item.owner is info]
    removed = [item.name for item in own if item.default is not None]
    text = f"__slots__ = {names!r}\n" + (f"del {', '.join(removed)}\n" if removed else "")
    return template(text, info.node)


# __dataclass_fields__


def _table(info: DataClass) -> list[ast.stmt]:
    fillings: dict[str, ast.expr | str] = {"FIELD": ".Field", "MISSING": ".missing"}
    rows = [f"**{base.node.name}.__dataclass_fields__" for base in reversed(info.mro[1:]) if base.options is not None]
    for item in info.fields.values():
        if item.owner is not info:
            continue
        values = {"default": _default(info, item), "factory": item.factory, "metadata": item.metadata}
        names = {}
        for key, value in values.items():
            names[key] = "MISSING" if value is None else f"{key.upper()}_{item.name}"
            if value is not None:
                fillings[names[key]] = value
        metadata = "{}" if item.metadata is None else names["metadata"]
        rows.append(
            f"{item.name!r}: FIELD({item.name!r}, {_annotation(item)}, {names['default']}, {names['factory']}, "
            f"{item.init}, {item.repr}, {item.hash}, {item.compare}, {metadata}, {item.kw_only}, {item.kind!r})"
        )
    return template(f"__dataclass_fields__ = {{{', '.join(rows)}}}", info.node, fillings)


def _annotation(item: Field) -> str:
    """What stands for the type of a field: a built-in type itself, else its text."""
    node = item.annotation
    if isinstance(node, ast.Name) and isinstance(getattr(builtins, node.id, None), type):
        return node.id
    if isinstance(node, ast.Constant):
        return repr(node.value)
    return repr(ast.unparse(node))
