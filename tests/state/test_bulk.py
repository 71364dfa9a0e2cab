"""Packing many states at once gives what packing them one by one gives."""

from __future__ import annotations

import gc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import uniform_states

from wc_engine.errors import EncodingError
from wc_engine.state import Entity, State
from wc_engine.state.bulk import BulkPacker
from wc_engine.state.packing import Layout
from wc_engine.state.schema import infer_schema

TYPES = ("Agent", "Door", "Flag", "Key", "Wall")


@given(
    st.lists(uniform_states(), min_size=1, max_size=6),
    st.lists(uniform_states(), max_size=3),
    st.sets(st.sampled_from(TYPES)),
    st.integers(0, 2),
)
def test_words_are_those_of_the_layout_and_states_that_do_not_fit_are_told(
    known: list[State], strange: list[State], static: set[str], missing_rows: int
) -> None:
    schema = infer_schema(known).with_free_counts()
    dynamic = [entity_type.name for entity_type in schema.types if entity_type.name not in static]
    packer = BulkPacker(schema, dynamic)
    everything = [*known, *strange, *known]
    groups, rows = packer.survey(everything)
    layout = Layout(schema, {name: max(0, rows[name] - missing_rows) for name in dynamic})
    words, fits = packer.pack(layout, everything)
    assert words.shape == (len(everything), layout.num_words)
    for place, state in enumerate(everything):
        try:
            expected = layout.encode(state) if schema.fits(state) else None
        except EncodingError:
            expected = None
        if expected is None:
            assert not fits[place]
        else:
            assert fits[place]
            assert np.array_equal(words[place], expected)
        assert (groups[place] < 0) == (not schema.fits(state))
    for one, state in zip(groups, everything, strict=True):
        for other, another in zip(groups, everything, strict=True):
            if one >= 0 and other >= 0:
                assert (one == other) == (layout.statics(state) == layout.statics(another))


def test_the_most_rows_of_each_type_are_counted() -> None:
    states = [
        State([Entity("Box", x=0), Entity("Box", x=1)]),
        State([Entity("Box", x=2), Entity("Player", x=3)]),
    ]
    survey = BulkPacker(infer_schema(states), ["Box", "Player", "Ghost"]).survey(states)
    assert survey.rows == {"Box": 2, "Ghost": 0, "Player": 1}
    assert survey.groups.tolist() == [0, 0]


def test_groups_go_on_from_one_survey_to_the_next() -> None:
    states = [State([Entity("Wall", x=x), Entity("Wall", x=3)]) for x in (0, 1, 0, 2)]
    packer = BulkPacker(infer_schema(states), [])
    assert packer.survey(states[:2]).groups.tolist() == [0, 1]
    assert packer.survey(states[2:]).groups.tolist() == [0, 2]
    assert packer.survey([]).groups.tolist() == []


def test_entities_that_come_and_go_are_never_taken_for_one_another() -> None:
    """Memory of entities that are gone is used again: the packer must not know an entity by its address alone."""
    schema = infer_schema([State([Entity("Box", x=0)]), State([Entity("Box", x=4095)])])
    packer = BulkPacker(schema, ["Box"])
    layout = Layout(schema, {"Box": 1})
    for x in range(3000):
        state = State([Entity("Box", x=x)])
        assert packer.pack(layout, [state])[0][0, 0] == layout.encode(state)[0]
        del state
        if x % 1000 == 0:
            gc.collect()


def test_more_entities_than_are_remembered_are_packed_all_the_same() -> None:
    states = [State([Entity("Box", x=x), Entity("Box", x=x + 1)]) for x in range(100)]
    schema = infer_schema([states[0], states[-1]])
    packer = BulkPacker(schema, ["Box"], max_entities=7)
    layout = Layout(schema, {"Box": 2})
    words, fits = packer.pack(layout, states)
    assert fits.all()
    assert words.tolist() == [layout.encode(state).tolist() for state in states]
