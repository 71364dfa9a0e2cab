"""Planning in programs: interpreted first, compiled when it costs, never a wall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wc_engine.agent import PlanningConfig, planning
from wc_engine.agent.exploration import Explorer
from wc_engine.agent.planning import ModelPlanner
from wc_engine.agent.remembered import RememberedModel, StateByState
from wc_engine.compile import BoxedModel
from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.compile.halves import Part
from wc_engine.compile.mixed import MixedModel, NativeHalf
from wc_engine.errors import UnsupportedConstructError
from wc_engine.models.base import StepOutcome
from wc_engine.models.dataset import Transition
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel, StepRequest
from wc_engine.planners.result import PlanResult, SearchStatus
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive.prelude import ENTITY_CLASS

ACTIONS = ("left", "right")
TEXT = (
    ENTITY_CLASS
    + """
class Walker(Entity): pass
class Flag(Entity): pass

def transition(state, action):
    for entity in state:
        if entity.name == 'Walker':
            if action == 'right' and entity.x < LAST:
                entity.x = entity.x + 1
            elif action == 'left' and entity.x > 0:
                entity.x = entity.x - 1
    return state

def reward_func(state, action, next_state):
    for entity in next_state:
        for flag in next_state:
            if entity.name == 'Walker' and flag.name == 'Flag' and entity.x == flag.x:
                return 1.0, True
    return 0.0, False
