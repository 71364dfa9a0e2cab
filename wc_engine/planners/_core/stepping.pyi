from typing import Self

from typing_extensions import disjoint_base

@disjoint_base
class Stepper:
    def __new__(cls, capsule: object) -> Self: ...
    @property
    def num_actions(self) -> int: ...
    def step(self, state: tuple[int, ...], action: int) -> tuple[int, tuple[int, ...], float, bool]: ...
