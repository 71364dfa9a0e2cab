"""The planner benchmarks of `wc-engine bench`: rates, each beside a program by hand where there is one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from math import isfinite

import numpy as np

from wc_engine.errors import InternalError
from wc_engine.models.batch import BatchStepper, num_cores
from wc_engine.models.problem import Problem
from wc_engine.planners import (
    PLANNERS,
    BreadthFirstConfig,
    MctsConfig,
    PlanResult,
    SweepMethod,
    ValueIterationConfig,
    breadth_first_search,
    mcts_search,
    plan,
    value_iteration_search,
)
from wc_engine.runs.bench_targets import BenchTarget
from wc_engine.runs.yardsticks import compiler
from wc_engine.runs.yardsticks.by_hand import breadth_first_by_hand, sweeps_by_hand, uct_by_hand

__all__ = ["BenchConfig", "BenchRow", "compare_rows", "run_bench"]

_OK = 1
_FAILED_STEP = -2
_DISCOUNT = 0.95
_SWEEPS = 40
_THREADS = 2
_ROLLOUTS = {"no rollouts": 0, "rollouts of 30": 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchConfig:
    """How much is measured.

    Attributes:
        planners: names of planners; empty for all.
        rounds: how often each search runs at most; rates and ratios are medians.
        row_seconds: no further round begins once the rounds of a row have taken this long.
        max_expanded: states that a search expands at most. Value iteration takes a quarter of them.
        max_simulations: simulations of Monte-Carlo tree search.
        time_limit_seconds: for each search.
        memory_limit_bytes: for each search.
    """

    planners: tuple[str, ...] = ()
    rounds: int = 3
    row_seconds: float = 6.0
    max_expanded: int = 4_000_000
    max_simulations: int = 30_000
    time_limit_seconds: float = 20.0
    memory_limit_bytes: int = 2 * 2**30

    def __post_init__(self) -> None:
        unknown = sorted(set(self.planners) - set(PLANNERS))
        if unknown:
            raise ValueError(f"unknown planner {unknown[0]!r}: expected some of {', '.join(sorted(PLANNERS))}")
        for name in ("rounds", "max_expanded", "max_simulations"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}: expected a number from 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRow:
    """One line of the table.

    Attributes:
        task: the model, and what is done with it.
        planner: the planner's name.
        rate: ``unit`` a second.
        unit: what is counted.
        yardstick: what the ratio is to, or None.
        ratio: our rate over the yardstick's, the median over rounds in which both took turns; or None.
        bytes_per_state: memory held at the end for a distinct state, packed words and parents included; or None.
        seconds: wall-clock time of a search.
        status: how the search ended.
    """

    task: str
    planner: str
    rate: float
    unit: str
    yardstick: str | None
    ratio: float | None
    bytes_per_state: float | None
    seconds: float
    status: str

    @property
    def key(self) -> str:
        """What is the same in another run: task, planner and unit."""
        return f"{self.task} | {self.planner} | {self.unit}"

    def as_record(self) -> dict[str, object]:
        """Return the row as JSON values."""
        return {
            name: float(f"{value:.6g}") if isinstance(value, float) and isfinite(value) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class _Round:
    """One search: how much was counted, in what time, and the yardstick's rate."""

    count: float
    seconds: float
    result: PlanResult
    bytes_per_state: float | None = None
    rival_rate: float | None = None


def run_bench(targets: Sequence[BenchTarget], config: BenchConfig) -> Iterator[BenchRow]:
    """Measure every planner on every target, one row at a time.

    Plans are replayed; where a search by hand does the same, the answers are compared.

    Raises:
        InternalError: an answer is wrong.
    """
    chosen = config.planners or tuple(sorted(PLANNERS))
    for target in targets:
        for planner in chosen:
            if planner == "bfs":
                yield _rows(target, planner, "", "generated", config, _breadth_first, "C by hand")
                if num_cores() >= _THREADS:
                    yield _rows(target, planner, ", two threads", "generated", config, _two_threads, "one thread")
            elif planner == "mcts":
                for name, depth in _ROLLOUTS.items():
                    yield _rows(target, planner, f", {name}", "simulations", config, _simulations(depth), "C by hand")
            elif planner == "vi":
                yield _rows(target, planner, ", sweeps", "updates", config, _sweeps, "C by hand")
                yield _rows(target, planner, ", explored and solved", "states", config, _values, None)
            else:
                yield _rows(target, planner, "", "expanded", config, _search_with(planner), None)


