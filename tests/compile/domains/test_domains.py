"""Programs of two domains that no pass was written for: native, exact, and right where the program is right."""

from __future__ import annotations

import pytest
from domains import DOMAINS, PROGRAMS, recorded

from wc_engine.models.program import Program
from wc_engine.runs.checking import CheckConfig, check_program

_NAMES = sorted(path.stem for path in PROGRAMS.glob("*.py"))
_FAULTY = {"ferry_faulty_exceptions", "kitchen_faulty_index"}


@pytest.mark.parametrize("name", _NAMES)
def test_a_program_of_a_domain_that_no_pass_was_written_for_runs_natively_as_it_is_interpreted(name: str) -> None:
    transitions = recorded(DOMAINS[name.partition("_")[0]], 80)
    program = Program.from_file(PROGRAMS / f"{name}.py")
    report = check_program(program, transitions, CheckConfig(walks=6, trusted=True))
    assert report.compiled.supported, report.compiled.reason
    assert report.disagreements == 0
    assert report.walked > 0
    if name in _FAULTY:
        assert report.reference.failed > 0  # failing steps were among those compared
    else:
        assert report.holds
        assert report.reference.failed == 0
