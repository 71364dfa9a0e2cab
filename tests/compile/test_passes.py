"""The passes on IR written by hand, and the rules of the IR."""

from __future__ import annotations

import pytest

from wc_engine.compile.ir import (
    FALSE,
    TRUE,
    Assign,
    Block,
    Break,
    ChainLoop,
    Comment,
    Count,
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
    SetResult,
    StaticColumn,
    Stmt,
    Store,
    Var,
)
from wc_engine.compile.passes.blocks import simplify_blocks
from wc_engine.compile.passes.dead import remove_dead_code
from wc_engine.compile.passes.index import select_indices
from wc_engine.compile.spec import check_ir
from wc_engine.errors import InternalError


def integer(name: str) -> Var:
    return Var(name, Kind.INT)


def number(value: int) -> Lit:
    return Lit(value, Kind.INT)


def plus(first: Expr, second: Expr) -> Op:
    return Op("add", (first, second), Kind.INT)


def equal(first: Expr, second: Expr) -> Op:
    return Op("eq", (first, second), Kind.BOOL)


def both(first: Expr, second: Expr) -> Op:
    return Op("and", (first, second), Kind.BOOL)


def wall(attribute: str, row: Expr) -> Load:
    return Load(StaticColumn("Wall", attribute), row, Kind.INT)


def result(value: Expr) -> SetResult:
    """The reward that makes a value read."""
    return SetResult(Op("float_of_int", (value,), Kind.FLOAT), FALSE)


def scan(body: list[Stmt], static_type: str | None = "Wall") -> Loop:
    return Loop("l", ROW, Count("Wall"), body, static_type)


A, B, X, ROW = integer("a"), integer("b"), integer("x"), integer("r")
WALL_AHEAD = Var("wall_ahead", Kind.BOOL)
A_IS_1 = equal(A, number(1))
SET_X = Assign(X, number(1))


# ---- blocks ----


def test_a_block_that_nothing_leaves_early_is_its_body() -> None:
    assert simplify_blocks([Block("b", [SET_X]), result(X)]) == [SET_X, result(X)]


def test_a_break_in_a_branch_becomes_the_other_branch() -> None:
    block = Block("b", [If(WALL_AHEAD, [Break("b")]), SET_X])
    assert simplify_blocks([block, result(X)]) == [If(WALL_AHEAD, [], [SET_X]), result(X)]


def test_what_follows_a_break_out_of_a_block_is_dropped() -> None:
    assert simplify_blocks([Block("b", [SET_X, Break("b")])]) == [SET_X]


def test_a_block_left_from_inside_a_loop_stays() -> None:
    block = Block("b", [scan([If(WALL_AHEAD, [Break("b")])]), SET_X])
    assert simplify_blocks([block]) == [block]


def test_a_block_whose_rest_would_be_copied_stays() -> None:
    block = Block("b", [If(A_IS_1, [If(WALL_AHEAD, [Break("b")], [])], [Assign(B, number(2))]), SET_X])
    assert simplify_blocks([block]) == [block]


def test_an_inner_block_is_simplified_inside_an_outer_one() -> None:
    inner = Block("inner", [If(WALL_AHEAD, [Break("outer")]), SET_X])
    body = simplify_blocks([Block("outer", [inner, Assign(A, number(2))])])
    assert body == [If(WALL_AHEAD, [], [SET_X, Assign(A, number(2))])]


def test_nothing_stands_behind_a_failure() -> None:
    body = simplify_blocks([Block("b", [If(WALL_AHEAD, [Fail(2)], [Fail(2)]), Break("b")]), result(X)])
    check_ir(body, "blocks")


# ---- dead code ----


def test_assignments_that_nobody_reads_go_with_what_they_read() -> None:
    body = [Assign(A, number(1)), Assign(B, plus(A, number(1))), Assign(X, number(3)), result(X)]
    assert remove_dead_code(body) == [Assign(X, number(3)), result(X)]


def test_variables_that_only_feed_each_other_round_a_loop_are_dead() -> None:
    loop = scan([Assign(A, plus(B, number(1))), Assign(B, plus(A, number(1))), Assign(X, plus(X, number(1)))])
    body = remove_dead_code([Assign(X, number(0)), loop, result(X)])
    assert body == [Assign(X, number(0)), scan([Assign(X, plus(X, number(1)))]), result(X)]


def test_stores_are_kept_exactly_where_their_array_is_read() -> None:
    read, unread = DynamicColumn(0, "Box", "x", 64), DynamicColumn(0, "Box", "y", 64)
    stores = [Store(read, number(0), A), Store(unread, number(0), A)]
    body: list[Stmt] = [Assign(A, number(1)), *stores, Assign(X, Load(read, number(0), Kind.INT)), result(X)]
    assert remove_dead_code(body) == [body[0], stores[0], *body[3:]]


def test_fields_of_a_list_live_apart() -> None:
    first, second = ListArray(3, 0, 64), ListArray(3, 1, 64)
    stores = [Store(first, number(0), number(1)), Store(second, number(0), number(2))]
    body: list[Stmt] = [*stores, Assign(X, Load(first, number(0), Kind.INT)), result(X)]
    assert remove_dead_code(body) == [stores[0], *body[2:]]


def test_empty_branches_loops_and_blocks_go_and_failures_stay() -> None:
    empty: list[Stmt] = [If(WALL_AHEAD, [Comment("nothing")]), scan([SET_X]), Block("b", [])]
    kept = If(WALL_AHEAD, [Fail(2)])
    assert remove_dead_code([*empty, kept]) == [kept]


def test_a_loop_that_only_a_break_leaves_stays() -> None:
    forever = Forever("f", [If(WALL_AHEAD, [Break("f")])])
    assert remove_dead_code([forever]) == [forever]


