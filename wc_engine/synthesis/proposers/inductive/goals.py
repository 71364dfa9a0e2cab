"""Goals to hope for while no success was ever seen: optimism (phi_2) without a language model.

A goal is a predicate over the vocabulary of the data. What the mission asks for in words comes first; of the others
the cheapest that nothing has falsified is believed. One is falsified by a state in which it holds and that was no
success.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wc_engine.synthesis.proposers.inductive.features import (
    AllOn,
    ChangeOn,
    Exists,
    Facing,
    Feature,
    Holds,
    Noun,
    SomeOn,
    Standing,
)
from wc_engine.synthesis.proposers.inductive.missions import MissionReading, Wish
from wc_engine.synthesis.proposers.inductive.reward import AdditiveReward, RewardRules
from wc_engine.synthesis.proposers.inductive.summaries import StepSummary
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["goal_hypotheses", "goals_in_words"]

_HOPED_FOR = -2.0
_NAMED = -0.5
_UNREACHABLE = 6.0


def goals_in_words(reading: MissionReading, predicates: Iterable[Feature]) -> list[Feature]:
    """Return the predicates that a mission asks for in words, what it says last first.

    Args:
        reading: the mission.
        predicates: the candidates.
    """
    found: dict[Feature, None] = {}
    candidates = list(predicates)
    for clause in reversed(reading.clauses):
        noun = Noun(clause.noun)
        if clause.wish is Wish.PUT:
            upper, lower = (reading.nouns[number].type_name for number in (clause.noun - 1, clause.noun))
            found.update((one, None) for one in candidates if one == AllOn(upper or "", lower or "", one.cost))
            continue
        wanted: list[Feature] = []
        for one in candidates:
            if (
                (clause.wish is Wish.HOLD and isinstance(one, Holds) and one.pattern == noun)
                or (clause.wish is Wish.REACH and isinstance(one, (Standing, Facing)) and one.pattern == noun)
                or (isinstance(one, Exists) and clause.value and one.pattern == Noun(clause.noun, (clause.value,)))
            ):
                wanted.append(one)
        found.update(dict.fromkeys(wanted))
    return list(found)


def goal_hypotheses(
    predicates: Iterable[Feature],
    steps: Sequence[StepSummary],
    reward: AdditiveReward | RewardRules,
    vocabulary: Vocabulary,
) -> list[Feature]:
    """Return the goals that the data leave open, most plausible first.

    Args:
        predicates: the candidates.
        steps: what was seen; none of it was a success.
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
        elif isinstance(goal, (Holds, Standing, Facing, Exists)) and isinstance(goal.pattern, Noun):
            extra += _NAMED
        return (goal.cost + extra, repr(goal))

    seen: dict[StepSummary, None] = {}
    for step in steps:
        seen[step] = seen[StepSummary(step.before, step.before, step.unchanged, step.nouns)] = None
    open_goals = [goal for goal in predicates if not any(goal.value(step) > 0 for step in seen)]
    return sorted(open_goals, key=plausibility)
