from typing import Self

import numpy as np
from numpy.typing import NDArray
from typing_extensions import disjoint_base

@disjoint_base
class Stepper:
    def __new__(cls, capsule: object) -> Self: ...
    @property
    def num_actions(self) -> int: ...
    def step(self, state: tuple[int, ...], action: int) -> tuple[int, tuple[int, ...], float, bool]: ...

def step_seconds(capsule: object, states: NDArray[np.uint64], actions: NDArray[np.int32], repeats: int) -> float: ...
