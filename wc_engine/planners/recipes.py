"""How a model is taken apart: which entity acts, which ones a goal is about, and when one of them is at its goal.

A recipe is found once for a compiled model, by experiments with it on one problem, and is used for all its problems. It
speaks of types only; nothing in it is known beforehand.

* The *agent* is the entity, the only one of its type, that changes most often, and on its own.
* A *subject* is a type whose entities are looked at one by one: all other dynamic entities but the agent are deleted.
* Deleting can make a goal unreachable (one box on four targets). So types that never change are *thinned*: where the
  reward function, of the program bound to a state with one entity of the type, says that the goal is reached, that
  entity and the subject's place belong together. Where they agree in some attributes whenever, and only when, the goal
  is reached, this is a *relation*, and from then on places are read off the state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wc_engine.compile.compiled import CompiledModel, CompiledProblem, StepStatus
from wc_engine.errors import EncodingError, TranslationError
from wc_engine.models.problem import U64Array
from wc_engine.planners._core.estimates import Projection
from wc_engine.state.entities import Entity, State
from wc_engine.state.packing import RowFormat, row_format
from wc_engine.state.schema import EntityType

__all__ = ["Recipe", "Subject", "bind_part", "find_recipe", "matching_codes", "roots", "row_codes"]

_SAMPLED = 200
"""States that are expanded to see what changes."""
_MAX_STATES = 100_000
_MAX_SECONDS = 1.0
_MEMORY_BYTES = 64 * 2**20
_MAX_THINNED = 64
"""Entities of a type that is thinned."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A type whose entities are looked at one by one.

    Attributes:
        type_name: the type.
        place_type: the type that never changes and marks the places where entities of this type are at their goal, or
            None where the projection has goals of its own.
        attributes: the attributes in which both then agree.
    """

    type_name: str
    place_type: str | None = None
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is taken apart.

    Attributes:
        agent: the agent's type.
        subjects: what is looked at one by one.
        model: the model compiled for any number of entities of a type.
    """

    agent: str
    subjects: tuple[Subject, ...]
    model: CompiledModel


def find_recipe(problem: CompiledProblem) -> Recipe | None:
    """Return how the problem's model is taken apart, or None where it has no single agent."""
    agent = _find_agent(problem)
    if agent is None:
        return None
    try:
        model = problem.model.with_schema(problem.model.schema.with_free_counts())
    except (TranslationError, EncodingError):
        return None
    if model.dynamic_types != problem.model.dynamic_types:
        return None
    names = sorted(
        entity_type.name
        for entity_type in problem.layout.schema.types
        if entity_type.name in model.dynamic_types and entity_type.name != agent
    )
    subjects = (_find_subject(problem, model, agent, name) for name in names)
    return Recipe(agent, tuple(subject for subject in subjects if subject is not None), model)


def _find_agent(problem: CompiledProblem) -> str | None:
    """The type of one entity that changes in more steps than any other and, in some of them, alone."""
    single = {name for name in problem.model.dynamic_types if len(problem.initial_state.of_type(name)) == 1}
    changes: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for before, after in _sample(problem):
        changed = {
            name
            for name in problem.model.dynamic_types
            if _codes(problem, before, name) != _codes(problem, after, name)
        }
        changes.update(changed)
        if len(changed) == 1:
            alone.update(changed)
    candidates = sorted(name for name in single if alone[name] > 0)
    return max(candidates, key=lambda name: changes[name], default=None)


def _sample(problem: CompiledProblem) -> Iterator[tuple[U64Array, U64Array]]:
    """Yield the steps of the first states of a breadth-first search that lead elsewhere."""
    queue = [problem.initial_words]
    seen = {problem.initial_words.tobytes()}
    for before in queue:
        for action in range(len(problem.actions)):
            status, after, _, done = problem.step_words(before, action)
            if status != StepStatus.OK or (key := after.tobytes()) == before.tobytes():
                continue
            yield before, after
            if not done and key not in seen and len(queue) < _SAMPLED:
                seen.add(key)
                queue.append(after)


def _codes(problem: CompiledProblem, words: U64Array, type_name: str) -> list[int]:
    """The codes of the rows of one type."""
    mask = problem.layout.formats[type_name].absent
    return [int(words[word]) >> shift & mask for word, shift in problem.layout.slots[type_name]]


def bind_part(problem: CompiledProblem, model: CompiledModel, agent: str, subject: str) -> CompiledProblem | None:
    """Bind a model to the part of a state that has, of what can change, the agent and the first entity of a type.

    Returns:
        None where there is no such entity.

    Raises:
        EncodingError: the model is for other types or domains.
    """
    rows = problem.rows.keeping({agent: 1, subject: 1})
    return model.bind_rows(rows) if rows.codes.get(subject) else None


