"""Steps to measure: from recorded states, and along random walks from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wc_engine.errors import EncodingError
from wc_engine.models.batch import BatchStepper
from wc_engine.models.problem import Problem, U64Array
from wc_engine.state.entities import State

__all__ = ["Sample", "expand_ns", "step_ns", "walk_from"]

_OK, _FAILED = 1, 2


@dataclass(frozen=True)
class Sample:
    """Steps of several problems, those of a problem side by side: its tables stay in the caches, as in a search.

    Attributes:
        stepper: steps them.
        words: the states before. Shape ``[B, W]``, uint64.
        actions: the index of each action. Shape ``[B]``, int32.
        which: the index of each step's problem. Shape ``[B]``, int32.
        unanswered: the share of steps that native code had no answer to; they are not in the sample.
    """

    stepper: BatchStepper
    words: U64Array
    actions: NDArray[np.int32]
    which: NDArray[np.int32]
    unanswered: float

    def state(self, row: int) -> State:
        """Return the state before a step, unpacked."""
        return self.decode(self.words[row], row)

    def decode(self, words: U64Array, row: int) -> State:
        """Unpack a state of a step's problem."""
        problem = self.stepper.problems[self.which[row]]
        return problem.decode(words[: problem.num_words])

    def in_other_problems(self, bind: Callable[[State], Problem]) -> tuple[Sample, NDArray[np.intp]]:
        """Return the same steps in problems of another model, and which they are: it may not take all states."""
        problems, which, states, taken = dict[int, int](), list[int](), list[U64Array](), list[int]()
        bound: list[Problem] = []
        for row in range(len(self.actions)):
            try:
                index = problems.get(int(self.which[row]), -1)
                if index < 0:
                    bound.append(bind(self.state(row)))
                    index = problems[int(self.which[row])] = len(bound) - 1
                states.append(bound[index].encode(self.state(row)))
            except EncodingError:
                continue
            which.append(index)
            taken.append(row)
        rows = np.zeros((len(states), max(map(len, states))), dtype=np.uint64)
        for row_words, words in zip(rows, states, strict=True):
            row_words[: len(words)] = words
        places = np.array(taken, dtype=np.intp)
        other = Sample(BatchStepper(bound), rows, self.actions[places], np.array(which, dtype=np.int32), 0.0)
        return other, places

    def chosen(self, places: NDArray[np.intp]) -> Sample:
        """Return some of the steps."""
        return Sample(self.stepper, self.words[places], self.actions[places], self.which[places], self.unanswered)


def walk_from(
    problems: Sequence[Problem], words: U64Array, which: NDArray[np.int32], steps: int, seed: int = 0
) -> Sample:
    """Walk at random from each of the given states, back to it where an episode ends or a step has no answer."""
    random = np.random.default_rng(seed)
    stepper = BatchStepper(problems)
    now, before, actions, answered = (
        words.copy(),
        list[U64Array](),
        list[NDArray[np.int32]](),
        list[NDArray[np.bool_]](),
    )
    for _ in range(steps):
        drawn = random.integers(stepper.num_actions, size=len(which), dtype=np.int32)
        result = stepper.step(now, drawn, which)
        before.append(now)
        actions.append(drawn)
        answered.append((result.statuses == _OK) | (result.statuses == _FAILED))
        ends = (result.statuses != _OK) | result.dones
        now = np.where(ends[:, None], words, result.next)
    # One walk behind the other, and the walks in a problem together.
    order = np.argsort(which, kind="stable")
    has_answer = np.array(answered)[:, order].T.reshape(-1)
    return Sample(
        stepper,
        np.array(before)[:, order].transpose(1, 0, 2).reshape(-1, words.shape[1])[has_answer],
        np.array(actions)[:, order].T.reshape(-1)[has_answer],
        np.repeat(which[order], steps)[has_answer],
        float(1.0 - has_answer.mean()) if len(has_answer) else 0.0,
    )


def step_ns(sample: Sample, seconds: float) -> float:
    """Return the nanoseconds of a step: packed words to packed words, one thread, for about that many seconds."""
    return (
        _measured(
            lambda repeats: sample.stepper.step_seconds(sample.words, sample.actions, sample.which, repeats), seconds
        )
        / len(sample.actions)
        * 1e9
    )


def expand_ns(sample: Sample, seconds: float) -> float:
    """Return the nanoseconds of a child where all children of a state are made at once."""
    rows = len(sample.actions) * sample.stepper.num_actions
    return (
        _measured(lambda repeats: sample.stepper.expand_seconds(sample.words, sample.which, repeats), seconds)
        / rows
        * 1e9
    )


def _measured(run: Callable[[int], float], seconds: float) -> float:
    """Return the seconds of one pass; it is repeated for about ``seconds``."""
    once = run(1)
    repeats = max(1, int(seconds / max(once, 1e-9)))
    return run(repeats) / repeats
