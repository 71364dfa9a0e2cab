"""Hypothesis strategies for entities, states and transitions."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from wc_engine.models.dataset import Transition
from wc_engine.state import Entity, State

NAMES = st.sampled_from(["color", "loc", "name", "open", "state", "weight", "x", "y"])
TYPES = st.sampled_from(["Agent", "Box", "Door", "Key", "Wall"])
COLORS = st.sampled_from(["red", "green", "blue"])
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(),
    st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e22, 5e-324]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "a", "b", "apple 1", 'é\n"\\']),
)


def values() -> st.SearchStrategy[Any]:
    """Return values of every kind that a state can hold and JSON can write: tuples and entities nest."""
    return st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(tuple),
            st.builds(Entity, TYPES, st.dictionaries(NAMES, inner, max_size=2)),
        ),
        max_leaves=4,
    )


def entities() -> st.SearchStrategy[Entity]:
    """Return entities of a few types with any attributes."""
    return st.builds(Entity, TYPES, st.dictionaries(NAMES, values(), max_size=4))


def states(max_size: int = 6) -> st.SearchStrategy[State]:
    """Return free-form states, with duplicates."""
    return st.lists(entities(), max_size=max_size).flatmap(
        lambda drawn: (
            st.lists(st.sampled_from(drawn), max_size=2).map(lambda again: State(drawn + again))
            if drawn
            else st.just(State())
        )
    )


@st.composite
def grid_states(draw: st.DrawFn, max_width: int = 5, max_height: int = 5) -> State:
    """Return states of a small grid: an agent that may carry something, and at most one other thing per cell."""
    width, height = draw(st.integers(2, max_width)), draw(st.integers(2, max_height))
    cells = [(x, y) for x in range(width) for y in range(height)]
    agent_x, agent_y = draw(st.sampled_from(cells))
    carried = draw(st.none() | st.builds(lambda kind, color: Entity(kind, color=color), TYPES, COLORS))
    direction = draw(st.sampled_from([(0, -1), (1, 0), (0, 1), (-1, 0)]))
    found = [Entity("Agent", x=agent_x, y=agent_y, direction=direction, carrying=carried)]
    for x, y in draw(st.lists(st.sampled_from(cells), unique=True, max_size=8)):
        kind = draw(st.sampled_from(["Wall", "Goal", "Key", "Door"]))
        attributes: dict[str, object] = {"x": x, "y": y}
        if kind in ("Key", "Door"):
            attributes["color"] = draw(COLORS)
        if kind == "Door":
            attributes["state"] = draw(st.sampled_from(["open", "closed", "locked"]))
        found.append(Entity(kind, attributes))
    return State(found)


def transitions() -> st.SearchStrategy[Transition]:
    """Return transitions between unrelated states."""
    return st.builds(
        Transition,
        env=st.sampled_from(["grid", "kitchen"]),
        mission=st.sampled_from(["open the red door", ""]),
        state=grid_states() | states(3),
        action=st.sampled_from(["move up", "heat apple 1 with microwave 1"]),
        next_state=grid_states() | states(3),
        reward=st.floats(allow_nan=False, allow_infinity=False),
        done=st.booleans(),
    )


UNIFORM_ATTRIBUTES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "Agent": {
        "carrying": st.sampled_from([None, *(Entity("Key", color=color) for color in ("red", "green"))]),
        "x": st.integers(-3, 9),
    },
    "Door": {"open": st.booleans(), "x": st.integers(-3, 9)},
    "Flag": {},
    "Key": {"color": COLORS, "weight": st.sampled_from([0, 0.0, 1, True, None, 2.5]), "y": st.integers(0, 9)},
    "Wall": {"x": st.integers(-3, 9), "y": st.integers(0, 9)},
}
"""The attributes of each type in ``uniform_states``."""
_UNIFORM_ENTITIES = st.one_of(
    [
        st.fixed_dictionaries(attributes).map(lambda drawn, kind=kind: Entity(kind, drawn))
        for kind, attributes in UNIFORM_ATTRIBUTES.items()
    ]
)
_UNIFORM_STATES = st.lists(_UNIFORM_ENTITIES, max_size=6).map(State)


def uniform_states() -> st.SearchStrategy[State]:
    """Return states whose entities have the same attributes within a type; now and then with duplicates."""
    return _UNIFORM_STATES
