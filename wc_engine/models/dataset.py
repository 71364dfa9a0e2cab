"""Recorded transitions: one of them, an ordered collection, and the files that hold them.

A file is JSON Lines, plain or gzip: one transition per line, an object with the keys ``env``, ``mission``, ``state``,
``action``, ``next_state``, ``reward`` and ``done``; ``wc_engine.state.codec`` says how a state is written.
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TextIO, overload

import msgspec

from wc_engine.errors import EncodingError, UserInputError
from wc_engine.state.codec import StateReader, state_from_json, state_to_json
from wc_engine.state.entities import State

__all__ = ["Transition", "TransitionDataset", "append_transition", "read_transitions", "write_transitions"]

_EXPECTED = {
    "env": "a text, the environment's name",
    "mission": "a text",
    "state": "a list of entities",
    "action": "a text",
    "next_state": "a list of entities",
    "reward": "a number",
    "done": "true or false",
}
_NOT_WRITABLE = "cannot be written: {}; choose a file in a folder that exists and is writable"
_GZIP_MAGIC = b"\x1f\x8b"
_NOT_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Transition:
    """One observed step.

    Attributes:
        env: name of the environment.
        mission: the mission that held.
        state: the state before.
        action: the action.
        next_state: the state after.
        reward: the reward, in the environment's unit.
        done: whether the episode ended.
    """

    env: str
    mission: str
    state: State
    action: str
    next_state: State
    reward: float
    done: bool


class TransitionDataset(Sequence[Transition]):
    """Transitions in the order in which they were observed.

    Args:
        transitions: the first ones.
        unique: a transition that is in the dataset already is not added again.
    """

    def __init__(self, transitions: Iterable[Transition] = (), *, unique: bool = False) -> None:
        self.unique = unique
        self._transitions: list[Transition] = []
        self._seen: set[Transition] = set()
        self.extend(transitions)

    def append(self, transition: Transition) -> bool:
        """Add a transition; return whether it was added, which a unique dataset does only with new ones."""
        if self.unique and transition in self._seen:
            return False
        self._transitions.append(transition)
        self._seen.add(transition)
        return True

    def extend(self, transitions: Iterable[Transition]) -> int:
        """Add transitions in order; return how many were added."""
        return sum([self.append(transition) for transition in transitions])

    def __len__(self) -> int:
        return len(self._transitions)

    def __iter__(self) -> Iterator[Transition]:
        return iter(self._transitions)

    def __contains__(self, transition: object) -> bool:
        return transition in self._seen

    @overload
    def __getitem__(self, index: int) -> Transition: ...

    @overload
    def __getitem__(self, index: slice) -> list[Transition]: ...

    def __getitem__(self, index: int | slice) -> Transition | list[Transition]:
        return self._transitions[index]

    def __repr__(self) -> str:
        return f"<TransitionDataset of {len(self)} transitions>"

    @property
    def actions(self) -> tuple[str, ...]:
        """The distinct actions, sorted."""
        return tuple(sorted({transition.action for transition in self}))

    @property
    def missions(self) -> tuple[str, ...]:
        """The distinct missions, sorted."""
        return tuple(sorted({transition.mission for transition in self}))

    def states(self) -> list[State]:
        """Return the distinct states, before and after, in the order of their first appearance."""
        return list(dict.fromkeys(state for step in self for state in (step.state, step.next_state)))


def read_transitions(path: str | os.PathLike[str]) -> list[Transition]:
    """Read a file of transitions, plain or gzip (its first bytes tell which). Blank lines are skipped.

    Raises:
        UserInputError: there is no such file, it is empty or broken; names the line and the key.
    """
    name = os.fspath(path)
    if os.path.isdir(name):
        raise UserInputError("is a folder, expected a .jsonl or .jsonl.gz file: name a file inside it", file=name)
    reader, transitions, number = StateReader(), [], 0
    try:
        with _open_to_read(name) as file:
            for number, line in enumerate(file, start=1):
                text = line.removeprefix(_BYTE_ORDER_MARK).strip() if number == 1 else line.strip()
                if text:
                    transitions.append(_transition_of(text, reader, name, number))
    except FileNotFoundError as error:
        message = "there is no such file, expected transitions as .jsonl or .jsonl.gz: check the path"
        raise UserInputError(message, file=name) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"the gzip data is cut off or damaged after this line ({error}): copy or record the file again"
        raise UserInputError(message, file=name, line=number) from error
    except OSError as error:
        raise UserInputError(f"cannot be read: {error.strerror or error}", file=name) from error
    if not transitions:
        raise UserInputError("holds no transition, expected one JSON object per line: record some first", file=name)
    return transitions


def _open_to_read(name: str) -> IO[bytes]:
    with open(name, "rb") as file:
        compressed = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    return gzip.open(name, "rb") if compressed else open(name, "rb")  # type: ignore[return-value]


class _Line(msgspec.Struct):
    """One line of a file; the states stay text for ``StateReader``."""

    env: str
    mission: str
    state: msgspec.Raw
    action: str
    next_state: msgspec.Raw
    reward: float
    done: bool


_LINES = msgspec.json.Decoder(_Line)


def _transition_of(text: bytes, reader: StateReader, name: str, number: int) -> Transition:
    try:
        line = _LINES.decode(text)
        state, next_state = reader.read(bytes(line.state)), reader.read(bytes(line.next_state))
    except (*_NOT_JSON, EncodingError) as error:
        raise UserInputError(_what_is_wrong(text, str(error)), file=name, line=number) from error
    return Transition(line.env, line.mission, state, line.action, next_state, line.reward, line.done)


def _what_is_wrong(text: bytes, complaint: str) -> str:
    """Return what keeps ``text`` from being a transition, what was expected, and what to do."""
    try:
        data = msgspec.json.decode(text)
    except _NOT_JSON as error:
        return f"not JSON ({error}), expected one object per line: repair or remove the line"
    if not isinstance(data, dict):
        return f"expected an object with the keys {', '.join(_EXPECTED)}: repair or remove the line"
    for key, expected in _EXPECTED.items():
        if key not in data:
            return f'key "{key}" is missing, expected {expected}: add it or remove the line'
        problem = _what_is_wrong_with_value(key, data[key], expected)
        if problem is not None:
            return f'key "{key}": {problem}: repair or remove the line'
    return f"{complaint}: repair or remove the line"


def _what_is_wrong_with_value(key: str, value: object, expected: str) -> str | None:
    if key in ("state", "next_state"):
        try:
            state_from_json(value)
        except EncodingError as error:
            return str(error)
        return None
    kind = {"reward": (int, float), "done": (bool,)}.get(key, (str,))
    if isinstance(value, kind) and (key != "reward" or not isinstance(value, bool)):
        return None
    shown = msgspec.json.encode(value).decode()
    return f"expected {expected}, found {shown if len(shown) <= 40 else shown[:37] + '...'}"


def write_transitions(path: str | os.PathLike[str], transitions: Iterable[Transition]) -> None:
    """Write a file of transitions, gzip where the name ends in ``.gz``; the file appears whole or not at all.

    Raises:
        UserInputError: the file cannot be written.
        EncodingError: JSON cannot hold a transition.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            if target.suffix == ".gz":
                # No name and no time inside: equal transitions give equal files.
                with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as compressed:
                    compressed.writelines(_line_of(transition) for transition in transitions)
            else:
                file.writelines(_line_of(transition) for transition in transitions)
        os.replace(temporary, target)
    except OSError as error:
        raise UserInputError(_NOT_WRITABLE.format(error.strerror or error), file=str(target)) from error
    finally:
        temporary.unlink(missing_ok=True)


