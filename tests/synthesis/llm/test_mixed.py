"""Rules first, and a language model for what rules cannot say: on a real server, with programs in the sandbox."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from synthesis.gridworlds import FREE, PUSHED, Gridworld
from synthesis.llm.chat_server import ChatServer, answer, completion, serving

from wc_engine.agent import LearnConfig, learn
from wc_engine.agent.config import PlanningConfig, ProposerName
from wc_engine.errors import SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.models.open import open_model
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel
from wc_engine.models.sandbox.client import Sandbox
from wc_engine.planners.result import SearchStatus
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis import ArmKind, Candidate, Judged, PlanVerdict, ProposalRequest, SynthesisConfig, Synthesizer
from wc_engine.synthesis.llm import LlmClient, LlmConfig, LlmProposer, ModelName
from wc_engine.synthesis.proposers.base import BatchProposer
from wc_engine.synthesis.proposers.inductive import InductiveProposer
from wc_engine.synthesis.proposers.mixed import MixedProposer

WORLD = Gridworld({"Crate": PUSHED, "Plate": FREE})


class Runner:
    """Runs programs in the sandbox; plans are not the question here."""

    def __init__(self) -> None:
        self._sandbox = Sandbox()
        self._models: list[RunningModel] = []

    def running(self, program: Program) -> RunningModel:
        self._models.append(open_model(program, sandbox=self._sandbox))
        return self._models[-1]

    def find_plan(self, program: Program, state: State, mission: str) -> PlanVerdict:
        return PlanVerdict(state, mission, ("wait",), SearchStatus.SOLVED)

    def close(self) -> None:
        for model in self._models:
            model.close()
        self._sandbox.close()


@pytest.fixture
def runner() -> Iterator[Runner]:
    one = Runner()
    yield one
    one.close()


class Learning:
    """A synthesizer with both proposers, which keeps what it judged."""

    def __init__(self, client: LlmClient, runner: Runner) -> None:
        self.seen: list[Judged] = []
        proposer = MixedProposer(InductiveProposer(), LlmProposer(client))
        config = SynthesisConfig(in_flight=2)
        self._one = Synthesizer(proposer, runner, config, random.Random(0), lambda one, arm: self.seen.append(one))

    def synthesize(self, data: list[Transition], start: Candidate | None = None) -> Judged:
        judged = self._one.synthesize(data, [(data[0].state, data[0].mission)], start)
        assert judged is not None
        return judged


Make = Callable[[ChatServer], Learning]


@pytest.fixture
def learning(runner: Runner) -> Iterator[Make]:
    clients: list[LlmClient] = []

    def make(server: ChatServer) -> Learning:
        clients.append(LlmClient(LlmConfig(models=(ModelName("a"),), base_url=server.url), {}))
        return Learning(clients[-1], runner)

    yield make
    for client in clients:
        client.close()


def spiral(count: int) -> list[Transition]:
    """Return steps of a number that no rule about what lies where can foretell: it is squared modulo 101."""
    state = State([Entity("Dial", x=0, y=0, value=3)])
    found = []
    for _ in range(count):
        (dial,) = state
        following = State([dial.replace(value=dial["value"] ** 2 % 101 + 1)])
        found.append(Transition("dials", "turn", state, "turn", following, 0.0, False))
        state = following
    return found


SQUARING = """I see a square.
```python
def transition(state, action):
    for dial in state:
        dial.value = dial.value ** 2 % 101 + 1
    return state
```"""


def test_what_rules_can_say_costs_no_call(learning: Make) -> None:
    with serving(answer("never")) as server:
        judged = learning(server).synthesize(WORLD.transitions(random.Random(1), 150))
        assert server.requests == []
    assert judged.evaluation.holds


def test_where_rules_only_list_cases_a_model_is_asked_and_its_program_stays(learning: Make) -> None:
    data = spiral(16)
    asked_at: list[int] = []
    held: Candidate | None = None
    with serving(answer(SQUARING)) as server:
        both = learning(server)
        for count in range(3, len(data) + 1):
            before = len(server.requests)
            held = both.synthesize(data[:count], held).candidate
            if len(server.requests) > before:
                asked_at.append(count)
    # Every step contradicted the rules. The model's program is right about all that follow.
    assert asked_at == [10]
    assert held is not None
    assert "** 2 % 101" in held.text
    assert any("makes mistakes" in request["messages"][1]["content"] for request in server.requests)


WITHOUT_CRATES = """
class Thing:
    def __init__(self, x, y):
        self.name, self.x, self.y = self.__class__.__name__, x, y

class Me(Thing): pass
class Rim(Thing): pass
class Crate(Thing): pass
class Plate(Thing): pass

