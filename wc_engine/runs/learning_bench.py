"""The learning benchmark: runs over seeds, kept in a folder, so that what is done is not done again."""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wc_engine.agent import AgentEvent, LearnConfig, LearnSummary, learn
from wc_engine.agent.checkpoint import read_checkpoint
from wc_engine.agent.config import AgentConfig, PlanningConfig
from wc_engine.agent.event_log import EpisodeLine, VerdictLine, read_events
from wc_engine.agent.learn import is_finished, resume
from wc_engine.errors import UserInputError
from wc_engine.runs.learning_tasks import LearningTask, Variant
from wc_engine.synthesis import SynthesisConfig

__all__ = ["LearningResult", "LearningRun", "Medians", "learning_runs", "medians_of", "run_learning"]

_RESULT = "result.json"
_WINDOW = 10
"""Episodes over which the share of wins is taken."""


@dataclass(frozen=True, slots=True)
class LearningRun:
    """One run to be made.

    Attributes:
        task: what is learned.
        variant: with what taken away.
        seed: the seed.
        path: its run folder.
        after: the folder of the run that it continues, or None.
    """

    task: LearningTask
    variant: Variant
    seed: int
    path: Path
    after: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningResult:
    """What came of a run.

    Attributes:
        run: the run.
        steps: environment steps in all.
        steps_to_exact: since when the model was exact on held-out states, or None.
        first_win: the step of the first win, or None.
        first_episode_won: whether the first episode was won.
        won: whether ten episodes in a row were won in every environment.
        seconds: wall-clock time.
        h: the best h at each step at which programs were judged.
        wins: at the end of each episode, the share of the last ten that were won.
    """

    run: LearningRun
    steps: int
    steps_to_exact: int | None
    first_win: int | None
    first_episode_won: bool
    won: bool
    seconds: float
    h: tuple[tuple[int, float], ...]
    wins: tuple[tuple[int, float], ...]

    def as_record(self) -> dict[str, object]:
        """Return the result as JSON values."""
        return {
            "task": self.run.task.name,
            "variant": self.run.variant.name,
            "seed": self.run.seed,
            "run": str(self.run.path),
            "steps": self.steps,
            "steps_to_exact": self.steps_to_exact,
            "first_win": self.first_win,
            "first_episode_won": self.first_episode_won,
            "won": self.won,
            "seconds": self.seconds,
            "h": [list(pair) for pair in self.h],
            "wins": [list(pair) for pair in self.wins],
        }


@dataclass(frozen=True, slots=True)
class Medians:
    """Medians over seeds; a run that never got there counts as more than any other, None is such a median."""

    exact: float | None
    first_win: float | None
    streak: float | None


def learning_runs(tasks: Sequence[LearningTask], seeds: int, folder: Path) -> list[LearningRun]:
    """Return the runs of a benchmark in an order in which each comes after the one that it continues."""

    def path(task: str, variant: Variant, seed: int) -> Path:
        return folder / "runs" / f"{task}-{variant.name.replace(' ', '-')}-seed{seed}"

    return [
        LearningRun(
            task,
            variant,
            seed,
            path(task.name, variant, seed),
            None if task.after is None else path(task.after, variant, seed),
        )
        for task in tasks
        for variant in task.variants
        for seed in range(seeds)
    ]


def run_learning(
    run: LearningRun,
    on_event: Callable[[AgentEvent], None] | None = None,
    *,
    planning: PlanningConfig | None = None,
) -> LearningResult:
    """Make a run, take it up where it was broken off, or read what came of it where it is done.

    Args:
        run: the run.
        on_event: called with what happens.
        planning: how the agent plans; as always by default.

    Raises:
        UserInputError: the folder has a run of other settings, or the run to be continued is not there.
    """
    config = _config(run, PlanningConfig() if planning is None else planning)
    settings = config.as_record()
    steps = 0

    def note(event: AgentEvent) -> None:
        nonlocal steps
        steps = event.progress.steps
        if on_event is not None:
            on_event(event)

    def is_over() -> bool:
        return steps >= run.task.max_steps

    _check_settings(run, settings)
    if not (run.path / _RESULT).exists():
        if _can_go_on(run.path, config):
            summary = resume(run.path, on_event=note, should_stop=is_over)
        else:
            shutil.rmtree(run.path, ignore_errors=True)
            summary = learn(config, note, is_over)
        _write_result(run, summary)
    return _result(run)


