"""Numbers, math and built-in functions of the boxed tier do what CPython's do."""

from __future__ import annotations

import pytest
from differential import in_cpython, natively
from number_programs import NUMBERS, PRELUDE


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers(name: str) -> None:
    how, expected = in_cpython(PRELUDE + NUMBERS[name])
    found = natively(PRELUDE + NUMBERS[name])
    assert how == "value", expected
    assert found[0] == "value", found
    pairs = list(zip(found[1], expected, strict=False))
    wrong = [f"{at}: {one!r} instead of {other!r}" for at, (one, other) in enumerate(pairs) if repr(one) != repr(other)]
    assert not wrong, "\n".join(wrong)
    assert len(found[1]) == len(expected)
