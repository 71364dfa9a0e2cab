"""Checks: what counts as correct, and that a disagreement between compiled and reference cannot hide."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from itertools import pairwise

import pytest
from sokoban_texts import FAILS_AT_WALLS, MODEL, NOT_TRANSLATABLE, WALKS_THROUGH_BOXES, played

from wc_engine.compile import CompiledModel, compile_program
from wc_engine.errors import InternalError, UserInputError
from wc_engine.models import Program, StepOutcome, StepRequest, Transition, TrustedModel
from wc_engine.runs import CheckConfig, check_program, checking, compiling
from wc_engine.runs.agreement import Agreement, BoundPrograms, compare_reward, compare_step
from wc_engine.runs.walking import WALK_STEPS, Walks, follow_walks
from wc_engine.state.entities import State

DATA = played(80)
ACTIONS = tuple(sorted({transition.action for transition in DATA}))
STATES = [transition.state for transition in DATA]


def check(text: str, transitions: list[Transition] = DATA, **settings: object) -> checking.CheckReport:
    """Check a program that these tests trust."""
    return check_program(Program.from_text(text), transitions, CheckConfig(trusted=True, **settings))  # type: ignore[arg-type]


def bound(text: str, states: Iterable[State] = STATES) -> BoundPrograms:
    """Compile a program for the states of the data."""
    return BoundPrograms({None: compile_program(text, states, ACTIONS)}, states)


def changed(index: int, **changes: object) -> list[Transition]:
    """Return the data with one transition changed."""
    transitions = list(DATA)
    transitions[index] = dataclasses.replace(transitions[index], **changes)  # type: ignore[arg-type]
    return transitions


def test_a_right_program_reproduces_everything() -> None:
    report = check(MODEL)
    assert report.holds
    assert (report.reference.state_correct, report.reference.reward_correct, report.reference.failed) == (80, 80, 0)
    assert (report.disagreements, report.compiled.fallbacks, report.walked) == (0, 0, 0)


def test_rewards_count_as_correct_within_a_millionth_and_only_with_the_same_done() -> None:
    near = DATA[5].reward + 5e-7
    assert check(MODEL, changed(5, reward=near)).reference.reward_correct == 80
    assert check(MODEL, changed(5, reward=DATA[5].reward + 2e-6)).reference.reward_correct == 79
    report = check(MODEL, changed(5, done=not DATA[5].done))
    assert (report.reference.reward_correct, report.reference.state_correct) == (79, 80)
    assert not report.holds
    assert report.counterexamples[0].transition.done is not DATA[5].done


def test_the_reward_is_judged_on_the_recorded_next_state() -> None:
    report = check(WALKS_THROUGH_BOXES)
    assert report.reference.state_correct < 80
    assert report.reference.reward_correct == 80
    assert (report.disagreements, report.compiled.fallbacks) == (0, 0)


def test_a_failing_function_counts_once_a_transition() -> None:
    text = FAILS_AT_WALLS.replace("    reward = -0.1", "    reward = -0.1 if action != 'move up' else {}['up']")
    report = check(text)
    walls = check(FAILS_AT_WALLS).reference.failed
    ups = sum(transition.action == "move up" for transition in DATA)
    both = sum(t.action == "move up" and t.state == t.next_state for t in DATA)
    assert report.reference.failed <= walls + ups
    assert report.reference.failed >= max(walls, ups)
    assert report.reference.reward_correct == 80 - ups
    assert both <= walls


@pytest.mark.parametrize("text", [MODEL, WALKS_THROUGH_BOXES, FAILS_AT_WALLS], ids=["right", "boxes", "walls"])
def test_a_native_check_finds_the_same_and_asks_the_reference_less(text: str) -> None:
    data = changed(7, reward=5.0)
    everything, native = check(text, data), check(text, data, native=True, sample=5)
    assert native.counterexamples == everything.counterexamples
    assert native.reference.asked == len(everything.counterexamples) + 5
    assert everything.reference.asked == 80
    for name in ("state_correct", "reward_checked", "reward_correct"):
        assert getattr(native.reference, name) == getattr(everything.reference, name), name
    assert native.disagreements == 0
    assert native.as_record() == native.as_record() | {"asked": native.reference.asked}
    assert "asked" not in everything.as_record()


def test_a_native_check_without_native_code_asks_the_reference_about_everything() -> None:
    report = check(NOT_TRANSLATABLE, native=True)
    assert (report.reference.asked, report.compiled.supported, report.holds) == (80, False, True)


def test_a_native_check_takes_the_reward_function_of_each_mission() -> None:
    text = MODEL + "\n\nREWARD_FUNCS = {'first': reward_func, 'second': lambda state, action, after: (7.0, False)}\n"
    data = [
        dataclasses.replace(
            one, **({"mission": "first"} if place % 2 else {"mission": "second", "reward": 7.0, "done": False})
        )
        for place, one in enumerate(DATA)
    ]
    assert check(text, data, native=True).holds
    wrong = [dataclasses.replace(one, mission="first") for one in data]
    assert len(check(text, wrong, native=True).counterexamples) == 40
    assert check(text, wrong[1::2] + data[::2], native=True, missions=("second",)).holds


def test_a_disagreement_is_counted_at_every_step_where_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = compile_program(WALKS_THROUGH_BOXES, STATES, ACTIONS)

    def compile_another(*_: object) -> tuple[CompiledModel, None]:
        return wrong, None

    monkeypatch.setattr(checking, "try_compile", compile_another)
    report = check(MODEL)
    pushes = 80 - check(WALKS_THROUGH_BOXES).reference.state_correct
    assert report.disagreements == pushes > 0
    assert not report.holds
    assert check(MODEL, walks=10).disagreements > pushes


def test_a_bug_of_the_compiler_leaves_the_program_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> CompiledModel:
        raise KeyError("row")

    monkeypatch.setattr(compiling, "compile_program", broken)
    report = check(MODEL)
    assert report.holds
    assert not report.compiled.supported
    assert report.compiled.reason == "a bug of wc_engine, please report it: the compiler raised KeyError: 'row'"
    assert isinstance(report.compiled.error, InternalError)


def test_the_missions_must_be_in_the_data() -> None:
    with pytest.raises(UserInputError, match="no transition has the mission 'fly': the data has '"):
        check(MODEL, missions=("fly",))
    with pytest.raises(UserInputError, match="no transitions"):
        check(MODEL, [])


def test_each_mission_is_compiled_with_its_own_reward_function() -> None:
    text = MODEL + (
        "\ndef double(state, action, next_state):\n"
        "    reward, done = reward_func(state, action, next_state)\n"
        "    return 2 * reward, done\n"
        "\nREWARD_FUNCS = {'double': double}\n"
    )
    doubled = [dataclasses.replace(t, mission="double", reward=2 * t.reward) for t in DATA[:30]]
    report = check(text, doubled + DATA[30:])
    assert (report.reference.reward_correct, report.disagreements) == (80, 0)


def step_of(text: str, transition: Transition) -> tuple[StepOutcome, Agreement]:
    """Return the reference's outcome of one step, and how the right compiled program agrees with it."""
    outcome = TrustedModel(Program.from_text(text)).step(transition.state, transition.action)
    return outcome, compare_step(bound(MODEL).pack(transition.state, transition.action, ""), outcome)


