"""``re``: what a regular expression finds in a constant text is found out when compiling.

Patterns and matches are constants, as texts are; what is found in one of several texts becomes a table. A text that
depends on numbers of the state is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wc_engine.compile.stage.affordable_patterns import check_pattern
from wc_engine.compile.stage.dicts import new_dict
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.values import MISSING, Const, Finite, Value

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["PATTERN_FUNCTIONS", "call_pattern_method", "has_pattern_method", "pattern_attribute"]

_SEARCHES = ("match", "fullmatch", "search", "findall", "split", "sub")
_OF_MATCHES = frozenset(["group", "groups", "groupdict", "start", "end", "span", "expand"])
_DATA = frozenset(["pattern", "string", "lastgroup", "lastindex", "re", "pos", "endpos"])


def _searcher(name: str) -> Callable[..., Any]:
    """Return ``re.name`` as a function of a pattern, texts and flags that does not take for ever."""

    def search(pattern: object, *arguments: Any, **keywords: Any) -> object:
        compiled = _compiled(pattern, keywords.pop("flags", 0))
        if name == "sub":
            replacement, text, *rest = arguments
            if not isinstance(replacement, str):
                raise TypeError
            _check(compiled, text)
            return compiled.sub(replacement, text, *rest, **keywords)
        text, *rest = arguments
        _check(compiled, text)
        return getattr(compiled, name)(text, *rest, **keywords)

    return search


def _compiled(pattern: object, flags: Any) -> re.Pattern[str]:
    if isinstance(pattern, re.Pattern):
        return pattern
    if not isinstance(pattern, str):
        raise TypeError
    check_pattern(pattern, flags, "")
    return re.compile(pattern, flags)


def _check(pattern: re.Pattern[str], text: object) -> None:
    if not isinstance(text, str):
        raise TypeError
    check_pattern(pattern.pattern, pattern.flags & ~re.UNICODE, text)


def _function(name: str) -> Callable[..., Value]:
    function = _searcher(name)
    given = {"sub": 3}.get(name, 2)

    def call(m: Machine, *arguments: Value, flags: Value = Const(0)) -> Value:  # noqa: B008
        if name not in ("sub", "split") and len(arguments) == given + 1:
            *arguments_, flags = arguments
            arguments = tuple(arguments_)
        if len(arguments) != given:
            m.unsupported(f"re.{name} with these arguments")
        return _lifted(m, lambda options, *rest: function(*rest, flags=options), (flags, *arguments), f"re.{name}")

    return call


def _lifted(m: Machine, function: Callable[..., Any], arguments: tuple[Value, ...], what: str) -> Value:
    result = lift(m, function, arguments)
    if result is None:
        m.unsupported(f"{what} of a text that depends on numbers of the state, or with this replacement")
    return result


def _compile(m: Machine, pattern: Value, flags: Value = Const(0)) -> Value:  # noqa: B008
    return _lifted(m, _compiled, (pattern, flags), "re.compile")


def _finditer(m: Machine, *arguments: Value) -> Value:
    search = _searcher("finditer")
    return m.iterator(m.iterable(_lifted(m, lambda *given: list(search(*given)), arguments, "re.finditer")), "iterator")


def _escape(m: Machine, text: Value) -> Value:
    return _lifted(m, re.escape, (text,), "re.escape")


# ---- methods --------------------


def _kinds(value: Value) -> set[type]:
    constants = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
    return {type(item) for item in constants if item is not MISSING}


def _possible(m: Machine, value: Value) -> Value:
    """Return a choice without what it cannot be on this path."""
    if not isinstance(value, Finite):
        return value
    allowed = m.allowed(value.index, len(value.values))
    return Finite(value.index, tuple(item if n in allowed else MISSING for n, item in enumerate(value.values)))


def has_pattern_method(m: Machine, value: Value, name: str) -> bool:
    """Whether a value is a pattern or match, or one of several, with a method of the name."""
    kinds = _kinds(_possible(m, value))
    return (kinds == {re.Pattern} and name in _SEARCHES) or (kinds == {re.Match} and name in _OF_MATCHES)


def pattern_attribute(m: Machine, value: Value, name: str) -> Value | None:
    """Return an attribute of a pattern or match that is no method; None where it is none of these."""
    kinds = _kinds(_possible(m, value))
    if len(kinds) != 1 or not kinds <= {re.Pattern, re.Match} or name not in _DATA:
        return None
    return lift(m, lambda item: getattr(item, name), (value,))


def call_pattern_method(m: Machine, value: Value, name: str, arguments: tuple[Value, ...]) -> Value:
    """Call a method of a pattern or match."""
    if name == "groupdict":
        return _groupdict(m, value, arguments)
    if name in _SEARCHES:
        return _lifted(m, _searcher(name), (value, *arguments), f"the method {name} of a pattern")
    return _lifted(m, lambda match, *rest: getattr(match, name)(*rest), (value, *arguments), name)


def _groupdict(m: Machine, value: Value, arguments: tuple[Value, ...]) -> Value:
    value = _possible(m, value)
    constants = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
    live = [item for item in constants if isinstance(item, re.Match)]
    names = list(dict.fromkeys(tuple(match.re.groupindex) for match in live))
    if len(names) > 1:
        assert isinstance(value, Finite)
        first = tuple(isinstance(item, re.Match) and tuple(item.re.groupindex) == names[0] for item in value.values)
        same = tuple(item if here else MISSING for item, here in zip(value.values, first, strict=True))
        others = tuple(MISSING if here else item for item, here in zip(value.values, first, strict=True))
        return m.branch(
            Finite(value.index, first),
            lambda: _groupdict(m, Finite(value.index, same), arguments),
            lambda: _groupdict(m, Finite(value.index, others), arguments),
        )
    pairs: list[tuple[Value, Value]] = []
    for name in names[0] if names else ():

        def get(match: re.Match[str], *rest: Any, name: str = name) -> object:
            return match.groupdict(*rest)[name]

        pairs.append((Const(name), _lifted(m, get, (value, *arguments), "groupdict")))
    return new_dict(m, pairs)


PATTERN_FUNCTIONS: dict[str, Callable[..., Value]] = {
    **{f"re.{name}": _function(name) for name in _SEARCHES},
    "re.compile": _compile,
    "re.finditer": _finditer,
    "re.escape": _escape,
}
"""Functions by name."""
