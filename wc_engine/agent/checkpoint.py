"""The run folder: what a run leaves behind, written so that a reader never finds half a file.

config.json         the settings
model.py            the program that the agent holds
transitions.jsonl   every transition, in order
initial.jsonl       the initial states and missions that phi_2 asks about, those of the run before included
inherited.jsonl     the transitions of the run that this one continues, where it does
episodes.jsonl      one line an episode
summary.json        how it ended
usage.json          what language models were asked and what that cost, where they wrote the programs
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from wc_engine.agent.episode import EpisodeRecord
from wc_engine.agent.run_state import InitialState
from wc_engine.errors import UserInputError
from wc_engine.models.dataset import Transition, append_transition, write_transitions
from wc_engine.state.codec import state_to_json

__all__ = ["RunFolder", "fresh_run_path"]


def fresh_run_path(env: str, seed: int, parent: Path = Path("runs")) -> Path:
    """Return a path under ``parent`` that does not exist yet: ``runs/sokoban-seed0``, ``runs/sokoban-seed0-2``, ..."""
    name = f"{env.replace(':', '-').replace('/', '-')}-seed{seed}"
    path, number = parent / name, 1
    while path.exists():
        number += 1
        path = parent / f"{name}-{number}"
    return path


class RunFolder:
    """A folder for one run; made, and found to be writable, before anything is played.

    Args:
        path: the folder; it may exist, but hold no run yet.
        config: the settings as JSON values.

    Raises:
        UserInputError: the folder cannot be made or written, or holds a run.
    """

    def __init__(self, path: Path, config: Mapping[str, object]) -> None:
        self.path = path
        if (path / "config.json").exists():
            raise UserInputError("this folder holds a run already; choose another one or delete it", file=str(path))
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._write_json("config.json", config)
            for name in ("transitions.jsonl", "initial.jsonl", "episodes.jsonl"):
                (path / name).write_bytes(b"")
        except OSError as error:
            reason = error.strerror or str(error)
            message = f"cannot write to this run folder ({reason}); choose another one with --out"
            raise UserInputError(message, file=str(path)) from None

    @property
    def model_path(self) -> Path:
        """Where the program is."""
        return self.path / "model.py"

    def write_model(self, text: str) -> None:
        """Put a program in the place of the last one."""
        self._write("model.py", text)

    def add_transitions(self, transitions: Iterable[Transition]) -> None:
        """Append transitions."""
        with (self.path / "transitions.jsonl").open("a", encoding="utf-8") as file:
            for transition in transitions:
                append_transition(file, transition)

    def write_inherited(self, transitions: Sequence[Transition]) -> None:
        """Keep what another run saw, so that this folder needs no other."""
        write_transitions(self.path / "inherited.jsonl", transitions)

    def add_initial(self, initial: Iterable[InitialState]) -> None:
        """Append initial states."""
        with (self.path / "initial.jsonl").open("a", encoding="utf-8") as file:
            for one in initial:
                record = {"env": one.env, "mission": one.mission, "state": state_to_json(one.state)}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def add_episode(self, record: EpisodeRecord) -> None:
        """Append an episode."""
        with (self.path / "episodes.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(record.as_record(), ensure_ascii=False) + "\n")

    def write_summary(self, summary: Mapping[str, object]) -> None:
        """Write how the run ended."""
        self._write_json("summary.json", summary)

    def write_usage(self, usage: Mapping[str, object]) -> None:
        """Write what language models cost, and which limit on it ended the run, if one did."""
        self._write_json("usage.json", usage)

    def _write_json(self, name: str, value: Mapping[str, object]) -> None:
        self._write(name, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def _write(self, name: str, text: str) -> None:
        """Write a file beside its place, then move it there: the move is atomic."""
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=self.path)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            # mkstemp makes files that only their owner may read; a run is no secret.
            os.chmod(temporary, 0o644)
            os.replace(temporary, self.path / name)
        except BaseException:
            os.unlink(temporary)
            raise
