"""The live view of a learning run."""

from __future__ import annotations

from rich.console import Console
from rich.live import Live
from rich.table import Table

from wc_engine.agent import AgentEvent, EventKind, Progress

__all__ = ["LearnView"]

_REFRESHES_PER_SECOND = 8


class LearnView:
    """Shows where a run stands, and a line for each episode. Use it as a context manager.

    Args:
        console: where to; on a terminal the last line is live.
        title: what is being done.
    """

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._progress = Progress()
        self._live = Live(
            get_renderable=self._status, console=console, refresh_per_second=_REFRESHES_PER_SECOND, transient=True
        )

    def note(self, event: AgentEvent) -> None:
        """Take in what happened."""
        self._progress = event.progress
        if event.kind is EventKind.EPISODE:
            progress = event.progress
            stage = f"{progress.stage.env}  " if len(progress.stages) > 1 else ""
            self._console.print(
                f"{stage}episode {progress.episode:>3}  {event.text:<8}  step {progress.steps:>4}  "
                f"phi_1 {_holds(progress.phi_1)}  phi_2 {_holds(progress.phi_2)}  "
                f"wins {progress.wins} ({progress.win_streak} in a row)"
            )

    def __enter__(self) -> LearnView:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def _status(self) -> Table:
        progress = self._progress
        rate = progress.transitions_per_second
        facts = {
            "episode": str(progress.episode),
            "steps": str(progress.steps),
            "phi_1": _holds(progress.phi_1),
            "phi_2": _holds(progress.phi_2),
            "wins": f"{progress.wins} ({progress.win_streak} in a row)",
            "programs": str(progress.proposals),
            "transitions/s": "-" if rate is None else f"{rate:,.0f}",
        }
        table = Table(title=self._title, title_justify="left")
        for name in facts:
            table.add_column(name, justify="right")
        table.add_row(*facts.values())
        return table


def _holds(value: bool | None) -> str:
    return "-" if value is None else "[green]yes[/green]" if value else "[red]no[/red]"
