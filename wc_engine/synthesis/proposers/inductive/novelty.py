"""Novelty of context: which (state, action) would show something that was never tried.

A *context* is what rules can see of a step: what is in the slots before the agent. Two steps of equal context are the
same to every rule, so trying one of them is enough, and a world explored by contexts is known after tens of steps
where random play takes hundreds.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from wc_engine.models.dataset import Transition
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive.rows import RowCache, first_of
from wc_engine.synthesis.proposers.inductive.scene import Cells, Scene, Slot, cells_of, position_of
from wc_engine.synthesis.proposers.inductive.vocabulary import Kind, Vocabulary, infer_vocabulary

__all__ = ["ContextIndex"]


_ENOUGH_BEYOND = 3
"""What blocks the agent and did not move with so many different things behind it is believed to be fixed."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What rules can see of a step: what is ahead (with the rest of what is near), and what is beyond."""

    near: Hashable
    beyond: Hashable
    may_move: bool


class ContextIndex:
    """The contexts that some transitions have shown."""

    def __init__(self) -> None:
        self._rows = RowCache()
        self._vocabulary = Vocabulary(directions={}, state_attributes={})
        self._tried: dict[Hashable, set[Hashable]] = {}
        self._num_seen = 0

    def update(self, transitions: Sequence[Transition]) -> None:
        """Take in transitions: those of the last call, and perhaps more behind them."""
        rows = self._rows.rows(transitions)
        vocabulary = infer_vocabulary(rows)
        if vocabulary != self._vocabulary:
            # Contexts are told apart by the vocabulary: with a new one, all are named anew.
            self._vocabulary, self._tried, self._num_seen = vocabulary, {}, 0
        for row in rows[self._num_seen :]:
            context = self._context(row.transition.state, row.cells, row.action)
            self._tried.setdefault(context.near, set()).add(context.beyond)
        self._num_seen = len(rows)

    def novel_actions(self, state: State, actions: Sequence[str]) -> list[str]:
        """Return the actions whose context in a state was never tried."""
        cells = cells_of(state)
        return [action for action in actions if self._is_novel(self._context(state, cells, action))]

    def _is_novel(self, context: _Context) -> bool:
        beyond = self._tried.get(context.near)
        if beyond is None:
            return True
        return context.beyond not in beyond and (context.may_move or len(beyond) < _ENOUGH_BEYOND)

    def _context(self, state: State, cells: Cells, action: str) -> _Context:
        words = self._vocabulary
        agent = None if words.agent_type is None else first_of(state, words.agent_type)
        if agent is None:
            return _Context(action, None, False)
        direction = words.directions.get(action)
        scene = Scene(cells, agent, action, direction)
        own = tuple((name, value) for name, value in agent.attributes.items() if name not in ("x", "y"))
        if direction is None:
            return _Context((action, own, self._neighbourhood(agent, cells)), None, False)
        here, ahead = self._kinds(scene.occupants(Slot.HERE)), self._kinds(scene.occupants(Slot.AHEAD))
        # What lies beyond matters only where something ahead blocks the agent, and might go there.
        blocked = any(kind in words.blocking for kind in ahead)
        beyond = self._kinds(scene.occupants(Slot.BEYOND)) if blocked else None
        return _Context((own, here, ahead), beyond, any(name in words.movers for name, _ in ahead))

    def _neighbourhood(self, agent: Entity, cells: Cells) -> Hashable:
        x, y = position_of(agent) or (0, 0)
        return tuple(
            self._kinds([entity for entity in cells.get((x + dx, y + dy), ()) if entity.type != agent.type])
            for dy in (-1, 0, 1)
            for dx in (-1, 0, 1)
        )

    def _kinds(self, entities: Sequence[Entity]) -> tuple[Kind, ...]:
        return tuple(sorted({self._vocabulary.kind(entity) for entity in entities}, key=repr))
