"""Messages between a sandbox and its client: msgpack arrays in frames of a known length.

A state travels as its entities, each one packed by itself, so that both ends know most entities (walls, say) by their
bytes and decode them once. The client believes nothing: every frame is bounded and decoded by its declared type.
"""

from __future__ import annotations

import struct
from typing import Any, Union

import msgspec
from msgspec.msgpack import Ext

from wc_engine.models.objects import holds_float
from wc_engine.state.entities import Entity, State, Value

__all__ = [
    "CPU_LIMIT_SECONDS",
    "HEADER",
    "MAX_FRAME_BYTES",
    "Load",
    "Loaded",
    "Moved",
    "Ready",
    "Rewarded",
    "StateCodec",
    "Step",
    "Steps",
    "decode_answer",
    "decode_request",
    "frame",
]

HEADER = struct.Struct("<I")
MAX_FRAME_BYTES = 1 << 26
CPU_LIMIT_SECONDS = 7200
"""CPU time that a program's process may use in all its life."""

_MAX_CACHED = 65536
_ENTITY, _LARGE_INT, _ODD_STRING = 1, 2, 3
_INT64 = range(-(1 << 63), 1 << 63)

PackedState = list[bytes]


class Load(msgspec.Struct, array_like=True, tag=True):
    """Load a program; answered by ``Loaded``."""

    text: str
    file: str
    time_limit_seconds: float
    memory_limit_bytes: int


class Step(msgspec.Struct, array_like=True):
    """One step to be predicted; ``next_state`` is what the reward function is given, None for the predicted one."""

    state: PackedState
    action: str
    mission: str | None
    next_state: PackedState | None
    skip_transition: bool = False
    skip_reward: bool = False


class Steps(msgspec.Struct, array_like=True, tag=True):
    """A batch; each step is answered by ``Moved`` and then ``Rewarded``, in order."""

    steps: list[Step]


class Ready(msgspec.Struct, array_like=True, tag=True):
    """The sandbox has started. ``missing`` names what it lacks, or is empty."""

    missing: str


class Loaded(msgspec.Struct, array_like=True, tag=True):
    """The program is loaded, or why not, with the line (0 where unknown)."""

    error: str | None
    line: int = 0


class Moved(msgspec.Struct, array_like=True, tag=True):
    """What ``transition`` gave; fields as in ``Half``."""

    next_state: PackedState | None
    error: str | None
    out_of_limits: bool
    seconds: float
    seconds_in_program: float


class Rewarded(msgspec.Struct, array_like=True, tag=True):
    """What the reward function gave; fields as in ``Half``."""

    reward: float | None
    done: bool | None
    error: str | None
    out_of_limits: bool
    seconds: float
    seconds_in_program: float


_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Union[Load, Steps])
_answer_decoder = msgspec.msgpack.Decoder(Union[Ready, Loaded, Moved, Rewarded])
_value_decoder: msgspec.msgpack.Decoder[list[Any]]


def frame(message: msgspec.Struct) -> bytes:
    """Return a message as a frame."""
    body = _encoder.encode(message)
    return HEADER.pack(len(body)) + body


def decode_request(body: bytes) -> Load | Steps:
    """Return the request in a frame's body."""
    request: Load | Steps = _request_decoder.decode(body)
    return request


def decode_answer(body: bytes) -> Ready | Loaded | Moved | Rewarded:
    """Return the answer in a frame's body; raises ``msgspec.MsgspecError`` for anything else."""
    answer: Ready | Loaded | Moved | Rewarded = _answer_decoder.decode(body)
    return answer


class StateCodec:
    """Packs states, and remembers entities in both directions."""

    def __init__(self) -> None:
        self._packed: dict[Entity, bytes] = {}
        self._entities: dict[bytes, Entity] = {}

    def pack(self, state: State) -> PackedState:
        """Return a state's entities, each packed."""
        known = self._packed
        return [known.get(entity) or self._pack(entity) for entity in state.entities]

    def unpack(self, packed: PackedState) -> State:
        """Return the state.

        Raises:
            ValueError, TypeError, RecursionError: these are no packed entities.
        """
        known = self._entities
        return State([known.get(data) or self._unpack(data) for data in packed])

    def _pack(self, entity: Entity) -> bytes:
        data = _pack_entity(entity)
        if not holds_float(entity):  # 0.0 == -0.0
            if len(self._packed) >= _MAX_CACHED:
                self._packed.clear()
            self._packed[entity] = data
        return data

    def _unpack(self, data: bytes) -> Entity:
        entity = _unpack_entity(data)
        if len(self._entities) >= _MAX_CACHED:
            self._entities.clear()
        self._entities[data] = entity
        return entity


def _pack_entity(entity: Entity) -> bytes:
    flat = [_packable(entity.type)]
    for name, value in entity.attributes.items():
        flat += (_packable(name), _packable(value))
    return _encoder.encode(flat)


def _packable(value: Value) -> object:
    """Return what msgpack can hold for a value: large integers, odd strings and entities become extensions."""
    if isinstance(value, str):
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:  # a lone surrogate
                return Ext(_ODD_STRING, value.encode("utf-8", "surrogatepass"))
        return value
    if isinstance(value, int) and value not in _INT64:
        return Ext(_LARGE_INT, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))
    if isinstance(value, tuple):
        return [_packable(item) for item in value]
    if isinstance(value, Entity):
        return Ext(_ENTITY, _pack_entity(value))
    return value


def _unpack_entity(data: bytes) -> Entity:
    flat = _value_decoder.decode(data)
    names = flat[1::2]
    if len(flat) % 2 == 0 or not all(isinstance(name, str) for name in (flat[0], *names)):
        raise ValueError("no packed entity")
    return Entity(flat[0], dict(zip(names, flat[2::2], strict=True)))


def _extension(code: int, data: memoryview) -> Value:
    if code == _ENTITY:
        return _unpack_entity(bytes(data))
    if code == _LARGE_INT:
        return int.from_bytes(data, "big", signed=True)
    if code == _ODD_STRING:
        return bytes(data).decode("utf-8", "surrogatepass")
    raise ValueError(f"unknown extension {code}")


_value_decoder = msgspec.msgpack.Decoder(list[Any], ext_hook=_extension)
