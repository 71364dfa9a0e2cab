"""The passes that make code fast: what each rewrites, and what it must leave alone."""

from __future__ import annotations

from wc_engine.compile.ir import (
    FALSE,
    TRUE,
    Assign,
    Block,
    Break,
    ChainLoop,
    Count,
    DynamicColumn,
    Expr,
    Fail,
    Grid,
    If,
    Kind,
    ListArray,
    Lit,
    Load,
    Loop,
    Op,
    Pack,
    StaticColumn,
    Stmt,
    Store,
    TableArray,
    Var,
)
from wc_engine.compile.passes.cells import look_into_grids
from wc_engine.compile.passes.covered import count_covered
from wc_engine.compile.passes.dead import remove_dead_code
from wc_engine.compile.passes.fold import fold, fold_constants
from wc_engine.compile.passes.in_order import keep_order
from wc_engine.compile.passes.known import leave_out_known
from wc_engine.compile.passes.ranges import Ranges
from wc_engine.compile.passes.remaps import number_once
from wc_engine.compile.passes.repeats import share_repeats
from wc_engine.compile.passes.scalars import reach_constant_places
from wc_engine.compile.passes.tested import put_into_tests
from wc_engine.compile.passes.unroll import unroll_loops
from wc_engine.compile.passes.walk import copied, loads, statements
from wc_engine.state.schema import EntityType, IntDomain, Schema

PLACE = (("x", IntDomain(0, 15)), ("y", IntDomain(0, 15)))
SCHEMA = Schema((EntityType("Box", PLACE, 2), EntityType("Wall", PLACE)))


def integer(name: str) -> Var:
    return Var(name, Kind.INT)


def number(value: int) -> Lit:
    return Lit(value, Kind.INT)


def plus(first: Expr, second: Expr) -> Op:
    return Op("add", (first, second), Kind.INT)


def equal(first: Expr, second: Expr) -> Op:
    return Op("eq", (first, second), Kind.BOOL)


def box(attribute: str, row: Expr, world: int = 1) -> Load:
    return Load(DynamicColumn(world, "Box", attribute, 64), row, Kind.INT)


A, B, COUNT, ROW, PLACE_X, PLACE_Y = map(integer, ("a", "b", "count", "r", "px", "py"))
HIT = Var("hit", Kind.BOOL)


def ranges(body: list[Stmt], **known: tuple[int, int]) -> Ranges:
    return Ranges(body, SCHEMA, ((3, -1, 7),), {integer(name): pair for name, pair in known.items()})


# ---- ranges ----


def test_a_range_is_what_the_assignments_and_domains_allow() -> None:
    body: list[Stmt] = [
        Assign(A, box("x", ROW)),
        If(TRUE, [Assign(B, number(-1))], [Assign(B, number(1))]),
        Assign(COUNT, plus(COUNT, number(1))),
    ]
    found = ranges(body)
    assert found.of(plus(A, B)) == (-1, 16)
    assert found.of(COUNT) is None
    assert found.of(integer("unknown")) is None
    assert ranges([], action=(0, 3)).of(integer("action")) == (0, 3)


# ---- grids ----


def looked_up(body: list[Stmt], x: Expr, y: Expr, **known: tuple[int, int]) -> list[Stmt]:
    chain = ChainLoop("l", ROW, "Wall", x, y, body)
    return look_into_grids([chain], SCHEMA, ranges([], **known))


def test_counting_rows_in_a_cell_is_one_load() -> None:
    (total,) = looked_up([Assign(COUNT, plus(COUNT, number(1)))], A, B, a=(0, 15), b=(0, 15))
    assert isinstance(total, Assign)
    assert set(loads(total.value)) == {Grid("Wall", "count", 0)}


def test_positions_beyond_the_domain_have_a_margin_and_unknown_ones_a_test() -> None:
    leaving: list[Stmt] = [Assign(HIT, TRUE)]
    (known,) = looked_up(copied(leaving), A, B, a=(-1, 16), b=(0, 15))
    assert isinstance(known, If)
    assert set(loads(known.condition)) == {Grid("Wall", "count", 1)}
    (unknown,) = looked_up(copied(leaving), A, B)
    assert isinstance(unknown, If)
    assert isinstance(unknown.condition, Op)
    assert unknown.condition.name == "and"


