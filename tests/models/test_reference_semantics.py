from __future__ import annotations

import math

import pytest
from program_texts import NO_REWARD, PRELUDE, STAY, program_of

from wc_engine.errors import InvalidModelError
from wc_engine.models.base import StepOutcome, WorldModel
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.state.entities import Entity, State

AGENT = Entity("Agent", x=1, y=2)
STATE = State([AGENT, Entity("Door", x=3, y=2, color="red", state="closed"), Entity("Key", x=1, y=1, color="red")])


def after(transition: str, state: State = STATE, action: str = "go", prelude: str = PRELUDE) -> StepOutcome:
    """Return the outcome of one step; ``transition`` is the body of the function."""
    body = "\n    ".join(transition.strip().splitlines())
    return ReferenceInterpreter(program_of(f"def transition(state, action):\n    {body}", NO_REWARD, prelude)).step(
        state, action
    )


def only_value(expression: str, state: State = STATE) -> object:
    """Return a value that a program computes from ``state``."""
    outcome = after(f"return [Agent(0, 0, value={expression})]", state)
    assert outcome.next_state is not None, outcome.transition_error
    return outcome.next_state.entities[0]["value"]


def test_an_interpreter_is_a_world_model() -> None:
    assert isinstance(ReferenceInterpreter(program_of()), WorldModel)


# ---- sets have an order


@pytest.mark.parametrize(
    "expression",
    [
        "''.join({'z', 'y', 'x', 'w', 'v'})",
        "''.join({letter for letter in 'zyxwv'})",
        "''.join({*'zy', 'x', *{'w', 'v'}})",
        "''.join({'z', *'yx', 'w', *('v',)})",
        "''.join(set('zyxwv'))",
        "''.join(frozenset('zyxwv'))",
        "''.join(set('zyx') | {'w', 'v'})",
    ],
)
def test_a_set_inside_a_program_iterates_in_insertion_order(expression: str) -> None:
    assert only_value(expression) == "zyxwv"


def test_the_state_iterates_in_canonical_order() -> None:
    shuffled = State(reversed(STATE.entities))
    assert only_value("[e.name for e in state]", shuffled) == ("Agent", "Door", "Key")


@pytest.mark.parametrize(
    "expression", ["isinstance(state, set)", "type(state) is set", "type({1}) is set", "type({i for i in ()}) is set"]
)
def test_the_state_and_displays_are_what_a_program_calls_set(expression: str) -> None:
    assert only_value(expression) is True


def test_a_program_that_rebinds_the_name_set_keeps_its_own_meaning() -> None:
    assert after("return set('ab')", prelude="set = lambda text: []").next_state == State()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("list({1: 2, 3: 4}.keys() | {5})", (1, 3, 5)),
        ("list({1: 2, 3: 4}.keys() - {3})", (1,)),
        ("list({1: 2, 3: 4}.keys() & {3, 9, 1})", (1, 3)),
        ("list({1: 2, 3: 4}.keys() ^ {3, 9})", (1, 9)),
        ("list({1: 2, 3: 4}.items() - {(1, 2)})", ((3, 4),)),
        ("list({1: 2, 3: 4}.keys() & [3])", (3,)),
    ],
)
def test_the_view_of_a_dict_on_the_left_of_a_set_sees_its_elements(expression: str, expected: object) -> None:
    assert only_value(expression) == expected


def test_elements_of_a_comprehension_are_hashed_one_by_one() -> None:
    assert only_value("len({(entity, setattr(entity, 'x', 10 + i))[0] for i in range(3) for entity in state})") == 9


def test_a_stop_iteration_leaves_a_set_comprehension_as_it_is() -> None:
    outcome = after("values = iter(())\nreturn {next(values) for _ in range(2)}")
    assert outcome.transition_error == "StopIteration (line 18)"


def test_a_generator_that_raises_stop_iteration_inside_a_comprehension_stays_a_runtime_error() -> None:
    outcome = after("def bad():\n    yield next(iter(()))\nreturn {x for _ in range(2) for x in bad()}")
    assert outcome.transition_error is not None
    assert outcome.transition_error.startswith("RuntimeError: generator raised StopIteration")


