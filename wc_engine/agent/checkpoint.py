"""The run folder: what a run leaves behind, written so that a reader never finds half a file.

config.json         the settings
model.py            the program that the agent holds
transitions.jsonl   every transition, in order
initial.jsonl       the initial states and missions that phi_2 asks about, those of the run before included
inherited.jsonl     the transitions of the run that this one continues, where it does
episodes.jsonl      one line an episode
events.jsonl        everything that happened, one event a line (``event_log``)
programs/           every program that was proposed, 0001.py the first
requests.jsonl      what the proposer was asked, which brings it back where the run is taken up again
checkpoint.json     where the run stood after its last episode, and how much of the files above counts (``saving``)
summary.json        how it ended
usage.json          what language models were asked and what that cost, where they wrote the programs
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from wc_engine.agent.episode import EpisodeRecord
from wc_engine.agent.event_log import EventLine
from wc_engine.agent.inheritance import actions_of, read_all_transitions, read_initial
from wc_engine.agent.repeating import Asked
from wc_engine.agent.run_state import InitialState, Knowledge, RunState
from wc_engine.agent.saving import (
    VERSION,
    Checkpoint,
    Request,
    SavedCandidate,
    SavedModels,
    restored_requests,
    restored_state,
    saved_requests,
    saved_state,
)
from wc_engine.errors import UserInputError
from wc_engine.models.dataset import Transition, append_transition, write_transitions
from wc_engine.state.codec import state_to_json
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.llm.costs import Usage

__all__ = ["INITIAL", "REQUESTS", "TRANSITIONS", "RunFolder", "fresh_run_path", "read_checkpoint"]

EPISODES, EVENTS, INITIAL, REQUESTS, TRANSITIONS = LOGS = (
    "episodes.jsonl",
    "events.jsonl",
    "initial.jsonl",
    "requests.jsonl",
    "transitions.jsonl",
)
"""The files that only grow."""

CHECKPOINT = "checkpoint.json"
USAGE = "usage.json"
PROGRAMS = "programs"


def fresh_run_path(env: str, seed: int, parent: Path = Path("runs")) -> Path:
    """Return a path under ``parent`` that does not exist yet: ``runs/sokoban-seed0``, ``runs/sokoban-seed0-2``, ..."""
    name = f"{env.replace(':', '-').replace('/', '-')}-seed{seed}"
    path, number = parent / name, 1
    while path.exists():
        number += 1
        path = parent / f"{name}-{number}"
    return path


class RunFolder:
    """A folder for one run; use ``create`` or ``reopen``.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._programs: dict[str, str] = {}

    @classmethod
    def create(cls, path: Path, config: Mapping[str, object]) -> RunFolder:
        """Make the folder of a new run, and find out that it can be written, before anything is played.

        Args:
            path: the folder; it may exist, but hold no run yet.
            config: the settings as JSON values.

        Raises:
            UserInputError: the folder cannot be made or written, or holds a run.
        """
        if (path / "config.json").exists():
            message = "this folder holds a run already; choose another one, delete it, or go on with --resume"
            raise UserInputError(message, file=str(path))
        folder = cls(path)
        with _written(path, "choose another one with --out"):
            path.mkdir(parents=True, exist_ok=True)
            folder._write_json("config.json", config)
            for name in LOGS:
                (path / name).write_bytes(b"")
            (path / PROGRAMS).mkdir(exist_ok=True)
        return folder

    @classmethod
    def reopen(cls, path: Path, checkpoint: Checkpoint) -> RunFolder:
        """Open the folder of a run that is taken up: what came after its checkpoint is removed from its files.

        Raises:
            UserInputError: a file is shorter than the checkpoint says, or the folder cannot be written.
        """
        folder = cls(path)
        with _written(path, "it is needed to go on with the run"):
            folder.cut({name: checkpoint.sizes.get(name, 0) for name in LOGS})
            for file in sorted((path / PROGRAMS).glob("*.py")):
                # A program's file has its number; those that were proposed after the checkpoint will be again.
                if not file.stem.isdecimal() or int(file.stem) > checkpoint.num_candidates:
                    file.unlink()
                else:
                    folder._programs[file.read_text(encoding="utf-8")] = f"{PROGRAMS}/{file.name}"
            (path / "summary.json").unlink(missing_ok=True)
            if checkpoint.candidate is not None:
                folder.write_model(folder.read_text(checkpoint.candidate.file))
            else:
                folder.model_path.unlink(missing_ok=True)
        return folder

    def restored_state(self, checkpoint: Checkpoint) -> RunState:
        """Return the run as it stood at its checkpoint.

        Raises:
            UserInputError: a file of the run is damaged or gone.
        """
        transitions = read_all_transitions(self.path)
        initial = read_initial(self.path / INITIAL)
        text = None if checkpoint.candidate is None else self.read_text(checkpoint.candidate.file)
        return restored_state(checkpoint, transitions, initial, actions_of(transitions, initial), text)

    def restored_requests(self, checkpoint: Checkpoint, knowledge: Knowledge) -> Iterator[Asked]:
        """Yield what the proposer was asked until the checkpoint.

        Raises:
            UserInputError: a file of the run is damaged or gone.
        """
        lines = (self.path / REQUESTS).read_bytes().splitlines()
        decoder = msgspec.json.Decoder(Request)
        try:
            requests = [decoder.decode(line) for line in lines[len(lines) - checkpoint.requests :]]
        except msgspec.MsgspecError as error:
            raise UserInputError(f"this is no list of requests: {error}", file=str(self.path / REQUESTS)) from None
        return restored_requests(requests, knowledge, self.read_text)

    def read_text(self, name: str) -> str:
        """Return the text of one of the folder's files.

        Raises:
            UserInputError: it cannot be read.
        """
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UserInputError(f"cannot be read: {error}", file=str(self.path / name)) from None

    @property
    def model_path(self) -> Path:
        """Where the program is."""
        return self.path / "model.py"

    def write_model(self, text: str) -> None:
        """Put a program in the place of the last one."""
        self._write("model.py", text)

    def add_transitions(self, transitions: Iterable[Transition]) -> None:
        """Append transitions."""
        with (self.path / TRANSITIONS).open("a", encoding="utf-8") as file:
            for transition in transitions:
                append_transition(file, transition)

    def write_inherited(self, transitions: Sequence[Transition]) -> None:
        """Keep what another run saw, so that this folder needs no other."""
        write_transitions(self.path / "inherited.jsonl", transitions)

    def add_initial(self, initial: Iterable[InitialState]) -> None:
        """Append initial states."""
        with (self.path / INITIAL).open("a", encoding="utf-8") as file:
            for one in initial:
                record = {"env": one.env, "mission": one.mission, "state": state_to_json(one.state)}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def add_episode(self, record: EpisodeRecord) -> None:
        """Append an episode."""
        with (self.path / EPISODES).open("a", encoding="utf-8") as file:
            file.write(json.dumps(record.as_record(), ensure_ascii=False) + "\n")

    def add_event(self, line: EventLine) -> None:
        """Append an event; it is in the file when this returns."""
        with (self.path / EVENTS).open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")

    def add_program(self, number: int, text: str) -> str:
        """Keep a program; return the name of its file, which programs of one text share."""
        if text not in self._programs:
            name = f"{PROGRAMS}/{number:04}.py"
            self._write(name, text)
            self._programs[text] = name
        return self._programs[text]

    def add_requests(self, asked: Iterable[Asked], knowledge: Knowledge) -> None:
        """Append what the proposer was asked."""
        with (self.path / REQUESTS).open("ab") as file:
            file.writelines(msgspec.json.encode(one) + b"\n" for one in saved_requests(asked, knowledge, self._saved))

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """Return how many bytes logs have."""
        return {name: (self.path / name).stat().st_size for name in names}

    def cut(self, sizes: Mapping[str, int]) -> None:
        """Cut logs to the sizes that they had."""
        for name, size in sizes.items():
            _cut(self.path / name, size)

    def write_checkpoint(
        self, state: RunState, *, elapsed_seconds: float, requests: int, models: SavedModels | None
    ) -> None:
        """Put a checkpoint in the place of the last one; all that it counts is in the other files already."""
        held = state.knowledge.candidate
        checkpoint = saved_state(
            state,
            None if held is None else self._saved(held),
            elapsed_seconds=elapsed_seconds,
            sizes=self.sizes(LOGS),
            requests=requests,
            models=models,
        )
        self._write(CHECKPOINT, msgspec.json.encode(checkpoint).decode() + "\n")

    def _saved(self, candidate: Candidate) -> SavedCandidate:
        file = self.add_program(candidate.index, candidate.text)
        return SavedCandidate(index=candidate.index, proposer=candidate.proposer, file=file)

    def write_config(self, config: Mapping[str, object]) -> None:
        """Put settings in the place of those that the run was begun with."""
        self._write_json("config.json", config)

    def write_summary(self, summary: Mapping[str, object]) -> None:
        """Write how the run ended."""
        self._write_json("summary.json", summary)

    def write_usage(self, usage: Usage, stopped_by: str | None = None) -> None:
        """Write what language models cost, and which limit on it ended the run, if one did."""
        self._write_json(USAGE, {**usage.as_record(), "stopped_by": stopped_by})

    def read_usage(self) -> Usage:
        """Return what language models have cost, in an episode that was broken off as well; nothing if unknown."""
        try:
            return msgspec.json.decode((self.path / USAGE).read_bytes(), type=Usage)
        except (OSError, msgspec.MsgspecError):
            return Usage()

    def _write_json(self, name: str, value: Mapping[str, object]) -> None:
        self._write(name, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def _write(self, name: str, text: str) -> None:
        """Write a file beside its place, then move it there: the move is atomic."""
        target = self.path / name
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            # mkstemp makes files that only their owner may read; a run is no secret.
            os.chmod(temporary, 0o644)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise


def read_checkpoint(path: Path) -> Checkpoint:
    """Read where a run stands.

    Raises:
        UserInputError: the folder holds no run, or none that can be taken up.
    """
    if not (path / "config.json").exists():
        raise UserInputError("this folder holds no run: name one that `wc-engine learn` left", file=str(path))
    file = path / CHECKPOINT
    try:
        checkpoint = msgspec.json.decode(file.read_bytes(), type=Checkpoint)
    except FileNotFoundError:
        raise UserInputError("this run has no checkpoint to go on from: begin a new one", file=str(path)) from None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UserInputError(f"this is no checkpoint: {error}; begin a new run", file=str(file)) from None
    if checkpoint.version != VERSION:
        message = f"this checkpoint is of version {checkpoint.version}, expected {VERSION}: begin a new run"
        raise UserInputError(message, file=str(file))
    return checkpoint


@contextmanager
def _written(path: Path, what_to_do: str) -> Iterator[None]:
    """Make one line of what the system says against writing to a run folder."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserInputError(f"cannot write to this run folder ({reason}); {what_to_do}", file=str(path)) from None


def _cut(path: Path, size: int) -> None:
    """Cut a log to the size that it had at the checkpoint."""
    found = path.stat().st_size if path.exists() else 0
    if found < size:
        message = f"has {found} bytes, but the run's checkpoint counts {size}: the run cannot be taken up"
        raise UserInputError(message, file=str(path))
    with path.open("ab") as file:
        file.truncate(size)
