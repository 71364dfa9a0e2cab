"""The corpus's Sokoban programs: what compiles agrees with the reference, what does not says where."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest
from agree import Comparison
from shared_data import shared

from wc_engine.compile.compiled import specialise
from wc_engine.errors import EncodingError, UnsupportedConstructError
from wc_engine.models.dataset import Transition, read_transitions
from wc_engine.models.program import Program
from wc_engine.state import Entity, State

DATA = ("sokoban_random", "sokoban_boxoban")
REFUSED: tuple[str, ...] = ()
"""What the specialiser does not take; of all others it is noticed where it takes them no more."""
ACTIONS = ("move up", "move down", "move left", "move right")


def programs() -> list[object]:
    """Return the program files, or one skipped case where they are absent."""
    try:
        files = sorted(shared("corpus", "programs", "sokoban").glob("*.py"))
    except pytest.skip.Exception as absent:
        return [pytest.param(Path(), marks=pytest.mark.skip(reason=str(absent)))]
    return [pytest.param(file, id=file.stem) for file in files]


@cache
def sample() -> list[Transition]:
    """Return every tenth recorded transition."""
    return [transition for name in DATA for transition in transitions(name)[::10]]


@cache
def transitions(name: str) -> list[Transition]:
    return list(read_transitions(shared("corpus", "transitions", f"{name}.jsonl.gz")))


@cache
def all_states() -> list[State]:
    recorded = [one for name in DATA for one in transitions(name)]
    return list(dict.fromkeys(state for one in recorded for state in (one.state, one.next_state)))


@pytest.mark.parametrize("file", programs())
def test_a_program_agrees_with_the_reference_or_says_what_is_not_supported(file: Path) -> None:
    program = Program.from_file(file)
    comparison = _compiled(program)
    if comparison is None:
        assert file.stem.startswith(REFUSED)
        return
    for transition in sample():
        comparison.step(transition.state, transition.action)
        comparison.reward(transition.state, transition.action, transition.next_state)
    # sk11 pushes whatever comes first by name, so that walls are in the state: more than scratch memory is made for.
    comparison.expect_native(max_elsewhere=0.5 if file.stem.startswith("sk11") else 0.01)
    random = Random(7)
    for transition in random.sample(sample(), 20):
        comparison.walk(transition.state, 20, random)
    comparison.expect_native(max_elsewhere=0.5 if file.stem.startswith("sk11") else 0.1)


def _compiled(program: Program) -> Comparison | None:
    """Compile, or check that the error names a line of the program."""
    try:
        return Comparison(program, all_states(), ACTIONS)
    except UnsupportedConstructError as error:
        place = error.location
    assert place is not None
    assert place.source == program.text.splitlines()[place.line - 1]
    return None


def test_a_program_compiled_for_levels_of_one_size_serves_others_after_widening() -> None:
    program = Program.from_file(shared("corpus", "programs", "sokoban", "sk01_deepcopy_elif.py"))
    small = [one.state for one in transitions("sokoban_random") if Entity("Wall", x=4, y=4) in one.state.entities]
    large = transitions("sokoban_boxoban")[0].state
    model = specialise(program, small[:3], ACTIONS)
    with pytest.raises(EncodingError):
        model.bind(large)
    wider = model.widened([large])
    assert all(wider.bind(state).decode(wider.bind(state).initial_words) == state for state in (large, small[0]))
