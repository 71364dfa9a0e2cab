from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from program_texts import NO_REWARD, STAY, program_of

from wc_engine.errors import InvalidModelError, UserInputError
from wc_engine.models.program import Program


def refusal(text: str) -> str:
    with pytest.raises(InvalidModelError) as caught:
        Program.from_text(text, "model.py")
    return str(caught.value)


def test_a_program_says_which_parts_of_the_contract_it_defines() -> None:
    assert Program.from_text(STAY + NO_REWARD).defines == {"transition", "reward_func"}
    assert Program.from_text(STAY + "REWARD_FUNCS = {}").defines == {"transition", "REWARD_FUNCS"}


def test_a_function_may_be_bound_in_any_way_that_a_module_can_bind_it() -> None:
    program = Program.from_text("if True:\n    transition = lambda s, a: s\nfrom math import hypot as reward_func")
    assert program.defines == {"transition", "reward_func"}


def test_the_last_definition_of_a_function_counts() -> None:
    wrong = "def transition(state):\n    return state\n"
    Program.from_text(wrong + STAY + NO_REWARD)
    assert "transition has 1 parameter" in refusal(STAY + wrong + NO_REWARD)


def test_a_syntax_error_points_at_its_place() -> None:
    assert refusal("x = 1\ny = = 2\n") == "model.py:2\n    y = = 2\n        ^\nsyntax error: invalid syntax"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (NO_REWARD, "no function transition(state, action); define it"),
        (STAY, "no reward function; define reward_func(state, action, next_state), or REWARD_FUNCS"),
        ("x = 'a\0b'", "null byte"),
        ("x = " + "-" * 100_000 + "1", "nested too deeply"),
        ("x = '\ud800'", "surrogates not allowed"),
        ("async def transition(state, action): pass" + NO_REWARD, "transition is a coroutine"),
        ("def transition(state, action, *, speed): pass" + NO_REWARD, "requires the keyword argument speed"),
        (STAY + "def reward_func(state, action): pass", "reward_func has 2 parameters; it is called as reward_func("),
        (STAY + "reward_func = lambda s, a, n, m: 0", "reward_func has 4 parameters"),
    ],
)
def test_a_text_that_can_never_be_a_model_is_refused_with_what_to_do(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.parametrize("signature", ["*args", "state, action=None", "s, a, b=1", "s, *rest", "s, a, *, b=2, **c"])
def test_any_signature_that_takes_two_arguments_is_accepted(signature: str) -> None:
    Program.from_text(f"def transition({signature}): return s\n" + NO_REWARD)


def test_imports_outside_the_pure_modules_are_flagged() -> None:
    program = Program.from_text(
        f"import copy, os.path\nfrom collections.abc import Set{STAY}    import numpy{NO_REWARD}"
    )
    assert program.imported_modules == ("collections.abc", "copy", "numpy", "os.path")
    assert program.foreign_imports == ("numpy", "os.path")


def test_a_program_is_its_text_and_its_file_name() -> None:
    assert program_of() == program_of()
    assert program_of() != Program.from_text(program_of().text, "other.py")
    assert program_of().content_hash == hashlib.sha256(program_of().text.encode()).hexdigest()


def test_a_file_is_read_as_utf8_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    text = "# prüfen\n" + STAY + NO_REWARD
    for prefix in (b"", b"\xef\xbb\xbf"):
        (tmp_path / "model.py").write_bytes(prefix + text.encode())
        assert Program.from_file(tmp_path / "model.py").text == text


def test_a_file_that_cannot_be_read_is_the_users_error(tmp_path: Path) -> None:
    (tmp_path / "latin.py").write_bytes(b"# one\n# pr\xfcfen\n")
    for name, words in [("none.py", "no such model file"), ("", "cannot read"), ("latin.py", "latin.py:2: byte 0xfc")]:
        with pytest.raises(UserInputError, match=words):
            Program.from_file(tmp_path / name)
