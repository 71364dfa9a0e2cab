"""Lowering one frame: a native function, its variables, and the dispatch over kinds of nodes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from wc_engine.compile.boxed.layout import CELL_VALUE, CONSTANTS, FUNCTION_CELLS, GLOBALS, NONE
from wc_engine.compile.boxed.scopes import GlobalName, Scope, Variable
from wc_engine.compile.boxed.tables import Tables
from wc_engine.compile.boxed.text import FunctionText

if TYPE_CHECKING:
    from wc_engine.compile.boxed.modules import ModuleLinks

__all__ = ["CONDITIONS", "EXPRESSIONS", "FAR", "STATEMENTS", "Cleanup", "Frame", "Loop", "lowers"]

FAR = ".far"
"""What the name of a helper ends in that is not inlined."""

Lower: TypeAlias = Callable[["Frame", Any], Any]
EXPRESSIONS: dict[type[ast.AST], Lower] = {}
STATEMENTS: dict[type[ast.AST], Lower] = {}
CONDITIONS: dict[type[ast.AST], Callable[[Frame, Any, str, str], None]] = {}


def lowers(table: dict[type[ast.AST], Any], *kinds: type[ast.AST]) -> Callable[[Any], Any]:
    """Register a function for kinds of nodes."""

    def register(function: Any) -> Any:
        for kind in kinds:
            table[kind] = function
        return function

    return register


@dataclass
class Loop:
    """A loop around the present statement: where ``break`` and ``continue`` go, and how deep in cleanups it is."""

    on_break: str
    on_continue: str
    depth: int


@dataclass
class Cleanup:
    """What has to run when control leaves a ``try``: its code, and the handler that is in force around it."""

    emit: Callable[[], None]
    handler: str


@dataclass
class Frame:
    """One native function in the making.

    Attributes:
        tables: the program's tables.
        links: what imported names mean.
        module: name of the module that the code belongs to; empty for the program's own.
        scope: the innermost scope now: the frame's own, a comprehension's or a class body's.
        text: the function's text.
        generator: whether it is the resuming function of a generator.
        namespace: the slot of the dict that a class body fills, inside one.
    """

    tables: Tables
    links: ModuleLinks
    module: str
    scope: Scope
    text: FunctionText
    generator: bool = False
    namespace: str | None = None
    loops: list[Loop] = field(default_factory=list)
    cleanups: list[Cleanup] = field(default_factory=list)
    resume_labels: list[str] = field(default_factory=list)
    unbound: dict[tuple[str, str, str], str] = field(default_factory=dict)

    # Dispatch

    def expression(self, node: ast.expr) -> str:
        """Lower an expression; return its value."""
        lower = EXPRESSIONS.get(type(node))
        if lower is None:
            self.tables.unsupported(node, f"{type(node).__name__} is not translated")
        value: str = lower(self, node)
        return value

    def condition(self, node: ast.expr, yes: str, no: str) -> None:
        """Lower an expression to a jump on its truth."""
        lower = CONDITIONS.get(type(node))
        if lower is not None:
            lower(self, node, yes, no)
        else:
            self.branch_on(self.expression(node), yes, no)

    def branch_on(self, value: str, yes: str, no: str) -> None:
        """Jump on the truth of a value."""
        if value in ("18", "10", "2"):
            self.text.jump(yes if value == "18" else no)
            return
        self.branch_on_status(self.helper_status("truth", value), yes, no)

    def branch_on_status(self, status: str, yes: str, no: str) -> None:
        """Jump on an int that is 0 or 1."""
        self.text.branch(self.text.truth_of_status(status), yes, no)

    def statements(self, nodes: list[ast.stmt]) -> None:
        """Lower a block of statements; what cannot be reached is left out."""
        for node in nodes:
            if not self.text.reachable:
                return
            lower = STATEMENTS.get(type(node))
            if lower is None:
                self.tables.unsupported(node, f"{type(node).__name__} is not translated")
            self.comment(node)
            lower(self, node)

    def comment(self, node: ast.stmt) -> None:
        """Note the source line of a statement."""
        if not self.module:
            lines = self.tables.text.splitlines()
            if 0 < node.lineno <= len(lines):
                self.text.line(f"; {node.lineno}: {lines[node.lineno - 1].strip()}")

    def values(self, nodes: list[ast.expr]) -> list[str]:
        """Lower expressions from left to right; where one yields, those before it wait in the generator's slots."""
        if not (self.generator and any(contains_yield(node) for node in nodes[1:])):
            return [self.expression(node) for node in nodes]
        slots = []
        for node in nodes:
            value = self.expression(node)
            slot = self.hidden("kept")
            self.text.store(value, slot)
            slots.append(slot)
        return [self.text.load(slot) for slot in slots]

    # Helpers of generated code

    def helper_value(self, helper: str, *values: str) -> str:
        """Call a helper function that gives a value."""
        return self.text.call(self.helper(helper), *(f"i64 {value}" for value in values), hint=helper)

    def helper_status(self, helper: str, *values: str) -> str:
        """Call a helper function that gives a truth."""
        return self.text.call_status(self.helper(helper), *(f"i64 {value}" for value in values))

    def helper(self, name: str) -> str:
        """The helper's symbol; the library calls its own copies, which are not inlined: there compiling counts."""
        symbol = f"{name}{FAR}" if self.module else name
        self.tables.helpers.add(symbol)
        return symbol

    # Constants

    def constant(self, value: Any) -> str:
        """The value of a constant that is no immediate."""
        index = self.tables.constant(value)
        address = self.text.field("%constants", 8 * index)
        return self.text.value(f"load i64, ptr {address}, !invariant.load !1", "c")

    # Variables

    def hidden(self, hint: str) -> str:
        """A slot for a value that has no name and that may have to survive a yield."""
        return self.text.temporary_slot(hint)

    def load_name(self, name: str, scope: Scope | None = None) -> str:
        """The value of a name; leaves for the handler where it is unbound."""
        found = (scope or self.scope).resolve(name)
        if isinstance(found, GlobalName):
            return self.load_global(found.name)
        value = self.read_variable(found)
        if not found.is_parameter:
            self._check_bound(value, "wcb_raise_unbound", name)
        return value

    def load_global(self, name: str) -> str:
        """The value of a global, or of a builtin."""
        if not self.links.binds(self.module, name):
            return self.links.builtin_value(self, name)
        value = self.text.load(self.global_address(name), name)
        self._check_bound(value, "wcb_raise_name", name)
        return value

    def global_address(self, name: str) -> str:
        """Where a global lies."""
        pointer = self.text.value(f"load ptr, ptr {self.text.field('%ctx', GLOBALS)}")
        return self.text.field(pointer, 8 * self.tables.global_index(self.module, name))

    def _check_bound(self, value: str, function: str, name: str) -> None:
        key = (function, name, self.text.handler)
        if key not in self.unbound:
            self.unbound[key] = self.text.label("unbound")
        self.text.jump_unlikely(self.text.value(f"icmp eq i64 {value}, 0"), self.unbound[key])

    def place_unbound(self) -> None:
        """Put the blocks that raise for unbound names and an empty tank at the end of the function."""
        for (function, name, handler), label in self.unbound.items():
            self.text.place_open(label)
            argument = f", i32 {self.tables.name(name)}" if name else ""
            self.text.value(f"call i64 @{function}(ptr %ctx{argument})")
            self.text.jump(handler)

    def read_variable(self, variable: Variable) -> str:
        """The value of a variable, 0 where it is unbound."""
        if not variable.is_cell:
            return self.text.load(self.text.slot(variable.unique), variable.name)
        cell = self.text.pointer(self.cell(variable))
        return self.text.load(self.text.field(cell, CELL_VALUE), variable.name)

    def write_variable(self, variable: Variable, value: str) -> None:
        """Bind a variable; 0 unbinds it."""
        if not variable.is_cell:
            self.text.store(value, self.text.slot(variable.unique))
        else:
            self.text.call_status("wcb_set_cell", f"i64 {self.cell(variable)}", f"i64 {value}")

    def cell(self, variable: Variable) -> str:
        """The cell of a captured variable."""
        own = self.scope.frame
        if variable.frame is own:
            return self.text.load(self.text.slot(variable.unique))
        place = own.frees.index(variable)
        return self.text.load(self.text.field("%self", FUNCTION_CELLS + 8 * place))

    def new_cell(self, variable: Variable, value: str = "0") -> None:
        """Give a captured variable of this frame a new cell."""
        cell = self.text.call("wcb_new_cell", f"i64 {value}")
        self.text.store(cell, self.text.slot(variable.unique))

    def store_name(self, name: str, value: str) -> None:
        """Bind a name in the present scope."""
        scope = self.scope
        if scope.is_class and name not in scope.global_names and name not in scope.nonlocal_names:
            assert self.namespace is not None
            namespace = self.text.load(self.namespace)
            self.text.call_status("wcb_dict_set", f"i64 {namespace}", f"i64 {self.constant(name)}", f"i64 {value}")
            return
        found = scope.resolve(name)
        if isinstance(found, Variable):
            self.write_variable(found, value)
        else:
            self.links.check_store(self, name)
            index = self.tables.global_index(self.module, name)
            self.text.call_status("wcb_set_global", f"i32 {index}", f"i64 {value}")

    # Leaving

    def leave_to(self, depth: int, label: str) -> None:
        """Run the cleanups above a depth, then jump."""
        self.run_cleanups(depth)
        self.text.jump(label)

    def run_cleanups(self, depth: int) -> None:
        """Run the cleanups above a depth, innermost first, each under the handler that was in force around it."""
        saved = list(self.cleanups)
        while len(self.cleanups) > depth:
            cleanup = self.cleanups.pop()
            with self.text.handling(cleanup.handler):
                cleanup.emit()
        self.cleanups[:] = saved

    def begin(self) -> None:
        """Load what every frame needs at its start."""
        self.text.entry.append(f"  %constants.at = getelementptr i8, ptr %ctx, i64 {CONSTANTS}")
        self.text.entry.append("  %constants = load ptr, ptr %constants.at, !invariant.load !1")


def contains_yield(node: ast.AST) -> bool:
    """Whether an expression yields."""
    return any(isinstance(item, (ast.Yield, ast.YieldFrom)) for item in ast.walk(node))


def none_or(frame: Frame, node: ast.expr | None) -> str:
    """The value of an expression that may be left out."""
    return NONE if node is None else frame.expression(node)
