"""Ctrl-C that is not lost, although code in between swallows the exception it raises.

Python raises ``KeyboardInterrupt`` wherever the main thread happens to be. In a destructor it is printed and forgotten
("Exception ignored in ..."), and a program that is run may catch it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["remembered_interrupts"]


@contextmanager
def remembered_interrupts() -> Iterator[Callable[[], None]]:
    """Remember that Ctrl-C came; yield a function that raises ``KeyboardInterrupt`` if it did.

    The exception is raised at once, too, as without this. Who is in charge calls the function at places where it can
    stop. Outside the main thread, and where Ctrl-C is ignored or handled outside Python, the function does nothing.
    """
    previous = signal.getsignal(signal.SIGINT)
    interrupted = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        assert callable(previous)
        try:
            previous(number, frame)
        except KeyboardInterrupt:
            interrupted = True
            raise

    def check() -> None:
        if interrupted:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        yield check  # the signal arrives elsewhere
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, previous)
