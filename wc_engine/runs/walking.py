"""Random walks inside a model: the next state of a step is the model's own prediction."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wc_engine.models.base import StepOutcome
from wc_engine.models.requests import RunningModel, StepRequest
from wc_engine.state.entities import State

__all__ = ["WALK_STEPS", "Walks", "follow_walks"]

WALK_STEPS = 20
"""Steps of a walk that neither fails nor is done before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walks:
    """Which walks to follow.

    Attributes:
        starts: states to start from, each with its mission; drawn evenly.
        actions: the actions, drawn evenly at each step.
        count: how many walks.
        seed: decides the draws; the draws of a walk do not depend on the other walks.
    """

    starts: Sequence[tuple[State, str]]
    actions: Sequence[str]
    count: int
    seed: int


def follow_walks(walks: Walks, model: RunningModel) -> Iterator[tuple[StepRequest, StepOutcome]]:
    """Yield every step of every walk with its outcome; a walk ends where a step fails or is done.

    All walks go on together, so that the model answers one batch for each step.
    """
    draws = [random.Random(f"walk {walks.seed} {number}") for number in range(walks.count)]
    waiting = [(draw, *draw.choice(walks.starts)) for draw in draws]
    for _ in range(WALK_STEPS):
        requests = [StepRequest(state, draw.choice(walks.actions), mission) for draw, state, mission in waiting]
        outcomes = model.step_many(requests)
        yield from zip(requests, outcomes, strict=True)
        waiting = [
            (draw, outcome.next_state, mission)
            for (draw, _, mission), outcome in zip(waiting, outcomes, strict=True)
            if outcome.next_state is not None and not outcome.failed and not outcome.done
        ]
