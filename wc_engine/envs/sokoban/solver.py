"""Shortest solutions by breadth-first search on the pure rules: for generating and judging levels, not for planning."""

from __future__ import annotations

from wc_engine.envs.sokoban.rules import Layout, Placement, is_solved, step

__all__ = ["shortest_solution"]


def shortest_solution(layout: Layout, placement: Placement, *, max_states: int = 200_000) -> list[int] | None:
    """Return the fewest moves that solve a level, as indices into ``ACTIONS``.

    Args:
        layout: what never moves.
        placement: where to start; if every target has a box there, the solution is empty.
        max_states: states after which the search gives up.

    Returns:
        The moves, or None where no solution exists or none was found within ``max_states``.
    """
    if is_solved(layout, placement):
        return []
    start = (placement.player, placement.boxes)
    came_from: dict[tuple[int, frozenset[int]], tuple[tuple[int, frozenset[int]], int]] = {start: (start, -1)}
    layer = [start]
    while layer and len(came_from) <= max_states:
        next_layer = []
        for state in layer:
            for action in range(len(layout.offsets)):
                after, _, done = step(layout, Placement(*state), action)
                reached = (after.player, after.boxes)
                if reached in came_from:
                    continue
                came_from[reached] = (state, action)
                if done:
                    return _moves(came_from, reached)
                next_layer.append(reached)
        layer = next_layer
    return None


def _moves(
    came_from: dict[tuple[int, frozenset[int]], tuple[tuple[int, frozenset[int]], int]], end: tuple[int, frozenset[int]]
) -> list[int]:
    moves = []
    state, action = came_from[end]
    while action >= 0:
        moves.append(action)
        state, action = came_from[state]
    return moves[::-1]
