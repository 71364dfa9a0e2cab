"""``learn``: one run of the agent, from nothing or from another run, through one environment or several."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from wc_engine.agent.agent import Agent
from wc_engine.agent.checkpoint import (
    INITIAL,
    REQUESTS,
    TRANSITIONS,
    RunFolder,
    fresh_run_path,
    read_checkpoint,
)
from wc_engine.agent.config import LearnConfig
from wc_engine.agent.episode import AgentEvent, EpisodeEnd, EventKind, Progress, StageProgress
from wc_engine.agent.event_recorder import EventRecorder
from wc_engine.agent.exactness import ExactnessMeter
from wc_engine.agent.inheritance import read_knowledge
from wc_engine.agent.planning import ModelPlanner
from wc_engine.agent.proposing import ProposerSource, open_proposers
from wc_engine.agent.run_state import RunState
from wc_engine.agent.settings import read_run_config
from wc_engine.envs.registry import make_env, resolve_env_list
from wc_engine.errors import BudgetSpentError, UserInputError
from wc_engine.synthesis.evaluation import Evaluator

__all__ = ["LearnSummary", "is_finished", "learn", "resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnSummary:
    """How a run ended.

    Attributes:
        env: the environment's name, or that of a curriculum.
        seed: the seed.
        steps: environment steps, all stages together.
        steps_to_exact: the step since which the model predicted every held-out next state of the last stage's
            environment, or None.
        first_win_step: steps at the first win, or None.
        episodes: episodes played.
        wins: episodes won.
        win_streak: episodes of the last stage won since the last that was not.
        seconds: wall-clock time.
        model: path of the program, or None where there is none yet.
        run: path of the run folder.
        won: the streak of wins was reached in every environment.
        stages: one for each environment that was begun.
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
    won: bool
    stages: tuple[StageProgress, ...]

    def as_record(self) -> dict[str, object]:
        """Return the summary as JSON values; ``stages`` is there where several environments were asked for."""
        record = asdict(self)
        del record["won"], record["stages"]
        if resolve_env_list(self.env).stages != (self.env,):
            record["stages"] = [stage.as_record() for stage in self.stages]
        return record


