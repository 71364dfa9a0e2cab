"""Helper functions of generated code for containers and attributes: the usual is done here, the rest by the runtime.

A store into an object of the module has to be noted, so that the module can be put back: the runtime does these.
"""

from __future__ import annotations

from wc_engine.compile.boxed import layout
from wc_engine.compile.boxed.tables import Tables

__all__ = ["attribute_store", "class_of", "container_helper"]

_UNLIKELY = ", !prof !0"
_HOW = "alwaysinline"

_OBJECT = """  %tag = and i64 %a, 7
  %object = icmp eq i64 %tag, 0
  br i1 %object, label %look, label %slow
look:
  %at = inttoptr i64 %a to ptr
  %type = load ptr, ptr %at
"""
"""To ``slow`` unless the first operand is an object."""

_NOT_OF_MODULE = f"""  %begin.at = getelementptr i8, ptr %ctx, i64 {layout.MODULE_BEGIN}
  %begin = load i64, ptr %begin.at
  %end.at = getelementptr i8, ptr %ctx, i64 {layout.MODULE_END}
  %end = load i64, ptr %end.at
  %behind = sub i64 %a, %begin
  %extent = sub i64 %end, %begin
  %own = icmp uge i64 %behind, %extent
  br i1 %own, label %free, label %slow
free:
"""


def container_helper(tables: Tables, name: str) -> str | None:
    """The text of a helper, or None where it is another one."""
    if name == "subscript":
        return _subscript(tables)
    if name == "len":
        return _length(tables)
    if name == "append":
        return _append(tables)
    if name == "push":
        return _PUSH
    if name == "pair":
        return _pair(tables)
    if name.startswith("unpack."):
        return _unpack(tables, int(name.removeprefix("unpack.")))
    return None


def type_address(tables: Tables, name: str) -> str:
    """The address of a built-in type."""
    runtime = tables.runtime
    return f"getelementptr (i8, ptr @wcb_types, i64 {runtime.types[name] * runtime.type_bytes})"


def _subscript(tables: Tables) -> str:
    """An item of a list or tuple by a small index that is not negative."""
    return f"""define internal i64 @"subscript"(ptr %ctx, i64 %a, i64 %b) {_HOW} {{
  %odd = and i64 %b, 1
  %index = ashr i64 %b, 1
  %small = icmp ne i64 %odd, 0
  br i1 %small, label %check, label %slow
check:
{_OBJECT}  %is.list = icmp eq ptr %type, {type_address(tables, "list")}
  br i1 %is.list, label %list, label %other
list:
  %length.at = getelementptr i8, ptr %at, i64 {layout.LIST_LENGTH}
  %length = load i64, ptr %length.at
  %inside = icmp ult i64 %index, %length
  br i1 %inside, label %item, label %slow
item:
  %items.at = getelementptr i8, ptr %at, i64 {layout.LIST_ITEMS}
  %items = load ptr, ptr %items.at
  %item.at = getelementptr i64, ptr %items, i64 %index
  %item.value = load i64, ptr %item.at
  ret i64 %item.value
other:
  %is.tuple = icmp eq ptr %type, {type_address(tables, "tuple")}
  br i1 %is.tuple, label %tuple, label %slow
tuple:
  %count.at = getelementptr i8, ptr %at, i64 {layout.TUPLE_LENGTH}
  %count = load i64, ptr %count.at
  %within = icmp ult i64 %index, %count
  br i1 %within, label %part, label %slow
part:
  %parts = getelementptr i8, ptr %at, i64 {layout.TUPLE_ITEMS}
  %part.at = getelementptr i64, ptr %parts, i64 %index
  %part.value = load i64, ptr %part.at
  ret i64 %part.value
slow:
  %found = call i64 @wcb_subscript(ptr %ctx, i64 %a, i64 %b)
  ret i64 %found
}}
"""


