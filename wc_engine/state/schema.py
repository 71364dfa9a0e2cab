"""Schemas: which entity types there are, their attributes, and the values that each attribute takes.

A schema is what a compilation is made for. It is inferred from states and widened as states with new values arrive; an
integer's range is rounded up to a power of two, so that a slightly larger level does not ask for a new one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from wc_engine.errors import EncodingError
from wc_engine.state.census import Census, take_census
from wc_engine.state.entities import Entity, State, Value, canonical_key

__all__ = [
    "MAX_FIXED_COUNT",
    "Domain",
    "EntityType",
    "EnumDomain",
    "IntDomain",
    "Schema",
    "infer_schema",
    "widen_schema",
]


MAX_FIXED_COUNT = 8
"""Code is laid out for an exact number of entities of a type up to this many."""


@dataclass(frozen=True, slots=True)
class IntDomain:
    """The integers from ``low`` to ``high``, both included."""

    low: int
    high: int

    @property
    def size(self) -> int:
        """The number of values."""
        return self.high - self.low + 1

    def code(self, value: Value) -> int | None:
        """Return the code of ``value``, 0 up; None where the domain lacks it. Codes order as the values do."""
        if type(value) is int and self.low <= value <= self.high:
            return value - self.low
        return None

    def value(self, code: int) -> Value:
        """Return the value of a code."""
        return self.low + code


@dataclass(frozen=True, slots=True)
class EnumDomain:
    """A finite set of values of any kind, in canonical order."""

    values: tuple[Value, ...]

    @property
    def size(self) -> int:
        """The number of values."""
        return len(self.values)

    def code(self, value: Value) -> int | None:
        """Return the index of ``value``; None where the domain lacks it. Codes order as the values do."""
        key = canonical_key(value)
        for index, candidate in enumerate(self.values):
            if canonical_key(candidate) == key:
                return index
        return None

    def value(self, code: int) -> Value:
        """Return the value of a code."""
        return self.values[code]


Domain = IntDomain | EnumDomain


@dataclass(frozen=True, slots=True)
class EntityType:
    """A type of entities: its name and its attributes with their domains, in order of name.

    Attributes:
        count: how many there are in every state; None where that differs from state to state, or is more than
            ``MAX_FIXED_COUNT``.
        most: where the number differs, how many there can be at most; None for any number.
    """

    name: str
    attributes: tuple[tuple[str, Domain], ...]
    count: int | None = None
    most: int | None = None

    @property
    def places(self) -> int | None:
        """How many places a state has for entities of the type, where that is always the same number."""
        return self.most if self.count is None else self.count

    def domain(self, attribute: str) -> Domain | None:
        """Return the domain of an attribute, or None where the type has no such attribute."""
        for name, domain in self.attributes:
            if name == attribute:
                return domain
        return None

    @property
    def attribute_names(self) -> tuple[str, ...]:
        """The names of the attributes, sorted."""
        return tuple(name for name, _ in self.attributes)


@dataclass(frozen=True, slots=True)
class Schema:
    """Entity types in order of name: the order in which a canonical state lists them."""

    types: tuple[EntityType, ...]

    def type(self, name: str) -> EntityType | None:
        """Return the type of that name, or None."""
        for entity_type in self.types:
            if entity_type.name == name:
                return entity_type
        return None

    def with_free_counts(self) -> Schema:
        """Return the schema for any numbers of entities."""
        return Schema(tuple(replace(entity_type, count=None, most=None) for entity_type in self.types))

    def with_most(self, most: Mapping[str, int]) -> Schema:
        """Return the schema for at most so many entities of the given types."""
        return Schema(
            tuple(replace(one, count=None, most=most[one.name]) if one.name in most else one for one in self.types)
        )

    def with_counts(self, counts: Mapping[str, int]) -> Schema:
        """Return the schema for exactly so many entities of the given types; any number, where that is too many."""
        return Schema(
            tuple(
                replace(entity_type, count=_fixed_count({counts[entity_type.name]}))
                if entity_type.name in counts
                else entity_type
                for entity_type in self.types
            )
        )

    def check_counts(self, state: State) -> None:
        """Check how many entities of each type there are.

        Raises:
            EncodingError: there is another number of a type of which every state has the same, or an entity of a type
                that the schema lacks: native code would not see it.
        """
        numbers = Counter(entity.type for entity in state)
        for name in numbers.keys() - {entity_type.name for entity_type in self.types}:
            raise EncodingError(f"the schema has no entity type {name!r}")
        self.check_numbers(numbers)

    def check_numbers(self, numbers: Mapping[str, int]) -> None:
        """Raise ``EncodingError`` where there is another number of a type than the schema has, or more."""
        for entity_type in self.types:
            number = numbers.get(entity_type.name, 0)
            if entity_type.count is not None and number != entity_type.count:
                raise EncodingError(f"{number} entities of type {entity_type.name}, the schema has {entity_type.count}")
            if entity_type.most is not None and number > entity_type.most:
                raise EncodingError(
                    f"{number} entities of type {entity_type.name}, the schema has {entity_type.most} at most"
                )

    def has_counts(self, numbers: Mapping[str, int]) -> bool:
        """Whether the schema fixes no other numbers for the given types."""
        return all(
            one.count in (None, numbers.get(one.name, one.count))
            and (one.most is None or numbers.get(one.name, 0) <= one.most)
            for one in self.types
        )

    def fits(self, state: State) -> bool:
        """Whether every entity of ``state`` has a known type, its attributes and values of their domains."""
        try:
            self.check_counts(state)
            for entity in state:
                self.codes(entity)
        except EncodingError:
            return False
        return True

    def codes(self, entity: Entity) -> tuple[int, ...]:
        """Return the code of each attribute, in order of name.

        Raises:
            EncodingError: the entity does not fit the schema.
        """
        entity_type = self.type(entity.type)
        if entity_type is None:
            raise EncodingError(f"the schema has no entity type {entity.type!r}")
        attributes = entity.attributes
        if tuple(attributes) != entity_type.attribute_names:
            raise EncodingError(
                f"{entity!r} has the attributes {list(attributes)}, "
                f"the schema expects {list(entity_type.attribute_names)}"
            )
        codes = []
        for name, domain in entity_type.attributes:
            code = domain.code(attributes[name])
            if code is None:
                raise EncodingError(f"the value {attributes[name]!r} of {entity.type}.{name} is outside the schema")
            codes.append(code)
        return tuple(codes)


def _round_range(low: int, high: int) -> IntDomain:
    """Round a range outwards to a power of two, from 0 where nothing is negative."""
    if low >= 0:
        size = 4
        while size <= high:
            size *= 2
        return IntDomain(0, size - 1)
    size = 4
    while not (-size <= low and high < size):
        size *= 2
    return IntDomain(-size, size - 1)


def _domain_of(values: list[Value]) -> Domain:
    if all(type(value) is int for value in values):
        numbers = [value for value in values if type(value) is int]
        return _round_range(min(numbers), max(numbers))
    distinct = {canonical_key(value): value for value in values}
    return EnumDomain(tuple(distinct[key] for key in sorted(distinct)))


def _share_ranges(types: tuple[EntityType, ...]) -> Schema:
    """Give int attributes of one name the same range in all types: where walls can be, a box can get to."""
    ranges: dict[str, IntDomain] = {}
    for entity_type in types:
        for name, domain in entity_type.attributes:
            if isinstance(domain, IntDomain):
                known = ranges.get(name, domain)
                ranges[name] = _round_range(min(known.low, domain.low), max(known.high, domain.high))
    return Schema(
        tuple(
            replace(
                entity_type,
                attributes=tuple(
                    (name, ranges[name] if isinstance(domain, IntDomain) else domain)
                    for name, domain in entity_type.attributes
                ),
            )
            for entity_type in types
        )
    )


def _fixed_count(counts: set[int]) -> int | None:
    number = max(counts)
    return number if len(counts) == 1 and number <= MAX_FIXED_COUNT else None


def infer_schema(states: Iterable[State] | Census) -> Schema:
    """Return the narrowest schema that ``states`` fit, with integer ranges rounded up.

    Raises:
        EncodingError: two entities of one type have different attributes.
    """
    census = states if isinstance(states, Census) else take_census(states)
    names: dict[str, tuple[str, ...]] = {}
    values: dict[tuple[str, str], dict[tuple[object, ...], Value]] = {}
    for entity in census.entities:
        attributes = entity.attributes
        known = names.setdefault(entity.type, tuple(attributes))
        if known != tuple(attributes):
            raise EncodingError(
                f"entities of type {entity.type} differ in their attributes: {list(known)} and {list(attributes)}"
            )
        for name, value in attributes.items():
            values.setdefault((entity.type, name), {})[canonical_key(value)] = value
    return _share_ranges(
        tuple(
            EntityType(
                type_name,
                tuple((name, _domain_of(list(values[type_name, name].values()))) for name in names[type_name]),
                _fixed_count({counts[type_name] for counts, _ in census.compositions}),
            )
            for type_name in sorted(names)
        )
    )


def _join_domains(first: Domain, second: Domain) -> Domain:
    if isinstance(first, IntDomain) and isinstance(second, IntDomain):
        return _round_range(min(first.low, second.low), max(first.high, second.high))
    values = [domain.value(code) for domain in (first, second) for code in range(domain.size)]
    return _domain_of(values)


def widen_schema(schema: Schema, states: Iterable[State] | Census) -> Schema:
    """Return a schema that ``states`` and everything that fits ``schema`` fit.

    Raises:
        EncodingError: an entity's attributes differ from those of its type.
    """
    added = infer_schema(states)
    types = {entity_type.name: entity_type for entity_type in schema.types}
    for name in types.keys() - {entity_type.name for entity_type in added.types}:
        types[name] = replace(types[name], count=None, most=None)
    for new in added.types:
        old = types.get(new.name)
        if old is None:
            types[new.name] = replace(new, count=None)
            continue
        if old.attribute_names != new.attribute_names:
            raise EncodingError(
                f"entities of type {new.name} differ in their attributes: "
                f"{list(old.attribute_names)} and {list(new.attribute_names)}"
            )
        pairs = zip(old.attributes, new.attributes, strict=True)
        types[new.name] = EntityType(
            new.name,
            tuple((name, _join_domains(left, right)) for (name, left), (_, right) in pairs),
            old.count if old.count == new.count else None,
        )
    return _share_ranges(tuple(types[name] for name in sorted(types)))
