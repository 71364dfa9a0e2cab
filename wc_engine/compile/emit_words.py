"""Emission of what reads entities from packed words and writes them there."""

from __future__ import annotations

import itertools

from wc_engine.compile.ir import DynamicColumn, Expr, Kind, Lit, Pack, Unpack, Var
from wc_engine.compile.memory import ProblemMemory
from wc_engine.compile.scratch import Scratch
from wc_engine.state.packing import row_format
from wc_engine.state.schema import EntityType, IntDomain

__all__ = ["WordsEmitter", "bare"]


class WordsEmitter:
    """Writes the lines of one function that deal with packed words.

    Args:
        memory: offsets in the problem's array.
    """

    def __init__(self, memory: ProblemMemory) -> None:
        self._memory = memory
        self._schema = memory.schema
        self._lines: list[str] = []
        self._scratch = Scratch([], memory.schema)
        self._live: set[DynamicColumn] = set()
        self._dynamic: list[str] = []

    def expr(self, expr: Expr) -> str:
        """Return the text of an expression."""
        raise NotImplementedError

    def _line(self, depth: int, text: str) -> None:
        self._lines.append("    " * depth + text)

    # ---- reading --------------------

    def unpack(self, statement: Unpack, depth: int) -> None:
        """Write what reads the rows of a type."""
        entity_type = self._schema.type(statement.type_name)
        assert entity_type is not None
        if entity_type.places is not None:
            self._unpack_fixed(statement, entity_type, depth)
            return
        assert statement.count is not None
        absent = row_format(entity_type).absent
        words, header = ("S", "NEXT")[statement.source], self._memory.header(entity_type.name)
        count, name = statement.count.name, entity_type.name
        self._line(depth, f"{count} = 0")
        self._line(depth, "last = -1")
        self._line(depth, f"if P[{header}] > {statement.capacity}:")
        self._line(depth + 1, "return 5")
        self._line(depth, f"for j in range(P[{header}]):")
        word = f"{words}[P[s_{name} + 2 * j]] >> uint64(P[s_{name} + 2 * j + 1])"
        self._line(depth + 1, f"code = int64(({word}) & uint64({absent}))")
        self._line(depth + 1, f"if code == {absent}:")
        self._line(depth + 2, "break")
        self._line(depth + 1, "if code != last:")
        self._decode(statement, entity_type, "code", count, depth + 2)
        self._line(depth + 2, f"{count} += 1")
        self._line(depth + 2, "last = code")

    def _unpack_fixed(self, statement: Unpack, entity_type: EntityType, depth: int) -> None:
        """Every place is a constant: no loop. Of a fixed number, all differ or the step is out of range."""
        absent, words = row_format(entity_type).absent, ("S", "NEXT")[statement.source]
        names = [f"q{place}" for place in range(entity_type.places or 0)]
        for name, (word, shift) in zip(names, self._memory.fixed_slots[entity_type.name], strict=True):
            self._line(depth, f"{name} = int64(({words}[{word}] >> uint64({shift})) & uint64({absent}))")
        if statement.count is not None:
            self._collapse(statement.count, names, absent, depth)
        elif statement.check and names:
            self._line(depth, f"if not ({' < '.join([*names, str(absent)])}):")
            self._line(depth + 1, "return 3")
        for place, name in enumerate(names):
            self._decode(statement, entity_type, name, str(place), depth)

    def _collapse(self, count: Var, names: list[str], absent: int, depth: int) -> None:
        """Put equal rows behind all others, as absent ones, and count the others."""
        pairs = list(itertools.pairwise(names))
        if pairs:
            self._line(depth, f"if {' or '.join(f'({one} == {other} and {one} != {absent})' for one, other in pairs)}:")
            for one, other in reversed(pairs):
                self._line(depth + 1, f"{other} = ({absent} if {one} == {other} else {other})")
            self._sort(names, depth + 1)
        self._line(depth, f"{count.name} = {' + '.join(f'(1 if {name} != {absent} else 0)' for name in names) or 0}")

    def _sort(self, names: list[str], depth: int) -> None:
        """Sort variables by a network of exchanges."""
        for end in range(len(names) - 1, 0, -1):
            for a, b in itertools.pairwise(names[: end + 1]):
                self._line(depth, f"{a}, {b} = min({a}, {b}), max({a}, {b})")

    def _decode(self, statement: Unpack, entity_type: EntityType, code: str, row: str, depth: int) -> None:
        """Store the attributes of a row code in the columns that somebody reads."""
        layout = row_format(entity_type)
        for (attribute, domain), shift, width in zip(entity_type.attributes, layout.shifts, layout.widths, strict=True):
            column = DynamicColumn(statement.world, entity_type.name, attribute, statement.capacity)
            if column not in self._live:
                continue
            shifted = f"({code} >> {shift})" if shift else code
            value = f"({shifted} & {(1 << width) - 1})" if width else "0"
            if isinstance(domain, IntDomain) and domain.low:
                value = f"({value} + {domain.low})"
            self._line(depth, f"{self._scratch.word(column, row)} = {bare(value)}")

    # ---- writing --------------------

    def pack(self, statement: Pack, depth: int) -> None:
        """Write what puts the rows of a type into the next state."""
        entity_type = self._schema.type(statement.type_name)
        assert entity_type is not None
        if statement.type_name == self._dynamic[0]:
            if self._all_fixed():
                for word in range(self._fixed_words):
                    self._line(depth, f"w{word} = uint64(0)")
            else:
                self._line(depth, "for j in range(P[0]):")
                self._line(depth + 1, "NEXT[j] = uint64(0)")
        if entity_type.places is not None:
            self._pack_fixed(statement, entity_type, depth)
            if self._all_fixed() and statement.type_name == self._dynamic[-1]:
                for word in range(self._fixed_words):
                    self._line(depth, f"NEXT[{word}] = w{word}")
                self._line(depth, f"for j in range({self._fixed_words}, P[0]):")
                self._line(depth + 1, "NEXT[j] = uint64(0)")
            return
        name, codes = statement.type_name, self._scratch.address(statement.codes)
        header, count = self._memory.header(name), self.expr(statement.count)
        self._line(depth, f"if {count} > P[{header}]:")
        self._line(depth + 1, "return 3")
        self._line(depth, f"for i in range(1, {count}):")
        self._line(depth + 1, f"code = H[{codes} + i]")
        self._line(depth + 1, "j = i - 1")
        self._line(depth + 1, f"while j >= 0 and H[{codes} + j] > code:")
        self._line(depth + 2, f"H[{codes + 1} + j] = H[{codes} + j]")
        self._line(depth + 2, "j -= 1")
        self._line(depth + 1, f"H[{codes + 1} + j] = code")
        self._line(depth, f"for j in range(P[{header}]):")
        self._line(depth + 1, f"code = {row_format(entity_type).absent}")
        self._line(depth + 1, f"if j < {count}:")
        self._line(depth + 2, f"code = H[{codes} + j]")
        self._line(depth + 1, f"NEXT[P[s_{name} + 2 * j]] |= uint64(code) << uint64(P[s_{name} + 2 * j + 1])")

    def _pack_fixed(self, statement: Pack, entity_type: EntityType, depth: int) -> None:
        """Sort by a network of exchanges, and write every row to its constant place."""
        size, count = entity_type.places or 0, self.expr(statement.count)
        if statement.count != Lit(size, Kind.INT):
            self._line(depth, f"if {count} {'>' if entity_type.count is None else '!='} {size}:")
            self._line(depth + 1, "return 3")
        absent = row_format(entity_type).absent
        names = [f"q{place}" for place in range(statement.candidates or size)]
        for place, name in enumerate(names):
            code = self._scratch.word(statement.codes, str(place))
            some = entity_type.count is None and statement.candidates is None
            self._line(depth, f"{name} = ({code} if {place} < {count} else {absent})" if some else f"{name} = {code}")
        if not statement.in_order:
            self._sort(names, depth)
        for place in range(len(names), size):
            self._line(depth, f"q{place} = {absent}")
        for place, (word, shift) in enumerate(self._memory.fixed_slots[entity_type.name]):
            target = f"w{word}" if self._all_fixed() else f"NEXT[{word}]"
            self._line(depth, f"{target} |= uint64(q{place}) << uint64({shift})")

    def _all_fixed(self) -> bool:
        """Whether the place of every row is known: then words are put together in registers."""
        return set(self._memory.fixed_slots) >= self._memory.dynamic_types

    @property
    def _fixed_words(self) -> int:
        return 1 + max((word for slots in self._memory.fixed_slots.values() for word, _ in slots), default=0)


def bare(text: str) -> str:
    """Drop one pair of parentheses around a whole expression."""
    if not text.startswith("(") or not text.endswith(")"):
        return text
    depth = 0
    for position, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and position < len(text) - 1:
            return text
    return text[1:-1]
