"""The layer rule of ARCHITECTURE.md, read off the source: what each file imports, at any depth."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

import wc_engine

PACKAGE = Path(wc_engine.__file__).resolve().parent

ORDER = ("errors", "interrupts", "state", "models", "compile", "planners", "synthesis", "agent", "runs", "cli")
ACTING = ("agent", "runs", "cli")
"""The layers that know environments; nothing below may, so that no planner and no proposer knows a game."""

ALLOWED: dict[str, set[str]] = {layer: set(ORDER[: index + 1]) for index, layer in enumerate(ORDER)}
ALLOWED |= {layer: ALLOWED[layer] | {"envs"} for layer in ACTING}
ALLOWED["envs"] = {"errors", "state", "envs"}
ALLOWED["gym"] = {"errors", "state", "models", "envs", "compile", "gym"}
LAYERS = frozenset(ALLOWED)

ENTRANCES = ("__init__", "__main__", "include_path")
"""Modules of the package itself, outside the layers: they lead to public names, or import nothing."""

DOTTED_NAME = re.compile(r"(wc_engine(?:\.\w+)+)(?::\w+)?")
"""A module's name in a string, as lazy imports and entry points have it."""


def layer_of(module: str) -> str | None:
    """Return the layer of a module's full name, or None for one outside the layers."""
    parts = module.split(".")[1:]
    if parts[:1] == ["envs"] and len(parts) > 1 and parts[1].startswith("gym_"):
        return "gym"  # Gymnasium's face of an environment stands beside planners
    return parts[0] if parts and parts[0] in LAYERS else None


def imported_modules(text: str, package: str) -> Iterator[str]:
    """Yield every module of wc_engine that a file's text imports: in functions, under TYPE_CHECKING, and by name."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package) if node.level else str(node.module)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and (match := DOTTED_NAME.fullmatch(str(node.value))):
            yield match[1]


def cython_imports(text: str) -> Iterator[str]:
    """Yield the modules that a Cython file imports or cimports."""
    for match in re.finditer(r"^\s*(?:from\s+(\S+)\s+c?import|c?import\s+(\S+))", text, flags=re.MULTILINE):
        yield match[1] or match[2]


def violations(layer: str, modules: Iterator[str]) -> set[str]:
    """Return the imported modules that a layer may not import."""
    targets = {name: layer_of(name) for name in modules if name.split(".")[0] == "wc_engine"}
    return {name for name, target in targets.items() if target is not None and target not in ALLOWED[layer]}


def sources(*suffixes: str) -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*") if path.suffix in suffixes)


def module_name(path: Path) -> str:
    return ".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts))


def test_every_module_belongs_to_a_layer() -> None:
    names = {module_name(path) for path in sources(".py")}
    assert names
    assert [name for name in sorted(names) if layer_of(name) is None and name.split(".")[1] not in ENTRANCES] == []


def test_a_module_imports_its_own_layer_or_those_to_its_left() -> None:
    found = {}
    for path in sources(".py", ".pyi"):
        name = module_name(path)
        if (layer := layer_of(name)) is not None:
            found[name] = violations(layer, imported_modules(path.read_text(), name.rpartition(".")[0]))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_cython_modules_respect_the_layers() -> None:
    for path in sources(".pyx", ".pxd"):
        layer = layer_of(module_name(path))
        assert layer is not None
        assert violations(layer, cython_imports(path.read_text())) == set(), path


def test_planners_are_reached_through_their_facades() -> None:
    for path in sources(".py"):
        name = module_name(path)
        if layer_of(name) != "planners":
            inner = [module for module in imported_modules(path.read_text(), name) if "planners._core" in module]
            assert inner == [], f"{name} reaches into planners._core"


def test_only_pxd_files_read_the_c_headers() -> None:
    assert [path.name for path in sources(".pyx") if "cdef extern" in path.read_text()] == []


@pytest.mark.parametrize(
    ("layer", "text", "wrong"),
    [
        ("state", "import wc_engine.models.program", {"wc_engine.models.program"}),
        ("models", "def f():\n    from wc_engine import cli", {"wc_engine.cli"}),
        ("envs", "if TYPE_CHECKING:\n    import wc_engine.models.base", {"wc_engine.models.base"}),
        ("planners", "HOMES = {'agent': 'wc_engine.agent.agent'}", {"wc_engine.agent.agent"}),
        ("synthesis", "name = 'wc_engine.envs.gym_sokoban:SokobanGymEnv'", {"wc_engine.envs.gym_sokoban"}),
        ("compile", "from ..planners import auto", {"wc_engine.planners", "wc_engine.planners.auto"}),
        ("agent", "from wc_engine.envs import registry\nfrom wc_engine.synthesis import rex", set()),
    ],
)
def test_the_rule_sees_an_import_wherever_it_stands(layer: str, text: str, wrong: set[str]) -> None:
    assert violations(layer, imported_modules(text, f"wc_engine.{layer}")) == wrong
