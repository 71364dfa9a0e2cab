"""Transitions that judge a learned model, made by any environment."""

from __future__ import annotations

import pytest

from wc_engine.envs import make_env
from wc_engine.envs.held_out import held_out_transitions


@pytest.mark.parametrize("name", ["sokoban:teleport", "minigrid:DoorKey-5x5"])
def test_held_out_transitions_are_true_different_decided_by_the_seed_and_of_all_kinds(name):
    env = make_env(name)
    transitions = held_out_transitions(env, 3, count=900)
    assert len({(state, action) for state, action, _, _, _ in transitions}) == len(transitions) == 900
    assert held_out_transitions(make_env(name), 3, count=900) == transitions
    for state, action, next_state, reward, done in transitions[:50]:
        env.set_state(state)
        assert env.step(action) == (next_state, reward, done)
    if "DoorKey" in name:
        opened = [t for t in transitions if t[0].of_type("Door") != t[2].of_type("Door")]
        assert len(opened) > 10
        assert (1.0, True) in {t[3:] for t in transitions}


def test_small_worlds_give_what_they_have():
    transitions = held_out_transitions(make_env("minigrid:Empty-5x5"), 0)
    assert len(transitions) == (9 - 1) * 4 * 7
