"""Small random gridworlds with rules of their own, written apart from the learner: what it has to find out."""

from __future__ import annotations

import random
from dataclasses import dataclass

from wc_engine.models.dataset import Transition
from wc_engine.state.entities import Entity, State

ACTIONS = {"north": (0, -1), "south": (0, 1), "west": (-1, 0), "east": (1, 0)}
MISSION = "find out"

FREE, SOLID, PUSHED, TAKEN, SWITCHED = "free", "solid", "pushed", "taken", "switched"
"""What a type does when the agent heads for it: lets it pass, blocks it, is pushed, vanishes, or changes its state."""


@dataclass(frozen=True)
class Gridworld:
    """A room with a rim of ``Rim``, one agent of type ``Me``, and things of some types."""

    behaviours: dict[str, str]
    size: int = 6

    def random_state(self, rng: random.Random, share: float = 0.45) -> State:
        """Return a state in which about this share of the cells holds something, at most one thing a cell."""
        entities = []
        rim = (0, self.size - 1)
        cells = [(x, y) for x in range(self.size) for y in range(self.size)]
        start = rng.choice([cell for cell in cells if cell[0] not in rim and cell[1] not in rim])
        for x, y in cells:
            if x in rim or y in rim:
                entities.append(Entity("Rim", x=x, y=y))
            elif (x, y) == start:
                entities.append(Entity("Me", x=x, y=y))
            elif self.behaviours and rng.random() < share:
                name = rng.choice(sorted(self.behaviours))
                switched = self.behaviours[name] == SWITCHED
                more = {"state": rng.choice(["off", "on"])} if switched else {}
                entities.append(Entity(name, x=x, y=y, **more))
        return State(entities)

    def step(self, state: State, action: str) -> State:
        """Return the next state."""
        dx, dy = ACTIONS[action]
        (agent,) = state.of_type("Me")
        x, y = agent["x"], agent["y"]
        ahead, beyond = self._at(state, x + dx, y + dy), self._at(state, x + 2 * dx, y + 2 * dy)
        moved = {agent: agent.replace(x=x + dx, y=y + dy)}
        kinds = {self._behaviour(entity): entity for entity in ahead}
        if SOLID in kinds:
            return state
        if SWITCHED in kinds:
            return self._with(state, {kinds[SWITCHED]: kinds[SWITCHED].replace(state="on")})
        if PUSHED in kinds:
            if any(self._behaviour(entity) != FREE for entity in beyond):
                return state
            box = kinds[PUSHED]
            return self._with(state, {box: box.replace(x=x + 2 * dx, y=y + 2 * dy), **moved})
        if TAKEN in kinds:
            return self._with(state, {kinds[TAKEN]: None, **moved})
        return self._with(state, moved)

    def transitions(self, rng: random.Random, count: int, length: int = 6) -> list[Transition]:
        """Return random play, a new random state every ``length`` steps."""
        found: list[Transition] = []
        state = State()
        for index in range(count):
            if index % length == 0:
                state = self.random_state(rng)
            action = rng.choice(sorted(ACTIONS))
            following = self.step(state, action)
            found.append(Transition("gridworld", MISSION, state, action, following, 0.0, False))
            state = following
        return found

    def _behaviour(self, entity: Entity) -> str:
        return SOLID if entity.type == "Rim" else self.behaviours.get(entity.type, FREE)

    @staticmethod
    def _at(state: State, x: int, y: int) -> list[Entity]:
        return [entity for entity in state if entity["x"] == x and entity["y"] == y]

    @staticmethod
    def _with(state: State, changes: dict[Entity, Entity | None]) -> State:
        replaced = [changes.get(entity, entity) for entity in state]
        return State(entity for entity in replaced if entity is not None)
