"""The skeleton of a loop over an iterable."""

from __future__ import annotations

from wc_engine.compile.boxed.frame import Frame
from wc_engine.compile.boxed.layout import EXCEPTION, FUEL

__all__ = ["begin_loop", "begin_step", "burn_fuel", "end_step"]


def begin_loop(frame: Frame, iterable: str) -> str:
    """Make the iterator; return the slot that holds it."""
    slot = frame.hidden("iterator")
    frame.text.store(frame.text.call("wcb_iter", f"i64 {iterable}", hint="iterator"), slot)
    return slot


def begin_step(frame: Frame, iterator: str, head: str, done: str) -> str:
    """Place the loop's head: take the next item, or go to ``done`` where there is none."""
    text = frame.text
    text.place(head)
    burn_fuel(frame)
    item = text.value(f'call i64 @"{frame.helper("next")}"(ptr %ctx, i64 {text.load(iterator)})', "item")
    ended, body = text.label("ended"), text.label("body")
    text.branch(text.value(f"icmp eq i64 {item}, 0"), ended, body)
    text.place_open(ended)
    pending = text.load(text.field("%ctx", EXCEPTION))
    text.branch(text.value(f"icmp eq i64 {pending}, 0"), done, text.handler)
    text.place_open(body)
    return item


def end_step(frame: Frame, head: str) -> None:
    """Go back to the loop's head."""
    frame.text.jump(head)


def burn_fuel(frame: Frame) -> None:
    """Count one turn of a loop."""
    text = frame.text
    address = "%ctx" if not FUEL else text.field("%ctx", FUEL)
    left = text.value(f"add i64 {text.load(address)}, -1")
    text.store(left, address)
    key = ("wcb_out_of_fuel", "", text.handler)
    if key not in frame.unbound:
        frame.unbound[key] = text.label("starved")
    text.jump_unlikely(text.value(f"icmp slt i64 {left}, 0"), frame.unbound[key])
