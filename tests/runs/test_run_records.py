"""What a run leaves in its folder, read again: the log, the tree of programs, and the page."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from wc_engine.agent import LearnConfig, PlanningConfig, learn
from wc_engine.agent.event_log import (
    CounterexampleLine,
    EpisodeLine,
    ModelLine,
    PlanLine,
    ProposalLine,
    RefinementLine,
    StageLine,
    StepLine,
    VerdictLine,
)
from wc_engine.errors import UserInputError
from wc_engine.models.dataset import read_transitions
from wc_engine.runs.replays import replay_data
from wc_engine.runs.run_page import render_page
from wc_engine.runs.run_records import RunRecord, read_run
from wc_engine.state.codec import state_from_json


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a short run."""
    path = tmp_path_factory.mktemp("runs") / "run"
    planning = PlanningConfig(trusted=True)
    limits = {"max_episodes": 2, "max_steps": 16}
    learn(LearnConfig(env="sokoban", seed=2, out=path, planning=planning, measure_exactness=False, **limits))
    return path


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return Path(shutil.copytree(finished, tmp_path / "run"))


@pytest.fixture(scope="module")
def record(finished: Path) -> RunRecord:
    return read_run(finished)


def test_the_log_has_a_line_for_every_step_as_the_transitions_have_it(record: RunRecord) -> None:
    steps = [line for line in record.events if isinstance(line, StepLine)]
    seen = [(one.action, one.reward, one.done) for one in record.transitions()]
    assert [(line.action, line.reward, line.done) for line in steps] == seen
    assert [line.step for line in steps] == list(range(1, len(steps) + 1))
    assert {line.reason for line in steps} <= {"planned", "novel", "random"}


def test_the_log_tells_of_stages_episodes_and_plans(record: RunRecord) -> None:
    assert [(line.number, line.env) for line in record.stages] == [(1, "sokoban")]
    written = [json.loads(line) for line in (record.path / "episodes.jsonl").read_text().splitlines()]
    assert [line.episode for line in record.episodes] == [one["episode"] for one in written] == [1, 2]
    assert [(line.end, line.steps) for line in record.episodes] == [(one["end"], one["steps"]) for one in written]
    plans = [line for line in record.events if isinstance(line, PlanLine)]
    actions = [line.action for line in record.events if isinstance(line, StepLine) and line.reason != "random"]
    assert plans[0].actions[0] == actions[0]


def test_every_proposal_has_a_verdict_a_choice_before_it_and_a_file(record: RunRecord) -> None:
    proposals = [line for line in record.events if isinstance(line, ProposalLine)]
    assert len(proposals) >= 3
    choice: RefinementLine | None = None
    waiting: ProposalLine | None = None
    for line in record.events:
        if isinstance(line, RefinementLine):
            choice = line
        elif isinstance(line, ProposalLine):
            assert choice is not None
            assert line.arm == "joined" or (line.parent, line.arm) == (choice.parent, choice.arm)
            assert "def transition" in (record.path / line.file).read_text()
            waiting = line
        elif isinstance(line, VerdictLine):
            assert waiting is not None
            assert line.program == waiting.program
            assert 0 <= line.h <= 1
            waiting = None
    assert waiting is None


def test_programs_of_one_text_share_a_file(record: RunRecord) -> None:
    files = [one.proposal.file for one in record.programs.values()]
    assert sorted(set(files)) == sorted(f"programs/{path.name}" for path in (record.path / "programs").iterdir())
    texts = {file: (record.path / file).read_text() for file in files}
    assert len(set(texts.values())) == len(texts)


def test_the_program_held_in_the_end_is_the_model_of_the_folder(record: RunRecord) -> None:
    assert record.model is not None
    assert record.text(record.model) == (record.path / "model.py").read_text()
    held = [line.program for line in record.events if isinstance(line, ModelLine)]
    assert set(held) == {one.number for one in record.programs.values() if one.held_at}


def test_a_refinement_names_the_transition_that_its_parent_got_wrong(record: RunRecord) -> None:
    led = [one for one in record.programs.values() if one.led_by is not None]
    assert led
    transitions = record.transitions()
    departures = [line for line in record.events if isinstance(line, CounterexampleLine)]
    for one in led:
        assert one.led_by is not None
        assert one.led_by.transition is not None
        assert one.led_by.transition <= one.proposal.step
        assert transitions[one.led_by.transition - 1].action == one.led_by.action
        assert one.led_by.text in {line.text for line in departures}


