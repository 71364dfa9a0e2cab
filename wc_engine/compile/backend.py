"""The back end: a program's native code, from the cache on disk or made now.

What decides native code (program, schema, actions, mission, room, compiler, LLVM, processor) is hashed, and the code is
kept under that name: in another process it is loaded without translating or even importing the translator. That a
program is not supported is kept as well.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from wc_engine.compile.cache import CacheEntry, read_entry, sources_key, write_entry
from wc_engine.compile.doors import refusal_of
from wc_engine.compile.generated import FORMAT_VERSION, GeneratedModel
from wc_engine.compile.ir import Extreme, Grid
from wc_engine.compile.memory import ProblemMemory
from wc_engine.compile.native import NativeCode, assemble, load_code, native_key
from wc_engine.compile.plan import USUAL, Assumptions, FixedNumberNeeded
from wc_engine.errors import EncodingError, SourceLocation, TranslationError, UnsupportedConstructError
from wc_engine.state.entities import canonical_key
from wc_engine.state.schema import IntDomain

if TYPE_CHECKING:
    from wc_engine.compile.plan import CompilePlan
    from wc_engine.models.program import Program
    from wc_engine.state.schema import Domain, Schema

__all__ = ["obtain"]


def obtain(
    program: Program,
    schema: Schema,
    actions: tuple[str, ...],
    mission: str | None,
    capacity: int,
    plan: CompilePlan | None = None,
    *,
    assumptions: Assumptions = USUAL,
) -> tuple[GeneratedModel, NativeCode]:
    """Return a program translated for a schema, and its loaded code.

    Args:
        program: the program.
        schema: entity types and domains.
        actions: the action of each index.
        mission: whose reward function to take, where there are several.
        capacity: rows of a type that scratch memory has room for.
        plan: what the staging for a similar schema learned.
        assumptions: what is guarded in place of being followed.

    Raises:
        UnsupportedConstructError: something is not translated yet, or the compiler met a case that it does not know.
        EncodingError: a row of a type is too wide.
    """
    key = _key(program, schema, actions, mission, capacity, assumptions)
    entry = read_entry(key)
    learned = None
    if entry is None:
        entry, learned = _make(program, schema, actions, mission, capacity, plan, assumptions)
        write_entry(key, entry)
    facts = entry.facts
    if "refusal" in facts:
        raise _refusal(facts["refusal"], program.file)
    tables = tuple(tuple(table) for table in facts["tables"])
    grids = tuple(Grid(*grid) for grid in facts["grids"])
    extremes = tuple(Extreme(*extreme) for extreme in facts["extremes"])
    memory = ProblemMemory(schema, tables, frozenset(facts["dynamic_types"]), grids, extremes)
    generated = GeneratedModel(
        facts["functions"], memory, facts["capacity"], facts["scratch_words"], learned, facts["assumed"]
    )
    return generated, load_code(entry.code, (*generated.functions, *facts["more"]))


def _make(
    program: Program,
    schema: Schema,
    actions: tuple[str, ...],
    mission: str | None,
    capacity: int,
    plan: CompilePlan | None,
    assumptions: Assumptions,
) -> tuple[CacheEntry, CompilePlan | None]:
    """Translate a program, and turn whatever goes wrong into a refusal: another tier takes the program then."""
    from wc_engine.compile.lowering import lower
    from wc_engine.compile.pipeline import generate

    try:
        generated = generate(
            program.tree, program.text, program.file, schema, actions, mission, capacity, plan, assumptions=assumptions
        )
        text = lower(generated.functions, len(actions))
        code = assemble(text)
    except UnsupportedConstructError as error:
        return CacheEntry({"refusal": _described(error)}, b""), None
    except (TranslationError, EncodingError):
        raise
    except Exception as error:
        return CacheEntry({"refusal": _described(refusal_of(error))}, b""), None
    facts = {
        "functions": generated.functions,
        "tables": generated.memory.tables,
        "extremes": [[one.type_name, one.attribute, one.pick] for one in generated.memory.extremes],
        "grids": [[grid.type_name, grid.holds, grid.margin] for grid in generated.memory.grids],
        "dynamic_types": sorted(generated.memory.dynamic_types),
        "capacity": generated.capacity,
        "scratch_words": generated.scratch_words,
        "assumed": generated.assumed,
        "more": ["expand"] if "@expand(" in text else [],
    }
    return CacheEntry(facts, code), generated.plan


def _described(error: UnsupportedConstructError) -> dict[str, Any]:
    place = error.location
    described: dict[str, Any] = {"message": error.message}
    if place is not None:
        described["place"] = [place.line, place.column, place.source, place.end_column]
    if isinstance(error, FixedNumberNeeded):
        described["number_of"] = error.type_name
    return described


def _refusal(described: dict[str, Any], file: str) -> UnsupportedConstructError:
    place = described.get("place")
    location = None if place is None else SourceLocation(file, *place)
    if "number_of" in described:
        return FixedNumberNeeded(described["message"], location, described["number_of"])
    return UnsupportedConstructError(described["message"], location)


# ---- what decides the code --------------------


def _key(
    program: Program,
    schema: Schema,
    actions: tuple[str, ...],
    mission: str | None,
    capacity: int,
    assumptions: Assumptions,
) -> str:
    types = [
        (
            entity_type.name,
            entity_type.count,
            entity_type.most,
            [(name, _domain_key(domain)) for name, domain in entity_type.attributes],
        )
        for entity_type in schema.types
    ]
    assumed = (assumptions.optimistic, sorted(assumptions.unchanging))
    made_for = (program.content_hash, types, actions, mission, capacity, assumed)
    parts = (FORMAT_VERSION, sources_key(), native_key(), *made_for)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _domain_key(domain: Domain) -> object:
    if isinstance(domain, IntDomain):
        return domain.low, domain.high
    return [canonical_key(value) for value in domain.values]
