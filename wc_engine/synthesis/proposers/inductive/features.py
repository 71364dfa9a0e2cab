"""What rewards and goals speak of: counts of entities, which stand on which, what the agent holds, meets and faces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from wc_engine.synthesis.proposers.inductive.missions import Lexicon, MissionReading, Pattern
from wc_engine.synthesis.proposers.inductive.summaries import StepSummary
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = [
    "AgentNumber",
    "AllOn",
    "ChangeOn",
    "CountChange",
    "Exists",
    "Facing",
    "Feature",
    "Holds",
    "NoneLeft",
    "Noun",
    "NumberChange",
    "SomeOn",
    "Standing",
    "Unchanged",
    "bound",
    "features_for",
    "predicates_for",
]


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
        """Return the feature as an expression over ``state``, ``next_state`` and ``agent``, that of the latter."""
        ...


@dataclass(frozen=True, slots=True)
class Noun:
    """What the mission names, by number, with further values: stands for a pattern until the mission is known."""

    number: int
    values: tuple[tuple[str, str], ...] = ()

    def resolved(self, nouns: Sequence[Pattern]) -> Pattern:
        """Return the pattern in a mission."""
        pattern = nouns[self.number]
        return Pattern(pattern.type_name, tuple(sorted({*pattern.values, *self.values})))


Named: TypeAlias = Pattern | Noun


def _resolved(named: Named, step: StepSummary) -> Pattern:
    return named.resolved(step.nouns) if isinstance(named, Noun) else named


def bound(feature: Feature, nouns: Sequence[Pattern]) -> Feature:
    """Return a feature with what a mission names put in."""
    if isinstance(feature, (Holds, Standing, Facing, Exists)) and isinstance(feature.pattern, Noun):
        return replace(feature, pattern=feature.pattern.resolved(nouns))
    return feature


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


@dataclass(frozen=True, slots=True)
class Holds:
    """The agent carries one of these after the step."""

    pattern: Named
    holder: str
    cost: float = 1.0
    is_predicate: bool = True

    def value(self, step: StepSummary) -> int:
        held = step.after.held
        return int(held is not None and _resolved(self.pattern, step).matches(held))

    def source(self) -> str:
        assert isinstance(self.pattern, Pattern), "the mission is known"
        held = f"agent.{self.holder}"
        return " and ".join([f"{held} is not None", *self.pattern.tests(held)])


@dataclass(frozen=True, slots=True)
class Standing:
    """The agent shares its cell with one of these after the step."""

    pattern: Named
    cost: float = 1.0
    is_predicate: bool = True

    def value(self, step: StepSummary) -> int:
        pattern = _resolved(self.pattern, step)
        return int(any(pattern.matches(entity) for entity in step.after.met))

    def source(self) -> str:
        assert isinstance(self.pattern, Pattern), "the mission is known"
        tests = " and ".join(self.pattern.tests("e"))
        return f"any({tests} for e in get_entities_by_position(next_state, agent.x, agent.y))"


@dataclass(frozen=True, slots=True)
class Facing:
    """One of these is in the cell that the agent looks at after the step."""

    pattern: Named
    heading: str
    cost: float = 1.3
    is_predicate: bool = True

    def value(self, step: StepSummary) -> int:
        pattern = _resolved(self.pattern, step)
        return int(any(pattern.matches(entity) for entity in step.after.faced))

    def source(self) -> str:
        assert isinstance(self.pattern, Pattern), "the mission is known"
        tests = " and ".join(self.pattern.tests("e"))
        place = f"agent.x + agent.{self.heading}[0], agent.y + agent.{self.heading}[1]"
        return f"any({tests} for e in get_entities_by_position(next_state, {place}))"


@dataclass(frozen=True, slots=True)
class Exists:
    """There is one of these after the step."""

    pattern: Named
    cost: float = 1.1
    is_predicate: bool = True

    def value(self, step: StepSummary) -> int:
        pattern = _resolved(self.pattern, step)
        return int(any(pattern.matches(entity) for entity in step.after.things))

    def source(self) -> str:
        assert isinstance(self.pattern, Pattern), "the mission is known"
        return f"any({' and '.join(self.pattern.tests('e'))} for e in next_state)"


@dataclass(frozen=True, slots=True)
class AgentNumber:
    """An integer attribute of the agent after the step."""

    attribute: str
    cost: float = 1.5
    is_predicate: bool = False

    def value(self, step: StepSummary) -> int:
        return step.after.numbers.get(self.attribute, 0)

    def source(self) -> str:
        return f"agent.{self.attribute}"


@dataclass(frozen=True, slots=True)
class NumberChange:
    """The change in an integer attribute of the agent."""

    attribute: str
    agent_type: str
    cost: float = 1.3
    is_predicate: bool = False

    def value(self, step: StepSummary) -> int:
        return step.after.numbers.get(self.attribute, 0) - step.before.numbers.get(self.attribute, 0)

    def source(self) -> str:
        return f"(agent.{self.attribute} - get_entities_by_name(state, {self.agent_type!r})[0].{self.attribute})"


def predicates_for(
    vocabulary: Vocabulary,
    steps: Sequence[StepSummary],
    readings: Sequence[MissionReading] = (),
    lexicon: Lexicon | None = None,
) -> list[Feature]:
    """Return what can be true of a state over the vocabulary, cheapest first: the candidates for goals.

    What only concerns things that were never seen to move is left out. "Every fixed place is taken" comes before "every
    mover is in place": where there are as many movers as places they say the same, where there are more the first is
    the easier one to reach, and hypotheses are to be optimistic.

    Args:
        vocabulary: the vocabulary.
        steps: what was seen.
        readings: missions of one template.
        lexicon: their words.
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
    if vocabulary.holder is not None:
        held = {step.after.held.type for step in steps if step.after.held is not None}
        found.append(Holds(Pattern(None), vocabulary.holder, 1.0))
        found.extend(Holds(Pattern(name), vocabulary.holder, 1.1) for name in sorted(held))
    if lexicon is not None:
        found.extend(_of_nouns(vocabulary, readings, lexicon))
    vanishing = {
        name for step in steps for name, count in step.before.counts.items() if step.after.counts[name] < count
    }
    found.extend(NoneLeft(name, 1.4) for name in sorted(vanishing))
    return sorted(found, key=_by_cost)


