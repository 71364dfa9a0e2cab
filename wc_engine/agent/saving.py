"""A run between two episodes as JSON, and back.

What is large and only grows (transitions, initial states, programs) is in files of its own; a checkpoint says how much
of them counts. Everything else that decides how the run goes on is in the checkpoint itself. What is in neither, above
all what planning has found out about programs, is forgotten at the end of each episode by a run that just goes on, too
(``Agent.settle``): so a run that was taken up again and one that never stopped are the same run.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from wc_engine.agent.episode import Progress
from wc_engine.agent.planning import PlanMemory
from wc_engine.agent.repeating import Asked
from wc_engine.agent.run_state import InitialState, Knowledge, RunState
from wc_engine.models.dataset import Transition
from wc_engine.models.program import Program
from wc_engine.synthesis.candidate import Candidate
from wc_engine.synthesis.llm.costs import Usage

__all__ = [
    "VERSION",
    "Checkpoint",
    "Request",
    "SavedCandidate",
    "SavedModels",
    "restored_requests",
    "restored_state",
    "saved_requests",
    "saved_state",
]

VERSION = 1
"""Raised when a checkpoint of before cannot be taken up any more."""

_Generator: TypeAlias = tuple[int, tuple[int, ...], float | None]
"""The state of a ``random.Random``, as ``getstate`` gives it."""


class SavedCandidate(msgspec.Struct, frozen=True, kw_only=True):
    """The program that the agent holds; ``file`` is in the run folder. What it refined is in the event log."""

    index: int
    proposer: str
    file: str


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposer was asked, as ``Asked``; initial states are told by their place among those known."""

    transitions: int
    unplannable: tuple[int, ...]
    parent: SavedCandidate | None
    judged: bool
    answer: str | None


class SavedModels(msgspec.Struct, frozen=True, kw_only=True):
    """What language models were asked.

    Attributes:
        draws: how often each prompt was asked, by its digest.
        usage: what that cost.
        mixed: ``MixedProposer.memory``, where the inducer is asked first; else None.
    """

    draws: dict[str, int]
    usage: Usage
    mixed: tuple[int, tuple[int, ...]] | None


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run between two episodes.

    Attributes:
        version: of this form.
        elapsed_seconds: how long the run has gone on.
        sizes: how many bytes of each log count.
        acting: the generator that chooses among actions.
        seeds: the one that draws the seeds of episodes.
        refining: the one of synthesis.
        progress: where the run stands.
        num_candidates: programs proposed.
        candidate: the program that the agent holds, or None.
        asked: transitions and initial states at the last synthesis, or None.
        known_transitions: how many transitions are known, the last ones of those inherited and seen.
        known_initial: how many initial states are known, the last ones of those in the file.
        plans: the plan that worked last for an initial state, by its place among those known.
        requests: how many requests the proposer is to be asked again, the last ones of those in the file.
        models: what language models were asked, where they write the programs.
    """

    version: int = VERSION
    elapsed_seconds: float
    sizes: dict[str, int]
    acting: _Generator
    seeds: _Generator
    refining: _Generator
    progress: Progress
    num_candidates: int
    candidate: SavedCandidate | None
    asked: tuple[int, int] | None
    known_transitions: int
    known_initial: int
    plans: tuple[tuple[int, tuple[str, ...]], ...]
    requests: int
    models: SavedModels | None


def saved_state(
    state: RunState,
    candidate: SavedCandidate | None,
    *,
    elapsed_seconds: float,
    sizes: Mapping[str, int],
    requests: int,
    models: SavedModels | None,
) -> Checkpoint:
    """Return the checkpoint of a run.

    Args:
        state: the run between two episodes.
        candidate: where its program is kept.
        elapsed_seconds: as in ``Checkpoint``, as are ``sizes``, ``requests`` and ``models``.
    """
    knowledge = state.knowledge
    plans = [
        (number, knowledge.plans.plans[one.env, one.state, one.mission])
        for number, one in enumerate(knowledge.initial)
        if (one.env, one.state, one.mission) in knowledge.plans.plans
    ]
    return Checkpoint(
        elapsed_seconds=elapsed_seconds,
        sizes=dict(sizes),
        acting=_generator(state.acting),
        seeds=_generator(state.seeds),
        refining=_generator(state.refining),
        progress=state.progress,
        num_candidates=state.num_candidates,
        candidate=candidate,
        asked=knowledge.asked,
        known_transitions=len(knowledge.transitions),
        known_initial=len(knowledge.initial),
        plans=tuple(plans),
        requests=requests,
        models=models,
    )


def restored_state(
    checkpoint: Checkpoint,
    transitions: Sequence[Transition],
    initial: Sequence[InitialState],
    actions: Mapping[str, tuple[str, ...]],
    text: str | None,
) -> RunState:
    """Return the run of a checkpoint.

    Args:
        checkpoint: the checkpoint.
        transitions: all that the run inherited and saw.
        initial: all initial states of its file.
        actions: the actions of each environment.
        text: the text of the program that the agent holds, or None.
    """
    known = list(initial[len(initial) - checkpoint.known_initial :])
    memory = PlanMemory()
    for number, plan in checkpoint.plans:
        one = known[number]
        memory.plans[one.env, one.state, one.mission] = plan
    saved = checkpoint.candidate
    candidate = None
    if saved is not None and text is not None:
        candidate = Candidate(Program.from_text(text), saved.index, saved.proposer)
    knowledge = Knowledge(
        transitions=list(transitions[len(transitions) - checkpoint.known_transitions :]),
        initial=known,
        actions=dict(actions),
        candidate=candidate,
        asked=checkpoint.asked,
        plans=memory,
    )
    return RunState(
        _random(checkpoint.acting),
        _random(checkpoint.seeds),
        _random(checkpoint.refining),
        progress=checkpoint.progress,
        knowledge=knowledge,
        num_candidates=checkpoint.num_candidates,
    )


def saved_requests(
    asked: Iterable[Asked], knowledge: Knowledge, save: Callable[[Candidate], SavedCandidate]
) -> list[Request]:
    """Return what a proposer was asked; ``save`` says where a program is kept."""
    places = {(one.state, one.mission): number for number, one in enumerate(knowledge.initial)}
    return [
        Request(
            transitions=one.num_transitions,
            unplannable=tuple(places[pair] for pair in one.unplannable),
            parent=None if one.parent is None else save(one.parent),
            judged=one.judged,
            answer=one.answer,
        )
        for one in asked
    ]


def restored_requests(requests: Iterable[Request], knowledge: Knowledge, read: Callable[[str], str]) -> Iterator[Asked]:
    """Yield what a proposer was asked; ``read`` returns the text of a file of the run folder."""
    for one in requests:
        saved = one.parent
        parent = None
        if saved is not None:
            parent = Candidate(Program.from_text(read(saved.file)), saved.index, saved.proposer)
        pairs = tuple((knowledge.initial[place].state, knowledge.initial[place].mission) for place in one.unplannable)
        yield Asked(one.transitions, pairs, parent, one.judged, one.answer)


def _generator(generator: random.Random) -> _Generator:
    version, words, gauss = generator.getstate()
    return version, words, gauss


def _random(state: _Generator) -> random.Random:
    generator = random.Random()
    generator.setstate(state)
    return generator
