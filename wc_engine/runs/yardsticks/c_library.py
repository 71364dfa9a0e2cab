"""C beside the package: compile a file against the headers and load it."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from wc_engine.include_path import get_include
from wc_engine.models.capsule import CModel, make_capsule

__all__ = ["CModel", "build_library", "compiler", "make_capsule"]


def compiler() -> list[str] | None:
    """Return the command of the C compiler: ``CC``, options and all, else the first of cc, gcc and clang there is."""
    candidates = [shlex.split(os.environ["CC"])] if os.environ.get("CC") else [["cc"], ["gcc"], ["clang"]]
    return next(([path, *rest] for name, *rest in candidates if (path := shutil.which(name))), None)


def build_library(source: Path, flags: Sequence[str] = ("-O3",)) -> ctypes.CDLL:
    """Compile a C file to a shared library and load it; the same text and flags are compiled once a machine."""
    cc = compiler()
    if cc is None:
        raise FileNotFoundError("no C compiler: install gcc or clang, or set CC")
    include = Path(get_include())
    texts = [source.read_bytes(), *(header.read_bytes() for header in sorted(include.glob("*.h")))]
    digest = hashlib.sha256(
        b"\0".join([*texts, *(word.encode() for word in cc), *(flag.encode() for flag in flags)])
    ).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"wc_engine_c_{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    library = folder / f"{source.stem}-{digest}.so"
    if not library.exists():
        partial = folder / f"{library.name}.{os.getpid()}"
        command = [
            *cc,
            "-std=gnu11",
            "-shared",
            "-fPIC",
            *flags,
            f"-I{include}",
            str(source),
            "-o",
            str(partial),
            "-lm",
        ]
        subprocess.run(command, check=True)
        partial.replace(library)
    return ctypes.CDLL(str(library))
