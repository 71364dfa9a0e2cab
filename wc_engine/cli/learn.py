"""``wc-engine learn``: learn a world model, from nothing or from another run, and win with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wc_engine.cli.output import INTERRUPTED, NO, YES, JsonOption, Output
from wc_engine.errors import UserInputError
from wc_engine.interrupts import remembered_interrupts

if TYPE_CHECKING:
    from wc_engine.agent import AgentEvent, LearnConfig, LearnSummary

__all__ = ["learn"]


def learn(
    env: Annotated[
        str | None,
        typer.Argument(
            metavar="[ENV]",
            help="One of those that `wc-engine envs` lists, several with commas between, or curriculum:minigrid.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Decides everything; 0 by default.")] = None,
    episodes: Annotated[
        int | None,
        typer.Option("--episodes", min=1, help="Episodes in one environment after which to give up; 100 by default."),
    ] = None,
    start_from: Annotated[
        Path | None,
        typer.Option("--from", metavar="RUN", help="Go on from what a run learned: its program and what it saw."),
    ] = None,
    resume_run: Annotated[
        Path | None, typer.Option("--resume", metavar="RUN", help="Take up a run that was stopped, where it stood.")
    ] = None,
    no_transfer: Annotated[
        bool, typer.Option("--no-transfer", help="Begin each of several environments from nothing.")
    ] = False,
    no_optimism: Annotated[
        bool, typer.Option("--no-optimism", help="Ask programs to explain what was seen only (no phi_2).")
    ] = False,
    strategy: Annotated[
        str | None,
        typer.Option(
            "--strategy", help="How the program to refine is chosen: rex (default), greedy, breadth-first, fixed-width."
        ),
    ] = None,
    in_flight: Annotated[
        int | None,
        typer.Option("--in-flight", min=1, help="Requests that are made of language models at once; 4 by default."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The run folder; by default a new one, runs/ENV-seedN.")
    ] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings (TOML); flags go before them.")
    ] = None,
    proposer: Annotated[
        str, typer.Option("--proposer", help="Who writes programs: inductive (offline), llm, or llm+inductive.")
    ] = "",
    models: Annotated[
        list[str] | None,
        typer.Option("--llm-model", metavar="NAME[@URL]", help="A model; further ones are fallbacks, in order."),
    ] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Answer from recorded calls; call no model.")] = False,
    max_cost: Annotated[float | None, typer.Option("--max-cost", min=0, help="US dollars to spend at most.")] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", min=0, help="Tokens to use at most.")] = None,
    max_calls: Annotated[int | None, typer.Option("--max-calls", min=0, help="Answers to ask for at most.")] = None,
    llm_cache: Annotated[Path | None, typer.Option("--llm-cache", help="The file of all calls (SQLite).")] = None,
    llm_prices: Annotated[Path | None, typer.Option("--llm-prices", help="Prices of your own (TOML).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Learn a world model of an environment, and go on until 10 episodes in a row are won.

    The agent acts, writes a program that explains what it saw (no key, no network), checks it, compiles it, and plans
    with it. The run folder holds model.py, what was seen, every program that was tried, and a log of all that
    happened: `wc-engine show RUN` makes a tree or a page of it.

    Of several environments the next one comes after 10 wins in a row, and what was learned is known in it. With --json
    the numbers are those of all together, and the list `stages` has them for each.

    The run is saved after each episode. Ctrl-C keeps what was reached, and `--resume RUN` goes on after the last
    episode as if the run had never stopped.

    Exit status: 0 won 10 in a row everywhere, 1 did not.

    **Examples**

    * `wc-engine learn sokoban`
    * `wc-engine learn sokoban --seed 3 --episodes 40 --out my-run --json`
    * `wc-engine learn --resume my-run`
    * `wc-engine learn --config settings.toml --seed 4`
    * `wc-engine learn curriculum:minigrid`
    * `wc-engine learn sokoban:teleport --from runs/sokoban-seed0`
    * `wc-engine learn sokoban --proposer llm+inductive --llm-model gpt-4o` (rules first)
    * `wc-engine learn sokoban --proposer llm --llm-model gpt-4o --max-cost 5` (key in `OPENAI_API_KEY`, endpoint in
      `OPENAI_BASE_URL`)
    """
    from wc_engine.agent import learn as run
    from wc_engine.agent.learn import resume
    from wc_engine.agent.settings import read_run_config
    from wc_engine.cli.learn_options import config_of, flag_settings, resume_changes
    from wc_engine.cli.learn_view import LearnView

    output = Output(as_json=as_json)
    flags = flag_settings(
        {
            "env": env,
            "seed": seed,
            "max_episodes": episodes,
            "start_from": start_from,
            # A switch that is not given leaves the word to the file.
            "transfer": False if no_transfer else None,
            "synthesis": {"strategy": strategy, "in_flight": in_flight, "optimism": False if no_optimism else None},
            "out": out,
            "proposer": proposer,
            "llm": {
                "models": models,
                "replay": replay or None,
                "max_cost": max_cost,
                "max_tokens": max_tokens,
                "max_calls": max_calls,
                "cache": llm_cache,
                "prices": llm_prices,
            },
        }
    )
    if resume_run is not None:
        changes = resume_changes(config_file, flags)
        config, path = read_run_config(resume_run, changes), resume_run
    else:
        config, path = _new_run(config_of(config_file, flags))
    try:
        with (
            remembered_interrupts() as raise_if_interrupted,
            LearnView(output.progress, f"learning {config.env}, seed {config.seed}") as view,
        ):

            def note(event: AgentEvent) -> None:
                raise_if_interrupted()
                view.note(event)

            if resume_run is not None:
                summary = resume(resume_run, changes, on_event=note)
            else:
                summary = run(config, on_event=note)
    except KeyboardInterrupt:
        output.note(f"stopped; what was reached is in {path}; go on with: wc-engine learn --resume {path}")
        output.finish(json.loads((path / "summary.json").read_text(encoding="utf-8")), INTERRUPTED)
    if config.llm is not None:
        usage = json.loads((path / "usage.json").read_text(encoding="utf-8"))
        output.note(
            f"language models: {usage['calls']} calls, {usage['cached_calls']} from the cache, "
            f"{usage['prompt_tokens'] + usage['answer_tokens']} tokens, {usage['cost']:.4f} dollars"
            + (f"; stopped: {usage['stopped_by']}" if usage["stopped_by"] else "")
        )
    if not as_json:
        _show(summary, output)
    output.finish(summary.as_record(), YES if summary.won else NO)


