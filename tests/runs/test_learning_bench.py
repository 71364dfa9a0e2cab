"""The learning benchmark: its tasks, that it goes on where it was, and its pictures."""

from __future__ import annotations

import dataclasses
import json
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from agent.corridors import Corridor
from typer.testing import CliRunner

from wc_engine.agent import AgentEvent, EventKind, PlanningConfig
from wc_engine.cli import app
from wc_engine.envs import registry
from wc_engine.envs.registry import make_env, resolve_env_list
from wc_engine.errors import UserInputError
from wc_engine.runs import learning_tasks
from wc_engine.runs.learning_bench import LearningResult, learning_runs, medians_of, run_learning
from wc_engine.runs.learning_plots import plot_task
from wc_engine.runs.learning_tasks import LEARNING_TASKS, NO_PHI_2, WHOLE, LearningTask, Quote, Target

TRUSTED = PlanningConfig(trusted=True)

FIRST = LearningTask(
    "first",
    "corridor",
    Target(exact=None, first_win=20, streak=60),
    (WHOLE, NO_PHI_2),
    (Quote("somebody needs 10 steps", "a paper", steps=10), Quote("others need a million", "a paper")),
    is_quick=True,
)
SECOND = dataclasses.replace(FIRST, name="second", variants=(WHOLE,), after="first", is_quick=False)


class Point:
    """An entry point that needs no package."""

    name = "corridor"
    value = "tests"

    def load(self) -> type[Corridor]:
        return Corridor


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda *, group: [Point()])


def results(folder: Path, tasks: tuple[LearningTask, ...] = (FIRST,), seeds: int = 1) -> list[LearningResult]:
    return [run_learning(run, planning=TRUSTED) for run in learning_runs(tasks, seeds, folder)]


def test_the_tasks_are_environments_that_there_are() -> None:
    names = [task.name for task in LEARNING_TASKS]
    assert len(set(names)) == len(names)
    for number, task in enumerate(LEARNING_TASKS):
        for name in resolve_env_list(task.env).stages:
            assert make_env(name).name == name
        assert task.after is None or task.after in names[:number]
        assert task.variants[0] == WHOLE
        assert all(quote.text and quote.source for quote in task.quotes)


def test_a_result_says_when_the_first_win_was_and_how_h_and_wins_grew(tmp_path: Path) -> None:
    (whole, without) = results(tmp_path)
    assert whole.won
    assert whole.run.task.max_steps == 120
    assert whole.first_win is not None
    assert 0 < whole.first_win <= whole.steps <= whole.run.task.max_steps + 1
    assert whole.wins[-1] == (whole.steps, 1.0)
    assert [step for step, _ in whole.h] == sorted({step for step, _ in whole.h})
    assert all(0 <= h <= 1 for _, h in whole.h)
    assert without.run.variant == NO_PHI_2


def test_a_run_that_is_done_is_not_made_again(tmp_path: Path) -> None:
    before = results(tmp_path)
    events: list[AgentEvent] = []
    after = [run_learning(run, events.append, planning=TRUSTED) for run in learning_runs((FIRST,), 1, tmp_path)]
    assert after == before
    assert events == []


def test_a_run_that_was_broken_off_is_taken_up(tmp_path: Path) -> None:
    (run, _) = learning_runs((FIRST,), 1, tmp_path / "broken")

    def interrupt(event: AgentEvent) -> None:
        if event.kind is EventKind.STEP and event.progress.episode == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_learning(run, interrupt, planning=TRUSTED)
    first_seen: list[int] = []
    result = run_learning(run, lambda event: first_seen.append(event.progress.episode), planning=TRUSTED)
    assert first_seen[0] == 3
    (whole, _) = results(tmp_path / "whole")
    assert (result.steps, result.h, result.wins) == (whole.steps, whole.h, whole.wins)


def test_a_run_is_stopped_at_twice_the_steps_that_are_wanted(tmp_path: Path) -> None:
    short = dataclasses.replace(FIRST, target=Target(exact=None, first_win=None, streak=4))
    (result, _) = results(tmp_path, (short,))
    assert not result.won
    assert result.steps == 8


def test_a_task_goes_on_from_the_run_of_another(tmp_path: Path) -> None:
    first, _, second = results(tmp_path, (FIRST, SECOND))
    assert first.run.path == second.run.after
    inherited = (second.run.path / "inherited.jsonl").read_bytes()
    assert inherited == (first.run.path / "transitions.jsonl").read_bytes()
    assert second.first_episode_won


def test_a_task_without_the_run_that_it_continues_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="run the task first first"):
        results(tmp_path, (SECOND,))


def test_a_folder_with_runs_of_other_settings_is_refused(tmp_path: Path) -> None:
    results(tmp_path)
    (run, _) = learning_runs((FIRST,), 1, tmp_path)
    with pytest.raises(UserInputError, match="other settings"):
        run_learning(run, planning=PlanningConfig(trusted=True, explored=3))


def test_medians_count_what_never_happened_as_more_than_anything(tmp_path: Path) -> None:
    (one, _) = results(tmp_path)
    never = dataclasses.replace(one, first_win=None, won=False)
    late = dataclasses.replace(one, first_win=30, steps=90)
    early = dataclasses.replace(one, first_win=10, steps=50)
    assert medians_of([early, never, late]).first_win == 30
    assert medians_of([early, never, late]).streak == 90
    assert medians_of([early, never, never]).first_win is None


def test_a_picture_is_drawn_in_both_forms_with_what_is_quoted(tmp_path: Path) -> None:
    found = results(tmp_path)
    png, svg = plot_task(FIRST, found, tmp_path)
    assert png.read_bytes().startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png.read_bytes()[16:24])
    assert width > height > 300
    assert ElementTree.parse(svg).getroot().tag.endswith("svg")


def test_the_command_writes_figures_and_pictures_and_shows_medians(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning_tasks, "LEARNING_TASKS", (FIRST, SECOND))
    shown = CliRunner().invoke(app, ["bench", "learning", "--out", str(tmp_path)])
    assert shown.exit_code == 0, shown.output
    assert "no phi_2" in shown.stdout
    assert "quoted: others need a million [a paper]" in shown.stdout
    answer = CliRunner().invoke(app, ["bench", "learning", "--out", str(tmp_path), "--task", "first", "--json"])
    record = json.loads(answer.stdout)
    assert record["tasks"][0]["medians"]["whole"]["streak"] == record["results"][0]["steps"]
    assert json.loads((tmp_path / "learning.json").read_text()) == record
    assert all(Path(file).exists() for file in record["pictures"])
    refused = CliRunner().invoke(app, ["bench", "learning", "--task", "chess"])
    assert refused.exit_code == 2
    assert "use one of first, second" in refused.stderr
