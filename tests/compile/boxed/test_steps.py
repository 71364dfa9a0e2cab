"""Steps of the boxed tier: the module's state, rewards and missions, failures and limits, threads, searches."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from beside_reference import Beside
from worlds import ACTIONS, program_text

from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.compile.boxed.problem import BoxedProblem
from wc_engine.compile.compiled import StepStatus
from wc_engine.errors import EncodingError, UnsupportedConstructError
from wc_engine.models.batch import BatchStepper
from wc_engine.models.interpreted import ReferenceInterpreter
from wc_engine.models.program import Program
from wc_engine.planners import plan
from wc_engine.planners.interpreted import InterpretedProblem
from wc_engine.state import Entity, State

SMALL = State([Entity("Player", x=1, y=1), Entity("Box", x=2, y=1), Entity("Target", x=3, y=1)])
WORLD = State(
    [Entity("Player", x=1, y=1), Entity("Box", x=2, y=2), Entity("Target", x=3, y=2)]
    + [Entity("Wall", x=x, y=y) for x in range(6) for y in range(5) if x in (0, 5) or y in (0, 4)]
)
PUSH = program_text(
    """
    dx, dy = DIRECTIONS[action]
    player = get_entities_by_name(state, 'Player')[0]
    x, y = player.x + dx, player.y + dy
    for thing in get_entities_by_position(state, x, y):
        if thing.name == 'Wall': return state
        if thing.name == 'Box':
            if any(e.name in ('Wall', 'Box') for e in get_entities_by_position(state, x + dx, y + dy)): return state
            thing.x, thing.y = x + dx, y + dy
    player.x, player.y = x, y
    return state
    """,
    """
    boxes = {(e.x, e.y) for e in next_state if e.name == 'Box'}
    done = boxes == {(e.x, e.y) for e in next_state if e.name == 'Target'}
    return (10.0 if done else -0.1), done
    """,
)

# ---- the module is as it was after loading ----

MODULES = {
    "a counter": ("global COUNT; COUNT += 1\nreturn [Wall(COUNT, 0)]", "return COUNT, False", "COUNT = 0"),
    "a list": (
        "SEEN.append(action)\nreturn [Wall(len(SEEN), 0)]",
        "SEEN.append(1); return len(SEEN), False",
        "SEEN = []",
    ),
    "a dict and a set": (
        "TABLE['a'] = TABLE.get('a', 0) + 1; KNOWN.add(TABLE['a'])\nreturn [Wall(TABLE['a'], len(KNOWN))]",
        "return len(TABLE), KNOWN",
        "TABLE = {'b': 1}\nKNOWN = set()",
    ),
    "a default": (
        "return helper(state)",
        "return 0, 0",
        "def helper(s, seen=[]):\n    seen.append(1)\n    return [Wall(len(seen), 0)]",
    ),
    "an attribute of a function": (
        "transition.calls = getattr(transition, 'calls', 0) + 1\nreturn [Wall(transition.calls, 0)]",
        "return getattr(transition, 'calls', 0), False",
        "",
    ),
    "a class": (
        "Box.total = getattr(Box, 'total', 0) + 1\nreturn [Wall(Box.total, 0)]",
        "return hasattr(Box, 'total'), 0",
        "",
    ),
    "an object": (
        "HERE.x += 1; HERE.tag = 'new'\nreturn [HERE]",
        "return HERE.x, hasattr(HERE, 'tag')",
        "HERE = Wall(0, 0, items=())",
    ),
    "a closure": (
        "return [Wall(count(), count())]",
        "return count(), False",
        "def counter():\n    n = 0\n    def step():\n        nonlocal n\n        n += 1\n"
        "        return n\n    return step\ncount = counter()",
    ),
    "a generator": (
        "return [Wall(next(NUMBERS), 0)]",
        "return next(NUMBERS), 0",
        "import itertools\nNUMBERS = itertools.count()",
    ),
    "a memo": (
        "return [Wall(fib(15), fib.cache_info().hits)]",
        "return fib.cache_info().currsize, False",
        "import functools\n@functools.lru_cache(None)\ndef fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)",
    ),
    "a state that is kept": (
        "KEPT.append(state)\nreturn [e for s in KEPT for e in s]",
        "return len(KEPT), False",
        "KEPT = []",
    ),
    "a function replaced": (
        "global helper\nhelper = lambda: 2\nreturn [Wall(helper(), 0)]",
        "return helper(), False",
        "def helper(): return 1",
    ),
    "a method replaced": (
        "Entity.__eq__ = lambda self, other: True\nreturn [Wall(int(Box(1, 2) == 3), 0)]",
        "return Box(1, 2) == 3, False",
        "",
    ),
    "a class of entities replaced": (
        "global Box\nBox = Wall\nreturn [Box(1, 1), *state]",
        "return [e.name for e in state] == ['Box'], False",
        "",
    ),
}


@pytest.mark.parametrize("name", MODULES)
def test_each_call_finds_the_module_as_it_was_after_loading(name: str) -> None:
    transition, reward, before = MODULES[name]
    beside = Beside(program_text(transition, reward, before), [SMALL])
    for _ in range(2):
        beside.steps(SMALL, WORLD)


# ---- rewards ----

REWARDS = (
    "1, True",
    "1.5, 0",
    "True, []",
    "[2, 'x']",
    "'3.5', None",
    "' 7 ', 1",
    "'x', 1",
    "None, True",
    "1, 2, 3",
    "(1,)",
    "5",
    "None",
    "'ab'",
    "'12'",
    "{3: 1, 4: 2}",
    "float('nan'), 1",
    "float('inf'), 1",
    "-0.0, ''",
    "1j, 0",
    "(i for i in (1, 0))",
    "Truth(), 1",
    "1, Truth()",
    "1, Box(1, 2)",
    "1, Broken()",
    "Number(), 1",
    "2 ** 60, 1",
    "[], 1",
    "1 / 0, 1",
    "state, 1",
    "len(state) - len(next_state), state == next_state",
    "action, 1",
    "sum(e.x for e in next_state), state is next_state",
)
CLASSES = """
class Truth:
    def __bool__(self): return False
    def __float__(self): return 2.5
