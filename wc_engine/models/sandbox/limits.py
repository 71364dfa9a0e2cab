"""What a process gives up before it runs an untrusted program.

Two lines of defence: resource limits everywhere, and on Linux a seccomp filter that admits a short list of system calls
(an error is returned for all others). Nothing here can be taken back by the process.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from types import FrameType
from typing import Any

from wc_engine.models.failures import CallTimeout
from wc_engine.models.sandbox.protocol import CPU_LIMIT_SECONDS

try:
    import pyseccomp
except (ImportError, OSError, RuntimeError, AttributeError):  # not installed, or no libseccomp on this system
    pyseccomp = None

__all__ = [
    "CallAlarm",
    "die_with_parent",
    "filter_system_calls",
    "forbid_opening",
    "limit_resources",
    "missing_protection",
]

_PR_SET_PDEATHSIG = 1
_EPERM = 1
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | getattr(os, "O_TMPFILE", 0)
_WRITING &= ~getattr(os, "O_DIRECTORY", 0)  # a part of O_TMPFILE that reading a folder needs

_RUNNING = """
    read write readv writev lseek close fstat mmap munmap mremap mprotect brk madvise futex membarrier rseq
    set_robust_list rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending sigaltstack setitimer getitimer alarm
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times restart_syscall
    getpid getppid gettid getuid geteuid getgid getegid getrusage sysinfo uname sched_yield sched_getaffinity getcpu
    getrandom poll ppoll select pselect6 exit exit_group
"""
_READING = """
    stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd pread64
    fadvise64 fcntl dup statfs fstatfs prctl seccomp
    prlimit64 setrlimit getrlimit
"""


def missing_protection() -> str:
    """Return what this system lacks, in a few words; empty where nothing is missing."""
    if not sys.platform.startswith("linux"):
        return "system calls are not filtered, because this system has no seccomp"
    return "system calls are not filtered, because pyseccomp or libseccomp is missing" if pyseccomp is None else ""


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends (Linux)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_resources(memory_limit_bytes: int) -> None:
    """Limit memory to so much beyond what is in use now, CPU time, files and processes to nothing."""
    _limit(resource.RLIMIT_AS, _address_space_bytes() + memory_limit_bytes)
    _limit(resource.RLIMIT_CPU, CPU_LIMIT_SECONDS)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if hasattr(resource, "RLIMIT_NPROC"):
        _limit(resource.RLIMIT_NPROC, 0)


def forbid_opening() -> None:
    """Let no further file be opened; those that are open stay usable."""
    _limit(resource.RLIMIT_NOFILE, 0)


def filter_system_calls(*, reading: bool) -> None:
    """Admit only the system calls that running Python code needs.

    Args:
        reading: also admit opening files for reading, and what a later, narrower confinement needs.
    """
    if pyseccomp is None or not sys.platform.startswith("linux"):
        return
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(_EPERM))
    for name in (_RUNNING + _READING if reading else _RUNNING).split():
        _admit(rules, name)
    if reading:
        _admit(rules, "open", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _WRITING, 0))
        _admit(rules, "openat", pyseccomp.Arg(2, pyseccomp.MASKED_EQ, _WRITING, 0))
    rules.load()


class CallAlarm:
    """Raises ``CallTimeout`` in a block that takes too long; the block must run in the main thread.

    A program can dodge it (by catching ``BaseException``, by staying inside C code): the client then ends the process.

    Args:
        seconds: how long a block may take, in wall-clock time.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, self._ring)  # each time: a program may have changed it
        signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, _signal: int, _frame: FrameType | None) -> None:
        raise CallTimeout(f"the call took longer than its limit of {self._seconds:g} s")


def _limit(kind: int, value: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):  # macOS refuses some of them; the others still hold
        if sys.platform.startswith("linux"):
            raise


def _address_space_bytes() -> int:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _admit(rules: Any, name: str, *conditions: object) -> None:
    try:
        rules.add_rule(pyseccomp.ALLOW, name, *conditions)
    except (OSError, ValueError, RuntimeError):  # a call that this processor architecture does not have
        return
