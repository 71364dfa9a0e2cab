"""A learned world model before it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wc_engine.synthesis.proposers.inductive.features import Feature
from wc_engine.synthesis.proposers.inductive.reward import AdditiveReward, EndRule, RewardRules
from wc_engine.synthesis.proposers.inductive.rules import TransitionRules
from wc_engine.synthesis.proposers.inductive.summaries import StepSummary

__all__ = ["HOPED_REWARD", "Draft", "MissionReward"]

HOPED_REWARD = 1.0
"""What reaching a goal that was never reached is supposed to pay."""


@dataclass(frozen=True, slots=True)
class MissionReward:
    """The reward function of one mission.

    Attributes:
        goal: a goal to hope for while no success was seen, or None.
        support: how many transitions it was learned from.
        like: the mission from which it was taken over, where this one has shown no success yet; or None.
        asked_for: the goal is what the mission asks for in words.
    """

    reward: AdditiveReward | RewardRules
    end: EndRule
    goal: Feature | None
    support: int
    like: str | None = None
    asked_for: bool = False

    def outcome(self, step: StepSummary) -> tuple[float, bool]:
        """Return reward and done of a step."""
        if self.goal is not None and self.goal.value(step) > 0:
            return HOPED_REWARD, True
        return self.reward.value(step), self.end.holds(step)


@dataclass(frozen=True, slots=True)
class Draft:
    """A learned world model: transition rules, and a reward function per mission."""

    rules: TransitionRules
    rewards: Mapping[str, MissionReward]
