"""Images from the cache on disk, or made now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from wc_engine.compile.boxed.image import FunctionInfo, ProgramImage
from wc_engine.compile.boxed.runtime import runtime_tables
from wc_engine.compile.cache import CacheEntry, read_entry, write_entry
from wc_engine.compile.native import native_key
from wc_engine.errors import SourceLocation, UnsupportedConstructError
from wc_engine.models.program import Program

__all__ = ["obtain_image"]


def obtain_image(program: Program, attribute_names: Iterable[str], mission: str | None) -> ProgramImage:
    """Return a program's image; in another process its code is taken from the cache.

    Raises:
        UnsupportedConstructError: something is not translated; names the place.
    """
    names = sorted(set(attribute_names))
    key = _key(program, names, mission)
    entry = read_entry(key)
    if entry is None:
        entry = _make(program, names, mission)
        write_entry(key, entry)
    facts = entry.facts
    if "refusal" in facts:
        place = facts["place"]
        raise UnsupportedConstructError(
            facts["refusal"], None if place is None else SourceLocation(program.file, *place)
        )
    infos = tuple(FunctionInfo(**{**info, "parameters": tuple(info["parameters"])}) for info in facts["infos"])
    constants = tuple(_decoded(item) for item in facts["constants"])
    return ProgramImage(
        code=entry.code,
        infos=infos,
        constants=constants,
        names=tuple(facts["names"]),
        slot_names=tuple(facts["slot_names"]),
        global_names=tuple(facts["global_names"]),
        module_symbol=facts["module_symbol"],
        mission=facts["mission"],
        listing=facts["listing"],
    )


def _make(program: Program, names: list[str], mission: str | None) -> CacheEntry:
    from wc_engine.compile.boxed.generate import generate_image

    try:
        image = generate_image(program, names, mission)
    except UnsupportedConstructError as error:
        place = error.location
        position = None if place is None else [place.line, place.column, place.source, place.end_column]
        return CacheEntry({"refusal": error.message, "place": position}, b"")
    facts = asdict(image)
    del facts["code"]
    facts["constants"] = [_encoded(item) for item in image.constants]
    return CacheEntry(facts, image.code)


def _encoded(value: Any) -> Any:
    """A constant as JSON says it: a tag, and what it needs."""
    match value:
        case tuple() | frozenset():
            return [type(value).__name__, [_encoded(item) for item in value]]
        case float():
            return ["float", value.hex()]
        case complex():
            return ["complex", value.real.hex(), value.imag.hex()]
        case str():
            return ["str", value.encode("utf-8", "surrogatepass").hex()] if not value.isascii() else value
        case _ if value is Ellipsis:
            return ["ellipsis"]
        case _:
            return value


def _decoded(value: Any) -> Any:
    match value:
        case ["tuple", items]:
            return tuple(_decoded(item) for item in items)
        case ["frozenset", items]:
            return frozenset(_decoded(item) for item in items)
        case ["float", digits]:
            return float.fromhex(digits)
        case ["complex", real, imag]:
            return complex(float.fromhex(real), float.fromhex(imag))
        case ["str", digits]:
            return bytes.fromhex(digits).decode("utf-8", "surrogatepass")
        case ["ellipsis"]:
            return Ellipsis
        case _:
            return value


def _key(program: Program, names: list[str], mission: str | None) -> str:
    parts = ("boxed", _sources_key(), native_key(), program.content_hash, names, mission)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def _sources_key() -> str:
    """A digest of the compiler, the library and the runtime's tables, whose numbers are in the code."""
    folder = Path(__file__).resolve().parent
    digest = hashlib.sha256(repr(runtime_tables()).encode())
    for path in sorted([*folder.rglob("*.py"), *(folder.parent / "rewrites").glob("*.py")]):
        digest.update(path.relative_to(folder.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
