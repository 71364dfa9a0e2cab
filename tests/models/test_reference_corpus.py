"""The reference against outcomes of forty programs that were recorded in plain CPython."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from shared_data import PROJECT, shared

from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.objects import StateReader
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State

Line = dict[str, Any]


def cases() -> list[Any]:
    """Return (program, environment, what was recorded) for each pair in the corpus."""
    try:
        manifest = json.loads(shared("corpus", "manifest.json").read_text())
    except pytest.skip.Exception as absent:
        return [pytest.param("", "", {}, marks=pytest.mark.skip(reason=str(absent)))]
    return [
        pytest.param(program["file"], env, recorded, id=f"{Path(program['file']).stem}-{env}")
        for program in manifest["programs"]
        for env, recorded in program["per_env"].items()
    ]


@cache
def validation() -> ModuleType:
    """Return the corpus's own script, for its form of raw outcomes."""
    spec = importlib.util.spec_from_file_location("corpus_validate", shared("corpus", "validate.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entity(line: Line) -> Entity:
    attributes = {name: entity(value) if isinstance(value, dict) else value for name, value in line.items()}
    return Entity(attributes.pop("type"), attributes)


@cache
def transitions(env: str) -> list[tuple[Line, State, State]]:
    with gzip.open(shared("corpus", "transitions", f"{env}.jsonl.gz"), "rt") as file:
        lines = [json.loads(line) for line in file]
    return [(line, State(map(entity, line["state"])), State(map(entity, line["next_state"]))) for line in lines]


def raw_outcome(interpreter: ReferenceInterpreter, line: Line, state: State, next_state: State) -> tuple[Line, bool]:
    """Return what the corpus notes of one line, before any canonical form; and whether the canonical form is right."""
    outcome: Line = {}
    right = False
    try:
        returned: Any = interpreter.call_transition(state, line["action"])
    except Exception as error:
        outcome["transition_error"] = type(error).__name__
    else:
        elements = list(returned)
        outcome["next_state"] = [json.loads(encoded) for encoded in validation().encode_state(elements)]
        right = StateReader().read(elements) == next_state
    try:
        reward, done = interpreter.call_reward(state, line["action"], next_state)  # type: ignore[misc]
    except Exception as error:
        outcome["reward_error"] = type(error).__name__
    else:
        outcome["reward"], outcome["done"] = float(reward), bool(done)
    return outcome, right


@pytest.mark.parametrize(("file", "env", "recorded"), cases())
def test_raw_outcomes_are_those_of_plain_python(file: str, env: str, recorded: Line) -> None:
    interpreter = ReferenceInterpreter(Program.from_file(shared("corpus", *file.split("/"))))
    digest = hashlib.sha256()
    num_right = 0
    for line, state, next_state in transitions(env):
        outcome, right = raw_outcome(interpreter, line, state, next_state)
        digest.update(json.dumps(outcome, sort_keys=True).encode() + b"\n")
        num_right += right
    assert digest.hexdigest()[:16] == recorded["digest"]
    assert num_right / recorded["n"] == pytest.approx(recorded["state"], abs=1e-4)


def test_no_program_of_the_corpus_is_in_this_project() -> None:
    texts = {path.read_text() for path in shared("corpus", "programs").rglob("*.py")}
    assert not [path for path in PROJECT.rglob("*.py") if path.read_text() in texts]
