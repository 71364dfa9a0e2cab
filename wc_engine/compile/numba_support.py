"""What generated code needs of numba: the signature of the C contract, and floats as bits."""

from __future__ import annotations

from typing import Any

from llvmlite import ir as llvm
from numba import types
from numba.extending import intrinsic

__all__ = ["SIGNATURE", "bits_of_float", "float_of_bits", "stack_words"]

SIGNATURE = types.int32(
    types.CPointer(types.int64),
    types.CPointer(types.uint64),
    types.int32,
    types.CPointer(types.uint64),
    types.CPointer(types.float64),
    types.CPointer(types.uint8),
    types.CPointer(types.int64),
)
"""``wc_step_fn`` of csrc/wc_abi.h: problem, state, action, next, reward, done, scratch -> status."""


@intrinsic
def float_of_bits(typing_context: Any, bits: Any) -> Any:
    """The float64 whose bits are an int64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], llvm.DoubleType())

    return types.float64(types.int64), generate


@intrinsic
def bits_of_float(typing_context: Any, value: Any) -> Any:
    """The bits of a float64 as an int64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], llvm.IntType(64))

    return types.int64(types.float64), generate


@intrinsic(prefer_literal=True)
def stack_words(typing_context: Any, size: Any) -> Any:
    """Room for ``size`` int64, a constant, on the stack: LLVM keeps what it can of it in registers."""
    words = size.literal_value

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        with builder.goto_entry_block():
            return builder.alloca(llvm.IntType(64), size=llvm.Constant(llvm.IntType(64), words))

    return types.CPointer(types.int64)(size), generate