def compare_rows(new: Sequence[dict[str, object]], old: Sequence[dict[str, object]]) -> dict[str, float]:
    """Return the new rate over the old one of each row that both runs have, by ``BenchRow.key``."""

    def rates(rows: Sequence[dict[str, object]]) -> dict[str, float]:
        return {f"{row['task']} | {row['planner']} | {row['unit']}": float(str(row["rate"])) for row in rows}

    before = rates(old)
    return {key: rate / before[key] for key, rate in rates(new).items() if before.get(key, 0.0) > 0}


_Measure = Callable[[BenchTarget, BenchConfig], _Round]


def _rows(
    target: BenchTarget, planner: str, what: str, unit: str, config: BenchConfig, measure: _Measure, rival: str | None
) -> BenchRow:
    begin = time.monotonic()
    rounds = [measure(target, config)]
    while len(rounds) < config.rounds and time.monotonic() - begin < config.row_seconds:
        rounds.append(measure(target, config))
    for one in rounds:
        if one.result.plan is not None and planner != "mcts":
            _replay(target.problem, one.result.plan)
    rates = [one.count / max(one.seconds, 1e-9) for one in rounds]
    ratios = [rate / one.rival_rate for rate, one in zip(rates, rounds, strict=True) if one.rival_rate]
    last = rounds[-1]
    return BenchRow(
        task=target.name + what,
        planner=planner,
        rate=statistics.median(rates),
        unit=unit,
        yardstick=rival if ratios else None,
        ratio=statistics.median(ratios) if ratios else None,
        bytes_per_state=last.bytes_per_state
        or (last.result.bytes / last.result.stored if last.result.stored else None),
        seconds=statistics.median(one.result.seconds for one in rounds),
        status=str(last.result.status),
    )


def _replay(problem: Problem, actions: Sequence[str]) -> None:
    """Raise unless the last action, and none before, ends the episode with a positive reward."""
    stepper = BatchStepper([problem], 1)
    numbers = {name: index for index, name in enumerate(problem.actions)}
    words = problem.initial_words[None, :]
    for position, action in enumerate(actions, start=1):
        step = stepper.step(words, np.array([numbers[action]], dtype=np.int32))
        words, won = step.next, bool(step.dones[0]) and step.rewards[0] > 0
        if step.statuses[0] != _OK:
            return  # in another form of the problem there is an answer: see Problem.resolve
        if bool(step.dones[0]) != (position == len(actions)) or won != (position == len(actions)):
            raise InternalError("a plan does not end where it should")


def _breadth_first(target: BenchTarget, config: BenchConfig, num_threads: int = 1) -> _Round:
    settings = BreadthFirstConfig(
        max_expanded=config.max_expanded,
        time_limit_seconds=config.time_limit_seconds,
        memory_limit_bytes=config.memory_limit_bytes,
        num_threads=num_threads,
    )
    begin = time.process_time()
    result = breadth_first_search(target.problem, settings)
    seconds = time.process_time() - begin
    if num_threads > 1 or target.by_hand is None:
        return _Round(result.generated, seconds, result)
    hand = breadth_first_by_hand(target.by_hand, config.max_expanded)
    if target.problem is target.by_hand and result.plan is not None and hand.length not in (0, len(result.plan)):
        raise InternalError(f"a plan of {len(result.plan)} actions, by hand {hand.length}")
    return _Round(result.generated, seconds, result, rival_rate=hand.generated / max(hand.seconds, 1e-9))


