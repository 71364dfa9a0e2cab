"""Keys of entities: what goes in comes out, and bytes order as entities do."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wc_engine.compile.boxed.keys import KeyCodec
from wc_engine.errors import EncodingError
from wc_engine.state import Entity

NAMES = ("color", "name", "x", "y", "z")
CODEC = KeyCodec(NAMES)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec=None), max_size=4)
)
ENTITIES = st.recursive(
    SCALARS,
    lambda inner: st.tuples() | st.tuples(inner) | st.tuples(inner, inner) | st.builds(Entity, st.text(max_size=2)),
    max_leaves=5,
).flatmap(
    lambda value: st.builds(
        Entity,
        st.text(st.characters(codec=None), max_size=3),
        st.dictionaries(st.sampled_from(NAMES), SCALARS | st.just(value), max_size=4),
    )
)


@given(ENTITIES)
def test_a_key_stands_for_its_entity(entity: Entity) -> None:
    assert CODEC.decode(CODEC.encode(entity)) == entity


@given(ENTITIES, ENTITIES)
def test_keys_order_as_entities_do(left: Entity, right: Entity) -> None:
    if left < right:
        assert CODEC.encode(left) < CODEC.encode(right)
    elif right < left:
        assert CODEC.encode(right) < CODEC.encode(left)


@given(ENTITIES, ENTITIES)
def test_no_key_is_the_beginning_of_another(left: Entity, right: Entity) -> None:
    first, second = CODEC.encode(left), CODEC.encode(right)
    assert first == second or not second.startswith(first)


def test_true_one_and_one_point_nought_differ() -> None:
    keys = {CODEC.encode(Entity("Box", x=value)) for value in (True, 1, 1.0, "1", (1,), None)}
    assert len(keys) == 6


def test_zeros_are_told_apart_and_nans_are_one() -> None:
    assert CODEC.encode(Entity("Box", x=0.0)) != CODEC.encode(Entity("Box", x=-0.0))
    decoded = CODEC.decode(CODEC.encode(Entity("Box", x=-0.0))).get("x")
    assert isinstance(decoded, float)
    assert math.copysign(1, decoded) == -1
    assert CODEC.encode(Entity("Box", x=math.nan)) == CODEC.encode(Entity("Box", x=-math.nan))


def test_what_native_code_has_no_place_for_is_an_encoding_error() -> None:
    with pytest.raises(EncodingError, match="which the program was not compiled for"):
        CODEC.encode(Entity("Box", weight=1))
    for value in (2**62, -(2**62) - 1):
        with pytest.raises(EncodingError, match="too large"):
            CODEC.encode(Entity("Box", x=value))
