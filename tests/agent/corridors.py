"""A tiny environment: a corridor with a flag at one end, to be reached; some have a crate in the way."""

from __future__ import annotations

import random

from wc_engine.envs.protocol import Frame, RenderMode
from wc_engine.state.entities import Entity, State


class Corridor:
    """Walk to the flag; the corridor's length and the flag's end depend on the seed."""

    name = "corridor"
    actions = ("left", "right", "wave")
    max_steps = 20
    mission = "reach the flag"

    def __init__(self) -> None:
        self._state: State | None = None
        self.resets: list[int] = []

    @property
    def state(self) -> State:
        if self._state is None:
            raise RuntimeError("reset first")
        return self._state

    def reset(self, seed: int) -> tuple[State, str]:
        self.resets.append(seed)
        rng = random.Random(seed)
        length = rng.randint(4, 7)
        flag = rng.choice([1, length])
        walls = [Entity("Wall", x=x, y=0) for x in (0, length + 1)]
        self._state = State([*walls, Entity("Flag", x=flag, y=0), Entity("Walker", x=rng.randint(2, length - 1), y=0)])
        return self._state, self.mission

    def step(self, action: str) -> tuple[State, float, bool]:
        if action not in self.actions:
            raise ValueError(f"no such action: {action!r}")
        (walker,) = self.state.of_type("Walker")
        x = walker["x"] + {"left": -1, "right": 1}.get(action, 0)
        if not any(entity["x"] == x for entity in self.state.of_type("Wall")):
            others = [entity for entity in self.state if entity.type != "Walker"]
            self._state = State([*others, walker.replace(x=x)])
        (flag,), (walker,) = self.state.of_type("Flag"), self.state.of_type("Walker")
        done = flag["x"] == walker["x"]
        return self.state, 1.0 if done else 0.0, done

    def set_state(self, state: State) -> None:
        self._state = state

    def render(self, mode: RenderMode) -> Frame:
        return repr(self.state)
