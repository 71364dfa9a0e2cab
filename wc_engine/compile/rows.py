"""Many states as rows of packed words, each with the problem that it belongs to: what batches are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wc_engine.compile.boxed.model import BoxedModel
from wc_engine.compile.compiled import CompiledModel, CompiledProblem
from wc_engine.compile.tiers import NativeModel, NativeProblem
from wc_engine.errors import EncodingError
from wc_engine.models.problem import U64Array
from wc_engine.state.bulk import BulkPacker
from wc_engine.state.entities import State

__all__ = ["StateRows", "pack_states"]


@dataclass(frozen=True, slots=True)
class StateRows:
    """Packed states.

    Attributes:
        problems: a problem for each static part that occurs; all have the same layout.
        which: the index of each state's problem, or -1 where native code has no place for the state. Shape ``[B]``,
            int32.
        words: the states. Shape ``[B, W]``, uint64; rows of states without a place mean nothing.
    """

    problems: tuple[NativeProblem, ...]
    which: NDArray[np.int32]
    words: U64Array


def pack_states(model: NativeModel, states: Sequence[State]) -> StateRows:
    """Bind a model to every static part that occurs in ``states``, and pack them all."""
    return _pack_boxed(model, states) if isinstance(model, BoxedModel) else _pack_specialised(model, states)


def _pack_boxed(model: BoxedModel, states: Sequence[State]) -> StateRows:
    """One problem has a place for all states."""
    which = np.full(len(states), -1, dtype=np.int32)
    packable = [(place, state) for place, state in enumerate(states) if model.has_place_for(state)]
    if not packable:
        return StateRows((), which, np.zeros((len(states), 1), dtype=np.uint64))
    problem = model.bind(packable[0][1], others=[state for _, state in packable])
    words = np.zeros((len(states), problem.num_words), dtype=np.uint64)
    for place, state in packable:
        try:
            words[place] = problem.encode(state)
            which[place] = 0
        except EncodingError:
            continue
    return StateRows((problem,), which, words)


def _pack_specialised(model: CompiledModel, states: Sequence[State]) -> StateRows:
    packer = BulkPacker(model.schema, model.dynamic_types)
    survey = packer.survey(states)
    problems: list[CompiledProblem] = []
    groups, first = np.unique(survey.groups, return_index=True)
    problem_of = np.full(int(groups.max(initial=-1)) + 2, -1, dtype=np.int32)  # the last place is that of group -1
    for group, place in zip(groups.tolist(), first.tolist(), strict=True):
        if group < 0:
            continue
        try:
            problems.append(model.bind(states[place], rows=survey.rows))
        except EncodingError:
            continue
        problem_of[group] = len(problems) - 1
    which = problem_of[survey.groups]
    if not problems:
        return StateRows((), which, np.zeros((len(states), 1), dtype=np.uint64))
    words, fits = packer.pack(problems[0].layout, states)
    which[~fits] = -1
    return StateRows(tuple(problems), which, words)
