"""The bit fields that the words of a problem are made of, as far as a planner may know them."""

from __future__ import annotations

import numpy as np

from wc_engine.compile.compiled import CompiledProblem
from wc_engine.models.problem import Problem, U64Array
from wc_engine.planners.interpreted import InterpretedProblem

__all__ = ["fields_of", "row_bits"]

_WORD_BITS = 64
_BYTE = 8


def fields_of(problem: Problem) -> U64Array:
    """Return the fields whose values are the atoms of novelty.

    Entities are the fields of a compiled model, and those of one type a group. Of a model that says nothing about its
    words the bytes are fields; the number that stands for a state of an interpreted one is a single field.

    Returns:
        (word, shift, width, group, absent value, whether there is one) of each. Shape ``[F, 6]``, uint64.
    """
    if isinstance(problem, CompiledProblem):
        rows = _rows(problem)
    elif isinstance(problem, InterpretedProblem):
        rows = [(0, 0, _WORD_BITS, 0, 0, 0)]
    else:
        places = [(word, shift) for word in range(problem.num_words) for shift in range(0, _WORD_BITS, _BYTE)]
        rows = [(word, shift, _BYTE, group, 0, 0) for group, (word, shift) in enumerate(places)]
    return np.array(rows, dtype=np.uint64).reshape(-1, 6)


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
