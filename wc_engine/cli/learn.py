"""``wc-engine learn``: learn a world model, from nothing or from another run, and win with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wc_engine.cli.output import INTERRUPTED, NO, YES, JsonOption, Output
from wc_engine.errors import UserInputError

if TYPE_CHECKING:
    from wc_engine.agent import LearnSummary
    from wc_engine.synthesis import StrategyName
    from wc_engine.synthesis.llm.config import LlmConfig

__all__ = ["learn"]


def learn(
    env: Annotated[
        str,
        typer.Argument(
            metavar="ENV",
            help="One of those that `wc-engine envs` lists, several with commas between, or curriculum:minigrid.",
        ),
    ],
    seed: Annotated[int, typer.Option("--seed", min=0, help="Decides everything.")] = 0,
    episodes: Annotated[
        int, typer.Option("--episodes", min=1, help="Episodes in one environment after which to give up.")
    ] = 100,
    start_from: Annotated[
        Path | None,
        typer.Option("--from", metavar="RUN", help="Go on from what a run learned: its program and what it saw."),
    ] = None,
    no_transfer: Annotated[
        bool, typer.Option("--no-transfer", help="Begin each of several environments from nothing.")
    ] = False,
    no_optimism: Annotated[
        bool, typer.Option("--no-optimism", help="Ask programs to explain what was seen only (no phi_2).")
    ] = False,
    strategy: Annotated[
        str,
        typer.Option(
            "--strategy", help="How the program to refine is chosen: rex, greedy, breadth-first, fixed-width."
        ),
    ] = "rex",
    in_flight: Annotated[
        int, typer.Option("--in-flight", min=1, help="Requests that are made of language models at once.")
    ] = 4,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The run folder; by default a new one, runs/ENV-seedN.")
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
    with it. The run folder holds model.py, transitions.jsonl, episodes.jsonl, config.json and summary.json.

    Of several environments the next one comes after 10 wins in a row, and what was learned is known in it. With --json
    the numbers are those of all together, and the list `stages` has them for each.

    Exit status: 0 won 10 in a row everywhere, 1 did not. Ctrl-C keeps what was reached.

    **Examples**

    * `wc-engine learn sokoban`
    * `wc-engine learn sokoban --seed 3 --episodes 40 --out my-run --json`
    * `wc-engine learn curriculum:minigrid`
    * `wc-engine learn sokoban:teleport --from runs/sokoban-seed0`
    * `wc-engine learn sokoban --proposer llm+inductive --llm-model gpt-4o` (rules first)
    * `wc-engine learn sokoban --proposer llm --llm-model gpt-4o --max-cost 5` (key in `OPENAI_API_KEY`, endpoint in
      `OPENAI_BASE_URL`)
    """
    from wc_engine.agent import AgentConfig, LearnConfig
    from wc_engine.agent import learn as run
    from wc_engine.agent.checkpoint import fresh_run_path
    from wc_engine.agent.config import ProposerName
    from wc_engine.cli.learn_view import LearnView
    from wc_engine.envs import make_env, resolve_env_list
    from wc_engine.synthesis import SynthesisConfig

    output = Output(as_json=as_json)
    for name in resolve_env_list(env).stages:
        make_env(name)  # an unknown one is reported before a folder is made
    path = fresh_run_path(env, seed) if out is None else out
    _require_free(path)
    limits = {"max_cost": max_cost, "max_tokens": max_tokens, "max_calls": max_calls}
    llm = _llm_config(proposer, models or [], replay, limits, llm_cache, llm_prices)
    who = ProposerName(proposer or "inductive")
    # Programs that cost money are asked for when there is something to tell, as in the paper.
    acting = AgentConfig(min_transitions=10) if who is ProposerName.LLM else AgentConfig()
    config = LearnConfig(
        env=env,
        seed=seed,
        start_from=start_from,
        transfer=not no_transfer,
        max_episodes=episodes,
        out=path,
        agent=acting,
        synthesis=SynthesisConfig(strategy=_strategy(strategy), in_flight=in_flight, optimism=not no_optimism),
        proposer=who,
        llm=llm,
    )
    try:
        with LearnView(output.progress, f"learning {env}, seed {seed}") as view:
            summary = run(config, on_event=view.note)
    except KeyboardInterrupt:
        output.note(f"stopped; what was reached is in {path}")
        output.finish(json.loads((path / "summary.json").read_text(encoding="utf-8")), INTERRUPTED)
    if llm is not None:
        usage = json.loads((path / "usage.json").read_text(encoding="utf-8"))
        output.note(
            f"language models: {usage['calls']} calls, {usage['cached_calls']} from the cache, "
            f"{usage['prompt_tokens'] + usage['answer_tokens']} tokens, {usage['cost']:.4f} dollars"
            + (f"; stopped: {usage['stopped_by']}" if usage["stopped_by"] else "")
        )
    if not as_json:
        _show(summary, output)
    output.finish(summary.as_record(), YES if summary.won else NO)


def _strategy(name: str) -> StrategyName:
    from wc_engine.synthesis import StrategyName

    try:
        return StrategyName(name)
    except ValueError:
        raise UserInputError(f"--strategy {name}: there is none; choose one of {', '.join(StrategyName)}") from None


def _llm_config(
    proposer: str,
    models: list[str],
    replay: bool,
    limits: dict[str, Any],
    cache: Path | None,
    prices: Path | None,
) -> LlmConfig | None:
    """Return how language models are to be called, or None where they are not.

    Raises:
        UserInputError: the options contradict each other.
    """
    from wc_engine.agent.config import ProposerName
    from wc_engine.synthesis.llm.cache import default_cache_path
    from wc_engine.synthesis.llm.config import LlmConfig, ModelName

    if proposer not in ("", *ProposerName):
        raise UserInputError(
            f"--proposer {proposer}: there is no such proposer; choose one of {', '.join(ProposerName)}"
        )
    about_models = [*models, replay, cache, prices, *limits.values()]
    if proposer in ("", ProposerName.INDUCTIVE):
        if any(value not in (None, False) for value in about_models):
            raise UserInputError("options about language models are given, but they write nothing: add --proposer llm")
        return None
    if not models:
        raise UserInputError(f"--proposer {proposer}: which model? Name one with --llm-model")
    try:
        names = tuple(ModelName.parse(name) for name in models)
        return LlmConfig(models=names, replay=replay, cache=cache or default_cache_path(), prices=prices, **limits)
    except ValueError as error:
        raise UserInputError(str(error)) from None


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
    if summary.won:
        console.print(f"\nNext: wc-engine solve LEVELS... --model {summary.model}", soft_wrap=True, markup=False)
    else:
        console.print("\nIt did not win 10 episodes in a row: give it more with --episodes, or another --seed.")


def _or_never(steps: int | None) -> str:
    return "never" if steps is None else f"{steps} steps"
