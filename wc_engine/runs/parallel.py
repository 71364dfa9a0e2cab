"""Levels solved by several processes, each with the model of its own: compiled code comes from the disk cache."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.synchronize import Event

from wc_engine.models.program import Program
from wc_engine.runs.solving import ERROR, LevelResult, LevelSolver, LevelTask, SolveConfig
from wc_engine.state.entities import State

__all__ = ["solve_in_parallel"]

_LOST = "the process that worked on it is gone (out of memory?): try fewer jobs"


def solve_in_parallel(
    program: Program, states: Sequence[State], config: SolveConfig, tasks: Sequence[LevelTask], *, jobs: int
) -> Iterator[LevelResult]:
    """Yield the result of each level as it comes. Closing the iterator, or Ctrl-C, stops all searches.

    Args:
        program: the model; compile it once before, so that the processes find it in the disk cache.
        states: the initial states of all levels, for which the model is laid out.
        config: settings.
        tasks: the levels.
        jobs: number of processes.
    """
    # Not fork: the caller may have threads, and a sandbox.
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    executor = ProcessPoolExecutor(
        max_workers=jobs,
        mp_context=context,
        initializer=_start_worker,
        initargs=(program.text, program.file, tuple(states), config, stop),
    )
    try:
        with _children_without_interrupts():
            futures = {executor.submit(_solve, task): task for task in tasks}
        for future in as_completed(futures):
            yield _result(future, futures[future])
    finally:
        stop.set()
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _children_without_interrupts() -> Iterator[None]:
    """Let processes that are started here inherit that SIGINT is blocked: they may still be loading when it comes.

    Ctrl-C reaches every process of the terminal; the parent alone acts on it, through the event.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _result(future: Future[LevelResult], task: LevelTask) -> LevelResult:
    try:
        return future.result()
    except BrokenProcessPool:
        return LevelResult.unsolved(task, ERROR, message=_LOST)


_worker: tuple[LevelSolver, Event] | None = None
"""What a worker process works with; None in all other processes."""


def _start_worker(text: str, file: str, states: tuple[State, ...], config: SolveConfig, stop: Event) -> None:
    global _worker
    _worker = (LevelSolver(Program.from_text(text, file), states, config), stop)


def _solve(task: LevelTask) -> LevelResult:
    assert _worker is not None
    solver, stop = _worker

    def watch(expanded: int, generated: int) -> None:
        if stop.is_set():
            raise KeyboardInterrupt

    return solver.solve(task, watch)
