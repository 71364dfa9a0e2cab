"""The client, on the real openai package and a real server."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from synthesis.llm.chat_server import (
    ChatServer,
    Reply,
    answer,
    body,
    closed_socket,
    completion,
    hang,
    raw,
    serving,
    status,
    trickle,
)

from wc_engine.errors import BudgetSpentError, LanguageModelError, UserInputError
from wc_engine.synthesis.llm import CallCache, LlmClient, LlmConfig, ModelName, Prompt

ASKED = Prompt("be brief", "what is it?")
KEYS = {"OPENAI_API_KEY": "secret"}
PRICES = '[models."a"]\ninput = 1000\noutput = 2000\ncached = 100\n[models."b"]\ninput = 0\noutput = 0\n'


def client(server: ChatServer | None, *models: str, **settings: Any) -> LlmClient:
    config = LlmConfig(
        models=tuple(ModelName.parse(name) for name in models or ("a",)),
        base_url=server.url if server else "http://127.0.0.1:9/v1",
        **{"min_wait_seconds": 0.001, "max_wait_seconds": 0.5, "timeout_seconds": 5.0, "max_attempts": 3} | settings,
    )
    return LlmClient(config, KEYS)


def test_a_request_says_model_key_messages_and_settings() -> None:
    with serving(answer("42")) as server, client(server, temperature=0.5, max_answer_tokens=77) as one:
        found = one.complete(ASKED)
    assert (found.text, found.finish_reason, found.served_by) == ("42", "stop", "served-model")
    assert (found.prompt_tokens, found.answer_tokens, found.attempts) == (100, 20, 1)
    (request,) = server.requests
    assert request["model"] == "a"
    assert request["messages"] == [
        {"role": "system", "content": "be brief"},
        {"role": "user", "content": "what is it?"},
    ]
    assert (request["temperature"], request["max_tokens"]) == (0.5, 77)
    assert (server.keys, server.paths) == (["Bearer secret"], ["/v1/chat/completions"])


def test_the_endpoint_comes_from_the_environment_and_an_own_one_needs_no_key() -> None:
    with serving(answer("42")) as server:
        config = LlmConfig(models=(ModelName("a"),))
        with LlmClient(config, {"OPENAI_BASE_URL": server.url}) as one:
            assert one.complete(ASKED).text == "42"


def test_without_a_key_openai_is_not_called() -> None:
    with LlmClient(LlmConfig(models=(ModelName("a"),)), {}) as one, pytest.raises(LanguageModelError, match="API_KEY"):
        one.complete(ASKED)


@pytest.mark.parametrize(
    "failure",
    [
        status(429),
        status(429, {"Retry-After": "0.02"}),
        status(500),
        status(503),
        closed_socket,
        raw("{ this is no JSON"),
        raw("<html>a proxy speaks</html>", "text/html"),
        body({"hello": "world"}),
        body({**completion("x"), "choices": []}),
    ],
    ids=["429", "429 with Retry-After", "500", "503", "closed", "bad JSON", "no JSON", "other JSON", "no choice"],
)
def test_what_may_pass_is_tried_again(failure: Reply) -> None:
    with serving(failure, answer("42")) as server, client(server) as one:
        found = one.complete(ASKED)
        assert (found.text, found.attempts) == ("42", 2)
        assert one.usage.failed_requests == 1
        assert one.usage.calls == 1
    assert len(server.requests) == 2


@pytest.mark.parametrize("silence", [hang, trickle], ids=["hang", "trickle"])
def test_a_request_that_takes_too_long_is_given_up_and_tried_again(silence: Reply) -> None:
    with serving(silence, answer("42")) as server, client(server, timeout_seconds=0.3) as one:
        assert one.complete(ASKED).attempts == 2
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "headers",
    [{"Retry-After": "0.25"}, {"retry-after-ms": "250"}],
    ids=["seconds", "milliseconds"],
)
def test_a_wait_that_the_endpoint_asks_for_is_kept(headers: dict[str, str]) -> None:
    with serving(status(429, headers), answer("42")) as server, client(server) as one:
        one.complete(ASKED)
    assert server.times[1] - server.times[0] >= 0.24


@pytest.mark.parametrize("value", ["3600", formatdate(time.time() + 3600, usegmt=True)], ids=["seconds", "date"])
def test_an_endpoint_that_asks_for_too_long_a_wait_is_left_for_the_next_model(value: str) -> None:
    with serving(answer("42")) as server, client(server, "a", "b") as one:
        server.by_model["a"] = status(429, {"Retry-After": value})
        assert one.complete(ASKED).text == "42"
    assert [request["model"] for request in server.requests] == ["a", "b"]


@pytest.mark.parametrize(
    "refusal",
    [status(401), status(403), status(404), status(400), status(429, code="insufficient_quota")],
    ids=["401", "403", "404", "400", "quota"],
)
def test_what_cannot_pass_is_not_tried_again(refusal: Reply) -> None:
    with serving(refusal) as server, client(server) as one, pytest.raises(LanguageModelError, match="this is a 4"):
        one.complete(ASKED)
    assert len(server.requests) == 1


def test_attempts_come_to_an_end_and_the_error_says_why() -> None:
    with (
        serving(status(500)) as server,
        client(server, max_attempts=3) as one,
        pytest.raises(LanguageModelError, match=r"a at http://127.*status 500: .*this is a 500.*after 3 attempts"),
    ):
        one.complete(ASKED)
    assert len(server.requests) == 3


def test_models_are_asked_in_order_until_one_answers() -> None:
    with serving(answer("42")) as server, client(server, "a", "b", "c") as one:
        server.by_model |= {"a": status(404), "b": status(500)}
        assert one.complete(ASKED).text == "42"
    assert [request["model"] for request in server.requests] == ["a", "b", "b", "b", "c"]


def test_another_endpoint_is_asked_where_the_first_is_out_of_reach_or_refuses_the_key() -> None:
    with serving(status(401)) as first, serving(answer("42")) as second:
        with client(first, "a", "b", f"c@{second.url}") as one:
            assert [one.complete(ASKED).text for _ in range(3)] == ["42"] * 3
        assert len(first.requests) == 1  # a key that was refused once is not sent again
        with client(None, "a", f"c@{second.url}") as one:
            assert one.complete(ASKED).text == "42"


def test_no_more_requests_are_in_flight_than_allowed_and_answers_keep_their_order() -> None:
    def slow(handler: Any, request: dict[str, Any]) -> None:
        time.sleep(0.02)
        handler.send_json(200, completion(request["messages"][1]["content"].upper()))

    with serving(slow) as server, client(server, max_concurrent=3) as one:
        found = one.complete_all([Prompt("", f"question {number}") for number in range(9)])
    assert [each.text for each in found] == [f"QUESTION {number}" for number in range(9)]
    assert server.most_in_flight == 3


def test_the_same_question_has_a_second_answer_and_a_rerun_has_the_same_ones(tmp_path: Path) -> None:
    cache = tmp_path / "calls.sqlite"
    with serving(answer("one"), answer("two"), answer("three")) as server:
        with client(server, cache=cache) as first:
            assert [first.complete(ASKED).text for _ in range(2)] == ["one", "two"]
        with client(server, cache=cache) as again:
            assert [again.complete(ASKED).text for _ in range(3)] == ["one", "two", "three"]
            assert (again.usage.cached_calls, again.usage.calls) == (2, 1)
        with client(server, cache=cache) as resumed:
            resumed.draws.update(first.draws)
            assert resumed.complete(ASKED).text == "three"
        with client(server, cache=cache, temperature=0.0) as other:
            other.complete(ASKED)
            assert other.usage.calls == 1
    assert len(server.requests) == 4


def test_a_rerun_takes_the_answer_of_the_model_that_gave_it_then(tmp_path: Path) -> None:
    cache = tmp_path / "calls.sqlite"
    with serving(answer("from b")) as server:
        server.by_model["a"] = status(404)
        with client(server, "a", "b", cache=cache) as one:
            one.complete(ASKED)
        server.by_model["a"] = answer("from a")
        with client(server, "a", "b", cache=cache) as again:
            assert again.complete(ASKED).text == "from b"


def test_a_replay_answers_from_the_cache_and_refuses_to_call(tmp_path: Path) -> None:
    cache = tmp_path / "calls.sqlite"
    with serving(answer("42")) as server:
        with client(server, cache=cache) as one:
            one.complete(ASKED)
        with client(server, cache=cache, replay=True) as replay:
            assert replay.complete(ASKED).text == "42"
            with pytest.raises(LanguageModelError, match="no answer is recorded"):
                replay.complete(ASKED)
    assert len(server.requests) == 1


def test_recorded_calls_can_be_carried_to_another_cache(tmp_path: Path) -> None:
    with serving(answer("one"), answer("zwei ß")) as server:
        with client(server, cache=tmp_path / "a.sqlite") as one:
            one.complete_all([ASKED])
            one.complete(ASKED)
        recorded = tmp_path / "calls.jsonl"
        source = CallCache(tmp_path / "a.sqlite")
        recorded.write_text("\n".join(source.export_lines()) + "\n", encoding="utf-8")
        source.close()
        target = CallCache(tmp_path / "b.sqlite")
        assert (target.import_file(recorded), target.import_file(recorded), len(target)) == (2, 0, 2)
        target.close()
        with client(server, cache=tmp_path / "b.sqlite", replay=True) as replay:
            assert [each.text for each in replay.complete_all([ASKED, ASKED])] == ["one", "zwei ß"]


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"model": "a"}'])
def test_a_line_that_is_no_recorded_call_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "calls.jsonl").write_text("\n" + line)
    cache = CallCache(None)
    with pytest.raises(UserInputError, match=r"calls\.jsonl:2: no recorded call"):
        cache.import_file(tmp_path / "calls.jsonl")
    cache.close()


def test_a_file_that_is_no_cache_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "calls.sqlite").write_text("this is a letter, not a database, and long enough to be seen as none" * 20)
    with pytest.raises(UserInputError, match=r"calls\.sqlite"):
        client(None, cache=tmp_path / "calls.sqlite")


def test_every_call_is_in_the_cache_with_its_cost(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text(PRICES)
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": 50,
        "total_tokens": 1050,
        "prompt_tokens_details": {"cached_tokens": 600},
    }
    with (
        serving(answer("42", usage=usage)) as server,
        client(server, cache=tmp_path / "calls.sqlite", prices=tmp_path / "prices.toml") as one,
    ):
        one.complete(ASKED)
        assert one.usage.as_record() == {
            "calls": 1,
            "cached_calls": 0,
            "failed_requests": 0,
            "prompt_tokens": 1000,
            "answer_tokens": 50,
            "cost": pytest.approx((400 * 1000 + 600 * 100 + 50 * 2000) / 1e6),
            "unpriced_calls": 0,
        }
    connection = sqlite3.connect(tmp_path / "calls.sqlite")
    assert connection.execute("SELECT model, user, cost FROM calls").fetchall() == [
        ("a", "what is it?", pytest.approx(0.56))
    ]
    connection.close()


def test_tokens_are_estimated_where_the_endpoint_does_not_count() -> None:
    silent = {key: value for key, value in completion("forty two").items() if key != "usage"}
    with serving(body(silent)) as server, client(server) as one:
        found = one.complete(ASKED)
        assert 2 <= found.answer_tokens <= 6
        assert 4 <= found.prompt_tokens <= 12
        assert one.usage.unpriced_calls == 1


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ({"max_calls": 2}, "max_calls"),
        ({"max_tokens": 60, "max_answer_tokens": 20}, "max_tokens"),
        ({"max_cost": 0.1, "max_answer_tokens": 20}, "max_cost"),
    ],
)
def test_a_limit_is_never_exceeded_and_cached_answers_do_not_count(
    settings: dict[str, Any], limit: str, tmp_path: Path
) -> None:
    (tmp_path / "prices.toml").write_text(PRICES)
    files = {"cache": tmp_path / "calls.sqlite", "prices": tmp_path / "prices.toml"}
    questions = [Prompt("", f"question {number}") for number in range(6)]
    usage = {"prompt_tokens": 3, "completion_tokens": 20, "total_tokens": 23}
    with serving(answer("42", usage=usage)) as server:
        with client(server, **files, **settings) as one:
            with pytest.raises(BudgetSpentError, match=limit) as caught:
                one.complete_all(questions)
            assert caught.value.limit == limit
            assert one.usage.calls == 2
        with client(server, **files, **settings) as again:
            with pytest.raises(BudgetSpentError):
                [again.complete(question) for question in questions]
            assert (again.usage.cached_calls, again.usage.calls) == (2, 2)


def test_a_limited_cost_needs_a_price() -> None:
    with (
        serving(answer("42")) as server,
        client(server, "who-knows", max_cost=1.0) as one,
        pytest.raises(UserInputError, match=r"no price of 'who-knows'"),
    ):
        one.complete(ASKED)
    assert server.requests == []


def test_requests_under_way_are_given_up_when_the_client_is_closed() -> None:
    with serving(hang) as server:
        one = client(server)
        future = one.submit(ASKED)
        while not server.requests:
            time.sleep(0.005)
        one.close()
        assert future.cancelled()


def test_the_openai_package_is_imported_by_the_first_request_only() -> None:
    text = (
        "import sys; from wc_engine.synthesis.llm import *; "
        "LlmClient(LlmConfig(models=(ModelName('a'),))).close(); print({'openai', 'tenacity'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
