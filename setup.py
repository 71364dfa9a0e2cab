"""Extension modules; everything else is in pyproject.toml.

Environment:
    WC_DEBUG=1         no optimisation, debug symbols, Cython's bounds checks and C asserts on.
    WC_SANITIZE=NAME   build with a sanitizer: address, thread or undefined.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

import Cython
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_py import build_py

HEADERS = Path("csrc")
SANITIZERS = ("address", "thread", "undefined")

# Every extension module and its source.
MODULES: dict[str, str] = {
    "wc_engine.compile.boxed._runtime": "wc_engine/compile/boxed/_runtime.pyx",
    "wc_engine.compile._core.position_index": "wc_engine/compile/_core/position_index.pyx",
    "wc_engine.models._core.batch": "wc_engine/models/_core/batch.pyx",
    "wc_engine.planners._core.best_first": "wc_engine/planners/_core/best_first.pyx",
    "wc_engine.planners._core.breadth_first": "wc_engine/planners/_core/breadth_first.pyx",
    "wc_engine.planners._core.callback": "wc_engine/planners/_core/callback.pyx",
    "wc_engine.planners._core.deepening": "wc_engine/planners/_core/deepening.pyx",
    "wc_engine.planners._core.estimates": "wc_engine/planners/_core/estimates.pyx",
    "wc_engine.planners._core.mcts": "wc_engine/planners/_core/mcts.pyx",
    "wc_engine.planners._core.value_iteration": "wc_engine/planners/_core/value_iteration.pyx",
    "wc_engine.planners._core.stepping": "wc_engine/planners/_core/stepping.pyx",
    "wc_engine.state._core.packer": "wc_engine/state/_core/packer.pyx",
}

# The boxed runtime is one translation unit; generated code finds its functions in a table that is made of its sources.
BOXED = HEADERS / "boxed"
BOXED_MODULE = "wc_engine.compile.boxed._runtime"
BOXED_SYMBOLS = Path("build") / "boxed_symbols.c"

# The one table of compiler and linker flags, by kind of build. Fused multiply-add is off, so that the planners and
# their Python twins round alike on every processor.
FLAGS: dict[str, dict[str, list[str]]] = {
    "common": {
        "compile": ["-std=gnu11", "-ffp-contract=off", "-pthread", "-Wno-unused-function"],
        "link": ["-pthread"],
    },
    "release": {"compile": ["-O3", "-g0"], "link": []},
    "debug": {"compile": ["-O0", "-g", "-UNDEBUG"], "link": []},
    **{
        f"sanitize-{name}": {
            "compile": [f"-fsanitize={name}", "-fno-omit-frame-pointer", "-g"],
            "link": [f"-fsanitize={name}"],
        }
        for name in SANITIZERS
    },
}


def build_kinds() -> list[str]:
    """Return the rows of FLAGS that the environment asks for."""
    kinds = ["common", "debug" if os.environ.get("WC_DEBUG") == "1" else "release"]
    sanitizer = os.environ.get("WC_SANITIZE", "")
    if sanitizer:
        if sanitizer not in SANITIZERS:
            raise SystemExit(f"WC_SANITIZE={sanitizer}: expected one of {', '.join(SANITIZERS)}")
        kinds.append(f"sanitize-{sanitizer}")
    return kinds


def directives(kinds: list[str]) -> dict[str, object]:
    """Return Cython's directives: checks are on in a debug build, off in the others."""
    checks = "debug" in kinds
    return {
        "language_level": 3,
        "boundscheck": checks,
        "wraparound": False,
        "initializedcheck": checks,
        "cdivision": True,
        "auto_pickle": False,  # a search cannot travel: no half-working pickles
        "autotestdict": False,
    }


