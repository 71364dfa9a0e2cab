"""A sandboxed model answers as the interpreter in this process does, alone or in batches."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest
from program_texts import NO_REWARD, PRELUDE, STAY, program_of

from wc_engine.errors import InvalidModelError
from wc_engine.models.base import WorldModel
from wc_engine.models.open import TrustedModel, open_model
from wc_engine.models.requests import RunningModel, StepRequest
from wc_engine.models.sandbox.client import Sandbox, SandboxedModel
from wc_engine.models.sandbox.protocol import StateCodec
from wc_engine.state.entities import Entity, State

pytestmark = pytest.mark.filterwarnings("ignore:programs run with less protection:RuntimeWarning")

MOVE = """
def transition(state, action):
    agent = [e for e in state if e.name == 'Agent'][0]
    agent.x += {'right': 1, 'left': -1}[action]
    return state
"""
REWARD = """
def reward_func(state, action, next_state):
    agent, *_ = next_state
    return 1 / agent.x, agent.x > 3
"""


def at(x: int) -> State:
    return State([Entity("Agent", x=x, y=0), Entity("Wall", x=9, y=9)])


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(max_programs=2) as shared:
        yield shared


@pytest.fixture(params=["sandboxed", "trusted"])
def model(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[RunningModel]:
    opened = open_model(program_of(MOVE, REWARD), trusted=request.param == "trusted", sandbox=sandbox)
    yield opened
    opened.close()


def test_both_ways_to_open_a_model_give_one(model: RunningModel) -> None:
    assert isinstance(model, WorldModel)
    assert isinstance(model, RunningModel)


def test_a_step_is_predicted(model: RunningModel) -> None:
    outcome = model.step(at(3), "right")
    assert (outcome.next_state, outcome.reward, outcome.done) == (at(4), 0.25, True)


def test_a_batch_keeps_its_order_and_each_steps_failure(model: RunningModel) -> None:
    requests = [StepRequest(at(x), "right" if x % 3 else "up") for x in range(-300, 300)]
    outcomes = model.step_many(requests)
    for request, outcome in zip(requests, outcomes, strict=True):
        x = request.state.of_type("Agent")[0]["x"]
        assert isinstance(x, int)
        if request.action == "up":
            assert outcome.transition_error == "KeyError: 'up' (line 19)"
        else:
            assert outcome.next_state == at(x + 1)
            assert outcome.reward_error == ("ZeroDivisionError: division by zero (line 25)" if x == -1 else None)


def test_without_rewards_the_reward_function_is_not_run(model: RunningModel) -> None:
    stepped, failed = model.step_many([StepRequest(at(-1), "right"), StepRequest(at(3), "up")], rewards=False)
    assert (stepped.next_state, stepped.reward, stepped.done, stepped.reward_error) == (at(0), None, None, None)
    assert failed.transition_error == "KeyError: 'up' (line 19)"


def test_an_evaluation_scores_the_recorded_next_state_and_measures(model: RunningModel) -> None:
    evaluation = model.evaluate([StepRequest(at(1), "right", None, at(4)), StepRequest(at(1), "left", None, at(2))])
    assert [outcome.reward for outcome in evaluation.outcomes] == [0.25, 0.5]
    assert [outcome.next_state for outcome in evaluation.outcomes] == [at(2), at(0)]
    assert 0 < evaluation.us_in_program < evaluation.us_per_transition


def test_an_empty_batch_is_answered(model: RunningModel) -> None:
    assert model.step_many([]) == []
    assert model.evaluate([]).us_per_transition == 0


def test_a_program_that_cannot_be_loaded_is_refused_with_its_place(sandbox: Sandbox) -> None:
    for trusted in (False, True):
        with pytest.raises(InvalidModelError, match=r"<program>:1\n    1 / 0\n(.|\n)*ZeroDivisionError"):
            open_model(program_of(prelude="1 / 0"), trusted=trusted, sandbox=sandbox)


def test_more_programs_than_stay_loaded_still_answer(sandbox: Sandbox) -> None:
    programs = [program_of(f"def transition(state, action): return [Agent({i}, 0)]") for i in range(5)]
    models = [SandboxedModel(program, sandbox=sandbox) for program in programs]
    for _ in range(2):
        for i, model in enumerate(models):
            assert model.step(at(0), "right").next_state == State([Entity("Agent", x=i, y=0)])
    for model in models:
        model.close()


def test_models_of_one_sandbox_answer_in_several_threads(sandbox: Sandbox) -> None:
    results: dict[int, list[object]] = {}

    def work(number: int) -> None:
        program = program_of(f"def transition(state, action): return [Agent({number}, 0)]")
        with SandboxedModel(program, sandbox=sandbox) as model:
            results[number] = [model.step(at(0), "right").next_state for _ in range(20)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: [State([Entity("Agent", x=number, y=0)])] * 20 for number in range(4)}


def test_a_sandbox_outlives_the_thread_that_started_it() -> None:
    with Sandbox() as sandbox:
        started: list[object] = []
        starter = threading.Thread(target=lambda: started.append(sandbox.host))
        starter.start()
        starter.join()
        time.sleep(0.1)  # a signal that the thread's end sends has arrived by then
        assert [sandbox.host] == started


def test_a_closed_model_starts_again_only_in_a_shared_sandbox(sandbox: Sandbox) -> None:
    model = SandboxedModel(program_of(MOVE), sandbox=sandbox)
    model.close()
    assert model.step(at(1), "right").next_state == at(2)
    model.close()
    own = SandboxedModel(program_of(MOVE))
    own.close()
    own.close()
    with pytest.raises(ValueError, match="the sandbox is closed"):
        own.step(at(1), "right")


def test_a_model_outlives_its_sandbox_process() -> None:
    with Sandbox() as sandbox, SandboxedModel(program_of(MOVE), sandbox=sandbox) as model:
        process = sandbox.host._process
        process.kill()
        process.wait()
        assert model.step(at(1), "right").next_state == at(2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_fork_of_the_client_gets_a_sandbox_of_its_own(sandbox: Sandbox) -> None:
    with SandboxedModel(program_of(MOVE), sandbox=sandbox) as model:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = 0 if model.step(at(1), "right").next_state == at(2) else 2
                sandbox.close()
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert model.step(at(2), "right").next_state == at(3)


def test_limits_must_be_positive(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        SandboxedModel(program_of(), time_limit_seconds=0, sandbox=sandbox)
    with pytest.raises(ValueError, match="max_programs"):
        Sandbox(max_programs=0)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -1,
        2**63 - 1,
        2**64,
        -(2**70),
        0.5,
        -0.0,
        float("inf"),
        "",
        "tür",
        "\ud800",
        ((), (1, "a")),
    ],
)
def test_every_value_that_a_state_can_hold_travels(value: object) -> None:
    state = State([Entity("Agent", {"x": 1, "odd\ud800": value}, carrying=Entity("Key", value=(value, "red")))])
    travelled = StateCodec().unpack(StateCodec().pack(state))
    assert travelled == state
    assert repr(travelled) == repr(state)


def test_zeros_of_either_sign_travel() -> None:
    codec = StateCodec()
    for zero in (0.0, -0.0):
        assert repr(codec.unpack(codec.pack(State([Entity("Agent", x=zero)])))) == f"State([Agent({zero})])"


def test_values_travel_through_a_program(sandbox: Sandbox) -> None:
    program = program_of(STAY, NO_REWARD, PRELUDE)
    held = Entity("Key", weight=2**70, label="\ud800", tags=(1, (True, None)))
    state = State([Entity("Agent", x=1, y=-0.0, carrying=held), Entity("Lava", x=1, y=1), Entity("Lava", x=1, y=1)])
    with SandboxedModel(program, sandbox=sandbox) as model:
        assert model.step(state, "go").next_state == State(state.entities[:2])


def test_a_persons_interrupt_passes_through_a_trusted_program() -> None:
    program = program_of("import signal\ndef transition(state, action): signal.raise_signal(signal.SIGINT)")
    with TrustedModel(program) as model, pytest.raises(KeyboardInterrupt):
        model.step(at(1), "go")
    raising = program_of("def transition(state, action): raise KeyboardInterrupt")
    with TrustedModel(raising) as model:
        assert model.step(at(1), "go").transition_error == "KeyboardInterrupt (line 16)"
