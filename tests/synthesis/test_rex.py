"""REx: the right formula, and what follows from it."""

from __future__ import annotations

import random

import pytest

from wc_engine.models.program import Program
from wc_engine.synthesis import Candidate, RexTree

TEXT = "def transition(state, action): return state\ndef reward_func(state, action, next_state): return 0, False\n"


def candidate(index: int) -> Candidate:
    return Candidate(Program.from_text(TEXT), index, "test")


def test_belief_is_beta_of_h_and_of_failed_refinements() -> None:
    arm = RexTree(20.0, random.Random(0)).add(candidate(1), 0.75)
    arm.failures = 3
    assert arm.belief(20.0) == (1.0 + 20.0 * 0.75, 1.0 + 20.0 * 0.25 + 3)


def test_the_root_is_believed_beta_one_one_until_it_fails() -> None:
    (root,) = RexTree(20.0, random.Random(0)).arms
    assert root.belief(20.0) == (1.0, 1.0)
    root.failures = 2
    assert root.belief(20.0) == (1.0, 3.0)


def test_good_programs_are_selected_more_often_until_their_refinements_fail() -> None:
    tree = RexTree(20.0, random.Random(0))
    good, bad = tree.add(candidate(1), 0.9), tree.add(candidate(2), 0.2)
    chosen = [tree.select() for _ in range(200)]
    assert chosen.count(good) > 150
    good.failures = 200
    chosen = [tree.select() for _ in range(200)]
    assert chosen.count(good) < chosen.count(bad)


def test_the_same_seed_selects_the_same_arms() -> None:
    def selections() -> list[float]:
        tree = RexTree(5.0, random.Random(7))
        for index in range(5):
            tree.add(candidate(index), index / 5)
        return [tree.select().heuristic for _ in range(50)]

    assert selections() == selections()


def test_the_best_arm_is_that_of_highest_h_and_of_equals_the_latest() -> None:
    tree = RexTree(20.0, random.Random(0))
    assert tree.best().candidate is None
    tree.add(candidate(1), 0.5)
    latest = tree.add(candidate(2), 0.5)
    tree.add(candidate(3), 0.4)
    assert tree.best() is latest


def test_impossible_values_are_refused() -> None:
    with pytest.raises(ValueError, match="C must not be negative"):
        RexTree(-1.0, random.Random(0))
    with pytest.raises(ValueError, match="within 0 and 1"):
        RexTree(1.0, random.Random(0)).add(candidate(1), 1.5)