"""
)


def program(last: int) -> Program:
    return Program.from_text(TEXT.replace("LAST", str(last)))


def state(walker: int, flag: int) -> State:
    return State([Entity("Walker", x=walker, y=0), Entity("Flag", x=flag, y=0)])


class Searches:
    """Counts searches, and those on native code."""

    def __init__(self) -> None:
        self.native: list[bool] = []

    def __call__(self, result: PlanResult, native: bool) -> None:
        self.native.append(native)


@pytest.fixture
def searches() -> Searches:
    return Searches()


@pytest.fixture
def planner(searches: Searches) -> Iterator[ModelPlanner]:
    found = ModelPlanner(PlanningConfig(trusted=True), ACTIONS, searches)
    yield found
    found.close()


def test_a_short_plan_is_found_on_the_interpreted_program(planner: ModelPlanner, searches: Searches) -> None:
    verdict = planner.find_plan(program(9), state(1, 4), "go")
    assert verdict.plan == ("right", "right", "right")
    assert searches.native == [False]


def test_the_same_question_is_searched_once(planner: ModelPlanner, searches: Searches) -> None:
    first = planner.find_plan(program(9), state(1, 4), "go")
    assert planner.find_plan(program(9), state(1, 4), "go") is first
    assert len(searches.native) == 1


def test_a_plan_of_an_earlier_program_that_still_works_spares_the_search(
    planner: ModelPlanner, searches: Searches
) -> None:
    first = planner.find_plan(program(9), state(1, 4), "go")
    assert planner.find_plan(program(8), state(1, 4), "go").plan == first.plan
    assert len(searches.native) == 1


def test_a_plan_of_an_earlier_program_that_fails_now_is_not_believed(planner: ModelPlanner) -> None:
    assert planner.find_plan(program(9), state(1, 4), "go").holds
    verdict = planner.find_plan(program(3), state(1, 4), "go")
    assert verdict.plan is None
    assert verdict.status is SearchStatus.EXHAUSTED


def test_what_a_small_budget_does_not_decide_is_searched_natively(searches: Searches) -> None:
    planner = ModelPlanner(PlanningConfig(trusted=True, interpreted_expanded=3), ACTIONS, searches)
    # The walker was seen in the middle only: it may get as far as anything was seen.
    planner.note_states([state(15, 0), state(15, 30)])
    verdict = planner.find_plan(program(30), state(15, 29), "go")
    planner.close()
    assert verdict.plan == ("right",) * 14
    assert searches.native == [False, True]


def test_a_program_that_leads_out_of_all_that_was_seen_is_not_compiled_for_ever_wider_ranges(
    searches: Searches,
) -> None:
    config = PlanningConfig(trusted=True, interpreted_expanded=3, straying_expanded=40)
    planner = ModelPlanner(config, ACTIONS, searches)
    assert planner.find_plan(program(1000), state(1, 6), "go").plan == ("right",) * 5
    assert planner.find_plan(program(1000), state(1, -5), "go").status is SearchStatus.BUDGET
    assert planner.find_plan(program(1000), state(2, 6), "go").plan == ("right",) * 4
    planner.close()
    # What strayed once is searched interpreted from then on.
    assert searches.native == [False, True, False, False]


def test_a_program_that_cannot_be_compiled_is_searched_all_the_same(
    searches: Searches, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **keywords: object) -> object:
        raise UnsupportedConstructError("not today")

    monkeypatch.setattr(planning, "compile_program", refuse)
    planner = ModelPlanner(PlanningConfig(trusted=True, interpreted_expanded=3), ACTIONS, searches)
    assert planner.find_plan(program(30), state(1, 29), "go").plan == ("right",) * 28
    assert not planner.find_plan(program(30), state(1, 31), "go").holds
    planner.close()
    assert True not in searches.native


def test_the_half_of_a_program_that_compiles_is_used(searches: Searches, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Part] = []

    def note(half: NativeHalf, running: RunningModel) -> MixedModel:
        asked.append(half.part)
        return MixedModel(half, running)

    monkeypatch.setattr(planning, "MixedModel", note)
    half = Program.from_text(program(30).text.replace("return 1.0, True", "return eval('1.0'), True"))
    planner = ModelPlanner(PlanningConfig(trusted=True, interpreted_expanded=3), ACTIONS, searches)
    assert planner.find_plan(half, state(1, 29), "go").plan == ("right",) * 28
    assert planner.find_plan(half, state(2, 29), "go").plan == ("right",) * 27
    planner.close()
    assert asked == [Part.TRANSITION]
    assert True not in searches.native


def test_ctrl_c_in_a_search_is_not_taken_for_an_answer(planner: ModelPlanner, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **keywords: object) -> PlanResult:
        status = SearchStatus.INTERRUPTED
        return PlanResult(plan=None, status=status, expanded=0, generated=0, seconds=0.0, bytes=0, planner="bfs")

    monkeypatch.setattr(planning, "plan", interrupted)
    with pytest.raises(KeyboardInterrupt):
        planner.find_plan(program(9), state(1, 4), "go")


def step(before: State, action: str, after: State) -> Transition:
    return Transition("w", "go", before, action, after, 0.0, False)


def test_exploring_goes_the_shortest_way_to_what_was_never_tried(planner: ModelPlanner) -> None:
    explorer = Explorer(ACTIONS, 100)
    # Walking with nothing ahead is known in both directions; walking onto the flag is not.
    explorer.update([step(state(1, 4), "right", state(2, 4)), step(state(2, 4), "left", state(1, 4))])
    model = planner.remembered(program(9))
    assert explorer.path_to_novelty(model, state(1, 4), "go") == ("right", "right", "right")
    assert explorer.path_to_novelty(None, state(1, 4), "go") is None
    assert explorer.path_to_novelty(None, state(3, 4), "go") == ("right",)


def test_before_anything_is_known_every_action_is_new() -> None:
    explorer = Explorer(ACTIONS, 100)
    assert explorer.path_to_novelty(None, state(1, 4), "go") == ("left",)
    explorer.update([step(state(1, 4), "left", state(0, 4))])
    assert explorer.path_to_novelty(None, state(1, 4), "go") == ("right",)


@pytest.mark.parametrize("name", ["interpreted_expanded", "max_expanded", "uncompiled_expanded", "explored"])
def test_negative_budgets_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        PlanningConfig(**{name: -1})


class Lamps:
    """A row in which "go" walks east while nothing is ahead, and nothing else is known to happen."""

    def __init__(self) -> None:
        self.asked: list[tuple[State, str]] = []

    def step(self, state: State, action: str, *, mission: str | None = None) -> StepOutcome:
        self.asked.append((state, action))
        (robot,) = state.of_type("Robot")
        ahead = any(entity["x"] == robot["x"] + 1 for entity in state)
        walks = action == "go" and not ahead
        moved = State([entity.replace(x=entity["x"] + 1) if entity == robot and walks else entity for entity in state])
        return StepOutcome(next_state=moved, reward=0.0, done=False)


def looking(x: int, **lamps: tuple[int, bool]) -> State:
    """Return a row with a robot that looks east, and lamps or stones by name: where, and whether they are lit."""
    things = [Entity(name.capitalize(), x=place, y=0, lit=lit) for name, (place, lit) in lamps.items()]
    return State([Entity("Robot", x=x, y=0, look=(1, 0)), *things])


def test_the_way_to_what_rules_disagree_about_may_be_longer_and_is_gone_when_all_else_is_dull() -> None:
    explorer = Explorer(("go", "press"), 100)
    off, on = looking(4, lamp=(5, False)), looking(4, lamp=(5, True))
    bumps = [step(off, "go", off), step(on, "go", on)]
    explorer.update([step(looking(1), "go", looking(2)), step(off, "press", on), *bumps])
    model = Lamps()
    lit, stone = looking(1, lamp=(5, True)), looking(1, stone=(5, True))
    for disputed in (False, True):
        found = explorer.path_to_novelty(RememberedModel(model), lit, "m", 1, disputed=disputed)
        assert found == ("go", "go", "go", "press")
        assert explorer.path_to_novelty(RememberedModel(model), lit, "m", 0, disputed=disputed) is None
    assert explorer.path_to_novelty(RememberedModel(model), stone, "m", 4) is not None
    assert explorer.path_to_novelty(RememberedModel(model), stone, "m", 4, disputed=True) is None


def test_a_step_is_made_once_and_the_steps_of_a_state_together() -> None:
    model = Lamps()
    remembered = RememberedModel(model)
    searched = StateByState(remembered, ("go", "press"))
    here = looking(1)
    assert searched.step(here, "press", mission="m").next_state == here
    assert model.asked == [(here, "go"), (here, "press")]
    there = searched.step(here, "go", mission="m").next_state
    assert there == looking(2)
    assert remembered.step_many([StepRequest(here, "go", "m"), StepRequest(here, "go", "m")])[1].next_state == there
    assert len(model.asked) == 2
    remembered.step(here, "go", mission="another")
    assert len(model.asked) == 3


@pytest.mark.parametrize("refuses", [True, False])
def test_a_transition_that_the_specialiser_refuses_is_not_translated_in_vain_for_every_mission(
    refuses: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    missions: list[str] = []

    def whole(
        program: Program, states: list[State], actions: tuple[str, ...], *, mission: str, **_: object
    ) -> BoxedModel:
        missions.append(mission)
        return compile_boxed(program, states, actions, mission)

    def alone(program: Program, states: list[State], actions: tuple[str, ...]) -> None:
        assert "REWARD_FUNCS" not in program.text, "the same text for all missions"
        if refuses:
            raise UnsupportedConstructError("not this one")

    monkeypatch.setattr(planning, "compile_program", whole)
    monkeypatch.setattr(planning, "specialise", alone)
    text = TEXT.replace("LAST", "9") + "\nREWARD_FUNCS = {'go': reward_func, 'run': reward_func}\n"
    planner = ModelPlanner(PlanningConfig(trusted=True, interpreted_expanded=0), ACTIONS)
    try:
        for mission in ("go", "run"):
            assert planner.find_plan(Program.from_text(text), state(1, 4), mission).plan == ("right",) * 3
    finally:
        planner.close()
    assert missions == (["go"] if refuses else ["go", "run"])


def test_specialised_code_for_exact_numbers_gives_way_where_steps_change_them(searches: Searches) -> None:
    text = TEXT.replace("LAST", "40").replace(
        "    return state\n", "    return [e for e in state if e.name != 'Weed' or action == 'left']\n"
    )
    text = text.replace("class Flag(Entity): pass", "class Flag(Entity): pass\nclass Weed(Entity): pass")
    weedy = State([*state(1, 9), Entity("Weed", x=2, y=0), Entity("Weed", x=3, y=0)])
    planner = ModelPlanner(PlanningConfig(trusted=True, interpreted_expanded=3, straying_expanded=4), ACTIONS, searches)
    try:
        assert planner.find_plan(Program.from_text(text), weedy, "go").plan == ("right",) * 8
    finally:
        planner.close()
    assert searches.native[0] is False
    assert all(searches.native[1:])
