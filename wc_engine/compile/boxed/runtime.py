"""What the runtime offers to generated code, as the extension module tells it."""

from __future__ import annotations

from functools import cache

import wc_engine.compile.boxed._runtime as _runtime
from wc_engine.compile.boxed.tables import Runtime

__all__ = ["runtime_tables"]


@cache
def runtime_tables() -> Runtime:
    """Return the runtime's names, functions and types."""
    return Runtime(
        names=tuple(_runtime.well_known_names()),
        builtins={name: place for place, name in enumerate(_runtime.builtin_names())},
        types={name: place for place, name in enumerate(_runtime.type_names())},
        type_bytes=_runtime.TYPE_BYTES,
        builtin_bytes=_runtime.BUILTIN_BYTES,
    )
