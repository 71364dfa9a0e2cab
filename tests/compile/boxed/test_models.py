"""What becomes of entities on the way into a program and out of it, natively and interpreted."""

from __future__ import annotations

import pytest
from beside_reference import Beside
from model_programs import PROGRAMS, STATES


@pytest.mark.parametrize("name", PROGRAMS)
def test_states_go_in_and_come_out_as_interpreted(name: str) -> None:
    beside = Beside(PROGRAMS[name], STATES)
    steps = beside.steps(*STATES)
    assert beside.elsewhere * 4 < len(steps)
