"""Reward shaping by the words of a mission: BM25, the original's guide through worlds that are made of words."""

from __future__ import annotations

import re
from collections import Counter
from math import log

from wc_engine.state.entities import State

__all__ = ["Bm25Shaping"]

_K1 = 1.5
_B = 0.75

_STOP_WORDS = frozenset(
    re.findall(
        "[a-z]+",
        """
        a about above after again all am an and any are as at be been before being below between both but by can did do
        does doing down during each few for from further had has have having he her here him his how i if in into is it
        its just me more most my no nor not now of off on once only or other our out over own same she should so some
        such than that the their them then there these they this those through to too under until up very was we were
        what when where which while who whom why will with you your
        """,
    )
)
"""English words that say nothing about what a mission is about."""


class Bm25Shaping:
    """Rewards a step by how well the story of its path fits the mission, in the words that both have.

    The story of a state is all that happened on the way to it when it was first met: each action, and each entity that
    appeared or went. Every call adds a story to the collection by which words are weighed. With ``D`` the words of the
    story, f(w) how often w is among them, N stories so far and n(w) of them with w, the reward is the mean over the
    words w of the mission of

        ln((N - n(w) + 0.5) / (n(w) + 0.5) + 1) * f(w) (k1 + 1) / (f(w) + k1 (1 - b + b |D| / mean |D|))

    (Robertson and Zaragoza 2009, "The probabilistic relevance framework: BM25 and beyond"), k1 = 1.5, b = 0.75. An
    instance belongs to one search: it remembers. Its rewards depend on the order of the calls, so several threads make
    them vary.

    Args:
        mission: the mission.
    """

    def __init__(self, mission: str) -> None:
        self._mission = sorted(set(words_of(mission)))
        self._stories: dict[State, Counter[str]] = {}
        self._num_stories = 0
        self._num_with: Counter[str] = Counter()
        self._total_length = 0

    def __call__(self, state: State, action: str, next_state: State) -> float:
        """Return what the step adds to the reward."""
        story = self._stories.get(state, Counter()) + Counter(words_of(f"{action}\n{_changes(state, next_state)}"))
        self._stories.setdefault(next_state, story)
        length = story.total()
        self._num_stories += 1
        self._num_with.update(story.keys())
        self._total_length += length
        if not self._mission or not length:
            return 0.0
        mean_length = self._total_length / self._num_stories
        spread = _K1 * (1 - _B + _B * length / mean_length)
        total = sum(
            self._rarity(word) * story[word] * (_K1 + 1) / (story[word] + spread)
            for word in self._mission
            if word in story
        )
        return total / len(self._mission)

    def _rarity(self, word: str) -> float:
        return log((self._num_stories - self._num_with[word] + 0.5) / (self._num_with[word] + 0.5) + 1)


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case: letters only, numbers and stop words left out."""
    return [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word not in _STOP_WORDS]


def _changes(state: State, next_state: State) -> str:
    before, after = Counter(state), Counter(next_state)
    changed = [*(before - after).elements(), *(after - before).elements()]
    return "\n".join(str(entity) for entity in changed)
