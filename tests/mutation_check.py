"""Breaks the compiler on purpose, one place at a time, and shows that tests notice.

    python tests/mutation_check.py            # everything
    python tests/mutation_check.py sets keys  # what has one of these words in its name

The project is copied to a temporary folder and built there without optimisation, which is quick. Each mutation replaces
one piece of text, runs the few tests that are to notice, and is taken back. The exit status is 1 where one survives.
Before that, the same tests have to pass without any mutation.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("wc_engine", "csrc", "tests", "bench", "setup.py", "pyproject.toml", "README.md", "LICENSE")
_LEFT_OUT = shutil.ignore_patterns("*.so", "__pycache__", ".*")
_TIMEOUT_SECONDS = 600

_PASSED, _FAILED = 0, 1
"""Exit statuses of pytest; others say that it could not run the tests."""


@dataclass(frozen=True)
class Mutation:
    """One way to break the compiler.

    Attributes:
        name: what goes wrong.
        file: where, from the root of the project.
        old: the text there; it occurs once.
        new: what stands there instead.
        tests: the ids of tests, at least one of which has to fail.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


_STAGE = "wc_engine/compile/stage"
_BOXED = "wc_engine/compile/boxed"
_TESTS = "tests/compile"
_BOXED_TESTS = "tests/compile/boxed"

