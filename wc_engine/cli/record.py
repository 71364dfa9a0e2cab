"""``wc-engine record``: record transitions by random play."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wc_engine.cli.output import INTERRUPTED, YES, JsonOption, Output
from wc_engine.errors import UserInputError
from wc_engine.interrupts import remembered_interrupts

if TYPE_CHECKING:
    from wc_engine.runs import RecordedStep

__all__ = ["record"]


def record(
    env: Annotated[str, typer.Argument(metavar="ENV", help="One of those that `wc-engine envs` lists.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write: .jsonl, or .jsonl.gz for gzip.")],
    steps: Annotated[int, typer.Option("--steps", "-n", min=1, help="How many transitions to record.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Decides levels and actions.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Record transitions of an environment by random play.

    The file appears whole or not at all; one that is there already is replaced. Same seed, same file. Ctrl-C saves the
    transitions so far.

    **Examples**

    * `wc-engine record sokoban --out random.jsonl`
    * `wc-engine record minigrid:DoorKey-5x5 --out random.jsonl.gz --steps 20000 --seed 7`
    """
    from wc_engine.envs import make_env
    from wc_engine.models.dataset import write_transitions
    from wc_engine.runs import random_play

    output = Output(as_json=as_json)
    world = make_env(env)
    _require_writable(out)
    played: list[RecordedStep] = []
    status = YES
    try:
        with remembered_interrupts() as raise_if_interrupted:
            for step in random_play(world, seed=seed):
                raise_if_interrupted()
                played.append(step)
                if len(played) == steps:
                    break
    except KeyboardInterrupt:
        status = INTERRUPTED
    write_transitions(out, (step.transition for step in played))
    episodes = played[-1].episode if played else 0
    output.report.print(
        f"{len(played)} transitions of {env} in {episodes} episodes: {out}", soft_wrap=True, markup=False
    )
    report = {"env": env, "seed": seed, "transitions": len(played), "episodes": episodes, "out": str(out)}
    output.finish(report, status)


def _require_writable(path: Path) -> None:
    """Raise before anything is played where the file could not be written afterwards."""
    parent = path.parent
    if path.is_dir():
        raise UserInputError("is a folder: name a file in it, such as transitions.jsonl", file=str(path))
    if not parent.is_dir():
        problem = "is not a folder" if parent.exists() else "does not exist"
        raise UserInputError(f"cannot be written: the folder {parent} {problem}; make it first", file=str(path))
    if not os.access(parent, os.W_OK):
        raise UserInputError(f"cannot be written: no permission to write in {parent}; choose another", file=str(path))