def test_errors_name_the_line_of_the_program() -> None:
    program = Program.from_text("def transition(state, action):\n    {1, *{2}}\n    return state.nothing\n" + NO_REWARD)
    outcome = ReferenceInterpreter(program).step(STATE, "go")
    assert outcome.transition_error is not None
    assert outcome.transition_error.endswith("has no attribute 'nothing' (line 3)")


# ---- what a program sees


def test_an_entity_with_a_position_is_made_from_it_and_the_rest() -> None:
    prelude = "class Agent:\n    def __init__(self, *place, **rest): self.made = repr((place, rest))"
    agent = Entity("Agent", x=1, y=2, color="red", direction=(0, 1))
    made = after("return state", State([agent]), prelude=prelude).next_state
    assert made == State([Entity("Agent", made="((1, 2), {'color': 'red', 'direction': (0, 1)})")])


def test_an_entity_without_a_position_is_made_from_its_attributes_alone() -> None:
    prelude = "class Apple:\n    def __init__(self, *place, **rest): self.made = repr((place, rest))"
    made = after("return state", State([Entity("Apple", loc="desk", name="apple 1", x=1)]), prelude=prelude).next_state
    assert made == State([Entity("Apple", made="((), {'loc': 'desk', 'name': 'apple 1', 'x': 1})")])


@pytest.mark.parametrize(("position", "expected"), [({"x": 1, "y": 2}, (None, None)), ({"loc": "desk"}, ())])
def test_a_carried_entity_has_a_place_where_its_carrier_has_one(position: dict[str, object], expected: object) -> None:
    prelude = """
class Agent:
    def __init__(self, *place, **attributes): self.held = attributes['carrying'][0].place
class Key:
    def __init__(self, *place, **attributes): self.place = place
"""
    held = Entity("Agent", position, carrying=(Entity("Key", color="red"),))
    assert after("return state", State([held]), prelude=prelude).next_state == State([Entity("Agent", held=expected)])


def test_a_type_without_a_class_becomes_a_subclass_of_the_programs_entity() -> None:
    lava = State([Entity("Lava", x=1, y=1)])
    outcome = after("assert all(isinstance(e, Entity) for e in state)\nreturn state", lava)
    assert outcome.next_state == lava
    assert after("return [Lava(1, 1)]", lava).transition_error == "NameError: name 'Lava' is not defined (line 17)"


def test_a_program_without_entity_gets_classes_that_compare_by_attributes() -> None:
    twins = State([Entity("Lava", x=1, y=1), Entity("Lava", x=1, y=1), Entity("Apple", loc="desk")])
    outcome = after(
        "assert len(state) == 2\nreturn [*state, [e for e in state if e.name == 'Lava'][0]]", twins, prelude=""
    )
    assert outcome.next_state == twins


def test_equal_duplicates_collapse_when_a_program_gets_them() -> None:
    assert only_value("len(state)", State([AGENT, AGENT])) == 1


def test_an_entity_that_changed_inside_a_set_is_no_longer_found_there() -> None:
    outcome = after("""
door = [e for e in state if e.name == 'Door'][0]
door.state = 'open'
state.discard(door)
state.add(door)
return state
""")
    opened = STATE.of_type("Door")[0].replace(state="open")
    assert outcome.next_state == State([AGENT, opened, opened, *STATE.of_type("Key")])
    outcome = after("door = [e for e in state if e.name == 'Door'][0]\ndoor.x = 0\nstate.remove(door)")
    assert outcome.transition_error is not None
    assert outcome.transition_error.startswith("KeyError")


# ---- what comes back


def test_any_iterable_of_entities_is_a_state() -> None:
    for returned in ("list(state)", "(e for e in state)", "dict.fromkeys(state)", "frozenset(state)", "state"):
        assert after(f"return {returned}").next_state == STATE


def test_lists_become_tuples_and_carried_entities_lose_their_place() -> None:
    outcome = after("""
agent, door, key = state
agent.direction = [0, -1]
agent.carrying = key
return [agent]
""")
    held = Entity("Key", color="red")
    assert outcome.next_state == State([AGENT.replace(direction=(0, -1), carrying=held)])


