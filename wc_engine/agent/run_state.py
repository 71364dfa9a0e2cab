"""What a run is between two episodes: everything that decides how it goes on, in one object.

An agent is made from a ``RunState`` and keeps it up to date, so that three things are one: the next environment of a
curriculum, a run that continues another one, and a run that is taken up again where it was broken off.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from wc_engine.agent.episode import Progress, StageProgress
from wc_engine.agent.planning import PlanMemory
from wc_engine.models.dataset import Transition
from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate

__all__ = ["InitialState", "Knowledge", "RunState"]


@dataclass(frozen=True, slots=True)
class InitialState:
    """Where an episode began: phi_2 asks for a plan from here."""

    env: str
    mission: str
    state: State = field(repr=False)


@dataclass(slots=True)
class Knowledge:
    """What was seen, and what the agent makes of it.

    Attributes:
        transitions: every transition, oldest first, of all environments.
        initial: initial states and missions, each once, in the order in which they came.
        actions: the actions of each environment.
        candidate: the program that the agent holds, or None.
        asked: how many transitions and initial states were known at the last synthesis, or None before the first.
        plans: what planning remembers.
    """

    transitions: list[Transition] = field(default_factory=list)
    initial: list[InitialState] = field(default_factory=list)
    actions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    candidate: Candidate | None = None
    asked: tuple[int, int] | None = None
    plans: PlanMemory = field(default_factory=PlanMemory)

    @property
    def missions(self) -> list[tuple[State, str]]:
        """The initial states with their missions, as synthesis takes them."""
        return [(one.state, one.mission) for one in self.initial]


@dataclass(slots=True)
class RunState:
    """A run between two episodes.

    Attributes:
        acting: chooses among actions.
        seeds: draws the seeds of episodes.
        refining: chooses which program to refine, and what prompts show.
        progress: where the run stands.
        knowledge: what was seen and learned.
        num_candidates: programs proposed so far, which numbers the next one.
    """

    acting: random.Random
    seeds: random.Random
    refining: random.Random
    progress: Progress = field(default_factory=Progress)
    knowledge: Knowledge = field(default_factory=Knowledge)
    num_candidates: int = 0

    @classmethod
    def fresh(cls, seed: int, knowledge: Knowledge | None = None) -> RunState:
        """Return the state of a run that has not begun.

        Args:
            seed: decides everything.
            knowledge: what another run saw and learned, or None to know nothing.
        """
        return cls(
            random.Random(f"acting {seed}"),
            random.Random(f"episodes {seed}"),
            random.Random(f"refining {seed}"),
            knowledge=Knowledge() if knowledge is None else knowledge,
        )

    def begin_stage(self, env: str, *, transfer: bool = True) -> None:
        """Go on to an environment.

        Args:
            env: its name.
            transfer: keep what is known; else the stage starts from nothing.
        """
        self.progress.stages.append(StageProgress(env, first_step=self.progress.steps))
        if not transfer:
            self.knowledge = Knowledge()
            self.progress.phi_1 = self.progress.phi_2 = None
