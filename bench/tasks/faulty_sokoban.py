"""A language model that is none: it knows the right program, and makes and repairs mistakes by chance.

What it simulates, and no more: programs have some of a known list of faults. A refinement repairs one that it concerns
with a probability that differs from fault to fault and from program to program (some are dead ends, as programs of real
models are); it may bring in a new fault, and often changes nothing. The programs themselves are real: they run, are
judged on real transitions, and plans in them are sought.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from wc_engine.errors import SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.synthesis import ArmKind, ProposalRequest

__all__ = ["FAULTS", "Fault", "SimulatedModel", "program_with"]

RIGHT = """
class Entity:
    def __init__(self, x, y):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y

class Player(Entity): pass
class Box(Entity): pass
class Target(Entity): pass
class Wall(Entity): pass

MOVES = {'up': (0, -1), 'down': (0, 1), 'left': (-1, 0), 'right': (1, 0)}

def at(state, x, y, name):
    return [entity for entity in state if entity.name == name and entity.x == x and entity.y == y]

def solved(state):
    return all(at(state, box.x, box.y, 'Target') for box in state if box.name == 'Box')

def placed(state):
    return sum(1 for box in state if box.name == 'Box' and at(state, box.x, box.y, 'Target'))

def transition(state, action):
    dx, dy = MOVES[action.replace('move ', '').replace('push ', '')]
    player = [entity for entity in state if entity.name == 'Player'][0]
    x, y = player.x + dx, player.y + dy
    if at(state, x, y, 'Wall'):
        return state
    boxes = at(state, x, y, 'Box')
    if boxes:
        if at(state, x + dx, y + dy, 'Wall'):
            return state
        if at(state, x + dx, y + dy, 'Box'):
            return state
        boxes[0].x, boxes[0].y = x + dx, y + dy
    player.x, player.y = x, y
    return state

def reward_func(state, action, next_state):
    reward = -0.1
    gained = placed(next_state) - placed(state)
    if gained > 0:
        reward += 1.0
    if gained < 0:
        reward -= 1.0
    done = solved(next_state)
    if done:
        reward += 10.0
    return reward, done
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake.

    Attributes:
        name: what goes wrong.
        kind: the refinement that can repair it.
        right: a piece of the right program.
        wrong: what stands in its place.
        ease: the probability that a request repairs it.
    """

    name: str
    kind: ArmKind
    right: str
    wrong: str
    ease: float


_T, _R = ArmKind.REFINE_TRANSITION, ArmKind.REFINE_REWARD
FAULTS = (
    Fault("left leads right", _T, "'left': (-1, 0)", "'left': (1, 0)", 0.5),
    Fault("up is down", _T, "'up': (0, -1)", "'up': (0, 1)", 0.5),
    Fault("through walls", _T, "    if at(state, x, y, 'Wall'):\n        return state\n", "", 0.4),
    Fault("boxes into walls", _T, "        if at(state, x + dx, y + dy, 'Wall'):\n            return state\n", "", 0.2),
    Fault("boxes stay", _T, "        boxes[0].x, boxes[0].y = x + dx, y + dy\n", "", 0.4),
    Fault("down is free", _R, "reward = -0.1", "reward = 0.0 if 'down' in action else -0.1", 0.5),
    Fault("nothing for a box", _R, "        reward += 1.0\n", "        pass\n", 0.3),
    Fault("no loss for a box", _R, "        reward -= 1.0\n", "        pass\n", 0.2),
    Fault("never done", ArmKind.REFINE_TO_PLAN, "done = solved(next_state)", "done = False", 0.3),
)
"""The mistakes that programs of the simulated model have."""


def program_with(faults: Sequence[Fault], style: int = 0) -> str:
    """Return the program with these faults; the style changes its text and not what it does."""
    text = RIGHT
    for fault in faults:
        assert fault.right in text
        text = text.replace(fault.right, fault.wrong)
    return f"STYLE = {style}\n{text}"


class SimulatedModel:
    """Proposes programs with fewer faults, with as many, and sometimes with more.

    Args:
        fresh: the probability of each fault in a program from nothing.
        worse: the probability that a refinement brings a fault in.
        dead_ends: the share of programs from nothing whose faults are repaired five times less often, and those of all
            that is refined from them.
    """

    name = "simulated"

    def __init__(self, *, fresh: float = 0.7, worse: float = 0.15, dead_ends: float = 0.6) -> None:
        self._fresh = fresh
        self._worse = worse
        self._dead_ends = dead_ends
        self._dead_end_texts: set[str] = set()
        self._style = 0

    def propose_all(
        self, transitions: Sequence[Transition], requests: Sequence[ProposalRequest], rng: random.Random
    ) -> list[str | SynthesisError | None]:
        """Return a program for each request."""
        return [self._propose(request, rng) for request in requests]

    def _propose(self, request: ProposalRequest, rng: random.Random) -> str:
        if request.parent is None:
            faults = tuple(fault for fault in FAULTS if rng.random() < self._fresh)
            return self._written(faults, rng.random() < self._dead_ends)
        text = request.parent.text  # perhaps joined of two others
        faults = tuple(fault for fault in FAULTS if fault.right not in text)
        is_dead_end = text in self._dead_end_texts
        concerned = [fault for fault in faults if fault.kind is request.kind]
        if concerned:
            fault = rng.choice(concerned)
            if rng.random() < fault.ease / (5 if is_dead_end else 1):
                faults = tuple(other for other in faults if other is not fault)
        absent = [fault for fault in FAULTS if fault not in faults]
        if absent and rng.random() < self._worse:
            more = rng.choice(absent)
            faults = tuple(fault for fault in FAULTS if fault in faults or fault is more)
        return self._written(faults, is_dead_end)

    def _written(self, faults: tuple[Fault, ...], is_dead_end: bool) -> str:
        self._style += 1  # models do not repeat themselves to the letter
        text = program_with(faults, self._style)
        if is_dead_end:
            self._dead_end_texts.add(text)
        return text
