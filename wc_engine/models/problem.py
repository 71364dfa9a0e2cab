"""A model bound to a problem: what planners search."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from wc_engine.state.entities import State

__all__ = ["Problem", "U64Array"]

U64Array = NDArray[np.uint64]


@runtime_checkable
class Problem(Protocol):
    """A world model bound to an initial state, behind the C contract of ``csrc/wc_abi.h``.

    Attributes:
        actions: the action of each index.
        num_words: ``W``, 64-bit words per packed state.
        initial_words: the packed initial state. Shape ``[W]``, uint64.
        capsule: a PyCapsule named ``wc_engine.wc_model`` that holds a ``wc_model *``. It points into the problem's
            memory: keep the problem alive while the capsule is in use.
    """

    @property
    def actions(self) -> tuple[str, ...]: ...

    @property
    def num_words(self) -> int: ...

    @property
    def initial_words(self) -> U64Array: ...

    @property
    def capsule(self) -> object: ...

    def encode(self, state: State) -> U64Array:
        """Pack a state. Raises ``EncodingError`` where it does not fit the problem."""
        ...

    def decode(self, words: U64Array) -> State:
        """Unpack a state."""
        ...

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        """Answer a step that ended in a status other than OK and FAILED (out of range, fuel or scratch, internal).

        Returns:
            A problem with the same initial state and actions in which that step has an answer (a wider layout, or the
            interpreted model), on which the search starts again; None where there is none.
        """
        ...
