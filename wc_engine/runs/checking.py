"""phi_1 of a program: recorded transitions against the reference and the compiled program, side by side."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from wc_engine.compile import NativeModel
from wc_engine.compile.recorded import check_recorded
from wc_engine.errors import UserInputError, WCEngineError
from wc_engine.models.base import StepOutcome
from wc_engine.models.dataset import Transition
from wc_engine.models.open import open_model
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.models.requests import ModelEvaluation, RunningModel, StepRequest
from wc_engine.runs.agreement import Agreement, BoundPrograms, PackedStep, compare_reward, compare_step
from wc_engine.runs.compiling import reason_of, try_compile
from wc_engine.runs.timing import PackedSteps, ns_per_step
from wc_engine.runs.walking import Walks, follow_walks
from wc_engine.state.entities import State
from wc_engine.synthesis.constraints import Counterexample, compare

__all__ = ["CheckConfig", "CheckReport", "CompiledFigures", "ReferenceFigures", "check_program"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckConfig:
    """What is checked.

    Attributes:
        missions: missions on whose transitions the reward function is checked, or None for all.
        walks: random walks inside the model on which compiled and reference are compared.
        seed: seed of the walks.
        trusted: run the program in this process instead of the sandbox.
        native: let compiled code judge the transitions. The reference is asked only about those that it finds wrong or
            cannot decide, and about a sample of the others; without compiled code it is asked about all.
        sample: how many of the others.
    """

    missions: tuple[str, ...] | None = None
    walks: int = 0
    seed: int = 0
    trusted: bool = False
    native: bool = False
    sample: int = 200

    def __post_init__(self) -> None:
        if self.sample < 1:
            raise ValueError(f"sample must be at least 1, got {self.sample}")
        if self.walks < 0:
            raise ValueError(f"walks must not be negative, got {self.walks}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFigures:
    """How the program does by the reference semantics.

    Attributes:
        state_correct: transitions whose next state it predicts.
        reward_checked: transitions on which the reward function is checked.
        reward_correct: those of them whose reward and done it gives, for the recorded next state.
        failed: transitions on which one of its functions failed.
        us_per_transition: mean microseconds of the whole interpreted call.
        us_in_program: mean microseconds inside its two functions alone.
        asked: transitions that the reference itself was asked about; compiled code found the others right.
    """

    state_correct: int
    reward_checked: int
    reward_correct: int
    failed: int
    us_per_transition: float
    us_in_program: float
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledFigures:
    """How the compiled program does.

    Attributes:
        supported: whether it could be compiled.
        reason: why not, or None.
        line: the line of the program that the reason is about, or None.
        compile_seconds: seconds of translation and compilation, or None.
        ns_per_transition: mean nanoseconds of a step, packed words to packed words, or None.
        fallbacks: steps that native code had no answer to, or None.
        error: the reason as it was raised, or None.
    """

    supported: bool
    reason: str | None = None
    line: int | None = None
    compile_seconds: float | None = None
    ns_per_transition: float | None = None
    fallbacks: int | None = None
    error: WCEngineError | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a check found.

    Attributes:
        model: the program's file.
        transitions: how many were checked.
        reference: the reference's figures.
        compiled: the compiled program's.
        walked: steps made on walks.
        disagreements: steps on which compiled and reference differ.
        counterexamples: the transitions that the program gets wrong, in order.
    """

    model: str
    transitions: int
    reference: ReferenceFigures
    compiled: CompiledFigures
    walked: int
    disagreements: int
    counterexamples: tuple[Counterexample, ...] = field(repr=False)

    @property
    def holds(self) -> bool:
        """Whether the program reproduces everything, and compiled and reference agree."""
        return not self.counterexamples and not self.disagreements

    def as_record(self) -> dict[str, object]:
        """Return the report of ``wc-engine check`` as JSON values."""
        reference, compiled = self.reference, self.compiled
        return {
            "model": self.model,
            "transitions": self.transitions,
            "reference": {
                "state_correct": reference.state_correct,
                "reward_correct": reference.reward_correct,
                "failed": reference.failed,
                "us_per_transition": round(reference.us_per_transition, 3),
                "us_in_program": round(reference.us_in_program, 3),
            },
            "compiled": {
                "supported": compiled.supported,
                "reason": compiled.reason,
                "line": compiled.line,
                "compile_seconds": _rounded(compiled.compile_seconds),
                "ns_per_transition": _rounded(compiled.ns_per_transition),
                "fallbacks": compiled.fallbacks,
            },
            "walked": self.walked,
            "disagreements": self.disagreements,
            **({} if reference.asked == self.transitions else {"asked": reference.asked}),
        }


