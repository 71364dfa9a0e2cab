"""Regular expressions that are matched while a program is compiled: only where that certainly ends soon.

``(a+)+b`` takes a time that doubles with every letter of the text, and nothing can interrupt Python's matcher. So a
pattern is used where the number of ways to try is small: a text of n letters can be cut by k repetitions in about n to
the power of k ways, each choice doubles them, and a repetition inside another one must begin or end with a letter that
nothing else in it matches. A repetition that can end at one place only, as that of ``\\w+ `` can, is no choice.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from wc_engine.compile.stage.affordable import TooCostlyError

__all__ = ["check_pattern"]

_MAX_PATTERN = 400
_MAX_TEXT = 400
_MAX_WAYS = 1 << 24

_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_PLAIN = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN, _constants.AT, _constants.CATEGORY)
_MANY = 8
"""Repetitions beyond this count as any number."""


def check_pattern(pattern: str, flags: int, text: str) -> None:
    """Make sure that matching ends soon.

    Raises:
        TooCostlyError: it may not, or that cannot be told.
        re.error: the pattern is none.
    """
    if len(pattern) > _MAX_PATTERN or len(text) > _MAX_TEXT:
        raise TooCostlyError
    repeats, choices = _ways(pattern, flags)
    # One more for the places where a search begins, and for what is found one after the other.
    if max(len(text), 2) ** (repeats + 1) << choices > _MAX_WAYS:
        raise TooCostlyError


@lru_cache(maxsize=256)
def _ways(pattern: str, flags: int) -> tuple[int, int]:
    parsed = _parser.parse(pattern, flags)
    return _count(parsed, None if parsed.state.flags & re.IGNORECASE else _END, inside=False)


_END = (_constants.AT, _constants.AT_END)
_ENDS = (_constants.AT_END, _constants.AT_END_STRING)


def _ends_once(body: Any, following: Any) -> bool:
    """Whether a repetition of one letter can end at one place only: before a letter that it does not match."""
    parts = list(body)
    if len(parts) != 1 or parts[0][0] not in _PLAIN or following is None:
        return False
    operation, argument = following
    if operation is _constants.LITERAL:
        return not _may_match(parts[0], chr(argument))
    return operation is _constants.AT and argument in _ENDS


def _count(items: Any, end: Any, *, inside: bool) -> tuple[int, int]:
    """How many repetitions, and how many choices, can stand in each other's way.

    Args:
        items: a part of a parsed pattern.
        end: what comes behind it; None where that is not known, or letters match others.
        inside: whether it is repeated itself.
    """
    repeats = choices = 0
    for place, (operation, argument) in enumerate(items):
        following = None if end is None else items[place + 1] if place + 1 < len(items) else end
        if operation in _PLAIN:
            continue
        if operation in _REPEATS:
            low, high, body = argument
            many = high > _MANY
            if many and inside:
                raise TooCostlyError
            inner = _count(body, None, inside=False)
            if inner[0] and (many or high > 1) and not _is_delimited(body):
                raise TooCostlyError
            repeats += inner[0] + (many and not _ends_once(body, following))
            choices += inner[1] * min(int(high), _MANY) + (0 if many else max(0, int(high) - int(low)).bit_length())
        elif operation is _constants.SUBPATTERN:
            inner = _count(argument[3], None if argument[1] else following, inside=inside)
            repeats, choices = repeats + inner[0], choices + inner[1]
        elif operation is _constants.BRANCH:
            for branch in argument[1]:
                inner = _count(branch, None, inside=inside)
                repeats, choices = repeats + inner[0], choices + inner[1] + 1
        elif operation in (_constants.ASSERT, _constants.ASSERT_NOT):
            inner = _count(argument[1], None, inside=inside)
            repeats, choices = repeats + inner[0], choices + inner[1]
        else:
            raise TooCostlyError
    return repeats, choices


def _is_delimited(body: Any) -> bool:
    """Whether each round begins or ends with a letter that the rest of it cannot match: there is one way to cut."""
    parts = list(body)
    while len(parts) == 1 and parts[0][0] is _constants.SUBPATTERN:
        parts = list(parts[0][1][3])
    if not parts:
        return False
    for first, rest in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
        if first[0] is _constants.LITERAL and not any(_may_match(item, chr(first[1])) for item in rest):
            return True
    return False


def _may_match(item: Any, letter: str) -> bool:
    operation, argument = item
    if operation is _constants.LITERAL:
        return bool(chr(argument) == letter)
    if operation is _constants.IN:
        return _in_class(argument, letter)
    if operation in _REPEATS:
        return any(_may_match(inner, letter) for inner in argument[2])
    if operation is _constants.SUBPATTERN:
        return any(_may_match(inner, letter) for inner in argument[3])
    return True


_CATEGORIES = {
    _constants.CATEGORY_WORD: r"\w",
    _constants.CATEGORY_DIGIT: r"\d",
    _constants.CATEGORY_SPACE: r"\s",
    _constants.CATEGORY_NOT_WORD: r"\W",
    _constants.CATEGORY_NOT_DIGIT: r"\D",
    _constants.CATEGORY_NOT_SPACE: r"\S",
}


def _in_class(items: Any, letter: str) -> bool:
    negated, found = False, False
    for operation, argument in items:
        if operation is _constants.NEGATE:
            negated = True
        elif operation is _constants.LITERAL:
            found |= chr(argument) == letter
        elif operation is _constants.RANGE:
            found |= argument[0] <= ord(letter) <= argument[1]
        elif operation is _constants.CATEGORY and argument in _CATEGORIES:
            found |= re.fullmatch(_CATEGORIES[argument], letter) is not None
        else:
            return True
    return found != negated
