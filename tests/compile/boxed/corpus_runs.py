"""Programs of the shared corpus on its transitions, plainly in CPython, as they are or rewritten."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any

import library_in_python
from shared_data import shared

from wc_engine.compile.rewrites import prepare


@cache
def programs() -> list[dict[str, Any]]:
    """Return the manifest's programs."""
    found: list[dict[str, Any]] = json.loads(shared("corpus", "manifest.json").read_text())["programs"]
    return found


@cache
def transitions(env: str) -> list[dict[str, Any]]:
    """Return the recorded transitions of an environment."""
    with gzip.open(shared("corpus", "transitions", f"{env}.jsonl.gz"), "rt") as lines:
        return [json.loads(line) for line in lines]


def outcomes(source: str, lines: list[dict[str, Any]], *, rewritten: bool) -> list[str]:
    """Return what a program says of some transitions, as text."""
    run = (lambda text: library_in_python.run(text, prepare)) if rewritten else library_in_python.run_with_python
    namespace = run(source)
    return [_outcome(namespace, line) for line in lines]


def _outcome(namespace: dict[str, Any], line: dict[str, Any]) -> str:
    def made(entity: dict[str, Any], *, carried: bool = False) -> Any:
        values = {key: _value(value) for key, value in entity.items() if key not in ("type", "x", "y")}
        cls = namespace.get(entity["type"]) or type(entity["type"], (namespace["Entity"],), {})
        place = (None, None) if carried else (entity["x"], entity["y"])
        return cls(*place, **values)

    def _value(value: Any) -> Any:
        if isinstance(value, dict):
            return made(value, carried=True)
        return tuple(value) if isinstance(value, list) else value

    try:
        after = namespace["transition"]({made(entity) for entity in line["state"]}, line["action"])
        reward = namespace["reward_func"](
            {made(entity) for entity in line["state"]},
            line["action"],
            {made(entity) for entity in line["next_state"]},
        )
        return f"{sorted(map(repr, after))} {reward}"
    except Exception as error:
        return type(error).__name__
