from collections.abc import Callable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from typing_extensions import disjoint_base

from wc_engine.models.problem import U64Array

@disjoint_base
class MctsSearch:
    def __new__(
        cls,
        capsule: object,
        initial_words: U64Array,
        memory_limit: int,
        *,
        exploration: float,
        discount: float,
        first_play_urgency: float,
        virtual_loss: float,
        depth_limit: int,
        rollout_depth: int,
        puct: bool,
        stop_at_first_plan: bool,
        expand_once: bool,
        prune_solved: bool,
        seed: int,
        num_threads: int = 1,
        share_tree: bool = True,
        prior: Callable[[U64Array], Sequence[float]] | None = None,
        value: Callable[[U64Array], float] | None = None,
        shape: Callable[[U64Array, int, U64Array], float] | None = None,
    ) -> Self: ...
    def run(self, slice_seconds: float, seconds_left: float, budget: int) -> int: ...
    def advance(self, words: U64Array) -> None: ...
    def plan(self) -> list[int] | None: ...
    def halt(self) -> tuple[U64Array, int, int]: ...
    def root_statistics(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]: ...
    @property
    def expanded(self) -> int: ...
    @property
    def generated(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def stored(self) -> int: ...
    @property
    def simulations(self) -> int: ...
