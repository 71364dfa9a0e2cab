"""Many steps at once: the same as one by one, whatever the models, the threads and the sizes."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_problem import FAILED, OK, OUT_OF_FUEL, OUT_OF_RANGE, Edge, System, TableProblem, line, systems
from tasks.c_library import CModel, build_library, compiler, make_capsule

from wc_engine.models.base import StepOutcome
from wc_engine.models.batch import BatchStepper, expand_batch, num_cores, step_batch
from wc_engine.planners import InterpretedProblem
from wc_engine.planners._core.stepping import Stepper
from wc_engine.state import Entity, State

ALL_STATUSES = (OK, OK, OK, FAILED, OUT_OF_RANGE, OUT_OF_FUEL)


class Counter:
    """``slow_model.c``: a problem of one word and four actions."""

    def __init__(self, spins: int = 0, failing: int = 7, with_batch: bool = False, batch_status: int = OK) -> None:
        if compiler() is None:
            pytest.skip("needs a C compiler: install gcc or clang, or set CC")
        self._library = build_library(Path(__file__).with_name("slow_model.c"), ("-O1",))
        self._memory = (ctypes.c_int64 * 4)()
        self._model = CModel()
        self._library.counter_bind(
            self._memory,
            ctypes.byref(self._model),
            ctypes.c_int64(spins),
            ctypes.c_uint64(failing),
            int(with_batch),
            batch_status,
        )
        self.capsule = make_capsule(self._model)

    @property
    def batches(self) -> int:
        return self._memory[3]


def expected_step(problem: TableProblem, words: np.ndarray, action: int) -> tuple[int, tuple[int, ...], float, bool]:
    """Return what a single step gives; a step without an answer keeps the state."""
    before = tuple(map(int, words))
    status, after, reward, done = Stepper(problem.capsule).step(before, action)
    return (status, after, reward, done) if status == OK else (status, before, 0.0, False)


def rows_of(result) -> list[tuple[int, tuple[int, ...], float, bool]]:
    """Return a flat result row by row."""
    words = result.next.reshape(-1, result.next.shape[-1])
    return [
        (int(status), tuple(map(int, row)), float(reward), bool(done))
        for status, row, reward, done in zip(
            result.statuses.ravel(), words, result.rewards.ravel(), result.dones.ravel(), strict=True
        )
    ]


@settings(max_examples=60, deadline=None)
@given(
    system=systems(statuses=ALL_STATUSES),
    num_words=st.integers(1, 3),
    with_expand=st.booleans(),
    count=st.integers(0, 300),
    threads=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_rows_give_what_single_steps_give(
    system: System, num_words: int, with_expand: bool, count: int, threads: int, seed: int
) -> None:
    problem = TableProblem(system, num_words=num_words, with_expand=with_expand)
    random = np.random.default_rng(seed)
    words = np.array([problem.words_of(number) for number in range(len(system))])
    states = words[random.integers(0, len(system), count)].reshape(count, num_words)
    actions = random.integers(0, len(system[0]), count)
    result = step_batch(problem, states, actions, threads)
    assert rows_of(result) == [expected_step(problem, *row) for row in zip(states, actions, strict=True)]
    children = expand_batch(problem, states, threads)
    assert children.next.shape == (count, len(system[0]), num_words)
    assert rows_of(children) == [
        expected_step(problem, row, action) for row in states for action in range(len(system[0]))
    ]


def test_rows_may_belong_to_several_problems() -> None:
    problems = [TableProblem(line(length), num_words=2) for length in (2, 3, 9)]
    stepper = BatchStepper(problems)
    which = np.arange(300) % 3
    actions = np.arange(300) % 2
    states = np.repeat(problems[0].words_of(1)[None], 300, axis=0)
    assert rows_of(stepper.step(states, actions, which)) == [
        expected_step(problems[which[row]], states[row], int(actions[row])) for row in range(300)
    ]
    children = stepper.expand(states, which)
    assert rows_of(children) == [
        expected_step(problems[which[row]], states[row], action) for row in range(300) for action in range(2)
    ]


@pytest.mark.parametrize("with_expand", [False, True])
def test_rows_of_narrower_problems_end_in_zeros(with_expand: bool) -> None:
    system = [[Edge(1), Edge(0, reward=2.0), Edge(0, status=FAILED)], [Edge(0), Edge(1), Edge(1, status=OUT_OF_RANGE)]]
    problems = [TableProblem(system, num_words=words, with_expand=with_expand) for words in (1, 3, 2)]
    stepper = BatchStepper(problems)
    which, numbers, actions = np.arange(99) % 3, np.arange(99) // 3 % 2, np.arange(99) // 6 % 3
    wide = np.zeros((3, 2, 3), dtype=np.uint64)
    for index, problem in enumerate(problems):
        wide[index, :, : problem.num_words] = [problem.words_of(0), problem.words_of(1)]
    states = wide[which, numbers]
    stepped, children = stepper.step(states, actions, which), stepper.expand(states, which)
    for row in range(99):
        for action in range(3):
            edge = system[numbers[row]][action]
            expected = wide[which[row], edge.next if edge.status == OK else numbers[row]]
            assert children.next[row, action].tolist() == expected.tolist()
            assert (children.statuses[row, action], children.rewards[row, action]) == (edge.status, edge.reward)
            if action == actions[row]:
                assert stepped.next[row].tolist() == expected.tolist()


@pytest.mark.parametrize("with_batch", [False, True])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_long_batches_are_shared_among_threads_and_models_batch_functions_are_used(
    with_batch: bool, threads: int
) -> None:
    problem = Counter(spins=20, with_batch=with_batch)
    states = np.arange(50_000, dtype=np.uint64)[:, None]
    actions = np.arange(50_000) % 4
    result = step_batch(problem, states, actions, threads)
    failed = np.arange(50_000) % 7 == 0
    after = np.where(failed, np.arange(50_000), np.arange(50_000) + actions + 1)
    assert (result.next[:, 0] == after).all()
    assert (result.statuses == np.where(failed, FAILED, OK)).all()
    assert (result.rewards == np.where(failed, 0.0, 0.5 * after)).all()
    assert (result.dones == (~failed & (after % 3 == 0))).all()
    assert (problem.batches > 0) == with_batch


def test_a_batch_function_that_breaks_leaves_an_internal_error_in_every_row() -> None:
    result = step_batch(Counter(with_batch=True, batch_status=0), np.ones((3, 1), np.uint64), np.zeros(3, int))
    assert rows_of(result) == [(0, (1,), 0.0, False)] * 3


@pytest.mark.parametrize("threads", [1, 2])
def test_given_next_states_are_scored(threads: int) -> None:
    stepper = BatchStepper([Counter(failing=7), Counter(failing=5)], threads)
    states, following = np.arange(20_000, dtype=np.uint64), np.arange(20_000, dtype=np.uint64)[::-1]
    actions, which = np.arange(20_000) % 4, np.arange(20_000) % 2
    result = stepper.reward(states[:, None], actions, following[:, None], which)
    failed = following % np.array([7, 5], dtype=np.uint64)[which] == 0
    assert (result.next[:, 0] == following).all()
    assert (result.statuses == np.where(failed, FAILED, OK)).all()
    assert (result.rewards == np.where(failed, 0, 100 * states + 10 * following + actions.astype(np.uint64))).all()
    assert (result.dones == (~failed & (following > states))).all()
    assert stepper.has_reward


def test_a_model_without_a_reward_function_of_its_own_scores_nothing() -> None:
    stepper = BatchStepper([TableProblem(line(3))])
    assert not stepper.has_reward
    with pytest.raises(ValueError, match="no reward function of its own"):
        stepper.reward(np.zeros((1, 1)), np.zeros(1, int), np.zeros((1, 1)))
    with pytest.raises(ValueError, match="a next state of 1 words for each of 1 states"):
        BatchStepper([Counter()]).reward(np.zeros((1, 1)), np.zeros(1, int), np.zeros((2, 1)))


def test_several_callers_share_the_threads() -> None:
    stepper = BatchStepper([Counter(spins=20)], threads=2)
    states = np.arange(20_000, dtype=np.uint64)[:, None]
    actions = np.zeros(20_000, dtype=int)
    expected = stepper.step(states, actions)
    with ThreadPoolExecutor(4) as executor:
        for result in executor.map(lambda _: stepper.step(states, actions), range(40)):
            assert all((one == other).all() for one, other in zip(result, expected, strict=True))


def test_a_child_process_has_threads_of_its_own() -> None:
    stepper = BatchStepper([Counter(spins=50)], threads=2)
    states, actions = np.arange(20_000, dtype=np.uint64)[:, None], np.zeros(20_000, dtype=int)
    expected = stepper.step(states, actions)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads: that is what is tested
        child = os.fork()
    if child == 0:
        same = all((one == other).all() for one, other in zip(stepper.step(states, actions), expected, strict=True))
        os._exit(0 if same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert (stepper.step(states, actions).next == expected.next).all()


def test_a_signal_is_heard_while_steps_run() -> None:
    class Heard(Exception):
        pass

    def hear(number: int, frame: FrameType | None) -> None:
        raise Heard

    stepper = BatchStepper([Counter(spins=100_000)], threads=2)
    before = signal.signal(signal.SIGALRM, hear)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(Heard):
            stepper.step(np.ones((10_000_000, 1), np.uint64), np.zeros(10_000_000, dtype=int))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_threads_do_not_keep_the_interpreter_from_ending(tmp_path: Path) -> None:
    program = """
