"""Lowering by kind of node: importing the modules fills the tables of ``frame``."""

from __future__ import annotations

from wc_engine.compile.boxed.lowering import (
    calls,
    classes,
    comprehensions,
    conditions,
    exceptions,
    expressions,
    functions,
    generators,
    imports,
    statements,
)

__all__ = [
    "calls",
    "classes",
    "comprehensions",
    "conditions",
    "exceptions",
    "expressions",
    "functions",
    "generators",
    "imports",
    "statements",
]
