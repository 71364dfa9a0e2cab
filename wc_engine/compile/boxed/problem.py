"""A boxed model bound to an initial state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wc_engine.compile.boxed._runtime import PackedProblem
from wc_engine.errors import EncodingError
from wc_engine.state.entities import State

if TYPE_CHECKING:
    from wc_engine.compile.boxed.model import BoxedModel
    from wc_engine.models.problem import Problem, U64Array

__all__ = ["BoxedProblem"]

_OUT_OF_RANGE = 3
_CAPACITY = 8
_WORD_BITS = 64
_MAX_KNOWN_BY_BIT = 60_000
_MAX_CAPACITY = 1 << 16


class BoxedProblem:
    """A boxed model bound to an initial state; implements ``wc_engine.models.problem.Problem``.

    A packed state is a mask of the initial state's entities, then the numbers of the others. Numbers are given out as
    entities are met, so words mean something in this process only.

    Args:
        model: the model.
        state: the initial state.
        capacity: room for entities that the initial state does not have; 0 for the usual number.
        others: further states, whose entities are known by bit as well.

    Raises:
        EncodingError: the state has something that native code has no place for.
    """

    def __init__(self, model: BoxedModel, state: State, capacity: int = 0, others: Iterable[State] = ()) -> None:
        self.model = model
        self.initial_state = state
        numbers = model.entities.numbers(state)
        met = set(numbers).union(*map(model.entities.numbers, others))
        # A class may give its objects attributes that the state does not have: these are the entities of later states.
        images = [number for number in model.runtime.images(met) if number]
        known = model.entities.sorted([*met, *images])[:_MAX_KNOWN_BY_BIT]
        duplicates = len(numbers) - len(set(numbers))
        self._capacity = max(capacity, _CAPACITY, duplicates, len(set(numbers) - set(known)))
        self._known = frozenset(known)
        self._packed = PackedProblem(model.runtime, np.array(known, np.uint32), self._capacity, model.actions)
        self.capsule: object = self._packed.capsule
        self.initial_words: U64Array = self.encode(state)

    @property
    def actions(self) -> tuple[str, ...]:
        """The action of each index."""
        return self.model.actions

    @property
    def num_words(self) -> int:
        """64-bit words of a packed state."""
        return self._packed.num_words

    @property
    def num_known(self) -> int:
        """Entities that have a bit in the mask: bits of its words, from the lowest of the first word on."""
        return len(self._known)

    @property
    def num_mask_words(self) -> int:
        """Words of the mask; those behind it hold two numbers each, 0 where there is no entity."""
        return -(-len(self._known) // _WORD_BITS)

    def encode(self, state: State) -> U64Array:
        """Pack a state. Shape ``[W]``, uint64.

        Raises:
            EncodingError: it differs from the initial state in more entities than there is room for, or has something
                that native code has no place for.
        """
        words = np.zeros(self.num_words, dtype=np.uint64)
        if not self.encode_numbers(np.array(self.model.entities.numbers(state), np.uint32), words):
            raise EncodingError(f"the state has more than {self._capacity} entities that the initial state has not")
        return words

    def encode_numbers(self, numbers: NDArray[np.uint32], words: U64Array) -> bool:
        """Pack a state given by the numbers of its entities, in canonical order; return whether there is room.

        Args:
            numbers: the numbers. Shape ``[E]``, uint32.
            words: filled in. Shape ``[W]``, uint64.
        """
        return self._packed.pack(numbers, words)

    def suits(self, state: State) -> bool:
        """Whether a state can be packed, with room left for the states that come after it."""
        numbers = self.model.entities.numbers(state)
        return len(numbers) - len(self._known.intersection(numbers)) <= self._capacity // 2

    def decode(self, words: U64Array) -> State:
        """Unpack a state."""
        return self.model.entities.state(self._packed.unpack(words))

    def step_words(self, words: U64Array, action: int) -> tuple[int, U64Array, float, bool]:
        """Return (status, next words, reward, done) of one step; the last three mean nothing unless status is OK."""
        following = np.zeros(self.num_words, dtype=np.uint64)
        status, reward, done = self._packed.step(words, action, following)
        return status, following, reward, done

    def reward_words(self, words: U64Array, action: int, following: U64Array) -> tuple[int, float, bool]:
        """Return (status, reward, done) of the reward function on a given next state."""
        return self._packed.reward(words, action, following)

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        """Answer a step that did not fit: with more room where that helps, else None."""
        if status != _OUT_OF_RANGE:
            return None
        state = self.decode(words)
        capacity = 2 * self._capacity
        while capacity <= _MAX_CAPACITY:
            wider = BoxedProblem(self.model, self.initial_state, capacity)
            if wider.step_words(wider.encode(state), action)[0] != _OUT_OF_RANGE:
                return wider
            capacity *= 4
        return None
