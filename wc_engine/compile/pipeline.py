"""The passes, in order, from a program to the text of its native functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from wc_engine.compile.emit import ACTION, emit_function
from wc_engine.compile.generated import GeneratedModel
from wc_engine.compile.ir import Extreme, Grid, Var
from wc_engine.compile.memory import ProblemMemory
from wc_engine.compile.passes.blocks import simplify_blocks
from wc_engine.compile.passes.cells import look_into_grids
from wc_engine.compile.passes.coalesce import coalesce_copies
from wc_engine.compile.passes.covered import count_covered
from wc_engine.compile.passes.dead import remove_dead_code
from wc_engine.compile.passes.extremes import look_up_extremes
from wc_engine.compile.passes.fold import fold_constants
from wc_engine.compile.passes.in_order import keep_order
from wc_engine.compile.passes.index import select_indices
from wc_engine.compile.passes.interchange import interchange_loops
from wc_engine.compile.passes.known import leave_out_known
from wc_engine.compile.passes.ranges import Ranges
from wc_engine.compile.passes.remaps import number_once
from wc_engine.compile.passes.repeats import share_repeats
from wc_engine.compile.passes.scalars import reach_constant_places
from wc_engine.compile.passes.slots import fill_slots
from wc_engine.compile.passes.tested import put_into_tests
from wc_engine.compile.passes.unroll import greatest_counts, unroll_loops
from wc_engine.compile.passes.walk import expressions, loads, statements
from wc_engine.compile.plan import USUAL, Assumptions, CompilePlan, FixedNumberNeeded
from wc_engine.compile.rewrites import Refused, prepare_for_staging, text_builders
from wc_engine.compile.spec import check_ir
from wc_engine.compile.stage.program import StagedStep, stage_program
from wc_engine.errors import UnsupportedConstructError
from wc_engine.models.parsing import copied_tree

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterator

    from wc_engine.compile.ir import Array, Stmt
    from wc_engine.state.schema import Schema

__all__ = ["generate"]


@dataclass(frozen=True)
class Facts:
    """What passes may want to know of a function beside its code.

    Attributes:
        schema: entity types and domains.
        tables: its constant tables.
        known: the ranges of its parameters.
    """

    schema: Schema
    tables: tuple[tuple[int, ...], ...]
    known: dict[Var, tuple[int, int]]

    def ranges(self, body: list[Stmt]) -> Ranges:
        """Return the ranges of its variables."""
        return Ranges(body, self.schema, self.tables, self.known)


def _without_known(body: list[Stmt], facts: Facts) -> list[Stmt]:
    return remove_dead_code(leave_out_known(body, facts.schema))


PASSES: tuple[tuple[str, Callable[[list[Stmt], Facts], list[Stmt]]], ...] = (
    ("blocks", lambda body, _: simplify_blocks(body)),
    ("dead code", lambda body, _: remove_dead_code(body)),
    ("coalescing", lambda body, _: coalesce_copies(body)),
    ("numbering", lambda body, facts: coalesce_copies(body) if number_once(body, facts.tables) else body),
    ("known facts", lambda body, facts: _without_known(body, facts)),
    ("tests", lambda body, _: put_into_tests(body)),
    ("loop interchange", lambda body, _: interchange_loops(body)),
    ("extremes", lambda body, facts: look_up_extremes(body, facts.schema)),
    ("covered places", lambda body, facts: count_covered(body, facts.schema)),
    ("repeats", lambda body, _: share_repeats(body)),
    ("coalescing again", lambda body, _: coalesce_copies(body)),
    ("index selection", lambda body, _: select_indices(body)),
    ("grids", lambda body, facts: look_into_grids(body, facts.schema, facts.ranges(body))),
    ("slots", lambda body, facts: fill_slots(body, facts.schema)),
    ("unrolling", lambda body, facts: unroll_loops(body, greatest_counts(body, facts.schema))),
    ("folding", lambda body, _: fold_constants(body)),
    ("blocks again", lambda body, _: simplify_blocks(body)),
    ("known facts again", lambda body, facts: _without_known(body, facts)),
    ("blocks once more", lambda body, _: simplify_blocks(body)),
    ("constant places", lambda body, facts: reach_constant_places(body, facts.schema)),
    ("folding again", lambda body, _: fold_constants(body)),
    ("dead code again", lambda body, _: remove_dead_code(body)),
    ("order", lambda body, facts: keep_order(body, facts.schema)),
)
"""The passes in order; their names are for messages."""


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
    plan: CompilePlan | None = None,
    *,
    assumptions: Assumptions = USUAL,
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
        plan: what the staging for a similar schema learned.
        assumptions: what is guarded in place of being followed.

    Raises:
        UnsupportedConstructError: something is not translated yet; names the place.
    """
    tree = _rewritten(tree, text, file)
    start = replace(plan or CompilePlan(), capacity=capacity, assumptions=assumptions)

    def stage(tree: ast.Module) -> tuple[StagedStep, StagedStep]:
        step = stage_program(tree, text, file, schema, actions, mission, plan=start)
        reward = stage_program(tree, text, file, schema, actions, mission, plan=step.plan, reward_only=True)
        if reward.plan.dynamic_types != step.plan.dynamic_types:
            step = stage_program(tree, text, file, schema, actions, mission, plan=reward.plan)
        return step, reward

    step, reward = _first_staged(tree, stage)
    tables = tuple(dict.fromkeys(step.tables + reward.tables))
    known = {ACTION: (0, len(actions) - 1)}
    bodies = {name: _run_passes(staged, schema, known) for name, staged in (("step", step), ("reward", reward))}
    memory = ProblemMemory(schema, tables, step.plan.dynamic_types, _grids_of(bodies), _extremes_of(bodies))
    functions, scratch = {}, 1
    for name, staged in (("step", step), ("reward", reward)):
        functions[name], words = emit_function(name, bodies[name], memory, staged.tables)
        scratch = max(scratch, words)
    assumed = step.assumed or reward.assumed
    return GeneratedModel(functions, memory, step.plan.capacity, scratch, reward.plan, assumed)


