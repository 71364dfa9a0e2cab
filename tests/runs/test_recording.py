"""Random play."""

from __future__ import annotations

from itertools import islice, pairwise

from wc_engine.envs import make_env
from wc_engine.runs import random_play


def test_episodes_follow_the_environment_and_end_where_it_says() -> None:
    env = make_env("sokoban", boxes=1, size=(5, 5))
    steps = list(islice(random_play(env, seed=2), 3000))
    assert steps[0].episode == 1
    assert any(step.transition.done for step in steps)
    lengths: dict[int, int] = {}
    for before, after in pairwise(steps):
        lengths[before.episode] = lengths.get(before.episode, 0) + 1
        if before.episode == after.episode:
            assert before.transition.next_state == after.transition.state
            assert not before.transition.done
        else:
            assert after.episode == before.episode + 1
            assert before.transition.done or lengths[before.episode] == env.max_steps
    for step in steps[:200]:
        env.set_state(step.transition.state)
        outcome = (step.transition.next_state, step.transition.reward, step.transition.done)
        assert env.step(step.transition.action) == outcome


def test_the_seed_decides_the_play() -> None:
    first, again, other = (list(islice(random_play(make_env("sokoban"), seed=seed), 50)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_an_episode_can_be_cut_earlier() -> None:
    steps = list(islice(random_play(make_env("sokoban"), seed=1, max_steps=7), 21))
    assert [step.episode for step in steps] == [1] * 7 + [2] * 7 + [3] * 7
