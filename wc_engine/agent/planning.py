"""Planning in a program: interpreted while the program is young, compiled when planning starts to cost.

A candidate that changes with nearly every step is not worth the second or so that compiling it takes, and most plans
in a young model are short. So a search starts on the interpreted program with a small budget; only what that does not
decide is worth native code. A program that cannot be compiled is searched interpreted, with a larger budget. One that
leads out of the range of all values seen is mostly wrong: it is not compiled anew for wider and wider ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from wc_engine.agent.config import PlanningConfig
from wc_engine.agent.remembered import RememberedModel, StateByState
from wc_engine.compile import BoxedModel, NativeModel, compile_program
from wc_engine.compile.boxed.model import compile_boxed
from wc_engine.compile.compiled import StepStatus, specialise
from wc_engine.compile.mixed import MixedModel, compile_half
from wc_engine.errors import EncodingError, ModelExecutionError, UnsupportedConstructError
from wc_engine.models.open import open_model
from wc_engine.models.problem import Problem, U64Array
from wc_engine.models.program import Program
from wc_engine.models.requests import RunningModel
from wc_engine.models.sandbox.client import Sandbox
from wc_engine.planners import plan
from wc_engine.planners.interpreted import InterpretedProblem
from wc_engine.planners.result import PlanResult, SearchStatus
from wc_engine.state.entities import Entity, State
from wc_engine.synthesis.constraints import PlanVerdict
from wc_engine.synthesis.joining import transition_form, transition_program
from wc_engine.synthesis.slicing import mission_slice

__all__ = ["ModelPlanner", "PlanMemory"]

_MAX_OPEN = 8
"""Programs kept open at a time; each is a process."""


class _WithinRange:
    """A compiled problem that takes no wider form of itself where a step leads out of its range."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.actions = problem.actions
        self.num_words = problem.num_words
        self.initial_words = problem.initial_words
        self.capsule = problem.capsule
        self.encode = problem.encode
        self.decode = problem.decode

    def resolve(self, words: U64Array, action: int, status: int) -> Problem | None:
        return None if status == StepStatus.OUT_OF_RANGE else self._problem.resolve(words, action, status)


_Question: TypeAlias = tuple[str, State, str]
"""Environment, state, mission: where a plan is sought from."""

_Layout: TypeAlias = tuple[int, State]
"""What a compiled program was laid out for: how many of the states of its environment, and one more."""


@dataclass(slots=True)
class PlanMemory:
    """What planning remembers that decides later plans; the rest of what it keeps could be found again.

    Attributes:
        plans: the plan that worked last, by environment, state and mission.
        straying: texts of programs, among those open, that lead out of the range of all values seen.
        layouts: what the code of an open program was laid out for, by its text, environment and mission.
    """

    plans: dict[_Question, tuple[str, ...]] = field(default_factory=dict)
    straying: set[str] = field(default_factory=set)
    layouts: dict[tuple[str, str, str], _Layout] = field(default_factory=dict)

    def forget(self, text: str) -> None:
        """Forget what holds for a program only."""
        self.straying.discard(text)
        self.layouts = {key: layout for key, layout in self.layouts.items() if key[0] != text}


