"""Prices, estimates of tokens, and names of models."""

from __future__ import annotations

from pathlib import Path

import pytest

from wc_engine.errors import UserInputError
from wc_engine.synthesis.llm import LlmConfig, ModelName, Price, PriceTable
from wc_engine.synthesis.llm.tokens import estimate_tokens


def test_a_call_costs_its_tokens_by_the_million() -> None:
    assert Price(2.0, 8.0, 0.5).of(1_000_000, 400_000, 500_000) == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 0.5 * 8)


def test_a_dated_model_has_the_price_of_its_name() -> None:
    table = PriceTable.load()
    assert table.price("gpt-4o-2024-08-06") == table.price("gpt-4o")
    assert table.price("gpt-4o-mini") != table.price("gpt-4o")
    assert table.price("no-such-model") is None


def test_prices_of_a_file_go_before_the_own_ones(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text('[models."gpt-4o"]\ninput = 1\noutput = 2\n[models."local"]\ninput = 0\noutput = 0\n')
    table = PriceTable.load(path)
    assert table.price("gpt-4o") == Price(1, 2, 1)
    assert table.price("local") == Price(0, 0, 0)
    assert table.price("gpt-4o-mini") == PriceTable.load().price("gpt-4o-mini")


@pytest.mark.parametrize(
    "text",
    ["[models", "x = 1", "[models.a]\ninput = 1", "[models.a]\ninput = 1\noutput = -1", "[models]\na = 3",
     "[models.a]\ninput = 1\noutput = 1\ncost = 1"],
)  # fmt: skip
def test_a_file_that_is_no_table_of_prices_is_refused_by_name(text: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(text)
    with pytest.raises(UserInputError, match=r"prices\.toml"):
        PriceTable.load(path)
    with pytest.raises(UserInputError, match=r"none\.toml"):
        PriceTable.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("The quick brown fox jumps over the lazy dog.", 10, 13),
        ("    return state\n", 3, 5),
        ("Wall at (0, 0), (1, 0), (12, 34)", 17, 24),
    ],
)
def test_an_estimate_is_near_what_tokenizers_count(text: str, least: int, most: int) -> None:
    assert least <= estimate_tokens(text) <= most


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("gpt-4o", ModelName("gpt-4o")),
        (" qwen@http://127.0.0.1:8000/v1 ", ModelName("qwen", "http://127.0.0.1:8000/v1")),
        ("claude@20240620", ModelName("claude@20240620")),
    ],
)
def test_a_model_may_name_its_endpoint(text: str, name: ModelName) -> None:
    assert ModelName.parse(text) == name


@pytest.mark.parametrize("text", ["", " ", "@http://x"])
def test_a_model_has_a_name(text: str) -> None:
    with pytest.raises(ValueError, match="name of a model"):
        ModelName.parse(text)


@pytest.mark.parametrize(
    "settings",
    [
        {"models": ()},
        {"temperature": 3.0},
        {"max_concurrent": 0},
        {"timeout_seconds": 0},
        {"min_wait_seconds": 9, "max_wait_seconds": 1},
        {"max_cost": -1},
        {"replay": True},
    ],
)
def test_settings_are_checked_where_they_are_made(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        LlmConfig(**{"models": (ModelName("a"),), **settings})  # type: ignore[arg-type]
