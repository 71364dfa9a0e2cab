"""The skeleton of a loop over an iterable."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import Frame
from wc_engine.compile.boxed.layout import EXCEPTION, FUEL
from wc_engine.compile.boxed.lowering.sieves import Sieve

__all__ = ["begin_loop", "begin_pair_step", "begin_step", "burn_fuel", "end_step", "is_pair"]


def begin_loop(frame: Frame, iterable: str) -> str:
    """Make the iterator; return the slot that holds it."""
    slot = frame.hidden("iterator")
    frame.text.store(frame.text.call("wcb_iter", f"i64 {iterable}", hint="iterator"), slot)
    return slot


def begin_step(frame: Frame, iterator: str, head: str, done: str, sieve: Sieve | None = None) -> str:
    """Place the loop's head: take the next item, or go to ``done`` where there is none."""
    text = frame.text
    text.place(head)
    burn_fuel(frame)
    ended, body = text.label("ended"), text.label("body")
    if sieve is None:
        item = text.value(f'call i64 @"{frame.helper("next")}"(ptr %ctx, i64 {text.load(iterator)})', "item")
        text.branch(text.value(f"icmp eq i64 {item}, 0"), ended, body)
        text.place_open(ended)
    else:
        item, last = sieve.lower_next(frame, text.load(iterator))
        text.branch(text.value(f"icmp eq i64 {item}, 0"), ended, body)
        text.place_open(ended)
        sieve.keep_last(frame, text.load(last))
    pending = text.load(text.field("%ctx", EXCEPTION))
    text.branch(text.value(f"icmp eq i64 {pending}, 0"), done, text.handler)
    text.place_open(body)
    return item


def begin_pair_step(frame: Frame, iterator: str, head: str, done: str) -> tuple[str, str]:
    """As ``begin_step`` where the target is two names or the like; return what they get."""
    text = frame.text
    text.place(head)
    burn_fuel(frame)
    frame.tables.helpers |= {"next", "unpack.2"}
    row = text.argument_room(2)
    status = text.call_status(frame.helper("pair"), f"i64 {text.load(iterator)}", f"ptr {row}")
    body = text.label("body")
    text.branch(text.truth_of_status(status), body, done)
    text.place_open(body)
    return text.load(row), text.load(text.field(row, 8))


def is_pair(target: ast.expr) -> bool:
    """Whether a target takes exactly two values."""
    return (
        isinstance(target, (ast.Tuple, ast.List))
        and len(target.elts) == 2
        and not any(isinstance(item, ast.Starred) for item in target.elts)
    )


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