MUTATIONS = (
    Mutation(
        "boxed: < of small ints in a condition is <=",
        f"{_BOXED}/helpers.py",
        '    """Truth of a comparison: 0, 1, or -1 where it raised."""\n'
        "    place = list(COMPARE.values()).index(operator)\n"
        '    condition = {"lt": "slt"',
        '    """Truth of a comparison: 0, 1, or -1 where it raised."""\n'
        "    place = list(COMPARE.values()).index(operator)\n"
        '    condition = {"lt": "sle"',
        (f"{_BOXED_TESTS}/test_noticed.py::test_conditions_of_small_ints",),
    ),
    Mutation(
        "boxed: a set that changes its size is visited on",
        f"{_BOXED}/helpers.py",
        "  %fine = and i1 %same, %in.place",
        "  %fine = and i1 %in.place, %in.place",
        (f"{_BOXED_TESTS}/test_noticed.py::test_loops_over_sets_that_change",),
    ),
    Mutation(
        "boxed: finally does not run on return",
        f"{_BOXED}/lowering/exceptions.py",
        "frame.cleanups.append(Cleanup(lambda: frame.statements(node.finalbody), outside))",
        "frame.cleanups.append(Cleanup(lambda: None, outside))",
        (f"{_BOXED_TESTS}/test_noticed.py::test_finally_runs_on_every_way_out",),
    ),
    Mutation(
        "boxed: except takes any exception",
        f"{_BOXED}/lowering/exceptions.py",
        "    text.branch(text.truth_of_status(status), body, following)",
        '    text.branch("true", body, following)',
        (f"{_BOXED_TESTS}/test_constructs.py::test_what_the_table_calls_native_gives_what_cpython_gives[Statements]",),
    ),
    Mutation(
        "boxed: except takes limits",
        f"{_BOXED}/lowering/exceptions.py",
        '''f"icmp ne i32 {status}, 0"''',
        '''f"icmp slt i32 {status}, 0"''',
        (f"{_BOXED_TESTS}/test_noticed.py::test_no_handler_sees_a_limit",),
    ),
    Mutation(
        "boxed: True and 1 have one key",
        f"{_BOXED}/keys.py",
        "            return bytes((_BOOL, value))",
        "            return self._value(int(value))",
        (f"{_BOXED_TESTS}/test_keys.py::test_true_one_and_one_point_nought_differ",),
    ),
    Mutation(
        "boxed: tables do not compare stored hashes",
        "csrc/boxed/tables.c",
        "const wcb_entry *entry = &table->entries[i];\n        if (entry->hash != hash || entry->key == 0)",
        "const wcb_entry *entry = &table->entries[i];\n        if (entry->key == 0)",
        (f"{_BOXED_TESTS}/test_tables.py::test_sets[stale]",),
    ),
    Mutation(
        "boxed: elements added to a set are visited",
        "csrc/boxed/sets.c",
        "    it->end = table->filled;",
        "    it->end = table->capacity;",
        (f"{_BOXED_TESTS}/test_tables.py::test_sets[iterating]",),
    ),
    Mutation(
        "boxed: new entities are packed in the order in which they come",
        "csrc/boxed/states.c",
        "        for (; at > 0 && wcb_key_order(",
        "        for (; at > i && wcb_key_order(",
        (f"{_BOXED_TESTS}/test_noticed.py::test_equal_states_have_equal_words",),
    ),
    Mutation(
        "boxed: floor division rounds to zero",
        "csrc/boxed/numbers.c",
        "(a < 0) != (b < 0)) ? quotient - 1 : quotient;",
        "(a < 0) != (b < 0)) ? quotient : quotient;",
        (f"{_BOXED_TESTS}/test_numbers.py::test_numbers[arithmetic]",),
    ),
    Mutation(
        "boxed: deepcopy forgets instances that it copied",
        "csrc/boxed/copying.c",
        "copy_epoch == run->epoch) return",
        "copy_epoch == run->epoch + 1) return",
        (f"{_BOXED_TESTS}/test_copying.py::test_copying[instances]",),
    ),
    Mutation(
        "boxed: the module stays as a step left it",
        "csrc/boxed/arena.c",
        "        arena_copy(ctx->module_begin, ctx->module_image, (size_t)(ctx->module_end - ctx->module_begin));\n",
        "",
        (f"{_BOXED_TESTS}/test_tables.py::test_containers_of_the_module_are_put_back",),
    ),
    Mutation(
        "specialiser: <= is emitted for <",
        "wc_engine/compile/emit.py",
        '"lt": "({0} < {1})"',
        '"lt": "({0} <= {1})"',
        (f"{_TESTS}/test_noticed.py::test_a_comparison_of_numbers_of_the_state",),
    ),
    Mutation(
        "specialiser: values above their range are packed",
        f"{_STAGE}/attribute_writes.py",
        "        if number.high is None or number.high > domain.high:",
        "        if number.high is None and domain.high < 0:",
        (f"{_TESTS}/test_noticed.py::test_a_value_above_its_range_is_a_status",),
    ),
    Mutation(
        "specialiser: rows of a fixed number are not sorted",
        "wc_engine/compile/emit_words.py",
        'f"{a}, {b} = min({a}, {b}), max({a}, {b})"',
        'f"{a}, {b} = min({a}, {a}), max({b}, {b})"',
        (f"{_TESTS}/test_noticed.py::test_rows_are_sorted[fixed]",),
    ),
    Mutation(
        "specialiser: rows of a varying number are not sorted",
        "wc_engine/compile/emit_words.py",
        'f"while j >= 0 and H[{codes} + j] > code:"',
        'f"while j > i and H[{codes} + j] > code:"',
        (f"{_TESTS}/test_noticed.py::test_rows_are_sorted[varying]",),
    ),
    Mutation(
        "specialiser: sets are searched by hashes that are stale",
        f"{_STAGE}/members.py",
        "        if not is_changed(m, part):\n            continue\n        search_first",
        "        if part is not None:\n            continue\n        search_first",
        (
            f"{_TESTS}/test_unsupported.py::"
            "test_a_transition_that_is_not_translated_is_refused_for_its_reason[putting changed elements back]",
        ),
    ),
    Mutation(
        "specialiser: a cell that an entity stands in is not noted",
        f"{_STAGE}/seen_places.py",
        'm.emit(Store(self._rows, row, Op("or_", (bits, bit), Kind.INT)))',
        "m.emit(Store(self._rows, row, bits))",
        (f"{_TESTS}/test_noticed.py::test_equal_entities_are_in_a_set_once",),
    ),
    Mutation(
        "specialiser: what a list was made of is looked at as it is now",
        f"{_STAGE}/remembered.py",
        "return None if any(m.store.last_write(key) > mapped.clock for key in reads) else result",
        "return None if any(m.store.last_write(key) < 0 for key in reads) else result",
        (f"{_TESTS}/test_noticed.py::test_a_list_made_of_another_one_keeps_what_it_was_made_of",),
    ),
    Mutation(
        "specialiser: what one path put in a list is there on the others, too",
        f"{_STAGE}/contents.py",
        "        return _variable_moves(templates, part.condition, FALSE)\n",
        "        return _variable_moves(templates, part.condition, TRUE)\n",
        (f"{_TESTS}/test_noticed.py::test_what_one_path_put_in_a_list_is_not_there_on_the_others",),
    ),
    Mutation(
        "a row that a loop finds anew counts as none that was written",
        f"{_STAGE}/loops.py",
        '_SOME_ROW = "some row"',
        "_SOME_ROW = None",
        (f"{_TESTS}/test_noticed.py::test_what_an_inner_loop_wrote_is_read_anew_in_the_next_round",),
    ),
    Mutation(
        "finally is not followed where an exception or a return leaves",
        f"{_STAGE}/exceptions.py",
        'caught=value) if ways[place] == "raise" else outer):\n            m.execute(node.finalbody, frame)',
        'caught=value) if ways[place] == "raise" else outer):\n            pass',
        (f"{_TESTS}/test_modules.py",),
    ),
    Mutation(
        "clauses of except are asked from the last to the first",
        f"{_STAGE}/exceptions.py",
        "*reversed(ways)",
        "*ways",
        (f"{_TESTS}/test_modules.py",),
    ),
)


