"""Steps that do not fit the layout: find a wider one in which they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wc_engine.errors import EncodingError, TranslationError
from wc_engine.models.open import open_model

if TYPE_CHECKING:
    from wc_engine.compile.compiled import CompiledModel, CompiledProblem
    from wc_engine.models.problem import U64Array
    from wc_engine.state.entities import State

__all__ = ["resolve"]

_OUT_OF_RANGE = 3
_SPARE_ROWS = 2


def resolve(problem: CompiledProblem, words: U64Array, action: int, status: int) -> CompiledProblem | None:
    """Return a problem in which a step has an answer, or None where a wider layout does not help.

    Tried in turn: the same values with any number of entities; then a schema that the true next state fits, which the
    program itself tells, run in the sandbox.

    Args:
        problem: the problem.
        words: the state, packed for ``problem``.
        action: the action's index.
        status: how the step ended.
    """
    if status != _OUT_OF_RANGE:
        return None
    state = problem.decode(words)
    for model, rows in _wider_models(problem, state, action):
        try:
            wider = model.bind(problem.initial_state, rows=rows)
            again = wider.step_words(wider.encode(state), action)[0]
        except EncodingError:
            continue
        if again != _OUT_OF_RANGE:
            return wider
    return None


def _wider_models(
    problem: CompiledProblem, state: State, action: int
) -> Iterator[tuple[CompiledModel, dict[str, int]]]:
    model = problem.model
    rows = {name: number + _SPARE_ROWS for name, number in _counts(problem.initial_state, state).items()}
    try:
        free = model.with_schema(model.schema.with_free_counts())
        yield free, rows
        running = open_model(model.program)
        try:
            outcome = running.step(state, model.actions[action], mission=model.mission)
        finally:
            running.close()
        if outcome.next_state is not None:
            wider = free.widened([problem.initial_state, state, outcome.next_state])
            yield wider, dict(_counts(problem.initial_state, state, outcome.next_state))
    except (TranslationError, EncodingError):
        return


def _counts(*states: State) -> Counter[str]:
    """The largest number of entities of each type in any of the states."""
    result: Counter[str] = Counter()
    for state in states:
        result |= Counter(entity.type for entity in state)
    return result
