"""Compiled code of the tests lies in a folder of its own, so that they neither use nor fill the user's cache."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def compiled_code_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Point ``WC_ENGINE_CACHE`` at a temporary folder."""
    before = os.environ.get("WC_ENGINE_CACHE")
    os.environ["WC_ENGINE_CACHE"] = str(tmp_path_factory.mktemp("compiled"))
    yield
    if before is None:
        del os.environ["WC_ENGINE_CACHE"]
    else:
        os.environ["WC_ENGINE_CACHE"] = before
