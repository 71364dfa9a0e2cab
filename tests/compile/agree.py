"""Compiled against reference: one step, given next states, random walks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random

import numpy as np

from wc_engine.compile import CompiledProblem
from wc_engine.compile.compiled import StepStatus, specialise
from wc_engine.errors import EncodingError
from wc_engine.models.base import StepOutcome
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state import State

__all__ = ["Comparison"]

_SPARE_ROWS = 4


class Comparison:
    """A program compiled, beside its reference; counts what it compared.

    Args:
        program: the program or its text; it runs in this process, so it must be trusted.
        states: states to compile for.
        actions: all actions.
        mission: whose reward function to use.

    Attributes:
        compared: steps in which native code had an answer, which was the reference's.
        elsewhere: steps that ended out of range, fuel or scratch, and are answered elsewhere.
        not_encoded: steps from states that the compiled model has no place for.

    Raises:
        UnsupportedConstructError: the program is not translated.
    """

    def __init__(
        self, program: Program | str, states: Iterable[State], actions: Sequence[str], mission: str | None = None
    ) -> None:
        self.program = Program.from_text(program) if isinstance(program, str) else program
        self.model = specialise(self.program, states, actions, mission)
        self.reference = ReferenceInterpreter(self.program)
        self.compared = self.elsewhere = self.not_encoded = 0
        self._problems: dict[object, CompiledProblem] = {}

    def problem(self, state: State) -> CompiledProblem:
        """Return the model bound to the unchanging part of ``state``, with room for a few entities more.

        Raises:
            EncodingError: the state does not fit.
        """
        numbers = Counter(entity.type for entity in state)
        model = self.model if self.model.schema.has_counts(numbers) else self.model.variant_for(state)
        dynamic = model.dynamic_types
        rows = {name: len(state.of_type(name)) + _SPARE_ROWS for name in dynamic}
        key = (id(model), tuple(entity for entity in state if entity.type not in dynamic), tuple(sorted(rows.items())))
        if key not in self._problems:
            self._problems[key] = CompiledProblem(model, state, rows)
        return self._problems[key]

    def step(self, state: State, action: str) -> StepOutcome:
        """Compare one step and return the reference's outcome."""
        outcome = self.reference.step(state, action, mission=self.model.mission)
        try:
            problem = self.problem(state)
            words = problem.encode(state)
        except EncodingError:
            self.not_encoded += 1
            return outcome
        before = words.copy()
        status, following, reward, done = problem.step_words(words, self.model.actions.index(action))
        place = f"{action!r} in {state}"
        assert np.array_equal(words, before), f"the step wrote to its argument: {place}"
        self._variant_step(state, action, outcome)
        if self._is_elsewhere(status, place):
            return outcome
        answer = f"status {status}, {problem.decode(following) if status == StepStatus.OK else None}, {reward}, {done}"
        told = f"{place}:\ncompiled  {answer}\nreference {outcome}"
        assert (status == StepStatus.FAILED) == outcome.failed, told
        if status == StepStatus.OK:
            assert outcome.next_state is not None
            assert outcome.reward is not None
            assert problem.decode(following) == outcome.next_state, told
            assert np.array_equal(problem.encode(outcome.next_state), following), told
            assert _same_number(reward, outcome.reward), told
            assert done == outcome.done, told
        return outcome

    def _variant_step(self, state: State, action: str, outcome: StepOutcome) -> None:
        """Compare the step of the variant for as many entities, which may have no answer where their number changes."""
        if self.model.variant_for(state) is self.model:
            return
        problem = self.model.bind(state)
        status, following, reward, done = problem.step_words(problem.encode(state), self.model.actions.index(action))
        if status in (StepStatus.OK, StepStatus.FAILED):
            told = f"{action!r} in {state}: the variant's status is {status}, reference {outcome}"
            assert (status == StepStatus.FAILED) == outcome.failed, told
        if status == StepStatus.OK:
            assert outcome.reward is not None
            assert (problem.decode(following), done) == (outcome.next_state, outcome.done), told
            assert _same_number(reward, outcome.reward), told

    def reward(self, state: State, action: str, next_state: State) -> None:
        """Compare the reward function on a given next state."""
        try:
            problem = self.problem(state)
            words, following = problem.encode(state), problem.encode(next_state)
        except EncodingError:
            self.not_encoded += 1
            return
        status, reward, done = problem.reward_words(words, self.model.actions.index(action), following)
        place = f"reward of {action!r} in {state}, then {next_state}"
        if self._is_elsewhere(status, place):
            return
        outcome = self.reference.step(state, action, mission=self.model.mission, next_state=next_state)
        told = f"{place}:\ncompiled  status {status}, {reward}, {done}\nreference {outcome}"
        assert (status == StepStatus.FAILED) == (outcome.reward_error is not None), told
        if status == StepStatus.OK:
            assert outcome.reward is not None
            assert _same_number(reward, outcome.reward), told
            assert done == outcome.done, told

    def all_actions(self, states: Iterable[State]) -> None:
        """Compare every action in each of the states."""
        for state in states:
            for action in self.model.actions:
                self.step(state, action)

    def walk(self, state: State, steps: int, random: Random) -> None:
        """Compare along a walk of random actions through predicted states, until one fails or is done."""
        for _ in range(steps):
            outcome = self.step(state, random.choice(self.model.actions))
            if outcome.failed or outcome.done or outcome.next_state is None:
                return
            state = outcome.next_state

    def expect_native(self, *, max_elsewhere: float = 0.0) -> None:
        """Assert that native code answered, all but that share of the steps."""
        total = self.compared + self.elsewhere + self.not_encoded
        left = self.elsewhere + self.not_encoded
        assert self.compared > 0
        assert left <= max_elsewhere * total, f"{left} of {total} steps were answered elsewhere"

    def _is_elsewhere(self, status: int, place: str) -> bool:
        known = (StepStatus.OK, StepStatus.FAILED)
        unanswered = (StepStatus.OUT_OF_RANGE, StepStatus.OUT_OF_FUEL, StepStatus.OUT_OF_SCRATCH)
        assert status in (*known, *unanswered), f"status {status}: {place}"
        self.compared += status in known
        self.elsewhere += status in unanswered
        return status in unanswered


def _same_number(first: float, second: float) -> bool:
    return first == second or (math.isnan(first) and math.isnan(second))