def test_a_row_that_is_looked_at_is_the_first_in_its_cell() -> None:
    load, found = looked_up([Assign(COUNT, ROW)], A, B, a=(0, 15), b=(0, 15))
    assert isinstance(load, Assign)
    assert set(loads(load.value)) == {Grid("Wall", "first", 0)}
    assert isinstance(found, If)
    assert found.then[0] == Assign(ROW, load.target)


# ---- covered places ----


def search(rest: list[Stmt], world: int = 1) -> Loop:
    """For each wall, whether a box is at its place, and what is done about it."""
    row = integer("b")
    tests = tuple(
        equal(place, Load(StaticColumn("Wall", name), ROW, Kind.INT))
        for name, place in (("x", PLACE_X), ("y", PLACE_Y))
    )
    inner = Loop(
        "inner",
        row,
        number(2),
        [
            Assign(PLACE_X, box("x", row, world)),
            Assign(PLACE_Y, box("y", row, world)),
            If(Op("and", tests, Kind.BOOL), [Assign(HIT, TRUE), Break("found")]),
        ],
    )
    return Loop("outer", ROW, Count("Wall"), [Block("found", [inner, Assign(HIT, FALSE)]), *rest], "Wall")


def test_covered_places_are_counted_from_the_side_of_those_who_cover() -> None:
    counting = search([If(HIT, [Assign(COUNT, plus(COUNT, number(1)))])])
    start, loop, add = count_covered([counting], SCHEMA)
    assert isinstance(loop, Loop)
    assert loop.static_type is None
    assert isinstance(start, Assign)
    assert add == Assign(COUNT, plus(COUNT, start.target))


def test_places_are_not_counted_so_where_the_coverers_may_have_met() -> None:
    counting = search([If(HIT, [Assign(COUNT, plus(COUNT, number(1)))])], world=0)
    write = Store(DynamicColumn(0, "Box", "x", 64), number(0), number(3))
    assert count_covered([write, counting], SCHEMA)[1] is counting


def test_a_search_whose_answer_is_looked_at_elsewhere_stays() -> None:
    counting = search([If(HIT, [Assign(COUNT, plus(COUNT, number(1)))])])
    assert count_covered([counting, If(HIT, [Assign(A, number(1))])], SCHEMA)[0] is counting


# ---- known facts ----


def exists(label: str, hit: Var, x: Expr, y: Expr, *more: Stmt) -> Block:
    """Whether a box of two is at a place."""
    row = integer(f"row of {label}")
    places = [integer(f"{name} of {label}") for name in "xy"]
    tests = (equal(places[0], x), equal(y, places[1]))
    code: list[Stmt] = [
        *(Assign(place, box(name, row)) for place, name in zip(places, "xy", strict=True)),
        If(Op("and", tests, Kind.BOOL), [Assign(hit, TRUE), Break(label)]),
    ]
    return Block(label, [*more, Loop(f"loop {label}", row, number(2), code), Assign(hit, FALSE)])


def known(body: list[Stmt]) -> list[Stmt]:
    return leave_out_known(body, SCHEMA)


FOUND = Var("found", Kind.BOOL)
ADD = Assign(COUNT, plus(COUNT, number(1)))


def test_what_a_search_has_not_found_is_not_searched_again() -> None:
    first = If(equal(A, number(7)), [Assign(HIT, TRUE), Break("seen")])
    body: list[Stmt] = [exists("seen", HIT, A, B, first), If(HIT, [], [exists("again", FOUND, A, B), If(FOUND, [ADD])])]
    assert known(body)[1] == If(HIT, [], [Assign(FOUND, FALSE)])


def test_what_a_search_has_found_is_there() -> None:
    body: list[Stmt] = [exists("seen", HIT, A, B), If(HIT, [exists("again", FOUND, A, B), If(FOUND, [ADD])])]
    assert known(body)[1] == If(HIT, [Assign(FOUND, TRUE), ADD])