def check_program(
    program: Program,
    transitions: Sequence[Transition],
    config: CheckConfig | None = None,
    on_phase: Callable[[str], None] | None = None,
) -> CheckReport:
    """Check a program against transitions, interpreted and compiled.

    Args:
        program: the program.
        transitions: at least one.
        config: settings.
        on_phase: called with what is about to be done, for whoever watches.

    Raises:
        InvalidModelError: the program cannot be loaded.
        UserInputError: there are no transitions, or none of one of the missions.
    """
    config = config or CheckConfig()
    note = on_phase or (lambda phase: None)
    missions = _missions(transitions, config.missions)
    model = open_model(program, trusted=config.trusted)
    try:
        note("compiling the program")
        comparison = _Comparison(program, transitions, missions)
        if config.native and comparison.bound is not None:
            note("checking in native code")
            chosen = comparison.worth_asking(transitions, config)
        else:
            chosen = list(range(len(transitions)))
        note("interpreting the program")
        asked = [_request(transitions[place], missions) for place in chosen]
        evaluation = model.evaluate(asked)
        figures, counterexamples = _judged(transitions, chosen, evaluation, missions)
        if comparison.bound is not None:
            note("comparing compiled and interpreted steps")
            comparison.compare(asked, evaluation.outcomes, model)
            if config.walks:
                note("following walks inside the model")
                comparison.walk(model, config)
            note("timing compiled steps")
        return CheckReport(
            model=program.file,
            transitions=len(transitions),
            reference=figures,
            compiled=comparison.figures(),
            walked=comparison.walked,
            disagreements=comparison.disagreements,
            counterexamples=counterexamples,
        )
    finally:
        model.close()


