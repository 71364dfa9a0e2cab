"""Random walks through models of the C contract, measured by ``walk.c``."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tasks.c_library import CAPSULE_NAME, CModel, build_library

from wc_engine.models.problem import Problem, U64Array

WALK_LENGTH = 128
"""Steps after which a walk starts again in the initial state."""

_ALIGNMENT = 64


class _Walk(ctypes.Structure):
    """``walk`` of ``walk.c``."""

    _fields_ = (
        ("seconds", ctypes.c_double),
        ("cpu_seconds", ctypes.c_double),
        ("rewards", ctypes.c_double),
        ("dones", ctypes.c_int64),
        ("failed", ctypes.c_int64),
        ("no_answer", ctypes.c_int64),
    )


@dataclass(frozen=True, slots=True)
class WalkFigures:
    """A walk.

    Attributes:
        ns: nanoseconds of a step by the clock, the loop around it included (about 1 ns).
        cpu_ns: the same in processor time, which other work on the machine changes less.
        rewards: the sum of the rewards, in the order of the steps.
        dones: steps that end the episode.
        failed: steps on which the program failed.
    """

    ns: float
    cpu_ns: float
    rewards: float
    dones: int
    failed: int

    @property
    def sums(self) -> tuple[float, int, int]:
        """What two models that agree agree on."""
        return self.rewards, self.dones, self.failed


def draw_actions(count: int, num_actions: int, seed: int = 0) -> NDArray[np.uint8]:
    """Return random actions. Shape ``[count]``, uint8."""
    return np.random.default_rng(seed).integers(0, num_actions, count, dtype=np.uint8)


class Walker:
    """Walks through one model.

    Args:
        problem: a model bound to a level; it is kept alive.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
        get_pointer.restype = ctypes.c_void_p
        get_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
        self._model = get_pointer(problem.capsule, CAPSULE_NAME)
        scratch_bytes = CModel.from_address(self._model).scratch_bytes
        self._scratch = np.zeros(scratch_bytes + _ALIGNMENT, dtype=np.uint8)
        self._scratch_address = -(-self._scratch.ctypes.data // _ALIGNMENT) * _ALIGNMENT
        self._run = build_library(Path(__file__).with_name("walk.c")).walk_run
        self._run.restype = None
        self._run.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_int64] * 2 + [ctypes.c_void_p] * 3

    def walk(self, actions: NDArray[np.uint8]) -> WalkFigures:
        """Walk and measure.

        Raises:
            ArithmeticError: native code has no answer to a step.
        """
        return self._walk(actions, None)

    def trace(self, actions: NDArray[np.uint8]) -> tuple[U64Array, WalkFigures]:
        """Return the state after each step, shape ``[len(actions), W]``, uint64, and the walk's sums."""
        states = np.zeros((len(actions), self.problem.num_words), dtype=np.uint64)
        return states, self._walk(actions, states)

    def _walk(self, actions: NDArray[np.uint8], trace: U64Array | None) -> WalkFigures:
        result = _Walk()
        initial = np.ascontiguousarray(self.problem.initial_words)
        self._run(
            self._model,
            initial.ctypes.data,
            actions.ctypes.data,
            len(actions),
            WALK_LENGTH,
            self._scratch_address,
            None if trace is None else trace.ctypes.data,
            ctypes.byref(result),
        )
        if result.no_answer:
            raise ArithmeticError(f"native code has no answer to {result.no_answer} of {len(actions)} steps")
        scale = 1e9 / len(actions)
        return WalkFigures(
            scale * result.seconds, scale * result.cpu_seconds, result.rewards, result.dones, result.failed
        )