def test_a_row_is_found_at_its_own_place() -> None:
    own: list[Stmt] = [Assign(PLACE_X, box("x", ROW)), Assign(PLACE_Y, box("y", ROW))]
    search = exists("self", FOUND, PLACE_X, PLACE_Y)
    (loop,) = known([Loop("l", ROW, number(2), [*own, search, If(FOUND, [ADD])])])
    assert isinstance(loop, Loop)
    assert loop.body == [*own, Assign(FOUND, TRUE), ADD]


def test_a_search_for_something_else_or_after_a_change_stays() -> None:
    changes: list[Stmt] = [
        Assign(A, number(3)),
        Store(DynamicColumn(1, "Box", "y", 64), number(0), number(1)),
        Loop("l", ROW, number(2), [Assign(B, ROW)]),
    ]
    for change in changes:
        search = exists("again", FOUND, A, B)
        body: list[Stmt] = [exists("seen", HIT, A, B), If(HIT, [], [change, search, If(FOUND, [ADD])])]
        branch = known(copied(body))[1]
        assert isinstance(branch, If)
        assert any(isinstance(statement, Block) for statement in branch.orelse)
    other = exists("other", FOUND, B, A)
    assert known([exists("seen", HIT, A, B), If(HIT, [], [other, If(FOUND, [ADD])])])[1] == If(
        HIT, [], [other, If(FOUND, [ADD])]
    )


def test_a_search_whose_row_is_wanted_stays() -> None:
    search = exists("again", FOUND, A, B)
    row = integer("row of again")
    body: list[Stmt] = [exists("seen", HIT, A, B), If(HIT, [search, If(FOUND, [Assign(COUNT, plus(COUNT, row))])])]
    branch = known(body)[1]
    assert isinstance(branch, If)
    assert search in branch.then


def test_a_search_by_what_has_no_lasting_name_says_nothing() -> None:
    def by_sum(label: str, hit: Var) -> Block:
        row, total = integer(f"row of {label}"), integer("total")
        long: Expr = box("x", row)
        for _ in range(8):
            long = plus(long, box("y", row))
        found: list[Stmt] = [Assign(hit, TRUE), Break(label)]
        code: list[Stmt] = [Assign(total, long), If(equal(total, A), found)]
        return Block(label, [Loop(f"loop {label}", row, number(2), code), Assign(hit, FALSE)])

    body: list[Stmt] = [by_sum("seen", HIT), If(HIT, [], [by_sum("again", FOUND), If(FOUND, [ADD])])]
    branch = known(body)[1]
    assert isinstance(branch, If)
    assert isinstance(branch.orelse[0], Block)


def test_a_search_that_nobody_asks_is_dead() -> None:
    assert remove_dead_code([exists("seen", HIT, A, B)]) == []
    leaving = Block("outer", [Loop("l", ROW, number(2), [If(equal(box("x", ROW), A), [Break("outer")])]), Fail(2)])
    assert remove_dead_code([leaving]) == [leaving]


# ---- repeats ----


def region(count: Var) -> list[Stmt]:
    row = integer(f"row of {count.name}")
    body: list[Stmt] = [If(equal(box("x", row), A), [Assign(count, plus(count, number(1)))])]
    return [Assign(count, number(0)), Loop(f"loop {count.name}", row, number(2), body)]


def test_what_is_computed_again_is_copied() -> None:
    body = share_repeats([*region(COUNT), *region(B)])
    assert not any(isinstance(statement, Loop) for statement in body[2:])
    assert Assign(B, COUNT) in body


def test_what_was_computed_from_other_values_is_computed_again() -> None:
    for change in (
        Assign(A, number(1)),
        Assign(COUNT, number(1)),
        Store(DynamicColumn(1, "Box", "x", 64), ROW, number(0)),
    ):
        body = share_repeats([*region(COUNT), change, *region(B)])
        assert sum(isinstance(statement, Loop) for statement in body) == 2


def test_what_a_region_assigns_on_some_paths_only_keeps_its_old_value() -> None:
    def partly(target: Var) -> Stmt:
        return If(equal(A, number(1)), [Assign(PLACE_X, number(2)), Assign(target, plus(PLACE_X, A))])

    body: list[Stmt] = [partly(COUNT), partly(B), Assign(PLACE_Y, plus(COUNT, B))]
    assert [type(statement) for statement in share_repeats(body)] == [If, If, Assign]


