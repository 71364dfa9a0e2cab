"""Loops that fill dicts: what each round puts in is taken out of the loop and becomes a visit of its own.

before::

    for e in state:
        if e.name == 'Wall': continue
        place = (e.x, e.y)
        grid.setdefault(place, []).append(e)
        number += 1

after::

    grid takes, as elements of its lists, ((e.x, e.y), e) for e in state if not e.name == 'Wall'
    for e in state:
        if e.name == 'Wall': continue
        place = (e.x, e.y)
        number += 1

Only where nobody can tell: keys, values and conditions depend on nothing that the rest of the loop changes, and the
rest does not look at the dict.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from wc_engine.models.parsing import copied_tree, parse_expression

__all__ = ["Filling", "Rounds", "Split", "calls_are_pure", "rounds_of", "split_loop"]

_PURE_CALLS = frozenset(
    [
        "isinstance",
        "len",
        "getattr",
        "hasattr",
        "abs",
        "min",
        "max",
        "tuple",
        "str",
        "int",
        "bool",
        "type",
        "any",
        "all",
    ]
)
_PURE_METHODS = frozenset(["startswith", "endswith", "lower", "upper", "split", "strip", "replace", "get", "index"])
_GROWING = frozenset({"append", "add", "extend"})
_FORBIDDEN = (
    ast.Break,
    ast.Return,
    ast.Yield,
    ast.YieldFrom,
    ast.Raise,
    ast.Try,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Global,
    ast.Nonlocal,
    ast.NamedExpr,
    ast.Lambda,
    ast.Await,
    ast.Import,
    ast.ImportFrom,
    ast.With,
)


@dataclass(frozen=True, slots=True)
class Filling:
    """What each round of a loop puts in a dict.

    Attributes:
        name: the variable that holds the dict.
        group: "" for ``name[key] = value``; else the kind of group that ``value`` becomes a part of.
        fresh: whether the dict must be one that makes missing groups by itself.
        key: the key, of the loop's target.
        value: the value.
        conditions: what must hold.
        node: the statement.
    """

    name: str
    group: str
    fresh: bool
    key: ast.expr
    value: ast.expr
    conditions: tuple[ast.expr, ...]
    node: ast.stmt


@dataclass(frozen=True, slots=True)
class Split:
    """A loop's dict fillings, and what remains of its body; ``rest`` is empty where nothing does."""

    fillings: tuple[Filling, ...]
    rest: tuple[ast.stmt, ...]
    names: tuple[str, ...]


def split_loop(node: ast.For) -> Split | None:
    """Return what a loop puts in dicts, apart from the rest of it; None where that cannot be told apart."""
    if node.orelse or any(isinstance(inner, _FORBIDDEN) for part in node.body for inner in ast.walk(part)):
        return None
    splitter = _Splitter(node)
    rest = splitter.block(node.body, (), top=True)
    if not splitter.found or not splitter.is_independent(rest):
        return None
    trivial = all(splitter.is_definition(part) or isinstance(part, (ast.Continue, ast.Pass)) for part in _leaves(rest))
    names = (*splitter.targets, *splitter.definitions)
    return Split(tuple(splitter.found), () if trivial else tuple(rest), names)


@dataclass(frozen=True, slots=True)
class Rounds:
    """A loop each round of which ends with putting one item in a dict.

    Attributes:
        name: the variable that holds the dict.
        loop: the loop without that statement.
        pair: the key and the value.
        locals: the variables that the loop assigns.
    """

    name: str
    loop: ast.For
    pair: ast.Tuple
    locals: tuple[str, ...]


