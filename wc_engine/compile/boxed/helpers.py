"""Helper functions of generated code: the fast path of frequent operations, in LLVM's language.

Each is small enough to be inlined; what it does not deal with goes to the runtime.
"""

from __future__ import annotations

from wc_engine.compile.boxed import layout
from wc_engine.compile.boxed.container_helpers import attribute_store, class_of, container_helper, type_address
from wc_engine.compile.boxed.frame import FAR
from wc_engine.compile.boxed.layout import FALSE, HAS_DATA_NAMES, INSTANCE_SLOTS, KIND_INSTANCE, TRUE, TYPE_KIND
from wc_engine.compile.boxed.lowering.expressions import BINARY, COMPARE
from wc_engine.compile.boxed.peeking_helpers import peeking_helper
from wc_engine.compile.boxed.tables import Tables

__all__ = ["helper_text"]

_UNLIKELY = ", !prof !0"
_HOW = "alwaysinline"


def helper_text(tables: Tables, name: str) -> str:
    """The text of a helper."""
    if name.endswith(FAR):
        near = name.removesuffix(FAR)
        text = helper_text(tables, near)
        return text.replace(f'@"{near}"', f'@"{name}"').replace(f" {_HOW} {{", " noinline {", 1)
    of_container = container_helper(tables, name)
    if of_container is not None:
        return of_container
    kind, _, rest = name.partition(".")
    if kind in ("set", "put"):
        return attribute_store(tables, kind, rest)
    if kind == "class":
        return class_of(tables)
    if kind == "get":
        return _attribute(tables, rest)
    if kind.startswith("peek"):
        return peeking_helper(tables, name)
    if kind == "test":
        return _test(rest).replace("STR_TYPE", type_address(tables, "str"))
    if kind == "value":
        return _value(rest)
    if kind == "truth":
        return _truth()
    if kind == "next":
        return _next(tables)
    if kind == "isinstance":
        return _ISINSTANCE
    if name in _EXTREMES:
        return _extreme(tables, name)
    return _arithmetic(name)


_SMALL = """  %both = and i64 %a, %b
  %tag = and i64 %both, 1
  %small = icmp ne i64 %tag, 0
  br i1 %small, label %fast, label %slow
"""


def _test(operator: str) -> str:
    """Truth of a comparison: 0, 1, or -1 where it raised."""
    place = list(COMPARE.values()).index(operator)
    condition = {"lt": "slt", "le": "sle", "eq": "eq", "ne": "ne", "gt": "sgt", "ge": "sge"}[operator]
    if operator in ("eq", "ne"):
        call = _STRINGS.format(same=int(operator == "eq"), differ=int(operator == "ne"))
        call += f"  %found = call i32 @wcb_{operator}(ptr %ctx, i64 %a, i64 %b)\n"
    else:
        call = f"  %found = call i32 @wcb_test(ptr %ctx, i32 {place}, i64 %a, i64 %b)\n"
    return (
        f'define internal i32 @"test.{operator}"(ptr %ctx, i64 %a, i64 %b) {_HOW} {{\n{_SMALL}'
        f"fast:\n  %holds = icmp {condition} i64 %a, %b\n  %result = zext i1 %holds to i32\n  ret i32 %result\n"
        f"slow:\n{call}  ret i32 %found\n}}\n"
    )


_STRINGS = f"""  %or = or i64 %a, %b
  %tags = and i64 %or, 7
  %objects = icmp eq i64 %tags, 0
  br i1 %objects, label %types, label %call
types:
  %a.at = inttoptr i64 %a to ptr
  %b.at = inttoptr i64 %b to ptr
  %a.type = load ptr, ptr %a.at
  %b.type = load ptr, ptr %b.at
  %a.text = icmp eq ptr %a.type, STR_TYPE
  %b.text = icmp eq ptr %b.type, STR_TYPE
  %texts = and i1 %a.text, %b.text
  br i1 %texts, label %strings, label %call
strings:
  %identical = icmp eq i64 %a, %b
  br i1 %identical, label %same, label %flags
same:
  ret i32 {{same}}
flags:
  %a.flag.at = getelementptr i8, ptr %a.at, i64 {layout.STR_INTERNED}
  %b.flag.at = getelementptr i8, ptr %b.at, i64 {layout.STR_INTERNED}
  %a.flag = load i8, ptr %a.flag.at
  %b.flag = load i8, ptr %b.flag.at
  %flags.both = and i8 %a.flag, %b.flag
  %interned = icmp ne i8 %flags.both, 0
  br i1 %interned, label %differ, label %call
differ:
  ret i32 {{differ}}
call:
"""
"""Two strings of one type: interned ones are equal where they are one object."""


