"""Value iteration in plain Python: the twin of ``csrc/wc_value_iteration.h``."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Generic

from wc_engine.planners.reference.breadth_first import FAILED, OK, StateT, Step
from wc_engine.planners.result import SearchStatus

__all__ = ["ReferenceGraph", "ReferenceValues", "explore", "sweep_depth_limited", "sweep_in_place", "sweep_synchronous"]

END = -1
"""Where a step leads that ends the episode."""


@dataclass(slots=True)
class ReferenceGraph(Generic[StateT]):
    """What can be reached.

    Attributes:
        states: distinct states in the order in which they were found.
        depths: the steps that each is away from the initial one.
        edges: for each expanded state the steps that do not fail: action, index of the next state or ``END``, reward.
        status: *exhausted*, or *budget* where states are left.
        goal_plan: a shortest way to a step with done and a positive reward, if one was seen.
    """

    states: list[StateT]
    depths: list[int]
    edges: list[list[tuple[int, int, float]]] = field(default_factory=list)
    status: SearchStatus = SearchStatus.EXHAUSTED
    goal_plan: list[int] | None = None


@dataclass(slots=True)
class ReferenceValues:
    """Values of the states of a graph.

    Attributes:
        values: of each state.
        residuals: the largest change of each sweep.
        plan: the actions of the best way to a step with done and a positive reward, None where the best way has none.
    """

    values: list[float]
    residuals: list[float]
    plan: list[int] | None


def explore(
    step: Step[StateT],
    initial: StateT,
    num_actions: int,
    *,
    max_states: int | None = None,
    depth_limit: int | None = None,
) -> ReferenceGraph[StateT]:
    """Expand the states that can be reached, breadth-first, within the limits.

    Raises:
        ValueError: a step was neither OK nor failed.
    """
    graph = ReferenceGraph([initial], [0])
    numbers = {initial: 0}
    ways: list[list[int]] = [[]]
    while len(graph.edges) < len(graph.states) and graph.depths[len(graph.edges)] != depth_limit:
        if len(graph.edges) == max_states:
            break
        index = len(graph.edges)
        row = []
        for action in range(num_actions):
            status, next_state, reward, done = step(graph.states[index], action)
            if status == FAILED:
                continue
            if status != OK:
                raise ValueError(f"a step ended in status {status}")
            if done and reward > 0 and graph.goal_plan is None:
                graph.goal_plan = [*ways[index], action]
            if not done and next_state not in numbers:
                numbers[next_state] = len(graph.states)
                graph.states.append(next_state)
                graph.depths.append(graph.depths[index] + 1)
                ways.append([*ways[index], action])
            row.append((action, END if done else numbers[next_state], reward))
        graph.edges.append(row)
    if len(graph.edges) < len(graph.states):
        graph.status = SearchStatus.BUDGET
    return graph


def sweep_synchronous(
    graph: ReferenceGraph[StateT], discount: float, *, tolerance: float, max_sweeps: int
) -> ReferenceValues:
    """Update all values from those of the sweep before, until no one changes by more than the tolerance."""
    values = [0.0] * len(graph.states)
    residuals: list[float] = []
    while len(residuals) < max_sweeps:
        following = [_backup(row, values, discount)[0] for row in graph.edges]
        residuals.append(max((abs(new - old) for new, old in zip(following, values, strict=False)), default=0.0))
        values[: len(following)] = following
        if residuals[-1] <= tolerance:
            break
    return ReferenceValues(values, residuals, _follow(graph, values, discount))


def sweep_in_place(
    graph: ReferenceGraph[StateT], discount: float, *, tolerance: float, max_sweeps: int
) -> ReferenceValues:
    """Update values in place, from the last state to the first, then back, and so on.

    Values begin at a lower bound. A step that stays where it is counts ``reward / (1 - discount)``.
    """
    least = min((reward for row in graph.edges for _, _, reward in row), default=0.0)
    staying = 1.0 / (1.0 - discount) if discount < 1 else 0.0
    start = min(least, 0.0) / (1.0 - discount) if discount < 1 else 0.0
    values = [start] * len(graph.edges) + [0.0] * (len(graph.states) - len(graph.edges))
    residuals: list[float] = []
    while len(residuals) < max_sweeps:
        order = range(len(graph.edges))
        change = 0.0
        for index in reversed(order) if len(residuals) % 2 == 0 else order:
            value, _ = _backup(graph.edges[index], values, discount, own=index, staying=staying)
            change = max(change, abs(value - values[index]))
            values[index] = value
        residuals.append(change)
        if change <= tolerance and _residual(graph, values, discount) <= tolerance:
            break
    return ReferenceValues(values, residuals, _follow(graph, values, discount))


def sweep_depth_limited(graph: ReferenceGraph[StateT], discount: float, depth_limit: int) -> ReferenceValues:
    """Look ``depth_limit`` steps ahead: the value of a state ``d`` steps away is that of ``depth_limit - d``."""
    values = [0.0] * len(graph.states)
    result = list(values)
    residuals: list[float] = []
    policies: list[list[int | None]] = []
    for left in range(1, depth_limit + 1):
        updated = [index for index in range(len(graph.edges)) if graph.depths[index] <= depth_limit - left]
        backups = [_backup(graph.edges[index], values, discount) for index in updated]
        residuals.append(max((abs(new - values[i]) for i, (new, _) in zip(updated, backups, strict=True)), default=0.0))
        policies.append([action for _, action in backups])
        for index, (value, _) in zip(updated, backups, strict=True):
            values[index] = result[index] = value
    plan: list[int] = []
    index = 0
    for policy in reversed(policies):
        action = policy[index] if index < len(policy) else None
        if action is None:
            break
        plan.append(action)
        target, reward = next((target, reward) for a, target, reward in graph.edges[index] if a == action)
        if target == END:
            return ReferenceValues(result, residuals, plan if reward > 0 else None)
        index = target
    return ReferenceValues(result, residuals, None)


def _backup(
    row: list[tuple[int, int, float]],
    values: list[float],
    discount: float,
    *,
    own: int | None = None,
    staying: float = 0.0,
) -> tuple[float, int | None]:
    """Return the value that a state's steps give, and the first best action; 0 and None where there are no steps."""
    best, best_action = -inf, None
    for action, target, reward in row:
        q_value = reward + discount * (0.0 if target == END else values[target])
        if staying and target == own:
            q_value = reward * staying
        if q_value > best:
            best, best_action = q_value, action
    return (best, best_action) if best_action is not None else (0.0, None)


def _residual(graph: ReferenceGraph[StateT], values: list[float], discount: float) -> float:
    backups = (_backup(row, values, discount)[0] for row in graph.edges)
    return max((abs(new - old) for new, old in zip(backups, values, strict=False)), default=0.0)


def _follow(graph: ReferenceGraph[StateT], values: list[float], discount: float) -> list[int] | None:
    """Return the actions of the greedy policy from the initial state, if they lead to a goal."""
    plan: list[int] = []
    index = 0
    while len(plan) <= len(graph.states) and index < len(graph.edges):
        _, action = _backup(graph.edges[index], values, discount)
        if action is None:
            return None
        plan.append(action)
        target, reward = next((target, reward) for a, target, reward in graph.edges[index] if a == action)
        if target == END:
            return plan if reward > 0 else None
        index = target
    return None
