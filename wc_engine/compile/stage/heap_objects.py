"""Objects on the abstract heap: what is known of lists, sets, dicts, entities and instances that a program makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from wc_engine.compile.ir import TRUE, Expr

if TYPE_CHECKING:
    from wc_engine.compile.stage.queries import Query
from wc_engine.compile.stage.values import Const, UserClass, Value

__all__ = [
    "DEQUE",
    "Assigned",
    "AssociationObject",
    "DictObject",
    "Dropped",
    "EntityObject",
    "Entries",
    "Entry",
    "HeapObject",
    "InstanceObject",
    "SeqObject",
]

DEQUE = "collections.deque"
"""The kind of a deque."""


@dataclass(frozen=True, slots=True)
class SeqObject:
    """A list, set or frozenset, or a tuple whose length is known only at run time.

    Attributes:
        kind: ``"list"``, ``"set"``, ``"frozenset"``, ``"tuple"`` or ``DEQUE``.
        content: its elements, in order.
        distinct: for sets, whether ``content`` is known to hold no two equal elements. Where it is not, equal
            ones count once, as in any set.
    """

    kind: str
    content: Query
    distinct: bool = True


@dataclass(frozen=True, slots=True)
class EntityObject:
    """An entity that the program made.

    Attributes:
        type_name: its class.
        attributes: values by name, in the order in which they were set; ``UNBOUND`` where there is none on some path.
        frozen: its attributes were copied into a runtime table, so that it may no longer change.
        shuffled: two paths set them in different orders.
    """

    type_name: str
    attributes: tuple[tuple[str, Value], ...]
    frozen: bool = False
    shuffled: bool = False


@dataclass(frozen=True, slots=True)
class DictObject:
    """A dict whose keys are constants."""

    items: tuple[tuple[Const, Value], ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """Items put in a dict by a visit of something.

    Attributes:
        pairs: visits (key, value), in order.
        apart: no two of the keys are equal.
        key: the key of all of them, where it is one that is known.
        whole: the values are exactly all rows of this query, in order.
    """

    pairs: Query
    apart: bool = False
    key: Value | None = None
    whole: Query | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """One item put in a dict where ``condition`` holds; in a group, a value of UNBOUND adds a key and no element."""

    key: Value
    value: Value
    condition: Expr = TRUE


@dataclass(frozen=True, slots=True)
class Dropped:
    """A key taken out of a dict where ``condition`` holds."""

    key: Value
    condition: Expr = TRUE


Entry: TypeAlias = Entries | Assigned | Dropped


@dataclass(frozen=True, slots=True)
class AssociationObject:
    """A dict whose keys depend on the state: what was done to it, in order. A later entry of an equal key wins.

    Attributes:
        entries: what was put in and taken out.
        group: "" where the values are those of the entries; "list", "set" or "sum" where the value of a key is the
            list, set or sum of the values of its entries.
        default: what reading a missing key puts there: "list", "set", "int" of a defaultdict; "zero" for a Counter,
            where nothing is put; "" for KeyError.
        known: lookups that were made, with what they found (UNBOUND for nothing).
    """

    entries: tuple[Entry, ...]
    group: str = ""
    default: str = ""
    known: tuple[tuple[Value, Value], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class InstanceObject:
    """An instance of a class of the program that may change.

    Attributes:
        cls: its class.
        attributes: values by name; ``UNBOUND`` where it has none on this path.
        sealed: it has become a ``Record``, and nothing may change it any more.
    """

    cls: UserClass
    attributes: tuple[tuple[str, Value], ...]
    sealed: bool = False


HeapObject: TypeAlias = SeqObject | EntityObject | DictObject | AssociationObject | InstanceObject
