"""What planning costs in the original: its Monte-Carlo tree search over a program in plain Python, done anew.

WorldCoder's released planner (``worldcoder/agent/planner/mcts.py``, ``world_model/main.py``), in our own words, with
the same work for each node:

* A state is a list of dicts, one for each entity, and is made into the program's objects and back for every prediction:
  the state and the action are copied deeply, both functions get deep copies of their arguments, what the transition
  returns is made into a list, into objects again, and checked by one more conversion before it is kept.
* Standard output, error and input are redirected three times a prediction.
* A state is hashed by its sorted text, once when it is looked up among those visited and once when it is added; equal
  hashes compare the states' texts by position.
* A node splits the mission and every action into words to sort the actions, and choices take logarithms and roots over
  all children.

Texts are split as the original splits them, by ``nltk`` where that is installed: its tokeniser, and its reader of word
lists, which reads the stop words from the disk anew for each text. Without ``nltk`` they are split at spaces.

Left out, in the original's favour: its debugging index, which is searched linearly at each expansion, BM25, the
splitting of texts into sentences, and most of the stop words.
"""

from __future__ import annotations

import atexit
import contextlib
import copy
import io
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from wc_engine.state.entities import State

HAS_NLTK = find_spec("nltk") is not None
if HAS_NLTK:
    import nltk
    from nltk.corpus.reader import WordListCorpusReader

__all__ = ["HAS_NLTK", "OriginalPlanner"]

_SEPARATORS = "0123456789" + "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_STOP_WORDS = (
    "a an and are as at be but by for from had has have he her his i if in is it its my no not of on or our she"
)
_MISSION = "win the game"


def _words(text: str) -> list[str]:
    """Return the words of a text that say something."""
    text = text.lower()
    for separator in _SEPARATORS:
        text = text.replace(separator, " ")
    if HAS_NLTK:
        words = nltk.word_tokenize(text, preserve_line=True)
        stop_words = set(_stop_words().words("english"))
    else:
        words = text.split()
        stop_words = set(_STOP_WORDS.split())
    return [word for word in words if word not in stop_words]


@cache
def _stop_words() -> Any:
    """Return the reader of the stop words, one to a line."""
    folder = Path(tempfile.mkdtemp(prefix="wc-engine-stop-words-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    nltk.data.path.append(str(folder))  # newer versions read nothing elsewhere
    (folder / "english").write_text("\n".join(_STOP_WORDS.split()) + "\n")
    return WordListCorpusReader(str(folder), ["english"])


class _Stream(io.StringIO):
    """What a program prints and cannot read."""

    def read(self, *_: object) -> str:
        raise OSError


class _RedirectedInput(contextlib._RedirectStream):  # type: ignore[type-arg]  # there is no public one for input
    _stream = "stdin"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    stream = _Stream()
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream), _RedirectedInput(stream):
        yield


class _Action:
    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Action) and self.name == other.name


class _State:
    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.records = records

    def entities(self, classes: dict[str, Any]) -> set[Any]:
        return {
            classes[one["type"].strip().capitalize()](
                *one["position"], **{key: value for key, value in one.items() if key not in ("type", "position")}
            )
            for one in self.records
        }

    @classmethod
    def from_entities(cls, entities: Iterable[Any]) -> _State:
        records = []
        for entity in entities:
            record = {"type": entity.name.strip().lower(), "position": (int(entity.x), int(entity.y))}
            for key, value in entity.__dict__.items():
                if key not in ("x", "y", "name"):
                    record[key] = value
            records.append(record)
        return cls(records)

    def __hash__(self) -> int:
        return hash(str(tuple(sorted(self.records, key=lambda one: one["position"]))))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _State) and self._by_position() == other._by_position()

    def _by_position(self) -> dict[Any, tuple[str, ...]]:
        texts: dict[Any, list[str]] = defaultdict(list)
        for one in self.records:
            texts[tuple(one["position"])].append(str(tuple(sorted(one.items()))))
        return {position: tuple(sorted(own)) for position, own in texts.items()}


class _Model:
    """The two functions of a program, with the conversions around them."""

    def __init__(self, text: str) -> None:
        self._classes: dict[str, Any] = {}
        exec(compile(text, "program", "exec"), self._classes)

    def predict(self, state: _State, action: _Action) -> tuple[_State, float, bool]:
        state, action = copy.deepcopy(state), copy.deepcopy(action)
        before = state.entities(self._classes)
        with _quiet():
            name = str(action)
        with _quiet():
            moved = self._classes["transition"](copy.deepcopy(before), copy.deepcopy(name))
        after = _State.from_entities(moved).entities(self._classes)
        with _quiet():
            reward, done = self._classes["reward_func"](
                copy.deepcopy(before), copy.deepcopy(name), copy.deepcopy(after)
            )
        _State.from_entities(after)  # the check of what the program returned
        return _State.from_entities(after), float(reward), bool(done)


class _Node:
    def __init__(
        self, state: _State, actions: Sequence[_Action], parent: _Node | None, depth: int, reward: float, closed: bool
    ) -> None:
        self.state, self.parent, self.depth, self.reward = state, parent, depth, reward
        wanted = set(_words(_MISSION))
        self.actions = sorted(set(actions), key=lambda action: len(wanted & set(_words(str(action)))), reverse=True)
        self.children: dict[_Action, _Node] = {}
        self.visits = 1
        self.total = reward
        self.is_end = self.closed = closed

    def is_full(self) -> bool:
        return len(self.children) == len(self.actions)

    def is_closed(self) -> bool:
        if not self.closed and self.is_full():
            self.closed = all(child.is_closed() for child in self.children.values())
        return self.closed

    def best(self, exploration: float) -> _Node:
        return max(
            self.children.values(),
            key=lambda child: (
                -1e10 * child.is_closed()
                + child.total / child.visits
                + exploration * (2 * np.log(self.visits) / child.visits) ** 0.5
            ),
        )


class OriginalPlanner:
    """The search. ``expansions`` and ``seconds`` add up over the calls of ``run``.

    Args:
        text: the program.
        state: where it starts: entities with ``x`` and ``y`` alone.
        actions: all actions.
    """

    def __init__(self, text: str, state: State, actions: Sequence[str]) -> None:
        self._model = _Model(text)
        self._actions = tuple(_Action(name) for name in actions)
        first = _State([{"type": entity.type.lower(), "position": (entity["x"], entity["y"])} for entity in state])
        self._root = _Node(first, self._actions, None, 0, 0.0, closed=False)
        self._seen = {first}
        self.totals = SimpleNamespace(expansions=0, seconds=0.0)

    def run(self, expansions: int, *, depth_limit: int = 30, exploration: float = 1.0) -> None:
        """Expand that many nodes more."""
        begin = time.process_time()
        end = self.totals.expansions + expansions
        while self.totals.expansions < end and not self._root.is_closed():
            node = self._root
            while not node.is_end and node.is_full():
                node = node.best(exploration)
            if not node.is_end:
                node = self._expand(node, depth_limit)
                self.totals.expansions += 1
            value, above = node.reward, node.parent
            while above is not None:
                above.total += value
                above.visits += 1
                above = above.parent
        self.totals.seconds += time.process_time() - begin

    def _expand(self, node: _Node, depth_limit: int) -> _Node:
        action = node.actions[len(node.children)]
        state, reward, done = self._model.predict(node.state, action)
        closed = state in self._seen or done or node.depth + 1 >= depth_limit
        self._seen.add(state)
        child = node.children[action] = _Node(state, self._actions, node, node.depth + 1, reward, closed)
        return child
