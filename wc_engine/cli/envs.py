"""``wc-engine envs``: the environments that there are."""

from __future__ import annotations

from typing import Annotated

import typer

from wc_engine.cli.output import YES, JsonOption, Output
from wc_engine.errors import UserInputError

__all__ = ["envs"]


def envs(
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="List only names that contain this.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List the environments that `learn` and `record` take, and those that are left out with the reason.

    An environment is left out where its symbolic state does not decide what happens next.

    **Examples**

    * `wc-engine envs`
    * `wc-engine envs doorkey`
    """
    from rich.table import Table

    from wc_engine.envs import list_envs

    output = Output(as_json=as_json)
    lines = [line for line in list_envs() if text.lower() in line.name.lower() or text.lower() in line.detail.lower()]
    if not lines:
        raise UserInputError(f"no environment's name contains {text!r}: `wc-engine envs` lists them all")
    offered = [line for line in lines if line.left_out is None]
    left_out = [line for line in lines if line.left_out is not None]
    for title, group, second in (
        (f"{len(offered)} environments", offered, "what it is"),
        (f"{len(left_out)} left out", left_out, "why"),
    ):
        if not group:
            continue
        table = Table(title=title, title_justify="left", box=None, pad_edge=False)
        table.add_column("name", no_wrap=True)
        table.add_column(second)
        for line in group:
            table.add_row(line.name, line.left_out or line.detail)
        output.report.print(table)
    output.finish(
        {
            "environments": [{"name": line.name, "detail": line.detail} for line in offered],
            "left_out": [{"name": line.name, "detail": line.detail, "reason": line.left_out} for line in left_out],
        },
        YES,
    )
