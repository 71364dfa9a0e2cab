"""Synthesis: propose, judge, and refine until a program meets both constraints or the budget is spent."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wc_engine.errors import InternalError, InvalidModelError, SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.models.program import Program
from wc_engine.state.entities import State
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.constraints import DataVerdict
from wc_engine.synthesis.evaluation import Evaluator, ProgramRunner
from wc_engine.synthesis.joining import composed_program, is_worth_joining, joined_program, normal_form
from wc_engine.synthesis.proposals import Judged, ProposalRequest
from wc_engine.synthesis.proposers.base import AnyProposer, BatchProposer, VerdictReader
from wc_engine.synthesis.strategies import Arm, BreadthFirst, FixedWidth, Greedy, Rex, Strategy, StrategyName, arms_of

__all__ = ["JOINER", "SynthesisConfig", "Synthesizer"]

_MAX_JOINED = 32
"""Programs joined of two others in one synthesis."""

JOINER = "joined"
"""The name of who wrote a program that has its two functions from two others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisConfig:
    """Settings of a synthesis.

    Attributes:
        max_proposals: proposals in one synthesis, >= 1.
        max_fruitless: proposals in a row that are no program, or none that is new, after which a synthesis gives up.
        rex_weight: C of REx, >= 0.
        strategy: how the next program to refine is chosen.
        branching: refinements of each program, where the strategy is breadth-first.
        width: programs from nothing, where the strategy is fixed-width.
        partial_credit: h counts a transition by thirds (state, reward, done), as the released code of WorldCoder does,
            instead of as a whole.
        in_flight: requests made, and programs checked, at once, where the proposer takes several requests.
        optimism: ask for phi_2, not for phi_1 alone.
    """

    max_proposals: int = 30
    max_fruitless: int = 6
    rex_weight: float = 20.0
    strategy: StrategyName = StrategyName.REX
    branching: int = 3
    width: int = 8
    partial_credit: bool = False
    in_flight: int = 1
    optimism: bool = True

    def __post_init__(self) -> None:
        for name in ("max_proposals", "max_fruitless", "branching", "width", "in_flight"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.rex_weight < 0:
            raise ValueError(f"rex_weight must not be negative, got {self.rex_weight}")

    def made_strategy(self, rng: random.Random) -> Strategy:
        """Return a strategy for one synthesis."""
        match self.strategy:
            case StrategyName.REX:
                return Rex(self.rex_weight, rng)
            case StrategyName.GREEDY:
                return Greedy(rng)
            case StrategyName.BREADTH_FIRST:
                return BreadthFirst(self.branching)
            case StrategyName.FIXED_WIDTH:
                return FixedWidth(self.width)


class Synthesizer:
    """Runs syntheses one after the other; each begins with the program of the last.

    Args:
        proposer: who writes programs.
        runner: where programs run and plans come from.
        config: settings.
        rng: the source of all randomness.
        on_proposal: called with each judged candidate and the arm that it answers, or None where it was joined of two.
        on_pull: called with each arm that was asked about, before the answer is judged.
        num_candidates: programs proposed in the part of the run that was before; numbers go on from there.
    """

    def __init__(
        self,
        proposer: AnyProposer,
        runner: ProgramRunner,
        config: SynthesisConfig,
        rng: random.Random,
        on_proposal: Callable[[Judged, Arm | None], None] | None = None,
        on_pull: Callable[[Arm], None] | None = None,
        *,
        num_candidates: int = 0,
    ) -> None:
        self.proposer = proposer
        self.config = config
        self.rng = rng
        self.num_candidates = num_candidates
        self._evaluator = Evaluator(runner)
        self.on_proposal = on_proposal
        self.on_pull = on_pull

    def judge(
        self, candidate: Candidate, transitions: Sequence[Transition], initial: Sequence[tuple[State, str]]
    ) -> Judged:
        """Judge a candidate on the data as they are now."""
        asked = initial if self.config.optimism else ()
        return Judged(candidate, self._evaluator.evaluate(candidate.program, transitions, asked))

    def synthesize(
        self,
        transitions: Sequence[Transition],
        initial: Sequence[tuple[State, str]],
        start: Candidate | None,
    ) -> Judged | None:
        """Return a program that meets both constraints, or the best one found; None where there is none at all.

        Args:
            transitions: what was seen, oldest first.
            initial: initial states and missions met so far.
            start: the program to begin with, or None.
        """
        return _Synthesis(self, self._evaluator, transitions, initial).run(start)


class _Synthesis:
    """One synthesis: its arms, and the programs judged so far."""

    def __init__(
        self,
        synthesizer: Synthesizer,
        evaluator: Evaluator,
        transitions: Sequence[Transition],
        initial: Sequence[tuple[State, str]],
    ) -> None:
        self._synthesizer = synthesizer
        self._evaluator = evaluator
        self._transitions = transitions
        self._initial = initial
        self._config = synthesizer.config
        self._strategy = synthesizer.config.made_strategy(synthesizer.rng)
        self._arms = [Arm()]
        self._judged: list[Judged] = []
        self._texts: set[str] = set()
        self._forms: set[frozenset[str]] = set()
        self._behaviours: set[object] = set()
        self._num_joined = 0
        self._held: DataVerdict | None = None

    def run(self, start: Candidate | None) -> Judged | None:
        """Propose and judge until there is a solution or the budget is spent; return the best program."""
        if start is not None:
            self._texts.add(start.text)
            self._forms.add(normal_form(start.program))
            first = self._judge(start)
            if first.evaluation.holds:
                return first
            self._held = first.evaluation.data
            self._behaviours.add(self._held.behaviour)
            self._take_in(first)
        in_flight = self._config.in_flight if isinstance(self._synthesizer.proposer, BatchProposer) else 1
        left, fruitless = self._config.max_proposals, 0
        while left > 0 and fruitless < self._config.max_fruitless:
            answers = self._answered([self._pull() for _ in range(min(in_flight, left))])
            left -= len(answers)
            programs = [self._program(answer) for _, answer in answers]
            new = [program if self._is_new(program) else None for program in programs]
            self._evaluator.check([program for program in new if program is not None], self._transitions)
            for (arm, _), program in zip(answers, new, strict=True):
                found = None if program is None else self._consider(arm, program)
                if found is not None and found.evaluation.holds:
                    return found
                arm.failures += 1
                fruitless = fruitless + 1 if found is None else 0
        return max(self._judged, key=lambda one: (self._heuristic(one), one.candidate.index), default=None)

    def _pull(self) -> Arm:
        arm = self._strategy.select(self._arms)
        arm.calls += 1
        return arm

    def _answered(self, arms: Sequence[Arm]) -> list[tuple[Arm, str | SynthesisError]]:
        """Return the arms that were asked about, with the answers; those put off are as if they were never pulled."""
        answered = []
        for arm, answer in zip(arms, self._ask(arms), strict=True):
            if answer is None:
                arm.calls -= 1
                continue
            answered.append((arm, answer))
            if self._synthesizer.on_pull is not None:
                self._synthesizer.on_pull(arm)
        if not answered:
            raise InternalError(f"the proposer {self._synthesizer.proposer.name} puts everything off")
        return answered

    def _ask(self, arms: Sequence[Arm]) -> Sequence[str | SynthesisError | None]:
        """Return what the proposer answers for each arm."""
        proposer, rng = self._synthesizer.proposer, self._synthesizer.rng
        requests = [ProposalRequest.about(arm.kind, arm.judged, self._held) for arm in arms]
        if isinstance(proposer, BatchProposer):
            return proposer.propose_all(self._transitions, requests, rng)
        (request,) = requests
        if request.parent is not None and request.verdict is not None and isinstance(proposer, VerdictReader):
            proposer.note_verdict(request.parent, request.verdict)
        try:
            return [proposer.propose(self._transitions, request.unplannable, request.parent, rng)]
        except SynthesisError as error:
            return [error]

    def _program(self, answer: str | SynthesisError) -> Program | None:
        """Return the program of an answer; None where it is none, or the same text as one before."""
        if isinstance(answer, SynthesisError) or answer in self._texts:
            return None
        self._texts.add(answer)
        try:
            return Program.from_text(answer)
        except InvalidModelError:
            return None

    def _is_new(self, program: Program | None) -> bool:
        """Return whether nothing that says the same was proposed; costs no run of the program."""
        if program is None:
            return False
        form = normal_form(program)
        known = form in self._forms
        self._forms.add(form)
        return not known

    def _consider(self, arm: Arm, program: Program) -> Judged | None:
        """Judge an answer; return it, or a solution joined of it and another; None where it behaves as one before."""
        parent = None if arm.judged is None else arm.judged.candidate
        one = self._judge(self._numbered(program, self._synthesizer.proposer.name, parent))
        if not one.evaluation.data.holds:
            # What is wrong in the same way leads nowhere else. Programs without a plan may still hope for other things.
            behaviour = one.evaluation.data.behaviour
            if behaviour in self._behaviours:
                return None
            self._behaviours.add(behaviour)
        self._report(one, arm)
        if one.evaluation.holds:
            return one
        joined = self._join(one)
        self._take_in(one)
        return self._compose(one) or one if joined is None else joined

    def _join(self, one: Judged) -> Judged | None:
        """Join a program that is right in one respect with those that are right in the other; return a solution."""
        for other in list(self._judged):
            for transition, reward in ((one, other), (other, one)):
                if not transition.evaluation.data.transition_holds or not reward.evaluation.data.reward_holds:
                    continue
                if self._num_joined == _MAX_JOINED:
                    return None
                if not is_worth_joining(transition.candidate.program, reward.candidate.program):
                    continue
                try:
                    program = joined_program(transition.candidate.program, reward.candidate.program)
                except SynthesisError:
                    continue
                joined = self._joined(program, transition)
                if joined is not None and joined.evaluation.holds:
                    return joined
        return None

    def _compose(self, one: Judged) -> Judged | None:
        """Give right transitions, mission by mission, a reward that is right; return a solution."""
        if any(each.evaluation.data.reward_holds for each in self._judged):
            return None  # joined with that one as a whole
        for base in list(self._judged):
            if not base.evaluation.data.transition_holds or self._num_joined == _MAX_JOINED:
                continue
            lacking = base.evaluation.data.misjudged_missions
            rewards: dict[str, Program] = {}
            for mission in lacking:
                right = [each for each in self._judged if mission not in each.evaluation.data.misjudged_missions]
                if right:
                    rewards[mission] = (one if one in right else right[0]).candidate.program
            if len(rewards) < len(lacking):
                continue
            try:
                program = composed_program(base.candidate.program, rewards)
            except SynthesisError:
                continue
            composed = self._joined(program, base)
            if composed is not None and composed.evaluation.holds:
                return composed
        return None

    def _joined(self, program: Program, transition: Judged) -> Judged | None:
        """Judge a program that was joined of others, report it and take it in; None where it says nothing new."""
        if not self._is_new(program):
            return None
        self._num_joined += 1
        joined = self._judge(self._numbered(program, JOINER, transition.candidate))
        self._report(joined, None)
        if not joined.evaluation.holds:
            self._take_in(joined)
        return joined

    def _numbered(self, program: Program, author: str, parent: Candidate | None) -> Candidate:
        self._synthesizer.num_candidates += 1
        return Candidate(program, self._synthesizer.num_candidates, author, parent)

    def _judge(self, candidate: Candidate) -> Judged:
        return self._synthesizer.judge(candidate, self._transitions, self._initial)

    def _report(self, one: Judged, arm: Arm | None) -> None:
        if self._synthesizer.on_proposal is not None:
            self._synthesizer.on_proposal(one, arm)

    def _take_in(self, one: Judged) -> None:
        """Add a program that is no solution, with its arms."""
        self._judged.append(one)
        self._arms += arms_of(one, self._heuristic(one))

    def _heuristic(self, one: Judged) -> float:
        return one.evaluation.heuristic_by(partial_credit=self._config.partial_credit)
