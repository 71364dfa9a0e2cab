"""Compiled models: binding, other schemas, steps that do not fit, and planning on them."""

from __future__ import annotations

import pytest
from worlds import ACTIONS, program_text

from wc_engine.compile import BoxedProblem, CompiledModel, compiled
from wc_engine.compile.compiled import StepStatus, specialise
from wc_engine.errors import EncodingError, UnsupportedConstructError
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.planners import plan
from wc_engine.planners.result import SearchStatus
from wc_engine.state import Entity, State

SLIDING = program_text(
    """
    p = next(e for e in state if e.name == 'Player')
    dx, dy = DIRECTIONS[action]
    if any(e.name == 'Wall' and e.x == p.x + dx and e.y == p.y + dy for e in state):
        return state
    for e in state:
        if e.name == 'Box' and e.x == p.x + dx and e.y == p.y + dy:
            e.x, e.y = e.x + dx, e.y + dy
    p.x, p.y = p.x + dx, p.y + dy
    return state
    """,
    """
    targets = [e for e in next_state if e.name == 'Target']
    done = all(any(b.name == 'Box' and b.x == t.x and b.y == t.y for b in next_state) for t in targets)
    return (10.0 if done else -0.1), done
    """,
)
"""Pushing without a look at what is behind the box; done when every target has a box."""


def level(player: tuple[int, int], *boxes: tuple[int, int], target: int = 3, walls: tuple[int, ...] = (0,)) -> State:
    """Return a level: the target and the walls lie in row 0, at the given x."""
    return State(
        [
            Entity("Player", x=player[0], y=player[1]),
            *(Entity("Box", x=x, y=y) for x, y in boxes),
            Entity("Target", x=target, y=0),
            *(Entity("Wall", x=x, y=0) for x in walls),
        ]
    )


HOME = level((1, 0), (2, 0))


@pytest.fixture(scope="module")
def sliding() -> CompiledModel:
    """The program compiled for positions from 0 to 3, one player, one box, one target and one wall."""
    return specialise(SLIDING, [HOME], ACTIONS)


