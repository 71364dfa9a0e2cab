"""One reward function for each mission, in the text of a program: ``REWARD_FUNCS = {mission: function}``."""

from __future__ import annotations

import ast

from wc_engine.errors import SynthesisError
from wc_engine.models.program import REWARD_FUNCS
from wc_engine.synthesis.llm.parsing import edited_units, read_program
from wc_engine.synthesis.llm.source import Unit, free_name, join_units, merge_units, renamed_text, units_of

__all__ = ["mission_distance", "nearest_rewards", "reward_functions", "reward_table", "with_mission_reward"]

_REWARD = "reward_func"


def mission_distance(one: str, other: str) -> int:
    """Return the edit distance of two missions in words: insertions, deletions and replacements of one word."""
    first, second = one.split(), other.split()
    row = list(range(len(second) + 1))
    for i, word in enumerate(first, start=1):
        previous, row[0] = row[0], i
        for j, another in enumerate(second, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != another))
    return row[-1]


def reward_functions(program: str) -> dict[str, str]:
    """Return the name of the reward function of each mission that a program has one for."""
    table = reward_table(units_of(program))
    if table is None:
        return {}
    return {
        key.value: value.id
        for key, value in zip(table.keys, table.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(value, ast.Name)
    }


def nearest_rewards(program: str, mission: str, count: int = 3) -> dict[str, str]:
    """Return the source of the reward functions of the nearest missions.

    Source:
        the released code of WorldCoder takes the three nearest by word edit distance.
    """
    units = units_of(program)
    rewards = reward_functions(program)
    nearest = sorted(rewards, key=lambda other: (mission_distance(mission, other), other))[:count]
    return {other: "\n\n".join(unit.text for unit in units if rewards[other] in unit.names) for other in nearest}


def with_mission_reward(program: str, mission: str, answer: str) -> str:
    """Return a program with the reward function of an answer for one mission; others keep theirs.

    An answer that is a whole program, or brings ``REWARD_FUNCS`` itself, is merged as it is.

    Raises:
        SynthesisError: there is no reward function in the answer.
    """
    edit = edited_units(answer)
    names = {name for unit in edit for name in unit.names}
    if REWARD_FUNCS in names or "transition" in names:
        return read_program(answer, program)
    base = units_of(program)
    name = reward_functions(program).get(mission)
    if _REWARD not in names:
        if name is None or name not in names:
            raise SynthesisError("the answer has no reward_func(state, action, next_state)", program=answer)
        return read_program(answer, program)
    taken = {other for unit in base for other in unit.names}
    name = name or free_name(_REWARD, taken)
    renamed = {_REWARD: name}
    by_name = {other: unit for unit in base for other in unit.names}
    for helper in names - {_REWARD}:
        rival = by_name.get(helper)
        ours = next(unit for unit in edit if helper in unit.names)
        # Rewards of other missions, and transition, keep the helper that they were written with.
        if rival is not None and isinstance(ours.node, ast.FunctionDef) and rival.text.strip() != ours.text.strip():
            renamed[helper] = free_name(helper, taken | names | set(renamed.values()))
    lines = join_units([unit for unit in edit if isinstance(unit.node, ast.FunctionDef) or not unit.names & taken])
    merged = merge_units(base, units_of(renamed_text(lines, renamed)))
    return join_units(_with_entry(merged, mission, name))


def reward_table(units: list[Unit]) -> ast.Dict | None:
    """Return the dict display that ``REWARD_FUNCS`` is bound to, or None where there is none."""
    for unit in units:
        if REWARD_FUNCS in unit.names and isinstance(unit.node, ast.Assign) and isinstance(unit.node.value, ast.Dict):
            return unit.node.value
    return None


def _with_entry(units: list[Unit], mission: str, name: str) -> list[Unit]:
    """Return the statements with the entry of a mission in the table, which then stands last."""
    table = reward_table(units)
    entries: dict[str, str] = {}
    if table is not None:
        for key, value in zip(table.keys, table.values, strict=True):
            entries["**" if key is None else ast.unparse(key)] = ast.unparse(value)
    elif any(REWARD_FUNCS in unit.names for unit in units):
        raise SynthesisError("REWARD_FUNCS of the program is no dict display: no entry can be added to it")
    entries[repr(mission)] = name
    lines = "".join(f"    {key}: {value},\n" if key != "**" else f"    **{value},\n" for key, value in entries.items())
    rest = [unit for unit in units if REWARD_FUNCS not in unit.names]
    return rest + units_of(f"{REWARD_FUNCS} = {{\n{lines}}}\n")
