"""``learn``: one run of the agent in one environment, from nothing to a streak of wins."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from wc_engine.agent.agent import Agent
from wc_engine.agent.checkpoint import RunFolder, fresh_run_path
from wc_engine.agent.config import LearnConfig
from wc_engine.agent.episode import AgentEvent, EpisodeEnd, EventKind
from wc_engine.agent.exactness import ExactnessMeter
from wc_engine.agent.proposing import open_proposer
from wc_engine.envs.registry import make_env
from wc_engine.errors import BudgetSpentError

__all__ = ["LearnSummary", "learn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnSummary:
    """How a run ended.

    Attributes:
        env: the environment's name.
        seed: the seed.
        steps: environment steps.
        steps_to_exact: the step since which the model predicted every held-out next state, or None.
        first_win_step: steps at the first win, or None.
        episodes: episodes played.
        wins: episodes won.
        win_streak: episodes won since the last that was not.
        seconds: wall-clock time.
        model: path of the program, or None where there is none yet.
        run: path of the run folder.
    """

    env: str
    seed: int
    steps: int
    steps_to_exact: int | None
    first_win_step: int | None
    episodes: int
    wins: int
    win_streak: int
    seconds: float
    model: str | None
    run: str

    def as_record(self) -> dict[str, object]:
        """Return the summary as JSON values."""
        return asdict(self)


def learn(
    config: LearnConfig,
    on_event: Callable[[AgentEvent], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> LearnSummary:
    """Learn an environment until a streak of wins, the limit on episodes, or a wish to stop.

    Ctrl-C (``KeyboardInterrupt``, also one raised by ``on_event``) writes the summary of what was reached, then goes on
    its way.

    A run whose limit on calls, tokens or cost of language models is reached ends likewise, without an error; what
    they cost and that they stopped it stands in ``usage.json``.

    Args:
        config: settings.
        on_event: called with what happens; it may not change anything.
        should_stop: asked before each step; True ends the run as soon as the step under way is done.

    Raises:
        UserInputError: there is no such environment, or the run folder cannot be written.
    """
    start = time.perf_counter()
    env = make_env(config.env)
    path = config.out if config.out is not None else fresh_run_path(config.env, config.seed)
    folder = RunFolder(path, config.as_record())
    meter = ExactnessMeter(config.env, config.seed) if config.measure_exactness else None

    def note(event: AgentEvent) -> None:
        if event.kind is EventKind.MODEL:
            folder.write_model(event.text)
            if meter is not None:
                meter.measure(agent.running_model(), agent.progress.steps)
                agent.progress.steps_to_exact = meter.steps
        if on_event is not None:
            on_event(event)

    def summary() -> LearnSummary:
        progress = agent.progress
        return LearnSummary(
            env=config.env,
            seed=config.seed,
            steps=progress.steps,
            steps_to_exact=progress.steps_to_exact,
            first_win_step=progress.first_win_step,
            episodes=progress.episode,
            wins=progress.wins,
            win_streak=progress.win_streak,
            seconds=round(time.perf_counter() - start, 3),
            model=None if agent.candidate is None else str(folder.model_path),
            run=str(folder.path),
        )

    with open_proposer(config) as (proposer, client):
        agent = Agent(env, proposer, config, on_event=note, should_stop=should_stop)
        saved = 0
        stopped_by: str | None = None
        try:
            while agent.progress.win_streak < config.win_streak and agent.progress.episode != config.max_episodes:
                record = agent.run_episode()
                folder.add_transitions(agent.transitions[saved:])
                saved = len(agent.transitions)
                folder.add_episode(record)
                if record.end is EpisodeEnd.STOPPED:
                    break
        except BudgetSpentError as error:
            stopped_by = str(error)
        finally:
            folder.add_transitions(agent.transitions[saved:])  # of an episode that was broken off
            reached = summary()
            folder.write_summary(reached.as_record())
            if client is not None:
                folder.write_usage({**client.usage.as_record(), "stopped_by": stopped_by})
            agent.close()
    return reached
