"""Since which step the model is exact: it predicts every next state of transitions that learning never sees."""

from __future__ import annotations

from wc_engine.envs.held_out import HeldOutTransition, held_out_transitions
from wc_engine.envs.registry import make_env
from wc_engine.envs.sokoban.held_out import held_out_transitions as held_out_transitions_of_sokoban
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel, StepRequest
from wc_engine.synthesis.joining import transition_form

__all__ = ["ExactnessMeter"]

_FIRST_CHUNK = 100
"""A model that is not exact mostly fails within so many transitions."""


class ExactnessMeter:
    """Measures models as they come.

    Args:
        env: the environment's name; one that cannot be set to a state is not measured.
        seed: chooses the transitions.

    Attributes:
        steps: the environment step since which the models have been exact, or None.
    """

    def __init__(self, env: str, seed: int) -> None:
        self._held_out = [
            (StepRequest(state, action), next_state) for state, action, next_state, _, _ in _held_out(env, seed)
        ]
        self.steps: int | None = None
        self._known: dict[frozenset[str] | None, bool] = {}

    def measure(self, program: Program, model: RunningModel, steps: int) -> None:
        """Take in the program that is held after ``steps`` environment steps, and the model that runs it."""
        if not self._held_out:
            return
        form = transition_form(program)  # programs that differ in their rewards only are measured once
        if form is None or form not in self._known:
            self._known[form] = self._is_exact(model)
        if not self._known[form]:
            self.steps = None
        elif self.steps is None:
            self.steps = steps

    def _is_exact(self, model: RunningModel) -> bool:
        done = 0
        for size in (1, _FIRST_CHUNK, len(self._held_out)):
            part = self._held_out[done : done + size]
            outcomes = model.step_many([request for request, _ in part], rewards=False)
            for index, (outcome, (_, next_state)) in enumerate(zip(outcomes, part, strict=True), start=done):
                if outcome.next_state != next_state:
                    # What one model gets wrong, the next one mostly does, too.
                    self._held_out.insert(0, self._held_out.pop(index))
                    return False
            done += len(part)
        return True


def _held_out(env: str, seed: int) -> list[HeldOutTransition]:
    if env == "sokoban":
        return held_out_transitions_of_sokoban(seed)  # half along shortest solutions, which only this world can find
    try:
        return held_out_transitions(make_env(env), seed)
    except NotImplementedError:
        return []
