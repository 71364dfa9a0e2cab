"""Answers read leniently."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wc_engine.errors import SynthesisError
from wc_engine.models.program import Program
from wc_engine.synthesis.llm.missions import mission_distance, nearest_rewards, reward_functions, with_mission_reward
from wc_engine.synthesis.llm.parsing import read_program
from wc_engine.synthesis.llm.source import join_units, units_of

BASE = """\
import math

SIZE = 3  # of the room


class Entity:
    pass


class Wall(Entity):
    pass


# How far one gets.
def reach(x):
    return x + SIZE


def transition(state, action):
    return state


def reward_func(state, action, next_state):
    return 0.0, False
"""
TRANSITION = "def transition(state, action):\n    return {reach(1)}\n"
REWARD = "def reward_func(state, action, next_state):\n    return 1.0, True\n"
FENCE = "```"


def fenced(text: str, tag: str = "python") -> str:
    return f"{FENCE}{tag}\n{text}{FENCE}\n"


def functions(text: str) -> dict[str, str]:
    """Return the definitions of a program by name, formatted alike."""
    return {node.name: ast.unparse(node) for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(
    "answer",
    [
        fenced(TRANSITION + REWARD),
        fenced(TRANSITION + REWARD, ""),
        fenced(TRANSITION + REWARD, "Python"),
        "Sure! Here it is:\n\n" + fenced(TRANSITION + REWARD) + "\nHope that helps.",
        "First transition:\n" + fenced(TRANSITION) + "and then the reward:\n" + fenced(REWARD),
        fenced("def transition(state, action):\n    return None\n") + "No, better:\n" + fenced(TRANSITION + REWARD),
        fenced('{"json": 1}\n', "json") + fenced(TRANSITION + REWARD) + fenced("pip install x\n", "bash"),
        fenced(TRANSITION + REWARD).removesuffix(FENCE + "\n"),
        "~~~python\n" + TRANSITION + REWARD + "~~~",
        TRANSITION + REWARD,
        "Here you are.\n\n" + TRANSITION + "\nThis moves things; and the reward:\n\n" + REWARD + "\nThat is all.",
        "<think>" + fenced("def transition(s, a): return 3\n") + "</think>" + fenced(TRANSITION + REWARD),
        "so far I have\n" + fenced("x = 1\n") + "</think>" + fenced(TRANSITION + REWARD),
        "1. The program:\n\n    " + fenced(TRANSITION + REWARD).replace("\n", "\n    "),
        fenced(TRANSITION + REWARD + "\nif __name__ == '__main__':\n    transition(set(), 'x')\n"),
        fenced(TRANSITION + REWARD + "\nprint(transition(set(), 'x'))\nassert transition\n"),
        fenced(TRANSITION + REWARD + "\ndef reach(x):\n    ...  # as before\n"),
        fenced("for x in ???\n") + fenced(TRANSITION + REWARD),
    ],
)
def test_a_program_is_found_however_it_is_wrapped_and_completed_with_what_it_calls(answer: str) -> None:
    text = read_program(answer, BASE)
    expected = functions(BASE) | functions(TRANSITION + REWARD)
    assert functions(text) == expected
    assert "SIZE = 3" in text
    assert "__main__" not in text
    assert "print" not in text


def test_an_edit_of_one_function_leaves_the_rest_of_the_program_with_its_comments() -> None:
    text = read_program(fenced("import copy\n\n\ndef reach(x):\n    return copy.copy(x)\n"), BASE)
    assert functions(text) == functions(BASE) | {"reach": "def reach(x):\n    return copy.copy(x)"}
    assert "SIZE = 3  # of the room" in text
    assert text.index("import copy") < text.index("def reach")


def test_new_helpers_stand_ahead_of_what_an_edit_replaces() -> None:
    edit = "LIMITS = {'a': 1}\n\nclass Odd(Entity):\n    limit = LIMITS['a']\n\n" + TRANSITION
    text = read_program(fenced(edit), BASE)
    exec(compile(text, "program", "exec"), {"__name__": "program"})
    assert text.index("class Odd") < text.index("def transition")
    assert text.index("class Entity") < text.index("class Odd")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("I cannot help with that.", "no code"),
        (fenced("for x in ???\n"), "none of its code can be parsed"),
        (fenced("1 + 1\n"), "defines nothing"),
        (fenced("def transition(state):\n    return state\n"), "transition has 1 parameter"),
        (fenced("def transition(state, action):\n    return state\nreturn 3\n"), "outside function"),
        (fenced("async def transition(state, action):\n    return state\n"), "coroutine"),
        (fenced("x = '\0'\n"), "null"),
    ],
)
def test_what_gives_no_program_is_refused_with_the_reason_and_the_answer(answer: str, reason: str) -> None:
    with pytest.raises(SynthesisError, match=reason) as caught:
        read_program(answer, BASE)
    assert caught.value.program == answer


def test_an_answer_to_a_request_for_a_program_from_nothing_must_define_the_contract() -> None:
    with pytest.raises(SynthesisError, match="no reward function"):
        read_program(fenced(TRANSITION), "class Entity:\n    pass\n")


@given(st.text(alphabet=st.sampled_from("`~ \n\tdefx=():#'\"return@class<think>"), max_size=200))
def test_any_answer_is_a_program_or_refused(answer: str) -> None:
    try:
        text = read_program(answer, BASE)
    except SynthesisError:
        return
    Program.from_text(text)


@given(
    st.permutations(
        ["a = 1", "# why\nb = 2; c = 3", "@f\ndef g():\n    return '''\n\n'''", "class C: x = 1", "import os"]
    )
)
def test_a_text_taken_apart_and_joined_means_the_same(parts: list[str]) -> None:
    text = "\n\n".join(parts) + "\n"
    assert ast.dump(ast.parse(join_units(units_of(text)))) == ast.dump(ast.parse(text))
    assert "# why" in join_units(units_of(text))


def test_distance_of_missions_counts_words() -> None:
    assert mission_distance("get the red key", "get the red key") == 0
    assert mission_distance("get the red key", "get the blue key") == 1
    assert mission_distance("get the red key", "open a door") == 4
    assert mission_distance("", "open a door") == 3


TABLED = BASE + "\n\nREWARD_FUNCS = {\n    'get a key': reward_func,\n}\n"
OPENING = "def helper(a):\n    return a\n\ndef reward_func(state, action, next_state):\n    return helper(2.0), True\n"


def test_the_reward_of_a_new_mission_is_added_and_others_keep_theirs() -> None:
    text = with_mission_reward(TABLED, "open a door", fenced(OPENING))
    assert reward_functions(text) == {"get a key": "reward_func", "open a door": "reward_func_2"}
    again = with_mission_reward(text, "open a box", fenced(OPENING.replace("helper(2.0)", "helper(3.0)")))
    namespace: dict[str, object] = {"__name__": "program"}
    exec(compile(again, "program", "exec"), namespace)
    table = namespace["REWARD_FUNCS"]
    assert {mission: function(None, None, None) for mission, function in table.items()} == {  # type: ignore[attr-defined]
        "get a key": (0.0, False),
        "open a door": (2.0, True),
        "open a box": (3.0, True),
    }
    assert list(nearest_rewards(again, "open a chest", 2)) == ["open a box", "open a door"]
    assert "helper(3.0)" in nearest_rewards(again, "open a chest", 2)["open a box"]


def test_the_reward_of_a_known_mission_is_replaced() -> None:
    text = with_mission_reward(TABLED, "get a key", fenced(REWARD))
    assert functions(text)["reward_func"] == ast.unparse(ast.parse(REWARD))
    assert reward_functions(text) == {"get a key": "reward_func"}


def test_a_helper_of_the_same_name_does_not_change_what_others_call() -> None:
    answer = fenced("def reach(x):\n    return x.reach\n\n" + REWARD.replace("1.0", "reach(state)"))
    text = with_mission_reward(TABLED, "open a door", answer)
    found = functions(text)
    assert found["reach"] == functions(BASE)["reach"]
    assert found["reach_2"] == "def reach_2(x):\n    return x.reach"
    assert "reach_2(state)" in found["reward_func_2"]


def test_a_whole_program_for_one_mission_does_not_drop_the_rewards_of_others() -> None:
    text = read_program(fenced(TRANSITION + REWARD), TABLED)
    assert reward_functions(text) == {"get a key": "reward_func"}
