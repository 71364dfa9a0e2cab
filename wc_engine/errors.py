"""The errors that wc_engine raises, and nothing else.

Misuse of the API raises plain ``ValueError`` or ``TypeError``. *No plan*, *budget exhausted* and *program refuted* are
results (``SearchStatus``, ``Evaluation``), not exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BudgetSpentError",
    "EncodingError",
    "InternalError",
    "InvalidModelError",
    "LanguageModelError",
    "ModelExecutionError",
    "SourceLocation",
    "SynthesisError",
    "TranslationError",
    "TypeInferenceError",
    "UnsupportedConstructError",
    "UserInputError",
    "WCEngineError",
]


class WCEngineError(Exception):
    """Base class of every error of this package."""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A place in a program text.

    Attributes:
        file: the file's name as the user gave it, or ``"<program>"``.
        line: line number, from 1.
        column: column of the first character, from 0.
        source: the text of that line, without its line end.
        end_column: column behind the last character, or None.
    """

    file: str
    line: int
    column: int = 0
    source: str = ""
    end_column: int | None = None

    def show(self) -> str:
        """Return the place as ``file:line``, the source line and a caret below it."""
        head = f"{self.file}:{self.line}"
        if not self.source.strip():
            return head
        indent = len(self.source) - len(self.source.lstrip())
        width = max(1, (self.end_column or self.column + 1) - self.column)
        caret = " " * max(0, self.column - indent) + "^" * min(width, max(1, len(self.source) - self.column))
        return f"{head}\n    {self.source.strip()}\n    {caret}"


class UserInputError(WCEngineError):
    """Input that a person gave is wrong: the message names the file, the line or key, and what to do.

    Attributes:
        file: the file, or None where the input is no file.
        line: line number from 1, or None.
    """

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None) -> None:
        self.message = message
        self.file = file
        self.line = line
        place = "" if file is None else f"{file}:{line}: " if line is not None else f"{file}: "
        super().__init__(place + message)


class TranslationError(WCEngineError):
    """A program cannot be translated; prints the place, the source line and a caret."""

    def __init__(self, message: str, location: SourceLocation | None = None) -> None:
        self.message = message
        self.location = location
        super().__init__(message)

    def __str__(self) -> str:
        return self.message if self.location is None else f"{self.location.show()}\n{self.message}"


class UnsupportedConstructError(TranslationError):
    """Valid Python that may be translated one day; the model runs interpreted meanwhile."""


class InvalidModelError(TranslationError):
    """A text that will never be a world model: a syntax error, or no ``transition``."""


class TypeInferenceError(TranslationError):
    """A value has no single type that native code could give it."""


class ModelExecutionError(WCEngineError):
    """A world model failed on a step.

    Attributes:
        state: the state (``wc_engine.state.State``) it was called on.
        action: the action.
        cause: the program's own error, as text (``"KeyError: 'Player'"``).
    """

    def __init__(self, message: str, *, state: object = None, action: str | None = None, cause: str = "") -> None:
        self.state = state
        self.action = action
        self.cause = cause
        super().__init__(message)


class EncodingError(WCEngineError, ValueError):
    """A state does not fit the schema or the layout."""


class SynthesisError(WCEngineError):
    """A proposer or the sandbox failed; carries the program.

    Attributes:
        program: the program's text, or None.
    """

    def __init__(self, message: str, *, program: str | None = None) -> None:
        self.program = program
        super().__init__(message)


class LanguageModelError(WCEngineError):
    """No language model gave an answer: a bad key, no connection after all retries, or none recorded for a replay."""


class BudgetSpentError(WCEngineError):
    """A limit on calls, tokens or cost does not allow a further call of a language model; nothing is broken.

    Attributes:
        limit: the setting that was reached: ``"max_calls"``, ``"max_tokens"`` or ``"max_cost"``.
    """

    def __init__(self, message: str, *, limit: str) -> None:
        self.limit = limit
        super().__init__(message)


class InternalError(WCEngineError):
    """A bug of wc_engine itself: a broken invariant of the IR or of the C contract."""
