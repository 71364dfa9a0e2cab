"""Compiled against reference, step by step: next state, reward, done, and whether the step fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from wc_engine.compile import BoxedModel, NativeModel, NativeProblem
from wc_engine.compile.compiled import StepStatus
from wc_engine.errors import EncodingError
from wc_engine.models.base import StepOutcome
from wc_engine.models.problem import U64Array
from wc_engine.state.entities import Entity, State

__all__ = ["Agreement", "BoundPrograms", "PackedStep", "compare_reward", "compare_step"]


class Agreement(Enum):
    """What comparing one step gave."""

    SAME = "both give the same, or both fail"
    DIFFERENT = "they differ"
    NOT_NATIVE = "native code had no answer, so the reference's is taken"


@dataclass(frozen=True, slots=True)
class PackedStep:
    """A state and an action as native code sees them.

    Attributes:
        problem: the problem that the state belongs to.
        words: the state. Shape ``[W]``, uint64.
        action: the action's index.
    """

    problem: NativeProblem
    words: U64Array
    action: int


class BoundPrograms:
    """A program compiled for each mission that has a reward function of its own, bound to the static parts it meets.

    Args:
        models: a compiled model for each mission, or one for None that serves all.
        states: the states that it will mostly be asked about; problems get room for the largest of them.
    """

    def __init__(self, models: Mapping[str | None, NativeModel], states: Iterable[State]) -> None:
        self.models = dict(models)
        self._room: dict[str, int] = {}
        dynamic = frozenset().union(*(model.dynamic_types for model in self.models.values()))
        for state in states:
            for name in dynamic:
                self._room[name] = max(self._room.get(name, 0), len(state.of_type(name)))
        self._problems: dict[tuple[object, ...], NativeProblem] = {}

    @property
    def compile_seconds(self) -> float:
        """How long translation and compilation took, over all missions."""
        return sum(model.compile_seconds for model in self.models.values())

    def pack(self, state: State, action: str, mission: str) -> PackedStep | None:
        """Return a step as native code sees it, or None where it has no place for the state."""
        model = self.models[mission if mission in self.models else None]
        try:
            problem = self._problem(model, state)
            return PackedStep(problem, problem.encode(state), model.actions.index(action))
        except EncodingError:
            return None

    def _problem(self, model: NativeModel, state: State) -> NativeProblem:
        if isinstance(model, BoxedModel):
            return model.problem_for(state)
        model = model.variant_for(state)
        rows = {name: max(self._room.get(name, 0), len(state.of_type(name))) for name in model.dynamic_types}
        statics: tuple[Entity, ...] = tuple(entity for entity in state if entity.type not in model.dynamic_types)
        key = (id(model), statics, tuple(sorted(rows.items())))
        problem = self._problems.get(key)
        if problem is None:
            problem = self._problems[key] = model.bind(state, rows=rows)
        return problem


def compare_step(step: PackedStep | None, reference: StepOutcome) -> Agreement:
    """Compare a compiled step with the reference's, whose reward is the one for the predicted next state."""
    if step is None or reference.out_of_limits:
        return Agreement.NOT_NATIVE
    status, words, reward, done = step.problem.step_words(step.words, step.action)
    if status not in (StepStatus.OK, StepStatus.FAILED):
        return Agreement.NOT_NATIVE
    if status == StepStatus.FAILED or reference.failed:
        return _agreement(reference.failed and status == StepStatus.FAILED)
    same_state = step.problem.decode(words) == reference.next_state
    return _agreement(same_state and _same_reward(reward, done, reference))


def compare_reward(step: PackedStep | None, next_state: State, reference: StepOutcome) -> Agreement | None:
    """Compare the compiled reward function on a given next state with the reference's.

    None where the next state has no place in the problem, as when it differs in what the program never changes: no step
    of native code leads there, so it is not asked.
    """
    if step is None or reference.out_of_limits:
        return Agreement.NOT_NATIVE
    try:
        following = step.problem.encode(next_state)
    except EncodingError:
        return None
    status, reward, done = step.problem.reward_words(step.words, step.action, following)
    if status not in (StepStatus.OK, StepStatus.FAILED):
        return Agreement.NOT_NATIVE
    if status == StepStatus.FAILED or reference.reward_error is not None:
        return _agreement(reference.reward_error is not None and status == StepStatus.FAILED)
    return _agreement(_same_reward(reward, done, reference))


def _same_reward(reward: float, done: bool, reference: StepOutcome) -> bool:
    expected = reference.reward
    if expected is None:
        return False
    return (reward == expected or (reward != reward and expected != expected)) and done == reference.done


def _agreement(same: bool) -> Agreement:
    return Agreement.SAME if same else Agreement.DIFFERENT
