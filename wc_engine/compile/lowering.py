"""Lowering: the emitted text to LLVM's language.

What ``emit.py`` writes is Python, but very little of it: local int64, uint64, float64 and bool variables, a handful of
pointers, structured control flow, no calls but of a few functions that are operations. This module gives exactly that
language its meaning in machine terms, so the text that people read is the text that runs::

    while rn >= 0:                      head:
        t1 = t1 + 1                         %1 = load i64, ptr %rn ... icmp sge ... br
        rn = P[k_Wall + rn]             body: ...

Integers wrap, division and remainder round towards minus infinity, ``and`` and ``or`` look at their second operand
only where the first does not decide. Variables are stack slots; LLVM puts them in registers.
"""

from __future__ import annotations

import ast

from wc_engine.compile.lowered_values import INT, LLVM_TYPES, LoweredValues, Typed
from wc_engine.errors import InternalError
from wc_engine.models.parsing import parse_module

__all__ = ["lower"]

_PARAMETERS = {
    "P": "ptr noalias readonly align 8 %P",
    "S": "ptr noalias readonly align 8 %S",
    "action": "i32 %action",
    "NEXT": "ptr noalias align 8 %NEXT",
    "REWARD": "ptr noalias writeonly align 8 %REWARD",
    "DONE": "ptr noalias writeonly %DONE",
    "scratch": "ptr noalias align 64 %scratch",
}
"""The parameters of ``wc_step_fn``. The problem and the state do not change during a step."""

_FOOTER = """
declare i64 @llvm.abs.i64(i64, i1)
declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.smax.i64(i64, i64)
declare double @llvm.fabs.f64(double)

attributes #0 = { nounwind }
!0 = !{}
"""


_MAX_EXPANDED_LINES = 2_500
"""Where the steps of all actions together are longer, making the children one by one costs little more."""


def lower(functions: dict[str, str], num_actions: int = 0) -> str:
    """Return a module in LLVM's language for emitted functions.

    Args:
        functions: text by name; all have the parameters of ``wc_step_fn``.
        num_actions: for how many actions to add ``expand``, a ``wc_expand_fn``, where it is short enough; 0: none.

    Raises:
        InternalError: a text is outside the emitted language, which is a bug of the compiler.
    """
    parts = []
    for text in functions.values():
        node = parse_module(text).body[0]
        if not isinstance(node, ast.FunctionDef):
            raise InternalError("emitted text is no function")
        parts.append(_Function(node).text())
    if 0 < num_actions * len(functions["step"].splitlines()) <= _MAX_EXPANDED_LINES:
        parts.append(_expand(num_actions))
    return "\n".join(parts) + _FOOTER


def _expand(num_actions: int) -> str:
    """Return ``expand``: a copy of ``step`` for each action, of which LLVM makes one where they do the same."""
    parameters = ", ".join(
        [_PARAMETERS[name] for name in ("P", "S", "NEXT")]
        + ["ptr noalias writeonly align 8 %REWARDS", "ptr noalias writeonly %DONES"]
        + ["ptr noalias writeonly align 4 %STATUSES", _PARAMETERS["scratch"]]
    )
    lines = [f"define i32 @expand({parameters}) #0 {{", "  %W = load i64, ptr %P, align 8"]
    for action in range(num_actions):
        lines += [
            f"  %o{action} = mul i64 %W, {action}",
            f"  %n{action} = getelementptr i64, ptr %NEXT, i64 %o{action}",
            f"  %r{action} = getelementptr double, ptr %REWARDS, i64 {action}",
            f"  %d{action} = getelementptr i8, ptr %DONES, i64 {action}",
            f"  %t{action} = getelementptr i32, ptr %STATUSES, i64 {action}",
            f"  %s{action} = call i32 @step(ptr %P, ptr %S, i32 {action}, ptr %n{action}, ptr %r{action}, "
            f"ptr %d{action}, ptr %scratch) alwaysinline",
            f"  store i32 %s{action}, ptr %t{action}, align 4",
        ]
    return "\n".join([*lines, "  ret i32 1", "}", ""])


