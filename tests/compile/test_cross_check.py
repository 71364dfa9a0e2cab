"""The compilers look at each other's work: agreement, a difference, and what is done about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_compiled import SLIDING, level
from worlds import ACTIONS

from wc_engine.compile import BoxedModel, CompiledModel, cross_check
from wc_engine.compile.compiled import CompiledProblem, specialise
from wc_engine.compile.tiers import compile_program
from wc_engine.errors import InternalError
from wc_engine.models.problem import U64Array
from wc_engine.state.census import take_census

STATES = [level((1, 1), (2, 1)), level((2, 2), (1, 2))]
step_words = CompiledProblem.step_words


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WC_ENGINE_CACHE", str(tmp_path))
    monkeypatch.delenv("WC_ENGINE_STRICT", raising=False)


@pytest.fixture
def wrong_reward(monkeypatch: pytest.MonkeyPatch) -> None:
    """Specialised code that is wrong where a reward is above 0."""

    def step(self: CompiledProblem, words: U64Array, action: int) -> tuple[int, U64Array, float, bool]:
        status, following, reward, done = step_words(self, words, action)
        return status, following, reward + (action == 1), done

    monkeypatch.setattr(CompiledProblem, "step_words", step)


def test_the_compilers_agree() -> None:
    model = specialise(SLIDING, STATES, ACTIONS)
    assert cross_check.compilers_agree(model, STATES, take_census(STATES))
    assert isinstance(compile_program(SLIDING, STATES, ACTIONS), CompiledModel)


@pytest.mark.usefixtures("wrong_reward")
def test_a_difference_gives_the_program_to_the_boxed_tier() -> None:
    assert isinstance(compile_program(SLIDING, STATES, ACTIONS), BoxedModel)
    assert isinstance(compile_program(SLIDING, STATES, ACTIONS, cross_check=False), CompiledModel)


def test_a_difference_is_remembered(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    model = specialise(SLIDING, STATES, ACTIONS)
    with monkeypatch.context():
        request.getfixturevalue("wrong_reward")
        assert not cross_check.compilers_agree(model, STATES, take_census(STATES))
    monkeypatch.setattr(CompiledProblem, "step_words", step_words)
    assert not cross_check.compilers_agree(model, STATES, take_census(STATES))


@pytest.mark.usefixtures("wrong_reward")
def test_those_who_look_for_bugs_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    model = specialise(SLIDING, STATES, ACTIONS)
    monkeypatch.setenv("WC_ENGINE_STRICT", "1")
    with pytest.raises(InternalError, match="the compilers differ: 'move"):
        cross_check.compilers_agree(model, STATES, take_census(STATES))
