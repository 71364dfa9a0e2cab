"""Hostile programs harm nothing, are reported, and leave the steps around them as they are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from program_texts import NO_REWARD, PRELUDE, program_of

from wc_engine.errors import InvalidModelError
from wc_engine.models.base import StepOutcome
from wc_engine.models.program import Program
from wc_engine.models.requests import StepRequest
from wc_engine.models.sandbox.client import Sandbox, SandboxedModel
from wc_engine.models.sandbox.limits import missing_protection
from wc_engine.state.entities import Entity, State

STATE = State([Entity("Agent", x=1, y=2)])
pytestmark = pytest.mark.filterwarnings("ignore:programs run with less protection:RuntimeWarning")
needs_filter = pytest.mark.skipif(bool(missing_protection()), reason=missing_protection() or "complete")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as shared:
        yield shared


@pytest.fixture(params=["transition", "reward_func"])
def outcome_of(request: pytest.FixtureRequest, sandbox: Sandbox) -> object:
    """Run some statements in one of the two functions, between two good steps; return the outcome of the bad step."""

    def run(statements: str, *, imports: str = "", time_limit_seconds: float = 0.5) -> StepOutcome:
        body = "\n        ".join(statements.strip().splitlines())
        hurt = f"    if action == 'hurt':\n        {body}\n"
        in_transition, in_reward = (hurt, "") if request.param == "transition" else ("", hurt)
        program = program_of(
            f"def transition(state, action):\n{in_transition}    return state",
            f"def reward_func(state, action, next_state):\n{in_reward}    return 1, False",
            f"{imports}\n{PRELUDE}",
        )
        with SandboxedModel(
            program, sandbox=sandbox, time_limit_seconds=time_limit_seconds, memory_limit_bytes=1 << 28
        ) as model:
            requests = [StepRequest(STATE, action, None, STATE) for action in ("go", "hurt", "go")]
            before, hurt_outcome, after = model.step_many(requests)
            assert before == after == StepOutcome(next_state=STATE, reward=1.0, done=False)
            return as_if_in_transition(hurt_outcome, request.param)

    return run


def as_if_in_transition(outcome: StepOutcome, where: str) -> StepOutcome:
    """Check the half that is not at fault; return the other one's failure as that of ``transition``."""
    if where == "transition":
        assert (outcome.reward, outcome.reward_error) == (1.0, None)
        return outcome
    assert (outcome.next_state, outcome.transition_error) == (STATE, None)
    return StepOutcome(
        next_state=None if outcome.reward is None else STATE,
        reward=1.0,
        done=False,
        transition_error=outcome.reward_error,
        out_of_limits=outcome.out_of_limits,
    )


def failure(outcome: StepOutcome) -> str:
    assert outcome.next_state is None
    assert outcome.transition_error is not None
    return outcome.transition_error


# ---- time


def test_an_endless_loop_is_ended_by_the_alarm(outcome_of) -> None:  # type: ignore[no-untyped-def]
    outcome = outcome_of("while True: pass", time_limit_seconds=0.2)
    assert failure(outcome).startswith("CallTimeout: the call took longer than its limit of 0.2 s")
    assert outcome.out_of_limits


@pytest.mark.parametrize(
    "statements",
    [
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "x = 10 ** 10 ** 8",
        "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
        "import itertools\nsum(itertools.repeat(0))",
        "list(range(8)) in iter(int, 1)",
    ],
)
def test_a_call_that_dodges_the_alarm_is_killed(outcome_of, statements: str) -> None:  # type: ignore[no-untyped-def]
    outcome = outcome_of(statements, time_limit_seconds=0.1)
    assert "limit of 0.1 s" in failure(outcome)
    assert outcome.out_of_limits


def test_an_endless_generator_is_no_state(sandbox: Sandbox) -> None:
    program = program_of("def transition(state, action):\n    while True: yield Agent(0, 0)")
    with SandboxedModel(program, sandbox=sandbox, time_limit_seconds=0.2, memory_limit_bytes=1 << 28) as model:
        outcome = model.step(STATE, "go")
    assert outcome.out_of_limits
    assert outcome.next_state is None


def test_an_endless_error_message_is_ended(outcome_of) -> None:  # type: ignore[no-untyped-def]
    statements = "class Odd(Exception):\n    def __str__(self):\n        while True: pass\nraise Odd"
    assert outcome_of(statements, time_limit_seconds=0.1).out_of_limits


# ---- memory and stack