# ---- order ----

CODES = ListArray(3, 0, 64)


def code_of(row: int) -> list[Stmt]:
    """Store the code of a box at its own place."""
    x, y = box("x", number(row), 0), box("y", number(row), 0)
    code = Op("or_", (Op("shift_left", (PLACE_X, number(4)), Kind.INT), PLACE_Y), Kind.INT)
    return [Assign(PLACE_X, x), Assign(PLACE_Y, y), Store(CODES, number(row), code)]


def is_in_order(before: list[Stmt]) -> bool:
    pack = Pack("Box", CODES, number(2))
    assert keep_order([*before, pack], SCHEMA)[-1] is pack
    return pack.in_order


def test_codes_that_come_as_they_were_are_in_order() -> None:
    assert is_in_order([*code_of(0), Assign(A, number(3)), If(HIT, [Fail(3)]), *code_of(1)])


def test_codes_that_may_have_changed_are_sorted() -> None:
    swapped = [*code_of(1), *code_of(0)]
    swapped[2], swapped[5] = Store(CODES, number(0), swapped[2].value), Store(CODES, number(1), swapped[5].value)  # type: ignore[union-attr]
    moved = [*code_of(0), *code_of(1)]
    moved.insert(2, Assign(PLACE_X, plus(PLACE_X, number(1))))
    sometimes: list[Stmt] = [*code_of(0), *code_of(1), If(HIT, [Store(CODES, number(0), A)])]
    maybe_moved = [*code_of(0), *code_of(1)]
    maybe_moved.insert(2, If(HIT, [Assign(PLACE_X, A)]))
    written: list[Stmt] = [Store(DynamicColumn(0, "Box", "x", 64), number(0), A), *code_of(0), *code_of(1)]
    for before in (swapped, moved, sometimes, maybe_moved, written, code_of(0), []):
        assert not is_in_order(before)


# ---- unrolling, folding, constant places ----


def test_a_short_loop_is_written_out_and_can_be_left() -> None:
    loop = Loop("l", ROW, number(2), [If(equal(box("x", ROW), A), [Assign(HIT, TRUE), Break("l")])])
    (block,) = unroll_loops([loop], {})
    assert isinstance(block, Block)
    assert block.label == "l"
    assert [s for s in block.body if isinstance(s, Assign)] == [Assign(ROW, number(0)), Assign(ROW, number(1))]
    tests = [s.condition for s in block.body if isinstance(s, If)]
    assert tests == [equal(box("x", number(0)), A), equal(box("x", number(1)), A)]


def test_nothing_follows_a_round_that_always_leaves() -> None:
    loop = Loop("l", ROW, number(3), [Assign(HIT, TRUE), Break("outer")])
    assert unroll_loops([loop], {}) == [Assign(ROW, number(0)), Assign(HIT, TRUE), Break("outer")]


def test_a_long_loop_stays() -> None:
    for count in (number(9), COUNT):
        loop = Loop("l", ROW, count, [Assign(A, box("x", ROW))])
        assert unroll_loops([loop], {}) == [loop]


def test_a_loop_over_as_many_rows_as_are_there_ends_with_them() -> None:
    loop = Loop("l", ROW, COUNT, [Assign(A, box("x", ROW))])
    (block,) = unroll_loops([loop], {COUNT: 2})
    assert isinstance(block, Block)
    ends = [If(Op("le", (COUNT, number(place)), Kind.BOOL), [Break("l")]) for place in (0, 1)]
    assert [s for s in block.body if isinstance(s, If)] == ends


def test_constants_are_computed() -> None:
    assert fold(plus(number(2), number(3))) == number(5)
    assert fold(plus(A, number(0))) == A
    assert fold(Op("not", (equal(number(4), number(4)),), Kind.BOOL)) == FALSE
    assert fold(Op("shift_left", (number(1), number(80)), Kind.INT)) == Op(
        "shift_left", (number(1), number(80)), Kind.INT
    )
    taken: list[Stmt] = [If(equal(number(1), number(2)), [Assign(A, number(1))], [Assign(B, number(2))])]
    assert fold_constants(taken) == [Assign(B, number(2))]


