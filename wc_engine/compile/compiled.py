"""Compiled models, and problems: a compiled model bound to an initial state."""

from __future__ import annotations

import ctypes
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wc_engine.compile.assumptions import with_assumptions
from wc_engine.compile.backend import obtain
from wc_engine.compile.binding import Binder, StateRows
from wc_engine.compile.generated import GeneratedModel, module_text
from wc_engine.compile.memory import build_problem
from wc_engine.compile.native import NativeCode
from wc_engine.compile.plan import USUAL, Assumptions, FixedNumberNeeded
from wc_engine.compile.variants import for_numbers, with_variants
from wc_engine.errors import EncodingError
from wc_engine.models.program import Program
from wc_engine.state.census import Census, take_census
from wc_engine.state.entities import State
from wc_engine.state.schema import Schema, infer_schema, widen_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from wc_engine.compile.plan import CompilePlan
    from wc_engine.models.problem import Problem, U64Array

__all__ = ["CompiledModel", "CompiledProblem", "StepStatus", "specialise"]


class StepStatus:
    """The statuses of ``csrc/wc_abi.h``."""

    INTERNAL, OK, FAILED, OUT_OF_RANGE, OUT_OF_FUEL, OUT_OF_SCRATCH = range(6)


class _ModelStruct(ctypes.Structure):
    """``wc_model`` of ``csrc/wc_abi.h``."""

    _fields_ = (
        ("abi_version", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("num_words", ctypes.c_int32),
        ("num_actions", ctypes.c_int32),
        ("scratch_bytes", ctypes.c_size_t),
        ("problem", ctypes.c_void_p),
        ("step", ctypes.c_void_p),
        ("expand", ctypes.c_void_p),
        ("reward", ctypes.c_void_p),
        ("batch", ctypes.c_void_p),
    )


_STEP_TYPE = ctypes.CFUNCTYPE(
    ctypes.c_int32,
    ctypes.c_void_p,
    ctypes.c_void_p,
    ctypes.c_int32,
    ctypes.c_void_p,
    ctypes.c_void_p,
    ctypes.c_void_p,
    ctypes.c_void_p,
)
_CAPSULE_NAME = b"wc_engine.wc_model"
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)


