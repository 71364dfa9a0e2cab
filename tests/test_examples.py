"""The worked examples run, and do what they say."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import wc_engine
from wc_engine.envs.gym_registration import register_with_gymnasium
from wc_engine.runs.yardsticks import compiler

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
LEVEL = "#######\n#@ $ .#\n#######"

needs_compiler = pytest.mark.skipif(compiler() is None, reason="needs a C compiler")


def example(name: str) -> ModuleType:
    """Load an example without running its main part."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_gymnasium_agent_wins_in_a_world_that_slips() -> None:
    register_with_gymnasium()
    agent = example("gymnasium_agent")
    episodes = [agent.play(seed) for seed in range(2)]
    assert any(won for won, _, _ in episodes)
    assert all(1 <= searches <= steps for _, steps, searches in episodes)


@needs_compiler
def test_the_c_model_plans_from_python() -> None:
    found = example("plan_with_c_model").main(3, 5, 4)
    assert found.plan is not None
    assert len(found.plan) == 6
    assert set(found.plan) <= {"fill left", "fill right", "empty left", "empty right", "pour left", "pour right"}


@needs_compiler
def test_the_c_host_links_the_planners_and_finds_the_same_plan(tmp_path: Path) -> None:
    host = tmp_path / "jugs"
    sources = [str(EXAMPLES / "c" / name) for name in ("host.c", "jugs.c")]
    warnings = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]
    command = [
        *(compiler() or ()),
        "-std=gnu11",
        "-O1",
        "-pthread",
        *warnings,
        f"-I{wc_engine.get_include()}",
        *sources,
    ]
    subprocess.run([*command, "-o", str(host), "-lm"], check=True, timeout=120)
    run = subprocess.run([str(host), "3", "5", "4"], capture_output=True, text=True, timeout=30, check=True)
    assert tuple(run.stdout.splitlines()) == example("plan_with_c_model").main(3, 5, 4).plan
    without = subprocess.run([str(host), "4", "6", "5"], capture_output=True, text=True, timeout=30, check=False)
    assert (without.returncode, without.stdout) == (1, "there is no plan\n")
    assert subprocess.run([str(host)], capture_output=True, timeout=30, check=False).returncode == 2


SETUP = """
import sys
from Cython.Build import cythonize
from setuptools import Extension, setup
import wc_engine
one = Extension("countdown", ["countdown.pyx"], include_dirs=[wc_engine.get_include()], extra_compile_args=["-O0"])
setup(name="countdown", script_args=["-q", "build_ext", "--inplace"], ext_modules=cythonize([one], language_level=3))
"""


@needs_compiler
def test_the_cython_example_cimports_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("Cython")
    (tmp_path / "countdown.pyx").write_bytes((EXAMPLES / "cython_model" / "countdown.pyx").read_bytes())
    subprocess.run([sys.executable, "-c", SETUP], cwd=tmp_path, check=True, timeout=300, capture_output=True)
    monkeypatch.syspath_prepend(str(tmp_path))
    import countdown

    model = countdown.Countdown()
    problem = wc_engine.CapsuleProblem(model.capsule, [20], model.actions, owner=model)
    found = wc_engine.plan(problem, planner="bfs")
    assert found.plan is not None
    assert found.plan[-1] in model.actions
    assert len(found.plan) == 6
    indices = [model.actions.index(action) for action in found.plan]
    assert countdown.walk(problem.capsule, 20, indices) == (0, 1, True)
    assert countdown.walk(problem.capsule, 7, [1])[1] == 2


class StandIn(BaseHTTPRequestHandler):
    """A server that speaks OpenAI's protocol and answers like a language model that knows when to ask a tool."""

    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(request)
        last = request["messages"][-1]
        if last["role"] == "tool":
            message: dict[str, Any] = {"role": "assistant", "content": f"Do this: {last['content']}"}
        else:
            level = last["content"].partition("\n")[2]
            call = {"name": "plan", "arguments": json.dumps({"level": level})}
            calls = [{"id": "call-1", "type": "function", "function": call}]
            message = {"role": "assistant", "content": None, "tool_calls": calls}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        answer = {"id": "1", "object": "chat.completion", "created": 0, "model": "stand-in", "choices": [choice]}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def stand_in() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The address of a server, and what it was asked."""
    asked: list[dict[str, Any]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Asked", (StandIn,), {"asked": asked}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_language_model_calls_the_planner_as_a_tool(stand_in: tuple[str, list[dict[str, Any]]]) -> None:
    openai = pytest.importorskip("openai")
    address, asked = stand_in
    tool = example("plan_as_tool")
    with openai.OpenAI(base_url=address, api_key="none", max_retries=0) as client:
        answer = tool.converse(client, "stand-in", f"How do I solve this?\n{LEVEL}")
    assert json.loads(answer.removeprefix("Do this: ")) == {"status": "solved", "plan": ["move right"] * 3}
    assert asked[0]["tools"][0]["function"]["name"] == "plan"
    assert asked[1]["messages"][-1]["tool_call_id"] == "call-1"


def test_a_tool_call_that_goes_wrong_is_answered() -> None:
    pytest.importorskip("openai")
    tool = example("plan_as_tool")
    with wc_engine.Planner(tool.MODEL, actions=tool.ACTIONS) as planner:
        for name, arguments in (("plan", "{"), ("plan", "{}"), ("plan", '{"level": "no level"}'), ("fly", "{}")):
            assert "error" in json.loads(tool.call_tool(planner, name, arguments))
