"""What happens to the agent where it arrives: a step in two halves, the move and what the new cell does.

A box is pushed off a teleporter, the agent steps onto it and stands on the other one. As one outcome this would have
to be learned apart from the plain step, the push, and whatever else moves the agent. In two halves the move is the
rule that is known already, and one rule says what arriving does.
"""

from __future__ import annotations

from dataclasses import replace

from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive.rows import Row, first_of
from wc_engine.synthesis.proposers.inductive.scene import AHEAD, Position, Scene, position_of
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["ARRIVAL", "split_arrival"]

ARRIVAL = "arrive"
"""The action of the second half."""


def split_arrival(row: Row, scene: Scene, vocabulary: Vocabulary) -> tuple[Row, Row | None]:
    """Return the first half of a row, and its second half where the agent enters a cell that may do something.

    Args:
        row: the row.
        scene: its scene.
        vocabulary: the vocabulary; cells with one of a pair may do something.
    """
    ahead, end = scene.places.get(AHEAD), _end(row, scene)
    if not vocabulary.pairs or ahead is None or end is None:
        return row, None
    portals = {entity.type for entity in scene.cells.get(ahead, ())} & set(vocabulary.pairs)
    here = position_of(scene.agent)
    if end == here and not any(entity.type in portals for entity in scene.cells.get(end, ())):
        return row, None  # nothing took the agent back to where it stands: it did not move
    if not portals:
        return row, None
    whole = row.transition
    halfway = whole.next_state
    if end != ahead:
        if not any(entity.type in portals for entity in row.next_cells.get(end, ())):
            return row, None
        halfway = _with_agent_at(whole.next_state, scene.agent.type, ahead)
        row = Row(replace(whole, next_state=halfway))
    return row, Row(replace(whole, state=halfway, action=ARRIVAL))


def _end(row: Row, scene: Scene) -> Position | None:
    agent = first_of(row.transition.next_state, scene.agent.type)
    return None if agent is None else position_of(agent)


def _with_agent_at(state: State, agent_type: str, place: Position) -> State:
    def moved(entity: Entity) -> Entity:
        return entity.replace(x=place[0], y=place[1]) if entity.type == agent_type else entity

    return State(moved(entity) for entity in state)
