"""Small transition systems for the tests of planners: explicit tables behind the C contract, and random ones."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st
from tasks.c_library import CModel, build_library, compiler, make_capsule

from wc_engine.models.problem import Problem, U64Array
from wc_engine.state.entities import Entity, State

OK, FAILED, OUT_OF_RANGE, OUT_OF_FUEL = 1, 2, 3, 4
HERE = Path(__file__).parent


def c_library(name: str, flags: Sequence[str] = ("-O1",)) -> ctypes.CDLL:
    """Build a C file of this folder, or skip the test where there is no compiler."""
    if compiler() is None:
        pytest.skip("needs a C compiler: install gcc or clang, or set CC")
    return build_library(HERE / name, flags)


@dataclass(frozen=True)
class Edge:
    """What one action does in one state."""

    next: int
    reward: float = 0.0
    done: bool = False
    status: int = OK


System = list[list[Edge]]
"""``system[state][action]``; state 0 is initial."""

GOAL = Edge(0, reward=1.0, done=True)


class TableProblem:
    """A system behind the C contract.

    Args:
        system: edges by state and action.
        num_words: words per state.
        with_expand: whether the model offers ``expand``.
        resolved: what ``resolve`` answers.
    """

    def __init__(
        self, system: System, *, num_words: int = 1, with_expand: bool = True, resolved: Problem | None = None
    ) -> None:
        self.actions = tuple(f"action {index}" for index in range(len(system[0])))
        self.num_words = num_words
        self.resolved = resolved
        self.asked: list[tuple[int, int, int]] = []
        self._library = c_library("table_model.c")
        edges = [edge for row in system for edge in row]
        self._arrays = (
            np.array([edge.next for edge in edges], dtype=np.int32),
            np.array([edge.reward for edge in edges], dtype=np.float64),
            np.array([edge.done for edge in edges], dtype=np.uint8),
            np.array([edge.status for edge in edges], dtype=np.int32),
        )
        self._tables = ctypes.create_string_buffer(64)
        self._model = CModel()
        self._library.system_bind(
            self._tables,
            ctypes.byref(self._model),
            num_words,
            len(system[0]),
            *(ctypes.c_void_p(array.ctypes.data) for array in self._arrays),
            int(with_expand),
        )
        self.capsule = make_capsule(self._model)
        self.initial_words = self.words_of(0)

    def words_of(self, number: int) -> U64Array:
        words = np.zeros(self.num_words, dtype=np.uint64)
        self._library.system_encode(self.num_words, number, ctypes.c_void_p(words.ctypes.data))
        return words

    def encode(self, state: State) -> U64Array:
        return self.words_of(int(state.entities[0]["number"]))  # type: ignore[arg-type]

    def decode(self, words: U64Array) -> State:
        return State([Entity("Place", number=int(words[-1]))])

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        self.asked.append((int(words[-1]), action, status))
        return self.resolved


def step_of(system: System):
    """Return the step function that the Python twins take."""

    def step(state: int, action: int) -> tuple[int, int, float, bool]:
        edge = system[state][action]
        return edge.status, edge.next, edge.reward, edge.done

    return step


def replay(system: System, plan: Sequence[str], *, start: int = 0) -> Edge:
    """Return the last edge of a plan; no step before it may fail or end the episode."""
    state = start
    for name in plan[:-1]:
        edge = system[state][int(name.split()[1])]
        assert edge.status == OK
        assert not edge.done
        state = edge.next
    return system[state][int(plan[-1].split()[1])]


@st.composite
def systems(draw: st.DrawFn, *, statuses: Sequence[int] = (OK, OK, OK, OK, FAILED)) -> System:
    """Random systems with cycles, dead ends, failing steps, ends of episodes and rewards of both signs."""
    num_states = draw(st.integers(1, 12))
    num_actions = draw(st.integers(1, 4))
    edges = st.builds(
        Edge,
        next=st.integers(0, num_states - 1),
        reward=st.sampled_from([-1.0, -0.1, 0.0, 0.25, 1.0]),
        done=st.sampled_from([False, False, False, False, False, False, True]),
        status=st.sampled_from(list(statuses)),
    )
    row = st.lists(edges, min_size=num_actions, max_size=num_actions)
    return draw(st.lists(row, min_size=num_states, max_size=num_states))


def line(length: int) -> System:
    """A corridor: action 0 goes on, action 1 back; the step behind the last place is the goal."""
    return [[Edge(place + 1), Edge(max(0, place - 1))] for place in range(length - 1)] + [[GOAL, Edge(length - 2)]]


def binary_tree(depth: int) -> System:
    """A full binary tree without a goal; its leaves lead to themselves. ``2^(depth + 1) - 1`` states."""
    inner = 2**depth - 1
    count = 2 * inner + 1
    return [
        [Edge(2 * state + 1), Edge(2 * state + 2)] if state < inner else [Edge(state), Edge(state)]
        for state in range(count)
    ]
