"""The proposer that asks language models.

What it asks is what the arm stands for: a program from nothing, other next states, other rewards, or a plan. Where a
mission has no reward function of its own yet, that is asked for first, beside those of the nearest missions.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from wc_engine.errors import BudgetSpentError, InvalidModelError, SynthesisError
from wc_engine.models.dataset import Transition
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.synthesis.constraints import Counterexample
from wc_engine.synthesis.llm.calls import Answer, Prompt
from wc_engine.synthesis.llm.client import LlmClient
from wc_engine.synthesis.llm.missions import nearest_rewards, reward_functions, with_mission_reward
from wc_engine.synthesis.llm.parsing import read_program
from wc_engine.synthesis.llm.prelude import prelude_for, with_types
from wc_engine.synthesis.llm.prompts import Example, PromptBook, RequestKind
from wc_engine.synthesis.llm.rendering import show_experience, show_mistake, show_state
from wc_engine.synthesis.llm.selection import chosen_evenly, diverse
from wc_engine.synthesis.llm.source import units_of
from wc_engine.synthesis.proposals import ArmKind, ProposalRequest

__all__ = ["LlmProposer", "LlmProposerConfig"]

_CUT_OFF = "length"
_TRUE = "What happens:"
_RIGHT = "What the program predicts rightly:"
_WRONG = "What the program predicts wrongly:"
_OTHER = "What happens in this mission:"


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmProposerConfig:
    """What prompts show.

    Attributes:
        num_fresh: experiences in a request for a program from nothing; 7 in the paper.
        num_wrong: mispredicted transitions in a refinement; 1 in the paper.
        num_right: other experiences in a refinement; 3 in the paper.
        num_nearest: reward functions of near missions shown for a new one; 3 in the paper's code.
    """

    num_fresh: int = 7
    num_wrong: int = 1
    num_right: int = 3
    num_nearest: int = 3

    def __post_init__(self) -> None:
        for name in ("num_fresh", "num_wrong"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        for name in ("num_right", "num_nearest"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, got {getattr(self, name)}")


Merge: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Request:
    """A prompt, and how an answer to it becomes a program."""

    prompt: Prompt
    merge: Merge


@dataclass(frozen=True, slots=True)
class _Task:
    """What there is to go by."""

    transitions: Sequence[Transition]
    request: ProposalRequest
    rng: random.Random

    @property
    def program(self) -> str:
        return "" if self.request.parent is None else self.request.parent.text

    @property
    def wrong(self) -> Sequence[Counterexample]:
        return () if self.request.verdict is None else self.request.verdict.counterexamples

    @property
    def actions(self) -> str:
        return ", ".join(repr(action) for action in sorted({one.action for one in self.transitions}))

    @property
    def missions(self) -> list[str]:
        seen = [one.mission for one in self.transitions] + [mission for _, mission in self.request.unplannable]
        return list(dict.fromkeys(seen))


class LlmProposer:
    """Asks language models for programs and for repairs of programs; the requests of one call are made at once.

    Args:
        client: asks the models; whoever made it closes it.
        config: what prompts show.
        book: the templates.
    """

    name = "llm"

    def __init__(
        self, client: LlmClient, config: LlmProposerConfig | None = None, book: PromptBook | None = None
    ) -> None:
        self._client = client
        self._config = config or LlmProposerConfig()
        self._book = book or PromptBook()

    def propose_all(
        self, transitions: Sequence[Transition], requests: Sequence[ProposalRequest], rng: random.Random
    ) -> list[str | SynthesisError | None]:
        """Return, for each request, the program that a model wrote or repaired, or why its answer gives none.

        Args:
            transitions: what was seen.
            requests: what is wanted.
            rng: chooses what prompts show.

        Raises:
            LanguageModelError: no model answers.
            BudgetSpentError: a limit on calls, tokens or cost allowed none of the calls.
        """
        prepared = [self._prepared(_Task(transitions, request, rng)) for request in requests]
        asked = [one.prompt for one in prepared if isinstance(one, _Request)]
        answers = iter(self._client.complete_within_limits(asked))
        return [one if isinstance(one, SynthesisError) else _read(one, next(answers)) for one in prepared]

    def _prepared(self, task: _Task) -> _Request | SynthesisError:
        if not task.transitions:
            return SynthesisError("nothing was seen yet: there is nothing to tell a language model")
        try:
            return self._request(task)
        except SynthesisError as error:
            return error

    def _request(self, task: _Task) -> _Request:
        """Return what to ask."""
        if task.request.kind is ArmKind.FRESH:
            return self._fresh(task)
        # A table of rewards that lacks a mission was written before that mission came up.
        rewards = reward_functions(task.program)
        lacking = [mission for mission in task.missions if rewards and mission not in rewards]
        if lacking:
            return self._new_mission(task, lacking[0])
        if task.request.kind is ArmKind.REFINE_TO_PLAN:
            return self._plan(task)
        return self._refinement(task, RequestKind(task.request.kind))

    def _fresh(self, task: _Task) -> _Request:
        # Programs begin with the mission of today; others get their reward functions one by one.
        mission = task.transitions[-1].mission
        prelude = prelude_for(state for one in task.transitions for state in (one.state, one.next_state))
        shown = diverse(task.transitions, self._config.num_fresh, task.rng)
        fields = {"actions": task.actions, "mission": repr(mission), "program": prelude}

        def merge(answer: str) -> str:
            text = read_program(answer, prelude)
            defines = Program.from_text(text).defines
            if REWARD_FUNCS in defines or "reward_func" not in defines:
                return text
            return f"{text}\n\n{REWARD_FUNCS} = {{{mission!r}: reward_func}}\n"

        examples = [Example(_TRUE, show_experience(one), required=i == 0) for i, one in enumerate(shown)]
        return self._filled(RequestKind.FRESH, fields, examples, merge)

    def _refinement(self, task: _Task, kind: RequestKind) -> _Request:
        of_reward = kind is RequestKind.REFINE_REWARD
        wrong = task.wrong
        concerned = [one for one in wrong if (one.wrong_reward if of_reward else one.wrong_state)]
        first = chosen_evenly(concerned, lambda one: one.transition.env, task.rng)
        mission = first.transition.mission
        alike = [one for one in concerned if one is not first and (not of_reward or one.transition.mission == mission)]
        count = min(len(alike), self._config.num_wrong - 1)
        failed = [first, *task.rng.sample(alike, count)]
        mistaken = {one.transition for one in wrong}
        right = [one for one in task.transitions if one not in mistaken and (not of_reward or one.mission == mission)]
        examples = [Example(_WRONG, show_mistake(one), required=one is first) for one in failed]
        chosen = diverse(right, self._config.num_right, task.rng)
        examples += [Example(_RIGHT, show_experience(one)) for one in chosen]
        program = self._completed(task)
        one_mission = len(task.missions) == 1 and not reward_functions(program)

        def merge(answer: str) -> str:
            if of_reward and not one_mission:
                return with_mission_reward(program, mission, answer)
            return read_program(answer, program)

        return self._filled(kind, {"program": program, "mission": repr(mission)}, examples, merge)

    def _plan(self, task: _Task) -> _Request:
        state, mission = chosen_evenly(task.request.unplannable, lambda one: one[1], task.rng)
        program = self._completed(task)
        fields = {
            "program": program,
            "mission": repr(mission),
            "actions": task.actions,
            "state": show_state(state),
        }
        chosen = diverse(task.transitions, self._config.num_right, task.rng)
        examples = [Example(_TRUE, show_experience(one)) for one in chosen]
        several = len(reward_functions(program)) > 0

        def merge(answer: str) -> str:
            return _edited(program, mission, answer) if several else read_program(answer, program)

        return self._filled(RequestKind.REFINE_TO_PLAN, fields, examples, merge)

    def _new_mission(self, task: _Task, mission: str) -> _Request:
        program = self._completed(task)
        own = [one for one in task.transitions if one.mission == mission]
        states = [state for state, other in task.request.unplannable if other == mission]
        state = states[0] if states else own[0].state
        near = nearest_rewards(program, mission, self._config.num_nearest)
        shown = "\n\n".join(f"Mission {other!r}:\n\n```python\n{text}\n```" for other, text in near.items())
        fields = {
            "program": program,
            "mission": repr(mission),
            "rewards": shown or "(none)",
            "state": show_state(state),
        }
        chosen = diverse(own, self._config.num_right, task.rng)
        examples = [Example(_OTHER, show_experience(one)) for one in chosen]
        return self._filled(
            RequestKind.NEW_MISSION, fields, examples, lambda answer: with_mission_reward(program, mission, answer)
        )

    def _completed(self, task: _Task) -> str:
        """Return the program with classes for types that came up after it was written."""
        defined = {name for unit in units_of(task.program) for name in unit.names}
        states = [state for one in task.transitions for state in (one.state, one.next_state)]
        return with_types(task.program, defined, states)

    def _filled(self, kind: RequestKind, fields: dict[str, str], examples: Sequence[Example], merge: Merge) -> _Request:
        return _Request(self._book.prompt(kind, fields, examples, self._client.config.max_prompt_tokens), merge)


def _edited(program: str, mission: str, answer: str) -> str:
    """Return a program with an edit in which ``reward_func`` is that of one mission, and the rest is anyone's."""
    try:
        return with_mission_reward(program, mission, answer)
    except (SynthesisError, InvalidModelError):
        return read_program(answer, program)


def _read(request: _Request, answer: Answer | BudgetSpentError) -> str | SynthesisError:
    """Return the program that an answer gives, or why it gives none."""
    if isinstance(answer, BudgetSpentError):
        return SynthesisError(f"not asked: {answer}")
    try:
        return request.merge(answer.text)
    except SynthesisError as error:
        if answer.finish_reason == _CUT_OFF:
            return SynthesisError(f"{error} (it was cut off at the limit of tokens)", program=answer.text)
        return error
