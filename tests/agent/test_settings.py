"""Settings from files: what they may say, and what is told about those that are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wc_engine.agent import AgentConfig, LearnConfig, PlanningConfig
from wc_engine.agent.config import ProposerName
from wc_engine.agent.settings import learn_config, merge_settings, read_settings
from wc_engine.errors import UserInputError
from wc_engine.synthesis import SynthesisConfig
from wc_engine.synthesis.llm.config import LlmConfig, ModelName


def test_a_file_sets_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text('env = "sokoban"\nseed = 3\n\n[agent]\nepsilon = 0.25\n\n[planning]\nplanner = "astar"\n')
    config = learn_config(read_settings(file))
    assert config == LearnConfig(
        env="sokoban", seed=3, agent=AgentConfig(epsilon=0.25), planning=PlanningConfig(planner="astar")
    )


def test_what_comes_later_wins_table_by_table() -> None:
    merged = merge_settings({"seed": 1, "agent": {"epsilon": 0.5, "min_transitions": 4}}, {"agent": {"epsilon": 0.0}})
    assert merged == {"seed": 1, "agent": {"epsilon": 0.0, "min_transitions": 4}}


@pytest.mark.parametrize(
    "config",
    [
        LearnConfig(env="sokoban"),
        LearnConfig(
            env="minigrid:DoorKey-5x5",
            seed=7,
            out=Path("runs/x"),
            max_episodes=None,
            win_streak=2,
            synthesis=SynthesisConfig(max_proposals=4),
            proposer=ProposerName.LLM,
            llm=LlmConfig(models=(ModelName("a"), ModelName("b", "http://127.0.0.1:1/v1", "KEY")), cache=Path("c.db")),
        ),
    ],
    ids=["plain", "with everything"],
)
def test_what_a_run_records_is_what_it_was_given(config: LearnConfig) -> None:
    assert learn_config(json.loads(json.dumps(config.as_record()))) == config


def test_models_may_be_named_as_on_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text('env = "sokoban"\nproposer = "llm"\n[llm]\nmodels = ["a", "b@http://127.0.0.1:8000/v1"]\n')
    llm = learn_config(read_settings(file)).llm
    assert llm is not None
    assert llm.models == (ModelName("a"), ModelName("b", "http://127.0.0.1:8000/v1"))


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("sed = 3", ["unknown key 'sed'", "did you mean 'seed'?", "expected keys: env, seed,"]),
        ("[agent]\nepsilom = 1", ["unknown key 'epsilom' in [agent]", "expected keys: epsilon, "]),
        ('[llm]\nmodels = ["m"]\nprize = 1', ["unknown key 'prize' in [llm]", "max_cost"]),
        ('seed = "three"', ["key 'seed'", "expected int, got str"]),
        ("agent = 3", ["key 'agent'", "expected object, got int"]),
        ("[agent]\nepsilon = 2", ["key 'agent'", "epsilon is a probability, got 2"]),
        ("win_streak = 0", ["win_streak must be at least 1, got 0"]),
        ('proposer = "nobody"', ["key 'proposer'", "nobody"]),
        ("out = 3", ["key 'out'", "expected path"]),
        ("seed = ", ["is not TOML"]),
    ],
)
def test_what_is_wrong_is_named_with_the_file_the_key_and_what_was_expected(
    tmp_path: Path, text: str, messages: list[str]
) -> None:
    file = tmp_path / "run.toml"
    file.write_text(text)
    with pytest.raises(UserInputError) as caught:
        read_settings(file)
    assert caught.value.file == str(file)
    for message in messages:
        assert message in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="cannot read settings"):
        read_settings(tmp_path / "nothing.toml")
