"""What the columns of entities hold while a function runs: more than what a state may hold."""

from __future__ import annotations

from wc_engine.state.schema import Domain, IntDomain

__all__ = ["while_running"]

_SLACK = 1 << 31
_POSITION = frozenset({"x", "y"})


def while_running(domain: Domain, attribute: str) -> Domain:
    """Return the values that an attribute of a changing type may have between a call's beginning and its end.

    Programs subtract first and clamp then: health below 0 is no state, but no reason to give up the step either. What
    comes out is compared with the domain when the next state is packed. Positions stay in theirs: grids rely on it.
    """
    if attribute in _POSITION or not isinstance(domain, IntDomain):
        return domain
    return IntDomain(domain.low - _SLACK, domain.high + _SLACK)
