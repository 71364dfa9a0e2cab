"""Best-first search in plain Python: the twin of ``csrc/wc_best_first.h``."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from math import floor
from typing import Generic, TypeVar

from wc_engine.planners.reference.breadth_first import FAILED, OK, ReferenceOutcome, Step
from wc_engine.planners.result import SearchStatus

__all__ = ["BestFirstReference", "Novelty", "best_first_search"]

StateT = TypeVar("StateT", bound=Hashable)

_DEAD = 1 << 63
_LOW = (1 << 20) - 1
_UNIT = 1024
_STEP_LIMIT = 1 << 20
_LIMIT = 1 << 30


class Novelty:
    """The rank of a state: 0 for a new atom, 1 for a new pair of atoms, 2 for neither."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._seen: set[Hashable] = set()

    def rank(self, atoms: Iterable[tuple[int, int]], partition: tuple[int, int]) -> int:
        """Measure a state by its atoms, and remember them."""
        atoms = list(atoms)
        rank = 2
        sets = [
            *([(atom,) for atom in atoms] if self._width >= 1 else []),
            *(combinations(sorted(atoms), 2) if self._width > 1 else []),
        ]
        for members in sets:
            key = (partition, members)
            if key not in self._seen:
                self._seen.add(key)
                rank = min(rank, len(members) - 1)
        return rank


@dataclass(slots=True)
class _Node(Generic[StateT]):
    state: StateT
    arrival: tuple[int, int] | None
    steps: int
    distance: int | None = 0
    progress: int = 0
    unmet: int = 0
    closed: bool = False
    walked: bool = False


