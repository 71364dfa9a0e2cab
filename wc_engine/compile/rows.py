"""Many states as rows of packed words, each with the problem that it belongs to: what batches are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wc_engine.compile.boxed.model import BoxedModel
from wc_engine.compile.boxed.problem import BoxedProblem
from wc_engine.compile.compiled import CompiledModel, CompiledProblem
from wc_engine.compile.tiers import NativeModel, NativeProblem
from wc_engine.errors import EncodingError
from wc_engine.models.problem import U64Array
from wc_engine.state.bulk import BulkPacker, EntityNumbers, number_entities
from wc_engine.state.entities import State
from wc_engine.state.packing import Layout

__all__ = ["StateRows", "pack_states"]

_MANY_ENTITIES = 1024
"""Up to so many entities are all known by bit; of more, those that are in one of so many states."""
_SPARE_ENTITIES = 8


@dataclass(frozen=True, slots=True)
class StateRows:
    """Packed states.

    Attributes:
        problems: a problem for each static part and variant of the model that occurs, or one for all; all have the same
            number of words.
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
    """Pack all states for one problem, which knows by bit what many of them have."""
    different = {id(state): state for state in states}  # a transition's next state is often the state of another
    found = number_entities(list(different.values()), lambda entity: model.entities.numbers(State([entity]))[0])
    which = np.where(found.fits, np.int32(0), np.int32(-1))
    if not found.fits.any():
        return StateRows((), np.full(len(states), -1, dtype=np.int32), np.zeros((len(states), 1), dtype=np.uint64))
    problem = _boxed_problem(model, list(different.values()), found)
    words = np.zeros((len(different), problem.num_words), dtype=np.uint64)
    for place in np.flatnonzero(found.fits).tolist():
        numbers = found.numbers[found.ends[place] : found.ends[place + 1]]
        if not problem.encode_numbers(numbers, words[place]):
            which[place] = -1
    place_of = {identity: place for place, identity in enumerate(different)}
    rows = np.fromiter((place_of[id(state)] for state in states), dtype=np.intp, count=len(states))
    return StateRows((problem,), which[rows], words[rows])


def _boxed_problem(model: BoxedModel, states: Sequence[State], found: EntityNumbers) -> BoxedProblem:
    """Bind a model so that there is room for the entities of every state."""
    numbers, counts = np.unique(found.numbers, return_counts=True)
    if len(numbers) > _MANY_ENTITIES:
        numbers = numbers[counts * _MANY_ENTITIES >= len(states)]
    known = {int(number) for number in numbers}.intersection(found.entities)
    others = np.zeros(len(found.numbers) + 1, dtype=np.int64)
    np.cumsum(~np.isin(found.numbers, np.array(sorted(known))), out=others[1:])
    most = int((others[found.ends[1:]] - others[found.ends[:-1]])[found.fits].max())
    first = states[int(np.flatnonzero(found.fits)[0])]
    common = State(found.entities[number] for number in known)
    return model.bind(first, others=[common], capacity=most + _SPARE_ENTITIES if most else 0)


def _pack_specialised(model: CompiledModel, states: Sequence[State]) -> StateRows:
    """Pack states for the variants of a model that they ask for, all with the same number of words."""
    groups = _by_variant(model, states)
    parts = [_pack_variant(variant, [states[row] for row in rows]) for variant, rows in groups]
    num_words = max((part.words.shape[1] for part in parts), default=1)
    problems: list[NativeProblem] = []
    which = np.full(len(states), -1, dtype=np.int32)
    words = np.zeros((len(states), num_words), dtype=np.uint64)
    for (variant, rows), part in zip(groups, parts, strict=True):
        if part.words.shape[1] < num_words:
            part = _pack_variant(variant, [states[row] for row in rows], num_words)
        which[rows] = np.where(part.which < 0, -1, part.which + len(problems))
        words[rows] = part.words
        problems += part.problems
    return StateRows(tuple(problems), which, words)


def _by_variant(model: CompiledModel, states: Sequence[State]) -> list[tuple[CompiledModel, NDArray[np.intp]]]:
    """Return the variants that states ask for, each with the indices of its states."""
    if not model.variants or not states:
        return [(model, np.arange(len(states)))]
    schema = model.schema.with_free_counts()
    packer = BulkPacker(schema, model.dynamic_types)
    rows = {name: max(1, number) for name, number in packer.survey(states).rows.items()}
    layout = Layout(schema, rows)
    words, _ = packer.pack(layout, states)
    numbers = np.stack([layout.count(words, name) for name in rows], axis=1)
    codes = numbers @ ((1 + numbers.max()) ** np.arange(len(rows)))
    kinds, first, kind_of = np.unique(codes, return_index=True, return_inverse=True)
    groups: dict[int, tuple[CompiledModel, list[int]]] = {}
    for kind, place in zip(range(len(kinds)), first.tolist(), strict=True):
        variant = model.variant_with(dict(zip(rows, numbers[place].tolist(), strict=True)))
        groups.setdefault(id(variant), (variant, []))[1].append(kind)
    return [(variant, np.flatnonzero(np.isin(kind_of, chosen))) for variant, chosen in groups.values()]


def _pack_variant(model: CompiledModel, states: Sequence[State], min_words: int = 1) -> StateRows:
    """Pack states for one variant, with a problem for each static part."""
    packer = BulkPacker(model.schema, model.dynamic_types)
    survey = packer.survey(states)
    problems: list[CompiledProblem] = []
    groups, first = np.unique(survey.groups, return_index=True)
    problem_of = np.full(int(groups.max(initial=-1)) + 2, -1, dtype=np.int32)  # the last place is that of group -1
    for group, place in zip(groups.tolist(), first.tolist(), strict=True):
        if group < 0:
            continue
        try:
            problems.append(CompiledProblem(model, states[place], survey.rows, min_words))
        except EncodingError:
            continue
        problem_of[group] = len(problems) - 1
    which = problem_of[survey.groups]
    if not problems:
        return StateRows((), which, np.zeros((len(states), min_words), dtype=np.uint64))
    words, fits = packer.pack(problems[0].layout, states)
    which[~fits] = -1
    return StateRows(tuple(problems), which, words)
