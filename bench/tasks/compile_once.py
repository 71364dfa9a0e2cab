"""Print as JSON how long compiling a program takes in this process: ``python bench/tasks/compile_once.py PROGRAM``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tasks.programs import compile_for, levels


def main() -> None:
    """Compile; LLVM is imported first, so that its import counts apart."""
    states = levels()
    start = time.perf_counter()
    import llvmlite.binding  # noqa: F401

    imported = time.perf_counter()
    compile_for(Path(sys.argv[1]), states)
    print(json.dumps({"import_seconds": imported - start, "seconds": time.perf_counter() - imported}))


if __name__ == "__main__":
    main()
