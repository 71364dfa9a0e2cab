"""What calls cost, and the limits on it."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

from wc_engine.errors import BudgetSpentError, UserInputError
from wc_engine.synthesis.llm.calls import Answer

__all__ = ["Limits", "Meter", "Price", "PriceTable", "Usage"]

_MILLION = 1_000_000
_DATE = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{4}|latest)$")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens.

    Attributes:
        input: of a prompt.
        output: of an answer.
        cached: of the part of a prompt that the endpoint had in its own cache.
    """

    input: float
    output: float
    cached: float

    def of(self, prompt_tokens: int, cached_tokens: int, answer_tokens: int) -> float:
        """Return the cost of a call in US dollars."""
        fresh = max(0, prompt_tokens - cached_tokens)
        return (fresh * self.input + cached_tokens * self.cached + answer_tokens * self.output) / _MILLION


class PriceTable:
    """Prices by the name of the model.

    Args:
        prices: the prices.
    """

    def __init__(self, prices: Mapping[str, Price]) -> None:
        self._prices = dict(prices)

    @classmethod
    def load(cls, path: Path | None = None) -> PriceTable:
        """Return the package's prices, those of a TOML file before them.

        Raises:
            UserInputError: the file cannot be read, or is no table of prices.
        """
        prices = _read(resources.files(__package__).joinpath("prices.toml").read_text("utf-8"), "prices.toml")
        if path is not None:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise UserInputError(f"cannot read this table of prices: {error}", file=str(path)) from None
            prices |= _read(text, str(path))
        return cls(prices)

    def price(self, model: str) -> Price | None:
        """Return the price of a model, or None where it is not known."""
        return self._prices.get(model) or self._prices.get(_DATE.sub("", model))


def _read(text: str, file: str) -> dict[str, Price]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserInputError(f"not TOML: {error}", file=file) from None
    models = data.get("models")
    if not isinstance(models, dict):
        raise UserInputError('expected tables [models."NAME"] with input and output, in dollars a million', file=file)
    return {name: _price(name, entry, file) for name, entry in models.items()}


def _price(name: str, entry: object, file: str) -> Price:
    values = entry if isinstance(entry, dict) else {}
    known = {"input", "output", "cached"}
    for key in ("input", "output", *values):
        value = values.get(key)
        if key not in known or isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            raise UserInputError(
                f'[models."{name}"]: {key} = {value!r}; expected input, output, cached >= 0', file=file
            )
    price: dict[str, float] = {"cached": values["input"], **values}
    return Price(**price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run may use; None is no limit.

    Attributes:
        cost: US dollars.
        tokens: tokens of prompts and answers together.
        calls: answers.
    """

    cost: float | None = None
    tokens: int | None = None
    calls: int | None = None


@dataclass(slots=True, kw_only=True)
class Usage:
    """What a run has used.

    Attributes:
        calls: answers that endpoints gave.
        cached_calls: answers from the cache, which cost nothing.
        failed_requests: requests without an answer, the repeated ones included.
        prompt_tokens: tokens of prompts.
        answer_tokens: tokens of answers.
        cost: US dollars, as far as prices are known.
        unpriced_calls: answers of models whose price is not known.
    """

    calls: int = 0
    cached_calls: int = 0
    failed_requests: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    cost: float = 0.0
    unpriced_calls: int = 0

    @property
    def tokens(self) -> int:
        """Tokens of prompts and answers."""
        return self.prompt_tokens + self.answer_tokens

    def as_record(self) -> dict[str, int | float]:
        """Return the counts as JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reservation:
    """The most that a call under way can use."""

    tokens: int
    cost: float


class Meter:
    """Counts what is used, and allows no call that could exceed a limit. All methods run on one event loop.

    A call reserves the most it can use, and waits for those under way where only their reservations forbid it: so
    the limits hold, and it does not depend on timing how far they reach.

    Args:
        limits: what may be used.
        prices: prices of models.
    """

    def __init__(self, limits: Limits, prices: PriceTable) -> None:
        self._limits = limits
        self._prices = prices
        self._reserved: list[Reservation] = []
        self._changed = asyncio.Condition()
        self.usage = Usage()

    async def reserve(self, model: str, prompt_tokens: int, answer_tokens: int) -> Reservation:
        """Allow a call that uses at most so much.

        Raises:
            BudgetSpentError: a limit forbids it.
            UserInputError: cost is limited, and the price of the model is not known.
        """
        price = self._prices.price(model)
        if price is None and self._limits.cost is not None:
            raise UserInputError(
                f"the cost is limited, but no price of {model!r} is known: add it to a table of prices"
            )
        cost = 0.0 if price is None else price.of(prompt_tokens, 0, answer_tokens)
        reservation = Reservation(prompt_tokens + answer_tokens, cost)
        async with self._changed:
            self._check(reservation, [])
            while self._exceeded(reservation, self._reserved) is not None:
                await self._changed.wait()
                self._check(reservation, [])
            self._reserved.append(reservation)
        return reservation

    async def release(self, reservation: Reservation, model: str = "", answer: Answer | None = None) -> float | None:
        """End a call that was allowed; return the cost of its answer, or None where there is none or no price."""
        async with self._changed:
            self._reserved.remove(reservation)
            self._changed.notify_all()
            if answer is None:
                return None
            usage = self.usage
            usage.calls += 1
            usage.prompt_tokens += answer.prompt_tokens
            usage.answer_tokens += answer.answer_tokens
            price = self._prices.price(model)
            if price is None:
                usage.unpriced_calls += 1
                return None
            cost = price.of(answer.prompt_tokens, answer.cached_tokens, answer.answer_tokens)
            usage.cost += cost
            return cost

    def _check(self, wanted: Reservation, others: list[Reservation]) -> None:
        exceeded = self._exceeded(wanted, others)
        if exceeded is not None:
            name, limit, used = exceeded
            message = f"{name} = {limit} allows no further call of a language model ({used} used)"
            raise BudgetSpentError(message, limit=name)

    def _exceeded(self, wanted: Reservation, others: list[Reservation]) -> tuple[str, str, str] | None:
        """Return name, value and use of the limit that a call could exceed beside others, or None."""
        usage, limits = self.usage, self._limits
        if limits.calls is not None and usage.calls + len(others) + 1 > limits.calls:
            return "max_calls", str(limits.calls), str(usage.calls)
        tokens = wanted.tokens + sum(other.tokens for other in others)
        if limits.tokens is not None and usage.tokens + tokens > limits.tokens:
            return "max_tokens", str(limits.tokens), str(usage.tokens)
        cost = wanted.cost + sum(other.cost for other in others)
        if limits.cost is not None and usage.cost + cost > limits.cost:
            return "max_cost", f"{limits.cost:g} dollars", f"{usage.cost:.4f}"
        return None
