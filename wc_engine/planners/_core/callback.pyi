from collections.abc import Callable

class CallbackModel:
    error: BaseException | None
    def __init__(self, step: Callable[[int, int], tuple[int, int, float, bool]], num_actions: int) -> None: ...
    @property
    def capsule(self) -> object: ...
