"""Patches over somebody else's program: guarded rules ahead of it for what it gets wrong, and rewards that are right.

The program itself is kept, its ``transition`` under another name; what it gets right it goes on deciding. Rules are
learned on the transitions that it gets wrong, and may fire on the others only where they are right there too.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import replace

from wc_engine.errors import SynthesisError
from wc_engine.synthesis.llm.missions import with_mission_reward
from wc_engine.synthesis.llm.source import units_of
from wc_engine.synthesis.proposers.inductive.draft import MissionReward
from wc_engine.synthesis.proposers.inductive.printing import (
    check_names,
    print_directions,
    print_helpers,
    print_reward,
)
from wc_engine.synthesis.proposers.inductive.printing_rules import print_patch
from wc_engine.synthesis.proposers.inductive.rows import Row
from wc_engine.synthesis.proposers.inductive.rules import Family, family_rows, learn_rules
from wc_engine.synthesis.proposers.inductive.table import FamilyTable
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["patched_program"]

_INNER = "transition_before_patch"


def patched_program(
    text: str,
    rows: Sequence[Row],
    wrong: frozenset[int],
    vocabulary: Vocabulary,
    rewards: Mapping[str, MissionReward],
) -> str:
    """Return a program that is right where another one is wrong, as far as rules can say it.

    Args:
        text: the other program.
        rows: what was seen.
        wrong: which of the rows have another next state than the program says.
        vocabulary: the vocabulary of the rows.
        rewards: learned reward functions for the missions whose rewards it gets wrong.

    Raises:
        SynthesisError: no rule explains what it gets wrong, or the program cannot be taken apart.
    """
    check_names(vocabulary)
    families = _learned_families(rows, wrong, replace(vocabulary, pairs=()))
    if not families and not rewards:
        raise SynthesisError("no rule explains what the program gets wrong", program=text)
    try:
        patched = _with_rules(text, families, vocabulary) if families else text
        for mission, reward in rewards.items():
            function = print_reward("reward_func", reward, vocabulary.agent_type)
            answer = "\n\n".join([*print_helpers([function], vocabulary), function])
            patched = with_mission_reward(patched, mission, answer)
    except SyntaxError as error:
        raise SynthesisError(f"the program is no Python: {error}", program=text) from error
    return patched


def _learned_families(rows: Sequence[Row], wrong: frozenset[int], vocabulary: Vocabulary) -> list[Family]:
    """Return the families with rules for the rows that are wrong."""
    wrong_rows = {id(rows[index]) for index in wrong}
    families: list[Family] = []
    for verbs, members in family_rows(rows, vocabulary):
        if not any(id(row) in wrong_rows for row in members):
            continue
        table = FamilyTable()
        table.extend(members, vocabulary)
        wanted = sum(1 << place for place, index in enumerate(table.indices) if id(members[index]) in wrong_rows)
        rules, unexplained = learn_rules(table, vocabulary, wanted)
        if rules:
            shared = bool(vocabulary.directions) and verbs == tuple(sorted(vocabulary.directions))
            families.append(Family(verbs, shared, tuple(rules), unexplained))
    return families


def _with_rules(text: str, families: Sequence[Family], vocabulary: Vocabulary) -> str:
    """Return a program with rules ahead of its transition function."""
    taken = {name for unit in units_of(text) for name in unit.names}
    if "transition" not in taken:
        raise SynthesisError("the program has no transition function", program=text)
    inner = _free(_INNER, taken)
    patch = print_patch(families, vocabulary, inner)
    helpers = print_helpers([patch], vocabulary)
    directions = print_directions(vocabulary) if "DIRECTIONS" in patch else ""
    classes = [
        f"class {name}(Entity): pass\n" for name in vocabulary.types if name not in taken and f"{name}(" in patch
    ]
    added = "\n\n".join([*classes, directions, *helpers, patch]).lstrip("\n")
    clashes = {name for unit in units_of(added) for name in unit.names} & taken - {"transition"}
    added = _renamed(added, {name: _free(f"{name}_of_patch", taken) for name in clashes})
    if "self.name" not in text:  # entities of programs without the attribute are told apart by their class
        added = re.sub(r"\.name\b", ".__class__.__name__", added)
    return f"{_renamed(text, {'transition': inner}).rstrip()}\n\n\n{added}"


def _free(stem: str, taken: set[str]) -> str:
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    return name


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """Rename what a text defines: names that are no attribute and no keyword argument."""
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    lines = text.splitlines(keepends=True)
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.type != tokenize.NAME or token.string not in names or tokens[index - 1].string == ".":
            continue
        if tokens[index + 1].string == "=" and tokens[index - 1].string in ("(", ","):
            continue
        row, column = token.start
        line = lines[row - 1]
        lines[row - 1] = line[:column] + names[token.string] + line[column + len(token.string) :]
    return "".join(lines)
