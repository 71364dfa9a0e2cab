"""Binding a model to many states: what it costs to look at an entity, or to make a layout, is paid once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from wc_engine.state.entities import Entity
from wc_engine.state.packing import Layout
from wc_engine.state.schema import IntDomain, Schema

__all__ = ["Binder"]

_MAX_KNOWN = 1 << 17
"""Entities that are remembered; beyond, all are forgotten."""


class Binder:
    """What the bindings of one model share.

    Args:
        schema: the model's entity types.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._layouts: dict[tuple[int, tuple[tuple[str, int], ...]], Layout] = {}
        self._rows: dict[Entity, tuple[int, ...]] = {}

    def layout(self, rows: Mapping[str, int], min_words: int = 1) -> Layout:
        """Return the layout with so many rows of each dynamic type, and so many words or more."""
        key = (min_words, tuple(sorted(rows.items())))
        layout = self._layouts.get(key)
        if layout is None:
            if len(self._layouts) >= _MAX_KNOWN:
                self._layouts.clear()
            layout = self._layouts[key] = Layout(self._schema, dict(rows), min_words)
        return layout

    def columns(self, layout: Layout, statics: tuple[Entity, ...]) -> dict[str, NDArray[np.int64]]:
        """Return the attributes of static entities by type: ints as they are, other values as codes.

        Returns:
            Shape ``[attributes, rows]`` of each static type.

        Raises:
            EncodingError: an entity does not fit the schema.
        """
        rows: dict[str, list[tuple[int, ...]]] = {}
        for entity in statics:
            row = self._rows.get(entity)
            if row is None:
                row = self._row(entity)
            rows.setdefault(entity.type, []).append(row)
        columns = {}
        for entity_type in self._schema.types:
            if layout.is_static(entity_type.name):
                found = rows.get(entity_type.name, [])
                shape = (len(found), len(entity_type.attributes))
                columns[entity_type.name] = np.array(found, dtype=np.int64).reshape(shape).T
        return columns

    def _row(self, entity: Entity) -> tuple[int, ...]:
        codes = self._schema.codes(entity)
        entity_type = self._schema.type(entity.type)
        assert entity_type is not None
        row = tuple(
            code + domain.low if isinstance(domain, IntDomain) else code
            for (_, domain), code in zip(entity_type.attributes, codes, strict=True)
        )
        if len(self._rows) >= _MAX_KNOWN:
            self._rows.clear()
        self._rows[entity] = row
        return row
