"""Solving levels: one compilation, plans that are replayed, and interruptions that keep what is done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sokoban_texts import LEVELS, MODEL, NOT_TRANSLATABLE, OPTIMIST

from wc_engine.envs.sokoban import parse_levels
from wc_engine.errors import ModelExecutionError, UserInputError
from wc_engine.models import Program
from wc_engine.runs import (
    LevelResult,
    LevelSolver,
    LevelTask,
    SolveConfig,
    read_level_set,
    solve_in_parallel,
    solving,
    summarize,
)

TASKS = [LevelTask(level.file, level.index, level.state) for level in parse_levels(LEVELS).levels]
STATES = [task.state for task in TASKS]
FAST = SolveConfig(planner="bfs")

OPEN_ROOM = (
    "##############\n#@           #\n" + "#  $  $  $   #\n#            #\n" * 2 + "#.....  ######\n" + "#" * 14 + "\n"
)
"""Six boxes, five targets, much room: nothing solves it by breadth-first search in seconds."""


NINE_COLUMNS = "#########\n#@  $  .#\n#########\n"
WRONG_ON_NINE_COLUMNS = MODEL.replace(
    "    reward = -0.1",
    "    if at(state, 8, 0, 'Wall') and not at(state, 9, 0, 'Wall'):\n        return 1, True\n    reward = -0.1",
)
"""Right, but every step wins on a board of nine columns."""


def test_levels_are_solved_with_shortest_plans_by_breadth_first_search() -> None:
    with LevelSolver(Program.from_text(MODEL), STATES, FAST) as solver:
        assert solver.compiled is not None
        first, second = (solver.solve(task) for task in TASKS)
    assert (first.solved, first.plan) == (True, ("move right",) * 3)
    assert second.solved
    assert second.length == len(second.plan or ())


def test_a_program_that_does_not_compile_gives_the_same_plans_interpreted() -> None:
    plans = []
    for text in (MODEL, NOT_TRANSLATABLE):
        with LevelSolver(Program.from_text(text), STATES, FAST) as solver:
            plans.append([solver.solve(task).plan for task in TASKS])
            assert (solver.reason is None) == (text == MODEL)
    assert plans[0] == plans[1]


def test_a_plan_counts_only_if_it_wins_in_the_real_environment() -> None:
    with LevelSolver(Program.from_text(OPTIMIST), STATES, FAST) as solver:
        result = solver.solve(TASKS[0])
    assert (result.solved, result.status) == (False, solving.REFUTED)
    assert result.plan is not None
    assert "not in the real environment" in result.message


def test_a_step_without_an_answer_is_searched_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    with LevelSolver(Program.from_text(MODEL), STATES, FAST) as solver:
        real, asked = solving.plan, []

        def no_answer_natively(problem: object, *arguments: object, **keywords: object) -> object:
            asked.append(type(problem).__name__)
            if asked == ["CompiledProblem"]:
                raise ModelExecutionError("outran its fuel")
            return real(problem, *arguments, **keywords)  # type: ignore[arg-type]

        monkeypatch.setattr(solving, "plan", no_answer_natively)
        assert solver.solve(TASKS[0]).solved
    assert asked == ["CompiledProblem", "InterpretedProblem"]


def test_the_time_limit_holds_for_a_level() -> None:
    (level,) = parse_levels(OPEN_ROOM).levels
    config = SolveConfig(planner="bfs", time_limit_seconds=0.2)
    with LevelSolver(Program.from_text(MODEL), [level.state], config) as solver:
        result = solver.solve(LevelTask("room.xsb", 0, level.state))
    assert (result.solved, result.status) == (False, "time")
    assert result.expanded > 0


def test_the_summary_counts_each_level_once() -> None:
    results = [
        LevelResult(file="a", index=0, solved=True, status="solved", length=3, expanded=10, seconds=0.2),
        LevelResult(file="a", index=1, solved=False, status="time", expanded=30, seconds=0.6),
        LevelResult(file="a", index=2, solved=False, status=solving.INVALID),
    ]
    report = summarize(results, seconds=2.0, planner="bfs")
    assert (report["levels"], report["solved"], report["invalid"]) == (3, 1, 1)
    assert (report["expanded"], report["expanded_per_second"], report["median_seconds"]) == (40, 50, 0.4)


def test_processes_give_every_level_and_stop_when_they_are_told() -> None:
    program = Program.from_text(MODEL)
    results = list(solve_in_parallel(program, STATES, FAST, TASKS, jobs=2))
    assert sorted(result.index for result in results) == [0, 1]
    assert all(result.solved for result in results)
    (level,) = parse_levels(OPEN_ROOM).levels
    tasks = [*TASKS, *(LevelTask("room.xsb", number, level.state) for number in range(6))]
    config = SolveConfig(planner="bfs", time_limit_seconds=100.0)
    iterator = solve_in_parallel(program, [task.state for task in tasks], config, tasks, jobs=1)
    assert next(iterator).solved
    begin = time.monotonic()
    iterator.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begin < 50  # not the minutes that the searches would take


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_what_is_done(tmp_path: Path, jobs: str) -> None:
    (tmp_path / "model.py").write_text(WRONG_ON_NINE_COLUMNS)
    (tmp_path / "levels.xsb").write_text("\n".join([LEVELS, NINE_COLUMNS, *[OPEN_ROOM] * 3]))
    command = [sys.executable, "-m", "wc_engine", "solve", "levels.xsb", "--model", "model.py", "--planner", "bfs"]
    command += ["--time-limit", "100", "--json", "--jobs", jobs]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=tmp_path, text=True, start_new_session=True, **pipes) as run:  # type: ignore[call-overload]
        assert run.stderr is not None
        seen = run.stderr.readline()  # of the third level, which comes after the two that are solved
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to every process of the group
        stdout, stderr = run.communicate(timeout=100)
    assert "level 3: the plan wins in the model, but not in the real environment" in seen
    assert run.returncode == 130, stderr
    assert "Traceback" not in stderr
    report = json.loads(stdout)
    statuses = [result["status"] for result in report["results"]]
    assert statuses[2:] == ["refuted", *["interrupted"] * 3]
    if jobs == "1":
        assert statuses[:2] == ["solved", "solved"]
    else:  # the process that has the other of the two may still be loading
        assert "solved" in statuses[:2]
        assert set(statuses[:2]) <= {"solved", "interrupted"}


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.xsb").write_text(LEVELS)
    (tmp_path / "b.TXT").write_text(LEVELS)
    names = [str(tmp_path), str(tmp_path / "a.xsb"), str(tmp_path / "*.xsb")]
    found = read_level_set(names)
    assert [Path(level.file).name for level in found.levels] == ["a.xsb", "a.xsb", "b.TXT", "b.TXT"]
    with pytest.raises(UserInputError, match="check the path"):
        read_level_set([str(tmp_path / "c.xsb")])


def test_a_file_named_like_a_pattern_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "odd[1].xsb").write_text(LEVELS)
    assert len(read_level_set([tmp_path / "odd[1].xsb"]).levels) == 2


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="time_limit_seconds must be positive"):
        SolveConfig(time_limit_seconds=0)
