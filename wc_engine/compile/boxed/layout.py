"""Offsets in the structs of csrc/boxed/value.h that generated code reads itself; the tests compare them with C's."""

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
    "FUEL",
    "FUNCTION_CELLS",
    "GENERATOR_FUNCTION",
    "GENERATOR_RESULT",
    "GENERATOR_SLOTS",
    "GENERATOR_STATE",
    "GLOBALS",
    "HANDLED",
    "HAS_DATA_NAMES",
    "INSTANCE_SLOTS",
    "ITERATOR_END",
    "ITERATOR_POSITION",
    "ITERATOR_ROW",
    "ITERATOR_SOURCE",
    "ITERATOR_VERSION",
    "KIND_INSTANCE",
    "LIST_ITEMS",
    "LIST_LENGTH",
    "MAX_DEPTH",
    "NONE",
    "STATUS",
    "STR_INTERNED",
    "TABLE_ENTRIES",
    "TABLE_USED",
    "TRUE",
    "TYPE_KIND",
]

NONE, FALSE, TRUE, ELLIPSIS = "2", "10", "18", "26"

# wcb_ctx
FUEL, EXCEPTION, GLOBALS, CONSTANTS, DEPTH, STATUS, HANDLED = 0, 8, 16, 24, 32, 36, 40
MAX_DEPTH = 990
# wcb_type, wcb_instance
TYPE_KIND, INSTANCE_SLOTS = 8, 40
KIND_INSTANCE = 21
HAS_DATA_NAMES = 4  # in the byte of flags behind the kind
# wcb_iterator, wcb_table, wcb_entry, wcb_list
ITERATOR_SOURCE, ITERATOR_POSITION, ITERATOR_END, ITERATOR_ROW, ITERATOR_VERSION = 16, 24, 32, 40, 64
TABLE_USED, TABLE_ENTRIES, ENTRY_BYTES, ENTRY_KEY = 8, 24, 24, 8
LIST_LENGTH, LIST_ITEMS = 8, 24
STR_INTERNED = 33
# wcb_function, wcb_cell
FUNCTION_CELLS, CELL_VALUE = 56, 8
# wcb_generator
GENERATOR_STATE, GENERATOR_RESULT, GENERATOR_FUNCTION, GENERATOR_SLOTS = 16, 24, 40, 56