@dataclass(frozen=True)
class CompiledModel:
    """A world model as native code, for every state of a schema.

    Attributes:
        program: what was compiled.
        schema: the entity types and domains that it was compiled for.
        actions: the action of each index.
        mission: the mission whose reward function it has, or None.
        generated: the text of the native functions.
        compile_seconds: how long translation and compilation took, or loading from the cache.
        code: the native functions.
        variants: the model once more for exact numbers of entities, where the examples have several and no step changes
            them: such code knows every place and has no loops over rows.
        notes: what planners found out about the model, kept for the next problem.
        assumptions: what its code guards in place of following it.
    """

    program: Program
    schema: Schema
    actions: tuple[str, ...]
    mission: str | None
    generated: GeneratedModel
    compile_seconds: float
    code: NativeCode = field(repr=False)
    variants: tuple[CompiledModel, ...] = field(default=(), repr=False)
    notes: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    assumptions: Assumptions = USUAL

    @cached_property
    def binder(self) -> Binder:
        """What the bindings of the model share."""
        return Binder(self.schema, self.dynamic_types)

    @property
    def dynamic_types(self) -> frozenset[str]:
        """The entity types that are in the packed state."""
        return self.generated.memory.dynamic_types

    @property
    def text(self) -> str:
        """The generated module, as ``wc-engine compile --emit`` prints it."""
        return module_text(self.generated.functions)

    def variant_for(self, state: State) -> CompiledModel:
        """Return the variant for as many entities as a state has, or the model itself.

        Raises:
            EncodingError: the state does not fit the schema.
        """
        return self._variant_for(self.binder.read(state))

    def _variant_for(self, rows: StateRows) -> CompiledModel:
        # Equal entities become one in a step.
        return self if rows.has_twins else self.variant_with(rows.numbers)

    def variant_with(self, numbers: Mapping[str, int]) -> CompiledModel:
        """Return the variant for numbers of entities by type, or the model itself."""
        return next((variant for variant in self.variants if variant.schema.has_counts(numbers)), self)

    def bind(self, state: State, *, rows: dict[str, int] | None = None, min_words: int = 1) -> CompiledProblem:
        """Bind the model, or the variant for the state, to an initial state: tables are filled, nothing is compiled.

        Args:
            state: the initial state; its static entities become the problem's.
            rows: room for that many entities of a dynamic type, where more are needed than the state has.
            min_words: words of a packed state, where fewer would do.

        Raises:
            EncodingError: the state does not fit the schema; ``widened`` makes a model that it fits.
        """
        read = self.binder.read(state)
        variant = self._variant_for(read)
        if variant.dynamic_types != self.dynamic_types:  # it keeps other entities outside the packed state
            read = variant.binder.read(state)
        return CompiledProblem(variant, read, rows or {}, min_words)

    def bind_rows(self, rows: StateRows) -> CompiledProblem:
        """Bind the model, or the variant for them, to entities that were read before.

        Raises:
            EncodingError: they were read for another schema.
        """
        if not self.binder.understands(rows):
            raise EncodingError("the rows were read for a model with other types or domains")
        variant = self._variant_for(rows)
        return CompiledProblem(variant if variant.dynamic_types == self.dynamic_types else self, rows, {})

    def widened(self, states: Iterable[State]) -> CompiledModel:
        """Return a model for a schema that ``states`` fit too; itself where they fit already.

        Raises:
            EncodingError: an entity's attributes differ from those of its type.
            UnsupportedConstructError: the program cannot be translated for the wider schema.
        """
        census = take_census(states)
        return self.with_schema(widen_schema(self.schema, census), capacity=_capacity(census))

    def with_schema(
        self,
        schema: Schema,
        *,
        capacity: int = 0,
        plan: CompilePlan | None = None,
        assumptions: Assumptions | None = None,
    ) -> CompiledModel:
        """Return the model compiled for another schema; itself where it is the same.

        Args:
            schema: the schema.
            capacity: room for that many entities of a type, where that is more than now.
            plan: what the staging for a similar schema learned, which then is not found out again.
            assumptions: what to guard in place of following it; None: as this model.
        """
        capacity = max(capacity, self.generated.capacity)
        assumptions = self.assumptions if assumptions is None else assumptions
        if (schema, capacity, assumptions) == (self.schema, self.generated.capacity, self.assumptions):
            return self
        return _compile(self.program, schema, self.actions, self.mission, capacity, plan, assumptions=assumptions)


def specialise(
    program: Program | str,
    states: Iterable[State],
    actions: Sequence[str],
    mission: str | None = None,
    *,
    census: Census | None = None,
) -> CompiledModel:
    """Compile a world model for states like the given ones, with everything known of them used.

    Args:
        program: the program, or its text.
        states: examples of states; their entity types and values make the schema.
        actions: all actions of the problem.
        mission: which of the program's ``REWARD_FUNCS`` to use, where it has them.
        census: of the states, where it was taken before.

    Raises:
        UnsupportedConstructError: something is not translated; the boxed tier takes more.
        EncodingError: entities of one type have different attributes.
        InvalidModelError: the text is no world model.
    """
    if isinstance(program, str):
        program = Program.from_text(program)
    states = list(states)
    census = census or take_census(states)
    schema, capacity = infer_schema(census), _capacity(census)

    def compile_for(schema: Schema) -> CompiledModel:
        assert isinstance(program, Program)
        assert census is not None
        return with_assumptions(
            lambda assumed: _compile(program, schema, tuple(actions), mission, capacity, assumptions=assumed),
            states,
            census,
        )

    try:
        model = compile_for(schema)
    except FixedNumberNeeded as refusal:
        return for_numbers(compile_for, schema, states, census, refusal)
    return with_variants(model, states, census)


def _capacity(census: Census) -> int:
    """Room for entities of one type while a step runs: twice the most that a state has, at least 64."""
    return max(64, 1 << (2 * census.most - 1).bit_length() if census.most else 0)


def _compile(
    program: Program,
    schema: Schema,
    actions: tuple[str, ...],
    mission: str | None,
    capacity: int,
    plan: CompilePlan | None = None,
    *,
    assumptions: Assumptions = USUAL,
) -> CompiledModel:
    start = time.perf_counter()
    generated, code = obtain(program, schema, actions, mission, capacity, plan, assumptions=assumptions)
    seconds = time.perf_counter() - start
    return CompiledModel(program, schema, actions, mission, generated, seconds, code, assumptions=assumptions)


