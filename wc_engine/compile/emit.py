"""Emission: IR to the text of one Python function, which `lowering.py` translates for LLVM.

Everything is int64, float64 or bool in local variables; memory is reached through the raw pointers ``P`` (problem),
``S`` (state words), ``NEXT`` (next state's words) and ``H`` (scratch), because arrays cost a
reference count at every call.
"""

from __future__ import annotations

import itertools

from wc_engine.compile.ir import (
    Array,
    Assign,
    Block,
    Break,
    ChainLoop,
    Comment,
    Count,
    DynamicColumn,
    Expr,
    Fail,
    Forever,
    Grid,
    If,
    Kind,
    ListArray,
    Lit,
    Load,
    Loop,
    Pack,
    SetResult,
    StaticColumn,
    Stmt,
    Store,
    TableArray,
    Unpack,
    Var,
)
from wc_engine.compile.memory import ProblemMemory
from wc_engine.compile.passes.walk import assigned, expressions, loads, statements, variables
from wc_engine.state.packing import row_format
from wc_engine.state.schema import EntityType, IntDomain

__all__ = ["ACTION", "OPERATORS", "Emitter", "emit_function"]

OPERATORS = {
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "floordiv": "({0} // {1})",
    "mod": "({0} % {1})",
    "truediv": "({0} / {1})",
    "neg": "(-{0})",
    "abs": "abs({0})",
    "min": "min({0}, {1})",
    "max": "max({0}, {1})",
    "and_": "({0} & {1})",
    "or_": "({0} | {1})",
    "xor": "({0} ^ {1})",
    "shift_left": "({0} << {1})",
    "eq": "({0} == {1})",
    "ne": "({0} != {1})",
    "lt": "({0} < {1})",
    "le": "({0} <= {1})",
    "gt": "({0} > {1})",
    "ge": "({0} >= {1})",
    "not": "(not {0})",
    "and": "and",
    "or": "or",
    "select": "({1} if {0} else {2})",
    "int_of_bool": "(1 if {0} else 0)",
    "float_of_int": "float({0})",
}
"""Each operation with its text; ``and`` and ``or`` take any number of operands."""

ACTION = Var("action", Kind.INT)
"""The function's parameter of that name."""

_FUEL = 100_000
_STACK_WORDS = 8192
_ZERO = {Kind.INT: "0", Kind.FLOAT: "0.0", Kind.BOOL: "False"}


