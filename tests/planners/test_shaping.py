"""Reward shaping by the words of a mission."""

from __future__ import annotations

from math import log

import pytest
from table_problem import TableProblem, line

from wc_engine.planners import Bm25Shaping, MctsConfig, mcts_search
from wc_engine.planners.shaping import words_of
from wc_engine.state.entities import Entity, State

EMPTY = State([Entity("Agent", x=1, y=1)])
HOLDING = State([Entity("Agent", x=1, y=1, carrying="red key")])


def test_words_are_lower_case_letters_without_stop_words() -> None:
    assert words_of("Put the hot Tomato1 in fridge_2, and go!") == ["put", "hot", "tomato", "fridge", "go"]


def test_the_first_story_is_weighed_by_the_formula() -> None:
    # Words: pick, agent, agent, carrying, red, key: |D| = mean |D| = 6, f = 1, N = n = 1.
    rarity = log((1 - 1 + 0.5) / (1 + 0.5) + 1)
    one = rarity * 1 * 2.5 / (1 + 1.5)
    assert Bm25Shaping("the red key on a table")(EMPTY, "pick", HOLDING) == pytest.approx(2 * one / 3)


def test_a_story_goes_on_and_a_rare_word_weighs_more() -> None:
    shaping = Bm25Shaping("red key")
    assert shaping(EMPTY, "left", EMPTY) == 0.0
    first = shaping(EMPTY, "pick", HOLDING)
    assert first > shaping(HOLDING, "left", HOLDING) > 0.0  # the key is still in the story, among more words


def test_a_mission_of_stop_words_rewards_nothing() -> None:
    assert Bm25Shaping("to be or not to be")(EMPTY, "pick", HOLDING) == 0.0


def test_it_guides_a_search() -> None:
    class Numbered(TableProblem):
        def decode(self, words):  # type: ignore[no-untyped-def]
            return State([Entity("Place", name="kitchen" if int(words[-1]) > 3 else "hall", number=int(words[-1]))])

    config = MctsConfig(rollout_depth=0, max_simulations=40, stop_at_first_plan=False)
    plain = mcts_search(Numbered(line(8)), config)
    guided = mcts_search(Numbered(line(8)), config, shaping=Bm25Shaping("go to the kitchen"))
    assert guided.q_values[0] > plain.q_values[0]
    assert guided.plan_result.plan is not None
