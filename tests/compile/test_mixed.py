"""Programs of which one function alone compiles: that one is native, and the model means the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wc_engine.compile import compile_program
from wc_engine.compile.halves import Part, half_of
from wc_engine.compile.mixed import MixedModel, NativeHalf, compile_half
from wc_engine.errors import UnsupportedConstructError
from wc_engine.models.open import open_model
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel
from wc_engine.planners import InterpretedProblem, plan
from wc_engine.planners.result import SearchStatus
from wc_engine.state import Entity, State

ACTIONS = ("left", "right")
TEXT = """
class Entity:
    def __init__(self, x, y, **attributes):
        self.name = type(self).__name__
        self.x, self.y = x, y
        for key, value in attributes.items():
            setattr(self, key, value)

class Walker(Entity): pass
class Flag(Entity): pass

STEP = {'right': 1, 'left': -1}

def clipped(x):
    return max(0, min(9, x))

def moved(x, action):
    if x == 7:
        raise ValueError(f'{action} of seven')
    return MOVED

def transition(state, action):
    for entity in state:
        if entity.name == 'Walker':
            entity.x = moved(entity.x, action)
    return state

def there(state):
    return THERE

def reward_func(state, action, next_state):
    done = any(there([a, b]) for a in next_state if a.name == 'Walker' for b in next_state if b.name == 'Flag')
    if clipped(8) == 8 and any(entity.x == 5 for entity in next_state):
        raise KeyError(action)
    return (1.0 if done else -0.1), done
"""
NATIVE_MOVED, EVAL_MOVED = "clipped(x + STEP[action])", "eval('clipped(x + STEP[action])')"
NATIVE_THERE, EVAL_THERE = "state[0].x == state[1].x", "eval('state[0].x == state[1].x')"


def program(moved: str = NATIVE_MOVED, there: str = NATIVE_THERE, more: str = "") -> Program:
    return Program.from_text(TEXT.replace("MOVED", moved).replace("THERE", there) + more)


def state(walker: int, flag: int = 4) -> State:
    return State([Entity("Walker", x=walker, y=0), Entity("Flag", x=flag, y=0)])


STATES = [state(x, flag) for x in range(10) for flag in (2, 4)]
EVAL_REWARD, EVAL_TRANSITION = program(there=EVAL_THERE), program(moved=EVAL_MOVED)


def compiled_half(text: Program, mission: str | None = None) -> NativeHalf:
    with pytest.raises(UnsupportedConstructError):
        compile_program(text, STATES[:2], ACTIONS, mission)
    half = compile_half(text, STATES[:2], ACTIONS, mission)
    assert half is not None
    return half


@pytest.fixture(params=[True, False], ids=["trusted", "sandboxed"])
def trusted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(params=[EVAL_REWARD, EVAL_TRANSITION], ids=["eval in reward_func", "eval in transition"])
def reference(request: pytest.FixtureRequest, trusted: bool) -> Iterator[RunningModel]:
    running = open_model(request.param, trusted=trusted)
    yield running
    running.close()


def test_the_half_without_eval_is_native() -> None:
    half = compiled_half(EVAL_REWARD)
    assert (half.part, half.stubs) == (Part.TRANSITION, {"there", "reward_func"})
    half = compiled_half(EVAL_TRANSITION)
    assert (half.part, half.stubs) == (Part.REWARD, {"moved", "transition"})


def test_a_mixed_model_gives_what_the_reference_gives_failures_included(reference: RunningModel) -> None:
    model = MixedModel(compiled_half(reference.program), reference)  # type: ignore[attr-defined]
    for before in STATES:
        for action in (*ACTIONS, "jump"):
            assert model.step(before, action) == reference.step(before, action)


class OnlyHalf:
    """A reference of which one function must not be called."""

    def __init__(self, running: RunningModel, refused: str) -> None:
        self._running = running
        self._refused = refused

    def __getattr__(self, name: str) -> object:
        assert name not in ("step", "step_many", self._refused), f"{name} is to be native"
        return getattr(self._running, name)


@pytest.mark.parametrize(("text", "refused"), [(EVAL_REWARD, "predict"), (EVAL_TRANSITION, "score")])
def test_a_planner_solves_with_a_mixed_model_whose_native_half_is_native(text: Program, refused: str) -> None:
    with open_model(text, trusted=True) as running:  # type: ignore[attr-defined]
        model = MixedModel(compiled_half(text), OnlyHalf(running, refused))  # type: ignore[arg-type]
        result = plan(InterpretedProblem(model, state(1), ACTIONS), "bfs")
    assert result.status is SearchStatus.SOLVED
    assert result.plan == ("right",) * 3


def test_a_program_with_nothing_or_everything_to_refuse_has_no_half() -> None:
    assert compile_half(program(EVAL_MOVED, EVAL_THERE), STATES, ACTIONS) is None
    # What module-level code does stays in both halves.
    assert compile_half(program(more="\nSCORE = eval('1')\n"), STATES, ACTIONS) is None


def test_modules_that_only_the_other_half_uses_are_no_obstacle() -> None:
    text = "import numpy as np\n" + program(there="np.abs(state[0].x - state[1].x) == 0").text
    half = compiled_half(Program.from_text(text))
    assert half.part is Part.TRANSITION
    # Here transition might use it as well.
    assert half_of(Program.from_text(text + "\nTABLE = [np.abs]\n"), Part.TRANSITION) is not None
    assert compile_half(Program.from_text(text + "\nTABLE = [np.abs]\n"), STATES, ACTIONS) is None


def test_the_reward_function_of_another_mission_is_interpreted() -> None:
    by_mission = "\nREWARD_FUNCS = {'go': reward_func, 'stay': lambda state, action, next_state: (5.0, True)}\n"
    for text in (program(moved=EVAL_MOVED, more=by_mission), program(there=EVAL_THERE, more=by_mission)):
        with open_model(text, trusted=True) as running:  # type: ignore[attr-defined]
            model = MixedModel(compiled_half(text, "go"), running)
            for mission in ("go", "stay", "unknown", None):
                for before in STATES[:6]:
                    expected = running.step(before, "right", mission=mission)
                    assert model.step(before, "right", mission=mission) == expected


@pytest.mark.parametrize(
    "more",
    [
        "\ndef helper():\n    return reward_func\n\nTABLE = [helper]\n",
        "\nclass Other(Entity):\n    def score(self):\n        return reward_func\n",
        "\nNAMES = sorted(vars())\n",
        "\nOTHER = 'reward_func'\nUSED = [OTHER]\n",
    ],
)
def test_what_the_kept_half_might_reach_is_kept(more: str) -> None:
    half = half_of(program(there=EVAL_THERE, more=more), Part.TRANSITION)
    assert half is None or not half[1] & {"reward_func", "there"}


def test_a_stub_takes_the_place_of_no_decorated_function() -> None:
    text = program().text.replace("def there", "register = lambda function: function\n\n@register\ndef there")
    half = half_of(Program.from_text(text), Part.TRANSITION)
    assert half is not None
    assert half[1] == {"reward_func"}
