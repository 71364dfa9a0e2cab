"""The planner benchmarks: what is measured, against what, and that answers are checked."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from sokoban_texts import MODEL, NOT_TRANSLATABLE
from table_problem import TableProblem, line
from typer.testing import CliRunner

from wc_engine.cli import app
from wc_engine.errors import InternalError, UserInputError
from wc_engine.planners import PLANNERS, MctsConfig, breadth_first_search, mcts_search
from wc_engine.runs import benchmarking
from wc_engine.runs.bench_targets import BenchTarget, bench_targets
from wc_engine.runs.benchmarking import BenchConfig, compare_rows, run_bench
from wc_engine.runs.yardsticks import CSokobanProblem, compiler, level_from_text
from wc_engine.runs.yardsticks.by_hand import breadth_first_by_hand, sweeps_by_hand, uct_by_hand

LEVEL = "#######\n#@ $ .#\n# $ . #\n#     #\n#######\n"
QUICK = BenchConfig(rounds=1, max_expanded=3000, max_simulations=500)

needs_compiler = pytest.mark.skipif(compiler() is None, reason="needs a C compiler")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a level, a program and a module with functions that return models."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "level.xsb").write_text(LEVEL)
    (tmp_path / "program.py").write_text(MODEL)
    (tmp_path / "plugged_models.py").write_text(
        "from table_problem import TableProblem, line\n"
        "table = TableProblem(line(50))\n"
        "def bare():\n    return table.capsule, [0], ['on', 'back']\n"
        "def problem(level=None):\n    return table\n"
        "def nothing():\n    return 7\n"
    )
    return tmp_path


@needs_compiler
def test_searches_by_hand_find_what_the_planners_find() -> None:
    problem = CSokobanProblem(level_from_text(LEVEL))
    hand = breadth_first_by_hand(problem, 100_000)
    found = breadth_first_search(problem)
    assert found.plan is not None
    assert hand.length == len(found.plan)
    unsolvable = CSokobanProblem(level_from_text(LEVEL.replace("#     #", "#   . #")))
    assert breadth_first_by_hand(unsolvable, 100_000).generated == breadth_first_search(unsolvable).generated
    settings = MctsConfig(max_simulations=400)
    tree = uct_by_hand(unsolvable, settings)
    simulated = mcts_search(unsolvable, settings)
    assert (tree.visits, tree.stored) == (simulated.visit_counts.tolist(), simulated.stored)


@needs_compiler
def test_sweeps_by_hand_are_those_of_numpy() -> None:
    targets = np.array([[1, 2], [0, -1], [2, 1]])
    rewards = np.array([[0.0, 1.0], [-1.0, 2.0], [0.5, 0.0]])
    values = np.zeros(3)
    for _ in range(7):
        values = (rewards + 0.9 * np.where(targets >= 0, values[targets], 0.0)).max(axis=1)
    assert np.array_equal(sweeps_by_hand(targets, rewards, 3, 0.9, 7)[1], values)


@needs_compiler
def test_every_planner_has_a_row_on_both_models(folder: Path) -> None:
    notes: list[str] = []
    targets = bench_targets(None, Path("level.xsb"), notes.append)
    rows = list(run_bench(targets, QUICK))
    assert notes == []
    for name in ("Sokoban, C model", "Sokoban, learned"):
        assert {row.planner for row in rows if row.task.startswith(name)} == set(PLANNERS)
    assert all(row.rate > 0 for row in rows)
    assert {row.planner for row in rows if row.yardstick == "C by hand"} == {"bfs", "mcts", "vi"}
    assert all((row.ratio is None) == (row.yardstick is None) for row in rows)
    assert all(row.bytes_per_state is None or row.bytes_per_state > 8 for row in rows)


def test_without_a_compiler_there_are_no_yardsticks_but_a_note(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    notes: list[str] = []
    (target,) = bench_targets(None, Path("level.xsb"), notes.append)
    assert "no C compiler" in notes[0]
    rows = list(run_bench([target], dataclasses.replace(QUICK, planners=("mcts", "vi"))))
    assert rows
    assert all(row.yardstick is None for row in rows)


def test_a_program_that_does_not_compile_is_measured_interpreted_and_closed(folder: Path) -> None:
    (folder / "foreign.py").write_text(NOT_TRANSLATABLE)
    words = ["bench", "--model", "foreign.py", "--level", "level.xsb", "-p", "bfs", "--rounds", "1", "--states", "20"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "runs interpreted" in result.stderr


def test_a_wrong_plan_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = TableProblem(line(5))
    wrong = dataclasses.replace(breadth_first_search(problem), plan=("action 0",) * 4)
    monkeypatch.setattr(benchmarking, "breadth_first_search", lambda *_: wrong)
    with pytest.raises(InternalError, match="does not end"):
        list(run_bench([BenchTarget("line", problem, problem)], dataclasses.replace(QUICK, planners=("bfs",))))


def test_rates_are_compared_by_task_planner_and_unit() -> None:
    def row(task: str, rate: float) -> dict[str, object]:
        return {"task": task, "planner": "bfs", "unit": "generated", "rate": rate}

    assert compare_rows([row("a", 3.0), row("b", 1.0)], [row("a", 2.0), row("c", 1.0)]) == {"a | bfs | generated": 1.5}


@pytest.mark.parametrize("name", ["plugged_models:bare", "plugged_models:problem"])
def test_any_model_of_the_contract_is_plugged_in(folder: Path, name: str) -> None:
    (target,) = bench_targets(name, None, pytest.fail)
    (row, *_) = run_bench([target], dataclasses.replace(QUICK, planners=("astar",)))
    assert (row.task, row.status) == (name, "solved")


def test_models_that_are_none_are_refused(folder: Path) -> None:
    for name, message in (
        ("plugged_models:nothing", "returned int"),
        ("plugged_models:missing", "no attribute"),
        ("no_such_module:f", "No module"),
        ("just_a_name", "module:function"),
        ("missing.py", "no such model file"),
    ):
        with pytest.raises(UserInputError, match=message):
            bench_targets(name, None, lambda _: None)


def test_the_command_writes_figures_and_compares_them(folder: Path) -> None:
    quick = ["--rounds", "1", "--states", "2000", "--simulations", "200", "-p", "bfs", "-p", "mcts"]
    words = ["bench", "--model", "program.py", "--level", "level.xsb", *quick]
    first = CliRunner().invoke(app, [*words, "--json", "old.json"])
    assert first.exit_code == 0, first.output
    assert "generated/s" in first.stdout
    old = json.loads(Path("old.json").read_text())
    assert list(old) == ["machine", "config", "figures"]
    assert {"processor", "cores", "python"} <= old["machine"].keys()
    second = CliRunner().invoke(app, [*words, "--json", "-", "--compare", "old.json"])
    assert second.exit_code == 0, second.output
    new = json.loads(second.stdout)
    assert len(new["ratios_to_old"]) == len(new["figures"]) == len(old["figures"])
    third = CliRunner().invoke(app, [*words, "--compare", "old.json"])
    assert "new / old" in third.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--planner", "dijkstra"], "unknown planner 'dijkstra'"),
        (["--compare", "program.py"], "no figures"),
        (["--compare", "missing.json"], "cannot read earlier figures"),
        (["--level", "missing.xsb"], "missing.xsb"),
    ],
)
def test_misuse_is_one_line(folder: Path, words: list[str], message: str) -> None:
    result = CliRunner().invoke(app, ["bench", *words])
    assert result.exit_code == 2
    assert message in result.stderr
    assert len([line for line in result.stderr.splitlines() if line.startswith("wc-engine: ")]) == 1
