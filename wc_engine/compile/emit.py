"""Emission: IR to the text of one Python function, which `lowering.py` translates for LLVM.

Everything is int64, float64 or bool in local variables; memory is reached through the raw pointers ``P`` (problem),
``S`` (state words), ``NEXT`` (next state's words) and ``H`` (scratch), because arrays cost a
reference count at every call. What is reached by constant places only lies apart, in ``R``: each of its words becomes
a register.
"""

from __future__ import annotations

from wc_engine.compile.emit_words import WordsEmitter, bare
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
    Extreme,
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
from wc_engine.compile.scratch import Scratch

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


class Emitter(WordsEmitter):
    """Writes one function.

    Args:
        memory: offsets in the problem's array.
        tables: the function's constant tables, by the numbers that its loads use.
    """

    def __init__(self, memory: ProblemMemory, tables: tuple[tuple[int, ...], ...]) -> None:
        super().__init__(memory)
        self._table_offsets = [memory.table_offset(table) for table in tables]
        self._copies_state = False
        # The Python loops around the current line: (label that break reaches, label that continue reaches).
        self._loops: list[tuple[str, str | None]] = []
        self._crossing: list[set[str]] = []

    @property
    def scratch_words(self) -> int:
        """Words of scratch memory that the function uses."""
        return self._scratch.words

    def function(self, name: str, body: list[Stmt], *, is_step: bool) -> str:
        """Return the text of a function with the parameters of the C contract."""
        self._copies_state = is_step and not self._dynamic
        inner: list[str] = []
        self._lines = inner
        self._body(body, 1)
        head = [f"def {name}(P, S, action, NEXT, REWARD, DONE, scratch):"]
        # Small scratch memory lies on the stack, where it can become registers; large in what the caller gives.
        on_stack = self._scratch.words <= _STACK_WORDS
        if self._scratch.words:
            head.append(f"    H = stack_words({self._scratch.words})" if on_stack else "    H = scratch")
        if self._scratch.registers:
            head.append(f"    R = stack_words({self._scratch.registers})")
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
        if isinstance(array, Extreme):
            return f"P[{self._memory.extreme_offset(array)}]"
        text = self._scratch.word(array, self.expr(index))
        kind = array.kind if isinstance(array, ListArray) else Kind.INT
        if kind is Kind.FLOAT:
            return f"float_of_bits({text})"
        return f"({text} != 0)" if kind is Kind.BOOL else text

    # ---- statements --------------------

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
            self.unpack(statement, depth)
        elif isinstance(statement, Pack):
            self.pack(statement, depth)
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
        self._line(depth, f"{self._scratch.word(array, self.expr(statement.index))} = {value}")

    def _if(self, statement: If, depth: int) -> None:
        then, orelse, condition = statement.then, statement.orelse, self.expr(statement.condition)
        if all(isinstance(item, Comment) for item in then):
            then, orelse, condition = orelse, then, f"(not {condition})"
        self._line(depth, f"if {bare(condition)}:")
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
            self._line(depth, f"for {statement.variable.name} in range({bare(self.expr(statement.count))}):")
        elif isinstance(statement, Block):
            self._line(depth, "while True:")
        elif isinstance(statement, Forever):
            self._line(depth, "while True:")
            self._line(depth + 1, "fuel -= 1")
            self._line(depth + 1, "if fuel < 0:")
            self._line(depth + 2, "return 4")
        elif statement.first is not None:
            row, name = statement.variable.name, statement.type_name
            self._line(depth, f"{row}n = {bare(self.expr(statement.first))}")
            self._line(depth, f"while {row}n >= 0:")
            self._line(depth + 1, f"{row} = {row}n")
            self._line(depth + 1, f"{row}n = P[k_{name} + {row}]")
        else:
            row, name = statement.variable.name, statement.type_name
            self._line(depth, f"{row}x = {bare(self.expr(statement.x))} - grid_x")
            self._line(depth, f"{row}y = {bare(self.expr(statement.y))} - grid_y")
            self._line(depth, f"{row}n = -1")
            self._line(depth, f"if 0 <= {row}x < grid_w and 0 <= {row}y < grid_h:")
            self._line(depth + 1, f"{row}n = P[g_{name} + {row}y * grid_w + {row}x]")
            self._line(depth, f"{'if' if statement.once else 'while'} {row}n >= 0:")
            self._line(depth + 1, f"{row} = {row}n")
            if not statement.once:
                self._line(depth + 1, f"{row}n = P[k_{name} + {row}]")

    # ---- what the function sets up --------------------

    def prepare(self, body: list[Stmt]) -> None:
        """Note which columns are read, before the text is written."""
        self._live = {
            a for s in statements(body) for e in expressions(s) for a in loads(e) if isinstance(a, DynamicColumn)
        }
        self._dynamic = list(dict.fromkeys(s.type_name for s in statements(body) if isinstance(s, Pack)))
        self._scratch = Scratch(body, self._schema)

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