def _value(operator: str) -> str:
    """The value of a comparison."""
    place = list(COMPARE.values()).index(operator)
    condition = {"lt": "slt", "le": "sle", "eq": "eq", "ne": "ne", "gt": "sgt", "ge": "sge"}[operator]
    return (
        f'define internal i64 @"value.{operator}"(ptr %ctx, i64 %a, i64 %b) {_HOW} {{\n{_SMALL}'
        f"fast:\n  %holds = icmp {condition} i64 %a, %b\n"
        f"  %result = select i1 %holds, i64 {TRUE}, i64 {FALSE}\n  ret i64 %result\n"
        f"slow:\n  %found = call i64 @wcb_compare(ptr %ctx, i32 {place}, i64 %a, i64 %b)\n  ret i64 %found\n}}\n"
    )


def _truth() -> str:
    return f"""define internal i32 @"truth"(ptr %ctx, i64 %a) {_HOW} {{
  %yes = icmp eq i64 %a, {TRUE}
  br i1 %yes, label %true, label %other
other:
  %no = icmp ult i64 %a, {TRUE}
  %odd = and i64 %a, 1
  %plain = icmp eq i64 %odd, 0
  br i1 %plain, label %object, label %small
small:
  %some = icmp ne i64 %a, 1
  %result = zext i1 %some to i32
  ret i32 %result
object:
  br i1 %no, label %falsy, label %slow
true:
  ret i32 1
falsy:
  ret i32 0
slow:
  %found = call i32 @wcb_truth(ptr %ctx, i64 %a)
  ret i32 %found
}}
"""


def _arithmetic(name: str) -> str:
    """An operator; a leading i says in place: iadd."""
    inplace = name not in BINARY.values()
    operator = name[1:] if inplace else name
    function = "wcb_inplace" if inplace else "wcb_binary"
    place = list(BINARY.values()).index(operator)
    return (
        f'define internal i64 @"{name}"(ptr %ctx, i64 %a, i64 %b) {_HOW} {{\n{_SMALL}'
        f"fast:\n{_FAST[operator]}"
        f"slow:\n  %found = call i64 @{function}(ptr %ctx, i32 {place}, i64 %a, i64 %b)\n  ret i64 %found\n}}\n"
    )


def _overflowing(operation: str, before: str, after: str = "") -> str:
    return (
        f"{before}  %pair = call {{ i64, i1 }} @llvm.{operation}.with.overflow.i64(i64 %x, i64 %y)\n"
        "  %raw = extractvalue { i64, i1 } %pair, 0\n  %over = extractvalue { i64, i1 } %pair, 1\n"
        f"  br i1 %over, label %slow, label %done{_UNLIKELY}\ndone:\n{after}  ret i64 %{'result' if after else 'raw'}\n"
    )


_FAST = {
    # a = 2m + 1 and b = 2n + 1
    "add": _overflowing("sadd", "  %x = add i64 %a, -1\n  %y = or i64 %b, 1\n"),
    "sub": _overflowing("ssub", "  %x = or i64 %a, 1\n  %y = add i64 %b, -1\n"),
    "mul": _overflowing("smul", "  %x = add i64 %a, -1\n  %y = ashr i64 %b, 1\n", "  %result = or i64 %raw, 1\n"),
    "and": "  %raw = and i64 %a, %b\n  ret i64 %raw\n",
    "or": "  %raw = or i64 %a, %b\n  ret i64 %raw\n",
    "xor": "  %bits = xor i64 %a, %b\n  %raw = or i64 %bits, 1\n  ret i64 %raw\n",
}


