"""Learning the reward function of one mission: a sparse sum of features, and a condition for the end.

    reward = constant + sum of at most three (coefficient x feature)

is sought first, the cheapest that fits every transition. Where there is none, rewards become rules: conditions per
value, found by the set cover that learns transition rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from wc_engine.synthesis.constraints import REWARD_TOLERANCE
from wc_engine.synthesis.proposers.inductive.cover import Column, learn_cover
from wc_engine.synthesis.proposers.inductive.features import Feature, bound
from wc_engine.synthesis.proposers.inductive.missions import Pattern
from wc_engine.synthesis.proposers.inductive.summaries import StepSummary

__all__ = ["AdditiveReward", "Comparison", "EndRule", "RewardRules", "learn_end", "learn_reward"]

_MAX_TERMS = 3
_MAX_COLUMNS = 24
_COEFFICIENT_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of a feature with 0 that a step can pass: ``feature > 0``, ``feature < 0`` or ``feature == 0``."""

    feature: Feature
    relation: str

    @property
    def cost(self) -> float:
        return self.feature.cost + (0.25 if self.relation == "==" else 0.0)

    def passes(self, step: StepSummary) -> bool:
        """Return whether a step passes."""
        value = self.feature.value(step)
        return value > 0 if self.relation == ">" else value < 0 if self.relation == "<" else value == 0

    def source(self) -> str:
        """Return the test as a Python expression that can stand in a conjunction."""
        if not self.feature.is_predicate:
            return f"{self.feature.source()} {self.relation} 0"
        return self.feature.source() if self.relation == ">" else f"not ({self.feature.source()})"


Conditions: TypeAlias = tuple[Comparison, ...]


def _bound_conditions(conditions: Conditions, nouns: Sequence[Pattern]) -> Conditions:
    return tuple(Comparison(bound(test.feature, nouns), test.relation) for test in conditions)


@dataclass(frozen=True, slots=True)
class AdditiveReward:
    """``constant + sum(coefficient x feature)``."""

    constant: float
    terms: tuple[tuple[float, Feature], ...]

    def value(self, step: StepSummary) -> float:
        """Return the reward of a step."""
        return self.constant + sum(coefficient * feature.value(step) for coefficient, feature in self.terms)

    def bound(self, nouns: Sequence[Pattern]) -> AdditiveReward:
        """Return the reward with what a mission names put in."""
        terms = tuple((coefficient, bound(feature, nouns)) for coefficient, feature in self.terms)
        return AdditiveReward(self.constant, terms)


@dataclass(frozen=True, slots=True)
class RewardRules:
    """Rewards by condition, tried in order, and the commonest one otherwise.

    Attributes:
        unexplained: transitions whose reward comes out wrong.
    """

    rules: tuple[tuple[Conditions, float], ...]
    default: float
    unexplained: int

    def value(self, step: StepSummary) -> float:
        """Return the reward of a step."""
        for conditions, reward in self.rules:
            if all(test.passes(step) for test in conditions):
                return reward
        return self.default

    def bound(self, nouns: Sequence[Pattern]) -> RewardRules:
        """Return the rules with what a mission names put in."""
        rules = tuple((_bound_conditions(conditions, nouns), reward) for conditions, reward in self.rules)
        return RewardRules(rules, self.default, self.unexplained)


@dataclass(frozen=True, slots=True)
class EndRule:
    """The episode ends where any of some conjunctions holds.

    Attributes:
        unexplained: transitions that ended and meet none of them.
    """

    alternatives: tuple[Conditions, ...] = ()
    unexplained: int = 0

    def holds(self, step: StepSummary) -> bool:
        """Return whether a step ends the episode."""
        return any(all(test.passes(step) for test in conditions) for conditions in self.alternatives)

    def bound(self, nouns: Sequence[Pattern]) -> EndRule:
        """Return the rule with what a mission names put in."""
        return EndRule(tuple(_bound_conditions(one, nouns) for one in self.alternatives), self.unexplained)


