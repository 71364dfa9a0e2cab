"""What rewards and goals speak of: counts of entities, and which stand on which, before and after a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from wc_engine.state.entities import State
from wc_engine.synthesis.proposers.inductive.rows import Row
from wc_engine.synthesis.proposers.inductive.scene import Cells
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = [
    "AllOn",
    "ChangeOn",
    "CountChange",
    "Feature",
    "NoneLeft",
    "SomeOn",
    "StepSummary",
    "Summary",
    "Unchanged",
    "features_for",
    "predicates_for",
    "summarize",
    "summarize_row",
]


class Summary:
    """A state as features see it; equal where features cannot tell two states apart.

    Args:
        counts: entities per type.
        on: per pair of types, how many entities of the first share a cell with one of the second.
    """

    __slots__ = ("_key", "counts", "on")

    def __init__(self, counts: Counter[str], on: Counter[tuple[str, str]]) -> None:
        self.counts = counts
        self.on = on
        self._key = (frozenset(counts.items()), frozenset(on.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Summary) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def summarize(state: State, cells: Cells) -> Summary:
    """Return the summary of a state, given its entities by cell."""
    on: Counter[tuple[str, str]] = Counter()
    for entities in cells.values():
        if len(entities) > 1:
            types = [entity.type for entity in entities]
            for index, upper in enumerate(types):
                on.update({(upper, lower) for other, lower in enumerate(types) if other != index})
    return Summary(Counter(entity.type for entity in state), on)


@dataclass(frozen=True, slots=True)
class StepSummary:
    """One step as features see it."""

    before: Summary
    after: Summary
    unchanged: bool


def summarize_row(row: Row) -> StepSummary:
    """Return the summary of a row's step."""
    before = summarize(row.transition.state, row.cells)
    after = summarize(row.transition.next_state, row.next_cells)
    return StepSummary(before, after, not row.removed and not row.added)


class Feature(Protocol):
    """A number that a step has; predicates are features of 0 or 1."""

    @property
    def cost(self) -> float: ...

    @property
    def is_predicate(self) -> bool: ...

    def value(self, step: StepSummary) -> int:
        """Return the feature of a step."""
        ...

    def source(self) -> str:
        """Return the feature as a Python expression over ``state`` and ``next_state``."""
        ...


@dataclass(frozen=True, slots=True)
class ChangeOn:
    """The change in the number of entities of one type that stand on another."""

    upper: str
    lower: str
    cost: float = 1.0
    is_predicate: bool = False

    def value(self, step: StepSummary) -> int:
        pair = (self.upper, self.lower)
        return step.after.on[pair] - step.before.on[pair]

    def source(self) -> str:
        names = f"{self.upper!r}, {self.lower!r}"
        return f"(count_on(next_state, {names}) - count_on(state, {names}))"


@dataclass(frozen=True, slots=True)
class AllOn:
    """Every entity of one type, and there is one, stands on one of another type after the step."""

    upper: str
    lower: str
    cost: float = 1.0
    is_predicate: bool = True

    def value(self, step: StepSummary) -> int:
        return int(0 < step.after.counts[self.upper] == step.after.on[self.upper, self.lower])

    def source(self) -> str:
        return f"all_on(next_state, {self.upper!r}, {self.lower!r})"


@dataclass(frozen=True, slots=True)
class SomeOn:
    """Some entity of one type stands on one of another type after the step."""

    upper: str
    lower: str
    cost: float = 1.2
    is_predicate: bool = True

    def value(self, step: StepSummary) -> int:
        return int(step.after.on[self.upper, self.lower] > 0)

    def source(self) -> str:
        return f"count_on(next_state, {self.upper!r}, {self.lower!r}) > 0"


@dataclass(frozen=True, slots=True)
class NoneLeft:
    """There is no entity of a type after the step."""

    type_name: str
    cost: float = 1.2
    is_predicate: bool = True

    def value(self, step: StepSummary) -> int:
        return int(step.after.counts[self.type_name] == 0)

    def source(self) -> str:
        return f"len(get_entities_by_name(next_state, {self.type_name!r})) == 0"


@dataclass(frozen=True, slots=True)
class CountChange:
    """The change in the number of entities of a type."""

    type_name: str
    cost: float = 1.2
    is_predicate: bool = False

    def value(self, step: StepSummary) -> int:
        return step.after.counts[self.type_name] - step.before.counts[self.type_name]

    def source(self) -> str:
        name = repr(self.type_name)
        return f"(len(get_entities_by_name(next_state, {name})) - len(get_entities_by_name(state, {name})))"


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The step changed nothing."""

    cost: float = 1.2
    is_predicate: bool = True

    def value(self, step: StepSummary) -> int:
        return int(step.unchanged)

    def source(self) -> str:
        return "is_unchanged(state, next_state)"


def predicates_for(vocabulary: Vocabulary, steps: Iterable[StepSummary]) -> list[Feature]:
    """Return what can be true of a state over the vocabulary, cheapest first: the candidates for goals.

    What only concerns things that were never seen to move is left out. "Every fixed place is taken" comes before "every
    mover is in place": where there are as many movers as places they say the same, where there are more the first is
    the easier one to reach, and hypotheses are to be optimistic.
    """
    found: list[Feature] = []
    for upper in vocabulary.types:
        for lower in vocabulary.types:
            if upper == lower or not {upper, lower} & vocabulary.movers:
                continue
            if upper == vocabulary.agent_type:
                found.append(AllOn(upper, lower, 0.8))
            elif lower != vocabulary.agent_type:
                if upper < lower or lower not in vocabulary.movers:
                    found.append(SomeOn(upper, lower, 0.9))
                found.append(AllOn(upper, lower, 1.2 if upper in vocabulary.movers else 1.0))
    vanishing = {
        name for step in steps for name, count in step.before.counts.items() if step.after.counts[name] < count
    }
    found.extend(NoneLeft(name) for name in sorted(vanishing))
    return sorted(found, key=lambda feature: (feature.cost, feature.source()))


def features_for(vocabulary: Vocabulary, steps: Sequence[StepSummary]) -> list[Feature]:
    """Return every feature over the vocabulary, cheapest first."""
    found = predicates_for(vocabulary, steps)
    found.extend(
        ChangeOn(upper, lower, 0.7 if upper in vocabulary.movers else 1.3)
        for upper in vocabulary.types
        for lower in vocabulary.types
        if upper != lower and {upper, lower} & vocabulary.movers
    )
    found.extend(CountChange(name) for name in vocabulary.types)
    found.append(Unchanged())
    return sorted(found, key=lambda feature: (feature.cost, feature.source()))
