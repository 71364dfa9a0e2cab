"""Where the shared corpus is: tests that need it skip where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def shared(*parts: str) -> Path:
    """Return a path inside the shared data, or skip the test with a reason where it is not there.

    The folder is ``WC_ENGINE_DATA`` where that is set, else ``../shared`` from the project root.
    """
    folder = Path(os.environ.get("WC_ENGINE_DATA") or PROJECT.parent / "shared")
    path = folder.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {path}: set WC_ENGINE_DATA to the folder of the shared data")
    return path
