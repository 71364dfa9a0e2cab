"""What a list of environments says about one of them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EnvListing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvListing:
    """One environment in a list.

    Attributes:
        name: what ``make_env`` takes.
        detail: what it is, in a few words: the id in the package that it comes from, for example.
        left_out: why ``make_env`` refuses it, or None.
    """

    name: str
    detail: str = ""
    left_out: str | None = None
