"""Searches on several threads under the sanitizers, away from Python."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tasks.c_library import compiler

import wc_engine


@pytest.mark.parametrize("sanitizer", ["thread", "address,undefined"])
@pytest.mark.parametrize("source", ["uct_stress.c", "explore_stress.c"])
def test_threads_of_a_search_meet_no_race_and_leak_nothing(source: str, sanitizer: str, tmp_path: Path) -> None:
    found = compiler()
    if found is None:
        pytest.skip("needs a C compiler: install gcc or clang, or set CC")
    program = tmp_path / "stress"
    flags = ["-O1", "-g", "-std=gnu11", "-pthread", f"-fsanitize={sanitizer}", f"-I{wc_engine.get_include()}"]
    command = [*found, *flags, str(Path(__file__).with_name(source)), "-o", str(program), "-lm"]
    built = subprocess.run(command, capture_output=True, text=True)
    if built.returncode and any(word in built.stderr for word in ("sanitize", "asan", "tsan", "ubsan")):
        pytest.skip(f"the compiler has no sanitizer {sanitizer}")
    assert built.returncode == 0, built.stderr
    run = subprocess.run([program], capture_output=True, text=True, timeout=120)
    if "unexpected memory mapping" in run.stderr:
        pytest.skip("the thread sanitizer does not run on this kernel")
    assert (run.stdout, run.stderr, run.returncode) == ("fine\n", "", 0)
