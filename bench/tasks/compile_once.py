"""Print as JSON how long compiling takes in this process.

    python bench/tasks/compile_once.py ACTIONS MISSION PROGRAM [DATA]...

ACTIONS is a JSON list, MISSION a JSON text or null; without DATA the states are those of random play.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tasks.corpus import Case


def main() -> None:
    """Compile; the imports of the back end count, those that any use of the package needs do not."""
    actions, mission, path, *data = sys.argv[1:]
    case = Case(path=Path(path), domain="", in_corpus=False, data=tuple(map(Path, data)))
    program, states = case.program(), case.states()
    from wc_engine.compile import compile_program

    start = time.perf_counter()
    compile_program(program, states, json.loads(actions), json.loads(mission))
    print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
