"""Compilation: world-model programs to native code behind the C contract."""

from __future__ import annotations

from wc_engine.compile.compiled import CompiledModel, CompiledProblem, compile_program

__all__ = ["CompiledModel", "CompiledProblem", "compile_program"]
