"""Offsets in the structs of csrc/boxed/value.h that generated code reads itself."""

from __future__ import annotations

__all__ = [
    "CELL_VALUE",
    "CONSTANTS",
    "DEPTH",
    "ELLIPSIS",
    "ENTRY_BYTES",
    "ENTRY_KEY",
    "EXCEPTION",
    "FALSE",
    "FIELDS",
    "FUEL",
    "FUNCTION_CELLS",
    "GENERATOR_FUNCTION",
    "GENERATOR_RESULT",
    "GENERATOR_SLOTS",
    "GENERATOR_STATE",
    "GLOBALS",
    "HANDLED",
    "HAS_DATA_NAMES",
    "HAS_SETATTR",
    "HAS_SLOTS",
    "INSTANCE_FLAGS",
    "INSTANCE_NUM_ORDER",
    "INSTANCE_SLOTS",
    "ITERATOR_END",
    "ITERATOR_POSITION",
    "ITERATOR_ROW",
    "ITERATOR_SOURCE",
    "ITERATOR_VERSION",
    "KIND_INSTANCE",
    "LIST_CAPACITY",
    "LIST_ITEMS",
    "LIST_LENGTH",
    "MAX_DEPTH",
    "MODULE_BEGIN",
    "MODULE_END",
    "NONE",
    "RANGE_LENGTH",
    "RANGE_START",
    "RANGE_STEP",
    "STATUS",
    "STR_INTERNED",
    "TABLE_ENTRIES",
    "TABLE_USED",
    "TRUE",
    "TUPLE_ITEMS",
    "TUPLE_LENGTH",
    "TYPE_INDEX",
    "TYPE_KIND",
]

NONE, FALSE, TRUE, ELLIPSIS = "2", "10", "18", "26"

# wcb_ctx
FUEL, EXCEPTION, GLOBALS, CONSTANTS, DEPTH, STATUS, HANDLED = 0, 8, 16, 24, 32, 36, 40
MODULE_BEGIN, MODULE_END = 96, 104
MAX_DEPTH = 990
# wcb_type, wcb_instance
TYPE_KIND, TYPE_INDEX, INSTANCE_NUM_ORDER, INSTANCE_FLAGS, INSTANCE_SLOTS = 8, 10, 12, 14, 40
KIND_INSTANCE = 21
HAS_SETATTR, HAS_DATA_NAMES, HAS_SLOTS = 2, 4, 16  # in the byte of flags behind the kind
# wcb_iterator, wcb_table, wcb_entry, wcb_list, wcb_tuple, wcb_range
ITERATOR_SOURCE, ITERATOR_POSITION, ITERATOR_END, ITERATOR_ROW, ITERATOR_VERSION = 16, 24, 32, 40, 64
TABLE_USED, TABLE_ENTRIES, ENTRY_BYTES, ENTRY_KEY = 8, 24, 24, 8
LIST_LENGTH, LIST_CAPACITY, LIST_ITEMS = 8, 16, 24
TUPLE_LENGTH, TUPLE_ITEMS = 8, 32
RANGE_START, RANGE_STEP, RANGE_LENGTH = 8, 24, 32
STR_INTERNED = 33
# wcb_function, wcb_cell
FUNCTION_CELLS, CELL_VALUE = 56, 8
# wcb_generator
GENERATOR_STATE, GENERATOR_RESULT, GENERATOR_FUNCTION, GENERATOR_SLOTS = 16, 24, 40, 56

FIELDS = {
    "wcb_ctx.fuel": FUEL,
    "wcb_ctx.exception": EXCEPTION,
    "wcb_ctx.globals": GLOBALS,
    "wcb_ctx.constants": CONSTANTS,
    "wcb_ctx.depth": DEPTH,
    "wcb_ctx.status": STATUS,
    "wcb_ctx.handled": HANDLED,
    "wcb_ctx.module_begin": MODULE_BEGIN,
    "wcb_ctx.module_end": MODULE_END,
    "wcb_type.kind": TYPE_KIND,
    "wcb_type.index": TYPE_INDEX,
    "wcb_instance.num_order": INSTANCE_NUM_ORDER,
    "wcb_instance.flags": INSTANCE_FLAGS,
    "wcb_instance.slots": INSTANCE_SLOTS,
    "wcb_iterator.source": ITERATOR_SOURCE,
    "wcb_iterator.position": ITERATOR_POSITION,
    "wcb_iterator.end": ITERATOR_END,
    "wcb_iterator.a": ITERATOR_ROW,
    "wcb_iterator.version": ITERATOR_VERSION,
    "wcb_table.used": TABLE_USED,
    "wcb_table.entries": TABLE_ENTRIES,
    "wcb_entry.key": ENTRY_KEY,
    "wcb_tuple.length": TUPLE_LENGTH,
    "wcb_tuple.items": TUPLE_ITEMS,
    "wcb_range.start": RANGE_START,
    "wcb_range.step": RANGE_STEP,
    "wcb_range.length": RANGE_LENGTH,
    "wcb_list.length": LIST_LENGTH,
    "wcb_list.capacity": LIST_CAPACITY,
    "wcb_list.items": LIST_ITEMS,
    "wcb_str.interned": STR_INTERNED,
    "wcb_function.cells": FUNCTION_CELLS,
    "wcb_cell.value": CELL_VALUE,
    "wcb_generator.state": GENERATOR_STATE,
    "wcb_generator.result": GENERATOR_RESULT,
    "wcb_generator.function": GENERATOR_FUNCTION,
    "wcb_generator.slots": GENERATOR_SLOTS,
    "WCB_KIND_INSTANCE": KIND_INSTANCE,
    "WCB_TYPE_HAS_SETATTR": HAS_SETATTR,
    "WCB_TYPE_HAS_DATA_NAMES": HAS_DATA_NAMES,
    "WCB_TYPE_HAS_SLOTS": HAS_SLOTS,
    "WCB_MAX_DEPTH": MAX_DEPTH,
    "WCB_NONE": int(NONE),
    "WCB_FALSE": int(FALSE),
    "WCB_TRUE": int(TRUE),
    "WCB_ELLIPSIS": int(ELLIPSIS),
}
"""The same by the names that the runtime has for them."""
