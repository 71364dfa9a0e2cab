"""Lowering of expressions: the values, conditions and memory of the emitted text in LLVM's language."""

from __future__ import annotations

import ast
import struct
from collections.abc import Callable
from typing import NoReturn

from wc_engine.errors import InternalError

__all__ = ["FLOAT", "INT", "LLVM_TYPES", "LoweredValues", "Typed"]

INT, _WORD, FLOAT, _BOOL = "int64", "uint64", "float64", "bool"
LLVM_TYPES = {INT: "i64", _WORD: "i64", FLOAT: "double", _BOOL: "i1"}

_ELEMENTS = {"P": INT, "S": _WORD, "NEXT": _WORD, "REWARD": FLOAT, "H": INT, "R": INT}
_UNCHANGING = ("P", "S")
_ARITHMETIC = {
    ast.Add: ("add", "fadd"),
    ast.Sub: ("sub", "fsub"),
    ast.Mult: ("mul", "fmul"),
    ast.Div: ("", "fdiv"),
    ast.BitAnd: ("and", ""),
    ast.BitOr: ("or", ""),
    ast.BitXor: ("xor", ""),
    ast.LShift: ("shl", ""),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, str, str]] = {
    ast.Eq: ("eq", "eq", "oeq"),
    ast.NotEq: ("ne", "ne", "une"),
    ast.Lt: ("slt", "ult", "olt"),
    ast.LtE: ("sle", "ule", "ole"),
    ast.Gt: ("sgt", "ugt", "ogt"),
    ast.GtE: ("sge", "uge", "oge"),
}
Typed = tuple[str, str]
"""(type, operand) of a value."""


