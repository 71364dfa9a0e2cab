"""``wc-engine learn``: learn a world model from nothing, and win with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wc_engine.cli.output import INTERRUPTED, NO, YES, JsonOption, Output
from wc_engine.errors import UserInputError

if TYPE_CHECKING:
    from wc_engine.agent import LearnSummary

__all__ = ["learn"]


def learn(
    env: Annotated[str, typer.Argument(metavar="ENV", help="One of those that `wc-engine envs` lists.")],
    seed: Annotated[int, typer.Option("--seed", min=0, help="Decides everything.")] = 0,
    episodes: Annotated[int, typer.Option("--episodes", min=1, help="Episodes after which to give up.")] = 100,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The run folder; by default a new one, runs/ENV-seedN.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Learn a world model of an environment from nothing, and go on until 10 episodes in a row are won.

    The agent acts, writes a program that explains what it saw (no key, no network), checks it, compiles it, and plans
    with it. The run folder holds model.py, transitions.jsonl, episodes.jsonl, config.json and summary.json.

    Exit status: 0 won 10 in a row, 1 did not. Ctrl-C keeps what was reached.

    **Examples**

    * `wc-engine learn sokoban`
    * `wc-engine learn sokoban --seed 3 --episodes 40 --out my-run --json`
    """
    from wc_engine.agent import LearnConfig
    from wc_engine.agent import learn as run
    from wc_engine.agent.checkpoint import fresh_run_path
    from wc_engine.cli.learn_view import LearnView
    from wc_engine.envs import make_env

    output = Output(as_json=as_json)
    make_env(env)  # an unknown one is reported before a folder is made
    path = fresh_run_path(env, seed) if out is None else out
    _require_free(path)
    config = LearnConfig(env=env, seed=seed, max_episodes=episodes, out=path)
    try:
        with LearnView(output.progress, f"learning {env}, seed {seed}") as view:
            summary = run(config, on_event=view.note)
    except KeyboardInterrupt:
        output.note(f"stopped; what was reached is in {path}")
        output.finish(json.loads((path / "summary.json").read_text(encoding="utf-8")), INTERRUPTED)
    won = summary.win_streak >= config.win_streak
    if not as_json:
        _show(summary, won, output)
    output.finish(summary.as_record(), YES if won else NO)


def _require_free(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise UserInputError("is a file, expected a folder for the run: choose another with --out", file=str(path))
    if path.is_dir() and any(path.iterdir()):
        raise UserInputError("this folder is not empty: choose another with --out, or delete it", file=str(path))


def _show(summary: LearnSummary, won: bool, output: Output) -> None:
    """Show what was learned: the program, when it was right, and how fast it is interpreted and compiled."""
    from rich.syntax import Syntax
    from rich.table import Table
    from rich.text import Text

    from wc_engine.models import Program, read_transitions
    from wc_engine.runs import CheckConfig, check_program

    console = output.report
    facts = Table.grid(padding=(0, 2))
    facts.add_row("environment steps", str(summary.steps))
    facts.add_row("until the model was right", _or_never(summary.steps_to_exact))
    facts.add_row("until the first win", _or_never(summary.first_win_step))
    facts.add_row("episodes won", f"{summary.wins} of {summary.episodes}, the last {summary.win_streak} in a row")
    if summary.model is not None:
        program = Program.from_file(summary.model)
        highlighted = Syntax("", "python", background_color="default").highlight(program.text)
        console.print(highlighted, soft_wrap=True)
        with output.progress.status("timing the program"):
            transitions = read_transitions(Path(summary.run) / "transitions.jsonl")
            report = check_program(program, transitions, CheckConfig())
        facts.add_row("interpreted", f"{report.reference.us_per_transition * 1000:,.0f} ns a transition")
        ns = report.compiled.ns_per_transition
        if ns is not None:
            ratio = report.reference.us_per_transition * 1000 / ns
            facts.add_row("compiled", f"{ns:,.1f} ns a transition, {ratio:,.0f} times faster")
        else:
            facts.add_row("compiled", Text(f"no: {report.compiled.reason}"))
    facts.add_row("seconds", f"{summary.seconds:.1f}")
    facts.add_row("run folder", Text(summary.run))
    console.print(facts)
    if won:
        console.print(f"\nNext: wc-engine solve LEVELS... --model {summary.model}", soft_wrap=True, markup=False)
    else:
        console.print("\nIt did not win 10 episodes in a row: give it more with --episodes, or another --seed.")


def _or_never(steps: int | None) -> str:
    return "never" if steps is None else f"{steps} steps"
