"""Ctrl-C that code in between swallows."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import pytest

from wc_engine.interrupts import remembered_interrupts


class Swallowing:
    """What has a destructor: Python prints an exception raised there and forgets it."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def test_an_interrupt_in_a_destructor_is_not_printed_but_raised_at_the_next_check() -> None:
    with remembered_interrupts() as raise_if_interrupted:
        raise_if_interrupted()
        thing = Swallowing()
        del thing
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                raise_if_interrupted()


def test_an_interrupt_in_a_destructor_is_raised_at_the_end_where_nobody_asks() -> None:
    thing = Swallowing()
    with pytest.raises(KeyboardInterrupt), remembered_interrupts():
        del thing


def test_an_interrupt_is_raised_at_once_too_and_known_outside() -> None:
    before = signal.getsignal(signal.SIGINT)
    with remembered_interrupts() as outer:
        with pytest.raises(KeyboardInterrupt), remembered_interrupts():
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            outer()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_handler_that_raises_nothing_keeps_its_say() -> None:
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGINT, hear)
    try:
        with remembered_interrupts() as raise_if_interrupted:
            signal.raise_signal(signal.SIGINT)
            raise_if_interrupted()
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT]


def test_other_threads_and_ignored_signals_are_left_alone() -> None:
    checked = threading.Event()

    def work() -> None:
        with remembered_interrupts() as raise_if_interrupted:
            raise_if_interrupted()
            checked.set()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert checked.is_set()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with remembered_interrupts() as raise_if_interrupted:
            signal.raise_signal(signal.SIGINT)
            raise_if_interrupted()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