class _Function(LoweredValues):
    """One function on its way to LLVM."""

    def __init__(self, node: ast.FunctionDef) -> None:
        super().__init__(node)
        self._loops: list[tuple[str, str]] = []
        """(where break goes, where continue goes) of the loops around the current line."""

    def text(self) -> str:
        """Return the function's text."""
        parameters = [argument.arg for argument in self._node.args.args]
        self._store("action", (INT, self._value("sext i32 %action to i64")))
        self._body(self._node.body)
        if self._open:
            self._refuse(self._node, "a function without a return at its end")
        head = ", ".join(_PARAMETERS[name] for name in parameters)
        lines = [f"define i32 @{self._node.name}({head}) #0 {{", "entry:", *self._entry, *self._lines, "}", ""]
        return "\n".join(lines)

    # ---- statements --------------------

    def _body(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Assign):
            self._assign(node.targets[0], node.value)
        elif isinstance(node, ast.AugAssign):
            value = self._operate(node, node.op, self._expression(node.target), self._expression(node.value))
            self._assign_value(node.target, value)
        elif isinstance(node, ast.If):
            self._if(node)
        elif isinstance(node, ast.While):
            self._while(node)
        elif isinstance(node, ast.For):
            self._for(node)
        elif isinstance(node, ast.Break):
            self._end(f"br label %{self._loops[-1][0]}")
        elif isinstance(node, ast.Continue):
            self._end(f"br label %{self._loops[-1][1]}")
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Constant):
            self._end(f"ret i32 {node.value.value!r}")
        elif not isinstance(node, ast.Pass):
            self._refuse(node, "an unknown statement")

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name) and target.id in ("H", "R"):
            self._memory(target.id, value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            values = [self._expression(item) for item in value.elts]
            for item, one in zip(target.elts, values, strict=True):
                self._assign_value(item, one)
        else:
            self._assign_value(target, self._expression(value))

    def _memory(self, name: str, value: ast.expr) -> None:
        """``H = scratch``, or a number of words on the stack."""
        if isinstance(value, ast.Call) and isinstance(value.args[0], ast.Constant):
            self._entry.append(f"  %{name} = alloca [{value.args[0].value!r} x i64], align 16")
            self._pointers[name] = f"%{name}"
        else:
            self._pointers[name] = "%scratch"

    def _assign_value(self, target: ast.expr, value: Typed) -> None:
        if isinstance(target, ast.Name):
            self._store(target.id, value)
            return
        if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
            self._refuse(target, "an unknown target")
        name = target.value.id
        if name == "DONE":
            byte = self._value(f"trunc i64 {value[1]} to i8")
            self._emit(f"store i8 {byte}, ptr %DONE")
            return
        address = self._address(name, target.slice)
        self._emit(f"store {LLVM_TYPES[value[0]]} {value[1]}, ptr {address}, align 8")

    def _if(self, node: ast.If) -> None:
        then, orelse, after = self._label("then"), self._label("else"), self._label("end")
        self._condition(node.test, then, orelse if node.orelse else after)
        reached = self._branch(then, node.body, after)
        if node.orelse:
            reached |= self._branch(orelse, node.orelse, after)
        else:
            reached = True
        if reached:
            self._begin(after)

    def _branch(self, label: str, body: list[ast.stmt], after: str) -> bool:
        """Write one side of a branch; return whether its end is reached."""
        self._begin(label)
        self._body(body)
        reached = self._open
        if reached:
            self._end(f"br label %{after}")
        return reached

    def _while(self, node: ast.While) -> None:
        head, body, after = self._label("while"), self._label("body"), self._label("end")
        self._begin(head)
        if isinstance(node.test, ast.Constant):
            self._end(f"br label %{body}")
        else:
            self._condition(node.test, body, after)
        self._loop_body(body, node.body, after, head, f"br label %{head}")
        self._begin(after)

    def _loop_body(self, label: str, body: list[ast.stmt], after: str, again: str, back: str) -> None:
        self._begin(label)
        self._loops.append((after, again))
        self._body(body)
        self._loops.pop()
        if self._open:
            self._end(back)

    def _for(self, node: ast.For) -> None:
        """``for name in range(start, stop)``; the name keeps its last value."""
        call = node.iter
        if not isinstance(call, ast.Call) or not isinstance(node.target, ast.Name):
            self._refuse(node, "an unknown loop")
        bounds = [self._expression(argument)[1] for argument in call.args]
        start, stop = ("0", bounds[0]) if len(bounds) == 1 else bounds
        counter = f"%{self._label('c.')}"
        self._entry.append(f"  {counter} = alloca i64")
        self._emit(f"store i64 {start}, ptr {counter}")
        head, body, again, after = (self._label(hint) for hint in ("for", "body", "next", "end"))
        self._begin(head)
        place = self._value(f"load i64, ptr {counter}")
        self._end(f"br i1 {self._value(f'icmp slt i64 {place}, {stop}')}, label %{body}, label %{after}")
        self._begin(body)
        self._store(node.target.id, (INT, place))
        self._loop_body(self._label("round"), node.body, after, again, f"br label %{again}")
        self._begin(again)
        self._emit(f"store i64 {self._value(f'add nsw i64 {place}, 1')}, ptr {counter}")
        self._end(f"br label %{head}")
        self._begin(after)
