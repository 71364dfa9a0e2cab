"""The ordered set against Python's own, and the order that it adds."""

from __future__ import annotations

import copy
import operator
import pickle
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from wc_engine.state import OrderedFrozenSet, OrderedSet
from wc_engine.state.stored_hashes import frozenset_hash, stored_hashes


class Thing:
    """An object that is hashed and compared by a value that may change; few hashes, so that they collide."""

    hash_calls = 0

    def __init__(self, value: int) -> None:
        self.value = value

    def __hash__(self) -> int:
        Thing.hash_calls += 1
        return self.value % 4

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing) and self.value == other.value

    def __repr__(self) -> str:
        return f"Thing({self.value})"


METHODS_OF_ONE = ["issubset", "issuperset", "isdisjoint", "symmetric_difference", "symmetric_difference_update"]
METHODS_OF_MANY = [
    "union",
    "intersection",
    "difference",
    "update",
    "intersection_update",
    "difference_update",
]
OPERATORS = ["or_", "and_", "sub", "xor", "ior", "iand", "isub", "ixor", "eq", "ne", "lt", "le", "gt", "ge"]
ELEMENT_METHODS = ["add", "discard", "remove", "__contains__"]
INDEX = st.integers(0, 5)

Outcome = tuple[str, Any]


def outcome(call: Callable[[], Any]) -> Outcome:
    """Return what a call gives: the kind of its error, or its value, a set as the ids of its elements."""
    try:
        value = call()
    except Exception as error:
        return type(error).__name__, str(error)
    if isinstance(value, (set, frozenset)):
        return "set" if isinstance(value, set) else "frozenset", sorted(map(id, value))
    return "value", value


