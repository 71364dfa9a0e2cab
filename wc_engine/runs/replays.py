"""The states of a run's episodes in a form that a page can carry: each entity once, frames as lists of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from wc_engine.agent.event_log import StepLine
from wc_engine.models.dataset import Transition
from wc_engine.runs.run_records import RunRecord
from wc_engine.state.codec import JsonObject, entity_to_json
from wc_engine.state.entities import Entity, State

__all__ = ["replay_data"]


def replay_data(record: RunRecord) -> dict[str, object]:
    """Return the replay of every episode, also of one that was broken off, as JSON values.

    ``entities`` lists all entities; an episode has the numbers of those that are in all of its states (``fixed``), and
    for each of its states those of the others (``frames``). ``steps`` has action, reason, reward and done of what leads
    from one frame to the next.
    """
    transitions = record.transitions()
    reasons = {line.step: line.reason for line in record.events if isinstance(line, StepLine)}
    table = _EntityTable()
    episodes = []
    ended = record.episodes
    for line in ended:
        own = transitions[line.first_step : line.first_step + line.steps]
        episodes.append(_episode(table, own, line.episode, line.end, line.first_step, reasons))
    first = ended[-1].first_step + ended[-1].steps if ended else 0
    episodes.append(_episode(table, transitions[first:], len(ended) + 1, "broken off", first, reasons))
    return {"entities": table.entities, "episodes": [one for one in episodes if one["steps"]]}


class _EntityTable:
    """Numbers for entities, in the order in which they come up."""

    def __init__(self) -> None:
        self.entities: list[JsonObject] = []
        self._numbers: dict[Entity, int] = {}

    def numbers(self, state: State) -> list[int]:
        """Return the numbers of a state's entities."""
        result = []
        for entity in state:
            number = self._numbers.get(entity)
            if number is None:
                number = self._numbers[entity] = len(self.entities)
                self.entities.append(entity_to_json(entity))
            result.append(number)
        return result


def _episode(
    table: _EntityTable,
    transitions: Sequence[Transition],
    number: int,
    end: str,
    first_step: int,
    reasons: dict[int, str],
) -> dict[str, object]:
    states = [table.numbers(one.state) for one in transitions[:1]]
    states += [table.numbers(one.next_state) for one in transitions]
    # Entities may be in a state twice: only those that are there once in each can be told apart from the frames.
    fixed = {number for number in (states[0] if states else ()) if all(state.count(number) == 1 for state in states)}
    return {
        "number": number,
        "end": end,
        "env": transitions[0].env if transitions else "",
        "mission": transitions[0].mission if transitions else "",
        "fixed": sorted(fixed),
        "frames": [[number for number in state if number not in fixed] for state in states],
        "steps": [
            [one.action, reasons.get(step, ""), one.reward, one.done]
            for step, one in enumerate(transitions, start=first_step + 1)
        ],
    }
