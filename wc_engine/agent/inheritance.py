"""What another run left: its program, what it saw, and where its episodes began."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from wc_engine.agent.run_state import InitialState, Knowledge
from wc_engine.envs.registry import make_env
from wc_engine.errors import EncodingError, UserInputError
from wc_engine.models.dataset import Transition, read_transitions
from wc_engine.models.program import Program
from wc_engine.state.codec import state_from_json
from wc_engine.synthesis.candidate import Candidate

__all__ = ["actions_of", "read_all_transitions", "read_initial", "read_knowledge"]


def read_knowledge(run: Path) -> Knowledge:
    """Read what a run knew in the end.

    Args:
        run: its folder.

    Raises:
        UserInputError: there is no run, or one of its files is damaged; or one of its environments is not there.
    """
    if not (run / "config.json").exists():
        raise UserInputError("this folder holds no run: name one that `wc-engine learn` left", file=str(run))
    transitions = read_all_transitions(run)
    initial = read_initial(run / "initial.jsonl")
    candidate = None
    if (run / "model.py").exists():
        candidate = Candidate(Program.from_file(run / "model.py"), 0, "inherited")
    return Knowledge(transitions, initial, actions_of(transitions, initial), candidate)


def read_all_transitions(run: Path) -> list[Transition]:
    """Read what a run inherited and what it saw, in this order.

    Raises:
        UserInputError: a file is damaged.
    """
    transitions: list[Transition] = []
    for name in ("inherited.jsonl", "transitions.jsonl"):
        if (run / name).exists() and (run / name).stat().st_size:
            transitions += read_transitions(run / name)
    return transitions


def read_initial(path: Path) -> list[InitialState]:
    """Read initial states.

    Raises:
        UserInputError: the file is damaged.
    """
    initial = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserInputError(f"cannot read the initial states of this run: {error}", file=str(path)) from None
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
            initial.append(InitialState(record["env"], record["mission"], state_from_json(record["state"])))
        except (ValueError, KeyError, TypeError, EncodingError) as error:
            raise UserInputError(f"this is no initial state: {error}", file=str(path), line=number) from None
    return initial


def actions_of(transitions: Iterable[Transition], initial: Iterable[InitialState]) -> dict[str, tuple[str, ...]]:
    """Return the actions of every environment that something was seen of."""
    names = dict.fromkeys([*(one.env for one in initial), *(one.env for one in transitions)])
    return {name: make_env(name).actions for name in names}