@dataclass
class BestFirstReference(Generic[StateT]):
    """One search.

    Attributes:
        step: the model.
        num_actions: ``A``.
        evaluation: ``"astar"``, ``"greedy"`` or ``"width"``.
        estimate: a state's distance, None for a dead end, and how many patterns are unmet.
        atoms: a state's atoms.
        novelty_width: 1 or 2.
        is_free: whether two states differ in free bits alone.
        nearest_turns: with ``"width"``, every so-manieth choice is of the least distance; 0: none.
    """

    step: Step[StateT]
    num_actions: int
    evaluation: str
    estimate: Callable[[StateT], tuple[int | None, int]] = lambda state: (0, 0)
    atoms: Callable[[StateT], Iterable[tuple[int, int]]] = lambda state: ()
    novelty_width: int = 2
    is_free: Callable[[StateT, StateT], bool] = lambda before, after: False
    nearest_turns: int = 0
    nodes: list[_Node[StateT]] = field(default_factory=list)
    expanded: int = 0
    generated: int = 0

    def __post_init__(self) -> None:
        self._numbers: dict[StateT, int] = {}
        self._open: list[tuple[int, int]] = []
        self._near: list[tuple[int, int]] = []
        self._turn = 0
        self._region: deque[int] = deque()
        self._novelty = Novelty(self.novelty_width)
        self._usual = 0.0

    def run(self, initial: StateT, max_expanded: int | None = None) -> ReferenceOutcome:
        """Search from ``initial``."""
        root = self._store(_Node(initial, None, 0))
        root.distance, root.unmet = self.estimate(initial)
        self._push(root)
        while (number := self._next(max_expanded)) is not None:
            outcome = self._expand(number)
            if outcome is not None:
                return outcome
        spent = self.expanded == max_expanded and self._has_next()
        return self._outcome(SearchStatus.BUDGET if spent else SearchStatus.EXHAUSTED, None)

    def _outcome(self, status: SearchStatus | None, plan: list[int] | None) -> ReferenceOutcome:
        return ReferenceOutcome(status, plan, self.expanded, self.generated, len(self.nodes))

    def _has_next(self) -> bool:
        if self._region:
            return True
        for one in (self._open, self._near):
            while one and self.nodes[one[0][1]].closed:
                heapq.heappop(one)
        return bool(self._open)

    def _next(self, max_expanded: int | None) -> int | None:
        if not self._has_next() or self.expanded == max_expanded:
            return None
        if self._region:
            return self._region.popleft()
        self._turn += 1
        takes_nearest = self._takes_turns and self._turn == self.nearest_turns
        if takes_nearest:
            self._turn = 0
        return heapq.heappop(self._near if takes_nearest else self._open)[1]

    @property
    def _takes_turns(self) -> bool:
        return self.evaluation == "width" and self.nearest_turns > 0

    def _expand(self, number: int) -> ReferenceOutcome | None:
        node = self.nodes[number]
        steps = [self.step(node.state, action) for action in range(self.num_actions)]
        self.expanded += 1
        if self.expanded == 1:
            self._usual = _usual_reward(steps)
        node.closed = True
        for action, (status, state, reward, done) in enumerate(steps):
            if status == FAILED:
                continue
            if status != OK:
                return self._outcome(None, None)
            self.generated += 1
            if done and reward > 0:
                return self._outcome(SearchStatus.SOLVED, [*self._path(number), action])
            if not done:
                self._take(number, action, state, reward)
        return None

    def _take(self, parent: int, action: int, state: StateT, reward: float) -> None:
        source = self.nodes[parent]
        is_free = self.is_free(source.state, state)
        if state in self._numbers:
            node = self.nodes[self._numbers[state]]
            if self.evaluation == "astar" and source.steps + 1 < node.steps:
                node.steps = source.steps + 1
                node.closed = node.walked = False
                node.arrival = (parent, action)
                self._push(node)
            elif is_free and not node.closed and not node.walked:
                self._walk(node)
            return
        progress = _progress(source.progress, reward - self._usual)
        node = self._store(_Node(state, (parent, action), source.steps + 1, source.distance, progress, source.unmet))
        if is_free:
            self._walk(node)
        else:
            node.distance, node.unmet = self.estimate(state)
            self._push(node)

    def _store(self, node: _Node[StateT]) -> _Node[StateT]:
        self._numbers[node.state] = len(self.nodes)
        self.nodes.append(node)
        return node

    def _walk(self, node: _Node[StateT]) -> None:
        node.walked = True
        self._region.append(self._numbers[node.state])

    def _push(self, node: _Node[StateT]) -> None:
        heapq.heappush(self._open, (self._priority(node), self._numbers[node.state]))
        if self._takes_turns:
            heapq.heappush(self._near, (_nearness(node), self._numbers[node.state]))

    def _priority(self, node: _Node[StateT]) -> int:
        if node.distance is None or self.evaluation == "greedy":
            return _nearness(node)
        if self.evaluation == "astar":
            return (node.steps + max(1, node.distance)) << 32 | node.distance
        remaining = (1 << 15) + node.unmet - (node.progress >> 10)
        rank = self._novelty.rank(self.atoms(node.state), (node.progress, node.unmet))
        return (
            rank << 56 | min(max(remaining, 0), 0xFFFF) << 40 | min(node.distance, _LOW) << 20 | min(node.steps, _LOW)
        )

    def _path(self, number: int) -> list[int]:
        actions = []
        arrival = self.nodes[number].arrival
        while arrival is not None:
            parent, action = arrival
            actions.append(action)
            arrival = self.nodes[parent].arrival
        return actions[::-1]


def _nearness(node: _Node[StateT]) -> int:
    return _DEAD | node.steps if node.distance is None else node.distance << 32 | node.steps


def best_first_search(
    step: Step[StateT], initial: StateT, num_actions: int, evaluation: str, *, max_expanded: int | None = None
) -> ReferenceOutcome:
    """Search without estimates, fields or macro closure."""
    return BestFirstReference(step, num_actions, evaluation).run(initial, max_expanded)


def _usual_reward(steps: Iterable[tuple[int, object, float, bool]]) -> float:
    """The most frequent reward of steps that go on; the least of them where they tie."""
    counts = Counter(reward for status, _, reward, done in steps if status == OK and not done)
    return min(counts, key=lambda reward: (-counts[reward], reward), default=0.0)


def _progress(progress: int, excess: float) -> int:
    gain = max(-_STEP_LIMIT, min(_STEP_LIMIT, floor(excess * _UNIT + 0.5)))
    return max(-_LIMIT, min(_LIMIT, progress + gain))