@pytest.mark.parametrize(
    "change",
    [
        {"reward": 3.0},
        {"reward": math.nan},
        {"done": True},
        {"transition_error": "ValueError"},
        {"next_state": State()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_steps_agree_only_where_state_reward_done_and_failing_do(change: dict[str, object]) -> None:
    transition = DATA[0]
    outcome, agreement = step_of(MODEL, transition)
    assert agreement is Agreement.SAME
    packed = bound(MODEL).pack(transition.state, transition.action, "")
    assert compare_step(packed, dataclasses.replace(outcome, **change)) is Agreement.DIFFERENT  # type: ignore[arg-type]


def test_nothing_is_asked_of_a_step_that_a_limit_ended() -> None:
    transition = DATA[0]
    packed = bound(MODEL).pack(transition.state, transition.action, "")
    ended = StepOutcome(next_state=None, reward=None, done=None, transition_error="killed", out_of_limits=True)
    assert compare_step(packed, ended) is Agreement.NOT_NATIVE


def test_a_reward_that_is_not_a_number_agrees_with_itself() -> None:
    text = MODEL.replace("    reward = -0.1", "    reward = float('nan')")
    transition = DATA[0]
    packed = bound(text).pack(transition.state, transition.action, "")
    outcome = TrustedModel(Program.from_text(text)).step(transition.state, transition.action)
    assert compare_step(packed, outcome) is Agreement.SAME
    assert compare_reward(packed, transition.next_state, outcome) is Agreement.SAME


def test_a_state_that_does_not_fit_the_layout_is_not_native() -> None:
    box = DATA[0].state.of_type("Box")[0]
    far = State([*(e for e in DATA[0].state if e != box), box.replace(x=100_000)])
    programs = bound(MODEL)
    assert programs.pack(far, ACTIONS[0], "") is None
    assert programs.pack(DATA[0].state, ACTIONS[0], "") is not None


def walked(seed: int, count: int, text: str = MODEL) -> list[tuple[StepRequest, StepOutcome]]:
    """Follow walks from the data's states; return the steps, first those of all walks' first steps, and so on."""
    walks = Walks(starts=[(t.state, t.mission) for t in DATA], actions=ACTIONS, count=count, seed=seed)
    return list(follow_walks(walks, TrustedModel(Program.from_text(text))))


def test_walks_are_seeded_and_stay_inside_the_model() -> None:
    first, again, other = walked(3, 5), walked(3, 5), walked(4, 5)
    assert first == again
    assert first != other
    alone = walked(3, 1)
    assert len(alone) <= WALK_STEPS
    for (_, outcome), (request, _) in pairwise(alone):
        assert request.state == outcome.next_state
    assert alone[0][0].state in STATES
    assert alone[0] == first[0]
    assert all(step in first for step in alone)


def test_a_walk_ends_where_a_step_fails_or_is_done() -> None:
    failing = MODEL.replace("def transition(state, action):\n", "def transition(state, action):\n    return 1 / 0\n")
    steps = walked(0, 7, failing)
    assert len(steps) == 7
    done = MODEL.replace(
        "        return reward + 10.0, True\n    return reward, False", "        pass\n    return 0, True"
    )
    steps = walked(0, 7, done)
    assert len(steps) == 7
