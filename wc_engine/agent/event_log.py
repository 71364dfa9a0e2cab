"""The event log of a run, ``events.jsonl``: one event a line, each an object whose key ``event`` says of what kind.

The classes here are the lines, for whoever writes and for whoever reads. Steps, transitions and programs have the
numbers that they have in the run: transition ``n`` is line ``n`` of ``transitions.jsonl``, and a proposal tells the
file of its program.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

import msgspec

from wc_engine.errors import UserInputError

__all__ = [
    "CounterexampleLine",
    "EpisodeLine",
    "EventLine",
    "LedBy",
    "ModelLine",
    "PlanLine",
    "ProposalLine",
    "RefinementLine",
    "SearchLine",
    "StageLine",
    "StepLine",
    "VerdictLine",
    "read_events",
]


class _Line(msgspec.Struct, kw_only=True, frozen=True, tag_field="event"):
    """What all lines have.

    Attributes:
        seconds: since the run began, the time between a stop and a resumption left out.
        episode: the number of the episode, from 1; 0 before the first.
        step: environment steps so far.
    """

    seconds: float
    episode: int
    step: int


class StageLine(_Line, kw_only=True, frozen=True, tag="stage"):
    """An environment was begun.

    Attributes:
        number: the stage's number, from 1.
        env: the environment's name.
    """

    number: int
    env: str


class StepLine(_Line, kw_only=True, frozen=True, tag="step"):
    """An environment step was made.

    Attributes:
        action: the action.
        reason: ``planned``, ``novel`` (on the way to something never tried) or ``random``.
        reward: the reward.
        done: whether the rules ended the episode.
    """

    action: str
    reason: str
    reward: float
    done: bool


class CounterexampleLine(_Line, kw_only=True, frozen=True, tag="counterexample"):
    """The world departed from the program that the agent held.

    Attributes:
        program: the program.
        planned: the action was part of a plan.
        text: what differs.
    """

    program: int
    planned: bool
    text: str


class RefinementLine(_Line, kw_only=True, frozen=True, tag="refinement"):
    """REx chose what to do next.

    Attributes:
        parent: the program to improve on, or None to write one from nothing.
        arm: what is asked for.
        h: the parent's share of constraints met.
        failures: earlier refinements of this kind that were no solution.
    """

    parent: int | None
    arm: str
    h: float
    failures: int


class LedBy(msgspec.Struct, kw_only=True, frozen=True):
    """The transition that a program's parent got wrong, the first of them.

    Attributes:
        transition: its number in the run, or None where it was inherited from another run.
        action: its action.
        text: what differs.
    """

    transition: int | None
    action: str
    text: str


class ProposalLine(_Line, kw_only=True, frozen=True, tag="proposal"):
    """A program was proposed.

    Attributes:
        program: its number.
        parent: the program that it improves on, or None.
        proposer: who wrote it.
        arm: what was asked for.
        file: where its text is, in the run folder; programs of one text share a file.
        led_by: what the parent got wrong, or None where there is no parent or it got nothing wrong.
    """

    program: int
    parent: int | None
    proposer: str
    arm: str
    file: str
    led_by: LedBy | None = None


class VerdictLine(_Line, kw_only=True, frozen=True, tag="verdict"):
    """A program was judged.

    Attributes:
        program: its number.
        h: the share of constraints met.
        explained: transitions that it reproduces.
        checked: transitions that it was shown.
        planned: initial states for which it has a plan, or None where phi_1 fails and none was sought.
        initial: initial states met so far.
        text: the verdict in words.
    """

    program: int
    h: float
    explained: int
    checked: int
    planned: int | None
    initial: int
    text: str

    @property
    def phi_1(self) -> bool:
        """Whether every transition is reproduced."""
        return self.explained == self.checked

    @property
    def phi_2(self) -> bool:
        """Whether every initial state has a plan."""
        return self.planned == self.initial


class ModelLine(_Line, kw_only=True, frozen=True, tag="model"):
    """The agent holds another program.

    Attributes:
        program: its number.
        file: where its text is, in the run folder.
    """

    program: int
    file: str


class SearchLine(_Line, kw_only=True, frozen=True, tag="search"):
    """A search ended.

    Attributes:
        planner: who searched.
        native: whether compiled code was searched.
        status: why it ended.
        length: actions of the plan, or None.
        expanded: states expanded.
        generated: successors generated.
    """

    planner: str
    native: bool
    status: str
    length: int | None
    expanded: int
    generated: int


class PlanLine(_Line, kw_only=True, frozen=True, tag="plan"):
    """The agent made up its mind about the next actions.

    Attributes:
        reason: ``planned`` or ``novel``.
        actions: the actions.
    """

    reason: str
    actions: tuple[str, ...]


class EpisodeLine(_Line, kw_only=True, frozen=True, tag="episode"):
    """An episode ended.

    Attributes:
        env: the environment's name.
        mission: its mission.
        end: how it ended.
        steps: environment steps in it.
        first_step: environment steps of the run before it.
        total_reward: the sum of its rewards.
        wins: episodes won in the run.
        win_streak: episodes of the stage won since the last that was not.
    """

    env: str
    mission: str
    end: str
    steps: int
    first_step: int
    total_reward: float
    wins: int
    win_streak: int


EventLine: TypeAlias = (
    StageLine
    | StepLine
    | CounterexampleLine
    | RefinementLine
    | ProposalLine
    | VerdictLine
    | ModelLine
    | SearchLine
    | PlanLine
    | EpisodeLine
)

_LINES: msgspec.json.Decoder[EventLine] = msgspec.json.Decoder(EventLine)


def read_events(path: str | os.PathLike[str]) -> list[EventLine]:
    """Read an event log.

    Raises:
        UserInputError: there is no such file, or a line of it is damaged; names the line.
    """
    name = os.fspath(path)
    try:
        text = Path(name).read_bytes()
    except OSError as error:
        raise UserInputError(f"cannot read the log of this run: {error.strerror or error}", file=name) from None
    if text and not text.endswith(b"\n"):
        number = text.count(b"\n") + 1
        message = "the log is cut off in this line: take the run up again with --resume, or remove the line"
        raise UserInputError(message, file=name, line=number)
    lines: list[EventLine] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            lines.append(_LINES.decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UserInputError(f"this is no event: {error}; remove the line", file=name, line=number) from None
    return lines
