"""Each row of docs/supported-python.md: natively and in CPython the same, or refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from constructs import REFUSED, SECTIONS, constructs, source_of
from differential import in_cpython, natively
from supported_table import page, reason


@pytest.mark.parametrize("section", SECTIONS)
def test_what_the_table_calls_native_gives_what_cpython_gives(section: str) -> None:
    rows = [row for row in constructs() if row.section == section]
    source = source_of(rows)
    kind, expected = in_cpython(source)
    assert kind == "value"
    kind, found = natively(source)
    assert kind == "value", found
    for row, native, reference in zip(rows, found, expected, strict=True):
        assert not reference.startswith("raises "), row.name
        assert native == reference, row.name


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_table_calls_interpreted_is_refused_with_a_reason(name: str) -> None:
    assert len(reason(REFUSED[name])) > 10


def test_the_table_of_the_documentation_is_the_one_of_the_tests() -> None:
    path = Path(__file__).parents[3] / "docs" / "supported-python.md"
    assert path.read_text(encoding="utf-8") == page()
