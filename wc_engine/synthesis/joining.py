"""The transition function of one program with the reward functions of others, as one text."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

from wc_engine.errors import InvalidModelError, SynthesisError
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.synthesis.llm.missions import reward_functions, with_mission_reward
from wc_engine.synthesis.llm.source import Unit, free_name, join_units, needed_units, renamed_text, units_of

__all__ = [
    "composed_program",
    "is_worth_joining",
    "joined_program",
    "normal_form",
    "transition_form",
    "transition_program",
]

_REWARD = "reward_func"
_NO_REWARD = "\n\ndef reward_func(state, action, next_state):\n    return 0.0, False\n"
_TRANSITION = frozenset({"transition"})
_REWARDS = frozenset({_REWARD, REWARD_FUNCS})


def is_worth_joining(transition: Program, reward: Program) -> bool:
    """Return whether the two could make a third: they say different things in both respects, and can be taken apart."""
    one, other = _halves(transition.text), _halves(reward.text)
    return one is not None and other is not None and one[0] != other[0] and one[1] != other[1]


def joined_program(transition: Program, reward: Program) -> Program:
    """Return the program with the transition function of one and the reward functions of the other.

    Functions of both that share a name but not a text are kept apart by another name.

    Args:
        transition: gives ``transition`` and all that it needs.
        reward: gives ``reward_func`` and ``REWARD_FUNCS``, with what they need.

    Raises:
        SynthesisError: they disagree about something that cannot be renamed, a class for example.
    """
    base = _part(transition.text, _TRANSITION)
    added = _part(reward.text, _REWARDS)
    known = {name: unit for unit in base for name in unit.names}
    taken = set(known) | {name for unit in added for name in unit.names}
    renamed: dict[str, str] = {}
    for unit in added:
        for name in unit.names & set(known):
            if _same(unit, known[name]):
                continue
            if not isinstance(unit.node, ast.FunctionDef) or not isinstance(known[name].node, ast.FunctionDef):
                raise SynthesisError(f"the two programs do not agree about {name}")
            renamed[name] = free_name(name, taken)
            taken.add(renamed[name])
    new = [unit for unit in added if not (unit.names & set(known)) or unit.names & set(renamed)]
    text = join_units([*base, *units_of(renamed_text(join_units(new), renamed))])
    try:
        return Program.from_text(text)
    except InvalidModelError as error:
        raise SynthesisError(f"the two programs cannot be joined: {error}", program=text) from None


def composed_program(base: Program, rewards: Mapping[str, Program]) -> Program:
    """Return a program with the reward functions of others for some missions.

    Args:
        base: gives all the rest.
        rewards: by mission, the program whose reward function it gets.

    Raises:
        SynthesisError: the programs cannot be taken apart.
    """
    text = base.text
    try:
        for mission, program in rewards.items():
            text = with_mission_reward(text, mission, _mission_reward(program.text, mission))
        return Program.from_text(text)
    except (SyntaxError, InvalidModelError) as error:
        raise SynthesisError(f"the programs cannot be joined: {error}", program=text) from None


def _mission_reward(text: str, mission: str) -> str:
    """Return the reward function of a mission under the name ``reward_func``, with what it needs."""
    units = units_of(text)
    name = reward_functions(text).get(mission, _REWARD)
    own = [unit for unit in units if name in unit.names]
    if not own:
        raise SynthesisError(f"the program has no reward function for {mission!r} that stands by itself", program=text)
    needed = needed_units(own, units)
    names = {other for unit in units for other in unit.names}
    renamed = {} if name == _REWARD else {name: _REWARD, _REWARD: free_name(_REWARD, names)}
    return renamed_text(join_units([unit for unit in units if unit in own or unit in needed]), renamed)


def normal_form(program: Program) -> frozenset[str]:
    """Return what a program says: equal for texts that differ in layout, comments or the order of definitions only."""
    return _normal_form(program.text)


@lru_cache(maxsize=64)
def _normal_form(text: str) -> frozenset[str]:
    units = units_of(text)  # fresh trees, which may be changed
    for unit in units:
        _drop_docstrings(unit.node)
    return frozenset(ast.dump(unit.node) for unit in units)


def transition_form(program: Program) -> frozenset[str] | None:
    """Return what a program says about next states: equal where they are; None where that cannot be taken apart."""
    halves = _halves(program.text)
    return None if halves is None else halves[0]


def transition_program(program: Program) -> Program | None:
    """Return a program with the transition function of another and a reward that is nothing; None where that is unsure.

    Programs of equal ``transition_form`` mostly have the same one, whatever missions they know.
    """
    try:
        return Program.from_text(join_units(_part(program.text, _TRANSITION)) + _NO_REWARD, program.file)
    except (SynthesisError, InvalidModelError):
        return None


@lru_cache(maxsize=256)
def _halves(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return what a program says about transitions and about rewards; None where it cannot be taken apart."""
    try:
        parts = [_part(text, names) for names in (_TRANSITION, _REWARDS)]
    except SynthesisError:
        return None
    transition, reward = (frozenset(ast.dump(unit.node) for unit in part) for part in parts)
    return transition, reward


def _part(text: str, names: frozenset[str]) -> list[Unit]:
    """Return the statements that define names, and those that they need, in order; classes are all needed."""
    units = units_of(text)
    if any(not unit.names and not isinstance(unit.node, ast.Expr | ast.Pass) for unit in units):
        raise SynthesisError("a statement at the top level binds no name: nobody can tell what it is for")
    roots = [unit for unit in units if unit.names & names or isinstance(unit.node, ast.ClassDef)]
    needed = needed_units(roots, units)
    return [unit for unit in units if unit in roots or unit in needed or _is_import(unit)]


def _is_import(unit: Unit) -> bool:
    return isinstance(unit.node, ast.Import | ast.ImportFrom)


def _same(one: Unit, other: Unit) -> bool:
    return ast.dump(one.node) == ast.dump(other.node)


def _drop_docstrings(node: ast.stmt) -> None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef) and len(inner.body) > 1:
            first = inner.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                del inner.body[0]
