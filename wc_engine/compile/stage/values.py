"""Abstract values: what the specialising interpreter knows about a Python value.

A value is as concrete as it can be. What does not depend on the state or the action is a ``Const`` and costs
nothing; what depends on one finite index (the action, the colour of a door) is a ``Finite`` table over that index;
numbers that depend on the state are ``Num`` expressions; entities are ``Row`` numbers of a table; lists, sets, dicts
and new entities are ``Ref`` names of objects on an abstract heap, whose contents are themselves abstract
(``heap_objects.py``).
"""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from wc_engine.compile.ir import Expr, Kind, Lit

if TYPE_CHECKING:
    from wc_engine.compile.stage.queries import Query

__all__ = [
    "INT_MAX",
    "INT_MIN",
    "MADE_EARLIER",
    "MISSING",
    "NONE",
    "OPAQUE_TEXT",
    "UNBOUND",
    "Builtin",
    "ClassValue",
    "Closure",
    "Conflict",
    "Const",
    "Descriptor",
    "DictView",
    "EnumClass",
    "Facts",
    "Finite",
    "Frame",
    "Method",
    "ModuleValue",
    "Num",
    "Partial",
    "QueryValue",
    "Record",
    "Ref",
    "Row",
    "SuperValue",
    "TupleValue",
    "Union",
    "UserClass",
    "Value",
    "boolean",
    "from_storage",
]

INT_MIN, INT_MAX = -(2**63), 2**63 - 1

Facts: TypeAlias = tuple[tuple[Expr, frozenset[int]], ...]
"""What a condition says of finite indices: each index expression with the values that it can still take."""


class _Missing:
    """An entry of a table that stands for an index value on which the operation raises."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


@dataclass(frozen=True, slots=True)
class Const:
    """A constant: None, bool, int, float, str, or a tuple of constants.

    Equality is by type as well as by value, so ``Const(1) != Const(True)``.
    """

    value: Any
    kinds: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", _kinds(self.value))


def _kinds(value: object) -> object:
    if isinstance(value, enum.Enum):
        return type(value)
    if isinstance(value, tuple):
        return tuple(_kinds(item) for item in value)
    if isinstance(value, float):
        return ("float", repr(value))  # 0.0 and -0.0 are equal, and differ
    return type(value).__name__


NONE = Const(None)


@dataclass(frozen=True, slots=True)
class Num:
    """A number or truth value computed at run time.

    Attributes:
        expr: the expression.
        low: for ints, a lower bound of the value; None where nothing is known.
        high: likewise an upper bound.
        if_true: for conditions, what holds where the condition is true.
        if_false: what holds where it is false.
    """

    expr: Expr
    low: int | None = None
    high: int | None = None
    if_true: Facts = ()
    if_false: Facts = ()

    @property
    def kind(self) -> Kind:
        """The machine type."""
        return self.expr.kind


def boolean(expr: Expr, if_true: Facts = (), if_false: Facts = ()) -> Num | Const:
    """Return a condition, as a constant where it is one."""
    if isinstance(expr, Lit):
        return Const(bool(expr.value))
    return Num(expr, 0, 1, if_true, if_false)


@dataclass(frozen=True, slots=True)
class Finite:
    """A constant chosen by an index at run time: ``values[index]``.

    Attributes:
        index: an int expression from 0 up.
        values: a constant for each index, or ``MISSING`` where the index cannot occur.
    """

    index: Expr
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TupleValue:
    """A tuple of known length."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An entity of the state that the program was given: a row of its type's table.

    Attributes:
        world: which state it came from (0 the argument of ``transition``, 1 and 2 those of ``reward_func``).
        type_name: its type.
        index: its row.
        generation: how many deep copies lie between it and the state; entities of different generations differ.
    """

    world: int
    type_name: str
    index: Expr
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Ref:
    """An object on the abstract heap."""

    object_id: int


@dataclass(frozen=True, slots=True)
class Union:
    """One of several values, told apart by a tag at run time; option ``i`` is meant where ``tag == i``."""

    tag: Expr
    options: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Frame:
    """A scope: which names are its own, and the cells that hold them.

    Attributes:
        cells: cell number by name.
        parent: the enclosing scope, or None for the module.
        name: the function's name, for messages.
        methods: for the body of a class, the scope that functions defined there see.
        first: for a call, the name of the function's first parameter.
    """

    cells: dict[str, int]
    parent: Frame | None
    name: str
    methods: Frame | None = None
    first: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Closure:
    """A function or lambda with the scope it was made in."""

    node: ast.FunctionDef | ast.Lambda
    frame: Frame
    defaults: tuple[Value, ...]
    keyword_defaults: tuple[tuple[str, Value], ...]
    name: str


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A class of entities.

    Attributes:
        name: its name.
        ancestors: its own name first, then those of its bases.
        members: what its body and those of its bases bind beside the prelude's methods.
        init: its ``__init__`` where that is not the prelude's.
    """

    name: str
    ancestors: tuple[str, ...]
    members: tuple[tuple[str, Value], ...] = field(default=(), compare=False)
    init: Closure | None = field(default=None, compare=False)


