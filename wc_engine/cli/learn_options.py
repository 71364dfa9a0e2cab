"""The options of ``wc-engine learn`` as settings: flags over a file, and the few that a resumed run may change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wc_engine.errors import UserInputError

if TYPE_CHECKING:
    from wc_engine.agent import LearnConfig

__all__ = ["config_of", "flag_settings", "resume_changes"]

_NAMES = {
    "env": "ENV",
    "max_episodes": "--episodes",
    "start_from": "--from",
    "transfer": "--no-transfer",
    "optimism": "--no-optimism",
    "models": "--llm-model",
    "cache": "--llm-cache",
    "prices": "--llm-prices",
}
"""What settings are called on the command line, where that is not ``--name``."""

_CHANGEABLE = ("max_episodes", "max_cost", "max_tokens", "max_calls")
"""What may be changed when a run is taken up: the limits that end one."""


def flag_settings(flags: Mapping[str, object]) -> dict[str, object]:
    """Return the flags that were given, as ``learn_config`` takes settings: None and empty values were not."""
    settings: dict[str, object] = {}
    for name, value in flags.items():
        given = flag_settings(value) if isinstance(value, Mapping) else value
        if given is not None and given not in ([], "", {}):
            settings[name] = str(given) if isinstance(given, Path) else given
    return settings


def config_of(file: Path | None, flags: Mapping[str, object]) -> LearnConfig:
    """Return the settings of a new run: flags go before the file, the file before defaults.

    Raises:
        UserInputError: the file cannot be read, or settings are impossible or contradict each other.
    """
    from wc_engine.agent.settings import learn_config, merge_settings, read_settings

    settings = merge_settings({} if file is None else read_settings(file), flags)
    if "env" not in settings:
        raise UserInputError(
            "which environment? Name one (`wc-engine envs` lists them), or a file of --config that does"
        )
    _check_names(settings, flags)
    if "llm" in settings:
        from wc_engine.synthesis.llm.cache import default_cache_path

        # Programs that cost money are asked for when there is something to tell, as in the paper; calls are kept.
        fitting: dict[str, object] = {"synthesis": {"in_flight": 4}, "llm": {"cache": str(default_cache_path())}}
        if settings.get("proposer") == "llm":
            fitting["agent"] = {"min_transitions": 10}
        settings = merge_settings(fitting, settings)
    return learn_config(settings, file=None if file is None else str(file))


def resume_changes(file: Path | None, flags: Mapping[str, object]) -> dict[str, object]:
    """Return what is changed in a run that is taken up.

    Raises:
        UserInputError: something is given that decides what has been played already.
    """
    names = list(_names_of(flags)) + ([] if file is None else ["config"])
    fixed = [_NAMES.get(name, f"--{name.replace('_', '-')}") for name in names if name not in _CHANGEABLE]
    if fixed:
        allowed = ", ".join(_NAMES.get(name, f"--{name.replace('_', '-')}") for name in _CHANGEABLE)
        message = f"--resume goes on with the settings of the run: leave out {', '.join(fixed)}"
        raise UserInputError(f"{message} (what may change is {allowed})")
    return dict(flags)


def _names_of(flags: Mapping[str, object]) -> Iterator[str]:
    """Yield the names of settings, those in tables included."""
    for name, value in flags.items():
        if isinstance(value, Mapping):
            yield from _names_of(value)
        else:
            yield name


def _check_names(settings: Mapping[str, object], flags: Mapping[str, object]) -> None:
    """Refuse names that nobody has, options about language models where none writes, and a proposer that lacks one."""
    from wc_engine.agent.config import ProposerName
    from wc_engine.synthesis import StrategyName

    synthesis = settings.get("synthesis")
    strategy = synthesis.get("strategy") if isinstance(synthesis, Mapping) else None
    strategies = [name.value for name in StrategyName]
    if strategy is not None and strategy not in strategies:
        raise UserInputError(f"--strategy {strategy}: there is none; choose one of {', '.join(strategies)}")
    names = [name.value for name in ProposerName]
    proposer = settings.get("proposer", ProposerName.INDUCTIVE.value)
    if proposer not in names:
        raise UserInputError(f"--proposer {proposer}: there is no such proposer; choose one of {', '.join(names)}")
    llm = settings.get("llm")
    if proposer == ProposerName.INDUCTIVE.value:
        if "llm" in flags:
            raise UserInputError("options about language models are given, but they write nothing: add --proposer llm")
    elif not isinstance(llm, Mapping) or not llm.get("models"):
        raise UserInputError(f"--proposer {proposer}: which model? Name one with --llm-model")
