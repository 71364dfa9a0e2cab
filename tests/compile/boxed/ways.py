"""Runs a program's ``observe()`` as Python does, and with the compiler's rewrites and library, and compares."""

from __future__ import annotations

from collections.abc import Callable

import library_in_python
from differential import natively

from wc_engine.compile.rewrites import prepare

PRELUDE = '''
def attempt(function, *args, **keywords):
    """What a call gives, or the name of the exception."""
    try:
        return function(*args, **keywords)
    except Exception as error:
        return type(error).__name__

def listed(iterable):
    """Items up to the end or an exception."""
    result = []
    try:
        for item in iterable:
            result.append(item)
            if len(result) > 50:
                break
    except Exception as error:
        result.append(type(error).__name__)
    return result
'''

CASE = """
def case():
    return [repr(item) for item in observe()]
"""


def assembled(source: str) -> str:
    """Return a program with the prelude, behind its imports from the future."""
    future = "from __future__ import annotations\n"
    return future + PRELUDE + source.replace(future, "") if future in source else PRELUDE + source


def observed(run: Callable[[str], dict[str, object]], source: str) -> list[str]:
    """Return what ``observe()`` lists, each value as text."""
    try:
        observe = run(assembled(source))["observe"]
    except Exception as error:
        return [f"the module fails: {type(error).__name__}: {error}"]
    assert callable(observe)
    return [repr(item) for item in observe()]


def differences(found: list[str], expected: list[str]) -> list[str]:
    """Return where two observations differ, one line each."""
    lines = [
        f"{number}: {one} instead of {other}"
        for number, (one, other) in enumerate(zip(found, expected, strict=False))
        if one != other
    ]
    return (
        lines if len(found) == len(expected) else [*lines, f"{found[len(expected) :]} beside {expected[len(found) :]}"]
    )


def assert_rewritten_agrees(source: str) -> None:
    """Assert that rewrites and library give what Python gives."""
    expected = observed(library_in_python.run_with_python, source)
    found = observed(lambda text: library_in_python.run(text, prepare), source)
    assert not differences(found, expected), "\n".join(differences(found, expected))


def assert_native_agrees(source: str) -> None:
    """Assert that the compiled program gives what Python gives."""
    expected = observed(library_in_python.run_with_python, source)
    outcome, found = natively(assembled(source) + CASE)
    assert outcome == "value", f"{outcome}: {found}"
    assert not differences(found, expected), "\n".join(differences(found, expected))
