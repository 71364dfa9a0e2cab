"""The pages keep their promises: commands parse, examples run, files that they name exist."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from wc_engine.cli import app

PROJECT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md")
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def code_blocks(language: str) -> list[str]:
    """Return the texts of the README's fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def command_lines() -> list[list[str]]:
    """Return the words of each wc-engine command of the README's shell blocks and of its table of figures."""
    lines = [part for block in code_blocks("sh") for line in block.splitlines() for part in line.split("&&")]
    lines += re.findall(r"\| `(wc-engine [^`]*)` \|", README)
    words = [shlex.split(line, comments=True) for line in lines]
    return [line for line in words if line[:1] == ["wc-engine"]]


def test_the_readme_has_one_command_to_install_and_learn_and_one_to_install_and_test() -> None:
    lines = [line.partition("#")[0].strip() for block in code_blocks("sh") for line in block.splitlines()]
    assert [line for line in lines if line.startswith("pip install")] == [
        "pip install . && wc-engine learn sokoban",
        "pip install '.[test]' && pytest -n auto",
    ]


def test_the_readme_shows_every_command() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert {line[1] for line in command_lines()} == set(commands)


@pytest.mark.parametrize("line", command_lines(), ids=" ".join)
def test_commands_in_the_readme_parse(line: list[str]) -> None:
    command = get_command(app).commands[line[1]]  # type: ignore[attr-defined]
    context = command.make_context(line[1], line[2:])
    assert context.params
    shown = CliRunner().invoke(app, [line[1], "--help"])
    assert shown.exit_code == 0


@pytest.mark.parametrize("number", range(len(code_blocks("python"))))
def test_examples_in_the_readme_run(number: int) -> None:
    """Each block runs after those before it, as a reader would type them."""
    names: dict[str, object] = {}
    for position, block in enumerate(code_blocks("python")[: number + 1]):
        example = doctest.DocTestParser().get_doctest(block, names, f"README.md, example {position + 1}", None, None)
        runner = doctest.DocTestRunner()
        report: list[str] = []
        runner.run(example, out=report.append, clear_globs=False)
        names.update(example.globs)
        assert example.examples
        assert runner.summarize(verbose=False).failed == 0, "".join(report)


@pytest.mark.parametrize("page", PAGES)
def test_files_that_a_page_links_to_exist(page: str) -> None:
    folder = (PROJECT / page).parent
    targets = re.findall(r"\]\(([^)#]+)\)", (PROJECT / page).read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (folder / target).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_paths_that_a_page_names_exist(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:wc_engine|csrc|bench|tests)/[\w./]+)`", text)
    assert [path for path in named if not (PROJECT / path).exists()] == []