import numpy as np
from test_batch import Counter
from wc_engine.models.batch import step_batch
step_batch(Counter(spins=100), np.ones((9999, 1), np.uint64), np.zeros(9999, int), 3)
"""
    paths = [str(Path(__file__).parent), *sys.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    environment.pop("PYTHONSAFEPATH", None)
    # In another folder: the sources, which may hold no built extensions, are not to hide the installed package.
    subprocess.run([sys.executable, "-c", program], env=environment, cwd=tmp_path, check=True, timeout=60)


class Fickle:
    """A model in Python that raises what no program raises."""

    def step(self, state: State, action: str, *, mission: str | None = None, next_state: State | None = None):
        if action == "break":
            raise ZeroDivisionError("the model itself is broken")
        return StepOutcome(next_state=State([Entity("Lamp", lit=True)]), reward=1.0, done=True)


def test_models_in_python_are_stepped_too_and_their_exceptions_raised() -> None:
    problem = InterpretedProblem(Fickle(), State([Entity("Lamp", lit=False)]), ("switch", "break"))
    states = np.repeat(problem.initial_words[None], 5, axis=0)
    result = step_batch(problem, states, np.zeros(5, dtype=int), threads=4)
    assert rows_of(result) == [(OK, (1,), 1.0, True)] * 5
    with pytest.raises(ZeroDivisionError, match="itself is broken"):
        step_batch(problem, states, np.ones(5, dtype=int))


def test_timing_takes_the_rows_that_steps_take() -> None:
    stepper = BatchStepper([Counter(), Counter()])
    states, actions = np.ones((10, 1), np.uint64), np.zeros(10, dtype=int)
    assert stepper.step_seconds(states, actions, repeats=100) > 0
    assert stepper.step_seconds(states, actions, np.ones(10, dtype=int), repeats=100) > 0
    assert stepper.expand_seconds(states, repeats=100) > 0
    assert stepper.expand_seconds(states[:0]) >= 0


@pytest.mark.parametrize(
    ("states", "actions", "which", "message"),
    [
        (np.zeros((2, 2)), [0, 0], None, "expected states of 1 words, got 2"),
        (np.zeros((2, 1)), [0], None, "expected 2 actions, one for each state, got 1"),
        (np.zeros((2, 1)), [0, 2], None, "expected actions below 2, got 2"),
        (np.zeros((2, 1)), [0, -1], None, "expected actions below 2, got -1"),
        (np.zeros((2, 1)), [0, 0], [0], "expected the model of each of 2 rows, got 1"),
        (np.zeros((2, 1)), [0, 0], [0, 1], "expected models below 1, got 1"),
    ],
)
def test_rows_that_are_not_the_models_are_refused(states, actions, which, message: str) -> None:
    stepper = BatchStepper([TableProblem(line(3))])
    rows = states.astype(np.uint64), np.array(actions), None if which is None else np.array(which)
    for step in (stepper.step, stepper.step_seconds):
        with pytest.raises(ValueError, match=message):
            step(*rows)


def test_models_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one model"):
        BatchStepper([])
    with pytest.raises(ValueError, match="at least one thread"):
        BatchStepper([TableProblem(line(2))], threads=0)
    with pytest.raises(ValueError, match="same number of actions"):
        BatchStepper([TableProblem(line(2)), TableProblem([[Edge(0)]])])
    assert num_cores() >= 1
