"""``wc-engine learn --config`` and ``--resume``: what they answer, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from wc_engine.cli import app

SETTINGS = """
env = "sokoban"
seed = 3
max_episodes = 1
max_steps = 2
measure_exactness = false

[agent]
min_transitions = 50

[planning]
trusted = true

[synthesis]
strategy = "greedy"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a file of settings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings.toml").write_text(SETTINGS)
    return tmp_path


def learn(*arguments: str, status: int) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["learn", *arguments, "--json"])
    assert result.exit_code == status, result.output
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def refuse(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["learn", *arguments])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


def test_flags_go_before_the_file_and_every_value_is_recorded(folder: Path) -> None:
    answer = learn("--config", "settings.toml", "--seed", "5", "--no-optimism", status=1)
    assert (answer["env"], answer["seed"], answer["episodes"], answer["steps"]) == ("sokoban", 5, 1, 2)
    assert answer["run"] == "runs/sokoban-seed5"
    config = json.loads(Path("runs/sokoban-seed5/config.json").read_text())
    assert (config["seed"], config["max_episodes"], config["max_steps"]) == (5, 1, 2)
    assert config["planning"]["trusted"] is True
    assert config["planning"]["planner"] == "bfs"
    assert config["synthesis"]["strategy"] == "greedy"
    assert config["synthesis"]["optimism"] is False


def test_what_a_run_recorded_is_a_file_of_settings_for_another(folder: Path) -> None:
    learn("--config", "settings.toml", "--out", "first", status=1)
    answer = learn("--resume", "first", "--episodes", "2", status=1)
    assert (answer["episodes"], answer["run"]) == (2, "first")
    again = learn("--config", "settings.toml", "--episodes", "2", "--out", "whole", status=1)
    timed = ("seconds", "run", "model")
    assert {k: v for k, v in again.items() if k not in timed} == {k: v for k, v in answer.items() if k not in timed}
    assert Path("first/transitions.jsonl").read_bytes() == Path("whole/transitions.jsonl").read_bytes()


def test_a_file_with_an_unknown_key_is_refused_with_the_expected_ones(folder: Path) -> None:
    (folder / "settings.toml").write_text('env = "sokoban"\n[agent]\nepsilom = 0.1\n')
    said = refuse("--config", "settings.toml")
    assert "settings.toml: unknown key 'epsilom' in [agent]: did you mean 'epsilon'?" in said
    assert "expected keys: epsilon, " in said
    assert not (folder / "runs").exists()


def test_an_environment_must_be_named_somewhere(folder: Path) -> None:
    assert "which environment?" in refuse()


def test_a_finished_run_is_not_taken_up(folder: Path) -> None:
    learn("--config", "settings.toml", "--out", "run", status=1)
    assert "run: this run is finished: give it more with --episodes" in refuse("--resume", "run")


def test_what_is_no_run_is_not_taken_up(folder: Path) -> None:
    assert "nothing: this folder holds no run" in refuse("--resume", "nothing")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("sokoban",), "ENV"),
        (("--seed", "4"), "--seed"),
        (("--config", "settings.toml"), "--config"),
        (("--no-transfer", "--llm-model", "m", "--max-calls", "3"), "--no-transfer, --llm-model"),
    ],
)
def test_what_decided_a_run_cannot_be_changed_when_it_is_taken_up(
    folder: Path, options: tuple[str, ...], named: str
) -> None:
    said = refuse("--resume", "run", *options)
    assert f"leave out {named} (what may change is --episodes, --max-cost, --max-tokens, --max-calls)" in said
