"""The life of one program inside the sandbox: load it, then answer batches of steps until the client hangs up."""

from __future__ import annotations

import fcntl
import os
import resource
from importlib import import_module

from wc_engine.errors import InvalidModelError
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.models.requests import Half
from wc_engine.models.sandbox import limits
from wc_engine.models.sandbox.protocol import (
    HEADER,
    MAX_FRAME_BYTES,
    Load,
    Loaded,
    Moved,
    Rewarded,
    StateCodec,
    Step,
    Steps,
    decode_request,
    frame,
)
from wc_engine.state.entities import State

__all__ = ["run"]

_HIGH_DESCRIPTOR = 200


def run(descriptor: int) -> None:
    """Serve one program over a socket, in a process of its own, which this confines for good."""
    limits.die_with_parent()
    channel = _Channel(_moved_up(descriptor))
    request = channel.receive()
    if not isinstance(request, Load):
        return
    limits.limit_resources(request.memory_limit_bytes)
    try:
        program = Program.from_text(request.text, request.file)
        _import_for(program)
        limits.forbid_opening()
        limits.filter_system_calls(reading=False)
        interpreter = ReferenceInterpreter(program, guard=limits.CallAlarm(request.time_limit_seconds))
    except InvalidModelError as error:
        channel.send(Loaded(error.message, error.location.line if error.location else 0))
        return
    channel.send(Loaded(None))
    codec = StateCodec()
    while (batch := channel.receive()) is not None:
        if isinstance(batch, Steps):
            for step in batch.steps:
                _answer(step, interpreter, codec, channel)


def _answer(step: Step, interpreter: ReferenceInterpreter, codec: StateCodec, channel: _Channel) -> None:
    state = codec.unpack(step.state)
    predicted: Half[State] = Half() if step.skip_transition else interpreter.predict(state, step.action)
    packed = None if predicted.value is None else codec.pack(predicted.value)
    details = (predicted.out_of_limits, predicted.seconds, predicted.seconds_in_program)
    channel.send(Moved(packed, predicted.error, *details))
    given = predicted.value if step.next_state is None else codec.unpack(step.next_state)
    scored: Half[tuple[float, bool]] = Half()
    if given is not None and not step.skip_reward:
        scored = interpreter.score(state, step.action, given, step.mission)
    reward, done = scored.value or (None, None)
    channel.send(Rewarded(reward, done, scored.error, scored.out_of_limits, scored.seconds, scored.seconds_in_program))


def _import_for(program: Program) -> None:
    """Import what a program names, while files can still be read, behind a filter that allows nothing else.

    Whatever fails here fails again, with its own error, where the program imports it.
    """
    if not program.foreign_imports:
        return
    limits.filter_system_calls(reading=True)
    for name in program.foreign_imports:
        try:
            module = import_module(name)
            for public in dir(module):  # large packages load their parts when they are first asked for
                getattr(module, public, None)
        except (Exception, SystemExit):
            continue


def _moved_up(descriptor: int) -> int:
    """Return the socket under a high number, where no program meets it by chance."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, min(_HIGH_DESCRIPTOR, soft - 1))
    os.closerange(3, high)
    return high


class _Channel:
    """Frames over a socket."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._read, self._write = os.read, os.write  # whatever a program makes of ``os``

    def receive(self) -> Load | Steps | None:
        """Return the next request, or None after the last one."""
        header = self._exactly(HEADER.size)
        return None if header is None else decode_request(self._exactly(HEADER.unpack(header)[0]) or b"")

    def send(self, message: Loaded | Moved | Rewarded) -> None:
        """Send an answer; one that is too large becomes an error."""
        data = memoryview(frame(message))
        if len(data) > MAX_FRAME_BYTES and isinstance(message, Moved):
            error = "the next state is too large to leave the sandbox"
            data = memoryview(frame(Moved(None, error, True, message.seconds, message.seconds_in_program)))
        while data:
            data = data[self._write(self._descriptor, data) :]

    def _exactly(self, size: int) -> bytes | None:
        parts = []
        while size:
            part = self._read(self._descriptor, min(size, 1 << 20))
            if not part:
                return None
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
