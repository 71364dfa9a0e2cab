"""Learning rewards over missions: what holds for one mission of a template holds for the others, names exchanged.

A mission without a success of its own takes over what was learned for another of its template; failing that, for one
of another wording that asks for the same; failing that, it hopes for what its words ask for, or for a goal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from wc_engine.state.entities import State
from wc_engine.synthesis.constraints import REWARD_TOLERANCE
from wc_engine.synthesis.proposers.inductive.draft import MissionReward
from wc_engine.synthesis.proposers.inductive.features import Feature, bound, features_for, predicates_for
from wc_engine.synthesis.proposers.inductive.goals import goal_hypotheses, goals_in_words
from wc_engine.synthesis.proposers.inductive.missions import Lexicon, MissionReading, lexicon_of, read_mission
from wc_engine.synthesis.proposers.inductive.reward import AdditiveReward, EndRule, RewardRules, learn_end, learn_reward
from wc_engine.synthesis.proposers.inductive.rows import Row
from wc_engine.synthesis.proposers.inductive.summaries import StepSummary, summarize_row
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["MissionLearner"]


@dataclass(slots=True)
class _Template:
    """What is known of the missions of one template."""

    readings: list[MissionReading] = field(default_factory=list)
    steps: dict[tuple[StepSummary, float, bool], None] = field(default_factory=dict)
    support: int = 0
    won: bool = False
    reward: AdditiveReward | RewardRules = field(default_factory=lambda: AdditiveReward(0.0, ()))
    end: EndRule = field(default_factory=EndRule)
    predicates: list[Feature] = field(default_factory=list)

    def explains(self, steps: Mapping[tuple[StepSummary, float, bool], None]) -> bool:
        """Return whether what was learned here is right about some steps."""
        return all(
            abs(self.reward.value(step) - reward) <= REWARD_TOLERANCE and self.end.holds(step) == done
            for step, reward, done in steps
        )


class MissionLearner:
    """Learns the reward functions of all missions; what was computed about a row is kept.

    Args:
        optimistic: hope for a goal where no success was seen.
    """

    def __init__(self, *, optimistic: bool = True) -> None:
        self._optimistic = optimistic
        self._summaries: dict[Row, StepSummary] = {}
        self._words: object = None
        self._data: object = None
        self._known: dict[tuple[tuple[State, str], ...], tuple[dict[str, MissionReading], dict[str, _Template]]] = {}

    def learn(
        self,
        rows: Sequence[Row],
        initial: Sequence[tuple[State, str]],
        vocabulary: Vocabulary,
        is_hopeless: Callable[[str, Feature | None], bool],
    ) -> dict[str, MissionReward]:
        """Return the reward function of each mission.

        Args:
            rows: what was seen.
            initial: initial states with missions of which perhaps nothing was seen yet.
            vocabulary: the vocabulary.
            is_hopeless: whether a goal was found to have no plan for a mission, by the rules as they are now; of None,
                whether that holds for what missions that ask for the same were found to mean.
        """
        readings, templates = self._read(rows, initial, vocabulary)
        rewards: dict[str, MissionReward] = {}
        for mission in sorted(readings):
            reading = readings[mission]
            own = templates[reading.template]
            if own.won or not self._optimistic:
                reward, end = own.reward.bound(reading.nouns), own.end.bound(reading.nouns)
                rewards[mission] = MissionReward(reward, end, None, own.support)
            else:
                rewards[mission] = _hoped_reward(reading, templates, vocabulary, is_hopeless)
        return rewards

    def _read(
        self, rows: Sequence[Row], initial: Sequence[tuple[State, str]], vocabulary: Vocabulary
    ) -> tuple[dict[str, MissionReading], dict[str, _Template]]:
        """Return the missions, read, and what is known of their templates; one synthesis asks again and again."""
        data = (len(rows), rows[-1] if rows else None, vocabulary)
        if data != self._data:
            self._data = data
            self._known.clear()
        asked = tuple(initial)
        if asked not in self._known:
            changing = {name for names in vocabulary.state_attributes.values() for name in names}
            lexicon = lexicon_of(rows, changing, [entity for state, _ in initial for entity in state])
            missions = dict.fromkeys(row.transition.mission for row in rows)
            missions.update((mission, None) for _, mission in initial)
            readings = {mission: read_mission(mission, lexicon) for mission in missions}
            self._known[asked] = (readings, self._templates(rows, readings, vocabulary, lexicon))
        return self._known[asked]

    def _templates(
        self, rows: Sequence[Row], readings: Mapping[str, MissionReading], vocabulary: Vocabulary, lexicon: Lexicon
    ) -> dict[str, _Template]:
        templates: dict[str, _Template] = {}
        for reading in readings.values():
            templates.setdefault(reading.template, _Template()).readings.append(reading)
        words = (vocabulary.agent_type, vocabulary.heading, vocabulary.holder, tuple(readings.items()))
        if words != self._words:
            self._words, self._summaries = words, {}
        for row in rows:
            reading = readings[row.transition.mission]
            template = templates[reading.template]
            if row not in self._summaries:
                self._summaries[row] = summarize_row(row, vocabulary, reading.nouns)
            # Most steps look the same to every feature: one of each kind is enough.
            template.steps[self._summaries[row], row.transition.reward, row.transition.done] = None
            template.support += 1
            template.won |= row.transition.done and row.transition.reward > 0
        for template in templates.values():
            steps = [step for step, _, _ in template.steps]
            template.predicates = predicates_for(vocabulary, steps, template.readings, lexicon)
            if steps:
                features = features_for(vocabulary, steps, template.readings, lexicon)
                template.reward = learn_reward(steps, [reward for _, reward, _ in template.steps], features)
                template.end = learn_end(steps, [done for _, _, done in template.steps], template.predicates)
        return templates


def _hoped_reward(
    reading: MissionReading,
    templates: Mapping[str, _Template],
    vocabulary: Vocabulary,
    is_hopeless: Callable[[str, Feature | None], bool],
) -> MissionReward:
    """Return the reward function of a mission whose template has shown no success yet."""
    own, nouns = templates[reading.template], reading.nouns
    for other in () if is_hopeless(reading.text, None) else _relatives(reading, templates):
        if other.explains(own.steps):
            like = other.readings[0].text
            return MissionReward(other.reward.bound(nouns), other.end.bound(nouns), None, own.support, like)
    steps = [step for step, _, _ in own.steps]
    open_goals = goal_hypotheses(own.predicates, steps, own.reward, vocabulary)
    asked = [bound(goal, nouns) for goal in goals_in_words(reading, open_goals)]
    goals = asked or [bound(goal, nouns) for goal in open_goals]
    goal = next((goal for goal in goals if not is_hopeless(reading.text, goal)), asked[0] if asked else None)
    return MissionReward(
        own.reward.bound(nouns), own.end.bound(nouns), goal, own.support, asked_for=goal is not None and bool(asked)
    )


def _relatives(reading: MissionReading, templates: Mapping[str, _Template]) -> list[_Template]:
    """Return the templates with a success that ask for the same, the most alike in wording first."""
    found = [
        (_distance(reading.template.split(), template.split()), template)
        for template, known in templates.items()
        if known.won and reading.clauses and known.readings[0].sense == reading.sense
    ]
    return [templates[template] for _, template in sorted(found)]


def _distance(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many words must be inserted, deleted or replaced to make one text the other (Levenshtein)."""
    previous = list(range(len(right) + 1))
    for row, word in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            replaced = previous[column - 1] + (word != other)
            current.append(min(previous[column] + 1, current[column - 1] + 1, replaced))
        previous = current
    return previous[-1]
