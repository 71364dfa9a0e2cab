"""C models, under the name that benchmarks and tests know them by."""

from wc_engine.runs.yardsticks.c_library import CModel, build_library, compiler, make_capsule

__all__ = ["CModel", "build_library", "compiler", "make_capsule"]
