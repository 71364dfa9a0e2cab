"""Offsets in the structs of csrc/boxed/value.h that generated code reads itself; the tests compare them with C's."""

from __future__ import annotations

__all__ = [
    "CELL_VALUE",
    "CONSTANTS",
    "DEPTH",
    "ELLIPSIS",
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
    "INSTANCE_SLOTS",
    "KIND_INSTANCE",
    "MAX_DEPTH",
    "NONE",
    "STATUS",
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
# wcb_function, wcb_cell
FUNCTION_CELLS, CELL_VALUE = 56, 8
# wcb_generator
GENERATOR_STATE, GENERATOR_RESULT, GENERATOR_FUNCTION, GENERATOR_SLOTS = 16, 24, 40, 56
