"""What the learning benchmark measures: environments, the ablations that the paper draws, and figures of others.

Source of the quotes:
    Tang, Key, Ellis (2024), "WorldCoder", arXiv 2402.12275. Its figures for PPO and DreamerV3 are quoted, not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

from wc_engine.envs.registry import resolve_env_list

__all__ = ["LEARNING_TASKS", "LearningTask", "Quote", "Target", "Variant", "task_named"]

PAPER = "arXiv 2402.12275"
_STEPS_BEYOND = 2
"""A run may take so many times the steps that are wanted; then it is stopped, and counts as not won."""


@dataclass(frozen=True, slots=True)
class Target:
    """Environment steps within which something is wanted; None where nothing is.

    Attributes:
        exact: a model that is exact on held-out states.
        first_win: the first win.
        streak: ten wins in a row, of several environments in each.
    """

    exact: int | None
    first_win: int | None
    streak: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What others report.

    Attributes:
        text: what, in words.
        source: where.
        steps: the environment steps that it names, to be drawn, or None.
    """

    text: str
    source: str = PAPER
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """Learning as it is, or with a part taken away.

    Attributes:
        name: what tables call it.
        optimism: phi_2 is asked for.
        transfer: what was learned in one environment is known in the next.
        novelty: where there is no plan, the agent goes to what was never tried.
        about: what is to be known of it beside its figures.
    """

    name: str
    optimism: bool = True
    transfer: bool = True
    novelty: bool = True
    about: str = ""


WHOLE = Variant("whole")
NO_PHI_2 = Variant(
    "no phi_2",
    optimism=False,
    about="the agent still goes to what it never tried, which in small rooms finds the goal without phi_2",
)
NO_PHI_2_NOR_NOVELTY = Variant(
    "no phi_2 nor novelty",
    optimism=False,
    novelty=False,
    about="where there is no plan the agent acts at random, as the paper's does",
)
NO_TRANSFER = Variant("no transfer", transfer=False)


@dataclass(frozen=True, slots=True)
class LearningTask:
    """One environment, or several one after the other.

    Attributes:
        name: what tables and files call it.
        env: as ``LearnConfig`` takes it.
        target: what is wanted.
        variants: what is run, the whole first.
        quotes: what others report.
        after: the task whose run of the same seed and variant is continued, or None.
        is_quick: it is part of the short benchmark.
    """

    name: str
    env: str
    target: Target
    variants: tuple[Variant, ...]
    quotes: tuple[Quote, ...]
    after: str | None = None
    is_quick: bool = False

    @property
    def max_steps(self) -> int:
        """Steps after which a run is stopped."""
        return _STEPS_BEYOND * self.target.streak


_CURRICULUM = resolve_env_list("curriculum:minigrid").stages

LEARNING_TASKS = (
    LearningTask(
        "sokoban",
        "sokoban",
        Target(exact=40, first_win=60, streak=250),
        (WHOLE, NO_PHI_2, NO_PHI_2_NOR_NOVELTY),
        (
            Quote("WorldCoder with GPT-4: the model is built over the first 50 actions", steps=50),
            Quote("PPO and DreamerV3: over 1,000,000 steps for two boxes"),
            Quote("ReAct with GPT-4: 15 +- 8 % of basic levels solved"),
        ),
        is_quick=True,
    ),
    LearningTask(
        "teleport",
        "sokoban:teleport",
        Target(exact=80, first_win=120, streak=400),
        (WHOLE, NO_PHI_2),
        (Quote("WorldCoder learns the variant with teleporters, too"),),
    ),
    LearningTask(
        "doorkey",
        "minigrid:DoorKey-5x5",
        Target(exact=90, first_win=90, streak=300),
        (WHOLE, NO_PHI_2, NO_PHI_2_NOR_NOVELTY),
        (Quote("without phi_2 the harder environments fail"),),
        is_quick=True,
    ),
    LearningTask(
        "curriculum",
        ",".join(_CURRICULUM[:-1]),
        Target(exact=None, first_win=None, streak=800),
        (WHOLE, NO_PHI_2, NO_TRANSFER),
        (
            Quote("with transfer a few episodes in each environment"),
            Quote("without phi_2 the harder environments fail"),
        ),
    ),
    LearningTask(
        "blocked",
        _CURRICULUM[-1],
        Target(exact=None, first_win=None, streak=500),
        (WHOLE,),
        (Quote("with transfer a few episodes in each environment"),),
        after="curriculum",
    ),
)


def task_named(name: str) -> LearningTask:
    """Return a task.

    Raises:
        KeyError: there is none of this name.
    """
    return {task.name: task for task in LEARNING_TASKS}[name]
