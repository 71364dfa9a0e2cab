"""What every environment must keep to, as one function that any test can call."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np

from wc_engine.envs.protocol import Environment
from wc_engine.envs.registry import make_env
from wc_engine.state.codec import state_from_json, state_to_json
from wc_engine.state.entities import State

__all__ = ["check_environment"]

_UNKNOWN_ACTION = "an action that no environment has"
_Step = tuple[State, str, State, float, bool]


def check_environment(
    make: str | Callable[[], Environment], *, episodes: int = 3, steps: int = 50, seed: int = 0
) -> None:
    """Play an environment at random and raise ``AssertionError`` where it breaks the protocol.

    Checked are: names and limits; errors before the first reset and for unknown actions; that a seed decides an
    episode, in one instance and in two; that what ``step`` returns is a state, a finite reward and a bool, and that
    ``state`` agrees with it; that states survive their JSON form; that a state which the environment is set to
    decides what happens next (where ``set_state`` is offered); and the renderings.

    Args:
        make: the environment's name, or a function that makes a new instance.
        episodes: how many episodes are played.
        steps: steps of each at most.
        seed: decides seeds and actions.

    Raises:
        AssertionError: the message says what is wrong.
    """
    made: Callable[[], Environment] = (lambda: make_env(make)) if isinstance(make, str) else make
    env, other = made(), made()
    _check_attributes(env)
    _check_before_reset(env)
    rng = Random(f"conformance {seed}")
    for _ in range(episodes):
        episode_seed = rng.getrandbits(29)
        played = _play(env, episode_seed, rng, steps)
        actions = [action for _, action, _, _, _ in played]
        for again in (env, other):
            repeated = _replay(again, episode_seed, actions)
            _require(repeated == played, f"seed {episode_seed} and the same actions gave two different episodes")
        if not _check_set_state(env, other, episode_seed, played):
            break
    _check_renderings(env)


def _check_attributes(env: Environment) -> None:
    _require(isinstance(env.name, str) and env.name != "", f"the name is a text, not {env.name!r}")
    _require(isinstance(env.actions, tuple) and len(env.actions) > 0, f"actions are a tuple of names: {env.actions!r}")
    _require(all(isinstance(name, str) for name in env.actions), f"actions are texts: {env.actions!r}")
    _require(len(set(env.actions)) == len(env.actions), f"every action has its own name: {env.actions!r}")
    _require(type(env.max_steps) is int and env.max_steps >= 1, f"max_steps is an int from 1, not {env.max_steps!r}")


def _check_before_reset(env: Environment) -> None:
    for what, call in (("state", lambda: env.state), ("step", lambda: env.step(env.actions[0]))):
        try:
            call()
        except RuntimeError:
            continue
        raise AssertionError(f"{what} raises RuntimeError before the first reset")


def _play(env: Environment, seed: int, rng: Random, steps: int) -> list[_Step]:
    state, mission = env.reset(seed)
    _require(isinstance(state, State), f"reset returns a State first, not {type(state).__name__}")
    _require(isinstance(mission, str), f"reset returns the mission second, a text, not {mission!r}")
    _require(env.state == state and env.mission == mission, "state and mission are those that reset returned")
    try:
        env.step(_UNKNOWN_ACTION)
    except ValueError:
        pass
    else:
        raise AssertionError("step raises ValueError for an unknown action")
    _require(env.state == state, "an unknown action changes nothing")
    played = []
    for _ in range(min(steps, env.max_steps)):
        action = rng.choice(env.actions)
        kept = State(state.entities)
        next_state, reward, done = env.step(action)
        _require(isinstance(next_state, State), f"step returns a State first, not {type(next_state).__name__}")
        _require(isinstance(reward, (int, float)) and math.isfinite(reward), f"a reward is a finite number: {reward!r}")
        _require(type(done) is bool, f"step returns a bool third, not {done!r}")
        _require(env.state == next_state, f"after {action!r} the state is not the one that step returned")
        _require(state == kept, f"{action!r} changed a state that was returned before")
        _require(state_from_json(state_to_json(next_state)) == next_state, "a state survives its JSON form")
        played.append((state, action, next_state, float(reward), done))
        if done:
            break
        state = next_state
    return played


def _replay(env: Environment, seed: int, actions: list[str]) -> list[_Step]:
    state, _ = env.reset(seed)
    played = []
    for action in actions:
        next_state, reward, done = env.step(action)
        played.append((state, action, next_state, float(reward), done))
        state = next_state
    return played


def _check_set_state(env: Environment, other: Environment, seed: int, played: list[_Step]) -> bool:
    """Whether it can be set to states; the steps are tried last to first, so that nothing leads to them."""
    for state, action, next_state, reward, done in reversed(played):
        other.reset(seed)  # for the mission
        try:
            other.set_state(state)
        except NotImplementedError:
            return False
        _require(other.state == state, "after set_state the state is the one that was given")
        outcome = other.step(action)
        _require(
            outcome == (next_state, reward, done),
            f"{action!r} from a state that was set gave another outcome than in the episode of seed {seed}: the state "
            f"does not say everything\n  set:     {outcome}\n  episode: {(next_state, reward, done)}",
        )
    return True


def _check_renderings(env: Environment) -> None:
    _require(isinstance(env.render("ansi"), str), "render('ansi') returns text")
    try:
        picture = env.render("rgb_array")
    except ValueError:
        return  # it draws no pictures
    _require(isinstance(picture, np.ndarray), "render('rgb_array') returns an array")
    assert isinstance(picture, np.ndarray)
    _require(picture.ndim == 3 and picture.shape[2] == 3, f"pictures are [height, width, 3], not {picture.shape}")
    _require(picture.dtype == np.uint8, f"pictures are uint8, not {picture.dtype}")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise AssertionError(message)
