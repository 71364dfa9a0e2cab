"""What the runtime offers to generated code, as the extension module tells it."""

from __future__ import annotations

from functools import cache

import wc_engine.compile.boxed._runtime as _runtime
from wc_engine.compile.boxed.layout import FIELDS
from wc_engine.compile.boxed.tables import Runtime
from wc_engine.errors import InternalError

__all__ = ["check_layout", "runtime_tables"]


@cache
def runtime_tables() -> Runtime:
    """Return the runtime's names, functions and types.

    Raises:
        InternalError: the extension module was built from other sources than these.
    """
    check_layout(_runtime.offsets())
    return Runtime(
        names=tuple(_runtime.well_known_names()),
        builtins={name: place for place, name in enumerate(_runtime.builtin_names())},
        types={name: place for place, name in enumerate(_runtime.type_names())},
        type_bytes=_runtime.TYPE_BYTES,
        builtin_bytes=_runtime.BUILTIN_BYTES,
    )


def check_layout(offsets: dict[str, int]) -> None:
    """Compare the offsets that generated code uses with the runtime's.

    Raises:
        InternalError: they differ.
    """
    differing = [name for name, offset in FIELDS.items() if offsets.get(name) != offset]
    if differing:
        raise InternalError(
            f"the extension module of the boxed tier was built from other sources ({', '.join(differing)} differ); "
            "build it again: python setup.py build_ext --inplace"
        )
