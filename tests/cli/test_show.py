"""``wc-engine show``: its answers, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wc_engine.agent import LearnConfig, PlanningConfig, learn
from wc_engine.cli import app
from wc_engine.cli.command import completed

RUN_KEYS = ["run", "env", "seed", "ended", "steps", "episodes", "wins", "win_streak", "stages", "model", "programs"]
PROGRAM_KEYS = ["program", "parent", "proposer", "arm", "step", "episode", "file", "h", "phi_1", "phi_2", "explained"]
PROGRAM_KEYS += ["checked", "planned", "initial", "held_at", "led_by"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a short run."""
    path = tmp_path_factory.mktemp("shown") / "run"
    planning = PlanningConfig(trusted=True)
    learn(
        LearnConfig(
            env="sokoban",
            seed=2,
            out=path,
            planning=planning,
            max_episodes=1,
            max_steps=14,
            measure_exactness=False,
        )
    )
    return path


def show(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["show", *map(str, arguments)])
    assert result.exit_code == status, result.output
    return result.output


def test_the_tree_names_every_program_with_its_h(run: Path) -> None:
    answer = json.loads(show(run, "--json"))
    assert list(answer) == RUN_KEYS
    assert list(answer["programs"][0]) == PROGRAM_KEYS
    tree = show(run)
    for one in answer["programs"]:
        assert f"{one['program']}  h {one['h']:.3f}  {one['arm'].replace('_', ' ')}" in tree
    assert tree.count("<- the model") == 1


def test_a_difference_is_shown_with_what_led_to_it(run: Path) -> None:
    programs = json.loads(show(run, "--json"))["programs"]
    led = next(one for one in programs if one["led_by"] is not None)
    answer = json.loads(show(run, "--diff", led["program"], "--json"))
    assert list(answer) == [*PROGRAM_KEYS, "diff"]
    shown = show(run, "--diff", led["program"])
    assert led["led_by"]["text"] in shown
    assert answer["diff"] in shown


def test_the_page_goes_into_the_run_folder_or_where_it_is_wanted(run: Path, tmp_path: Path) -> None:
    assert str(run / "report.html") in show(run, "--html").replace("\n", "")
    page = (run / "report.html").read_text()
    answer = json.loads(show(run, "--html", tmp_path / "page.html", "--json"))
    assert answer["html"] == str(tmp_path / "page.html")
    # The two pages differ in nothing: the command that they name has the run only.
    assert (tmp_path / "page.html").read_text() == page


def test_a_page_that_cannot_be_written_is_refused(run: Path, tmp_path: Path) -> None:
    assert "cannot write the page" in show(run, "--html", tmp_path / "no" / "page.html", status=2)


def test_what_is_no_run_is_refused(run: Path, tmp_path: Path) -> None:
    assert "holds no run" in show(tmp_path, status=2)
    assert "no such folder" in show(tmp_path / "nothing", status=2)
    assert "is a file" in show(run / "model.py", status=2)
    assert "no program 10000" in show(run, "--diff", 10000, status=2)


def test_a_log_that_is_cut_off_is_refused_with_its_line(run: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "events.jsonl").write_bytes((run / "events.jsonl").read_bytes()[:300])
    output = show(tmp_path, status=2)
    assert "events.jsonl:" in output
    assert "cut off" in output
    assert "Traceback" not in output


def test_an_html_option_without_a_name_gets_an_empty_one() -> None:
    assert completed(["show", "--html", "run"]) == ["show", "--html", "", "run"]
    assert completed(["run", "--html"]) == ["run", "--html", ""]
    assert completed(["run", "--html", "a.html", "--json"]) == ["run", "--html", "a.html", "--json"]
    assert completed(["--", "--html"]) == ["--", "--html"]