def _length(tables: Tables) -> str:
    """The length of a list or set."""
    return f"""define internal i64 @"len"(ptr %ctx, i64 %a) {_HOW} {{
{_OBJECT}  %is.list = icmp eq ptr %type, {type_address(tables, "list")}
  br i1 %is.list, label %list, label %other
list:
  %length.at = getelementptr i8, ptr %at, i64 {layout.LIST_LENGTH}
  %length = load i64, ptr %length.at
  br label %done
other:
  %is.set = icmp eq ptr %type, {type_address(tables, "set")}
  br i1 %is.set, label %set, label %slow
set:
  %used.at = getelementptr i8, ptr %at, i64 {layout.TABLE_USED}
  %used = load i32, ptr %used.at
  %wide = sext i32 %used to i64
  br label %done
done:
  %count = phi i64 [ %length, %list ], [ %wide, %set ]
  %twice = shl i64 %count, 1
  %result = or i64 %twice, 1
  ret i64 %result
slow:
  %found = call i64 @wcb_len(ptr %ctx, i64 %a)
  ret i64 %found
}}
"""


def _append(tables: Tables) -> str:
    """``a.append(b)``: a list with room."""
    return f"""define internal i64 @"append"(ptr %ctx, i64 %a, i64 %b) {_HOW} {{
{_OBJECT}  %is.list = icmp eq ptr %type, {type_address(tables, "list")}
  br i1 %is.list, label %list, label %slow
list:
{_NOT_OF_MODULE}{_ROOM}  ret i64 {layout.NONE}
slow:
  %found = call i64 @wcb_append(ptr %ctx, i64 %a, i64 %b)
  ret i64 %found
}}
"""


_ROOM = f"""  %length.at = getelementptr i8, ptr %at, i64 {layout.LIST_LENGTH}
  %length = load i64, ptr %length.at
  %capacity.at = getelementptr i8, ptr %at, i64 {layout.LIST_CAPACITY}
  %capacity = load i64, ptr %capacity.at
  %room = icmp slt i64 %length, %capacity
  br i1 %room, label %store, label %slow
store:
  %items.at = getelementptr i8, ptr %at, i64 {layout.LIST_ITEMS}
  %items = load ptr, ptr %items.at
  %item.at = getelementptr i64, ptr %items, i64 %length
  store i64 %b, ptr %item.at
  %longer = add i64 %length, 1
  store i64 %longer, ptr %length.at
"""

_PUSH = f"""define internal i32 @"push"(ptr %ctx, i64 %a, i64 %b) {_HOW} {{
  %at = inttoptr i64 %a to ptr
{_ROOM}  ret i32 0
slow:
  %found = call i32 @wcb_list_append(ptr %ctx, i64 %a, i64 %b)
  ret i32 %found
}}
"""
"""Append to a list that this very code made."""


def _unpack(tables: Tables, count: int) -> str:
    """The items of a tuple of the right length, into a row."""
    moves = "".join(
        f"  %from{place} = getelementptr i8, ptr %at, i64 {layout.TUPLE_ITEMS + 8 * place}\n"
        f"  %item{place} = load i64, ptr %from{place}\n"
        f"  %to{place} = getelementptr i8, ptr %row, i64 {8 * place}\n"
        f"  store i64 %item{place}, ptr %to{place}\n"
        for place in range(count)
    )
    return f"""define internal i32 @"unpack.{count}"(ptr %ctx, i64 %a, ptr %row) {_HOW} {{
{_OBJECT}  %is.tuple = icmp eq ptr %type, {type_address(tables, "tuple")}
  br i1 %is.tuple, label %tuple, label %slow
tuple:
  %length.at = getelementptr i8, ptr %at, i64 {layout.TUPLE_LENGTH}
  %length = load i64, ptr %length.at
  %right = icmp eq i64 %length, {count}
  br i1 %right, label %move, label %slow
move:
{moves}  ret i32 0
slow:
  %found = call i32 @wcb_unpack(ptr %ctx, i64 %a, i32 {count}, i32 -1, ptr %row)
  ret i32 %found
}}
"""


