"""Keep the elements of a short list in variables, where it is known which statement may have put each in.

before::

    n = 0
    for r in range(2):
        x = Box.x[r]
        if x != a: list[n] = x; n = n + 1
    for i in range(n): y = list[i]; if y == b: found = True; leave

after::

    n = 0; there0 = False; there1 = False
    x = Box.x[0]
    if x != a: element0 = x; there0 = True; n = n + 1
    x = Box.x[1]
    if x != a: element1 = x; there1 = True; n = n + 1
    if there0: y = element0; if y == b: found = True; leave
    if there1: y = element1; if y == b: found = True; leave

A *slot* is what statements that append have in common of which only one can run: those on two sides of a branch. Row
codes on their way into the state need no variable that says whether they are there: where all slots together are as
many as the state has rows, each is at its slot's place or the step is out of range, and where there are more, the codes
that are not there are sorted behind all others.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from wc_engine.compile.ir import (
    FALSE,
    TRUE,
    Assign,
    Block,
    Break,
    Comment,
    Expr,
    Fail,
    If,
    Kind,
    ListArray,
    Lit,
    Load,
    Loop,
    Op,
    Stmt,
    Store,
    Var,
)
from wc_engine.compile.passes.coalesce import rename
from wc_engine.compile.passes.fold import fold_constants
from wc_engine.compile.passes.short_lists import (
    ShortList,
    find_short_list,
    is_guard,
    write_out_loops,
)
from wc_engine.compile.passes.unroll import breaks_to, greatest_counts
from wc_engine.compile.passes.walk import bodies, copied, map_expressions, statements
from wc_engine.state.packing import row_format
from wc_engine.state.schema import Schema

__all__ = ["fill_slots"]

_MAX_CANDIDATES = 8
"""Codes that are sorted by a network at most."""


def fill_slots(body: list[Stmt], schema: Schema) -> list[Stmt]:
    """Return statements in which short lists are variables."""
    rows = {one.name: one.places for one in schema.types if one.places}
    fixed = {one.name for one in schema.types if one.count}
    greatest = greatest_counts(body, schema)
    done: set[Var] = set()
    while True:
        short = find_short_list(body, rows, greatest, done)
        if short is None:
            return body
        done.add(short.count)
        short.region[:] = write_out_loops(short.region, short.count, greatest)
        if short.pack is None:
            _Visited(short).run()
        else:
            entity_type = schema.type(short.pack.type_name)
            assert entity_type is not None
            least = rows[entity_type.name] if entity_type.name in fixed else 0
            _Packed(short, False, least=least, absent=row_format(entity_type).absent).run()


def _position(body: list[Stmt], statement: Stmt) -> int:
    return next(place for place, other in enumerate(body) if other is statement)


@dataclass(frozen=True, slots=True)
class _Site:
    """A place where an element is put in.

    Attributes:
        slot: the number of the slot.
        there: says whether it was.
        position: receives how many elements there were before.
        leaves: the element, by field.
    """

    slot: int
    there: Var
    position: Var
    leaves: tuple[tuple[int, Expr], ...]


@dataclass(frozen=True, slots=True)
class _Path:
    """Where paths through the code are: the next slot, and the sites that they may have come through."""

    number: int = 0
    sites: tuple[_Site, ...] = ()

    def joined(self, other: _Path | None) -> _Path:
        """Return where this path and another one meet."""
        if other is None:
            return self
        return _Path(max(self.number, other.number), tuple(dict.fromkeys((*self.sites, *other.sites))))


@dataclass(slots=True)
class _Filling:
    """Goes through the code behind the place where a list is made, and rewrites it in place."""

    short: ShortList
    takes_first: bool = True
    """Whether stores to constant places put in the elements that the list is made with."""
    exits: dict[str, _Path] = field(default_factory=dict)

    def follow(self, body: list[Stmt], path: _Path) -> _Path | None:
        """Rewrite statements; return where paths are behind them, None where none gets there."""
        result: list[Stmt] = []
        now: _Path | None = path
        place = 0
        while place < len(body) and now is not None:
            statement = body[place]
            place += 1
            if is_guard(statement, self.short.count) and self._puts_in(body, place):
                continue  # there is room for as many as there are slots
            if self._puts_in(body, place - 1):
                end = self._end(body, place)
                now, code = self.put_in([s for s in body[place - 1 : end] if isinstance(s, Store)], now)
                result += code
                place = end
                continue
            now, code = self._statement(statement, now)
            result += code
        body[:] = result
        return now

    def _puts_in(self, body: list[Stmt], place: int) -> bool:
        """Whether an element is put in at a place."""
        statement = body[place] if place < len(body) else None
        if not isinstance(statement, Store) or not isinstance(statement.array, ListArray):
            return False
        is_own = statement.array.list_id == self.short.list_id
        return is_own and (
            statement.index == self.short.count or (self.takes_first and isinstance(statement.index, Lit))
        )

    def _end(self, body: list[Stmt], place: int) -> int:
        """Where the stores of one element end."""
        first = body[place - 1]
        assert isinstance(first, Store)
        while isinstance(body[place], Comment) or (
            self._puts_in(body, place) and body[place].index == first.index  # type: ignore[union-attr]
        ):
            place += 1
        return place

    def _statement(self, statement: Stmt, path: _Path) -> tuple[_Path | None, list[Stmt]]:
        if isinstance(statement, Break):
            self.exits[statement.label] = path.joined(self.exits.get(statement.label))
            return None, [statement]
        if isinstance(statement, Fail):
            return None, [statement]
        replaced = self.visited(statement, path)
        if replaced is not None:
            return path, replaced
        if isinstance(statement, If):
            sides = [self.follow(side, path) for side in (statement.then, statement.orelse)]
            reached = [side for side in sides if side is not None]
            return (reached[0].joined(reached[-1]) if reached else None), [statement]
        after: _Path | None = path
        for inner in bodies(statement):
            after = self.follow(inner, path)
        if isinstance(statement, Block):
            left = self.exits.pop(statement.label, None)
            return (left.joined(after) if left is not None else after), [statement]
        return path, [statement]  # what a loop does is done to no list that grows in it

    def put_in(self, stores: list[Store], path: _Path) -> tuple[_Path, list[Stmt]]:
        """Return where paths are once an element is put in, and the code for that."""
        raise NotImplementedError

    def visited(self, statement: Stmt, path: _Path) -> list[Stmt] | None:
        """Return what becomes of a statement that looks at elements; None for all others."""
        raise NotImplementedError


# ---- lists whose elements are looked at --------------------


@dataclass(slots=True)
class _Visited(_Filling):
    """Takes a list apart whose elements are visited."""

    made: list[_Site] = field(default_factory=list)
    visits: int = 0

    def run(self) -> None:
        """Rewrite the list's code."""
        self.follow(self.short.region, _Path())
        self._clear(self.short.region)

    def _clear(self, body: list[Stmt]) -> None:
        """Let no element be there where the list is made."""
        for place, statement in enumerate(body):
            if statement is self.short.made:
                assert isinstance(self.short.made.value, Lit)
                first = {site.there for site in self.made[: int(self.short.made.value.value)]}
                body[place:place] = [Assign(site.there, FALSE) for site in self.made if site.there not in first]
                return
            for inner in bodies(statement):
                self._clear(inner)

    def put_in(self, stores: list[Store], path: _Path) -> tuple[_Path, list[Stmt]]:
        """Keep an element in variables of its own; constants need none."""
        name = f"s{self.short.list_id}n{len(self.made)}"
        code: list[Stmt] = []
        leaves: list[tuple[int, Expr]] = []
        for store in stores:
            assert isinstance(store.array, ListArray)
            leaf = store.value
            if not isinstance(leaf, Lit):
                leaf = Var(f"{name}f{store.array.field}", store.value.kind)
                code.append(Assign(leaf, store.value))
            leaves.append((store.array.field, leaf))
        site = _Site(path.number, Var(f"{name}t", Kind.BOOL), Var(f"{name}p", Kind.INT), tuple(leaves))
        self.made.append(site)
        code += [Assign(site.position, stores[0].index), Assign(site.there, TRUE)]
        return _Path(path.number + 1, (*path.sites, site)), code

    def visited(self, statement: Stmt, path: _Path) -> list[Stmt] | None:
        """Write a visit out, or choose the element that is picked."""
        if isinstance(statement, Loop) and statement.count == self.short.count and self._looks(statement):
            return self._visit(statement, path)
        if isinstance(statement, Assign) and self._is_own(statement.value):
            return [self._pick(statement, path)]
        return None

    def _is_own(self, expr: Expr) -> bool:
        return isinstance(expr, Load) and isinstance(expr.array, ListArray) and expr.array.list_id == self.short.list_id

    def _looks(self, loop: Loop) -> bool:
        return any(isinstance(s, Assign) and self._is_own(s.value) for s in statements(loop.body))

    def _pick(self, assign: Assign, path: _Path) -> Stmt:
        load = assign.value
        assert isinstance(load, Load)
        chosen: Expr | None = None
        for site in path.sites:
            leaf = _leaf(site, load)
            is_it = Op("and", (site.there, Op("eq", (site.position, load.index), Kind.BOOL)), Kind.BOOL)
            chosen = leaf if chosen is None else Op("select", (is_it, leaf, chosen), leaf.kind)
        # Where the list is empty, a test before has left.
        return Assign(assign.target, _nothing(load.kind) if chosen is None else chosen)

    def _visit(self, loop: Loop, path: _Path) -> list[Stmt]:
        slots: dict[int, list[_Site]] = {}
        for site in path.sites:
            slots.setdefault(site.slot, []).append(site)
        result: list[Stmt] = []
        for number in sorted(slots):
            branch: list[Stmt] = []
            for site in reversed(slots[number]):
                branch = [If(site.there, self._round(loop, site, path), branch)]
            result += branch
        return [Block(loop.label, result)] if breaks_to(result, loop.label) else result

    def _round(self, loop: Loop, site: _Site, path: _Path) -> list[Stmt]:
        """One round of a visit, for the element of a site."""
        body: list[Stmt] = copied(loop.body)
        for statement in statements(body):
            if isinstance(statement, Assign) and self._is_own(statement.value):
                load = statement.value
                assert isinstance(load, Load)
                if load.index == loop.variable:
                    statement.value = _leaf(site, load)
        body = _with_constants(body)
        before: list[Stmt] = [Assign(loop.variable, site.position)]
        next_label = f"{loop.label}.next"
        if breaks_to(body, next_label):
            self.visits += 1
            own = f"{next_label}{self.short.list_id}s{self.visits}"
            for statement in statements(body):
                if isinstance(statement, Break) and statement.label == next_label:
                    statement.label = own
            body = [Block(own, body)]
        self.follow(body, path)
        return [*before, *body]


