"""Programs of domains that no pass was written for: native, exact, and right where the program is right."""

from __future__ import annotations

import pytest
from domains import DOMAINS, PROGRAMS, recorded

from wc_engine.compile import CompiledModel, compile_program
from wc_engine.models.program import Program
from wc_engine.runs.checking import CheckConfig, check_program

_NAMES = sorted(path.stem for path in PROGRAMS.glob("*.py"))
_RIGHT = {domain.right for domain in DOMAINS.values()}
_OF_THEIR_OWN = {name for name in _NAMES if name.startswith(("dungeon", "home")) and name not in _RIGHT}
"""Programs with rules of their own: they agree with themselves interpreted, not with what was recorded."""
_FAULTY = {"ferry_faulty_exceptions", "kitchen_faulty_index"}


@pytest.mark.parametrize("name", _NAMES)
def test_a_program_of_a_domain_that_no_pass_was_written_for_runs_natively_as_it_is_interpreted(name: str) -> None:
    domain = name.partition("_")[0]
    transitions = recorded(DOMAINS[domain], 80)
    program = Program.from_file(PROGRAMS / f"{name}.py")
    report = check_program(program, transitions, CheckConfig(walks=6, trusted=True))
    assert report.compiled.supported, report.compiled.reason
    assert report.disagreements == 0
    assert report.walked > 0
    if name in _FAULTY:
        assert report.reference.failed > 0  # failing steps were among those compared
    elif name not in _OF_THEIR_OWN:
        assert report.holds
        assert report.reference.failed == 0
    if name.startswith(("dungeon", "home")):
        states = [one.state for one in transitions]
        assert isinstance(compile_program(program, states, DOMAINS[domain].actions), CompiledModel)
