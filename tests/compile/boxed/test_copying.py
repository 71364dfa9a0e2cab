"""copy.copy and copy.deepcopy of the boxed tier do what CPython's do."""

from __future__ import annotations

import pytest
from copying_programs import COPIES, PRELUDE
from differential import in_cpython, natively


@pytest.mark.parametrize("name", COPIES)
def test_copying(name: str) -> None:
    how, expected = in_cpython(PRELUDE + COPIES[name])
    found = natively(PRELUDE + COPIES[name])
    assert how == "value", expected
    assert found[0] == "value", found
    pairs = list(zip(found[1], expected, strict=False))
    wrong = [f"{at}: {one!r} instead of {other!r}" for at, (one, other) in enumerate(pairs) if repr(one) != repr(other)]
    assert not wrong, "\n".join(wrong)
    assert len(found[1]) == len(expected)
