"""Functions that call themselves once, on the rest of a list or for the next place, become loops, for the specialiser.

Before::

    def substitute(entities, old, *new):
        if not entities:
            return []
        first, *rest = entities
        if first is old:
            return [*new, *rest]
        return [first] + substitute(rest, old, *new)

    def count(i):
        if i == len(entities):
            return 0
        e = entities[i]
        return int(e.name == 'Box') + count(i + 1)

After::

    def substitute(entities, old, *new):
        .shallow(0, len(entities))
        for .place, first in enumerate(entities):
            if first is old:
                return .spliced(entities, .place, first, [*new])
        return [*entities] + []

    def count(i):
        .shallow(i, len(entities))
        .done = 0
        for .place, .item in .placed(entities, i):
            i = .place
            e = .item
            .done += int(e.name == 'Box')
        return .done + 0

Only where nobody can tell: what is done on the way neither changes the list nor remembers a call's variables, and
what is added up are ints. ``.shallow`` ends a step that would nest so deeply that Python's own limit may be near.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from wc_engine.compile.rewrites.counting_loops import ITEM, Items, is_item
from wc_engine.compile.rewrites.trees import template
from wc_engine.models.parsing import copied_tree

__all__ = ["SHALLOW", "run"]

_DONE, _PLACE = ".done", ".place"
SHALLOW = 500
"""Nested calls of the program that Python's own limit certainly leaves room for."""
_PURE = frozenset({"isinstance", "len", "getattr", "hasattr", "int", "bool", "abs", "min", "max", "any", "all", "type"})
_FORBIDDEN = (
    ast.Lambda,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Yield,
    ast.YieldFrom,
    ast.Await,
    ast.NamedExpr,
    ast.Global,
    ast.Nonlocal,
    ast.Delete,
    ast.AugAssign,
    ast.For,
    ast.While,
    ast.Try,
    ast.With,
    ast.Raise,
    ast.Import,
    ast.ImportFrom,
)


def run(tree: ast.Module) -> ast.Module:
    """Rewrite such functions of a module."""
    made = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    names = [node.name for node in made]
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    pure = _PURE - stored - set(names)
    # A function of the program that only looks, as get_entities_by_position does, is as good as a builtin.
    functions = [node for node in made if isinstance(node, ast.FunctionDef) and names.count(node.name) == 1]
    pure |= {node.name for node in functions if _looks(node, pure)}
    for node in functions:
        if node.name not in stored:
            found = _read(node, pure - {node.name})
            if found is not None:
                node.body = found.loop()
    return tree


def _looks(node: ast.FunctionDef, pure: frozenset[str] | set[str]) -> bool:
    """Whether a function consists of one expression that changes nothing."""
    body = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return (
        not node.decorator_list
        and len(body) == 1
        and isinstance(body[0], ast.Return)
        and body[0].value is not None
        and _is_pure(body[0].value, pure)
    )


def _is_pure(node: ast.AST, pure: frozenset[str] | set[str]) -> bool:
    for inner in ast.walk(node):
        if isinstance(inner, _FORBIDDEN):
            return False
        if isinstance(inner, ast.Call) and not (isinstance(inner.func, ast.Name) and inner.func.id in pure):
            return False
    return True


