"""Shapes: how abstract values lie in memory as a fixed number of 64-bit leaves."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from wc_engine.compile.ir import FALSE, Expr, Kind, Lit, Op
from wc_engine.compile.stage.heap_objects import EntityObject, SeqObject
from wc_engine.compile.stage.store import finite_values, number_of
from wc_engine.compile.stage.stretches import StretchQuery
from wc_engine.compile.stage.values import MISSING, Const, Finite, Num, Record, Ref, Row, TupleValue, Union, Value

if TYPE_CHECKING:
    from wc_engine.compile.plan import Site
    from wc_engine.compile.stage.machine import Machine

__all__ = [
    "EntityShape",
    "ReferenceShape",
    "RowShape",
    "Shape",
    "UnionShape",
    "has_too_many_references",
    "is_list_shape",
    "is_plain_shape",
    "join_shapes",
    "leaf_kinds",
    "leaves_of",
    "pools_in",
    "shape_of",
    "value_of",
]


@dataclass(frozen=True, slots=True)
class NumShape:
    """A number: one leaf."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class FiniteShape:
    """One of some constants: one leaf, its index."""

    values: tuple[Const, ...]


@dataclass(frozen=True, slots=True)
class TupleShape:
    """A tuple: the leaves of its items."""

    items: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class RowShape:
    """An entity of a given state: one leaf, its row."""

    world: int
    type_name: str
    generation: int