MOVES = {'north': (0, -1), 'south': (0, 1), 'west': (-1, 0), 'east': (1, 0)}

def transition(state, action):
    dx, dy = MOVES[action]
    me = [thing for thing in state if thing.name == 'Me'][0]
    ahead = [thing for thing in state if (thing.x, thing.y) == (me.x + dx, me.y + dy)]
    if any(thing.name == 'Rim' for thing in ahead):
        return state
    me.x, me.y = me.x + dx, me.y + dy
    return state

def reward_func(state, action, next_state):
    return 0.0, False
"""


def test_the_inducer_repairs_what_the_model_wrote(runner: Runner) -> None:
    data = WORLD.transitions(random.Random(1), 150)
    initial = [(data[0].state, data[0].mission)]
    paid = Paid()
    both = MixedProposer(InductiveProposer(), paid)
    judge = Synthesizer(both, runner, SynthesisConfig(), random.Random(0))
    written = judge.judge(Candidate(Program.from_text(WITHOUT_CRATES), 1, "llm"), data, initial)
    assert not written.evaluation.holds
    request = ProposalRequest.about(ArmKind.REFINE_TRANSITION, written)
    (text,) = both.propose_all(data, [request], random.Random(0))
    assert isinstance(text, str)
    repaired = judge.judge(Candidate(Program.from_text(text), 2, both.name), data, initial)
    assert repaired.evaluation.holds
    # It is the model's program still, with something ahead of it.
    assert "MOVES = {'north': (0, -1)" in text
    assert paid.asked == 0


class Notes:
    """A free proposer that keeps what it was asked, and answers by a script."""

    name = "notes"

    def __init__(self, *texts: str | SynthesisError) -> None:
        self._texts = list(texts)
        self.parents: list[str | None] = []

    def propose(self, transitions: Any, unplannable: Any, parent: Any, rng: random.Random) -> str:
        self.parents.append(None if parent is None else parent.text)
        text = self._texts.pop(0) if len(self._texts) > 1 else self._texts[0]
        if isinstance(text, SynthesisError):
            raise text
        return text


class Paid:
    """A paid proposer that counts."""

    name = "paid"

    def __init__(self) -> None:
        self.asked = 0

    def propose_all(self, transitions: Any, requests: Any, rng: random.Random) -> list[str | SynthesisError | None]:
        self.asked += len(requests)
        return [f"# paid {self.asked}" for _ in requests]


def test_the_first_free_answer_puts_off_all_others_and_the_same_question_is_free_once() -> None:
    free, paid = Notes("text"), Paid()
    both = MixedProposer(free, paid, min_transitions=1)
    fresh = [ProposalRequest(ArmKind.FRESH)] * 3
    data = spiral(2)
    assert isinstance(both, BatchProposer)
    assert both.propose_all(data, fresh, random.Random(0)) == ["text", None, None]
    assert paid.asked == 0
    assert both.propose_all(data, fresh, random.Random(0)) == ["# paid 3"] * 3
    assert free.parents == [None]
    # With more to go by the same question is another one.
    assert both.propose_all(spiral(3), fresh, random.Random(0)) == ["text", None, None]


def test_where_rules_have_nothing_new_to_say_the_model_is_asked_at_once() -> None:
    free, paid = Notes(SynthesisError("no rules"), "text", "text"), Paid()
    both = MixedProposer(free, paid, min_transitions=1)
    fresh = [ProposalRequest(ArmKind.FRESH)]
    assert both.propose_all(spiral(2), fresh, random.Random(0)) == ["# paid 1"]
    assert both.propose_all(spiral(3), fresh, random.Random(0)) == ["text"]
    unplannable = ((spiral(1)[0].state, "turn"),)
    again = [ProposalRequest(ArmKind.REFINE_TO_PLAN, unplannable=unplannable)]
    assert both.propose_all(spiral(3), again, random.Random(0)) == ["# paid 2"]


def test_a_run_learns_with_both_and_counts_what_the_model_cost(tmp_path: Path) -> None:
    def reply(handler: Any, request: dict[str, Any]) -> None:
        handler.send_json(200, completion("I have no idea."))

    with serving(reply) as server:
        summary = learn(
            LearnConfig(
                env="sokoban",
                max_episodes=1,
                max_steps=12,
                out=tmp_path,
                measure_exactness=False,
                planning=PlanningConfig(trusted=True),
                proposer=ProposerName.LLM_AND_INDUCTIVE,
                llm=LlmConfig(models=(ModelName("a"),), base_url=server.url),
            )
        )
    assert summary.model is not None
    assert (tmp_path / "usage.json").exists()