class Emitter:
    """Writes one function.

    Args:
        memory: offsets in the problem's array.
        tables: the function's constant tables, by the numbers that its loads use.
    """

    def __init__(self, memory: ProblemMemory, tables: tuple[tuple[int, ...], ...]) -> None:
        self._memory = memory
        self._table_offsets = [memory.table_offset(table) for table in tables]
        self._schema = memory.schema
        self._lines: list[str] = []
        self._arrays: dict[tuple[object, ...], int] = {}
        self._scratch = 0
        self._live: set[DynamicColumn] = set()
        self._dynamic: list[str] = []
        self._copies_state = False
        # The Python loops around the current line: (label that break reaches, label that continue reaches).
        self._loops: list[tuple[str, str | None]] = []
        self._crossing: list[set[str]] = []

    @property
    def scratch_words(self) -> int:
        """Words of scratch memory that the function uses."""
        return self._scratch

    def function(self, name: str, body: list[Stmt], *, is_step: bool) -> str:
        """Return the text of a function with the parameters of the C contract."""
        self._copies_state = is_step and not self._dynamic
        inner: list[str] = []
        self._lines = inner
        self._body(body, 1)
        head = [f"def {name}(P, S, action, NEXT, REWARD, DONE, scratch):"]
        # Small scratch memory lies on the stack, where it can become registers; large in what the caller gives.
        on_stack = self._scratch <= _STACK_WORDS
        head.append(f"    H = stack_words({max(1, self._scratch)})" if on_stack else "    H = scratch")
        head += [f"    {line}" for line in self._prologue(body)]
        return "\n".join([*head, *inner, "    return 1", ""])

    # ---- expressions --------------------

    def expr(self, expr: Expr) -> str:
        """Return the text of an expression."""
        if isinstance(expr, Lit):
            return repr(expr.value) if expr.kind is not Kind.FLOAT else _float_text(float(expr.value))
        if isinstance(expr, Var):
            return expr.name
        if isinstance(expr, Count):
            return f"n_{expr.type_name}"
        if isinstance(expr, Load):
            return self._load(expr.array, expr.index)
        arguments = [self.expr(argument) for argument in expr.args]
        if expr.name in ("and", "or"):
            return "(" + f" {expr.name} ".join(arguments) + ")"
        return OPERATORS[expr.name].format(*arguments)

    def _load(self, array: Array, index: Expr) -> str:
        if isinstance(array, StaticColumn):
            return f"P[c_{array.type_name}_{array.attribute} + {self.expr(index)}]"
        if isinstance(array, TableArray):
            return f"P[{self._table_offsets[array.index]} + {self.expr(index)}]"
        if isinstance(array, Grid):
            return f"P[{self._memory.grid_offset(array)} + {self.expr(index)}]"
        text = f"H[{self._address(array)} + {self.expr(index)}]"
        kind = array.kind if isinstance(array, ListArray) else Kind.INT
        if kind is Kind.FLOAT:
            return f"float_of_bits({text})"
        return f"({text} != 0)" if kind is Kind.BOOL else text

    def _address(self, array: DynamicColumn | ListArray) -> int:
        """The place of an array in scratch memory, given out on first use."""
        if isinstance(array, ListArray):
            key: tuple[object, ...] = ("list", array.list_id, array.field)
        else:
            key = ("column", array.world, array.type_name, array.attribute)
        if key not in self._arrays:
            self._arrays[key] = self._scratch
            self._scratch += array.capacity
        return self._arrays[key]

    # ---- statements --------------------

    def _line(self, depth: int, text: str) -> None:
        self._lines.append("    " * depth + text)

    def _body(self, body: list[Stmt], depth: int) -> None:
        if all(isinstance(statement, Comment) for statement in body):
            self._line(depth, "pass")
        for statement in body:
            self._statement(statement, depth)

    def _statement(self, statement: Stmt, depth: int) -> None:
        if isinstance(statement, Comment):
            self._line(depth, "# " + statement.text.replace("\\", "\\\\").encode("ascii", "backslashreplace").decode())
        elif isinstance(statement, Assign):
            self._line(depth, f"{statement.target.name} = {self.expr(statement.value)}")
        elif isinstance(statement, Store):
            self._store(statement, depth)
        elif isinstance(statement, If):
            self._if(statement, depth)
        elif isinstance(statement, Break):
            self._break(statement.label, depth)
        elif isinstance(statement, Fail):
            self._line(depth, f"return {statement.status}")
        elif isinstance(statement, SetResult):
            self._line(depth, f"REWARD[0] = {self.expr(statement.reward)}")
            self._line(depth, f"DONE[0] = 1 if {self.expr(statement.done)} else 0")
        elif isinstance(statement, Unpack):
            self._unpack(statement, depth)
        elif isinstance(statement, Pack):
            self._pack(statement, depth)
        else:
            self._loop(statement, depth)

    def _store(self, statement: Store, depth: int) -> None:
        array = statement.array
        assert isinstance(array, (DynamicColumn, ListArray))
        value = self.expr(statement.value)
        if statement.value.kind is Kind.FLOAT:
            value = f"bits_of_float({value})"
        elif statement.value.kind is Kind.BOOL:
            value = f"(1 if {value} else 0)"
        self._line(depth, f"H[{self._address(array)} + {self.expr(statement.index)}] = {value}")

    def _if(self, statement: If, depth: int) -> None:
        then, orelse, condition = statement.then, statement.orelse, self.expr(statement.condition)
        if all(isinstance(item, Comment) for item in then):
            then, orelse, condition = orelse, then, f"(not {condition})"
        self._line(depth, f"if {_bare(condition)}:")
        self._body(then, depth + 1)
        if not all(isinstance(item, Comment) for item in orelse):
            self._line(depth, "else:")
            self._body(orelse, depth + 1)

    def _break(self, label: str, depth: int) -> None:
        out, on = self._loops[-1]
        if label == out:
            self._line(depth, "break")
        elif label == on:
            self._line(depth, "continue")
        else:
            for targets, crossed in zip(reversed(self._loops), reversed(self._crossing), strict=True):
                crossed.add(label)
                if label in targets:
                    break
            self._line(depth, f"to_{label} = 1")
            self._line(depth, "break")

    def _loop(self, statement: Loop | ChainLoop | Forever | Block, depth: int) -> None:
        body, next_label = statement.body, None
        code = [item for item in body if not isinstance(item, Comment)]
        if not isinstance(statement, Block) and len(code) == 1 and isinstance(code[0], Block):
            # A block that is a whole round: leaving it is going on with the next one.
            body, next_label = code[0].body, code[0].label
        if isinstance(statement, ChainLoop) and statement.once:
            self._open(statement, depth)
            self._body(body, depth + 1)
            return
        mark = len(self._lines)
        self._open(statement, depth)
        self._loops.append((statement.label, next_label))
        self._crossing.append(set())
        opened = len(self._lines)
        self._body(body, depth + 1)
        if isinstance(statement, Block) and not _ended(self._lines[-1], depth + 1):
            self._line(depth + 1, "break")
        crossed = self._crossing.pop()
        self._loops.pop()
        own = {label for label in (statement.label, next_label) if label in crossed}
        if statement.label in own:
            self._lines.insert(mark, "    " * depth + f"to_{statement.label} = 0")
            opened += 1
        if next_label in own:
            self._lines.insert(opened, "    " * (depth + 1) + f"to_{next_label} = 0")
        for label in sorted(crossed - own):
            self._line(depth, f"if to_{label} != 0:")
            self._line(depth + 1, "continue" if self._loops and self._loops[-1][1] == label else "break")

    def _open(self, statement: Loop | ChainLoop | Forever | Block, depth: int) -> None:
        if isinstance(statement, Loop):
            self._line(depth, f"for {statement.variable.name} in range({_bare(self.expr(statement.count))}):")
        elif isinstance(statement, Block):
            self._line(depth, "while True:")
        elif isinstance(statement, Forever):
            self._line(depth, "while True:")
            self._line(depth + 1, "fuel -= 1")
            self._line(depth + 1, "if fuel < 0:")
            self._line(depth + 2, "return 4")
        elif statement.first is not None:
            row, name = statement.variable.name, statement.type_name
            self._line(depth, f"{row}n = {_bare(self.expr(statement.first))}")
            self._line(depth, f"while {row}n >= 0:")
            self._line(depth + 1, f"{row} = {row}n")
            self._line(depth + 1, f"{row}n = P[k_{name} + {row}]")
        else:
            row, name = statement.variable.name, statement.type_name
            self._line(depth, f"{row}x = {_bare(self.expr(statement.x))} - grid_x")
            self._line(depth, f"{row}y = {_bare(self.expr(statement.y))} - grid_y")
            self._line(depth, f"{row}n = -1")
            self._line(depth, f"if 0 <= {row}x < grid_w and 0 <= {row}y < grid_h:")
            self._line(depth + 1, f"{row}n = P[g_{name} + {row}y * grid_w + {row}x]")
            self._line(depth, f"{'if' if statement.once else 'while'} {row}n >= 0:")
            self._line(depth + 1, f"{row} = {row}n")
            if not statement.once:
                self._line(depth + 1, f"{row}n = P[k_{name} + {row}]")

    # ---- packed words --------------------

    def _unpack(self, statement: Unpack, depth: int) -> None:
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
            self._line(depth, f"H[{self._address(column)} + {row}] = {_bare(value)}")

    def _pack(self, statement: Pack, depth: int) -> None:
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
        name, codes = statement.type_name, self._address(statement.codes)
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
        size, codes, count = entity_type.places or 0, self._address(statement.codes), self.expr(statement.count)
        if statement.count != Lit(size, Kind.INT):
            self._line(depth, f"if {count} {'>' if entity_type.count is None else '!='} {size}:")
            self._line(depth + 1, "return 3")
        absent = row_format(entity_type).absent
        names = [f"q{place}" for place in range(statement.candidates or size)]
        for place, name in enumerate(names):
            code = f"H[{codes + place}]"
            some = entity_type.count is None and statement.candidates is None
            self._line(depth, f"{name} = ({code} if {place} < {count} else {absent})" if some else f"{name} = {code}")
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

    # ---- what the function sets up --------------------

    def prepare(self, body: list[Stmt]) -> None:
        """Note which columns are read, before the text is written."""
        self._live = {
            a for s in statements(body) for e in expressions(s) for a in loads(e) if isinstance(a, DynamicColumn)
        }
        self._dynamic = list(dict.fromkeys(s.type_name for s in statements(body) if isinstance(s, Pack)))

    def _prologue(self, body: list[Stmt]) -> list[str]:
        lines: list[str] = []
        text = "\n".join(self._lines)
        if self._copies_state:
            lines += ["for j in range(P[0]):", "    NEXT[j] = S[j]"]
        for place, name in enumerate(("x", "y", "w", "h")):
            if f"grid_{name}" in text:
                lines.append(f"grid_{name} = P[{self._memory.grid + place}]")
        for entity_type in self._schema.types:
            name, header = entity_type.name, self._memory.header(entity_type.name)
            wanted = {f"s_{name} ": f"s_{name} = P[{header + 1}]", f"n_{name}": f"n_{name} = P[{header}]"}
            wanted |= {f"g_{name} ": f"g_{name} = P[{header + 2}]", f"k_{name} ": f"k_{name} = P[{header + 3}]"}
            for place, (attribute, _) in enumerate(entity_type.attributes):
                offset = f"P[{header + 1}] + {place} * P[{header}]" if place else f"P[{header + 1}]"
                wanted[f"c_{name}_{attribute} "] = f"c_{name}_{attribute} = {offset}"
            lines += [line for token, line in wanted.items() if token in text]
        if "fuel" in text:
            lines.append(f"fuel = {_FUEL}")
        counted = {s.count.name for s in statements(body) if isinstance(s, Unpack) and s.count is not None}
        # A variable that is only read belongs to an option that never comes true.
        known = assigned(body) | {v for s in statements(body) for e in expressions(s) for v in variables(e)}
        for variable in sorted(known - {ACTION}, key=lambda item: item.name):
            if variable.name not in counted:
                lines.append(f"{variable.name} = {_ZERO[variable.kind]}")
        return lines


def _ended(line: str, depth: int) -> bool:
    """Whether a line leaves the block whose statements are indented by ``depth``, and not only one inside it."""
    code = line.lstrip(" ")
    return len(line) - len(code) == 4 * depth and (code in ("break", "continue") or code.startswith("return "))


def _bare(text: str) -> str:
    """Drop one pair of parentheses around a whole expression."""
    if not text.startswith("(") or not text.endswith(")"):
        return text
    depth = 0
    for position, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and position < len(text) - 1:
            return text
    return text[1:-1]


def _float_text(value: float) -> str:
    if value != value:
        return "nan"
    return {float("inf"): "inf", float("-inf"): "(-inf)"}.get(value, repr(value))


def emit_function(
    name: str, body: list[Stmt], memory: ProblemMemory, tables: tuple[tuple[int, ...], ...]
) -> tuple[str, int]:
    """Return (text, words of scratch memory) of one function."""
    emitter = Emitter(memory, tables)
    emitter.prepare(body)
    text = emitter.function(name, body, is_step=name == "step")
    return text, emitter.scratch_words
