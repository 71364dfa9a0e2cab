"""Models of the C contract that were made elsewhere: from an address to a capsule, from a capsule to a problem."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from wc_engine.errors import EncodingError
from wc_engine.models._core.batch import Batch
from wc_engine.models.problem import Problem, U64Array
from wc_engine.state.entities import Entity, State

__all__ = ["CAPSULE_NAME", "CModel", "CapsuleProblem", "Words", "is_capsule", "make_capsule"]

CAPSULE_NAME = b"wc_engine.wc_model"
"""``WC_MODEL_CAPSULE`` of ``csrc/wc_abi.h``. A capsule keeps a pointer to its name, so the name must live on."""

Words: TypeAlias = "Sequence[int] | U64Array"
"""A packed state: ``W`` numbers below 2^64."""

_TYPE_NAME = "Words"


class CModel(ctypes.Structure):
    """``wc_model`` of ``csrc/wc_abi.h``: for models whose struct is filled from Python."""

    _fields_ = (
        ("abi_version", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("num_words", ctypes.c_int32),
        ("num_actions", ctypes.c_int32),
        ("scratch_bytes", ctypes.c_size_t),
        ("problem", ctypes.c_void_p),
        ("step", ctypes.c_void_p),
        ("expand", ctypes.c_void_p),
        ("reward", ctypes.c_void_p),
        ("batch", ctypes.c_void_p),
    )


def make_capsule(model: CModel | int) -> object:
    """Return a capsule that points to a ``wc_model``, given as a struct or an address; it must outlive the capsule."""
    address = model if isinstance(model, int) else ctypes.addressof(model)
    new = ctypes.pythonapi.PyCapsule_New
    new.restype = ctypes.py_object
    new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    capsule: object = new(address, CAPSULE_NAME, None)
    return capsule


def is_capsule(value: object) -> bool:
    """Whether a value is a capsule, of whatever name."""
    return type(value).__name__ == "PyCapsule"


class CapsuleProblem:
    """A model of the C contract with a state to begin in. Implements ``wc_engine.models.problem.Problem``.

    Args:
        capsule: the model; keep what it points to alive as long as the problem is used, or hand it over as ``owner``.
        initial: the packed initial state. ``W`` numbers.
        actions: the name of each action; None for ``"0"``, ``"1"`` and so on.
        encode: packs a symbolic state; None where there are only words.
        decode: unpacks a packed one; None: the state is an entity ``Words(w0, w1, ...)``.
        owner: kept alive with the problem.

    Raises:
        ValueError: it is no such capsule, or of another version of the contract, or names or words are too few or many.
    """

    def __init__(
        self,
        capsule: object,
        initial: Words,
        actions: Sequence[str] | None = None,
        *,
        encode: Callable[[State], Words] | None = None,
        decode: Callable[[U64Array], State] | None = None,
        owner: object = None,
    ) -> None:
        shape = Batch([capsule])
        self.capsule = capsule
        self.num_words: int = shape.num_words
        self.actions = tuple(map(str, range(shape.num_actions))) if actions is None else tuple(actions)
        if len(set(self.actions)) != shape.num_actions or len(self.actions) != shape.num_actions:
            raise ValueError(f"expected {shape.num_actions} different names of actions, got {list(self.actions)}")
        self.owner = owner
        self._encode = encode
        self._decode = decode
        self.initial_words: U64Array = self._checked(initial)

    def at(self, words: Words) -> CapsuleProblem:
        """Return the same model with another state to begin in."""
        return CapsuleProblem(
            self.capsule, words, self.actions, encode=self._encode, decode=self._decode, owner=self.owner
        )

    def encode(self, state: State | Words) -> U64Array:
        """Pack a state; packed ones stay as they are.

        Raises:
            EncodingError: nothing says how to pack this state.
        """
        if not isinstance(state, State):
            return self._checked(state)
        if self._encode is not None:
            return self._checked(self._encode(state))
        try:
            (entity,) = state
            return self._checked([int(str(entity[f"w{place}"])) for place in range(self.num_words)])
        except (KeyError, ValueError):
            raise EncodingError(f"nothing says how to pack {state!r}: give the problem an `encode`") from None

    def decode(self, words: U64Array) -> State:
        """Unpack a state."""
        if self._decode is not None:
            return self._decode(words)
        return State([Entity(_TYPE_NAME, {f"w{place}": int(word) for place, word in enumerate(words)})])

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        """Return None: nothing is known of the model that could answer."""
        return None

    def _checked(self, words: Words) -> U64Array:
        array: U64Array = np.array(words, dtype=np.uint64, ndmin=1)
        if array.shape != (self.num_words,):
            raise ValueError(f"expected {self.num_words} words, got an array of shape {array.shape}")
        return array
