"""Novelty of context: which (state, action) would show something that was never tried.

A *context* is what rules can see of a step: what is in the slots before the agent, and what it carries. Two steps of
equal context are the same to every rule, so trying one of them is enough, and a world explored by contexts is known
after tens of steps where random play takes hundreds.

Not every new context is worth the way to it. An action that did the same in all contexts so far, whatever they were,
will most likely do the same in the next: such contexts have a price, in steps that the way to another one may take
longer. Others are worth a detour. An action that was seen to act on a thing, in one state of it or with one thing in
hand, has conditions, and rules that explain all data disagree about them: in a context of the same thing that was never
tried, one says that the action works, and another says that it does not. Trying it decides between them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from wc_engine.models.dataset import Transition
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.proposers.inductive.rows import Row, RowCache
from wc_engine.synthesis.proposers.inductive.scene import AHEAD, BEYOND, HERE, Cells, Scene, cells_of, position_of
from wc_engine.synthesis.proposers.inductive.vocabulary import Kind, Vocabulary, infer_vocabulary

__all__ = ["Context", "ContextIndex"]


_ENOUGH_BEYOND = 3
"""What blocks the agent and did not move with so many different things behind it is believed to be fixed."""

_ENOUGH_ALIKE = 2
"""An action that did the same in more contexts than this begins to bore."""

_ANYTHING = "*"
"""Stands for whatever is carried."""

_PRICE_OF_UNKNOWN, _PRICE_OF_INERT = 2, 3
"""The price of what was never seen to do anything to things of the same types, untried and tried."""

_PRICE_OF_DISPUTED = -3
"""The price of what was seen to act on things of the same types: the way to it may be so much longer."""


@dataclass(frozen=True, slots=True)
class Context:
    """What rules can see of a step.

    Attributes:
        action: what actions that share their contexts have in common.
        near: what is ahead, with the rest of what is near, and what the agent carries.
        beyond: what is behind that, where it matters.
        may_move: what is ahead is of a type that was seen to move.
        carried: the type of what the agent carries, or None.
        subject: the types of what is ahead, whatever state they are in; None where that does not matter.
        unmet: the agent moves, and never moved towards something of a kind that is ahead.
    """

    action: str
    near: Hashable
    beyond: Hashable
    may_move: bool
    carried: str | None = None
    subject: tuple[str, ...] | None = None
    unmet: bool = False


class ContextIndex:
    """The contexts that some transitions have shown.

    Attributes:
        vocabulary: the vocabulary that tells contexts apart.
        dull: transitions since one did something in a new context, or nothing where its action always did something.
    """

    def __init__(self) -> None:
        self._rows = RowCache()
        self._num_seen = 0
        self._tried: dict[tuple[str, Hashable], set[Hashable]] = {}
        self._effects: dict[tuple[str, str | None], dict[Hashable, Hashable]] = {}
        self._active: dict[tuple[str, Hashable], bool] = {}
        self._met: set[Kind] = set()
        self.vocabulary = Vocabulary()
        self.dull = 0

    def update(self, transitions: Sequence[Transition]) -> None:
        """Take in transitions: those of the last call, and perhaps more behind them."""
        rows = self._rows.rows(transitions)
        self.update_rows(rows, infer_vocabulary(rows))

    def update_rows(self, rows: Sequence[Row], vocabulary: Vocabulary) -> None:
        """Take in rows with their vocabulary: those of the last call, and perhaps more behind them."""
        if vocabulary != self.vocabulary:
            # Contexts are told apart by the vocabulary: with a new one, all are named anew.
            self.vocabulary, self._num_seen = vocabulary, 0
            self._tried, self._effects, self._active, self._met = {}, {}, {}, set()
            self.dull = 0
        for row in rows[self._num_seen :]:
            self._note(row)
        self._num_seen = len(rows)

    def _note(self, row: Row) -> None:
        context = self.context(row.transition.state, row.cells, row.action)
        effect = _effect(row)
        known = self._effects.setdefault((context.action, _ANYTHING), {})
        is_uniform = len(set(known.values())) == 1
        if row.action in self.vocabulary.moving:
            self._met.update(self._ahead(row.transition.state, row.cells, row.action))
        is_new = (context.near, context.beyond) not in known
        is_surprise = is_new and not (is_uniform and effect in known.values()) and (bool(effect) or is_uniform)
        self.dull = 0 if is_surprise else self.dull + 1
        self._tried.setdefault((context.action, context.near), set()).add(context.beyond)
        for carried in (context.carried, _ANYTHING):
            effects = self._effects.setdefault((context.action, carried), {})
            effects[context.near, context.beyond] = effect
        subject = (context.action, context.subject)
        touched = context.subject is not None and any(name in context.subject for name, *_ in effect)
        self._active[subject] = self._active.get(subject, False) or touched

    def novel_actions(self, state: State, actions: Sequence[str]) -> list[str]:
        """Return the actions whose context in a state was never tried."""
        cells = cells_of(state)
        return [action for action in actions if self.is_novel(self.context(state, cells, action))]

    def prices(self, state: State, actions: Sequence[str]) -> dict[str, int]:
        """Return the actions whose context in a state was never tried, with their prices in steps.

        Whether a thing can be walked through comes first: other actions may change it. The other moves come last:
        what else is to be tried in a place is tried before it is left.
        """
        cells = cells_of(state)
        contexts = {action: self.context(state, cells, action) for action in actions}
        ordered = sorted(actions, key=lambda one: (not contexts[one].unmet, one in self.vocabulary.moving))
        return {one: self._price(contexts[one]) for one in ordered if self.is_novel(contexts[one])}

    def disputed(self, state: State, actions: Sequence[str]) -> dict[str, int]:
        """Return those of ``prices`` about whose outcome rules that explain all data disagree."""
        return {one: price for one, price in self.prices(state, actions).items() if price == _PRICE_OF_DISPUTED}

    @property
    def least_price(self) -> int:
        """The least price that a context may have."""
        return _PRICE_OF_DISPUTED if any(self._active.values()) else 0

    def is_novel(self, context: Context) -> bool:
        """Return whether a context was never tried."""
        beyond = self._tried.get((context.action, context.near))
        if beyond is None:
            return True
        return context.beyond not in beyond and (context.may_move or len(beyond) < _ENOUGH_BEYOND)

    def _price(self, context: Context) -> int:
        active = None if context.subject is None else self._active.get((context.action, context.subject))
        if active:
            return _PRICE_OF_DISPUTED
        if context.unmet:
            return 0
        boredom = 0
        for carried in (context.carried, _ANYTHING):
            effects = self._effects.get((context.action, carried), {})
            if len(set(effects.values())) == 1:
                boredom = max(boredom, len(effects) - _ENOUGH_ALIKE)
        return boredom + (_PRICE_OF_UNKNOWN if active is None else _PRICE_OF_INERT)

    def context(self, state: State, cells: Cells, action: str) -> Context:
        """Return the context of an action in a state, given its entities by cell."""
        words = self.vocabulary
        agent = words.agent_in(state)
        if agent is None:
            return Context(action, None, None, False)
        scene = words.scene_of(state, cells, agent, action)
        shared = "the moves" if action in words.directions else words.verb(action)
        own = tuple(
            (name, value)
            for name, value in agent.attributes.items()
            if name not in ("x", "y", words.heading, words.holder) and type(value) is not int
        )
        near: tuple[Hashable, ...] = (own, None if scene.carried is None else scene.carried.type)
        named = tuple(words.kind(entity) for entity in scene.named)
        if scene.direction is None:
            return Context(shared, (*near, named, self._neighbourhood(agent, cells)), None, False)
        here, ahead = self._kinds(scene.occupants(HERE)), self._kinds(scene.occupants(AHEAD))
        near = (*near, named, here, ahead, _agreement(scene))
        # What lies beyond matters only where something ahead blocks the agent, and might go there.
        blocked = action in words.moving and any(kind in words.blocking for kind in ahead)
        beyond = self._kinds(scene.occupants(BEYOND)) if blocked else None
        may_move = any(name in words.movers for name, _ in ahead)
        carried = None if scene.carried is None else scene.carried.type
        # What moves the agent may be stopped by one state and not by another of the same thing: that is worth a try.
        subject = None if action in words.moving or not ahead else tuple(name for name, _ in ahead)
        unmet = action in words.moving and any(kind not in self._met for kind in ahead)
        return Context(shared, near, beyond, may_move, carried, subject, unmet)

    def _ahead(self, state: State, cells: Cells, action: str) -> tuple[Kind, ...]:
        agent = self.vocabulary.agent_in(state)
        if agent is None:
            return ()
        return self._kinds(self.vocabulary.scene_of(state, cells, agent, action).occupants(AHEAD))

    def _neighbourhood(self, agent: Entity, cells: Cells) -> Hashable:
        x, y = position_of(agent) or (0, 0)
        return tuple(
            self._kinds([entity for entity in cells.get((x + dx, y + dy), ()) if entity.type != agent.type])
            for dy in (-1, 0, 1)
            for dx in (-1, 0, 1)
        )

    def _kinds(self, entities: Sequence[Entity]) -> tuple[Kind, ...]:
        return tuple(sorted({self.vocabulary.kind(entity) for entity in entities}, key=repr))


def _agreement(scene: Scene) -> frozenset[str]:
    """Return the attributes in which what is ahead agrees with what the agent carries."""
    if scene.carried is None:
        return frozenset()
    held = scene.carried.attributes
    return frozenset(
        name
        for entity in scene.occupants(AHEAD)
        for name, value in held.items()
        if name in entity and entity[name] == value
    )


def _effect(row: Row) -> frozenset[tuple[str, Hashable]]:
    """Return what a step did, values left out."""
    return frozenset(
        (
            subject.type,
            (change.before is None, change.after is None, change.displacement is None, *change.changed_attributes),
        )
        for change in row.changes
        if (subject := change.before or change.after) is not None
    )
