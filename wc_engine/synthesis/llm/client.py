"""Answers of language models: from the cache, else from the first model that gives one, several at a time.

A rerun asks the same questions in the same order and so finds every answer in the cache, whichever model gave it then.
Requests run on an event loop in a thread of its own, so that callers need none and may have one.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING

from wc_engine.errors import BudgetSpentError, LanguageModelError
from wc_engine.synthesis.llm.cache import CallCache
from wc_engine.synthesis.llm.calls import Answer, CallKey, Prompt
from wc_engine.synthesis.llm.config import LlmConfig, ModelName
from wc_engine.synthesis.llm.costs import Limits, Meter, PriceTable, Usage
from wc_engine.synthesis.llm.tokens import estimate_tokens

if TYPE_CHECKING:
    from wc_engine.synthesis.llm.transport import Endpoint

__all__ = ["OPENAI_URL", "LlmClient"]

OPENAI_URL = "https://api.openai.com/v1"
_URL_VARIABLE = "OPENAI_BASE_URL"
_CLOSING_SECONDS = 5.0


class LlmClient:
    """Asks language models. Use it as a context manager, or close it.

    Args:
        config: settings.
        environment: where keys and the endpoint's address are looked up; the process's own by default.

    Raises:
        UserInputError: the cache or the table of prices cannot be read.
    """

    def __init__(self, config: LlmConfig, environment: Mapping[str, str] | None = None) -> None:
        self._config = config
        self._environment = os.environ if environment is None else environment
        prices = PriceTable.load(config.prices)
        limits = Limits(cost=config.max_cost, tokens=config.max_tokens, calls=config.max_calls)
        self._meter = Meter(limits, prices)
        self._cache = CallCache(config.cache)
        self._slots = asyncio.Semaphore(config.max_concurrent)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._endpoints: dict[tuple[str, str], Endpoint] = {}
        self._bad_keys: dict[tuple[str, str], str] = {}
        self.draws: Counter[str] = Counter()
        """How often each prompt was asked in this run, by its digest: set it to go on with an earlier run."""

    @property
    def usage(self) -> Usage:
        """What this run has used so far."""
        return self._meter.usage

    def go_on(self, usage: Usage) -> None:
        """Count on from what the earlier part of a run has used."""
        self._meter.usage = usage

    @property
    def config(self) -> LlmConfig:
        """The settings."""
        return self._config

    def complete(self, prompt: Prompt) -> Answer:
        """Ask once, and wait for the answer.

        Raises:
            LanguageModelError: no model gave one, or none was recorded for a replay.
            BudgetSpentError: a limit allows no further call.
            UserInputError: cost is limited, and the price of a model is not known.
        """
        return self.complete_all([prompt])[0]

    def complete_all(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Ask several times at once, and wait for all answers, which come in the order of the prompts.

        Raises:
            as ``complete``; answers that came are kept in the cache all the same.
        """
        futures = [self.submit(prompt) for prompt in prompts]
        try:
            errors = [future.exception() for future in futures]
        except BaseException:  # Ctrl-C above all: requests under way are given up
            for future in futures:
                future.cancel()
            raise
        for error in errors:
            if error is not None:
                raise error
        return [future.result() for future in futures]

    def complete_within_limits(self, prompts: Sequence[Prompt]) -> list[Answer | BudgetSpentError]:
        """Ask several times at once; a limit that is reached on the way keeps back the rest, not what came before.

        Raises:
            as ``complete``; ``BudgetSpentError`` only where there is no answer at all.
        """
        futures = [self.submit(prompt) for prompt in prompts]
        answers: list[Answer | BudgetSpentError] = []
        spent: BudgetSpentError | None = None
        try:
            for future in futures:
                error = future.exception()
                if isinstance(error, BudgetSpentError):
                    spent = error
                answers.append(future.result() if spent is None or error is not spent else spent)
        except BaseException:  # Ctrl-C above all: requests under way are given up
            for future in futures:
                future.cancel()
            raise
        if spent is not None and not any(isinstance(answer, Answer) for answer in answers):
            raise spent
        return answers

    def submit(self, prompt: Prompt) -> Future[Answer]:
        """Ask without waiting. The n-th time a prompt is asked in a run it gets the n-th answer of the cache."""
        keys = [self._key(model, prompt, 0) for model in self._config.models]
        draw = keys[0].digest
        sample = self.draws[draw]
        self.draws[draw] += 1
        keys = [self._key(model, prompt, sample) for model in self._config.models]
        done: Future[Answer] = Future()
        for key in keys:
            answer = self._cache.get(key)
            if answer is not None:
                self._meter.usage.cached_calls += 1
                done.set_result(answer)
                return done
        if self._config.replay:
            asked = ", ".join(f"{key.model} at {key.endpoint}" for key in keys)
            reason = f"no answer is recorded for this request (sample {sample}, {asked}); a replay calls no model"
            done.set_exception(LanguageModelError(reason))
            return done
        return asyncio.run_coroutine_threadsafe(self._ask(keys), self._running_loop())

    def close(self) -> None:
        """Close connections and the cache; requests under way are given up."""
        loop, thread = self._loop, self._thread
        if loop is not None and thread is not None:
            try:
                asyncio.run_coroutine_threadsafe(self._shut(), loop).result(_CLOSING_SECONDS)
            finally:
                loop.call_soon_threadsafe(loop.stop)
                thread.join(_CLOSING_SECONDS)
                loop.close()
                self._loop = self._thread = None
        self._cache.close()

    def __enter__(self) -> LlmClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _ask(self, keys: Sequence[CallKey]) -> Answer:
        """Ask the models in order until one answers."""
        reasons: list[str] = []
        async with self._slots:
            for key, model in zip(keys, self._config.models, strict=True):
                answer = await self._ask_one(key, model, reasons)
                if answer is not None:
                    return answer
        raise LanguageModelError("no language model answered: " + "; ".join(reasons))

    async def _ask_one(self, key: CallKey, model: ModelName, reasons: list[str]) -> Answer | None:
        """Ask one model; return None and add the reason where it does not answer."""
        from wc_engine.synthesis.llm.transport import ModelFailedError

        place = (key.endpoint, model.key_variable)
        try:
            if place in self._bad_keys:
                raise ModelFailedError(self._bad_keys[place])
            endpoint = self._endpoint(*place)
            prompt_tokens = estimate_tokens(key.prompt.system + key.prompt.user)
            reservation = await self._meter.reserve(model.name, prompt_tokens, self._config.max_answer_tokens)
            answer = None
            try:
                answer = await endpoint.answer(key)
            finally:
                cost = await self._meter.release(reservation, model.name, answer)
        except ModelFailedError as error:
            if error.bad_key:
                self._bad_keys[place] = str(error)
            reasons.append(f"{key.model} at {key.endpoint}: {error}")
            return None
        return self._cache.put(key, answer, cost)

    def _endpoint(self, url: str, key_variable: str) -> Endpoint:
        from wc_engine.synthesis.llm.transport import Endpoint, ModelFailedError

        if (url, key_variable) not in self._endpoints:
            key = self._environment.get(key_variable, "")
            if not key and url == OPENAI_URL:
                raise ModelFailedError(f"there is no key; set {key_variable}", bad_key=True)
            # Endpoints of one's own machine ask for none, but the protocol's header wants one.
            self._endpoints[url, key_variable] = Endpoint(url, key or "none", self._config, self._note_failure)
        return self._endpoints[url, key_variable]

    def _note_failure(self) -> None:
        self._meter.usage.failed_requests += 1

    def _key(self, model: ModelName, prompt: Prompt, sample: int) -> CallKey:
        config = self._config
        url = model.base_url or config.base_url or self._environment.get(_URL_VARIABLE) or OPENAI_URL
        url = url.rstrip("/")
        # OpenAI's newer models take only the newer name, and most other endpoints know only the older one.
        limit = "max_completion_tokens" if url == OPENAI_URL else "max_tokens"
        settings: list[tuple[str, float | int]] = [(limit, config.max_answer_tokens)]
        if config.temperature is not None:
            settings.append(("temperature", config.temperature))
        return CallKey(url, model.name, tuple(settings), prompt, sample)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="language models", daemon=True)
            self._thread.start()
        return self._loop

    async def _shut(self) -> None:
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.gather(*(endpoint.close() for endpoint in self._endpoints.values()), return_exceptions=True)
