"""How many tokens a text has, about: no two tokenizers agree, and none of them is at hand without a download."""

from __future__ import annotations

import re

__all__ = ["estimate_tokens"]

_PIECES = re.compile(r"[^\W\d_]+|\d+|\s+|_|[^\w\s]")
_LETTERS_PER_TOKEN = 5
_DIGITS_PER_TOKEN = 3


def estimate_tokens(text: str) -> int:
    """Return an estimate that is seldom too low.

    Common tokenizers take a short word, up to three digits, or a run of signs as one token, and the blank before a
    word with it. Here every sign counts, long words are cut, and blanks count where there are several.
    """
    total = 0
    for match in _PIECES.finditer(text):
        piece = match[0]
        if piece.isdigit():
            total += -(-len(piece) // _DIGITS_PER_TOKEN)
        elif piece.isspace():
            total += piece != " "
        elif not piece.isascii():
            total += len(piece)
        else:
            total += -(-len(piece) // _LETTERS_PER_TOKEN)
    return total
