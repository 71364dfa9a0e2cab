"""Writes docs/supported-python.md: ``python tests/compile/boxed/supported_table.py``, from the project's root."""

from __future__ import annotations

from pathlib import Path

from constructs import REFUSED, SECTIONS, constructs
from differential import natively

from wc_engine.errors import UnsupportedConstructError

PAGE = Path("docs") / "supported-python.md"

_HEAD = """# What of Python runs natively

This page is made from the tests: each row is run natively and in CPython by
`tests/compile/boxed/test_constructs.py`, and the page is written by `python tests/compile/boxed/supported_table.py`.

A program is translated by the first tier that takes it whole:

* **specialised**: what depends on neither state nor action is computed when compiling, what depends on one finite
  index (the action, a colour) becomes a table, the rest is native code over packed words. Fastest; takes part of the
  table below, as far as kinds of values are known when compiling.
* **boxed**: native code over Python's own values. Takes everything marked *native* below.
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
        parts += [f"| {_cell(row.name)} | native |" for row in constructs() if row.section == section]
        parts.append("")
    parts.append("## Interpreted\n\n| construct | why |\n|---|---|")
    parts += [f"| {_cell(name)} | {_cell(reason(code))} |" for name, code in REFUSED.items()]
    return "\n".join(parts) + "\n"


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


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("__", "\\_\\_")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
