"""A run that was stopped and taken up again is the run that never stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from agent.corridors import Corridor

from wc_engine.agent import AgentConfig, AgentEvent, EventKind, LearnConfig, LearnSummary, PlanningConfig, learn
from wc_engine.agent.learn import resume
from wc_engine.envs import registry
from wc_engine.errors import UserInputError

TRUSTED = PlanningConfig(trusted=True)

SAME = ("transitions.jsonl", "episodes.jsonl", "initial.jsonl", "requests.jsonl", "model.py")
"""Files of a run that a seed decides to the byte."""


class Hall(Corridor):
    """A corridor of another name, with a mission of its own."""

    name = "hall"
    mission = "reach the banner"


class Point:
    """An entry point, as another package would have it."""

    value = "corridors"

    def __init__(self, made: type[Corridor]) -> None:
        self.name = made.name
        self._made = made

    def load(self) -> type[Corridor]:
        return self._made


def known(*, group: str) -> list[Point]:
    """Return the entry points of the corridors."""
    return [Point(Corridor), Point(Hall)]


def make_known() -> None:
    """Make the corridors known by name, for good."""
    registry.entry_points = known  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the corridors known by name."""
    monkeypatch.setattr(registry, "entry_points", known)


def corridors(out: Path, **settings: object) -> LearnConfig:
    """Return the settings of a run through two worlds, with enough chance in it that no two seeds are alike."""
    values: dict[str, object] = {"env": "corridor,hall", "seed": 3, "win_streak": 3, "max_episodes": 12}
    values |= {"planning": TRUSTED, "agent": AgentConfig(epsilon=0.3)}
    return LearnConfig(out=out, **(values | settings))  # type: ignore[arg-type]


def contents(run: Path) -> dict[str, object]:
    """Return everything in a run folder that a seed decides."""
    result: dict[str, object] = {name: (run / name).read_bytes() for name in SAME}
    result["programs"] = {path.name: path.read_text() for path in (run / "programs").iterdir()}
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    result["events"] = [{key: value for key, value in event.items() if key != "seconds"} for event in events]
    checkpoint = json.loads((run / "checkpoint.json").read_text())
    for timed in ("elapsed_seconds", "sizes"):
        del checkpoint[timed]
    del checkpoint["progress"]["search_seconds"]
    result["checkpoint"] = checkpoint
    return result


def results(summary: LearnSummary) -> dict[str, object]:
    return {key: value for key, value in summary.as_record().items() if key not in ("seconds", "run", "model")}


def interrupting(episode: int, step: int) -> Callable[[AgentEvent], None]:
    """Return what presses Ctrl-C at a step of an episode."""
    begun: dict[int, int] = {}

    def note(event: AgentEvent) -> None:
        progress = event.progress
        first = begun.setdefault(progress.episode, progress.steps)
        if event.kind is EventKind.STEP and progress.episode == episode and progress.steps - first >= step:
            raise KeyboardInterrupt

    return note


@pytest.fixture
def whole(tmp_path: Path) -> tuple[Path, LearnSummary]:
    """A run that never stopped."""
    return tmp_path / "whole", learn(corridors(tmp_path / "whole"))


