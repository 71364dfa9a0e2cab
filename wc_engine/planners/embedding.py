"""Planning inside other people's agents: one call, a planner that remembers, both in event loops, too."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from wc_engine.errors import EncodingError, ModelExecutionError, UserInputError
from wc_engine.models.problem import Problem
from wc_engine.planners import auto
from wc_engine.planners.guidance import prepare
from wc_engine.planners.mcts import MctsPlanner
from wc_engine.planners.mcts_config import MctsConfig
from wc_engine.planners.memory import PlanMemory, ValueMemory
from wc_engine.planners.opening import Model, StateLike, open_source
from wc_engine.planners.result import PlanResult
from wc_engine.planners.running import DEFAULT_MEMORY_LIMIT_BYTES, Progress, check_limits
from wc_engine.planners.value_iteration import ValueIterationConfig, value_iteration_search

__all__ = ["Planner", "plan", "plan_async"]


def plan(
    model: Model,
    state: StateLike | None = None,
    mission: str | None = None,
    planner: str = "auto",
    *,
    time_limit: float | None = None,
    actions: Sequence[str] | None = None,
    memory_limit_bytes: int | None = None,
    max_expanded: int | None = None,
    seed: int = 0,
    trusted: bool = False,
    progress: Progress | None = None,
) -> PlanResult:
    """Plan in a model, whatever it is.

    The search runs without the GIL; only a model in Python takes it, for its steps.

    Args:
        model: a program's text, its file (a path, or a text that ends in ``.py``) or a ``Program``, which is compiled
            where it can be; a compiled model; a problem; an object with ``transition`` and ``reward_func``
            (``Dynamics`` says what is asked of it); or a capsule with a ``wc_model`` of the C contract.
        state: where to plan from: a ``State``; packed words for a capsule; what the object's own functions take. None
            for the initial state of a problem.
        mission: whose reward function to use, where there are several.
        planner: one of ``wc_engine.planners.PLANNERS``.
        time_limit: seconds for the search, or None. Compiling and binding are not counted.
        actions: the actions; needed for programs, and for objects without ``actions``.
        memory_limit_bytes: limit on the memory of the search; None for 2 GiB.
        max_expanded: states to expand, or simulations to run (mcts), at most; or None.
        seed: seed of planners that draw at random.
        trusted: where a program does not compile, run it in this process, not in the sandbox.
        progress: called about every 10 ms with the states expanded and generated; ``KeyboardInterrupt`` raised in it
            ends the search with the status *interrupted*.

    Raises:
        UserInputError: there is no planner of that name, nothing says which actions there are, or a file is unreadable.
        InvalidModelError: a text is no world model.
        EncodingError: the state does not fit the model.
        ModelExecutionError: a step has no answer, and there is no other form of the model that has one.
        TypeError, ValueError: it is no model or no state, or a limit is impossible.
        Exception: what a model in Python raised.
    """
    with Planner(
        model,
        planner,
        actions=actions,
        memory_limit_bytes=memory_limit_bytes,
        max_expanded=max_expanded,
        seed=seed,
        trusted=trusted,
    ) as opened:
        return opened.plan(state, mission, time_limit=time_limit, progress=progress)


async def plan_async(
    model: Model,
    state: StateLike | None = None,
    mission: str | None = None,
    planner: str = "auto",
    *,
    time_limit: float | None = None,
    actions: Sequence[str] | None = None,
    memory_limit_bytes: int | None = None,
    max_expanded: int | None = None,
    seed: int = 0,
    trusted: bool = False,
) -> PlanResult:
    """Plan in a thread while the event loop goes on; cancelling the task ends the search. See ``plan``."""
    return await _in_thread(
        lambda progress: plan(
            model,
            state,
            mission,
            planner,
            time_limit=time_limit,
            actions=actions,
            memory_limit_bytes=memory_limit_bytes,
            max_expanded=max_expanded,
            seed=seed,
            trusted=trusted,
            progress=progress,
        )
    )


class Planner:
    """A model that is planned in again and again, by an agent that acts on the plans.

    What earlier calls found out is kept: the compiled program; the steps of a model in Python; with ``"mcts"`` the
    tree, whose root moves to the state that is asked about; with ``"vi"`` the values; with the other planners the last
    plan, so that a state on it is answered with the rest of it (of a shortest plan the rest is shortest, too). Calls
    from several threads take turns. Use it as a context manager, or call ``close``.

    Args: as ``plan``.
    """

    def __init__(
        self,
        model: Model,
        planner: str = "auto",
        *,
        actions: Sequence[str] | None = None,
        memory_limit_bytes: int | None = None,
        max_expanded: int | None = None,
        seed: int = 0,
        trusted: bool = False,
    ) -> None:
        if planner not in auto.PLANNERS:
            raise UserInputError(f"unknown planner {planner!r}: expected one of {', '.join(sorted(auto.PLANNERS))}")
        self._memory = DEFAULT_MEMORY_LIMIT_BYTES if memory_limit_bytes is None else memory_limit_bytes
        check_limits(None, self._memory, max_expanded)
        self.planner = planner
        self._max_expanded = max_expanded
        self._seed = seed
        self._source = open_source(model, actions, trusted=trusted)
        self._lock = threading.Lock()
        self._kept: PlanMemory | ValueMemory | MctsPlanner | None = None
        self._kept_mission: str | None = None

    def plan(
        self,
        state: StateLike | None = None,
        mission: str | None = None,
        *,
        time_limit: float | None = None,
        progress: Progress | None = None,
    ) -> PlanResult:
        """Plan from a state; see ``wc_engine.plan``."""
        check_limits(time_limit, self._memory, self._max_expanded)
        with self._lock:
            if mission != self._kept_mission:
                self._kept, self._kept_mission = None, mission
            known = self._remembered(state)
            if known is not None:
                return known
            begin = time.monotonic()
            try:
                return self._search(lambda: self._source.problem(state, mission), state, time_limit, progress)
            except (EncodingError, ModelExecutionError):
                self._kept = None
                other = self._source.otherwise(state, mission)
                if other is None:
                    raise
                left = None if time_limit is None else max(0.0, time_limit - (time.monotonic() - begin))
                return self._search(lambda: other, None, left, progress)

    async def plan_async(
        self, state: StateLike | None = None, mission: str | None = None, *, time_limit: float | None = None
    ) -> PlanResult:
        """Plan in a thread while the event loop goes on; cancelling the task ends the search."""
        return await _in_thread(lambda progress: self.plan(state, mission, time_limit=time_limit, progress=progress))

    def forget(self) -> None:
        """Drop plan, tree and values; the compiled program stays."""
        with self._lock:
            self._kept = None

    def close(self) -> None:
        """Drop everything, and end the sandbox where there is one."""
        with self._lock:
            self._kept = None
            self._source.close()

    def __enter__(self) -> Planner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _remembered(self, state: StateLike | None) -> PlanResult | None:
        if state is None or not isinstance(self._kept, (PlanMemory, ValueMemory)):
            return None
        return self._kept.answer(state)

    def _search(
        self,
        open_problem: Callable[[], Problem],
        state: StateLike | None,
        time_limit: float | None,
        progress: Progress | None,
    ) -> PlanResult:
        if self.planner == "mcts":
            return self._simulate(open_problem, state, time_limit, progress)
        problem = open_problem()
        if self.planner == "vi":
            config = ValueIterationConfig(
                time_limit_seconds=time_limit, memory_limit_bytes=self._memory, max_states=self._max_expanded
            )
            found = value_iteration_search(problem, config, progress=progress)
            self._kept = ValueMemory.of(found)
            return found.plan_result
        if time_limit is not None and self.planner in auto.GUIDED_PLANNERS:
            prepare(problem)  # what is compiled for guidance is not the search's time
        result = auto.plan(
            problem,
            self.planner,
            time_limit_seconds=time_limit,
            memory_limit_bytes=self._memory,
            max_expanded=self._max_expanded,
            seed=self._seed,
            progress=progress,
        )
        self._kept = PlanMemory.of(problem, result)
        return result

    def _simulate(
        self,
        open_problem: Callable[[], Problem],
        state: StateLike | None,
        time_limit: float | None,
        progress: Progress | None,
    ) -> PlanResult:
        """Simulate on in the tree that there is, if the state has a place in it; else in a new one."""
        config = MctsConfig(
            time_limit_seconds=time_limit,
            memory_limit_bytes=self._memory,
            max_simulations=self._max_expanded,
            seed=self._seed,
        )
        searching = self._kept if isinstance(self._kept, MctsPlanner) else None
        if searching is not None and state is not None:
            try:
                searching.advance(state)
            except EncodingError:
                searching = None
        if searching is None:
            searching = MctsPlanner(open_problem(), config)
        searching.config = replace(searching.config, time_limit_seconds=time_limit)
        self._kept = searching
        return searching.search(progress=progress).plan_result


async def _in_thread(search: Callable[[Progress], PlanResult]) -> PlanResult:
    """Run a search in a thread; where the task is cancelled, so is the search."""
    cancelled = threading.Event()

    def watch(expanded: int, generated: int) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt  # what ends a search: it is caught there

    try:
        return await asyncio.to_thread(search, watch)
    except asyncio.CancelledError:
        cancelled.set()
        raise