def _attribute(tables: Tables, name: str) -> str:
    """An attribute of an instance by its slot, where no property of its class stands before it; else by the runtime."""
    slot = tables.slot(name)
    assert slot is not None
    offset = INSTANCE_SLOTS + 8 * slot
    return f"""define internal i64 @"get.{name}"(ptr %ctx, i64 %a) {_HOW} {{
  %tag = and i64 %a, 7
  %object = icmp eq i64 %tag, 0
  br i1 %object, label %look, label %slow
look:
  %at = inttoptr i64 %a to ptr
  %type = load ptr, ptr %at
  %kind.at = getelementptr i8, ptr %type, i64 {TYPE_KIND}
  %kind = load i16, ptr %kind.at
  %plain = and i16 %kind, {0xFF | HAS_DATA_NAMES << 8}
  %instance = icmp eq i16 %plain, {KIND_INSTANCE}
  br i1 %instance, label %read, label %slow
read:
  %slot.at = getelementptr i8, ptr %at, i64 {offset}
  %value = load i64, ptr %slot.at
  %absent = icmp eq i64 %value, 0
  br i1 %absent, label %slow, label %found
found:
  ret i64 %value
slow:
  %other = call i64 @wcb_getattr(ptr %ctx, i64 %a, i32 {tables.name(name)})
  ret i64 %other
}}
"""


def _next(tables: Tables) -> str:
    """The next item of a loop; iterators of sets, lists, ranges and tuples are followed here in the usual case."""
    return f"""define internal i64 @"next"(ptr %ctx, i64 %a) {_HOW} {{
  %at = inttoptr i64 %a to ptr
  %type = load ptr, ptr %at
  %source.at = getelementptr i8, ptr %at, i64 {layout.ITERATOR_SOURCE}
  %position.at = getelementptr i8, ptr %at, i64 {layout.ITERATOR_POSITION}
  %is.set = icmp eq ptr %type, {type_address(tables, "set_iterator")}
  br i1 %is.set, label %set, label %other
set:
  %table = load ptr, ptr %source.at
  %ended = icmp eq ptr %table, null
  br i1 %ended, label %slow, label %look
look:
  %used.at = getelementptr i8, ptr %table, i64 {layout.TABLE_USED}
  %used = load i32, ptr %used.at
  %version.at = getelementptr i8, ptr %at, i64 {layout.ITERATOR_VERSION}
  %version = load i32, ptr %version.at
  %same = icmp eq i32 %used, %version
  %row.at = getelementptr i8, ptr %at, i64 {layout.ITERATOR_ROW}
  %row = load ptr, ptr %row.at
  %entries.at = getelementptr i8, ptr %table, i64 {layout.TABLE_ENTRIES}
  %entries = load ptr, ptr %entries.at
  %in.place = icmp eq ptr %row, %entries
  %position = load i64, ptr %position.at
  %end.at = getelementptr i8, ptr %at, i64 {layout.ITERATOR_END}
  %end = load i64, ptr %end.at
  %inside = icmp slt i64 %position, %end
  %fine = and i1 %same, %in.place
  %there = and i1 %fine, %inside
  br i1 %there, label %read, label %slow
read:
  %offset = mul i64 %position, {layout.ENTRY_BYTES}
  %shifted = add i64 %offset, {layout.ENTRY_KEY}
  %key.at = getelementptr i8, ptr %row, i64 %shifted
  %key = load i64, ptr %key.at
  %removed = icmp eq i64 %key, 0
  br i1 %removed, label %slow, label %take
take:
  %following = add i64 %position, 1
  store i64 %following, ptr %position.at
  ret i64 %key
other:
  %is.list = icmp eq ptr %type, {type_address(tables, "list_iterator")}
  br i1 %is.list, label %list, label %not.list
list:
  %list.at = load ptr, ptr %source.at
  %over = icmp eq ptr %list.at, null
  br i1 %over, label %slow, label %index
index:
  %length.at = getelementptr i8, ptr %list.at, i64 {layout.LIST_LENGTH}
  %length = load i64, ptr %length.at
  %place = load i64, ptr %position.at
  %within = icmp slt i64 %place, %length
  br i1 %within, label %item, label %slow
item:
  %items.at = getelementptr i8, ptr %list.at, i64 {layout.LIST_ITEMS}
  %items = load ptr, ptr %items.at
  %item.at = getelementptr i64, ptr %items, i64 %place
  %found = load i64, ptr %item.at
  %later = add i64 %place, 1
  store i64 %later, ptr %position.at
  ret i64 %found
not.list:
  %range.at = load ptr, ptr %source.at
  %turn = load i64, ptr %position.at
  %next.turn = add i64 %turn, 1
  %is.range = icmp eq ptr %type, {type_address(tables, "range_iterator")}
  br i1 %is.range, label %range, label %not.range
range:
  %turns.at = getelementptr i8, ptr %range.at, i64 {layout.RANGE_LENGTH}
  %turns = load i64, ptr %turns.at
  %more = icmp slt i64 %turn, %turns
  br i1 %more, label %number, label %slow
number:
  store i64 %next.turn, ptr %position.at
  %start.at = getelementptr i8, ptr %range.at, i64 {layout.RANGE_START}
  %start = load i64, ptr %start.at
  %step.at = getelementptr i8, ptr %range.at, i64 {layout.RANGE_STEP}
  %step = load i64, ptr %step.at
  %far = mul i64 %turn, %step
  %here = add i64 %start, %far
  %twice = shl i64 %here, 1
  %word = or i64 %twice, 1
  ret i64 %word
not.range:
  %is.tuple = icmp eq ptr %type, {type_address(tables, "tuple_iterator")}
  br i1 %is.tuple, label %tuple, label %slow
tuple:
  %gone = icmp eq ptr %range.at, null
  br i1 %gone, label %slow, label %count
count:
  %count.at = getelementptr i8, ptr %range.at, i64 {layout.TUPLE_LENGTH}
  %count.here = load i64, ptr %count.at
  %left = icmp slt i64 %turn, %count.here
  br i1 %left, label %part, label %slow
part:
  store i64 %next.turn, ptr %position.at
  %parts = getelementptr i8, ptr %range.at, i64 {layout.TUPLE_ITEMS}
  %part.at = getelementptr i64, ptr %parts, i64 %turn
  %part.found = load i64, ptr %part.at
  ret i64 %part.found
slow:
  %result = call i64 @wcb_next(ptr %ctx, i64 %a)
  ret i64 %result
}}
"""