def _two_threads(target: BenchTarget, config: BenchConfig) -> _Round:
    """Two threads beside one, by the clock on the wall."""
    two, one = (_breadth_first(target, config, threads).result for threads in (_THREADS, 1))
    if _THREADS > 1 and one.plan is not None and two.plan is not None and len(one.plan) != len(two.plan):
        raise InternalError("two threads found a plan of another length")
    return _Round(two.generated, two.seconds, two, rival_rate=one.generated / max(one.seconds, 1e-9))


def _simulations(rollout_depth: int) -> _Measure:
    def measure(target: BenchTarget, config: BenchConfig) -> _Round:
        settings = MctsConfig(
            max_simulations=config.max_simulations,
            rollout_depth=rollout_depth,
            stop_at_first_plan=False,
            time_limit_seconds=config.time_limit_seconds,
            memory_limit_bytes=config.memory_limit_bytes,
        )
        begin = time.process_time()
        found = mcts_search(target.endless, settings)
        seconds = time.process_time() - begin
        held = found.plan_result.bytes / max(1, found.stored)
        if target.endless_by_hand is None:
            return _Round(found.simulations, seconds, found.plan_result, held)
        hand = uct_by_hand(target.endless_by_hand, settings)
        same = (hand.visits, hand.stored) == (found.visit_counts.tolist(), found.stored)
        is_same_model = target.endless is target.endless_by_hand
        if is_same_model and found.simulations == config.max_simulations and not same:
            raise InternalError("another tree than by hand")
        rival = config.max_simulations / max(hand.seconds, 1e-9)
        return _Round(found.simulations, seconds, found.plan_result, held, rival)

    return measure


def _sweeps(target: BenchTarget, config: BenchConfig) -> _Round:
    """Synchronous sweeps in one thread: the time of many less the time of one, exploring taken off."""
    runs = []
    for sweeps in (1, 1 + _SWEEPS):
        settings = ValueIterationConfig(
            discount=_DISCOUNT,
            method=SweepMethod.SYNCHRONOUS,
            tolerance=0.0,
            max_sweeps=sweeps,
            max_states=max(1, config.max_expanded // 4),
            memory_limit_bytes=config.memory_limit_bytes,
        )
        begin = time.process_time()
        found = value_iteration_search(target.problem, settings)
        runs.append((found, time.process_time() - begin))
    (first, once), (last, often) = runs
    updates, seconds = last.updates - first.updates, max(often - once, 1e-6)
    rival_rate = None
    if compiler() is not None and updates > 0:
        targets, rewards = last.edges
        taken, values = sweeps_by_hand(targets, rewards, len(last.values), _DISCOUNT, 1 + _SWEEPS)
        if not (targets == _FAILED_STEP).any() and not np.array_equal(values, last.values):
            raise InternalError("other values than by hand")
        rival_rate = len(targets) * (1 + _SWEEPS) / max(taken, 1e-9)
    return _Round(updates, seconds, last.plan_result, rival_rate=rival_rate)


def _values(target: BenchTarget, config: BenchConfig) -> _Round:
    """States explored and swept by priority to a residual of 1e-6."""
    settings = ValueIterationConfig(
        discount=_DISCOUNT,
        max_states=max(1, config.max_expanded // 4),
        time_limit_seconds=config.time_limit_seconds,
        memory_limit_bytes=config.memory_limit_bytes,
    )
    begin = time.process_time()
    found = value_iteration_search(target.problem, settings)
    return _Round(found.plan_result.expanded, time.process_time() - begin, found.plan_result)


def _search_with(planner: str) -> _Measure:
    def measure(target: BenchTarget, config: BenchConfig) -> _Round:
        begin = time.process_time()
        result = plan(
            target.problem,
            planner,
            time_limit_seconds=config.time_limit_seconds,
            memory_limit_bytes=config.memory_limit_bytes,
            max_expanded=config.max_expanded,
        )
        return _Round(result.expanded, time.process_time() - begin, result)

    return measure
