"""Goals to hope for while no success was ever seen: optimism (phi_2) without a language model.

A goal is a predicate over the vocabulary of the data. The cheapest that nothing has falsified is believed; one is
falsified by a state in which it holds and the episode went on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wc_engine.synthesis.proposers.inductive.features import AllOn, ChangeOn, Feature, SomeOn, StepSummary
from wc_engine.synthesis.proposers.inductive.reward import AdditiveReward, RewardRules
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["goal_hypotheses"]

_HOPED_FOR = -2.0
_UNREACHABLE = 6.0


def goal_hypotheses(
    predicates: Iterable[Feature],
    steps: Sequence[StepSummary],
    dones: Sequence[bool],
    reward: AdditiveReward | RewardRules,
    vocabulary: Vocabulary,
) -> list[Feature]:
    """Return the goals that the data leave open, most plausible first.

    Args:
        predicates: the candidates.
        steps: what was seen.
        dones: whether each of the steps ended its episode.
        reward: the learned reward; what it pays for in part, a goal may ask for in full.
        vocabulary: the vocabulary; where the agent cannot go, no goal is expected.
    """
    paid: set[tuple[str, str]] = set()
    if isinstance(reward, AdditiveReward):
        for coefficient, feature in reward.terms:
            if isinstance(feature, (ChangeOn, SomeOn)) and coefficient > 0:
                paid.update(((feature.upper, feature.lower), (feature.lower, feature.upper)))
    blocked = {name for name, _ in vocabulary.blocking}

    def plausibility(goal: Feature) -> tuple[float, str]:
        extra = 0.0
        if isinstance(goal, (AllOn, SomeOn)):
            if (goal.upper, goal.lower) in paid:
                extra += _HOPED_FOR
            if goal.upper == vocabulary.agent_type and goal.lower in blocked:
                extra += _UNREACHABLE
        return (goal.cost + extra, goal.source())

    going_on = [step for step, done in zip(steps, dones, strict=True) if not done]
    open_goals = [goal for goal in predicates if not any(_held(goal, step) for step in going_on)]
    return sorted(open_goals, key=plausibility)


def _held(goal: Feature, step: StepSummary) -> bool:
    before = StepSummary(step.before, step.before, step.unchanged)
    return goal.value(step) > 0 or goal.value(before) > 0
