"""Copies of whole types: the rows of a table once more, with identities of their own and the same memory.

A program that copies the state and changes the copies does not look at the originals any more. So copies cost nothing:
they are rows of the next generation, in the same columns. What would notice that is refused: reading a generation when
one that does not come before it was changed, and changing one of which there are copies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wc_engine.compile.stage.adoption import rename
from wc_engine.compile.stage.heap_objects import EntityObject
from wc_engine.compile.stage.queries import RowsQuery
from wc_engine.compile.stage.values import Ref, Row

if TYPE_CHECKING:
    from wc_engine.compile.stage.machine import Machine

__all__ = ["Generation", "check_not_copied", "check_unchanged_by_copies", "copy_rows", "let_be", "note_changed_copy"]


@dataclass(slots=True)
class Generation:
    """The rows of a type once more.

    Attributes:
        parent: of which generation they are copies.
        maker: the loop and list that make them row by row.
    """

    parent: int
    maker: tuple[str, int] | None = None


def copy_rows(m: Machine, rows: RowsQuery, maker: tuple[str, int] | None = None) -> RowsQuery:
    """Return the rows as copies of themselves: the same memory, other identities.

    Args:
        maker: the loop that copies row by row, and the list that gets the copies: each round makes the same ones.
    """
    m.copied.add((rows.world, rows.type_name, rows.generation))
    made = m.generations.setdefault((rows.world, rows.type_name), [Generation(0)])
    here = ("copied", rows.world, rows.type_name)
    for number, known in enumerate(made):
        # What another path, or a trial, has made is free on this one.
        is_free = (*here, number) not in m.store.epochs or (maker is not None and known.maker == maker)
        if number and known.parent == rows.generation and is_free:
            known.maker = maker
            break
    else:
        number = len(made)
        made.append(Generation(rows.generation, maker))
    m.note_write((*here, number))
    return replace(rows, generation=number, hashed=False)


def let_be(m: Machine, made: Ref, row: Row) -> None:
    """Let an entity that was made as the copy of a row be a row itself, for everybody who holds it."""
    content = m.store.heap[made.object_id]
    assert isinstance(content, EntityObject)
    rename(m.store, m.store.cells, made.object_id, row)
    # Nobody should hold it any more by its own name; a change of it would be missed.
    m.store.heap[made.object_id] = replace(content, frozen=True)
    m.made_once.pop(made.object_id, None)


def note_changed_copy(m: Machine, row: Row, name: str) -> None:
    """Note that an attribute of a copy was changed."""
    if row.generation:
        m.note_write(("changed copy", row.world, row.type_name, name, row.generation))


def check_not_copied(m: Machine, row: Row) -> None:
    """Go on only where a row that is changed has no copies, which would change with it."""
    if (row.world, row.type_name, row.generation) in m.copied:
        m.follow_one_by_one(row.type_name, "an entity is changed after it was copied")


def check_unchanged_by_copies(m: Machine, row: Row, name: str) -> None:
    """Go on only where a column is as a row left it: no copy, of it or of what it is a copy of, was changed."""
    made = m.generations.get((row.world, row.type_name))
    if made is None:
        return
    before, number = {row.generation}, row.generation
    while number:
        number = made[number].parent
        before.add(number)
    key = ("changed copy", row.world, row.type_name, name)
    if any((*key, other) in m.store.epochs for other in range(len(made)) if other not in before):
        m.follow_one_by_one(row.type_name, "an entity is read after its copy was changed")
