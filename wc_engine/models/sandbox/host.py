"""The client's end of the sandbox: one process started once, and a socket to each program's own process in it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import warnings
import weakref
from pathlib import Path
from time import monotonic

from wc_engine.errors import SynthesisError
from wc_engine.models.sandbox.protocol import HEADER, MAX_FRAME_BYTES, Ready, decode_answer
from wc_engine.models.sandbox.worker import COMMAND, END, FORK, REPLY

__all__ = ["Connection", "ConnectionLostError", "SandboxHost"]

_START_SECONDS = 30.0
_LATE_SECONDS = 1.0
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "LC_ALL": "C.UTF-8",
    # A filtered process cannot start threads.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_KEPT_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")


class ConnectionLostError(Exception):
    """A program's process does not answer, or not with a frame.

    Attributes:
        timed_out: it did not answer in time.
        ended: it ended by itself.
    """

    def __init__(self, message: str, *, timed_out: bool = False, ended: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out
        self.ended = ended


class Connection:
    """Frames to and from one program's process.

    Attributes:
        process: the process's id.
    """

    def __init__(self, channel: socket.socket, process: int) -> None:
        self.process = process
        self._channel = channel
        self._received = bytearray()

    def send(self, data: bytes, seconds: float) -> None:
        """Send a frame.

        Raises:
            ConnectionLostError: the process does not take it within so many seconds.
        """
        self._channel.settimeout(seconds)
        try:
            self._channel.sendall(data)
        except TimeoutError:
            raise ConnectionLostError("the program does not listen", timed_out=True) from None
        except OSError:
            raise ConnectionLostError("the program ended its process", ended=True) from None

    def receive(self, seconds: float) -> bytes:
        """Return the body of the next frame.

        Raises:
            ConnectionLostError: there is none within so many seconds.
        """
        deadline = monotonic() + seconds
        self._fill(HEADER.size, deadline)
        size = HEADER.unpack_from(self._received)[0]
        if size > MAX_FRAME_BYTES:
            raise ConnectionLostError("the program wrote to the channel of its sandbox")
        self._fill(HEADER.size + size, deadline)
        body = bytes(self._received[HEADER.size : HEADER.size + size])
        del self._received[: HEADER.size + size]
        return body

    def close(self) -> None:
        """Close the socket."""
        self._channel.close()

    def _fill(self, size: int, deadline: float) -> None:
        while len(self._received) < size:
            remaining = deadline - monotonic()
            # Past the deadline one more look: the answer may have come while this process was busy elsewhere.
            if remaining < -_LATE_SECONDS:
                raise ConnectionLostError("the program does not answer", timed_out=True)
            self._channel.settimeout(max(1e-3, remaining))
            try:
                part = self._channel.recv(1 << 16)
            except TimeoutError:
                raise ConnectionLostError("the program does not answer", timed_out=True) from None
            except OSError:  # reset by the other end
                part = b""
            if not part:
                raise ConnectionLostError("the program ended its process", ended=True)
            self._received += part


class SandboxHost:
    """The sandbox process. It runs no program itself; each ``connect`` gives a fresh process for one program.

    Raises:
        SynthesisError: the process does not start.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = os.getpid()
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-S", "-s", "-P", "-B", "-X", "utf8"),
                    *(_worker_file(), str(theirs.fileno()), *filter(os.path.isabs, sys.path)),
                ],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=_ENVIRONMENT | {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
                cwd="/",
                start_new_session=True,
            )
        finally:
            theirs.close()
        self._control = ours
        self._finalizer = weakref.finalize(self, _stop, self._owner, ours, self._process)
        self._greet()

    def connect(self) -> Connection:
        """Return a connection to a new process that waits for its program."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                socket.send_fds(self._control, [COMMAND.pack(FORK, 0)], [theirs.fileno()])
                return Connection(ours, self._reply())
            except OSError as error:
                ours.close()
                raise SynthesisError(f"the sandbox process is gone: {error}") from None

    def end(self, connection: Connection) -> str:
        """End a program's process; return how it had ended by itself, or an empty string."""
        connection.close()
        if not self.alive:
            return ""
        with self._lock:
            try:
                self._control.sendall(COMMAND.pack(END, connection.process))
                return _how_it_ended(self._reply())
            except OSError:
                return ""

    @property
    def alive(self) -> bool:
        """Whether the sandbox runs, and belongs to this process."""
        return self._finalizer.alive and self._owner == os.getpid() and self._process.poll() is None

    def close(self) -> None:
        """End the sandbox and everything in it."""
        self._finalizer()

    def _greet(self) -> None:
        greeting = Connection(self._control, self._process.pid)
        try:
            answer = decode_answer(greeting.receive(_START_SECONDS))
        except ConnectionLostError as error:
            self._process.kill()
            complaint = self._process.communicate()[1].decode(errors="replace").strip().splitlines()
            self.close()
            raise SynthesisError(f"the sandbox does not start: {complaint[-1] if complaint else error}") from None
        self._control.settimeout(_START_SECONDS)
        if isinstance(answer, Ready) and answer.missing:
            warnings.warn(f"programs run with less protection: {answer.missing}", RuntimeWarning, stacklevel=4)

    def _reply(self) -> int:
        reply = self._control.recv(REPLY.size)
        if len(reply) < REPLY.size:
            raise OSError("no reply")
        number: int = REPLY.unpack(reply)[0]
        return number


def _worker_file() -> str:
    return str(Path(__file__).with_name("worker.py"))


def _stop(owner: int, control: socket.socket, process: subprocess.Popen[bytes]) -> None:
    control.close()
    if os.getpid() != owner:  # a fork of the client: the sandbox is not its own
        return
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _how_it_ended(status: int) -> str:
    if os.WIFEXITED(status):
        return f"exit status {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    return "" if number == signal.SIGKILL else signal.Signals(number).name