class Project:
    """A copy of the project, in which things are broken.

    Args:
        folder: where to put it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {
            **os.environ,
            "WC_DEBUG": "1",
            "WC_ENGINE_CACHE": str(folder / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",  # a mutation can be as long as what it replaces, and as old
        }
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=_LEFT_OUT)
            else:
                shutil.copy2(source, folder / name)

    def build(self) -> None:
        """Build the extension modules: those whose sources changed."""
        self._run("setup.py", "-q", "build_ext", "--inplace", check=True)

    def test(self, tests: tuple[str, ...]) -> int:
        """Run tests and return pytest's exit status."""
        shutil.rmtree(self._folder / "cache", ignore_errors=True)
        options = ("-q", "-x", "-p", "no:cacheprovider", "--tb=no")
        return self._run("-m", "pytest", *options, *tests).returncode

    def broken(self, mutation: Mutation) -> int:
        """Run the tests of a mutation with it, and take it back."""
        path = self._folder / mutation.file
        text = path.read_text(encoding="utf-8")
        if text.count(mutation.old) != 1:
            raise SystemExit(f"{mutation.file}: {text.count(mutation.old)} places to break for {mutation.name!r}")
        path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
        try:
            if path.suffix == ".c":
                self.build()
            return self.test(mutation.tests)
        finally:
            path.write_text(text, encoding="utf-8")  # what is built next is newer than this

    def _run(self, *command: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            [sys.executable, *command],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        if check and result.returncode:
            raise SystemExit(result.stdout + result.stderr)
        return result


def verdict(status: int) -> str:
    """What an exit status of pytest, or the signal that ended it, means for a mutation."""
    if status == _PASSED:
        return "SURVIVED"
    return "noticed" if status == _FAILED or status < 0 else f"pytest ended with status {status}"


def main() -> int:
    """Break what the command line names."""
    parser = argparse.ArgumentParser(description="Break the compiler on purpose and see that tests notice.")
    parser.add_argument("words", nargs="*", help="only mutations with one of these words in their name")
    words = parser.parse_args().words
    chosen = [m for m in MUTATIONS if not words or any(word in m.name for word in words)]
    chosen.sort(key=lambda mutation: mutation.file.endswith(".c"))  # those need builds, which last to the next one
    with tempfile.TemporaryDirectory(prefix="wc_mutations_") as folder:
        project = Project(Path(folder))
        project.build()
        tests = tuple(dict.fromkeys(test for mutation in chosen for test in mutation.tests))
        if project.test(tests) != _PASSED:
            raise SystemExit("the tests do not pass as they are: run them first\n" + "\n".join(tests))
        survived = 0
        for mutation in chosen:
            begin = time.monotonic()
            found = verdict(project.broken(mutation))
            survived += found != "noticed"
            print(f"{found:9} {time.monotonic() - begin:5.1f} s  {mutation.name}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} mutations were noticed")
    return 1 if survived else 0


if __name__ == "__main__":
    raise SystemExit(main())
