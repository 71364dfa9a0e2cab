"""Compiled code of the tests lies in a folder of its own; bugs of the compiler are raised as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wc_engine.compile.doors import STRICT


@pytest.fixture(scope="session", autouse=True)
def compiled_code_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither use nor fill the user's cache, and do not take a bug of the compiler for a refusal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WC_ENGINE_CACHE", str(tmp_path_factory.mktemp("compiled")))
        patch.setenv(STRICT, "1")
        yield
