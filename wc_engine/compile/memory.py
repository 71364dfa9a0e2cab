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
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wc_engine.compile._core.position_index import bounds, fill_grid, fill_index
from wc_engine.compile.ir import Extreme, Grid
from wc_engine.errors import EncodingError
from wc_engine.state.packing import Layout
from wc_engine.state.schema import EntityType, IntDomain, Schema

__all__ = ["GridShape", "ProblemMemory", "build_problem", "grid_shape", "has_position"]

_WORDS_PER_TYPE = 4
_MAX_CELLS = 1 << 20
_BEYOND = 1 << 62


@dataclass(frozen=True)
class ProblemMemory:
    """The fixed part of the problem's array: offsets that the generated code knows.

    Args:
        schema: the entity types.
        tables: the constant tables.
        dynamic_types: the types in the packed state.
        grids: the grids that the functions look into.
        extremes: the largest and smallest attributes that they ask for.
    """

    schema: Schema
    tables: tuple[tuple[int, ...], ...]
    dynamic_types: frozenset[str]
    grids: tuple[Grid, ...] = ()
    extremes: tuple[Extreme, ...] = ()
    table_offsets: tuple[int, ...] = field(init=False)
    grid_offsets: tuple[int, ...] = field(init=False)
    extremes_offset: int = field(init=False)
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
        object.__setattr__(self, "extremes_offset", position)
        object.__setattr__(self, "size", position + len(self.extremes))

    def table_offset(self, table: tuple[int, ...]) -> int:
        """Offset of a constant table."""
        return self.table_offsets[self.tables.index(table)]

    def extreme_offset(self, extreme: Extreme) -> int:
        """Offset of an extreme."""
        return self.extremes_offset + self.extremes.index(extreme)

    def grid_offset(self, grid: Grid) -> int:
        """Offset of a grid."""
        return self.grid_offsets[self.grids.index(grid)]

    @cached_property
    def template(self) -> NDArray[np.int64]:
        """The fixed part as far as it is the same in all problems: the constant tables. Shape ``[size]``."""
        memory = np.zeros(self.size, dtype=np.int64)
        for table, offset in zip(self.tables, self.table_offsets, strict=True):
            memory[offset : offset + len(table)] = table
        return memory

    @property
    def fixed_slots(self) -> dict[str, list[tuple[int, int]]]:
        """(word, shift) of each row of the dynamic types for which every state has the same number of places."""
        rows = {t.name: t.places for t in self.schema.types if t.name in self.dynamic_types and t.places is not None}
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
    x0, y0, width, height = _bounds(memory.schema, columns)
    places = {name: _places(entity_type, columns[name]) for name, entity_type in _positioned(memory.schema, columns)}
    pairs = {
        name: np.array(layout.slots[name], dtype=np.int64).reshape(-1) for name in layout.slots if name in layout.rows
    }
    indices = sum(width * height + len(xs) for xs, _ in places.values())
    size = memory.size + sum(len(own) for own in pairs.values()) + sum(own.size for own in columns.values()) + indices
    problem = np.empty(size + 1, dtype=np.int64)
    problem[: memory.size] = memory.template
    problem[-1] = 0  # the first row of a type that has none may be read, and not looked at
    problem[0] = layout.num_words
    problem[memory.grid : memory.grid + 4] = (x0, y0, width, height)
    for grid, offset in zip(memory.grids, memory.grid_offsets, strict=True):
        shape = grid_shape(memory.schema, grid)
        xs, ys = places[grid.type_name]
        cells = problem[offset : offset + shape.cells]
        fill_grid(cells, xs, ys, shape.add_x, shape.add_y, shape.shift, grid.holds == "count")
    for place, extreme in enumerate(memory.extremes):
        problem[memory.extremes_offset + place] = _extreme_of(memory.schema, extreme, columns)
    position = memory.size
    for number, entity_type in enumerate(memory.schema.types):
        name, at = entity_type.name, 1 + _WORDS_PER_TYPE * number
        own = pairs[name] if name in pairs else columns[name].reshape(-1)
        rows = len(own) // 2 if name in pairs else columns[name].shape[1]
        problem[at : at + 4] = (rows, position, 0, 0)
        problem[position : position + len(own)] = own
        position += len(own)
        if name in places:
            chain = position + width * height
            problem[at + 2 : at + 4] = (position, chain)
            fill_index(problem[position:chain], problem[chain : chain + rows], *places[name], x0, y0, width)
            position = chain + rows
    return problem


def _extreme_of(schema: Schema, extreme: Extreme, columns: Mapping[str, NDArray[np.int64]]) -> int:
    """The largest or smallest number in a column."""
    entity_type = schema.type(extreme.type_name)
    assert entity_type is not None
    own = columns[extreme.type_name][entity_type.attribute_names.index(extreme.attribute)]
    if not len(own):
        return -_BEYOND if extreme.pick == "max" else _BEYOND
    return int(own.max() if extreme.pick == "max" else own.min())


def _positioned(schema: Schema, columns: Mapping[str, NDArray[np.int64]]) -> list[tuple[str, EntityType]]:
    """The static types that have a position, by name."""
    return [(one.name, one) for one in schema.types if one.name in columns and has_position(one)]


def _places(entity_type: EntityType, columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The columns of x and y."""
    names = entity_type.attribute_names
    return columns[names.index("x")], columns[names.index("y")]


def _bounds(schema: Schema, columns: Mapping[str, NDArray[np.int64]]) -> tuple[int, int, int, int]:
    """The smallest rectangle around the static entities that have a position: x, y, width, height."""
    edges = [
        bounds(xs, ys)
        for name, one in _positioned(schema, columns)
        for xs, ys in [_places(one, columns[name])]
        if len(xs)
    ]
    if not edges:
        return 0, 0, 0, 0
    left, right, top, bottom = zip(*edges, strict=True)
    x0, y0 = min(left), min(top)
    width, height = max(right) - x0 + 1, max(bottom) - y0 + 1
    if width * height > _MAX_CELLS:
        raise EncodingError(f"the static entities span {width} x {height} cells, too many for a position index")
    return x0, y0, width, height
