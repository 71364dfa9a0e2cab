"""Operators, and the methods behind them, of the boxed tier do what CPython's do."""

from __future__ import annotations

import pytest
from differential import in_cpython, natively
from operator_programs import OPERATORS, PRELUDE


@pytest.mark.parametrize("name", OPERATORS)
def test_operators(name: str) -> None:
    how, expected = in_cpython(PRELUDE + OPERATORS[name])
    found = natively(PRELUDE + OPERATORS[name])
    assert how == "value", expected
    assert found[0] == "value", found
    pairs = list(zip(found[1], expected, strict=False))
    wrong = [f"{at}: {one!r} instead of {other!r}" for at, (one, other) in enumerate(pairs) if repr(one) != repr(other)]
    assert not wrong, "\n".join(wrong)
    assert len(found[1]) == len(expected)