def append_transition(file: TextIO | str | os.PathLike[str], transition: Transition) -> None:
    """Add one transition to the end of a file, so that a run cut short leaves whole lines behind.

    Args:
        file: an open text file, or the path of a plain file, which is made where it is missing.
        transition: the transition.

    Raises:
        UserInputError: the path cannot be written.
        EncodingError: JSON cannot hold the transition.
    """
    line = _line_of(transition).decode()
    if isinstance(file, (str, os.PathLike)):
        try:
            with open(file, "a", encoding="utf-8") as opened:
                opened.write(line)
        except OSError as error:
            raise UserInputError(_NOT_WRITABLE.format(error.strerror or error), file=os.fspath(file)) from error
    else:
        file.write(line)
        file.flush()


def _line_of(transition: Transition) -> bytes:
    reward = float(transition.reward)
    if not math.isfinite(reward):
        raise EncodingError(f"the reward {reward!r} cannot be written as JSON")
    record = {
        "env": transition.env,
        "mission": transition.mission,
        "state": state_to_json(transition.state),
        "action": transition.action,
        "next_state": state_to_json(transition.next_state),
        "reward": reward,
        "done": bool(transition.done),
    }
    try:
        return msgspec.json.encode(record) + b"\n"
    except UnicodeEncodeError as error:
        raise EncodingError(f"a text is not valid Unicode: {error}") from error