def _aligned(num_words: int) -> NDArray[np.int64]:
    """Return scratch memory where the C contract wants it: at a multiple of 64 bytes. Shape ``[num_words]``."""
    memory = np.zeros(num_words + 8, dtype=np.int64)
    start = -memory.ctypes.data % 64 // 8
    return memory[start : start + num_words]


class CompiledProblem:
    """A compiled model bound to an initial state; implements ``wc_engine.models.problem.Problem``.

    Args:
        model: the compiled model.
        state: the initial state, or its entities as the model's binder reads them.
        rows: room for entities of dynamic types beyond what the state has.
        min_words: words of a packed state, where fewer would do.

    Attributes:
        rows: the entities of the initial state as numbers.
        statics: those that no step changes, in canonical order.

    Raises:
        EncodingError: the state does not fit the model's schema.
    """

    def __init__(
        self,
        model: CompiledModel,
        state: State | StateRows,
        rows: Mapping[str, int],
        min_words: int = 1,
    ) -> None:
        self.model = model
        read = state if isinstance(state, StateRows) else model.binder.read(state)
        counts = read.numbers
        model.schema.check_numbers(counts)
        room = {
            one.name: max(rows.get(one.name, 0), counts[one.name], 1) if one.places is None else one.places
            for one in model.schema.types
            if one.name in read.codes
        }
        self.rows = read
        self.layout = model.binder.layout(room, min_words)
        self.statics = read.statics
        if read.has_twins and len(set(self.statics)) != len(self.statics):
            raise EncodingError("two equal entities of a type that never changes: a program would see only one")
        self._memory = build_problem(model.generated.memory, self.layout, model.binder.columns(read))
        self.initial_words: U64Array = self.layout.pack(read.codes)
        addresses = model.code.addresses
        self._struct = _ModelStruct(
            abi_version=1,
            flags=0,
            num_words=self.layout.num_words,
            num_actions=len(model.actions),
            scratch_bytes=8 * model.generated.scratch_words,
            problem=self._memory.ctypes.data,
            step=addresses["step"],
            expand=addresses.get("expand"),
            reward=addresses["reward"],
            batch=None,
        )
        self.capsule: object = _new_capsule(ctypes.addressof(self._struct), _CAPSULE_NAME, None)
        self._step = _STEP_TYPE(addresses["step"])
        self._reward = _STEP_TYPE(addresses["reward"])
        self._scratch = _aligned(model.generated.scratch_words)

    @cached_property
    def initial_state(self) -> State:
        """The state that the model was bound to."""
        return self.decode(self.initial_words)

    @property
    def actions(self) -> tuple[str, ...]:
        """The action of each index."""
        return self.model.actions

    @property
    def num_words(self) -> int:
        """64-bit words of a packed state."""
        return self.layout.num_words

    def encode(self, state: State) -> U64Array:
        """Pack a state. Shape ``[W]``, uint64.

        Raises:
            EncodingError: it does not fit the schema or the layout, or its static entities are not the problem's.
        """
        if self.layout.statics(state) != self.statics:
            raise EncodingError("the state's unchanging entities differ from those that the model was bound to")
        return self.layout.encode(state)

    def decode(self, words: U64Array) -> State:
        """Unpack a state."""
        return self.layout.decode(words, self.statics)

    def step_words(self, words: U64Array, action: int) -> tuple[int, NDArray[np.uint64], float, bool]:
        """Return (status, next words, reward, done) of one step; the last three mean nothing unless status is OK."""
        following = np.zeros(self.num_words, dtype=np.uint64)
        status, reward, done = self._run(self._step, words, action, following)
        return status, following, reward, done

    def reward_words(self, words: U64Array, action: int, following: U64Array) -> tuple[int, float, bool]:
        """Return (status, reward, done) of the reward function on a given next state."""
        return self._run(self._reward, words, action, following)

    def _run(
        self, function: Callable[..., int], words: U64Array, action: int, following: U64Array
    ) -> tuple[int, float, bool]:
        reward, done = ctypes.c_double(), ctypes.c_uint8()
        status = function(
            self._memory.ctypes.data,
            words.ctypes.data,
            action,
            following.ctypes.data,
            ctypes.addressof(reward),
            ctypes.addressof(done),
            self._scratch.ctypes.data,
        )
        return status, reward.value, bool(done.value)

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        """Answer a step that did not fit: a wider layout where that helps, else None."""
        from wc_engine.compile.resolve import resolve

        return resolve(self, words, action, status)