class LoweredValues:
    """The part of a function's lowering that computes values.

    Args:
        node: the function.
    """

    def __init__(self, node: ast.FunctionDef) -> None:
        self._node = node
        self._entry: list[str] = []
        self._lines: list[str] = []
        self._types: dict[str, str] = {}
        self._slots: dict[str, str] = {}
        self._pointers: dict[str, str] = {name: f"%{name}" for name in ("P", "S", "NEXT", "REWARD", "DONE")}
        self._names = 0
        self._open = True

    def _refuse(self, node: ast.AST, message: str) -> NoReturn:
        line = getattr(node, "lineno", "?")
        raise InternalError(f"generated code, {self._node.name}, line {line}: {message}: {ast.unparse(node)[:80]}")

    # ---- blocks and names --------------------

    def _label(self, hint: str) -> str:
        self._names += 1
        return f"{hint}{self._names}"

    def _emit(self, line: str) -> None:
        if self._open:
            self._lines.append("  " + line)

    def _value(self, instruction: str) -> str:
        self._names += 1
        self._emit(f"%t{self._names} = {instruction}")
        return f"%t{self._names}"

    def _end(self, terminator: str) -> None:
        """End the block; nothing reaches what stands between here and the next one."""
        self._emit(terminator)
        self._open = False

    def _begin(self, label: str) -> None:
        if self._open:
            self._emit(f"br label %{label}")
        self._lines.append(f"{label}:")
        self._open = True

    def _store(self, name: str, value: Typed) -> None:
        kind, operand = value
        if name not in self._types:
            self._types[name] = kind
            self._slots[name] = f"%v.{len(self._slots)}"
            self._entry.append(f"  {self._slots[name]} = alloca {LLVM_TYPES[kind]}")
        elif self._types[name] != kind:
            self._refuse(self._node, f"{name} is {self._types[name]} and {kind}")
        self._emit(f"store {LLVM_TYPES[kind]} {operand}, ptr {self._slots[name]}")

    # ---- conditions --------------------

    def _condition(self, node: ast.expr, yes: str, no: str) -> None:
        """Branch on a condition; operands that read memory are looked at only where they matter."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self._condition(node.operand, no, yes)
            return
        if isinstance(node, ast.BoolOp) and not all(_is_free(item) for item in node.values[1:]):
            conjunction = isinstance(node.op, ast.And)
            for item in node.values[:-1]:
                following = self._label("and" if conjunction else "or")
                self._condition(item, following if conjunction else yes, no if conjunction else following)
                self._begin(following)
            self._condition(node.values[-1], yes, no)
            return
        operand = self._expression(node)[1]
        self._end(f"br i1 {operand}, label %{yes}, label %{no}")

    # ---- expressions --------------------

    def _expression(self, node: ast.expr) -> Typed:
        handler = _EXPRESSIONS.get(type(node))
        if handler is None:
            self._refuse(node, "an unknown expression")
        return handler(self, node)

    def _constant(self, node: ast.expr) -> Typed:
        assert isinstance(node, ast.Constant)
        if isinstance(node.value, bool):
            return _BOOL, "true" if node.value else "false"
        if isinstance(node.value, float):
            return FLOAT, _float(node.value)
        if isinstance(node.value, int):
            return INT, str(node.value)
        self._refuse(node, "an unknown constant")

    def _name(self, node: ast.expr) -> Typed:
        assert isinstance(node, ast.Name)
        if node.id in ("inf", "nan"):
            return FLOAT, _float(float(node.id))
        kind = self._types.get(node.id)
        if kind is None:
            self._refuse(node, "a variable that is not assigned")
        return kind, self._value(f"load {LLVM_TYPES[kind]}, ptr {self._slots[node.id]}")

    def _address(self, name: str, index: ast.expr) -> str:
        if name not in self._pointers:
            self._refuse(index, f"{name} is no memory")
        place = self._expression(index)[1]
        return self._value(f"getelementptr inbounds i64, ptr {self._pointers[name]}, i64 {place}")

    def _load(self, node: ast.expr) -> Typed:
        assert isinstance(node, ast.Subscript)
        assert isinstance(node.value, ast.Name)
        name = node.value.id
        kind = _ELEMENTS[name]
        address = self._address(name, node.slice)
        unchanging = ", !invariant.load !0" if name in _UNCHANGING else ""
        return kind, self._value(f"load {LLVM_TYPES[kind]}, ptr {address}, align 8{unchanging}")

    def _binary(self, node: ast.expr) -> Typed:
        assert isinstance(node, ast.BinOp)
        return self._operate(node, node.op, self._expression(node.left), self._expression(node.right))

    def _operate(self, node: ast.AST, op: ast.operator, left: Typed, right: Typed) -> Typed:
        kind = left[0]
        if isinstance(op, (ast.FloorDiv, ast.Mod)) and kind == INT:
            return self._divide(isinstance(op, ast.Mod), left[1], right[1])
        if isinstance(op, ast.RShift) and kind in (INT, _WORD):
            name = "lshr" if kind == _WORD else "ashr"
        else:
            names = _ARITHMETIC.get(type(op), ("", ""))
            name = names[1] if kind == FLOAT else names[0]
        if not name or kind == _BOOL or right[0] != kind:
            self._refuse(node, f"an operation on {kind} and {right[0]}")
        return kind, self._value(f"{name} {LLVM_TYPES[kind]} {left[1]}, {right[1]}")

    def _divide(self, wants_remainder: bool, left: str, right: str) -> Typed:
        """Division that rounds towards minus infinity, and its remainder, which has the divisor's sign."""
        remainder = self._value(f"srem i64 {left}, {right}")
        signs = self._value(f"xor i64 {remainder}, {right}")
        apart = self._value(f"icmp slt i64 {signs}, 0")
        some = self._value(f"icmp ne i64 {remainder}, 0")
        rounds = self._value(f"and i1 {apart}, {some}")
        if wants_remainder:
            added = self._value(f"select i1 {rounds}, i64 {right}, i64 0")
            return INT, self._value(f"add i64 {remainder}, {added}")
        quotient = self._value(f"sdiv i64 {left}, {right}")
        taken = self._value(f"sext i1 {rounds} to i64")
        return INT, self._value(f"add i64 {quotient}, {taken}")

    def _unary(self, node: ast.expr) -> Typed:
        assert isinstance(node, ast.UnaryOp)
        kind, operand = self._expression(node.operand)
        if isinstance(node.op, ast.Not) and kind == _BOOL:
            return _BOOL, self._value(f"xor i1 {operand}, true")
        if isinstance(node.op, ast.USub) and kind == FLOAT:
            return kind, self._value(f"fneg double {operand}")
        if isinstance(node.op, ast.USub) and kind == INT:
            return kind, self._value(f"sub i64 0, {operand}")
        self._refuse(node, f"an operation on {kind}")

    def _compare(self, node: ast.expr) -> Typed:
        assert isinstance(node, ast.Compare)
        left = self._expression(node.left)
        result = ""
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            right = self._expression(comparator)
            if left[0] != right[0]:
                self._refuse(node, f"a comparison of {left[0]} and {right[0]}")
            signed, unsigned, ordered = _COMPARISONS[type(op)]
            if left[0] == FLOAT:
                this = self._value(f"fcmp {ordered} double {left[1]}, {right[1]}")
            else:
                name = signed if left[0] == INT else unsigned
                this = self._value(f"icmp {name} {LLVM_TYPES[left[0]]} {left[1]}, {right[1]}")
            result = this if not result else self._value(f"select i1 {result}, i1 {this}, i1 false")
            left = right
        return _BOOL, result

    def _logic(self, node: ast.expr) -> Typed:
        assert isinstance(node, ast.BoolOp)
        conjunction = isinstance(node.op, ast.And)
        if not all(_is_free(item) for item in node.values[1:]):
            return self._choice(node, lambda: (_BOOL, "true"), lambda: (_BOOL, "false"))
        _, result = self._expression(node.values[0])
        for item in node.values[1:]:
            _, operand = self._expression(item)
            sides = f"i1 {operand}, i1 false" if conjunction else f"i1 true, i1 {operand}"
            result = self._value(f"select i1 {result}, {sides}")
        return _BOOL, result

    def _conditional(self, node: ast.expr) -> Typed:
        assert isinstance(node, ast.IfExp)
        if not _is_free(node.body) or not _is_free(node.orelse):
            return self._choice(node.test, lambda: self._expression(node.body), lambda: self._expression(node.orelse))
        _, test = self._expression(node.test)
        (kind, first), (other, second) = self._expression(node.body), self._expression(node.orelse)
        if kind != other:
            self._refuse(node, f"a choice of {kind} and {other}")
        return kind, self._value(f"select i1 {test}, {LLVM_TYPES[kind]} {first}, {LLVM_TYPES[kind]} {second}")

    def _choice(self, test: ast.expr, then: Callable[[], Typed], orelse: Callable[[], Typed]) -> Typed:
        """One of two values, only one of which is computed."""
        slot, sides = f"%{self._label('s.')}", [self._label("then"), self._label("else")]
        after, kinds = self._label("end"), set[str]()
        self._condition(test, *sides)
        for label, side in zip(sides, (then, orelse), strict=True):
            self._begin(label)
            kind, operand = side()
            kinds.add(kind)
            self._emit(f"store {LLVM_TYPES[kind]} {operand}, ptr {slot}")
            self._end(f"br label %{after}")
        if len(kinds) > 1:
            self._refuse(test, f"a choice of {' and '.join(sorted(kinds))}")
        self._entry.append(f"  {slot} = alloca {LLVM_TYPES[kind]}")
        self._begin(after)
        return kind, self._value(f"load {LLVM_TYPES[kind]}, ptr {slot}")

    def _call(self, node: ast.expr) -> Typed:
        assert isinstance(node, ast.Call)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        arguments = [self._expression(argument) for argument in node.args]
        kind, operand = arguments[0]
        if name in ("int64", "uint64") and kind in (INT, _WORD):
            return {"int64": INT, "uint64": _WORD}[name], operand
        if name == "float" and kind == INT:
            return FLOAT, self._value(f"sitofp i64 {operand} to double")
        if name == "float_of_bits" and kind == INT:
            return FLOAT, self._value(f"bitcast i64 {operand} to double")
        if name == "bits_of_float" and kind == FLOAT:
            return INT, self._value(f"bitcast double {operand} to i64")
        if name == "abs" and kind == FLOAT:
            return FLOAT, self._value(f"call double @llvm.fabs.f64(double {operand})")
        if name == "abs" and kind == INT:
            return INT, self._value(f"call i64 @llvm.abs.i64(i64 {operand}, i1 false)")
        if name in ("min", "max") and kind == INT:
            return INT, self._value(f"call i64 @llvm.s{name}.i64(i64 {operand}, i64 {arguments[1][1]})")
        self._refuse(node, "an unknown call")


def _is_free(node: ast.expr) -> bool:
    """Whether an expression may be computed although nobody wants it: it reads no memory and divides nothing."""
    return not any(
        isinstance(inner, ast.Subscript) or (isinstance(inner, ast.BinOp) and isinstance(inner.op, _DIVISIONS))
        for inner in ast.walk(node)
    )


def _float(value: float) -> str:
    """A float as its bits, which is how LLVM reads it exactly."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


_DIVISIONS = (ast.FloorDiv, ast.Mod)
_EXPRESSIONS: dict[type[ast.expr], Callable[[LoweredValues, ast.expr], Typed]] = {
    ast.Constant: LoweredValues._constant,
    ast.Name: LoweredValues._name,
    ast.Subscript: LoweredValues._load,
    ast.BinOp: LoweredValues._binary,
    ast.UnaryOp: LoweredValues._unary,
    ast.Compare: LoweredValues._compare,
    ast.BoolOp: LoweredValues._logic,
    ast.IfExp: LoweredValues._conditional,
    ast.Call: LoweredValues._call,
}
