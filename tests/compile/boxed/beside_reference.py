"""Whole programs on the boxed tier beside the reference, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.compile.boxed.problem import BoxedProblem
from wc_engine.compile.compiled import StepStatus
from wc_engine.models.base import StepOutcome
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state import State

__all__ = ["Beside"]


class Beside:
    """A program natively and interpreted.

    Args:
        text: the program; it runs in this process.
        states: examples of states.
        actions: all actions.
        mission: whose reward function to use.

    Attributes:
        elsewhere: steps that native code has no answer to.
    """

    def __init__(
        self, text: str, states: Iterable[State], actions: Sequence[str] = ("go",), mission: str | None = None
    ) -> None:
        program = Program.from_text(text)
        self.mission = mission
        self.elsewhere = 0
        self.actions = tuple(actions)
        self.reference = ReferenceInterpreter(program)
        self.model = compile_boxed(program, states, actions, mission)

    def step(self, state: State, action: str | None = None) -> StepOutcome:
        """Compare one step; return the reference's outcome."""
        action = self.actions[0] if action is None else action
        expected = self.reference.step(state, action, mission=self.mission)
        problem = self.model.problem_for(state)
        words = problem.encode(state)
        assert problem.decode(words) == state
        status, following, reward, done = problem.step_words(words, self.actions.index(action))
        if status == StepStatus.OUT_OF_RANGE:
            wider = problem.resolve(words, self.actions.index(action), status)
            if wider is None:
                self.elsewhere += 1
                return expected
            assert isinstance(wider, BoxedProblem)
            problem, words = wider, wider.encode(state)
            status, following, reward, done = problem.step_words(words, self.actions.index(action))
        where = f"{action} in {state}"
        if expected.failed:
            assert status == StepStatus.FAILED, f"{where}: {expected.transition_error or expected.reward_error}"
        else:
            assert status == StepStatus.OK, f"{where}: status {status}, {expected}"
            assert problem.decode(following) == expected.next_state, where
            assert expected.next_state is not None
            # Equal states have equal words.
            assert problem.encode(expected.next_state).tolist() == following.tolist(), where
            assert (repr(reward), done) == (repr(expected.reward), expected.done), where
        return expected

    def steps(self, *states: State) -> list[StepOutcome]:
        """Compare all actions in some states, and in what these lead to."""
        found = []
        for state in states:
            for action in self.actions:
                outcome = self.step(state, action)
                found.append(outcome)
                if outcome.next_state is not None and not outcome.failed:
                    found.append(self.step(outcome.next_state, action))
        return found
