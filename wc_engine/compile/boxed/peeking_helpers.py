"""Helper functions of generated code that look at a value without any effect; 0: it cannot be told that way."""

from __future__ import annotations

from wc_engine.compile.boxed import layout
from wc_engine.compile.boxed.container_helpers import type_address
from wc_engine.compile.boxed.tables import Tables

__all__ = ["peeking_helper"]

_OBJECT = """  %tag = and i64 %a, 7
  %even = icmp eq i64 %tag, 0
  %some = icmp ne i64 %a, 0
  %object = and i1 %even, %some
  br i1 %object, label %look, label %unknown
look:
  %at = inttoptr i64 %a to ptr
  %type = load ptr, ptr %at
"""
_UNKNOWN = "unknown:\n  ret i64 0\n}\n"


def peeking_helper(tables: Tables, name: str) -> str:
    """The text of a helper."""
    kind, _, rest = name.partition(".")
    if kind == "peek":
        return _attribute(tables, rest)
    if kind == "peekitem":
        return _item(tables)
    return _sum(name.removeprefix("peek"))


def _attribute(tables: Tables, name: str) -> str:
    """An attribute of an instance without properties."""
    slot = tables.slot(name)
    assert slot is not None
    return f"""define internal i64 @"peek.{name}"(ptr %ctx, i64 %a) alwaysinline {{
{_OBJECT}  %kind.at = getelementptr i8, ptr %type, i64 {layout.TYPE_KIND}
  %kind = load i16, ptr %kind.at
  %plain = and i16 %kind, {0xFF | layout.HAS_DATA_NAMES << 8}
  %instance = icmp eq i16 %plain, {layout.KIND_INSTANCE}
  br i1 %instance, label %read, label %unknown
read:
  %slot.at = getelementptr i8, ptr %at, i64 {layout.INSTANCE_SLOTS + 8 * slot}
  %value = load i64, ptr %slot.at
  ret i64 %value
{_UNKNOWN}"""


def _item(tables: Tables) -> str:
    """An item of a tuple by its index."""
    return f"""define internal i64 @"peekitem"(ptr %ctx, i64 %a, i64 %b) alwaysinline {{
{_OBJECT}  %is.tuple = icmp eq ptr %type, {type_address(tables, "tuple")}
  br i1 %is.tuple, label %tuple, label %unknown
tuple:
  %length.at = getelementptr i8, ptr %at, i64 {layout.TUPLE_LENGTH}
  %length = load i64, ptr %length.at
  %inside = icmp ult i64 %b, %length
  br i1 %inside, label %read, label %unknown
read:
  %items = getelementptr i8, ptr %at, i64 {layout.TUPLE_ITEMS}
  %item.at = getelementptr i64, ptr %items, i64 %b
  %value = load i64, ptr %item.at
  ret i64 %value
{_UNKNOWN}"""


def _sum(operator: str) -> str:
    """The sum or difference of two small ints."""
    tagged, plain = ("b", "a") if operator == "add" else ("a", "b")
    words = {tagged: f"or i64 %{tagged}, 1", plain: f"add i64 %{plain}, -1"}
    return f"""define internal i64 @"peek{operator}"(ptr %ctx, i64 %a, i64 %b) alwaysinline {{
  %both = and i64 %a, %b
  %tag = and i64 %both, 1
  %small = icmp ne i64 %tag, 0
  br i1 %small, label %numbers, label %unknown
numbers:
  %x = {words["a"]}
  %y = {words["b"]}
  %pair = call {{ i64, i1 }} @llvm.s{operator}.with.overflow.i64(i64 %x, i64 %y)
  %raw = extractvalue {{ i64, i1 }} %pair, 0
  %over = extractvalue {{ i64, i1 }} %pair, 1
  br i1 %over, label %unknown, label %done
done:
  ret i64 %raw
{_UNKNOWN}"""