def write_boxed_symbols() -> Path:
    """Write the table of all functions that csrc/boxed exports, and of the data that generated code refers to."""
    pattern = re.compile(r"^(?!static\b|typedef\b)\w[\w *]*?\b(wcb_\w+)\([^;{}]*\)\s*\{", re.MULTILINE)
    functions = {name for source in BOXED.glob("*.c") for name in pattern.findall(source.read_text())}
    data = {"wcb_types", "wcb_builtin_objects"}
    lines = [
        "/* Made by setup.py. */",
        "typedef struct { const char *name; const void *address; } wcb_symbol;",
        *(f"extern void {name}(void);" for name in sorted(functions)),
        *(f"extern const char {name}[];" for name in sorted(data)),
        "const wcb_symbol wcb_symbols[] = {",
        *(f'    {{"{name}", (const void *){name}}},' for name in sorted(functions | data)),
        "    {0, 0}};",
    ]
    text = "\n".join(lines) + "\n"
    if not BOXED_SYMBOLS.exists() or BOXED_SYMBOLS.read_text() != text:
        BOXED_SYMBOLS.parent.mkdir(parents=True, exist_ok=True)
        BOXED_SYMBOLS.write_text(text)
    return BOXED_SYMBOLS


def extensions(kinds: list[str]) -> list[Extension]:
    """Return the extension modules, compiled with the flags of ``kinds``."""
    further = {BOXED_MODULE: [str(BOXED / "runtime.c"), str(write_boxed_symbols())]}
    depends = {BOXED_MODULE: sorted(str(path) for path in BOXED.iterdir())}
    # Its functions call each other directly; and an object is read through the structs of its kind and of any object.
    flags = {BOXED_MODULE: ["-fvisibility=hidden", "-fno-strict-aliasing"]}
    return [
        Extension(
            name,
            [source, *further.get(name, [])],
            include_dirs=[str(HEADERS)],
            depends=sorted(str(header) for header in HEADERS.glob("*.h")) + depends.get(name, []),
            extra_compile_args=[flag for kind in kinds for flag in FLAGS[kind]["compile"]] + flags.get(name, []),
            extra_link_args=[flag for kind in kinds for flag in FLAGS[kind]["link"]],
        )
        for name, source in MODULES.items()
    ]


def generated(kinds: list[str]) -> list[Extension]:
    """Return the extension modules with their C generated by Cython, apart for each kind of build, since it differs.

    C of the very same sources is kept. Cython goes by the times of files, and a build environment made for one
    installation has new copies of Cython's own: everything would be generated and compiled again each time.
    """
    folder = Path("build") / f"cython-{kinds[1]}"
    stamp = folder / "sources.sha256"
    modules = extensions(kinds)
    sources = sorted(path for pattern in ("*.pyx", "*.pxd") for path in Path("wc_engine").rglob(pattern))
    digest = hashlib.sha256(repr((Cython.__version__, directives(kinds))).encode())
    for path in sources:
        digest.update(f"{path.as_posix()}\n".encode() + path.read_bytes())
    made = [folder / Path(MODULES[module.name]).with_suffix(".c") for module in modules]
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and all(path.exists() for path in made):
        for module, path in zip(modules, made, strict=True):
            module.sources[0] = str(path)
        return modules
    result: list[Extension] = cythonize(modules, compiler_directives=directives(kinds), build_dir=str(folder))
    stamp.write_text(digest.hexdigest())
    return result


class BuildWithHeaders(build_py):
    """Copy ``csrc/*.h`` into the wheel as ``wc_engine/include``; a checkout keeps its one copy in ``csrc``."""

    def _header_targets(self) -> dict[Path, Path]:
        target = Path(self.build_lib) / "wc_engine" / "include"
        return {header: target / header.name for header in sorted(HEADERS.glob("*.h"))}

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for header, target in self._header_targets().items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(header, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        outputs: list[str] = super().get_outputs(include_bytecode)
        if self.editable_mode:
            return outputs
        return outputs + [str(target) for target in self._header_targets().values()]


KINDS = build_kinds()
setup(
    ext_modules=generated(KINDS),  # switch between kinds with build_ext --force
    options={"build_ext": {"parallel": os.cpu_count() or 1}},
    cmdclass={"build_py": BuildWithHeaders},
)
