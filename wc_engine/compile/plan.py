"""What one staging run learns for the next: decisions that turned out too optimistic."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.errors import UnsupportedConstructError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wc_engine.compile.stage.shapes import Shape
    from wc_engine.errors import SourceLocation

__all__ = ["USUAL", "Assumptions", "CompilePlan", "FixedNumberNeeded", "Restart", "Site", "mentions"]

Site = tuple[int, int]
"""A place in the source: (line, column)."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What code assumes, with guards, of entities that a program leaves as they were.

    Attributes:
        optimistic: static entities are neither hidden nor removed where that depends on the state.
        unchanging: entity types that stay as they are whatever the program's text says.
    """

    optimistic: bool = True
    unchanging: frozenset[str] = frozenset()

    def without(self) -> Assumptions:
        """Return no assumptions."""
        return Assumptions(optimistic=False)


USUAL = Assumptions()
"""What is assumed of a program of which nothing is known."""


@dataclass(frozen=True, slots=True)
class CompilePlan:
    """Decisions of one staging run.

    Attributes:
        dynamic_types: entity types that a transition may change; the others are kept outside the packed state.
        eager_sites: comprehensions whose elements must be computed where they stand, because what they read changes
            before they are used.
        run_time_lists: (place, shape of the elements) of lists that need memory at run time; None where no element
            of theirs was seen yet.
        capacity: rows of a dynamic type that there is room for in scratch memory.
        object_types: dynamic types of a fixed number of entities that are followed one by one, as the entities that a
            program makes are: these can get any attribute, and any value in it.
        filled_lists: places of lists in memory that take even all rows of a type, which else stay known beside it.
        references: lists in memory hold entities that are made outside of loops by reference, so that these can change.
        nullable: (type, attribute) of columns that must be able to hold None beside what the schema says.
        assumptions: what is guarded in place of being followed.
        unrolled: loops over types of which there is a fixed number of entities that are followed round by round: what
            they put in a dict has nothing in common otherwise.
        few_rounds: loops without a count that are followed round by round, until no path goes on: a list that grows in
            them stays known.
        many_rounds: such loops of which paths were found to go on after some rounds.
        by_verb: functions (``transition``, ``reward_func``) that are followed once for each verb of the actions: what
            they make of the words of one differs too much from what they make of another's.
        hashed_types: types whose rows are kept as they were given, beside what becomes of them: their hashes in the
            state's set.
        searches: ``for`` statements that look for their one element first, and run their body behind that search.
    """

    dynamic_types: frozenset[str] = frozenset()
    eager_sites: frozenset[Site] = frozenset()
    run_time_lists: tuple[tuple[Site, Shape | None], ...] = ()
    capacity: int = 64
    object_types: frozenset[str] = frozenset()
    filled_lists: frozenset[Site] = frozenset()
    references: bool = False
    nullable: frozenset[tuple[str, str]] = frozenset()
    assumptions: Assumptions = USUAL
    by_verb: frozenset[str] = frozenset()
    unrolled: frozenset[Site] = frozenset()
    searches: frozenset[Site] = frozenset()
    few_rounds: frozenset[Site] = frozenset()
    many_rounds: frozenset[Site] = frozenset()
    hashed_types: frozenset[str] = frozenset()

    def with_dynamic_type(self, type_name: str) -> CompilePlan:
        """Return the plan with one more dynamic type.

        Lists that hold its rows are met anew: what is copied is another row now, not the same.
        """
        lists = tuple((site, None if mentions(shape, type_name) else shape) for site, shape in self.run_time_lists)
        return replace(self, dynamic_types=self.dynamic_types | {type_name}, run_time_lists=lists)

    def with_object_type(self, type_name: str) -> CompilePlan:
        """Return the plan with one more type whose entities are followed one by one.

        What lists hold changes with that, and many need no memory any more: they are met anew.
        """
        return replace(self, object_types=self.object_types | {type_name}, run_time_lists=())

    def with_references(self) -> CompilePlan:
        """Return the plan with entities in lists by reference; what lists hold is met anew."""
        return replace(self, references=True, run_time_lists=())

    def with_nullable(self, type_name: str, attribute: str) -> CompilePlan:
        """Return the plan with one more column that can hold None."""
        return replace(self, nullable=self.nullable | {(type_name, attribute)})

    def with_verbs(self, function: str) -> CompilePlan:
        """Return the plan with one more function that is followed verb by verb.

        What grows by a different number of elements for each verb has a known length for one: lists are met anew.
        """
        return replace(self, by_verb=self.by_verb | {function}, run_time_lists=())

    def with_unrolled(self, site: Site) -> CompilePlan:
        """Return the plan with one more loop that is followed round by round."""
        return replace(self, unrolled=self.unrolled | {site})

    def with_hashed_type(self, type_name: str) -> CompilePlan:
        """Return the plan with one more type whose rows are kept as they were given."""
        return replace(self, hashed_types=self.hashed_types | {type_name})

    def with_searches(self, sites: Iterable[Site]) -> CompilePlan:
        """Return the plan with more loops that look for their one element first."""
        return replace(self, searches=self.searches.union(sites))

    def with_few_rounds(self, site: Site) -> CompilePlan:
        """Return the plan with one more loop without a count that is followed round by round."""
        return replace(self, few_rounds=self.few_rounds | {site})

    def with_many_rounds(self, site: Site) -> CompilePlan:
        """Return the plan with one more loop that cannot be followed so."""
        return replace(self, few_rounds=self.few_rounds - {site}, many_rounds=self.many_rounds | {site})

    def without_few_rounds(self) -> CompilePlan | None:
        """Return the plan with no loop followed round by round that has no count; None where none was."""
        if not self.few_rounds:
            return None
        return replace(self, few_rounds=frozenset(), many_rounds=self.many_rounds | self.few_rounds)

    def with_filled_lists(self, sites: Iterable[Site]) -> CompilePlan:
        """Return the plan with the lists made at some places wholly in memory."""
        return replace(self, filled_lists=self.filled_lists.union(sites))

    def with_eager_site(self, site: Site) -> CompilePlan:
        """Return the plan with one more comprehension computed where it stands."""
        return replace(self, eager_sites=self.eager_sites | {site})

    def with_run_time_list(self, site: Site, shape: Shape | None) -> CompilePlan:
        """Return the plan with the list made at ``site`` in memory, its elements in ``shape``."""
        others = tuple(entry for entry in self.run_time_lists if entry[0] != site)
        return replace(self, run_time_lists=(*others, (site, shape)))

    def in_memory(self, site: Site) -> bool:
        """Whether the lists made at ``site`` lie in memory."""
        return any(known == site for known, _ in self.run_time_lists)


def mentions(shape: object, type_name: str) -> bool:
    """Whether rows of a type are in a shape."""
    if isinstance(shape, tuple):
        return any(mentions(part, type_name) for part in shape)
    if not is_dataclass(shape):
        return False
    if getattr(shape, "type_name", None) == type_name:
        return True
    return any(mentions(getattr(shape, field.name), type_name) for field in fields(shape))


class FixedNumberNeeded(UnsupportedConstructError):
    """A refusal that would not be one if there were the same number of entities of a type in every state.

    Attributes:
        type_name: the type.
    """

    def __init__(self, message: str, location: SourceLocation | None, type_name: str) -> None:
        self.type_name = type_name
        super().__init__(message, location)


class Restart(Exception):
    """A decision was too optimistic: stage again with this plan.

    Attributes:
        plan: the plan.
        afresh: what lists turned out to hold in this run says nothing of the next.
    """

    def __init__(self, plan: CompilePlan, *, afresh: bool = False) -> None:
        self.plan = plan
        self.afresh = afresh
        super().__init__("stage again")