@needs_filter
def test_a_list_of_ten_gibibytes_is_a_memory_error(outcome_of) -> None:  # type: ignore[no-untyped-def]
    outcome = outcome_of("kept = [0] * (10 << 27)")
    assert failure(outcome).startswith("MemoryError")
    assert outcome.out_of_limits


def test_deep_recursion_fails_or_ends_the_process(outcome_of) -> None:  # type: ignore[no-untyped-def]
    assert failure(outcome_of("def f(): return f()\nf()")).startswith("RecursionError")
    deeper = "sys.setrecursionlimit(10 ** 9)\nclass C:\n    def __repr__(self): return repr([self])\nrepr(C())"
    failure(outcome_of(deeper, imports="import sys", time_limit_seconds=2))


# ---- the process


def test_ending_the_process_is_a_failed_step(outcome_of) -> None:  # type: ignore[no-untyped-def]
    outcome = outcome_of("os._exit(3)", imports="import os")
    assert failure(outcome) == "the program ended its process (exit status 3)"
    assert not outcome.out_of_limits


def test_a_crash_is_a_failed_step(outcome_of) -> None:  # type: ignore[no-untyped-def]
    assert "SIGSEGV" in failure(outcome_of("ctypes.string_at(8)", imports="import ctypes"))


@pytest.mark.parametrize("statement", ["raise SystemExit(1)", "exit(1)", "raise KeyboardInterrupt"])
def test_exits_are_failed_steps(outcome_of, statement: str) -> None:  # type: ignore[no-untyped-def]
    assert failure(outcome_of(statement)).startswith(("SystemExit", "KeyboardInterrupt"))


@needs_filter
@pytest.mark.parametrize(
    ("statement", "imports"),
    [
        ("while True: os.fork()", "import os"),
        ("os.posix_spawn('/bin/true', ['true'], {})", "import os"),
        ("os.execv('/bin/true', ['true'])", "import os"),
        ("subprocess.run(['true'])", "import subprocess"),
        ("threading.Thread(target=print).start()", "import threading"),
        ("os.kill(os.getppid(), 9)", "import os"),
        ("os.kill(1, 0)", "import os"),
        ("socket.socket()", "import socket"),
        ("os.mkdir('/tmp/wc_engine_made')", "import os"),
        ("os.unlink('/tmp/wc_engine_none')", "import os"),
        ("os.rename('/tmp', '/tmp2')", "import os"),
        ("os.chmod('/tmp', 0)", "import os"),
        ("open('/proc/self/mem', 'r+b')", ""),
        ("open('/etc/hostname')", ""),
        ("os.listdir('/')", "import os"),
        (
            "ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0) == 0 or os.open('/', 0)",
            "import ctypes, os",
        ),
    ],
)
def test_what_reaches_outside_is_an_error(outcome_of, statement: str, imports: str) -> None:  # type: ignore[no-untyped-def]
    error = failure(outcome_of(statement, imports=imports))
    assert error.startswith(("PermissionError", "OSError", "RuntimeError: can't start new thread"))