def test_a_difference_turns_the_parent_into_the_program(record: RunRecord) -> None:
    one = next(one for one in record.programs.values() if one.proposal.parent is not None)
    lines = record.diff(one.number)
    assert lines[:2] == [f"--- program {one.proposal.parent}", f"+++ program {one.number}"]
    parent = record.text(one.proposal.parent or 0).splitlines()
    removed = [line[1:] for line in lines[2:] if line.startswith("-")]
    added = [line[1:] for line in lines[2:] if line.startswith("+")]
    assert removed or added
    assert all(line in parent for line in removed)
    assert all(line in record.text(one.number).splitlines() for line in added)


def test_the_tree_has_every_program_once(record: RunRecord) -> None:
    found = []
    waiting = record.children(None)
    while waiting:
        one = waiting.pop()
        found.append(one.number)
        waiting += record.children(one.number)
    assert sorted(found) == sorted(record.programs)


def test_a_replay_holds_exactly_the_states_of_the_run(record: RunRecord) -> None:
    data = json.loads(json.dumps(replay_data(record)))
    transitions = record.transitions()
    position = 0
    for episode in data["episodes"]:
        states = [
            state_from_json([data["entities"][number] for number in episode["fixed"] + frame])
            for frame in episode["frames"]
        ]
        own = transitions[position : position + len(states) - 1]
        assert states == [own[0].state, *(one.next_state for one in own)]
        assert [step[0] for step in episode["steps"]] == [one.action for one in own]
        position += len(own)
    assert position == len(transitions)


class _Page(HTMLParser):
    """Collects what a page refers to, its ids, and whether its tags are closed."""

    VOID = frozenset({"meta", "input", "link", "img", "br", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href", "srcset", "data") and value is not None:
                self.addresses.append(value)
            if name == "id" and value is not None:
                self.ids.append(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()


def test_the_page_is_whole_and_needs_nothing_else(record: RunRecord) -> None:
    text = render_page(record)
    page = _Page()
    page.feed(text)
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    assert {f"program-{number}" for number in record.programs} <= set(page.ids)
    assert all(address.startswith("#") and address[1:] in page.ids for address in page.addresses)
    outside = {address for address in re.findall(r"https?://[^\s\"')]+", text) if "www.w3.org" not in address}
    assert outside == set()
    assert "@import" not in text


def test_what_a_run_saw_cannot_break_out_of_the_page(run: Path) -> None:
    transitions = (run / "transitions.jsonl").read_text()
    (run / "transitions.jsonl").write_text(
        transitions.replace("push all", "</script><script>alert(1)</script> push all")
    )
    events = (run / "events.jsonl").read_text()
    (run / "events.jsonl").write_text(events.replace("phi_1 holds", "<img src=x>phi_1 holds"))
    text = render_page(read_run(run))
    assert "<script>alert" not in text
    assert "<img" not in text


def test_a_run_that_was_killed_can_be_shown_with_the_episode_that_was_broken_off(run: Path) -> None:
    (run / "summary.json").unlink()
    lines = (run / "events.jsonl").read_text().splitlines(keepends=True)
    last = max(number for number, line in enumerate(lines) if '"event":"episode"' in line)
    (run / "events.jsonl").write_text("".join(lines[:last]))
    record = read_run(run)
    assert record.as_record()["ended"] is False
    assert len(record.episodes) == 1
    assert json.loads(json.dumps(replay_data(record)))["episodes"][-1]["end"] == "broken off"
    assert "not ended" in render_page(record)


def test_a_log_that_is_cut_off_is_refused_with_its_line(run: Path) -> None:
    text = (run / "events.jsonl").read_bytes()
    (run / "events.jsonl").write_bytes(text[:-20])
    with pytest.raises(UserInputError, match="cut off in this line") as caught:
        read_run(run)
    assert caught.value.line == text.count(b"\n")


def test_a_damaged_line_is_refused_with_its_number(run: Path) -> None:
    lines = (run / "events.jsonl").read_text().splitlines()
    lines[4] = '{"event": "party"}'
    (run / "events.jsonl").write_text("\n".join(lines) + "\n")
    with pytest.raises(UserInputError, match="no event") as caught:
        read_run(run)
    assert caught.value.line == 5


def test_a_program_whose_file_is_gone_is_named(run: Path) -> None:
    shutil.rmtree(run / "programs")
    record = read_run(run)
    with pytest.raises(UserInputError, match="cannot read program"):
        record.text(next(iter(record.programs)))


def test_an_empty_log_is_a_run_without_programs(run: Path) -> None:
    (run / "events.jsonl").write_text("")
    (run / "transitions.jsonl").write_text("")
    record = read_run(run)
    assert (record.steps, record.model, dict(record.programs)) == (0, None, {})
    assert "No step was recorded" in render_page(record)
    assert not any(isinstance(line, (StageLine, EpisodeLine)) for line in record.events)


def test_transitions_are_those_of_the_file(record: RunRecord) -> None:
    assert record.transitions() == read_transitions(record.path / "transitions.jsonl")
