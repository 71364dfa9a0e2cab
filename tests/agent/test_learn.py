"""A run and what it leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wc_engine.agent import AgentEvent, EventKind, LearnConfig, PlanningConfig, learn
from wc_engine.agent.checkpoint import fresh_run_path
from wc_engine.errors import UserInputError
from wc_engine.models.dataset import read_transitions
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.synthesis import compare

TRUSTED = PlanningConfig(trusted=True)


def sokoban(out: Path, **settings: object) -> LearnConfig:
    return LearnConfig(env="sokoban", out=out, planning=TRUSTED, **settings)  # type: ignore[arg-type]


def test_sokoban_is_learned_from_nothing_and_won_three_times_in_a_row(tmp_path: Path) -> None:
    summary = learn(sokoban(tmp_path / "run", win_streak=3))
    assert summary.win_streak == 3
    assert summary.steps <= 400
    assert summary.steps_to_exact is not None
    assert summary.first_win_step is not None
    assert summary.steps_to_exact <= summary.steps
    text = (tmp_path / "run" / "model.py").read_text()
    assert "HYPOTHESIS" not in text
    program = ReferenceInterpreter(Program.from_text(text))
    transitions = read_transitions(tmp_path / "run" / "transitions.jsonl")
    assert len(transitions) == summary.steps
    for one in transitions:
        outcome = program.step(one.state, one.action, mission=one.mission, next_state=one.next_state)
        assert compare(one, outcome) is None


def test_a_run_folder_holds_settings_episodes_and_summary(tmp_path: Path) -> None:
    summary = learn(sokoban(tmp_path / "run", seed=5, max_episodes=2, max_steps=10, measure_exactness=False))
    run = tmp_path / "run"
    names = {"config.json", "episodes.jsonl", "initial.jsonl", "model.py", "summary.json", "transitions.jsonl"}
    names |= {"events.jsonl", "requests.jsonl", "checkpoint.json", "programs"}
    assert {path.name for path in run.iterdir()} == names
    assert json.loads((run / "summary.json").read_text()) == summary.as_record()
    config = json.loads((run / "config.json").read_text())
    assert (config["env"], config["seed"], config["max_episodes"]) == ("sokoban", 5, 2)
    episodes = [json.loads(line) for line in (run / "episodes.jsonl").read_text().splitlines()]
    assert [episode["episode"] for episode in episodes] == [1, 2]
    assert (
        sum(episode["steps"] for episode in episodes)
        == summary.steps
        == len(read_transitions(run / "transitions.jsonl"))
    )
    keys = "env seed steps steps_to_exact first_win_step episodes wins win_streak seconds model run"
    assert " ".join(summary.as_record()) == keys
    assert summary.steps_to_exact is None


def test_an_unwritable_folder_is_refused_before_anything_is_played(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    played: list[AgentEvent] = []
    with pytest.raises(UserInputError, match="cannot write to this run folder"):
        learn(sokoban(tmp_path / "file" / "run"), on_event=played.append)
    assert played == []


def test_a_folder_with_a_run_in_it_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    config = sokoban(tmp_path, max_episodes=1, max_steps=4, measure_exactness=False)
    learn(config)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(UserInputError, match="holds a run already"):
        learn(config)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_unknown_environment_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="unknown environment"):
        learn(LearnConfig(env="sokobam", out=tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_an_interrupted_run_keeps_what_it_saw(tmp_path: Path) -> None:
    def interrupt(event: AgentEvent) -> None:
        if event.kind is EventKind.STEP and event.progress.steps == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn(sokoban(tmp_path, measure_exactness=False), on_event=interrupt)
    assert json.loads((tmp_path / "summary.json").read_text())["steps"] == 6
    assert len(read_transitions(tmp_path / "transitions.jsonl")) == 6


def test_a_run_can_be_asked_to_stop(tmp_path: Path) -> None:
    steps: list[int] = []

    def note(event: AgentEvent) -> None:
        steps.append(event.progress.steps)

    summary = learn(sokoban(tmp_path, measure_exactness=False), note, lambda: bool(steps) and steps[-1] >= 5)
    assert summary.steps == 5


def test_a_fresh_run_path_never_names_a_folder_that_exists(tmp_path: Path) -> None:
    first = fresh_run_path("minigrid:DoorKey-5x5", 3, tmp_path)
    assert first == tmp_path / "minigrid-DoorKey-5x5-seed3"
    first.mkdir()
    assert fresh_run_path("minigrid:DoorKey-5x5", 3, tmp_path) == tmp_path / "minigrid-DoorKey-5x5-seed3-2"


@pytest.mark.parametrize(
    "settings", [{"seed": -1}, {"max_episodes": 0}, {"win_streak": 0}, {"max_steps": 0}], ids=lambda value: str(value)
)
def test_impossible_settings_are_refused(settings: dict[str, int]) -> None:
    (name,) = settings
    with pytest.raises(ValueError, match=name):
        LearnConfig(env="sokoban", **settings)  # type: ignore[arg-type]