@dataclass(slots=True)
class _World:
    """What planning knows of one environment."""

    name: str
    actions: tuple[str, ...]
    states: dict[State, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Binding:
    """One program, opened and perhaps compiled, by environment and mission."""

    program: Program
    running: RunningModel
    remembered: RememberedModel
    compiled: dict[tuple[str, str], NativeModel] = field(default_factory=dict)
    unsupported: str | None = None
    verdicts: dict[_Question, PlanVerdict] = field(default_factory=dict)


class ModelPlanner:
    """Finds plans in programs; keeps the latest programs open, and every plan that once worked.

    Args:
        config: settings.
        actions: the actions of the environment.
        on_search: called with the result of each search and whether it ran on native code.
        env: the environment's name; ``enter`` leads to others.
        memory: what it remembered in the part of the run that was before.
    """

    def __init__(
        self,
        config: PlanningConfig,
        actions: Sequence[str],
        on_search: Callable[[PlanResult, bool], None] | None = None,
        *,
        env: str = "",
        memory: PlanMemory | None = None,
    ) -> None:
        self._config = config
        self._on_search = on_search
        self._sandbox = None if config.trusted else Sandbox(max_programs=_MAX_OPEN)
        self._bindings: dict[str, _Binding] = {}
        self._memory = PlanMemory() if memory is None else memory
        self._worlds: dict[str, _World] = {}
        self._homes: dict[tuple[State, str], _World] = {}
        self._refused: set[frozenset[str]] = set()
        self._world = _World(env, tuple(actions))
        self.enter(env, actions)

    def enter(self, env: str, actions: Sequence[str]) -> None:
        """Go to an environment: states and plans are of it from now on."""
        self._world = self._worlds.setdefault(env, _World(env, tuple(actions)))

    def note_states(self, states: Sequence[State]) -> None:
        """Take in states of the environment: a compiled program is laid out for states like them."""
        self._world.states.update(dict.fromkeys(states))

    def note_initial(self, state: State, mission: str) -> None:
        """Take in an initial state of the environment: plans from it are made of its actions, wherever the agent is."""
        self._homes[state, mission] = self._world
        self.note_states([state])

    def running(self, program: Program) -> RunningModel:
        """Return the program, opened in the sandbox; it stays open until others take its place."""
        return self._bind(program).running

    def remembered(self, program: Program) -> RememberedModel:
        """Return the program, opened, with the steps that searches have made in it."""
        return self._bind(program).remembered

    def find_plan(self, program: Program, state: State, mission: str) -> PlanVerdict:
        """Search for a plan that ends with done and reward > 0.

        The same question gets the same answer without a search, and a plan that worked from this state in an earlier
        program is tried before a new one is sought.
        """
        binding = self._bind(program)
        world = self._homes.get((state, mission), self._world)
        question = (world.name, state, mission)
        known = binding.verdicts.get(question)
        if known is None:
            known = self._find(binding, world, state, mission)
            binding.verdicts[question] = known
        if known.plan is not None:
            self._memory.plans[question] = known.plan
        return known

    def settle(self) -> None:
        """Forget all that a checkpoint does not hold, which is everything but the plans from initial states.

        What is found later is the same then, whether the run went on or was taken up again.
        """
        memory = self._memory
        memory.plans = {asked: plan for asked, plan in memory.plans.items() if asked[1:] in self._homes}
        memory.straying.clear()
        memory.layouts.clear()
        for binding in self._bindings.values():
            binding.verdicts.clear()
            binding.compiled.clear()
            if binding.unsupported is not None:
                binding.unsupported = None
                binding.remembered = RememberedModel(binding.running)

    def close(self) -> None:
        """Give back the open programs."""
        for binding in self._bindings.values():
            binding.running.close()
        self._bindings.clear()
        if self._sandbox is not None:
            self._sandbox.close()

    def _bind(self, program: Program) -> _Binding:
        binding = self._bindings.pop(program.text, None)
        if binding is None:
            running = open_model(program, trusted=self._config.trusted, sandbox=self._sandbox)
            binding = _Binding(program, running, RememberedModel(running))
        self._bindings[program.text] = binding  # the latest is last
        while len(self._bindings) > _MAX_OPEN:
            oldest = next(iter(self._bindings))
            self._bindings.pop(oldest).running.close()
            self._memory.forget(oldest)
        return binding

    def _find(self, binding: _Binding, world: _World, state: State, mission: str) -> PlanVerdict:
        witness = self._memory.plans.get((world.name, state, mission))
        if witness is not None and self._succeeds(binding.remembered, state, mission, witness):
            return PlanVerdict(state, mission, witness, SearchStatus.SOLVED)
        result = self._search(binding, world, state, mission)
        return PlanVerdict(state, mission, result.plan, result.status)

    def _succeeds(self, model: RememberedModel, state: State, mission: str, actions: Sequence[str]) -> bool:
        for action in actions:
            outcome = model.step(state, action, mission=mission)
            if outcome.failed or outcome.next_state is None:
                return False
            if outcome.done:
                return outcome.reward is not None and outcome.reward > 0
            state = outcome.next_state
        return False

    def _search(self, binding: _Binding, world: _World, state: State, mission: str) -> PlanResult:
        config, text = self._config, binding.program.text

        def interpreted(max_expanded: int) -> PlanResult:
            problem = InterpretedProblem(StateByState(binding.remembered, world.actions), state, world.actions, mission)
            return self._planned(problem, max_expanded, native=False)

        if text in self._memory.straying:
            return interpreted(config.straying_expanded)
        if (text, world.name, mission) not in self._memory.layouts and binding.unsupported is None:
            result = interpreted(config.interpreted_expanded)
            if result.status is not SearchStatus.BUDGET:
                return result
        problem = self._compiled_problem(binding, world, state, mission)
        if problem is None:
            return interpreted(config.uncompiled_expanded)
        try:
            return self._planned(_WithinRange(problem), config.max_expanded, native=True)
        except ModelExecutionError:
            if binding.remembered.changes_numbers():
                boxed = self._searched_boxed(binding, world, state, mission)
                if boxed is not None and boxed.status is not SearchStatus.BUDGET:
                    return boxed
            self._memory.straying.add(text)
            return interpreted(config.straying_expanded)

    def _searched_boxed(self, binding: _Binding, world: _World, state: State, mission: str) -> PlanResult | None:
        """Search code without ranges: specialised code may be for exact numbers of entities, which steps change."""
        examples = _examples(world, self._memory.layouts[binding.program.text, world.name, mission])
        try:
            boxed = compile_boxed(mission_slice(binding.program, mission), examples, world.actions, mission)
            return self._planned(_WithinRange(boxed.bind(state)), self._config.max_expanded, native=True)
        except (UnsupportedConstructError, EncodingError, ModelExecutionError):
            return None

    def _compiled_problem(self, binding: _Binding, world: _World, state: State, mission: str) -> Problem | None:
        if binding.unsupported is not None:
            return None
        key = (binding.program.text, world.name, mission)
        compiled = binding.compiled.get(key[1:])
        try:
            if compiled is None and key in self._memory.layouts:
                compiled = self._compiled(binding, world, mission)
            if compiled is not None:
                try:
                    return compiled.bind(state)
                except EncodingError:
                    pass  # a state unlike all those it was laid out for: it is laid out anew
            self._memory.layouts[key] = (len(world.states), state)
            return self._compiled(binding, world, mission).bind(state)
        except (UnsupportedConstructError, EncodingError) as error:
            binding.unsupported = str(error)
            half = compile_half(binding.program, _examples(world, (len(world.states), state)), world.actions, mission)
            if half is not None:
                binding.remembered = RememberedModel(MixedModel(half, binding.running))
            return None

    def _compiled(self, binding: _Binding, world: _World, mission: str) -> NativeModel:
        """Compile a program for the states that its layout was chosen for."""
        examples = _examples(world, self._memory.layouts[binding.program.text, world.name, mission])
        # Programs that differ in what they say about other missions have one slice, and its code is in the cache.
        program, form = mission_slice(binding.program, mission), transition_form(binding.program)
        compiled: NativeModel
        if form in self._refused and _is_refused(binding.program, examples, world.actions):
            compiled = compile_boxed(program, examples, world.actions, mission)
        else:
            compiled = compile_program(program, examples, world.actions, mission=mission, cross_check=False)
            if form is not None and isinstance(compiled, BoxedModel):
                self._refused.add(form)
        binding.compiled[world.name, mission] = compiled
        return compiled

    def _planned(self, problem: Problem, max_expanded: int, *, native: bool) -> PlanResult:
        result = plan(
            problem,
            planner=self._config.planner,
            time_limit_seconds=self._config.time_limit_seconds,
            memory_limit_bytes=self._config.memory_limit_bytes,
            max_expanded=max_expanded,
        )
        if result.status is SearchStatus.INTERRUPTED:
            raise KeyboardInterrupt  # a search answers Ctrl-C by its status; here it ends the run
        if self._on_search is not None:
            self._on_search(result, native)
        return result


def _is_refused(program: Program, examples: Sequence[State], actions: Sequence[str]) -> bool:
    """Return whether the specialiser refuses a transition function; the answer for all missions is in the cache."""
    half = transition_program(program)
    if half is None:
        return False
    try:
        specialise(half, examples, actions)
    except (UnsupportedConstructError, EncodingError):
        return True
    return False


def _examples(world: _World, layout: _Layout) -> list[State]:
    """Return states that a compiled program is laid out for."""
    count, state = layout
    examples = [*islice(world.states, count), state]
    return [*examples, _spread(examples)]


def _spread(states: Sequence[State]) -> State:
    """Return a state with entities of every type in the outermost places of all: what moves may get that far."""
    examples: dict[str, Entity] = {}
    places: list[tuple[int, int]] = []
    for state in states:
        for entity in state:
            x, y = entity.get("x"), entity.get("y")
            if type(x) is int and type(y) is int:
                examples.setdefault(entity.type, entity)
                places.append((x, y))
    if not places:
        return State()
    xs, ys = [x for x, _ in places], [y for _, y in places]
    corners = ((min(xs), min(ys)), (max(xs), max(ys)))
    return State(entity.replace(x=x, y=y) for entity in examples.values() for x, y in corners)
