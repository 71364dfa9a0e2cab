"""Translation validation: the two compilers, which share no code, look at each other's work.

Before specialised code is used, it makes a few hundred steps from the examples that the compilation was given, and from
where these lead, beside the boxed tier. One difference is a bug of a compiler, and the boxed tier, which does nothing
clever, takes the program. What was found is kept on disk with the code.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wc_engine.compile.cache import CacheEntry, read_entry, sources_key, write_entry
from wc_engine.compile.doors import STRICT
from wc_engine.errors import EncodingError, InternalError, UnsupportedConstructError

if TYPE_CHECKING:
    from wc_engine.compile.boxed.model import BoxedModel
    from wc_engine.compile.boxed.problem import BoxedProblem
    from wc_engine.compile.compiled import CompiledModel, CompiledProblem
    from wc_engine.state.census import Census
    from wc_engine.state.entities import State

__all__ = ["compilers_agree"]

_STARTS = 24
_WALK_STEPS = 4
_ASKED_ACTIONS = 12
"""About so many of the actions are asked in each of the starts, others in each."""
_OK, _FAILED = 1, 2


def compilers_agree(model: CompiledModel, states: Sequence[State], census: Census) -> bool:
    """Whether the boxed tier makes the same steps as a specialised model; True where it does not take the program.

    Args:
        model: the specialised model.
        states: the examples.
        census: what is in them.

    Raises:
        InternalError: they differ, and ``WC_ENGINE_STRICT`` is set.
    """
    starts = states[:: max(1, len(states) // _STARTS)]
    variants = [variant.schema for variant in model.variants]
    parts = ("agree", sources_key(), model.program.content_hash, model.schema, variants, model.actions, model.mission)
    key = hashlib.sha256(repr((*parts, census.digest())).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    entry = read_entry(key)
    if entry is None:
        entry = CacheEntry({"difference": _difference(model, starts, census)}, b"")
        write_entry(key, entry)
    difference = entry.facts["difference"]
    if difference is not None and os.environ.get(STRICT):
        raise InternalError(f"the compilers differ: {difference}")
    return difference is None


def _difference(model: CompiledModel, starts: Sequence[State], census: Census) -> str | None:
    """Return the first step that the compilers make in different ways, as text; None where there is none."""
    from wc_engine.compile.boxed.model import compile_boxed

    try:
        boxed = compile_boxed(model.program, census, model.actions, model.mission)
    except UnsupportedConstructError:
        return None
    for number, start in enumerate(starts):
        for state, action in _steps(model, start, number):
            if not _same_step(model, boxed, state, action):
                return f"{model.actions[action]!r} in {state!r}"
    return None


def _steps(model: CompiledModel, start: State, number: int) -> Iterator[tuple[State, int]]:
    """Yield steps from a state, all where there are few, then those of a short walk as far as the model goes."""
    num_actions = len(model.actions)
    stride = max(1, num_actions // _ASKED_ACTIONS)
    for action in range(number % stride, num_actions, stride):
        yield start, action
    state = start
    for place in range(_WALK_STEPS):
        action = (7 * number + 3 * place) % num_actions
        try:
            problem = model.bind(state)
            status, words, _, _ = problem.step_words(problem.encode(state), action)
        except EncodingError:
            return
        if status != _OK:
            return
        state = problem.decode(words)
        yield state, (action + 1 + number) % num_actions


def _same_step(model: CompiledModel, boxed: BoxedModel, state: State, action: int) -> bool:
    try:
        first: CompiledProblem | BoxedProblem = model.bind(state)
        second = boxed.problem_for(state)
        mine = first.step_words(first.encode(state), action)
        other = second.step_words(second.encode(state), action)
    except EncodingError:
        return True  # one of them has no place for the state, which is no answer
    if {mine[0], other[0]} - {_OK, _FAILED}:
        return True
    if mine[0] != other[0] or mine[0] == _FAILED:
        return mine[0] == other[0]
    same_reward = mine[2] == other[2] or (mine[2] != mine[2] and other[2] != other[2])
    return same_reward and mine[3] == other[3] and first.decode(mine[1]) == second.decode(other[1])
