"""Episodes and progress: what happened, as records for files and for whoever watches."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TypeAlias

from wc_engine.models.dataset import Transition
from wc_engine.planners.result import PlanResult
from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.constraints import Counterexample
from wc_engine.synthesis.proposals import Judged

__all__ = [
    "AgentEvent",
    "Charted",
    "Departed",
    "EpisodeEnd",
    "EpisodeRecord",
    "EventKind",
    "Progress",
    "Proposed",
    "Refining",
    "Searched",
    "StageProgress",
    "StepTaken",
    "Subject",
]


class EpisodeEnd(StrEnum):
    """Why an episode ended."""

    WON = "won"
    """Done, with a reward above 0."""
    LOST = "lost"
    """Done, with a reward of 0 or less."""
    GAVE_UP = "gave up"
    """The model proved that no plan exists any more."""
    CUT = "cut"
    """The limit on steps was reached."""
    STOPPED = "stopped"
    """Whoever watches asked to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRecord:
    """One episode.

    Attributes:
        episode: its number, from 1.
        env: the environment's name.
        seed: what the environment was reset with.
        mission: its mission.
        initial_state: its initial state; not written to files, which have it in the first transition.
        steps: environment steps in it.
        first_step: environment steps of the run before it.
        total_reward: the sum of its rewards.
        end: why it ended.
        random_actions: how many of its actions were random.
        planned_actions: how many followed a plan.
        novel_actions: how many went to something never tried.
    """

    episode: int
    env: str
    seed: int
    mission: str
    initial_state: State = field(repr=False)
    steps: int
    first_step: int
    total_reward: float
    end: EpisodeEnd
    random_actions: int
    planned_actions: int
    novel_actions: int

    @property
    def won(self) -> bool:
        """Whether it was won."""
        return self.end is EpisodeEnd.WON

    def as_record(self) -> dict[str, object]:
        """Return the episode as JSON values."""
        names = ("episode", "env", "seed", "mission", "steps", "first_step", "total_reward")
        counts = ("random_actions", "planned_actions", "novel_actions")
        record: dict[str, object] = {name: getattr(self, name) for name in names}
        record["end"] = self.end.value
        record.update((name, getattr(self, name)) for name in counts)
        return record


class EventKind(StrEnum):
    """What an event tells of."""

    STEP = "step"
    """An environment step was made."""
    COUNTEREXAMPLE = "counterexample"
    """The world departed from the model; ``text`` explains."""
    REFINEMENT = "refinement"
    """REx chose a program to improve on."""
    PROPOSAL = "proposal"
    """A program was judged; ``text`` explains."""
    MODEL = "model"
    """The agent holds another program; ``text`` is it."""
    SEARCH = "search"
    """A search ended."""
    PLAN = "plan"
    """The agent made up its mind about the next actions."""
    EPISODE = "episode"
    """An episode ended; ``text`` says how."""


@dataclass(slots=True)
class StageProgress:
    """Where a run stands in one environment; all steps are counted from the beginning of the stage.

    Attributes:
        env: the environment's name.
        first_step: environment steps of the run before the stage.
        steps: environment steps in it.
        steps_to_exact: the step since which the model has been exact on held-out transitions, or None; 0 where the
            model that came along was.
        first_win_step: steps at the first win, or None.
        episodes: episodes begun.
        wins: episodes won.
        win_streak: episodes won since the last that was not.
    """

    env: str
    first_step: int = 0
    steps: int = 0
    steps_to_exact: int | None = None
    first_win_step: int | None = None
    episodes: int = 0
    wins: int = 0
    win_streak: int = 0

    def as_record(self) -> dict[str, object]:
        """Return the stage as JSON values."""
        return asdict(self)


@dataclass(slots=True)
class Progress:
    """Where a run stands, all stages together.

    Attributes:
        stages: the stages begun, the current one last.
        episode: number of the current episode, from 1; 0 before the first.
        steps: environment steps so far.
        phi_1: whether the model reproduces all transitions; None without a model.
        phi_2: whether it has a plan for every initial state; None without a model.
        wins: episodes won.
        first_win_step: steps at the first win, or None.
        proposals: programs judged.
        generated: successors generated in native searches.
        search_seconds: seconds of those searches.
    """

    stages: list[StageProgress] = field(default_factory=list)
    episode: int = 0
    steps: int = 0
    phi_1: bool | None = None
    phi_2: bool | None = None
    wins: int = 0
    first_win_step: int | None = None
    proposals: int = 0
    generated: int = 0
    search_seconds: float = 0.0

    @property
    def stage(self) -> StageProgress:
        """The current stage.

        Raises:
            IndexError: none was begun.
        """
        return self.stages[-1]

    @property
    def win_streak(self) -> int:
        """Episodes of the current stage won since the last that was not."""
        return self.stages[-1].win_streak if self.stages else 0

    @property
    def steps_to_exact(self) -> int | None:
        """The step of the run since which the model has been exact in the current stage's environment, or None."""
        if not self.stages or self.stage.steps_to_exact is None:
            return None
        return self.stage.first_step + self.stage.steps_to_exact

    @property
    def transitions_per_second(self) -> float | None:
        """Successors that native searches generated in a second, or None before the first."""
        return self.generated / self.search_seconds if self.search_seconds > 0 else None


@dataclass(frozen=True, slots=True)
class StepTaken:
    """An environment step: what happened, and why the action was chosen (planned, novel or random)."""

    transition: Transition
    reason: str


@dataclass(frozen=True, slots=True)
class Departed:
    """The world departed from the program of this number; ``planned`` where it was while it followed a plan."""

    counterexample: Counterexample
    program: int
    planned: bool


@dataclass(frozen=True, slots=True)
class Refining:
    """REx chose a program to improve on, or None for one from nothing; ``failures`` counts earlier tries in vain."""

    parent: Candidate | None
    arm: str
    heuristic: float
    failures: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """A program was proposed and judged.

    Attributes:
        judged: the program and the verdict.
        arm: what was asked for, or that it was joined of two.
        cause: the first transition that its parent got wrong in the respect that was asked about, or None.
        cause_step: the step of the run at which that was seen, or None where it was seen in another run.
    """

    judged: Judged
    arm: str
    cause: Counterexample | None
    cause_step: int | None


@dataclass(frozen=True, slots=True)
class Searched:
    """A search ended; ``native`` where it ran on compiled code."""

    result: PlanResult
    native: bool


@dataclass(frozen=True, slots=True)
class Charted:
    """The agent made up its mind about the next actions, and why: planned or novel."""

    actions: tuple[str, ...]
    reason: str


Subject: TypeAlias = StepTaken | Departed | Refining | Proposed | Searched | Charted | Candidate | EpisodeRecord
"""What an event is about."""


@dataclass(frozen=True, slots=True)
class AgentEvent:
    """Something happened; ``progress`` is live: read it, do not keep it."""

    kind: EventKind
    progress: Progress
    text: str = ""
    subject: Subject | None = None
