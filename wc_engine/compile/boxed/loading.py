"""From a program's image to a program that runs in this process."""

from __future__ import annotations

from functools import cache

from wc_engine.compile.boxed import _runtime
from wc_engine.compile.boxed.image import ProgramImage
from wc_engine.compile.native import load_code

__all__ = ["FUEL", "MEMORY_LIMIT_BYTES", "load_image"]

FUEL = 20_000_000
"""What one call of a program may do: about as many calls and rounds of loops."""

MEMORY_LIMIT_BYTES = 256 * 2**20
"""What one call may allocate."""

_RUNTIME_PREFIX = "wcb_"


@cache
def _runtime_symbols() -> dict[str, int]:
    return _runtime.symbols()


def load_image(
    image: ProgramImage, *, fuel: int = FUEL, memory_limit_bytes: int = MEMORY_LIMIT_BYTES
) -> _runtime.Program:
    """Load a compiled program.

    Args:
        image: the program.
        fuel: limit on what one call does.
        memory_limit_bytes: limit on what one call allocates.

    Raises:
        InternalError: the code does not load.
    """
    symbols = _runtime_symbols()
    wanted = {info.symbol for info in image.infos if not info.symbol.startswith(_RUNTIME_PREFIX)}
    code = load_code(image.code, sorted(wanted | {image.module_symbol}), symbols)
    return _runtime.Program(image, {**symbols, **code.addresses}, code, fuel, memory_limit_bytes)
