"""The ``random`` module that programs see: every generator starts from a fixed seed, so a call has one outcome."""

from __future__ import annotations

import random
from types import ModuleType

__all__ = ["SeededRandom", "seeded_random_module"]

_SEED = 0


class SeededRandom(random.Random):
    """``random.Random`` that takes a fixed seed where Python would ask the system for one."""

    def seed(  # type: ignore[override]  # as in random.Random, which differs from its own base, too
        self, a: int | float | str | bytes | bytearray | None = None, version: int = 2
    ) -> None:
        super().seed(_SEED if a is None else a, version)


def seeded_random_module() -> tuple[ModuleType, SeededRandom]:
    """Return a module with all names of ``random``, and the generator behind its functions."""
    module = ModuleType("random")
    generator = SeededRandom()
    public = {name: getattr(random, name) for name in random.__all__}
    public |= {name: getattr(generator, name) for name in public if hasattr(generator, name)}
    module.__dict__.update(public, Random=SeededRandom, SystemRandom=SeededRandom, __all__=list(random.__all__))
    return module, generator