def roots(problem: CompiledProblem, part: CompiledProblem, agent: str, subject: str) -> U64Array:
    """Return the packed parts of the initial state, one for each entity of the subject's type. Shape ``[R, W]``."""
    ((to_word, to_shift), *_) = part.layout.slots[subject]
    mask = part.layout.formats[subject].absent << to_shift
    base = [int(word) for word in part.initial_words]
    rows = []
    for code in problem.rows.codes[subject]:
        words = base.copy()
        words[to_word] = words[to_word] & ~mask | code << to_shift
        rows.append(words)
    return np.array(rows, dtype=np.uint64).reshape(-1, part.num_words)


def row_codes(part: CompiledProblem, words: U64Array, subject: str) -> U64Array:
    """Return the code of the subject's only row in each of many packed parts. Shape ``[N]``, uint64."""
    (word, shift), *_ = part.layout.slots[subject]
    return (words[:, word] >> np.uint64(shift)) & np.uint64(part.layout.formats[subject].absent)


def matching_codes(
    entity_type: EntityType, places: list[Entity], attributes: tuple[str, ...]
) -> tuple[int, NDArray[np.uint64]]:
    """Return the bits of some attributes in a row of a type, and what they are in rows that agree with the places."""
    format_: RowFormat = row_format(entity_type)
    mask = 0
    for name, shift, width in zip(entity_type.attribute_names, format_.shifts, format_.widths, strict=True):
        if name in attributes:
            mask |= ((1 << width) - 1) << shift
    codes = []
    for place in places:
        code: int | None = 0
        for (name, domain), shift in zip(entity_type.attributes, format_.shifts, strict=True):
            if name in attributes and code is not None:
                value = domain.code(place[name])
                code = None if value is None else code | value << shift
        if code is not None:
            codes.append(code)
    return mask, np.array(codes, dtype=np.uint64)


def _find_subject(problem: CompiledProblem, model: CompiledModel, agent: str, name: str) -> Subject | None:
    """Whether entities of a type, each alone with the agent, can get to a goal, and where that is."""
    try:
        part = bind_part(problem, model, agent, name)
        if part is None:
            return None
        projection = Projection(part.capsule, _MEMORY_BYTES)
        if not projection.explore(roots(problem, part, agent, name), _MAX_STATES, _MAX_SECONDS):
            return None
        if projection.goal_steps:
            return Subject(name)
        return _related(part, projection, name)
    except (EncodingError, MemoryError):
        return None


def _related(part: CompiledProblem, projection: Projection, name: str) -> Subject | None:
    """The type, and the attributes, by which places mark where a subject is at its goal."""
    state = part.initial_state
    subject_type = part.layout.schema.type(name)
    assert subject_type is not None
    codes = row_codes(part, projection.words, name)
    counts = Counter(entity.type for entity in part.statics)
    for place_type in sorted(counts, key=lambda place_type: (counts[place_type], place_type)):
        if not 1 < counts[place_type] <= _MAX_THINNED:
            continue
        shared = [other for other in subject_type.attribute_names if other in state.of_type(place_type)[0]]
        goals = _thinned_goals(part.model, state, projection, place_type)
        if any(reached.any() for _, reached in goals) and all(
            _agree(subject_type, place, tuple(shared), codes, reached) for place, reached in goals
        ):
            return Subject(name, place_type, tuple(shared))
    return None


def _thinned_goals(
    model: CompiledModel, state: State, projection: Projection, place_type: str
) -> list[tuple[Entity, NDArray[np.bool_]]]:
    """For each entity of a type, which states of the projection are goals where it is the only one of its type."""
    goals = []
    for place in state.of_type(place_type):
        others = [entity for entity in state if entity.type != place_type]
        thinned = model.bind(State([*others, place]))
        reached = projection.probe(thinned.capsule)
        if reached is not None:
            goals.append((place, reached.astype(bool)))
    return goals


def _agree(
    subject_type: EntityType, place: Entity, attributes: tuple[str, ...], codes: U64Array, reached: NDArray[np.bool_]
) -> bool:
    """Whether the goals are where the subject and the place agree in the attributes, and nowhere else."""
    mask, wanted = matching_codes(subject_type, [place], attributes)
    agrees = np.isin(codes & np.uint64(mask), wanted)
    return bool(attributes) and not bool((reached & ~agrees).any()) and set(codes[agrees]) == set(codes[reached])
