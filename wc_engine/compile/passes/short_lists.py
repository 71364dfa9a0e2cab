"""Which lists in memory are short: so few statements append that each element can have variables of its own.

A list is an array and a count. ``slots.py`` takes those apart that this module finds: the count starts from a constant
at one place, what appends does so behind that place and in no loop but short ones, which are written out here, and the
elements are visited one by one, or put into the state.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wc_engine.compile.ir import (
    Assign,
    ChainLoop,
    Comment,
    Expr,
    Fail,
    Forever,
    If,
    Kind,
    ListArray,
    Lit,
    Load,
    Loop,
    Op,
    Pack,
    Stmt,
    Store,
    Unpack,
    Var,
)
from wc_engine.compile.passes.unroll import rounds_of, written_out
from wc_engine.compile.passes.walk import bodies, expressions, loads, statements

__all__ = ["ShortList", "find_short_list", "is_guard", "is_step", "write_out_loops"]

_MAX_SITES = 16
"""Places where elements are put in, once loops are written out."""
_MAX_GROWTH = 1600
"""Statements of the visits, once they are written out."""
_MAX_PICKS = 4
"""Elements that are taken by their place."""
_ONE = Lit(1, Kind.INT)


@dataclass(frozen=True, slots=True)
class ShortList:
    """A list that can be taken apart.

    Attributes:
        list_id: its arrays' number.
        count: its count.
        made: the statement that sets the count at first.
        region: the statements, this one among them or inside, behind which nothing of the list is wanted.
        pack: the statement that puts its elements into the state; else they are visited.
    """

    list_id: int
    count: Var
    made: Assign
    region: list[Stmt]
    pack: Pack | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a statement stands: its number, the statements around it, outer ones first, and the list that it is in."""

    number: int
    around: tuple[Stmt, ...]
    body: list[Stmt]
    index: int

    @property
    def statement(self) -> Stmt:
        """The statement."""
        return self.body[self.index]


def find_short_list(
    body: list[Stmt], rows: dict[str, int], greatest: dict[Var, int], done: set[Var]
) -> ShortList | None:
    """Return a short list of a function, inner ones first; None where there is none but those that are done.

    Args:
        body: the function.
        rows: the numbers of rows of the types that can be put into the state from variables.
        greatest: the variables that hold numbers of rows, with the most that there can be.
        done: the counts of lists that are not asked for.
    """
    places = [_Place(number, *place) for number, place in enumerate(_places(body, ()))]
    by_count: dict[tuple[int, Var], list[_Place]] = {}
    for place in places:
        store = place.statement
        if isinstance(store, Store) and isinstance(store.array, ListArray) and isinstance(store.index, Var):
            by_count.setdefault((store.array.list_id, store.index), []).append(place)
    found: list[tuple[int, ShortList]] = []
    for (list_id, count), stores in by_count.items():
        if count in done:
            continue
        short = _Check(body, places, list_id, count, stores, rows, greatest).short_list()
        if short is not None:
            found.append(short)
    return max(found, key=lambda item: item[0])[1] if found else None


def _places(body: list[Stmt], around: tuple[Stmt, ...]) -> Iterator[tuple[tuple[Stmt, ...], list[Stmt], int]]:
    for index, statement in enumerate(body):
        yield around, body, index
        for inner in bodies(statement):
            yield from _places(inner, (*around, statement))


def is_step(statement: Stmt, count: Var) -> bool:
    """Whether a statement adds one to a count."""
    return isinstance(statement, Assign) and statement == Assign(count, Op("add", (count, _ONE), Kind.INT))


