"""A run whose programs a language model writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from agent.corridors import Corridor
from agent.test_resume import Point
from synthesis.llm.chat_server import answer, completion, serving, status

from wc_engine.agent import AgentConfig, LearnConfig, LearnSummary, learn
from wc_engine.agent.config import ProposerName
from wc_engine.envs import registry
from wc_engine.errors import LanguageModelError
from wc_engine.models.dataset import read_transitions
from wc_engine.synthesis import SynthesisConfig
from wc_engine.synthesis.llm import LlmConfig, ModelName

PROGRAM = """```python
def transition(state, action):
    return state  # attempt {number}

def reward_func(state, action, next_state):
    return -0.1, False
```"""


def run(out: Path, url: str, **settings: Any) -> LearnSummary:
    llm = LlmConfig(models=(ModelName("a"),), base_url=url, max_attempts=1, **settings)
    return learn(
        LearnConfig(
            env="sokoban",
            max_episodes=1,
            max_steps=5,
            out=out,
            measure_exactness=False,
            agent=AgentConfig(min_transitions=4),
            synthesis=SynthesisConfig(max_proposals=3),
            proposer=ProposerName.LLM,
            llm=llm,
        )
    )


def attempts(handler: Any, request: dict[str, Any]) -> None:
    """Answer with another program each time."""
    handler.send_json(200, completion(PROGRAM.format(number=len(handler.server.chat.requests))))


def test_a_rerun_costs_nothing_and_a_replay_is_the_same_run(tmp_path: Path) -> None:
    cache = tmp_path / "calls.sqlite"
    with serving(attempts) as server:
        run(tmp_path / "first", server.url, cache=cache)
        count = len(server.requests)
        run(tmp_path / "second", server.url, cache=cache, replay=True)
        assert len(server.requests) == count > 1
    usage = [json.loads((tmp_path / name / "usage.json").read_text()) for name in ("first", "second")]
    assert [(each["calls"], each["cached_calls"]) for each in usage] == [(count, 0), (0, count)]
    for name in ("transitions.jsonl", "model.py", "episodes.jsonl"):
        assert (tmp_path / "first" / name).read_text() == (tmp_path / "second" / name).read_text()
    config = json.loads((tmp_path / "second" / "config.json").read_text())
    assert (config["proposer"], config["llm"]["replay"], config["llm"]["cache"]) == ("llm", True, str(cache))


def test_a_limit_ends_a_run_without_an_error_and_everything_is_saved(tmp_path: Path) -> None:
    with serving(attempts) as server:
        stopped = run(tmp_path / "run", server.url, max_calls=1)
    usage = json.loads((tmp_path / "run" / "usage.json").read_text())
    assert usage["calls"] == len(server.requests) == 1
    assert "max_calls = 1" in usage["stopped_by"]
    assert len(read_transitions(tmp_path / "run" / "transitions.jsonl")) == stopped.steps == 4
    assert json.loads((tmp_path / "run" / "summary.json").read_text()) == stopped.as_record()


def test_a_bad_key_ends_a_run_by_an_error_with_everything_saved(tmp_path: Path) -> None:
    with serving(status(401), answer("never")) as server, pytest.raises(LanguageModelError, match="status 401"):
        run(tmp_path / "run", server.url)
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["steps"] == 4
    assert len(read_transitions(tmp_path / "run" / "transitions.jsonl")) == 4


def test_a_language_model_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="settings of a language model"):
        LearnConfig(env="sokoban", proposer=ProposerName.LLM)


HOSTILE = """```python
import os

def meddle():
    for attempt in (
        lambda: open(TRACE, 'a').write('written'),
        lambda: os.system('touch ' + TRACE),
        lambda: os.kill(os.getppid(), 9),
        lambda: os.remove(KEPT),
    ):
        try:
            attempt()
        except BaseException:
            pass

meddle()

def transition(state, action):
    meddle()
    step = {'left': -1, 'right': 1}.get(action, 0)
    walls = [entity.x for entity in state if entity.name == 'Wall']
    for entity in state:
        if entity.name == 'Walker' and entity.x + step not in walls:
            entity.x += step
    return state

def reward_func(state, action, next_state):
    meddle()
    (flag,) = [entity.x for entity in next_state if entity.name == 'Flag']
    done = any(entity.name == 'Walker' and entity.x == flag for entity in next_state)
    return float(done), done
```"""


def test_the_sandbox_stands_between_a_program_and_the_machine_in_evaluation_and_in_planning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda *, group: [Point(Corridor)])
    trace, kept = tmp_path / "trace", tmp_path / "kept"
    kept.write_text("still here")
    text = HOSTILE.replace("TRACE", repr(str(trace))).replace("KEPT", repr(str(kept)))
    with serving(answer(text)) as server:
        config = LearnConfig(
            env="corridor",
            max_episodes=4,
            win_streak=2,
            out=tmp_path / "run",
            measure_exactness=False,
            proposer=ProposerName.LLM,
            llm=LlmConfig(models=(ModelName("a"),), base_url=server.url, cache=tmp_path / "calls.sqlite"),
        )
        summary = learn(config)
    assert "def meddle" in (tmp_path / "run" / "model.py").read_text()
    assert summary.won, "it is a right program, planned with; only what it does besides is kept from it"
    assert not trace.exists()
    assert kept.read_text() == "still here"
