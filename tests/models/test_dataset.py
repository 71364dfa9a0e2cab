"""Transitions, datasets of them, and their files."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared_data import shared
from strategies import transitions

from wc_engine.errors import EncodingError, UserInputError
from wc_engine.models.dataset import (
    Transition,
    TransitionDataset,
    append_transition,
    read_transitions,
    write_transitions,
)
from wc_engine.state import Entity, State

BEFORE, AFTER = State([Entity("Player", x=1, y=1)]), State([Entity("Player", x=2, y=1)])
STEP = Transition("grid", "go", BEFORE, "move right", AFTER, -0.1, False)
WAIT = Transition("grid", "stay", BEFORE, "wait", BEFORE, 1.0, True)
LINE = (
    '{"env":"grid","mission":"go","state":[{"type":"Player","x":1,"y":1}],"action":"move right",'
    '"next_state":[{"type":"Player","x":2,"y":1}],"reward":-0.1,"done":false}\n'
)


@pytest.mark.parametrize("name", ["data.jsonl", "data.jsonl.gz"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(recorded=st.lists(transitions(), min_size=1, max_size=4))
def test_written_transitions_are_read_again(name: str, recorded: list[Transition], tmp_path: Path) -> None:
    write_transitions(tmp_path / name, recorded)
    assert read_transitions(tmp_path / name) == recorded
    assert [type(step.reward) for step in read_transitions(tmp_path / name)] == [float] * len(recorded)


def test_a_line_is_compact_json_with_the_keys_in_order(tmp_path: Path) -> None:
    write_transitions(tmp_path / "data.jsonl", [STEP])
    assert (tmp_path / "data.jsonl").read_text() == LINE


def test_equal_transitions_give_equal_compressed_files(tmp_path: Path) -> None:
    write_transitions(tmp_path / "one.gz", [STEP, WAIT])
    write_transitions(tmp_path / "two.gz", [STEP, WAIT])
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


def test_transitions_are_appended_to_a_path_or_an_open_file(tmp_path: Path) -> None:
    append_transition(tmp_path / "data.jsonl", STEP)
    append_transition(tmp_path / "data.jsonl", WAIT)
    assert read_transitions(tmp_path / "data.jsonl") == [STEP, WAIT]
    text = io.StringIO()
    append_transition(text, STEP)
    assert text.getvalue() == LINE


def test_blank_lines_a_byte_order_mark_and_other_keys_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("\ufeff" + LINE + "\n  \n" + LINE.replace("{", '{"seed": 3, ', 1).rstrip("\n"), encoding="utf-8")
    assert read_transitions(path) == [STEP, STEP]


def test_a_whole_reward_is_read_as_a_float(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text(LINE.replace("-0.1", "1"))
    (step,) = read_transitions(str(tmp_path / "data.jsonl"))
    assert type(step.reward) is float
    assert step.reward == 1.0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (LINE.replace('"done":false', '"dome":false'), 'key "done" is missing, expected true or false: add it'),
        (LINE.replace("false", "0"), 'key "done": expected true or false, found 0: repair'),
        (LINE.replace("-0.1", '"0"'), 'key "reward": expected a number, found "0": repair'),
        (LINE.replace("-0.1", "true"), 'key "reward": expected a number, found true: repair'),
        (LINE.replace('"move right"', "null"), 'key "action": expected a text, found null: repair'),
        (LINE.replace('"grid"', "[1,2]"), 'key "env": expected a text, the environment\'s name, found [1,2]: repair'),
        (
            LINE.replace('"type":"Player","x":2', '"x":2'),
            "key \"next_state\": entity 0: an entity needs the key 'type'",
        ),
        (
            LINE.replace('[{"type":"Player","x":1,"y":1}]', "7"),
            'key "state": expected a list of entities, found a number: repair',
        ),
        ("[1, 2]\n", "expected an object with the keys env, mission, state, action, next_state, reward, done"),
        ("env=grid\n", "not JSON (JSON is malformed"),
        (LINE[:60] + "\n", "not JSON (Input data was truncated), expected one object per line: repair or remove"),
        (LINE.replace("-0.1", "1e999"), "not JSON (Number out of range"),
        (LINE.replace("-0.1", "NaN"), "not JSON"),
        ('{"a":' * 100_000 + "\n", "not JSON"),
    ],
)
def test_a_broken_line_is_named_with_its_number_and_key(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(LINE + line + LINE)
    with pytest.raises(UserInputError) as caught:
        read_transitions(path)
    assert str(caught.value).startswith(f"{path}:2: {message}")
    assert "\n" not in str(caught.value)
    assert (caught.value.file, caught.value.line) == (str(path), 2)


def test_text_that_is_not_utf_8_is_a_broken_line(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_bytes(LINE.encode().replace(b"grid", b"gr\xffd"))
    with pytest.raises(UserInputError, match=r"data\.jsonl:1: not JSON"):
        read_transitions(tmp_path / "data.jsonl")


def make_missing(path: Path) -> None:
    """Leave the path free."""


def make_folder(path: Path) -> None:
    path.mkdir()


def make_empty(path: Path) -> None:
    path.write_bytes(b"")


def make_blank(path: Path) -> None:
    path.write_bytes(b"\n\n")


def make_truncated(path: Path) -> None:
    path.write_bytes(gzip.compress(LINE.encode() * 200)[:-20])


def make_damaged(path: Path) -> None:
    data = bytearray(gzip.compress(LINE.encode() * 200))
    data[-8] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_missing, "there is no such file"),
        (make_folder, "is a folder, expected a .jsonl or .jsonl.gz file"),
        (make_empty, "holds no transition"),
        (make_blank, "holds no transition"),
        (make_truncated, "the gzip data is cut off or damaged"),
        (make_damaged, "the gzip data is cut off or damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(make: Callable[[Path], None], message: str, tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl.gz"
    make(path)
    with pytest.raises(UserInputError) as caught:
        read_transitions(path)
    assert caught.value.message.startswith(message)
    assert caught.value.file == str(path)
    assert "\n" not in str(caught.value)


def test_the_content_tells_whether_a_file_is_compressed(tmp_path: Path) -> None:
    (tmp_path / "plain.gz").write_text(LINE)
    (tmp_path / "packed.jsonl").write_bytes(gzip.compress(LINE.encode()))
    assert read_transitions(tmp_path / "plain.gz") == read_transitions(tmp_path / "packed.jsonl") == [STEP]


@pytest.mark.parametrize("name", ["data.jsonl", "data.jsonl.gz"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(name: str, tmp_path: Path) -> None:
    write_transitions(tmp_path / name, [STEP])
    bad = Transition("grid", "go", BEFORE, "wait", BEFORE, float("nan"), False)
    with pytest.raises(EncodingError, match="nan"):
        write_transitions(tmp_path / name, [WAIT, bad])
    assert read_transitions(tmp_path / name) == [STEP]
    assert os.listdir(tmp_path) == [name]


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "missing" / "data.jsonl", tmp_path):
        with pytest.raises(UserInputError, match=r"cannot be written: .*; choose a file in a folder"):
            write_transitions(path, [STEP])
        with pytest.raises(UserInputError, match=r"cannot be written: .*; choose a file in a folder"):
            append_transition(path, STEP)
    assert os.listdir(tmp_path) == []


def test_text_that_unicode_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncodingError, match="Unicode"):
        write_transitions(tmp_path / "data.jsonl", [Transition("\ud800", "", BEFORE, "", BEFORE, 0.0, False)])


def test_a_dataset_keeps_order_and_repetitions() -> None:
    dataset = TransitionDataset([WAIT, STEP])
    assert dataset.append(WAIT)
    assert list(dataset) == [WAIT, STEP, WAIT]
    assert len(dataset) == 3
    assert dataset[1] is STEP
    assert dataset[-2:] == [STEP, WAIT]
    assert STEP in dataset


def test_a_unique_dataset_takes_each_transition_once() -> None:
    dataset = TransitionDataset([WAIT, STEP, WAIT], unique=True)
    assert list(dataset) == [WAIT, STEP]
    assert not dataset.append(STEP)
    assert dataset.extend([STEP, Transition("grid", "go", BEFORE, "move right", AFTER, -0.2, False)]) == 1


def test_a_dataset_knows_its_actions_missions_and_states() -> None:
    dataset = TransitionDataset([WAIT, STEP])
    assert dataset.actions == ("move right", "wait")
    assert dataset.missions == ("go", "stay")
    assert dataset.states() == [BEFORE, AFTER]


@pytest.mark.parametrize(("name", "size"), [("sokoban_boxoban", 400), ("fetch_5x5_n2", 600)])
def test_recorded_files_are_read_as_they_are(name: str, size: int) -> None:
    path = shared("corpus", "transitions", f"{name}.jsonl.gz")
    steps = read_transitions(path)
    assert len(steps) == size
    with gzip.open(path, "rt", encoding="utf-8") as file:
        first = json.loads(next(file))
    assert (steps[0].action, steps[0].reward, steps[0].done) == (first["action"], first["reward"], first["done"])
    assert len(steps[0].state) == len(first["state"])
