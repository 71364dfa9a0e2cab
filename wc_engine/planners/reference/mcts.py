"""UCT and PUCT in plain Python: the twin of ``csrc/wc_uct.h`` and the headers beside it, where all is described.

Same seed, same draws, same arithmetic in the same order: plans, counts, visits and mean returns are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import inf, log, sqrt
from typing import Generic, TypeVar

from wc_engine.planners.mcts_config import MctsConfig
from wc_engine.planners.reference.breadth_first import FAILED, OK, Step
from wc_engine.planners.reference.rng import Rng
from wc_engine.planners.result import SearchStatus

__all__ = ["MctsReference"]

StateT = TypeVar("StateT", bound=Hashable)


class EdgeKind(Enum):
    """What is known about an action in a state."""

    UNTRIED = 0
    CHILD = 1
    GOAL = 2
    END = 3
    FAILED = 4
    KNOWN = 5


@dataclass(slots=True)
class Edge(Generic[StateT]):
    """The statistics of an action in a state."""

    kind: EdgeKind = EdgeKind.UNTRIED
    child: Node[StateT] | None = None
    visits: int = 0
    q_value: float = 0.0
    bonus: float = 0.0
    raw: float = 0.0
    reward: float = 0.0
    prior: float = 0.0
    closed: bool = False


@dataclass(slots=True)
class Node(Generic[StateT]):
    """A distinct state. ``edges`` is empty until it is opened."""

    state: StateT
    edges: list[Edge[StateT]] = field(default_factory=list)
    visits: int = 0
    factor: float = 0.0
    stamp: int = 0

    @property
    def all_closed(self) -> bool:
        return bool(self.edges) and all(edge.closed for edge in self.edges)


class StepWithoutAnswerError(Exception):
    """A step was neither OK nor failed."""


class MctsReference(Generic[StateT]):
    """One search in one thread.

    Args:
        step: the model.
        initial: where plans start.
        num_actions: ``A``.
        config: settings; limits on time and memory are not looked at.
        prior: as of ``mcts_search``, on the states of ``step``; so are the others.
        leaf_value: values a leaf.
        shaping: added to rewards.
    """

    def __init__(
        self,
        step: Step[StateT],
        initial: StateT,
        num_actions: int,
        config: MctsConfig,
        *,
        prior: Callable[[StateT], Sequence[float]] | None = None,
        leaf_value: Callable[[StateT], float] | None = None,
        shaping: Callable[[StateT, int, StateT], float] | None = None,
    ) -> None:
        self._step_model = step
        self._num_actions = num_actions
        self._config = config
        self._prior, self._leaf_value, self._shaping = prior, leaf_value, shaping
        self._is_puct = config.selection == "puct"
        self._rng = Rng(config.seed)
        self.root: Node[StateT] = Node(initial)
        self.nodes: dict[StateT, Node[StateT]] = {initial: self.root}
        self._path: list[tuple[Node[StateT], int]] = []
        self.plan: list[int] | None = None
        self.plan_return = -inf
        self.simulations = 0
        self.generated = 0

    @property
    def expanded(self) -> int:
        """States that are opened."""
        return sum(bool(node.edges) for node in self.nodes.values())

    def run(self, max_simulations: int | None = None) -> SearchStatus | None:
        """Simulate until a limit on counts; return why it ended, or None where a step had no answer."""
        budget = self._config.max_simulations if max_simulations is None else max_simulations
        while True:
            if self.plan is not None and self._config.stop_at_first_plan:
                return SearchStatus.SOLVED
            if self.plan is None and self._num_open_edges() == 0:
                return SearchStatus.EXHAUSTED
            if self.simulations == budget or (self._config.prune_solved and self.root.all_closed):
                return SearchStatus.BUDGET if self.plan is None else SearchStatus.SOLVED
            try:
                self._simulate()
            except StepWithoutAnswerError:
                return None

    def mean(self, action: int) -> float:
        """Return the mean return of an action of the root, 0 where it was never visited."""
        edge = self.root.edges[action]
        return edge.q_value if edge.visits else 0.0

    def _num_open_edges(self) -> int:
        opened = [edge for node in self.nodes.values() for edge in node.edges]
        unopened = sum(not node.edges for node in self.nodes.values())
        return unopened * self._num_actions + sum(edge.kind is EdgeKind.UNTRIED for edge in opened)

    def _simulate(self) -> None:
        self.simulations += 1
        leaf, closing = self._descend()
        self._back_up(leaf, 0.0 if leaf is None else self._estimate(leaf), closing and self._config.prune_solved)

    # ---- down ----

    def _descend(self) -> tuple[Node[StateT] | None, bool]:
        """Walk to the last node, None at the end of the episode; and whether nothing is left to learn there."""
        limit, is_tree = self._config.depth_limit, self._config.expand_once
        node = self.root
        self._path = []
        if not node.edges:
            self._open(node, 0)
        while True:
            node.stamp = self.simulations
            if len(self._path) == limit:
                return node, False
            action = self._choose(node)
            if action is None:
                return node, node.all_closed
            edge = node.edges[action]
            is_new = False
            if edge.kind is EdgeKind.UNTRIED:
                is_new = self._try(node, action)
                if edge.closed or (edge.child is not None and not is_new and self._on_path(edge.child)):
                    continue
            self._path.append((node, action))
            if edge.child is None:
                if edge.kind is EdgeKind.GOAL:
                    self._offer_plan([], 0.0)
                return None, edge.kind is EdgeKind.END
            at_limit = len(self._path) == limit
            if is_new:
                return edge.child, at_limit and is_tree
            if not edge.child.edges:
                if at_limit:
                    return edge.child, False
                self._open(edge.child, 1)
            node = edge.child

    def _open(self, node: Node[StateT], visits: int) -> None:
        priors = [1.0 / self._num_actions] * self._num_actions
        if self._is_puct and self._prior is not None:
            priors = list(self._prior(node.state))
        node.edges = [Edge(prior=self._config.exploration * prior) for prior in priors]
        node.visits, node.factor = visits, self._factor(visits)
        for edge in node.edges:
            self._make_urgent(edge)

    def _choose(self, node: Node[StateT]) -> int | None:
        """Return the action of the largest score whose child is not on the path, ties to the lower action."""
        untried = [action for action, edge in enumerate(node.edges) if edge.kind is EdgeKind.UNTRIED]
        if untried and self._config.urgency == inf:
            return untried[self._rng.below(len(untried))]
        best_score, best = -inf, None
        for action, edge in enumerate(node.edges):
            if edge.closed or (edge.child is not None and not self._config.expand_once and self._on_path(edge.child)):
                continue
            score = edge.q_value + node.factor * edge.bonus
            if score > best_score:
                best_score, best = score, action
        return best

    def _on_path(self, node: Node[StateT]) -> bool:
        return bool(node.edges) and node.stamp == self.simulations

    def _try(self, node: Node[StateT], action: int) -> bool:
        """Try an action for the first time; return whether the next state is new."""
        edge = node.edges[action]
        status, next_state, reward, done = self._step(node.state, action)
        if status == FAILED:
            edge.kind, edge.closed, edge.q_value = EdgeKind.FAILED, True, 0.0
            return False
        edge.raw = edge.reward = reward
        if self._shaping is not None:
            edge.reward = reward + self._shaping(node.state, action, next_state)
        if done:
            edge.kind = EdgeKind.GOAL if reward > 0 else EdgeKind.END
            return False
        is_new = next_state not in self.nodes
        if not is_new and self._config.expand_once:
            edge.kind, edge.closed, edge.q_value = EdgeKind.KNOWN, True, 0.0
            return False
        if is_new:
            self.nodes[next_state] = Node(next_state)
        edge.kind, edge.child = EdgeKind.CHILD, self.nodes[next_state]
        return is_new

    # ---- a rollout ----

    def _estimate(self, node: Node[StateT]) -> float:
        """Play random actions; return the discounted return. A goal on the way is offered as a plan."""
        if self._leaf_value is not None:
            return self._leaf_value(node.state)
        state, value, weight = node.state, 0.0, 1.0
        actions: list[int] = []
        for _ in range(self._config.rollout_depth):
            action = self._rng.below(self._num_actions)
            status, state, reward, done = self._step(state, action)
            if status == FAILED:
                break
            actions.append(action)
            value += weight * reward
            weight *= self._config.discount
            if done:
                if reward > 0:
                    self._offer_plan(actions, value)
                break
        return value

    # ---- up ----

    def _back_up(self, leaf: Node[StateT] | None, value: float, closing: bool) -> None:
        if leaf is not None and leaf.edges:
            leaf.visits += 1
            leaf.factor = self._factor(leaf.visits)
        for node, action in reversed(self._path):
            edge = node.edges[action]
            value = edge.reward + self._config.discount * value
            edge.visits += 1
            edge.q_value = value if edge.visits == 1 else edge.q_value + (value - edge.q_value) / edge.visits
            edge.bonus = self._bonus(edge)
            node.visits += 1
            node.factor = self._factor(node.visits)
            edge.closed = edge.closed or closing
            closing = closing and node.all_closed

    def _factor(self, visits: int) -> float:
        if self._is_puct:
            return sqrt(max(1, visits))
        return sqrt(log(visits)) if visits >= 2 else 0.0

    def _bonus(self, edge: Edge[StateT]) -> float:
        if self._is_puct:
            return edge.prior / (1.0 + edge.visits)
        return self._config.exploration / sqrt(edge.visits) if edge.visits else 0.0

    def _make_urgent(self, edge: Edge[StateT]) -> None:
        edge.q_value, edge.bonus = self._config.urgency, self._bonus(edge)

    def _offer_plan(self, rollout: list[int], rollout_return: float) -> None:
        total = rollout_return
        for node, action in reversed(self._path):
            total = node.edges[action].raw + self._config.discount * total
        actions = [action for _, action in self._path] + rollout
        shorter = self.plan is not None and total == self.plan_return and len(actions) < len(self.plan)
        if self.plan is None or total > self.plan_return or shorter:
            self.plan, self.plan_return = actions, total

    def _step(self, state: StateT, action: int) -> tuple[int, StateT, float, bool]:
        step = self._step_model(state, action)
        if step[0] not in (OK, FAILED):
            raise StepWithoutAnswerError
        self.generated += step[0] == OK
        return step

    # ---- from one move to the next ----

    def advance(self, state: StateT) -> None:
        """Make a state the root and keep what is known from there on."""
        self._advance_plan(state)
        self.root = self.nodes.get(state) or Node(state)
        self.nodes = {state: self.root}
        order = [self.root]
        for node in order:
            for edge in node.edges:
                self._reopen(edge)
                if edge.child is not None and edge.child.state not in self.nodes:
                    self.nodes[edge.child.state] = edge.child
                    order.append(edge.child)
        for node in reversed(order):
            for edge in node.edges:
                behind = edge.child is not None and edge.child.all_closed
                edge.closed = edge.closed or (self._config.prune_solved and behind)

    def _reopen(self, edge: Edge[StateT]) -> None:
        if edge.kind is EdgeKind.KNOWN:
            edge.kind, edge.closed = EdgeKind.UNTRIED, False
            self._make_urgent(edge)
        elif edge.child is not None:
            edge.closed = False

    def _advance_plan(self, state: StateT) -> None:
        if self.plan is not None and len(self.plan) > 1 and self.root.edges:
            edge = self.root.edges[self.plan[0]]
            if edge.child is not None and edge.child.state == state:
                self.plan_return = (self.plan_return - edge.raw) / self._config.discount
                self.plan = self.plan[1:]
                return
        self.plan, self.plan_return = None, -inf
