"""The standard modules that programs may import, and what of them is translated (``guest_modules.py`` has more)."""

from __future__ import annotations

import math
import re
import string

from wc_engine.compile.stage.values import Builtin, Const, Value

__all__ = ["MEMBERS", "MODULES", "TYPING"]

MODULES = frozenset(
    [
        "abc",
        "copy",
        "math",
        "itertools",
        "functools",
        "collections",
        "re",
        "typing",
        "dataclasses",
        "enum",
        "operator",
        "string",
        "random",
    ]
)

PURE_MATH = tuple(
    name for name in dir(math) if not name.startswith("_") and callable(getattr(math, name)) and name != "hypot"
)
"""Functions of ``math`` that are only computed of constants, when compiling."""

_FUNCTIONS = (
    "abc.ABC abc.abstractmethod copy.copy copy.deepcopy math.hypot functools.reduce functools.partial "
    "dataclasses.replace dataclasses.asdict dataclasses.astuple "
    "enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag enum.auto enum.unique "
    "collections.OrderedDict collections.defaultdict collections.namedtuple collections.Counter "
    "collections.deque"
)

_CHARACTERS = (
    "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable punctuation whitespace"
)

_PATTERNS = "compile escape match fullmatch search findall finditer split sub"

MEMBERS: dict[str, Value] = {
    **{
        f"enum.{name}": Builtin(f"enum.{name}")
        for name in ["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "auto", "unique"]
    },
    **{name: Builtin(name) for name in (*_FUNCTIONS.split(), *(f"math.{name}" for name in PURE_MATH))},
    "math.pi": Const(math.pi),
    "math.e": Const(math.e),
    "math.tau": Const(math.tau),
    "math.inf": Const(math.inf),
    **{f"string.{name}": Const(getattr(string, name)) for name in _CHARACTERS.split()},
    **{f"re.{name}": Builtin(f"re.{name}") for name in _PATTERNS.split()},
    **{f"re.{flag.name}": Const(flag) for flag in (re.IGNORECASE, re.VERBOSE, re.DOTALL, re.MULTILINE, re.ASCII)},
    "re.I": Const(re.IGNORECASE),
    "re.X": Const(re.VERBOSE),
}

TYPING = Builtin("typing")
"""Whatever is imported from ``typing``: annotations are not evaluated, and a subscript of it is itself."""
