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

    The exception is raised at once, too, as without this, but for destructors, where Python would only print it. Who is
    in charge calls the function at places where it can stop. Outside the main thread, and where Ctrl-C is ignored or
    handled outside Python, the function does nothing.
    """
    previous = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        yield _do_nothing  # the signal arrives elsewhere
        return
    watch = _Watch(previous)
    signal.signal(signal.SIGINT, watch.note)
    try:
        yield watch.check
    finally:
        signal.signal(signal.SIGINT, previous)
    watch.deliver()


class _Watch:
    """What came while a handler stood before another one."""

    def __init__(self, handler: Callable[[int, FrameType | None], object]) -> None:
        self._handler = handler
        self._has_raised = False
        self._waits = False

    def note(self, number: int, frame: FrameType | None) -> None:
        self._waits = True
        if not _is_in_destructor(frame):
            self.deliver(frame)

    def check(self) -> None:
        self.deliver()
        if self._has_raised:
            raise KeyboardInterrupt

    def deliver(self, frame: FrameType | None = None) -> None:
        """Give the handler what waits for it."""
        if not self._waits:
            return
        self._waits = False
        try:
            self._handler(signal.SIGINT, frame)
        except KeyboardInterrupt:
            self._has_raised = True
            raise


def _is_in_destructor(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code.co_name != "__del__":
        frame = frame.f_back
    return frame is not None


def _do_nothing() -> None:
    pass