def test_no_file_is_written(outcome_of, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "written"
    failure(outcome_of(f"open({str(target)!r}, 'w').write('x')"))
    assert not target.exists()


def test_files_cannot_be_read_while_the_program_is_loaded(sandbox: Sandbox) -> None:
    text = f"import os\nsecret = open('/proc/%d/environ' % os.getppid()).read()\n{program_of().text}"
    with pytest.raises(InvalidModelError, match=r"fails while it is loaded: (Permission|OS)Error"):
        SandboxedModel(Program.from_text(text), sandbox=sandbox)


def test_the_environment_holds_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    program = program_of("""
import os
def transition(state, action):
    return [Agent(0, 0, environment=' '.join(map('='.join, os.environ.items())))]
""")
    with SandboxedModel(program) as model:
        outcome = model.step(STATE, "go")
    assert outcome.next_state is not None
    environment = str(outcome.next_state.entities[0]["environment"])
    assert "secret" not in environment
    assert "PYTHONHASHSEED=0" in environment


# ---- the channel


def test_a_million_prints_are_dropped(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    program = program_of("def transition(state, action):\n    for i in range(10 ** 6): print(i)\n    return state")
    with SandboxedModel(program, sandbox=sandbox, time_limit_seconds=30) as model:
        assert model.step(STATE, "go").next_state == STATE
    assert capfd.readouterr() == ("", "")


def test_writing_to_the_standard_descriptors_is_dropped(outcome_of, capfd: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    outcome = outcome_of("for fd in (0, 1, 2): os.write(fd, b'noise' * 1000)", imports="import os")
    assert outcome.next_state == STATE
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "noise", ["b'noise' * 100", "b'\\1\\0\\0\\0\\0'", "b'\\4\\0\\0\\0\\xff\\xff\\xff\\xff'", "b'\\0' * 8"]
)
def test_noise_in_the_channel_is_reported(sandbox: Sandbox, noise: str) -> None:
    flood = f"""
import os
def transition(state, action):
    if action == 'hurt':
        for fd in range(3, 1024):
            try: os.write(fd, {noise})
            except OSError: pass
    return state
"""
    with SandboxedModel(program_of(flood), sandbox=sandbox, time_limit_seconds=0.3) as model:
        outcomes = model.step_many([StepRequest(STATE, action) for action in ("go", "hurt", "go")])
    assert [outcome.failed for outcome in outcomes] == [False, True, False]
    assert outcomes[1].transition_error == "the program wrote to the channel of its sandbox"


def test_closing_every_descriptor_is_a_failed_step(outcome_of) -> None:  # type: ignore[no-untyped-def]
    failure(outcome_of("os.closerange(0, 4096)", imports="import os"))


def test_a_next_state_that_is_too_large_is_a_failed_step(sandbox: Sandbox) -> None:
    program = program_of("def transition(state, action): return [Agent(0, 0, text='x' * (1 << 27))]")
    with SandboxedModel(program, sandbox=sandbox, time_limit_seconds=20) as model:
        outcome = model.step(STATE, "go")
    assert outcome.out_of_limits
    assert outcome.transition_error is not None


# ---- one program and the next


def test_a_program_cannot_change_builtins_for_the_next_one(sandbox: Sandbox) -> None:
    bad = """
import builtins, copy, os
def transition(state, action):
    builtins.len = copy.deepcopy = os.read = lambda *arguments: 1 / 0
    return state
"""
    with SandboxedModel(program_of(bad), sandbox=sandbox) as model:
        model.step(STATE, "go")  # whatever becomes of it
    good = "import copy\ndef transition(state, action): return copy.deepcopy(state) if len(state) == 1 else None"
    with SandboxedModel(program_of(good), sandbox=sandbox) as model:
        assert model.step(STATE, "go").next_state == STATE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("while True: pass", "outruns its limits while it is loaded: CallTimeout"),
        ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "while it is loaded"),
        ("import os\nos._exit(0)", "while it is loaded, the program ended its process"),
        ("1 / 0", "fails while it is loaded: ZeroDivisionError"),
        ("raise SystemExit", "fails while it is loaded: SystemExit"),
    ],
)
def test_a_program_that_hurts_while_it_is_loaded_is_invalid(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.setattr("wc_engine.models.sandbox.client._LOAD_SECONDS", 1.0)
    with pytest.raises(InvalidModelError, match=words):
        SandboxedModel(Program.from_text(f"{program_of().text}\n{text}"), sandbox=sandbox, time_limit_seconds=0.1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_no_process_is_left_behind() -> None:
    sandbox = Sandbox()
    model = SandboxedModel(program_of(), sandbox=sandbox)
    model.step(STATE, "go")
    group = sandbox.host._process.pid
    sessions = {int(entry) for entry in os.listdir("/proc") if entry.isdigit() and _session(entry) == group}
    assert len(sessions) == 2
    sandbox.close()
    assert not [process for process in sessions if _session(str(process)) == group]


def _session(process: str) -> int | None:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[3]) if fields[0] != "Z" else None


def test_numpy_runs_interpreted_in_the_sandbox(sandbox: Sandbox) -> None:
    pytest.importorskip("numpy")
    text = "import numpy as np\ndef transition(state, action): return [Agent(int(np.linalg.norm([3, 4])), 0)]"
    program = program_of(text)
    assert program.foreign_imports == ("numpy",)
    with SandboxedModel(program, sandbox=sandbox, time_limit_seconds=20) as model:
        assert model.step(STATE, "go").next_state == State([Entity("Agent", x=5, y=0)])


@needs_filter
def test_an_imported_module_cannot_reach_outside_either(sandbox: Sandbox) -> None:
    program = program_of("def transition(state, action):\n    import antigravity\n    return state", NO_REWARD)
    with SandboxedModel(program, sandbox=sandbox, time_limit_seconds=10) as model:
        model.step(STATE, "go")  # opens a web browser, where it can
