"""Planning with a model written by hand in C: compile it, put its struct into a capsule, plan.

Run it with: python examples/plan_with_c_model.py 3 5 4
"""

from __future__ import annotations

import ctypes
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import wc_engine
from wc_engine.models import make_capsule

SOURCE = Path(__file__).parent / "c" / "jugs.c"
EMPTY = [0]
"""Both jugs empty, as jugs.c packs it."""


def build(folder: str) -> ctypes.CDLL:
    """Compile the model against the headers of the package."""
    library = Path(folder) / "jugs.so"
    compiler = shlex.split(os.environ.get("CC", "cc"))
    command = [*compiler, "-std=gnu11", "-O3", "-shared", "-fPIC", f"-I{wc_engine.get_include()}"]
    subprocess.run([*command, str(SOURCE), "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


def main(left: int, right: int, goal: int) -> wc_engine.PlanResult:
    """Measure an amount with two jugs, by the shortest way."""
    with tempfile.TemporaryDirectory() as folder:
        jugs = build(folder)
        jugs.jugs_new.restype = ctypes.c_void_p
        jugs.jugs_free.argtypes = [ctypes.c_void_p]
        names = (ctypes.c_char_p * 6).in_dll(jugs, "jugs_action_names")
        address = jugs.jugs_new(left, right, goal)
        try:
            problem = wc_engine.CapsuleProblem(make_capsule(address), EMPTY, [name.decode() for name in names])
            return wc_engine.plan(problem, planner="bfs")
        finally:
            jugs.jugs_free(address)


if __name__ == "__main__":
    found = main(*map(int, sys.argv[1:4]))
    print("\n".join(found.plan) if found.plan is not None else f"no plan: {found.status}")
