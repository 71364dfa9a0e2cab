"""Prompts: one template for each kind of request, filled with as many examples as the budget of tokens allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from string import Template

from wc_engine.errors import SynthesisError, UserInputError
from wc_engine.synthesis.llm.calls import Prompt
from wc_engine.synthesis.llm.tokens import estimate_tokens

__all__ = ["Example", "PromptBook", "RequestKind"]

_SYSTEM = "system"


class RequestKind(StrEnum):
    """What a model is asked to do; also the name of the template."""

    FRESH = "fresh"
    REFINE_TRANSITION = "refine_transition"
    REFINE_REWARD = "refine_reward"
    REFINE_TO_PLAN = "refine_to_plan"
    NEW_MISSION = "new_mission"


@dataclass(frozen=True, slots=True)
class Example:
    """One experience in words.

    Attributes:
        heading: what it is an example of; those of one heading stand together.
        text: the experience.
        required: the request makes no sense without it.
    """

    heading: str
    text: str
    required: bool = False


class PromptBook:
    """The templates, from a folder of files ``KIND.txt`` and ``system.txt``.

    Args:
        folder: the folder, or None for the package's own.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = resources.files(__package__).joinpath("prompts") if folder is None else folder
        self._texts: dict[str, str] = {}

    def prompt(
        self, kind: RequestKind, fields: Mapping[str, str], examples: Sequence[Example], max_tokens: int
    ) -> Prompt:
        """Fill a template.

        Args:
            kind: what is asked.
            fields: values of the template's names, ``examples`` apart.
            examples: the most important first; from the last on they are left out, whole, until the prompt fits.
            max_tokens: estimated tokens that the prompt may have.

        Raises:
            SynthesisError: it does not fit without leaving out what is required.
            UserInputError: a template is missing, or names what there is no value for.
        """
        kept = list(examples)
        while True:
            prompt = self._filled(kind, fields, kept)
            tokens = estimate_tokens(prompt.system + prompt.user)
            if tokens <= max_tokens:
                return prompt
            place = next((i for i in range(len(kept) - 1, -1, -1) if not kept[i].required), None)
            if place is None:
                raise SynthesisError(
                    f"a request to {kind.replace('_', ' ')} takes about {tokens} tokens without any example that it "
                    f"can do without; {max_tokens} are allowed"
                )
            del kept[place]

    def _filled(self, kind: RequestKind, fields: Mapping[str, str], examples: Sequence[Example]) -> Prompt:
        values = {**fields, "examples": _shown(examples)}
        try:
            user = Template(self._text(kind)).substitute(values)
        except (KeyError, ValueError) as error:
            raise UserInputError(f"the template cannot be filled: {error}", file=f"{kind}.txt") from None
        return Prompt(self._text(_SYSTEM), user)

    def _text(self, name: str) -> str:
        if name not in self._texts:
            path = self._folder.joinpath(f"{name}.txt")
            try:
                self._texts[name] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise UserInputError(f"cannot read this template: {error}", file=str(path)) from None
        return self._texts[name]


def _shown(examples: Sequence[Example]) -> str:
    if not examples:
        return "(There are no experiences to show.)"
    parts = []
    for heading in dict.fromkeys(example.heading for example in examples):
        texts = [example.text for example in examples if example.heading == heading]
        parts.append(f"## {heading}")
        if len(texts) == 1:
            parts += texts
        else:
            parts += [f"({number})\n{text}" for number, text in enumerate(texts, start=1)]
    return "\n\n".join(parts)