class OrderedSetAgainstPython(RuleBasedStateMachine):
    """Pairs of an ordered set and a set of Python with the same history, over things that change while inside."""

    def __init__(self) -> None:
        super().__init__()
        self.things = [Thing(value) for value in range(6)]
        self.pairs: list[tuple[Any, Any]] = [(OrderedSet(), set()), (OrderedFrozenSet(), frozenset())]
        self.mapping: dict[Thing, None] = {}
        self.mapping_hashes: list[tuple[int, Thing]] = []

    def check_same(self, ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
        """Both calls end in the same way and compute as many hashes (some operations stop earlier since 3.12)."""
        before = Thing.hash_calls
        expected = outcome(theirs)
        between = Thing.hash_calls
        assert outcome(ours) == expected
        if sys.version_info < (3, 12):
            assert Thing.hash_calls - between == between - before

    def argument(self, kind: str, pair: int, chosen: list[int]) -> tuple[Any, Any]:
        """Return an argument for the ordered set and one for Python's."""
        if kind == "set":
            return self.pairs[pair % len(self.pairs)]
        if kind == "python's set":
            return (self.pairs[pair % len(self.pairs)][1].copy(),) * 2
        if kind == "dict":
            return self.mapping, self.mapping
        things = [self.things[index] for index in chosen]
        return things, things

    @rule(pair=INDEX, name=st.sampled_from(ELEMENT_METHODS), thing=INDEX)
    def element(self, pair: int, name: str, thing: int) -> None:
        ours, theirs = self.pairs[pair % len(self.pairs)]
        if hasattr(theirs, name):
            key = self.things[thing]
            self.check_same(lambda: getattr(ours, name)(key), lambda: getattr(theirs, name)(key))

    KINDS = st.sampled_from(["set", "set", "python's set", "dict", "list"])
    CHOSEN = st.lists(INDEX, max_size=8)

    @rule(pair=INDEX, name=st.sampled_from(METHODS_OF_ONE), kind=KINDS, other=INDEX, chosen=CHOSEN)
    def method(self, pair: int, name: str, kind: str, other: int, chosen: list[int]) -> None:
        ours, theirs = self.pairs[pair % len(self.pairs)]
        if name == "issubset" and kind == "dict" and sys.version_info >= (3, 12):
            return  # computes the hashes of the dict's keys since 3.12; here it is as in 3.11
        if hasattr(theirs, name):
            our_argument, their_argument = self.argument(kind, other, chosen)
            self.check_same(lambda: getattr(ours, name)(our_argument), lambda: getattr(theirs, name)(their_argument))

    @rule(
        pair=INDEX,
        name=st.sampled_from(METHODS_OF_MANY),
        arguments=st.lists(st.tuples(KINDS, INDEX, CHOSEN), max_size=2),
    )
    def method_of_many(self, pair: int, name: str, arguments: list[tuple[str, int, list[int]]]) -> None:
        ours, theirs = self.pairs[pair % len(self.pairs)]
        if hasattr(theirs, name):
            both = [self.argument(*argument) for argument in arguments]
            self.check_same(
                lambda: getattr(ours, name)(*(argument for argument, _ in both)),
                lambda: getattr(theirs, name)(*(argument for _, argument in both)),
            )

    @rule(pair=INDEX, other=INDEX, name=st.sampled_from(OPERATORS), kind=KINDS, chosen=CHOSEN)
    def operate(self, pair: int, other: int, name: str, kind: str, chosen: list[int]) -> None:
        index = pair % len(self.pairs)
        ours, theirs = self.pairs[index]
        our_argument, their_argument = self.argument(kind, other, chosen)
        if kind == "dict":
            our_argument = their_argument = self.mapping.keys()
        function = getattr(operator, name)
        expected = outcome(lambda: function(theirs, their_argument))
        actual = outcome(lambda: function(ours, our_argument))
        if expected[0] == "TypeError":
            assert actual[0] == "TypeError"
        else:
            assert actual == expected

    @precondition(lambda self: len(self.pairs) < 6)
    @rule(pair=INDEX, how=st.sampled_from(["copy", "set", "frozenset", "elements", "deepcopy", "copy.copy"]))
    def derive(self, pair: int, how: str) -> None:
        ours, theirs = self.pairs[pair % len(self.pairs)]
        if how == "copy":
            self.pairs.append((ours.copy(), theirs.copy()))
        elif how == "copy.copy":
            self.pairs.append((copy.copy(ours), copy.copy(theirs)))
        elif how == "set":
            self.pairs.append((OrderedSet(ours), set(theirs)))
        elif how == "frozenset":
            self.pairs.append((OrderedFrozenSet(ours), frozenset(theirs)))
        elif how == "elements":
            elements = list(ours)
            self.pairs.append((OrderedSet(elements), set(elements)))
        else:
            memo = {id(thing): thing for thing in self.things}
            # Which of several elements that became equal survives depends on their order, which Python's set shuffles.
            if len({thing.value for thing in ours}) == len(set(map(id, ours))):
                self.pairs.append((copy.deepcopy(ours, dict(memo)), copy.deepcopy(theirs, dict(memo))))

    @precondition(lambda self: len(self.pairs) < 6)
    @rule(pair=INDEX, name=st.sampled_from(["or_", "and_", "sub", "xor"]), other=INDEX)
    def keep_result(self, pair: int, name: str, other: int) -> None:
        function = getattr(operator, name)
        ours, theirs = self.pairs[pair % len(self.pairs)]
        our_other, their_other = self.pairs[other % len(self.pairs)]
        self.pairs.append((function(ours, our_other), function(theirs, their_other)))

    @rule(chosen=CHOSEN)
    def fill_mapping(self, chosen: list[int]) -> None:
        self.mapping = dict.fromkeys(self.things[index] for index in chosen)
        self.mapping_hashes = [(thing.value % 4, thing) for thing in self.mapping]

    @precondition(lambda self: len(self.pairs) > 3)
    @rule(pair=INDEX)
    def forget(self, pair: int) -> None:
        del self.pairs[pair % len(self.pairs)]

    @rule(thing=INDEX, value=st.integers(0, 9))
    def mutate(self, thing: int, value: int) -> None:
        before = self.things[thing].value
        self.things[thing].value = value
        # Where two equal elements are under one stored hash, what Python finds is chance: not this machine's matter.
        hashed = [ours._hashed() for ours, _ in self.pairs] + [self.mapping_hashes]
        if any(len(pairs) != len({(key, element.value) for key, element in pairs}) for pairs in hashed):
            self.things[thing].value = before

    @invariant()
    def both_have_the_same_elements(self) -> None:
        for ours, theirs in self.pairs:
            assert isinstance(ours, OrderedSet if isinstance(theirs, set) else OrderedFrozenSet)
            assert len(ours) == len(theirs)
            assert bool(ours) == bool(theirs)
            assert sorted(map(id, ours)) == sorted(map(id, theirs))
            assert [thing in ours for thing in self.things] == [thing in theirs for thing in self.things]


OrderedSetAgainstPython.TestCase.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
TestOrderedSetAgainstPython = OrderedSetAgainstPython.TestCase


@pytest.mark.parametrize("value", [OrderedSet([3, 1]), OrderedFrozenSet([3, 1])])
def test_it_is_one_of_pythons_sets(value: Any) -> None:
    assert isinstance(value, set if isinstance(value, OrderedSet) else frozenset)
    assert isinstance(value, Iterable)
    assert type(value).__name__ in ("set", "frozenset")


def test_its_text_is_that_of_pythons_set() -> None:
    assert repr(OrderedSet([3, 1])) == "{3, 1}"
    assert repr(OrderedSet()) == "set()"
    assert repr(OrderedFrozenSet("ba")) == "frozenset({'b', 'a'})"
    assert repr(OrderedFrozenSet()) == "frozenset()"


def test_it_iterates_in_insertion_order_and_an_element_added_again_comes_last() -> None:
    numbers = OrderedSet([30, 4, 17, 4, 9])
    assert list(numbers) == [30, 4, 17, 9]
    numbers.remove(4)
    numbers.add(4)
    assert list(numbers) == [30, 17, 9, 4]
    assert numbers.pop() == 30


def test_elements_under_one_hash_keep_their_place_in_the_order() -> None:
    a, b, c = Thing(0), Thing(1), Thing(4)
    things = OrderedSet([a, b, c])
    assert list(things) == [a, b, c]
    things.discard(a)
    things.add(Thing(8))
    assert [thing.value for thing in things] == [1, 4, 8]
    assert Thing(4) in things
    assert Thing(0) not in things


def test_results_have_the_order_in_which_python_inserts() -> None:
    a, b = OrderedSet([5, 1, 3]), OrderedSet([4, 3, 2, 5])
    assert list(a | b) == [5, 1, 3, 4, 2]
    assert list(a - b) == [1]
    assert list(a & b) == [5, 3]
    assert list(b & a) == [5, 3]
    assert list(a & OrderedSet([3, 5, 9])) == [3, 5]
    assert list(a.intersection([9, 3, 5])) == [3, 5]
    assert list(a ^ b) == [4, 2, 1]
    a ^= b
    assert list(a) == [1, 4, 2]


def test_an_element_that_changed_is_no_longer_found() -> None:
    thing = Thing(1)
    things = OrderedSet([thing])
    thing.value = 2
    assert thing not in things
    things.discard(thing)
    with pytest.raises(KeyError):
        things.remove(thing)
    assert list(things) == [thing]
    things.add(thing)
    assert list(things) == [thing, thing]
    assert list(things.copy()) == [thing, thing]
    assert len(OrderedSet(list(things))) == 1


def test_a_set_or_a_copy_of_it_keeps_stored_hashes_and_a_list_or_deepcopy_computes_them() -> None:
    thing = Thing(1)
    things = OrderedSet([thing])
    thing.value = 2
    for kept in (OrderedSet(things), things.copy(), copy.copy(things), things | OrderedSet(), OrderedFrozenSet(things)):
        assert thing not in kept
    for computed in (OrderedSet(list(things)), OrderedSet(element for element in things)):
        assert thing in computed
    assert Thing(2) in copy.deepcopy(things)
    assert Thing(2) in pickle.loads(pickle.dumps(things))


def test_the_first_of_several_equal_elements_is_found() -> None:
    first, second = Thing(0), Thing(4)
    things = OrderedSet([first, second])
    second.value = 0
    assert len(things) == 2
    assert next(iter(things & OrderedSet([Thing(0), Thing(1), Thing(2)]))) is first
    things.discard(Thing(0))
    assert next(iter(things)) is second


def test_a_set_is_looked_up_as_a_frozenset() -> None:
    sets = OrderedSet([OrderedFrozenSet([1, 2]), frozenset([3])])
    assert OrderedSet([2, 1]) in sets
    assert {1, 2} in sets
    assert OrderedSet([3]) in sets
    sets.remove(OrderedSet([1, 2]))
    sets.discard({3})
    assert not sets
    with pytest.raises(TypeError):
        sets.add(OrderedSet())
    with pytest.raises(TypeError):
        [] in sets  # noqa: B015


def test_a_changed_size_stops_an_iteration() -> None:
    numbers = OrderedSet([1, 2, 3])
    iterator = iter(numbers)
    next(iterator)
    numbers.add(4)
    with pytest.raises(RuntimeError, match="Set changed size during iteration"):
        next(iterator)
    last = OrderedSet([1])
    with pytest.raises(RuntimeError):  # noqa: PT012  # the change after the last element counts too
        for _ in last:
            last.add(2)


def test_an_iteration_skips_removed_elements_and_does_not_visit_added_ones() -> None:
    numbers = OrderedSet([1, 2, 3])
    visited = []
    for number in numbers:
        visited.append(number)
        if number == 1:
            numbers.remove(2)
            numbers.add(4)
    assert visited == [1, 3]


def test_an_element_removed_and_added_again_is_not_visited() -> None:
    numbers = OrderedSet([1, 2, 3])
    iterator = iter(numbers)
    numbers.remove(2)
    numbers.add(2)
    assert list(iterator) == [1, 3]
    assert list(numbers) == [1, 3, 2]


def test_an_exhausted_iterator_stays_exhausted() -> None:
    for numbers in (OrderedSet([1]), OrderedFrozenSet([1])):
        iterator = iter(numbers)
        assert list(iterator) == [1]
        if isinstance(numbers, OrderedSet):
            numbers.add(2)
        assert list(iterator) == []


def test_an_intersection_in_place_does_not_disturb_an_iteration_over_what_stays() -> None:
    numbers = OrderedSet([1, 2, 3])
    visited = []
    for number in numbers:
        visited.append(number)
        numbers &= numbers
    assert visited == [1, 2, 3]


def test_frozen_sets_hash_and_compare_as_pythons() -> None:
    for elements in ([], [1], list(range(40)), ["a", "b"], [None, 1.5, (1, 2)]):
        assert hash(OrderedFrozenSet(elements)) == hash(frozenset(elements))
        assert OrderedFrozenSet(elements) == frozenset(elements)
    assert {OrderedFrozenSet([1, 2]): "x"}[frozenset([2, 1])] == "x"
    with pytest.raises(TypeError):
        hash(OrderedSet())


def test_a_frozen_set_of_a_frozen_set_is_itself() -> None:
    frozen = OrderedFrozenSet([1])
    assert OrderedFrozenSet(frozen) is frozen
    assert frozen.copy() is frozen
    assert copy.copy(frozen) is frozen
    frozen_before = frozen
    frozen |= {2}
    assert frozen_before == {1}
    assert frozen == {1, 2}


def test_pythons_set_on_the_left_is_understood() -> None:
    assert list({1} | OrderedSet([5, 3])) == [1, 5, 3]
    assert {1, 5} & OrderedSet([5, 3]) == {5}
    assert {1, 5} - OrderedSet([5, 3]) == {1}
    assert {1, 5} ^ OrderedSet([5, 3]) == {1, 3}
    assert {1, 5} == OrderedSet([5, 1])
    assert {1} < OrderedSet([5, 1])
    assert isinstance(frozenset([1]) | OrderedFrozenSet([2]), OrderedFrozenSet)


def test_views_of_a_dict_on_the_right_are_understood() -> None:
    keys = {1: "a", 2: "b", 3: "c"}.keys()
    numbers = OrderedSet([9, 3, 1])
    assert list(numbers - keys) == [9]
    assert list(numbers & keys) == [1, 3]
    assert list(numbers | keys) == [9, 3, 1, 2]
    assert list(numbers ^ keys) == [9, 2]
    assert numbers != keys
    assert OrderedSet([1, 2]) < keys
    with pytest.raises(TypeError):
        numbers | [1]


def test_results_of_a_subclass_are_of_the_base_type_and_its_copies_are_not() -> None:
    class Named(OrderedSet):
        name = "none"

    named = Named([1, 2])
    named.name = "numbers"
    assert type(named | {3}) is OrderedSet
    assert type(named.copy()) is OrderedSet
    deep = copy.deepcopy(named)
    assert type(deep) is Named
    assert deep.name == "numbers"
    assert deep == {1, 2}
    assert repr(named) == "Named({1, 2})"


def test_pickling_keeps_order_and_type() -> None:
    for value in (OrderedSet([3, 1, 2]), OrderedFrozenSet("cab")):
        again = pickle.loads(pickle.dumps(value))
        assert type(again) is type(value)
        assert list(again) == list(value)


def test_clear_and_construction_again_empty_a_set() -> None:
    numbers = OrderedSet([1, 2])
    numbers.__init__([3])  # type: ignore[misc]
    assert list(numbers) == [3]
    numbers.clear()
    assert not numbers
    with pytest.raises(KeyError):
        numbers.pop()


def test_stored_hashes_are_read_from_pythons_containers_without_computing_them() -> None:
    things = [Thing(value) for value in (0, 1, 5, 10)]
    containers = [set(things), frozenset(things), dict.fromkeys(things)]
    expected = {id(thing): thing.value % 4 for thing in things}
    for thing in things:
        thing.value += 101
    calls = Thing.hash_calls
    for container in containers:
        assert {id(thing): hash_value for hash_value, thing in stored_hashes(container)} == expected
        assert len(container) == 4
    assert Thing.hash_calls == calls


@pytest.mark.parametrize("elements", [[], ["a"], [1, -5, 2**70], [(1, "x"), (2, "y"), None]])
def test_the_hash_of_a_frozenset_is_made_of_its_stored_hashes(elements: list[object]) -> None:
    assert frozenset_hash(map(hash, elements), len(elements)) == hash(frozenset(elements))
