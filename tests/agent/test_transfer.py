"""Several environments in one run, and runs that continue others: what is known goes along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from agent.corridors import Corridor

from wc_engine.agent import AgentEvent, EventKind, LearnConfig, LearnSummary, PlanningConfig, learn
from wc_engine.agent.inheritance import read_knowledge
from wc_engine.envs import registry
from wc_engine.errors import UserInputError
from wc_engine.models.dataset import read_transitions
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.synthesis import compare

TRUSTED = PlanningConfig(trusted=True)


class Hall(Corridor):
    """A corridor with a bell instead of waving, and a mission of its own."""

    name = "hall"
    actions = ("left", "right", "ring")
    mission = "go to the flag"


class Point:
    """An entry point that needs no package."""

    value = "tests"

    def __init__(self, made: type[Corridor]) -> None:
        self.name = made.name
        self._made = made

    def load(self) -> type[Corridor]:
        return self._made


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda *, group: [Point(Corridor), Point(Hall)])


def run(out: Path, env: str, *events: list[AgentEvent], **settings: Any) -> LearnSummary:
    settings = {"win_streak": 3, "measure_exactness": False, "planning": TRUSTED, **settings}
    (seen,) = events or ([],)
    return learn(LearnConfig(env=env, out=out, **settings), on_event=seen.append)


def test_the_next_environment_comes_after_a_streak_of_wins_and_steps_are_counted_in_all(tmp_path: Path) -> None:
    summary = run(tmp_path, "corridor,hall")
    record = json.loads((tmp_path / "summary.json").read_text())
    assert summary.won
    assert record == summary.as_record()
    assert (record["env"], record["win_streak"]) == ("corridor,hall", 3)
    stages = record["stages"]
    assert [stage["env"] for stage in stages] == ["corridor", "hall"]
    assert [stage["win_streak"] for stage in stages] == [3, 3]
    for total, part in [("steps", "steps"), ("episodes", "episodes"), ("wins", "wins")]:
        assert record[total] == sum(stage[part] for stage in stages)
    assert stages[1]["first_step"] == stages[0]["steps"]
    assert record["first_win_step"] == stages[0]["first_win_step"]
    assert stages[1]["first_win_step"] <= stages[1]["steps"]


def test_one_environment_has_the_same_keys_without_stages(tmp_path: Path) -> None:
    one = run(tmp_path / "one", "hall", win_streak=1).as_record()
    two = run(tmp_path / "two", "hall,corridor", win_streak=1).as_record()
    assert [*one, "stages"] == [*two]


def test_the_program_and_all_transitions_outlive_a_change_of_environment(tmp_path: Path) -> None:
    run(tmp_path, "corridor,hall")
    transitions = read_transitions(tmp_path / "transitions.jsonl")
    assert {one.env for one in transitions} == {"corridor", "hall"}
    program = ReferenceInterpreter(Program.from_file(tmp_path / "model.py"))
    for one in transitions:
        predicted = program.step(one.state, one.action, mission=one.mission, next_state=one.next_state)
        assert compare(one, predicted) is None


def test_in_each_environment_only_its_own_actions_are_tried(tmp_path: Path) -> None:
    run(tmp_path, "corridor,hall", win_streak=5)
    for one in read_transitions(tmp_path / "transitions.jsonl"):
        assert one.action in {"corridor": Corridor, "hall": Hall}[one.env].actions


def test_an_environment_that_is_not_won_ends_the_run_at_its_own_limit(tmp_path: Path) -> None:
    summary = run(tmp_path, "corridor,hall", max_steps=1, max_episodes=4, win_streak=50)
    assert not summary.won
    assert [(stage.env, stage.episodes) for stage in summary.stages] == [("corridor", 4)]


@pytest.mark.parametrize("transfer", [True, False])
def test_without_transfer_each_environment_is_begun_from_nothing(tmp_path: Path, transfer: bool) -> None:
    stages_with_models: set[int] = set()

    class Watch(list[AgentEvent]):
        def append(self, event: AgentEvent) -> None:
            super().append(event)
            if event.kind is EventKind.MODEL:
                stages_with_models.add(len(event.progress.stages))

    events = Watch()
    summary = run(tmp_path, "corridor,hall", events, transfer=transfer)
    assert summary.won
    # The flag is reached in the same way: the program that came along is right from the first step.
    assert stages_with_models == ({1} if transfer else {1, 2})
    # The record of the run has both environments all the same.
    assert len(read_transitions(tmp_path / "transitions.jsonl")) == summary.steps
    assert [event.kind for event in events].count(EventKind.STEP) == summary.steps


def test_a_run_goes_on_from_what_another_one_learned(tmp_path: Path) -> None:
    first = run(tmp_path / "first", "corridor")
    steps: list[AgentEvent] = []
    second = run(tmp_path / "second", "corridor", steps, start_from=tmp_path / "first", win_streak=2)
    assert second.won
    assert second.episodes == second.wins == 2
    assert not [event for event in steps if event.kind is EventKind.COUNTEREXAMPLE]
    assert (tmp_path / "second" / "model.py").read_text() == (tmp_path / "first" / "model.py").read_text()
    knowledge = read_knowledge(tmp_path / "second")
    assert len(knowledge.transitions) == first.steps + second.steps
    assert knowledge.transitions == [
        *read_transitions(tmp_path / "first" / "transitions.jsonl"),
        *read_transitions(tmp_path / "second" / "transitions.jsonl"),
    ]
    assert (
        knowledge.initial[: len(read_knowledge(tmp_path / "first").initial)]
        == read_knowledge(tmp_path / "first").initial
    )
    assert knowledge.candidate is not None


def test_a_run_can_go_on_in_another_environment(tmp_path: Path) -> None:
    run(tmp_path / "first", "corridor")
    summary = run(tmp_path / "second", "hall", start_from=tmp_path / "first")
    assert summary.won
    knowledge = read_knowledge(tmp_path / "second")
    assert knowledge.actions == {"corridor": Corridor.actions, "hall": Hall.actions}
    assert {one.env for one in knowledge.initial} == {"corridor", "hall"}


def test_a_seed_decides_a_run_through_several_environments(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(tmp_path / name, "corridor,hall", seed=4)
    for file in ("transitions.jsonl", "episodes.jsonl", "initial.jsonl", "model.py"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize("damage", ["nothing", "initial"])
def test_a_folder_without_a_sound_run_is_refused_before_anything_is_played(tmp_path: Path, damage: str) -> None:
    if damage == "initial":
        run(tmp_path / "first", "corridor", max_episodes=1, max_steps=2)
        (tmp_path / "first" / "initial.jsonl").write_text('{"env": "corridor"}\n')
    with pytest.raises(UserInputError, match="holds no run" if damage == "nothing" else "no initial state"):
        run(tmp_path / "second", "corridor", start_from=tmp_path / "first")
    assert not (tmp_path / "second").exists()


def test_every_environment_of_a_list_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="unknown environment 'hell'"):
        run(tmp_path / "run", "corridor,hell")
    assert not (tmp_path / "run").exists()
