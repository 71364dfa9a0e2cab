"""Which variable a name means: scopes, closures, and the comprehensions that run inside their function's frame.

A *frame* is what becomes one native function: the body of a module, a ``def``, a lambda, a generator expression that is
kept as an object. Comprehensions, and generator expressions that a builtin consumes at once, are scopes of their own
but live in the frame around them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = ["CONSUMERS", "FrameNode", "GlobalName", "Scope", "Variable", "analyse"]

CONSUMERS = frozenset(
    ["all", "any", "dict", "frozenset", "list", "max", "min", "next", "set", "sorted", "sum", "tuple"]
)
"""Builtins that run through a generator expression at once, so that no generator object is needed."""

FunctionNode: TypeAlias = ast.FunctionDef | ast.Lambda
FrameNode: TypeAlias = ast.Module | ast.FunctionDef | ast.Lambda | ast.GeneratorExp
Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(eq=False)
class Variable:
    """A variable of a frame.

    Attributes:
        name: the name in the source.
        unique: its name within the frame.
        frame: the scope of the frame that holds it.
        is_cell: inner functions use it, so it lives in a cell.
        function: the ``def`` or lambda that is its only binding, if that is so.
        is_parameter: it is a parameter that nothing unbinds.
    """

    name: str
    unique: str
    frame: Scope
    is_cell: bool = False
    function: FunctionNode | None = None
    is_parameter: bool = False


@dataclass(frozen=True)
class GlobalName:
    """A name of the module, or of the builtins where the module does not bind it."""

    name: str


@dataclass(eq=False)
class Scope:
    """One scope of the source.

    Attributes:
        node: what opens it.
        parent: the scope around it; None for the module.
        bindings: what binds each name here; a ``def`` and a lambda that is assigned stand for themselves.
        frees: variables of outer frames that this frame uses, in order of their cells.
    """

    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[ast.AST]] = field(default_factory=dict)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)
    children: dict[ast.AST, Scope] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    frees: list[Variable] = field(default_factory=list)
    inlined: bool = False
    has_yield: bool = False

    @property
    def is_class(self) -> bool:
        """Whether this is the body of a class."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def frame(self) -> Scope:
        """The scope whose native function runs this scope's code."""
        scope = self
        while scope.is_class or scope.inlined:
            assert scope.parent is not None
            scope = scope.parent
        return scope

    @property
    def module(self) -> Scope:
        """The module's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def resolve(self, name: str) -> Variable | GlobalName:
        """Return what ``name`` means here; of a class body's own names, what it means around the class."""
        scope: Scope | None = self
        first = True
        while scope is not None and scope.parent is not None:
            if name in scope.global_names:
                return GlobalName(name)
            if (
                name in scope.variables
                and (not scope.is_class or name == "__class__")
                and not (first and scope.is_class)
            ):
                return scope.variables[name]
            scope, first = scope.parent, False
        return GlobalName(name)

    def walk(self) -> Iterator[Scope]:
        """This scope and all below it."""
        yield self
        for child in self.children.values():
            yield from child.walk()


def analyse(tree: ast.Module) -> Scope:
    """Return the module's scope, with every variable resolved."""
    module = Scope(tree, None)
    _Collector(module).run(tree.body)
    for scope in module.walk():
        _declare(scope, module)
    for scope in module.walk():
        _capture(scope)
    return module