def test_a_run_that_was_stopped_goes_on_as_if_it_never_had(tmp_path: Path, whole: tuple[Path, LearnSummary]) -> None:
    lengths = [json.loads(line)["steps"] for line in (whole[0] / "episodes.jsonl").read_text().splitlines()]
    assert [stage.env for stage in whole[1].stages] == ["corridor", "hall"]
    for episode, steps in enumerate(lengths, start=1):
        run = tmp_path / f"run-{episode}"
        with pytest.raises(KeyboardInterrupt):
            learn(corridors(run), on_event=interrupting(episode, steps // 2))
        assert results(resume(run)) == results(whole[1])
        assert contents(run) == contents(whole[0])


def test_a_run_may_be_stopped_again_and_again(tmp_path: Path, whole: tuple[Path, LearnSummary]) -> None:
    run = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        learn(corridors(run), on_event=interrupting(1, 1))
    for episode in (1, 2, 3, 5):
        with pytest.raises(KeyboardInterrupt):
            resume(run, on_event=interrupting(episode, 0))
    resume(run)
    assert contents(run) == contents(whole[0])


def test_planning_in_compiled_programs_goes_on_as_if_it_never_had(tmp_path: Path) -> None:
    compiling = PlanningConfig(trusted=True, interpreted_expanded=0)
    settings: dict[str, object] = {"env": "corridor", "planning": compiling, "max_episodes": 4, "win_streak": 4}
    learn(corridors(tmp_path / "whole", **settings))
    events = [json.loads(line) for line in (tmp_path / "whole" / "events.jsonl").read_text().splitlines()]
    assert {event["episode"] for event in events if event["event"] == "search" and event["native"]} >= {2, 3}
    with pytest.raises(KeyboardInterrupt):
        learn(corridors(tmp_path / "run", **settings), on_event=interrupting(2, 0))
    resume(tmp_path / "run")
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_what_another_run_left_is_still_known(tmp_path: Path) -> None:
    learn(corridors(tmp_path / "first", env="corridor", max_episodes=2, win_streak=2))
    learn(corridors(tmp_path / "whole", env="hall", start_from=tmp_path / "first"))
    with pytest.raises(KeyboardInterrupt):
        learn(corridors(tmp_path / "run", env="hall", start_from=tmp_path / "first"), on_event=interrupting(2, 0))
    resume(tmp_path / "run")
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_without_transfer_each_world_goes_on_from_what_it_knew(tmp_path: Path) -> None:
    summary = learn(corridors(tmp_path / "whole", transfer=False))
    with pytest.raises(KeyboardInterrupt):
        learn(corridors(tmp_path / "run", transfer=False), on_event=interrupting(summary.stages[0].episodes + 2, 0))
    resume(tmp_path / "run")
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_more_episodes_go_on_where_a_run_ended_without_success(
    tmp_path: Path, whole: tuple[Path, LearnSummary]
) -> None:
    run = tmp_path / "run"
    learn(corridors(run, max_episodes=2))
    summary = resume(run, {"max_episodes": 12})
    assert results(summary) == results(whole[1])
    assert contents(run) == contents(whole[0])
    assert json.loads((run / "config.json").read_text())["max_episodes"] == 12


def test_a_finished_run_is_not_taken_up(whole: tuple[Path, LearnSummary]) -> None:
    before = {path.name: path.stat().st_size for path in whole[0].iterdir()}
    with pytest.raises(UserInputError, match="this run is finished"):
        resume(whole[0])
    assert {path.name: path.stat().st_size for path in whole[0].iterdir()} == before


def test_what_is_no_run_is_not_taken_up(tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="holds no run"):
        resume(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("checkpoint.json", None, "no checkpoint"),
        ("checkpoint.json", "{", "no checkpoint"),
        ("checkpoint.json", '{"version": 0}', "no checkpoint"),
        ("config.json", "[]", "expected a JSON object"),
        ("config.json", '{"env": "sokoban", "colour": 1}', "unknown key 'colour'"),
        ("transitions.jsonl", "", "the run cannot be taken up"),
    ],
)
def test_a_damaged_run_is_refused(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    run = tmp_path / "run"
    learn(corridors(run, max_episodes=1, max_steps=4))
    if text is None:
        (run / name).unlink()
    else:
        (run / name).write_text(text)
    with pytest.raises(UserInputError, match=message):
        resume(run, {"max_episodes": 2})


def test_a_proposer_that_answers_otherwise_now_is_noticed(tmp_path: Path) -> None:
    run = tmp_path / "run"
    learn(corridors(run, max_episodes=2))
    text = (run / "requests.jsonl").read_text()
    place = text.index('"answer":"') + len('"answer":"')
    (run / "requests.jsonl").write_text(text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :])
    with pytest.raises(UserInputError, match="another version of wc_engine"):
        resume(run, {"max_episodes": 3})


def test_a_process_that_is_killed_loses_at_most_one_episode(tmp_path: Path, whole: tuple[Path, LearnSummary]) -> None:
    run = tmp_path / "run"
    command = "import sys; from pathlib import Path; from agent.test_resume import *; make_known(); "
    command += "learn(corridors(Path(sys.argv[1])))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", command, str(run)], env=environment) as process:
        deadline = time.monotonic() + 120
        episodes = run / "episodes.jsonl"
        while time.monotonic() < deadline and process.poll() is None:
            if episodes.exists() and episodes.stat().st_size:
                break
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
    progress = json.loads((run / "checkpoint.json").read_text())["progress"]
    played = len(episodes.read_text().splitlines())
    assert played >= 1
    assert played - 1 <= progress["episode"] <= played
    if not (run / "summary.json").exists():  # the machine may be so slow that there was nothing left to kill
        resume(run)
    assert contents(run) == contents(whole[0])