@dataclass
class _Recursion:
    """A function as its parts.

    Attributes:
        node: the function.
        items: the parameter that is the list, or the name of the list that is gone through by place.
        counter: the parameter that is the place; None where the list itself gets shorter.
        first: the name of the first element, where the list gets shorter.
        rest: the name of the list's rest.
        steps: the statements between.
        base: what is returned at the end of the list.
        how: ``"list"``, ``"same"``, ``"sum"``, ``"or"``, ``"and"`` or ``""``: how a call's own part is joined with the
            rest's; the same where a list's elements are put together again as they were.
        own: the call's own part.
    """

    node: ast.FunctionDef
    items: str
    counter: str | None
    first: str
    rest: str
    steps: list[ast.stmt]
    base: ast.expr
    how: str
    own: ast.expr | None

    def loop(self) -> list[ast.stmt]:
        """Return the function's new body."""
        text = f"GUARD({self.counter or '0'}, len({self.items}))\n"
        if self.how in ("list", "sum"):
            text += f"DONE = {'[]' if self.how == 'list' else '0'}\n"
        if self.counter is None:
            text += f"for PLACE, {self.first} in enumerate({self.items}):\n    pass\n"
        elif self._reads_items():
            text += f"for PLACE, ITEM in PLACED({self.items}, {self.counter}):\n    {self.counter} = PLACE\n"
        else:
            text += f"for PLACE in range({self.counter}, len({self.items})):\n    {self.counter} = PLACE\n"
        at = self.node.body[0]
        names: dict[str, ast.expr | str] = {"PLACED": ".placed", "ITEM": ITEM}
        new = template(text, at, {"GUARD": ".shallow", "DONE": _DONE, "PLACE": _PLACE} | names)
        around = next(statement for statement in new if isinstance(statement, ast.For))
        body = [statement for statement in around.body if not isinstance(statement, ast.Pass)]
        around.body = body + [self._of_element(one) for one in [*map(self._step, self.steps), *self._join()]]
        return [*new, ast.copy_location(ast.Return(self._joined(self.base)), at)]

    def _reads_items(self) -> bool:
        """Whether the list is read at the place that the counter says."""
        parts = [*self.steps, *([] if self.own is None else [self.own])]
        return any(is_item(node, self.items, self.counter or "") for part in parts for node in ast.walk(part))

    def _of_element(self, statement: ast.stmt) -> ast.stmt:
        """Let a statement name the element at the place that the counter says."""
        if self.counter is None:
            return statement
        changed = Items(self.items, self.counter).visit(statement)
        assert isinstance(changed, ast.stmt)
        return changed

    def _step(self, statement: ast.stmt) -> ast.stmt:
        statement = copied_tree(statement)
        if isinstance(statement, ast.If):
            inner = statement.body[0]
            assert isinstance(inner, ast.Return)
            assert inner.value is not None
            inner.value = self._spliced(inner.value) if self.how == "same" else self._joined(inner.value)
        return self._with_rest(statement)

    def _spliced(self, value: ast.expr) -> ast.expr:
        """Return what stood before, ``value`` in place of an element, and what stands behind it."""
        assert isinstance(value, ast.List)
        at = self.node.body[0]
        fillings: dict[str, ast.expr | str] = {
            "SPLICED": ".spliced",
            "PLACE": _PLACE,
            "NEW": ast.copy_location(ast.List(value.elts[:-1], ast.Load()), value),
        }
        made = template(f"SPLICED({self.items}, PLACE, {self.first}, NEW)\n", at, fillings)[0]
        assert isinstance(made, ast.Expr)
        return made.value

    def _with_rest(self, statement: ast.stmt) -> ast.stmt:
        """Let the rest of the list be a slice of it."""
        at = self.node.body[0]
        if not self.rest:
            return statement
        slice_ = template(f"{self.items}[PLACE + 1:]", at, {"PLACE": _PLACE})[0]
        assert isinstance(slice_, ast.Expr)
        changed = _Renaming(self.rest, slice_.value).visit(statement)
        assert isinstance(changed, ast.stmt)
        return changed

    def _joined(self, value: ast.expr) -> ast.expr:
        if self.how == "same":
            whole = ast.Starred(ast.Name(self.items, ast.Load()), ast.Load())
            done: ast.expr = ast.copy_location(ast.List([whole], ast.Load()), value)
            return ast.copy_location(ast.BinOp(done, ast.Add(), value), value)
        if self.how not in ("list", "sum"):
            return value
        done = ast.copy_location(ast.Name(_DONE, ast.Load()), value)
        return ast.copy_location(ast.BinOp(done, ast.Add(), value), value)

    def _join(self) -> list[ast.stmt]:
        """What a round does with the call's own part."""
        if self.own is None or self.how == "same":
            return []
        at = self.node.body[0]
        if self.how == "list":
            assert isinstance(self.own, ast.List)
            items = [copied_tree(item) for item in self.own.elts]
            made = [template("DONE.append(ITEM)\n", at, {"DONE": _DONE, "ITEM": item}) for item in items]
            return [statement for statements in made for statement in statements]
        text = {
            "sum": "DONE = DONE + OWN\n",
            "or": "OWNED = OWN\nif OWNED:\n    return OWNED\n",
            "and": "OWNED = OWN\nif not OWNED:\n    return OWNED\n",
        }[self.how]
        return template(text, at, {"DONE": _DONE, "OWNED": ".own", "OWN": copied_tree(self.own)})