def test_values_of_different_kinds_stay_different() -> None:
    for _ in range(2):  # a second time from the entities that are remembered
        for value in ("True", "1", "1.0", "None", "'1'", "-0.0", "2 ** 100"):
            kept = only_value(value)
            assert repr(kept) == repr(eval(value))
    assert math.isnan(float(only_value("float('nan')")))  # type: ignore[arg-type]


def test_members_of_enumerations_come_back_as_their_values() -> None:
    outcome = after(
        "return [Agent(Way.UP, 0, color=Color.RED)]",
        prelude=PRELUDE
        + "import enum\nclass Way(enum.IntEnum):\n    UP = 3\nclass Color(str, enum.Enum):\n    RED = 'red'",
    )
    assert outcome.next_state == State([Entity("Agent", x=3, y=0, color="red")])


def test_slots_and_dataclass_fields_are_attributes() -> None:
    prelude = """
from dataclasses import dataclass, field
class Box:
    __slots__ = ('x', 'y', '__secret', 'unset')
    def __init__(self, x, y): self.x, self.y, self.__secret = x, y, 7
@dataclass(frozen=True)
class Ball:
    x: int
    y: int
    color: str = 'red'
    weight: int = field(default=2, init=False)
"""
    outcome = after("return [Box(1, 2), Ball(3, 4)]", State(), prelude=prelude)
    box = Entity("Box", {"x": 1, "y": 2, "_Box__secret": 7})
    assert outcome.next_state == State([box, Entity("Ball", x=3, y=4, color="red", weight=2)])


def test_the_attribute_name_is_kept_only_where_it_differs_from_the_type() -> None:
    assert after("agent, *_ = state\nagent.name = 'Bob'\nreturn [agent]").next_state == State(
        [AGENT.replace(name="Bob")]
    )
    assert after("agent, *_ = state\nreturn [agent]").next_state == State([AGENT])


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        ("None", "transition returned None, not a state"),
        ("7", "transition returned an int, not a state"),
        ("''", "transition returned a str, not a state"),
        ("[None]", "a state holds None, which is no entity"),
        ("[*state, 'wall']", "a state holds a str, which is no entity"),
        ("[(1, 2)]", "a state holds a tuple, which is no entity"),
        ("[len]", "a state holds a builtin_function_or_method, which is no entity"),
        ("[Agent]", "a state holds a type, which is no entity"),
        ("[type('Pair', (tuple,), {})()]", "a state holds a Pair, which is no entity"),
        ("[Agent(1, len)]", "Agent.y is a builtin_function_or_method, which a state cannot hold"),
        ("[Agent(1, {})]", "Agent.y is a dict, which a state cannot hold"),
        ("[Agent(1, [{1}])]", "Agent.y is a set, which a state cannot hold"),
        ("[Agent(1, Agent(1, object()))]", "Agent.y Agent.y is an object, which a state cannot hold"),
    ],
)
def test_anything_else_is_a_failed_step_with_a_reason(returned: str, reason: str) -> None:
    outcome = after(f"return {returned}")
    assert outcome.failed
    assert outcome.next_state is None
    assert outcome.transition_error == f"invalid outcome: {reason}"


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return transition(state, action)", "RecursionError"),
        ("raise MemoryError", "MemoryError"),
        ("agent, *_ = state\nagent.carrying = agent\nreturn state", "RecursionError"),
        ("class Odd(Exception):\n    def __str__(self): return 1 / 0\nraise Odd", "Odd"),
        ("exit()", "SystemExit"),
        ("input()", "EOFError"),
        ("import sys\nsys.stdout.close()\nprint(1)\nraise KeyError", "KeyError"),
    ],
)
def test_whatever_a_program_raises_is_a_failed_step(statement: str, error: str) -> None:
    outcome = after(statement)
    assert outcome.transition_error is not None
    assert outcome.transition_error.startswith(error)
    assert outcome.reward_error is None  # not reached


