"""The text of one native function in LLVM's language: blocks, temporaries, stack slots."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["FunctionText"]

_UNLIKELY = ", !prof !0"


class FunctionText:
    """Builds one function.

    Args:
        header: everything up to the opening brace.
    """

    def __init__(self, header: str) -> None:
        self.header = header
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.handler = "fail"
        """The block that an error goes to."""
        self._temporaries = 0
        self._labels: dict[str, int] = {}
        self._open = True
        self._argument_room = 0
        self.slots: dict[str, str] = {}

    def text(self) -> str:
        """The whole function."""
        entry = list(self.entry)
        if self._argument_room:
            entry.append(f"  %argv = alloca [{self._argument_room} x i64]")
        return "\n".join([self.header + " {", "entry:", *entry, *self.lines, "}", ""])

    # Blocks

    def label(self, hint: str) -> str:
        """Return a new block's name."""
        number = self._labels.get(hint, 0)
        self._labels[hint] = number + 1
        return f"{hint}{number}" if number else hint

    def place(self, label: str) -> None:
        """Begin a block; the one before falls through to it."""
        if self._open:
            self.lines.append(f"  br label %{label}")
        self.lines.append(f"{label}:")
        self._open = True

    def jump(self, label: str) -> None:
        """End the block by a jump."""
        self.end(f"br label %{label}")

    def branch(self, condition: str, yes: str, no: str) -> None:
        """End the block by a conditional jump."""
        self.end(f"br i1 {condition}, label %{yes}, label %{no}")

    def end(self, terminator: str) -> None:
        """End the block; code after it is dropped until the next one begins."""
        if self._open:
            self.lines.append(f"  {terminator}")
            self._open = False

    @property
    def reachable(self) -> bool:
        """Whether code placed here can run."""
        return self._open

    # Instructions

    def line(self, text: str) -> None:
        """Add an instruction without a result, or a comment."""
        if not self._open:  # code that nothing reaches still has to be well formed
            self.place_open(self.label("dead"))
        self.lines.append(f"  {text}")

    def value(self, instruction: str, hint: str = "t") -> str:
        """Add an instruction and return its result."""
        self._temporaries += 1
        name = f"%{hint}.{self._temporaries}" if hint == "t" else f'%"{hint}.{self._temporaries}"'
        self.line(f"{name} = {instruction}")
        return name

    def call(self, function: str, *arguments: str, hint: str = "t") -> str:
        """Call a function that gives a value or 0, and leave for the handler on 0."""
        result = self.value(f"call i64 @{_quoted(function)}({', '.join(('ptr %ctx', *arguments))})", hint)
        self.check(result)
        return result

    def call_status(self, function: str, *arguments: str) -> str:
        """Call a function that gives an int, and leave for the handler where it is negative."""
        result = self.value(f"call i32 @{_quoted(function)}({', '.join(('ptr %ctx', *arguments))})")
        failed = self.value(f"icmp slt i32 {result}, 0")
        self._leave_if(failed)
        return result

    def call_raising(self, function: str, *arguments: str) -> None:
        """Call a function that only raises."""
        self.value(f"call i64 @{_quoted(function)}({', '.join(('ptr %ctx', *arguments))})")
        self.jump(self.handler)

    def check(self, value: str) -> None:
        """Leave for the handler where a value is 0."""
        self._leave_if(self.value(f"icmp eq i64 {value}, 0"))

    def _leave_if(self, failed: str) -> None:
        following = self.label("ok")
        self.end(f"br i1 {failed}, label %{self.handler}, label %{following}{_UNLIKELY}")
        self.place_open(following)

    def place_open(self, label: str) -> None:
        """Begin a block that only jumps reach."""
        self.lines.append(f"{label}:")
        self._open = True

    def jump_unlikely(self, condition: str, label: str) -> None:
        """Jump where a condition holds that hardly ever does."""
        following = self.label("ok")
        self.end(f"br i1 {condition}, label %{label}, label %{following}{_UNLIKELY}")
        self.place_open(following)

    def truth_of_status(self, status: str) -> str:
        """An int result that is 0 or 1, as a condition."""
        return self.value(f"icmp ne i32 {status}, 0")

    # Memory

    def slot(self, name: str, initial: str | None = "0") -> str:
        """Return the address of a variable's slot on the stack, made on first use."""
        if name not in self.slots:
            address = f'%"{name}.slot"'
            self.slots[name] = address
            self.entry.append(f"  {address} = alloca i64")
            if initial is not None:
                self.entry.append(f"  store i64 {initial}, ptr {address}")
        return self.slots[name]

    def temporary_slot(self, hint: str) -> str:
        """Return a slot of its own."""
        number = self._labels.get(f"slot {hint}", 0)
        self._labels[f"slot {hint}"] = number + 1
        return self.slot(f".{hint}{number}")

    def load(self, address: str, hint: str = "t") -> str:
        """Load a value."""
        return self.value(f"load i64, ptr {address}", hint)

    def store(self, value: str, address: str) -> None:
        """Store a value."""
        self.line(f"store i64 {value}, ptr {address}")

    def field(self, pointer: str, offset: int) -> str:
        """The address ``offset`` bytes behind a pointer."""
        return self.value(f"getelementptr i8, ptr {pointer}, i64 {offset}")

    def pointer(self, value: str) -> str:
        """A value as a pointer."""
        return self.value(f"inttoptr i64 {value} to ptr")

    def arguments(self, values: list[str]) -> str:
        """Put values in a row on the stack and return where; good until the next call of this method."""
        if not values:
            return "null"
        self._argument_room = max(self._argument_room, len(values))
        for place, value in enumerate(values):
            address = "%argv" if not place else self.field("%argv", 8 * place)
            self.store(value, address)
        return "%argv"

    def argument_room(self, count: int) -> str:
        """Room for ``count`` values that a call writes; good until the next call of ``arguments``."""
        self._argument_room = max(self._argument_room, count)
        return "%argv"

    @contextmanager
    def handling(self, handler: str) -> Iterator[None]:
        """Send errors to another block for a while."""
        outer, self.handler = self.handler, handler
        try:
            yield
        finally:
            self.handler = outer


def _quoted(symbol: str) -> str:
    return symbol if symbol.startswith(('"', "wcb_")) else f'"{symbol}"'