# ---- index selection ----


def test_a_scan_for_a_position_becomes_a_lookup() -> None:
    test = both(equal(wall("x", ROW), A), equal(B, wall("y", ROW)))
    hit: list[Stmt] = [SET_X, Break("l")]
    assert select_indices([scan([If(test, hit)])]) == [ChainLoop("l", ROW, "Wall", A, B, hit)]


def test_other_tests_stay_inside_the_lookup() -> None:
    color = equal(wall("color", ROW), number(2))
    test = both(both(equal(wall("x", ROW), A), color), equal(wall("y", ROW), B))
    assert select_indices([scan([If(test, [SET_X])])]) == [ChainLoop("l", ROW, "Wall", A, B, [If(color, [SET_X])])]


def test_what_is_done_where_a_position_is_not_ruled_out_is_done_there() -> None:
    test = Op("not", (both(equal(wall("x", ROW), A), equal(wall("y", ROW), B)),), Kind.BOOL)
    hit: list[Stmt] = [Fail(3)]
    again = Op("not", (test,), Kind.BOOL)
    assert select_indices([scan([If(test, [], hit)])]) == [ChainLoop("l", ROW, "Wall", A, B, hit, once=True)]
    assert select_indices([scan([If(again, hit)])]) == [ChainLoop("l", ROW, "Wall", A, B, hit, once=True)]


@pytest.mark.parametrize(
    "loop",
    [
        scan([If(equal(wall("x", ROW), A), [SET_X])]),
        scan([If(both(equal(wall("x", ROW), A), equal(wall("x", ROW), B)), [SET_X])]),
        scan([If(both(equal(wall("x", ROW), A), equal(wall("y", ROW), B)), [SET_X], [Assign(A, number(2))])]),
        scan([If(both(equal(wall("x", ROW), A), equal(wall("y", ROW), B)), [Assign(A, number(2))])]),
        scan([If(both(equal(wall("x", ROW), ROW), equal(wall("y", ROW), B)), [SET_X])]),
        scan([If(both(equal(wall("x", ROW), A), equal(wall("y", ROW), B)), [SET_X]), Assign(B, plus(B, A))]),
        scan([If(both(equal(wall("x", ROW), A), equal(wall("y", ROW), B)), [SET_X])], static_type=None),
        scan([If(both(equal(wall("x", number(0)), A), equal(wall("y", number(0)), B)), [SET_X])]),
    ],
    ids=[
        "x alone",
        "x twice",
        "an else",
        "a position that the loop changes",
        "a position that is the row",
        "more than one statement",
        "no static type",
        "another row",
    ],
)
def test_a_scan_for_something_else_stays_a_scan(loop: Loop) -> None:
    assert all(isinstance(statement, Loop) for statement in select_indices([loop]))


def test_what_no_round_changes_is_computed_before_the_loop_and_then_part_of_the_position() -> None:
    test = both(equal(wall("x", ROW), A), equal(wall("y", ROW), B))
    ahead = Assign(A, plus(X, number(1)))
    hit: list[Stmt] = [Break("l")]
    assert select_indices([scan([ahead, If(test, hit)])]) == [ahead, ChainLoop("l", ROW, "Wall", A, B, hit)]


def test_what_a_round_changes_stays_in_the_loop() -> None:
    column = DynamicColumn(0, "Box", "x", 64)
    loads = Assign(A, Load(column, number(0), Kind.INT))
    loop = scan([loads, Store(column, number(0), plus(A, number(1)))])
    assert select_indices([loop]) == [scan([loads, Store(column, number(0), plus(A, number(1)))])]


def test_a_variable_that_is_assigned_elsewhere_is_not_moved() -> None:
    again = Assign(A, number(1))
    body = select_indices([again, scan([Assign(A, number(2)), result(ROW)]), result(A)])
    assert body == [again, scan([Assign(A, number(2)), result(ROW)]), result(A)]


# ---- the rules ----


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([Break("b")], "break to b, which does not enclose it"),
        ([Block("b", []), Break("b")], "break to b, which does not enclose it"),
        ([Block("b", [Break("b"), SET_X])], "code behind the end of a path"),
        ([Fail(2), SET_X], "code behind the end of a path"),
        ([Assign(X, TRUE)], "x is .*, its value is not"),
        ([Store(ListArray(0, 0, 4), TRUE, A)], "an index that is no int"),
        ([If(A, [])], "a condition that is no truth value"),
        ([Loop("l", ROW, Lit(1.0, Kind.FLOAT), [])], "a count that is no int"),
        ([SetResult(A, FALSE)], "a result of the wrong kinds"),
        ([SetResult(Lit(0.0, Kind.FLOAT), A)], "a result of the wrong kinds"),
        ([Assign(X, Op("power", (A, B), Kind.INT))], "unknown operation power"),
        ([Assign(X, plus(A, Lit(1.0, Kind.FLOAT)))], "add of operands of different kinds"),
        ([Assign(X, plus(A, plus(A, TRUE)))], "add of operands of different kinds"),
        ([Assign(X, wall("x", TRUE))], "an index that is no int"),
        ([If(TRUE, [Forever("f", [Block("b", [Assign(X, TRUE)])])])], "x is .*, its value is not"),
    ],
)
def test_each_broken_rule_is_named_with_the_pass_that_broke_it(body: list[Stmt], message: str) -> None:
    with pytest.raises(InternalError, match=f"after a pass: {message}"):
        check_ir(body, "a pass")


def test_breaks_to_any_enclosing_region_are_right() -> None:
    inner: list[Stmt] = [If(TRUE, [Break("l")], [Break("b")])]
    check_ir([Block("b", [Forever("f", [scan(inner)]), SET_X]), result(X)], "writing")
