"""Bad input: one clear line with the place and what to do, exit status 2, no traceback, nothing half-written."""

from __future__ import annotations

from pathlib import Path

import pytest
from sokoban_texts import LEVELS, MODEL, NO_PLAYER, RAGGED, TOO_FEW_BOXES, played
from typer.testing import CliRunner

from wc_engine.cli import app
from wc_engine.models import write_transitions


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a model, levels and transitions."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text(MODEL)
    (tmp_path / "good.xsb").write_text(LEVELS)
    write_transitions(tmp_path / "data.jsonl", played(20))
    return tmp_path


def refuse(*arguments: str) -> str:
    """Run a command that must be refused; return its one line on standard error."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)
    lines = [line for line in result.stderr.splitlines() if line.startswith("wc-engine: ")]
    assert len(lines) == 1, result.stderr
    return result.stderr


@pytest.mark.parametrize(
    ("level", "message"),
    [
        (NO_PLAYER, "bad.xsb:1: level 1: it has no player; put one @"),
        (TOO_FEW_BOXES, "bad.xsb:1: level 1: it has fewer boxes (1) than targets (2)"),
        (RAGGED, "bad.xsb:2: level 1: the walls do not enclose the player"),
    ],
    ids=["no player", "fewer boxes than targets", "ragged"],
)
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_a_bad_level_alone_is_refused_with_its_line(
    folder: Path, level: str, message: str, more: tuple[str, ...]
) -> None:
    (folder / "bad.xsb").write_text(level)
    stderr = refuse("solve", "bad.xsb", "--model", "model.py", *more)
    assert message in stderr
    assert "no valid level" in stderr


@pytest.mark.parametrize(
    "command",
    [
        ("solve", "good.xsb", "--model", "broken.py"),
        ("check", "broken.py", "--data", "data.jsonl"),
        ("compile", "broken.py", "--data", "data.jsonl"),
    ],
    ids=lambda command: command[0],
)
def test_a_model_with_a_syntax_error_is_refused_with_its_line(folder: Path, command: tuple[str, ...]) -> None:
    (folder / "broken.py").write_text("import math\n\ndef transition(state, action:\n    return state\n")
    stderr = refuse(*command)
    assert stderr.startswith("wc-engine: broken.py:3: syntax error: ")
    assert len(stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [("solve", "good.xsb", "--model", "half.py"), ("check", "half.py", "--data", "data.jsonl")],
    ids=lambda command: command[0],
)
def test_a_model_without_transition_is_refused(folder: Path, command: tuple[str, ...]) -> None:
    (folder / "half.py").write_text("def reward_func(state, action, next_state):\n    return 0, False\n")
    assert "half.py: no function transition(state, action); define it" in refuse(*command)


def test_a_model_that_fails_while_it_is_loaded_is_refused_with_its_line(folder: Path) -> None:
    (folder / "failing.py").write_text(MODEL + "\nraise RuntimeError('not today')\n")
    line = len(MODEL.splitlines()) + 2
    for command in (
        ("check", "failing.py", "--data", "data.jsonl"),
        ("solve", "good.xsb", "--model", "failing.py"),
    ):
        stderr = refuse(*command)
        assert f"failing.py:{line}: " in stderr
        assert "not today" in stderr


@pytest.mark.parametrize("command", ["check", "compile"])
def test_a_transitions_file_with_a_broken_line_is_refused_with_its_line(folder: Path, command: str) -> None:
    lines = (folder / "data.jsonl").read_text().splitlines()
    lines[6] = lines[6][:50]
    (folder / "cut.jsonl").write_text("\n".join(lines) + "\n")
    stderr = refuse(command, "model.py", "--data", "data.jsonl", "cut.jsonl")
    assert stderr.startswith("wc-engine: cut.jsonl:7: not JSON")
    assert "repair or remove the line" in stderr


def test_an_unknown_planner_is_refused_with_the_known_ones(folder: Path) -> None:
    stderr = refuse("solve", "good.xsb", "--model", "model.py", "--planner", "magic")
    assert "unknown planner 'magic': use one of astar, auto, bfs, bfws, greedy, idastar, mcts, vi" in stderr


def test_an_unknown_environment_is_refused_with_the_known_ones(folder: Path) -> None:
    assert "known: sokoban" in refuse("learn", "chess")
    assert "known: sokoban" in refuse("record", "chess", "--out", "chess.jsonl")
    assert not (folder / "runs").exists()
    assert not (folder / "chess.jsonl").exists()


def test_an_output_folder_that_cannot_be_made_is_refused_and_nothing_is_written(folder: Path) -> None:
    (folder / "file").write_text("kept")
    before = sorted(folder.iterdir())
    assert "file: is a file, expected a folder" in refuse("learn", "sokoban", "--out", "file")
    assert "file/run: cannot write to this run folder" in refuse("learn", "sokoban", "--out", "file/run")
    assert "the folder file is not a folder; make it first" in refuse("record", "sokoban", "--out", "file/data.jsonl")
    assert "the folder missing does not exist; make it first" in refuse("record", "sokoban", "--out", "missing/a.jsonl")
    assert "is a folder: name a file in it" in refuse("record", "sokoban", "--out", ".")
    assert sorted(folder.iterdir()) == before
    assert (folder / "file").read_text() == "kept"


def test_a_run_folder_that_is_not_empty_is_refused_and_left_as_it_is(folder: Path) -> None:
    run = folder / "run"
    run.mkdir()
    (run / "notes.txt").write_text("mine")
    assert "run: this folder is not empty: choose another with --out" in refuse("learn", "sokoban", "--out", "run")
    assert [path.name for path in run.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("solve", "absent.xsb", "--model", "model.py"), "absent.xsb: there is no such level file"),
        (("solve", "no*.xsb", "--model", "model.py"), "no*.xsb: no file matches this pattern"),
        (("solve", "empty", "--model", "model.py"), "empty: this folder has no level files (*.sok, *.txt, *.xsb)"),
        (("solve", "good.xsb", "--model", "absent.py"), "absent.py: no such model file"),
        (("solve", "good.xsb", "--model", "model.py", "--time-limit", "0"), "--time-limit: expected a number"),
        (("check", "model.py", "--data", "absent.jsonl"), "absent.jsonl: there is no such file"),
        (("check", "model.py", "--data", "data.jsonl", "--mission", "fly"), "no transition has the mission 'fly'"),
        (("compile", "model.py", "--data", "data.jsonl", "--emit", "--json"), "--emit and --json"),
    ],
)
def test_other_misuse_is_refused(folder: Path, command: tuple[str, ...], message: str) -> None:
    (folder / "empty").mkdir()
    assert message in refuse(*command)


@pytest.mark.parametrize("command", [("solve",), ("check", "model.py"), ("learn", "sokoban", "--seed", "-1"), ("fly",)])
def test_arguments_that_no_command_takes_are_misuse(folder: Path, command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, list(command))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--max-cost", "3"), "add --proposer llm"),
        (("--replay",), "add --proposer llm"),
        (("--proposer", "llm"), "Name one with --llm-model"),
        (("--proposer", "llm", "--llm-model", " "), "expected the name of a model"),
        (("--proposer", "nobody"), "choose one of inductive, llm"),
    ],
)
def test_options_about_language_models_must_fit_together(folder: Path, options: tuple[str, ...], message: str) -> None:
    assert message in refuse("learn", "sokoban", "--out", "run", *options)
    assert not Path("run").exists()
