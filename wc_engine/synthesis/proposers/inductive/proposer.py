"""The offline proposer: learns rules from the transitions and prints them as a program, in milliseconds."""

from __future__ import annotations

import random
from collections.abc import Sequence

from wc_engine.models.dataset import Transition
from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.constraints import DataVerdict
from wc_engine.synthesis.proposers.inductive.draft import Draft, MissionReward
from wc_engine.synthesis.proposers.inductive.features import Feature
from wc_engine.synthesis.proposers.inductive.hypotheses import Assumption, assume, demanded, with_assumptions
from wc_engine.synthesis.proposers.inductive.mission_rewards import MissionLearner
from wc_engine.synthesis.proposers.inductive.novelty import ContextIndex
from wc_engine.synthesis.proposers.inductive.patches import patched_program
from wc_engine.synthesis.proposers.inductive.printing import is_printed, print_program
from wc_engine.synthesis.proposers.inductive.printing_rules import print_transition
from wc_engine.synthesis.proposers.inductive.rows import Row, RowCache
from wc_engine.synthesis.proposers.inductive.rules import RuleLearner, TransitionRules
from wc_engine.synthesis.proposers.inductive.vocabulary import infer_vocabulary

__all__ = ["InductiveProposer"]


class InductiveProposer:
    """Learns deictic rules, a sparse reward and, while no success was seen, a goal to hope for.

    The program depends on the transitions alone, and on which hoped-for goals were found to have no plan under the
    same transition rules: those give way to the next ones. Calls are deterministic; ``rng`` is not used.

    Args:
        optimistic: hope for a goal where no success was seen; without it programs say what was seen and no more.
        memorises: remember transitions that no rule explains; without it somebody else may be asked about them.
    """

    name = "inductive"

    def __init__(self, *, optimistic: bool = True, memorises: bool = True) -> None:
        self._rows = RowCache()
        self._learner = RuleLearner(memorises=memorises)
        self._missions = MissionLearner(optimistic=optimistic)
        self._drafts: dict[str, Draft] = {}
        self._texts: dict[str, str] = {}
        self._known_rules: dict[str, str] = {}
        self._hopeless: set[tuple[str, str, Feature | None]] = set()
        self._assumed_for: dict[str, set[str]] = {}
        self._misled: set[tuple[str, str]] = set()
        self._contexts = ContextIndex()
        self._assumptions: dict[tuple[str, str, Feature | None, State], tuple[Assumption, ...]] = {}
        self._verdict: tuple[str, DataVerdict] | None = None
        self._rules: tuple[int, Row | None, TransitionRules, str] | None = None

    def note_verdict(self, candidate: Candidate, verdict: DataVerdict) -> None:
        """Take in phi_1 of a program: where somebody else wrote it, ``propose`` patches it."""
        self._verdict = (candidate.text, verdict)

    def propose(
        self,
        transitions: Sequence[Transition],
        unplannable: Sequence[tuple[State, str]],
        parent: Candidate | None,
        rng: random.Random,
    ) -> str:
        """Return the text of a program that explains the transitions as well as rules can.

        A parent that this proposer did not write is patched, where a verdict says what it gets wrong.

        Args:
            transitions: what was seen.
            unplannable: initial states and missions for which the parent has no plan.
            parent: the program to improve on, or None.
            rng: not used.

        Raises:
            SynthesisError: a type or attribute of the data is no Python name, or no rule explains what the parent
                gets wrong.
        """
        if parent is not None and not is_printed(parent.text) and self._verdict is not None:
            text, verdict = self._verdict
            if text == parent.text and not verdict.holds:
                return self._patched(parent.text, verdict, transitions, unplannable)
        self._note_hopeless_goals(unplannable, parent)
        rows = self._rows.rows(transitions)
        rules, transition_text = self._learned(rows)
        rewards = self._rewards(rows, unplannable, rules, transition_text)
        assumptions: list[Assumption] = []
        assumed: set[str] = set()
        for state, mission in unplannable:
            if (transition_text, mission, rewards[mission].goal) not in self._hopeless:
                continue
            assumed.add(mission)
            found = self._assumed(rules, transition_text, rewards[mission], state, mission, rows)
            if not found and rewards[mission].goal is None:
                self._misled.add((transition_text, mission))
                rewards = self._rewards(rows, unplannable, rules, transition_text)
            assumptions += found
        draft = Draft(with_assumptions(rules, assumptions), rewards)
        text = self._settled(print_program(draft))
        self._drafts.setdefault(text, draft)
        self._known_rules.setdefault(text, transition_text)
        self._assumed_for.setdefault(text, set()).update(assumed)
        return text

    def _rewards(
        self,
        rows: Sequence[Row],
        unplannable: Sequence[tuple[State, str]],
        rules: TransitionRules,
        transition_text: str,
    ) -> dict[str, MissionReward]:
        """Return the reward function of each mission, past those that have no plan under these rules."""

        def is_hopeless(mission: str, goal: Feature | None) -> bool:
            if goal is None:
                return (transition_text, mission) in self._misled
            return (transition_text, mission, goal) in self._hopeless

        return self._missions.learn(rows, unplannable, rules.vocabulary, is_hopeless)

    def _learned(self, rows: Sequence[Row]) -> tuple[TransitionRules, str]:
        """Return the rules that explain some rows, and their text; one synthesis asks for them again and again."""
        if self._rules is None or self._rules[0] != len(rows) or self._rules[1] is not (rows[-1] if rows else None):
            rules = self._learner.learn(rows, infer_vocabulary(rows))
            self._rules = (len(rows), rows[-1] if rows else None, rules, print_transition(rules))
        return self._rules[2:]

    def _assumed(
        self,
        rules: TransitionRules,
        transition_text: str,
        reward: MissionReward,
        state: State,
        mission: str,
        rows: Sequence[Row],
    ) -> tuple[Assumption, ...]:
        """Return what would have to be true for a plan to exist where the rules have none."""
        key = (transition_text, mission, reward.goal, state)
        if key not in self._assumptions:
            self._contexts.update_rows(rows, rules.vocabulary)
            assumed = demanded(rules, reward, rows)
            self._assumptions[key] = assumed or assume(rules, reward, state, self._contexts, rows)
        return self._assumptions[key]

    def draft(self, text: str) -> Draft | None:
        """Return the model behind a program that this proposer printed, or None."""
        return self._drafts.get(text)

    def _patched(
        self,
        text: str,
        verdict: DataVerdict,
        transitions: Sequence[Transition],
        unplannable: Sequence[tuple[State, str]],
    ) -> str:
        rows = self._rows.rows(transitions)
        vocabulary = infer_vocabulary(rows)
        states = {id(one.transition) for one in verdict.counterexamples if one.wrong_state}
        missions = {one.transition.mission for one in verdict.counterexamples if one.wrong_reward}
        wrong = frozenset(index for index, one in enumerate(transitions) if id(one) in states)
        rewards = self._missions.learn(rows, unplannable, vocabulary, lambda _mission, _goal: False) if missions else {}
        return patched_program(text, rows, wrong, vocabulary, {name: rewards[name] for name in sorted(missions)})

    def _settled(self, text: str) -> str:
        """Return the first text with this meaning: what was judged and compiled is not to change for a comment."""
        meaning = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        return self._texts.setdefault(meaning, text)

    def _note_hopeless_goals(self, unplannable: Sequence[tuple[State, str]], parent: Candidate | None) -> None:
        draft = None if parent is None else self._drafts.get(parent.text)
        if parent is None or draft is None:
            return
        transition_text = self._known_rules[parent.text]
        for _, mission in unplannable:
            reward = draft.rewards.get(mission)
            if reward is None:
                continue
            self._hopeless.add((transition_text, mission, reward.goal))
            if reward.goal is None and mission in self._assumed_for[parent.text]:
                # Neither the rules nor what they might leave out lead to what missions like it were found to mean.
                self._misled.add((transition_text, mission))
