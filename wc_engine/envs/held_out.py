"""Transitions that judge a learned model, from any environment that can be set to a state.

Random play seldom opens a door. Here every action is tried in states found one after the other, and the kinds of events
that led to them take turns, so that what comes after a rare event is seen as often as what comes after a frequent one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from random import Random
from typing import TypeAlias

from wc_engine.envs.protocol import Environment
from wc_engine.state.entities import State

__all__ = ["HeldOutTransition", "held_out_transitions"]

HeldOutTransition: TypeAlias = tuple[State, str, State, float, bool]
"""State, action, next state, reward, done; the layers above make their own records of it."""

_FIRST_EPISODE_SEED = 1_000_000_000
"""Episodes of learning are seeded with smaller numbers: these are fresh to whoever learns."""
_SEED_STRIDE = 1000
_LEAST_EPISODES, _MOST_EPISODES = 6, 30
_VISITS = 80
"""States of an episode in which every action is tried."""
_Event: TypeAlias = tuple[str, float, bool, frozenset[str], frozenset[str]]


def held_out_transitions(env: Environment, seed: int, *, count: int = 2000) -> list[HeldOutTransition]:
    """Return up to ``count`` transitions, all different; none starts where an episode ended. A seed decides them.

    Args:
        env: the environment; its episode is lost.
        seed: different seeds use different episodes.
        count: the number of transitions.

    Raises:
        NotImplementedError: the environment cannot be set to a state.
    """
    rng = Random(f"held-out transitions {seed}")
    events: dict[_Event, dict[tuple[State, str], HeldOutTransition]] = defaultdict(dict)
    episode_seed = _FIRST_EPISODE_SEED + seed * _SEED_STRIDE
    known = 0
    for number in range(_MOST_EPISODES):
        for transition in _explored(env, episode_seed + number, rng):
            events[_event(transition)][transition[:2]] = transition
        before, known = known, sum(map(len, events.values()))
        if known == before or (number + 1 >= _LEAST_EPISODES and known >= count):
            break  # a world with one beginning soon shows nothing new
    return _in_turns(rng, [list(events[event].values()) for event in sorted(events, key=_order)], count)


def _explored(env: Environment, episode_seed: int, rng: Random) -> Iterator[HeldOutTransition]:
    """Try every action in as many states of an episode; the kinds of events that led to states take turns."""
    start, _ = env.reset(episode_seed)
    seen = {start}
    open_states: dict[_Event | None, list[State]] = {None: [start]}
    visited: Counter[_Event | None] = Counter()
    for _ in range(_VISITS):
        led = [event for event, states in open_states.items() if states]
        if not led:
            return
        rarest = min(led, key=lambda event: visited[event])
        visited[rarest] += 1
        states = open_states[rarest]
        state = states.pop(int(rng.random() * len(states)))
        for transition in _all_actions(env, state):
            yield transition
            next_state, done = transition[2], transition[4]
            if not done and next_state not in seen:
                seen.add(next_state)
                open_states.setdefault(_event(transition), []).append(next_state)


def _all_actions(env: Environment, state: State) -> list[HeldOutTransition]:
    found = []
    for action in env.actions:
        env.set_state(state)
        next_state, reward, done = env.step(action)
        found.append((state, action, next_state, reward, done))
    return found


def _event(transition: HeldOutTransition) -> _Event:
    """What kind of thing happened: the action, the reward, and the types of what went and what came."""
    state, action, next_state, reward, done = transition
    before, after = set(state), set(next_state)
    gone, come = before - after, after - before
    return action, reward, done, frozenset(each.type for each in gone), frozenset(each.type for each in come)


def _order(event: _Event) -> tuple[object, ...]:
    action, reward, done, gone, come = event
    return action, reward, done, sorted(gone), sorted(come)


def _in_turns(rng: Random, groups: list[list[HeldOutTransition]], count: int) -> list[HeldOutTransition]:
    for group in groups:
        rng.shuffle(group)
    chosen: list[HeldOutTransition] = []
    while groups and len(chosen) < count:
        for group in groups[: count - len(chosen)]:
            chosen.append(group.pop())
        groups = [group for group in groups if group]
    return chosen
