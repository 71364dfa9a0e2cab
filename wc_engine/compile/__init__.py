"""Compilation: world-model programs to native code behind the C contract."""

from __future__ import annotations

from wc_engine.compile.boxed.model import BoxedModel
from wc_engine.compile.boxed.problem import BoxedProblem
from wc_engine.compile.compiled import CompiledModel, CompiledProblem
from wc_engine.compile.tiers import NativeModel, NativeProblem, compile_program

__all__ = [
    "BoxedModel",
    "BoxedProblem",
    "CompiledModel",
    "CompiledProblem",
    "NativeModel",
    "NativeProblem",
    "compile_program",
]