def test_what_a_program_prints_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    outcome = after("import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.stdout.write('more')\nreturn state")
    assert outcome.next_state == STATE
    assert capfd.readouterr() == ("", "")


# ---- rewards


def rewarded(body: str, **arguments: object) -> StepOutcome:
    program = program_of(STAY, f"def reward_func(state, action, next_state):\n    {body}")
    return ReferenceInterpreter(program).step(STATE, "go", **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("returned", "reward", "done"),
    [("1, 0", 1.0, False), ("True, 'yes'", 1.0, True), ("[-0.5, None]", -0.5, False), ("10 ** 3, []", 1000.0, False)],
)
def test_rewards_are_floats_and_done_any_truth_value(returned: str, reward: float, done: bool) -> None:
    outcome = rewarded(f"return {returned}")
    assert (outcome.reward, outcome.done, outcome.failed) == (reward, done, False)
    assert type(outcome.reward) is float


@pytest.mark.parametrize("returned", ["1", "None", "(1, 2, 3)", "('one', True)", "(10 ** 400, True)"])
def test_a_failing_reward_does_not_hide_a_right_next_state(returned: str) -> None:
    outcome = rewarded(f"return {returned}")
    assert outcome.next_state == STATE
    assert (outcome.reward, outcome.done) == (None, None)
    assert outcome.reward_error is not None
    assert outcome.reward_error.startswith("invalid outcome: the reward function returned no (reward, done)")


def test_the_reward_function_gets_the_recorded_next_state_where_there_is_one() -> None:
    assert rewarded("return len(next_state), False", next_state=State([AGENT])).reward == 1.0
    assert rewarded("return len(next_state), False").reward == 3.0


def test_the_reward_is_given_for_a_recorded_next_state_even_where_transition_fails() -> None:
    program = program_of("def transition(state, action): 1 / 0", "def reward_func(s, a, n): return len(n), True")
    outcome = ReferenceInterpreter(program).step(STATE, "go", next_state=STATE)
    assert (outcome.next_state, outcome.reward, outcome.done) == (None, 3.0, True)


def test_the_reward_function_gets_fresh_copies() -> None:
    program = program_of(
        "def transition(state, action):\n    state.clear()\n    return [Agent(0, 0)]",
        "def reward_func(s, a, n):\n    assert not {*map(id, s)} & {*map(id, n)}\n    return len(s) + 10 * len(n), 0",
    )
    assert ReferenceInterpreter(program).step(STATE, "go").reward == 13.0


MISSIONS = """
def first(state, action, next_state): return 1, False
REWARD_FUNCS = {'open the door': first, 'wait': lambda s, a, n: (2, True)}
"""


@pytest.mark.parametrize(("mission", "reward"), [("open the door", 1.0), ("wait", 2.0), ("other", 0.0), (None, 0.0)])
def test_a_mission_has_its_own_reward_function_or_the_common_one(mission: str | None, reward: float) -> None:
    assert (
        ReferenceInterpreter(program_of(STAY, MISSIONS + NO_REWARD)).step(STATE, "go", mission=mission).reward == reward
    )


def test_a_mission_without_any_reward_function_is_a_failing_reward() -> None:
    outcome = ReferenceInterpreter(program_of(STAY, MISSIONS)).step(STATE, "go", mission="other")
    assert outcome.reward_error == "invalid outcome: the program has no reward function for mission 'other'"


# ---- loading and measuring


def test_a_program_that_fails_while_it_is_loaded_is_refused_with_its_line() -> None:
    with pytest.raises(InvalidModelError) as caught:
        ReferenceInterpreter(Program.from_text("x = 1\ny = nothing" + STAY + NO_REWARD, "model.py"))
    assert str(caught.value).startswith("model.py:2\n    y = nothing\n")
    assert "NameError: name 'nothing' is not defined" in str(caught.value)


def test_time_in_the_program_is_a_part_of_the_whole_call() -> None:
    busy = "def transition(state, action):\n    sum(range(10 ** 5))\n    return state"
    timed = ReferenceInterpreter(program_of(busy)).timed_step(STATE, "go")
    assert 0 < timed.seconds_in_program < timed.seconds