class _Collector(ast.NodeVisitor):
    """Collects bindings and uses into the tree of scopes."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def run(self, nodes: list[ast.stmt]) -> None:
        for node in nodes:
            self.visit(node)

    def bind(self, name: str, node: ast.AST) -> None:
        self.scope.bindings.setdefault(name, []).append(node)

    def _inside(self, node: ast.AST) -> _Collector:
        child = Scope(node, self.scope)
        self.scope.children[node] = child
        return _Collector(child)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.scope.uses.add(node.id)
            if node.id == "super":
                self.scope.uses.add("__class__")
        else:
            self.bind(node.id, node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Name) and isinstance(node.value, ast.Lambda):
            self.scope.bindings[target.id][-1] = node.value  # a function with a name, as after def

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        scope = self.scope
        while isinstance(scope.node, Comprehension) and scope.parent is not None:
            scope.uses.add(node.target.id)
            scope = scope.parent
        scope.bindings.setdefault(node.target.id, []).append(node)

    def visit_Global(self, node: ast.Global) -> None:
        self.scope.global_names.update(node.names)
        module = self.scope.module
        for name in node.names:
            module.bindings.setdefault(name, []).append(node)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.nonlocal_names.update(node.names)
        self.scope.uses.update(node.names)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.bind(node.name, node)
        for decorator in node.decorator_list:
            self.visit(decorator)
        self._function(node, node.args, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node, node.args, [node.body])

    def _function(self, node: FunctionNode, arguments: ast.arguments, body: list[ast.stmt] | list[ast.expr]) -> None:
        for default in (*arguments.defaults, *(item for item in arguments.kw_defaults if item is not None)):
            self.visit(default)
        inner = self._inside(node)
        for argument in all_parameters(arguments):
            inner.bind(argument.arg, argument)
        for item in body:
            inner.visit(item)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bind(node.name, node)
        for item in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.visit(item)
        inner = self._inside(node)
        inner.bind("__class__", node)
        inner.run(node.body)

    def _comprehension(self, node: Comprehension, results: list[ast.expr]) -> None:
        self.visit(node.generators[0].iter)
        inner = self._inside(node)
        for place, generator in enumerate(node.generators):
            if place:
                inner.visit(generator.iter)
            inner.visit(generator.target)
            for condition in generator.ifs:
                inner.visit(condition)
        for result in results:
            inner.visit(result)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehension(node, [node.elt])

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._comprehension(node, [node.elt])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehension(node, [node.elt])

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node, [node.key, node.value])

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        if consumes(node):
            generator = node.args[0]
            self.scope.children[generator].inlined = True  # unless the builtin's name is bound: see _declare

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bind(node.name, node)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.bind(alias.asname or alias.name.partition(".")[0], node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.bind(alias.asname or alias.name, node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        # Annotations are never evaluated here.
        if node.value is not None:
            self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self.bind(node.target.id, node)
        else:
            self.visit(node.target)

    def visit_Yield(self, node: ast.Yield) -> None:
        self.scope.has_yield = True
        self.generic_visit(node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> None:
        self.scope.has_yield = True
        self.generic_visit(node)


def known_function(node: ast.AST | None) -> FunctionNode | None:
    """The function that a name is always bound to whose only binding is ``node``, or None."""
    if isinstance(node, ast.FunctionDef):
        return None if node.decorator_list else node
    if isinstance(node, ast.Lambda):
        yields = any(isinstance(item, (ast.Yield, ast.YieldFrom)) for item in ast.walk(node))
        return None if yields else node
    return None


def all_parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Return the parameters in the order in which a compiled function receives them."""
    result = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return result + [item for item in (arguments.vararg, arguments.kwarg) if item is not None]


def consumes(node: ast.Call) -> bool:
    """Whether a call has the form of a builtin, or ``join``, that consumes a generator expression."""
    if not node.args or not isinstance(node.args[0], ast.GeneratorExp):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr == "join" and len(node.args) == 1 and not node.keywords
    return isinstance(node.func, ast.Name) and node.func.id in CONSUMERS


def _declare(scope: Scope, module: Scope) -> None:
    """Make the variables of a scope; runs from the outside in."""
    node = scope.node
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp)):
        scope.inlined = True
    elif isinstance(node, ast.GeneratorExp) and scope.inlined:
        scope.inlined = _is_free_of_shadows(scope)
    if scope.parent is None:
        return
    frame = scope.frame
    for name, nodes in scope.bindings.items():
        if name in scope.global_names or name in scope.nonlocal_names or (scope.is_class and name != "__class__"):
            continue
        unique = name if frame is scope else f"{name}.{getattr(node, 'lineno', 0)}.{getattr(node, 'col_offset', 0)}"
        only = nodes[0] if len(nodes) == 1 else None
        function = known_function(only)
        always = isinstance(nodes[0], ast.arg) and not any(
            isinstance(item, ast.Name) and isinstance(item.ctx, ast.Del) for item in nodes
        )
        scope.variables[name] = Variable(name, unique, frame, function=function, is_parameter=always)


def _is_free_of_shadows(scope: Scope) -> bool:
    """Whether the names of consuming builtins mean the builtins around a generator expression."""
    parent = scope.parent
    assert parent is not None
    outer: Scope | None = parent
    while outer is not None:
        if any(name in outer.bindings for name in CONSUMERS):
            return False
        outer = outer.parent
    return True


def _capture(scope: Scope) -> None:
    """Find which names of a scope are variables of outer frames."""
    frame = scope.frame
    names = scope.uses | scope.nonlocal_names
    for name in sorted(names):
        if name in scope.global_names:
            continue
        found = scope.resolve(name)
        if isinstance(found, Variable) and found.frame is not frame:
            found.is_cell = True
            _add_free(frame, found)
        if isinstance(found, Variable) and name in scope.nonlocal_names:
            found.function = None


def _add_free(frame: Scope, variable: Variable) -> None:
    """List a variable as a cell of a frame and of all frames between it and its own."""
    current: Scope | None = frame
    while current is not None and current is not variable.frame:
        if variable not in current.frees:
            current.frees.append(variable)
        current = current.parent.frame if current.parent is not None else None
