"""The set cover behind all rules."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from wc_engine.synthesis.proposers.inductive.cover import Column, distinct_columns, learn_cover

NUM_EXAMPLES = 10
EVERYTHING = (1 << NUM_EXAMPLES) - 1

columns = st.lists(st.tuples(st.integers(0, EVERYTHING), st.floats(0.5, 3.0)), max_size=6).map(
    lambda pairs: [Column(index, mask, cost) for index, (mask, cost) in enumerate(pairs)]
)


@settings(deadline=None)
@given(st.integers(0, EVERYTHING), st.integers(0, EVERYTHING), columns)
def test_no_conjunction_holds_in_a_negative_and_together_they_hold_in_all_but_those_left_over(
    positives: int, other: int, columns: list[Column[int]]
) -> None:
    negatives = other & ~positives
    conjunctions, left = learn_cover(positives, negatives, columns)
    masks = {column.literal: column.mask for column in columns}
    union = 0
    for conjunction in conjunctions:
        mask = EVERYTHING
        for literal in conjunction.literals:
            mask &= masks[literal]
        assert mask & negatives == 0
        assert mask & positives
        union |= mask
    assert positives & ~union == left


@given(st.integers(0, EVERYTHING), st.integers(0, EVERYTHING), columns)
def test_a_positive_is_left_over_only_where_every_literal_that_holds_there_holds_in_some_negative_too(
    positives: int, other: int, columns: list[Column[int]]
) -> None:
    negatives = other & ~positives
    _, left = learn_cover(positives, negatives, columns)
    for example in range(NUM_EXAMPLES):
        if left >> example & 1:
            assert all(column.mask & negatives for column in columns if column.mask >> example & 1)


def test_of_conjunctions_that_cover_the_same_the_cheaper_is_taken() -> None:
    dear, cheap = Column("dear", 0b0011, 2.0), Column("cheap", 0b0011, 1.0)
    (found,), left = learn_cover(0b0011, 0b1100, [dear, cheap])
    assert found.literals == ("cheap",)
    assert left == 0


def test_without_negatives_the_empty_conjunction_does() -> None:
    (found,), left = learn_cover(0b101, 0, [Column("any", 0b001, 1.0)])
    assert found.literals == ()
    assert left == 0


def test_columns_that_agree_on_the_relevant_examples_are_one() -> None:
    kept = distinct_columns([Column("b", 0b101, 2.0), Column("a", 0b001, 1.0), Column("none", 0b100, 1.0)], 0b011)
    assert [column.literal for column in kept] == ["a"]
