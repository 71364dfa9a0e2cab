"""One self-contained page about a run: learning curve, replay, the program, and the tree that led to it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import jinja2
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import DiffLexer, PythonLexer

from wc_engine.runs.curve_plot import CurvePlot, Mark, kind_of_verdict
from wc_engine.runs.replays import replay_data
from wc_engine.runs.run_records import ProgramRecord, RunRecord

__all__ = ["render_page"]

_LIGHT, _DARK = "friendly", "github-dark"
_MAX_DEPTH = 16
"""Levels of the tree that are set off from each other; deeper ones stand at the same place."""


def render_page(record: RunRecord) -> str:
    """Return the page as HTML; it needs no other file and no network.

    Raises:
        UserInputError: a file of the run is damaged or gone.
    """
    loader = jinja2.PackageLoader("wc_engine.runs", "page")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    model = record.model
    env, seed = record.config.get("env"), record.config.get("seed")
    return environment.get_template("run.html.j2").render(
        title=f"{env}, seed {seed}",
        env=env,
        seed=seed,
        run=record.path,
        # Only text of the package itself goes into the page as it is.
        style=_asset("run.css"),
        script=_asset("run.js"),
        highlighting=_highlighting(),
        facts=list(_facts(record)),
        plot=CurvePlot(record, tuple(_marks(record))),
        replay=replay_data(record),
        model=model,
        program=None if model is None else _python(record.text(model)),
        programs=list(_tree(record)),
    )


def _facts(record: RunRecord) -> Iterator[tuple[str, object]]:
    episodes = record.episodes
    wins = episodes[-1].wins if episodes else 0
    yield "steps", f"{record.steps:,}"
    yield "episodes won", f"{wins} of {len(episodes)}"
    yield "won in a row", episodes[-1].win_streak if episodes else 0
    for name, key in (("exact since", "steps_to_exact"), ("first win", "first_win_step")):
        step = _summary_step(record, key)
        if step is not None:
            yield name, f"step {step:,}"
    yield "programs", f"{len(record.programs):,}"
    if record.events:
        yield "time", f"{record.events[-1].seconds:,.0f} s"
    if record.summary is None:
        yield "state", "not ended"


def _marks(record: RunRecord) -> Iterator[Mark]:
    for line in record.stages[1:]:
        yield Mark(line.step, line.env)
    for label, key in (("model exact", "steps_to_exact"), ("first win", "first_win_step")):
        step = _summary_step(record, key)
        if step is not None:
            yield Mark(step, label)


def _summary_step(record: RunRecord, key: str) -> int | None:
    value = None if record.summary is None else record.summary.get(key)
    return value if isinstance(value, int) else None


def _tree(record: RunRecord) -> Iterator[dict[str, object]]:
    """Yield the programs in the order of the tree: each before those that refine it."""
    first_of_file: dict[str, int] = {}
    for one in record.programs.values():
        first_of_file.setdefault(one.proposal.file, one.number)
    waiting = [(one, 0) for one in reversed(record.children(None))]
    while waiting:
        one, depth = waiting.pop()
        yield _program(record, one, depth, first_of_file[one.proposal.file])
        waiting += [(child, depth + 1) for child in reversed(record.children(one.number))]


def _program(record: RunRecord, one: ProgramRecord, depth: int, first: int) -> dict[str, object]:
    verdict, led_by = one.verdict, one.led_by
    parent = one.proposal.parent if one.proposal.parent in record.programs else None
    h = 0.0 if verdict is None else verdict.h
    return {
        "number": one.number,
        "depth": min(depth, _MAX_DEPTH),
        "parent": parent,
        "h": f"{h:.3f}",
        "percent": round(100 * h, 1),
        "kind": kind_of_verdict(verdict),
        "arm": one.arm,
        "proposer": one.proposal.proposer,
        "step": one.proposal.step,
        "held": bool(one.held_at),
        "final": one.number == record.model,
        "same_as": None if first == one.number else first,
        "led_by": None if led_by is None else led_by.text,
        "led_by_step": None if led_by is None else led_by.transition,
        "verdict": None if verdict is None else verdict.text,
        "diff": _python(record.text(one.number)) if parent is None else _diff(record.diff(one.number)),
    }


def _python(text: str) -> Markup:
    return Markup(highlight(text, PythonLexer(), HtmlFormatter()))  # pygments escapes


def _diff(lines: list[str]) -> Markup:
    if not lines:
        return Markup("<p>The same text.</p>")
    return Markup(highlight("\n".join(lines), DiffLexer(), HtmlFormatter()))  # pygments escapes


def _highlighting() -> Markup:
    """Return the colours of programs, light and dark."""

    def rules(style: str, scope: str) -> str:
        definitions = HtmlFormatter(style=style).get_style_defs(f"{scope} .highlight")
        # The page has a background of its own.
        return "\n".join(line for line in definitions.splitlines() if "background" not in line or ".g" in line)

    dark = rules(_DARK, ':root:not([data-theme="light"])')
    return Markup(
        f"{rules(_LIGHT, '')}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
        + rules(_DARK, ':root[data-theme="dark"]')
    )


def _asset(name: str) -> Markup:
    return Markup((files("wc_engine.runs") / "page" / name).read_text(encoding="utf-8"))  # our own text
