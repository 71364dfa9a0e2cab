"""Variants for exact numbers of entities: which are made, that they agree with the program, and what they assume."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from agree import Comparison
from hypothesis import given
from hypothesis import strategies as st
from test_compiled import SLIDING, level
from worlds import ACTIONS, program_text

from wc_engine.compile.compiled import CompiledModel, StepStatus, specialise
from wc_engine.compile.rows import pack_states
from wc_engine.errors import EncodingError, UnsupportedConstructError
from wc_engine.models.batch import BatchStepper, expand_batch
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state import State
from wc_engine.state.schema import Schema

EXAMPLES = [level((1, 0), (2, 0)), level((1, 0), (2, 0), (2, 1)), level((0, 3), (2, 0), (2, 1), (2, 2), (1, 1))]
ACTION_NUMBERS = range(len(ACTIONS))

EATING = program_text(
    """
    p = next(e for e in state if e.name == 'Player')
    dx, dy = DIRECTIONS[action]
    p.x, p.y = p.x + dx, p.y + dy
    return {e for e in state if e.name != 'Box' or (e.x, e.y) != (p.x, p.y)}
    """,
    "return float(len([e for e in next_state if e.name == 'Box'])), False",
)
"""Boxes go where the player steps."""

MARKING = program_text(
    """
    p = next(e for e in state if e.name == 'Player')
    dx, dy = DIRECTIONS[action]
    ahead = [e for e in state if e.name == 'Box' and e.x == p.x + dx and e.y == p.y + dy]
    team = [p] + ([ahead[0]] if ahead else [])
    for e in team: e.mark = len(ahead)
    for e in team: e.x, e.y = e.x + dx * e.mark, e.y + dy
    for e in team: del e.mark
    return state
    """,
    "return float(len([e for e in next_state if e.name == 'Box' and e.x == 2])), False",
)
"""Entities get an attribute for as long as a step takes."""


@pytest.fixture(scope="module")
def sliding() -> CompiledModel:
    return specialise(SLIDING, EXAMPLES, ACTIONS)


def boxes_of(model: CompiledModel) -> int | None:
    box = model.schema.type("Box")
    assert box is not None
    return box.count


def test_there_is_a_variant_for_each_number_of_entities(sliding: CompiledModel) -> None:
    assert boxes_of(sliding) is None
    assert sorted(filter(None, map(boxes_of, sliding.variants))) == [1, 2, 4]
    assert [boxes_of(sliding.variant_for(state)) for state in EXAMPLES] == [1, 2, 4]
    assert sliding.variant_for(level((1, 0), (2, 0), (2, 1), (2, 2))) is sliding


def test_a_number_that_steps_change_is_not_fixed() -> None:
    model = specialise(EATING, [level((1, 1), (2, 1), (1, 2)), level((1, 1), (2, 1))], ACTIONS)
    assert all(boxes_of(variant) is None for variant in model.variants)


def most_boxes(model: CompiledModel) -> int | None:
    box = model.schema.type("Box")
    assert box is not None
    return box.most


MERGING = program_text(
    """
    p = next(e for e in state if e.name == 'Player')
    dx, dy = DIRECTIONS[action]
    for b in [e for e in state if e.name == 'Box']:
        if (b.x, b.y) == (p.x + dx, p.y + dy): b.x, b.y = b.x + dx, b.y + dy
    p.x, p.y = p.x + dx, p.y + dy
    return state
    """,
    "return float(sum(e.x for e in state if e.name == 'Box') - len([e for e in next_state if e.name == 'Box'])), False",
)
"""Boxes that are pushed onto each other are one box for the next step."""

GROWING = program_text(
    """
    p = next(e for e in state if e.name == 'Player')
    dx, dy = DIRECTIONS[action]
    there = any(e.name == 'Box' and (e.x, e.y) == (p.x + dx, p.y + dy) for e in state)
    new = {e for e in state if e is not p} | {Player(p.x + dx, p.y + dy)}
    return new | {Box(p.x, p.y)} if there else {e for e in new if e.name != 'Box' or e.x != p.x}
    """,
    "return float(len([e for e in next_state if e.name == 'Box'])), False",
)
"""A step onto a box leaves another one behind; a step elsewhere takes those of its column away."""


@pytest.mark.parametrize("text", [EATING, MERGING, GROWING], ids=["eating", "merging", "growing"])
def test_few_entities_whose_number_changes_have_places(text: str) -> None:
    examples = [
        level((1, 1), (2, 1), (3, 1), (2, 2), (1, 3)),
        level((1, 1), (2, 1), (2, 2), (3, 3)),
        level((0, 3), (3, 1)),
    ]
    model = specialise(text, examples, ACTIONS)
    (variant,) = model.variants
    assert boxes_of(variant) is None
    assert most_boxes(variant) in (4, 5)
    reference = ReferenceInterpreter(Program.from_text(text))
    random, answered, twins = Random(3), 0, 0
    for state in examples * 8:
        problem = model.bind(state)
        assert problem.model is variant
        words = problem.encode(state)
        for _ in range(12):
            action = random.randrange(len(ACTIONS))
            before = problem.decode(words)
            twins += len(set(before)) < len(before)
            expected = reference.step(before, ACTIONS[action])
            status, words, reward, done = problem.step_words(words, action)
            if status not in (StepStatus.OK, StepStatus.FAILED):
                break
            answered += 1
            assert expected.failed == (status == StepStatus.FAILED)
            if expected.failed:
                break
            assert (problem.decode(words), reward, done) == (expected.next_state, expected.reward, expected.done)
    assert answered > 50
    assert bool(twins) == (text is MERGING)


def test_more_entities_than_there_are_places_for_are_answered_elsewhere() -> None:
    model = specialise(EATING, [level((1, 1), (2, 1), (1, 2)), level((1, 1), (2, 1))], ACTIONS)
    assert [most_boxes(variant) for variant in model.variants] == [2]
    assert model.variant_for(level((1, 1), (2, 1))) is model.variants[0]
    assert model.variant_for(level((1, 1), (2, 1), (2, 2), (2, 3))) is model
    with pytest.raises(EncodingError):
        model.variants[0].schema.check_numbers({"Player": 1, "Box": 3})
    assert most_boxes(model.with_schema(model.variants[0].schema.with_free_counts())) is None


@given(
    boxes=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=5, unique=True),
    player=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    action=st.sampled_from(ACTION_NUMBERS),
)
def test_variants_agree_with_the_program(
    sliding: CompiledModel, boxes: list[tuple[int, int]], player: tuple[int, int], action: int
) -> None:
    state = level(player, *boxes)
    problem = sliding.bind(state, min_words=3)
    status, words, reward, done = problem.step_words(problem.encode(state), action)
    expected = ReferenceInterpreter(Program.from_text(SLIDING)).step(state, ACTIONS[action])
    if status in (StepStatus.OK, StepStatus.FAILED):
        assert expected.failed == (status == StepStatus.FAILED)
        if not expected.failed:
            assert (problem.decode(words), reward, done) == (expected.next_state, expected.reward, expected.done)
    assert problem.num_words == 3


def test_new_attributes_are_followed_where_the_numbers_are_known() -> None:
    comparison = Comparison(MARKING, EXAMPLES, ACTIONS)
    exact = (comparison.model, *comparison.model.variants)
    assert sorted(filter(None, map(boxes_of, exact))) == [1, 2, 4]
    comparison.all_actions(EXAMPLES)
    assert 2 * comparison.compared > len(EXAMPLES) * len(ACTIONS)
    rows = pack_states(comparison.model, [*EXAMPLES, level((1, 0), (2, 0), (2, 1), (2, 2))])
    assert list(rows.which >= 0) == [True, True, True, False]
    with pytest.raises(EncodingError):
        comparison.model.bind(level((1, 0), (2, 0), (2, 1), (2, 2)))


@pytest.mark.parametrize(
    "text",
    [
        MARKING.replace("del e.mark", "pass"),  # the mark stays: no state of the schema has it
        MARKING.replace("return state", "return {e for e in state if e.name != 'Box' or e.x < 0}"),
    ],
)
def test_known_numbers_that_no_step_keeps_do_not_help(text: str) -> None:
    with pytest.raises(UnsupportedConstructError):
        specialise(text, EXAMPLES, ACTIONS)


def test_states_of_several_numbers_are_stepped_in_one_batch(sliding: CompiledModel) -> None:
    rows = pack_states(sliding, EXAMPLES)
    assert len({problem.num_words for problem in rows.problems}) == 1
    result = BatchStepper(rows.problems).step(
        rows.words, np.full(len(EXAMPLES), ACTIONS.index("move right")), rows.which
    )
    reference = ReferenceInterpreter(Program.from_text(SLIDING))
    for row, state in enumerate(EXAMPLES):
        assert rows.problems[rows.which[row]].decode(rows.words[row]) == state
        following: State | None = reference.step(state, "move right").next_state
        assert rows.problems[rows.which[row]].decode(result.next[row]) == following


def test_a_step_that_breaks_the_assumption_is_answered_elsewhere() -> None:
    far = [level((0, 3), (3, 1), (3, 2)), level((0, 3), (3, 1))]  # no step from here meets a box
    model = specialise(EATING, far, ACTIONS)
    near = level((2, 1), (3, 1), (3, 2))
    problem = model.bind(near)
    right = ACTIONS.index("move right")
    assert boxes_of(problem.model) == 2
    status = problem.step_words(problem.encode(near), right)[0]
    assert status == StepStatus.OUT_OF_RANGE
    other = problem.resolve(problem.encode(near), right, status)
    assert other is not None
    status, words, reward, _ = other.step_words(other.encode(near), right)
    assert (status, reward) == (StepStatus.OK, 1.0)
    assert len(other.decode(words).of_type("Box")) == 1


@given(
    boxes=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4, unique=True),
    player=st.tuples(st.integers(0, 3), st.integers(0, 3)),
)
def test_children_are_what_steps_lead_to(
    sliding: CompiledModel, boxes: list[tuple[int, int]], player: tuple[int, int]
) -> None:
    state = level(player, *boxes)
    problem = sliding.bind(state)
    words = problem.encode(state)
    children = expand_batch(problem, words[None])
    for action in ACTION_NUMBERS:
        status, following, reward, done = problem.step_words(words, action)
        assert children.statuses[0, action] == status
        if status == StepStatus.OK:
            found = (children.rewards[0, action], bool(children.dones[0, action]))
            assert (children.next[0, action].tolist(), *found) == (following.tolist(), reward, done)


REBUILDING = program_text(
    """
    p = next(e for e in state if e.name == 'Player')
    dx, dy = DIRECTIONS[action]
    ahead = (p.x + dx, p.y + dy)
    moved = frozenset(Box(3, 3) if e.name == 'Box' and (e.x, e.y) == ahead else e for e in state)
    return set(Player(*ahead) if e.name == 'Player' else e for e in moved)
    """
)
"""Boxes ahead go to one corner, where two of them are one."""


def test_a_set_of_few_rows_needs_no_memory_and_has_no_answer_where_two_become_one() -> None:
    apart, together = level((1, 0), (2, 0), (1, 2)), level((1, 0), (2, 0), (3, 3))
    model = specialise(REBUILDING, [apart, together], ACTIONS)
    assert boxes_of(model) == 2
    assert "H[" not in model.generated.functions["step"]
    statuses = {
        problem.step_words(problem.encode(state), action)[0]
        for state in (apart, together)
        for problem in [model.bind(state)]
        for action in ACTION_NUMBERS
    }
    assert statuses == {StepStatus.OK, StepStatus.OUT_OF_RANGE}
    comparison = Comparison(REBUILDING, [apart, together], ACTIONS)
    comparison.all_actions([apart, together])


def test_where_exact_numbers_are_refused_there_are_places(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = CompiledModel.with_schema

    def refusing(model: CompiledModel, schema: Schema, **options: Any) -> CompiledModel:
        box = schema.type("Box")
        if box is not None and box.count is not None:
            raise UnsupportedConstructError("not for exact numbers", None)
        return whole(model, schema, **options)

    monkeypatch.setattr(CompiledModel, "with_schema", refusing)
    model = specialise(SLIDING, EXAMPLES, ACTIONS)
    assert [most_boxes(variant) for variant in model.variants] == [4]
    assert [boxes_of(variant) for variant in model.variants] == [None]
