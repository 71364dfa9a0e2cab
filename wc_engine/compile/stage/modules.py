"""The standard modules that programs may import, and what of them is translated."""

from __future__ import annotations

import math

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
    "operator.add operator.sub operator.mul operator.attrgetter operator.itemgetter operator.eq operator.ne "
    "operator.lt operator.le operator.gt operator.ge operator.neg operator.not_ operator.and_ operator.or_ "
    "operator.contains "
    "itertools.chain itertools.product collections.defaultdict collections.namedtuple collections.Counter"
)

MEMBERS: dict[str, Value] = {
    **{name: Builtin(name) for name in (*_FUNCTIONS.split(), *(f"math.{name}" for name in PURE_MATH))},
    "math.pi": Const(math.pi),
    "math.inf": Const(math.inf),
}

TYPING = Builtin("typing")
"""Whatever is imported from ``typing``: annotations are not evaluated, and a subscript of it is itself."""
