"""The loop of proposing, judging and refining."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Sequence

import pytest

from wc_engine.errors import SynthesisError
from wc_engine.models.base import StepOutcome
from wc_engine.models.dataset import Transition
from wc_engine.models.open import open_model
from wc_engine.models.program import Program
from wc_engine.models.requests import Recorded, RunningModel
from wc_engine.planners.result import SearchStatus
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis import (
    ArmKind,
    Candidate,
    Judged,
    PlanVerdict,
    ProposalRequest,
    StrategyName,
    SynthesisConfig,
    Synthesizer,
)

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
HOPING = MOVING + "GOAL = True\n"


class Runner:
    """Runs programs here, and finds a plan in those with a goal."""

    def __init__(self) -> None:
        self.searched: list[str] = []

    def running(self, program: Program) -> RunningModel:
        return open_model(program, trusted=True)

    def find_plan(self, program: Program, state: State, mission: str) -> PlanVerdict:
        self.searched.append(program.text)
        if "GOAL" in program.text:
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
    script = Script(*(MOVING + f"x = {number}\n" for number in range(20)))
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
    script = Script(*(MOVING + f"x = {number}\n" for number in range(50)))
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

    one = Synthesizer(
        Script(HOPING), Counting(), SynthesisConfig(), random.Random(0), lambda one, arm: seen.append(one)
    )
    judged = one.synthesize(DATA, INITIAL, None)
    assert judged is not None
    for _ in range(3):
        assert one.judge(judged.candidate, DATA, INITIAL).evaluation.holds
    assert len(shown) == 1
    assert [judged.candidate.text for judged in seen] == [HOPING]


class Batches:
    """Answers requests by a rule; keeps how many came at once and what they were."""

    name = "batches"

    def __init__(self, rule: Callable[[ProposalRequest, int], str | SynthesisError]) -> None:
        self._rule = rule
        self.calls: list[list[ProposalRequest]] = []

    @property
    def asked(self) -> int:
        return sum(len(call) for call in self.calls)

    def propose_all(
        self, transitions: Sequence[Transition], requests: Sequence[ProposalRequest], rng: random.Random
    ) -> list[str | SynthesisError]:
        before = self.asked
        self.calls.append(list(requests))
        return [self._rule(request, before + number) for number, request in enumerate(requests)]


def judged_by(batches: Batches, **settings: object) -> tuple[Judged | None, list[Judged]]:
    seen: list[Judged] = []
    config = SynthesisConfig(**settings)  # type: ignore[arg-type]
    one = Synthesizer(batches, Runner(), config, random.Random(0), lambda one, arm: seen.append(one))
    return one.synthesize(DATA, INITIAL, None), seen


def test_several_requests_are_made_at_once_and_answers_are_judged_in_order() -> None:
    answers = [STILL, HOPING, MOVING, "def transition("]
    batches = Batches(lambda request, number: answers[number])
    judged, seen = judged_by(batches, in_flight=4)
    assert judged is not None
    assert judged.candidate.text == HOPING
    assert [len(call) for call in batches.calls] == [4]
    assert [one.candidate.text for one in seen] == [STILL, HOPING]


def test_whoever_watches_sees_arms_before_they_are_pulled_and_the_answers_after() -> None:
    told: list[tuple[str, ArmKind | None]] = []
    batches = Batches(lambda request, number: MOVING + f"x = {number}\n" if number < 3 else HOPING)
    one = Synthesizer(
        batches,
        Runner(),
        SynthesisConfig(),
        random.Random(0),
        lambda judged, arm: told.append(("answer", None if arm is None else arm.kind)),
        lambda arm: told.append(("pull", arm.kind)),
    )
    assert one.synthesize(DATA, INITIAL, None) is not None
    pulls = [kind for what, kind in told if what == "pull"]
    assert pulls == [request.kind for call in batches.calls for request in call]
    assert told == [event for kind in pulls for event in (("pull", kind), ("answer", kind))]


def test_requests_in_flight_count_against_the_budget() -> None:
    batches = Batches(lambda request, number: STILL + f"x = {number}\n")
    judged_by(batches, in_flight=4, max_proposals=6)
    assert [len(call) for call in batches.calls] == [4, 2]


@pytest.mark.parametrize("in_flight", [1, 3])
def test_a_seed_decides_a_synthesis_with_requests_in_flight(in_flight: int) -> None:
    def run() -> list[tuple[ArmKind, str]]:
        texts = [STILL, MOVING, MOVING.replace("+= 1", "+= 2"), STILL.replace("0.0", "0.5")]
        batches = Batches(lambda request, number: texts[number % 4] + f"x = {number}\n")
        judged_by(batches, in_flight=in_flight, max_proposals=12)
        asked = [request for call in batches.calls for request in call]
        return [(one.kind, "" if one.parent is None else one.parent.text) for one in asked]

    first = run()
    assert first == run()
    assert len({kind for kind, _ in first}) > 1


def test_each_respect_in_which_a_program_fails_is_asked_about_by_itself() -> None:
    wrong_twice = STILL.replace("0.0, False", "0.0, True")
    batches = Batches(lambda request, number: wrong_twice + f"x = {number}\n" if request.parent else wrong_twice)
    judged_by(batches, max_proposals=3, strategy=StrategyName.FIXED_WIDTH, width=1)
    requests = [request for call in batches.calls for request in call if request.parent is not None]
    assert {request.kind for request in requests} == {ArmKind.REFINE_TRANSITION, ArmKind.REFINE_REWARD}
    for request in requests:
        assert request.verdict is not None
        assert [one.transition for one in request.verdict.counterexamples] == DATA
        assert request.unplannable == ()


def test_a_program_without_a_plan_is_asked_about_with_the_states_that_have_none() -> None:
    batches = Batches(lambda request, number: MOVING + f"x = {number}\n")
    judged_by(batches, max_proposals=6)
    requests = [request for call in batches.calls for request in call if request.parent is not None]
    assert {request.kind for request in requests} == {ArmKind.REFINE_TO_PLAN}
    assert {request.unplannable for request in requests} == {tuple(INITIAL)}


def test_what_predicts_the_same_wrong_things_is_dropped_and_never_refined() -> None:
    # Written in many ways, all of them stand still; only the first may be refined.
    batches = Batches(lambda request, number: STILL + f"number = {number}\n")
    judged, seen = judged_by(batches, max_proposals=30)
    assert [one.candidate.text for one in seen] == [STILL + "number = 0\n"]
    assert judged is seen[0]
    parents = {request.parent for call in batches.calls for request in call} - {None}
    assert parents == {seen[0].candidate}
    assert batches.asked < 30  # it gives up


def test_what_differs_in_comments_only_is_not_even_run() -> None:
    class Counting(Runner):
        opened = 0

        def running(self, program: Program) -> RunningModel:
            self.opened += 1
            return super().running(program)

    runner = Counting()
    batches = Batches(lambda request, number: STILL + f"# {number}\n")
    Synthesizer(batches, runner, SynthesisConfig(), random.Random(0)).synthesize(DATA, INITIAL, None)
    assert batches.asked > 1
    assert runner.opened == 1


def test_a_perfect_transition_is_joined_with_a_perfect_reward() -> None:
    wrong_reward = HOPING.replace("0.0, False", "3.0, False")
    right_reward = STILL + "# right about rewards\n"
    answers = [wrong_reward, right_reward]
    batches = Batches(lambda request, number: answers[number])

    class Hopeful(Runner):
        def find_plan(self, program: Program, state: State, mission: str) -> PlanVerdict:
            return PlanVerdict(state, mission, ("east",), SearchStatus.SOLVED)

    seen: list[Judged] = []
    one = Synthesizer(batches, Hopeful(), SynthesisConfig(), random.Random(0), lambda one, arm: seen.append(one))
    judged = one.synthesize(DATA, INITIAL, None)
    assert judged is not None
    assert judged.evaluation.holds
    assert batches.asked == 2
    assert judged.candidate.proposer == "joined"
    assert judged.candidate.parent is seen[0].candidate
    assert [each.candidate.index for each in seen] == [1, 2, 3]


def test_a_perfect_transition_gets_for_each_mission_a_reward_that_is_right_there() -> None:
    data = [*DATA, Transition("w", "stop", START, "east", END, 1.0, True)]
    wrong = HOPING.replace("0.0, False", "3.0, False")
    right_about_one = STILL.replace("    return 0.0, False", "    return NOTHING, bool(NOTHING)\nNOTHING = 0.0")
    right_about_the_other = STILL.replace("0.0, False", "1.0, True") + "# moves nothing\n"
    answers = [right_about_one, wrong, right_about_the_other]
    batches = Batches(lambda request, number: answers[number])
    seen: list[Judged] = []
    one = Synthesizer(batches, Runner(), SynthesisConfig(), random.Random(0), lambda one, arm: seen.append(one))
    judged = one.synthesize(data, [(START, "go"), (START, "stop")], None)
    assert judged is not None
    assert judged.evaluation.holds
    assert batches.asked == 3
    assert judged.candidate.proposer == "joined"
    assert [each.candidate.index for each in seen] == [1, 2, 3, 4]
    assert seen[0].evaluation.data.misjudged_missions == ("stop",)


def test_programs_are_checked_on_the_data_at_the_same_time() -> None:
    together = threading.Barrier(3, timeout=20)

    class Waiting(Runner):
        def running(self, program: Program) -> RunningModel:
            model = super().running(program)
            steps = model.step_many

            def step_many(requests: Iterable[Recorded]) -> list[StepOutcome]:
                together.wait()  # passes only where three are under way
                return steps(requests)

            model.step_many = step_many  # type: ignore[method-assign]
            return model

    answers = [STILL, MOVING.replace("+= 1", "+= 2"), MOVING.replace("+= 1", "+= 3")]
    batches = Batches(lambda request, number: answers[number])
    one = Synthesizer(batches, Waiting(), SynthesisConfig(in_flight=3, max_proposals=3), random.Random(0))
    assert one.synthesize(DATA, INITIAL, None) is not None
    assert not together.broken
