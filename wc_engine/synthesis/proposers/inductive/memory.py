"""What no rule explains is remembered: the very transition, told by what the state has that others have not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive.rows import Row

__all__ = ["Memory", "memorised"]

_MOST_REMEMBERED = 20
"""A world of which rules say less is not known, and a program that lists all that was seen explains nothing."""


@dataclass(frozen=True, slots=True)
class Memory:
    """A transition as it was seen.

    Attributes:
        action: the action.
        things: entities by which the state is told from others; what is in every state tells nothing.
        removed: entities that were gone afterwards.
        added: entities that had come.
    """

    action: str
    things: tuple[Entity, ...]
    removed: tuple[Entity, ...]
    added: tuple[Entity, ...]

    def recalls(self, state: State, action: str) -> bool:
        """Return whether this is the transition to remember."""
        return action == self.action and set(self.things) <= set(state.entities)

    def following(self, state: State) -> State:
        """Return the state that followed."""
        gone = set(self.removed)
        return State([*(entity for entity in state if entity not in gone), *self.added])


def memorised(rows: Sequence[Row], predict: Callable[[State, str], State]) -> tuple[Memory, ...]:
    """Return memories of the rows, the latest ones, that a prediction gets wrong; none contradicts another row.

    Args:
        rows: what was seen.
        predict: what rules say follows.
    """
    everywhere = set.intersection(*(set(row.transition.state.entities) for row in rows)) if rows else set()
    latest = {(row.transition.state, row.action): row for row in rows}
    wrong = [row for row in latest.values() if predict(row.transition.state, row.action) != row.transition.next_state]
    found: list[Memory] = []
    for row in wrong[-_MOST_REMEMBERED:]:
        state = row.transition.state
        told = tuple(entity for entity in state if entity not in everywhere or entity in row.removed)
        memory = Memory(row.action, told, row.removed, row.added)
        others = (one.transition for one in latest.values() if one is not row)
        if any(
            memory.recalls(one.state, one.action) and memory.following(one.state) != one.next_state for one in others
        ):
            memory = Memory(row.action, state.entities, row.removed, row.added)
        found.append(memory)
    return tuple(found)
