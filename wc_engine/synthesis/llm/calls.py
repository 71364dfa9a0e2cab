"""What is asked of a language model, and what it answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

__all__ = ["Answer", "CallKey", "Prompt"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request in words.

    Attributes:
        system: what holds for every request.
        user: this request.
    """

    system: str
    user: str

    @property
    def messages(self) -> list[dict[str, str]]:
        """The prompt as the chat completions protocol has it."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]


@dataclass(frozen=True, slots=True)
class CallKey:
    """What decides an answer, but for chance; ``sample`` counts the draws.

    Attributes:
        endpoint: base URL.
        model: name of the model.
        settings: settings of sampling, by the protocol's names.
        prompt: the request.
        sample: 0 for the first answer to this request in a run, 1 for the next, and so on.
    """

    endpoint: str
    model: str
    settings: tuple[tuple[str, float | int], ...]
    prompt: Prompt
    sample: int

    @property
    def digest(self) -> str:
        """SHA-256 of everything but the number of the sample, as 64 hexadecimal digits."""
        parts = [self.endpoint, self.model, dict(self.settings), self.prompt.messages]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer.

    Attributes:
        text: what the model wrote; empty where it wrote nothing.
        finish_reason: why it ended, as the endpoint says (``"stop"``, ``"length"``, ``"content_filter"``).
        served_by: the model that answered, as the endpoint says.
        prompt_tokens: tokens of the prompt: as the endpoint counts them, else estimated.
        cached_tokens: those of them that the endpoint had in its own cache.
        answer_tokens: tokens of the answer, likewise.
        seconds: how long the successful request took.
        attempts: requests that it took.
    """

    text: str
    finish_reason: str
    served_by: str
    prompt_tokens: int
    cached_tokens: int
    answer_tokens: int
    seconds: float
    attempts: int

    def as_record(self) -> dict[str, object]:
        """Return the answer as JSON values."""
        return asdict(self)
