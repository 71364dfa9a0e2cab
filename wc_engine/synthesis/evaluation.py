"""Judging a candidate: the verdicts on phi_1 and phi_2, and h, the share of constraints that it meets."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Protocol

from wc_engine.errors import InvalidModelError
from wc_engine.models.base import StepOutcome
from wc_engine.models.dataset import Transition
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel
from wc_engine.state.entities import State
from wc_engine.synthesis.constraints import DataVerdict, OptimismVerdict, PlanVerdict

__all__ = ["Evaluation", "Evaluator", "ProgramRunner"]

_AT_ONCE = 4
"""Programs checked at the same time; a runner keeps more open than that."""


class ProgramRunner(Protocol):
    """Runs programs, in the sandbox unless it was told to trust them, and finds plans in them."""

    def running(self, program: Program) -> RunningModel:
        """Return a program, opened; the runner closes it.

        Raises:
            InvalidModelError: the program fails while it is loaded.
        """
        ...

    def find_plan(self, program: Program, state: State, mission: str) -> PlanVerdict:
        """Search for a plan that ends with done and reward > 0."""
        ...


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was found about a program.

    Attributes:
        data: the verdict on phi_1.
        optimism: the verdict on phi_2, or None where phi_1 fails: it does not count then.
        num_initial: initial states and missions met so far.
    """

    data: DataVerdict
    optimism: OptimismVerdict | None
    num_initial: int

    @property
    def holds(self) -> bool:
        """Whether the program is a solution: both constraints hold."""
        return self.data.holds and self.optimism is not None and self.optimism.holds

    @property
    def heuristic(self) -> float:
        """The share of constraints met, 0 to 1.

        ``h = (#transitions explained + [phi_1] #(s0, c) with a plan) / (|D| + |D_sc|)``, paper, section 3.
        """
        return self.heuristic_by(partial_credit=False)

    def heuristic_by(self, *, partial_credit: bool) -> float:
        """Return the share of constraints met, 0 to 1.

        Args:
            partial_credit: a transition that is explained in part counts by thirds, one each for the state, the reward
                and done, as in the released code of WorldCoder.
        """
        planned = self.optimism.planned if self.optimism is not None and self.data.holds else 0
        credit = sum(one.credit for one in self.data.counterexamples) if partial_credit else 0.0
        total = self.data.checked + self.num_initial
        return (self.data.explained + credit + planned) / total if total else 1.0

    def explain(self) -> str:
        """Return the verdicts in words."""
        parts = [self.data.explain()]
        if self.optimism is not None:
            parts.append(self.optimism.explain())
        return "\n".join(parts)


class Evaluator:
    """Judges programs on data that only grow: a transition is shown to a program once, a verdict is kept.

    Args:
        runner: where programs run and plans come from.
    """

    def __init__(self, runner: ProgramRunner) -> None:
        self._runner = runner
        self._known: dict[str, DataVerdict] = {}

    def evaluate(
        self, program: Program, transitions: Sequence[Transition], initial: Sequence[tuple[State, str]]
    ) -> Evaluation:
        """Judge a program.

        Args:
            program: the program.
            transitions: the data of phi_1: those of earlier calls, and perhaps more behind them.
            initial: the initial states and missions of phi_2; planned for only where phi_1 holds.
        """
        self.check([program], transitions)
        known = self._verdict(program)
        if not known.holds:
            return Evaluation(known, None, len(initial))
        plans = tuple(self._runner.find_plan(program, state, mission) for state, mission in initial)
        return Evaluation(known, OptimismVerdict(plans), len(initial))

    def check(self, programs: Sequence[Program], transitions: Sequence[Transition]) -> None:
        """Judge programs on the transitions alone, several at once; ``evaluate`` then finds the verdicts ready.

        Args:
            programs: the programs, each once.
            transitions: the data of phi_1: those of earlier calls, and perhaps more behind them.
        """
        behind = [one for one in programs if self._verdict(one).checked < len(transitions)]
        for start in range(0, len(behind), _AT_ONCE):
            part = behind[start : start + _AT_ONCE]
            # They are opened one after the other, for the runner may close others to make room.
            opened = [self._opened(program) for program in part]
            known = [self._verdict(program) for program in part]
            if len(part) == 1:
                verdicts = [_checked(known[0], opened[0], transitions)]
            else:
                with ThreadPoolExecutor(_AT_ONCE) as pool:
                    verdicts = list(pool.map(_checked, known, opened, repeat(transitions)))
            self._known.update(zip((program.text for program in part), verdicts, strict=True))

    def _verdict(self, program: Program) -> DataVerdict:
        """Return what is known of a program on the first transitions."""
        return self._known.get(program.text, DataVerdict(0, ()))

    def _opened(self, program: Program) -> RunningModel | str:
        """Return a program, opened, or why that fails."""
        try:
            return self._runner.running(program)
        except InvalidModelError as error:
            return str(error)


def _checked(known: DataVerdict, model: RunningModel | str, transitions: Sequence[Transition]) -> DataVerdict:
    """Return a verdict with the transitions that are new to it; ``model`` may be the reason why there is none."""
    fresh = transitions[known.checked :]
    if isinstance(model, str):
        failed = StepOutcome(next_state=None, reward=None, done=None, transition_error=model)
        return known.joined(DataVerdict.of(fresh, [failed] * len(fresh)))
    return known.joined(DataVerdict.of(fresh, model.step_many(fresh)))
