"""The assumption search: where no plan exists, what would have to be true for one to exist?

A 0-1 search over states: a step that the rules predict costs nothing; in a context that was never tried, an action may
have any effect that is known of it, or of other actions if none is, at a cost of 1. The cheapest way to the goal says
what is worth a try. It becomes rules, marked as hypotheses in the program, which the agent then plans with: the first
try confirms or refutes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wc_engine.state.entities import State
from wc_engine.synthesis.proposers.inductive.draft import MissionReward
from wc_engine.synthesis.proposers.inductive.effects import (
    Create,
    Drop,
    Effect,
    Outcome,
    Pick,
    SetAttribute,
    applies,
    apply,
)
from wc_engine.synthesis.proposers.inductive.features import Exists, Feature, Holds
from wc_engine.synthesis.proposers.inductive.literals import AttributeIs, Carries, HandIsEmpty, Has, Literal
from wc_engine.synthesis.proposers.inductive.missions import Pattern
from wc_engine.synthesis.proposers.inductive.novelty import ContextIndex
from wc_engine.synthesis.proposers.inductive.rows import Row
from wc_engine.synthesis.proposers.inductive.rules import Family, Rule, TransitionRules
from wc_engine.synthesis.proposers.inductive.scene import AGENT, AHEAD, Scene, cells_of
from wc_engine.synthesis.proposers.inductive.summaries import StepSummary, summarize

__all__ = ["Assumption", "assume", "demanded", "with_assumptions"]

_MOST_EXPANDED = 400
_MOST_ASSUMED = 2


@dataclass(frozen=True, slots=True)
class Assumption:
    """An action that was never tried like this is assumed to have an effect."""

    action: str
    rule: Rule


@dataclass(slots=True)
class _Node:
    state: State
    assumed: tuple[Assumption, ...]


def assume(
    rules: TransitionRules,
    reward: MissionReward,
    state: State,
    contexts: ContextIndex,
    rows: Sequence[Row],
    max_expanded: int = _MOST_EXPANDED,
) -> tuple[Assumption, ...]:
    """Return the fewest assumptions under which there is a plan, or none where the search finds none.

    Args:
        rules: the rules.
        reward: the reward function of the mission.
        state: the state to plan from.
        contexts: what was tried.
        rows: what was seen; no assumption contradicts it.
        max_expanded: states that the search may expand.
    """
    if reward.goal is None and not reward.end.alternatives:
        return ()
    search = _Search(rules, reward, contexts, rows)
    open_nodes, costlier = deque([_Node(state, ())]), deque[_Node]()
    closed: set[State] = set()
    while len(closed) < max_expanded:
        if not open_nodes:
            open_nodes, costlier = costlier, deque()
            if not open_nodes:
                break
        node = open_nodes.popleft()
        if node.state in closed:
            continue
        closed.add(node.state)
        for following, assumption in search.successors(node.state):
            assumed = node.assumed if assumption is None else (*node.assumed, assumption)
            reached, done = search.is_success(node.state, following)
            if reached:
                return assumed
            if done or following in closed or len(assumed) > _MOST_ASSUMED:
                continue
            (open_nodes if assumption is None else costlier).append(_Node(following, assumed))
    return ()


def demanded(rules: TransitionRules, reward: MissionReward, rows: Sequence[Row]) -> tuple[Assumption, ...]:
    """Return that known effects work on what the goal asks for, where they were never tried on things of that type.

    The mission says to pick up a box, and keys can be picked up: boxes may be as well. That needs no search.

    Args:
        rules: the rules.
        reward: the reward function of the mission.
        rows: what was seen; no assumption contradicts it.
    """
    wanted = [test.feature for conditions in reward.end.alternatives for test in conditions if test.relation == ">"]
    found: dict[Assumption, None] = {}
    for feature in wanted if reward.goal is None else [reward.goal]:
        for family in rules.families:
            for rule in family.rules:
                outcome = _demanded_outcome(rule.outcome, feature)
                if outcome is not None:
                    found[Assumption(family.verbs[0], Rule(rule.conditions, outcome, 0))] = None
    return tuple(one for one in found if not _is_refuted(one, rules, rows))


def _demanded_outcome(outcome: Outcome, feature: Feature) -> Outcome | None:
    """Return an outcome that makes a goal true of the type that it speaks of, where it was seen to do so of others."""
    if not isinstance(feature, (Holds, Exists)) or not isinstance(feature.pattern, Pattern):
        return None
    type_name = feature.pattern.type_name
    if type_name is None:
        return None
    for index, effect in enumerate(outcome):
        picks = isinstance(feature, Holds) and isinstance(effect, Pick)
        changes = (
            isinstance(feature, Exists)
            and isinstance(effect, SetAttribute)
            and (effect.attribute, effect.value) in feature.pattern.values
        )
        if isinstance(effect, (Pick, SetAttribute)) and (picks or changes) and type_name not in effect.types:
            changed = replace(effect, types=frozenset((type_name,)))
            return (*outcome[:index], changed, *outcome[index + 1 :])
    return None


def _is_refuted(assumption: Assumption, rules: TransitionRules, rows: Sequence[Row]) -> bool:
    """Return whether something seen contradicts an assumption."""
    for row in rows:
        if rules.vocabulary.verb(row.action) != assumption.action:
            continue
        scene = rules.vocabulary.scene(row)
        if scene is not None and assumption.rule.fires(scene):
            return True
    return False


class _Search:
    """The moves of the search, and its goal."""

    def __init__(
        self, rules: TransitionRules, reward: MissionReward, contexts: ContextIndex, rows: Sequence[Row]
    ) -> None:
        self._rules = rules
        self._reward = reward
        self._contexts = contexts
        self._tried: dict[str, list[tuple[Row, Scene]]] = {}
        for row in rows:
            scene = rules.vocabulary.scene(row)
            if scene is not None:
                self._tried.setdefault(row.action, []).append((row, scene))
        self._outcomes = tuple(dict.fromkeys(rule.outcome for family in rules.families for rule in family.rules))
        self._refuted: dict[Assumption, bool] = {}

    def successors(self, state: State) -> Iterator[tuple[State, Assumption | None]]:
        """Yield the states that one action leads to, and the assumption under which it does."""
        vocabulary = self._rules.vocabulary
        cells = cells_of(state)
        agent = vocabulary.agent_in(state)
        if agent is None:
            return
        for action in vocabulary.actions:
            predicted = self._rules.predict(state, action)
            if predicted != state:
                yield predicted, None
            if not self._contexts.is_novel(self._contexts.context(state, cells, action)):
                continue
            scene = vocabulary.scene_of(state, cells, agent, action)
            family = self._rules.family(action)
            own = () if family is None else tuple(dict.fromkeys(rule.outcome for rule in family.rules))
            for outcome in own or self._outcomes:
                widened = _widened(outcome, scene)
                if widened is None:
                    continue
                assumption = Assumption(action, Rule(self._conditions(scene), widened, 0))
                following = apply(widened, scene, state)
                if following != predicted and not self._is_refuted(assumption):
                    yield following, assumption

    def is_success(self, state: State, following: State) -> tuple[bool, bool]:
        """Return whether a step reaches the goal, and whether it ends the episode."""
        vocabulary = self._rules.vocabulary
        before = summarize(state, cells_of(state), vocabulary)
        after = summarize(following, cells_of(following), vocabulary)
        value, done = self._reward.outcome(StepSummary(before, after, state == following))
        return done and value > 0, done

    def _conditions(self, scene: Scene) -> tuple[Literal, ...]:
        """Return the context of a scene as conditions."""
        vocabulary = self._rules.vocabulary
        found: list[Literal] = []
        for entity in scene.occupants(AHEAD):
            found.append(Has(AHEAD, entity.type))
            for name in vocabulary.kind_attributes(entity.type):
                found.append(AttributeIs(AHEAD, entity.type, name, entity.get(name)))
        if vocabulary.holder is not None:
            carried = scene.carried
            found.append(
                HandIsEmpty(vocabulary.holder) if carried is None else Carries(vocabulary.holder, carried.type)
            )
        return tuple(found)

    def _is_refuted(self, assumption: Assumption) -> bool:
        """Return whether something seen contradicts an assumption."""
        if assumption not in self._refuted:
            self._refuted[assumption] = any(
                assumption.rule.fires(scene)
                and apply(assumption.rule.outcome, scene, row.transition.state) != row.transition.next_state
                for row, scene in self._tried.get(assumption.action, ())
            )
        return self._refuted[assumption]


def _widened(outcome: Outcome, scene: Scene) -> Outcome | None:
    """Return an outcome for the types that are in its slots now, or None where it cannot apply."""
    effects: list[Effect] = []
    for effect in outcome:
        if not isinstance(effect, (Create, Drop)) and effect.slot != AGENT:
            types = frozenset(entity.type for entity in scene.occupants(effect.slot))
            effects.append(replace(effect, types=types))
        else:
            effects.append(effect)
    widened = tuple(effects)
    return widened if widened and applies(widened, scene) else None


def with_assumptions(rules: TransitionRules, assumptions: Sequence[Assumption]) -> TransitionRules:
    """Return rules with assumptions ahead of what they know of the same actions."""
    families = list(rules.families)
    for one in dict.fromkeys(assumptions):
        verb = rules.vocabulary.verb(one.action)
        for index, family in enumerate(families):
            if verb in family.verbs and one.rule not in family.rules:
                families[index] = Family(family.verbs, family.shared, (one.rule, *family.rules), family.unexplained)
    return replace(rules, families=tuple(families))
