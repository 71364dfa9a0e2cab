"""Printing a learned model as a program that people read and the compiler takes."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence

from wc_engine.errors import SynthesisError
from wc_engine.synthesis.proposers.inductive.draft import HOPED_REWARD, Draft, MissionReward
from wc_engine.synthesis.proposers.inductive.effects import Create, Delete, Effect, Move, SetAttribute
from wc_engine.synthesis.proposers.inductive.literals import Has, coordinates
from wc_engine.synthesis.proposers.inductive.prelude import ENTITY_CLASS, HELPERS, needed_helpers
from wc_engine.synthesis.proposers.inductive.reward import AdditiveReward, Comparison
from wc_engine.synthesis.proposers.inductive.rules import Family, Rule, TransitionRules
from wc_engine.synthesis.proposers.inductive.scene import Slot
from wc_engine.synthesis.proposers.inductive.vocabulary import Kind, Vocabulary

__all__ = ["print_program", "print_transition"]

_INDENT = "    "


def print_program(draft: Draft) -> str:
    """Return the text of a program that computes exactly what the draft says.

    Raises:
        SynthesisError: a type or attribute of the data is no Python name.
    """
    vocabulary = draft.rules.vocabulary
    _check_names(vocabulary)
    transition = print_transition(draft.rules)
    rewards = _print_rewards(draft)
    names = needed_helpers([transition, rewards])
    helpers = [HELPERS[name].replace("{blocking}", _blocking_source(vocabulary.blocking)) for name in names]
    classes = "\n".join(f"class {name}(Entity): pass" for name in vocabulary.types) + "\n"
    return "\n\n".join([ENTITY_CLASS, classes, *helpers, _print_directions(vocabulary), transition, rewards])


def _check_names(vocabulary: Vocabulary) -> None:
    attributes = [name for names in vocabulary.state_attributes.values() for name in names]
    for name in (*vocabulary.types, *attributes):
        if not name.isidentifier() or keyword.iskeyword(name):
            raise SynthesisError(f"{name!r} is no Python name: a program cannot speak of it")


def _blocking_source(blocking: Iterable[Kind]) -> str:
    return " or ".join(
        " and ".join([f"entity.name == {name!r}", *(f"entity.{key} == {value!r}" for key, value in values)])
        for name, values in sorted(blocking, key=repr)
    )


def _print_directions(vocabulary: Vocabulary) -> str:
    lines = [f"    {action!r}: {direction!r},\n" for action, direction in vocabulary.directions.items()]
    head = "# Where each action heads: how it was seen to move the agent.\n"
    return head + "DIRECTIONS = {\n" + "".join(lines) + "}\n" if lines else head + "DIRECTIONS = {}\n"


def print_transition(rules: TransitionRules) -> str:
    """Return the text of the function ``transition``."""
    lines = ["def transition(state, action):"]
    body: list[str] = []
    for family in rules.families:
        if family.unexplained:
            named = "the moves" if family.directional else repr(family.actions[0])
            body.append(f"# No rule explains {_plural(family.unexplained)} of {named}.")
        if family.rules:
            body.extend(_print_family(family, first=not any(line.startswith("if ") for line in body)))
    if any(family.rules for family in rules.families):
        lines.append(f"{_INDENT}agent = get_entities_by_name(state, {rules.vocabulary.agent_type!r})[0]")
    lines.extend(_INDENT + line for line in body)
    lines.append(f"{_INDENT}return state")
    return "\n".join(lines) + "\n"


def _print_family(family: Family, *, first: bool) -> list[str]:
    test = "action in DIRECTIONS" if family.directional else f"action == {family.actions[0]!r}"
    chain: list[str] = []
    for index, rule in enumerate(family.rules):
        chain.extend(_print_rule(rule, "if" if index == 0 else "elif"))
    return [f"{'if' if first else 'elif'} {test}:", *(_INDENT + line for line in [*_bindings(chain), *chain])]


def _bindings(chain: Sequence[str]) -> list[str]:
    """Return the assignments of the coordinates that some lines use."""
    text = "\n".join(chain)
    used = {name for name in ("x0", "x1", "x2", "dx") if re.search(rf"\b{name}\b", text)}
    lines = ["dx, dy = DIRECTIONS[action]"] if used & {"x1", "x2", "dx"} else []
    if "x0" in used:
        lines.append("x0, y0 = agent.x, agent.y")
    if used & {"x1", "x2"}:
        lines.append("x1, y1 = agent.x + dx, agent.y + dy")
    if "x2" in used:
        lines.append("x2, y2 = x1 + dx, y1 + dy")
    return lines


def _print_rule(rule: Rule, word: str) -> list[str]:
    guards = _guards(rule)
    said = {guard for guard in guards if not guard.startswith("(")}
    conditions = [
        literal.source() for literal in rule.conditions if not (isinstance(literal, Has) and literal.source() in said)
    ]
    # Guards come first: what the conditions ask of the thing in a slot then has something to ask.
    test = " and ".join(guards + conditions) or "True"
    lines = [f"{word} {test}:", f"{_INDENT}# Seen in {_plural(rule.support)}."]
    for effect in rule.outcome:
        lines.extend(_INDENT + line for line in _print_effect(effect))
    return lines


def _plural(count: int) -> str:
    return f"{count} transition" + ("" if count == 1 else "s")


def _guards(rule: Rule) -> list[str]:
    """Return the conditions under which the effects of a rule have something to work on."""
    guards: list[str] = []
    for effect in rule.outcome:
        if isinstance(effect, Create) or effect.slot is Slot.AGENT:
            continue
        tests = [f"has(state, {coordinates(effect.slot)}, {name!r})" for name in sorted(effect.types)]
        guard = tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"
        if guard not in guards:
            guards.append(guard)
    return guards


def _print_effect(effect: Effect) -> list[str]:
    place = coordinates(effect.slot)
    if isinstance(effect, Create):
        keywords = "".join(f", {name}={value!r}" for name, value in effect.attributes)
        return [f"state = list(state) + [{effect.type_name}({place}{keywords})]"]
    if effect.slot is Slot.AGENT:
        if isinstance(effect, Delete):
            return ["state = [entity for entity in state if entity is not agent]"]
        return _print_change(effect, "agent")
    types = " or ".join(f"entity.name == {name!r}" for name in sorted(effect.types))
    if isinstance(effect, Delete):
        x, y = place.split(", ")
        return [f"state = [entity for entity in state if not (entity.x == {x} and entity.y == {y} and ({types}))]"]
    head = [f"for entity in get_entities_by_position(state, {place}):", f"{_INDENT}if {types}:"]
    return head + [_INDENT * 2 + line for line in _print_change(effect, "entity")]


def _print_change(effect: Move | SetAttribute, variable: str) -> list[str]:
    if isinstance(effect, SetAttribute):
        return [f"{variable}.{effect.attribute} = {effect.value!r}"]
    x, y = {Slot.AHEAD: ("x2", "y2"), Slot.BEYOND: ("x2 + dx", "y2 + dy")}.get(effect.slot, ("x1", "y1"))
    return [f"{variable}.x = {x}", f"{variable}.y = {y}"]


def _print_rewards(draft: Draft) -> str:
    if len(draft.rewards) <= 1:
        return "".join(_print_reward("reward_func", reward) for reward in draft.rewards.values())
    parts: list[str] = []
    table: list[str] = []
    for number, (mission, reward) in enumerate(draft.rewards.items(), 1):
        parts.append(f"# Mission: {mission!r}\n{_print_reward(f'reward_func_{number}', reward)}")
        table.append(f"    {mission!r}: reward_func_{number},\n")
    return "\n\n".join([*parts, "REWARD_FUNCS = {\n" + "".join(table) + "}\n"])


def _print_reward(name: str, learned: MissionReward) -> str:
    lines = [f"# Learned from {_plural(learned.support)}.", f"def {name}(state, action, next_state):"]
    body: list[str] = []
    if learned.goal is not None:
        body += [
            "# HYPOTHESIS: no success was seen yet; of the goals that nothing contradicts this one is the simplest.",
            f"if {learned.goal.source()}:",
            f"    return {HOPED_REWARD!r}, True",
        ]
    alternatives = [_conjunction(conditions) for conditions in learned.end.alternatives]
    done = alternatives[0] if len(alternatives) == 1 else " or ".join(f"({test})" for test in alternatives)
    if learned.end.unexplained:
        body.append(f"# No condition explains the end of {_plural(learned.end.unexplained)}.")
    body.append(f"done = {done or 'False'}")
    if isinstance(learned.reward, AdditiveReward):
        body.append(f"reward = {learned.reward.constant!r}")
        for coefficient, feature in learned.reward.terms:
            if feature.is_predicate:
                # What ends an episode is often what is rewarded: no need to find it out twice.
                test = "done" if feature.source() == done else feature.source()
                body += [f"if {test}:", f"    reward += {coefficient!r}"]
            else:
                body.append(f"reward += {coefficient!r} * {feature.source()}")
    else:
        if learned.reward.unexplained:
            body.append(f"# No rule explains the reward of {_plural(learned.reward.unexplained)}.")
        for index, (conditions, value) in enumerate(learned.reward.rules):
            body += [f"{'elif' if index else 'if'} {_conjunction(conditions)}:", f"    reward = {value!r}"]
        body += (
            ["else:", f"    reward = {learned.reward.default!r}"]
            if learned.reward.rules
            else [f"reward = {learned.reward.default!r}"]
        )
    body.append("return reward, done")
    return "\n".join([*lines, *(_INDENT + line for line in body)]) + "\n"


def _conjunction(conditions: Sequence[Comparison]) -> str:
    return " and ".join(test.source() for test in conditions) or "True"
