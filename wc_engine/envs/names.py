"""Messages about names that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

__all__ = ["near_names", "unknown_name"]

_FEW = 12
"""Known names beyond which a message does not list them all."""


def near_names(given: str, known: Sequence[str], *, count: int = 3) -> list[str]:
    """Return the known names that ``given`` may have meant, the likeliest first."""
    wanted = given.lower()
    if not wanted:
        return []
    lower = {name.lower(): name for name in reversed(known)}
    # difflib alone misses a plain prefix or end of a long name ("soko", "doorkey-5x5"), which are the commonest slips.
    near = [name for name in known if name.lower().startswith(wanted) or name.lower().endswith(f":{wanted}")]
    near.sort(key=len)
    near += [lower[name] for name in difflib.get_close_matches(wanted, lower, n=count, cutoff=0.4)]
    return list(dict.fromkeys(near))[:count]


def unknown_name(what: str, given: str, known: Sequence[str], *, lister: str = "") -> str:
    """Return one line: what is unknown, the names that it may have been, and the known ones or what lists them."""
    near = near_names(given, known, count=1 if len(known) <= _FEW else 3)
    hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    if len(known) <= _FEW:
        hint += f"known: {', '.join(known)}"
    elif lister:
        hint += f"known: {', '.join(known[:2])} and {len(known) - 2} more, which {lister} lists"
    return f"unknown {what} {given!r}: {hint}".rstrip(" :")