def rounds_of(node: ast.For) -> Rounds | None:
    """Return a loop as rounds that end with ``name[key] = value``; None where it is not such."""
    if node.orelse or any(isinstance(inner, (*_FORBIDDEN, ast.Continue)) for p in node.body for inner in ast.walk(p)):
        return None
    *before, last = node.body
    found = _assignment(last) if before else None
    if found is None or found[1]:
        return None
    name, _, _, key, value = found
    used = _names(*before, node.target, key, value)
    assigned = [
        inner.id
        for part in (node.target, *before)
        for inner in ast.walk(part)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, (ast.Store, ast.Del))
    ]
    if name in used:
        return None
    loop = ast.copy_location(ast.For(node.target, node.iter, before, []), node)
    return Rounds(name, loop, ast.copy_location(ast.Tuple([key, value], ast.Load()), last), tuple(assigned))


def _leaves(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for part in body:
        if isinstance(part, ast.If):
            yield from _leaves(part.body)
            yield from _leaves(part.orelse)
        else:
            yield part


def _names(*nodes: ast.AST) -> set[str]:
    return {inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)}


class _Substitution(ast.NodeTransformer):
    def __init__(self, definitions: dict[str, ast.expr]) -> None:
        self._definitions = definitions

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copied_tree(self._definitions.get(node.id, node))


@dataclass(slots=True)
class _Splitter:
    node: ast.For
    found: list[Filling] = field(default_factory=list)
    definitions: dict[str, ast.expr] = field(default_factory=dict)
    targets: tuple[str, ...] = field(init=False)
    _assigned: Counter[str] = field(init=False)
    _defining: list[ast.stmt] = field(default_factory=list)
    _tests: list[ast.expr] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.targets = tuple(_names(self.node.target))
        self._assigned = Counter(
            inner.id
            for part in self.node.body
            for inner in ast.walk(part)
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, (ast.Store, ast.Del))
        )

    # ---- taking apart --------------------

    def block(self, body: list[ast.stmt], conditions: tuple[ast.expr, ...], *, top: bool) -> list[ast.stmt]:
        """Take the fillings out of some statements; return the others."""
        rest: list[ast.stmt] = []
        position = 0
        while position < len(body):
            part, after = body[position], body[position + 1 : position + 2]
            position += 1
            filling = self._filling(part, conditions)
            if filling is None and after and _makes_group_of(part, after[0]):
                filling = self._filling(after[0], conditions, made=True)
                position += 1
            if filling is not None:
                self.found.append(filling)
            elif isinstance(part, ast.If) and top and [type(inner) for inner in part.body] == [ast.Continue]:
                rest.append(part)
                if part.orelse:
                    rest.append(ast.Break())  # nothing that is followed: an ``else`` behind ``continue``
                conditions = (*conditions, _negation(self._own(part.test)))
            elif isinstance(part, ast.If):
                rest += self._if(part, conditions)
            else:
                if top:
                    self._define(part)
                rest.append(part)
        return rest

    def _if(self, part: ast.If, conditions: tuple[ast.expr, ...]) -> list[ast.stmt]:
        test = self._own(part.test)
        body = self.block(part.body, (*conditions, test), top=False)
        orelse = self.block(part.orelse, (*conditions, _negation(test)), top=False)
        if not body and not orelse:
            return []
        return [ast.copy_location(ast.If(part.test, body or [ast.copy_location(ast.Pass(), part)], orelse), part)]

    def _define(self, part: ast.stmt) -> None:
        """Note ``name = expression``, so that the name can be written out where it is used."""
        if not isinstance(part, ast.Assign) or len(part.targets) != 1:
            return
        target, value = part.targets[0], part.value
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            pairs = list(zip(target.elts, value.elts, strict=True))
        names = [name.id for name, _ in pairs if isinstance(name, ast.Name)]
        if len(names) != len(pairs) or any(self._assigned[name] != 1 or name in self.targets for name in names):
            return
        values = [self._own(expression) for _, expression in pairs]
        if all(map(_is_pure, values)):
            self.definitions.update(zip(names, values, strict=True))
            self._defining.append(part)

    def _own(self, expression: ast.expr) -> ast.expr:
        """Return an expression in terms of the loop's target."""
        result: ast.expr = _Substitution(self.definitions).visit(copied_tree(expression))
        return result

    def is_definition(self, part: ast.stmt) -> bool:
        """Whether a statement only names an expression."""
        return any(part is known for known in self._defining)

    # ---- recognising --------------------

    def _filling(self, part: ast.stmt, conditions: tuple[ast.expr, ...], *, made: bool = False) -> Filling | None:
        found = _assignment(part) or _sum(part) or _growth(part) or _growth_or_start(part)
        if found is None:
            return None
        name, group, fresh, key, value = found
        return Filling(name, group, fresh and not made, self._own(key), self._own(value), conditions, part)

    # ---- who depends on what --------------------

    def is_independent(self, rest: list[ast.stmt]) -> bool:
        """Whether the fillings can go before the rest of the loop."""
        dicts = {filling.name for filling in self.found}
        used = [part for f in self.found for part in (f.key, f.value, *f.conditions)]
        read = _names(*used)
        if read & dicts or _names(*rest, self.node.target) & dicts:
            return False
        if any(self._assigned[name] and name not in self.targets for name in read):
            return False
        if any(self._assigned[name] for name in self.targets) or any(isinstance(part, ast.Break) for part in rest):
            return False
        leaves = [part for part in _leaves(rest) if not self.is_definition(part)]
        if all(isinstance(part, (ast.Continue, ast.Pass)) for part in leaves) and len(self.found) == 1:
            return True
        return all(map(_is_pure, used)) and all(_changes_only(part, read) for part in leaves)


