"""The bit fields that the words of a problem are made of, as far as a planner may know them."""

from __future__ import annotations

import numpy as np

from wc_engine.compile.boxed.problem import BoxedProblem
from wc_engine.compile.compiled import CompiledProblem
from wc_engine.models.problem import Problem, U64Array
from wc_engine.planners.interpreted import InterpretedProblem

__all__ = ["fields_of", "row_bits"]

_WORD_BITS = 64
_BYTE = 8
_MAX_BITS = 96
"""Entities known beforehand whose bits are fields of their own: a byte of the mask that is new says less than a bit."""
_NUMBER = 32
"""Bits of the number of an entity in a boxed state."""


def fields_of(problem: Problem) -> U64Array:
    """Return the fields whose values are the atoms of novelty.

    Entities are the fields of a specialised model, and those of one type a group. A boxed one has the bits of its mask
    (which of the entities known beforehand are there; bytes, where there are many) and the numbers of the other
    entities, all of them one group. Of a model that says nothing about its words the bytes are fields; the number that
    stands for a state of an interpreted one is a single field.

    Returns:
        (word, shift, width, group, absent value, whether there is one) of each. Shape ``[F, 6]``, uint64.
    """
    if isinstance(problem, CompiledProblem):
        rows = _rows(problem)
    elif isinstance(problem, InterpretedProblem):
        rows = [(0, 0, _WORD_BITS, 0, 0, 0)]
    elif isinstance(problem, BoxedProblem):
        rows = _bits(problem.num_known) if problem.num_known <= _MAX_BITS else _bytes(problem.num_mask_words)
        numbers = range(problem.num_mask_words, problem.num_words)
        rows += [(word, shift, _NUMBER, len(rows), 0, 1) for word in numbers for shift in (0, _NUMBER)]
    else:
        rows = _bytes(problem.num_words)
    return np.array(rows, dtype=np.uint64).reshape(-1, 6)


def _bits(count: int) -> list[tuple[int, int, int, int, int, int]]:
    return [(*divmod(bit, _WORD_BITS), 1, bit, 0, 0) for bit in range(count)]


def _bytes(num_words: int) -> list[tuple[int, int, int, int, int, int]]:
    places = [(word, shift) for word in range(num_words) for shift in range(0, _WORD_BITS, _BYTE)]
    return [(word, shift, _BYTE, group, 0, 0) for group, (word, shift) in enumerate(places)]


def _rows(problem: CompiledProblem) -> list[tuple[int, int, int, int, int, int]]:
    layout = problem.layout
    rows = []
    for group, entity_type in enumerate(layout.schema.types):
        if layout.is_static(entity_type.name):
            continue
        format_ = layout.formats[entity_type.name]
        for word, shift in layout.slots[entity_type.name]:
            if format_.bits:
                rows.append((word, shift, format_.bits, group, format_.absent, 1))
    return rows


def row_bits(problem: CompiledProblem, type_name: str) -> U64Array:
    """Return the words in which the bits of the rows of one type, and no others, are set. Shape ``[W]``, uint64."""
    words = [0] * problem.num_words
    for word, shift in problem.layout.slots[type_name]:
        words[word] |= problem.layout.formats[type_name].absent << shift
    return np.array(words, dtype=np.uint64)
