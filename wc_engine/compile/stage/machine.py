"""The specialising interpreter's core: paths, branches, loops, and where they meet.

The interpreter runs the program on abstract values. What it can decide it decides; what it cannot it emits as IR. A branch
on a condition of run time follows both sides, each with its own copy of the store, and joins them. A path that ends
(return, break, raise, fail) unwinds with ``PathEnded`` to the branch it belongs to. A loop's body is followed until the
store at its head no longer changes. Decisions that turn out too optimistic restart the whole run with ``Restart``.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NoReturn

from wc_engine.compile.ir import (
    Assign,
    Block,
    Break,
    Comment,
    Expr,
    Fail,
    If,
    Kind,
    Lit,
    Load,
    StaticColumn,
    Stmt,
    TableArray,
    Var,
)
from wc_engine.compile.plan import CompilePlan, Restart, Site
from wc_engine.compile.stage.queries import Query, RowsQuery, concat
from wc_engine.compile.stage.runtime_tables import RuntimeTables
from wc_engine.compile.stage.store import Move, Store, Templates
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    UNBOUND,
    ClassValue,
    Conflict,
    Const,
    Facts,
    Finite,
    Frame,
    HeapObject,
    Num,
    Ref,
    SeqObject,
    TupleValue,
    Union,
    Value,
)
from wc_engine.errors import InternalError, SourceLocation, UnsupportedConstructError

if TYPE_CHECKING:
    from wc_engine.state.schema import Schema

__all__ = ["BlockHandle", "Context", "Limits", "LoopHandle", "Machine", "PathEnded"]

STATUS_FAILED, STATUS_OUT_OF_RANGE, STATUS_OUT_OF_FUEL, STATUS_OUT_OF_SCRATCH = 2, 3, 4, 5


class PathEnded(Exception):
    """The path being followed has ended; unwinds to the branch that it belongs to."""


class _Impure(Exception):
    """Code that must not run speculatively was about to be emitted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one staging run."""

    unrolled_range: int = 64
    call_depth: int = 60
    statements: int = 60_000
    loop_rounds: int = 12


@dataclass(slots=True)
class _Edge:
    """A path that arrives somewhere: its store, its value, and where its moves go in the emitted code."""

    store: Store
    value: Value
    buffer: list[Stmt]
    position: int


@dataclass(eq=False, slots=True)
class BlockHandle:
    """A region that paths can leave with a value."""

    label: str
    edges: list[_Edge] = field(default_factory=list)
    loop_depth: int = 0


@dataclass(eq=False, slots=True)
class LoopHandle:
    """A loop being followed.

    Attributes:
        rows: for a loop over all rows of a type, the query.
        row_variable: its variable.
        buffer: the body's code: a statement emitted here runs in every round.
        outer: the code that the loop stands in.
        left: some path leaves a round early.
        pending: for lists that get every row appended, the query to add to each after the loop.
        straight: the code of blocks that every round enters.
    """

    label: str
    rows: RowsQuery | None
    row_variable: Var | None
    buffer: list[Stmt]
    outer: list[Stmt]
    left: bool = False
    pending: dict[int, list[Query]] = field(default_factory=dict)
    straight: list[list[Stmt]] = field(default_factory=list)

    def runs_always(self, buffer: list[Stmt]) -> bool:
        """Whether code appended to ``buffer`` runs in every round, as far as nothing has left the round."""
        return not self.left and (buffer is self.buffer or any(buffer is known for known in self.straight))


@dataclass(frozen=True, slots=True)
class Context:
    """Where ``return``, ``break``, ``continue`` and exceptions of the code being followed go."""

    returns: BlockHandle | None = None
    breaks: BlockHandle | None = None
    continues: BlockHandle | None = None
    handlers: tuple[tuple[BlockHandle, tuple[str, ...]], ...] = ()
    yields: Callable[[Value], None] | None = None

    def inside(self, returns: BlockHandle, yields: Callable[[Value], None] | None = None) -> Context:
        """The context of a function's body: exceptions still go where they went."""
        return Context(returns=returns, handlers=self.handlers, yields=yields)


