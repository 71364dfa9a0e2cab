"""What a world model is to its users: one step, and its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from wc_engine.state.entities import State

__all__ = ["REWARD_TOLERANCE", "StepOutcome", "WorldModel"]

REWARD_TOLERANCE = 1e-6
"""Rewards within this distance are the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """The outcome of one step inside a model. A step fails when either half of the program does.

    Attributes:
        next_state: the predicted state, or None where ``transition`` failed.
        reward: the reward, or None where ``reward_func`` failed or was not reached.
        done: whether the episode ends, or None likewise.
        transition_error: why ``transition`` failed (``"KeyError: 'x'"``), or None.
        reward_error: why ``reward_func`` failed, or None.
        out_of_limits: the step outran its time or memory limit (no agreement is asked of such steps).
    """

    next_state: State | None
    reward: float | None
    done: bool | None
    transition_error: str | None = None
    reward_error: str | None = None
    out_of_limits: bool = False

    @property
    def failed(self) -> bool:
        """Whether the step is a dead end."""
        return self.transition_error is not None or self.reward_error is not None


@runtime_checkable
class WorldModel(Protocol):
    """Anything that predicts steps."""

    def step(self, state: State, action: str, *, mission: str | None = None) -> StepOutcome:
        """Predict one step from ``state``; a failing program gives a failed outcome, not an exception."""
        ...
