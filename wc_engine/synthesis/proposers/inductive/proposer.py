"""The offline proposer: learns rules from the transitions and prints them as a program, in milliseconds."""

from __future__ import annotations

import random
from collections.abc import Sequence

from wc_engine.models.dataset import Transition
from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.proposers.inductive.draft import Draft, MissionReward
from wc_engine.synthesis.proposers.inductive.features import (
    Feature,
    StepSummary,
    features_for,
    predicates_for,
    summarize_row,
)
from wc_engine.synthesis.proposers.inductive.goals import goal_hypotheses
from wc_engine.synthesis.proposers.inductive.printing import print_program, print_transition
from wc_engine.synthesis.proposers.inductive.reward import learn_end, learn_reward
from wc_engine.synthesis.proposers.inductive.rows import Row, RowCache
from wc_engine.synthesis.proposers.inductive.rules import RuleLearner
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary, infer_vocabulary

__all__ = ["InductiveProposer"]


class InductiveProposer:
    """Learns deictic rules, a sparse reward and, while no success was seen, a goal to hope for.

    The program depends on the transitions alone, and on which hoped-for goals were found to have no plan under the
    same transition rules: those give way to the next ones. Calls are deterministic; ``rng`` is not used.

    Args:
        optimistic: hope for a goal where no success was seen; without it programs say what was seen and no more.
    """

    name = "inductive"

    def __init__(self, *, optimistic: bool = True) -> None:
        self._optimistic = optimistic
        self._rows = RowCache()
        self._learner = RuleLearner()
        self._summaries: dict[Row, StepSummary] = {}
        self._drafts: dict[str, Draft] = {}
        self._texts: dict[str, str] = {}
        self._hopeless: set[tuple[str, str, Feature]] = set()

    def propose(
        self,
        transitions: Sequence[Transition],
        unplannable: Sequence[tuple[State, str]],
        parent: Candidate | None,
        rng: random.Random,
    ) -> str:
        """Return the text of a program that explains the transitions as well as rules can.

        Args:
            transitions: what was seen.
            unplannable: initial states and missions for which the parent has no plan.
            parent: the program to improve on, or None.
            rng: not used.

        Raises:
            SynthesisError: a type or attribute of the data is no Python name.
        """
        self._note_hopeless_goals(unplannable, parent)
        rows = self._rows.rows(transitions)
        vocabulary = infer_vocabulary(rows)
        rules = self._learner.learn(rows, vocabulary)
        transition_text = print_transition(rules)
        members: dict[str, list[Row]] = {}
        for row in rows:
            members.setdefault(row.transition.mission, []).append(row)
        for _, mission in unplannable:
            members.setdefault(mission, [])
        rewards = {
            mission: self._learn_mission(mission, members[mission], vocabulary, transition_text)
            for mission in sorted(members)
        }
        draft = Draft(rules, rewards)
        text = self._settled(print_program(draft))
        self._drafts.setdefault(text, draft)
        return text

    def draft(self, text: str) -> Draft | None:
        """Return the model behind a program that this proposer printed, or None."""
        return self._drafts.get(text)

    def _settled(self, text: str) -> str:
        """Return the first text with this meaning: what was judged and compiled is not to change for a comment."""
        meaning = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        return self._texts.setdefault(meaning, text)

    def _note_hopeless_goals(self, unplannable: Sequence[tuple[State, str]], parent: Candidate | None) -> None:
        draft = None if parent is None else self._drafts.get(parent.text)
        if draft is None:
            return
        transition_text = print_transition(draft.rules)
        for _, mission in unplannable:
            reward = draft.rewards.get(mission)
            if reward is not None and reward.goal is not None:
                self._hopeless.add((transition_text, mission, reward.goal))

    def _learn_mission(
        self, mission: str, rows: Sequence[Row], vocabulary: Vocabulary, transition_text: str
    ) -> MissionReward:
        # Most steps look the same to every feature: one of each kind is enough.
        distinct: dict[tuple[StepSummary, float, bool], None] = {}
        for row in rows:
            distinct[self._summary(row), row.transition.reward, row.transition.done] = None
        steps = [step for step, _, _ in distinct]
        rewards = [reward for _, reward, _ in distinct]
        dones = [done for _, _, done in distinct]
        predicates = predicates_for(vocabulary, steps)
        reward = learn_reward(steps, rewards, features_for(vocabulary, steps))
        end = learn_end(steps, dones, predicates)
        goal = None
        if self._optimistic and not any(row.transition.done and row.transition.reward > 0 for row in rows):
            hypotheses = goal_hypotheses(predicates, steps, dones, reward, vocabulary)
            goal = next((goal for goal in hypotheses if (transition_text, mission, goal) not in self._hopeless), None)
        return MissionReward(reward, end, goal, len(rows))

    def _summary(self, row: Row) -> StepSummary:
        if row not in self._summaries:
            self._summaries[row] = summarize_row(row)
        return self._summaries[row]
