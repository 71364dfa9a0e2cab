"""Packed states: words that are equal exactly when the states are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import states, uniform_states

from wc_engine.errors import EncodingError
from wc_engine.state import Entity, State
from wc_engine.state.packing import Layout, row_format
from wc_engine.state.schema import EntityType, EnumDomain, IntDomain, Schema, infer_schema


def layout_for(*seen: State, spare: int = 0, static: frozenset[str] = frozenset()) -> Layout:
    """Return a layout with room for each of ``seen``, and for ``spare`` entities more of each type."""
    schema = infer_schema(seen).with_free_counts()
    return Layout(
        schema,
        {
            entity_type.name: spare + max(len(state.of_type(entity_type.name)) for state in seen)
            for entity_type in schema.types
            if entity_type.name not in static
        },
    )


def key(x: int, color: str = "red") -> Entity:
    return Entity("Key", color=color, x=x)


# ---- round trips ----


@given(st.lists(uniform_states(), min_size=1, max_size=3), st.integers(0, 2))
def test_decoding_gives_back_what_was_encoded(seen: list[State], spare: int) -> None:
    layout = layout_for(*seen, spare=spare)
    for state in seen:
        words = layout.encode(state)
        assert words.dtype == np.uint64
        assert words.shape == (layout.num_words,)
        assert layout.decode(words) == state


@given(uniform_states(), st.sets(st.sampled_from(["Agent", "Door", "Flag", "Key", "Wall"])))
def test_static_entities_stay_outside_the_words(state: State, static: set[str]) -> None:
    layout = layout_for(state, static=frozenset(static))
    statics = layout.statics(state)
    assert statics == tuple(entity for entity in state if entity.type in static)
    words = layout.encode(state)
    assert layout.decode(words, statics) == state
    assert layout.decode(words) == State(entity for entity in state if entity.type not in static)
    assert np.array_equal(words, layout.encode(State(entity for entity in state if entity.type not in static)))


@given(states(4))
def test_free_form_states_survive_a_round_trip_or_do_not_fit_a_word(state: State) -> None:
    try:
        layout = layout_for(state)
    except EncodingError:
        return  # attributes differ within a type, or a row is too wide: other tests
    assert layout.decode(layout.encode(state)) == state


# ---- equality ----


@given(st.lists(uniform_states(), min_size=2, max_size=3))
def test_words_are_equal_exactly_when_states_are(seen: list[State]) -> None:
    layout = layout_for(*seen)
    first, second = layout.encode(seen[0]), layout.encode(seen[1])
    assert np.array_equal(first, second) == (seen[0] == seen[1])


@given(st.permutations([key(0), key(1), key(1), key(2, "blue")]))
def test_the_order_of_the_entities_does_not_matter(entities: list[Entity]) -> None:
    layout = layout_for(State(entities), spare=1)
    expected = layout.encode(State([key(0), key(1), key(1), key(2, "blue")]))
    assert np.array_equal(layout.encode(State(entities)), expected)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([key(0)], []),
        ([key(0)], [key(0), key(0)]),
        ([key(0)], [key(1)]),
        ([key(0), key(1, "blue")], [key(0, "blue"), key(1)]),
        ([Entity("Door", open=True)], [Entity("Door", open=1)]),
        ([Entity("Door", open=0.0)], [Entity("Door", open=0)]),
        ([Entity("Door", open=None)], []),
        ([Entity("Flag")], []),
        ([Entity("Flag")], [Entity("Flag"), Entity("Flag")]),
    ],
)
def test_states_that_differ_a_little_have_different_words(first: list[Entity], second: list[Entity]) -> None:
    one, other = State(first), State(second)
    layout = layout_for(one, other)
    assert not np.array_equal(layout.encode(one), layout.encode(other))
    assert (layout.decode(layout.encode(one)), layout.decode(layout.encode(other))) == (one, other)


# ---- rows ----


@given(uniform_states())
def test_row_codes_order_as_entities_do_canonically(state: State) -> None:
    layout = layout_for(state)
    for entity_type in layout.schema.types:
        ordered = state.of_type(entity_type.name)
        codes = [layout.row_code(entity) for entity in ordered]
        assert codes == sorted(codes)
        assert len(set(codes)) == len(set(ordered))
        assert all(0 <= code < row_format(entity_type).absent for code in codes)


def test_no_entity_has_the_code_of_an_absent_row() -> None:
    full = EntityType("Box", (("x", IntDomain(0, 3)), ("y", IntDomain(0, 3))))
    with_gap = EntityType("Box", (("x", IntDomain(0, 3)), ("y", EnumDomain((0, 1, None)))))
    bare = EntityType("Flag", ())
    assert row_format(full).bits == 5
    assert row_format(with_gap).bits == 4
    assert row_format(bare).bits == 1


def test_an_attribute_with_one_value_takes_no_bits() -> None:
    format_ = row_format(EntityType("Box", (("color", EnumDomain(("red",))), ("x", IntDomain(0, 7)))))
    assert format_.widths == (0, 3)
    assert format_.shifts == (3, 0)


def test_absent_rows_come_last_and_are_all_ones() -> None:
    layout = layout_for(State([key(0), key(3)]), spare=1)
    absent = row_format(layout.schema.types[0]).absent
    words = layout.encode(State([key(3)]))
    rows = [(int(words[word]) >> shift) & absent for word, shift in layout.slots["Key"]]
    assert rows == [layout.row_code(key(3)), absent, absent]


def test_an_empty_state_of_an_empty_schema_is_one_word() -> None:
    layout = layout_for(State())
    assert layout.encode(State()).tolist() == [0]
    assert layout.decode(layout.encode(State())) == State()


@given(st.lists(uniform_states(), min_size=1, max_size=2), st.integers(0, 20))
def test_rows_do_not_overlap_and_lie_within_a_word(seen: list[State], spare: int) -> None:
    layout = layout_for(*seen, spare=spare)
    used = [0] * layout.num_words
    for entity_type in layout.schema.types:
        mask = row_format(entity_type).absent
        assert len(layout.slots[entity_type.name]) == layout.rows[entity_type.name]
        for word, shift in layout.slots[entity_type.name]:
            bits = mask << shift
            assert bits < 1 << 64
            assert used[word] & bits == 0
            used[word] |= bits


@given(st.integers(0, 30), st.integers(1, 30))
def test_rows_of_types_with_a_fixed_count_lie_at_the_same_place_in_every_layout(few: int, many: int) -> None:
    schema = Schema(
        (
            EntityType("Box", (("x", IntDomain(0, 15)), ("y", IntDomain(0, 15)))),
            EntityType("Player", (("x", IntDomain(0, 15)), ("y", IntDomain(0, 15))), count=1),
        )
    )
    places = {tuple(Layout(schema, {"Box": number, "Player": 1}).slots["Player"]) for number in (few, few + many)}
    assert places == {((0, 0),)}


# ---- what does not fit ----


def test_more_entities_than_rows_do_not_fit() -> None:
    layout = layout_for(State([key(0), key(1)]))
    with pytest.raises(EncodingError, match="3 entities of type Key do not fit 2 rows"):
        layout.encode(State([key(0), key(1), key(2)]))


def test_a_value_outside_its_domain_does_not_fit() -> None:
    layout = layout_for(State([key(0)]))
    with pytest.raises(EncodingError, match=r"the value 4 of Key\.x is outside the schema"):
        layout.encode(State([key(4)]))
    with pytest.raises(EncodingError, match=r"'green' of Key\.color"):
        layout.encode(State([key(0, "green")]))


def test_a_row_wider_than_a_word_does_not_fit() -> None:
    wide = Schema((EntityType("Box", tuple((name, IntDomain(0, 2**16 - 1)) for name in "abcd")),))
    with pytest.raises(EncodingError, match="a row of type Box needs 65 bits"):
        Layout(wide, {"Box": 1})


def test_a_static_type_may_be_as_wide_as_it_likes() -> None:
    state = State([Entity("Wall", dict.fromkeys("abcd", 2**16 - 1)), key(0)])
    layout = layout_for(state, static=frozenset({"Wall"}))
    assert layout.decode(layout.encode(state), layout.statics(state)) == state
