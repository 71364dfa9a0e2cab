"""Reading a run folder: the tree of programs, and what happened."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wc_engine.agent.event_log import (
    EpisodeLine,
    EventLine,
    LedBy,
    ModelLine,
    ProposalLine,
    StageLine,
    VerdictLine,
    read_events,
)
from wc_engine.errors import UserInputError
from wc_engine.models.dataset import Transition, read_transitions

__all__ = ["ProgramRecord", "RunRecord", "read_run"]

EVENTS = "events.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRecord:
    """One program of the tree.

    Attributes:
        proposal: who proposed it, when, and from what.
        verdict: the last verdict on it, or None where the run ended before there was one.
        held_at: the steps at which it became the program that the agent holds.
    """

    proposal: ProposalLine
    verdict: VerdictLine | None
    held_at: tuple[int, ...]

    @property
    def number(self) -> int:
        """Its number in the run."""
        return self.proposal.program

    @property
    def arm(self) -> str:
        """What was asked for, in words."""
        return self.proposal.arm.replace("_", " ")

    @property
    def led_by(self) -> LedBy | None:
        """What its parent got wrong."""
        return self.proposal.led_by

    def as_record(self) -> dict[str, object]:
        """Return the program as JSON values."""
        proposal, verdict, led_by = self.proposal, self.verdict, self.led_by
        return {
            "program": self.number,
            "parent": proposal.parent,
            "proposer": proposal.proposer,
            "arm": proposal.arm,
            "step": proposal.step,
            "episode": proposal.episode,
            "file": proposal.file,
            "h": None if verdict is None else verdict.h,
            "phi_1": None if verdict is None else verdict.phi_1,
            "phi_2": None if verdict is None else verdict.phi_2,
            "explained": None if verdict is None else verdict.explained,
            "checked": None if verdict is None else verdict.checked,
            "planned": None if verdict is None else verdict.planned,
            "initial": None if verdict is None else verdict.initial,
            "held_at": list(self.held_at),
            "led_by": None
            if led_by is None
            else {"transition": led_by.transition, "action": led_by.action, "text": led_by.text},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run, as its folder tells it.

    Attributes:
        path: the folder.
        config: the settings.
        summary: how it ended, or None where it has not ended, or was killed.
        events: the log.
        programs: the programs by number, in the order in which they were proposed.
    """

    path: Path
    config: Mapping[str, object]
    summary: Mapping[str, object] | None
    events: Sequence[EventLine] = field(repr=False)
    programs: Mapping[int, ProgramRecord] = field(repr=False)

    @property
    def episodes(self) -> list[EpisodeLine]:
        """The episodes that ended."""
        return [line for line in self.events if isinstance(line, EpisodeLine)]

    @property
    def stages(self) -> list[StageLine]:
        """The environments that were begun."""
        return [line for line in self.events if isinstance(line, StageLine)]

    @property
    def steps(self) -> int:
        """Environment steps."""
        return max((line.step for line in self.events), default=0)

    @property
    def model(self) -> int | None:
        """The number of the program that the agent holds in the end, or None."""
        held = [line.program for line in self.events if isinstance(line, ModelLine)]
        return held[-1] if held else None

    def children(self, number: int | None) -> list[ProgramRecord]:
        """Return the programs that refine one; for None those that refine none that is in the log."""
        if number is not None:
            return [one for one in self.programs.values() if one.proposal.parent == number]
        return [one for one in self.programs.values() if one.proposal.parent not in self.programs]

    def text(self, number: int) -> str:
        """Return the text of a program.

        Raises:
            UserInputError: there is no such program, or its file is gone.
        """
        if number not in self.programs:
            known = f"the last one is {max(self.programs)}" if self.programs else "there is none yet"
            message = f"there is no program {number} in this run, {known}; `wc-engine show RUN` lists them"
            raise UserInputError(message, file=str(self.path))
        file = self.path / self.programs[number].proposal.file
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UserInputError(f"cannot read program {number} of the run: {error}", file=str(file)) from None

    def diff(self, number: int) -> list[str]:
        """Return the lines of the unified difference between a program's parent and itself.

        Raises:
            UserInputError: there is no such program, or a file is gone.
        """
        text = self.text(number)
        parent = self.programs[number].proposal.parent
        before = self.text(parent) if parent in self.programs and parent is not None else ""
        names = ("nothing" if parent is None else f"program {parent}", f"program {number}")
        return list(difflib.unified_diff(before.splitlines(), text.splitlines(), *names, lineterm=""))

    def transitions(self) -> list[Transition]:
        """Return every transition of the run, in order."""
        path = self.path / "transitions.jsonl"
        return read_transitions(path) if path.exists() and path.stat().st_size else []

    def as_record(self) -> dict[str, object]:
        """Return the run as JSON values."""
        episodes = self.episodes
        return {
            "run": str(self.path),
            "env": self.config.get("env"),
            "seed": self.config.get("seed"),
            "ended": self.summary is not None,
            "steps": self.steps,
            "episodes": len(episodes),
            "wins": episodes[-1].wins if episodes else 0,
            "win_streak": episodes[-1].win_streak if episodes else 0,
            "stages": [line.env for line in self.stages],
            "model": self.model,
            "programs": [one.as_record() for one in self.programs.values()],
        }


def read_run(path: Path) -> RunRecord:
    """Read a run folder.

    Raises:
        UserInputError: it is none, or one of its files is damaged; names the file and the line.
    """
    if not path.is_dir():
        what = "is a file" if path.exists() else "there is no such folder"
        raise UserInputError(f"{what}, expected the folder of a run that `wc-engine learn` left", file=str(path))
    if not (path / "config.json").exists():
        raise UserInputError("this folder holds no run: name one that `wc-engine learn` left", file=str(path))
    config = _read_object(path / "config.json")
    summary = _read_object(path / "summary.json") if (path / "summary.json").exists() else None
    events = read_events(path / EVENTS)
    return RunRecord(
        path=path,
        config=config,
        summary=summary,
        events=events,
        programs={one.number: one for one in _programs(events)},
    )


def _programs(events: Iterable[EventLine]) -> Iterator[ProgramRecord]:
    proposals: dict[int, ProposalLine] = {}
    verdicts: dict[int, VerdictLine] = {}
    held: dict[int, list[int]] = {}
    for line in events:
        if isinstance(line, ProposalLine):
            proposals[line.program] = line
        elif isinstance(line, VerdictLine):
            verdicts[line.program] = line
        elif isinstance(line, ModelLine):
            held.setdefault(line.program, []).append(line.step)
    for number, proposal in proposals.items():
        yield ProgramRecord(proposal=proposal, verdict=verdicts.get(number), held_at=tuple(held.get(number, ())))


def _read_object(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserInputError(f"cannot be read as JSON: {error}", file=str(path)) from None
    if not isinstance(value, dict):
        raise UserInputError("expected a JSON object", file=str(path))
    return value
