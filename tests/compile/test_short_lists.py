"""Short lists become variables: what is taken apart, what must stay, and that programs with such lists agree."""

from __future__ import annotations

import pytest
from agree import Comparison
from worlds import ACTIONS, program_text

from wc_engine.compile.ir import (
    FALSE,
    TRUE,
    Assign,
    Block,
    Break,
    DynamicColumn,
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
    Var,
)
from wc_engine.compile.passes.slots import fill_slots
from wc_engine.compile.passes.walk import assigned, expressions, loads, statements
from wc_engine.compile.spec import check_ir
from wc_engine.state import Entity, State
from wc_engine.state.schema import EntityType, IntDomain, Schema

PLACE = (("x", IntDomain(0, 15)), ("y", IntDomain(0, 15)))
SCHEMA = Schema((EntityType("Box", PLACE, 2),))
LIST = ListArray(7, 0, 64)


def integer(name: str) -> Var:
    return Var(name, Kind.INT)


def number(value: int) -> Lit:
    return Lit(value, Kind.INT)


A, COUNT, ROW, AT, X = map(integer, ("a", "n", "r", "i", "x"))
HIT = Var("hit", Kind.BOOL)
NEW = Assign(COUNT, number(0))


def plus(first: Expr, second: Expr) -> Op:
    return Op("add", (first, second), Kind.INT)


def is_a(value: Expr) -> Op:
    return Op("eq", (value, A), Kind.BOOL)


def append(value: Expr) -> list[Stmt]:
    room = Op("not", (Op("lt", (COUNT, number(64)), Kind.BOOL),), Kind.BOOL)
    return [If(room, [Fail(5)]), Store(LIST, COUNT, value), Assign(COUNT, plus(COUNT, number(1)))]


def boxes(code: list[Stmt]) -> Loop:
    """The x of both boxes in turn."""
    return Loop("rows", ROW, number(2), [Assign(X, Load(DynamicColumn(0, "Box", "x", 64), ROW, Kind.INT)), *code])


def visit() -> Block:
    """Whether an element is ``a``."""
    code: list[Stmt] = [Assign(X, Load(LIST, AT, Kind.INT)), If(is_a(X), [Assign(HIT, TRUE), Break("seen")])]
    return Block("seen", [Loop("elements", AT, COUNT, code), Assign(HIT, FALSE)])


def in_memory(body: list[Stmt]) -> bool:
    """Whether the list is still there."""
    read = any(LIST in set(loads(expr)) for s in statements(body) for expr in expressions(s))
    return read or any(isinstance(s, Store) and s.array == LIST for s in statements(body))


def filled(body: list[Stmt]) -> list[Stmt]:
    result = fill_slots(body, SCHEMA)
    check_ir(result, "slots")
    return result


def test_the_elements_of_a_short_list_are_variables() -> None:
    body = filled([NEW, boxes([If(is_a(X), [], append(X))]), visit()])
    assert not in_memory(body)
    assert not any(isinstance(s, Loop) for s in statements(body))
    there = sorted(v.name for v in assigned(body) if v.kind is Kind.BOOL and v != HIT)
    assert len(there) == 2
    assert all(Assign(Var(name, Kind.BOOL), FALSE) in body for name in there)


def test_what_only_one_of_two_paths_puts_in_shares_a_slot() -> None:
    body = filled([NEW, If(HIT, append(A), append(X)), visit()])
    (block,) = (s for s in body if isinstance(s, Block))
    first = block.body[0]
    assert isinstance(first, If)
    assert isinstance(first.orelse[0], If)  # there is one round, for the one or for the other


def test_an_element_that_is_picked_is_chosen_by_its_place() -> None:
    body = filled([NEW, *append(A), If(HIT, append(X)), Assign(ROW, Load(LIST, AT, Kind.INT))])
    chosen = body[-1]
    assert isinstance(chosen, Assign)
    assert isinstance(chosen.value, Op)
    assert chosen.value.name == "select"
    assert not in_memory(body)


def test_first_elements_are_there_from_the_beginning() -> None:
    body = filled([Store(LIST, number(0), A), Assign(COUNT, number(1)), If(HIT, append(X)), visit()])
    assert not in_memory(body)


def test_a_list_that_may_become_long_stays() -> None:
    for grows in (
        Loop("rows", ROW, A, append(ROW)),
        Loop("rows", ROW, number(9), append(ROW)),
        Forever("on", [*append(A), If(HIT, [Break("on")])]),
    ):
        assert in_memory(filled([NEW, grows, visit()]))


def test_a_list_that_is_changed_or_grows_while_it_is_visited_stays() -> None:
    growing = visit()
    loop = growing.body[0]
    assert isinstance(loop, Loop)
    loop.body[:0] = append(A)
    assert in_memory(filled([NEW, *append(A), growing]))
    assert in_memory(filled([NEW, *append(A), Store(LIST, number(0), X), visit()]))
    assert in_memory(filled([NEW, *append(A), Assign(COUNT, X), visit()]))
    assert in_memory(filled([NEW, If(HIT, [NEW]), *append(A), visit()]))


def test_codes_on_their_way_into_the_state_have_constant_places() -> None:
    pack = Pack("Box", LIST, COUNT)
    body = filled([NEW, boxes([If(is_a(X), append(A), append(X))]), pack])
    assert {s.index for s in statements(body) if isinstance(s, Store)} == {number(0), number(1)}
    assert pack.candidates is None


