"""Rows of Sokoban levels as text: the characters, run lengths, and rows of a state.

The characters are those of the wiki's ``.xsb`` and ``.sok`` formats (http://sokobano.de/wiki, "Level format" and
"Sok format"): ``#`` wall, ``@ p`` player, ``+ P`` player on target, ``$ b`` box, ``* B`` box on target, ``. o`` target,
space ``-`` ``_`` floor. A count repeats what follows (``3#``, ``2(#-)``) and ``|`` ends a row.
"""

from __future__ import annotations

import re

from wc_engine.state.entities import State

__all__ = ["MAX_SIDE", "expand_runs", "looks_like_rows", "rows_of_line", "rows_of_state"]

MAX_SIDE = 1000
"""Rows and columns beyond which a board is refused: a run length like ``999999999#`` must not fill the memory."""

_CANONICAL = {
    "#": "#",
    "@": "@", "p": "@",
    "+": "+", "P": "+",
    "$": "$", "b": "$",
    "*": "*", "B": "*",
    ".": ".", "o": ".",
    " ": " ", "-": " ", "_": " ",
}  # fmt: skip
_TRANSLATION = str.maketrans(_CANONICAL)
_ROW = re.compile(r"[#@pP+$bB*.o \-_0-9()|]+\Z")
_ROW_WITHOUT_WALL = re.compile(r"[@+$*. \-_0-9()|]*[@+$*.\-_][@+$*. \-_0-9()|]*\Z")
_COUNTS = re.compile(r"[0-9()|]")


def looks_like_rows(line: str, *, inside_board: bool) -> bool:
    """Whether a line of a level file is board rather than text.

    Every row of a board holds a wall, but rows of scenery outside the walls may not; those count only inside a board,
    and only without letters, so that a title such as "bob" stays a title.
    """
    if "#" in line:
        return _ROW.match(line) is not None and (inside_board or not _is_numbered_heading(line))
    return inside_board and _ROW_WITHOUT_WALL.match(line) is not None and _expands(line)


def _is_numbered_heading(line: str) -> bool:
    """Whether the line is a heading such as ``#12``, whose count has nothing to repeat."""
    return line.count("#") == 1 and not _expands(line)


def _expands(line: str) -> bool:
    try:
        expand_runs(line)
    except ValueError:
        return False
    return True


def rows_of_line(line: str) -> list[str]:
    """Return the rows that one line of a level file holds, in the characters ``#@+$*.`` and space.

    Raises:
        ValueError: a run length is malformed; says what is wrong with it.
    """
    text = expand_runs(line) if _COUNTS.search(line) else line
    # A "|" at the end of a line ends the row that the line break ends anyway.
    return [row.translate(_TRANSLATION).rstrip() for row in text.removesuffix("|").split("|")]


def expand_runs(text: str) -> str:
    """Return ``text`` with its run lengths written out: ``3#2(-$)`` is ``###-$-$``.

    Raises:
        ValueError: a count repeats nothing, a parenthesis has no partner, or the result is no board that anyone plays.
    """
    groups: list[tuple[int, list[str]]] = [(1, [])]
    count = ""
    for character in text:
        if character.isdigit():
            count += character
            if len(count) > len(str(MAX_SIDE)):
                raise ValueError(f"a run length is longer than {MAX_SIDE}")
            continue
        repeat = int(count or 1)
        if character == "(":
            groups.append((repeat, []))
        elif character == ")":
            if count or len(groups) == 1:
                raise ValueError(_bad_count(count) if count else "a ) has no ( before it")
            outer_repeat, parts = groups.pop()
            groups[-1][1].append(_repeated("".join(parts), outer_repeat))
        elif character == "|" and count:
            raise ValueError(_bad_count(count))
        else:
            groups[-1][1].append(_repeated(character, repeat))
        count = ""
    if count:
        raise ValueError(_bad_count(count))
    if len(groups) > 1:
        raise ValueError("a ( has no ) after it")
    return "".join(groups[0][1])


def _bad_count(count: str) -> str:
    return f"the run length {count} has nothing to repeat"


def _repeated(text: str, repeat: int) -> str:
    if len(text) * repeat > MAX_SIDE * (MAX_SIDE + 1):
        raise ValueError(f"the run lengths describe a board of more than {MAX_SIDE} by {MAX_SIDE} cells")
    return text * repeat


def rows_of_state(state: State) -> list[str]:
    """Return the rows of a state in ``#@+$*.`` and space, without spaces at their ends."""
    marks = {(entity["x"], entity["y"]): "#" for entity in state.of_type("Wall")}
    targets = {(entity["x"], entity["y"]) for entity in state.of_type("Target")}
    marks |= dict.fromkeys(targets, ".")
    for type_name, plain, on_target in (("Box", "$", "*"), ("Player", "@", "+")):
        for entity in state.of_type(type_name):
            place = (entity["x"], entity["y"])
            marks[place] = on_target if place in targets else plain
    xs = [x for x, _ in marks if isinstance(x, int)]
    ys = [y for _, y in marks if isinstance(y, int)]
    if not marks:
        return []
    columns, lines = range(min(xs), max(xs) + 1), range(min(ys), max(ys) + 1)
    return ["".join(marks.get((x, y), " ") for x in columns).rstrip() for y in lines]
