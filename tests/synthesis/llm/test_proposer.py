"""The proposer: what it asks, and what becomes of answers, on a real server and with programs in the sandbox."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from synthesis.llm.chat_server import ChatServer, answer, completion, serving

from wc_engine.errors import BudgetSpentError, SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.models.open import open_model
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel
from wc_engine.models.sandbox.client import Sandbox
from wc_engine.planners.result import SearchStatus
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis import (
    ArmKind,
    Candidate,
    Judged,
    PlanVerdict,
    ProposalRequest,
    SynthesisConfig,
    Synthesizer,
)
from wc_engine.synthesis.llm import LlmClient, LlmConfig, LlmProposer, ModelName
from wc_engine.synthesis.proposers.base import BatchProposer


def at(x: int) -> State:
    return State([Entity("Me", x=x, y=0), Entity("Lamp", x=3, y=0)])


def step(x: int, action: str, to: int, mission: str = "go home", reward: float = 0.0) -> Transition:
    return Transition("line", mission, at(x), action, at(to), reward, reward > 0)


DATA = [step(1, "east", 2), step(2, "west", 1), step(1, "west", 0), step(0, "west", 0)]
INITIAL = [(at(1), "go home")]

RIGHT = """```python
def transition(state, action):
    me = get_entities_by_name(state, 'Me')[0]
    me.x = max(0, me.x + (1 if action == 'east' else -1))
    return state

def reward_func(state, action, next_state):
    me = get_entities_by_name(next_state, 'Me')[0]
    home = any(lamp.x == me.x for lamp in get_entities_by_name(next_state, 'Lamp'))
    return (1.0, True) if home else (0.0, False)
```"""
NO_WALL = RIGHT.replace("max(0, me.x + (1 if action == 'east' else -1))", "me.x + (1 if action == 'east' else -1)")
HOPELESS = RIGHT.replace("if home else", "if False else")
EDIT = "Only this changes:\n" + RIGHT.partition("\ndef reward_func")[0] + "\n```"
HANGING = RIGHT.replace("    return state\n", "    while True:\n        pass\n", 1)


class Runner:
    """Runs programs in the sandbox, and plans by walking east."""

    def __init__(self) -> None:
        self._sandbox = Sandbox()
        self._models: list[RunningModel] = []

    def running(self, program: Program) -> RunningModel:
        self._models.append(open_model(program, time_limit_seconds=0.3, sandbox=self._sandbox))
        return self._models[-1]

    def find_plan(self, program: Program, state: State, mission: str) -> PlanVerdict:
        model, plan, at_last = self.running(program), [], state
        for _ in range(5):
            outcome = model.step(at_last, "east", mission=mission)
            plan.append("east")
            if outcome.failed or outcome.next_state is None:
                break
            if outcome.done and outcome.reward:
                return PlanVerdict(state, mission, tuple(plan), SearchStatus.SOLVED)
            at_last = outcome.next_state
        return PlanVerdict(state, mission, None, SearchStatus.EXHAUSTED)

    def close(self) -> None:
        for model in self._models:
            model.close()
        self._sandbox.close()


@pytest.fixture
def runner() -> Iterator[Runner]:
    one = Runner()
    yield one
    one.close()


@pytest.fixture
def clients() -> Iterator[Callable[..., LlmClient]]:
    made: list[LlmClient] = []

    def make(server: ChatServer, **settings: Any) -> LlmClient:
        config = LlmConfig(models=(ModelName("a"),), base_url=server.url, **settings)
        made.append(LlmClient(config, {}))
        return made[-1]

    yield make
    for one in made:
        one.close()


def synthesize(proposer: LlmProposer, runner: Runner, **settings: Any) -> tuple[Judged | None, list[Judged]]:
    seen: list[Judged] = []
    one = Synthesizer(
        proposer, runner, SynthesisConfig(**settings), random.Random(0), lambda one, arm: seen.append(one)
    )
    return one.synthesize(DATA, INITIAL, None), seen


def ask(
    proposer: LlmProposer,
    transitions: list[Transition],
    kind: ArmKind = ArmKind.FRESH,
    parent: Judged | None = None,
) -> str:
    """Make one request; return the program, or raise why there is none."""
    (text,) = proposer.propose_all(transitions, [ProposalRequest.about(kind, parent)], random.Random(0))
    if isinstance(text, SynthesisError):
        raise text
    return text


def test_it_takes_several_requests(clients: Callable[..., LlmClient]) -> None:
    with serving(answer(RIGHT)) as server:
        assert isinstance(LlmProposer(clients(server)), BatchProposer)


def test_a_program_is_written_from_experiences(clients: Callable[..., LlmClient], runner: Runner) -> None:
    with serving(answer(RIGHT)) as server:
        judged, _ = synthesize(LlmProposer(clients(server)), runner)
        assert judged is not None
        assert judged.evaluation.holds
        assert "class Me(Entity)" in judged.candidate.text
    assert "Me(x=1, y=0)" not in judged.candidate.text
    text = server.requests[0]["messages"][1]["content"]
    assert "Me at (1, 0)" in text
    assert "Me(x=1, y=0): moves to (2, 0)" in text


def test_bad_answers_cost_a_try_and_a_program_that_hangs_is_only_wrong(
    clients: Callable[..., LlmClient], runner: Runner
) -> None:
    replies = [answer("I am sorry."), answer(None), answer("```python\nfor ???\n```"), answer(HANGING), answer(RIGHT)]
    with serving(*replies) as server:
        judged, seen = synthesize(LlmProposer(clients(server)), runner)
    assert judged is not None
    assert judged.evaluation.holds
    assert len(server.requests) == 5
    assert len(seen) == 2
    assert seen[0].evaluation.data.explained == 0


def test_a_mistake_is_shown_and_an_edit_of_one_function_repairs_it(
    clients: Callable[..., LlmClient], runner: Runner
) -> None:
    with serving(answer(NO_WALL), answer(EDIT)) as server:
        proposer = LlmProposer(clients(server))
        candidate = Candidate(Program.from_text(ask(proposer, DATA)), 1, "llm")
        judge = Synthesizer(proposer, runner, SynthesisConfig(), random.Random(0))
        judged = judge.judge(candidate, DATA, INITIAL)
        assert len(judged.evaluation.data.counterexamples) == 1
        text = ask(proposer, DATA, ArmKind.REFINE_TRANSITION, judged)
        repaired = judge.judge(Candidate(Program.from_text(text), 2, "llm"), DATA, INITIAL)
    assert repaired.evaluation.holds
    request = server.requests[1]["messages"][1]["content"]
    assert "makes mistakes" in request
    assert "But the program predicted this change:\n    - Me(x=0, y=0): moves to (-1, 0)" in request
    assert "What the program predicts rightly" in request


def test_a_mission_without_a_plan_is_asked_about(clients: Callable[..., LlmClient], runner: Runner) -> None:
    with serving(answer(HOPELESS), answer(RIGHT)) as server:
        proposer = LlmProposer(clients(server))
        candidate = Candidate(Program.from_text(ask(proposer, DATA)), 1, "llm")
        judge = Synthesizer(proposer, runner, SynthesisConfig(), random.Random(0))
        judged = judge.judge(candidate, DATA, INITIAL)
        assert judged.evaluation.data.holds
        text = ask(proposer, DATA, ArmKind.REFINE_TO_PLAN, judged)
        assert judge.judge(Candidate(Program.from_text(text), 2, "llm"), DATA, INITIAL).evaluation.holds
    request = server.requests[1]["messages"][1]["content"]
    assert "no sequence of actions was found" in " ".join(request.split())
    assert "Mission: 'go home'" in request
    assert "Initial state:\nLamp at (3, 0)\nMe at (1, 0)" in request


def test_a_new_mission_gets_a_reward_of_its_own_from_near_ones(
    clients: Callable[..., LlmClient], runner: Runner
) -> None:
    reward = "```python\ndef reward_func(state, action, next_state):\n    return 0.5, True\n```"
    with serving(answer(RIGHT), answer(reward)) as server:
        proposer = LlmProposer(clients(server))
        first = Candidate(Program.from_text(ask(proposer, DATA)), 1, "llm")
        more = [*DATA, step(1, "east", 2, "go far", 0.5)]
        judge = Synthesizer(proposer, runner, SynthesisConfig(), random.Random(0))
        text = ask(proposer, more, ArmKind.REFINE_REWARD, judge.judge(first, more, INITIAL))
        assert judge.judge(Candidate(Program.from_text(text), 2, "llm"), more, INITIAL).evaluation.holds
    request = server.requests[1]["messages"][1]["content"]
    assert "A new mission has come up: 'go far'" in request
    assert "Mission 'go home':\n\n```python\ndef reward_func" in request


def test_several_requests_are_made_at_once_and_answered_in_order(clients: Callable[..., LlmClient]) -> None:
    numbered = [answer(RIGHT + f"\n```python\nNUMBER = {number}\n```") for number in range(3)]
    with serving(*numbered) as server:
        proposer = LlmProposer(clients(server, max_concurrent=1))
        texts = proposer.propose_all(DATA, [ProposalRequest(ArmKind.FRESH)] * 3, random.Random(0))
        assert [f"NUMBER = {number}" in str(text) for number, text in enumerate(texts)] == [True] * 3
    waiting = threading.Barrier(3, timeout=20)

    def together(handler: Any, request: dict[str, Any]) -> None:
        waiting.wait()
        handler.send_json(200, completion(RIGHT))

    with serving(together) as server:
        texts = LlmProposer(clients(server)).propose_all(DATA, [ProposalRequest(ArmKind.FRESH)] * 3, random.Random(0))
        assert all(isinstance(text, str) for text in texts)
        assert server.most_in_flight == 3


def test_a_limit_that_is_reached_on_the_way_keeps_what_was_answered(clients: Callable[..., LlmClient]) -> None:
    with serving(answer(RIGHT)) as server:
        proposer = LlmProposer(clients(server, max_calls=2, max_concurrent=1))
        texts = proposer.propose_all(DATA, [ProposalRequest(ArmKind.FRESH)] * 3, random.Random(0))
        assert [isinstance(text, str) for text in texts] == [True, True, False]
        assert "max_calls = 2" in str(texts[2])
        with pytest.raises(BudgetSpentError):
            proposer.propose_all(DATA, [ProposalRequest(ArmKind.FRESH)], random.Random(0))
    assert len(server.requests) == 2


def test_each_arm_asks_in_its_own_respect(clients: Callable[..., LlmClient], runner: Runner) -> None:
    wrong_twice = NO_WALL.replace("(0.0, False)", "(0.0, True)")
    with serving(answer(wrong_twice)) as server:
        proposer = LlmProposer(clients(server))
        candidate = Candidate(Program.from_text(ask(proposer, DATA)), 1, "llm")
        judged = Synthesizer(proposer, runner, SynthesisConfig(), random.Random(0)).judge(candidate, DATA, INITIAL)
        for kind in (ArmKind.REFINE_TRANSITION, ArmKind.REFINE_REWARD):
            ask(proposer, DATA, kind, judged)
    transition, reward = (request["messages"][1]["content"] for request in server.requests[1:])
    assert "what transition(state, action) gets wrong" in transition
    assert "its reward for the mission 'go home' is wrong" in reward


def test_a_rerun_costs_nothing_and_a_replay_gives_the_same_program(
    clients: Callable[..., LlmClient], runner: Runner, tmp_path: Path
) -> None:
    cache = tmp_path / "calls.sqlite"
    with serving(answer("no code"), answer(NO_WALL), answer(HOPELESS), answer(RIGHT)) as server:
        first, _ = synthesize(LlmProposer(clients(server, cache=cache)), runner)
        count = len(server.requests)
        client = clients(server, cache=cache, replay=True)
        again, _ = synthesize(LlmProposer(client), runner)
        assert first is not None
        assert again is not None
        assert again.candidate.text == first.candidate.text
        assert (client.usage.calls, client.usage.cached_calls) == (0, count)
        assert len(server.requests) == count


def test_a_spent_budget_ends_the_synthesis_by_its_own_error(clients: Callable[..., LlmClient], runner: Runner) -> None:
    with serving(answer("no code")) as server:
        client = clients(server, max_calls=2)
        with pytest.raises(BudgetSpentError):
            synthesize(LlmProposer(client), runner)
        assert client.usage.calls == 2


def test_an_answer_that_was_cut_off_is_refused_with_the_reason(clients: Callable[..., LlmClient]) -> None:
    with serving(answer(RIGHT[:60], finish="length")) as server:
        proposer = LlmProposer(clients(server))
        with pytest.raises(SynthesisError, match="cut off at the limit of tokens"):
            ask(proposer, DATA)


def test_there_is_nothing_to_ask_before_anything_was_seen(clients: Callable[..., LlmClient]) -> None:
    with serving(answer(RIGHT)) as server, pytest.raises(SynthesisError, match="nothing was seen"):
        ask(LlmProposer(clients(server)), [])