def medians_of(results: Sequence[LearningResult]) -> Medians:
    """Return the medians of the runs of one task and variant."""
    return Medians(
        exact=_median([one.steps_to_exact for one in results]),
        first_win=_median([one.first_win for one in results]),
        streak=_median([one.steps if one.won else None for one in results]),
    )


def _config(run: LearningRun, planning: PlanningConfig) -> LearnConfig:
    if run.after is not None and not (run.after / _RESULT).exists():
        message = f"the run that {run.task.name} continues is not there: run the task {run.task.after} first"
        raise UserInputError(message, file=str(run.after))
    return LearnConfig(
        env=run.task.env,
        seed=run.seed,
        start_from=run.after,
        transfer=run.variant.transfer,
        max_episodes=None,
        out=run.path,
        measure_exactness=run.task.target.exact is not None,
        agent=AgentConfig(novelty=run.variant.novelty),
        planning=planning,
        synthesis=SynthesisConfig(optimism=run.variant.optimism),
    )


def _can_go_on(path: Path, config: LearnConfig) -> bool:
    """Return whether a run was broken off; one that was just before its result was written is made anew."""
    return (path / "checkpoint.json").exists() and not is_finished(read_checkpoint(path).progress, config)


def _check_settings(run: LearningRun, settings: dict[str, object]) -> None:
    path = run.path / "config.json"
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != json.loads(json.dumps(settings)):
        message = "this folder has a run of other settings: choose another with --out, or delete it"
        raise UserInputError(message, file=str(run.path))


def _write_result(run: LearningRun, summary: LearnSummary) -> None:
    record = {**summary.as_record(), "won": summary.won}
    temporary = run.path / f".{_RESULT}"
    temporary.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    temporary.replace(run.path / _RESULT)


def _result(run: LearningRun) -> LearningResult:
    record = json.loads((run.path / _RESULT).read_text(encoding="utf-8"))
    events = read_events(run.path / "events.jsonl")
    episodes = [line for line in events if isinstance(line, EpisodeLine)]
    verdicts = [line for line in events if isinstance(line, VerdictLine)]
    return LearningResult(
        run=run,
        steps=record["steps"],
        steps_to_exact=record["steps_to_exact"],
        first_win=record["first_win_step"],
        first_episode_won=bool(episodes) and episodes[0].end == "won",
        won=record["won"],
        seconds=record["seconds"],
        h=tuple(_best(verdicts)),
        wins=tuple(_shares(episodes)),
    )


def _best(verdicts: Sequence[VerdictLine]) -> Iterator[tuple[int, float]]:
    """Yield the best h among the programs that were judged at each step."""
    best: dict[int, float] = {}
    for line in verdicts:
        best[line.step] = max(line.h, best.get(line.step, 0.0))
    yield from best.items()


def _shares(episodes: Sequence[EpisodeLine]) -> Iterator[tuple[int, float]]:
    """Yield the share of wins among the last episodes of the same environment, at the end of each."""
    recent: list[bool] = []
    env = ""
    for line in episodes:
        if line.env != env:
            recent, env = [], line.env
        recent = [*recent, line.end == "won"][-_WINDOW:]
        yield line.step, sum(recent) / _WINDOW


def _median(values: Sequence[float | None]) -> float | None:
    if not values:
        return None
    median = statistics.median(float("inf") if value is None else value for value in values)
    return None if median == float("inf") else median
