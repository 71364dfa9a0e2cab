"""Settings of learning, validated where they are made."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from wc_engine.synthesis.llm.config import LlmConfig
from wc_engine.synthesis.synthesizer import SynthesisConfig

__all__ = ["AgentConfig", "LearnConfig", "PlanningConfig", "ProposerName"]


class ProposerName(StrEnum):
    """Who writes programs."""

    INDUCTIVE = "inductive"
    LLM = "llm"
    LLM_AND_INDUCTIVE = "llm+inductive"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningConfig:
    """How the agent plans. Budgets are counts, so that a seed decides a run; the clock is a far safety net.

    Attributes:
        interpreted_expanded: states that a search on the interpreted model may expand before the program is compiled.
        max_expanded: states that a search on the compiled model may expand.
        uncompiled_expanded: states that it may expand where the program cannot be compiled.
        straying_expanded: states that it may expand where the program leads out of the range of all values seen, as
            one does that lets the agent through the outer walls.
        time_limit_seconds: the safety net of one search.
        memory_limit_bytes: the memory of one search.
        explored: states that a search for something new to try may expand.
        planner: the planner's name.
        trusted: run programs in this process instead of the sandbox.
    """

    interpreted_expanded: int = 150
    max_expanded: int = 200_000
    uncompiled_expanded: int = 20_000
    straying_expanded: int = 600
    time_limit_seconds: float = 60.0
    memory_limit_bytes: int = 1 << 30
    explored: int = 150
    planner: str = "bfs"
    trusted: bool = False

    def __post_init__(self) -> None:
        for name in ("interpreted_expanded", "max_expanded", "uncompiled_expanded", "straying_expanded", "explored"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, got {getattr(self, name)}")
        if not self.time_limit_seconds > 0:
            raise ValueError(f"time_limit_seconds must be positive, got {self.time_limit_seconds}")
        if self.memory_limit_bytes < 1 << 20:
            raise ValueError(f"memory_limit_bytes must be at least 1 MiB, got {self.memory_limit_bytes}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentConfig:
    """How the agent acts.

    Attributes:
        epsilon: the probability of a random action, 0 to 1.
        curiosity: before the first win, a plan waits for something new that lies so many steps away, >= 0.
        later_curiosity: the same after the first win, where the model still has a plan afterwards, >= 0.
        patience: once so many transitions have shown nothing new, it waits only where rules that explain all data
            disagree about what an action does, >= 0.
        novelty: where there is no plan, go to what was never tried; without it the agent acts at random there.
        min_transitions: transitions before the first synthesis; 10 in the paper, where one costs money.
        safe_random: once it has won, the agent takes no random action after which its model proves the episode lost.
        give_up: an episode that the model proves lost is ended, where nothing new is left to try in it.
    """

    epsilon: float = 0.05
    curiosity: int = 4
    later_curiosity: int = 6
    patience: int = 15
    novelty: bool = True
    min_transitions: int = 3
    safe_random: bool = True
    give_up: bool = True

    def __post_init__(self) -> None:
        if not 0.0 <= self.epsilon <= 1.0:
            raise ValueError(f"epsilon is a probability, got {self.epsilon}")
        for name in ("curiosity", "later_curiosity", "patience"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, got {getattr(self, name)}")
        if self.min_transitions < 1:
            raise ValueError(f"min_transitions must be at least 1, got {self.min_transitions}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnConfig:
    """One run of ``learn``.

    Attributes:
        env: the environment's name, or that of a curriculum, or several names with commas between.
        seed: decides everything.
        start_from: the folder of a run whose program, transitions and initial states this one begins with, or None.
        transfer: what was learned in one environment is known in the next; else each stage starts from nothing.
        max_episodes: episodes in one environment after which the run ends without success, or None for no limit.
        win_streak: wins in a row that lead to the next environment, and in the last one end the run.
        max_steps: steps after which an episode is cut, or None for the environment's own limit.
        out: the run folder, or None for a fresh one under ``runs/``.
        measure_exactness: measure from which step on the model was exact on held-out transitions, where the
            environment offers them.
        agent: how the agent acts.
        planning: how it plans.
        synthesis: how programs are sought.
        proposer: who writes programs.
        llm: how language models are called, where they write.
    """

    env: str
    seed: int = 0
    start_from: Path | None = None
    transfer: bool = True
    max_episodes: int | None = 100
    win_streak: int = 10
    max_steps: int | None = None
    out: Path | None = None
    measure_exactness: bool = True
    agent: AgentConfig = field(default_factory=AgentConfig)
    planning: PlanningConfig = field(default_factory=PlanningConfig)
    synthesis: SynthesisConfig = field(default_factory=SynthesisConfig)
    proposer: ProposerName = ProposerName.INDUCTIVE
    llm: LlmConfig | None = None

    def __post_init__(self) -> None:
        if self.proposer is not ProposerName.INDUCTIVE and self.llm is None:
            raise ValueError(f"the proposer {self.proposer} needs the settings of a language model")
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, got {self.seed}")
        for name in ("max_episodes", "win_streak", "max_steps"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")

    def as_record(self) -> dict[str, object]:
        """Return the settings as JSON values."""
        record = asdict(self)
        return {name: _plain(value) for name, value in record.items()}


def _plain(value: object) -> object:
    """Return a value with paths as texts, as JSON has it."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return value