def _missions(transitions: Sequence[Transition], wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the missions on which the reward function is checked."""
    if not transitions:
        raise UserInputError("there are no transitions to check: give at least one")
    present = sorted({transition.mission for transition in transitions})
    for mission in wanted or ():
        if mission not in present:
            shown = ", ".join(map(repr, present[:8])) + (", ..." if len(present) > 8 else "")
            raise UserInputError(f"no transition has the mission {mission!r}: the data has {shown}")
    return tuple(present) if wanted is None else wanted


def _request(transition: Transition, missions: tuple[str, ...]) -> StepRequest:
    """Ask for a transition; where its reward is not checked, the mission is one that the program is asked about."""
    mission = transition.mission if transition.mission in missions else missions[0]
    return StepRequest(transition.state, transition.action, mission, transition.next_state)


def _judged(
    transitions: Sequence[Transition], chosen: Sequence[int], evaluation: ModelEvaluation, missions: tuple[str, ...]
) -> tuple[ReferenceFigures, tuple[Counterexample, ...]]:
    """Judge the chosen transitions by their outcomes; the others count as right."""
    wrong_states = wrong_rewards = failed = 0
    found: list[Counterexample] = []
    for place, outcome in zip(chosen, evaluation.outcomes, strict=True):
        transition = transitions[place]
        scored = transition.mission in missions
        wrong = compare(transition, outcome)
        wrong_state = wrong is not None and wrong.wrong_state
        wrong_reward = scored and wrong is not None and wrong.wrong_reward
        wrong_states += wrong_state
        wrong_rewards += wrong_reward
        failed += outcome.transition_error is not None or (scored and outcome.reward_error is not None)
        if wrong_state or wrong_reward:
            found.append(Counterexample(transition, outcome, wrong_state, wrong_reward))
    reward_checked = sum(transition.mission in missions for transition in transitions)
    figures = ReferenceFigures(
        state_correct=len(transitions) - wrong_states,
        reward_checked=reward_checked,
        reward_correct=reward_checked - wrong_rewards,
        failed=failed,
        us_per_transition=evaluation.us_per_transition,
        us_in_program=evaluation.us_in_program,
        asked=len(chosen),
    )
    return figures, tuple(found)


class _Comparison:
    """Compiled against reference: compiles the program, then counts what comparing steps gives."""

    def __init__(self, program: Program, transitions: Sequence[Transition], missions: tuple[str, ...]) -> None:
        self.actions = tuple(sorted({transition.action for transition in transitions}))
        self._missions = missions
        self.error: WCEngineError | None
        self.bound: BoundPrograms | None = None
        self.walked = self.disagreements = self._fallbacks = 0
        self._steps: list[PackedStep] = []
        self._starts: list[tuple[State, str]] = []
        states = list(dict.fromkeys(state for one in transitions for state in (one.state, one.next_state)))
        wanted: list[str | None] = [*sorted(missions)] if REWARD_FUNCS in program.defines else [None]
        models: dict[str | None, NativeModel] = {}
        for mission in wanted:
            compiled, self.error = try_compile(program, states, self.actions, mission)
            if compiled is None:
                return
            models[mission] = compiled
        self.bound = BoundPrograms(models, states)

    def worth_asking(self, transitions: Sequence[Transition], config: CheckConfig) -> list[int]:
        """Return the transitions that compiled code finds wrong or cannot decide, and a sample of the others."""
        assert self.bound is not None
        found: set[int] = set()
        for mission, model in self.bound.models.items():
            mine = [place for place, one in enumerate(transitions) if self._serves(mission, one.mission)]
            scored = None if mission is not None else self._missions
            checked = check_recorded(model, [transitions[place] for place in mine], scored)
            for places in (checked.wrong_states, checked.wrong_rewards, checked.undecided):
                found.update(mine[place] for place in places.tolist())
        others = [place for place in range(len(transitions)) if place not in found]
        draw = random.Random(f"sample {config.seed}")
        return sorted([*found, *draw.sample(others, min(config.sample, len(others)))])

    def _serves(self, model_mission: str | None, mission: str) -> bool:
        """Whether a transition of ``mission`` is checked with the model for ``model_mission``, as ``_request`` asks."""
        return model_mission is None or model_mission == (mission if mission in self._missions else self._missions[0])

    def compare(self, asked: Sequence[StepRequest], outcomes: Sequence[StepOutcome], model: RunningModel) -> None:
        """Compare steps from recorded states, and rewards for recorded next states."""
        assert self.bound is not None
        predicted = _on_predicted_states(asked, outcomes, model)
        for request, recorded, outcome in zip(asked, outcomes, predicted, strict=True):
            assert request.mission is not None
            assert request.next_state is not None
            self._starts.append((request.state, request.mission))
            step = self.bound.pack(request.state, request.action, request.mission)
            compared = compare_step(step, outcome)
            if step is not None and compared is not Agreement.NOT_NATIVE:
                self._steps.append(step)
            self._count(compared, compare_reward(step, request.next_state, recorded))

    def walk(self, model: RunningModel, config: CheckConfig) -> None:
        """Compare steps along random walks inside the model."""
        assert self.bound is not None
        walks = Walks(starts=self._starts, actions=self.actions, count=config.walks, seed=config.seed)
        for request, outcome in follow_walks(walks, model):
            assert request.mission is not None
            self.walked += 1
            self._count(compare_step(self.bound.pack(request.state, request.action, request.mission), outcome))

    def figures(self) -> CompiledFigures:
        """Return the compiled program's figures, the time of a step measured now."""
        if self.bound is None:
            message, line = reason_of(self.error)
            return CompiledFigures(supported=False, reason=message, line=line, error=self.error)
        groups: dict[int, list[PackedStep]] = {}
        for step in self._steps:
            groups.setdefault(id(step.problem), []).append(step)
        packed = [
            PackedSteps(steps[0].problem, [step.words for step in steps], [step.action for step in steps])
            for steps in groups.values()
        ]
        return CompiledFigures(
            supported=True,
            compile_seconds=self.bound.compile_seconds,
            ns_per_transition=ns_per_step(packed),
            fallbacks=self._fallbacks,
        )

    def _count(self, *agreements: Agreement | None) -> None:
        """Count one step by the worst of what comparing it gave."""
        if Agreement.DIFFERENT in agreements:
            self.disagreements += 1
        elif Agreement.NOT_NATIVE in agreements:
            self._fallbacks += 1


def _on_predicted_states(
    asked: Sequence[StepRequest], outcomes: Sequence[StepOutcome], model: RunningModel
) -> list[StepOutcome]:
    """Return the outcomes with rewards for the *predicted* next states; where those are the recorded ones, they are."""
    result = list(outcomes)
    others = [
        index
        for index, (request, outcome) in enumerate(zip(asked, outcomes, strict=True))
        if outcome.next_state is not None and outcome.next_state != request.next_state
    ]
    requests = [StepRequest(asked[index].state, asked[index].action, asked[index].mission) for index in others]
    for index, outcome in zip(others, model.step_many(requests), strict=True):
        result[index] = outcome
    return result


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
