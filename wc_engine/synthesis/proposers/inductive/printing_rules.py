"""Printing learned rules as the function ``transition``: one ``if``/``elif`` chain per family."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wc_engine.state.entities import Entity, Value
from wc_engine.synthesis.proposers.inductive.effects import (
    AddConstant,
    Copy,
    Create,
    Delete,
    Drop,
    Effect,
    Goto,
    Move,
    Pick,
    Rotate,
    SetAttribute,
    Shift,
)
from wc_engine.synthesis.proposers.inductive.literals import Literal, coordinates, variable
from wc_engine.synthesis.proposers.inductive.memory import Memory
from wc_engine.synthesis.proposers.inductive.rules import Family, Rule, TransitionRules
from wc_engine.synthesis.proposers.inductive.scene import AGENT, AHEAD, BEYOND, CARRIED, Slot
from wc_engine.synthesis.proposers.inductive.vocabulary import NAMED, Vocabulary

__all__ = ["plural", "print_chain", "print_patch", "print_transition", "value_source"]

_INDENT = "    "


def print_transition(rules: TransitionRules, name: str = "transition") -> str:
    """Return the text of the function ``transition``."""
    body = [line for memory in rules.memories for line in _print_memory(memory)]
    verbs = any(NAMED in family.verbs[0] for family in rules.families if family.rules)
    if any(family.rules for family in rules.families):
        body.append(f"agent = get_entities_by_name(state, {rules.vocabulary.agent_type!r})[0]")
        if rules.arrival is not None:
            body.append("start_x, start_y = agent.x, agent.y")
    if verbs:
        body.append("words = action.split(' ')")
    started = False
    for family in rules.families:
        if family.unexplained:
            named = "the moves" if family.shared else repr(family.verbs[0])
            body.append(f"# No rule explains {plural(family.unexplained)} of {named}.")
        if family.rules:
            test = f"{'elif' if started else 'if'} {_verb_test(family)}:"
            body += [test, *_indented(print_chain(family, rules.vocabulary))]
            started = True
    if rules.arrival is not None and rules.arrival.rules:
        body += ["if agent.x != start_x or agent.y != start_y:", f"{_INDENT}# What happens where the agent arrives."]
        body += _indented(print_chain(rules.arrival, rules.vocabulary))
    body.append("return state")
    return "\n".join([f"def {name}(state, action):", *_indented(body)]) + "\n"


def _print_memory(memory: Memory) -> list[str]:
    things, removed, added = (_listed(entities) for entities in (memory.things, memory.removed, memory.added))
    kept = f"[thing for thing in state if thing not in {removed}]" if memory.removed else "list(state)"
    return [
        f"if action == {memory.action!r} and are_in({things}, state):",
        f"{_INDENT}# Remembered: no rule explains it.",
        f"{_INDENT}return {kept} + {added}" if memory.added else f"{_INDENT}return {kept}",
    ]


def _listed(entities: Sequence[Entity]) -> str:
    return f"[{', '.join(_entity_source(entity) for entity in entities)}]"


def _entity_source(entity: Entity) -> str:
    """Return an entity of a state as a Python expression."""
    placed = "x" in entity and "y" in entity
    arguments = [repr(entity["x"]), repr(entity["y"])] if placed else []
    rest = [(name, value) for name, value in entity.attributes.items() if not (placed and name in ("x", "y"))]
    return f"{entity.type}({', '.join([*arguments, *(f'{name}={value_source(value)}' for name, value in rest)])})"


def print_patch(families: Sequence[Family], vocabulary: Vocabulary, otherwise: str) -> str:
    """Return the text of a function ``transition`` that leaves to another one what no rule decides.

    Args:
        families: the rules.
        vocabulary: their vocabulary.
        otherwise: the name of the other function.
    """
    body = [f"agent = get_entities_by_name(state, {vocabulary.agent_type!r})[0]"]
    if any(NAMED in family.verbs[0] for family in families):
        body.append("words = action.split(' ')")
    for number, family in enumerate(families):
        test = f"{'elif' if number else 'if'} {_verb_test(family)}:"
        body += [test, *_indented(print_chain(family, vocabulary, ends="return state"))]
    body.append(f"return {otherwise}(state, action)")
    return "\n".join(["def transition(state, action):", *_indented(body)]) + "\n"


def plural(count: int) -> str:
    """Return a count of transitions in words."""
    return f"{count} transition" + ("" if count == 1 else "s")


def value_source(value: Value) -> str:
    """Return a value as a Python expression."""
    if isinstance(value, Entity):
        more = "".join(f", {name}={value_source(inner)}" for name, inner in value.attributes.items())
        return f"{value.type}(None, None{more})"
    return repr(value)


def _indented(lines: Sequence[str]) -> list[str]:
    return [_INDENT + line for line in lines]


def _verb_test(family: Family) -> str:
    if family.shared:
        return "action in DIRECTIONS"
    verb = family.verbs[0]
    words = verb.split(" ")
    if NAMED not in words:
        return f"action == {verb!r}"
    tests = [f"words[{index}] == {word!r}" for index, word in enumerate(words) if word != NAMED]
    return " and ".join([f"len(words) == {len(words)}", *tests])


def print_chain(family: Family, vocabulary: Vocabulary, ends: str | None = None) -> list[str]:
    """Return the lines of a family's rules, with the assignments that they need ahead of them.

    Args:
        family: the family.
        vocabulary: its vocabulary.
        ends: a last line for each rule, or None.
    """
    chain: list[str] = []
    for index, rule in enumerate(family.rules):
        chain.extend(_print_rule(rule, "if" if index == 0 else "elif", vocabulary, ends))
        if not rule.conditions and not _guards(rule):
            break  # it decides all that is left
    return [*_bindings(chain, family, vocabulary), *chain]


def _bindings(chain: Sequence[str], family: Family, vocabulary: Vocabulary) -> list[str]:
    """Return the assignments of the names that some lines use."""
    text = "\n".join(chain)
    pairs = [name for name in vocabulary.pairs if re.search(rf"\b{name.lower()}_x\b", text)]
    used = {name for name in ("x0", "x1", "x2", "dx") if re.search(rf"\b{name}\b", text)}
    used |= {"x0"} if pairs else set()
    lines: list[str] = []
    for number, index in enumerate((i for i, w in enumerate(family.verbs[0].split(" ")) if w == NAMED), 1):
        if f"named_{number}" in text:
            lines += [f"named_{number} = find_named(state, words[{index}])"]
    if used & {"x1", "x2", "dx"}:
        heading = "DIRECTIONS[action]" if vocabulary.heading is None else f"agent.{vocabulary.heading}"
        lines.append(f"dx, dy = {heading}")
    if "x0" in used:
        lines.append("x0, y0 = agent.x, agent.y")
    if used & {"x1", "x2"}:
        lines.append("x1, y1 = agent.x + dx, agent.y + dy")
    if "x2" in used:
        lines.append("x2, y2 = x1 + dx, y1 + dy")
    lines += [f"{name.lower()}_x, {name.lower()}_y = other_place(state, x0, y0, {name!r})" for name in pairs]
    return lines


def _print_rule(rule: Rule, word: str, vocabulary: Vocabulary, ends: str | None) -> list[str]:
    guards = _guards(rule)
    # Guards come first: what the conditions ask of the thing in a slot then has something to ask.
    tests = list(dict.fromkeys([*guards, *(_unsaid(literal, guards) for literal in rule.conditions)]))
    note = f"# Seen in {plural(rule.support)}." if rule.support else "# HYPOTHESIS: never tried; it would help."
    lines = [note]
    for effect in rule.outcome:
        lines.extend(_print_effect(effect, vocabulary))
    last = ends or (None if rule.outcome else "pass")
    if last is not None:
        lines.append(last)
    if not tests and word == "if":
        return lines
    return [f"{word} {' and '.join(tests)}:" if tests else "else:", *_indented(lines)]


def _unsaid(literal: Literal, guards: Sequence[str]) -> str:
    """Return a condition without what the guards say already."""
    text = literal.source()
    for guard in guards:
        text = text.removeprefix(f"{guard} and ")
    return text


def _guards(rule: Rule) -> list[str]:
    """Return the conditions under which the effects of a rule have something to work on."""
    guards: list[str] = []
    for effect in rule.outcome:
        if isinstance(effect, Drop):
            guards.append(f"agent.{effect.holder} is not None")
        elif isinstance(effect, Pick):
            guards.append(f"agent.{effect.holder} is None")
        elif isinstance(effect, Goto) and effect.target.rank == 5:
            name = effect.target.parameter
            guards.append(f"has(state, x0, y0, {name!r})")
            guards.append(f"({name.lower()}_x != x0 or {name.lower()}_y != y0)")
        if isinstance(effect, (Create, Drop)) or effect.slot == AGENT:
            continue
        one = variable(effect.slot)
        if one is not None:
            guards.append(f"{one} is not None")
            tests = [f"{one}.name == {name!r}" for name in sorted(effect.types)]
        else:
            tests = [f"has(state, {coordinates(effect.slot)}, {name!r})" for name in sorted(effect.types)]
        guards.append(tests[0] if len(tests) == 1 else f"({' or '.join(tests)})")
    return list(dict.fromkeys(guards))


def _print_effect(effect: Effect, vocabulary: Vocabulary) -> list[str]:
    place = coordinates(effect.slot)
    x, y = place.split(", ")
    if isinstance(effect, Create):
        keywords = "".join(f", {name}={value_source(value)}" for name, value in effect.attributes)
        return [f"state = list(state) + [{effect.type_name}({place}{keywords})]"]
    if isinstance(effect, Drop):
        lines = [f"thing = agent.{effect.holder}", f"agent.{effect.holder} = None"]
        return [*lines, f"thing.x, thing.y = {x}, {y}", "state = list(state) + [thing]"]
    one = variable(effect.slot)
    if one is not None:
        if isinstance(effect, Delete):
            return [f"state = [entity for entity in state if entity is not {one}]"]
        return _print_undergoing(effect, one, vocabulary)
    types = " or ".join(f"entity.name == {name!r}" for name in sorted(effect.types))
    if isinstance(effect, Delete):
        return [f"state = [entity for entity in state if not (entity.x == {x} and entity.y == {y} and ({types}))]"]
    head = [f"for entity in get_entities_by_position(state, {place}):", f"{_INDENT}if {types}:"]
    return head + [_INDENT * 2 + line for line in _print_undergoing(effect, "entity", vocabulary)]


def _print_undergoing(effect: Effect, one: str, vocabulary: Vocabulary) -> list[str]:
    if isinstance(effect, Pick):
        lines = [f"state = [thing for thing in state if thing is not {one}]", f"agent.{effect.holder} = {one}"]
        return [*lines, f"{one}.x, {one}.y = None, None"]
    if isinstance(effect, SetAttribute):
        return [f"{one}.{effect.attribute} = {value_source(effect.value)}"]
    if isinstance(effect, AddConstant):
        sign = "+" if effect.amount >= 0 else "-"
        return [f"{one}.{effect.attribute} = {one}.{effect.attribute} {sign} {abs(effect.amount)}"]
    if isinstance(effect, Rotate):
        inner = f"{one}.{effect.attribute}"
        x, y = f"{inner}[0]", f"{inner}[1]"
        turned = {1: (f"-{y}", x), 2: (f"-{x}", f"-{y}"), 3: (y, f"-{x}")}
        return [f"{inner} = ({', '.join(turned[effect.quarters])})"]
    if isinstance(effect, Copy):
        return [f"{one}.{effect.attribute} = {_copied(effect, vocabulary)}"]
    assert isinstance(effect, (Move, Shift, Goto)), "the other effects are printed above"
    if isinstance(effect, Shift):
        return [f"{one}.x, {one}.y = {one}.x + {effect.by[0]}, {one}.y + {effect.by[1]}"]
    if isinstance(effect, Goto):
        x, y = coordinates(effect.target).split(", ")
    else:
        x, y = {AHEAD: ("x2", "y2"), BEYOND: ("x2 + dx", "y2 + dy")}.get(effect.slot, ("x1", "y1"))
    return [f"{one}.x, {one}.y = {x}, {y}"]


def _copied(effect: Copy, vocabulary: Vocabulary) -> str:
    source: Slot = effect.source
    one = variable(source, vocabulary.holder if source == CARRIED else None)
    if one is not None:
        return f"{one}.{effect.source_attribute}"
    return f"attribute_at(state, {coordinates(source)}, {effect.source_attribute!r})"
