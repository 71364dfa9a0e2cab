"""Compiled code on disk: made once, shared by processes, mended where it is broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from worlds import program_text

SCRIPT = """
import json, os, sys
from pathlib import Path
import numba.core.caching as caching
from wc_engine.compile import compile_program
from wc_engine.state import Entity, State

loaded = []
load = caching.Cache.load_overload
def recorded(self, *arguments):
    result = load(self, *arguments)
    loaded.append(result is not None)
    return result
caching.Cache.load_overload = recorded

state = State([Entity("Player", x=1, y=2)])
problem = compile_program(Path("model.py").read_text(), [state], ["move right"]).bind(state)
status, words, reward, done = problem.step_words(problem.initial_words, 0)
print(json.dumps([loaded, status, [repr(entity) for entity in problem.decode(words)], reward]))
"""

PROGRAM = program_text(
    """
    for e in state:
        e.x += DIRECTIONS[action][0]
    return state
    """,
    "return 0.5, False",
)
ANSWER = '1, ["Player(2, 2)"], 0.5]'


def start(folder: Path) -> subprocess.Popen[str]:
    """Start a process that compiles the program and takes a step."""
    (folder / "home").mkdir(exist_ok=True)
    (folder / "work").mkdir(exist_ok=True)
    (folder / "work" / "model.py").write_text(PROGRAM)
    environment = os.environ | {
        "WC_ENGINE_CACHE": str(folder / "cache"),
        "HOME": str(folder / "home"),
        "XDG_CACHE_HOME": str(folder / "home" / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        cwd=folder / "work",
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for a process and return what it printed."""
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output.strip()


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_second_process_is_served_from_the_disk_and_nothing_is_written_elsewhere(tmp_path: Path) -> None:
    assert finished(start(tmp_path)) == f"[[false, false], {ANSWER}"
    written = files(tmp_path / "cache")
    assert any(path.suffix == ".nbc" for path in written)
    assert finished(start(tmp_path)) == f"[[true, true], {ANSWER}"
    assert files(tmp_path / "cache") == written
    assert set(files(tmp_path)) == {*written, tmp_path / "work" / "model.py"}


def test_processes_that_compile_the_same_program_at_once_all_have_the_answer(tmp_path: Path) -> None:
    processes = [start(tmp_path) for _ in range(3)]
    assert all(finished(process).endswith(ANSWER) for process in processes)
    assert not list((tmp_path / "cache").rglob("*.tmp*"))


def test_broken_compiled_code_is_made_anew(tmp_path: Path) -> None:
    finished(start(tmp_path))
    for path in files(tmp_path / "cache"):
        if path.suffix in (".nbc", ".nbi"):
            path.write_bytes(path.read_bytes()[:20])
    assert finished(start(tmp_path)).endswith(ANSWER)
    assert finished(start(tmp_path)) == f"[[true, true], {ANSWER}"


def test_a_broken_text_is_written_anew(tmp_path: Path) -> None:
    finished(start(tmp_path))
    for path in (tmp_path / "cache").glob("*.py"):
        path.write_text(path.read_text()[:300])
    assert finished(start(tmp_path)).endswith(ANSWER)


def test_without_a_place_for_the_cache_the_program_compiles_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert finished(start(tmp_path)) == f"[[false, false], {ANSWER}"
