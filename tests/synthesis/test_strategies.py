"""Which arm is pulled: REx by its formula, and the baselines by their rules."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from wc_engine.models.base import StepOutcome
from wc_engine.models.dataset import Transition
from wc_engine.models.program import Program
from wc_engine.planners.result import SearchStatus
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis import ArmKind, Candidate, DataVerdict, Evaluation, Judged, OptimismVerdict, PlanVerdict
from wc_engine.synthesis.strategies import Arm, BreadthFirst, FixedWidth, Greedy, Rex, Strategy, arms_of
from wc_engine.synthesis.synthesizer import SynthesisConfig

TEXT = "def transition(state, action): return state\ndef reward_func(state, action, next_state): return 0, False\n"
HERE, THERE = State([Entity("Me", x=1)]), State([Entity("Me", x=2)])
STEP = Transition("w", "go", HERE, "east", THERE, 0.0, False)


def judged(index: int = 1, *predicted: StepOutcome, planned: bool = True) -> Judged:
    """Return a candidate that predicts these outcomes for as many steps."""
    data = DataVerdict.of([STEP] * len(predicted), predicted)
    plan = PlanVerdict(
        HERE, "go", ("east",) if planned else None, SearchStatus.SOLVED if planned else SearchStatus.TIME
    )
    optimism = OptimismVerdict((plan,)) if data.holds else None
    return Judged(Candidate(Program.from_text(TEXT), index, "test"), Evaluation(data, optimism, 1))


def outcome(state: State | None = THERE, reward: float = 0.0, done: bool = False) -> StepOutcome:
    return StepOutcome(next_state=state, reward=reward, done=done)


def arm(heuristic: float, kind: ArmKind = ArmKind.REFINE_TRANSITION) -> Arm:
    return Arm(kind, judged(), heuristic)


def pulls(strategy: Strategy, arms: list[Arm], count: int) -> list[int]:
    """Pull some arms, none of which succeeds; return their places."""
    places = []
    for _ in range(count):
        pulled = strategy.select(arms)
        pulled.calls += 1
        pulled.failures += 1
        places.append(arms.index(pulled))
    return places


def test_belief_is_beta_of_h_and_of_failed_refinements() -> None:
    one = arm(0.75)
    one.failures = 3
    assert Rex(20.0, random.Random(0)).belief(one) == (1.0 + 20.0 * 0.75, 1.0 + 20.0 * 0.25 + 3)


def test_a_program_from_nothing_is_believed_beta_one_one_until_it_fails() -> None:
    fresh, rex = Arm(), Rex(20.0, random.Random(0))
    assert rex.belief(fresh) == (1.0, 1.0)
    fresh.failures = 2
    assert rex.belief(fresh) == (1.0, 3.0)


def test_good_programs_are_selected_more_often_until_their_refinements_fail() -> None:
    rex = Rex(20.0, random.Random(0))
    arms = [Arm(), arm(0.9), arm(0.2)]
    chosen = Counter(arms.index(rex.select(arms)) for _ in range(200))
    assert chosen[1] > 150
    arms[1].failures = 200
    chosen = Counter(arms.index(rex.select(arms)) for _ in range(200))
    assert chosen[1] < chosen[2]


def test_the_same_seed_selects_the_same_arms() -> None:
    def selections() -> list[int]:
        return pulls(Rex(5.0, random.Random(7)), [Arm(), *(arm(index / 5) for index in range(5))], 50)

    assert selections() == selections()
    assert len(set(selections())) > 2


def test_greedy_always_refines_the_best_program_however_often_that_failed() -> None:
    arms = [Arm(), arm(0.5), arm(0.9), arm(0.2)]
    assert set(pulls(Greedy(random.Random(0)), arms, 30)) == {2}
    twins = [Arm(), arm(0.5), arm(0.5)]
    assert set(pulls(Greedy(random.Random(0)), twins, 30)) == {1, 2}
    assert pulls(Greedy(random.Random(0)), [Arm()], 2) == [0, 0]


def test_breadth_first_pulls_each_arm_as_often_as_the_others_in_order_of_arrival() -> None:
    assert pulls(BreadthFirst(2), [Arm(), arm(0.1), arm(0.9)], 8) == [0, 0, 1, 1, 2, 2, 0, 0]


def test_fixed_width_refines_each_program_once_after_so_many_from_nothing() -> None:
    assert pulls(FixedWidth(3), [Arm(), arm(0.1), arm(0.9)], 7) == [0, 0, 0, 1, 2, 0, 0]


@pytest.mark.parametrize(
    ("one", "kinds"),
    [
        (judged(1, outcome(HERE)), {ArmKind.REFINE_TRANSITION}),
        (judged(1, outcome(reward=1.0)), {ArmKind.REFINE_REWARD}),
        (judged(1, outcome(done=True), outcome(None)), {ArmKind.REFINE_TRANSITION, ArmKind.REFINE_REWARD}),
        (judged(1, outcome(), planned=False), {ArmKind.REFINE_TO_PLAN}),
    ],
    ids=["state", "reward", "both", "plan"],
)
def test_a_program_has_an_arm_for_each_respect_in_which_it_fails(one: Judged, kinds: set[ArmKind]) -> None:
    arms = arms_of(one, 0.4)
    assert {each.kind for each in arms} == kinds
    assert all(each.judged is one and each.heuristic == 0.4 for each in arms)


def test_h_counts_transitions_as_a_whole_or_by_thirds() -> None:
    # One right, one with a wrong state, one with a wrong done and reward, none with a plan; one initial state.
    evaluation = judged(1, outcome(), outcome(HERE), outcome(reward=1.0, done=True)).evaluation
    assert evaluation.heuristic == pytest.approx(1 / 4)
    assert evaluation.heuristic_by(partial_credit=False) == evaluation.heuristic
    assert evaluation.heuristic_by(partial_credit=True) == pytest.approx((1 + 2 / 3 + 1 / 3) / 4)
    assert judged(1, outcome(), outcome()).evaluation.heuristic == 1.0
    assert judged(1, outcome(), outcome(), planned=False).evaluation.heuristic_by(partial_credit=True) == 2 / 3


def test_impossible_values_are_refused() -> None:
    with pytest.raises(ValueError, match="C must not be negative"):
        Rex(-1.0, random.Random(0))
    with pytest.raises(ValueError, match="branching must be at least 1"):
        BreadthFirst(0)
    with pytest.raises(ValueError, match="width must be at least 1"):
        FixedWidth(0)
    for name in ("max_proposals", "branching", "width", "in_flight"):
        with pytest.raises(ValueError, match=f"{name} must be at least 1"):
            SynthesisConfig(**{name: 0})
