"""phi_1 in native code says what comparing with the reference, one transition at a time, says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from sokoban_texts import FAILS_AT_WALLS, MODEL, WALKS_THROUGH_BOXES, played

from wc_engine.compile import NativeModel, compile_program
from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.compile.compiled import specialise
from wc_engine.compile.recorded import RecordedSteps, check_recorded
from wc_engine.compile.rows import pack_states
from wc_engine.errors import EncodingError
from wc_engine.models import Program, Transition, TrustedModel
from wc_engine.state import Entity, State
from wc_engine.synthesis.constraints import compare

DATA = played(400, seed=3)
ACTIONS = tuple(sorted({transition.action for transition in DATA}))


def states_of(transitions: list[Transition]) -> list[State]:
    return [state for one in transitions for state in (one.state, one.next_state)]


def by_reference(text: str, transitions: list[Transition]) -> tuple[set[int], set[int]]:
    """Return where the next state is wrong, and where reward or done are."""
    model = TrustedModel(Program.from_text(text))
    judged = list(map(compare, transitions, model.step_many(transitions)))
    return (
        {place for place, wrong in enumerate(judged) if wrong is not None and wrong.wrong_state},
        {place for place, wrong in enumerate(judged) if wrong is not None and wrong.wrong_reward},
    )


def damaged() -> list[Transition]:
    """Return the data with some transitions changed: rewards, done, next states, a next state from another level."""
    data = list(DATA)
    data[3] = dataclasses.replace(data[3], reward=data[3].reward + 1.0)
    data[30] = dataclasses.replace(data[30], done=not data[30].done)
    data[31] = dataclasses.replace(data[31], reward=data[31].reward + 5e-7)
    data[50] = dataclasses.replace(data[50], next_state=data[70].state)
    data[60] = dataclasses.replace(data[60], next_state=State(list(data[60].next_state)[1:]))
    moved = [one.replace(x=one["x"] + 1) if one.type == "Player" else one for one in data[80].next_state]
    data[80] = dataclasses.replace(data[80], next_state=State(moved))
    return data


@pytest.mark.parametrize("text", [MODEL, WALKS_THROUGH_BOXES, FAILS_AT_WALLS], ids=["right", "boxes", "walls"])
@pytest.mark.parametrize("data", [DATA, damaged()], ids=["recorded", "damaged"])
@pytest.mark.parametrize(("tier", "threads"), [(specialise, 1), (specialise, 2), (compile_boxed, 2)])
def test_native_code_finds_what_the_reference_finds_or_does_not_decide(
    text: str, data: list[Transition], tier: Callable[..., NativeModel], threads: int
) -> None:
    wrong_states, wrong_rewards = by_reference(text, data)
    checked = check_recorded(tier(Program.from_text(text), states_of(data), ACTIONS), data, threads=threads)
    undecided = set(checked.undecided.tolist())
    assert set(checked.wrong_states.tolist()) - undecided == wrong_states - undecided
    assert set(checked.wrong_rewards.tolist()) - undecided == wrong_rewards - undecided
    assert set(checked.wrong_states.tolist()) <= wrong_states
    assert set(checked.wrong_rewards.tolist()) <= wrong_rewards
    assert len(undecided) < 0.1 * len(data)  # boxes that walk into each other become one: native code hands that back
    assert checked.holds == (text == MODEL and data is DATA)


def test_many_levels_are_checked_at_once() -> None:
    model = compile_program(MODEL, states_of(DATA), ACTIONS)
    steps = RecordedSteps(model, DATA)
    assert len(pack_states(model, states_of(DATA)).problems) > 1
    assert steps.check().holds
    assert steps.check().holds


def test_rewards_are_compared_on_the_missions_asked_for() -> None:
    data = [dataclasses.replace(one, mission="other", reward=99.0) for one in DATA[:10]] + DATA[10:]
    model = compile_program(MODEL, states_of(data), ACTIONS)
    assert check_recorded(model, data).wrong_rewards.tolist() == list(range(10))
    assert check_recorded(model, data, missions={DATA[0].mission}).holds


def test_what_native_code_has_no_place_for_is_undecided() -> None:
    ghost = Entity("Ghost", x=0, y=0)  # another type: the specialiser has no place for it
    strange = dataclasses.replace(DATA[0], state=State([*DATA[0].state, ghost]))
    lazy = dataclasses.replace(DATA[1], action="sleep")
    model = specialise(Program.from_text(MODEL), states_of(DATA), ACTIONS)
    checked = check_recorded(model, [strange, lazy, *DATA[2:]])
    assert checked.undecided.tolist() == [0, 1]
    assert not len(checked.wrong_states)
    assert not checked.holds
    only = check_recorded(model, [strange])
    assert only.undecided.tolist() == [0]
    assert check_recorded(model, []).holds


def test_a_reward_function_that_fails_on_the_right_next_state_leaves_the_state_undecided() -> None:
    text = MODEL.replace("    reward = -0.1", "    reward = {}['x'] if action == 'move up' else -0.1")
    wrong_states, wrong_rewards = by_reference(text, DATA)
    assert not wrong_states
    assert wrong_rewards
    checked = check_recorded(compile_program(text, states_of(DATA), ACTIONS), DATA)
    assert set(checked.wrong_rewards.tolist()) == set(checked.undecided.tolist()) == wrong_rewards
    assert not len(checked.wrong_states)


@pytest.mark.parametrize("tier", [specialise, compile_boxed])
def test_rows_are_those_of_the_problems(tier: Callable[..., NativeModel]) -> None:
    states = states_of(DATA)
    strange = State([*states[0], Entity("Ghost", x=0, y=0, aura=1)])
    rows = pack_states(tier(Program.from_text(MODEL), states, ACTIONS), [*states, strange])
    assert rows.which[-1] == -1
    for place, state in enumerate(states):
        problem = rows.problems[rows.which[place]]
        assert np.array_equal(problem.encode(state), rows.words[place])
        assert problem.decode(rows.words[place]) == state


def test_states_of_which_hardly_two_are_alike_have_room_in_one_boxed_problem() -> None:
    text = "def transition(state, action):\n    return state\ndef reward_func(s, a, n):\n    return 0.0, False\n"
    states = [State([Entity("Lamp", x=0), *(Entity("Dot", x=x, y=y) for y in range(x % 5))]) for x in range(3000)]
    model = compile_boxed(Program.from_text(text), states, ["wait"])
    rows = pack_states(model, states)
    assert (rows.which == 0).all()
    assert rows.words.shape[1] < 20
    assert all(rows.problems[0].decode(words) == state for words, state in zip(rows.words, states, strict=True))
    transitions = [Transition("dots", "", state, "wait", state, 0.0, False) for state in states]
    assert check_recorded(model, transitions).holds


def test_a_problem_is_not_bound_to_a_state_with_entities_that_native_code_would_not_see() -> None:
    model = compile_program(MODEL, states_of(DATA), ACTIONS)
    with pytest.raises(EncodingError, match="no entity type 'Ghost'"):
        model.bind(State([*DATA[0].state, Entity("Ghost", x=0, y=0)]))