class Broken:
    def __bool__(self): return 3
class Number:
    def __index__(self): return 4
"""


def test_rewards_are_read_as_numbers_and_truths() -> None:
    body = "\n".join(f"if action == {what!r}: return {what}" for what in REWARDS)
    beside = Beside(program_text("for e in state: e.x += 1\nreturn state", body, CLASSES), [SMALL], REWARDS)
    assert {outcome.failed for outcome in beside.steps(SMALL)} == {True, False}


def test_the_reward_function_does_not_see_what_transition_did_to_its_argument() -> None:
    text = program_text("for e in state: e.x = 9\nreturn []", "return sum(e.x for e in state), not next_state")
    assert Beside(text, [SMALL]).step(SMALL).reward == 6.0


MISSIONS = """
def first(state, action, next_state): return 1, False
def second(state, action, next_state): return 2, True
class Table:
    def __contains__(self, mission): return mission == 'dynamic'
    def __getitem__(self, mission): return second
REWARD_FUNCS = {funcs}
"""


@pytest.mark.parametrize(
    "funcs",
    [
        "{'go': first, 'stay': second}",
        "{}",
        "None",
        "Table()",
        "{'go': 5}",
        "['go']",
        "{1: first, 'go': second}",
        "__import__('collections').defaultdict(lambda: first)",
        "{f'g{\"o\"}': second}",
    ],
)
@pytest.mark.parametrize("mission", [None, "go", "stay", "dynamic"])
def test_a_mission_has_its_reward_function(funcs: str, mission: str | None) -> None:
    if "__import__" in funcs:
        funcs = "collections.defaultdict(lambda: first)"
    text = program_text(before="import collections\n" + MISSIONS.format(funcs=funcs))
    Beside(text, [SMALL], mission=mission).steps(SMALL)


def test_a_program_without_the_reward_function_fails() -> None:
    text = program_text(before="REWARD_FUNCS = {'go': lambda s, a, n: (1, 1)}") + "\ndel reward_func\n"
    for mission in (None, "go", "stay"):
        Beside(text, [SMALL], mission=mission).steps(SMALL)


# ---- failures and limits ----

FAILURES = (
    "raise ValueError",
    "return state.nothing",
    "exit()",
    "raise SystemExit",
    "raise KeyboardInterrupt",
    "return f(0)",
    "assert False",
    "return undefined",
    "raise GeneratorExit",
    "next(iter(()))",
    "del state\nreturn state",
)


@pytest.mark.parametrize("body", [body for body in FAILURES if "exit()" not in body])
def test_what_raises_fails(body: str) -> None:
    beside = Beside(program_text(body, before="def f(n): return f(n + 1)"), [SMALL])
    assert all(outcome.failed for outcome in beside.steps(SMALL))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("while True: pass", StepStatus.OUT_OF_FUEL),
        ("while True:\n    try: missing\n    except BaseException: pass", StepStatus.OUT_OF_SCRATCH),
        ("for i in range(10 ** 12): pass", StepStatus.OUT_OF_FUEL),
        ("sum(1 for _ in iter(int, 1))", StepStatus.OUT_OF_FUEL),
        ("rows = []\nwhile True: rows.append([0] * 10000)", StepStatus.OUT_OF_SCRATCH),
        ("return [0] * 10 ** 12", StepStatus.OUT_OF_SCRATCH),
        ("return 'x' * 10 ** 11", StepStatus.OUT_OF_SCRATCH),
        ("n = 1\nwhile True: n *= 3", StepStatus.OUT_OF_RANGE),
    ],
)
def test_a_limit_ends_a_step_and_leaves_nothing_behind(body: str, status: int) -> None:
    text = program_text(f"if action == 'move up':\n    {body.replace(chr(10), chr(10) + '    ')}\nreturn state")
    problem = compile_boxed(text, [SMALL], ACTIONS).bind(SMALL)
    for _ in range(2):
        assert problem.step_words(problem.initial_words, 0)[0] == status
        found, words, _, _ = problem.step_words(problem.initial_words, 1)
        assert found == StepStatus.OK
        assert problem.decode(words) == SMALL


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("BIG = 10 ** 10 ** 9", "an int that is too large"),
        ("while True: pass", "runs for too long"),
        ("ROWS = [0] * 10 ** 12", "too much memory"),
    ],
)
def test_a_program_that_does_not_load_is_refused_with_the_reason(statement: str, reason: str) -> None:
    with pytest.raises(UnsupportedConstructError, match=f"does not load natively: .*{reason}"):
        compile_boxed(program_text(before=statement), [SMALL], ACTIONS)


# ---- room ----


def test_more_new_entities_than_there_is_room_for_are_resolved_with_more_room() -> None:
    text = program_text("return [Wall(x, 7) for x in range(100)] * 2")
    problem = compile_boxed(text, [SMALL], ACTIONS).bind(SMALL)
    assert problem.step_words(problem.initial_words, 0)[0] == StepStatus.OUT_OF_RANGE
    wider = problem.resolve(problem.initial_words, 0, StepStatus.OUT_OF_RANGE)
    assert isinstance(wider, BoxedProblem)
    status, words, _, _ = wider.step_words(wider.initial_words, 0)
    assert status == StepStatus.OK
    assert wider.decode(words) == State([Entity("Wall", x=x, y=7) for x in range(100)] * 2)
    assert problem.resolve(problem.initial_words, 0, StepStatus.OUT_OF_FUEL) is None


def test_attributes_that_it_was_not_compiled_for_need_a_wider_model() -> None:
    model = compile_boxed(program_text(), [SMALL], ACTIONS)
    strange = State([Entity("Box", x=1, y=1, some_thing=(Entity("Box", other_thing=1),))])
    assert not model.has_place_for(strange)
    with pytest.raises(EncodingError, match="which the program was not compiled for"):
        model.bind(strange)
    wider = model.widened([strange])
    problem = wider.bind(strange)
    assert problem.decode(problem.step_words(problem.initial_words, 0)[1]) == strange
    assert model.widened([SMALL]) is model


def test_a_type_that_turns_up_later_gets_a_class() -> None:
    beside = Beside(program_text("return [type(f'Kind{len(state)}', (Box,), {})(1, 2), *state]"), [SMALL])
    state = SMALL
    for _ in range(4):
        outcome = beside.step(state)
        assert outcome.next_state is not None
        state = outcome.next_state


# ---- threads ----


def test_threads_step_one_problem_at_once() -> None:
    problem = compile_boxed(PUSH, [WORLD], ACTIONS).bind(WORLD)
    stepper = BatchStepper([problem], threads=4)
    rows = np.tile(problem.initial_words, (512, 1))
    actions = np.arange(512, dtype=np.int32) % 4
    for _ in range(6):
        following = stepper.step(rows, actions)
        one_by_one = [problem.step_words(row, int(action)) for row, action in zip(rows[:8], actions[:8], strict=True)]
        assert [words.tolist() for _, words, _, _ in one_by_one] == following.next[:8].tolist()
        assert (following.statuses == StepStatus.OK).all()
        rows, actions = following.next, np.roll(actions, 1)


def test_threads_that_end_leave_no_context_in_use() -> None:
    problem = compile_boxed(PUSH, [WORLD], ACTIONS).bind(WORLD)
    found: list[list[int]] = []

    def run() -> None:
        found.append(problem.step_words(problem.initial_words, 1)[1].tolist())

    for _ in range(8):
        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 32
    assert all(words == found[0] for words in found)


def test_many_programs_are_made_and_forgotten() -> None:
    for number in range(12):
        problem = compile_boxed(program_text(f"return [Wall({number}, 1)]"), [SMALL], ACTIONS).bind(SMALL)
        words = problem.step_words(problem.initial_words, 0)[1]
        assert problem.decode(words) == State([Entity("Wall", x=number, y=1)])


# ---- searches ----


def test_a_search_finds_what_it_finds_in_the_interpreted_program() -> None:
    problem = compile_boxed(PUSH, [WORLD], ACTIONS).bind(WORLD)
    native = plan(problem, planner="bfs")
    interpreted = plan(InterpretedProblem(ReferenceInterpreter(Program.from_text(PUSH)), WORLD, ACTIONS), planner="bfs")
    assert native.plan == interpreted.plan
    assert native.plan is not None
    assert (native.expanded, native.generated) == (interpreted.expanded, interpreted.generated)


def test_a_search_goes_on_with_more_room_where_it_needs_it() -> None:
    text = program_text(
        "return [*state, *(Wall(len(state) + i, 9) for i in range(5))]", "return len(next_state), len(next_state) > 40"
    )
    problem = compile_boxed(text, [SMALL], ("go",)).bind(SMALL)
    found = plan(problem, planner="bfs")
    assert found.plan == ("go",) * 8
