"""The cache of compiled programs on disk.

An entry is one file, named by the hash of everything that decides what is in it. It appears by an atomic rename, so
concurrent processes do not meet; it carries a digest, so a damaged one is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

__all__ = ["CacheEntry", "cache_folder", "read_entry", "sources_key", "write_entry"]

_MAX_FILES = 1000
_SUFFIX = ".wcc"
_DIGEST_BYTES = 32
_LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """What is kept of a compilation.

    Attributes:
        facts: whatever JSON can say.
        code: object code; empty where there is none.
    """

    facts: dict[str, Any]
    code: bytes


def cache_folder() -> Path:
    """Return the folder of compiled code; ``WC_ENGINE_CACHE`` overrides the user's cache folder."""
    root = os.environ.get("WC_ENGINE_CACHE")
    return Path(root) if root else Path(platformdirs.user_cache_dir("wc_engine")) / "compiled"


@cache
def sources_key() -> str:
    """Return a digest of the compiler itself: code that another version made is not taken for this one's."""
    package = Path(__file__).resolve().parent
    folders = (package, package / "stage", package / "passes", package / "rewrites", package.parent / "state")
    files = [path for folder in folders for path in folder.glob("*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(package.parent)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_entry(key: str) -> CacheEntry | None:
    """Return the entry of a key, or None where there is none that is whole."""
    path = cache_folder() / (key + _SUFFIX)
    try:
        data = path.read_bytes()
        os.utime(path)  # what is used is not forgotten
    except OSError:
        return None
    digest, payload = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
    if hashlib.sha256(payload).digest() != digest:
        return None
    length = int.from_bytes(payload[:_LENGTH_BYTES], "little")
    facts = json.loads(payload[_LENGTH_BYTES : _LENGTH_BYTES + length])
    return CacheEntry(facts, payload[_LENGTH_BYTES + length :])


def write_entry(key: str, entry: CacheEntry) -> None:
    """Keep an entry; without a place for it (a read-only home) nothing is kept."""
    facts = json.dumps(entry.facts).encode()
    payload = len(facts).to_bytes(_LENGTH_BYTES, "little") + facts + entry.code
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(payload).digest() + payload)
        os.replace(name, folder / (key + _SUFFIX))
        _prune(folder)
    except OSError:
        return


def _prune(folder: Path) -> None:
    """Keep the cache bounded: forget what was not used for longest."""
    files = list(folder.glob("*" + _SUFFIX))
    if len(files) <= _MAX_FILES:
        return
    used = sorted((path.stat().st_mtime, path) for path in files)
    for _, path in used[: len(files) - _MAX_FILES // 2]:
        path.unlink(missing_ok=True)
