"""What ``--emit`` prints for small programs is what the files in tests/golden say: changes are read as diffs.

``WC_ENGINE_GOLDEN=write`` in the environment rewrites the files.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest

from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.compile.compiled import specialise
from wc_engine.models.program import Program
from wc_engine.state import Entity, State

FOLDER = Path(__file__).parents[1] / "golden"


def things(kind: str, *places: tuple[int, int], **attributes: object) -> list[Entity]:
    """Entities of one type, at the given places."""
    return [Entity(kind, x=x, y=y, **attributes) for x, y in places]


ROOM = [Entity("Wall", x=x, y=y) for x in range(6) for y in range(5) if x in (0, 5) or y in (0, 4)]

# The states to compile for, and the actions.
PROGRAMS: dict[str, tuple[list[State], tuple[str, ...]]] = {
    "sokoban_push": (
        [
            State([*ROOM, *things("Player", (1, 1)), *things("Box", (2, 2)), *things("Target", (4, 3))]),
            State([*ROOM, *things("Player", (4, 3)), *things("Box", (3, 2)), *things("Target", (1, 1))]),
        ],
        ("up", "down", "left", "right"),
    ),
    "key_and_door": (
        [
            State(things("Agent", (0, 0), has_key=False) + things("Key", (2, 0)) + things("Door", (5, 0), open=False)),
            State(things("Agent", (9, 0), has_key=True) + things("Door", (5, 0), open=True)),
        ],
        ("left", "right", "pick up", "open"),
    ),
    "light_switches": (
        [State(things("Lamp", *((x, 0) for x in range(4)), on=on)) for on in (False, True)],
        tuple(f"toggle {place}" for place in range(4)),
    ),
    "timed_battle": (
        [
            State(things("Hero", (2, 0), health=9, clock=0) + things("Slime", (5, 0), (7, 0), health=4)),
            State(things("Hero", (0, 0), health=0, clock=3) + things("Slime", (1, 0), (2, 0), health=0)),
        ],
        ("strike", "walk", "wait"),
    ),
    "sliding_ice": (
        [
            State(things("Skater", (0, 0)) + things("Exit", (5, 5)) + things("Rock", (3, 0), (5, 2))),
            State(things("Skater", (5, 5)) + things("Exit", (0, 0)) + things("Rock", (0, 4), (2, 3))),
        ],
        ("north", "south", "west", "east"),
    ),
    "paint_orders": (
        [
            State(
                things("Robot", (0, 0), paint=paint, room=room)
                + things("Item", (1, 0), label="chair", colour=paint, room="hall")
                + things("Item", (2, 0), label="fence", colour="white", room="yard")
            )
            for paint, room in (("red", "hall"), ("blue", "kitchen"), ("purple", "yard"), ("none", "hall"))
        ],
        ("go to hall", "go to yard", "take red", "take blue", "paint chair", "paint fence"),
    ),
}

TINY = """\
def transition(state, action):
    return state


def reward_func(state, action, next_state):
    return len(next_state), False
"""


def compare(name: str, found: str) -> None:
    """Fail with a diff where a golden file says something else, or rewrite it."""
    path = FOLDER / f"{name}.txt"
    if os.environ.get("WC_ENGINE_GOLDEN") == "write":
        path.write_text(found, encoding="utf-8")
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = (text.splitlines(keepends=True) for text in (expected, found))
    diff = "".join(difflib.unified_diff(*lines, fromfile=f"tests/golden/{name}.txt", tofile="now"))
    assert not diff, f"\n{diff}\nIf this is what you want: WC_ENGINE_GOLDEN=write pytest tests/compile/test_golden.py"


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_emitted_text_is_that_of_the_golden_file(name: str) -> None:
    states, actions = PROGRAMS[name]
    program = Program.from_file(FOLDER / f"{name}.py")
    compare(name, specialise(program, states, actions).text)


def test_the_native_listing_of_one_function_is_that_of_the_golden_file() -> None:
    listing = compile_boxed(TINY, [State([Entity("Box", x=1)])], ("wait",)).text
    compare("boxed_reward_func", function_of(listing, "reward_func"))


def function_of(listing: str, name: str) -> str:
    """Return one function's definition from a listing in LLVM's language."""
    lines = listing.splitlines(keepends=True)
    (begin,) = [place for place, line in enumerate(lines) if line.startswith("define ") and name in line]
    end = lines.index("}\n", begin)
    return "".join(lines[begin : end + 1])
