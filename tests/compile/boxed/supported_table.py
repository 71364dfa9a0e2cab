"""Writes docs/supported-python.md: ``PYTHONPATH=. python tests/compile/boxed/supported_table.py``, from the
project's root."""

from __future__ import annotations

from pathlib import Path

from constructs import REFUSED, SECTIONS, Construct, constructs
from differential import natively
from specialised_rows import KINDS, specialised

from wc_engine.errors import UnsupportedConstructError

PAGE = Path("docs") / "supported-python.md"

_HEAD = """# What of Python runs natively

This page is made from the tests: each row is run natively and in CPython by
`tests/compile/boxed/test_constructs.py`, and the page is written by `python tests/compile/boxed/supported_table.py`.

A program is translated by the first tier that takes it whole:

* **specialised**: native code over packed words; types, dispatch and helpers are gone when it runs. Fastest. The
  row's code is taken with all its ints depending on the state.
* **tabulated**: the specialiser computes the row's code when compiling; what depends on one finite index (the action, a
  colour, a name) becomes a table.
* **boxed**: native code over Python's own values. Takes every row of the tables below; it stands where the specialiser
  does not take the row, with the first thing in it that it does not take.
* **interpreted**: the rest, behind the same interface. `wc-engine compile` says which construct it was, with file and
  line.

An int beyond 62 bits, or a str method on letters beyond Latin-1, ends a native step in a status; that step is
then interpreted. The result is never another one than Python's.
"""


def page() -> str:
    """The page's text."""
    parts = [_HEAD]
    for section in SECTIONS:
        parts.append(f"## {section}\n\n| construct | how |\n|---|---|")
        parts += [f"| {_cell(row.name)} | {_how(row)} |" for row in constructs() if row.section == section]
        parts.append("")
    parts.append("## Interpreted\n\n| construct | why |\n|---|---|")
    parts += [f"| {_cell(name)} | {_cell(reason(code))} |" for name, code in REFUSED.items()]
    return "\n".join(parts) + "\n"


def _how(row: Construct) -> str:
    kind, why = specialised(row)
    return _cell(f"native ({kind})" + (f": {why}" if why else ""))


def reason(code: str) -> str:
    """Why a piece of code is refused.

    Raises:
        AssertionError: it is not.
    """
    try:
        natively(f"import math\nclass Pair: pass\ndef case():\n    {code}\n")
    except UnsupportedConstructError as error:
        return error.message
    raise AssertionError(f"{code} is translated")


def claims(text: str) -> dict[str, str]:
    """What the rows of a page say, by construct."""
    rows = [line[2:-2].split(" | ", 1) for line in text.splitlines() if line.startswith("| ")]
    return {name: how for name, how in rows if name != "construct"}


def kind_of(claim: str) -> int:
    """The place in ``KINDS`` of the kind that a row names; -1 where it runs interpreted."""
    return next((place for place, kind in enumerate(KINDS) if claim.startswith(f"native ({kind})")), -1)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("__", "\\_\\_")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
