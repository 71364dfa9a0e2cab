from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import NDArray
from typing_extensions import disjoint_base

from wc_engine.state.entities import Entity, State

@disjoint_base
class StatePacker:
    def __new__(cls, resolve: Callable[[Entity], tuple[int, int]], num_types: int, max_entities: int) -> Self: ...
    def survey(self, states: list[State]) -> tuple[NDArray[np.int32], NDArray[np.int64]]: ...
    def codes(self, states: list[State]) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.bool_]]: ...
    def pack(
        self,
        states: list[State],
        num_words: int,
        first_slots: NDArray[np.int64],
        slot_words: NDArray[np.int64],
        slot_shifts: NDArray[np.int64],
        absents: NDArray[np.uint64],
    ) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]: ...
