"""The specialising interpreter's core: branches, blocks and exceptions over paths.

The interpreter runs the program on abstract values. What it can decide it decides; what it cannot it emits as IR. A
branch on a condition of run time follows both sides, each with its own copy of the store, and joins them. A path that
ends (return, break, raise, fail) unwinds with ``PathEnded`` to the branch it belongs to. Decisions that turn out too
optimistic restart the whole run with ``Restart``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NoReturn

from wc_engine.compile.ir import Block, Break, Expr, Fail, If, Kind, Lit, Op, Stmt, Var
from wc_engine.compile.plan import Restart
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.loops import follow_loop
from wc_engine.compile.stage.meeting import meet
from wc_engine.compile.stage.paths import BlockHandle, Context, Edge, Impure, PathEnded
from wc_engine.compile.stage.queries import ConflictQuery
from wc_engine.compile.stage.recorder import Recorder
from wc_engine.compile.stage.runtime_tables import RuntimeTables
from wc_engine.compile.stage.store import Store
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    UNBOUND,
    ClassValue,
    Closure,
    Const,
    Facts,
    Finite,
    Frame,
    Num,
    TupleValue,
    Union,
    UserClass,
    Value,
)

if TYPE_CHECKING:
    from wc_engine.compile.plan import CompilePlan
    from wc_engine.compile.stage.queries import Query, RowsQuery

__all__ = ["Machine"]

STATUS_FAILED, STATUS_OUT_OF_RANGE, STATUS_OUT_OF_FUEL, STATUS_OUT_OF_SCRATCH = 2, 3, 4, 5


@dataclass(eq=False)
class Machine(Recorder):
    """The state of one staging run.

    Attributes:
        evaluate, execute, call, ...: the parts of the interpreter that live in other modules, set by ``program.py``.
    """

    evaluate: Callable[[ast.expr, Frame], Value] = field(init=False)
    execute: Callable[[list[ast.stmt], Frame], None] = field(init=False)
    call: Callable[[Value, tuple[Value, ...], dict[str, Value]], Value] = field(init=False)
    get_attribute: Callable[[Value, str], Value] = field(init=False)
    condition: Callable[[ast.expr, Frame], Num | Const | Finite] = field(init=False)
    truth: Callable[[Value], Num | Const | Finite] = field(init=False)
    iterable: Callable[[Value], Query] = field(init=False)
    assign_target: Callable[[ast.expr, Value, Frame], None] = field(init=False)
    builtin: Callable[[str], Value] = field(init=False)
    known_elements: Callable[[Value], list[Value]] = field(init=False)
    run_generator: Callable[[Closure, dict[str, Value], Callable[[Value], None]], None] = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.context = Context()
        self.depth = 0
        self.module_frame = Frame({}, None, "<module>")
        self.tables_at_run_time = RuntimeTables(self)
        self._blocks: list[BlockHandle] = []
        # For each trial visit under way, the code that it certainly runs: where it began, and blocks entered there.
        self.regions: list[list[list[Stmt]]] = []

    # ---- branches --------------------

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
        from wc_engine.compile.stage.logic import index_in

        expr = index_in(self, value.index, yes, no)
        return Num(expr, 0, 1, ((value.index, yes),), ((value.index, no),))

    def branch(self, condition: Num | Const | Finite, then: Callable[[], Value], orelse: Callable[[], Value]) -> Value:
        """Follow one side of a decided condition, or both sides of an open one, and return the joined value."""
        decided = self.as_condition(condition)
        if isinstance(decided, Const):
            return then() if decided.value else orelse()
        start, outer = self.store, self.buffer
        self.spend(1 + (len(start.cells) + len(start.heap)) // 64)
        edges: list[Edge] = []
        code: list[list[Stmt]] = []
        missed = Op("not", (decided.expr,), Kind.BOOL)
        sides = ((decided.expr, decided.if_true, then), (missed, decided.if_false, orelse))
        for holds, facts, side in sides:
            self.store, self.buffer = start.copy(), []
            code.append(self.buffer)
            self.given.append(holds)
            try:
                if self._learn(facts):
                    value = side()
                    edges.append(Edge(self.store, value, self.buffer, len(self.buffer)))
            except PathEnded:
                pass
            finally:
                self.given.pop()
        self.buffer = outer
        if code[0] or code[1] or len(edges) < 2 or edges[0].value != edges[1].value or self._differ(edges):
            self.emit(If(decided.expr, code[0], code[1]))
        return meet(self, edges)

    @staticmethod
    def _differ(edges: list[Edge]) -> bool:
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
        if isinstance(constants, list):
            return Finite(tag, tuple(constants))
        # An option that certainly raises goes first: the others may have a table then.
        place = allowed[0] if constants is None else constants
        is_it = Finite(tag, tuple(index == place for index in range(len(options))))
        return self.branch(
            is_it,
            lambda: self._plain(use(options[place])),
            lambda: self._plain(self._dispatch(tag, options, use)),
        )

    def test_options(self, value: Union, test: Callable[[Value], Num | Const | Finite]) -> Num | Const | Finite:
        """Return the answer that ``test`` gives for the option that is meant.

        Where asking only reads, all options are asked and the tag picks one answer: no path branches.
        """
        answers: dict[int, Num | Const] = {}
        for place in sorted(self.allowed(value.tag, len(value.options))):
            fact = ((value.tag, frozenset({place})),)
            answer = self.pure(fact, lambda place=place: self.as_condition(test(value.options[place])))  # type: ignore[misc]
            if not isinstance(answer, (Num, Const)):
                result = self.dispatch(value, lambda option: self.as_condition(test(option)))
                if not isinstance(result, (Num, Const, Finite)):
                    self.unsupported("a condition that cannot be followed")
                return result
            answers[place] = answer
        return self._picked(value, answers)

    def _picked(self, value: Union, answers: dict[int, Num | Const]) -> Num | Const | Finite:
        """Return the answer at the tag's place."""
        from wc_engine.compile.stage.logic import index_in

        yes = frozenset(place for place, answer in answers.items() if answer == Const(True))
        open_ = {place: answer for place, answer in answers.items() if isinstance(answer, Num)}
        if not open_:
            return Finite(value.tag, tuple(place in yes for place in range(len(value.options))))
        first = next(iter(open_.values()))
        if len(open_) == len(answers) and all(answer.expr == first.expr for answer in open_.values()):
            return first
        tests: list[Expr] = [index_in(self, value.tag, yes, frozenset(answers) - yes)] if yes else []
        for place, answer in open_.items():
            here = Op("eq", (value.tag, Lit(place, Kind.INT)), Kind.BOOL)
            tests.append(Op("and", (here, answer.expr), Kind.BOOL))
        if_true = ((value.tag, yes | frozenset(open_)),) + (first.if_true if len(open_) == 1 and not yes else ())
        if_false = ((value.tag, frozenset(answers) - yes),)
        return Num(tests[0] if len(tests) == 1 else Op("or", tuple(tests), Kind.BOOL), 0, 1, if_true, if_false)

    def _plain(self, value: Value) -> Value:
        """Return a table of truth values as a condition, so that it has something in common with other conditions."""
        if isinstance(value, Finite) and all(item is MISSING or isinstance(item, bool) for item in value.values):
            return self.as_condition(value)
        return value

    def _constants_of(
        self, options: list[Value], allowed: list[int], use: Callable[[Value], Value]
    ) -> list[object] | int | None:
        """Return what ``use`` makes of the options, where all of that is constants.

        Else the place of an option with which the path ends, where those before it have constants; else None.
        """
        results: list[object] = [MISSING] * len(options)
        for place in allowed:
            outcome = self.trial(lambda place=place: use(options[place]))  # type: ignore[misc]
            if outcome is None:
                return place
            if outcome[1] or outcome[2] or not isinstance(outcome[0], Const):
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
            changed = self.may_raise or self.store.written() != store.written()
            return value, self.buffer, changed or self.changed_cells(store)
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
        store, buffer, pure, may_raise = self.store, self.buffer, self.pure_only, self.may_raise
        marks, loops = self.mark_edges(), list(self.loops)
        self.store, self.buffer, self.pure_only = store.copy(), [], True
        value: Value | None = None
        taken: dict[tuple[object, ...], int] = {}
        try:
            if self._learn(facts):
                value = run()
                taken = self.store.epochs
                written = self.store.heap != store.heap or self.store.written() != store.written()
                if written or self.changed_cells(store):
                    value = None
        except (Impure, PathEnded):
            value = None
        finally:
            code, self.store, self.buffer, self.pure_only = self.buffer, store, buffer, pure
            self.may_raise, self.loops = may_raise, loops
            self.forget_edges(marks)
        if value is not None:
            for statement in code:
                self.emit(statement)
            self.store.epochs.update(taken)
        return value

    def mark_edges(self) -> list[tuple[BlockHandle, int]]:
        """Remember which paths have left blocks so far."""
        return [(handle, len(handle.edges)) for handle in self._blocks]

    @staticmethod
    def forget_edges(marks: list[tuple[BlockHandle, int]]) -> None:
        """Forget the paths that left a block in code that is not kept."""
        for handle, count in marks:
            del handle.edges[count:]

    # ---- blocks --------------------

    def block(self, hint: str, run: Callable[[BlockHandle], Value]) -> Value:
        """Follow a region that paths may leave early; return the joined value of all its ends."""
        outer = self.buffer
        code: list[Stmt] = []
        handle = BlockHandle(self.new_label(hint), loop_depth=len(self.loops), code=code)
        if self.loops and self.loops[-1].runs_always(outer):
            self.loops[-1].straight.append(code)
        for region in self.regions:
            if any(outer is known for known in region):
                region.append(code)
        self.buffer = code
        self._blocks.append(handle)
        try:
            value = run(handle)
            ends = [Edge(self.store, value, code, len(code))]
        except PathEnded:
            ends = []
        finally:
            self.buffer = outer
            self._blocks.pop()
        if self.pure_only:
            self.buffer.extend(code)  # nothing can have left it
        elif code:
            # Also where nothing leaves this block: what leaves an outer one from here adds its moves to this code.
            self.emit(Block(handle.label, code))
        if not handle.edges and ends:
            self.store = ends[0].store
            return ends[0].value
        return meet(self, handle.edges + ends)

    def leave(self, handle: BlockHandle, value: Value = NONE) -> NoReturn:
        """End the path here and go on behind the block, with a value."""
        value = self.narrowed(value)
        store = self.store.copy()
        handle.edges.append(Edge(store, value, self.buffer, len(self.buffer)))
        for loop in self.loops[handle.loop_depth :]:
            loop.left = True
            for object_id in loop.pending:
                self._forget_pending(store, object_id)
        self._skips_rest_of(handle)
        self.emit(Break(handle.label))
        raise PathEnded

    def _forget_pending(self, store: Store, object_id: int) -> None:
        """A loop is left before all rows are in a list that it fills: what is in it then is not known."""
        content, site = store.heap[object_id], self.births.get(object_id, ((0, 0), ()))[0]
        assert isinstance(content, SeqObject)
        if self.plan.in_memory(site):
            self.partly_known.add(site)
        query = ConflictQuery("it grows in a loop that can be left early", site)
        store.heap[object_id] = replace(content, content=query)

    def _skips_rest_of(self, handle: BlockHandle) -> None:
        """Note that what comes now in a block, or in one inside it, does not run in every round of a loop."""
        inside = self._blocks[self._blocks.index(handle) :] if handle in self._blocks else self._blocks
        for loop in self.loops:
            loop.straight = [code for code in loop.straight if not any(code is block.code for block in inside)]
        for region in self.regions:
            region[:] = [code for code in region if not any(code is block.code for block in inside)]

    def fail(self, status: int) -> NoReturn:
        """End the step with a status."""
        self.may_raise = True
        self.emit(Fail(status))
        raise PathEnded

    def go_on_with(self, plan: CompilePlan) -> NoReturn:
        """Start again with a plan, but not before the other paths were followed: they may find out more."""
        self.wanted = plan
        self.fail(STATUS_OUT_OF_RANGE)

    def make_dynamic(self, type_name: str) -> NoReturn:
        """Start again with a type's entities in the packed state; end the path where they are assumed not to change."""
        if type_name in self.plan.assumptions.unchanging:
            self.assumed = True
            self.fail(STATUS_OUT_OF_RANGE)
        raise Restart(self.wanted.with_dynamic_type(type_name))

    def guard(self, condition: Num | Const | Finite, status: int) -> None:
        """End the step with a status unless the condition holds."""

        def end() -> Value:
            self.fail(status)

        self.branch(condition, lambda: NONE, end)

    def loop(
        self,
        make: Callable[[str, list[Stmt]], Stmt],
        visit: Callable[[], None],
        *,
        rows: RowsQuery | None = None,
        row_variable: Var | None = None,
    ) -> None:
        """Follow a loop that runs ``visit`` zero or more times; see ``loops.follow_loop``."""
        follow_loop(self, make, visit, rows=rows, row_variable=row_variable)

    # ---- exceptions --------------------

    @contextmanager
    def in_context(self, context: Context) -> Iterator[None]:
        """Follow code whose returns, breaks and exceptions go elsewhere."""
        outer, self.context = self.context, context
        try:
            yield
        finally:
            self.context = outer

    def raise_exception(self, value: Value, cls: UserClass) -> NoReturn:
        """Raise an exception of a class: go to its handler, or fail the step."""
        self.may_raise = True
        for handle, classes in reversed(self.context.handlers):
            if any(handled in cls.lineage for handled in classes):
                self.leave(handle, value)
        self.fail(STATUS_FAILED)

    def raise_named(self, name: str) -> NoReturn:
        """Raise a built-in exception."""
        from wc_engine.compile.stage.exceptions import exception_raised

        raised = exception_raised(self, name)
        self.raise_exception(raised, raised.cls)

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

    def narrowed(self, value: Value) -> Value:
        """Return a union of what it can still be on this path: paths that meet forget what they knew of it."""
        if isinstance(value, TupleValue) and any(isinstance(item, Union) for item in value.items):
            return TupleValue(tuple(map(self.narrowed, value.items)))
        if not isinstance(value, Union) or value.tag not in self.store.facts:
            return value
        allowed = sorted(self.allowed(value.tag, len(value.options)))
        if len(allowed) in (1, len(value.options)):
            return self.narrow(value)
        places = [allowed.index(place) if place in allowed else 0 for place in range(len(value.options))]
        tag = self.temp(self.new_templates().remap(value.tag, places))
        return Union(tag, tuple(value.options[place] for place in allowed))

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
            rest = [option for option in value.options if option != UNBOUND]
            # The other option cannot be meant any more: any will do in its place.
            return (
                rest[0]
                if len(rest) == 1
                else self.narrow(
                    Union(value.tag, tuple(rest[0] if option == UNBOUND else option for option in value.options))
                )
            )
        return use(value)

    def int_expr(self, value: Value) -> Expr:
        """Return the expression of a value that is known to be an int."""
        if isinstance(value, Const):
            return Lit(int(value.value), Kind.INT)
        assert isinstance(value, Num)
        return value.expr

    def class_named(self, name: str) -> ClassValue:
        """Return the class of an entity type; one that the program lacks derives from its ``Entity``."""
        cell = self.module_frame.cells.get(name)
        value = None if cell is None else self.store.cells.get(cell)
        if isinstance(value, ClassValue):
            return value
        base = self.store.cells.get(self.module_frame.cells.get("Entity", -1))
        if not isinstance(base, ClassValue):
            return ClassValue(name, (name, "Entity"))
        return ClassValue(name, (name, "Entity"), base.members, base.init)

    def module_class(self, name: str) -> bool:
        """Whether a name at the top level of the program means a class of entities."""
        cell = self.module_frame.cells.get(name)
        return cell is not None and isinstance(self.store.cells.get(cell), ClassValue)

    def pure_arguments(self, node: ast.Call, frame: Frame) -> None:
        """Follow the arguments of a call whose result is dropped, for what they raise or change."""
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            self.evaluate(argument.value if isinstance(argument, ast.Starred) else argument, frame)

    def forever(self, make: Callable[[str, list[Stmt]], Stmt], visit: Callable[[], None]) -> None:
        """Follow a loop that only a ``leave`` ends; behind it no path goes on."""
        site = self.site()
        if site in self.plan.few_rounds:
            for _ in range(self.limits.followed_rounds):
                visit()  # the path ends here once all ways have left the loop
            raise Restart(self.wanted.with_many_rounds(site), afresh=True)
        self.loop(make, visit)
        raise PathEnded
