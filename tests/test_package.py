"""The package's front door."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import wc_engine


def test_every_public_name_is_there() -> None:
    for name in wc_engine.__all__:
        assert getattr(wc_engine, name) is not None
        assert name in dir(wc_engine)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = wc_engine.nothing


def test_the_headers_are_where_get_include_says() -> None:
    assert {"wc_abi.h", "wc_table.h", "wc_uct.h"} <= {path.name for path in Path(wc_engine.get_include()).iterdir()}


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, wc_engine; print(*{'numba', 'gymnasium', 'openai', 'rich', 'typer'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
