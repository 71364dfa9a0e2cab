"""The state table of csrc/wc_table.h against Python's dict."""

from __future__ import annotations

import ctypes

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from table_problem import c_library

FULL, FOUND, NEW = -1, 0, 1
NO_STATE = 2**32 - 1
UNLIMITED = 2**40
HASHES = {
    "the real hash": (),
    "one hash for all states": ("-DWC_TABLE_HASH=constant_hash",),
    "one home slot for all states": ("-DWC_TABLE_HASH=same_home_hash",),
    "slots that are filled in turns": ("-DWC_TABLE_LARGE=16", "-DWC_TABLE_TURN=5"),
}


class Table:
    """The C table, with states as tuples of words."""

    def __init__(self, num_words: int, memory_limit: int = UNLIMITED, hash_name: str = "the real hash") -> None:
        flags = ("-O1", "-fsanitize=undefined", "-fsanitize-undefined-trap-on-error", *HASHES[hash_name])
        library = c_library("table_shim.c", flags)
        library.shim_new.restype = ctypes.c_void_p
        library.shim_bytes.restype = ctypes.c_size_t
        library.shim_word.restype = ctypes.c_uint64
        for name in ("shim_find", "shim_count", "shim_parent"):
            getattr(library, name).restype = ctypes.c_uint32
        self.library = library
        self.num_words = num_words
        address = library.shim_new(num_words, ctypes.c_size_t(memory_limit))
        if address is None:
            raise MemoryError
        self.address = ctypes.c_void_p(address)

    def _words(self, state: tuple[int, ...]) -> ctypes.Array[ctypes.c_uint64]:
        return (ctypes.c_uint64 * self.num_words)(*state)

    def insert(self, state: tuple[int, ...], parent: int = NO_STATE) -> tuple[int, int]:
        index = ctypes.c_uint32()
        status = self.library.shim_insert(
            self.address, self._words(state), ctypes.c_uint32(parent), ctypes.byref(index)
        )
        return status, index.value

    def insert_range(self, count: int) -> None:
        """Insert ``count`` further states in C."""
        assert self.library.shim_insert_range(self.address, ctypes.c_uint32(count)) == NEW

    def find(self, state: tuple[int, ...]) -> int:
        return self.library.shim_find(self.address, self._words(state))

    def state(self, index: int) -> tuple[int, ...]:
        return tuple(self.library.shim_word(self.address, index, word) for word in range(self.num_words))

    def parent(self, index: int) -> int:
        return self.library.shim_parent(self.address, index)

    def __len__(self) -> int:
        return self.library.shim_count(self.address)

    @property
    def bytes(self) -> int:
        return self.library.shim_bytes(self.address)

    def close(self) -> None:
        self.library.shim_free(self.address)


WORDS = st.one_of(st.integers(0, 40), st.sampled_from([2**64 - 1, 2**63, 2**32 - 1]), st.integers(0, 2**64 - 1))


class TableAgainstDict(RuleBasedStateMachine):
    """Insertions and lookups, in any order, in a table and in a dict."""

    table: Table | None = None

    @initialize(num_words=st.integers(1, 3), hash_name=st.sampled_from(sorted(HASHES)))
    def start(self, num_words: int, hash_name: str) -> None:
        self.table = Table(num_words, hash_name=hash_name)
        self.numbers: dict[tuple[int, ...], int] = {}
        self.parents: list[int] = []

    def _cut(self, words: tuple[int, ...]) -> tuple[int, ...]:
        return words[: self.table.num_words]

    @rule(words=st.tuples(WORDS, WORDS, WORDS), parent=st.integers(0, 2**32 - 1))
    def insert(self, words: tuple[int, ...], parent: int) -> None:
        state = self._cut(words)
        expected = (FOUND, self.numbers[state]) if state in self.numbers else (NEW, len(self.numbers))
        assert self.table.insert(state, parent) == expected
        if expected[0] == NEW:
            self.numbers[state] = expected[1]
            self.parents.append(parent)

    @rule(first=WORDS, count=st.integers(1, 60))
    def insert_a_run(self, first: int, count: int) -> None:
        for offset in range(count):
            self.insert(((first + offset) % 2**64, 0, first), 7)

    @rule(words=st.tuples(WORDS, WORDS, WORDS))
    def find(self, words: tuple[int, ...]) -> None:
        state = self._cut(words)
        assert self.table.find(state) == self.numbers.get(state, NO_STATE)

    @invariant()
    def every_state_is_found_with_its_parent(self) -> None:
        if self.table is None:
            return
        assert len(self.table) == len(self.numbers)
        for state, number in self.numbers.items():
            assert self.table.find(state) == number
            assert self.table.state(number) == state
            assert self.table.parent(number) == self.parents[number]

    def teardown(self) -> None:
        if self.table is not None:
            self.table.close()


TestTableAgainstDict = TableAgainstDict.TestCase
TestTableAgainstDict.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


@pytest.mark.parametrize("num_words", [1, 2])
def test_a_large_table_takes_at_most_16_bytes_a_state_beyond_its_words(num_words: int) -> None:
    table = Table(num_words)
    worst = 0.0
    while len(table) < 2_000_000:
        table.insert_range(20_000)
        if len(table) >= 1_000_000:
            worst = max(worst, table.bytes / len(table) - 8 * num_words)
    table.close()
    assert 9 < worst <= 16


def test_a_full_table_refuses_new_states_stays_within_its_limit_and_keeps_what_it_has() -> None:
    table = Table(2, memory_limit=4096)
    stored = 0
    while table.insert((stored, stored), 0)[0] == NEW:
        stored += 1
    assert 50 < stored < 4096 // 20
    assert table.bytes <= 4096
    assert [table.find((number, number)) for number in range(stored + 1)] == [*range(stored), NO_STATE]
    assert table.insert((3, 3), 0) == (FOUND, 3)
    table.close()


def test_a_limit_below_the_smallest_table_is_refused() -> None:
    with pytest.raises(MemoryError):
        Table(1, memory_limit=100)
