"""Settings of a run from a file: TOML that a person wrote, or the ``config.json`` that a run left.

Keys are the attributes of ``LearnConfig``; tables are those of its parts:

    seed = 3
    max_episodes = 40

    [agent]
    epsilon = 0.1
"""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
import typing
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wc_engine.agent.config import LearnConfig
from wc_engine.envs.names import near_names
from wc_engine.errors import UserInputError
from wc_engine.synthesis.llm.config import ModelName

__all__ = ["learn_config", "merge_settings", "read_run_config", "read_settings"]

Settings: typing.TypeAlias = dict[str, object]

_COMPLAINT = re.compile(r"(?P<what>.*) - at `\$\.?(?P<key>.*)`", re.DOTALL)


def read_settings(path: Path) -> Settings:
    """Read a TOML file of settings; its keys are known and its values of their kinds when this returns.

    Raises:
        UserInputError: there is no such file, it is not TOML, or a key or value is wrong; names file and key.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserInputError(f"cannot read settings: {error.strerror or error}", file=str(path)) from None
    except ValueError as error:
        raise UserInputError(f"is not TOML: {error}", file=str(path)) from None
    # A file need not name everything: what the command line adds is left to it.
    needed: Settings = {"env": ""}
    if settings.get("proposer", "inductive") != "inductive" or "llm" in settings:
        needed["llm"] = {"models": ["a model"]}
    learn_config(merge_settings(needed, settings), file=str(path))
    return settings


def read_run_config(run: Path, changes: Mapping[str, object] | None = None) -> LearnConfig:
    """Return the settings of a run, with changes, and with its folder as the place to write to.

    Raises:
        UserInputError: the folder holds no run, or its settings are damaged.
    """
    path = run / "config.json"
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise UserInputError("this folder holds no run: name one that `wc-engine learn` left", file=str(run)) from None
    except ValueError as error:
        raise UserInputError(f"is not JSON: {error}", file=str(path)) from None
    if not isinstance(settings, dict):
        raise UserInputError("expected a JSON object", file=str(path))
    return learn_config({**merge_settings(settings, changes or {}), "out": str(run)}, file=str(path))


def merge_settings(base: Mapping[str, object], over: Mapping[str, object]) -> Settings:
    """Return settings with those of ``over`` in their place, table by table."""
    result = dict(base)
    for key, value in over.items():
        known = result.get(key)
        nested = isinstance(known, Mapping) and isinstance(value, Mapping)
        result[key] = merge_settings(known, value) if nested else value  # type: ignore[arg-type]
    return result


def learn_config(settings: Mapping[str, object], *, file: str | None = None) -> LearnConfig:
    """Return the settings of a run.

    Args:
        settings: values as TOML and JSON have them; what is left out has its default.
        file: where they come from, for messages.

    Raises:
        UserInputError: a key is unknown, or a value impossible; names the file, the key and what was expected.
    """
    _check_keys(settings, LearnConfig, (), file)
    try:
        return msgspec.convert(_with_models(settings), LearnConfig, dec_hook=_decode)
    except msgspec.ValidationError as error:
        match = _COMPLAINT.fullmatch(str(error))
        what, key = (match["what"], match["key"]) if match else (str(error), "")
        # The message of a check names its key itself.
        what = what.replace("`", "")
        message = f"key {key!r}: {what[:1].lower()}{what[1:]}" if key else what
        raise UserInputError(f"{message}; change it", file=file) from None
    except ValueError as error:
        raise UserInputError(f"{error}; change it", file=file) from None


def _check_keys(settings: Mapping[str, object], kind: type, place: tuple[str, ...], file: str | None) -> None:
    """Refuse keys that no attribute of ``kind`` has, in tables too."""
    parts = _parts(kind)
    for key, value in settings.items():
        if key not in parts:
            where = f" in [{'.'.join(place)}]" if place else ""
            near = near_names(key, tuple(parts), count=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            expected = ", ".join(parts)
            raise UserInputError(f"unknown key {key!r}{where}: {hint}expected keys: {expected}", file=file)
        part = parts[key]
        if part is not None and isinstance(value, Mapping):
            _check_keys(value, part, (*place, key), file)


def _parts(kind: type) -> dict[str, type | None]:
    """Return the attributes of a class of settings, and the class of those that are settings themselves."""
    hints = typing.get_type_hints(kind)
    parts: dict[str, type | None] = {}
    for field in dataclasses.fields(kind):
        options = typing.get_args(hints[field.name]) or (hints[field.name],)
        parts[field.name] = next(
            (one for one in options if isinstance(one, type) and dataclasses.is_dataclass(one)), None
        )
    return parts


def _with_models(settings: Mapping[str, object]) -> Settings:
    """Return settings in which names of models, texts as on the command line, are spelled out."""
    llm = settings.get("llm")
    if not isinstance(llm, Mapping) or not isinstance(llm.get("models"), list):
        return dict(settings)
    models = [dataclasses.asdict(ModelName.parse(one)) if isinstance(one, str) else one for one in llm["models"]]
    return {**settings, "llm": {**llm, "models": models}}


def _decode(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected {kind.__name__.lower()}, got {value!r}")