_ISINSTANCE = f"""define internal i32 @"isinstance"(ptr %ctx, i64 %a, i64 %b) {_HOW} {{
  %tag = and i64 %a, 7
  %object = icmp eq i64 %tag, 0
  br i1 %object, label %look, label %slow
look:
  %at = inttoptr i64 %a to ptr
  %type = load i64, ptr %at
  %same = icmp eq i64 %type, %b
  br i1 %same, label %yes, label %slow
yes:
  ret i32 1
slow:
  %found = call i32 @wcb_is_other_instance(ptr %ctx, i64 %a, i64 %b)
  ret i32 %found
}}
"""

_EXTREMES = {"min": "slt", "max": "sgt"}


def _extreme(tables: Tables, name: str) -> str:
    """min or max of two values; of equal ones the first."""
    number = tables.runtime.builtins[name]
    return f"""define internal i64 @"{name}"(ptr %ctx, i64 %a, i64 %b) {_HOW} {{
  %row = alloca [2 x i64]
{_SMALL}fast:
  %other = icmp {_EXTREMES[name]} i64 %b, %a
  %best = select i1 %other, i64 %b, i64 %a
  ret i64 %best
slow:
  store i64 %a, ptr %row
  %second = getelementptr i8, ptr %row, i64 8
  store i64 %b, ptr %second
  %found = call i64 @wcb_call_builtin_row(ptr %ctx, i32 {number}, i32 2, i32 0, ptr %row)
  ret i64 %found
}}
"""
