"""The emitted language means natively what it means in Python, as far as numbers stay within 64 bits."""

from __future__ import annotations

import ctypes
import math
import struct
from random import Random
from textwrap import dedent, indent
from typing import Any

import numpy as np
import pytest

from wc_engine.compile.compiled import _STEP_TYPE
from wc_engine.compile.lowering import lower
from wc_engine.compile.native import assemble, load_code
from wc_engine.errors import InternalError

HEAD = "def step(P, S, action, NEXT, REWARD, DONE, scratch):\n    H = stack_words(8)\n"
SIZE = 16
INT_MIN, INT_MAX = -(2**63), 2**63 - 1


def wrapped(value: int) -> int:
    return (value + 2**63) % 2**64 - 2**63


def in_python(text: str, problem: list[int], action: int) -> tuple[int, list[int], float, int]:
    """Run a function in Python and return (status, what it wrote, reward, done)."""
    words, reward, done = [0] * SIZE, [0.0], [0]
    names: dict[str, Any] = {
        "int64": wrapped,
        "uint64": lambda value: value % 2**64,
        "stack_words": lambda size: [0] * size,
        "float_of_bits": lambda bits: struct.unpack("<d", struct.pack("<q", bits))[0],
        "bits_of_float": lambda value: struct.unpack("<q", struct.pack("<d", value))[0],
        "inf": math.inf,
        "nan": math.nan,
    }
    exec(text, names)
    status = names["step"](problem, [value % 2**64 for value in problem], action, words, reward, done, None)
    return status, [wrapped(word) for word in words], reward[0], done[0]


def natively(text: str, problem: list[int], action: int) -> tuple[int, list[int], float, int]:
    code = load_code(assemble(lower({"step": text})), ["step"])
    memory, words = np.array(problem, dtype=np.int64), np.zeros(SIZE, dtype=np.uint64)
    reward, done = ctypes.c_double(), ctypes.c_uint8()
    pointers = (memory.ctypes.data, memory.ctypes.data, action, words.ctypes.data)
    results = (ctypes.addressof(reward), ctypes.addressof(done), memory.ctypes.data)
    status = _STEP_TYPE(code.addresses["step"])(*pointers, *results)
    return status, words.astype(np.int64).tolist(), reward.value, done.value


def agree(body: str, problem: list[int] | None = None, action: int = 0) -> tuple[int, list[int], float, int]:
    """Compare a body of statements both ways and return what it gives."""
    text = HEAD + indent(dedent(body), "    ") + "\n    return 1\n"
    numbers = [*(problem or []), *[0] * (SIZE - len(problem or []))]
    expected = in_python(text, numbers, action)
    found = natively(text, numbers, action)
    assert struct.pack("<d", found[2]) == struct.pack("<d", expected[2])
    assert (found[0], found[1], found[3]) == (expected[0], expected[1], expected[3])
    return found


NUMBERS = [-7, -3, -1, 0, 1, 2, 3, 8, 10**12, -(10**12), INT_MAX, INT_MIN + 1]


def test_division_rounds_towards_minus_infinity_and_the_remainder_has_the_sign_of_the_divisor() -> None:
    random = Random(3)
    for _ in range(12):
        numbers = [random.choice(NUMBERS) for _ in range(6)]
        divisor = random.choice([number for number in NUMBERS if number])
        lines = [f"NEXT[{place}] = uint64(P[{place}] // P[8])" for place in range(6)]
        lines += [f"NEXT[{place + 6}] = uint64(P[{place}] % P[8])" for place in range(6)]
        lines += ["NEXT[12] = uint64(P[0] // 8)", "NEXT[13] = uint64(P[1] % 3)", "NEXT[14] = uint64(P[2] // -3)"]
        agree("\n".join(lines), [*numbers, 0, 0, divisor])


def test_comparisons_are_signed_and_chains_hold_where_every_link_does() -> None:
    random = Random(4)
    tests = ["P[0] < P[1]", "P[0] >= P[1]", "P[0] <= P[1] < P[2]", "0 <= P[0] != P[1]", "not P[0] == P[2] < P[1]"]
    lines = [f"NEXT[{place}] = uint64(1 if {test} else 0)" for place, test in enumerate(tests)]
    for _ in range(12):
        agree("\n".join(lines), [random.choice(NUMBERS) for _ in range(3)])


def test_bits_shift_out_at_the_top_and_come_in_as_zeros_or_signs() -> None:
    agree(
        """
        NEXT[0] = uint64(P[0] & 255) << uint64(P[1])
        NEXT[1] = S[0] >> uint64(P[1])
        NEXT[2] = uint64((P[0] ^ P[2]) | 4)
        NEXT[3] = uint64(P[0] >> 3)
        NEXT[0] |= uint64(6)
        x = 9
        x += P[1]
        x -= 20
        NEXT[4] = uint64(x)
        """,
        [-12345, 40, 77],
    )


def test_floats_keep_every_bit() -> None:
    for first, second in ((0.1, 0.2), (1e308, 1e10), (-0.0, 0.0), (2.5, -0.3)):
        bits = struct.unpack("<2q", struct.pack("<2d", first, second))
        agree(
            """
            a = float_of_bits(P[0])
            b = float_of_bits(P[1])
            c = a + b - 0.1 * a + abs(b) + float(P[2])
            H[0] = bits_of_float(c)
            REWARD[0] = (-float_of_bits(H[0])) if a != b else inf
            DONE[0] = 1 if (a < b or a >= 2.0) else 0
            NEXT[0] = uint64(bits_of_float(a / 3.0))
            """,
            [*bits, 3],
        )


def test_the_second_operand_is_looked_at_only_where_the_first_does_not_decide() -> None:
    far = 1 << 40  # no memory is there
    body = f"""
    NEXT[0] = uint64(1 if (P[0] > 0 and P[P[1]] > 0) else 2)
    t = P[0] > 0 and P[P[1] + 0] > 0
    NEXT[1] = uint64(P[P[1]] if P[0] > 0 else 5)
    if P[0] <= 0 or P[P[1]] == 7:
        NEXT[2] = uint64(3)
    j = {far}
    while j < {far} and P[j] > 0:
        j -= 1
    DONE[0] = 1 if t else 0
    """
    assert agree(body, [0, far])[1][:3] == [2, 5, 3]
    assert agree(body, [1, 2, 7])[1][:3] == [1, 7, 3]


def test_loops_break_continue_and_keep_the_last_value_of_their_variable() -> None:
    body = """
    total = 0
    i = 50
    for i in range(P[0]):
        if i == P[1]:
            continue
        if i == P[2]:
            break
        for j in range(1, i):
            total = total + j
    k = 0
    while True:
        k += 1
        if k > 9:
            break
        if k % 2 == 0:
            continue
        total = total + 100
    q0, q1 = min(total, i), max(total, i)
    NEXT[0] = uint64(q0)
    NEXT[1] = uint64(q1)
    NEXT[2] = uint64(i)
    if action == 3:
        return 2
    elif action != 1:
        NEXT[3] = uint64(abs(P[3]))
    else:
        pass
    """
    for numbers in ([0, 1, 1], [5, 2, 9], [9, 2, 4, -6]):
        for action in (0, 1, 3):
            agree(body, numbers, action)


def test_what_is_not_of_the_language_is_a_bug_of_the_compiler() -> None:
    for line in ("x = y", "x = 1 + 2.0", "x = print(1)", "x = P[0] if 1 < 2 else True", "import os", "x = 'a'"):
        with pytest.raises(InternalError, match="generated code"):
            natively(HEAD + f"    {line}\n    return 1\n", [0], 0)