def _negation(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def _item(node: ast.expr) -> tuple[str, ast.expr] | None:
    """Return (name, key) of ``name[key]``."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and not isinstance(node.slice, ast.Slice):
        return node.value.id, node.slice
    return None


_Found = tuple[str, str, bool, ast.expr, ast.expr]


def _assignment(part: ast.stmt) -> _Found | None:
    """``name[key] = value``, and ``name[key] = name.get(key, 0) + value``."""
    item = _item(part.targets[0]) if isinstance(part, ast.Assign) and len(part.targets) == 1 else None
    if item is None or not isinstance(part, ast.Assign):
        return None
    name, key = item
    value = part.value
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and isinstance(value.left, ast.Call):
        call = value.left
        wanted = parse_expression(f"{name}.get({ast.unparse(key)}, 0)")
        if ast.dump(call) == ast.dump(wanted):
            return name, "sum", False, key, value.right
    return name, "", False, key, value


def _sum(part: ast.stmt) -> _Found | None:
    """``name[key] += value``."""
    item = _item(part.target) if isinstance(part, ast.AugAssign) and isinstance(part.op, ast.Add) else None
    return (*_with(item, "sum"), part.value) if item is not None and isinstance(part, ast.AugAssign) else None


def _with(item: tuple[str, ast.expr], group: str) -> tuple[str, str, bool, ast.expr]:
    return item[0], group, True, item[1]


def _growth(part: ast.stmt) -> _Found | None:
    """``name[key].append(value)``, ``name.setdefault(key, []).append(value)``, and the like with sets."""
    call = part.value if isinstance(part, ast.Expr) else None
    if (
        not isinstance(call, ast.Call)
        or call.keywords
        or len(call.args) != 1
        or not isinstance(call.func, ast.Attribute)
    ):
        return None
    group = {"append": "list", "add": "set"}.get(call.func.attr)
    owner = call.func.value
    if group is None or isinstance(call.args[0], ast.Starred):
        return None
    item = _item(owner)
    if item is not None:
        return (*_with(item, group), call.args[0])
    if (
        isinstance(owner, ast.Call)
        and isinstance(owner.func, ast.Attribute)
        and owner.func.attr == "setdefault"
        and isinstance(owner.func.value, ast.Name)
        and len(owner.args) == 2
        and not owner.keywords
        and _empty_group(owner.args[1]) == group
    ):
        return owner.func.value.id, group, False, owner.args[0], call.args[0]
    return None


def _empty_group(node: ast.expr) -> str:
    if isinstance(node, ast.List) and not node.elts:
        return "list"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args and not node.keywords:
        return node.func.id if node.func.id in ("list", "set") else ""
    return "sum" if isinstance(node, ast.Constant) and type(node.value) is int and node.value == 0 else ""


def _makes_group_of(part: ast.stmt, after: ast.stmt) -> bool:
    """Whether a statement is ``if key not in name: name[key] = []``, for the growth behind it."""
    grown = _growth(after) or _sum(after)
    if grown is None or not isinstance(part, ast.If) or part.orelse or len(part.body) != 1:
        return False
    name, group, fresh, key, _ = grown
    test = parse_expression(f"{ast.unparse(key)} not in {name}")
    make = part.body[0]
    return (
        fresh
        and ast.dump(part.test) == ast.dump(test)
        and isinstance(make, ast.Assign)
        and len(make.targets) == 1
        and _is_item(make.targets[0], name, key)
        and _empty_group(make.value) == group
    )


def _is_item(node: ast.expr, name: str, key: ast.expr) -> bool:
    item = _item(node)
    return item is not None and item[0] == name and ast.dump(item[1]) == ast.dump(key)


def _growth_or_start(part: ast.stmt) -> _Found | None:
    """``if key in name: name[key].append(value)``, ``else: name[key] = [value]``, and the like with sums."""
    if not isinstance(part, ast.If) or len(part.body) != 1 or len(part.orelse) != 1:
        return None
    test, grow, start = part.test, part.body[0], part.orelse[0]
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.NotIn):
        grow, start = start, grow
    elif not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.In):
        return None
    grown = _growth(grow) or _sum(grow)
    if grown is None or not isinstance(start, ast.Assign) or len(start.targets) != 1:
        return None
    name, group, fresh, key, value = grown
    first = ast.dump(start.value)
    wanted = {
        "list": ast.dump(ast.List([value], ast.Load())),
        "set": ast.dump(ast.Set([value])),
        "sum": ast.dump(value),
    }
    asks = ast.dump(test.left) == ast.dump(key) and ast.unparse(test.comparators[0]) == name
    same = fresh and asks and _is_item(start.targets[0], name, key) and first == wanted[group]
    return (name, group, False, key, value) if same else None


def _is_pure(node: ast.AST) -> bool:
    """Whether an expression certainly changes nothing."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and not (
            (isinstance(inner.func, ast.Name) and inner.func.id in _PURE_CALLS)
            or (isinstance(inner.func, ast.Attribute) and inner.func.attr in _PURE_METHODS)
        ):
            return False
    return True


def calls_are_pure(node: ast.AST) -> bool:
    """Whether the calls in a statement are such as touch nothing but the collection that they are methods of."""
    return all(
        (isinstance(inner.func, ast.Name) and inner.func.id in _PURE_CALLS)
        or (isinstance(inner.func, ast.Attribute) and inner.func.attr in _PURE_METHODS | _GROWING | {"setdefault"})
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call)
    )


def _changes_only(part: ast.stmt, read: set[str]) -> bool:
    """Whether a statement changes variables only, or lists and sets in variables other than those ``read``."""
    if isinstance(part, (ast.Continue, ast.Pass)):
        return True
    if isinstance(part, (ast.Assign, ast.AugAssign)):
        targets = part.targets if isinstance(part, ast.Assign) else [part.target]
        plain = all(
            isinstance(inner, (ast.Name, ast.Tuple, ast.expr_context)) for t in targets for inner in ast.walk(t)
        )
        return plain and _is_pure(part.value)
    call = part.value if isinstance(part, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in _GROWING
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id not in read
        and all(map(_is_pure, call.args))
        and not call.keywords
    )
