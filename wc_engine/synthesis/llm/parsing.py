"""Answers read leniently: fences or none, prose around and between, several blocks, an edit of one function only.

A program that an answer leaves parts of is completed from the program that it was asked to change: an edit replaces
definitions of the same name, a whole program gets the helpers that it calls without repeating them.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence

from wc_engine.errors import InvalidModelError, SynthesisError
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.synthesis.llm.source import Unit, join_units, merge_units, needed_units, parse_python, units_of

__all__ = ["code_blocks", "edited_units", "read_program"]

_FENCE = re.compile(r"^[ \t>*-]*(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^`\n]*$")
_PYTHON = frozenset({"", "python", "python3", "py", "py3", "python-repl"})
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_CODE_LINE = re.compile(r"(?:async def|def|class|import|from|@)\s*\w|[A-Za-z_]\w*\s*(?::[^=]+)?=[^=]")


def read_program(answer: str, base: str = "") -> str:
    """Return the program that an answer means.

    Args:
        answer: what a model wrote.
        base: the program that it was asked to change, or the prelude of a new one.

    Raises:
        SynthesisError: says why there is none; carries the answer.
    """
    units = edited_units(answer)
    names = {name for unit in units for name in unit.names}
    old = units_of(base)
    known = {name for unit in old for name in unit.names}
    is_whole = "transition" in names and names & {"reward_func", REWARD_FUNCS}
    # A prelude stays whole, for later edits to use; so does a program whose table of rewards knows more missions.
    has_more = REWARD_FUNCS in known and REWARD_FUNCS not in names
    if is_whole and "transition" in known and not has_more:
        merged = [*needed_units(units, old), *units]
    else:
        merged = merge_units(old, units)
    try:
        text = join_units(_imports_first(merged))
        Program.from_text(text)
        compile(text, "<answer>", "exec", dont_inherit=True)
    except (InvalidModelError, SyntaxError, ValueError) as error:
        raise SynthesisError(f"the answer gives no program: {error}", program=answer) from None
    return text


def edited_units(answer: str) -> list[Unit]:
    """Return the statements that an answer consists of; of several with one name, the last.

    Raises:
        SynthesisError: there is no Python in it.
    """
    if not answer.strip():
        raise SynthesisError("the answer is empty", program=answer)
    blocks = code_blocks(answer)
    if not blocks:
        raise SynthesisError("there is no code in the answer", program=answer)
    units: list[Unit] = []
    reasons = []
    for block in blocks:
        try:
            units = merge_units(units, [unit for unit in units_of(block) if not _is_idle(unit.node)])
        except SyntaxError as error:
            reasons.append(f"line {error.lineno}: {error.msg}")
    if not any(unit.names for unit in units):
        why = f"none of its code can be parsed ({'; '.join(reasons)})" if reasons else "its code defines nothing"
        raise SynthesisError(f"the answer gives no program: {why}", program=answer)
    return units


def code_blocks(answer: str) -> list[str]:
    """Return the pieces of an answer that are meant as Python, in order; those between fences, where there are any."""
    thoughtless = _THOUGHT.sub("", answer)
    for end in ("</think>", "</thinking>"):
        thoughtless = thoughtless.rpartition(end)[2] or thoughtless
    fenced = list(_fenced(thoughtless.splitlines()))
    if not any(is_python for is_python, _ in fenced):
        return list(_unfenced(thoughtless.splitlines()))
    return [textwrap.dedent(block) for is_python, block in fenced if is_python and block.strip()]


def _fenced(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Yield what stands between fences and whether it is said to be Python; the last fence may be missing."""
    marker, is_python = "", False
    block: list[str] = []
    for line in lines:
        match = _FENCE.match(line)
        if not marker and match:
            marker, is_python, block = match[1], match[2].lower() in _PYTHON, []
        elif marker and match and match[1].startswith(marker) and not match[2]:
            yield is_python, "\n".join(block)
            marker = ""
        elif marker:
            block.append(line)
    if marker:
        yield is_python, "\n".join(block)


def _unfenced(lines: Sequence[str]) -> Iterator[str]:
    """Yield runs of lines that begin like code, each as far as it can be parsed."""
    start = 0
    while start < len(lines):
        if not _CODE_LINE.match(lines[start]):
            start += 1
            continue
        end = len(lines)
        while end > start:
            try:
                parse_python("\n".join(lines[start:end]))
                break
            except SyntaxError as error:
                # The line of the error is most likely prose; a text that ends too early is cut by one line.
                end = min(end - 1, start + max(0, (error.lineno or 1) - 1))
        if end > start:
            yield "\n".join(lines[start:end])
        start = max(end, start + 1)


def _is_idle(node: ast.stmt) -> bool:
    """Return whether a statement adds nothing to a program: texts, prints, tests, and a body left out (``...``)."""
    if isinstance(node, ast.Expr):
        value = node.value
        called = value.func if isinstance(value, ast.Call) else None
        return isinstance(value, ast.Constant) or (isinstance(called, ast.Name) and called.id == "print")
    if isinstance(node, ast.If):
        return any(isinstance(one, ast.Name) and one.id == "__name__" for one in ast.walk(node.test))
    if isinstance(node, ast.FunctionDef):
        body = [one for one in node.body if not (isinstance(one, ast.Expr) and _is_text(one.value))]
        return len(body) == 1 and isinstance(body[0], ast.Expr) and _is_ellipsis(body[0].value)
    return isinstance(node, ast.Assert)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _imports_first(units: Sequence[Unit]) -> list[Unit]:
    """Move imports to the front: an edit may bring one that a definition ahead of it needs."""
    imports = [unit for unit in units if isinstance(unit.node, ast.Import | ast.ImportFrom)]
    return imports + [unit for unit in units if not isinstance(unit.node, ast.Import | ast.ImportFrom)]