class _Renaming(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.expr) -> None:
        self._name = name
        self._value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copied_tree(self._value) if node.id == self._name else node


# ---- reading a function --------------------


def _read(node: ast.FunctionDef, pure: frozenset[str] | set[str]) -> _Recursion | None:
    """Return a function's parts where it is such a recursion, else None."""
    body = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    if node.decorator_list or len(body) < 2 or node.args.defaults or node.args.kwonlyargs or node.args.kwarg:
        return None
    guard, last = body[0], body[-1]
    if not isinstance(guard, ast.If) or guard.orelse or len(guard.body) != 1 or not isinstance(last, ast.Return):
        return None
    stop = guard.body[0]
    if not isinstance(stop, ast.Return) or stop.value is None or last.value is None or not _is_pure(stop.value, pure):
        return None
    calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Name) and inner.id == node.name]
    how, own, call = _split(last.value, node.name)
    if len(calls) != 1 or call is None or (own is not None and not _is_pure(own, pure)):
        return None
    parts = _by_rest(node, guard.test, body[1:-1], call) or _by_place(node, guard.test, body[1:-1], call)
    if parts is None:
        return None
    items, counter, first, rest, steps = parts
    if not all(_is_step(step, pure) for step in steps):
        return None
    if how == "sum" and (own is None or not _is_int(own) or not _is_int(stop.value)):
        return None
    if how == "sum" and any(isinstance(step, ast.If) for step in steps):
        return None
    if how == "list" and not isinstance(own, ast.List):
        return None
    if rest and own is not None and rest in _names(own):
        return None
    if how == "list" and _puts_back(own, first, rest, steps):
        how = "same"
    changed = {name for step in steps for name in _stored(step)} | {first, rest}
    if {items, counter or ""} & changed or (_names(stop.value) & changed) or items == node.name:
        return None
    return _Recursion(node, items, counter, first, rest, steps, stop.value, how, own)


