"""A program compiled for the boxed tier, apart from any process: what the code generator hands to the loader."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FunctionInfo", "ProgramImage"]


@dataclass(frozen=True, slots=True)
class FunctionInfo:
    """One function of a program (``wcb_code_info`` of ``csrc/boxed/value.h``).

    Attributes:
        symbol: its native entry: a symbol of the image's code, or of the runtime (``"wcb_entity_eq"``).
        name: its ``__name__``, one of the image's names.
        parameters: the positional parameters, then the keyword-only ones; each is one of the image's names.
        num_positional: how many of them are positional.
        num_positional_only: how many of those are positional-only.
        num_keyword_only: how many are keyword-only.
        var_positional: whether it has ``*args``.
        var_keyword: whether it has ``**kwargs``.
        qualified_name: its ``__qualname__``.
        unread: a mask of the positional parameters that its body never looks at.
    """

    symbol: str
    name: str
    parameters: tuple[str, ...]
    num_positional: int
    num_positional_only: int
    num_keyword_only: int
    var_positional: bool
    var_keyword: bool
    qualified_name: str
    unread: int = 0


@dataclass(frozen=True, slots=True)
class ProgramImage:
    """A compiled program; can be pickled. Numbers in its code are indices into these tables.

    Attributes:
        code: the bytes of a relocatable object file.
        module_symbol: the function in it that runs the module's body: ``wcv (*)(wcb_ctx *)``.
        constants: nested None, bool, int (below 2**62), float, complex, str, Ellipsis, tuple and frozenset.
        names: by name id, each once; the runtime's well-known names come first.
        slot_names: by slot, each of them a name, sorted: the attributes that instances can have; at most 255.
        global_names: the name of each global of the program's own module, None for internal ones.
        infos: the functions.
        mission: the mission whose reward function is asked, or None.
        listing: the code as text, for people.
    """

    code: bytes
    module_symbol: str
    constants: tuple[object, ...]
    names: tuple[str, ...]
    slot_names: tuple[str, ...]
    global_names: tuple[str | None, ...]
    infos: tuple[FunctionInfo, ...]
    mission: str | None
    listing: str = ""

    def global_index(self, name: str) -> int:
        """Return the index of a global of the program's own module, -1 where it has none of that name."""
        return self.global_names.index(name) if name in self.global_names else -1
