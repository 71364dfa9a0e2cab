"""Schemas: what is inferred from states, and how it widens."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import SCALARS, grid_states, states, uniform_states, values

from wc_engine.errors import EncodingError
from wc_engine.state import Entity, State
from wc_engine.state.entities import Value, canonical_key
from wc_engine.state.schema import MAX_FIXED_COUNT, EnumDomain, IntDomain, infer_schema, widen_schema


def boxes(*positions: tuple[int, int]) -> State:
    return State(Entity("Box", x=x, y=y) for x, y in positions)


def box_domain(*numbers: int) -> object:
    box = infer_schema([State(Entity("Box", x=number) for number in numbers)]).type("Box")
    assert box is not None
    return box.domain("x")


# ---- what is inferred ----


@given(st.lists(uniform_states(), min_size=1, max_size=3))
def test_every_state_fits_the_schema_inferred_from_it(seen: list[State]) -> None:
    schema = infer_schema(seen)
    assert all(schema.fits(state) for state in seen)


@given(states())
def test_free_form_states_fit_their_schema_or_their_attributes_differ_within_a_type(state: State) -> None:
    attributes = {(entity.type, tuple(entity.attributes)) for entity in state}
    if len(attributes) == len({entity.type for entity in state}):
        assert infer_schema([state]).fits(state)
    else:
        with pytest.raises(EncodingError, match="differ in their attributes"):
            infer_schema([state])


@given(st.lists(uniform_states(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_the_states_does_not_matter(seen: list[State], random: Random) -> None:
    shuffled = list(seen)
    random.shuffle(shuffled)
    assert infer_schema(shuffled) == infer_schema(seen)


@given(uniform_states())
def test_types_and_attributes_are_in_order_of_name(state: State) -> None:
    schema = infer_schema([state])
    names = [entity_type.name for entity_type in schema.types]
    assert names == sorted({entity.type for entity in state})
    assert all(t.attribute_names == tuple(sorted(t.attribute_names)) for t in schema.types)


@pytest.mark.parametrize(
    ("numbers", "low", "high"),
    [
        ((0,), 0, 3),
        ((3,), 0, 3),
        ((4,), 0, 7),
        ((1, 9), 0, 15),
        ((-1,), -4, 3),
        ((-5, 2), -8, 7),
        ((-4, 4), -8, 7),
    ],
)
def test_integer_ranges_are_rounded_outwards_to_powers_of_two(numbers: tuple[int, ...], low: int, high: int) -> None:
    assert box_domain(*numbers) == IntDomain(low, high)


def test_integers_of_one_attribute_share_a_range_in_all_types() -> None:
    schema = infer_schema([State([Entity("Wall", x=9, y=1), Entity("Box", x=1, y=2)])])
    box = schema.type("Box")
    assert box is not None
    assert (box.domain("x"), box.domain("y")) == (IntDomain(0, 15), IntDomain(0, 3))


def test_a_truth_value_makes_a_domain_of_the_values_themselves() -> None:
    schema = infer_schema([State([Entity("Door", open=True), Entity("Door", open=0)])])
    door = schema.type("Door")
    assert door is not None
    assert door.domain("open") == EnumDomain((True, 0))
    assert not schema.fits(State([Entity("Door", open=1), Entity("Door", open=True)]))


@given(st.lists(values(), min_size=1, max_size=6))
def test_codes_order_as_the_values_do_and_give_them_back(drawn: list[Value]) -> None:
    schema = infer_schema([State(Entity("Key", held=value) for value in drawn)])
    key = schema.type("Key")
    assert key is not None
    domain = key.domain("held")
    assert domain is not None
    held = sorted((entity["held"] for entity in State(Entity("Key", held=value) for value in drawn)), key=canonical_key)
    codes = [domain.code(value) for value in held]
    assert codes == sorted(codes)  # type: ignore[type-var]
    assert [canonical_key(domain.value(code)) for code in codes] == [canonical_key(value) for value in held]
    assert all(code is not None and 0 <= code < domain.size for code in codes)


@given(st.lists(SCALARS, min_size=1, max_size=4), SCALARS)
def test_a_value_has_a_code_exactly_when_the_domain_holds_it(drawn: list[Value], value: Value) -> None:
    schema = infer_schema([State(Entity("Key", held=one) for one in drawn)])
    domain = schema.types[0].domain("held")
    assert domain is not None
    if isinstance(domain, IntDomain):
        held = type(value) is int and domain.low <= value <= domain.high
    else:
        held = canonical_key(value) in map(canonical_key, drawn)
    assert (domain.code(value) is not None) == held


def test_a_name_that_is_not_there_has_no_type_and_no_domain() -> None:
    schema = infer_schema([boxes((0, 0))])
    assert schema.type("Door") is None
    assert schema.types[0].domain("color") is None


# ---- counts ----


def test_a_type_has_a_fixed_count_where_all_states_have_the_same_small_number() -> None:
    schema = infer_schema([boxes((0, 0), (1, 1)), boxes((2, 0), (2, 2))])
    assert schema.types[0].count == 2
    schema = infer_schema([boxes((0, 0), (1, 1)), boxes((2, 0))])
    assert schema.types[0].count is None


@pytest.mark.parametrize("first", [True, False])
def test_a_type_that_some_state_lacks_has_no_fixed_count(first: bool) -> None:
    seen = [State(), boxes((0, 0))]
    schema = infer_schema(seen if first else seen[::-1])
    assert schema.types[0].count is None
    assert schema.fits(State())


def test_many_entities_have_no_fixed_count() -> None:
    most = [(x, 0) for x in range(MAX_FIXED_COUNT + 1)]
    assert infer_schema([boxes(*most[:-1])]).types[0].count == MAX_FIXED_COUNT
    assert infer_schema([boxes(*most)]).types[0].count is None


def test_another_number_of_a_fixed_type_does_not_fit() -> None:
    schema = infer_schema([boxes((0, 0), (1, 1))])
    assert not schema.fits(boxes((0, 0)))
    with pytest.raises(EncodingError, match="1 entities of type Box, the schema has 2"):
        schema.check_counts(boxes((0, 0)))
    assert schema.with_free_counts().fits(boxes((0, 0)))
    assert schema.with_free_counts().fits(State())


# ---- what does not fit ----


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        (Entity("Door", x=0, y=0), "no entity type 'Door'"),
        (Entity("Box", x=0), r"the attributes \['x'\], the schema expects \['x', 'y'\]"),
        (Entity("Box", x=0, y=0, color="red"), "the schema expects"),
        (Entity("Box", x=0, y=4), "the value 4 of Box.y is outside the schema"),
        (Entity("Box", x=-1, y=0), "the value -1 of Box.x"),
        (Entity("Box", x=0, y=True), "the value True of Box.y"),
        (Entity("Box", x=0.0, y=0), "the value 0.0 of Box.x"),
        (Entity("Box", x=None, y=0), "the value None of Box.x"),
    ],
)
def test_an_entity_outside_the_schema_is_named(entity: Entity, message: str) -> None:
    schema = infer_schema([boxes((1, 1))])
    with pytest.raises(EncodingError, match=message):
        schema.codes(entity)
    assert not schema.fits(State([entity]))


# ---- widening ----


@given(st.lists(uniform_states(), min_size=1, max_size=3), st.lists(uniform_states(), min_size=1, max_size=3))
def test_old_and_new_states_fit_a_widened_schema(old: list[State], new: list[State]) -> None:
    widened = widen_schema(infer_schema(old), new)
    assert all(widened.fits(state) for state in [*old, *new])


@given(st.lists(uniform_states(), min_size=1, max_size=3))
def test_widening_by_states_of_which_the_schema_was_made_changes_nothing(seen: list[State]) -> None:
    schema = infer_schema(seen)
    assert widen_schema(schema, seen) == schema


@given(st.lists(grid_states(), min_size=1, max_size=3), grid_states())
def test_widening_never_takes_a_value_away(seen: list[State], new: State) -> None:
    schema = infer_schema(seen)
    widened = widen_schema(schema, [new])
    for entity_type in schema.types:
        wider = widened.type(entity_type.name)
        assert wider is not None
        for name, domain in entity_type.attributes:
            wide = wider.domain(name)
            assert wide is not None
            assert all(wide.code(domain.value(code)) is not None for code in range(domain.size))


def test_widening_by_another_number_of_entities_frees_the_count() -> None:
    schema = infer_schema([boxes((0, 0), (1, 1))])
    assert widen_schema(schema, [boxes((0, 0), (1, 0))]).types[0].count == 2
    assert widen_schema(schema, [boxes((0, 0))]).types[0].count is None
    assert widen_schema(schema, [State()]).types[0].count is None


def test_a_type_that_widening_adds_may_be_absent() -> None:
    schema = widen_schema(infer_schema([boxes((0, 0))]), [State([Entity("Box", x=0, y=0), Entity("Key", x=1, y=1)])])
    assert schema.fits(boxes((0, 0)))


def test_widening_by_other_attributes_is_refused() -> None:
    with pytest.raises(EncodingError, match="entities of type Box differ in their attributes"):
        widen_schema(infer_schema([boxes((0, 0))]), [State([Entity("Box", x=0)])])


@given(uniform_states(), uniform_states())
def test_free_counts_take_every_number_of_entities(state: State, other: State) -> None:
    assume(len(state) > 0)
    free = widen_schema(infer_schema([state]), [other]).with_free_counts()
    assert all(free.fits(part) for part in (state, other, State(list(state)[1:]), State([*state, *other])))
