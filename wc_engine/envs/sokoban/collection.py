"""Splits the text of a level collection into boards and what the file says about each.

Collections disagree on where titles stand: a ``; title`` or a plain line before the board (Boxoban, Microban, YASC's
``.sok``), or ``Title:`` after it (most ``.xsb``). Each of the two kinds is looked at in the file as a whole: it belongs
to the board before it only if the file has none of it before the first board, or has it behind the last one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from wc_engine.envs.sokoban.notation import looks_like_rows, rows_of_line

__all__ = ["Board", "Row", "split_collection"]

_KEY = re.compile(r"\s*([A-Za-z][A-Za-z _-]{0,30}?)\s*:\s*(.*?)\s*\Z")
_COMMENT_END = re.compile(r"\s*comment[ _-]?end\s*:?\s*\Z", re.IGNORECASE)
_SAVED_GAME = re.compile(r"\s*(?:(?:solution|snapshot|saved game)\b.*|[lurdLURD]{8,})\s*\Z", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a board: its cells, its line in the file, and what is wrong with it or ""."""

    text: str
    line: int
    problem: str = ""


@dataclass(slots=True)
class Board:
    """One board and what the file says about it."""

    rows: list[Row]
    title: str = ""
    author: str = ""
    comments: list[str] = field(default_factory=list)

    @property
    def line(self) -> int:
        """The line of the first row."""
        return self.rows[0].line


class _Kind(Enum):
    NOTE = "a line that starts with ;"
    TEXT = "a plain line"
    KEY = "Title: and the like"
    COMMENT = "a line of a Comment: block"


@dataclass(frozen=True, slots=True)
class _Remark:
    kind: _Kind
    text: str
    line: int
    key: str = ""


def split_collection(text: str) -> list[Board]:
    """Return the boards of a level file in order, with titles, authors and comments; none where it has no board."""
    boards, gaps = _scan(_LINE_END.split(text))
    if boards:
        _assign_keys(boards, gaps)
        for kind in (_Kind.NOTE, _Kind.TEXT):
            _assign_lines(boards, gaps, kind)
    return boards


def _scan(lines: list[str]) -> tuple[list[Board], list[list[_Remark]]]:
    """Return the boards, and the remarks before, between and behind them (one list more than boards)."""
    boards: list[Board] = []
    gaps: list[list[_Remark]] = [[]]
    rows: list[Row] = []
    comment_end = -1

    def close_board() -> None:
        if rows:
            boards.append(_framed(rows))
            gaps.append([])
            rows.clear()

    for number, raw in enumerate(lines, start=1):
        line = raw.expandtabs(8).rstrip()
        if number <= comment_end:
            if number < comment_end:
                gaps[-1].append(_Remark(_Kind.COMMENT, line.strip(), number))
            continue
        if line and (more := _rows(line, lines[number : number + 1], number, inside_board=bool(rows))):
            if rows and _is_whole_board(more):
                close_board()
            rows += more
            if _is_whole_board(more):
                close_board()
            continue
        close_board()
        if not line or line.lstrip().startswith("::"):
            continue
        remark = _remark(line, number)
        if remark.key == "comment":
            comment_end = _end_of_comment(lines, number)
        if remark.text:
            gaps[-1].append(remark)
    close_board()
    return boards, gaps


def _rows(line: str, following: list[str], number: int, *, inside_board: bool) -> list[Row]:
    """Return the rows on this line, none where it is text; a row with a wrong character comes with its problem."""
    if looks_like_rows(line, inside_board=inside_board):
        try:
            return [Row(text, number) for text in rows_of_line(line)]
        except ValueError as error:
            return [Row(line, number, f"{error} in this row")]
    stripped = line.strip()
    if not inside_board or not stripped.startswith("#"):
        return []
    goes_on = bool(following) and looks_like_rows(following[0].expandtabs(8).rstrip(), inside_board=True)
    if not goes_on and not stripped.endswith("#"):
        return []
    wrong = next(character for character in stripped if not looks_like_rows("#" + character, inside_board=True))
    return [Row(line, number, f"{wrong!r} in this row is no part of a level; use # @ + $ * . and space")]


