"""What generated code knows of the runtime is what the runtime says of itself."""

from __future__ import annotations

import pytest

from wc_engine.compile.boxed.layout import FIELDS
from wc_engine.compile.boxed.runtime import check_layout, runtime_tables
from wc_engine.errors import InternalError


def test_names_functions_and_types_have_different_names() -> None:
    tables = runtime_tables()
    assert len(set(tables.names)) == len(tables.names)
    assert {"len", "copy.deepcopy", "math.sqrt", "re.match"} <= set(tables.builtins)
    assert {"int", "set", "KeyError"} <= set(tables.types)


def test_a_runtime_with_another_layout_is_refused() -> None:
    with pytest.raises(InternalError, match=r"wcb_list\.items differ.*build it again"):
        check_layout({**FIELDS, "wcb_list.items": 0})
