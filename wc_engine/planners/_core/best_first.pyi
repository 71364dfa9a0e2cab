from typing import Self

from typing_extensions import disjoint_base

from wc_engine.models.problem import U64Array
from wc_engine.planners._core.estimates import Estimator

@disjoint_base
class BestFirstSearch:
    def __new__(
        cls,
        capsule: object,
        initial_words: U64Array,
        memory_limit: int,
        *,
        evaluation: int,
        estimator: Estimator | None,
        fields: U64Array,
        novelty_width: int,
        free_bits: U64Array | None,
        nearest_turns: int = 0,
    ) -> Self: ...
    def run(self, slice_seconds: float, seconds_left: float, budget: int) -> int: ...
    def plan(self) -> list[int] | None: ...
    def halt(self) -> tuple[U64Array, int, int]: ...
    @property
    def expanded(self) -> int: ...
    @property
    def generated(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def stored(self) -> int: ...