def _by_cost(feature: Feature) -> tuple[float, str]:
    return (feature.cost, repr(feature))


def _of_nouns(vocabulary: Vocabulary, readings: Sequence[MissionReading], lexicon: Lexicon) -> Iterable[Feature]:
    """Return features of what the missions of a template name."""
    for number in range(len(readings[0].nouns) if readings else 0):
        types = sorted({reading.nouns[number].type_name or "" for reading in readings})
        yield Standing(Noun(number), 0.8)
        if vocabulary.holder is not None:
            yield Holds(Noun(number), vocabulary.holder, 0.8)
        if vocabulary.heading is not None:
            yield Facing(Noun(number), vocabulary.heading, 1.2)
        changing = {name for type_name in types for name in vocabulary.kind_attributes(type_name)}
        for meanings in lexicon.values.values():
            for name, value in meanings:
                if name in changing:
                    yield Exists(Noun(number, ((name, value),)), 0.9)


def features_for(
    vocabulary: Vocabulary,
    steps: Sequence[StepSummary],
    readings: Sequence[MissionReading] = (),
    lexicon: Lexicon | None = None,
) -> list[Feature]:
    """Return every feature over the vocabulary, cheapest first."""
    found = predicates_for(vocabulary, steps, readings, lexicon)
    found.extend(
        ChangeOn(upper, lower, 0.7 if upper in vocabulary.movers else 1.3)
        for upper in vocabulary.types
        for lower in vocabulary.types
        if upper != lower and {upper, lower} & vocabulary.movers
    )
    found.extend(CountChange(name) for name in vocabulary.types)
    for name in sorted({name for step in steps for name in step.after.numbers}):
        found += [AgentNumber(name), NumberChange(name, vocabulary.agent_type or "")]
    found.append(Unchanged())
    return sorted(found, key=_by_cost)
