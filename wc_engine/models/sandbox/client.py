"""Untrusted programs as world models: every call runs in the sandbox, and whatever it does comes back as an outcome."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from wc_engine.errors import InvalidModelError
from wc_engine.models.base import StepOutcome
from wc_engine.models.program import Program
from wc_engine.models.requests import Half, ModelEvaluation, Recorded, StepRequest, TimedOutcome, joined
from wc_engine.models.sandbox.host import Connection, ConnectionLostError, SandboxHost
from wc_engine.models.sandbox.protocol import (
    CPU_LIMIT_SECONDS,
    Load,
    Loaded,
    Moved,
    Rewarded,
    StateCodec,
    Step,
    Steps,
    decode_answer,
    frame,
)
from wc_engine.state.entities import State

__all__ = ["DEFAULT_MEMORY_LIMIT_BYTES", "DEFAULT_TIME_LIMIT_SECONDS", "Sandbox", "SandboxedModel"]

DEFAULT_TIME_LIMIT_SECONDS = 2.0
DEFAULT_MEMORY_LIMIT_BYTES = 1 << 30

_BATCH = 128
_GRACE_SECONDS = 1.0
_LOAD_SECONDS = 20.0
_NOT_REACHED: Half[tuple[float, bool]] = Half()
_Answer = TypeVar("_Answer", Loaded, Moved, Rewarded)


class Sandbox:
    """A sandbox that many models share: one process started once, and a few milliseconds for each program.

    Use it as a context manager, or call ``close``. It may be used by several threads.

    Args:
        max_programs: how many programs stay loaded; the one that was not used for the longest time makes room, and is
            loaded anew when it is needed.
    """

    def __init__(self, *, max_programs: int = 16) -> None:
        if max_programs < 1:
            raise ValueError(f"max_programs must be at least 1, got {max_programs}")
        self.codec = StateCodec()
        self._max_programs = max_programs
        self._host: SandboxHost | None = None
        self._closed = False
        self._loaded: OrderedDict[int, SandboxedModel] = OrderedDict()
        self._lock = threading.RLock()

    @property
    def host(self) -> SandboxHost:
        """The sandbox process, started anew where it is gone."""
        with self._lock:
            if self._closed:
                raise ValueError("the sandbox is closed")
            if self._host is None or not self._host.alive:
                self._host = SandboxHost()
            return self._host

    def used(self, model: SandboxedModel) -> None:
        """Note that a model's program is loaded and in use; unload the one that was not used for the longest time."""
        with self._lock:
            self._loaded[id(model)] = model
            self._loaded.move_to_end(id(model))
            oldest = next(iter(self._loaded.values()))
            if len(self._loaded) > self._max_programs and oldest.unload(wait=False):
                self._loaded.pop(id(oldest), None)

    def forget(self, model: SandboxedModel) -> None:
        """Note that a model's program is no longer loaded."""
        with self._lock:
            self._loaded.pop(id(model), None)

    def close(self) -> None:
        """End the sandbox and all programs in it."""
        with self._lock:
            self._closed = True
            models = list(self._loaded.values())
        for model in models:  # without the lock, which a busy model may be waiting for
            model.unload()
        if self._host is not None:
            self._host.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class SandboxedModel:
    """A program that runs in a sandbox. A step that hurts its limits fails, and harms nothing.

    Use it as a context manager, or call ``close``.

    Args:
        program: the program.
        time_limit_seconds: wall-clock limit for each call of ``transition`` and of the reward function.
        memory_limit_bytes: how much memory the program may use beyond what the interpreter takes.
        sandbox: the sandbox to share; None for one of its own.

    Raises:
        InvalidModelError: the program cannot be loaded.
        SynthesisError: the sandbox does not start.
    """

    def __init__(
        self,
        program: Program,
        *,
        time_limit_seconds: float = DEFAULT_TIME_LIMIT_SECONDS,
        memory_limit_bytes: int = DEFAULT_MEMORY_LIMIT_BYTES,
        sandbox: Sandbox | None = None,
    ) -> None:
        if time_limit_seconds <= 0 or memory_limit_bytes <= 0:
            raise ValueError("the limits on time and memory must be positive")
        self.program = program
        self._time_limit_seconds = time_limit_seconds
        self._memory_limit_bytes = memory_limit_bytes
        self._owns_sandbox = sandbox is None
        self._sandbox = Sandbox() if sandbox is None else sandbox
        self._connection: Connection | None = None
        self._host: SandboxHost | None = None  # the connection's
        self._seconds_used = 0.0
        self._lock = threading.RLock()
        try:
            self._connected()
        except BaseException:
            self.close()
            raise

    def step(
        self, state: State, action: str, *, mission: str | None = None, next_state: State | None = None
    ) -> StepOutcome:
        """Predict one step, the reward for ``next_state`` where it is given; a failing program is a failed outcome."""
        return self.step_many([StepRequest(state, action, mission, next_state)])[0]

    def step_many(self, requests: Iterable[Recorded], *, rewards: bool = True) -> list[StepOutcome]:
        """Predict many steps, in order; one that fails or is ended leaves the others as they are.

        Without ``rewards`` next states are predicted alone.
        """
        return [timed.outcome for timed in self.timed_steps(requests, rewards=rewards)]

    def predict(self, state: State, action: str) -> Half[State]:
        """Run ``transition`` alone."""
        with self._lock:
            return self._alone(StepRequest(state, action), skip_reward=True)[0]

    def score(
        self, state: State, action: str, next_state: State, mission: str | None = None
    ) -> Half[tuple[float, bool]]:
        """Run the reward function alone."""
        with self._lock:
            return self._alone(StepRequest(state, action, mission, next_state), skip_transition=True)[1]

    def evaluate(self, transitions: Iterable[Recorded]) -> ModelEvaluation:
        """Predict recorded transitions and measure what a step takes."""
        return ModelEvaluation.of(self.timed_steps(transitions))

    def timed_steps(self, requests: Iterable[Recorded], *, rewards: bool = True) -> list[TimedOutcome]:
        """As ``step_many``, with the time that each step took inside the sandbox."""
        waiting = list(requests)
        done: list[TimedOutcome] = []
        with self._lock:
            while len(done) < len(waiting):
                done += self._batch(waiting[len(done) : len(done) + _BATCH], rewards)
        return done

    def unload(self, *, wait: bool = True) -> bool:
        """End the program's process; the next step starts a new one. False where the model is busy and ``wait`` is."""
        if not self._lock.acquire(blocking=wait):
            return False
        try:
            self._drop()
        finally:
            self._lock.release()
        return True

    def close(self) -> None:
        """End the program's process, and the sandbox where it is the model's own."""
        self.unload()
        if self._owns_sandbox:
            self._sandbox.close()

    def __enter__(self) -> SandboxedModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _batch(self, requests: Sequence[Recorded], rewards: bool) -> list[TimedOutcome]:
        """Predict steps until one of them ends the process; return at least one outcome."""
        connection = self._connected()
        done: list[TimedOutcome] = []
        predicted: Half[State] | None = None
        try:
            self._send(connection, [self._packed(request, skip_reward=not rewards) for request in requests])
            for _ in requests:
                predicted = None
                predicted = self._moved(connection)
                done.append(joined(predicted, self._rewarded(connection)))
        except ConnectionLostError as lost:
            failure, out_of_limits = self._lost(lost)
            if predicted is None:
                scored = self._reward_alone(requests[len(done)]) if rewards else _NOT_REACHED
                done.append(joined(Half(error=failure, out_of_limits=out_of_limits), scored))
            else:
                done.append(joined(predicted, Half(error=failure, out_of_limits=out_of_limits)))
        except BaseException:  # interrupted: answers are still under way
            self._drop()
            raise
        self._seconds_used += sum(one.seconds for one in done)
        return done

    def _reward_alone(self, request: Recorded) -> Half[tuple[float, bool]]:
        """Return the reward for a recorded next state, after ``transition`` ended the process."""
        if request.next_state is None:
            return _NOT_REACHED
        return self._alone(request, skip_transition=True)[1]

    def _alone(
        self, request: Recorded, *, skip_transition: bool = False, skip_reward: bool = False
    ) -> tuple[Half[State], Half[tuple[float, bool]]]:
        """Run one of the two functions; what was skipped has no meaning."""
        connection = self._connected()
        try:
            self._send(connection, [self._packed(request, skip_transition, skip_reward)])
            predicted, scored = self._moved(connection), self._rewarded(connection)
        except ConnectionLostError as lost:
            failure, out_of_limits = self._lost(lost)
            return Half(error=failure, out_of_limits=out_of_limits), Half(error=failure, out_of_limits=out_of_limits)
        except BaseException:  # interrupted: answers are still under way
            self._drop()
            raise
        self._seconds_used += predicted.seconds + scored.seconds
        return predicted, scored

    def _connected(self) -> Connection:
        """Return the connection to the loaded program."""
        if self._seconds_used > CPU_LIMIT_SECONDS / 2:  # long before the limit on CPU time could end a good step
            self._drop()
        host = self._sandbox.host
        if self._host is not host:  # started anew, or this process is a fork of the one that it belongs to
            self._drop()
        if self._connection is None:
            connection = self._connection = host.connect()
            self._host = host
            load = Load(self.program.text, self.program.file, self._time_limit_seconds, self._memory_limit_bytes)
            seconds = self._time_limit_seconds + _LOAD_SECONDS
            try:
                connection.send(frame(load), seconds)
                loaded = _decoded(connection.receive(seconds), Loaded)
            except ConnectionLostError as lost:
                raise InvalidModelError(f"{self.program.file}: while it is loaded, {self._lost(lost)[0]}") from None
            if loaded.error is not None:
                self._drop()
                raise InvalidModelError(loaded.error, self.program.place(loaded.line))
        self._sandbox.used(self)
        return self._connection

    def _drop(self) -> str:
        """End the program's process; return how it had ended by itself."""
        connection, self._connection = self._connection, None
        self._seconds_used = 0.0
        self._sandbox.forget(self)
        return "" if connection is None or self._host is None else self._host.end(connection)

    def _lost(self, lost: ConnectionLostError) -> tuple[str, bool]:
        """Drop a lost connection; return what happened, and whether it counts as outrunning a limit."""
        ended = self._drop()
        if lost.timed_out:
            return f"the call did not end within its limit of {self._time_limit_seconds:g} s and was killed", True
        if not lost.ended:
            return str(lost), False
        return f"{lost} ({ended or 'killed'})", not ended.startswith("exit")

    def _send(self, connection: Connection, steps: list[Step]) -> None:
        connection.send(frame(Steps(steps)), self._time_limit_seconds + _GRACE_SECONDS)

    def _packed(self, request: Recorded, skip_transition: bool = False, skip_reward: bool = False) -> Step:
        pack = self._sandbox.codec.pack
        next_state = None if request.next_state is None else pack(request.next_state)
        return Step(pack(request.state), request.action, request.mission, next_state, skip_transition, skip_reward)

    def _moved(self, connection: Connection) -> Half[State]:
        answer = _decoded(connection.receive(self._time_limit_seconds + _GRACE_SECONDS), Moved)
        try:
            state = None if answer.next_state is None else self._sandbox.codec.unpack(answer.next_state)
        except (ValueError, TypeError, RecursionError, IndexError):
            raise ConnectionLostError("the program wrote to the channel of its sandbox") from None
        return Half(state, answer.error, answer.out_of_limits, answer.seconds, answer.seconds_in_program)

    def _rewarded(self, connection: Connection) -> Half[tuple[float, bool]]:
        answer = _decoded(connection.receive(self._time_limit_seconds + _GRACE_SECONDS), Rewarded)
        value = None if answer.reward is None or answer.done is None else (answer.reward, answer.done)
        return Half(value, answer.error, answer.out_of_limits, answer.seconds, answer.seconds_in_program)


def _decoded(body: bytes, kind: type[_Answer]) -> _Answer:
    try:
        answer = decode_answer(body)
    except (msgspec.MsgspecError, RecursionError):
        answer = None
    if not isinstance(answer, kind):
        raise ConnectionLostError("the program wrote to the channel of its sandbox")
    return answer
