"""Says which copy of wc_engine is under test, and lets the processes that tests start use the same one."""

from __future__ import annotations

import os
import signal
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import wc_engine

CHECKOUT = Path(__file__).resolve().parent.parent
PACKAGE = Path(wc_engine.__file__).resolve().parent


def pytest_configure(config: pytest.Config) -> None:
    """Set up what all tests need, and stop early where the extension modules are missing."""
    # No test depends on the clock, whatever else the machine is doing.
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")
    # A shell starts background jobs with SIGINT ignored, and children inherit that: tests of Ctrl-C need it back.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    core = PACKAGE / "planners" / "_core"
    if not any(path for suffix in EXTENSION_SUFFIXES for path in core.glob(f"*{suffix}")):
        raise pytest.UsageError(
            f"{PACKAGE} has no extension modules: run plain `pytest` after `pip install '.[test]'`, "
            "or build in place (CONTRIBUTING.md)"
        )
    if PACKAGE.parent == CHECKOUT:
        paths = [str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])]
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    else:  # a child started in the checkout as `python -m ...` would find the copy without extension modules first
        os.environ["PYTHONSAFEPATH"] = "1"


def pytest_report_header(config: pytest.Config) -> str:
    """Name the package under test at the top of pytest's output."""
    return f"wc_engine: {PACKAGE}"
