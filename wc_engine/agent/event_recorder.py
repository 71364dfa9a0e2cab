"""Writes the event log: what the agent tells of becomes lines, and every program a file."""

from __future__ import annotations

import time
from typing import TypedDict

from wc_engine.agent.checkpoint import RunFolder
from wc_engine.agent.episode import (
    AgentEvent,
    Charted,
    Departed,
    EpisodeRecord,
    Progress,
    Proposed,
    Refining,
    Searched,
    StepTaken,
)
from wc_engine.agent.event_log import (
    CounterexampleLine,
    EpisodeLine,
    EventLine,
    LedBy,
    ModelLine,
    PlanLine,
    ProposalLine,
    RefinementLine,
    SearchLine,
    StageLine,
    StepLine,
    VerdictLine,
)
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.evaluation import Evaluation

__all__ = ["EventRecorder"]


class _Place(TypedDict):
    seconds: float
    episode: int
    step: int


class EventRecorder:
    """Writes what happens in a run to its folder.

    Args:
        folder: where to.
        elapsed_seconds: how long the run has gone on before.
    """

    def __init__(self, folder: RunFolder, *, elapsed_seconds: float = 0.0) -> None:
        self._folder = folder
        self._start = time.perf_counter() - elapsed_seconds

    @property
    def elapsed_seconds(self) -> float:
        """Seconds since the run began; those between a stop and a resumption do not count."""
        return round(time.perf_counter() - self._start, 3)

    def note(self, event: AgentEvent) -> None:
        """Take in what happened; an event without a subject tells nothing that is worth a line."""
        progress, subject = event.progress, event.subject
        if isinstance(subject, Proposed):
            self._note_proposal(progress, subject)
        elif isinstance(subject, Candidate):
            file = self._folder.add_program(subject.index, subject.text)
            self._write(ModelLine(**self._place(progress), program=subject.index, file=file))
        elif subject is not None:
            self._write(self._line(progress, subject))

    def begin_stage(self, progress: Progress, number: int, env: str) -> None:
        """Take in that an environment is begun."""
        self._write(StageLine(**self._place(progress), number=number, env=env))

    def inherit(self, progress: Progress, candidate: Candidate) -> None:
        """Take in the program that another run left."""
        file = self._folder.add_program(candidate.index, candidate.text)
        place = self._place(progress)
        self._write(
            ProposalLine(
                **place, program=candidate.index, parent=None, proposer=candidate.proposer, arm="inherited", file=file
            )
        )

    def _note_proposal(self, progress: Progress, proposed: Proposed) -> None:
        place = self._place(progress)
        judged = proposed.judged
        candidate = judged.candidate
        self._write(
            ProposalLine(
                **place,
                program=candidate.index,
                parent=None if candidate.parent is None else candidate.parent.index,
                proposer=candidate.proposer,
                arm=proposed.arm,
                file=self._folder.add_program(candidate.index, candidate.text),
                led_by=_led_by(proposed),
            )
        )
        self._write(_verdict(place, candidate, judged.evaluation))

    def _line(
        self, progress: Progress, subject: StepTaken | Departed | Refining | Searched | Charted | EpisodeRecord
    ) -> EventLine:
        place = self._place(progress)
        if isinstance(subject, StepTaken):
            one = subject.transition
            return StepLine(**place, action=one.action, reason=subject.reason, reward=one.reward, done=one.done)
        if isinstance(subject, Departed):
            text = subject.counterexample.explain()
            return CounterexampleLine(**place, program=subject.program, planned=subject.planned, text=text)
        if isinstance(subject, Refining):
            return RefinementLine(
                **place,
                parent=None if subject.parent is None else subject.parent.index,
                arm=subject.arm,
                h=subject.heuristic,
                failures=subject.failures,
            )
        if isinstance(subject, Searched):
            result = subject.result
            return SearchLine(
                **place,
                planner=result.planner,
                native=subject.native,
                status=result.status.value,
                length=None if result.plan is None else len(result.plan),
                expanded=result.expanded,
                generated=result.generated,
            )
        if isinstance(subject, Charted):
            return PlanLine(**place, reason=subject.reason, actions=subject.actions)
        return EpisodeLine(
            **place,
            env=subject.env,
            mission=subject.mission,
            end=subject.end.value,
            steps=subject.steps,
            first_step=subject.first_step,
            total_reward=subject.total_reward,
            wins=progress.wins,
            win_streak=progress.win_streak,
        )

    def _place(self, progress: Progress) -> _Place:
        return {"seconds": self.elapsed_seconds, "episode": progress.episode, "step": progress.steps}

    def _write(self, line: EventLine) -> None:
        self._folder.add_event(line)


def _led_by(proposed: Proposed) -> LedBy | None:
    cause = proposed.cause
    if cause is None:
        return None
    return LedBy(transition=proposed.cause_step, action=cause.transition.action, text=cause.explain())


def _verdict(place: _Place, candidate: Candidate, evaluation: Evaluation) -> VerdictLine:
    data, optimism = evaluation.data, evaluation.optimism
    return VerdictLine(
        **place,
        program=candidate.index,
        h=round(evaluation.heuristic, 6),
        explained=data.explained,
        checked=data.checked,
        planned=None if optimism is None else optimism.planned,
        initial=evaluation.num_initial,
        text=evaluation.explain(),
    )
