"""Settings of language models, validated where they are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["DEFAULT_KEY_VARIABLE", "LlmConfig", "ModelName"]

DEFAULT_KEY_VARIABLE = "OPENAI_API_KEY"
"""The environment variable that holds the key where nothing else was said."""


@dataclass(frozen=True, slots=True)
class ModelName:
    """One model at one endpoint.

    Attributes:
        name: the model's name as its endpoint knows it.
        base_url: the endpoint, or None for ``LlmConfig.base_url``.
        key_variable: the environment variable that holds the key of this endpoint.
    """

    name: str
    base_url: str | None = None
    key_variable: str = DEFAULT_KEY_VARIABLE

    @classmethod
    def parse(cls, text: str) -> ModelName:
        """Read ``NAME`` or ``NAME@URL``.

        Raises:
            ValueError: there is no name.
        """
        name, at, url = text.strip().rpartition("@http")
        if not at:
            name, url = url, ""
        if not name:
            raise ValueError(f"expected the name of a model, or NAME@URL, got {text!r}")
        return cls(name, f"http{url}" if at else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmConfig:
    """How language models are called, and how much of that is allowed.

    Attributes:
        models: models in order of preference; the next one is asked where the one before has failed.
        base_url: the endpoint of models that name none, or None for ``OPENAI_BASE_URL``, else that of OpenAI.
        temperature: sampling temperature, 0 to 2, or None for the endpoint's own (some models take no other).
        max_answer_tokens: tokens of one answer.
        max_prompt_tokens: estimated tokens of one prompt; examples are left out until it fits.
        timeout_seconds: the time that one request may take in all.
        max_attempts: requests to one model for one answer, the first included.
        min_wait_seconds: the wait before the second attempt; it doubles from then on, and up to as much again is added
            by chance.
        max_wait_seconds: no wait is longer; an endpoint that asks for a longer one is given up.
        max_concurrent: requests in flight at once.
        cache: the SQLite file that keeps every call, or None to keep calls for this process only.
        replay: answer from the cache alone; a call that is not there is an error.
        prices: a TOML file of prices that goes before the package's own, or None.
        max_cost: US dollars that a run may spend, or None for no limit.
        max_tokens: tokens that a run may use, prompts and answers together, or None.
        max_calls: answers that a run may ask for, or None.
    """

    models: tuple[ModelName, ...]
    base_url: str | None = None
    temperature: float | None = 1.0
    max_answer_tokens: int = 8192
    max_prompt_tokens: int = 24_000
    timeout_seconds: float = 300.0
    max_attempts: int = 6
    min_wait_seconds: float = 1.0
    max_wait_seconds: float = 120.0
    max_concurrent: int = 4
    cache: Path | None = None
    replay: bool = False
    prices: Path | None = None
    max_cost: float | None = None
    max_tokens: int | None = None
    max_calls: int | None = None

    def __post_init__(self) -> None:
        if not self.models:
            raise ValueError("at least one model must be named")
        if self.temperature is not None and not 0.0 <= self.temperature <= 2.0:
            raise ValueError(f"temperature lies within 0 and 2, got {self.temperature}")
        for name in ("max_answer_tokens", "max_prompt_tokens", "max_attempts", "max_concurrent"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if not self.timeout_seconds > 0:
            raise ValueError(f"timeout_seconds must be positive, got {self.timeout_seconds}")
        if not 0 <= self.min_wait_seconds <= self.max_wait_seconds:
            raise ValueError("0 <= min_wait_seconds <= max_wait_seconds does not hold")
        for name in ("max_cost", "max_tokens", "max_calls"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ValueError(f"{name} must not be negative, got {value}")
        if self.replay and self.cache is None:
            raise ValueError("a replay needs a cache to read from")
