"""Experiences in words, and prompts that keep to their budget."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wc_engine.errors import SynthesisError, UserInputError
from wc_engine.models.base import StepOutcome
from wc_engine.models.dataset import Transition
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.constraints import Counterexample
from wc_engine.synthesis.llm import PromptBook, RequestKind
from wc_engine.synthesis.llm.prelude import prelude_for, with_types
from wc_engine.synthesis.llm.prompts import Example
from wc_engine.synthesis.llm.rendering import describe_change, show_experience, show_mistake, show_state
from wc_engine.synthesis.llm.selection import diverse
from wc_engine.synthesis.llm.tokens import estimate_tokens

KEY = Entity("Key", x=2, y=1, color="red")
AGENT = Entity("Agent", x=1, y=1, direction=(1, 0), carrying=None)
HOLDING = AGENT.replace(carrying=KEY)
BEFORE = State([AGENT, KEY, Entity("Wall", x=0, y=0), Entity("Wall", x=1, y=0)])
AFTER = State([HOLDING, Entity("Wall", x=0, y=0), Entity("Wall", x=1, y=0)])
PICKED = Transition("e", "get the key", BEFORE, "pick up", AFTER, 0.5, True)


def test_a_state_is_shown_type_by_type() -> None:
    assert show_state(BEFORE).splitlines() == [
        "Agent(x=1, y=1, carrying=None, direction=(1, 0))",
        "Key(x=2, y=1, color='red')",
        "Wall at (0, 0), (1, 0)",
    ]
    assert show_state(State()) == "(nothing)"


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        (
            BEFORE,
            AFTER,
            [
                "Agent(x=1, y=1, carrying=None, direction=(1, 0)): carrying changes from None to Key(color='red')",
                "Key(x=2, y=1, color='red') is gone",
            ],
        ),
        (BEFORE, BEFORE, ["nothing changes"]),
        (
            State([Entity("Box", x=1, y=1), Entity("Box", x=5, y=5)]),
            State([Entity("Box", x=1, y=2), Entity("Box", x=5, y=5)]),
            ["Box(x=1, y=1): moves to (1, 2)"],
        ),
        (
            State([Entity("Door", x=1, y=1, state="open")]),
            State([Entity("Door", x=1, y=1, open=True)]),
            ["Door(x=1, y=1, state='open'): gets the attribute open = True, loses the attribute state"],
        ),
        (
            State([Entity("Lamp", lit=1)]),
            State([Entity("Lamp", lit=True)]),
            ["Lamp(lit=1): lit changes from 1 to True"],
        ),
        (State(), State([Entity("Box", x=1, y=1)]), ["Box(x=1, y=1) is there now"]),
        (
            State([Entity("Box", x=1, y=1), Entity("Box", x=1, y=1)]),
            State([Entity("Box", x=1, y=1)]),
            ["Box(x=1, y=1) is gone"],
        ),
    ],
)
def test_a_change_is_told_entity_by_entity(before: State, after: State, sentences: list[str]) -> None:
    assert describe_change(before, after) == sentences


entities = st.builds(
    lambda kind, x, y: Entity(kind, x=x, y=y), st.sampled_from("AB"), st.integers(0, 2), st.integers(0, 2)
)
states = st.lists(entities, max_size=6).map(State)


@settings(max_examples=50)
@given(states, states)
def test_every_change_is_told(before: State, after: State) -> None:
    sentences = describe_change(before, after)
    assert (sentences == ["nothing changes"]) == (before == after)
    gone = sum("is gone" in one for one in sentences)
    new = sum("is there now" in one for one in sentences)
    assert len(before) - gone + new == len(after)


def test_a_wrong_prediction_stands_beside_what_happened() -> None:
    predicted = StepOutcome(next_state=BEFORE, reward=0.0, done=False)
    shown = show_mistake(Counterexample(PICKED, predicted, wrong_state=True, wrong_reward=True))
    assert shown.startswith(show_experience(PICKED))
    assert "But the program predicted this change:\n    - nothing changes" in shown
    assert "From the predicted state to the true one:\n    - Agent(" in shown
    assert "Reward and done: (0.5, True)" in shown
    assert "predicted reward and done: (0.0, False)" in shown
    failed = StepOutcome(next_state=None, reward=None, done=None, transition_error="KeyError: 'x'", reward_error="Bad")
    shown = show_mistake(Counterexample(PICKED, failed, wrong_state=True, wrong_reward=True))
    assert "transition() of the program failed: KeyError: 'x'" in shown
    assert "reward_func() of the program failed: Bad" in shown


FIELDS = {name: f"<{name}>" for name in ("program", "mission", "actions", "state", "rewards")}


@pytest.mark.parametrize("kind", RequestKind)
def test_there_is_a_template_for_each_kind_of_request(kind: RequestKind) -> None:
    prompt = PromptBook().prompt(kind, FIELDS, [Example("Seen", "an experience")], 5000)
    assert "<program>" in prompt.user
    assert "## Seen\n\nan experience" in prompt.user
    assert "$" not in prompt.user
    assert "transition(state, action)" in prompt.system


@settings(max_examples=25)
@given(st.integers(300, 3000), st.lists(st.integers(1, 300), max_size=8))
def test_examples_are_left_out_whole_from_the_last_until_the_prompt_fits(budget: int, sizes: list[int]) -> None:
    book = PromptBook()
    examples = [Example("Seen", f"<{i}>" + "word " * size + f"</{i}>") for i, size in enumerate(sizes)]
    least = book.prompt(RequestKind.FRESH, FIELDS, [], 10**6)
    if estimate_tokens(least.system + least.user) > budget:
        with pytest.raises(SynthesisError, match="tokens"):
            book.prompt(RequestKind.FRESH, FIELDS, examples, budget)
        return
    prompt = book.prompt(RequestKind.FRESH, FIELDS, examples, budget)
    assert estimate_tokens(prompt.system + prompt.user) <= budget
    shown = [i for i in range(len(sizes)) if f"<{i}>" in prompt.user]
    assert shown == list(range(len(shown)))
    assert all(examples[i].text in prompt.user for i in shown)
    if len(shown) < len(sizes):
        one_more = book.prompt(RequestKind.FRESH, FIELDS, examples[: len(shown) + 1], 10**6)
        assert estimate_tokens(one_more.system + one_more.user) > budget


def test_what_is_required_is_never_left_out() -> None:
    examples = [Example("Wrong", "word " * 500, required=True), Example("Right", "word " * 500)]
    prompt = PromptBook().prompt(RequestKind.REFINE_TRANSITION, FIELDS, examples, 1000)
    assert "## Wrong" in prompt.user
    assert "## Right" not in prompt.user
    with pytest.raises(SynthesisError, match="refine transition takes about"):
        PromptBook().prompt(RequestKind.REFINE_TRANSITION, FIELDS, examples, 700)


def test_templates_can_be_ones_own(tmp_path: Path) -> None:
    (tmp_path / "system.txt").write_text("be brief")
    (tmp_path / "fresh.txt").write_text("go: $examples")
    (tmp_path / "new_mission.txt").write_text("go: $nonsense")
    book = PromptBook(tmp_path)
    prompt = book.prompt(RequestKind.FRESH, FIELDS, [Example("Seen", "it")], 100)
    assert (prompt.system, prompt.user) == ("be brief", "go: ## Seen\n\nit")
    with pytest.raises(UserInputError, match=r"new_mission\.txt"):
        book.prompt(RequestKind.NEW_MISSION, FIELDS, [], 100)
    with pytest.raises(UserInputError, match=r"refine_reward\.txt"):
        book.prompt(RequestKind.REFINE_REWARD, FIELDS, [], 100)


def test_experiences_of_every_kind_are_chosen_before_a_second_of_one() -> None:
    moves = [
        Transition("e", "m", State([Entity("A", x=i, y=0)]), action, State([Entity("A", x=i + 1, y=0)]), 0.0, False)
        for i in range(20)
        for action in ("east", "jump")
    ]
    still = [Transition("e", "m", BEFORE, "east", BEFORE, 0.0, False)]
    for seed in range(5):
        chosen = diverse([*moves, *still, PICKED, PICKED], 4, random.Random(seed))
        assert PICKED in chosen
        assert still[0] in chosen
        assert {one.action for one in chosen} == {"east", "jump", "pick up"}
    assert len(diverse([*moves, PICKED, PICKED], 100, random.Random(0))) == 41


def test_a_prelude_has_the_types_seen_carried_ones_included() -> None:
    text = prelude_for([AFTER])
    namespace: dict[str, type] = {"__name__": "program"}  # type: ignore[dict-item]
    exec(compile(text, "prelude", "exec"), namespace)
    assert issubclass(namespace["Key"], namespace["Entity"])
    assert "x" in namespace["Wall"](1, 2).__dict__
    placeless = prelude_for([State([Entity("Fridge", name="fridge 1", open=False)])])
    assert "self.x" not in placeless
    more = with_types(text, {"Entity", "Agent", "Key", "Wall"}, [BEFORE, State([Entity("Lava", x=1, y=1)])])
    assert more.endswith("class Lava(Entity):\n    pass\n")
    assert with_types(text, {"Agent"}, [BEFORE]) == text
    with pytest.raises(SynthesisError, match="no Python name"):
        prelude_for([State([Entity("a b", x=1, y=1)])])
