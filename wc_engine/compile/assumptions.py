"""Assumptions of compiled code about what a program leaves as it was, tried on the examples.

Code may assume, with a guard, that no wall is hidden by another entity in a dict of positions, or taken out of a list
at a place that depends on the state. For most programs that is so and costs nothing; where an example's step breaks
such a guard, the program is compiled without these assumptions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.cache import CacheEntry, read_entry, sources_key, write_entry
from wc_engine.errors import EncodingError, TranslationError

if TYPE_CHECKING:
    from wc_engine.compile.compiled import CompiledModel
    from wc_engine.state.census import Census
    from wc_engine.state.entities import State

__all__ = ["checked_assumptions"]

_TRIED_STATES = 48
_TRIED_STEPS = 1_000
_OUT_OF_RANGE = 3


def checked_assumptions(model: CompiledModel, states: Sequence[State], census: Census) -> CompiledModel:
    """Return a model, or that without assumptions where steps from the examples have more answers there.

    Args:
        model: the model.
        states: the examples.
        census: what is in them.
    """
    if not model.generated.assumed:
        return model
    chosen = states[:: max(1, len(states) // _TRIED_STATES)]
    broken = _num_out_of_range(model, chosen, census)
    if not broken:
        return model
    try:
        cautious = model.with_schema(model.schema, cautious=True)
    except TranslationError:
        return model
    seconds = model.compile_seconds + cautious.compile_seconds
    better = _num_out_of_range(cautious, chosen, census) < broken
    return replace(cautious if better else model, compile_seconds=seconds)


def _num_out_of_range(model: CompiledModel, states: Sequence[State], census: Census) -> int:
    """Return how many steps from some states end out of range; found once, then on disk."""
    parts = ("assumed", sources_key(), model.program.content_hash, model.schema, model.actions, model.mission)
    key_text = repr((*parts, model.cautious, census.digest()))
    key = hashlib.sha256(key_text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    entry = read_entry(key)
    if entry is None:
        entry = CacheEntry({"out_of_range": sum(status == _OUT_OF_RANGE for status in _statuses(model, states))}, b"")
        write_entry(key, entry)
    return int(entry.facts["out_of_range"])


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
