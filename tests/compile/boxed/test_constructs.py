"""Each row of docs/supported-python.md: natively and in CPython the same, or refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from constructs import REFUSED, SECTIONS, constructs, source_of
from differential import in_cpython, natively
from supported_table import claims, kind_of, page, reason


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
    """That the specialiser takes more than the page says is no fault of a change that made it so."""
    written = claims((Path(__file__).parents[3] / "docs" / "supported-python.md").read_text(encoding="utf-8"))
    found = claims(page())
    assert list(written) == list(found)
    for name, claim in written.items():
        assert kind_of(claim) <= kind_of(found[name]), name
        assert kind_of(claim) >= 0 or claim == found[name], name