def _with_constants(body: list[Stmt]) -> list[Stmt]:
    """Return statements in which variables are constants behind the one place where they are set to such."""
    targets = Counter(s.target for s in statements(body) if isinstance(s, Assign))
    names: dict[Var, Expr] = {}
    for statement in body:
        if names:
            for inner in statements([statement]):
                map_expressions(inner, lambda expr: rename(expr, names))
        if isinstance(statement, Assign) and isinstance(statement.value, Lit) and targets[statement.target] == 1:
            names[statement.target] = statement.value
    return fold_constants(body)


def _leaf(site: _Site, load: Load) -> Expr:
    assert isinstance(load.array, ListArray)
    return dict(site.leaves).get(load.array.field, _nothing(load.kind))


def _nothing(kind: Kind) -> Lit:
    return Lit({Kind.BOOL: False, Kind.FLOAT: 0.0, Kind.INT: 0}[kind], kind)


# ---- lists of row codes that are put into the state --------------------


@dataclass(slots=True)
class _Packed(_Filling):
    """Gives each row code on its way into the state a constant place.

    Attributes:
        least: how many there are certainly, or the step is out of range.
        absent: the code of a row that is not there; greater than all others.
    """

    least: int = 0
    absent: int = 0

    def run(self) -> None:
        """Rewrite the list's code."""
        body, pack = self.short.region, self.short.pack
        assert pack is not None
        start, end = _position(body, self.short.made), _position(body, pack)
        most = self._most(copied(body[start + 1 : end]))
        if most > max(self.least, _MAX_CANDIDATES):
            return
        inside = body[start + 1 : end]
        self.follow(inside, _Path())
        more: list[Stmt] = []
        if most > self.least:
            pack.candidates = most
            more = [Store(pack.codes, Lit(place, Kind.INT), Lit(self.absent, Kind.INT)) for place in range(most)]
        body[start:end] = [self.short.made, *more, *inside]

    def _most(self, body: list[Stmt]) -> int:
        """How many slots there are."""
        after = self.follow(body, _Path())
        return 0 if after is None else after.number

    def put_in(self, stores: list[Store], path: _Path) -> tuple[_Path, list[Stmt]]:
        """Store a code at its slot's place."""
        (store,) = stores
        return _Path(path.number + 1), [Store(store.array, Lit(path.number, Kind.INT), store.value)]

    def visited(self, statement: Stmt, path: _Path) -> list[Stmt] | None:
        """Nobody looks at the codes."""
        return None