def learn(
    config: LearnConfig,
    on_event: Callable[[AgentEvent], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> LearnSummary:
    """Learn environments one after the other, each until a streak of wins, the limit on episodes, or a wish to stop.

    Ctrl-C (``KeyboardInterrupt``, also one raised by ``on_event``) writes the summary of what was reached, then goes on
    its way.

    A run whose limit on calls, tokens or cost of language models is reached ends likewise, without an error; what
    they cost and that they stopped it stands in ``usage.json``.

    Args:
        config: settings.
        on_event: called with what happens; it may not change anything.
        should_stop: asked before each step; True ends the run as soon as the step under way is done.

    Raises:
        UserInputError: there is no such environment or no such run to begin with, or the run folder cannot be written.
    """
    for name in resolve_env_list(config.env).stages:
        make_env(name)  # an unknown one is reported before anything is played
    knowledge = None if config.start_from is None else read_knowledge(config.start_from)
    path = config.out if config.out is not None else fresh_run_path(config.env, config.seed)
    folder = RunFolder.create(path, config.as_record())
    if knowledge is not None:
        folder.write_inherited(knowledge.transitions)
    state = RunState.fresh(config.seed, knowledge)
    recorder = EventRecorder(folder)
    if state.knowledge.candidate is not None:
        folder.write_model(state.knowledge.candidate.text)
        recorder.inherit(state.progress, state.knowledge.candidate)
    with open_proposers(config) as proposers:
        return _Run(config, folder, state, proposers, recorder, on_event, should_stop).play()


def resume(
    run: Path,
    changes: Mapping[str, object] | None = None,
    on_event: Callable[[AgentEvent], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> LearnSummary:
    """Take up a run after its last episode; it goes on as if it had never stopped.

    Args:
        run: its folder.
        changes: settings to change, as ``learn_config`` takes them: limits that ended the run, for example.
        on_event: as in ``learn``.
        should_stop: as in ``learn``.

    Raises:
        UserInputError: the folder holds no run, or one that is finished or cannot be taken up.
    """
    config = read_run_config(run, changes)
    checkpoint = read_checkpoint(run)
    if is_finished(checkpoint.progress, config):
        more = "" if checkpoint.progress.win_streak >= config.win_streak else "give it more with --episodes, or "
        message = f"this run is finished: {more}begin a new one with --from to go on from what it learned"
        raise UserInputError(message, file=str(run))
    folder = RunFolder.reopen(run, checkpoint)
    state = folder.restored_state(checkpoint)
    if changes:
        folder.write_config(config.as_record())
    recorder = EventRecorder(folder, elapsed_seconds=checkpoint.elapsed_seconds)
    with open_proposers(config) as proposers:
        asked = folder.restored_requests(checkpoint, state.knowledge)
        with closing(ModelPlanner(config.planning, ())) as runner:
            evaluator = Evaluator(runner)
            proposers.repeat(
                asked, state.knowledge.transitions, lambda program, seen: evaluator.evaluate(program, seen, ()).data
            )
        proposers.restore_models(checkpoint.models, spent=folder.read_usage())
        return _Run(config, folder, state, proposers, recorder, on_event, should_stop).play()


def is_finished(progress: Progress, config: LearnConfig) -> bool:
    """Return whether there is nothing left to play in a run that has come so far."""
    if not progress.stages:
        return False
    if progress.win_streak >= config.win_streak:
        return len(progress.stages) == len(resolve_env_list(config.env).stages)
    return progress.stage.episodes == config.max_episodes


@dataclass(frozen=True, slots=True)
class _Saved:
    """How much of what is known is in the run folder, and how many bytes its files have."""

    transitions: int
    initial: int
    requests: int
    sizes: Mapping[str, int]


class _Run:
    """A run: stages, one after the other, each of them a sequence of episodes."""

    def __init__(
        self,
        config: LearnConfig,
        folder: RunFolder,
        state: RunState,
        proposers: ProposerSource,
        recorder: EventRecorder,
        on_event: Callable[[AgentEvent], None] | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self._config = config
        self._folder = folder
        self._state = state
        self._proposers = proposers
        self._on_event = on_event
        self._should_stop = should_stop
        self._recorder = recorder
        self._saved = _Saved(
            transitions=len(state.knowledge.transitions),
            # Those of an earlier run go into the file of this one, which has none before its first episode.
            initial=len(state.knowledge.initial) if state.progress.stages else 0,
            requests=len(proposers.asked),
            sizes=folder.sizes((INITIAL, REQUESTS, TRANSITIONS)),
        )

    def play(self) -> LearnSummary:
        """Play to the end, and leave everything in the run folder."""
        stopped_by: str | None = None
        names = resolve_env_list(self._config.env).stages
        begun = len(self._state.progress.stages)
        try:
            for number, name in enumerate(names[max(begun - 1, 0) :], start=max(begun - 1, 0)):
                if number >= begun:
                    self._begin_stage(name, transfer=self._config.transfer or number == 0)
                if not self._play_stage():
                    break
        except BudgetSpentError as error:
            stopped_by = str(error)
        finally:
            self._save()  # of an episode that was broken off
            reached = self._summary(won=len(self._state.progress.stages) == len(names) and self._stage_is_won)
            self._folder.write_summary(reached.as_record())
            client = self._proposers.client
            if client is not None:
                self._folder.write_usage(client.usage, stopped_by)
        return reached

    @property
    def _stage_is_won(self) -> bool:
        return self._state.progress.win_streak >= self._config.win_streak

    def _begin_stage(self, name: str, *, transfer: bool) -> None:
        self._save()
        self._state.begin_stage(name, transfer=transfer)
        progress = self._state.progress
        self._recorder.begin_stage(progress, len(progress.stages), name)
        self._checkpoint()
        if not transfer:
            self._proposers.forget()
            self._saved = replace(self._saved, transitions=0, initial=0, requests=0)

    def _play_stage(self) -> bool:
        """Play the current stage; return whether it was won."""
        config, stage = self._config, self._state.progress.stage
        meter = ExactnessMeter(stage.env, config.seed) if config.measure_exactness else None
        if meter is not None:
            meter.steps = stage.steps_to_exact

        def measure() -> None:
            if meter is not None and agent.candidate is not None:
                meter.measure(agent.candidate.program, agent.running_model(), stage.steps)
                stage.steps_to_exact = meter.steps

        def note(event: AgentEvent) -> None:
            self._recorder.note(event)
            if event.kind is EventKind.MODEL:
                self._folder.write_model(event.text)
                measure()
            elif event.kind is EventKind.PROPOSAL and self._proposers.client is not None:
                self._folder.write_usage(self._proposers.client.usage)  # spent, whatever becomes of the episode
            if self._on_event is not None:
                self._on_event(event)

        agent = Agent(
            make_env(stage.env),
            self._proposers.current,
            config,
            self._state,
            on_event=note,
            should_stop=self._should_stop,
        )
        try:
            if agent.candidate is not None:
                measure()
            while not self._stage_is_won and stage.episodes != config.max_episodes:
                record = agent.run_episode()
                if record.end is EpisodeEnd.STOPPED:
                    self._folder.add_episode(record)
                    return False
                agent.settle()
                self._proposers.settle()
                self._save()
                self._folder.add_episode(record)
                self._checkpoint()
            return self._stage_is_won
        finally:
            agent.close()

    def _save(self) -> None:
        """Write what was seen since the last time; one that was broken off by Ctrl-C is done again."""
        knowledge, asked, saved = self._state.knowledge, self._proposers.asked, self._saved
        self._folder.cut(saved.sizes)
        self._folder.add_transitions(knowledge.transitions[saved.transitions :])
        self._folder.add_initial(knowledge.initial[saved.initial :])
        self._folder.add_requests(asked[saved.requests :], knowledge)
        sizes = self._folder.sizes(saved.sizes)
        self._saved = _Saved(len(knowledge.transitions), len(knowledge.initial), len(asked), sizes)

    def _checkpoint(self) -> None:
        """Write where the run stands, so that it can be taken up from here."""
        self._folder.write_checkpoint(
            self._state,
            elapsed_seconds=self._recorder.elapsed_seconds,
            requests=self._saved.requests,
            models=self._proposers.saved_models(),
        )

    def _summary(self, *, won: bool) -> LearnSummary:
        progress = self._state.progress
        return LearnSummary(
            env=self._config.env,
            seed=self._config.seed,
            steps=progress.steps,
            steps_to_exact=progress.steps_to_exact,
            first_win_step=progress.first_win_step,
            episodes=progress.episode,
            wins=progress.wins,
            win_streak=progress.win_streak,
            seconds=self._recorder.elapsed_seconds,
            model=None if self._state.knowledge.candidate is None else str(self._folder.model_path),
            run=str(self._folder.path),
            won=won,
            stages=tuple(progress.stages),
        )
