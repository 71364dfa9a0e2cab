"""UCT in plain Python: the twin of ``csrc/wc_uct.h``, where the algorithm is described.

Same seed, same draws, same arithmetic in the same order: plans, counts, visits and mean returns are equal.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import Enum
from math import inf, log, sqrt
from typing import Generic, TypeVar

from wc_engine.planners.mcts import MctsConfig
from wc_engine.planners.reference.breadth_first import FAILED, OK, Step
from wc_engine.planners.reference.rng import Rng
from wc_engine.planners.result import SearchStatus

__all__ = ["MctsReference"]

StateT = TypeVar("StateT", bound=Hashable)


class EdgeKind(Enum):
    """What is known about an action in a state."""

    UNTRIED = 0
    ALIVE = 1
    GOAL = 2
    DEAD = 3


@dataclass(slots=True)
class Edge(Generic[StateT]):
    """The statistics of an action in a state."""

    kind: EdgeKind = EdgeKind.UNTRIED
    child: Node[StateT] | None = None
    visits: int = 0
    q_value: float = 0.0
    reward: float = 0.0


@dataclass(slots=True)
class Node(Generic[StateT]):
    """A distinct state. ``edges`` is empty until it is expanded."""

    state: StateT
    edges: list[Edge[StateT]] = field(default_factory=list)
    visits: int = 0
    stamp: int = 0


class StepWithoutAnswerError(Exception):
    """A step was neither OK nor failed."""


class MctsReference(Generic[StateT]):
    """One search.

    Args:
        step: the model.
        initial: where plans start.
        num_actions: ``A``.
        config: settings; limits on time and memory are not looked at.
    """

    def __init__(self, step: Step[StateT], initial: StateT, num_actions: int, config: MctsConfig) -> None:
        self._step_model = step
        self._num_actions = num_actions
        self._config = config
        self._rng = Rng(config.seed)
        self.nodes: dict[StateT, Node[StateT]] = {}
        self.root = Node(initial)
        self.nodes[initial] = self.root
        self._open_edges = num_actions
        self._path: list[tuple[Node[StateT], int]] = []
        self._plan_return = -inf
        self.plan: list[int] | None = None
        self.simulations = 0
        self.expanded = 0
        self.generated = 0

    def run(self) -> SearchStatus | None:
        """Simulate until a limit on counts; return why it ended, or None where a step had no answer."""
        while True:
            if self.plan is not None and self._config.stop_at_first_plan:
                return SearchStatus.SOLVED
            if self.plan is None and self._open_edges == 0:
                return SearchStatus.EXHAUSTED
            if self.simulations == self._config.max_simulations:
                return SearchStatus.BUDGET if self.plan is None else SearchStatus.SOLVED
            try:
                self._simulate()
            except StepWithoutAnswerError:
                return None

    def _simulate(self) -> None:
        self.simulations += 1
        leaf = self._descend()
        self._backup(leaf, 0.0 if leaf is None else self._rollout(leaf))

    def _descend(self) -> Node[StateT] | None:
        """Walk to the simulation's last node; None where the episode ended on the way."""
        node = self.root
        self._path = []
        while True:
            node.stamp = self.simulations
            if len(self._path) == self._config.depth_limit:
                return node
            if not node.edges:
                node.edges = [Edge() for _ in range(self._num_actions)]
                self.expanded += 1
            untried = [action for action, edge in enumerate(node.edges) if edge.kind is EdgeKind.UNTRIED]
            is_new = False
            if untried:
                action = untried[self._rng.below(len(untried))]
                edge = node.edges[action]
                leads_nowhere, is_new = self._try(node, action)
                passed_over = edge.child is not None and not is_new and edge.child.stamp == self.simulations
                if leads_nowhere or passed_over:
                    continue
            else:
                if self._path and all(edge.kind is EdgeKind.DEAD for edge in node.edges):
                    last, last_action = self._path[-1]
                    last.edges[last_action].kind = EdgeKind.DEAD
                best = self._best(node)
                if best is None:
                    return node
                action, edge = best, node.edges[best]
            self._path.append((node, action))
            if edge.child is None:
                if edge.kind is EdgeKind.GOAL:
                    self._offer_plan([], 0.0)
                return None
            node = edge.child
            if is_new:
                node.stamp = self.simulations
                return node

    def _try(self, node: Node[StateT], action: int) -> tuple[bool, bool]:
        """Try an action for the first time; return whether it leads nowhere, and whether the next state is new."""
        edge = node.edges[action]
        status, next_state, reward, done = self._step(node.state, action)
        self._open_edges -= 1
        is_new = not done and status == OK and next_state not in self.nodes
        known = not done and status == OK and not is_new
        if status == FAILED or (known and self._config.expand_once):
            edge.kind = EdgeKind.DEAD
            return True, False
        if done:
            edge.kind = EdgeKind.GOAL if reward > 0 else EdgeKind.DEAD
        else:
            edge.kind = EdgeKind.ALIVE
            if is_new:
                self.nodes[next_state] = Node(next_state)
                self._open_edges += self._num_actions
            edge.child = self.nodes[next_state]
        edge.reward = reward
        return False, is_new

    def _best(self, node: Node[StateT]) -> int | None:
        """Return the alive edge with the best score whose child is not on the path, ties to the lower action."""
        log_visits = log(node.visits) if node.visits else -inf
        best_score, best = -inf, None
        for action, edge in enumerate(node.edges):
            if edge.kind is EdgeKind.DEAD or (edge.child is not None and edge.child.stamp == self.simulations):
                continue
            score = inf
            if edge.visits:
                score = edge.q_value + self._config.exploration * sqrt(log_visits / edge.visits)
            if score > best_score:
                best_score, best = score, action
        return best

    def _rollout(self, node: Node[StateT]) -> float:
        """Play random actions; return the discounted return. A goal on the way is offered as a plan."""
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

    def _backup(self, leaf: Node[StateT] | None, value: float) -> None:
        if leaf is not None:
            leaf.visits += 1
        for node, action in reversed(self._path):
            edge = node.edges[action]
            value = edge.reward + self._config.discount * value
            edge.visits += 1
            edge.q_value += (value - edge.q_value) / edge.visits
            node.visits += 1

    def _offer_plan(self, rollout: list[int], rollout_return: float) -> None:
        total = rollout_return
        for node, action in reversed(self._path):
            total = node.edges[action].reward + self._config.discount * total
        actions = [action for _, action in self._path] + rollout
        shorter = self.plan is not None and total == self._plan_return and len(actions) < len(self.plan)
        if self.plan is None or total > self._plan_return or shorter:
            self.plan, self._plan_return = actions, total

    def _step(self, state: StateT, action: int) -> tuple[int, StateT, float, bool]:
        step = self._step_model(state, action)
        if step[0] not in (OK, FAILED):
            raise StepWithoutAnswerError
        self.generated += step[0] == OK
        return step
