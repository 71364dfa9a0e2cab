"""Printing a learned model as a program that people read and the compiler takes."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Sequence

from wc_engine.errors import SynthesisError
from wc_engine.synthesis.proposers.inductive.draft import HOPED_REWARD, Draft, MissionReward
from wc_engine.synthesis.proposers.inductive.prelude import ENTITY_CLASS, HELPERS, PLACELESS_CLASS, needed_helpers
from wc_engine.synthesis.proposers.inductive.printing_rules import plural, print_transition
from wc_engine.synthesis.proposers.inductive.reward import AdditiveReward, Comparison
from wc_engine.synthesis.proposers.inductive.vocabulary import Kind, Vocabulary

__all__ = ["check_names", "is_printed", "print_directions", "print_helpers", "print_program", "print_reward"]

_INDENT = "    "


def print_program(draft: Draft) -> str:
    """Return the text of a program that computes exactly what the draft says.

    Raises:
        SynthesisError: a type or attribute of the data is no Python name.
    """
    vocabulary = draft.rules.vocabulary
    check_names(vocabulary)
    transition = print_transition(draft.rules)
    rewards = _print_rewards(draft)
    helpers = print_helpers([transition, rewards], vocabulary)
    classes = "\n".join(f"class {name}(Entity): pass" for name in vocabulary.types) + "\n"
    parts = [
        ENTITY_CLASS if vocabulary.placed else PLACELESS_CLASS,
        classes,
        *helpers,
        print_directions(vocabulary),
        transition,
        rewards,
    ]
    return "\n\n".join(part for part in parts if part)


def is_printed(text: str) -> bool:
    """Return whether a program is one that was printed here: such programs begin alike."""
    return text.startswith((ENTITY_CLASS, PLACELESS_CLASS))


def print_helpers(texts: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Return the definitions of the helper functions that some texts call."""
    blocking, naming = _blocking_source(vocabulary.blocking), repr(vocabulary.naming)
    helpers = [HELPERS[name] for name in needed_helpers(texts)]
    return [text.replace("{blocking}", blocking).replace("{naming}", naming) for text in helpers]


def check_names(vocabulary: Vocabulary) -> None:
    """Refuse types and attributes that a program cannot speak of.

    Raises:
        SynthesisError: one is no Python name.
    """
    attributes = [name for names in vocabulary.state_attributes.values() for name in names]
    for name in (*vocabulary.types, *attributes):
        if not name.isidentifier() or keyword.iskeyword(name):
            raise SynthesisError(f"{name!r} is no Python name: a program cannot speak of it")


def _blocking_source(blocking: Iterable[Kind]) -> str:
    return " or ".join(
        " and ".join([f"entity.name == {name!r}", *(f"entity.{key} == {value!r}" for key, value in values)])
        for name, values in sorted(blocking, key=repr)
    )


def print_directions(vocabulary: Vocabulary) -> str:
    """Return the table of the directions of actions; nothing where the agent has a heading."""
    if vocabulary.heading is not None:
        return ""
    lines = [f"    {action!r}: {direction!r},\n" for action, direction in vocabulary.directions.items()]
    head = "# Where each action heads: how it was seen to move the agent.\n"
    return head + "DIRECTIONS = {\n" + "".join(lines) + "}\n" if lines else head + "DIRECTIONS = {}\n"


def _print_rewards(draft: Draft) -> str:
    agent_type = draft.rules.vocabulary.agent_type
    if len(draft.rewards) <= 1:
        return "".join(print_reward("reward_func", reward, agent_type) for reward in draft.rewards.values())
    parts: list[str] = []
    table: list[str] = []
    names: dict[str, str] = {}
    for number, (mission, reward) in enumerate(draft.rewards.items(), 1):
        text = print_reward("{name}", reward, agent_type)
        name = names.get(text)
        if name is None:
            name = names[text] = f"reward_func_{number}"
            parts.append(f"# Mission: {mission!r}\n{text.replace('{name}', name)}")
        table.append(f"    {mission!r}: {name},\n")
    return "\n\n".join([*parts, "REWARD_FUNCS = {\n" + "".join(table) + "}\n"])


def print_reward(name: str, learned: MissionReward, agent_type: str | None) -> str:
    """Return the text of the reward function of one mission."""
    body = [*_print_goal(learned), *_print_end(learned), *_print_sum(learned), "return reward, done"]
    if any("agent." in line for line in body):
        body.insert(0, f"agent = get_entities_by_name(next_state, {agent_type!r})[0]")
    source = f"# Learned from {plural(learned.support)}."
    if learned.like is not None:
        source = f"# HYPOTHESIS: as for the mission {learned.like!r}."
    return "\n".join([source, f"def {name}(state, action, next_state):", *(_INDENT + line for line in body)]) + "\n"


def _print_goal(learned: MissionReward) -> list[str]:
    if learned.goal is None:
        return []
    reason = "the mission asks for this" if learned.asked_for else "of the goals that nothing contradicts the simplest"
    return [
        f"# HYPOTHESIS: no success was seen yet; {reason}.",
        f"if {learned.goal.source()}:",
        f"    return {HOPED_REWARD!r}, True",
    ]


def _done_source(learned: MissionReward) -> str:
    alternatives = [_conjunction(conditions) for conditions in learned.end.alternatives]
    return alternatives[0] if len(alternatives) == 1 else " or ".join(f"({test})" for test in alternatives)


def _print_end(learned: MissionReward) -> list[str]:
    lines = [f"done = {_done_source(learned) or 'False'}"]
    if learned.end.unexplained:
        lines.insert(0, f"# No condition explains the end of {plural(learned.end.unexplained)}.")
    return lines


def _print_sum(learned: MissionReward) -> list[str]:
    done = _done_source(learned)
    if isinstance(learned.reward, AdditiveReward):
        lines = [f"reward = {learned.reward.constant!r}"]
        for coefficient, feature in learned.reward.terms:
            if feature.is_predicate:
                # What ends an episode is often what is rewarded: no need to find it out twice.
                test = "done" if feature.source() == done else feature.source()
                lines += [f"if {test}:", f"    reward += {coefficient!r}"]
            else:
                lines.append(f"reward += {coefficient!r} * {feature.source()}")
        return lines
    lines = []
    if learned.reward.unexplained:
        lines.append(f"# No rule explains the reward of {plural(learned.reward.unexplained)}.")
    for index, (conditions, value) in enumerate(learned.reward.rules):
        lines += [f"{'elif' if index else 'if'} {_conjunction(conditions)}:", f"    reward = {value!r}"]
    default = [f"reward = {learned.reward.default!r}"]
    return [*lines, "else:", _INDENT + default[0]] if learned.reward.rules else default


def _conjunction(conditions: Sequence[Comparison]) -> str:
    return " and ".join(test.source() for test in conditions) or "True"
