"""The commands: what they answer, their JSON keys and exit statuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sokoban_texts import (
    FAILS_AT_WALLS,
    LEVELS,
    MODEL,
    NO_PLAYER,
    NOT_TRANSLATABLE,
    OPTIMIST,
    UNSOLVABLE,
    WALKS_THROUGH_BOXES,
    played,
)
from typer.testing import CliRunner

import wc_engine
from wc_engine.cli import app
from wc_engine.cli.command import spread
from wc_engine.models import read_transitions, write_transitions

CHECK_KEYS = ["model", "transitions", "reference", "compiled", "walked", "disagreements"]
REFERENCE_KEYS = ["state_correct", "reward_correct", "failed", "us_per_transition", "us_in_program"]
COMPILED_KEYS = ["supported", "reason", "line", "compile_seconds", "ns_per_transition", "fallbacks"]
SOLVE_KEYS = ["levels", "solved", "invalid", "seconds", "median_seconds", "expanded", "expanded_per_second"]
SOLVE_KEYS += ["planner", "results"]
RESULT_KEYS = ["file", "index", "solved", "status", "length", "expanded", "generated", "seconds", "bytes"]
LEARN_KEYS = ["env", "seed", "steps", "steps_to_exact", "first_win_step", "episodes", "wins", "win_streak", "seconds"]
LEARN_KEYS += ["model", "run"]
COMPILE_KEYS = ["model", "supported", "reason", "line", "compile_seconds", "dynamic_types", "static_types", "words"]
COMPILE_KEYS += ["actions", "native_half", "functions"]
ACTIONS = ["move down", "move left", "move right", "move up"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with models, levels and transitions."""
    monkeypatch.chdir(tmp_path)
    texts = {
        "model.py": MODEL,
        "boxes.py": WALKS_THROUGH_BOXES,
        "fails.py": FAILS_AT_WALLS,
        "foreign.py": NOT_TRANSLATABLE,
        "optimist.py": OPTIMIST,
        "good.xsb": LEVELS,
        "corner.xsb": UNSOLVABLE,
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    write_transitions(tmp_path / "data.jsonl", played(60))
    write_transitions(tmp_path / "more.jsonl.gz", played(40, seed=1))
    return tmp_path


def ask(*arguments: str, status: int = 0) -> dict[str, Any]:
    """Run a command with --json; its standard output must be one line, one object."""
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == status, result.output
    assert result.stdout.count("\n") == 1
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def tell(*arguments: str, status: int = 0) -> str:
    """Run a command as a person does; return what it wrote to standard output."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == status, result.output
    return result.stdout


def test_check_counts_what_a_right_program_reproduces_and_exits_with_0(folder: Path) -> None:
    answer = ask("check", "model.py", "--data", "data.jsonl", "more.jsonl.gz", "--walk", "4")
    assert list(answer) == CHECK_KEYS
    assert list(answer["reference"]) == REFERENCE_KEYS
    assert list(answer["compiled"]) == COMPILED_KEYS
    assert (answer["model"], answer["transitions"]) == ("model.py", 100)
    assert [answer["reference"][key] for key in REFERENCE_KEYS[:3]] == [100, 100, 0]
    assert answer["reference"]["us_per_transition"] > answer["reference"]["us_in_program"] > 0
    assert (answer["compiled"]["supported"], answer["compiled"]["reason"]) == (True, None)
    assert answer["compiled"]["ns_per_transition"] > 0
    assert answer["compiled"]["fallbacks"] == 0
    assert 4 <= answer["walked"] <= 80
    assert answer["disagreements"] == 0


def test_check_exits_with_1_on_counterexamples_and_says_what_differs(folder: Path) -> None:
    answer = ask("check", "boxes.py", "--data", "data.jsonl", status=1)
    assert answer["reference"]["state_correct"] < 60
    assert answer["reference"]["failed"] == 0
    assert answer["disagreements"] == 0
    text = tell("check", "boxes.py", "--data", "data.jsonl", status=1)
    assert "predicted, but not there: Box(" in text
    assert "phi_1 fails" in text


def test_a_native_check_says_how_little_it_interpreted(folder: Path) -> None:
    answer = ask("check", "model.py", "--data", "data.jsonl", "--native")
    assert list(answer) == CHECK_KEYS  # all of so few transitions are in the sample
    assert answer["reference"]["state_correct"] == 60
    assert ask("check", "boxes.py", "--data", "data.jsonl", "--native", status=1)["disagreements"] == 0


def test_check_counts_failures_apart(folder: Path) -> None:
    answer = ask("check", "fails.py", "--data", "data.jsonl", "--walk", "3", status=1)
    failed = answer["reference"]["failed"]
    assert failed > 0
    assert answer["reference"]["state_correct"] == 60 - failed
    assert answer["reference"]["reward_correct"] == 60  # given the recorded next state
    assert answer["disagreements"] == 0


def test_a_program_that_cannot_be_compiled_is_checked_by_the_reference_and_is_no_error(folder: Path) -> None:
    answer = ask("check", "foreign.py", "--data", "data.jsonl", "--walk", "3")
    assert answer["reference"]["state_correct"] == answer["reference"]["reward_correct"] == 60
    compiled = answer["compiled"]
    assert compiled["supported"] is False
    assert "numpy" in compiled["reason"]
    assert compiled["line"] == NOT_TRANSLATABLE.splitlines().index("import numpy") + 1
    assert [compiled[key] for key in COMPILED_KEYS[3:]] == [None, None, None]
    assert (answer["walked"], answer["disagreements"]) == (0, 0)


def test_check_counts_rewards_only_on_the_missions_asked_for(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "data.jsonl").read_text().splitlines()]
    for line in lines[:25]:
        line["mission"], line["reward"] = "another", 99.0
    (folder / "two.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    mission = lines[-1]["mission"]
    answer = ask("check", "model.py", "--data", "two.jsonl", "--mission", mission)
    assert (answer["reference"]["state_correct"], answer["reference"]["reward_correct"]) == (60, 35)
    answer = ask("check", "model.py", "--data", "two.jsonl", status=1)
    assert (answer["reference"]["state_correct"], answer["reference"]["reward_correct"]) == (60, 35)


def test_solve_replays_every_plan_and_exits_with_0(folder: Path) -> None:
    answer = ask("solve", "good.xsb", "--model", "model.py", "--planner", "bfs")
    assert list(answer) == SOLVE_KEYS
    assert [answer[key] for key in ("levels", "solved", "invalid", "planner")] == [2, 2, 0, "bfs"]
    first, second = answer["results"]
    assert list(first) == RESULT_KEYS
    assert [first[key] for key in RESULT_KEYS[:5]] == ["good.xsb", 0, True, "solved", 3]
    assert [second[key] for key in ("index", "solved")] == [1, True]
    assert answer["expanded"] == first["expanded"] + second["expanded"] > 0


def test_solve_exits_with_1_where_a_level_is_not_solved(folder: Path) -> None:
    answer = ask("solve", "good.xsb", "corner.xsb", "--model", "model.py", status=1)
    assert [answer[key] for key in ("levels", "solved", "invalid")] == [3, 2, 0]
    corner = answer["results"][2]
    assert [corner[key] for key in RESULT_KEYS[:5]] == ["corner.xsb", 0, False, "exhausted", None]
    assert "not solved: corner.xsb, level 1: exhausted" in tell("solve", "corner.xsb", "-m", "model.py", status=1)


def test_a_plan_that_wins_in_the_model_alone_is_refuted(folder: Path) -> None:
    answer = ask("solve", "good.xsb", "--model", "optimist.py", status=1)
    assert [result["status"] for result in answer["results"]] == ["refuted", "refuted"]
    assert answer["solved"] == 0


def test_a_bad_level_counts_as_invalid_beside_good_ones(folder: Path) -> None:
    (folder / "mixed.xsb").write_text(LEVELS + "\n" + NO_PLAYER)
    result = CliRunner().invoke(app, ["solve", "mixed.xsb", "--model", "model.py", "--json"])
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert [answer[key] for key in ("levels", "solved", "invalid")] == [3, 2, 1]
    assert answer["results"][2]["status"] == "invalid"
    line = (LEVELS + "\n" + NO_PLAYER).splitlines().index("# $.#")
    assert f"mixed.xsb:{line}: level 3" in result.stderr


def test_folders_and_patterns_stand_for_their_level_files(folder: Path) -> None:
    levels = folder / "levels"
    levels.mkdir()
    (levels / "a.xsb").write_text(LEVELS)
    (levels / "b.txt").write_text("Levels by nobody in particular.\n")
    (levels / "c.dat").write_text("not looked at")
    result = CliRunner().invoke(app, ["solve", "levels", "--model", "model.py", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["levels"] == 2
    assert "b.txt: no level found" in result.stderr
    assert ask("solve", "levels/*.xsb", "--model", "model.py")["levels"] == 2


def test_a_program_that_cannot_be_compiled_solves_interpreted(folder: Path) -> None:
    result = CliRunner().invoke(app, ["solve", "good.xsb", "--model", "foreign.py", "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["solved"] == 2
    assert "runs interpreted" in result.stderr


def test_compile_says_what_is_dynamic_and_exits_with_0(folder: Path) -> None:
    answer = ask("compile", "model.py", "--data", "data.jsonl")
    assert list(answer) == COMPILE_KEYS
    assert answer["supported"] is True
    assert (answer["dynamic_types"], answer["static_types"]) == (["Box", "Player"], ["Target", "Wall"])
    assert answer["words"] == 1
    assert answer["actions"] == ACTIONS
    assert "dynamic types" in tell("compile", "model.py", "--data", "data.jsonl")


def test_compile_exits_with_1_and_points_at_what_is_not_supported(folder: Path) -> None:
    answer = ask("compile", "foreign.py", "--data", "data.jsonl", status=1)
    assert list(answer) == COMPILE_KEYS
    assert answer["supported"] is False
    assert answer["line"] == NOT_TRANSLATABLE.splitlines().index("import numpy") + 1
    assert answer["words"] is answer["native_half"] is None
    text = tell("compile", "foreign.py", "--data", "data.jsonl", status=1)
    assert f"foreign.py:{answer['line']}" in text
    assert "^" in text


def test_compile_says_which_function_is_native_where_only_one_can_be(folder: Path) -> None:
    text = MODEL.replace("    reward = -0.1", "    reward = eval('-0.1')")
    Path("half.py").write_text(text)
    answer = ask("compile", "half.py", "--data", "data.jsonl", status=1)
    assert (answer["supported"], answer["native_half"]) == (False, "transition")
    assert answer["line"] == text[: text.index("eval(")].count("\n") + 1
    native = {function["name"]: function["native"] for function in answer["functions"]}
    assert (native["transition"], native["reward_func"]) == (True, False)
    told = tell("compile", "half.py", "--data", "data.jsonl", status=1)
    assert f"half.py:{answer['line']}" in told
    assert "transition runs natively" in told
    solved = CliRunner().invoke(app, ["solve", "good.xsb", "--model", "half.py", "--json"])
    assert json.loads(solved.stdout)["solved"] == 2
    assert "runs interpreted but for transition" in solved.stderr


def test_emitted_code_is_alone_on_standard_output_and_is_python(folder: Path) -> None:
    code = tell("compile", "model.py", "--data", "data.jsonl", "--emit")
    compile(code, "emitted.py", "exec")
    assert "def step(" in code
    result = CliRunner().invoke(app, ["compile", "foreign.py", "--data", "data.jsonl", "--emit"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "numpy" in result.stderr


def test_record_writes_the_same_file_for_the_same_seed(folder: Path) -> None:
    answer = ask("record", "sokoban", "--out", "a.jsonl", "--steps", "150", "--seed", "4")
    assert answer == {"env": "sokoban", "seed": 4, "transitions": 150, "episodes": answer["episodes"], "out": "a.jsonl"}
    ask("record", "sokoban", "--out", "b.jsonl.gz", "--steps", "150", "--seed", "4")
    ask("record", "sokoban", "--out", "c.jsonl", "--steps", "150", "--seed", "5")
    first = read_transitions("a.jsonl")
    assert len(first) == 150
    assert read_transitions("b.jsonl.gz") == first
    assert read_transitions("c.jsonl") != first
    assert {transition.action for transition in first} == set(ACTIONS)


def test_learn_answers_with_its_summary_and_leaves_a_run_folder(folder: Path) -> None:
    answer = ask("learn", "sokoban", "--episodes", "1", "--out", "run", status=1)
    assert list(answer) == LEARN_KEYS
    assert (answer["env"], answer["seed"], answer["episodes"]) == ("sokoban", 0, 1)
    assert answer["run"] == "run"
    names = {"model.py", "transitions.jsonl", "initial.jsonl", "episodes.jsonl", "events.jsonl", "requests.jsonl"}
    names |= {"config.json", "summary.json", "checkpoint.json", "programs"}
    assert {path.name for path in Path("run").iterdir()} == names
    assert json.loads(Path("run/summary.json").read_text()) == answer
    assert len(read_transitions("run/transitions.jsonl")) == answer["steps"]


def test_learn_shows_the_program_and_both_speeds_and_makes_a_new_run_folder(folder: Path) -> None:
    Path("runs/sokoban-seed0").mkdir(parents=True)
    text = tell("learn", "sokoban", "--episodes", "1", status=1)
    assert "def transition(state, action):" in text
    assert "ns a transition" in text
    assert Path("runs/sokoban-seed0-2/model.py").read_text() in text


def test_values_behind_one_data_option_are_spread() -> None:
    assert spread(["m.py", "--data", "a", "b", "--json"]) == ["m.py", "--data", "a", "--data", "b", "--json"]
    assert spread(["--data", "a", "m.py"]) == ["--data", "a", "m.py"]
    assert spread(["-d", "a", "b", "m.py", "--walk", "3"]) == ["-d", "a", "-d", "b", "m.py", "--walk", "3"]
    assert spread(["--data", "a", "--data", "b", "c"]) == ["--data", "a", "--data", "b", "--data", "c"]
    assert spread(["--data", "a", "--", "b"]) == ["--data", "a", "--", "b"]


def test_record_takes_minigrid_and_teleporters(folder: Path) -> None:
    for name, env in (("minigrid:DoorKey-5x5", "minigrid:DoorKey-5x5"), ("sokoban:teleport", "sokoban:teleport")):
        answer = ask("record", name, "--out", "a.jsonl", "--steps", "40")
        assert (answer["env"], answer["transitions"]) == (name, 40)
        assert {transition.env for transition in read_transitions("a.jsonl")} == {env}


def test_envs_lists_environments_and_those_that_are_left_out_with_the_reason(folder: Path) -> None:
    answer = ask("envs")
    assert list(answer) == ["environments", "left_out"]
    assert answer["environments"][0] == {"name": "sokoban", "detail": "gym-sokoban on its four moves"}
    assert {"name": "minigrid:DoorKey-5x5", "detail": "MiniGrid-DoorKey-5x5-v0"} in answer["environments"]
    reasons = {line["name"]: line["reason"] for line in answer["left_out"]}
    assert "random" in reasons["minigrid:Dynamic-Obstacles-5x5"]
    table = tell("envs", "obst")
    assert "minigrid:ObstructedMaze-1Dlh " in table
    assert "not deterministic" in table
    assert "DoorKey" not in table
    assert "contains 'chess'" in run("envs", "chess").stderr


def test_every_command_helps_with_examples(folder: Path) -> None:
    assert "learn" in tell("--help")
    for command in ("learn", "show", "solve", "check", "compile", "record", "envs", "bench"):
        assert f"wc-engine {command} " in tell(command, "--help").partition("Examples")[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "wc_engine", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=os.environ | {"COLUMNS": "100"})


def test_the_module_runs_as_a_program() -> None:
    finished = run("--version")
    assert (finished.returncode, finished.stdout) == (0, f"wc-engine {wc_engine.__version__}\n")


def test_several_processes_give_the_results_of_one_in_the_same_order(folder: Path) -> None:
    arguments = ("solve", "good.xsb", "corner.xsb", "--model", "model.py", "--planner", "bfs", "--json")
    alone, together = run(*arguments), run(*arguments, "--jobs", "2")
    assert (alone.returncode, together.returncode) == (1, 1), together.stderr
    assert together.stderr == ""
    kept = ("file", "index", "solved", "status", "length", "expanded", "generated", "bytes")
    first, second = (
        [{key: one[key] for key in kept} for one in json.loads(run.stdout)["results"]] for run in (alone, together)
    )
    assert first == second


def test_ctrl_c_ends_learning_with_what_was_reached(folder: Path) -> None:
    command = [sys.executable, "-m", "wc_engine", "learn", "sokoban", "--out", "run", "--json"]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as learning:
        assert learning.stderr is not None
        assert learning.stderr.readline().startswith("episode   1")
        learning.send_signal(signal.SIGINT)
        stdout, stderr = learning.communicate(timeout=60)
    assert learning.returncode == 130, stderr
    assert "Traceback" not in stderr
    answer = json.loads(stdout)
    assert answer == json.loads(Path("run/summary.json").read_text())
    assert answer["steps"] == len(read_transitions("run/transitions.jsonl"))
    assert "wc-engine learn --resume run" in stderr


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    text = "import sys, wc_engine.cli; print(*{'numba', 'numpy', 'gymnasium', 'openai', 'rich'} & set(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=True)
    assert finished.stdout == "\n"


def test_names_with_brackets_are_shown_as_they_are(folder: Path) -> None:
    (folder / "[red]levels.xsb").write_text(LEVELS)
    (folder / "[b]model.py").write_text(MODEL)
    assert "[red]levels.xsb" in tell("solve", "[red]levels.xsb", "--model", "[b]model.py")
    assert "[b]model.py" in tell("check", "[b]model.py", "--data", "data.jsonl")
    assert "[red]data.jsonl" in tell("record", "sokoban", "--out", "[red]data.jsonl", "--steps", "5")
