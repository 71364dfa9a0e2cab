"""Solving many levels with one model: compiled once, bound to each level, every plan replayed in the real world."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from wc_engine.compile.mixed import MixedModel, NativeHalf
from wc_engine.envs.protocol import Environment
from wc_engine.envs.registry import make_env
from wc_engine.errors import EncodingError, InternalError, ModelExecutionError
from wc_engine.models.open import open_model
from wc_engine.models.problem import Problem
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel
from wc_engine.planners import GUIDED_PLANNERS, InterpretedProblem, PlanResult, SearchStatus, plan, prepare
from wc_engine.planners.running import Progress
from wc_engine.runs.compiling import try_compile, try_half
from wc_engine.state.entities import State

__all__ = ["ERROR", "INVALID", "REFUTED", "LevelResult", "LevelSolver", "LevelTask", "SolveConfig", "summarize"]

REFUTED = "refuted"
"""The model's plan does not win in the real environment."""
ERROR = "error"
"""The model gave no answer that planning could go on with."""
INVALID = "invalid"
"""The level itself is bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveConfig:
    """How levels are solved.

    Attributes:
        planner: the planner's name.
        time_limit_seconds: wall-clock limit for each level, binding and search.
        env: name of the environment in which plans are replayed.
        trusted: run a program that cannot be compiled in this process instead of the sandbox.
        seed: seed of planners that draw at random.
    """

    planner: str = "auto"
    time_limit_seconds: float = 10.0
    env: str = "sokoban"
    trusted: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.time_limit_seconds > 0:
            raise ValueError(f"time_limit_seconds must be positive, got {self.time_limit_seconds}")


@dataclass(frozen=True, slots=True)
class LevelTask:
    """One level to be solved.

    Attributes:
        file: the file that it is from.
        index: which level of the file it is, from 0.
        state: its initial state.
    """

    file: str
    index: int
    state: State = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelResult:
    """What became of one level.

    Attributes:
        file: the file that it is from.
        index: which level of the file it is, from 0.
        solved: whether a plan was found that wins in the real environment.
        status: a ``SearchStatus``, or ``REFUTED``, ``ERROR`` or ``INVALID``.
        length: actions of the plan, or None where there is none.
        expanded: states expanded.
        generated: successors generated.
        seconds: wall-clock time of binding and search; compilation and replay apart.
        processor_seconds: the same in time of the processor, all threads together.
        bytes: memory of the search at its end.
        message: what went wrong, or "".
        plan: the plan, or None.
    """

    file: str
    index: int
    solved: bool
    status: str
    length: int | None = None
    expanded: int = 0
    generated: int = 0
    seconds: float = 0.0
    processor_seconds: float = 0.0
    bytes: int = 0
    message: str = ""
    plan: tuple[str, ...] | None = field(default=None, repr=False)

    @classmethod
    def unsolved(cls, task: LevelTask, status: str, *, seconds: float = 0.0, message: str = "") -> LevelResult:
        """Return the result of a level that no search came to an end on."""
        return cls(file=task.file, index=task.index, solved=False, status=status, seconds=seconds, message=message)

    def as_record(self) -> dict[str, object]:
        """Return the result as JSON values."""
        names = ("file", "index", "solved", "status", "length", "expanded", "generated")
        return {
            **{name: getattr(self, name) for name in names},
            "seconds": round(self.seconds, 6),
            "bytes": self.bytes,
        }


class LevelSolver:
    """A model ready to solve levels. Use it as a context manager, or call ``close``.

    Args:
        program: the model.
        states: the initial states of all levels; the compiled model is laid out for them.
        config: settings.

    Attributes:
        compiled: the compiled model, or None where the program runs interpreted.
        reason: why it does, or None.
        half: the half of the program that is native all the same, or None.

    Raises:
        UserInputError: there is no such environment.
        InvalidModelError: the program cannot be loaded (found out here only where it runs interpreted).
    """

    def __init__(self, program: Program, states: Sequence[State], config: SolveConfig) -> None:
        self._program = program
        self._config = config
        self._env: Environment = make_env(config.env)
        self._running: RunningModel | None = None
        self.compiled, self.reason = try_compile(program, states, self._env.actions, self._env.mission)
        self.half: NativeHalf | None = None
        if self.compiled is not None and states and config.planner in GUIDED_PLANNERS:
            with suppress(EncodingError):
                prepare(self.compiled.bind(states[0]))
        if self.compiled is None:
            self._interpreted()  # a program that cannot be loaded is reported before anything is solved
            self.half = try_half(program, states, self._env.actions, self._env.mission)

    def solve(self, task: LevelTask, progress: Progress | None = None) -> LevelResult:
        """Plan for one level, and replay the plan.

        Args:
            task: the level.
            progress: called about every 10 ms of the search; a ``KeyboardInterrupt`` that it raises ends the search
                with the status *interrupted*.
        """
        start, processor_start = time.perf_counter(), time.process_time()
        try:
            found = self._found(task.state, start, progress)
        except (ModelExecutionError, InternalError) as error:  # of this level; the others go on
            seconds = time.perf_counter() - start
            return LevelResult.unsolved(task, ERROR, seconds=seconds, message=str(error))
        seconds, processor_seconds = time.perf_counter() - start, time.process_time() - processor_start
        status, message = str(found.status), ""
        if found.plan is not None and not self._wins(task.state, found.plan):
            status, message = REFUTED, "the plan wins in the model, but not in the real environment"
        return LevelResult(
            file=task.file,
            index=task.index,
            solved=status == SearchStatus.SOLVED,
            status=status,
            length=None if found.plan is None else len(found.plan),
            expanded=found.expanded,
            generated=found.generated,
            seconds=seconds,
            processor_seconds=processor_seconds,
            bytes=found.bytes,
            message=message,
            plan=found.plan,
        )

    def close(self) -> None:
        """Give back the interpreted program, where one is open."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def __enter__(self) -> LevelSolver:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _found(self, state: State, start: float, progress: Progress | None) -> PlanResult:
        """Search the compiled model; where native code has no place or no answer for a state, the interpreted one."""
        if self.compiled is not None:
            try:
                return self._search(self.compiled.bind(state), start, progress)
            except (EncodingError, ModelExecutionError):
                pass
        running = self._interpreted()
        model = running if self.half is None else MixedModel(self.half, running)
        problem = InterpretedProblem(model, state, self._env.actions, self._env.mission)
        return self._search(problem, start, progress)

    def _interpreted(self) -> RunningModel:
        if self._running is None:
            self._running = open_model(self._program, trusted=self._config.trusted)
        return self._running

    def _search(self, problem: Problem, start: float, progress: Progress | None) -> PlanResult:
        return plan(
            problem,
            self._config.planner,
            time_limit_seconds=max(0.0, self._config.time_limit_seconds - (time.perf_counter() - start)),
            seed=self._config.seed,
            progress=progress,
        )

    def _wins(self, state: State, actions: Sequence[str]) -> bool:
        """Whether the last action, and none before, ends the episode in the real environment with a reward above 0."""
        self._env.set_state(state)
        for position, action in enumerate(actions, start=1):
            _, reward, done = self._env.step(action)
            if done:
                return position == len(actions) and reward > 0
        return False


def summarize(results: Sequence[LevelResult], *, seconds: float, planner: str) -> dict[str, object]:
    """Return the report of ``wc-engine solve`` as JSON values.

    Args:
        results: one for each level, the invalid ones included.
        seconds: wall-clock time of it all, compilation included.
        planner: the planner's name.
    """
    tried = [result for result in results if result.status != INVALID]
    expanded = sum(result.expanded for result in tried)
    busy = sum(result.seconds for result in tried)
    return {
        "levels": len(results),
        "solved": sum(result.solved for result in results),
        "invalid": len(results) - len(tried),
        "seconds": round(seconds, 3),
        "median_seconds": round(statistics.median(result.seconds for result in tried), 6) if tried else None,
        "expanded": expanded,
        "expanded_per_second": round(expanded / busy) if busy > 0 else None,
        "planner": planner,
        "results": [result.as_record() for result in results],
    }
