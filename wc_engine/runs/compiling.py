"""What compiling a program for some data gives, as a report."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from wc_engine.compile import BoxedModel, NativeModel, compile_program
from wc_engine.compile.mixed import NativeHalf, compile_half
from wc_engine.errors import (
    EncodingError,
    InternalError,
    TranslationError,
    UserInputError,
    WCEngineError,
)
from wc_engine.models.dataset import Transition, read_transitions
from wc_engine.models.open import open_model
from wc_engine.models.program import REWARD_FUNCS, Program
from wc_engine.state.entities import State

__all__ = [
    "CompileReport",
    "ProgramFunction",
    "compile_report",
    "read_all_transitions",
    "reason_of",
    "try_compile",
    "try_half",
]


@dataclass(frozen=True, slots=True)
class ProgramFunction:
    """A function at the top level of a program.

    Attributes:
        name: its name.
        line: its first line.
        native: whether it becomes native code; None where the compiler did not come so far.
    """

    name: str
    line: int
    native: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileReport:
    """What compiling gave.

    Attributes:
        model: the program's file.
        compiled: the compiled model, or None where it is not supported.
        error: why it is not, or None.
        half: the half of the program that compiles where the whole does not, or None.
        functions: the program's functions.
        num_states: distinct states that it was laid out for.
        words: 64-bit words of the largest packed state, or None.
        actions: the actions of the data.
    """

    model: str
    compiled: NativeModel | None = field(repr=False)
    error: WCEngineError | None
    half: NativeHalf | None = field(repr=False)
    functions: tuple[ProgramFunction, ...]
    num_states: int
    words: int | None
    actions: tuple[str, ...]

    @property
    def dynamic_types(self) -> tuple[str, ...] | None:
        """The entity types in the packed state, sorted; None where nothing was compiled."""
        return None if self.compiled is None else tuple(sorted(self.compiled.dynamic_types))

    @property
    def static_types(self) -> tuple[str, ...] | None:
        """The entity types that no transition changes, sorted; None where nothing was compiled."""
        if self.compiled is None:
            return None
        if isinstance(self.compiled, BoxedModel):
            return ()
        names = {entity_type.name for entity_type in self.compiled.schema.types}
        return tuple(sorted(names - self.compiled.dynamic_types))

    def explanation(self) -> str:
        """Return why the program is not supported, with the place and a caret."""
        if isinstance(self.error, TranslationError):
            return str(self.error)
        return reason_of(self.error)[0] or ""

    def as_record(self) -> dict[str, object]:
        """Return the report of ``wc-engine compile`` as JSON values."""
        reason, line = reason_of(self.error)
        return {
            "model": self.model,
            "supported": self.compiled is not None,
            "reason": reason,
            "line": line,
            "compile_seconds": None if self.compiled is None else round(self.compiled.compile_seconds, 3),
            "dynamic_types": self.dynamic_types,
            "static_types": self.static_types,
            "words": self.words,
            "actions": list(self.actions),
            "native_half": None if self.half is None else self.half.part.value,
            "functions": [asdict(function) for function in self.functions],
        }


def read_all_transitions(paths: Iterable[str | os.PathLike[str]]) -> list[Transition]:
    """Read several files of transitions; raises ``UserInputError`` as ``read_transitions`` does."""
    return [transition for path in paths for transition in read_transitions(path)]


def compile_report(program: Program, transitions: Sequence[Transition], *, mission: str | None = None) -> CompileReport:
    """Compile a program for the states and actions of transitions.

    Args:
        program: the program.
        transitions: at least one.
        mission: whose reward function to use where the program has several; None for the first in the data.

    Raises:
        UserInputError: no transition has the mission.
        InvalidModelError: the program cannot be loaded.
    """
    states = list(dict.fromkeys(state for one in transitions for state in (one.state, one.next_state)))
    actions = tuple(sorted({transition.action for transition in transitions}))
    missions = sorted({transition.mission for transition in transitions})
    if mission is not None and mission not in missions:
        raise UserInputError(f"no transition has the mission {mission!r}: the data has {', '.join(missions[:8])}")
    if mission is None and REWARD_FUNCS in program.defines:
        mission = missions[0]
    compiled, error = try_compile(program, states, actions, mission)
    words: int | None = None
    if compiled is not None:
        try:
            largest = {name: max(len(state.of_type(name)) for state in states) for name in compiled.dynamic_types}
            words = compiled.bind(states[0], rows=largest).num_words
        except EncodingError as problem:
            compiled, error = None, problem
    elif isinstance(error, InternalError):
        open_model(program).close()  # says what is wrong where the program itself is
    half = None if compiled is not None else try_half(program, states, actions, mission)
    return CompileReport(
        model=program.file,
        compiled=compiled,
        error=error,
        half=half,
        functions=_functions(program, reason_of(error)[1], half, supported=compiled is not None),
        num_states=len(states),
        words=words,
        actions=actions,
    )


def try_compile(
    program: Program, states: Iterable[State], actions: Sequence[str], mission: str | None
) -> tuple[NativeModel | None, WCEngineError | None]:
    """Compile a program, or return why it runs interpreted.

    A bug of the compiler (an ``InternalError``) is such a reason, too: it keeps no model from running.
    """
    try:
        return compile_program(program, states, actions, mission), None
    except (TranslationError, EncodingError, InternalError) as error:
        return None, error
    except Exception as error:
        return None, InternalError(f"the compiler raised {type(error).__name__}: {error}".rstrip(": "))


def try_half(
    program: Program, states: Iterable[State], actions: Sequence[str], mission: str | None
) -> NativeHalf | None:
    """Compile half of a program that does not compile as a whole, or return None; a bug of the compiler is no more."""
    try:
        return compile_half(program, states, actions, mission)
    except Exception:
        return None


def _functions(
    program: Program, wrong_line: int | None, half: NativeHalf | None, *, supported: bool
) -> tuple[ProgramFunction, ...]:
    result = []
    for node in program.tree.body:
        if isinstance(node, ast.FunctionDef) and half is not None:
            result.append(ProgramFunction(node.name, node.lineno, node.name not in half.stubs))
        elif isinstance(node, ast.FunctionDef):
            has_error = wrong_line is not None and node.lineno <= wrong_line <= (node.end_lineno or node.lineno)
            result.append(ProgramFunction(node.name, node.lineno, True if supported else False if has_error else None))
    return tuple(result)


def reason_of(error: WCEngineError | None) -> tuple[str | None, int | None]:
    """Return why a program was not compiled, and the line that this is about."""
    if isinstance(error, TranslationError):
        return error.message, None if error.location is None else error.location.line
    if isinstance(error, InternalError):
        return f"a bug of wc_engine, please report it: {error}", None
    return (None, None) if error is None else (str(error), None)
