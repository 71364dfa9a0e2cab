"""Learning the transition function: one chain of rules per family of actions.

All actions that are known to move the agent form one family and share their rules, each seen along its own direction;
every other action is a family of its own. In a family each outcome gets conditions by set cover: its positives are the
rows in which it happened, its negatives the rows in which applying it gives the wrong state. Rows where it cannot
apply are free. By default nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wc_engine.state.entities import State
from wc_engine.synthesis.proposers.inductive.cover import Column, learn_cover
from wc_engine.synthesis.proposers.inductive.effects import (
    Move,
    Outcome,
    applies,
    explains,
    local_result,
    merge_outcomes,
    read_outcome,
    shape_of,
)
from wc_engine.synthesis.proposers.inductive.literals import Clear, Literal, literals_for
from wc_engine.synthesis.proposers.inductive.rows import Row, first_of
from wc_engine.synthesis.proposers.inductive.scene import Scene, Slot, cells_of
from wc_engine.synthesis.proposers.inductive.vocabulary import Vocabulary

__all__ = ["Family", "FamilyTable", "Rule", "RuleLearner", "TransitionRules"]


@dataclass(frozen=True, slots=True)
class Rule:
    """If the conditions hold and the outcome applies, it happens.

    Attributes:
        support: how many transitions show it.
    """

    conditions: tuple[Literal, ...]
    outcome: Outcome
    support: int

    def fires(self, scene: Scene) -> bool:
        """Return whether the rule decides what happens in a scene."""
        return applies(self.outcome, scene) and all(literal.holds(scene) for literal in self.conditions)


@dataclass(frozen=True, slots=True)
class Family:
    """The rules of some actions, tried in order; where none fires, nothing changes.

    Attributes:
        directional: the actions have directions.
        unexplained: transitions that no rule explains.
    """

    actions: tuple[str, ...]
    directional: bool
    rules: tuple[Rule, ...]
    unexplained: int


@dataclass(frozen=True, slots=True)
class TransitionRules:
    """A learned transition function."""

    vocabulary: Vocabulary
    families: tuple[Family, ...]

    def predict(self, state: State, action: str) -> State:
        """Return the next state, as the printed program computes it.

        Raises:
            LookupError: there is no agent in the state, and the rules need one.
        """
        family = next((family for family in self.families if action in family.actions and family.rules), None)
        if family is None or self.vocabulary.agent_type is None:
            return state
        agent = first_of(state, self.vocabulary.agent_type)
        if agent is None:
            raise LookupError(f"no {self.vocabulary.agent_type} in the state")
        scene = Scene(cells_of(state), agent, action, self.vocabulary.directions.get(action))
        for rule in family.rules:
            if rule.fires(scene):
                before, after = local_result(rule.outcome, scene)
                rest = list(state.entities)
                for entity in before:
                    rest.remove(entity)
                return State(rest + after)
        return state


class RuleLearner:
    """Learns transition rules from rows that only grow in number: what was computed about a row is kept."""

    def __init__(self) -> None:
        self._tables: dict[object, FamilyTable] = {}

    def learn(self, rows: Sequence[Row], vocabulary: Vocabulary) -> TransitionRules:
        """Return rules that explain as many rows as they can, with no wrong prediction that could be told apart."""
        members: dict[tuple[str, ...], list[Row]] = {}
        directional = tuple(action for action in vocabulary.actions if action in vocabulary.directions)
        for row in rows:
            key = directional if row.action in vocabulary.directions else (row.action,)
            members.setdefault(key, []).append(row)
        tables: dict[object, FamilyTable] = {}
        families: list[Family] = []
        for actions in sorted(members):
            headings = tuple(vocabulary.directions.get(action) for action in actions)
            known = self._tables.get((vocabulary.agent_type, actions, headings))
            table = FamilyTable() if known is None or not known.is_prefix_of(members[actions]) else known
            table.extend(members[actions], vocabulary)
            tables[vocabulary.agent_type, actions, headings] = table
            families.append(_learn_family(actions, table, vocabulary, directional=actions == directional))
        self._tables = tables
        return TransitionRules(vocabulary, tuple(families))


class FamilyTable:
    """The rows of one family, their scenes and outcomes, and in which of them a literal or an outcome holds."""

    def __init__(self) -> None:
        self._all_rows: list[Row] = []
        self._masks: dict[object, tuple[int, int]] = {}
        self.rows: list[Row] = []
        self.scenes: list[Scene] = []
        self.outcomes: list[Outcome | None] = []

    @property
    def without_agent(self) -> int:
        """How many rows have no scene, for want of an agent."""
        return len(self._all_rows) - len(self.rows)

    def is_prefix_of(self, rows: Sequence[Row]) -> bool:
        """Return whether these rows, in order, begin with those of the table."""
        return len(rows) >= len(self._all_rows) and rows[: len(self._all_rows)] == self._all_rows

    def extend(self, rows: Sequence[Row], vocabulary: Vocabulary) -> None:
        """Take in the rows behind those of the table."""
        for row in rows[len(self._all_rows) :]:
            self._all_rows.append(row)
            scene = vocabulary.scene(row)
            if scene is not None:
                self.rows.append(row)
                self.scenes.append(scene)
                self.outcomes.append(read_outcome(row, scene))

    def where(self, literal: Literal) -> int:
        """Return the mask of the rows in which a literal holds."""
        return self._extended_mask(literal, lambda index: literal.holds(self.scenes[index]))

    def applicable(self, outcome: Outcome) -> int:
        """Return the mask of the rows in which an outcome applies."""
        return self._extended_mask(("applies", outcome), lambda index: applies(outcome, self.scenes[index]))

    def right(self, outcome: Outcome) -> int:
        """Return the mask of the rows in which an outcome applies and gives the right state."""
        able = self.applicable(outcome)
        return self._extended_mask(
            ("explains", outcome),
            lambda index: bool(able >> index & 1) and explains(outcome, self.rows[index], self.scenes[index]),
        )

    def _extended_mask(self, key: object, holds: Callable[[int], bool]) -> int:
        mask, done = self._masks.get(key, (0, 0))
        for index in range(done, len(self.rows)):
            if holds(index):
                mask |= 1 << index
        self._masks[key] = (mask, len(self.rows))
        return mask


def _learn_family(actions: tuple[str, ...], table: FamilyTable, vocabulary: Vocabulary, *, directional: bool) -> Family:
    unexplained = table.without_agent + sum(outcome is None for outcome in table.outcomes)
    merged = _merged(table.outcomes)
    literals = literals_for(vocabulary, table.scenes, directional=directional) if merged else []
    columns = [Column(literal, table.where(literal), literal.cost) for literal in literals]
    rules: list[Rule] = []
    for outcome, positives in merged:
        right = table.right(outcome)
        conjunctions, left = learn_cover(positives, table.applicable(outcome) & ~right, columns)
        unexplained += left.bit_count()
        for conjunction in conjunctions:
            covered = conjunction.mask & right & positives
            conditions = _with_caution(conjunction.literals, outcome, covered, columns)
            rules.append(Rule(conditions, outcome, covered.bit_count()))
    rules.sort(key=lambda rule: -rule.support)
    return Family(actions, directional, tuple(rules), unexplained)


def _merged(read: Sequence[Outcome | None]) -> list[tuple[Outcome, int]]:
    """Return each outcome that changes something, those of one shape merged, with the mask of its rows."""
    groups: dict[Outcome, list[Outcome]] = {}
    masks: dict[Outcome, int] = {}
    for index, outcome in enumerate(read):
        if outcome:
            shape = shape_of(outcome)
            groups.setdefault(shape, []).append(outcome)
            masks[shape] = masks.get(shape, 0) | 1 << index
    return [(merge_outcomes(outcomes), masks[shape]) for shape, outcomes in groups.items()]


def _with_caution(
    conditions: tuple[Literal, ...], outcome: Outcome, covered: int, columns: Sequence[Column[Literal]]
) -> tuple[Literal, ...]:
    """Return the conditions, and that the cell into which things move is clear, where all examples agree.

    Of the hypotheses that the data cannot tell apart yet, this one is right in most worlds: things do not move into
    what blocks the agent. One counterexample drops it.
    """
    moved = [effect.slot for effect in outcome if isinstance(effect, Move)]
    if not moved or max(moved) > Slot.AHEAD:
        return conditions
    target = Slot.BEYOND if max(moved) is Slot.AHEAD else Slot.AHEAD
    for column in columns:
        if isinstance(column.literal, Clear) and column.literal.slot is target and column.literal not in conditions:
            return (*conditions, column.literal) if column.mask & covered == covered else conditions
    return conditions
