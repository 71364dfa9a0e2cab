"""The passes, in order, from a program to the text of its native functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wc_engine.compile.emit import emit_function
from wc_engine.compile.generated import GeneratedModel
from wc_engine.compile.memory import ProblemMemory
from wc_engine.compile.passes.blocks import simplify_blocks
from wc_engine.compile.passes.coalesce import coalesce_copies
from wc_engine.compile.passes.dead import remove_dead_code
from wc_engine.compile.passes.index import select_indices
from wc_engine.compile.passes.interchange import interchange_loops
from wc_engine.compile.passes.walk import statements
from wc_engine.compile.plan import CompilePlan
from wc_engine.compile.spec import check_ir
from wc_engine.compile.stage.program import StagedStep, stage_program
from wc_engine.errors import UnsupportedConstructError

if TYPE_CHECKING:
    import ast

    from wc_engine.compile.ir import Stmt
    from wc_engine.state.schema import Schema

__all__ = ["generate"]

PASSES = (
    ("blocks", simplify_blocks),
    ("dead code", remove_dead_code),
    ("coalescing", coalesce_copies),
    ("loop interchange", interchange_loops),
    ("index selection", select_indices),
    ("dead code again", remove_dead_code),
)


_MAX_STATEMENTS = 4_000
"""More than this takes longer to compile than it saves: another tier takes the program."""


def generate(
    tree: ast.Module,
    text: str,
    file: str,
    schema: Schema,
    actions: tuple[str, ...],
    mission: str | None,
    capacity: int = 64,
) -> GeneratedModel:
    """Translate a program for a schema.

    Args:
        tree: the program's syntax tree.
        text: its text.
        file: its file's name, for messages.
        schema: entity types and domains.
        actions: the action of each index.
        mission: whose reward function to take, where there are several.
        capacity: rows of a type that scratch memory has room for.

    Raises:
        UnsupportedConstructError: something is not translated yet; names the place.
    """
    step = stage_program(tree, text, file, schema, actions, mission, plan=CompilePlan(capacity=capacity))
    reward = stage_program(tree, text, file, schema, actions, mission, plan=step.plan, reward_only=True)
    if reward.plan.dynamic_types != step.plan.dynamic_types:
        step = stage_program(tree, text, file, schema, actions, mission, plan=reward.plan)
    tables = tuple(dict.fromkeys(step.tables + reward.tables))
    memory = ProblemMemory(schema, tables, step.plan.dynamic_types)
    functions, scratch = {}, 1
    for name, staged in (("step", step), ("reward", reward)):
        body = _run_passes(staged)
        functions[name], words = emit_function(name, body, memory, staged.tables)
        scratch = max(scratch, words)
    return GeneratedModel(functions, memory, step.plan.capacity, scratch)


def _run_passes(staged: StagedStep) -> list[Stmt]:
    body = staged.body
    if sum(1 for _ in statements(body)) > _MAX_STATEMENTS:
        raise UnsupportedConstructError("the program unfolds into too much code")
    check_ir(body, "staging")
    for name, run in PASSES:
        body = run(body)
        check_ir(body, name)
    return body