def _is_whole_board(rows: list[Row]) -> bool:
    """Whether one line held a board by itself, written with ``|``; the next line is then another one."""
    has_player = any(mark in row.text for row in rows for mark in "@+")
    return len(rows) > 2 and has_player and {*rows[0].text, *rows[-1].text} <= {"#", " "}


def _framed(rows: list[Row]) -> Board:
    """Return the board without floor below it and left of it, which some files use as a margin."""
    kept = list(rows)
    while len(kept) > 1 and not kept[-1].text.strip() and not kept[-1].problem:
        kept.pop()
    margin = min((len(row.text) - len(row.text.lstrip()) for row in kept if row.text), default=0)
    return Board([Row(row.text[margin:], row.line, row.problem) for row in kept])


def _remark(line: str, number: int) -> _Remark:
    if line.lstrip().startswith(";"):
        return _Remark(_Kind.NOTE, line.lstrip().lstrip(";").strip(), number)
    key = _KEY.match(line)
    if key:
        name, value = key.groups()
        return _Remark(_Kind.KEY, value, number, re.sub(r"[ _-]", "", name).lower())
    return _Remark(_Kind.TEXT, line.strip(), number)


def _end_of_comment(lines: list[str], number: int) -> int:
    """Return the line number of the ``Comment-End:`` that closes the block opened on line ``number``, or -1."""
    for later in range(number, len(lines)):
        if _COMMENT_END.match(lines[later]):
            return later + 1
        if re.match(r"\s*(comment|title)\s*:", lines[later], re.IGNORECASE):
            return -1
    return -1


def _assign_keys(boards: list[Board], gaps: list[list[_Remark]]) -> None:
    """Give each board its ``Title:`` and other keys and its comment blocks."""
    before = _has(gaps[0], "title") and not _has(gaps[-1], "title")
    collection_author = next((remark.text for remark in gaps[0] if remark.key == "author"), "")
    for index, board in enumerate(boards):
        for remark in gaps[index if before else index + 1]:
            if remark.key == "title" and not board.title:
                board.title = remark.text
            elif remark.key == "author" and not board.author:
                board.author = remark.text
            elif remark.kind is _Kind.COMMENT or remark.key == "comment":
                board.comments.append(remark.text)
            elif remark.kind is _Kind.KEY and remark.key != "commentend":
                board.comments.append(f"{remark.key}: {remark.text}")
        board.author = board.author or collection_author


def _has(remarks: list[_Remark], key: str) -> bool:
    return any(remark.key == key for remark in remarks)


def _assign_lines(boards: list[Board], gaps: list[list[_Remark]], kind: _Kind) -> None:
    """Give each board the ``;`` lines or the plain lines that belong to it; one of them is its title if it has none."""
    own = [[remark for remark in gap if remark.kind is kind] for gap in gaps]
    before = bool(own[0]) or not own[-1]
    for index, remarks in enumerate(own):
        previous = boards[index - 1] if index else None
        following = boards[index] if index < len(boards) else None
        heading = _heading(remarks, kind) if before and following else []
        rest = [remark for remark in remarks if remark not in heading]
        if following and heading:
            _entitle(following, heading)
        if not before and previous and rest and not _SAVED_GAME.match(rest[0].text):
            _entitle(previous, rest)
        elif owner := previous or following:
            owner.comments += [remark.text for remark in rest]


def _heading(remarks: list[_Remark], kind: _Kind) -> list[_Remark]:
    """Return the remarks before a board that are about it: the last block of ``;`` lines, or the last plain line.

    A plain line is a title only behind a blank line or alone, as the ``.sok`` format has it; else it ends a text about
    the board before.
    """
    start = len(remarks) - 1
    if start < 0 or _SAVED_GAME.match(remarks[-1].text):
        return []
    while start > 0 and remarks[start].line == remarks[start - 1].line + 1:
        start -= 1
    is_paragraph = start < len(remarks) - 1
    return [] if kind is _Kind.TEXT and is_paragraph else remarks[start:]


def _entitle(board: Board, remarks: list[_Remark]) -> None:
    texts = [remark.text for remark in remarks]
    if not board.title:
        board.title = texts.pop(0)
    board.comments += texts
