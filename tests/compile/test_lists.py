"""Lists in memory: changed at places that depend on the state, shared, sorted; left half grown."""

from __future__ import annotations

import textwrap

import pytest
from snippets_of_lists import LIST_TRANSITIONS, NATIVE_ITERATORS, NATIVE_LISTS, OTHER_ITERATORS, OTHER_LISTS
from test_exactness import agrees
from worlds import program_text


def _program(body: str) -> str:
    function = "def value_of(state, action):\n" + textwrap.indent(body, "    ")
    return program_text(reward="return value_of(state, action), False", before=function)


@pytest.mark.parametrize("body", NATIVE_LISTS, ids=range(len(NATIVE_LISTS)))
def test_a_list_is_changed_natively_as_in_python(body: str) -> None:
    assert agrees(_program(body))


@pytest.mark.parametrize("body", OTHER_LISTS, ids=range(len(OTHER_LISTS)))
def test_what_a_list_cannot_tell_is_refused_or_exact(body: str) -> None:
    agrees(_program(body))


@pytest.mark.parametrize("body", LIST_TRANSITIONS, ids=range(len(LIST_TRANSITIONS)))
def test_a_transition_changes_lists_natively_as_in_python(body: str) -> None:
    assert agrees(program_text(body, "return len(next_state), False"))


@pytest.mark.parametrize("body", NATIVE_ITERATORS, ids=range(len(NATIVE_ITERATORS)))
def test_an_iterator_used_in_parts_goes_on_where_it_was(body: str) -> None:
    assert agrees(_program(body))


@pytest.mark.parametrize("body", OTHER_ITERATORS, ids=range(len(OTHER_ITERATORS)))
def test_an_iterator_whose_elements_may_change_is_refused_or_exact(body: str) -> None:
    agrees(_program(body))