@dataclass(eq=False, slots=True)
class UserClass:
    """A class of the program whose instances are no entities.

    Attributes:
        node: its definition.
        name: its name.
        lineage: the classes in which its attributes are looked up, itself first.
        namespace: what its body binds; nobody changes it.
        is_tuple: its instances are tuples.
        is_abstract: it derives from ``abc.ABC``.
        frozen: the attributes that a frozen dataclass does not let anybody assign, or None.
        slots: what ``__slots__`` names, or None.
        bases: the classes of the program that it derives from directly.
        by_value: its instances become records: they compare and hash by their attributes and are not meant to change.
    """

    node: ast.ClassDef
    name: str
    lineage: tuple[UserClass, ...]
    namespace: dict[str, Value]
    is_tuple: bool = False
    is_abstract: bool = False
    frozen: frozenset[str] | None = None
    slots: frozenset[str] | None = None
    bases: tuple[UserClass, ...] = ()
    by_value: bool = False

    def lookup(self, name: str) -> Value | None:
        """Return what a name means in the class and its bases; None where it means nothing."""
        return next((cls.namespace[name] for cls in self.lineage if name in cls.namespace), None)


@dataclass(eq=False, slots=True)
class EnumClass:
    """An enumeration of the program; its members are constants.

    Attributes:
        name: its name.
        real: the enumeration as Python makes it of the constants in the body.
        members: the methods and properties that the body binds.
        values: the class of named tuples that the members' values are instances of, where they are.
    """

    name: str
    real: type[enum.Enum]
    members: dict[str, Value]
    values: UserClass | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Descriptor:
    """What a class binds a name to, with a rule of its own for access.

    Attributes:
        kind: ``"property"``, ``"staticmethod"``, ``"classmethod"``, ``"cached_property"`` or ``"abstract"``.
        function: the function; a property's getter.
        setter: a property's setter.
    """

    kind: str
    function: Value
    setter: Value | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An instance of the program's that never changes and whose identity nobody may ask for.

    Attributes:
        cls: its class.
        names: the names of its attributes; empty for tuples.
        items: the attributes' values, or the tuple's items.
    """

    cls: UserClass
    names: tuple[str, ...]
    items: tuple[Value, ...]


@dataclass(frozen=True, eq=False, slots=True)
class SuperValue:
    """``super()`` in a method of ``cls`` called on ``receiver``, an instance or a class."""

    cls: UserClass
    receiver: Value


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function, class or exception of Python's own, by qualified name (``"len"``, ``"copy.deepcopy"``)."""

    name: str


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """An imported standard module."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Method:
    """A method bound to its receiver."""

    receiver: Value
    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Partial:
    """``functools.partial(function, *arguments, **keywords)``."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, eq=False, slots=True)
class QueryValue:
    """A range, or an iterator that nothing has been taken from: a generator, ``map``, ``filter``, ``zip``, ...

    Attributes:
        query: its elements.
        kind: ``"range"``, or what made the iterator.
        number: which iterator it is.
        made: when it was made.
        stored: whether it came out of a variable or container, and so can be used again.
        site: its place in the plan.
        over: the objects that it goes through directly.
        positioned: whether it knows how many of its elements were taken.
    """

    query: Query
    kind: str
    number: int = 0
    made: int = 0
    stored: bool = False
    site: tuple[int, int] = (0, 0)
    positioned: bool = False
    over: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DictView:
    """``d.keys()``, ``d.values()`` or ``d.items()``: what the dict holds when somebody looks."""

    owner: Ref
    part: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that two paths left in forms with nothing in common. Harmless unless it is read."""

    reason: str


MADE_EARLIER = Conflict("it was made in an earlier round of a loop")
"""An object of a round of a loop, in the next one."""
OPAQUE_TEXT = Conflict("a text made of numbers of the state is not translated yet")
"""A text that nothing may look at but what drops it."""


@dataclass(frozen=True, slots=True)
class _Unbound:
    """The content of a name before it is assigned."""


UNBOUND = _Unbound()

Value: TypeAlias = (
    Const
    | Num
    | Finite
    | TupleValue
    | Row
    | Ref
    | Union
    | Closure
    | ClassValue
    | Builtin
    | ModuleValue
    | Method
    | Partial
    | QueryValue
    | DictView
    | Conflict
    | UserClass
    | EnumClass
    | Descriptor
    | Record
    | SuperValue
    | _Unbound
)


def from_storage(value: Value) -> Value:
    """Return a value as it comes out of a variable or container: an iterator there can be used more than once."""
    if isinstance(value, QueryValue) and value.kind != "range":
        return replace(value, stored=True)
    return value
