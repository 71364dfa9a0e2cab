"""The loop of proposing, judging and refining."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from wc_engine.errors import SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.models.open import open_model
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel
from wc_engine.planners.result import SearchStatus
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis import Candidate, Judged, PlanVerdict, SynthesisConfig, Synthesizer

START, END = State([Entity("Me", x=1, y=1)]), State([Entity("Me", x=2, y=1)])
DATA = [Transition("w", "go", START, "east", END, 0.0, False)]
INITIAL = [(START, "go")]

STILL = """
class Me:
    def __init__(self, x, y):
        self.name, self.x, self.y = 'Me', x, y
def transition(state, action):
    return state
def reward_func(state, action, next_state):
    return 0.0, False
"""
MOVING = STILL.replace("    return state\n", "    for me in state:\n        me.x += 1\n    return state\n")
HOPING = MOVING + "# a goal\n"


class Runner:
    """Runs programs here, and finds a plan in those with a goal."""

    def __init__(self) -> None:
        self.searched: list[str] = []

    def running(self, program: Program) -> RunningModel:
        return open_model(program, trusted=True)

    def find_plan(self, program: Program, state: State, mission: str) -> PlanVerdict:
        self.searched.append(program.text)
        if "a goal" in program.text:
            return PlanVerdict(state, mission, ("east",), SearchStatus.SOLVED)
        return PlanVerdict(state, mission, None, SearchStatus.EXHAUSTED)


class Script:
    """Proposes texts in turn, the last one for ever; keeps what it was asked with."""

    name = "script"

    def __init__(self, *texts: str | Exception) -> None:
        self.texts = list(texts)
        self.asked: list[tuple[tuple[tuple[State, str], ...], Candidate | None]] = []

    def propose(
        self,
        transitions: Sequence[Transition],
        unplannable: Sequence[tuple[State, str]],
        parent: Candidate | None,
        rng: random.Random,
    ) -> str:
        self.asked.append((tuple(unplannable), parent))
        text = self.texts.pop(0) if len(self.texts) > 1 else self.texts[0]
        if isinstance(text, Exception):
            raise text
        return text


def synthesizer(script: Script, runner: Runner | None = None, **settings: int) -> Synthesizer:
    return Synthesizer(script, runner or Runner(), SynthesisConfig(**settings), random.Random(0))  # type: ignore[arg-type]


def test_it_stops_at_the_first_program_that_meets_both_constraints() -> None:
    script = Script(STILL, MOVING, HOPING, STILL)
    judged = synthesizer(script).synthesize(DATA, INITIAL, None)
    assert judged is not None
    assert judged.evaluation.holds
    assert judged.candidate.text == HOPING
    assert len(script.asked) == 3


def test_a_program_that_already_meets_both_is_kept_without_a_proposal() -> None:
    script = Script(STILL)
    start = Candidate(Program.from_text(HOPING), 1, "script")
    judged = synthesizer(script).synthesize(DATA, INITIAL, start)
    assert judged is not None
    assert judged.candidate is start
    assert script.asked == []


def test_where_none_is_found_the_best_one_is_returned() -> None:
    judged = synthesizer(Script(STILL, MOVING, STILL)).synthesize(DATA, INITIAL, None)
    assert judged is not None
    assert judged.candidate.text == MOVING
    assert not judged.evaluation.holds


def test_a_refinement_is_asked_for_with_the_initial_states_that_have_no_plan() -> None:
    script = Script(*(MOVING + f"# {number}\n" for number in range(20)))
    start = Candidate(Program.from_text(MOVING), 1, "script")
    synthesizer(script, max_proposals=20).synthesize(DATA, INITIAL, start)
    assert (tuple(INITIAL), start) in script.asked


def test_plans_are_sought_only_in_programs_that_reproduce_the_data() -> None:
    runner = Runner()
    synthesizer(Script(STILL, HOPING), runner).synthesize(DATA, INITIAL, None)
    assert runner.searched == [HOPING]


def test_without_optimism_a_program_that_reproduces_the_data_is_enough() -> None:
    runner = Runner()
    judged = synthesizer(Script(STILL, MOVING, HOPING), runner, optimism=False).synthesize(DATA, INITIAL, None)
    assert judged is not None
    assert judged.candidate.text == MOVING
    assert judged.evaluation.holds
    assert runner.searched == []


@pytest.mark.parametrize(
    "nonsense", [SynthesisError("nothing to say"), "def transition(", "x = 1"], ids=["error", "syntax", "no transition"]
)
def test_a_proposal_that_is_no_program_costs_a_try_and_nothing_else(nonsense: str | Exception) -> None:
    judged = synthesizer(Script(nonsense, HOPING)).synthesize(DATA, INITIAL, None)
    assert judged is not None
    assert judged.candidate.text == HOPING


def test_a_program_that_fails_while_it_is_loaded_is_judged_wrong_not_raised() -> None:
    judged = synthesizer(Script(HOPING + "1 / 0\n", HOPING)).synthesize(DATA, INITIAL, None)
    assert judged is not None
    assert judged.candidate.text == HOPING


def test_a_proposer_that_repeats_itself_ends_the_synthesis() -> None:
    script = Script(MOVING)
    assert synthesizer(script, max_proposals=1000).synthesize(DATA, INITIAL, None) is not None
    assert len(script.asked) < 20


def test_no_more_is_proposed_than_the_budget_allows() -> None:
    script = Script(*(STILL + f"# {number}\n" for number in range(50)))
    synthesizer(script, max_proposals=7).synthesize(DATA, INITIAL, None)
    assert len(script.asked) == 7


def test_a_transition_is_shown_to_a_program_once() -> None:
    seen: list[Judged] = []
    runner = Runner()
    shown: list[int] = []

    class Counting(Runner):
        def running(self, program: Program) -> RunningModel:
            shown.append(1)
            return runner.running(program)

    one = Synthesizer(Script(HOPING), Counting(), SynthesisConfig(), random.Random(0), seen.append)
    judged = one.synthesize(DATA, INITIAL, None)
    assert judged is not None
    for _ in range(3):
        assert one.judge(judged.candidate, DATA, INITIAL).evaluation.holds
    assert len(shown) == 1
    assert [judged.candidate.text for judged in seen] == [HOPING]
