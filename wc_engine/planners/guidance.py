"""What guides a search of a compiled problem: distances in projections that the engine finds by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wc_engine.compile.compiled import CompiledProblem
from wc_engine.errors import EncodingError
from wc_engine.models.problem import Problem, U64Array
from wc_engine.planners._core.estimates import DEAD_END, Estimator, Projection
from wc_engine.planners.fields import row_bits
from wc_engine.planners.recipes import Recipe, Subject, bind_part, find_recipe, matching_codes, roots

__all__ = ["NO_GUIDANCE", "Guidance", "find_guidance", "has_estimates", "prepare"]

_NOTE = "planners.recipe of "
_MAX_STATES = 2_000_000
_MEMORY_SHARE = 4
"""Projections may take this part of a search's memory."""


@dataclass(frozen=True, slots=True)
class Guidance:
    """What guides a search.

    Attributes:
        estimator: the distances, or None.
        free_bits: the agent's bits, for macro closure, or None. Shape ``[W]``, uint64.
        patterns: entities that the estimates look at.
        states: states of the projections.
    """

    estimator: Estimator | None = None
    free_bits: U64Array | None = None
    patterns: int = 0
    states: int = 0


NO_GUIDANCE = Guidance()


@dataclass(frozen=True, slots=True)
class _Measured:
    """An exhausted projection with its distances."""

    part: CompiledProblem
    projection: Projection
    subject: Subject


def find_guidance(
    problem: Problem, *, admissible: bool, memory_limit_bytes: int, seconds: float = float("inf")
) -> Guidance:
    """Take the problem apart and measure the parts.

    A part is bound anew with all dynamic entities deleted but the agent and one other; its space is exhausted, and
    distances are measured backward from where that one is at its goal. Parts in which the initial state has no way to
    a goal tell nothing and are left out.

    Args:
        problem: the problem; one that is not compiled by entities has no guidance.
        admissible: count all steps and take the maximum over the parts, so that no estimate exceeds the distance where
            deleting only ever helps; else count the steps that change the entity, and take the sum.
        memory_limit_bytes: limit on the memory of the whole search.
        seconds: limit on the time.
    """
    if not isinstance(problem, CompiledProblem):
        return NO_GUIDANCE
    recipe = _recipe_of(problem)
    if recipe is None or len(problem.rows.codes[recipe.agent]) != 1:
        return NO_GUIDANCE
    room = memory_limit_bytes // _MEMORY_SHARE
    measured: list[_Measured] = []
    for subject in recipe.subjects:
        found = _measure(problem, recipe, subject, admissible, room, seconds)
        if found is not None:
            room -= found.projection.bytes
            measured.append(found)
    free_bits = None if admissible else row_bits(problem, recipe.agent)
    if not measured:
        return Guidance(free_bits=free_bits)
    patterns = [pattern for found in measured for pattern in _patterns(problem, recipe.agent, found, admissible)]
    return Guidance(
        Estimator(patterns, problem.num_words, admissible),
        free_bits,
        len(patterns),
        sum(found.projection.count for found in measured),
    )


def prepare(problem: Problem) -> None:
    """Find out how the problem's model is taken apart, which takes experiments and a compilation, before any search."""
    if isinstance(problem, CompiledProblem):
        _recipe_of(problem)


def has_estimates(problem: CompiledProblem) -> bool:
    """Whether the problem's model is known how to be taken apart into parts with distances of their own."""
    recipe = _recipe_of(problem)
    return recipe is not None and bool(recipe.subjects)


def _recipe_of(problem: CompiledProblem) -> Recipe | None:
    """The recipe of the model for problems that have entities of the same dynamic types; found once."""
    note = _NOTE + ", ".join(sorted(name for name, codes in problem.rows.codes.items() if codes))
    if note not in problem.model.notes:
        problem.model.notes[note] = find_recipe(problem)
    recipe = problem.model.notes[note]
    return recipe if isinstance(recipe, Recipe) else None


def _measure(
    problem: CompiledProblem, recipe: Recipe, subject: Subject, admissible: bool, room: int, seconds: float
) -> _Measured | None:
    try:
        part = bind_part(problem, recipe.model, recipe.agent, subject.type_name)
        if part is None:
            return None
        projection = Projection(part.capsule, room)
        starts = roots(problem, part, recipe.agent, subject.type_name)
        if part.num_words > 16 or not projection.explore(starts, _MAX_STATES, seconds):
            return None
        is_goal = None
        if subject.place_type is not None:
            entity_type = part.layout.schema.type(subject.type_name)
            assert entity_type is not None
            places = [entity for entity in part.statics if entity.type == subject.place_type]
            mask, wanted = matching_codes(entity_type, places, subject.attributes)
            ((word, shift), *_) = part.layout.slots[subject.type_name]
            is_goal = projection.matching(word, mask << shift, wanted << np.uint64(shift))
        projection.measure(is_goal, None if admissible else row_bits(part, recipe.agent))
    except (EncodingError, MemoryError):
        return None
    if any(projection.distance(index) == DEAD_END for index in range(len(starts))):
        return None
    return _Measured(part, projection, subject)


def _patterns(
    problem: CompiledProblem, agent: str, found: _Measured, admissible: bool
) -> list[tuple[Projection, np.ndarray[tuple[int, ...], np.dtype[np.uint32]], U64Array, int]]:
    """One pattern for each entity of the subject's type: the agent and it."""
    unknown = 0 if admissible else found.projection.largest_distance + 1
    agent_copy = _copy(problem, found.part, agent, 0, has_absent=0)
    name = found.subject.type_name
    return [
        (
            found.projection,
            np.array([agent_copy, _copy(problem, found.part, name, row, has_absent=1)], dtype=np.uint32),
            found.part.initial_words,
            unknown,
        )
        for row in range(len(problem.layout.slots[name]))
    ]


def _copy(
    problem: CompiledProblem, part: CompiledProblem, type_name: str, row: int, *, has_absent: int
) -> tuple[int, int, int, int, int, int]:
    """Where a row of the problem goes in the part: the fields of ``wc_copy``."""
    from_word, from_shift = problem.layout.slots[type_name][row]
    to_word, to_shift = part.layout.slots[type_name][0]
    return from_word, from_shift, to_word, to_shift, problem.layout.formats[type_name].bits, has_absent
