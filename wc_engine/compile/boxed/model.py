"""Boxed models: programs that run natively on Python's values, whatever their states look like."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wc_engine.compile.boxed import _runtime
from wc_engine.compile.boxed.cached import obtain_image
from wc_engine.compile.boxed.image import ProgramImage
from wc_engine.compile.boxed.keys import KeyCodec
from wc_engine.compile.boxed.loading import load_image
from wc_engine.errors import EncodingError, UnsupportedConstructError
from wc_engine.models.objects import holds_float
from wc_engine.models.program import Program
from wc_engine.state.census import Census, take_census
from wc_engine.state.entities import Entity, State, Value

if TYPE_CHECKING:
    from wc_engine.compile.boxed.problem import BoxedProblem

__all__ = ["BoxedModel", "compile_boxed"]

_OK = 1
_MAX_KNOWN = 1 << 18
_MAX_REMEMBERED_PROBLEMS = 8


class Entities:
    """The numbers that a loaded program gives to entities.

    Args:
        runtime: the loaded program.
        slot_names: the attributes that entities can have.
    """

    def __init__(self, runtime: _runtime.Program, slot_names: Sequence[str]) -> None:
        self._runtime = runtime
        self._codec = KeyCodec(slot_names)
        self._numbers: dict[Entity, tuple[bytes, int]] = {}
        self._entities: dict[int, Entity] = {}

    def numbers(self, state: State) -> list[int]:
        """Return the numbers of a state's entities, in canonical order.

        Raises:
            EncodingError: an entity has an attribute or a value that native code has no place for.
        """
        if len(self._numbers) > _MAX_KNOWN:
            self._numbers.clear()
        return [number for _, number in sorted([self._numbers.get(entity) or self._number(entity) for entity in state])]

    def state(self, numbers: Iterable[int]) -> State:
        """Return the state of some entities."""
        if len(self._entities) > _MAX_KNOWN:
            self._entities.clear()
        return State([self._entity(number) for number in numbers])

    def sorted(self, numbers: Iterable[int]) -> list[int]:
        """Return numbers in canonical order of their entities, each once."""
        return sorted(set(numbers), key=self._runtime.key)

    def _number(self, entity: Entity) -> tuple[bytes, int]:
        """Return an entity's key and number."""
        key = self._codec.encode(entity)
        found = (key, self._runtime.add(key))
        if not holds_float(entity):  # 0.0 == -0.0, yet a program can tell them apart
            self._numbers[entity] = found
        return found

    def _entity(self, number: int) -> Entity:
        entity = self._entities.get(number)
        if entity is None:
            entity = self._entities[number] = self._codec.decode(self._runtime.key(number))
        return entity


@dataclass(frozen=True)
class BoxedModel:
    """A world model as native code that works on Python's values.

    Attributes:
        program: what was compiled.
        actions: the action of each index.
        mission: the mission whose reward function it has, or None.
        types: the entity types of the states that it was compiled for; others are fine too.
        image: the native code and its tables.
        compile_seconds: how long compilation took, or loading from the cache.
    """

    program: Program
    actions: tuple[str, ...]
    mission: str | None
    types: frozenset[str]
    image: ProgramImage = field(repr=False)
    compile_seconds: float
    runtime: _runtime.Program = field(repr=False)
    entities: Entities = field(repr=False)
    _problems: OrderedDict[int, BoxedProblem] = field(default_factory=OrderedDict, repr=False, compare=False)

    @property
    def dynamic_types(self) -> frozenset[str]:
        """The entity types that are in the packed state: all of them."""
        return self.types

    @property
    def text(self) -> str:
        """The native code in LLVM's language, as ``wc-engine compile --emit`` prints it."""
        return self.image.listing

    def bind(
        self, state: State, *, rows: dict[str, int] | None = None, capacity: int = 0, others: Iterable[State] = ()
    ) -> BoxedProblem:
        """Bind the model to an initial state.

        Args:
            state: the initial state.
            rows: not used: there is always room for all entities of the initial state.
            capacity: room for that many entities that the initial state does not have; 0 for the usual number.
            others: states whose entities are to be at hand, too.

        Raises:
            EncodingError: an entity has an attribute that the program was not compiled for (``widened`` makes a model
                that has it), or a value that native code has no place for.
        """
        from wc_engine.compile.boxed.problem import BoxedProblem

        return BoxedProblem(self, state, capacity, others)

    def has_place_for(self, state: State) -> bool:
        """Whether the model can be bound to a state."""
        try:
            self.entities.numbers(state)
        except EncodingError:
            return False
        return True

    def problem_for(self, state: State) -> BoxedProblem:
        """Return one of the problems that were bound last if it suits a state, else bind the model to it.

        Raises:
            EncodingError: see ``bind``.
        """
        for key in reversed(self._problems):
            problem = self._problems[key]
            if problem.suits(state):
                self._problems.move_to_end(key)
                return problem
        problem = self.bind(state)
        self._problems[id(problem)] = problem
        if len(self._problems) > _MAX_REMEMBERED_PROBLEMS:
            self._problems.popitem(last=False)
        return problem

    def widened(self, states: Iterable[State]) -> BoxedModel:
        """Return a model that has a place for all attributes in ``states``; itself where it has.

        Raises:
            UnsupportedConstructError: there are too many attributes.
        """
        names = attribute_names(take_census(states).entities)
        if names <= set(self.image.slot_names):
            return self
        return _compile(self.program, names | set(self.image.slot_names), self.actions, self.mission, self.types)


def compile_boxed(
    program: Program | str, states: Iterable[State] | Census, actions: Sequence[str], mission: str | None = None
) -> BoxedModel:
    """Compile a world model to native code that works on Python's values.

    Args:
        program: the program, or its text.
        states: examples of states, or a census of them: entities can have all attributes that occur in them.
        actions: all actions of the problem.
        mission: which of the program's ``REWARD_FUNCS`` to use, where it has them.

    Raises:
        UnsupportedConstructError: something is not translated; the model can run interpreted.
        InvalidModelError: the text is no world model.
    """
    if isinstance(program, str):
        program = Program.from_text(program)
    census = states if isinstance(states, Census) else take_census(states)
    types = frozenset(entity.type for entity in census.entities)
    return _compile(program, attribute_names(census.entities), tuple(actions), mission, types)


def _compile(
    program: Program, names: set[str], actions: tuple[str, ...], mission: str | None, types: frozenset[str]
) -> BoxedModel:
    start = time.perf_counter()
    image = obtain_image(program, names, mission)
    runtime = load_image(image)
    if runtime.load() != _OK:
        raise UnsupportedConstructError(
            f"the program does not load natively: {runtime.last_message or 'no transition'}"
        )
    entities = Entities(runtime, image.slot_names)
    seconds = time.perf_counter() - start
    return BoxedModel(program, actions, mission, types, image, seconds, runtime, entities)


def attribute_names(entities: Iterable[Entity]) -> set[str]:
    """Return the names of all attributes of entities, those of entities inside others included."""
    found: set[str] = set()
    for entity in entities:
        _note_names(entity, found)
    return found


def _note_names(value: Value, found: set[str]) -> None:
    if isinstance(value, Entity):
        found.update(value.attributes)
        for inner in value.attributes.values():
            _note_names(inner, found)
    elif isinstance(value, tuple):
        for item in value:
            _note_names(item, found)