@dataclass(eq=False)
class Machine:
    """The state of one staging run.

    Attributes:
        schema: entity types and domains.
        plan: what earlier runs found out (types that change, lists that need memory).
        evaluate, execute, call, ...: the parts of the interpreter that live in other modules, set by ``program.py``.
    """

    schema: Schema
    plan: CompilePlan
    file: str
    source_lines: list[str]
    limits: Limits = field(default_factory=Limits)

    evaluate: Callable[[ast.expr, Frame], Value] = field(init=False)
    execute: Callable[[list[ast.stmt], Frame], None] = field(init=False)
    call: Callable[[Value, tuple[Value, ...], dict[str, Value]], Value] = field(init=False)
    condition: Callable[[ast.expr, Frame], Num | Const | Finite] = field(init=False)
    truth: Callable[[Value], Num | Const | Finite] = field(init=False)
    iterable: Callable[[Value], Query] = field(init=False)
    assign_target: Callable[[ast.expr, Value, Frame], None] = field(init=False)
    builtin: Callable[[str], Value] = field(init=False)
    known_elements: Callable[[Value], list[Value]] = field(init=False)
    captured: Callable[[ast.AST, Frame], dict[int, Value]] = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store()
        self.buffer: list[Stmt] = []
        self.context = Context()
        self.loops: list[LoopHandle] = []
        self.node: ast.AST | None = None
        self.tables: list[tuple[int, ...]] = []
        self.row_counts: dict[tuple[int, str], Var] = {}
        self.reads: list[set[tuple[object, ...]]] = []
        self.may_raise = False
        self.clock = 0
        self.depth = 0
        self._names = 0
        self._statements = 0
        self._table_index: dict[tuple[int, ...], int] = {}
        self.births: dict[int, tuple[Site, tuple[LoopHandle, ...]]] = {}
        self.origins: dict[Expr, tuple[str, str, Expr, int]] = {}
        self.copied_at: dict[tuple[int, int], int] = {}
        self.module_frame = Frame({}, None, "<module>")
        self._overlays: list[dict[int, tuple[Value, Value]]] = []
        self._blocks: list[BlockHandle] = []
        self._pure = False
        self._born: dict[Var, int] = {}
        self.tables_at_run_time = RuntimeTables(self)

    def new_templates(self) -> Templates:
        """Return templates for one meeting of paths."""
        return Templates(self.new_var, self.new_table)

    # ---- names, code, errors ----------------------------------------------------------------------------------------------

    def new_var(self, kind: Kind, hint: str = "t") -> Var:
        """Return a fresh variable."""
        self._names += 1
        variable = Var(f"{hint}{self._names}", kind)
        self._born[variable] = self._names
        return variable

    def new_label(self, hint: str) -> str:
        """Return a fresh label."""
        self._names += 1
        return f"{hint}{self._names}"

    def new_table(self, values: tuple[int, ...]) -> TableArray:
        """Register a constant int table; equal tables share memory."""
        if values not in self._table_index:
            self._table_index[values] = len(self.tables)
            self.tables.append(values)
        return TableArray(self._table_index[values])

    def new_cell(self, value: Value) -> int:
        """Return a fresh variable cell that holds ``value``."""
        self._names += 1
        self.store.cells[self._names] = value
        return self._names

    def new_object(self, content: HeapObject) -> Ref:
        """Put an object on the abstract heap."""
        self._names += 1
        self.store.heap[self._names] = content
        return Ref(self._names)

    def emit(self, statement: Stmt) -> None:
        """Append a statement to the code of the current path."""
        self._statements += 1
        if self._statements > self.limits.statements:
            self.unsupported("the program unfolds into too much code")
        if self._pure and not isinstance(statement, Assign):
            raise _Impure
        self.buffer.append(statement)

    def temp(self, expr: Expr, hint: str = "t") -> Expr:
        """Evaluate an expression once, now, and return a name for it."""
        if isinstance(expr, (Lit, Var)):
            return expr
        variable = self.new_var(expr.kind, hint)
        self.emit(Assign(variable, expr))
        return variable

    def comment(self, statement: Comment) -> None:
        """Note a line of the source in the emitted code; costs nothing."""
        if not self._pure:
            self.buffer.append(statement)

    def class_named(self, name: str) -> ClassValue:
        """Return the class of an entity type; one that the program lacks derives from its ``Entity``."""
        cell = self.module_frame.cells.get(name)
        value = None if cell is None else self.store.cells.get(cell)
        return value if isinstance(value, ClassValue) else ClassValue(name, (name, "Entity"))

    def opaque_text(self, value: Value) -> Value:
        """A text made of numbers of the state: nothing may look at it but what drops it."""
        return Conflict("a text made of numbers of the state is not translated yet")

    def known_elements_or_one(self, node: ast.expr, frame: Frame) -> list[Value]:
        """The classes that an ``except`` clause names."""
        value = self.evaluate(node, frame)
        return self.known_elements(value) if isinstance(value, (TupleValue, Const)) else [value]

    def builtin_is_free(self, name: str, frame: Frame) -> bool:
        """Whether a built-in name still means the built-in in a scope."""
        scope: Frame | None = frame
        while scope is not None:
            if name in scope.cells:
                return False
            scope = scope.parent
        return True

    def pure_arguments(self, node: ast.Call, frame: Frame) -> None:
        """Follow the arguments of a call whose result is dropped, for what they raise or change."""
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            self.evaluate(argument.value if isinstance(argument, ast.Starred) else argument, frame)

    def forever(self, make: Callable[[str, list[Stmt]], Stmt], visit: Callable[[], None]) -> None:
        """Follow a loop that only a ``leave`` ends; behind it no path goes on."""
        self.loop(make, visit)
        raise PathEnded

    def location(self, node: ast.AST | None = None) -> SourceLocation | None:
        """Return the place in the source of a node, or of the one being followed."""
        node = node if node is not None and hasattr(node, "lineno") else self.node
        if node is None or not hasattr(node, "lineno"):
            return None
        line = self.source_lines[node.lineno - 1] if node.lineno <= len(self.source_lines) else ""
        end = node.end_col_offset if getattr(node, "end_lineno", None) == node.lineno else len(line)  # type: ignore[attr-defined]
        return SourceLocation(self.file, node.lineno, node.col_offset, line, end)  # type: ignore[attr-defined]

    def unsupported(self, message: str, node: ast.AST | None = None) -> NoReturn:
        """Give up: the program runs interpreted."""
        raise UnsupportedConstructError(message, self.location(node))

    # ---- schema -----------------------------------------------------------------------------------------------------------

    def is_static(self, type_name: str) -> bool:
        """Whether entities of a type are assumed never to change."""
        return type_name not in self.plan.dynamic_types

    def make_dynamic(self, type_name: str) -> NoReturn:
        """Start again with a type's entities in the packed state."""
        raise Restart(self.plan.with_dynamic_type(type_name))

    def is_whole(self, parts: tuple[Query, ...], type_name: str) -> bool:
        """Whether the entities of a type among the parts of a query are exactly all rows of the state."""
        own = [part for part in parts if isinstance(part, RowsQuery) and part.type_name == type_name]
        others = [part for part in parts if not isinstance(part, RowsQuery)]
        return len(own) == 1 and not own[0].removed and not others

    def row_count(self, world: int, type_name: str) -> Expr:
        """The number of rows of a dynamic type: a constant, or the variable that holds it."""
        entity_type = self.schema.type(type_name)
        if entity_type is not None and entity_type.count is not None:
            return Lit(entity_type.count, Kind.INT)
        return self.row_counts.setdefault((world, type_name), Var(f"n_{type_name}_{world}", Kind.INT))

    # ---- facts, reads and writes --------------------------------------------------------------------------------------------

    def allowed(self, index: Expr, size: int) -> frozenset[int]:
        """Return the values that a finite index can take on this path."""
        return self.store.facts.get(index, frozenset(range(size)))

    def note_read(self, key: tuple[object, ...]) -> None:
        """Record that the code being followed depends on a column or an object."""
        for reads in self.reads:
            reads.add(key)

    def note_write(self, key: tuple[object, ...]) -> None:
        """Record a write to a column or an object."""
        self.clock += 1
        self.store.epochs[key] = self.clock

    def object(self, ref: Ref) -> HeapObject:
        """Return an object's contents."""
        self.note_read(("heap", ref.object_id))
        if any(ref.object_id in loop.pending for loop in self.loops):
            self.unsupported("a list is read in the loop that fills it")
        content = self.store.heap.get(ref.object_id)
        if content is None:
            raise InternalError("a reference outlived its object")
        return content

    def set_object(self, ref: Ref, content: HeapObject) -> None:
        """Change an object's contents."""
        self.store.heap[ref.object_id] = content
        self.note_write(("heap", ref.object_id))

    def origin_of(self, expr: Expr) -> tuple[str, str, Expr, int] | None:
        """Return (type, attribute, row, when it was read) of a value that was read from an entity."""
        if isinstance(expr, Load) and isinstance(expr.array, StaticColumn):
            return expr.array.type_name, expr.array.attribute, expr.index, 0
        return self.origins.get(expr)

    def copy_rows(self, rows: RowsQuery) -> RowsQuery:
        """Return the rows as deep copies of themselves: the same memory, other identities."""
        self.copied_at[rows.world, rows.generation] = self.clock
        return replace(rows, generation=rows.generation + 1)

    # ---- branches -----------------------------------------------------------------------------------------------------------

    def _learn(self, facts: Facts) -> bool:
        """Add facts to the path; False where they contradict what is known."""
        for index, values in facts:
            known = self.store.facts.get(index)
            rest = values if known is None else known & values
            if not rest:
                return False
            self.store.facts[index] = rest
        return True

    def as_condition(self, value: Num | Const | Finite) -> Num | Const:
        """Return a condition as a truth expression that carries its facts."""
        if not isinstance(value, Finite):
            return value
        allowed = self.allowed(value.index, len(value.values))
        yes = frozenset(place for place in allowed if value.values[place] is True)
        no = frozenset(place for place in allowed if value.values[place] is False)
        if not yes or not no:
            return Const(bool(yes))
        from wc_engine.compile.stage.operators import index_in

        expr = index_in(self, value.index, yes, no)
        return Num(expr, 0, 1, ((value.index, yes),), ((value.index, no),))

    def branch(self, condition: Num | Const | Finite, then: Callable[[], Value], orelse: Callable[[], Value]) -> Value:
        """Follow one side of a decided condition, or both sides of an open one, and return the joined value."""
        decided = self.as_condition(condition)
        if isinstance(decided, Const):
            return then() if decided.value else orelse()
        start, outer = self.store, self.buffer
        edges: list[_Edge] = []
        code: list[list[Stmt]] = []
        for facts, side in ((decided.if_true, then), (decided.if_false, orelse)):
            self.store, self.buffer = start.copy(), []
            code.append(self.buffer)
            try:
                if self._learn(facts):
                    value = side()
                    edges.append(_Edge(self.store, value, self.buffer, len(self.buffer)))
            except PathEnded:
                pass
        self.buffer = outer
        if code[0] or code[1] or len(edges) < 2 or edges[0].value != edges[1].value or self._differ(edges):
            self.emit(If(decided.expr, code[0], code[1]))
        return self._meet(edges)

    @staticmethod
    def _differ(edges: list[_Edge]) -> bool:
        first, second = edges[0].store, edges[1].store
        return first.cells != second.cells or first.heap != second.heap

    def when(self, condition: Num | Const | Finite, then: Callable[[], None]) -> None:
        """Run ``then`` on the paths where the condition holds."""

        def run() -> Value:
            then()
            return NONE

        self.branch(condition, run, lambda: NONE)

    def dispatch(self, value: Value, use: Callable[[Value], Value]) -> Value:
        """Apply ``use`` to each option of a union; where all results are constants, the result is a table of them."""
        if not isinstance(value, Union):
            return use(value)
        return self._dispatch(value.tag, list(value.options), use)

    def _dispatch(self, tag: Expr, options: list[Value], use: Callable[[Value], Value]) -> Value:
        allowed = sorted(self.allowed(tag, len(options)))
        if len(allowed) == 1:
            return use(options[allowed[0]])
        constants = self._constants_of(options, allowed, use)
        if constants is not None:
            return Finite(tag, tuple(constants))
        place = allowed[0]
        is_first = Finite(tag, tuple(index == place for index in range(len(options))))
        return self.branch(is_first, lambda: use(options[place]), lambda: self._dispatch(tag, options, use))

    def _constants_of(
        self, options: list[Value], allowed: list[int], use: Callable[[Value], Value]
    ) -> list[object] | None:
        results: list[object] = [MISSING] * len(options)
        for place in allowed:
            outcome = self.trial(lambda place=place: use(options[place]))  # type: ignore[misc]
            if outcome is None or outcome[1] or not isinstance(outcome[0], Const):
                return None
            results[place] = outcome[0].value
        return results

    def trial(self, run: Callable[[], Value]) -> tuple[Value, list[Stmt], bool] | None:
        """Follow a path without keeping it.

        Returns:
            (value, code, whether the store changed), or None where the path ends.
        """
        store, buffer, may_raise, loops = self.store, self.buffer, self.may_raise, list(self.loops)
        marks = self.mark_edges()
        self.store, self.buffer, self.may_raise = store.copy(), [], False
        try:
            value = run()
            changed = self.store.epochs != store.epochs or self.may_raise
            return value, self.buffer, changed
        except PathEnded:
            return None
        finally:
            self.store, self.buffer, self.loops = store, buffer, loops
            self.may_raise = may_raise
            self.forget_edges(marks)

    def pure(self, facts: Facts, run: Callable[[], Value]) -> Value | None:
        """Evaluate without a branch what is only wanted where ``facts`` hold; None where that could be noticed.

        Reading memory is harmless; anything that raises, writes or branches is not, and leaves nothing behind.
        """
        store, buffer, pure, may_raise = self.store, self.buffer, self._pure, self.may_raise
        marks, loops = self.mark_edges(), list(self.loops)
        self.store, self.buffer, self._pure = store.copy(), [], True
        value: Value | None = None
        try:
            if self._learn(facts):
                value = run()
                if self.store.heap != store.heap or self.store.epochs != store.epochs:
                    value = None
        except (_Impure, PathEnded):
            value = None
        finally:
            code, self.store, self.buffer, self._pure = self.buffer, store, buffer, pure
            self.may_raise, self.loops = may_raise, loops
            self.forget_edges(marks)
        if value is not None:
            for statement in code:
                self.emit(statement)
        return value

    def mark_edges(self) -> list[tuple[BlockHandle, int]]:
        """Remember which paths have left blocks so far."""
        return [(handle, len(handle.edges)) for handle in self._blocks]

    @staticmethod
    def forget_edges(marks: list[tuple[BlockHandle, int]]) -> None:
        """Forget the paths that left a block in code that is not kept."""
        for handle, count in marks:
            del handle.edges[count:]

    # ---- blocks ---------------------------------------------------------------------------------------------------------------

    def block(self, hint: str, run: Callable[[BlockHandle], Value]) -> Value:
        """Follow a region that paths may leave early; return the joined value of all its ends."""
        handle = BlockHandle(self.new_label(hint), loop_depth=len(self.loops))
        outer = self.buffer
        code: list[Stmt] = []
        if self.loops and self.loops[-1].runs_always(outer):
            self.loops[-1].straight.append(code)
        self.buffer = code
        self._blocks.append(handle)
        try:
            value = run(handle)
            ends = [_Edge(self.store, value, code, len(code))]
        except PathEnded:
            ends = []
        finally:
            self.buffer = outer
            self._blocks.pop()
        if handle.edges:
            self.emit(Block(handle.label, code))
        else:
            self.buffer.extend(code)
            if ends:
                self.store = ends[0].store
                return ends[0].value
        return self._meet(handle.edges + ends)

    def leave(self, handle: BlockHandle, value: Value = NONE) -> NoReturn:
        """End the path here and go on behind the block, with a value."""
        store = self.store.copy()
        for overlay in reversed(self._overlays):
            for cell, (captured, outer) in overlay.items():
                if store.cells.get(cell) is captured:
                    store.cells[cell] = outer
        handle.edges.append(_Edge(store, value, self.buffer, len(self.buffer)))
        for loop in self.loops[handle.loop_depth :]:
            loop.left = True
        if self.loops:
            self.loops[-1].left = True
        self.emit(Break(handle.label))
        raise PathEnded

    def fail(self, status: int) -> NoReturn:
        """End the step with a status."""
        self.may_raise = True
        self.emit(Fail(status))
        raise PathEnded

    def guard(self, condition: Num | Const | Finite, status: int) -> None:
        """End the step with a status unless the condition holds."""

        def end() -> Value:
            self.fail(status)

        self.branch(condition, lambda: NONE, end)

    def _insert(self, edge: _Edge, moves: list[Move]) -> None:
        """Put the moves of an edge before its end, all at once in effect."""
        targets = {target for target, _ in moves}
        if any(_mentions(value, targets - {target}) for target, value in moves):
            fresh = [(self.new_var(value.kind), value) for _, value in moves]
            code: list[Stmt] = [Assign(variable, value) for variable, value in fresh]
            code += [Assign(target, variable) for (target, _), (variable, _) in zip(moves, fresh, strict=True)]
        else:
            code = [Assign(target, value) for target, value in moves if target != value]
        edge.buffer[edge.position : edge.position] = code

    def _meet(self, edges: list[_Edge]) -> Value:
        """Join the paths that arrive here into one store and value."""
        if not edges:
            raise PathEnded
        if len(edges) == 1:
            self.store = edges[0].store
            return edges[0].value
        joined = Store()
        templates = self.new_templates()
        moves: list[list[Move]] = [[] for _ in edges]
        for cell in edges[0].store.cells:
            values = [edge.store.cells[cell] for edge in edges if cell in edge.store.cells]
            if len(values) == len(edges):
                joined.cells[cell] = _join_values(templates, values, moves)
        for object_id in {key for edge in edges for key in edge.store.heap}:
            present = [
                (place, edge.store.heap[object_id]) for place, edge in enumerate(edges) if object_id in edge.store.heap
            ]
            template = templates.object_template([content for _, content in present])
            joined.heap[object_id] = template
            for place, content in present:
                moves[place] += templates.object_moves(template, content) or []
        for index, allowed in edges[0].store.facts.items():
            if all(index in edge.store.facts for edge in edges[1:]):
                joined.facts[index] = allowed.union(*(edge.store.facts[index] for edge in edges[1:]))
        for key in {key for edge in edges for key in edge.store.epochs}:
            stamps = {edge.store.epochs.get(key, 0) for edge in edges}
            joined.epochs[key] = max(stamps)
        value = _join_values(templates, [edge.value for edge in edges], moves)
        self.store = joined
        for edge, edge_moves in sorted(zip(edges, moves, strict=True), key=lambda pair: -pair[0].position):
            self._insert(edge, edge_moves)
        return value

    # ---- loops ----------------------------------------------------------------------------------------------------------------

    def loop(
        self,
        make: Callable[[str, list[Stmt]], Stmt],
        visit: Callable[[], None],
        *,
        rows: RowsQuery | None = None,
        row_variable: Var | None = None,
    ) -> None:
        """Follow a loop that runs ``visit`` zero or more times.

        Args:
            make: builds the loop statement from its label and code.
            visit: follows one round.
            rows: for a loop over all rows of a type, the query.
            row_variable: its variable.
        """
        entry, outer = self.store, self.buffer
        head = entry.copy()
        label = self.new_label("loop")
        begin, variable = self._names, getattr(make(label, []), "variable", None)
        templates = Templates(
            self.new_var, self.new_table, lambda known: known == variable or self._born.get(known, 0) > begin
        )
        marks = self.mark_edges()
        for round_number in range(self.limits.loop_rounds):
            self.forget_edges(marks)
            handle = LoopHandle(label, rows, row_variable, [], outer)
            self.store, self.buffer = head.copy(), handle.buffer
            self.loops.append(handle)
            try:
                visit()
                back: _Edge | None = _Edge(self.store, NONE, handle.buffer, len(handle.buffer))
            except PathEnded:
                back = None
            finally:
                self.loops.pop()
                self.buffer = outer
            if back is None:
                break
            self._forget_objects(head, back.store, give_up=round_number >= self.limits.loop_rounds // 2)
            if self._stable(templates, head, entry, back.store):
                break
        else:
            self.unsupported("the values of this loop do not settle")
        self._close_loop(templates, make(label, handle.buffer), handle.buffer, entry, head, back)
        if handle.pending and handle.left:
            self.unsupported("a list grows in a loop that can be left early")
        for object_id, queries in handle.pending.items():
            content = self.store.heap[object_id]
            assert isinstance(content, SeqObject)
            self.set_object(Ref(object_id), replace(content, content=concat(content.content, *queries)))

    def _forget_objects(self, head: Store, back: Store, *, give_up: bool) -> None:
        """Give up following, into the next round, variables that hold what was made in this one.

        An object made in a loop is another one in every round, so its number means nothing at the head.

        Args:
            give_up: also give up what still changes its form.
        """
        for cell, value in back.cells.items():
            if cell not in head.cells or head.cells[cell] == value:
                continue
            if _refers(value, lambda ref: ref.object_id not in head.heap) or (give_up and not isinstance(value, Num)):
                head.cells[cell] = back.cells[cell] = Conflict("it was made in an earlier round of a loop")

    def _stable(self, templates: Templates, head: Store, entry: Store, back: Store) -> bool:
        """Whether what arrives at the head again fits it; where not, widen the head for the next round."""
        stable = True
        for cell, value in head.cells.items():
            if isinstance(value, Conflict):
                continue
            arrived = back.cells.get(cell, value)
            if arrived != value and templates.moves(value, arrived) is None:
                head.cells[cell] = templates.template([entry.cells[cell], value, arrived], widen=True)
                stable = False
        for object_id, content in head.heap.items():
            new = back.heap.get(object_id, content)
            if new != content and (content == entry.heap[object_id] or templates.object_moves(content, new) is None):
                head.heap[object_id] = templates.object_template([entry.heap[object_id], content, new], widen=True)
                if head.heap[object_id] == content:
                    self.unsupported("this collection grows in a loop in a way that cannot be followed")
                stable = False
        for key, stamp in back.epochs.items():
            if key[0] == "heap" and key[1] not in head.heap:
                continue  # made in this round: another one in the next
            if stamp != head.epochs.get(key, 0) and head.epochs.get(key, 0) == entry.epochs.get(key, 0):
                self.clock += 1
                head.epochs[key] = self.clock
                stable = False
        for index, allowed in list(head.facts.items()):
            if index in back.facts and not back.facts[index] <= allowed:
                del head.facts[index]
                stable = False
        return stable

    def _close_loop(
        self, templates: Templates, statement: Stmt, code: list[Stmt], entry: Store, head: Store, back: _Edge | None
    ) -> None:
        moves: list[Move] = []
        returns: list[Move] = []
        for cell, value in head.cells.items():
            moves += templates.moves(value, entry.cells[cell]) or []
            if back is not None and cell in back.store.cells:
                returns += templates.moves(value, back.store.cells[cell]) or []
        for object_id, content in head.heap.items():
            moves += templates.object_moves(content, entry.heap[object_id]) or []
            if back is not None and object_id in back.store.heap:
                returns += templates.object_moves(content, back.store.heap[object_id]) or []
        for target, value in moves:
            if target != value:
                self.emit(Assign(target, value))
        if back is not None:
            self._insert(back, [move for move in returns if move[0] != move[1]])
        if code:
            self.emit(statement)
        self.store = head

    # ---- captured cells ---------------------------------------------------------------------------------------------------------

    def with_cells(self, captured: dict[int, Value] | None, run: Callable[[], None]) -> None:
        """Run with some cells as they were when a comprehension was made."""
        overlay = {}
        for cell, value in (captured or {}).items():
            current = self.store.cells.get(cell)
            if current is not None and current is not value and current != value:
                overlay[cell] = (value, current)
                self.store.cells[cell] = value
        self._overlays.append(overlay)
        try:
            run()
        finally:
            self._overlays.pop()
        for cell, (captured_value, outer) in overlay.items():
            if self.store.cells.get(cell) is captured_value:
                self.store.cells[cell] = outer

    def without_cells(self, run: Callable[[], None]) -> None:
        """Run a consumer's code inside ``with_cells``, with the cells as they are outside."""
        overlay = self._overlays[-1]
        for cell, (_, outer) in overlay.items():
            self.store.cells[cell] = outer
        self._overlays.append({})
        try:
            run()
        finally:
            self._overlays.pop()
        for cell, (captured_value, _) in overlay.items():
            overlay[cell] = (captured_value, self.store.cells[cell])
            self.store.cells[cell] = captured_value

    @contextmanager
    def in_context(self, context: Context) -> Iterator[None]:
        """Follow code whose returns, breaks and exceptions go elsewhere."""
        outer, self.context = self.context, context
        try:
            yield
        finally:
            self.context = outer

    def raise_(self, name: str, matches: Callable[[str, str], bool]) -> NoReturn:
        """Raise a Python exception of a known class: go to its handler, or fail the step."""
        self.may_raise = True
        for handle, names in reversed(self.context.handlers):
            for place, handled in enumerate(names):
                if matches(name, handled):
                    self.leave(handle, Const((place, name)))
        self.fail(STATUS_FAILED)

    def raise_named(self, name: str) -> NoReturn:
        """Raise a built-in exception."""
        self.raise_(name, _is_subclass)

    def require(self, condition: Num | Const | Finite, name: str) -> None:
        """Raise a built-in exception unless the condition holds."""

        def fail() -> Value:
            self.raise_named(name)

        self.branch(condition, lambda: NONE, fail)

    def narrow(self, value: Value) -> Value:
        """Return the one option that a union can still be on this path, where there is only one."""
        if isinstance(value, Union):
            allowed = self.allowed(value.tag, len(value.options))
            if len(allowed) == 1:
                return value.options[next(iter(allowed))]
        return value

    def bound(self, value: Value, name: str) -> Value:
        """Return a value, raising a built-in exception where it is unbound."""

        def use(option: Value) -> Value:
            if option == UNBOUND:
                self.raise_named(name)
            return option

        if isinstance(value, Union):
            missing = Finite(value.tag, tuple(option == UNBOUND for option in value.options))

            def fail() -> Value:
                self.raise_named(name)

            self.branch(missing, fail, lambda: NONE)
            rest = [place for place, option in enumerate(value.options) if option != UNBOUND]
            return value.options[rest[0]] if len(rest) == 1 else self.narrow(value)
        return use(value)

    def int_expr(self, value: Value) -> Expr:
        """Return the expression of a value that is known to be an int."""
        if isinstance(value, Const):
            return Lit(int(value.value), Kind.INT)
        assert isinstance(value, Num)
        return value.expr


def _join_values(templates: Templates, values: list[Value], moves: list[list[Move]]) -> Value:
    """Return the template of values, adding the moves of each path to ``moves``."""
    template = templates.template(values)
    for place, value in enumerate(values):
        filled = templates.moves(template, value)
        if filled is None:
            return Conflict("two paths left it in forms with nothing in common")
        moves[place] += filled
    return template


def _refers(value: Value, is_lost: Callable[[Ref], bool]) -> bool:
    """Whether a value mentions an object that ``is_lost``."""
    if isinstance(value, Ref):
        return is_lost(value)
    if isinstance(value, TupleValue):
        return any(_refers(item, is_lost) for item in value.items)
    if isinstance(value, Union):
        return any(_refers(option, is_lost) for option in value.options)
    return False


def _is_subclass(name: str, handled: str) -> bool:
    raised, caught = getattr(builtins, name, Exception), getattr(builtins, handled, None)
    return isinstance(caught, type) and issubclass(raised, caught)


def _mentions(expr: Expr, names: set[Var]) -> bool:
    if isinstance(expr, Var):
        return expr in names
    for attribute in ("args", "index"):
        inner = getattr(expr, attribute, None)
        if inner is None:
            continue
        if any(_mentions(item, names) for item in (inner if isinstance(inner, tuple) else (inner,))):
            return True
    return False
