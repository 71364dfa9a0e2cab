"""Runs whose programs a language model writes, and runs in MiniGrid, are taken up again as well."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from agent.corridors import Corridor
from agent.test_resume import Point, contents, interrupting, results
from synthesis.llm.chat_server import Handler, Reply, completion, serving

from wc_engine.agent import LearnConfig, PlanningConfig, learn
from wc_engine.agent.config import ProposerName
from wc_engine.agent.learn import resume
from wc_engine.envs import registry
from wc_engine.state.entities import State
from wc_engine.synthesis import SynthesisConfig
from wc_engine.synthesis.llm import LlmConfig, ModelName

STAYS = """```python
def transition(state, action):
    return state

def reward_func(state, action, next_state):
    return 0.0, False
```"""

WALKS = """```python
def transition(state, action):
    step = {'left': -1, 'right': 1}.get(action, 0)
    walls = [entity.x for entity in state if entity.name == 'Wall']
    for entity in state:
        if entity.name == 'Walker' and entity.x + step not in walls:
            entity.x += step
    return state

def reward_func(state, action, next_state):
    (flag,) = [entity.x for entity in next_state if entity.name == 'Flag']
    done = any(entity.name == 'Walker' and entity.x == flag for entity in next_state)
    return float(done), done
```"""


class Odd(Corridor):
    """A corridor in which waving does what no rule of the inducer can say: where to depends on where from."""

    name = "odd"

    def step(self, action: str) -> tuple[State, float, bool]:
        if action == "wave":
            (walker,) = self.state.of_type("Walker")
            places = [2, 3, 2, 1, 3, 1]
            others = [entity for entity in self.state if entity.type != "Walker"]
            self.set_state(State([*others, walker.replace(x=places[walker["x"] % 6])]))
        return super().step(action)


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda *, group: [Point(Corridor), Point(Odd)])


def thoughtful() -> Reply:
    """Answer a question with a poor program, and the same question asked again with a good one."""
    asked: Counter[str] = Counter()

    def reply(handler: Handler, request: dict[str, Any]) -> None:
        question = json.dumps(request["messages"])
        asked[question] += 1
        handler.send_json(200, completion(STAYS if asked[question] == 1 else WALKS))

    return reply


def told(run: Path) -> dict[str, Any]:
    """Return everything in a run folder that a seed and the models' answers decide; of the cost, what was new in it."""
    found: dict[str, Any] = contents(run)
    usage = found["checkpoint"]["models"]["usage"]
    del usage["cached_calls"]  # answers that a lost episode had paid for are read again
    return found


@pytest.mark.parametrize(("proposer", "env"), [(ProposerName.LLM, "corridor"), (ProposerName.LLM_AND_INDUCTIVE, "odd")])
def test_a_run_with_language_models_goes_on_as_if_it_never_stopped_and_pays_for_nothing_twice(
    tmp_path: Path, proposer: ProposerName, env: str
) -> None:
    def config(name: str, url: str) -> LearnConfig:
        return LearnConfig(
            env=env,
            seed=4,
            win_streak=3,
            max_episodes=3,
            max_steps=8,
            out=tmp_path / name,
            measure_exactness=False,
            planning=PlanningConfig(trusted=True),
            synthesis=SynthesisConfig(max_proposals=4),
            proposer=proposer,
            llm=LlmConfig(models=(ModelName("a"),), base_url=url, cache=tmp_path / f"{name}.sqlite"),
        )

    with serving(thoughtful()) as server:
        whole = learn(config("whole", server.url))
        asked = len(server.requests)
        assert asked > 0
        for episode in range(1, whole.episodes + 1):
            name = f"run-{episode}"
            server.replies = [thoughtful()]
            server.requests.clear()
            with pytest.raises(KeyboardInterrupt):
                learn(config(name, server.url), on_event=interrupting(episode, 1))
            assert results(resume(tmp_path / name)) == results(whole)
            assert len(server.requests) == asked
            assert told(tmp_path / name) == told(tmp_path / "whole")


def test_a_run_in_minigrid_goes_on_as_if_it_never_had_stopped(tmp_path: Path) -> None:
    def config(name: str) -> LearnConfig:
        return LearnConfig(
            env="minigrid:Empty-5x5",
            seed=2,
            win_streak=2,
            max_episodes=3,
            out=tmp_path / name,
            measure_exactness=False,
            planning=PlanningConfig(trusted=True),
        )

    whole = learn(config("whole"))
    assert whole.episodes >= 2
    with pytest.raises(KeyboardInterrupt):
        learn(config("run"), on_event=interrupting(2, 2))
    assert results(resume(tmp_path / "run")) == results(whole)
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")
