"""One call for every kind of model, and a planner that remembers."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from table_problem import TableProblem, binary_tree, line

import wc_engine
from wc_engine import CapsuleProblem, Entity, Planner, SearchStatus, State
from wc_engine.compile import compile_program
from wc_engine.errors import EncodingError, UserInputError
from wc_engine.models import Program, open_model
from wc_engine.planners import PLANNERS

CORRIDOR = """
def transition(state, action):
    robot = next(e for e in state if e.name == "Robot")
    dx = {"left": -1, "right": 1}[action]
    if not any(e.name == "Wall" and e.x == robot.x + dx for e in state):
        robot.x += dx
    return state

def reward_func(state, action, next_state):
    robot = next(e for e in next_state if e.name == "Robot")
    home = any(e.name == "Lamp" and e.x == robot.x for e in next_state)
    return (1.0 if home else -0.1), home
"""

TWO_MISSIONS = (
    CORRIDOR.replace("def reward_func", "def lamp")
    + """
def wall(state, action, next_state):
    robot = next(e for e in next_state if e.name == "Robot")
    there = any(e.name == "Wall" and e.x == robot.x + 1 for e in next_state)
    return (1.0 if there else 0.0), there

REWARD_FUNCS = {"lamp": lamp, "wall": wall}
"""
)

INTERPRETED_ONLY = "import json\n" + CORRIDOR.replace(
    "    dx = {", '    json.dumps("native code has no json")\n    dx = {'
)

ACTIONS = ("left", "right")


def corridor(robot: int) -> State:
    walls = [Entity("Wall", x=-1, y=0), Entity("Wall", x=9, y=0)]
    return State([Entity("Lamp", x=1, y=0), Entity("Robot", x=robot, y=0), *walls])


class Counter:
    """Counts up to 5; its states are numbers."""

    actions = ("more", "less")

    def __init__(self) -> None:
        self.calls = 0

    def transition(self, state: int, action: str) -> int | None:
        self.calls += 1
        following = state + (1 if action == "more" else -1)
        return None if following < 0 else following

    def reward_func(self, state: int, action: str, next_state: int) -> tuple[float, bool]:
        return (1.0, True) if next_state == 5 else (0.0, False)


@pytest.mark.parametrize("planner", sorted(PLANNERS))
def test_every_planner_plans_in_a_program(planner: str) -> None:
    found = wc_engine.plan(CORRIDOR, corridor(3), planner=planner, actions=ACTIONS, time_limit=20, max_expanded=5000)
    assert found.status is SearchStatus.SOLVED
    assert found.plan is not None
    assert found.plan.count("left") - found.plan.count("right") == 2


def test_a_model_may_be_a_file_a_program_a_compiled_model_a_problem_or_a_running_model(tmp_path: Path) -> None:
    file = tmp_path / "corridor.py"
    file.write_text(CORRIDOR)
    compiled = compile_program(CORRIDOR, [corridor(3)], ACTIONS)
    with open_model(Program.from_text(CORRIDOR)) as running:
        models = (file, str(file), Program.from_text(CORRIDOR), compiled, compiled.bind(corridor(3)), running)
        for model in models:
            assert wc_engine.plan(model, corridor(4), planner="bfs", actions=ACTIONS).plan == ("left",) * 3
    assert wc_engine.plan(compiled.bind(corridor(2)), planner="bfs").plan == ("left",)


def test_a_program_that_does_not_compile_is_planned_in_all_the_same() -> None:
    assert wc_engine.plan(INTERPRETED_ONLY, corridor(3), planner="bfs", actions=ACTIONS).plan == ("left", "left")


def test_a_mission_chooses_the_reward_function() -> None:
    with Planner(TWO_MISSIONS, "bfs", actions=ACTIONS) as planner:
        assert planner.plan(corridor(3), "lamp").plan == ("left",) * 2
        assert planner.plan(corridor(3), "wall").plan == ("right",) * 5
        assert planner.plan(corridor(3), "lamp").plan == ("left",) * 2


def test_a_compiled_model_is_widened_where_a_state_does_not_fit() -> None:
    compiled = compile_program(CORRIDOR, [corridor(3)], ACTIONS)
    far = State([Entity("Lamp", x=1, y=0), Entity("Robot", x=300, y=0)])
    assert wc_engine.plan(compiled, far, planner="bfs").plan == ("left",) * 299


def test_an_object_with_transition_and_reward_func_is_a_model_of_any_states() -> None:
    found = wc_engine.plan(Counter(), 2, planner="bfs")
    assert found.plan == ("more",) * 3
    namespace = SimpleNamespace(transition=Counter().transition, reward_func=Counter().reward_func)
    assert wc_engine.plan(namespace, 4, planner="vi", actions=Counter.actions).plan == ("more",)


def test_an_objects_exception_reaches_the_caller() -> None:
    class Broken(Counter):
        def transition(self, state: int, action: str) -> int | None:
            raise ZeroDivisionError("of mine")

    with pytest.raises(ZeroDivisionError, match="of mine"):
        wc_engine.plan(Broken(), 0, planner="bfs")


def test_a_capsule_is_a_model_of_words() -> None:
    table = TableProblem(line(6))
    found = wc_engine.plan(table.capsule, table.words_of(2), planner="bfs", actions=["on", "back"])
    assert found.plan == ("on",) * 4
    assert wc_engine.plan(table.capsule, table.words_of(5), planner="bfs").plan == ("0",)
    problem = CapsuleProblem(table.capsule, table.words_of(3), owner=table)
    assert wc_engine.plan(problem, planner="astar").plan == ("0",) * 3
    assert problem.encode(problem.decode(problem.initial_words)).tolist() == problem.initial_words.tolist()
    assert wc_engine.plan(problem.at(table.words_of(4)), planner="idastar").plan == ("0",) * 2


def test_what_is_no_model_no_state_or_has_no_actions_is_refused() -> None:
    table = TableProblem(line(3))
    with pytest.raises(TypeError, match="int is no model"):
        wc_engine.plan(7, 0, actions=ACTIONS)
    with pytest.raises(UserInputError, match="which actions"):
        wc_engine.plan(CORRIDOR, corridor(3))
    with pytest.raises(ValueError, match="from a State"):
        wc_engine.plan(CORRIDOR, 3, actions=ACTIONS)
    with pytest.raises(ValueError, match="expected 1 words"):
        wc_engine.plan(table.capsule, [0, 0])
    with pytest.raises(ValueError, match="different names"):
        CapsuleProblem(table.capsule, [0], ["one"])
    with pytest.raises(EncodingError, match="how to pack"):
        CapsuleProblem(table.capsule, [0]).encode(corridor(1))
    with pytest.raises(UserInputError, match="unknown planner"):
        Planner(CORRIDOR, "dijkstra", actions=ACTIONS)
    with pytest.raises(ValueError, match="time_limit"):
        wc_engine.plan(Counter(), 0, time_limit=-1)


@pytest.mark.parametrize("planner", ["auto", "bfs", "astar", "vi"])
def test_a_planner_answers_from_what_it_knows(planner: str) -> None:
    with Planner(CORRIDOR, planner, actions=ACTIONS) as remembering:
        first = remembering.plan(corridor(6))
        again = remembering.plan(corridor(4))
        assert (first.plan, again.plan) == (("left",) * 5, ("left",) * 3)
        assert first.expanded > 0
        assert (again.status, again.expanded) == (SearchStatus.SOLVED, 0)
        assert "known" in again.reason
        remembering.forget()
        assert remembering.plan(corridor(4)).expanded > 0


def test_a_state_off_the_plan_is_searched_anew() -> None:
    with Planner(CORRIDOR, "bfs", actions=ACTIONS) as planner:
        planner.plan(corridor(4))
        again = planner.plan(corridor(7))
        assert (again.plan, again.expanded > 0) == (("left",) * 6, True)


def test_mcts_keeps_its_tree_over_moves() -> None:
    table = TableProblem(binary_tree(12))
    with Planner(CapsuleProblem(table.capsule, [0]), "mcts", max_expanded=100) as planner:
        first = planner.plan()
        kept = planner.plan([2])
        fresh = wc_engine.plan(CapsuleProblem(table.capsule, [2]), planner="mcts", max_expanded=100)
    assert first.planner == "mcts"
    assert kept.expanded > fresh.expanded


def test_a_model_in_python_is_asked_for_each_step_once() -> None:
    counter = Counter()
    with Planner(counter, "bfs") as planner:
        planner.plan(0)
        planner.forget()
        before = counter.calls
        assert planner.plan(0).plan == ("more",) * 5
        assert counter.calls == before


def test_the_event_loop_goes_on_while_a_search_runs() -> None:
    async def both() -> tuple[int, wc_engine.PlanResult]:
        table = TableProblem(binary_tree(16))
        searching = asyncio.ensure_future(wc_engine.plan_async(table.capsule, [0], planner="mcts", time_limit=0.2))
        turns = 0
        while not searching.done():
            await asyncio.sleep(0.001)
            turns += 1
        return turns, await searching

    turns, found = asyncio.run(both())
    assert turns > 1
    assert found.status in (SearchStatus.TIME, SearchStatus.EXHAUSTED)


def test_cancelling_the_task_ends_the_search() -> None:
    ended = threading.Event()

    class Endless(Counter):
        def reward_func(self, state: int, action: str, next_state: int) -> tuple[float, bool]:
            return 0.0, False

    async def cancel() -> None:
        with Planner(Endless(), "bfs") as planner:
            searching = asyncio.ensure_future(planner.plan_async(0))
            await asyncio.sleep(0.1)
            searching.cancel()
            with pytest.raises(asyncio.CancelledError):
                await searching
            await asyncio.to_thread(planner.forget)  # waits for the search
            ended.set()

    asyncio.run(asyncio.wait_for(cancel(), 20))
    assert ended.is_set()


def test_searches_in_two_threads_take_turns_in_one_planner() -> None:
    table = TableProblem(line(2000))
    with Planner(CapsuleProblem(table.capsule, [0]), "bfs") as planner:
        found: list[int] = []

        def search(start: int) -> None:
            result = planner.plan(np.array([start], dtype=np.uint64))
            assert result.plan is not None
            found.append(len(result.plan))

        threads = [threading.Thread(target=search, args=(start,)) for start in (0, 500, 1000, 1500)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == [500, 1000, 1500, 2000]