def test_a_row_known_at_run_time_is_chosen_among_constant_places() -> None:
    write = Store(DynamicColumn(0, "Box", "x", 64), ROW, A)
    body = reach_constant_places([Assign(A, box("x", ROW)), write], SCHEMA)
    indices = [s.value.index for s in statements(body) if isinstance(s, Assign) and isinstance(s.value, Load)]
    indices += [s.index for s in statements(body) if isinstance(s, Store)]
    assert all(isinstance(index, Lit) for index in indices)
    kept = Store(DynamicColumn(0, "Wall", "x", 64), ROW, A)
    assert reach_constant_places([kept], SCHEMA) == [kept]


# ---- numbering ----

THERE, BACK, SAME = (1, 2, 0), (2, 0, 1), (0, 1, 2)
TABLES = (THERE, BACK, SAME)


def through(table: tuple[int, ...], index: Expr) -> Load:
    return Load(TableArray(TABLES.index(table)), index, Kind.INT)


def test_what_is_seen_through_a_table_only_is_numbered_as_the_table_says() -> None:
    body: list[Stmt] = [
        If(HIT, [Assign(B, number(0))], [Assign(B, through(THERE, A))]),
        Assign(A, through(BACK, B)),
    ]
    assert number_once(body, TABLES)
    assert body == [If(HIT, [Assign(B, number(2))], [Assign(B, A)]), Assign(A, B)]


def test_what_somebody_else_sees_or_a_path_leaves_unassigned_keeps_its_numbers() -> None:
    assign, read = If(HIT, [Assign(B, number(0))], [Assign(B, through(THERE, A))]), Assign(A, through(BACK, B))
    for body in (
        [assign, read, Assign(COUNT, B)],
        [If(HIT, [Assign(B, number(0))]), read],
        [If(HIT, [Assign(B, number(7))], [Assign(B, number(0))]), read],
        [If(HIT, [Assign(B, COUNT)], [Assign(B, number(0))]), read],
    ):
        before = copied(body)
        assert not number_once(body, TABLES)
        assert body == before


def test_a_table_is_read_where_the_place_is_known_or_nothing_changes() -> None:
    body: list[Stmt] = [Assign(A, through(THERE, number(1))), Assign(B, through(SAME, COUNT))]
    assert not number_once(body, TABLES)
    assert body == [Assign(A, number(2)), Assign(B, COUNT)]


# ---- tests of values ----


def test_what_is_only_tested_is_computed_in_the_test() -> None:
    step = Op("sub", (A, B), Kind.INT)
    body: list[Stmt] = [Assign(COUNT, step), If(equal(COUNT, number(0)), [Assign(HIT, TRUE)])]
    assert put_into_tests(body) == [If(equal(A, B), [Assign(HIT, TRUE)])]


def test_what_is_read_again_or_lies_in_memory_that_changes_stays_where_it_is() -> None:
    test = If(equal(COUNT, number(0)), [Assign(HIT, TRUE)])
    for body in (
        [Assign(COUNT, plus(A, B)), test, Assign(A, COUNT)],
        [Assign(COUNT, box("x", ROW)), test],
        [Assign(COUNT, plus(A, B)), Assign(A, number(1)), test],
    ):
        assert put_into_tests(copied(body)) == body


def test_a_sum_of_distances_is_0_where_all_are() -> None:
    distance = [
        Op("abs", (Op("sub", (first, second), Kind.INT),), Kind.INT) for first, second in ((A, B), (ROW, COUNT))
    ]
    weighted = Op("mul", (distance[0], number(16)), Kind.INT)
    both = Op("and", (equal(A, B), equal(ROW, COUNT)), Kind.BOOL)
    assert fold(equal(plus(weighted, distance[1]), number(0))) == both
    assert fold(Op("ne", (plus(weighted, distance[1]), number(0)), Kind.BOOL)) == Op("not", (both,), Kind.BOOL)
    negative = Op("mul", (distance[0], number(-16)), Kind.INT)
    for total in (plus(A, distance[1]), plus(negative, distance[1])):
        assert fold(equal(total, number(0))) == equal(total, number(0))
