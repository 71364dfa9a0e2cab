"""Every call is kept: a SQLite file, so that a rerun costs nothing and gives the same answers.

A row is one call: what was asked (endpoint, model, settings, prompt, number of the sample), what was answered, and
what it cost. JSON Lines, one call a line with the same names, carry recorded calls from one cache to another.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from wc_engine.errors import UserInputError
from wc_engine.synthesis.llm.calls import Answer, CallKey, Prompt

__all__ = ["CallCache", "default_cache_path"]

_BUSY_SECONDS = 60.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (
    digest TEXT NOT NULL,
    sample INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    model TEXT NOT NULL,
    settings TEXT NOT NULL,
    system TEXT NOT NULL,
    user TEXT NOT NULL,
    answer TEXT NOT NULL,
    cost REAL,
    created REAL NOT NULL,
    PRIMARY KEY (digest, sample)
)
"""


def default_cache_path() -> Path:
    """Return the file of all calls of a user; ``WC_ENGINE_CACHE`` overrides the user's cache folder."""
    return Path(os.environ.get("WC_ENGINE_CACHE") or platformdirs.user_cache_dir("wc_engine")) / "calls.sqlite"


class CallCache:
    """The calls of all runs that share a file; safe in several threads and processes.

    Args:
        path: the file, made where it does not exist; None for one in memory.

    Raises:
        UserInputError: it cannot be opened, or is no such file.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path, timeout=_BUSY_SECONDS, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from None
        try:
            with self._connection:
                self._connection.execute(_SCHEMA)
        except sqlite3.Error as error:
            self._connection.close()
            raise self._unusable(error) from None

    def get(self, key: CallKey) -> Answer | None:
        """Return the answer to a call that was made before, or None."""
        query = "SELECT answer FROM calls WHERE digest = ? AND sample = ?"
        with self._lock:
            row = self._connection.execute(query, (key.digest, key.sample)).fetchone()
        return None if row is None else Answer(**json.loads(row[0]))

    def put(self, key: CallKey, answer: Answer, cost: float | None) -> Answer:
        """Keep a call; return the answer that counts: another process may have kept one before."""
        self._insert(key, answer, cost, time.time())
        kept = self.get(key)
        return answer if kept is None else kept

    def export_lines(self) -> Iterator[str]:
        """Yield all calls as lines of JSON, the oldest first."""
        columns = "endpoint, model, settings, system, user, sample, answer, cost"
        with self._lock:
            rows = self._connection.execute(f"SELECT {columns} FROM calls ORDER BY created, rowid").fetchall()
        for endpoint, model, settings, system, user, sample, answer, cost in rows:
            record = {
                "endpoint": endpoint,
                "model": model,
                "settings": json.loads(settings),
                "system": system,
                "user": user,
                "sample": sample,
                "answer": json.loads(answer),
                "cost": cost,
            }
            yield json.dumps(record, ensure_ascii=False)

    def import_file(self, path: Path) -> int:
        """Take in recorded calls; return how many were new. Calls that are there already stay.

        Raises:
            UserInputError: the file cannot be read, or a line is no call.
        """
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UserInputError(f"cannot read these recorded calls: {error}", file=str(path)) from None
        new = 0
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                data = json.loads(line)
                settings = tuple(sorted(data["settings"].items()))
                prompt = Prompt(data["system"], data["user"])
                key = CallKey(data["endpoint"], data["model"], settings, prompt, int(data["sample"]))
                answer, cost = Answer(**data["answer"]), data.get("cost")
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise UserInputError(f"no recorded call: {error!r}", file=str(path), line=number) from None
            new += self._insert(key, answer, cost, time.time())
        return new

    def __len__(self) -> int:
        with self._lock:
            return int(self._connection.execute("SELECT count(*) FROM calls").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _insert(self, key: CallKey, answer: Answer, cost: float | None, created: float) -> int:
        row = (
            key.digest,
            key.sample,
            key.endpoint,
            key.model,
            json.dumps(dict(key.settings)),
            key.prompt.system,
            key.prompt.user,
            json.dumps(answer.as_record()),
            cost,
            created,
        )
        marks = ", ".join("?" * len(row))
        with self._lock, self._connection:
            return self._connection.execute(f"INSERT OR IGNORE INTO calls VALUES ({marks})", row).rowcount

    def _unusable(self, error: Exception) -> UserInputError:
        return UserInputError(f"cannot be used as a cache of calls ({error}): name another file", file=str(self._path))
