"""Assumptions of compiled code about what a program leaves as it was, found and tried on the examples.

Code may assume, with a guard, that no wall is hidden by another entity in a dict of positions, or taken out of a list
at a place that depends on the state. For most programs that is so and costs nothing; where an example's step breaks
such a guard, the program is compiled without it.

Some programs could change their walls as far as their text says (``box = min(things_there, key=...)``), and never do.
Where there are many entities of a type and walks from the examples leave all of them alone, the program is compiled
once more with that assumed: then they are not packed, and looking for one at a place is a lookup.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from wc_engine.compile.cache import CacheEntry, read_entry, sources_key, write_entry
from wc_engine.compile.plan import USUAL, Assumptions
from wc_engine.errors import EncodingError, TranslationError, UnsupportedConstructError

if TYPE_CHECKING:
    from wc_engine.compile.compiled import CompiledModel, CompiledProblem
    from wc_engine.state.census import Census
    from wc_engine.state.entities import State

__all__ = ["with_assumptions"]

_MANY = 8
"""Entities of one type in an average state from which on it is worth leaving them out of the packed state."""
_ENOUGH_STATES = 16
"""So many examples say of few entities, too, whether they move: those that have nothing but a place."""
_TRIED_STATES = 48
_TRIED_STEPS = 1_000
_WALKS = 24
_WALK_STEPS = 48
_OK, _OUT_OF_RANGE = 1, 3


def with_assumptions(
    compile_with: Callable[[Assumptions], CompiledModel], states: Sequence[State], census: Census
) -> CompiledModel:
    """Return a program's model with the assumptions that steps from the examples keep.

    Args:
        compile_with: compiles the program.
        states: the examples.
        census: what is in them.

    Raises:
        UnsupportedConstructError: the program is refused.
    """
    chosen = states[:: max(1, len(states) // _TRIED_STATES)]
    many = _many(census)
    model: CompiledModel | None = None
    try:
        model = compile_with(USUAL)
    except UnsupportedConstructError:
        # Whoever makes new walls out of a grid needs the assumption that they are the old ones.
        if not many:
            raise
        guessed = _compiled(compile_with, Assumptions(unchanging=many))
        if guessed is None or _is_too_often_wrong(guessed, chosen, census):
            raise
        return guessed
    if model.generated.assumed and _num_out_of_range(model, chosen, census):
        model = _without_assumptions(model, compile_with, chosen, census)
    plain = {one.name for one in model.schema.types if one.attribute_names == ("x", "y")}
    asked = (many | plain if len(states) >= _ENOUGH_STATES else many) & model.dynamic_types
    unchanging = _unchanging(model, sorted(asked), chosen, census)
    if unchanging & many:
        assumptions = replace(model.assumptions, unchanging=unchanging)
        model = _better(model, _compiled(compile_with, assumptions), chosen, census, or_same=True)
    return model


def _without_assumptions(
    model: CompiledModel,
    compile_with: Callable[[Assumptions], CompiledModel],
    states: Sequence[State],
    census: Census,
) -> CompiledModel:
    """Return the better one of a model and the same without assumptions; refused with the latter where it is poor."""
    try:
        other = compile_with(model.assumptions.without())
    except UnsupportedConstructError:
        if _is_too_often_wrong(model, states, census):
            raise
        return model
    except TranslationError:
        return model
    return _better(model, other, states, census)


def _is_too_often_wrong(model: CompiledModel, states: Sequence[State], census: Census) -> bool:
    """Whether more than a tenth of the steps break what a model assumes."""
    return 10 * _num_out_of_range(model, states, census) > _num_steps(model, states)


def _many(census: Census) -> frozenset[str]:
    """Return the types of which states have many entities."""
    states = sum(number for _, number in census.compositions)
    names = {name for counts, _ in census.compositions for name in counts}
    return frozenset(
        name for name in names if sum(counts[name] * number for counts, number in census.compositions) >= _MANY * states
    )


def _compiled(compile_with: Callable[[Assumptions], CompiledModel], assumptions: Assumptions) -> CompiledModel | None:
    try:
        return compile_with(assumptions)
    except TranslationError:
        return None


def _better(
    model: CompiledModel, other: CompiledModel | None, states: Sequence[State], census: Census, *, or_same: bool = False
) -> CompiledModel:
    """Return the model that has more answers; of equals the first, or the other one where that is wanted."""
    if other is None:
        return model
    seconds = model.compile_seconds + other.compile_seconds
    first, second = _num_out_of_range(model, states, census), _num_out_of_range(other, states, census)
    return replace(other if second < first or (or_same and second == first) else model, compile_seconds=seconds)


# ---- what steps from the examples do --------------------


def _num_out_of_range(model: CompiledModel, states: Sequence[State], census: Census) -> int:
    """Return how many steps from some states end out of range; found once, then on disk."""

    def count() -> int:
        return sum(status == _OUT_OF_RANGE for status in _statuses(model, states))

    return int(_remembered("out of range", model, census, count))


def _num_steps(model: CompiledModel, states: Sequence[State]) -> int:
    return min(_TRIED_STEPS, len(states) * len(model.actions))


def _statuses(model: CompiledModel, states: Sequence[State]) -> Iterator[int]:
    stride = max(1, len(states) * len(model.actions) // _TRIED_STEPS)
    for number, state in enumerate(states):
        try:
            problem = model.bind(state)
            words = problem.encode(state)
        except EncodingError:
            continue
        for action in range(number % stride, len(model.actions), stride):
            yield problem.step_words(words, action)[0]


def _unchanging(model: CompiledModel, names: Sequence[str], states: Sequence[State], census: Census) -> frozenset[str]:
    """Return the types whose entities walks from some states leave as they are; found once, then on disk."""
    if not names:
        return frozenset()
    return frozenset(_remembered(f"unchanging {names}", model, census, lambda: _left_alone(model, names, states)))


def _left_alone(model: CompiledModel, names: Sequence[str], states: Sequence[State]) -> list[str]:
    kept = set(names)
    rng = Random(0)
    starts = states[:: max(1, len(states) // _WALKS)]
    for state in list(starts) * -(-_WALKS // max(1, len(starts))):
        try:
            problem = model.bind(state)
            words = problem.encode(state)
        except EncodingError:
            continue
        masks = {name: _mask(problem, name) for name in kept}
        for _ in range(_WALK_STEPS):
            status, following, _, _ = problem.step_words(words, rng.randrange(len(model.actions)))
            if status != _OK:
                continue
            kept -= {name for name in kept if ((words ^ following) & masks[name]).any()}
            words = following
    return sorted(kept)


def _mask(problem: CompiledProblem, name: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return the bits of packed words in which the entities of a type lie. Shape ``[W]``."""
    mask = [0] * problem.num_words
    for word, shift in problem.layout.slots[name]:
        mask[word] |= problem.layout.formats[name].absent << shift
    return np.array(mask, dtype=np.uint64)


def _remembered(what: str, model: CompiledModel, census: Census, find: Callable[[], Any]) -> Any:
    """Return what was found out about a model on its examples: on disk, or now."""
    parts = (what, sources_key(), model.program.content_hash, model.schema, model.actions, model.mission)
    assumed = (model.assumptions.optimistic, sorted(model.assumptions.unchanging))
    key_text = repr((*parts, assumed, census.digest()))
    key = hashlib.sha256(key_text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    entry = read_entry(key)
    if entry is None:
        entry = CacheEntry({"found": find()}, b"")
        write_entry(key, entry)
    return entry.facts["found"]
