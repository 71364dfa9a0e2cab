from collections.abc import Iterable
from typing import Self

import numpy as np
from numpy.typing import NDArray
from typing_extensions import disjoint_base

@disjoint_base
class Batch:
    def __new__(cls, capsules: Iterable[object]) -> Self: ...
    @property
    def num_words(self) -> int: ...
    @property
    def num_actions(self) -> int: ...
    @property
    def has_reward(self) -> bool: ...
    def step(
        self, states: NDArray[np.uint64], actions: NDArray[np.int32], which: NDArray[np.int32] | None, threads: int
    ) -> tuple[NDArray[np.uint64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.int32]]: ...
    def reward(
        self,
        states: NDArray[np.uint64],
        actions: NDArray[np.int32],
        given: NDArray[np.uint64],
        which: NDArray[np.int32] | None,
        threads: int,
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int32]]: ...
    def expand(
        self, states: NDArray[np.uint64], which: NDArray[np.int32] | None, threads: int
    ) -> tuple[NDArray[np.uint64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.int32]]: ...
    def step_seconds(
        self, states: NDArray[np.uint64], actions: NDArray[np.int32], which: NDArray[np.int32] | None, repeats: int
    ) -> float: ...
    def expand_seconds(self, states: NDArray[np.uint64], which: NDArray[np.int32] | None, repeats: int) -> float: ...
