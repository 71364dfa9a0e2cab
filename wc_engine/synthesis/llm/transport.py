"""One answer from one model: the request, its time limit, and its repetition where that can help.

Repeated are rate limits (after as long as the endpoint asks for), server errors, broken connections, requests that take
too long, and answers that are no chat completion. Not repeated is what would only fail again: a bad key, an unknown
model, a prompt that is too long, a quota that is used up.

This module imports openai and tenacity; the client imports it when the first request is made.
"""

from __future__ import annotations

import asyncio
import email.utils
import random
import time
from collections.abc import Callable
from typing import Any

import openai
import tenacity
from openai.types.chat import ChatCompletion

from wc_engine.synthesis.llm.calls import Answer, CallKey
from wc_engine.synthesis.llm.config import LlmConfig
from wc_engine.synthesis.llm.tokens import estimate_tokens

__all__ = ["Endpoint", "ModelFailedError"]

_OFTEN_TRANSIENT = frozenset({408, 409, 425, 429})
_BAD_KEY = frozenset({401, 403})
_QUOTA_USED_UP = "insufficient_quota"
_MAX_SHOWN = 300


class ModelFailedError(Exception):
    """A model gave no answer.

    Attributes:
        bad_key: the endpoint did not accept the key, so that its other models need not be asked.
    """

    def __init__(self, reason: str, *, bad_key: bool = False) -> None:
        self.bad_key = bad_key
        super().__init__(reason)


class _BrokenAnswerError(Exception):
    """What came back is no chat completion, or one without a choice."""


class Endpoint:
    """One endpoint that speaks the chat completions protocol. All methods run on one event loop.

    Args:
        base_url: the endpoint.
        key: the key.
        config: time limits and waits.
        on_failure: called with each request that got no answer.
    """

    def __init__(self, base_url: str, key: str, config: LlmConfig, on_failure: Callable[[], None]) -> None:
        self._config = config
        self._on_failure = on_failure
        # Repetition is done here, by one rule for all kinds of failure; the client's own would multiply with it.
        self._client = openai.AsyncOpenAI(api_key=key, base_url=base_url, timeout=config.timeout_seconds, max_retries=0)

    async def answer(self, key: CallKey) -> Answer:
        """Ask until there is an answer.

        Raises:
            ModelFailedError: there is none, and another attempt would not help, or there were enough.
        """
        config = self._config
        attempts = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(config.max_attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception(self._is_transient),
            sleep=asyncio.sleep,
            reraise=True,
        )
        number = 0
        try:
            async for attempt in attempts:
                with attempt:
                    number += 1
                    return await self._request(key, number)
        except (openai.OpenAIError, _BrokenAnswerError, TimeoutError) as error:
            bad_key = isinstance(error, openai.APIStatusError) and error.status_code in _BAD_KEY
            raise ModelFailedError(_reason(error, number), bad_key=bad_key) from error
        raise AssertionError("the loop over attempts ends by an answer or an error")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _request(self, key: CallKey, number: int) -> Answer:
        start = time.perf_counter()
        settings: dict[str, Any] = dict(key.settings)
        messages: Any = key.prompt.messages
        try:
            # The client's limit is one on silence; this one is on the whole request, however slowly bytes trickle in.
            async with asyncio.timeout(self._config.timeout_seconds):
                completion = await self._client.chat.completions.create(
                    model=key.model, messages=messages, stream=False, **settings
                )
            return _answer_of(completion, key, time.perf_counter() - start, number)
        except ValueError as error:
            self._on_failure()
            raise _BrokenAnswerError(f"the answer is not JSON ({error})") from error
        except (openai.OpenAIError, _BrokenAnswerError, TimeoutError):
            self._on_failure()
            raise

    def _is_transient(self, error: BaseException) -> bool:
        if isinstance(error, openai.APIStatusError):
            if error.code == _QUOTA_USED_UP:
                return False
            asked = _retry_after(error)
            if asked is not None and asked > self._config.max_wait_seconds:
                return False
            return error.status_code in _OFTEN_TRANSIENT or error.status_code >= 500
        broken = (openai.APIConnectionError, openai.APIResponseValidationError, _BrokenAnswerError, TimeoutError)
        return isinstance(error, broken)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        config = self._config
        backoff = config.min_wait_seconds * 2.0 ** (state.attempt_number - 1)
        backoff += random.uniform(0.0, backoff)  # so that requests that failed together do not come back together
        error = None if state.outcome is None else state.outcome.exception()
        asked = _retry_after(error) if isinstance(error, openai.APIStatusError) else None
        return max(min(backoff, config.max_wait_seconds), asked or 0.0)


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Return the seconds to wait that an endpoint asks for, as a number or as a date, or None."""
    headers = error.response.headers
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            return max(0.0, float(value) * unit)
        except ValueError:
            date = email.utils.parsedate_tz(value)
            if date is not None:
                return max(0.0, email.utils.mktime_tz(date) - time.time())
    return None


def _answer_of(completion: object, key: CallKey, seconds: float, attempts: int) -> Answer:
    """Read a completion; endpoints leave out what they like, so nothing is taken for granted."""
    choices = getattr(completion, "choices", None)
    if not isinstance(completion, ChatCompletion) or not isinstance(choices, list) or not choices:
        raise _BrokenAnswerError("the answer is no chat completion with a choice")
    message = getattr(choices[0], "message", None)
    text = getattr(message, "content", None)
    text = text if isinstance(text, str) else ""
    usage = getattr(completion, "usage", None)
    details = getattr(usage, "prompt_tokens_details", None)
    prompt_tokens = _count(getattr(usage, "prompt_tokens", None))
    answer_tokens = _count(getattr(usage, "completion_tokens", None))
    prompt = key.prompt
    return Answer(
        text=text,
        finish_reason=str(getattr(choices[0], "finish_reason", None) or "unknown"),
        served_by=str(getattr(completion, "model", None) or key.model),
        prompt_tokens=estimate_tokens(prompt.system + prompt.user) if prompt_tokens is None else prompt_tokens,
        cached_tokens=_count(getattr(details, "cached_tokens", None)) or 0,
        answer_tokens=estimate_tokens(text) if answer_tokens is None else answer_tokens,
        seconds=seconds,
        attempts=attempts,
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _reason(error: BaseException, attempts: int) -> str:
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        text = "no answer in time"
    elif isinstance(error, openai.APIStatusError):
        text = f"status {error.status_code}: {error.message}"
    else:
        cause = f" ({error.__cause__})" if isinstance(error, openai.APIConnectionError) and error.__cause__ else ""
        text = f"{error}{cause}"
    text = " ".join(text.split())
    shown = text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."
    return f"{shown} (after {attempts} attempts)" if attempts > 1 else shown
