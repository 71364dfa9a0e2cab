"""Level files as people exchange them: Boxoban's, and ``.xsb``, ``.sok`` and ``.txt`` collections."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from wc_engine.envs.sokoban.collection import Board, Row, split_collection
from wc_engine.envs.sokoban.notation import MAX_SIDE, rows_of_state
from wc_engine.envs.sokoban.rules import Layout, Placement, escape, to_state
from wc_engine.errors import UserInputError
from wc_engine.state.entities import State

__all__ = ["Level", "LevelError", "LevelFile", "format_level", "parse_levels", "read_levels", "write_levels"]

_ErrorMaker: TypeAlias = Callable[[str, int], "LevelError"]
_BYTE_ORDER_MARK = "\ufeff"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level.

    Attributes:
        state: the initial state; x and y count from the board's own corner.
        title: its title, or "" (in Boxoban's files the number after ``;``).
        author: its author, else the collection's, or "".
        comments: what else the file says about it, line by line.
        file: the file it was read from.
        index: which board of the file it is, from 0, bad ones counted.
        line: the line of its first row, from 1.
        width: columns.
        height: rows.
    """

    state: State
    title: str = ""
    author: str = ""
    comments: tuple[str, ...] = ()
    file: str = "<levels>"
    index: int = 0
    line: int = 1
    width: int
    height: int


class LevelError(UserInputError):
    """One level of a file is bad; the others can still be played.

    Attributes:
        index: which board of the file it is, from 0.
        title: its title, or "".
    """

    def __init__(self, message: str, *, file: str, line: int, index: int, title: str) -> None:
        self.index = index
        self.title = title
        name = f" ({title})" if title else ""
        super().__init__(f"level {index + 1}{name}: {message}", file=file, line=line)


class LevelFile(NamedTuple):
    """What a level file holds: the good levels, and one error for each bad one."""

    levels: list[Level]
    errors: list[LevelError]


def read_levels(path: str | os.PathLike[str]) -> LevelFile:
    """Read a level file.

    Raises:
        UserInputError: it cannot be read, is no text, or holds no level at all.
    """
    name = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        reason = "it is a folder; name the level files in it" if os.path.isdir(path) else (error.strerror or str(error))
        raise UserInputError(f"cannot read levels: {reason}", file=name) from None
    return parse_levels(_decoded(data, name), file=name)


def parse_levels(text: str, *, file: str = "<levels>") -> LevelFile:
    """Read levels from a text; ``file`` is the name that errors and levels carry.

    Raises:
        UserInputError: the text holds no level at all.
    """
    boards = split_collection(text.replace(_BYTE_ORDER_MARK, ""))  # files put together have it inside, too
    if not boards:
        raise UserInputError(
            "no level found: expected rows of # wall, @ player, $ box, . target (on a target: + player, * box)",
            file=file,
        )
    found = LevelFile([], [])
    for index, board in enumerate(boards):
        try:
            found.levels.append(_level(board, file, index))
        except LevelError as error:
            found.errors.append(error)
    return found


def write_levels(path: str | os.PathLike[str], levels: Iterable[Level]) -> None:
    """Write levels as ``.xsb``: the board, then ``Title:``, ``Author:`` and comments. All or nothing is written.

    Raises:
        UserInputError: the file cannot be written.
    """
    target = Path(path)
    text = "\n".join(format_level(level) for level in levels)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise UserInputError(f"cannot write levels: {error.strerror or error}", file=os.fspath(path)) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.replace(temporary, target)
    except OSError as error:
        os.unlink(temporary)
        raise UserInputError(f"cannot write levels: {error.strerror or error}", file=os.fspath(path)) from None


def format_level(level: Level) -> str:
    """Return one level as ``.xsb`` text that ``parse_levels`` reads back, with a line end behind each line."""
    # A blank row would end the board, so it is written with the visible floor.
    lines = [row or "-" for row in rows_of_state(level.state)]
    if level.title:
        lines.append(f"Title: {level.title}")
    if level.author:
        lines.append(f"Author: {level.author}")
    if level.comments:
        lines += ["Comment:", *level.comments, "Comment-End:"]
    return "\n".join(lines) + "\n"


def _decoded(data: bytes, name: str) -> str:
    if data.startswith(_UTF16_MARKS):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise UserInputError("cannot read levels: this is not a text file", file=name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # the authors' names in collections older than UTF-8


def _level(board: Board, file: str, index: int) -> Level:
    def error(message: str, line: int) -> LevelError:
        return LevelError(message, file=file, line=line, index=index, title=board.title)

    for row in board.rows:
        if row.problem:
            raise error(row.problem, row.line)
    width, height = max(len(row.text) for row in board.rows), len(board.rows)
    if max(width, height) > MAX_SIDE:
        raise error(f"the board is {width} by {height} cells; at most {MAX_SIDE} by {MAX_SIDE} are read", board.line)
    player = _single_player(board.rows, width, error)
    boxes, targets, walls = (_cells(board.rows, width, marks) for marks in ("$*", ".*+", "#"))
    _check_counts(len(boxes), len(targets), board.line, error)
    layout = Layout(0, 0, width, height, walls, targets)
    way_out = escape(layout, player)
    if way_out is not None:
        x, y = layout.xy(way_out)
        raise error(
            f"the walls do not enclose the player: it can leave in column {x + 1} of this row; close the gap with #",
            board.rows[y].line,
        )
    return Level(
        state=to_state(layout, Placement(player, boxes)),
        title=board.title,
        author=board.author,
        comments=tuple(board.comments),
        file=file,
        index=index,
        line=board.line,
        width=width,
        height=height,
    )


def _single_player(rows: list[Row], width: int, error: _ErrorMaker) -> int:
    found = [(y * width + x, row) for y, row in enumerate(rows) for x, mark in enumerate(row.text) if mark in "@+"]
    if not found:
        raise error("it has no player; put one @ (or + on a target) on the board", rows[0].line)
    if len(found) > 1:
        raise error(f"it has {len(found)} players; keep one @ (or + on a target)", found[1][1].line)
    return found[0][0]


def _check_counts(num_boxes: int, num_targets: int, line: int, error: _ErrorMaker) -> None:
    if not num_boxes:
        raise error("it has no boxes; put at least one $ (or * on a target) on the board", line)
    if not num_targets:
        raise error("it has no targets; put at least one . (or * or + for a covered one) on the board", line)
    # More boxes than targets can be solved: the rules ask that every target has a box, not that every box has a target.
    if num_boxes < num_targets:
        raise error(
            f"it has fewer boxes ({num_boxes}) than targets ({num_targets}), so it cannot be solved; "
            "add a box ($) or take away a target (.)",
            line,
        )


def _cells(rows: list[Row], width: int, marks: str) -> frozenset[int]:
    return frozenset(y * width + x for y, row in enumerate(rows) for x, mark in enumerate(row.text) if mark in marks)
