"""Levels from files, folders and patterns, as people name them."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wc_engine.envs.sokoban.levels import Level, LevelError, read_levels
from wc_engine.errors import UserInputError

__all__ = ["LEVEL_SUFFIXES", "LevelSet", "read_level_set"]

LEVEL_SUFFIXES = (".sok", ".txt", ".xsb")
"""What the level files in a folder are recognised by."""


@dataclass(frozen=True, slots=True)
class LevelSet:
    """Levels of several files.

    Attributes:
        levels: the good ones, file by file.
        bad_levels: what is wrong with each of the others.
        skipped: what is wrong with each file that holds no level at all.
    """

    levels: tuple[Level, ...]
    bad_levels: tuple[LevelError, ...]
    skipped: tuple[UserInputError, ...]


def read_level_set(paths: Sequence[str | os.PathLike[str]]) -> LevelSet:
    """Read all levels of all files.

    Args:
        paths: files; folders, which stand for the ``LEVEL_SUFFIXES`` files in them; patterns such as ``packs/*.sok``.

    Raises:
        UserInputError: there is no such file, it cannot be read, or a folder or pattern has no level file.
    """
    levels: list[Level] = []
    bad: list[LevelError] = []
    skipped: list[UserInputError] = []
    for path in dict.fromkeys(_files(os.fspath(path) for path in paths)):
        _require_readable(path)
        try:
            found = read_levels(path)
        except UserInputError as error:
            skipped.append(error)
            continue
        levels += found.levels
        bad += found.errors
    return LevelSet(tuple(levels), tuple(bad), tuple(skipped))


def _files(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if os.path.isdir(name):
            inside = sorted(str(path) for path in Path(name).iterdir() if path.suffix.lower() in LEVEL_SUFFIXES)
            if not inside:
                kinds = ", ".join(f"*{suffix}" for suffix in LEVEL_SUFFIXES)
                raise UserInputError(f"this folder has no level files ({kinds}): name the files", file=name)
            yield from inside
        elif not os.path.exists(name) and glob.has_magic(name):
            matching = sorted(glob.glob(name, recursive=True))
            if not matching:
                raise UserInputError("no file matches this pattern: check the path", file=name)
            yield from _files(matching)
        else:
            yield name


def _require_readable(name: str) -> None:
    """Raise where a file cannot be read at all; a file without levels is another matter."""
    try:
        with open(name, "rb"):
            pass
    except FileNotFoundError:
        raise UserInputError("there is no such level file: check the path", file=name) from None
    except OSError as error:
        raise UserInputError(f"cannot read levels: {error.strerror or error}", file=name) from None
