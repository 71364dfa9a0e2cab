"""The reference semantics of a world model: CPython's, on sets with an order, with fresh objects for every call.

``ReferenceInterpreter`` runs a program in the process that imports it, so it belongs into a sandbox
(``wc_engine.models.sandbox``) unless the program is trusted. Before each of the two calls of a step the globals of the
module are as they were right after loading; then the objects of the state are built, then the function runs.
"""

from __future__ import annotations

import builtins
import io
import sys
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from time import perf_counter
from types import ModuleType
from typing import Any, TypeVar

from wc_engine.errors import InvalidModelError, SourceLocation
from wc_engine.models.base import StepOutcome
from wc_engine.models.failures import CallTimeout, InvalidOutcomeError, describe_failure, failure_line
from wc_engine.models.module_state import ModuleState
from wc_engine.models.objects import PROGRAM_MODULE, ObjectBuilder, StateReader
from wc_engine.models.ordered_sets import ordered_set_builtins, with_ordered_sets
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.models.requests import Half, TimedOutcome, joined
from wc_engine.models.seeded_random import seeded_random_module
from wc_engine.state.entities import State
from wc_engine.state.ordered_set import OrderedSet

__all__ = ["ReferenceInterpreter"]

_T = TypeVar("_T")


class ReferenceInterpreter:
    """Runs one program by the reference semantics, in this process.

    Args:
        program: the program.
        guard: entered around every run of the program's code; it may raise ``CallTimeout`` in it.

    Raises:
        InvalidModelError: the module fails while it is loaded.
    """

    def __init__(self, program: Program, *, guard: AbstractContextManager[object] | None = None) -> None:
        self.program = program
        self._guard = nullcontext() if guard is None else guard
        self._reader = StateReader()
        self._seconds_in_program = 0.0
        self._random, self._generator = seeded_random_module()
        self._random_used = "random" in program.imported_modules
        self._load_failure: SourceLocation | None = None
        loaded = self._run(self._compile_and_load)
        if loaded.error is not None:
            reason = "outruns its limits" if loaded.out_of_limits else "fails"
            raise InvalidModelError(f"the program {reason} while it is loaded: {loaded.error}", self._load_failure)

    def step(
        self, state: State, action: str, *, mission: str | None = None, next_state: State | None = None
    ) -> StepOutcome:
        """Predict one step.

        Args:
            state: the state before the action.
            action: the action.
            mission: chooses the reward function: ``REWARD_FUNCS[mission]`` where there is one, else ``reward_func``.
            next_state: what the reward function is given; None for the predicted state.
        """
        return self.timed_step(state, action, mission=mission, next_state=next_state).outcome

    def timed_step(
        self, state: State, action: str, *, mission: str | None = None, next_state: State | None = None
    ) -> TimedOutcome:
        """As ``step``, and measure it."""
        predicted = self.predict(state, action)
        given = predicted.value if next_state is None else next_state
        return joined(predicted, Half() if given is None else self.score(state, action, given, mission))

    def predict(self, state: State, action: str) -> Half[State]:
        """Run ``transition`` alone."""
        return self._run(lambda: self._reader.read(self.call_transition(state, action)))

    def score(
        self, state: State, action: str, next_state: State, mission: str | None = None
    ) -> Half[tuple[float, bool]]:
        """Run the reward function alone."""
        return self._run(lambda: _reward_and_done(self.call_reward(state, action, next_state, mission)))

    def call_transition(self, state: State, action: str) -> object:
        """Return what ``transition`` returns, as it is, or raise what it raises."""
        (objects,) = self._fresh(state)
        return self._timed(self._namespace["transition"], objects, action)

    def call_reward(self, state: State, action: str, next_state: State, mission: str | None = None) -> object:
        """Return what the mission's reward function returns, as it is, or raise what it raises."""
        objects, next_objects = self._fresh(state, next_state)
        return self._timed(self._reward_function(mission), objects, action, next_objects)

    def _reward_function(self, mission: str | None) -> Callable[..., object]:
        by_mission = self._namespace.get(REWARD_FUNCS)
        if mission is not None and by_mission is not None and mission in by_mission:
            function: Callable[..., object] = by_mission[mission]
            return function
        if "reward_func" not in self._namespace:
            raise InvalidOutcomeError(f"the program has no reward function for mission {mission!r}")
        return self._namespace["reward_func"]  # type: ignore[no-any-return]

    def _timed(self, function: Callable[..., object], *arguments: object) -> object:
        start = perf_counter()
        try:
            return function(*arguments)
        finally:
            self._seconds_in_program += perf_counter() - start

    def _run(self, call: Callable[[], _T]) -> Half[_T]:
        """Run some of the program, guarded and without its streams."""
        streams = sys.stdin, sys.stdout, sys.stderr
        self._seconds_in_program = 0.0
        value: _T | None = None
        error, out_of_limits = None, False
        start = perf_counter()
        try:
            with self._guard:
                sys.stdin, sys.stdout, sys.stderr = _NO_INPUT, _DISCARD, _DISCARD
                try:
                    value = call()
                except CallTimeout:
                    raise
                except BaseException as failure:  # SystemExit and KeyboardInterrupt are the program's errors, too
                    out_of_limits = isinstance(failure, MemoryError)
                    error = describe_failure(failure, self.program.file)
        except CallTimeout as timeout:
            value, error, out_of_limits = None, describe_failure(timeout, self.program.file), True
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
        return Half(value, error, out_of_limits, perf_counter() - start, self._seconds_in_program)

    def _fresh(self, *states: State) -> list[OrderedSet]:
        """Make the module's globals what they were right after loading; then return fresh objects for the states."""
        # Classes for types that the program lacks come first: making them may run code of the program.
        recipes = [self._builder.recipes(state) for state in states]
        if not self._module_state.restore():
            self._load()
            recipes = [self._builder.recipes(state) for state in states]
        sys.modules[PROGRAM_MODULE] = self._module
        if self._random_used:
            self._generator.seed()
        return [self._builder.build(one) for one in recipes]

    def _compile_and_load(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = with_ordered_sets(self.program.tree)
            self._code = compile(tree, self.program.file, "exec", dont_inherit=True)
        self._load()

    def _load(self) -> None:
        module = ModuleType(PROGRAM_MODULE)
        names = {**vars(builtins), **ordered_set_builtins(), "__import__": self._import}
        self._namespace: dict[str, Any] = vars(module)
        self._namespace["__builtins__"] = names
        self._module = sys.modules[PROGRAM_MODULE] = module  # dataclasses look their annotations up there
        self._generator.seed()
        try:
            exec(self._code, self._namespace)
            if not callable(self._namespace.get("transition")):
                raise InvalidOutcomeError("it leaves no function transition(state, action)")
        except BaseException as error:
            self._load_failure = self.program.place(failure_line(error.__traceback__, self.program.file))
            raise
        self._module_state = ModuleState(self._namespace, PROGRAM_MODULE, exempt=(self._generator,))
        if "builtins" in self.program.text:
            self._module_state.track_names(names)
        self._builder = ObjectBuilder(self._namespace, self._module_state.track)
        self._reader.forget_classes()

    def _import(self, name: str, *arguments: Any, **keywords: Any) -> ModuleType:
        if name != "random":
            return builtins.__import__(name, *arguments, **keywords)
        self._random_used = True
        return self._random


def _reward_and_done(returned: Any) -> tuple[float, bool]:
    try:
        reward, done = returned
        return float(reward), bool(done)
    except Exception as error:
        raise InvalidOutcomeError(f"the reward function returned no (reward, done): {error}") from None


class _NoInput(io.StringIO):
    """What a program reads: nothing. It stays open, whatever the program does (``exit()`` closes the input)."""

    def close(self) -> None:
        return


class _Discard(io.TextIOBase):
    """Takes what a program prints; stays open."""

    def close(self) -> None:
        return

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


_DISCARD = _Discard()
_NO_INPUT = _NoInput()
