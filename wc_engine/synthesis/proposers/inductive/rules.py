"""Learning the transition function: one chain of rules per family of actions.

Where actions are what moves the agent, all that are known to move it form one family and share their rules, each seen
along its own direction; every other verb is a family of its own. In a family each outcome gets conditions by set
cover: its positives are the rows in which it happened, its negatives the rows in which applying it gives the wrong
state. Rows where it cannot apply are free. By default nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wc_engine.state.entities import State
from wc_engine.synthesis.proposers.inductive.arrivals import ARRIVAL
from wc_engine.synthesis.proposers.inductive.conditions import literals_for
from wc_engine.synthesis.proposers.inductive.cover import Column, learn_cover
from wc_engine.synthesis.proposers.inductive.effects import (
    Create,
    Drop,
    Move,
    Outcome,
    applies,
    apply,
    merge_outcomes,
    shape_of,
)
from wc_engine.synthesis.proposers.inductive.literals import Clear, Empty, Literal
from wc_engine.synthesis.proposers.inductive.memory import Memory, memorised
from wc_engine.synthesis.proposers.inductive.rows import Row
from wc_engine.synthesis.proposers.inductive.scene import AHEAD, BEYOND, Scene, Slot, position_of
from wc_engine.synthesis.proposers.inductive.table import FamilyTable
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["Family", "Rule", "RuleLearner", "TransitionRules", "family_rows", "learn_rules"]


@dataclass(frozen=True, slots=True)
class Rule:
    """If the conditions hold and the outcome applies, it happens.

    Attributes:
        support: how many transitions show it; 0 where it is a hypothesis.
    """

    conditions: tuple[Literal, ...]
    outcome: Outcome
    support: int

    def fires(self, scene: Scene) -> bool:
        """Return whether the rule decides what happens in a scene."""
        return applies(self.outcome, scene) and all(literal.holds(scene) for literal in self.conditions)


@dataclass(frozen=True, slots=True)
class Family:
    """The rules of some verbs, tried in order; where none fires, nothing changes.

    Attributes:
        verbs: actions, with the words that name entities left open.
        shared: the actions are those with directions of their own.
        unexplained: transitions that no rule explains.
    """

    verbs: tuple[str, ...]
    shared: bool
    rules: tuple[Rule, ...]
    unexplained: int

    def outcome(self, scene: Scene) -> Outcome:
        """Return what happens in a scene."""
        return next((rule.outcome for rule in self.rules if rule.fires(scene)), ())


@dataclass(frozen=True, slots=True)
class TransitionRules:
    """A learned transition function.

    Attributes:
        arrival: what happens to the agent where it arrives, or None.
        memories: transitions that no rule explains; they go before the rules.
    """

    vocabulary: Vocabulary
    families: tuple[Family, ...]
    arrival: Family | None = None
    memories: tuple[Memory, ...] = ()

    def family(self, action: str) -> Family | None:
        """Return the family of an action, or None for an action never tried."""
        verb = self.vocabulary.verb(action)
        return next((family for family in self.families if verb in family.verbs), None)

    def predict(self, state: State, action: str) -> State:
        """Return the next state, as the printed program computes it.

        Raises:
            LookupError: there is no agent in the state, and the rules need one.
        """
        for memory in self.memories:
            if memory.recalls(state, action):
                return memory.following(state)
        family = self.family(action)
        if family is None or not family.rules:
            return state
        scene = self.vocabulary.scene_in(state, action)
        if scene is None:
            raise LookupError(f"no {self.vocabulary.agent_type} in the state")
        outcome = family.outcome(scene)
        return self.completed(apply(outcome, scene, state), scene) if outcome else state

    def completed(self, state: State, scene: Scene) -> State:
        """Return a state after what happens to the agent where it arrived, given the scene that it came from."""
        agent = self.vocabulary.agent_in(state)
        if self.arrival is None or agent is None or position_of(agent) == position_of(scene.agent):
            return state
        arrived = self.vocabulary.scene_in(state, ARRIVAL)
        outcome = () if arrived is None else self.arrival.outcome(arrived)
        return apply(outcome, arrived, state) if outcome and arrived is not None else state


class RuleLearner:
    """Learns transition rules from rows that only grow in number: what was computed about a row is kept.

    Args:
        memorises: remember transitions that no rule explains.
    """

    def __init__(self, *, memorises: bool = True) -> None:
        self._memorises = memorises
        self._tables: dict[object, FamilyTable] = {}

    def learn(self, rows: Sequence[Row], vocabulary: Vocabulary) -> TransitionRules:
        """Return rules that explain as many rows as they can, with no wrong prediction that could be told apart."""
        tables: dict[object, FamilyTable] = {}
        families: list[Family] = []
        arrivals: list[Row] = []
        for verbs, members in family_rows(rows, vocabulary):
            table = self._table(verbs, members, vocabulary, tables)
            families.append(_learn_family(verbs, table, vocabulary))
            arrivals.extend(table.arrivals)
        arrival = None
        if any(row.removed for row in arrivals):
            table = self._table((ARRIVAL,), arrivals, vocabulary, tables)
            arrival = _learn_family((ARRIVAL,), table, vocabulary)
        self._tables = tables
        rules = TransitionRules(vocabulary, tuple(families), arrival)
        if not self._memorises or not any(
            family.unexplained for family in (*families, *([arrival] if arrival else []))
        ):
            return rules
        return replace(rules, memories=memorised(rows, rules.predict))

    def _table(
        self, verbs: tuple[str, ...], rows: Sequence[Row], vocabulary: Vocabulary, tables: dict[object, FamilyTable]
    ) -> FamilyTable:
        key = (verbs, *scene_words(vocabulary, verbs))
        known = self._tables.get(key)
        table = FamilyTable() if known is None or not known.is_prefix_of(rows) else known
        table.extend(rows, vocabulary)
        tables[key] = table
        return table


def scene_words(vocabulary: Vocabulary, actions: Sequence[str]) -> tuple[object, ...]:
    """Return the part of a vocabulary on which the scenes of some actions depend."""
    headings = tuple(vocabulary.directions.get(action) for action in actions)
    return (
        vocabulary.agent_type,
        vocabulary.heading,
        headings,
        vocabulary.holder,
        vocabulary.naming,
        vocabulary.names,
        vocabulary.pairs,
    )


def family_rows(rows: Sequence[Row], vocabulary: Vocabulary) -> list[tuple[tuple[str, ...], list[Row]]]:
    """Return the verbs of each family with its rows, in order."""
    members: dict[tuple[str, ...], list[Row]] = {}
    shared = tuple(sorted(vocabulary.directions))
    for row in rows:
        key = shared if row.action in vocabulary.directions else (vocabulary.verb(row.action),)
        members.setdefault(key, []).append(row)
    return sorted(members.items())


def _learn_family(verbs: tuple[str, ...], table: FamilyTable, vocabulary: Vocabulary) -> Family:
    rules, unexplained = learn_rules(table, vocabulary)
    shared = bool(vocabulary.directions) and verbs == tuple(sorted(vocabulary.directions))
    return Family(verbs, shared, tuple(rules), unexplained + table.without_agent)


def learn_rules(table: FamilyTable, vocabulary: Vocabulary, wanted: int | None = None) -> tuple[list[Rule], int]:
    """Return rules for the rows of a table, and how many rows they leave unexplained.

    Args:
        table: the rows.
        vocabulary: the vocabulary.
        wanted: the mask of the rows to explain; None for all in which something changes. Where rows are wanted, rules
            that say that nothing changes are learned as well.
    """
    outcomes = table.outcomes()
    unexplained = 0
    groups: dict[Outcome, list[Outcome]] = {}
    masks: dict[Outcome, int] = {}
    for index, outcome in enumerate(outcomes):
        if wanted is not None and not wanted >> index & 1:
            continue
        if outcome is None:
            unexplained += 1
        elif outcome or wanted is not None:
            shape = shape_of(outcome)
            groups.setdefault(shape, []).append(outcome)
            masks[shape] = masks.get(shape, 0) | 1 << index
    literals = literals_for(vocabulary, table.scenes) if groups else []
    columns = [Column(literal, table.where(literal), literal.cost) for literal in literals]
    rules: list[Rule] = []
    for shape, members in groups.items():
        outcome = merge_outcomes(members)
        right = table.right(outcome)
        conjunctions, left = learn_cover(masks[shape], table.applicable(outcome) & ~right, columns)
        unexplained += left.bit_count()
        for conjunction in conjunctions:
            covered = conjunction.mask & right & masks[shape]
            conditions = _with_caution(conjunction.literals, outcome, covered, columns)
            rules.append(Rule(conditions, outcome, covered.bit_count()))
    rules.sort(key=lambda rule: -rule.support)
    return rules, unexplained


def _with_caution(
    conditions: tuple[Literal, ...], outcome: Outcome, covered: int, columns: Sequence[Column[Literal]]
) -> tuple[Literal, ...]:
    """Return the conditions, and that there is room for what moves or appears, where all examples agree.

    Of the hypotheses that the data cannot tell apart yet, this one is right in most worlds: things do not move into
    what blocks the agent, and appear where nothing is. One counterexample drops it.
    """
    for column in columns:
        literal = column.literal
        needed = isinstance(literal, (Clear, Empty)) and (literal.slot, type(literal)) in _room(outcome)
        if needed and literal not in conditions and column.mask & covered == covered:
            conditions = (*conditions, literal)
    empty = {literal.slot for literal in conditions if isinstance(literal, Empty)}
    return tuple(one for one in conditions if not (isinstance(one, Clear) and one.slot in empty))


def _room(outcome: Outcome) -> set[tuple[Slot, type[Literal]]]:
    """Return where an outcome needs room, and whether that means clear or empty."""
    room: set[tuple[Slot, type[Literal]]] = set()
    moved = [effect.slot for effect in outcome if isinstance(effect, Move)]
    if moved and max(moved) <= AHEAD:
        room.add((BEYOND if max(moved) == AHEAD else AHEAD, Clear))
    for effect in outcome:
        if isinstance(effect, (Create, Drop)):
            room.add((effect.slot, Empty))
    return room