def _pair(tables: Tables) -> str:
    """The next item of a loop, unpacked into a row of two: 1, 0 at the end, -1 where something raised.

    Iterators that make tuples, as of ``enumerate`` and ``dict.items``, give the two at once.
    """
    return f"""define internal i32 @"pair"(ptr %ctx, i64 %a, ptr %row) {_HOW} {{
  %at = inttoptr i64 %a to ptr
  %type = load ptr, ptr %at
  %is.list = icmp eq ptr %type, {type_address(tables, "list_iterator")}
  br i1 %is.list, label %list, label %other
list:
  %item = call i64 @"next"(ptr %ctx, i64 %a)
  %none = icmp eq i64 %item, 0
  br i1 %none, label %other, label %parts
parts:
  %failed = call i32 @"unpack.2"(ptr %ctx, i64 %item, ptr %row)
  %status = or i32 %failed, 1
  ret i32 %status
other:
  %found = call i32 @wcb_next_pair(ptr %ctx, i64 %a, ptr %row)
  ret i32 %found
}}
"""


def attribute_store(tables: Tables, helper: str, name: str) -> str:
    """``a.name = b``: an instance of a class of the program that leaves stores to Python.

    Args:
        helper: ``set``, or ``put`` for ``object.__setattr__``, past a ``__setattr__`` of the program.
    """
    slot = tables.slot(name)
    assert slot is not None
    flags = layout.HAS_DATA_NAMES | layout.HAS_SLOTS | (layout.HAS_SETATTR if helper == "set" else 0)
    order = layout.INSTANCE_SLOTS + 8 * len(tables.slot_names)
    function = "wcb_setattr" if helper == "set" else "wcb_object_setattr"
    return f"""define internal i32 @"{helper}.{name}"(ptr %ctx, i64 %a, i64 %b) {_HOW} {{
{_OBJECT}  %kind.at = getelementptr i8, ptr %type, i64 {layout.TYPE_KIND}
  %kind = load i16, ptr %kind.at
  %plain = and i16 %kind, {0xFF | flags << 8}
  %instance = icmp eq i16 %plain, {layout.KIND_INSTANCE}
  br i1 %instance, label %kept, label %slow
kept:
  %index.at = getelementptr i8, ptr %type, i64 {layout.TYPE_INDEX}
  %index = load i16, ptr %index.at
  %program = icmp slt i16 %index, 0
  br i1 %program, label %where, label %slow
where:
{_NOT_OF_MODULE}  %flags.at = getelementptr i8, ptr %at, i64 {layout.INSTANCE_FLAGS}
  %flags = load i16, ptr %flags.at
  %pristine = and i16 %flags, 1
  %first = icmp ne i16 %pristine, 0
  br i1 %first, label %slow, label %change
change:
  %slot.at = getelementptr i8, ptr %at, i64 {layout.INSTANCE_SLOTS + 8 * slot}
  %old = load i64, ptr %slot.at
  %new = icmp eq i64 %old, 0
  br i1 %new, label %add, label %store
add:
  %order.at = getelementptr i8, ptr %at, i64 {layout.INSTANCE_NUM_ORDER}
  %count = load i16, ptr %order.at
  %more = add i16 %count, 1
  store i16 %more, ptr %order.at
  %wide = zext i16 %count to i64
  %row = getelementptr i8, ptr %at, i64 {order}
  %last = getelementptr i8, ptr %row, i64 %wide
  store i8 {slot}, ptr %last
  br label %store
store:
  store i64 %b, ptr %slot.at
  ret i32 0
slow:
  %done = call i32 @{function}(ptr %ctx, i64 %a, i32 {tables.name(name)}, i64 %b)
  ret i32 %done
}}
"""


def class_of(tables: Tables) -> str:
    """``a.__class__``: of an instance without properties, its type."""
    return f"""define internal i64 @"class"(ptr %ctx, i64 %a) {_HOW} {{
{_OBJECT}  %kind.at = getelementptr i8, ptr %type, i64 {layout.TYPE_KIND}
  %kind = load i16, ptr %kind.at
  %plain = and i16 %kind, {0xFF | layout.HAS_DATA_NAMES << 8}
  %instance = icmp eq i16 %plain, {layout.KIND_INSTANCE}
  br i1 %instance, label %found, label %slow
found:
  %result = ptrtoint ptr %type to i64
  ret i64 %result
slow:
  %other = call i64 @wcb_getattr(ptr %ctx, i64 %a, i32 {tables.name("__class__")})
  ret i64 %other
}}
"""
