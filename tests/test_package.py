"""The package as a whole: what importing it costs, what it names, what it carries."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import version
from pathlib import Path

import pytest

import wc_engine

PACKAGE = Path(wc_engine.__file__).parent
CORES = sorted(PACKAGE.rglob("_core"))
HEAVY = ("gymnasium", "llvmlite", "minigrid", "numba", "numpy", "openai", "rich", "typer")


def loaded_after(statement: str) -> set[str]:
    """Return the names of the top-level modules that a fresh interpreter holds after a statement."""
    program = f"import json, sys\n{statement}\nprint(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(run.stdout))


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_after("import wc_engine")
    assert "wc_engine" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_programs_and_their_sandbox_load_nothing_heavy() -> None:
    loaded = loaded_after("import wc_engine.models.interpreted, wc_engine.models.sandbox")
    assert loaded.isdisjoint({*HEAVY} - {"numpy"})


@pytest.mark.parametrize("name", wc_engine.__all__)
def test_every_public_name_can_be_had_and_is_listed(name: str) -> None:
    assert getattr(wc_engine, name) is not None
    assert name in dir(wc_engine)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = wc_engine.nothing


def test_the_version_is_the_distributions() -> None:
    assert wc_engine.__version__ == version("wc-engine")


def test_the_headers_are_where_get_include_says() -> None:
    assert {"wc_abi.h", "wc_table.h", "wc_uct.h"} <= {path.name for path in Path(wc_engine.get_include()).iterdir()}


def test_the_package_is_marked_as_typed() -> None:
    assert Path(wc_engine.__file__).with_name("py.typed").is_file()


@pytest.mark.parametrize("statement", ["from wc_engine import compile", "import wc_engine.cli.app"])
def test_the_compilers_back_end_is_not_loaded_until_something_compiles(statement: str) -> None:
    assert loaded_after(statement).isdisjoint({"llvmlite", "numba"})


def test_help_loads_nothing_that_works() -> None:
    asked = "import sys, wc_engine.cli\nsys.argv = ['wc-engine', 'compile', '--help']"
    run = "try:\n    with __import__('contextlib').redirect_stdout(None): wc_engine.cli.main()\nexcept SystemExit: pass"
    assert loaded_after(f"{asked}\n{run}").isdisjoint({*HEAVY} - {"rich", "typer"})


@pytest.mark.parametrize("stub", sorted(PACKAGE.rglob("_core/*.pyi")), ids=lambda stub: stub.stem)
def test_every_stub_describes_an_extension_module(stub: Path) -> None:
    assert any(stub.with_suffix(suffix).is_file() for suffix in EXTENSION_SUFFIXES)


def test_every_extension_module_has_a_stub() -> None:
    for core in CORES:
        modules = {path.name.split(".")[0] for suffix in EXTENSION_SUFFIXES for path in core.glob(f"*{suffix}")}
        assert modules
        assert modules == {path.stem for path in core.glob("*.pyi")}


def test_python_dash_m_lists_the_commands() -> None:
    words = [sys.executable, "-m", "wc_engine", "--help"]
    run = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    for command in ("learn", "solve", "check", "compile", "record", "bench"):
        assert command in run.stdout