def learn_reward(
    steps: Sequence[StepSummary], rewards: Sequence[float], features: Sequence[Feature]
) -> AdditiveReward | RewardRules:
    """Return the cheapest reward function that fits.

    Args:
        steps: the steps, at least one.
        rewards: the reward of each.
        features: the features to choose from, cheapest first.
    """
    kept, matrix = _distinct_features(steps, features)
    rows, targets, consistent = _distinct_rows(matrix, rewards)
    if consistent:
        for size in range(_MAX_TERMS + 1):
            choices = sorted(combinations(range(len(kept)), size), key=lambda chosen: sum(kept[i].cost for i in chosen))
            for chosen in choices:
                fitted = _fit(rows[:, list(chosen)], targets)
                if fitted is not None:
                    terms = tuple((weight, kept[i]) for weight, i in zip(fitted[1:], chosen, strict=True))
                    return AdditiveReward(fitted[0], tuple(term for term in terms if term[0] != 0.0))
    return _learn_reward_rules(steps, rewards, kept)


def _distinct_features(
    steps: Sequence[StepSummary], features: Sequence[Feature]
) -> tuple[list[Feature], NDArray[np.float64]]:
    """Return the features that vary and differ from each other, and their values. Shape ``[steps, features]``."""
    seen: set[tuple[int, ...]] = set()
    kept: list[Feature] = []
    columns: list[tuple[int, ...]] = []
    for feature in features:
        column = tuple(feature.value(step) for step in steps)
        if column in seen or min(column) == max(column):
            continue
        seen.add(column)
        kept.append(feature)
        columns.append(column)
        if len(kept) == _MAX_COLUMNS:
            break
    return kept, np.array(columns, dtype=np.float64).reshape(len(kept), len(steps)).T


def _distinct_rows(
    matrix: NDArray[np.float64], rewards: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], bool]:
    """Return one row and reward per distinct row, and whether equal rows always had the same reward."""
    first: dict[tuple[float, ...], float] = {}
    for values, reward in zip(map(tuple, matrix.tolist()), rewards, strict=True):
        if abs(first.setdefault(values, reward) - reward) > REWARD_TOLERANCE:
            return matrix, np.array(rewards), False
    return np.array(list(first)).reshape(len(first), matrix.shape[1]), np.array(list(first.values())), True


def _fit(columns: NDArray[np.float64], targets: NDArray[np.float64]) -> list[float] | None:
    """Return constant and coefficients that give the targets exactly, or None."""
    design = np.column_stack([np.ones(len(targets)), columns])
    solution = np.linalg.lstsq(design, targets, rcond=None)[0]
    rounded = np.round(solution, _COEFFICIENT_DIGITS)
    if np.max(np.abs(design @ rounded - targets)) > REWARD_TOLERANCE:
        return None
    return [float(value) + 0.0 for value in rounded]


def _columns(steps: Sequence[StepSummary], features: Sequence[Feature]) -> list[Column[Comparison]]:
    tests = [
        Comparison(feature, relation)
        for feature in features
        for relation in ((">", "==") if feature.is_predicate else (">", "<", "=="))
    ]
    return [
        Column(test, sum(1 << index for index, step in enumerate(steps) if test.passes(step)), test.cost)
        for test in tests
    ]


def _learn_reward_rules(
    steps: Sequence[StepSummary], rewards: Sequence[float], features: Sequence[Feature]
) -> RewardRules:
    counts = Counter(round(reward, _COEFFICIENT_DIGITS) for reward in rewards)
    values = sorted(counts, key=lambda value: (-counts[value], value))
    columns = _columns(steps, features)
    rules: list[tuple[Conditions, float]] = []
    unexplained = 0
    for value in values[1:]:
        positives = sum(
            1 << index for index, reward in enumerate(rewards) if round(reward, _COEFFICIENT_DIGITS) == value
        )
        conjunctions, left = learn_cover(positives, (1 << len(steps)) - 1 & ~positives, columns)
        rules.extend((conjunction.literals, value) for conjunction in conjunctions)
        unexplained += left.bit_count()
    return RewardRules(tuple(rules), values[0], unexplained)


def learn_end(steps: Sequence[StepSummary], dones: Sequence[bool], predicates: Sequence[Feature]) -> EndRule:
    """Return when episodes end; never, where none has ended yet."""
    positives = sum(1 << index for index, done in enumerate(dones) if done)
    if not positives:
        return EndRule()
    negatives = (1 << len(steps)) - 1 & ~positives
    conjunctions, left = learn_cover(positives, negatives, _columns(steps, predicates))
    return EndRule(tuple(conjunction.literals for conjunction in conjunctions), left.bit_count())
