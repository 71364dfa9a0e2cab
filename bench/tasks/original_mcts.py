"""What planning costs in the original: its Monte-Carlo tree search over a program in plain Python, done anew.

The same work an expansion, in our own words: a prediction converts and copies the state as often as the original does
(before and after each function, for each argument of each), a node holds its state, children in a dict and its sums, a
state is hashed once and asked once whether it was seen, and choices are logarithms and roots over all children. Left
out, in the original's favour: its debugging index, which is searched linearly at each expansion, BM25, and the
splitting of the mission and of every action into words at each node.
"""

from __future__ import annotations

import contextlib
import copy
import io
import time
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from wc_engine.state.entities import State

__all__ = ["OriginalPlanner"]


class _Model:
    """The two functions of a program, with the conversions around them."""

    def __init__(self, text: str) -> None:
        self._globals: dict[str, Any] = {}
        exec(compile(text, "program", "exec"), self._globals)

    def entities(self, state: frozenset[Any]) -> set[Any]:
        return {self._globals[kind](x, y) for kind, x, y in state}

    def state(self, entities: Any) -> frozenset[Any]:
        return frozenset((entity.name, entity.x, entity.y) for entity in entities)

    def predict(self, state: frozenset[Any], action: str) -> tuple[frozenset[Any], float, bool]:
        before = self.entities(copy.deepcopy(state))
        with _quiet():
            moved = self._globals["transition"](copy.deepcopy(before), copy.deepcopy(action))
        after = self.entities(self.state(moved))
        with _quiet():
            reward, done = self._globals["reward_func"](
                copy.deepcopy(before), copy.deepcopy(action), copy.deepcopy(after)
            )
        return self.state(after), float(reward), bool(done)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Drop what a program prints."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


class _Node:
    def __init__(self, state: frozenset[Any], parent: _Node | None, depth: int, reward: float, closed: bool) -> None:
        self.state, self.parent, self.depth, self.reward = state, parent, depth, reward
        self.children: dict[str, _Node] = {}
        self.visits = 1
        self.total = reward
        self.closed = closed

    def is_closed(self, num_actions: int) -> bool:
        if not self.closed and len(self.children) == num_actions:
            self.closed = all(child.is_closed(num_actions) for child in self.children.values())
        return self.closed

    def best(self, exploration: float, num_actions: int) -> _Node:
        return max(
            self.children.values(),
            key=lambda child: (
                -1e10 * child.is_closed(num_actions)
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
        self._actions = tuple(actions)
        first = frozenset((entity.type, entity["x"], entity["y"]) for entity in state)
        self._root = _Node(first, None, 0, 0.0, closed=False)
        self._seen = {first}
        self.totals = SimpleNamespace(expansions=0, seconds=0.0)

    def run(self, expansions: int, *, depth_limit: int = 30, exploration: float = 1.0) -> None:
        """Expand that many nodes more."""
        begin = time.process_time()
        for _ in range(expansions):
            node = self._root
            while not node.closed and len(node.children) == len(self._actions):
                node = node.best(exploration, len(self._actions))
            if not node.closed:
                node = self._expand(node, depth_limit)
            value, above = node.reward, node.parent
            while above is not None:
                above.total += value
                above.visits += 1
                above = above.parent
            if self._root.is_closed(len(self._actions)):
                break
            self.totals.expansions += 1
        self.totals.seconds += time.process_time() - begin

    def _expand(self, node: _Node, depth_limit: int) -> _Node:
        action = self._actions[len(node.children)]
        state, reward, done = self._model.predict(node.state, action)
        closed = state in self._seen or done or node.depth + 1 >= depth_limit
        self._seen.add(state)
        child = node.children[action] = _Node(state, node, node.depth + 1, reward, closed)
        return child
