"""Operations on constants that could take for ever, or all memory, while a program is compiled: within bounds only.

A program is a stranger's, and ``10 ** 10 ** 9`` or ``"a".center(10 ** 12)`` are computed by the compiler itself. What
would give more than a constant can hold is refused before it is begun.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

__all__ = [
    "MAX_BITS",
    "MAX_LENGTH",
    "TooCostlyError",
    "combinatorial",
    "filled_in",
    "formatted",
    "power",
    "remainder",
    "shift_left",
    "string_method",
    "times",
]

MAX_BITS = 4096
"""Bits of an int that a constant can be."""

MAX_LENGTH = 4096
"""Characters of a text, or elements of a tuple, that a constant can be."""

MAX_COMBINATORIAL = 512
"""The largest number of which a factorial, or the number of its subsets, is computed."""

_PADDING = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill"})
_LONG_NUMBER = re.compile(r"\d{5}")
_NESTED_FIELD = re.compile(r"\{[^{}]*\{")


class TooCostlyError(Exception):
    """An operation was not begun: its result would be larger than any constant."""


def power(base: Any, exponent: Any) -> Any:
    """Return ``base ** exponent``.

    Raises:
        TooCostlyError: the result has more than ``MAX_BITS`` bits.
    """
    if isinstance(base, int) and isinstance(exponent, int) and exponent > 0:
        _require((abs(base).bit_length() - 1) * exponent <= MAX_BITS)
    return operator.pow(base, exponent)


def shift_left(value: Any, places: Any) -> Any:
    """Return ``value << places``.

    Raises:
        TooCostlyError: it moves by more than ``MAX_BITS`` places.
    """
    if isinstance(value, int) and isinstance(places, int):
        _require(places <= MAX_BITS)
    return operator.lshift(value, places)


def times(left: Any, right: Any) -> Any:
    """Return ``left * right``, of numbers or of a sequence and a number.

    Raises:
        TooCostlyError: the result has more than ``MAX_LENGTH`` elements.
    """
    for sequence, count in ((left, right), (right, left)):
        if isinstance(sequence, (str, tuple, list)) and isinstance(count, int):
            _require(len(sequence) * count <= MAX_LENGTH)
    return operator.mul(left, right)


def remainder(left: Any, right: Any) -> Any:
    """Return ``left % right``, of numbers or of a format and its values.

    Raises:
        TooCostlyError: the format asks for a width that may be too large.
    """
    if isinstance(left, str):
        _require("*" not in left and not _LONG_NUMBER.search(left))
    return operator.mod(left, right)


def string_method(text: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    """Call the method ``name`` of a text.

    Raises:
        TooCostlyError: it pads the text to more than ``MAX_LENGTH`` characters.
    """
    if name in _PADDING and arguments and isinstance(arguments[0], int):
        _require(arguments[0] <= MAX_LENGTH)
    return getattr(text, name)(*arguments)


def filled_in(text: str, values: tuple[Any, ...], named: Mapping[str, Any] = MappingProxyType({})) -> str:
    """Return ``text.format(*values, **named)``.

    Raises:
        TooCostlyError: a width or precision may be too large.
    """
    _require(not _LONG_NUMBER.search(text) and not _NESTED_FIELD.search(text))
    return text.format(*values, **named)


def formatted(value: Any, spec: Any) -> str:
    """Return ``format(value, spec)``.

    Raises:
        TooCostlyError: the width or precision may be too large.
    """
    _require(not _LONG_NUMBER.search(spec))
    return format(value, spec)


def combinatorial(function: Callable[..., int]) -> Callable[..., int]:
    """Return ``math.factorial``, ``math.comb`` or ``math.perm`` for small numbers.

    What it returns raises ``TooCostlyError`` where a number is larger than ``MAX_COMBINATORIAL``.
    """

    @functools.wraps(function)
    def bounded(*numbers: Any) -> int:
        _require(not any(isinstance(number, int) and number > MAX_COMBINATORIAL for number in numbers))
        return function(*numbers)

    return bounded


def _require(affordable: bool) -> None:
    if not affordable:
        raise TooCostlyError
