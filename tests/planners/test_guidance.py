"""What the engine finds out about compiled models by itself: agents, subjects, goals, projections."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from wc_engine.compile import CompiledModel, compile_program
from wc_engine.models.problem import U64Array
from wc_engine.planners import SearchStatus, a_star_search, auto, best_first_width_search, breadth_first_search, plan
from wc_engine.planners import guidance as guidance_module
from wc_engine.planners._core.estimates import Projection
from wc_engine.planners.guidance import find_guidance, prepare
from wc_engine.planners.recipes import Subject, find_recipe
from wc_engine.state.entities import Entity, State

PUSH = (Path(__file__).parents[1] / "golden" / "sokoban_push.py").read_text()
COUNTS = (
    PUSH[: PUSH.index("def reward_func")]
    + '''
def reward_func(state, action, next_state):
    """Counts, so that one box alone never is enough."""
    targets = [(e.x, e.y) for e in next_state if e.name == 'Target']
    boxes = [(e.x, e.y) for e in next_state if e.name == 'Box']
    done = sum(place in boxes for place in targets) == len(targets)
    return (1.0 if done else 0.0), done
'''
)
ACTIONS = ("up", "down", "left", "right")
LEVEL = """
########
#      #
# $  $ #
#   #  #
#.@  . #
########
"""
STUCK = """
#####
#$ .#
# @ #
#####
"""


def level(text: str) -> State:
    kinds = {"#": "Wall", "$": "Box", ".": "Target", "@": "Player"}
    rows = text.strip("\n").split("\n")
    return State(
        Entity(kinds[letter], x=x, y=y) for y, row in enumerate(rows) for x, letter in enumerate(row) if letter in kinds
    )


@pytest.fixture(scope="module", params=["all", "counts"])
def model(request: pytest.FixtureRequest) -> CompiledModel:
    text = {"all": PUSH, "counts": COUNTS}[request.param]
    compiled = compile_program(text, [level(LEVEL), level(STUCK)], ACTIONS)
    assert isinstance(compiled, CompiledModel)
    return compiled


def test_the_agent_and_what_goals_are_about_are_found(model: CompiledModel) -> None:
    recipe = find_recipe(model.bind(level(LEVEL)))
    assert recipe is not None
    assert recipe.agent == "Player"
    expected = Subject("Box", "Target", ("x", "y")) if "Counts" in model.program.text else Subject("Box")
    assert recipe.subjects == (expected,)


def test_distances_count_pushes_and_never_exceed_the_plan(model: CompiledModel) -> None:
    problem = model.bind(level(LEVEL))
    guidance = find_guidance(problem, admissible=False, memory_limit_bytes=2**28)
    assert guidance.patterns == 2
    assert guidance.estimator is not None
    distance, unmet = guidance.estimator.estimate(problem.initial_words)
    assert (distance, unmet) == (5, 2)
    admissible = find_guidance(problem, admissible=True, memory_limit_bytes=2**28).estimator
    shortest = breadth_first_search(problem)
    assert shortest.plan is not None
    words = problem.initial_words
    for position, action in enumerate(shortest.plan):
        estimate, _ = admissible.estimate(words)
        assert estimate is not None
        assert estimate <= len(shortest.plan) - position
        _, words, _, _ = problem.step_words(words, problem.actions.index(action))


def test_guided_plans_replay_and_those_of_a_star_are_shortest(model: CompiledModel) -> None:
    problem = model.bind(level(LEVEL))
    shortest = breadth_first_search(problem)
    for found in (a_star_search(problem), best_first_width_search(problem), plan(problem)):
        assert found.status is SearchStatus.SOLVED
        words, done, reward = problem.initial_words, False, 0.0
        for action in found.plan:
            assert not done
            _, words, reward, done = problem.step_words(words, problem.actions.index(action))
        assert done
        assert reward > 0
    assert len(a_star_search(problem).plan) == len(shortest.plan)
    assert a_star_search(problem).expanded < shortest.expanded


def test_a_box_in_a_corner_is_a_dead_end_and_no_plan_is_proved(model: CompiledModel) -> None:
    for search in (plan, best_first_width_search, a_star_search):
        assert search(model.bind(level(STUCK))).status is SearchStatus.EXHAUSTED


def test_auto_says_which_planner_and_why(model: CompiledModel) -> None:
    found = plan(model.bind(level(LEVEL)))
    assert found.planner in ("bfs", "bfws")
    assert "search" in found.reason


def test_auto_tries_one_guided_search_after_another(model: CompiledModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto, "_SMALL_STEPS", 4)
    problem = model.bind(level(LEVEL))
    tried = []
    for steps in (40, 4_000):
        monkeypatch.setattr(auto, "_GUIDED_STEPS", steps)
        tried.append(plan(problem))
    first, second = tried
    assert first.solved
    assert first.planner == "bfs"  # 1 + 10 + 20 + 20 expansions were not enough
    assert first.expanded > 51
    assert (second.planner, second.reason[:12]) == ("bfws", "width search")


class InterruptedProjection(Projection):
    """One during which somebody presses Ctrl-C."""

    def explore(self, roots: U64Array, max_states: int, seconds: float) -> bool:
        os.kill(os.getpid(), signal.SIGINT)
        return super().explore(roots, max_states, seconds)


@pytest.mark.parametrize("planner", ["auto", "astar", "bfws", "greedy", "idastar"])
def test_ctrl_c_while_the_problem_is_taken_apart_ends_the_search(
    planner: str, model: CompiledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = model.bind(level(LEVEL))
    prepare(problem)
    monkeypatch.setattr(auto, "_SMALL_STEPS", 4)
    monkeypatch.setattr(guidance_module, "Projection", InterruptedProjection)
    found = plan(problem, planner)
    assert (found.status, found.plan) == (SearchStatus.INTERRUPTED, None)
    assert found.expanded == (1 if planner == "auto" else 0)


def test_memory_for_projections_is_limited(model: CompiledModel) -> None:
    problem = model.bind(level(LEVEL))
    assert find_guidance(problem, admissible=False, memory_limit_bytes=4096).estimator is None
    found = best_first_width_search(problem)
    assert found.bytes > 0
    assert np.array_equal(problem.initial_words, model.bind(level(LEVEL)).initial_words)
