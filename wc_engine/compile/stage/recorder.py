"""What one staging run writes down: names, code, tables, what is read and written, and where in the source it is."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from wc_engine.compile.ir import Assign, Comment, Expr, Kind, Lit, Load, StaticColumn, Stmt, TableArray, Var
from wc_engine.compile.plan import CompilePlan, FixedNumberNeeded, Restart, Site, mentions
from wc_engine.compile.stage.heap_objects import EntityObject, HeapObject, SeqObject
from wc_engine.compile.stage.paths import Budget, Impure, Limits, LoopHandle
from wc_engine.compile.stage.queries import LOST, ItemQuery, Query, RowsQuery
from wc_engine.compile.stage.store import Store
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.templates import Templates
from wc_engine.compile.stage.values import EnumClass, Frame, QueryValue, Ref, Row, Union, UserClass, Value
from wc_engine.errors import InternalError, SourceLocation, UnsupportedConstructError

if TYPE_CHECKING:
    from wc_engine.compile.stage.generations import Generation
    from wc_engine.compile.stage.key_indices import KeyIndex
    from wc_engine.compile.stage.remembered import Mapped
    from wc_engine.compile.stage.seen_places import SeenPlaces
    from wc_engine.compile.stage.shapes import Shape
    from wc_engine.state.schema import Schema

__all__ = ["Recorder", "Watched"]

Watched: TypeAlias = frozenset[tuple[object, ...]]
"""The objects and columns that something depends on."""


@dataclass(eq=False)
class Recorder:
    """The record of one staging run.

    Attributes:
        schema: entity types and domains.
        plan: what earlier runs found out (types that change, lists that need memory).
        file: the program's file, for messages.
        source_lines: its text.
        limits: bounds of the run.
        budget: what is left to be spent, shared with the other runs.
        borrowed: objects that show a part of something else, what that is, and when they were made: nobody may change
            them, nor look at them when that has changed.
        attribute_dicts: the entities whose attributes a dict is.
        copied: (world, type, generation) of rows of which there are copies (``generations.py``).
        generations: by (world, type), what is known of each.
        attribute_orders: the attributes of each type's entities, in the order of their ``__dict__``.
        partly_known: places of lists in memory that got all rows of a type, and know so.
        untracked: defaultdicts of which some missing key was read, and nobody wrote that down.
        wanted: the plan with what this run has found out that it can go on without.
        mapped: of lists that were made of others, element by element, how.
        assumed: something is guarded that a program which changes static entities breaks.
        made_when: when each object was made.
        told_by: of conditions that hold where a tag has certain values: the tag, and these.
        enum_classes: the enumerations of the program, by the real ones.
        exception_classes: Python's own exception classes, as far as they were met.
        guest_frames: the scopes of the guest modules that were loaded (``guest_modules.py``).
        seen_places: of sets that grow in memory, by the number of that, in which cells their elements stand.
        caller: the last call of a function of one of these.
        shared: objects that a cache may hand out again: nobody may change them.
        given_up: loops over a type after which a variable is not known any more.
        ordered_dicts: dicts that are OrderedDicts: they compare, and can do, what others do not.
        assigns_globals: functions of the program may assign variables of the module.
        loaded_clock: when the module was loaded.
        cached_kinds: the types of what cached functions were called with.
        given: the conditions that hold where the code being followed stands, those of the branches around it.
        dict_sites: the plan's places of dicts.
        key_indices: the indices of lists in memory.
        emitted: how many statements were emitted.
        unpeeled: ``while`` loops that do not come to their end while compiling.
        visiting: the ``for`` statement that is looking for its one element.
    """

    schema: Schema
    plan: CompilePlan
    file: str
    source_lines: list[str]
    limits: Limits = field(default_factory=Limits)
    budget: Budget = field(default_factory=Budget)

    cursor: Callable[[Query, Watched | None], Query] = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store()
        self.buffer: list[Stmt] = []
        self.loops: list[LoopHandle] = []
        self.node: ast.AST | None = None
        self.tables: list[tuple[int, ...]] = []
        self.row_counts: dict[tuple[int, str], Var] = {}
        self.reads: list[set[tuple[object, ...]]] = []
        self.may_raise = False
        self.clock = 0
        self.pure_only = False
        self.seen_places: dict[int, SeenPlaces] = {}
        self.births: dict[int, tuple[Site, tuple[LoopHandle, ...]]] = {}
        self.origins: dict[Expr, tuple[str, str, Expr, int]] = {}
        self.copied: set[tuple[int, str, int]] = set()
        self.generations: dict[tuple[int, str], list[Generation]] = {}
        self.attribute_orders: dict[str, tuple[str, ...]] = {}
        self.state_objects: dict[int, tuple[int, str, int]] = {}
        self.made_at: dict[int, Site] = {}
        self.made_once: dict[int, tuple[int, int, int]] = {}
        self.names = 0
        self.born: dict[Var, int] = {}
        self.hidden_cells: set[int] = set()
        self.borrowed: dict[int, tuple[tuple[object, ...], int]] = {}
        self.attribute_dicts: dict[int, Value] = {}
        self.untracked: set[int] = set()
        self.classes: dict[ast.ClassDef, UserClass] = {}
        self.enum_classes: dict[type, EnumClass] = {}
        self.exception_classes: dict[str, UserClass] = {}
        self.lasting_cells: set[int] = set()
        self.mapped: dict[Query, Mapped] = {}
        self.guest_frames: dict[str, Frame] = {}
        self.caller: ast.AST | None = None
        self.shared: set[int] = set()
        self.given_up: list[tuple[Site, str]] = []
        self.ordered_dicts: set[int] = set()
        self.assigns_globals = False
        self.loaded_clock = 2**62
        self.cached_kinds: dict[tuple[ast.AST, int | str], set[str]] = {}
        self.wanted = self.plan
        self.assumed = False
        self.told_by: dict[Expr, tuple[Expr, frozenset[int]]] = {}
        self.made_when: dict[int, int] = {}
        self.iterated: list[int] = []
        self.given: list[Expr] = []
        self.visiting: Site | None = None
        self.unpeeled: set[Site] = set()
        self.dict_sites: dict[int, Site] = {}
        self.key_indices: dict[int, KeyIndex] = {}
        self.learned: dict[Site, Shape] = {}
        self.partly_known: set[Site] = set()
        self.emitted = 0
        self._table_index: dict[tuple[int, ...], int] = {}

    def new_templates(self) -> Templates:
        """Return templates for one meeting of paths."""
        return Templates(self.new_var, self.new_table)

    # ---- names, code, errors --------------------

    def new_var(self, kind: Kind, hint: str = "t") -> Var:
        """Return a fresh variable."""
        self.names += 1
        variable = Var(f"{hint}{self.names}", kind)
        self.born[variable] = self.names
        return variable

    def new_label(self, hint: str) -> str:
        """Return a fresh label."""
        self.names += 1
        return f"{hint}{self.names}"

    def new_table(self, values: tuple[int, ...]) -> TableArray:
        """Register a constant int table; equal tables share memory."""
        if values not in self._table_index:
            self._table_index[values] = len(self.tables)
            self.tables.append(values)
        return TableArray(self._table_index[values])

    def new_cell(self, value: Value) -> int:
        """Return a fresh variable cell that holds ``value``."""
        self.names += 1
        self.store.cells[self.names] = value
        return self.names

    def changed_cells(self, before: Store) -> bool:
        """Whether a variable has changed that a program can see: one of a comprehension is gone with it."""
        now = self.store.cells
        # The usual case, without a step of Python for each variable.
        if all(map(operator.eq, before.cells, now)) and all(map(operator.is_, before.cells.values(), now.values())):
            return len(now) < len(before.cells)
        other = [cell for cell, value in before.cells.items() if now.get(cell) is not value]
        return any(cell not in self.hidden_cells and now.get(cell) != before.cells[cell] for cell in other)

    def new_object(self, content: HeapObject) -> Ref:
        """Put an object on the abstract heap."""
        self.names += 1
        self.store.heap[self.names] = content
        self.made_when[self.names] = self.clock
        if self.node is not None:
            self.made_at[self.names] = (getattr(self.node, "lineno", 0), getattr(self.node, "col_offset", 0))
        if self.plan.references and isinstance(content, EntityObject) and not self.loops:
            # Made once: inside a loop, another one is made in every round.
            site = self.made_at.get(self.names, (0, 0))
            self.made_once[self.names] = (*site, sum(key[:2] == site for key in self.made_once.values()))
        return Ref(self.names)

    def emit(self, statement: Stmt) -> None:
        """Append a statement to the code of the current path."""
        self.emitted += 1
        if self.emitted > self.limits.statements:
            self.unsupported("the program unfolds into too much code")
        if self.pure_only and not isinstance(statement, Assign):
            raise Impure
        self.buffer.append(statement)

    def spend(self, cost: int = 1) -> None:
        """Count an expression that is followed, or what costs as much as some."""
        self.budget.expressions -= cost
        if self.budget.expressions < 0:
            self.unsupported("the program takes too long to unfold")

    def temp(self, expr: Expr, hint: str = "t") -> Expr:
        """Evaluate an expression once, now, and return a name for it."""
        if isinstance(expr, (Lit, Var)):
            return expr
        variable = self.new_var(expr.kind, hint)
        self.emit(Assign(variable, expr))
        return variable

    def comment(self, statement: Comment) -> None:
        """Note a line of the source in the emitted code; costs nothing."""
        if not self.pure_only:
            self.buffer.append(statement)

    def builtin_is_free(self, name: str, frame: Frame) -> bool:
        """Whether a built-in name still means the built-in in a scope."""
        scope: Frame | None = frame
        while scope is not None:
            if name in scope.cells:
                return False
            scope = scope.parent
        return True

    def location(self, node: ast.AST | None = None) -> SourceLocation | None:
        """Return the place in the source of a node, or of the one being followed."""
        node = node if node is not None and hasattr(node, "lineno") else self.node
        if self.caller is not None and getattr(node, "lineno", 0) > len(self.source_lines):
            node = self.caller
        if node is None or not hasattr(node, "lineno"):
            return None
        line = self.source_lines[node.lineno - 1] if node.lineno <= len(self.source_lines) else ""
        end = node.end_col_offset if getattr(node, "end_lineno", None) == node.lineno else len(line)  # type: ignore[attr-defined]
        return SourceLocation(self.file, node.lineno, node.col_offset, line, end)  # type: ignore[attr-defined]

    def unsupported(self, message: str, node: ast.AST | None = None) -> NoReturn:
        """Give up: the program runs interpreted."""
        raise UnsupportedConstructError(message, self.location(node))

    def in_memory(self, site: Site, reason: str) -> NoReturn:
        """Start again with the lists made at a place in memory; give up where they are there already."""
        if site == (0, 0) or self.plan.in_memory(site):
            self.unsupported(reason)
        raise Restart(self.wanted.with_run_time_list(site, None))

    def grows_in_loop(self, site: Site, inside: Sequence[LoopHandle], reason: str) -> NoReturn:
        """Start again with a loop in which a list grows followed round by round, else with the list in memory.

        Args:
            site: where the list is made.
            inside: the loops that it grows in, from the outermost.
            reason: why it cannot be followed as it is.
        """
        endless = inside[0].endless if len(inside) == 1 else None
        if endless is not None and endless not in self.plan.many_rounds and not self.plan.in_memory(site):
            raise Restart(self.wanted.with_few_rounds(endless), afresh=True)
        self.in_memory(site, reason)

    def new_plan(self) -> CompilePlan | None:
        """Return the plan with what was found out under way, where something was."""
        plan = self.wanted
        changing = plan.dynamic_types - self.plan.dynamic_types
        for site, shape in self.learned.items():
            stale = any(mentions(shape, type_name) for type_name in changing)
            plan = plan.with_run_time_list(site, None if stale else shape)
        return plan if self.learned or self.wanted != self.plan else None

    def simpler_plan(self) -> CompilePlan | None:
        """Return the plan with the lists wholly in memory that were partly known rows, where there were some."""
        return self.plan.with_filled_lists(self.partly_known) if self.partly_known else None

    # ---- schema --------------------

    def is_static(self, type_name: str) -> bool:
        """Whether entities of a type are assumed never to change."""
        return type_name not in self.plan.dynamic_types

    def is_single(self, type_name: str) -> bool:
        """Whether a type's one entity is visited without a loop: a second way, which knows less of whole types."""
        entity_type = self.schema.type(type_name)
        second = bool(self.plan.by_verb or self.plan.unrolled)
        return second and entity_type is not None and entity_type.count == 1

    def site(self) -> Site:
        """The place in the source of what is being followed."""
        return getattr(self.node, "lineno", 0), getattr(self.node, "col_offset", 0)

    def is_unrolled(self) -> bool:
        """Whether the loop being followed is taken round by round."""
        return self.site() in self.plan.unrolled

    def unroll(self, site: Site, type_name: str) -> None:
        """Start again with a loop over a type taken round by round, where there are only a few rounds, always."""
        entity_type = self.schema.type(type_name)
        if entity_type is None or site in self.plan.unrolled:
            return
        if entity_type.count is None:
            raise FixedNumberNeeded("an object that differs between two paths", self.location(), type_name)
        if entity_type.count <= self.limits.unrolled_rows:
            raise Restart(self.wanted.with_unrolled(site), afresh=True)

    def follow_one_by_one(self, type_name: str, reason: str) -> NoReturn:
        """Start again with the entities of a type as objects, where there is a fixed number of them; else give up."""
        entity_type = self.schema.type(type_name)
        if entity_type is not None and entity_type.count is None:
            raise FixedNumberNeeded(reason, self.location(), type_name)
        if entity_type is None or not entity_type.count or type_name in self.plan.object_types:
            self.unsupported(reason)
        raise Restart(self.wanted.with_dynamic_type(type_name).with_object_type(type_name), afresh=True)

    def is_whole(self, parts: tuple[Query, ...], type_name: str) -> bool:
        """Whether the entities of a type among the parts of a query are exactly all rows of the state."""
        own = [part for part in parts if isinstance(part, RowsQuery) and part.type_name == type_name]
        others = [part for part in parts if not isinstance(part, RowsQuery) and self.may_hold(part, type_name)]
        return len(own) == 1 and not own[0].is_shorter and not others

    def may_hold(self, part: Query, type_name: str) -> bool:
        """Whether an entity of a type may be among the elements of a part of a query."""
        if not isinstance(part, ItemQuery):
            return True
        options = part.value.options if isinstance(part.value, Union) else (part.value,)
        for option in options:
            content = self.store.heap.get(option.object_id) if isinstance(option, Ref) else None
            if isinstance(option, Row):
                kind = option.type_name
            elif isinstance(content, EntityObject):
                kind = content.type_name
            else:
                return True
            if kind == type_name:
                return True
        return False

    def row_count(self, world: int, type_name: str) -> Expr:
        """The number of rows of a dynamic type: a constant, or the variable that holds it."""
        entity_type = self.schema.type(type_name)
        if entity_type is not None and entity_type.count is not None:
            return Lit(entity_type.count, Kind.INT)
        return self.row_counts.setdefault((world, type_name), Var(f"n_{type_name}_{world}", Kind.INT))

    # ---- facts, reads and writes --------------------

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
        if ref.object_id in self.borrowed:
            owner, made = self.borrowed[ref.object_id]
            self.note_read(owner)
            if self.store.last_write(owner) > made:
                self.unsupported("a part of a dict, or of an entity, is used after that has changed")
        if isinstance(content, SeqObject) and content.content == LOST:
            site = self.dict_sites.get(ref.object_id)
            if site is not None and not self.plan.in_memory(site):
                raise Restart(self.wanted.with_run_time_list(site, None))
            self.unsupported("an object that differs between two paths")
        return content

    def iterator(self, query: Query, kind: str, watched: Watched | None = None) -> QueryValue:
        """Return a new iterator.

        Args:
            watched: the objects that it goes through, where all of them are known.
        """
        self.names += 1
        # An iterator has a place of its own in the plan: that of the collection made there is another.
        site = (getattr(self.node, "lineno", 0), -1 - getattr(self.node, "col_offset", 0) * 64 - 23)
        positioned = site in self.plan.eager_sites
        if positioned:
            query = self.cursor(query, watched)
        return QueryValue(query, kind, self.names, self.clock, site=site, positioned=positioned)

    def take(self, iterator: QueryValue) -> Query:
        """Return the elements of an iterator, which is used up by whoever looks at them."""
        if iterator.stored and not iterator.positioned:
            if ("taken", iterator.number) in self.store.epochs:
                if iterator.site in self.plan.eager_sites or not iterator.site[0]:
                    self.unsupported("an iterator is used again")
                raise Restart(self.wanted.with_eager_site(iterator.site))
            if any(key[0] == "heap" and clock > iterator.made for key, clock in self.store.epochs.items()):
                self.unsupported("an iterator is used after a collection has changed")
            self.note_write(("taken", iterator.number))
        return iterator.query

    def set_object(self, ref: Ref, content: HeapObject) -> None:
        """Change an object's contents."""
        if ref.object_id in self.borrowed:
            self.unsupported("a part of a dict, or of an entity, is changed")
        if ref.object_id in self.shared:
            self.unsupported("what a cached function returned is changed")
        known = self.store.heap.get(ref.object_id)
        if isinstance(known, SeqObject) and isinstance(known.content, StretchQuery) and known != content:
            self.unsupported("a list inside another one gets another length")
        self.store.heap[ref.object_id] = content
        self.note_write(("heap", ref.object_id))

    def origin_of(self, expr: Expr) -> tuple[str, str, Expr, int] | None:
        """Return (type, attribute, row, when it was read) of a value that was read from an entity."""
        if isinstance(expr, Load) and isinstance(expr.array, StaticColumn):
            return expr.array.type_name, expr.array.attribute, expr.index, 0
        return self.origins.get(expr)
