"""Where the generated code finds things: the problem's memory and the scratch memory.

The problem is one array of int64::

    [0] W    then four words for each type, in the schema's order:
        static:  rows, offset of the columns, offset of the position index, offset of its chain
        dynamic: rows, offset of (word, shift) pairs, 0, 0
    then x0, y0, width, height of the position index, the constant tables, the grids, and what the offsets point at.

A static type's columns lie one behind the other, in order of attribute. Its position index holds, for each cell, the
first row there or -1, and the chain the next row in the same cell. A grid is such an index over all cells of the
domains of x and y: it lies at a fixed place, and a cell's place in it is put together from the bits of x and y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wc_engine.compile.ir import Grid
from wc_engine.errors import EncodingError
from wc_engine.state.packing import Layout
from wc_engine.state.schema import EntityType, IntDomain, Schema

__all__ = ["GridShape", "ProblemMemory", "build_problem", "grid_shape", "has_position"]

_WORDS_PER_TYPE = 4
_MAX_CELLS = 1 << 20


@dataclass(frozen=True)
class ProblemMemory:
    """The fixed part of the problem's array: offsets that the generated code knows.

    Args:
        schema: the entity types.
        tables: the constant tables.
        dynamic_types: the types in the packed state.
        grids: the grids that the functions look into.
    """

    schema: Schema
    tables: tuple[tuple[int, ...], ...]
    dynamic_types: frozenset[str]
    grids: tuple[Grid, ...] = ()
    table_offsets: tuple[int, ...] = field(init=False)
    grid_offsets: tuple[int, ...] = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        position = self.grid + 4
        offsets = []
        for table in self.tables:
            offsets.append(position)
            position += len(table)
        object.__setattr__(self, "table_offsets", tuple(offsets))
        grid_offsets = []
        for grid in self.grids:
            grid_offsets.append(position)
            position += grid_shape(self.schema, grid).cells
        object.__setattr__(self, "grid_offsets", tuple(grid_offsets))
        object.__setattr__(self, "size", position)

    def table_offset(self, table: tuple[int, ...]) -> int:
        """Offset of a constant table."""
        return self.table_offsets[self.tables.index(table)]

    def grid_offset(self, grid: Grid) -> int:
        """Offset of a grid."""
        return self.grid_offsets[self.grids.index(grid)]

    @property
    def fixed_slots(self) -> dict[str, list[tuple[int, int]]]:
        """(word, shift) of each row of the dynamic types of which every state has the same number."""
        rows = {t.name: t.count for t in self.schema.types if t.name in self.dynamic_types and t.count is not None}
        slots = Layout(self.schema, rows).slots
        return {name: slots[name] for name in rows}

    @property
    def grid(self) -> int:
        """Offset of x0, y0, width, height."""
        return 1 + _WORDS_PER_TYPE * len(self.schema.types)

    def header(self, type_name: str) -> int:
        """Offset of the four words of a type."""
        names = [entity_type.name for entity_type in self.schema.types]
        return 1 + _WORDS_PER_TYPE * names.index(type_name)


@dataclass(frozen=True, slots=True)
class GridShape:
    """How a grid is laid out: the cell of (x, y) is ``(x + add_x) << shift | (y + add_y)``.

    Attributes:
        cells: the number of cells, a power of two.
    """

    add_x: int
    add_y: int
    shift: int
    cells: int


def grid_shape(schema: Schema, grid: Grid) -> GridShape:
    """Return the layout of a grid of a type that has a position."""
    entity_type = schema.type(grid.type_name)
    domains = [None if entity_type is None else entity_type.domain(name) for name in ("x", "y")]
    across, down = domains
    assert isinstance(across, IntDomain)
    assert isinstance(down, IntDomain)
    bits = [(domain.size + 2 * grid.margin - 1).bit_length() for domain in (across, down)]
    return GridShape(grid.margin - across.low, grid.margin - down.low, bits[1], 1 << sum(bits))


def has_position(entity_type: EntityType) -> bool:
    """Whether a type has integer x and y, so that it can have a position index."""
    return all(isinstance(entity_type.domain(name), IntDomain) for name in ("x", "y"))


def build_problem(memory: ProblemMemory, layout: Layout, columns: Mapping[str, NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the problem's array.

    Args:
        memory: its fixed part.
        layout: where the dynamic entities lie.
        columns: the attributes of the static ones, by type. Shape ``[attributes, rows]`` each.

    Raises:
        EncodingError: the static entities lie too far apart for a position index.
    """
    header = np.zeros(memory.size, dtype=np.int64)
    header[0] = layout.num_words
    for table, offset in zip(memory.tables, memory.table_offsets, strict=True):
        header[offset : offset + len(table)] = table
    x0, y0, width, height = _bounds(memory.schema, columns)
    header[memory.grid : memory.grid + 4] = (x0, y0, width, height)
    for grid, offset in zip(memory.grids, memory.grid_offsets, strict=True):
        cells = _grid(memory.schema, grid, columns[grid.type_name])
        header[offset : offset + len(cells)] = cells
    blocks: list[NDArray[np.int64]] = [header]
    position = memory.size
    for number, entity_type in enumerate(memory.schema.types):
        at = 1 + _WORDS_PER_TYPE * number
        if not layout.is_static(entity_type.name):
            pairs = np.array(layout.slots[entity_type.name], dtype=np.int64).reshape(-1)
            header[at : at + 2] = (len(pairs) // 2, position)
            blocks.append(pairs)
            position += len(pairs)
            continue
        own = columns[entity_type.name]
        header[at : at + 2] = (own.shape[1], position)
        blocks.append(own.reshape(-1))
        position += own.size
        if has_position(entity_type):
            first, chain = _index(*_places(entity_type, own), x0, y0, width, height)
            header[at + 2 : at + 4] = (position, position + len(first))
            blocks += [first, chain]
            position += len(first) + len(chain)
    return np.concatenate(blocks)


def _places(entity_type: EntityType, columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The columns of x and y."""
    names = entity_type.attribute_names
    return columns[names.index("x")], columns[names.index("y")]


def _bounds(schema: Schema, columns: Mapping[str, NDArray[np.int64]]) -> tuple[int, int, int, int]:
    """The smallest rectangle around the static entities that have a position."""
    places = [
        _places(entity_type, columns[entity_type.name])
        for entity_type in schema.types
        if entity_type.name in columns and columns[entity_type.name].size and has_position(entity_type)
    ]
    if not places:
        return 0, 0, 0, 0
    x0, y0 = min(int(xs.min()) for xs, _ in places), min(int(ys.min()) for _, ys in places)
    width = max(int(xs.max()) for xs, _ in places) - x0 + 1
    height = max(int(ys.max()) for _, ys in places) - y0 + 1
    if width * height > _MAX_CELLS:
        raise EncodingError(f"the static entities span {width} x {height} cells, too many for a position index")
    return x0, y0, width, height


def _grid(schema: Schema, grid: Grid, columns: NDArray[np.int64]) -> NDArray[np.int64]:
    entity_type, shape = schema.type(grid.type_name), grid_shape(schema, grid)
    assert entity_type is not None
    xs, ys = _places(entity_type, columns)
    places = ((xs + shape.add_x) << shape.shift) | (ys + shape.add_y)
    if grid.holds == "count":
        return np.bincount(places, minlength=shape.cells).astype(np.int64)
    cells = np.full(shape.cells, -1, dtype=np.int64)
    cells[places[::-1]] = np.arange(len(xs) - 1, -1, -1)
    return cells


def _index(
    xs: NDArray[np.int64], ys: NDArray[np.int64], x0: int, y0: int, width: int, height: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first row in each cell, and the next one in the cell of each row."""
    cells = (ys - y0) * width + xs - x0
    first = np.full(width * height, -1, dtype=np.int64)
    first[cells[::-1]] = np.arange(len(xs) - 1, -1, -1)
    chain = np.full(len(xs), -1, dtype=np.int64)
    if np.count_nonzero(first >= 0) < len(xs):  # some share a cell
        order = np.argsort(cells, kind="stable")
        shared = np.flatnonzero(cells[order[1:]] == cells[order[:-1]])
        chain[order[shared]] = order[shared + 1]
    return first, chain
