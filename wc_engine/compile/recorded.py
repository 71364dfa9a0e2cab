"""phi_1 in native code: recorded transitions against a compiled model, hundreds of thousands a second.

Native code answers for itself. What it has no answer to (a state that it has no place for, a value out of range), and
steps of which only the program can say which of its two functions failed, are *undecided*: ask the reference.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wc_engine.compile.compiled import StepStatus
from wc_engine.compile.rows import pack_states
from wc_engine.compile.tiers import NativeModel
from wc_engine.models.base import REWARD_TOLERANCE
from wc_engine.models.batch import BatchResult, BatchStepper
from wc_engine.models.dataset import Transition

__all__ = ["RecordedCheck", "RecordedSteps", "check_recorded"]

_Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RecordedCheck:
    """What native code says of recorded transitions; everything is an ascending array of their indices, int64.

    Attributes:
        wrong_states: the model's next state is not the recorded one, or its ``transition`` fails.
        wrong_rewards: its reward or done for the recorded next state are not those recorded, or ``reward_func`` fails.
        undecided: transitions about which native code cannot say all, whatever it said in the other two.
    """

    wrong_states: _Indices
    wrong_rewards: _Indices
    undecided: _Indices

    @property
    def holds(self) -> bool:
        """Whether the model reproduces every transition, and native code could say so of each."""
        return not (len(self.wrong_states) or len(self.wrong_rewards) or len(self.undecided))


class RecordedSteps:
    """Transitions packed for one compiled model: made once, checked as often as wanted.

    Args:
        model: the model.
        transitions: the transitions.
        missions: the missions whose transitions the model's rewards are compared with; None for all.
    """

    def __init__(
        self, model: NativeModel, transitions: Sequence[Transition], missions: Collection[str] | None = None
    ) -> None:
        self._count = len(transitions)
        action_index = {action: index for index, action in enumerate(model.actions)}
        actions = np.array([action_index.get(one.action, -1) for one in transitions], dtype=np.int32)
        rows = pack_states(model, [one.state for one in transitions] + [one.next_state for one in transitions])
        before, after = rows.which[: self._count], rows.which[self._count :]
        self._places = np.flatnonzero((before >= 0) & (actions >= 0))
        self._problems = rows.problems
        self._which = before[self._places]
        self._states = rows.words[: self._count][self._places]
        self._following = rows.words[self._count :][self._places]
        self._has_following = (after == before)[self._places]
        self._actions = actions[self._places]
        self._rewards = np.array([one.reward for one in transitions], dtype=np.float64)[self._places]
        self._dones = np.array([one.done for one in transitions], dtype=bool)[self._places]
        scored = [missions is None or one.mission in missions for one in transitions]
        self._is_scored = np.array(scored, dtype=bool)[self._places]

    def check(self, threads: int | None = None) -> RecordedCheck:
        """Step every transition and compare.

        Args:
            threads: how many threads to use at most; None for the cores that this process may use.
        """
        if not len(self._places):
            nothing = np.zeros(0, dtype=np.int64)
            return RecordedCheck(nothing, nothing, np.arange(self._count))
        stepper = BatchStepper(self._problems, threads)
        stepped = stepper.step(self._states, self._actions, self._which)
        scored = self._scored(stepper, stepped)
        wrong_states, unsure_states = self._compare_states(stepped, scored)
        wrong_rewards, unsure_rewards = self._compare_rewards(scored)
        decided = np.zeros(self._count, dtype=bool)
        decided[self._places] = ~(unsure_states | (unsure_rewards & self._is_scored))
        return RecordedCheck(
            self._places[wrong_states],
            self._places[wrong_rewards & self._is_scored],
            np.flatnonzero(~decided),
        )

    def _scored(self, stepper: BatchStepper, stepped: BatchResult) -> BatchResult:
        """Return the rewards for the recorded next states: where a step led to just that state, they are the step's."""
        others = np.flatnonzero((stepped.statuses != StepStatus.OK) | self._differs(stepped))
        rewards, dones, statuses = stepped.rewards.copy(), stepped.dones.copy(), stepped.statuses.copy()
        if len(others):
            which = self._which[others]
            scored = stepper.reward(self._states[others], self._actions[others], self._following[others], which)
            rewards[others], dones[others], statuses[others] = scored.rewards, scored.dones, scored.statuses
        return BatchResult(self._following, rewards, dones, statuses)

    def _differs(self, stepped: BatchResult) -> NDArray[np.bool_]:
        """Where the next state of a step is not the recorded one."""
        return np.asarray((stepped.next != self._following).any(axis=1) | ~self._has_following)

    def _compare_states(self, stepped: BatchResult, scored: BatchResult) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which next states are wrong, and of which native code cannot say it.

        A step that fails although the recorded next state can be scored is wrong: a transition function that gave just
        that state would have been scored.
        """
        differs = self._differs(stepped)
        succeeded, failed = stepped.statuses == StepStatus.OK, stepped.statuses == StepStatus.FAILED
        can_be_scored = self._has_following & (scored.statuses == StepStatus.OK)
        return (succeeded & differs) | (failed & can_be_scored), ~succeeded & ~(failed & can_be_scored)

    def _compare_rewards(self, scored: BatchResult) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which rewards for the recorded next states are wrong, and of which native code cannot say it."""
        succeeded, failed = scored.statuses == StepStatus.OK, scored.statuses == StepStatus.FAILED
        near = np.abs(scored.rewards - self._rewards) <= REWARD_TOLERANCE
        wrong = self._has_following & (failed | (succeeded & ~(near & (scored.dones == self._dones))))
        return wrong, ~self._has_following | ~(succeeded | failed)


def check_recorded(
    model: NativeModel,
    transitions: Sequence[Transition],
    missions: Collection[str] | None = None,
    threads: int | None = None,
) -> RecordedCheck:
    """Check recorded transitions against a compiled model, in native code; see ``RecordedSteps``."""
    return RecordedSteps(model, transitions, missions).check(threads)