def _first_staged(
    tree: ast.Module, stage: Callable[[ast.Module], tuple[StagedStep, StagedStep]]
) -> tuple[StagedStep, StagedStep]:
    """Stage a program; where it is refused and puts texts together in loops, with these as lists of pieces."""
    try:
        return stage(tree)
    except FixedNumberNeeded:
        raise
    except UnsupportedConstructError as refusal:
        if not text_builders.has_text_builders(tree):
            raise
        try:
            return stage(text_builders.run(copied_tree(tree)))
        except UnsupportedConstructError:
            raise refusal from None


@lru_cache(maxsize=8)
def _rewritten(tree: ast.Module, text: str, file: str) -> ast.Module:
    """Return a tree rewritten: once, for what one staging learned names definitions that the next must have, too."""
    try:
        return prepare_for_staging(tree)
    except Refused as refused:
        raise refused.located(file, text) from refused


def _grids_of(functions: dict[str, list[Stmt]]) -> tuple[Grid, ...]:
    found = {array for array in _arrays(functions) if isinstance(array, Grid)}
    return tuple(sorted(found, key=lambda grid: (grid.type_name, grid.holds, grid.margin)))


def _extremes_of(functions: dict[str, list[Stmt]]) -> tuple[Extreme, ...]:
    found = {array for array in _arrays(functions) if isinstance(array, Extreme)}
    return tuple(sorted(found, key=lambda extreme: (extreme.type_name, extreme.attribute, extreme.pick)))


def _arrays(functions: dict[str, list[Stmt]]) -> Iterator[Array]:
    for body in functions.values():
        for statement in statements(body):
            for expr in expressions(statement):
                yield from loads(expr)


def _run_passes(staged: StagedStep, schema: Schema, known: dict[Var, tuple[int, int]]) -> list[Stmt]:
    body = staged.body
    if sum(1 for _ in statements(body)) > _MAX_STATEMENTS:
        raise UnsupportedConstructError("the program unfolds into too much code")
    check_ir(body, "staging")
    facts = Facts(schema, staged.tables, known)
    for name, run in PASSES:
        body = run(body, facts)
        check_ir(body, name)
    return body
