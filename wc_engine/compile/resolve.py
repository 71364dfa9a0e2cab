"""Steps that do not fit the layout: find a wider one in which they do, or other native code that has an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.errors import EncodingError, TranslationError
from wc_engine.models.open import open_model

if TYPE_CHECKING:
    from wc_engine.compile.boxed.problem import BoxedProblem
    from wc_engine.compile.compiled import CompiledModel, CompiledProblem
    from wc_engine.models.problem import U64Array
    from wc_engine.state.entities import State

__all__ = ["resolve"]

_INTERNAL, _OK, _FAILED, _OUT_OF_RANGE = range(4)
_SPARE_ROWS = 2


def resolve(
    problem: CompiledProblem, words: U64Array, action: int, status: int
) -> CompiledProblem | BoxedProblem | None:
    """Return a problem in which a step has an answer, or None where there is none.

    Tried in turn, where a value is out of range: code that assumes nothing of what the program leaves as it was; the
    same values with any number of entities; a schema that the true next state fits, which the program itself tells, run
    in the sandbox. Then the boxed tier, which knows no ranges.

    Args:
        problem: the problem.
        words: the state, packed for ``problem``.
        action: the action's index.
        status: how the step ended.
    """
    if status == _INTERNAL:
        return None
    state = problem.decode(words)
    for model, rows in _wider_models(problem, state, action) if status == _OUT_OF_RANGE else ():
        try:
            wider = model.bind(problem.initial_state, rows=rows)
            again = wider.step_words(wider.encode(state), action)[0]
        except EncodingError:
            continue
        if again != _OUT_OF_RANGE:
            return wider
    return _boxed(problem, state, action)


def _boxed(problem: CompiledProblem, state: State, action: int) -> BoxedProblem | None:
    model = problem.model
    try:
        boxed = compile_boxed(model.program, [problem.initial_state, state], model.actions, model.mission)
        bound = boxed.bind(problem.initial_state, others=[state])
        status = bound.step_words(bound.encode(state), action)[0]
    except (TranslationError, EncodingError):
        return None
    return bound if status in (_OK, _FAILED) else None


def _wider_models(
    problem: CompiledProblem, state: State, action: int
) -> Iterator[tuple[CompiledModel, dict[str, int]]]:
    model = problem.model
    rows = {name: number + _SPARE_ROWS for name, number in _counts(problem.initial_state, state).items()}
    try:
        if model.generated.assumed:
            model = model.with_schema(model.schema, assumptions=model.assumptions.without())
            yield model, rows
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