@pytest.fixture
def nothing_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever asks for native code in the test fails it."""
    monkeypatch.setattr(compiled, "obtain", None)


# ---- binding ----


def test_binding_to_other_levels_compiles_nothing(sliding: CompiledModel, nothing_compiles: None) -> None:
    reference = ReferenceInterpreter(Program.from_text(SLIDING))
    for state in (HOME, level((1, 1), (2, 1), target=2, walls=(3,)), level((3, 3), (0, 0))):
        problem = sliding.bind(state)
        assert problem.decode(problem.initial_words) == state
        status, words, reward, done = problem.step_words(problem.initial_words, 2)
        expected = reference.step(state, "move left")
        assert (status, problem.decode(words)) == (StepStatus.OK, expected.next_state)
        assert (reward, done) == (expected.reward, expected.done)


def test_what_a_transition_cannot_change_is_not_in_the_words(sliding: CompiledModel) -> None:
    assert sliding.dynamic_types == {"Box", "Player"}
    assert sliding.bind(HOME).num_words == 1


REBUILDING = {
    "copies added in a loop": """
    new = set()
    for e in state:
        other = copy.deepcopy(e)
        if e.name == 'Box' or e.name == 'Player':
            other.x = e.x + DIRECTIONS[action][0]
        new.add(other)
    return new
    """,
    "a difference and what was moved": """
    chain = []
    for e in state:
        if e.name == 'Player' or (e.name == 'Box' and e.x > 0):
            chain.append(e)
    new = set(state).difference(chain)
    new.update(e.__class__(e.x + DIRECTIONS[action][0], e.y) for e in chain)
    return new
    """,
}


@pytest.mark.parametrize("body", REBUILDING.values(), ids=REBUILDING)
def test_what_is_only_copied_to_a_new_state_is_not_in_the_words(body: str) -> None:
    text = "import copy\n" + program_text(body, "return float(len(next_state)), False")
    model = specialise(text, [HOME, level((1, 0), (2, 0), (2, 1))], ACTIONS)
    assert model.dynamic_types == {"Box", "Player"}
    reference = ReferenceInterpreter(Program.from_text(text))
    for state in (HOME, level((1, 2), (2, 0), (2, 1)), level((2, 2), (2, 2), (1, 1))):
        problem = model.bind(state)
        status, words, reward, done = problem.step_words(problem.encode(state), ACTIONS.index("move left"))
        expected = reference.step(state, "move left")
        assert (status, problem.decode(words)) == (StepStatus.OK, expected.next_state)
        assert (reward, done) == (expected.reward, expected.done)


def test_two_problems_of_one_model_do_not_disturb_each_other(sliding: CompiledModel) -> None:
    free, walled = sliding.bind(level((1, 1), (3, 3))), sliding.bind(level((1, 1), (3, 3), walls=(1,)))
    moved = level((1, 0), (3, 3))
    assert free.decode(free.step_words(free.initial_words, 0)[1]) == moved
    after = walled.step_words(walled.initial_words, 0)[1]
    assert walled.decode(after) == level((1, 1), (3, 3), walls=(1,))


def test_a_state_with_other_walls_belongs_to_another_problem(sliding: CompiledModel) -> None:
    problem = sliding.bind(HOME)
    with pytest.raises(EncodingError, match="unchanging entities differ"):
        problem.encode(level((1, 0), (2, 0), walls=(1,)))


def test_two_equal_walls_are_refused() -> None:
    model = specialise(SLIDING, [HOME, State()], ACTIONS)
    with pytest.raises(EncodingError, match="two equal entities"):
        model.bind(level((1, 0), (2, 0), walls=(0, 0)))


def test_the_reward_function_is_asked_about_any_next_state(sliding: CompiledModel) -> None:
    problem = sliding.bind(HOME)
    solved = problem.encode(level((2, 0), (3, 0)))
    assert problem.reward_words(problem.initial_words, 3, solved) == (StepStatus.OK, 10.0, True)
    assert problem.reward_words(problem.initial_words, 3, problem.initial_words) == (StepStatus.OK, -0.1, False)


# ---- other schemas ----


@pytest.mark.parametrize(
    "other",
    [level((1, 0), (2, 0), (2, 1)), level((1, 0), (9, 0)), level((1, 0), (2, 0), walls=(0, 1))],
    ids=["another number of boxes", "a larger level", "another number of walls"],
)
def test_a_level_outside_the_schema_is_refused_and_a_widened_model_takes_it(
    sliding: CompiledModel, other: State
) -> None:
    with pytest.raises(EncodingError):
        sliding.bind(other)
    wider = sliding.widened([other])
    for state in (HOME, other):
        problem = wider.bind(state)
        assert problem.decode(problem.initial_words) == state


def test_widening_by_what_fits_gives_the_same_model(sliding: CompiledModel) -> None:
    assert sliding.widened([level((3, 3), (1, 1))]) is sliding
    assert sliding.with_schema(sliding.schema) is sliding


# ---- steps that do not fit ----


def test_a_box_pushed_beyond_the_range_is_out_of_range_and_resolved_in_a_wider_layout(sliding: CompiledModel) -> None:
    start = level((2, 1), (3, 1))
    problem = sliding.bind(start)
    status = problem.step_words(problem.initial_words, 3)[0]
    assert status == StepStatus.OUT_OF_RANGE
    wider = problem.resolve(problem.initial_words, 3, status)
    assert wider is not None
    assert wider.actions == problem.actions
    assert wider.decode(wider.initial_words) == start
    status, words, _, _ = wider.step_words(wider.encode(start), 3)  # type: ignore[attr-defined]
    assert (status, wider.decode(words)) == (StepStatus.OK, level((3, 1), (4, 1)))


def test_a_step_that_no_layout_mends_is_answered_by_the_boxed_tier(sliding: CompiledModel) -> None:
    problem = sliding.bind(HOME)
    other = problem.resolve(problem.initial_words, 0, StepStatus.OUT_OF_SCRATCH)
    assert isinstance(other, BoxedProblem)
    assert other.decode(other.initial_words) == HOME
    assert other.step_words(other.initial_words, 0)[0] == StepStatus.OK


def test_an_internal_error_is_not_resolved(sliding: CompiledModel) -> None:
    problem = sliding.bind(HOME)
    assert problem.resolve(problem.initial_words, 0, StepStatus.INTERNAL) is None


def test_a_loop_without_end_is_not_resolved() -> None:
    text = program_text("while any(e.x == 2 for e in state):\n    pass\nreturn state")
    problem = specialise(text, [HOME], ACTIONS).bind(HOME)
    assert problem.resolve(problem.initial_words, 0, StepStatus.OUT_OF_FUEL) is None


def test_breadth_first_search_finds_a_plan_that_leads_out_of_the_range(sliding: CompiledModel) -> None:
    start = level((2, 0), (3, 1), target=3, walls=(0,))
    result = plan(sliding.bind(start), "bfs", time_limit_seconds=60)
    assert result.status is SearchStatus.SOLVED
    assert result.plan is not None
    reference = ReferenceInterpreter(Program.from_text(SLIDING))
    state, done = start, False
    for action in result.plan:
        outcome = reference.step(state, action)
        assert outcome.next_state is not None
        state, done = outcome.next_state, bool(outcome.done)
    assert done
    assert len(result.plan) == 4


def test_a_loop_without_end_is_out_of_fuel() -> None:
    model = specialise(program_text("while any(e.x == 2 for e in state):\n    pass\nreturn state"), [HOME], ACTIONS)
    problem = model.bind(HOME)
    assert problem.step_words(problem.initial_words, 0)[0] == StepStatus.OUT_OF_FUEL
    other = model.bind(level((1, 0), (1, 1)))
    assert other.step_words(other.initial_words, 0)[0] == StepStatus.OK


# ---- missions and errors ----


def test_each_mission_has_its_own_reward_function() -> None:
    before = """
    def up(state, action, next_state):
        return 1, True
    REWARD_FUNCS = {'go up': up}
    """
    text = program_text(before=before)
    for mission, expected in (("go up", (1.0, True)), ("rest", (0.0, False)), (None, (0.0, False))):
        problem = specialise(text, [HOME], ACTIONS, mission).bind(HOME)
        assert problem.step_words(problem.initial_words, 0)[2:] == expected


def test_what_is_not_supported_is_named_with_file_line_and_caret() -> None:
    text = program_text("x = eval('1')\nreturn state")
    program = Program.from_text(text, file="model.py")
    with pytest.raises(UnsupportedConstructError) as caught:
        specialise(program, [HOME], ACTIONS)
    line = text.splitlines().index("    x = eval('1')") + 1
    assert str(caught.value).splitlines()[:3] == [f"model.py:{line}", "    x = eval('1')", "        ^^^^"]


def test_states_whose_entities_differ_in_their_attributes_have_no_schema() -> None:
    odd = State([Entity("Box", x=1, y=1), Entity("Box", x=1, y=1, color="red")])
    with pytest.raises(EncodingError, match="entities of type Box differ in their attributes"):
        specialise(SLIDING, [odd], ACTIONS)