@dataclass(frozen=True, slots=True)
class EntityShape:
    """A new entity, by value: the leaves of its attributes."""

    type_name: str
    attributes: tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class ReferenceShape:
    """One known entity on the abstract heap, itself: no leaf.

    Attributes:
        type_name: its type.
        key: where it is made, and which of those made there it is.
    """

    type_name: str
    key: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class RecordShape:
    """An instance of the program's that never changes: the leaves of its items."""

    definition: ast.ClassDef
    names: tuple[str, ...]
    items: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list, tuple or text whose elements lie in a pool: two leaves, where they begin and how many there are.

    Attributes:
        pool: the place that the pool belongs to.
        kind: ``"list"``, ``"tuple"`` or ``"str"``.
    """

    pool: Site
    kind: str


@dataclass(frozen=True, slots=True)
class UnionShape:
    """One of several shapes: a leaf for the tag, then as many of each kind as the one that needs most of that kind."""

    options: tuple[Shape, ...]


Shape: TypeAlias = (
    NumShape | FiniteShape | TupleShape | RowShape | EntityShape | ReferenceShape | RecordShape | ListShape | UnionShape
)

_MAX_REFERENCES = 12


def shape_of(m: Machine, value: Value) -> Shape:
    """Return the shape of a value; what has none is unsupported."""
    number = number_of(value)
    if number is not None:
        return NumShape(number[0])
    if isinstance(value, Const) and isinstance(value.value, tuple):
        return TupleShape(tuple(shape_of(m, Const(item)) for item in value.value))
    if isinstance(value, TupleValue):
        return TupleShape(tuple(shape_of(m, item) for item in value.items))
    if isinstance(value, Record):
        return RecordShape(value.cls.node, value.names, tuple(shape_of(m, item) for item in value.items))
    constants = finite_values(value)
    if constants is not None:
        return FiniteShape(tuple(dict.fromkeys(Const(item) for item in constants if item is not MISSING)))
    if isinstance(value, Row):
        return RowShape(value.world, value.type_name, value.generation)
    if isinstance(value, Union):
        shape = shape_of(m, value.options[0])
        for option in value.options[1:]:
            shape = join_shapes(shape, shape_of(m, option))
        return shape
    if isinstance(value, Ref):
        content = m.object(value)
        if isinstance(content, EntityObject) and value.object_id in m.made_once:
            return ReferenceShape(content.type_name, m.made_once[value.object_id])
        if isinstance(content, EntityObject):
            return EntityShape(content.type_name, tuple((name, shape_of(m, item)) for name, item in content.attributes))
        if isinstance(content, SeqObject) and isinstance(content.content, StretchQuery):
            return ListShape(m.tables_at_run_time.site_of(content.content.list_id), content.kind)
    m.unsupported("a list that grows at run time cannot hold this kind of value")


def join_shapes(first: Shape, second: Shape) -> Shape:
    """Return a shape that values of both fit."""
    options: list[Shape] = []
    for shape in (first, second):
        for option in shape.options if isinstance(shape, UnionShape) else (shape,):
            for place, known in enumerate(options):
                joined = _join_alike(known, option)
                if joined is not None:
                    options[place] = joined
                    break
            else:
                options.append(option)
    return options[0] if len(options) == 1 else UnionShape(tuple(options))


def has_too_many_references(shape: Shape) -> bool:
    """Whether what may be any of very many entities would unfold into too much code."""
    if isinstance(shape, UnionShape):
        return sum(isinstance(option, ReferenceShape) for option in shape.options) > _MAX_REFERENCES
    return isinstance(shape, TupleShape) and any(map(has_too_many_references, shape.items))


def _join_alike(first: Shape, second: Shape) -> Shape | None:
    """Return one shape for two of the same kind; None where only a union can hold both."""
    if first == second:
        return first
    if isinstance(first, FiniteShape) and isinstance(second, FiniteShape):
        return FiniteShape(tuple(dict.fromkeys(first.values + second.values)))
    if isinstance(first, TupleShape) and isinstance(second, TupleShape) and len(first.items) == len(second.items):
        if _labels(first) and _labels(second) and not _labels(first) & _labels(second):
            return None
        return TupleShape(tuple(map(join_shapes, first.items, second.items)))
    if isinstance(first, RecordShape) and isinstance(second, RecordShape):
        alike = first.definition is second.definition and first.names == second.names
        if alike and len(first.items) == len(second.items):
            return RecordShape(first.definition, first.names, tuple(map(join_shapes, first.items, second.items)))
    if isinstance(first, EntityShape) and isinstance(second, EntityShape):
        names = [name for name, _ in first.attributes]
        if first.type_name == second.type_name and names == [name for name, _ in second.attributes]:
            pairs = zip(first.attributes, second.attributes, strict=True)
            return EntityShape(first.type_name, tuple((n, join_shapes(a, b)) for (n, a), (_, b) in pairs))
    return None


def pools_in(shape: Shape | None) -> Iterator[Site]:
    """Yield the places of the pools that values of a shape lie in."""
    if isinstance(shape, ListShape):
        yield shape.pool
    elif isinstance(shape, EntityShape):
        for _, item in shape.attributes:
            yield from pools_in(item)
    elif isinstance(shape, (TupleShape, RecordShape, UnionShape)):
        for item in shape.options if isinstance(shape, UnionShape) else shape.items:
            yield from pools_in(item)


def is_plain_shape(shape: Shape) -> bool:
    """Whether values of a shape have no identity."""
    if isinstance(shape, (TupleShape, RecordShape)):
        return all(map(is_plain_shape, shape.items))
    return isinstance(shape, (NumShape, FiniteShape))


def is_list_shape(shape: Shape | None) -> bool:
    """Whether values of a shape are lists, and nothing else."""
    return isinstance(shape, ListShape) and shape.kind == "list"


def _labels(shape: TupleShape) -> set[object]:
    """The texts that say what a tuple is about: ``("heal", 2)`` and ``("move", agent)`` have little in common."""
    first = shape.items[0] if shape.items else None
    values = [constant.value for constant in first.values] if isinstance(first, FiniteShape) else []
    return set(values) if all(isinstance(value, str) for value in values) else set()


def leaf_kinds(shape: Shape) -> Iterator[Kind]:
    """Yield the machine type of each leaf."""
    if isinstance(shape, NumShape):
        yield shape.kind
    elif isinstance(shape, (FiniteShape, RowShape)):
        yield Kind.INT
    elif isinstance(shape, (TupleShape, RecordShape)):
        for item in shape.items:
            yield from leaf_kinds(item)
    elif isinstance(shape, ListShape):
        yield from (Kind.INT, Kind.INT)
    elif isinstance(shape, ReferenceShape):
        return
    elif isinstance(shape, EntityShape):
        for _, item in shape.attributes:
            yield from leaf_kinds(item)
    else:
        yield Kind.INT
        yield from _shared_kinds(shape)


def leaves_of(m: Machine, shape: Shape, value: Value) -> list[Expr] | None:
    """Return the leaves of a value in a shape; None where it does not fit."""
    if isinstance(shape, UnionShape):
        return _union_leaves(m, shape, value)
    if isinstance(shape, NumShape):
        number = number_of(value)
        return [number[1]] if number is not None and number[0] is shape.kind else None
    if isinstance(shape, FiniteShape):
        constants = finite_values(value)
        places = {constant: place for place, constant in enumerate(shape.values)}
        if constants is None or any(item is not MISSING and Const(item) not in places for item in constants):
            return None
        index: Expr = value.index if isinstance(value, Finite) else Lit(0, Kind.INT)
        return [m.new_templates().remap(index, [0 if item is MISSING else places[Const(item)] for item in constants])]
    if isinstance(shape, RowShape):
        fits = isinstance(value, Row) and shape == RowShape(value.world, value.type_name, value.generation)
        return [value.index] if fits and isinstance(value, Row) else None
    if isinstance(shape, ListShape):
        return _list_leaves(m, shape, value)
    if isinstance(shape, ReferenceShape):
        return [] if isinstance(value, Ref) and m.made_once.get(value.object_id) == shape.key else None
    pairs: list[tuple[Shape, Value]]
    if isinstance(shape, (TupleShape, RecordShape)):
        items: tuple[Any, ...] = ()
        if isinstance(shape, RecordShape):
            fits = isinstance(value, Record) and (value.cls.node, value.names) == (shape.definition, shape.names)
            items = value.items if fits and isinstance(value, Record) else ()
            if not fits:
                return None
        elif isinstance(value, TupleValue):
            items = value.items
        elif isinstance(value, Const) and isinstance(value.value, tuple):
            items = tuple(Const(item) for item in value.value)
        else:
            return None
        if len(items) != len(shape.items):
            return None
        pairs = list(zip(shape.items, items, strict=True))
    else:
        content = m.object(value) if isinstance(value, Ref) else None
        if not isinstance(content, EntityObject) or content.type_name != shape.type_name:
            return None
        if isinstance(value, Ref) and value.object_id in m.made_once:
            return None
        if [name for name, _ in content.attributes] != [name for name, _ in shape.attributes]:
            return None
        pairs = [(left, right) for (_, left), (_, right) in zip(shape.attributes, content.attributes, strict=True)]
    result: list[Expr] = []
    for inner, item in pairs:
        leaves = leaves_of(m, inner, item)
        if leaves is None:
            return None
        result += leaves
    return result


def _list_leaves(m: Machine, shape: ListShape, value: Value) -> list[Expr] | None:
    content = m.object(value) if isinstance(value, Ref) else None
    if not isinstance(content, SeqObject) or content.kind != shape.kind:
        return None
    place = content.content
    if not isinstance(place, StretchQuery) or m.tables_at_run_time.site_of(place.list_id) != shape.pool:
        return None
    return [place.start, place.count]


_ZEROS: dict[Kind, Expr] = {Kind.INT: Lit(0, Kind.INT), Kind.FLOAT: Lit(0.0, Kind.FLOAT), Kind.BOOL: FALSE}


def _shared_kinds(shape: UnionShape) -> list[Kind]:
    """The kinds of the leaves that the options of a union share: only one of them is there."""
    needed: Counter[Kind] = Counter()
    for option in shape.options:
        needed |= Counter(leaf_kinds(option))
    return [kind for kind in Kind for _ in range(needed[kind])]


def _shared_places(shape: UnionShape, option: Shape) -> list[int]:
    """Which of the shared leaves are those of an option."""
    shared = _shared_kinds(shape)
    free = {kind: iter([place for place, known in enumerate(shared) if known is kind]) for kind in Kind}
    return [next(free[kind]) for kind in leaf_kinds(option)]


def _union_leaves(m: Machine, shape: UnionShape, value: Value) -> list[Expr] | None:
    options = value.options if isinstance(value, Union) else (value,)
    shared: list[Expr | None] = [None] * len(_shared_kinds(shape))
    places: list[int] = []
    for number, option in enumerate(options):
        for place, candidate in enumerate(shape.options):
            leaves = leaves_of(m, candidate, option)
            if leaves is None:
                continue
            for spot, leaf in zip(_shared_places(shape, candidate), leaves, strict=True):
                known = shared[spot]
                if known is not None and isinstance(value, Union):  # the tag tells whose leaf it is
                    meant = Op("eq", (value.tag, Lit(number, Kind.INT)), Kind.BOOL)
                    leaf = Op("select", (meant, leaf, known), leaf.kind)
                shared[spot] = leaf
            places.append(place)
            break
        else:
            return None
    tag = m.new_templates().remap(value.tag, places) if isinstance(value, Union) else Lit(places[0], Kind.INT)
    filled = zip(shared, _shared_kinds(shape), strict=True)
    return [tag, *(_ZEROS[kind] if leaf is None else leaf for leaf, kind in filled)]


def value_of(m: Machine, shape: Shape, load: Callable[[Kind], Expr]) -> Value:
    """Return the value whose leaves ``load`` gives one after the other."""
    if isinstance(shape, NumShape):
        expr = load(shape.kind)
        return Num(expr, 0, 1) if shape.kind is Kind.BOOL else Num(expr)
    if isinstance(shape, FiniteShape):
        index = load(Kind.INT)
        if len(shape.values) == 1:
            return shape.values[0]
        return Finite(index, tuple(constant.value for constant in shape.values))
    if isinstance(shape, RowShape):
        return Row(shape.world, shape.type_name, load(Kind.INT), shape.generation)
    if isinstance(shape, TupleShape):
        return TupleValue(tuple(value_of(m, item, load) for item in shape.items))
    if isinstance(shape, RecordShape):
        return Record(m.classes[shape.definition], shape.names, tuple(value_of(m, i, load) for i in shape.items))
    if isinstance(shape, EntityShape):
        attributes = tuple((name, value_of(m, item, load)) for name, item in shape.attributes)
        return m.new_object(EntityObject(shape.type_name, attributes, frozen=True))
    if isinstance(shape, ListShape):
        pool = m.tables_at_run_time.pool(shape.pool)
        start, count = load(Kind.INT), load(Kind.INT)
        return m.new_object(SeqObject(shape.kind, StretchQuery(pool, start, count)))
    if isinstance(shape, ReferenceShape):
        ref = _made_once(m, shape)
        if ref is None:
            m.unsupported("an entity in a list that is not made before it")
        return ref
    return _union_value(m, shape, load)


def _union_value(m: Machine, shape: UnionShape, load: Callable[[Kind], Expr]) -> Value:
    """Return a union; entities that are not made on this path, and so cannot be meant, are left out."""
    tag = load(Kind.INT)
    leaves = [load(kind) for kind in _shared_kinds(shape)]
    options: list[Value] = []
    places: list[int] = []
    for option in shape.options:
        known = not isinstance(option, ReferenceShape) or _made_once(m, option) is not None
        places.append(len(options) if known else 0)
        if known:
            own = iter([leaves[place] for place in _shared_places(shape, option)])
            options.append(value_of(m, option, lambda _, own=own: next(own)))  # type: ignore[misc]
    if not options:
        m.unsupported("an entity in a list that is not made before it")
    return options[0] if len(options) == 1 else Union(m.temp(m.new_templates().remap(tag, places)), tuple(options))


def _made_once(m: Machine, shape: ReferenceShape) -> Ref | None:
    return next(
        (Ref(number) for number, key in m.made_once.items() if key == shape.key and number in m.store.heap), None
    )
