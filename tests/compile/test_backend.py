"""Compiled code on disk: made once, shared by processes, mended where it is broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from worlds import program_text

from wc_engine.compile import CompiledModel, cache, pipeline
from wc_engine.compile.cache import CacheEntry, read_entry, write_entry
from wc_engine.compile.compiled import specialise
from wc_engine.compile.doors import STRICT
from wc_engine.errors import UnsupportedConstructError
from wc_engine.models.program import Program
from wc_engine.state import Entity, State

SCRIPT = """
import json
import sys
from pathlib import Path
import wc_engine.compile.backend as backend
from wc_engine.compile.compiled import specialise
from wc_engine.state import Entity, State

made = []
assemble = backend.assemble
def recorded(text):
    made.append(len(text))
    return assemble(text)
backend.assemble = recorded

state = State([Entity("Player", x=1, y=2)])
problem = specialise(Path("model.py").read_text(), [state], ["move right"]).bind(state)
status, words, reward, done = problem.step_words(problem.initial_words, 0)
translator = "wc_engine.compile.pipeline" in sys.modules
print(json.dumps([len(made), translator, status, [repr(entity) for entity in problem.decode(words)], reward]))
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
HOME = State([Entity("Player", x=1, y=2)])


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("WC_ENGINE_CACHE", str(tmp_path))
    return tmp_path


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
    assert finished(start(tmp_path)) == f"[1, true, {ANSWER}"
    written = files(tmp_path / "cache")
    assert len(written) == 1
    assert finished(start(tmp_path)) == f"[0, false, {ANSWER}"  # not even the translator is imported
    assert files(tmp_path / "cache") == written
    assert set(files(tmp_path)) == {*written, tmp_path / "work" / "model.py"}


def test_processes_that_compile_the_same_program_at_once_all_have_the_answer(tmp_path: Path) -> None:
    processes = [start(tmp_path) for _ in range(3)]
    assert all(finished(process).endswith(ANSWER) for process in processes)
    assert not list((tmp_path / "cache").rglob("*.tmp*"))


@pytest.mark.parametrize("damage", [b"", b"x" * 20, None], ids=["empty", "short", "one byte changed"])
def test_broken_compiled_code_is_made_anew(tmp_path: Path, damage: bytes | None) -> None:
    finished(start(tmp_path))
    for path, content in files(tmp_path / "cache").items():
        middle = len(content) // 2
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        path.write_bytes(changed if damage is None else damage)
    assert finished(start(tmp_path)) == f"[1, true, {ANSWER}"
    assert finished(start(tmp_path)) == f"[0, false, {ANSWER}"


def test_without_a_place_for_the_cache_the_program_compiles_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert finished(start(tmp_path)) == f"[1, true, {ANSWER}"


# ---- in one process ----


def compiled(text: str, *states: State) -> CompiledModel:
    return specialise(Program.from_text(text, file="model.py"), states or [HOME], ["move right"])


def test_code_is_kept_by_what_decides_it(own_cache: Path) -> None:
    compiled(PROGRAM)
    compiled(PROGRAM)
    assert len(files(own_cache)) == 1
    compiled(PROGRAM, HOME, State([Entity("Player", x=100, y=2)]))
    compiled(PROGRAM + "# another text\n")
    assert len(files(own_cache)) == 3


def test_a_refusal_is_kept_with_its_place(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = program_text("x = eval('1')\nreturn state")
    told = []
    for _ in range(2):
        with pytest.raises(UnsupportedConstructError) as caught:
            compiled(text)
        told.append(str(caught.value))
        monkeypatch.setattr(pipeline, "generate", None)
    assert told[0] == told[1]
    assert told[0].startswith("model.py:")
    assert len(files(own_cache)) == 1


def test_the_cache_forgets_what_was_not_used_for_longest(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MAX_FILES", 4)
    for place in range(5):
        write_entry(f"entry{place}", CacheEntry({"place": place}, b"code"))
        os.utime(own_cache / f"entry{place}.wcc", (1000 + place, 1000 + place))
        assert read_entry("entry0") is not None
    assert read_entry("entry0") == CacheEntry({"place": 0}, b"code")
    assert read_entry("entry1") is None


def test_a_bug_of_the_compiler_is_a_refusal_where_nobody_looks_for_bugs(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr("wc_engine.compile.stage.statements.set_attribute_of", broken)
    with pytest.raises(KeyError, match="lost"):
        compiled(PROGRAM)
    monkeypatch.delenv(STRICT)
    with pytest.raises(UnsupportedConstructError, match="KeyError: 'lost'") as caught:
        compiled(PROGRAM)
    assert caught.value.location is not None