def _new_run(config: LearnConfig) -> tuple[LearnConfig, Path]:
    """Return the settings with a folder for the run, and that folder.

    Raises:
        UserInputError: there is no such environment, or the folder is not free.
    """
    from wc_engine.agent.checkpoint import fresh_run_path
    from wc_engine.envs import make_env, resolve_env_list

    for name in resolve_env_list(config.env).stages:
        make_env(name)  # an unknown one is reported before a folder is made
    path = fresh_run_path(config.env, config.seed) if config.out is None else config.out
    _require_free(path)
    return replace(config, out=path), path


def _require_free(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise UserInputError("is a file, expected a folder for the run: choose another with --out", file=str(path))
    if path.is_dir() and any(path.iterdir()):
        raise UserInputError("this folder is not empty: choose another with --out, or delete it", file=str(path))


def _show(summary: LearnSummary, output: Output) -> None:
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
    if len(summary.stages) > 1:
        for stage in summary.stages:
            facts.add_row(
                Text(stage.env),
                f"{stage.steps} steps, {stage.wins} of {stage.episodes} episodes won, "
                f"the first after {_or_never(stage.first_win_step)}",
            )
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
    console.print(f"\nLook at it: wc-engine show {summary.run} --html", soft_wrap=True, markup=False)
    if summary.won:
        console.print(f"Next: wc-engine solve LEVELS... --model {summary.model}", soft_wrap=True, markup=False)
    else:
        console.print("It did not win 10 episodes in a row: go on with more, or try another --seed:")
        command = f"wc-engine learn --resume {summary.run} --episodes {2 * summary.episodes}"
        console.print(command, soft_wrap=True, markup=False)


def _or_never(steps: int | None) -> str:
    return "never" if steps is None else f"{steps} steps"