def test_codes_that_may_be_missing_are_sorted_behind_the_others() -> None:
    pack = Pack("Box", LIST, COUNT)
    body = filled([NEW, boxes([If(is_a(X), [], append(X))]), *append(A), pack])
    assert pack.candidates == 3
    absent = [s for s in body if isinstance(s, Store) and s.value == number(511)]
    assert [s.index for s in absent] == [number(0), number(1), number(2)]


def test_what_a_round_finds_is_known_only_behind_where_it_is_found() -> None:
    kept = integer("kept")
    code: list[Stmt] = [If(is_a(kept), [Assign(HIT, TRUE)]), Assign(kept, Load(LIST, AT, Kind.INT))]
    rounds: list[Stmt] = [NEW, *append(number(3)), If(HIT, append(number(4))), Loop("elements", AT, COUNT, code)]
    conditions = [s.condition for s in statements(filled(rounds)) if isinstance(s, If)]
    assert conditions.count(is_a(kept)) == 2


# ---- programs ----

REWARD = "return float(sum(e.x + 8 * e.y for e in next_state)), len(next_state) > 5"
MOVES = """
p = [e for e in state if e.name == 'Player'][0]
dx, dy = DIRECTIONS[action]
front = (p.x + dx, p.y + dy)
"""
BODIES = (
    # copies of everything, one of them moved
    """
    new = set()
    for e in state:
        c = copy.deepcopy(e)
        if e is p or (e.x, e.y) == front: c.x, c.y = c.x + dx, c.y + dy
        new.add(c)
    return new
    """,
    # a list of what moves, asked for each entity by identity
    """
    team = [p]
    if not any(e.name == 'Wall' and (e.x, e.y) == front for e in state):
        for e in state:
            if e.name == 'Box' and (e.x, e.y) == front: team.append(e)
    new = set()
    for e in state:
        if any(e is m for m in team):
            c = copy.copy(e)
            c.x += dx; c.y += dy
            new.add(c)
        else: new.add(e)
    return new
    """,
    # positions in a list, looked up and counted, in another order than they were put in
    """
    places = []
    for e in state:
        if e.name == 'Door':
            if e.open: places.append((e.x, e.y))
            else: places.append((e.y, e.x))
        if e.name == 'Box' and e.x > 1: places.append((e.x, e.y))
    n = sum(1 for place in places if place == front)
    first = places[0] if places else (0, 0)
    second = places[1] if len(places) > 1 else (5, 5)
    last = places[-1] if places else (7, 7)
    p.x, p.y = p.x + n, p.y + (first < second) + (last == front)
    return state
    """,
    # two boxes that become one, and one that is made anew
    """
    new = {e for e in state if e.name != 'Box'}
    for e in state:
        if e.name == 'Box': new.add(Box(e.x, max(e.y, 2)) if e.x == front[0] else Box(e.x, e.y))
    return new
    """,
    """
    kept = {e for e in state if (e.x, e.y) != front or e.name != 'Box'}
    return kept | {Box(p.x, p.y)} if len(kept) < len(state) else kept
    """,
    # lists made in a round of a loop, and visits in visits
    """
    n = 0
    for e in state:
        if e.name != 'Box': continue
        near = []
        for o in state:
            if o.name == 'Box' and abs(o.x - e.x) + abs(o.y - e.y) == 1: near.append(o)
        for a in near:
            for b in near:
                if a is b: continue
                n += a.x == b.x
        n += 10 * len(near)
    p.x = n % 6
    return state
    """,
    # a path that leaves early, elements that are left out of a visit
    """
    rows = []
    for e in state:
        if e.name == 'Wall' and (e.x, e.y) == front: return state
        if e.name == 'Box':
            if e.y in rows: break
            rows.append(e.y)
    n = 0
    for y in rows:
        if y == 2: continue
        n += y
        if n > 3: break
    p.x, p.y = n % 6, len(rows)
    return state
    """,
)


def _at(kind: str, *cells: tuple[int, int], **more: object) -> list[Entity]:
    return [Entity(kind, x=x, y=y, **more) for x, y in cells]


STATES = tuple(
    State([*_at("Player", cells[0]), *_at("Box", *cells[1:]), *_at("Wall", wall), *_at("Door", door, open=is_open)])
    for cells, wall, door, is_open in (
        (((2, 2), (2, 1), (3, 2), (4, 4)), (1, 2), (2, 3), True),
        (((2, 2), (2, 3), (2, 4), (1, 2)), (3, 2), (3, 2), False),
        (((3, 1), (3, 2), (3, 3), (4, 1)), (3, 4), (1, 3), True),
        (((1, 1), (4, 2), (4, 3), (4, 4)), (1, 2), (2, 1), False),
        (((4, 4), (3, 4), (4, 3), (2, 4)), (1, 4), (4, 4), True),
    )
)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_program_with_short_lists_does_what_the_reference_does(body: str) -> None:
    comparison = Comparison(program_text(MOVES + _dedented(body), REWARD, before="import copy\n"), STATES, ACTIONS)
    comparison.all_actions(STATES)
    assert comparison.compared


def _dedented(body: str) -> str:
    return "\n".join(line[4:] for line in body.strip("\n").split("\n"))
