"""Entities as keys: the bytes under which the boxed runtime knows them (``csrc/boxed/model.h`` has the grammar).

Equal entities have equal keys, and keys order as entities do. 0.0 and -0.0 are equal in a state, but a program can tell
them apart, so they have different keys.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from wc_engine.errors import EncodingError
from wc_engine.state.entities import Entity, Value

__all__ = ["KeyCodec"]

_NONE, _BOOL, _INT, _FLOAT, _STR, _TUPLE, _ENTITY = range(1, 8)
_END = b"\0"
_LIMIT = 1 << 62
_BIAS = 1 << 63
_ALL = (1 << 64) - 1
_WORD = struct.Struct(">Q")
_DOUBLE = struct.Struct(">d")
_NUMBER_BYTES = 8


class KeyCodec:
    """Between entities and keys.

    Args:
        slot_names: the attributes that entities can have, sorted.
    """

    def __init__(self, slot_names: Sequence[str]) -> None:
        self._names = tuple(slot_names)
        self._tags = {name: bytes((slot + 1,)) for slot, name in enumerate(self._names)}

    def encode(self, entity: Entity) -> bytes:
        """Return an entity's key.

        Raises:
            EncodingError: an attribute or an int is none that the program's native code can hold.
        """
        parts = [_string(entity.type)]
        for name, value in entity.attributes.items():
            tag = self._tags.get(name)
            if tag is None:
                raise EncodingError(f"{entity.type} has the attribute {name!r}, which the program was not compiled for")
            parts.append(tag)
            parts.append(self._value(value))
        parts.append(_END)
        return b"".join(parts)

    def _value(self, value: Value) -> bytes:
        if value is None:
            return bytes((_NONE,))
        if isinstance(value, bool):
            return bytes((_BOOL, value))
        if isinstance(value, int):
            if not -_LIMIT <= value < _LIMIT:
                raise EncodingError(f"the int {value} is too large for native code")
            return bytes((_INT,)) + _WORD.pack((value + _BIAS) & _ALL)
        if isinstance(value, float):
            return _float(value)
        if isinstance(value, str):
            return bytes((_STR,)) + _string(value)
        if isinstance(value, tuple):
            return b"".join([bytes((_TUPLE,)), *map(self._value, value), _END])
        return bytes((_ENTITY,)) + self.encode(value)

    def decode(self, key: bytes) -> Entity:
        """Return the entity of a key."""
        return self._entity(key, 0)[0]

    def _entity(self, key: bytes, at: int) -> tuple[Entity, int]:
        type_name, at = _read_string(key, at)
        attributes: dict[str, Value] = {}
        while key[at]:
            name = self._names[key[at] - 1]
            attributes[name], at = self._read(key, at + 1)
        return Entity(type_name, attributes), at + 1

    def _read(self, key: bytes, at: int) -> tuple[Value, int]:
        kind, at = key[at], at + 1
        if kind == _NONE:
            return None, at
        if kind == _BOOL:
            return bool(key[at]), at + 1
        if kind == _INT:
            return _WORD.unpack_from(key, at)[0] - _BIAS, at + _NUMBER_BYTES
        if kind == _FLOAT:
            return _read_float(key, at)
        if kind == _STR:
            return _read_string(key, at)
        if kind == _ENTITY:
            return self._entity(key, at)
        items = []
        while key[at]:
            item, at = self._read(key, at)
            items.append(item)
        return tuple(items), at + 1


def _string(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    if b"\1" in data or b"\0" in data:
        data = data.replace(b"\1", b"\1\2").replace(b"\0", b"\1\1")
    return data + _END


def _read_string(key: bytes, at: int) -> tuple[str, int]:
    end = key.index(_END, at)
    data = key[at:end]
    if b"\1" in data:
        data = data.replace(b"\1\1", b"\0").replace(b"\1\2", b"\1")
    return data.decode("utf-8", "surrogatepass"), end + 1


def _float(value: float) -> bytes:
    if value != value:
        return bytes((_FLOAT, 0))
    (bits,) = _WORD.unpack(_DOUBLE.pack(value))
    return bytes((_FLOAT, 1)) + _WORD.pack(bits ^ (_ALL if bits & _BIAS else _BIAS))


def _read_float(key: bytes, at: int) -> tuple[float, int]:
    if not key[at]:
        return float("nan"), at + 1
    (bits,) = _WORD.unpack_from(key, at + 1)
    (value,) = _DOUBLE.unpack(_WORD.pack(bits ^ (_BIAS if bits & _BIAS else _ALL)))
    return value, at + 1 + _NUMBER_BYTES
