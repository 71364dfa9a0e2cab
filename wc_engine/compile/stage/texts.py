"""Texts that are put together at run time: sequences of characters, each of which is one of some known ones.

``"".join(row)`` of a row of cells is a list of characters to whoever counts, compares, indexes or splits it. It never
changes, so slices and joins may share its memory. What else programs do with texts is refused, or ends in a text that
may only be printed (``OPAQUE_TEXT``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.ir import ZERO, Expr, Kind, Lit, Loop, Op
from wc_engine.compile.stage.arrays import memory_of
from wc_engine.compile.stage.collections import new_list, site_of
from wc_engine.compile.stage.equality import equal, exists
from wc_engine.compile.stage.heap_objects import SeqObject
from wc_engine.compile.stage.laziness import lazy
from wc_engine.compile.stage.lifting import lift
from wc_engine.compile.stage.logic import both, invert
from wc_engine.compile.stage.operators import arithmetic
from wc_engine.compile.stage.queries import Query, TableQuery, concat, items_query, known_items
from wc_engine.compile.stage.stretches import PartQuery, repeated
from wc_engine.compile.stage.values import (
    MISSING,
    NONE,
    Const,
    Finite,
    Num,
    Ref,
    Union,
    Value,
    boolean,
)

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine
    from wc_engine.compile.stage.paths import BlockHandle

__all__ = ["TEXT_METHODS", "added", "are_texts", "chars_of", "holds_part", "is_text_object", "joined", "repeated_text"]

_ONE = Lit(1, Kind.INT)


def is_text_object(m: Machine, value: Value) -> bool:
    """Whether a value is a text that was put together at run time."""
    content = m.store.heap.get(value.object_id) if isinstance(value, Ref) else None
    return isinstance(content, SeqObject) and content.kind == "str"


def _texts(value: Value) -> list[str] | None:
    """The texts that a value is one of; None for others."""
    values = (value.value,) if isinstance(value, Const) else value.values if isinstance(value, Finite) else ()
    live = [item for item in values if item is not MISSING]
    return live if live and all(isinstance(item, str) for item in live) else None


def chars_of(m: Machine, value: Value) -> Query | None:
    """Return the characters of a text; None for what is none."""
    if isinstance(value, Ref) and is_text_object(m, value):
        content = m.object(value)
        assert isinstance(content, SeqObject)
        return content.content
    texts = _texts(value)
    if texts is None:
        return None
    if isinstance(value, Const):
        return items_query(tuple(map(Const, value.value)))
    if all(len(text) == 1 for text in texts):
        return items_query((value,))
    assert isinstance(value, Finite)
    return _ChoiceQuery(value)


@dataclass(frozen=True, slots=True)
class _ChoiceQuery:
    """The characters of whichever text a choice is."""

    choice: Finite

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        for text in dict.fromkeys(item for item in self.choice.values if item is not MISSING):
            is_it = Finite(self.choice.index, tuple(MISSING if v is MISSING else v == text for v in self.choice.values))
            m.when(is_it, lambda text=text: items_query(tuple(map(Const, text))).iterate(m, body))  # type: ignore[misc]


@dataclass(frozen=True, eq=False, slots=True)
class JoinQuery:
    """The characters of ``separator.join(elements)``; raises TypeError where an element is no text."""

    separator: str
    elements: Query

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        first = m.new_cell(Const(True))

        def part(option: Value) -> Value:
            chars = chars_of(m, option)
            if chars is None:
                _refuse(m, option)
            else:
                chars.iterate(m, body)
            return NONE

        def separate() -> None:
            for char in self.separator:
                body(Const(char))

        def visit(element: Value) -> None:
            if self.separator:
                begins = m.store.cells[first]
                assert isinstance(begins, (Num, Const, Finite))
                m.when(invert(m, begins), separate)
                m.store.cells[first] = Const(False)
            m.dispatch(element, part)

        self.elements.iterate(m, visit)


def _refuse(m: Machine, element: Value) -> None:
    plain = isinstance(element, Num) or (isinstance(element, (Const, Finite)) and _no_texts(element))
    if plain:
        m.raise_named("TypeError")
    m.unsupported("str.join of texts that depend on numbers of the state")


def _no_texts(value: Const | Finite) -> bool:
    values = (value.value,) if isinstance(value, Const) else value.values
    return not any(isinstance(item, str) for item in values if item is not MISSING)


def are_texts(m: Machine, elements: Query) -> bool:
    """Whether the characters of all elements can be followed, or some are certainly no texts."""
    good = True

    def look(element: Value) -> None:
        nonlocal good
        for option in element.options if isinstance(element, Union) else (element,):
            good = good and (isinstance(option, (Num, Const, Finite)) or is_text_object(m, option))

    def run() -> Value:
        elements.iterate(m, look)
        return NONE

    m.trial(run)
    return good


def joined(m: Machine, separator: str, elements: Query) -> Value:
    """Return ``separator.join(elements)`` as it is now."""
    query = JoinQuery(separator, elements)
    return new_text(m, lazy(m, lambda _: query, query, site_of(m.node))[0])


def new_text(m: Machine, chars: Query) -> Value:
    """Return the text of some characters: a constant where all of them are."""
    items = known_items(chars)
    if items is not None and all(isinstance(item, Const) for item in items):
        return Const("".join(item.value for item in items if isinstance(item, Const)))
    return new_list(m, chars, "str", m.node)


# ---- parts --------------------


def holds_part(m: Machine, text: Ref, part: Value) -> Num | Const | Finite:
    """Return ``part in text``, for one character."""
    texts = _texts(part)
    if texts is None and not is_text_object(m, part):
        m.raise_named("TypeError")
    if part == Const(""):
        return Const(True)
    return exists(m, _content(m, text), lambda char: equal(m, char, _one_char(m, part)))


def _content(m: Machine, text: Ref) -> Query:
    content = m.object(text)
    assert isinstance(content, SeqObject)
    return content.content


def _one_char(m: Machine, value: Value) -> Value:
    texts = _texts(value)
    if texts is None or any(len(text) != 1 for text in texts):
        m.unsupported("a part of a text that is put together at run time, other than one character")
    return value


def _count(m: Machine, text: Ref, part: Value) -> Value:
    wanted = _one_char(m, part)
    cell = m.new_cell(Const(0))

    def hit() -> None:
        m.store.cells[cell] = arithmetic(m, "add", m.store.cells[cell], Const(1), bounded=True)

    _content(m, text).iterate(m, lambda char: m.when(equal(m, char, wanted), hit))
    return m.store.cells[cell]


def _find(m: Machine, text: Ref, part: Value) -> Value:
    return _search(m, text, part, lambda: Const(-1))


def _index(m: Machine, text: Ref, part: Value) -> Value:
    return _search(m, text, part, lambda: m.raise_named("ValueError"))


def _search(m: Machine, text: Ref, part: Value, missing: Callable[[], Value]) -> Value:
    wanted = _one_char(m, part)
    cell = m.new_cell(Const(0))

    def search(handle: BlockHandle) -> Value:
        def visit(char: Value) -> None:
            m.when(equal(m, char, wanted), lambda: m.leave(handle, m.store.cells[cell]))
            m.store.cells[cell] = arithmetic(m, "add", m.store.cells[cell], Const(1), bounded=True)

        _content(m, text).iterate(m, visit)
        return missing()

    return m.block("find", search)


@dataclass(frozen=True, eq=False, slots=True)
class _ReplaceQuery:
    """The characters of a text with one of them replaced by others."""

    chars: Query
    old: str
    new: str

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        def visit(char: Value) -> None:
            def change() -> Value:
                for one in self.new:
                    body(Const(one))
                return NONE

            def keep() -> Value:
                body(char)
                return NONE

            m.branch(equal(m, char, Const(self.old)), change, keep)

        self.chars.iterate(m, visit)


def _replace(m: Machine, text: Ref, old: Value, new: Value) -> Value:
    wanted = _one_char(m, old)
    if not isinstance(wanted, Const) or not isinstance(new, Const) or not isinstance(new.value, str):
        m.unsupported("str.replace of a text that is put together at run time with texts that are not known")
    query = _ReplaceQuery(_content(m, text), wanted.value, new.value)
    return new_text(m, lazy(m, lambda _: query, query, site_of(m.node))[0])


# ---- lines --------------------


@dataclass(frozen=True, slots=True)
class _SplitQuery:
    """The texts between the separators of a text in memory.

    Attributes:
        lines: as ``splitlines`` has them: there is nothing behind the last separator.
    """

    table: TableQuery
    separator: str
    lines: bool

    def iterate(self, m: Machine, body: Callable[[Value], None]) -> None:
        variable, cell = m.new_var(Kind.INT, "i"), m.new_cell(Const(0))

        def part(end: Expr) -> Value:
            start = m.int_expr(m.store.cells[cell])
            size = m.temp(Op("sub", (end, start), Kind.INT), "n")
            return new_list(m, PartQuery(self.table, start, size), "str", m.node)

        def visit() -> None:
            def found() -> None:
                body(part(variable))
                m.store.cells[cell] = Num(m.temp(Op("add", (variable, _ONE), Kind.INT)), 0, 2**31)

            char = m.tables_at_run_time.load(self.table.list_id, variable)
            m.when(equal(m, char, Const(self.separator)), found)

        m.loop(lambda label, code: Loop(label, variable, self.table.count, code), visit)
        count = self.table.count
        if not self.lines:
            body(part(count))
            return
        more = boolean(Op("lt", (m.int_expr(m.store.cells[cell]), count), Kind.BOOL))
        m.when(more, lambda: body(part(count)))


def _split(m: Machine, text: Ref, separator: Value) -> Value:
    wanted = _one_char(m, separator)
    if not isinstance(wanted, Const):
        m.unsupported("str.split of a text that is put together at run time at a text that is not known")
    query = _SplitQuery(memory_of(m, _content(m, text), 11), wanted.value, False)
    return new_list(m, lazy(m, lambda _: query, query, site_of(m.node))[0], "list", m.node)


_OTHER_LINE_ENDS = frozenset("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


def _splitlines(m: Machine, text: Ref) -> Value:
    def check(char: Value) -> None:
        texts = _texts(char)
        if texts is None or _OTHER_LINE_ENDS.intersection(texts):
            m.unsupported("str.splitlines of a text with other ends of lines")

    table = memory_of(m, _content(m, text), 11)
    table.iterate(m, check)
    query = _SplitQuery(table, "\n", True)
    return new_list(m, lazy(m, lambda _: query, query, site_of(m.node))[0], "list", m.node)


def _stripped(left: bool, right: bool) -> Callable[..., Value]:
    def call(m: Machine, text: Ref, chars: Value = NONE) -> Value:
        wanted = chars.value if isinstance(chars, Const) else 0
        if not isinstance(wanted, str) and wanted is not None:
            m.unsupported("str.strip of a text that is put together at run time, of characters that are not known")
        table = memory_of(m, _content(m, text), 12)
        start = _first_kept(m, table, wanted, lambda place: place) if left else ZERO

        def from_end(place: Expr) -> Expr:
            return Op("sub", (Op("sub", (table.count, place), Kind.INT), _ONE), Kind.INT)

        rest = m.temp(Op("sub", (table.count, start), Kind.INT))
        behind = _first_kept(m, replace(table, count=rest), wanted, from_end) if right else ZERO
        count = m.temp(Op("sub", (rest, behind), Kind.INT), "n")
        return new_text(m, PartQuery(table, start, count))

    return call


def _first_kept(m: Machine, table: TableQuery, chars: str | None, at: Callable[[Expr], Expr]) -> Expr:
    """Return how many of some characters, or of white space, stand at an end of a text in memory."""

    def is_dropped(char: Value) -> Num | Const | Finite:
        found = lift(m, lambda one: one.isspace() if chars is None else one in chars, (char,))
        if not isinstance(found, (Const, Finite)):
            m.unsupported("str.strip of this text")
        return found

    variable, full = m.new_var(Kind.INT, "i"), table.count

    def search(handle: BlockHandle) -> Value:
        def visit() -> None:
            char = m.tables_at_run_time.load(table.list_id, m.temp(at(variable)))
            m.when(invert(m, is_dropped(char)), lambda: m.leave(handle, Num(variable, 0, 2**31)))

        m.loop(lambda label, code: Loop(label, variable, full, code), visit)
        return Num(full, 0, 2**31)

    return m.int_expr(m.block("strip", search))


def _begins(at_end: bool) -> Callable[..., Value]:
    def call(m: Machine, text: Ref, part: Value) -> Value:
        if not isinstance(part, Const) or not isinstance(part.value, str):
            m.unsupported("a text that is put together at run time begins, or ends, with one that is not known")
        wanted: str = part.value
        table = memory_of(m, _content(m, text), 13)
        size = Lit(len(wanted), Kind.INT)

        def compare() -> Value:
            first = m.temp(Op("sub", (table.count, size), Kind.INT)) if at_end else ZERO
            same: Num | Const | Finite = Const(True)
            for place, char in enumerate(wanted):
                spot = m.temp(Op("add", (first, Lit(place, Kind.INT)), Kind.INT))
                same = both(m, same, equal(m, m.tables_at_run_time.load(table.list_id, spot), Const(char)))
            return m.as_condition(same)

        long_enough = boolean(Op("ge", (table.count, size), Kind.BOOL))
        return m.branch(long_enough, compare, lambda: Const(False))

    return call


# ---- operators and methods --------------------


def added(m: Machine, left: Value, right: Value) -> Value:
    """Return ``left + right``, one of which is a text put together at run time."""
    first, second = chars_of(m, left), chars_of(m, right)
    if first is None or second is None:
        if isinstance(left, Union) or isinstance(right, Union):
            m.unsupported("a text and one of several values")
        m.raise_named("TypeError")
    return new_text(m, concat(first, second))


def repeated_text(m: Machine, text: Value, times: Num) -> Value:
    """Return ``text * times`` of a number that depends on the state."""
    chars = chars_of(m, text)
    if chars is None:
        m.unsupported("this text repeated a number of times that depends on the state")
    return new_text(m, repeated(m, chars, times))


TEXT_METHODS: dict[str, Callable[..., Value]] = {
    "count": _count,
    "find": _find,
    "index": _index,
    "replace": _replace,
    "split": _split,
    "splitlines": _splitlines,
    "startswith": _begins(False),
    "endswith": _begins(True),
    "strip": _stripped(True, True),
    "lstrip": _stripped(True, False),
    "rstrip": _stripped(False, True),
}
"""What texts put together at run time can do; the rest is refused."""
