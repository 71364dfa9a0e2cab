"""The corpus's MiniGrid programs: each is specialised, and agrees with the reference."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from agree import Comparison
from shared_data import shared

from wc_engine.models.dataset import Transition, read_transitions
from wc_engine.models.program import REWARD_FUNCS, Program

STEPS = 40
"""Recorded steps that are compared for each program, and twice as many steps of walks at most."""


def programs() -> list[Any]:
    """Return the program files with the names of their data, or one skipped case where they are absent."""
    try:
        manifest = json.loads(shared("corpus", "manifest.json").read_text())
    except pytest.skip.Exception as absent:
        return [pytest.param("", [], marks=pytest.mark.skip(reason=str(absent)))]
    entries = [one for one in manifest["programs"] if one["domain"] == "minigrid"]
    return [pytest.param(one["file"], one["envs"], id=Path(one["file"]).stem) for one in entries]


@cache
def transitions(name: str) -> list[Transition]:
    return list(read_transitions(shared("corpus", "transitions", f"{name}.jsonl.gz")))


@pytest.mark.parametrize(("file", "data"), programs())
def test_a_program_is_specialised_and_agrees_with_the_reference(file: str, data: list[str]) -> None:
    program = Program.from_file(shared("corpus", file))
    recorded = [one for name in data for one in transitions(name)]
    states = dict.fromkeys(state for one in recorded for state in (one.state, one.next_state))
    mission = min(one.mission for one in recorded) if REWARD_FUNCS in program.defines else None
    comparison = Comparison(program, states, sorted({one.action for one in recorded}), mission)
    random = Random(7)
    for transition in random.sample(recorded, STEPS):
        comparison.step(transition.state, transition.action)
        comparison.reward(transition.state, transition.action, transition.next_state)
    for transition in random.sample(recorded, STEPS // 10):
        comparison.walk(transition.state, 20, random)
    comparison.expect_native(max_elsewhere=0.1)
