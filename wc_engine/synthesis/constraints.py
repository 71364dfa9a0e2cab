"""phi_1 and phi_2 as objects that explain themselves.

phi_1    the program reproduces every recorded transition: T(s, a) = s' and R(c)(s, a, s') = (r, d)
phi_2    for each initial state and mission met so far the program has a plan that ends with done and reward > 0
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from wc_engine.models.base import REWARD_TOLERANCE, StepOutcome
from wc_engine.models.dataset import Transition
from wc_engine.planners.result import SearchStatus
from wc_engine.state.entities import State

__all__ = ["REWARD_TOLERANCE", "Counterexample", "DataVerdict", "OptimismVerdict", "PlanVerdict", "compare"]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A transition that a program gets wrong.

    Attributes:
        transition: what happened.
        predicted: what the program says.
        wrong_state: the next state differs, or ``transition`` failed.
        wrong_reward: reward or done differ, or ``reward_func`` failed.
    """

    transition: Transition
    predicted: StepOutcome
    wrong_state: bool
    wrong_reward: bool

    @property
    def credit(self) -> float:
        """The share of state, reward and done that is right all the same: 0, 1/3 or 2/3."""
        reward, done = self.predicted.reward, self.predicted.done
        right_reward = reward is not None and abs(reward - self.transition.reward) <= REWARD_TOLERANCE
        return ((not self.wrong_state) + right_reward + (done == self.transition.done)) / 3

    def explain(self) -> str:
        """Return what differs, entity by entity."""
        lines = [f"action {self.transition.action!r}:"]
        if self.predicted.transition_error is not None:
            lines.append(f"  transition failed: {self.predicted.transition_error}")
        elif self.wrong_state and self.predicted.next_state is not None:
            predicted, observed = Counter(self.predicted.next_state), Counter(self.transition.next_state)
            lines += [f"  predicted, but not there: {entity!r}" for entity in sorted((predicted - observed).elements())]
            lines += [f"  there, but not predicted: {entity!r}" for entity in sorted((observed - predicted).elements())]
        if self.predicted.reward_error is not None:
            lines.append(f"  reward_func failed: {self.predicted.reward_error}")
        elif self.wrong_reward:
            lines.append(
                f"  reward and done: predicted ({self.predicted.reward!r}, {self.predicted.done!r}), "
                f"observed ({self.transition.reward!r}, {self.transition.done!r})"
            )
        return "\n".join(lines)


def compare(transition: Transition, predicted: StepOutcome) -> Counterexample | None:
    """Return how a prediction departs from a transition, or None where it does not.

    The reward of ``predicted`` is the one given for the *recorded* next state, so that the two functions of a program
    are judged apart.
    """
    wrong_state = predicted.next_state is None or predicted.next_state != transition.next_state
    wrong_reward = (
        predicted.reward is None
        or not abs(predicted.reward - transition.reward) <= REWARD_TOLERANCE
        or predicted.done != transition.done
    )
    if not wrong_state and not wrong_reward:
        return None
    return Counterexample(transition, predicted, wrong_state, wrong_reward)


@dataclass(frozen=True, slots=True)
class DataVerdict:
    """phi_1 of one program.

    Attributes:
        checked: transitions checked.
        counterexamples: those that the program gets wrong, oldest first.
    """

    checked: int
    counterexamples: tuple[Counterexample, ...]

    @classmethod
    def of(cls, transitions: Iterable[Transition], outcomes: Iterable[StepOutcome]) -> DataVerdict:
        """Compare predictions with transitions, pairwise."""
        found = [compare(transition, outcome) for transition, outcome in zip(transitions, outcomes, strict=True)]
        return cls(len(found), tuple(one for one in found if one is not None))

    def joined(self, later: DataVerdict) -> DataVerdict:
        """Return the verdict on the transitions of this one and of a later one."""
        return DataVerdict(self.checked + later.checked, self.counterexamples + later.counterexamples)

    @property
    def holds(self) -> bool:
        """Whether phi_1 holds."""
        return not self.counterexamples

    @property
    def transition_holds(self) -> bool:
        """Whether every next state is right."""
        return not any(one.wrong_state for one in self.counterexamples)

    @property
    def reward_holds(self) -> bool:
        """Whether every reward and done is right."""
        return not any(one.wrong_reward for one in self.counterexamples)

    @property
    def misjudged_missions(self) -> tuple[str, ...]:
        """The missions of which some reward or done is wrong, in order."""
        return tuple(dict.fromkeys(one.transition.mission for one in self.counterexamples if one.wrong_reward))

    @property
    def behaviour(self) -> frozenset[tuple[Transition, State | None, float | None, bool | None]]:
        """What the program does with the data: equal for programs that predict the same, right or wrong."""
        predictions = ((one.transition, one.predicted) for one in self.counterexamples)
        return frozenset((seen, given.next_state, given.reward, given.done) for seen, given in predictions)

    @property
    def explained(self) -> int:
        """Transitions that the program reproduces."""
        return self.checked - len(self.counterexamples)

    def explain(self) -> str:
        """Return the verdict in words, with the first counterexample."""
        if self.holds:
            return f"phi_1 holds: all {self.checked} transitions are reproduced"
        head = f"phi_1 fails: {self.explained} of {self.checked} transitions are reproduced; the first that is not:"
        return f"{head}\n{self.counterexamples[0].explain()}"


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """phi_2 of one program for one initial state and mission.

    Attributes:
        plan: actions that end with done and reward > 0 in the program, or None.
        status: how the search for it ended; ``EXHAUSTED`` proves that there is none.
    """

    state: State = field(repr=False)
    mission: str
    plan: tuple[str, ...] | None
    status: SearchStatus

    @property
    def holds(self) -> bool:
        """Whether there is a plan."""
        return self.plan is not None

    def explain(self) -> str:
        """Return the verdict in words."""
        if self.plan is not None:
            return f"mission {self.mission!r}: a plan of {len(self.plan)} actions"
        if self.status is SearchStatus.EXHAUSTED:
            return f"mission {self.mission!r}: no plan exists in the program (the search was exhaustive)"
        return f"mission {self.mission!r}: no plan was found (the search ended by {self.status})"


@dataclass(frozen=True, slots=True)
class OptimismVerdict:
    """phi_2 of one program for all initial states and missions met so far."""

    plans: tuple[PlanVerdict, ...]

    @property
    def holds(self) -> bool:
        """Whether phi_2 holds."""
        return all(one.holds for one in self.plans)

    @property
    def planned(self) -> int:
        """How many initial states and missions have a plan."""
        return sum(one.holds for one in self.plans)

    @property
    def unplannable(self) -> tuple[tuple[State, str], ...]:
        """The initial states and missions that have none."""
        return tuple((one.state, one.mission) for one in self.plans if not one.holds)

    def explain(self) -> str:
        """Return the verdict in words."""
        if self.holds:
            return f"phi_2 holds: all {len(self.plans)} initial states have a plan"
        lines = [f"phi_2 fails: {self.planned} of {len(self.plans)} initial states have a plan"]
        return "\n".join(lines + [f"  {one.explain()}" for one in self.plans if not one.holds])
