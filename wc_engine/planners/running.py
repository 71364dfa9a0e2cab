"""Running a compiled search: slices, Ctrl-C, progress, and a new start where a step had no answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Generic, Protocol, TypeAlias, TypeVar

from wc_engine.errors import InternalError, ModelExecutionError
from wc_engine.models.problem import Problem, U64Array
from wc_engine.planners.result import PlanResult, SearchStatus

__all__ = ["DEFAULT_MEMORY_LIMIT_BYTES", "Progress", "Run", "check_limits", "interrupted", "run_guided", "run_search"]

Progress: TypeAlias = Callable[[int, int], None]
"""Called between slices of a search with the states expanded and generated so far."""

DEFAULT_MEMORY_LIMIT_BYTES = 2 * 2**30

_SLICE_SECONDS = 0.01
_NO_BUDGET = 2**64 - 1

# The numbers of wc_search_status in csrc/wc_search.h.
_PAUSED, _SOLVED, _EXHAUSTED, _TIME, _MEMORY, _BUDGET, _HALTED = range(7)
_STATUSES = {
    _SOLVED: SearchStatus.SOLVED,
    _EXHAUSTED: SearchStatus.EXHAUSTED,
    _TIME: SearchStatus.TIME,
    _MEMORY: SearchStatus.MEMORY,
    _BUDGET: SearchStatus.BUDGET,
}

# Step statuses of csrc/wc_abi.h, in words.
_STEP_STATUSES = {
    0: "hit an internal error",
    3: "left the packed range of a value",
    4: "outran its fuel",
    5: "outgrew its scratch memory",
}


class CompiledSearch(Protocol):
    """What the modules of ``_core`` have in common."""

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


SearchT = TypeVar("SearchT", bound=CompiledSearch)


@dataclass(frozen=True, slots=True)
class Run(Generic[SearchT]):
    """A finished search and its result.

    Attributes:
        result: the result.
        search: the last search; its memory lives as long as it does.
    """

    result: PlanResult
    search: SearchT


def check_limits(time_limit_seconds: float | None, memory_limit_bytes: int, budget: int | None) -> None:
    """Raise ``ValueError`` where a limit is negative or no number."""
    if time_limit_seconds is not None and not time_limit_seconds >= 0:
        raise ValueError(f"time_limit_seconds is {time_limit_seconds}: expected None or a number from 0")
    if memory_limit_bytes < 0:
        raise ValueError(f"memory_limit_bytes is {memory_limit_bytes}: expected a number from 0")
    if budget is not None and budget < 0:
        raise ValueError(f"the budget is {budget}: expected None or a number from 0")


def run_search(
    problem: Problem,
    start: Callable[[Problem], SearchT],
    *,
    planner: str,
    time_limit_seconds: float | None,
    budget: int | None,
    progress: Progress | None,
    seed: int | None = None,
) -> Run[SearchT]:
    """Run a search to its end; where a step has no answer, resolve the problem and start anew with the time left.

    Counts and memory are those of the last search, seconds are those of all.

    Args:
        problem: what to search.
        start: makes the search of a problem.
        planner: the planner's name, for the result.
        time_limit_seconds: wall-clock limit over all starts, or None.
        budget: limit on expansions or simulations of each start, or None.
        progress: called between slices, about every 10 ms.
        seed: for the result.

    Raises:
        InternalError: the model broke the C contract.
        ModelExecutionError: a step has no answer and the problem knows no other form of itself in which it has one.
        Exception: what a model in Python raised.
    """
    begin = time.monotonic()
    deadline = inf if time_limit_seconds is None else begin + time_limit_seconds
    while True:
        search = start(problem)
        status = _run_slices(search, problem, deadline, _NO_BUDGET if budget is None else budget, progress)
        if status is not None:
            break
        problem = _resolve(problem, search)
    plan = search.plan()
    if status is SearchStatus.SOLVED and plan is None:
        raise InternalError("the model contradicts itself: a step that was taken before now leads elsewhere")
    if plan is not None and status is not SearchStatus.INTERRUPTED:
        status = SearchStatus.SOLVED
    result = PlanResult(
        plan=None if plan is None else tuple(problem.actions[action] for action in plan),
        status=status,
        expanded=search.expanded,
        generated=search.generated,
        seconds=time.monotonic() - begin,
        bytes=search.bytes,
        planner=planner,
        seed=seed,
        stored=search.stored,
    )
    return Run(result, search)


def run_guided(
    problem: Problem,
    start: Callable[[Problem], CompiledSearch],
    *,
    planner: str,
    time_limit_seconds: float | None,
    budget: int | None,
    progress: Progress | None,
) -> PlanResult:
    """Run a search that takes the problem apart first, as ``run_search`` does, and return its result.

    Ctrl-C while the problem is taken apart is a result, too: nothing was expanded then.
    """
    begin = time.monotonic()
    try:
        return run_search(
            problem, start, planner=planner, time_limit_seconds=time_limit_seconds, budget=budget, progress=progress
        ).result
    except KeyboardInterrupt:
        return interrupted(planner, begin)


def interrupted(planner: str, begin: float) -> PlanResult:
    """Return the result of a search that Ctrl-C ended before it had any.

    Args:
        planner: the planner's name.
        begin: when it began, on ``time.monotonic``.
    """
    return PlanResult(
        plan=None,
        status=SearchStatus.INTERRUPTED,
        expanded=0,
        generated=0,
        seconds=time.monotonic() - begin,
        bytes=0,
        planner=planner,
    )


def _run_slices(
    search: CompiledSearch, problem: Problem, deadline: float, budget: int, progress: Progress | None
) -> SearchStatus | None:
    """Return why the search ended, or None where it halted on a step without an answer.

    Python sees to signals between two slices, so Ctrl-C arrives here as KeyboardInterrupt; it ends the search.
    """
    try:
        while (status := search.run(_SLICE_SECONDS, deadline - time.monotonic(), budget)) == _PAUSED:
            if progress is not None:
                progress(search.expanded, search.generated)
    except KeyboardInterrupt:
        return SearchStatus.INTERRUPTED
    if status != _HALTED:
        return _STATUSES[status]
    error = _callback_error(problem)
    if isinstance(error, KeyboardInterrupt):
        return SearchStatus.INTERRUPTED
    if error is not None:
        raise error
    return None


def _callback_error(problem: Problem) -> BaseException | None:
    """Take the exception that a model in Python raised, if the problem is one and it did."""
    take_error: Callable[[], BaseException | None] | None = getattr(problem, "take_error", None)
    return None if take_error is None else take_error()


def _resolve(problem: Problem, search: CompiledSearch) -> Problem:
    words, action, status = search.halt()
    resolved = problem.resolve(words, action, status)
    if resolved is not None:
        return resolved
    name = problem.actions[action]
    if status not in _STEP_STATUSES or status == 0:
        raise InternalError(f"the model ended a step in status {status} (action {name!r})")
    raise ModelExecutionError(
        f"the model {_STEP_STATUSES[status]} on action {name!r}, and there is no other form of it to search",
        state=problem.decode(words),
        action=name,
        cause=_STEP_STATUSES[status],
    )
