"""The sandbox process: starts once, then forks one process for each program.

Run as a script (``python worker.py FD PATH...``) by ``SandboxHost``, with an almost empty environment and without
``site``. It imports what programs may need, and never runs any program's code itself: that is done by its forks, which
start in a few milliseconds, share nothing with each other and can be ended at any time.

Commands come over the socket FD as ``COMMAND`` structures and are answered one at a time:

* fork: with the program's socket attached; answered by the new process's id;
* end: kill the process of that id; answered by its wait status.

When the socket closes, all processes end. The kernel is not asked to end this process with its parent: to the kernel
that is the thread that started it, which may be gone while the client goes on.
"""

from __future__ import annotations

import _sitebuiltins
import builtins
import gc
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from types import ModuleType

COMMAND = struct.Struct("<cq")
REPLY = struct.Struct("<q")
FORK, END = b"F", b"E"

_ALSO_IMPORTED = """
    _strptime collections.abc contextlib copyreg encodings.ascii encodings.latin_1 inspect keyword linecache tokenize
    types unicodedata weakref
"""


def main(descriptor: int, search_path: list[str]) -> None:
    """Serve commands until the client closes the socket."""
    sys.path[:] = search_path
    _add_plain_packages()
    # Not at the top: the search path comes first.
    from importlib import import_module

    from wc_engine.models.program import PURE_MODULES
    from wc_engine.models.sandbox import limits, protocol, session

    for name in (*PURE_MODULES, *_ALSO_IMPORTED.split()):
        import_module(name)
    builtins.exit = _sitebuiltins.Quitter("exit", "")
    builtins.quit = _sitebuiltins.Quitter("quit", "")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    control.sendall(protocol.frame(protocol.Ready(limits.missing_protection())))
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    gc.collect()
    gc.freeze()  # forks share these pages
    _serve(control, session.run)


def _serve(control: socket.socket, run: Callable[[int], None]) -> None:
    children: set[int] = set()
    while True:
        command, descriptors, _flags, _address = socket.recv_fds(control, COMMAND.size, 1)
        if len(command) < COMMAND.size:
            break
        kind, number = COMMAND.unpack(command)
        if kind == FORK:
            child = os.fork()
            if child == 0:
                _be_child(control, descriptors[0], run)
            os.close(descriptors[0])
            children.add(child)
            control.sendall(REPLY.pack(child))
        elif kind == END:
            control.sendall(REPLY.pack(_end(number) if number in children else 0))
            children.discard(number)
    for child in children:
        _end(child)


def _be_child(control: socket.socket, descriptor: int, run: Callable[[int], None]) -> None:
    status = 1
    try:
        control.close()
        run(descriptor)
        status = 0
    finally:
        os._exit(status)


def _end(child: int) -> int:
    os.kill(child, signal.SIGKILL)  # it is our child and not yet waited for: the number is still its own
    return os.waitpid(child, 0)[1]


def _add_plain_packages() -> None:
    """Make the packages above this file importable without running their ``__init__``, which import far more."""
    folder = os.path.dirname(os.path.abspath(__file__))
    for name in ("wc_engine.models.sandbox", "wc_engine.models", "wc_engine"):
        package = ModuleType(name)
        package.__path__ = [folder]
        sys.modules[name] = package
        folder = os.path.dirname(folder)
    state = ModuleType("wc_engine.state")
    state.__path__ = [os.path.join(sys.modules["wc_engine"].__path__[0], "state")]
    sys.modules["wc_engine.state"] = state


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