def _split(value: ast.expr, name: str) -> tuple[str, ast.expr | None, ast.Call | None]:
    """Return (how a call's own part is joined, that part, the call) of what a function returns at last."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and _calls(value.right, name):
        assert isinstance(value.right, ast.Call)
        return ("list" if isinstance(value.left, ast.List) else "sum"), value.left, value.right
    if isinstance(value, ast.BoolOp) and len(value.values) == 2 and _calls(value.values[1], name):
        assert isinstance(value.values[1], ast.Call)
        return ("or" if isinstance(value.op, ast.Or) else "and"), value.values[0], value.values[1]
    if _calls(value, name):
        assert isinstance(value, ast.Call)
        return "", None, value
    return "", None, None


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and not node.keywords


def _arguments(node: ast.FunctionDef, call: ast.Call, own: str, given: ast.expr) -> bool:
    """Whether a call passes all parameters on as they are, but one."""
    wanted = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    stars = 1 if node.args.vararg else 0
    if len(call.args) != len(wanted) + stars:
        return False
    for name, argument in zip(wanted, call.args, strict=False):
        expected = given if name == own else ast.Name(name, ast.Load())
        if ast.dump(argument) != ast.dump(expected):
            return False
    if not node.args.vararg:
        return True
    star = call.args[-1]
    return isinstance(star, ast.Starred) and isinstance(star.value, ast.Name) and star.value.id == node.args.vararg.arg


_Parts = tuple[str, "str | None", str, str, "list[ast.stmt]"]


def _by_rest(node: ast.FunctionDef, test: ast.expr, steps: list[ast.stmt], call: ast.Call) -> _Parts | None:
    """``if not items: ...; first, *rest = items; ...; f(rest)``."""
    if not isinstance(test, ast.UnaryOp) or not isinstance(test.op, ast.Not) or not isinstance(test.operand, ast.Name):
        return None
    items = test.operand.id
    if items not in {argument.arg for argument in node.args.args} or not steps:
        return None
    taken = steps[0]
    if (
        not isinstance(taken, ast.Assign)
        or len(taken.targets) != 1
        or not isinstance(taken.targets[0], (ast.Tuple, ast.List))
    ):
        return None
    names = taken.targets[0].elts
    if len(names) != 2 or not isinstance(taken.value, ast.Name) or taken.value.id != items:
        return None
    first, rest = names
    if not isinstance(first, ast.Name) or not isinstance(rest, ast.Starred) or not isinstance(rest.value, ast.Name):
        return None
    if not _arguments(node, call, items, ast.Name(rest.value.id, ast.Load())):
        return None
    return items, None, first.id, rest.value.id, steps[1:]


def _by_place(node: ast.FunctionDef, test: ast.expr, steps: list[ast.stmt], call: ast.Call) -> _Parts | None:
    """``if i == len(items): ...; ...; f(i + 1)``."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], (ast.Eq, ast.GtE)):
        return None
    counter, length = test.left, test.comparators[0]
    if not isinstance(counter, ast.Name) or not isinstance(length, ast.Call) or len(length.args) != 1:
        return None
    items = length.args[0]
    if not isinstance(length.func, ast.Name) or length.func.id != "len" or not isinstance(items, ast.Name):
        return None
    if counter.id not in {argument.arg for argument in node.args.args}:
        return None
    following = ast.BinOp(ast.Name(counter.id, ast.Load()), ast.Add(), ast.Constant(1))
    if not _arguments(node, call, counter.id, following):
        return None
    return items.id, counter.id, "", "", steps


def _puts_back(own: ast.expr | None, first: str, rest: str, steps: list[ast.stmt]) -> bool:
    """Whether a list is put together as it was, but where a step returns ``[..., *rest]``."""
    if not isinstance(own, ast.List) or len(own.elts) != 1 or not rest:
        return False
    if not isinstance(own.elts[0], ast.Name) or own.elts[0].id != first:
        return False
    for step in steps:
        inner = step.body[0] if isinstance(step, ast.If) else None
        made = inner.value if isinstance(inner, ast.Return) else None
        if first in _stored(step) or not isinstance(made, ast.List) or not made.elts:
            return False
        last = made.elts[-1]
        if not isinstance(last, ast.Starred) or not isinstance(last.value, ast.Name) or last.value.id != rest:
            return False
        if any(rest in _names(item) for item in made.elts[:-1]):
            return False
    return True


def _is_step(step: ast.stmt, pure: frozenset[str] | set[str]) -> bool:
    """``name = expression``, or ``if condition: return expression``, without effects."""
    if not _is_pure(step, pure):
        return False
    if isinstance(step, ast.Assign):
        return all(isinstance(target, ast.Name) for target in step.targets)
    if not isinstance(step, ast.If) or step.orelse or len(step.body) != 1:
        return False
    inner = step.body[0]
    return isinstance(inner, ast.Return) and inner.value is not None


def _is_int(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    if isinstance(node, ast.IfExp):
        return _is_int(node.body) and _is_int(node.orelse)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("int", "len")


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _stored(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