def is_guard(statement: Stmt, count: Var) -> bool:
    """Whether a statement makes sure that there is room for one more element."""
    if not isinstance(statement, If) or statement.orelse or len(statement.then) != 1:
        return False
    room = statement.condition.args[0] if isinstance(statement.condition, Op) else None
    return (
        isinstance(statement.then[0], Fail)
        and isinstance(statement.condition, Op)
        and statement.condition.name == "not"
        and isinstance(room, Op)
        and room.name == "lt"
        and room.args[0] == count
        and isinstance(room.args[1], Lit)
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """Looks whether a list is short.

    Attributes:
        root: the function.
        places: all its statements.
        list_id: the list.
        count: its count.
        stores: what stores at the count.
        rows, greatest: as in ``find_short_list``.
    """

    root: list[Stmt]
    places: list[_Place]
    list_id: int
    count: Var
    stores: list[_Place]
    rows: dict[str, int]
    greatest: dict[Var, int]

    def short_list(self) -> tuple[int, ShortList] | None:
        """Return how deep the list is made, and the list; None where it is not short."""
        made = self._made()
        if made is None or not self._appends_are_plain(made):
            return None
        uses = [place for place in self.places if self._uses(place.statement)]
        packs = [place.statement for place in uses if isinstance(place.statement, Pack)]
        sites = [place for place in self.places if is_step(place.statement, self.count)]
        number = sum(self._rounds(made, place) for place in sites)
        if not 0 < number <= _MAX_SITES:
            return None
        pack = next((one for one in packs if isinstance(one, Pack) and one.count == self.count), None)
        fits = self._can_be_packed(made, uses, pack) if pack is not None else self._is_visited(made, uses, number)
        statement = made.statement
        assert isinstance(statement, Assign)
        region = made.body if pack is not None else self._region(made)
        return (len(made.around), ShortList(self.list_id, self.count, statement, region, pack)) if fits else None

    def _uses(self, statement: Stmt) -> bool:
        if isinstance(statement, Store):
            arrays = [statement.array]
        elif isinstance(statement, Pack):
            arrays = [statement.codes]
        else:
            arrays = []
        arrays += [array for expr in expressions(statement) for array in loads(expr)]
        return any(isinstance(array, ListArray) and array.list_id == self.list_id for array in arrays)

    def _made(self) -> _Place | None:
        """The one place where the count is set to a constant: all others add one to it."""
        made: list[_Place] = []
        for place in self.places:
            statement = place.statement
            if isinstance(statement, (Loop, ChainLoop)) and statement.variable == self.count:
                return None
            if isinstance(statement, Unpack) and statement.count == self.count:
                return None
            if isinstance(statement, Assign) and statement.target == self.count:
                if isinstance(statement.value, Lit):
                    made.append(place)
                elif not is_step(statement, self.count):
                    return None
        return made[0] if len(made) == 1 else None

    def _loops(self, place: _Place) -> list[Stmt]:
        return [s for s in place.around if isinstance(s, (Loop, ChainLoop, Forever))]

    def _region(self, made: _Place) -> list[Stmt]:
        """The round of the loop in which the list is made, or all of the function."""
        loops = self._loops(made)
        return bodies(loops[-1])[0] if loops else self.root

    def _is_behind(self, made: _Place, place: _Place) -> bool:
        """Whether a statement stands behind the one that makes the list, and runs in the same round of loops around."""
        loops = self._loops(made)
        own = self._loops(place)[: len(loops)]
        if len(own) < len(loops) or any(a is not b for a, b in zip(loops, own, strict=True)):
            return False
        return place.number > made.number

    def _rounds(self, made: _Place, place: _Place) -> int:
        """How often a statement runs at most once the list is made; 0 where that is often, or not known."""
        rounds = 1
        for statement in self._loops(place)[len(self._loops(made)) :]:
            if isinstance(statement, Loop):
                rounds *= rounds_of(statement, self.greatest)
            elif isinstance(statement, (ChainLoop, Forever)):
                return 0
        return rounds

    def _appends_are_plain(self, made: _Place) -> bool:
        """Whether each step of the count has the stores of all fields right before it, and can be written out."""
        stored = 0
        for place in self.places:
            if not is_step(place.statement, self.count):
                continue
            if not self._is_behind(made, place) or not self._rounds(made, place):
                return False
            index = place.index - 1
            while index >= 0 and self._is_store(place.body[index]):
                stored += not isinstance(place.body[index], Comment)
                index -= 1
        return stored == len(self.stores)

    def _is_store(self, statement: Stmt) -> bool:
        if isinstance(statement, Comment):
            return True
        is_own = isinstance(statement, Store) and isinstance(statement.array, ListArray)
        return is_own and statement.array.list_id == self.list_id and statement.index == self.count  # type: ignore[union-attr]

    # ---- what is put into the state --------------------

    def _can_be_packed(self, made: _Place, uses: list[_Place], pack: Pack) -> bool:
        """Whether nothing but these statements touches the list before it is put into the state."""
        statement = made.statement
        if pack.type_name not in self.rows or pack.candidates or not isinstance(statement, Assign):
            return False
        if statement.value != Lit(0, Kind.INT) or any(self._loads(place.statement) for place in uses):
            return False
        (last,) = (place for place in uses if place.statement is pack)
        between = [place for place in uses if made.number < place.number < last.number]
        return last.body is made.body and all(any(place is store for store in self.stores) for place in between)

    def _loads(self, statement: Stmt) -> bool:
        found = (array for expr in expressions(statement) for array in loads(expr))
        return any(isinstance(array, ListArray) and array.list_id == self.list_id for array in found)

    # ---- what is visited --------------------

    def _is_visited(self, made: _Place, uses: list[_Place], number: int) -> bool:
        """Whether elements are only visited one by one, or picked by their place, and that is not too much code."""
        if not self._first_are_whole(made, [place for place in uses if self._is_first(made, place)]):
            return False
        picks, visits = 0, dict[int, Loop]()
        for place in uses:
            statement = place.statement
            if isinstance(statement, Store):
                if not any(place is store for store in self.stores) and not self._is_first(made, place):
                    return False
                continue
            if not self._is_behind(made, place) or not isinstance(statement, Assign):
                return False
            load = statement.value
            if not isinstance(load, Load) or not isinstance(load.array, ListArray):
                return False
            loop = self._visit_around(place, load.index)
            picks += loop is None
            if loop is not None:
                visits[id(loop)] = loop
        if picks > _MAX_PICKS or any(self._changes_list(loop) for loop in visits.values()):
            return False
        growth = 0
        for place in self.places:
            if id(place.statement) in visits:
                size = sum(not isinstance(s, Comment) for s in statements([place.statement]))
                rounds = max(1, self._rounds(made, place))
                growth += size * number * rounds // (2 if rounds > 1 else 1)
        return growth <= _MAX_GROWTH

    def _visit_around(self, place: _Place, index: Expr) -> Loop | None:
        """The loop over the list's places that a load is in."""
        for statement in place.around:
            if isinstance(statement, Loop) and statement.variable == index and statement.count == self.count:
                return statement
        return None

    def _changes_list(self, loop: Loop) -> bool:
        return any(is_step(statement, self.count) for statement in statements(loop.body))

    def _is_first(self, made: _Place, place: _Place) -> bool:
        """Whether a store puts in one of the elements that the list is made with."""
        statement, store = made.statement, place.statement
        assert isinstance(statement, Assign)
        assert isinstance(statement.value, Lit)
        if place.body is not made.body or not isinstance(store, Store) or not isinstance(store.index, Lit):
            return False
        between = made.body[place.index : made.index]
        return store.index.value < statement.value.value and all(
            isinstance(s, (Store, Comment)) and self._uses_or_says(s) for s in between
        )

    def _first_are_whole(self, made: _Place, first: list[_Place]) -> bool:
        """Whether the elements that a list is made with are stored one after the other, with all their fields."""
        statement = made.statement
        assert isinstance(statement, Assign)
        assert isinstance(statement.value, Lit)
        stores = [place.statement for place in first]
        found = [(s.index.value, s.array.field) for s in stores]  # type: ignore[union-attr]
        fields = sorted({field for _, field in found})
        wanted = [(number, field) for number in range(int(statement.value.value)) for field in fields]
        return found == wanted

    def _uses_or_says(self, statement: Stmt) -> bool:
        return isinstance(statement, Comment) or self._uses(statement)


def write_out_loops(body: list[Stmt], count: Var, greatest: dict[Var, int]) -> list[Stmt]:
    """Return statements with the loops written out that append to the list of a count."""
    result: list[Stmt] = []
    for statement in body:
        for inner in bodies(statement):
            inner[:] = write_out_loops(inner, count, greatest)
        if isinstance(statement, Loop) and any(is_step(s, count) for s in statements(statement.body)):
            result += written_out(statement, rounds_of(statement, greatest))
        else:
            result.append(statement)
    return result
