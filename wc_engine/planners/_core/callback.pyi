from collections.abc import Callable
from typing import Self

from typing_extensions import disjoint_base

@disjoint_base
class CallbackModel:
    error: BaseException | None
    def __new__(cls, step: Callable[[int, int], tuple[int, int, float, bool]], num_actions: int) -> Self: ...
    @property
    def capsule(self) -> object: ...
