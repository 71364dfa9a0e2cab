"""Templates: how the abstract states of several paths become one where the paths meet.

A value that they agree on stays as it is. Otherwise a *template* takes its place: fresh variables in the shape of the
values, which every path fills by *moves* before it arrives. Values of one kind share a variable; constants become a
``Finite`` table over a fresh index; what has nothing in common becomes a ``Union`` with a tag.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeGuard

from wc_engine.compile.ir import Expr, Kind, Lit, Load, Op, TableArray, Var
from wc_engine.compile.passes.walk import variables
from wc_engine.compile.stage.contents import content_moves, content_template
from wc_engine.compile.stage.entry_templates import (
    as_association,
    association_moves,
    association_template,
    without_lookups,
)
from wc_engine.compile.stage.heap_objects import (
    AssociationObject,
    DictObject,
    EntityObject,
    HeapObject,
    InstanceObject,
    SeqObject,
)
from wc_engine.compile.stage.queries import LOST, ConflictQuery, Query
from wc_engine.compile.stage.store import finite_values, number_of
from wc_engine.compile.stage.values import (
    MISSING,
    UNBOUND,
    Conflict,
    Const,
    Finite,
    Num,
    Record,
    Row,
    TupleValue,
    Union,
    Value,
)

__all__ = ["Move", "Templates"]

Move = tuple[Var, Expr]


_MAX_FINITE = 4096
_FEW_FLOATS = 16
_SOFT_BOUND, _SOFT_STEP = 2**61, 2**31
"""A number that grows by less than the step in each round of a loop cannot get beyond the bound: 2**30 rounds take
longer than any step may. Such a number needs no guard against overflow."""


def _shape(value: Value) -> object:
    """Values of one shape share a template."""
    number = number_of(value)
    if number is not None:
        return ("number", number[0])
    if isinstance(value, Const) and isinstance(value.value, tuple):
        return ("tuple", len(value.value))
    if isinstance(value, TupleValue):
        return ("tuple", len(value.items))
    if isinstance(value, (Const, Finite)):
        return ("finite",)
    if isinstance(value, Record):
        return ("record", value.cls, value.names, len(value.items))
    if isinstance(value, Row):
        return ("row", value.world, value.type_name, value.generation)
    return ("same", value)


def _items(value: Value) -> tuple[Value, ...]:
    if isinstance(value, (TupleValue, Record)):
        return value.items
    assert isinstance(value, Const)
    return tuple(Const(item) for item in value.value)


class Templates:
    """Makes the templates of one meeting of paths, and the moves that fill them.

    ``settling`` is set at the head of a loop after its first rounds: a choice among ints that still grows becomes a
    number, for what counts or sums would have some constants more in each round.

    Only variables made here are ever moved into: a variable that a template merely mentions means something else to
    others.

    Args:
        new_var: returns a fresh variable of a kind.
        new_table: registers a constant int table and returns its array.
        changes: at the head of a loop, whether a variable changes from round to round: a value of an earlier round
            that mentions it must be kept in a variable of its own.
    """

    def __init__(
        self,
        new_var: Callable[[Kind], Var],
        new_table: Callable[[tuple[int, ...]], TableArray],
        changes: Callable[[Var], bool] = lambda _: False,
    ) -> None:
        self._changes = changes
        self._fresh_var = new_var
        self._new_table = new_table
        self._own: set[Expr] = set()
        self.settling = False

    def _new_var(self, kind: Kind) -> Var:
        variable = self._fresh_var(kind)
        self._own.add(variable)
        return variable

    def owns(self, expr: Expr) -> bool:
        """Whether an expression is a variable of these templates."""
        return expr in self._own

    # ---- templates --------------------

    def template(self, values: list[Value], *, widen: bool = False) -> Value:
        """Return a value of fresh variables that each of ``values`` can be moved into.

        Args:
            values: at least one.
            widen: forget the bounds of ints: the template heads a loop.
        """
        first = values[0]
        if all(value == first for value in values[1:]) and not self._goes_stale(first):
            return first
        if widen and self.settling:
            numbers = [self._number(value) for value in values]
            if all(number is not None and number[0] is Kind.INT for number in numbers):
                values = [Num(number[1], number[2], number[3]) for number in numbers if number is not None]
        for value in values:
            if isinstance(value, Conflict):
                return value
        flat = [option for value in values for option in (value.options if isinstance(value, Union) else (value,))]
        shapes: dict[object, list[Value]] = {}
        finite = all(isinstance(value, (Const, Finite)) for value in flat)
        same_kind = len({_shape(value) for value in flat}) == 1
        if finite and not (same_kind and _shape(flat[0]) != ("finite",)):
            return self._finite_template(flat)
        for value in flat:
            shapes.setdefault(_shape(value), []).append(value)
        options = [self._template_of_shape(shape, group, widen) for shape, group in shapes.items()]
        if len(options) == 1:
            return options[0]
        if len(options) > 16:
            return Conflict("too many kinds of values meet here")
        return Union(self._new_var(Kind.INT), tuple(options))

    def _goes_stale(self, value: Value) -> bool:
        """Whether a value mentions a variable that means something else in the next round."""
        if isinstance(value, (TupleValue, Record)):
            return any(self._goes_stale(item) for item in value.items)
        if isinstance(value, Union):
            return self._is_stale(value.tag) or any(self._goes_stale(option) for option in value.options)
        if isinstance(value, Num):
            return self._is_stale(value.expr)
        return isinstance(value, (Row, Finite)) and self._is_stale(value.index)

    def _is_stale(self, expr: Expr) -> bool:
        return any(variable not in self._own and self._changes(variable) for variable in variables(expr))

    def _template_of_shape(self, shape: Any, group: list[Value], widen: bool) -> Value:
        if all(value == group[0] for value in group[1:]) and not self._goes_stale(group[0]):
            return group[0]
        if shape[0] == "number":
            lows = [number_of(value)[2] for value in group]  # type: ignore[index]
            highs = [number_of(value)[3] for value in group]  # type: ignore[index]
            low = None if None in lows else min(low for low in lows if low is not None)
            high = None if None in highs else max(high for high in highs if high is not None)
            if shape[1] is Kind.FLOAT:
                return self._float_template(group, widen)
            if shape[1] is Kind.BOOL:
                low, high = 0, 1
            elif widen:
                top = _SOFT_BOUND + _SOFT_STEP
                slow = low is not None and high is not None and -top <= low and high <= top
                low, high = (-_SOFT_BOUND, _SOFT_BOUND) if slow else (None, None)
            return Num(self._new_var(shape[1]), low, high)
        if shape[0] == "tuple":
            columns = zip(*(_items(value) for value in group), strict=True)
            return TupleValue(tuple(self.template(list(column), widen=widen) for column in columns))
        if shape[0] == "record":
            columns = zip(*(_items(value) for value in group), strict=True)
            return Record(shape[1], shape[2], tuple(self._column_template(list(column), widen) for column in columns))
        if shape[0] == "row":
            row = group[0]
            assert isinstance(row, Row)
            return Row(row.world, row.type_name, self._new_var(Kind.INT), row.generation)
        return self._finite_template(group)

    def _column_template(self, column: list[Value], widen: bool) -> Value:
        """What an attribute of records is; one of some known floats stays one, so that arithmetic on it is a table."""
        known = {Const(item) for value in column for item in finite_values(value) or (None,)}
        if not widen and 1 < len(known) <= _FEW_FLOATS and all(type(item.value) is float for item in known):
            return self._finite_template(column)
        return self.template(column, widen=widen)

    def _float_template(self, group: list[Value], widen: bool) -> Num:
        """A float; what is a whole number on all paths stays one, but constants and the heads of loops."""
        whole = [_whole_part(value) for value in group]
        known = [part for part in whole if part is not None]
        if widen or len(known) < len(group) or all(isinstance(value, Const) for value in group):
            return Num(self._new_var(Kind.FLOAT))
        low, high = min(part[1] for part in known), max(part[2] for part in known)
        return Num(Op("float_of_int", (self._new_var(Kind.INT),), Kind.FLOAT), low, high)

    def _finite_template(self, values: list[Value]) -> Value:
        constants: dict[Const, None] = {}
        for value in values:
            for constant in finite_values(value) or ():
                if constant is not MISSING:
                    constants[Const(constant)] = None
        if len(constants) > _MAX_FINITE:
            return Conflict("too many constants meet here")
        return Finite(self._new_var(Kind.INT), tuple(constant.value for constant in constants))

    def joined(self, value: Union) -> Value:
        """Return a union of constants as one choice where it is chosen by its tag; else the union."""
        if all(isinstance(option, Const) for option in value.options):
            return Finite(value.tag, tuple(option.value for option in value.options if isinstance(option, Const)))
        return value

    # ---- moves --------------------

    def moves(self, template: Value, value: Value) -> list[Move] | None:
        """Return the assignments that make ``template`` mean ``value``; None where it does not fit."""
        if template is value or template == value or isinstance(template, Conflict):
            return []
        if isinstance(template, Union):
            return self._moves_into_union(template, value) if self.owns(template.tag) else None
        if isinstance(template, Finite):
            return self._moves_into_finite(template, value)
        if isinstance(template, Num):
            number = self._number(value)
            counter = template.expr.args[0] if _is_whole_float(template.expr) else None
            if counter is not None and self.owns(counter):
                part = _whole_part(value)
                fits = part is not None and template.low is not None and template.high is not None
                if part is None or not fits or part[1] < template.low or part[2] > template.high:  # type: ignore[operator]
                    return None
                return [(_variable(counter), part[0])]
            if number is None or number[0] is not template.kind or not self.owns(template.expr):
                return None
            slack = _SOFT_STEP if template.high == _SOFT_BOUND else 0
            if template.low is not None and (number[2] is None or number[2] < template.low - slack):
                return None
            if template.high is not None and (number[3] is None or number[3] > template.high + slack):
                return None
            return [(_variable(template.expr), number[1])]
        if isinstance(template, (TupleValue, Record)) and _shape(value) == _shape(template):
            result: list[Move] = []
            for inner, item in zip(template.items, _items(value), strict=True):
                moves = self.moves(inner, item)
                if moves is None:
                    return None
                result += moves
            return result
        if isinstance(template, Row) and isinstance(value, Row) and _shape(template) == _shape(value):
            return [(_variable(template.index), value.index)] if self.owns(template.index) else None
        return None

    def _number(self, value: Value) -> tuple[Kind, Expr, int | None, int | None] | None:
        """Return (kind, expression, low, high) of a value that is always a number of one kind, be it one of several."""
        if isinstance(value, Finite):
            live = [item for item in value.values if item is not MISSING]
            if not live or not all(type(item) is int and -(2**63) <= item < 2**63 for item in live):
                return None
            table = self._new_table(tuple(item if type(item) is int else 0 for item in value.values))
            return Kind.INT, Load(table, value.index, Kind.INT), min(live), max(live)
        if not isinstance(value, Union):
            return number_of(value)
        parts = [self._number(option) for option in value.options]
        known = [part for part in parts if part is not None and part[0] is Kind.INT]
        if len(known) < len(parts):
            return None
        expr = known[-1][1]
        for place, part in enumerate(known[:-1]):
            is_it = Op("eq", (value.tag, Lit(place, Kind.INT)), Kind.BOOL)
            expr = Op("select", (is_it, part[1], expr), Kind.INT)
        lows, highs = [part[2] for part in known], [part[3] for part in known]
        low = None if None in lows else min(low for low in lows if low is not None)
        return Kind.INT, expr, low, None if None in highs else max(high for high in highs if high is not None)

    def _moves_into_union(self, template: Union, value: Value) -> list[Move] | None:
        options = value.options if isinstance(value, Union) else (value,)
        places: list[int] = []
        result: list[Move] = []
        for number, option in enumerate(options):
            if option in options[:number]:
                places.append(places[options.index(option)])
                continue
            for place, candidate in enumerate(template.options):
                moves = self.moves(candidate, option)
                if moves is not None:
                    if place in places and moves:
                        return None  # only one of two options can be moved there
                    places.append(place)
                    result += moves
                    break
            else:
                return None
        tag = _variable(template.tag)
        if isinstance(value, Union):
            return [*result, (tag, self.remap(value.tag, places))]
        return [*result, (tag, Lit(places[0], Kind.INT))]

    def _moves_into_finite(self, template: Finite, value: Value) -> list[Move] | None:
        constants = finite_values(value)
        if constants is None or not self.owns(template.index):
            return None
        position = {Const(constant): place for place, constant in enumerate(template.values) if constant is not MISSING}
        places = []
        for constant in constants:
            if constant is MISSING:
                places.append(0)
            elif Const(constant) in position:
                places.append(position[Const(constant)])
            else:
                return None
        if isinstance(value, Finite):
            return [(_variable(template.index), self.remap(value.index, places))]
        return [(_variable(template.index), Lit(places[0], Kind.INT))]

    def remap(self, index: Expr, places: list[int]) -> Expr:
        """Return ``places[index]`` as an expression."""
        if places == list(range(len(places))):
            return index
        if len(set(places)) == 1:
            return Lit(places[0], Kind.INT)
        if isinstance(index, Lit):
            return Lit(places[int(index.value)], Kind.INT)
        return Load(self._new_table(tuple(places)), index, Kind.INT)

    # ---- objects --------------------

    def object_template(self, objects: list[HeapObject], *, widen: bool = False) -> HeapObject:
        """Return an object whose contents are templates for those of ``objects``."""
        first = objects[0]
        associations = [item for item in objects if isinstance(item, AssociationObject)]
        if all(item == first for item in objects[1:]):
            return without_lookups(associations) if associations else first
        if len(associations) == len(objects):
            return association_template(self, associations, widen=widen) or SeqObject("list", LOST)
        entities = [item for item in objects if isinstance(item, EntityObject)]
        if isinstance(first, EntityObject) and len(entities) == len(objects):
            return self.entity_template(entities, widen=widen)
        if isinstance(first, SeqObject) and all(isinstance(item, SeqObject) for item in objects):
            contents = [item.content for item in objects]  # type: ignore[union-attr]
            content: Query = content_template(self, contents, widen)
            return SeqObject(first.kind, content, all(item.distinct for item in objects))  # type: ignore[union-attr]
        if isinstance(first, DictObject) and all(
            isinstance(item, DictObject) and [k for k, _ in item.items] == [k for k, _ in first.items]
            for item in objects
        ):
            pairs = zip(*(item.items for item in objects), strict=True)  # type: ignore[union-attr]
            return DictObject(
                tuple((column[0][0], self.template([value for _, value in column], widen=widen)) for column in pairs)
            )
        if isinstance(first, InstanceObject) and all(
            isinstance(item, InstanceObject) and item.cls is first.cls for item in objects
        ):
            names = dict.fromkeys(name for item in objects for name, _ in item.attributes)  # type: ignore[union-attr]
            known = [dict(item.attributes) for item in objects]  # type: ignore[union-attr]
            attributes = tuple(
                (name, self.template([values.get(name, UNBOUND) for values in known], widen=widen)) for name in names
            )
            return InstanceObject(first.cls, attributes, any(item.sealed for item in objects))  # type: ignore[union-attr]
        dicts = [found for item in objects if (found := as_association(item)) is not None]
        if len(dicts) == len(objects):
            return association_template(self, dicts, widen=widen) or SeqObject("list", LOST)
        return SeqObject("list", LOST)

    def entity_template(self, objects: list[EntityObject], *, widen: bool = True) -> EntityObject:
        """Return an entity whose attributes are templates for those of ``objects``."""
        contents = [dict(item.attributes) for item in objects]
        names = list(dict.fromkeys(name for content in contents for name in content))
        attributes = tuple(
            (name, self.template([content.get(name, UNBOUND) for content in contents], widen=widen)) for name in names
        )
        shuffled = any(item.shuffled or list(content) != names for item, content in zip(objects, contents, strict=True))
        return EntityObject(objects[0].type_name, attributes, any(item.frozen for item in objects), shuffled)

    def object_moves(self, template: HeapObject, value: HeapObject) -> list[Move] | None:
        """Return the assignments that make an object template mean ``value``; None where it does not fit."""
        if template is value or template == value:
            return []
        pairs: list[tuple[Value, Value]] = []
        if isinstance(template, EntityObject) and isinstance(value, EntityObject):
            known = dict(value.attributes)
            names = [name for name, _ in template.attributes]
            if not known.keys() <= set(names) or (list(known) != names and not template.shuffled):
                return None
            pairs = [(left, known.get(name, UNBOUND)) for name, left in template.attributes]
        elif isinstance(template, DictObject) and isinstance(value, DictObject):
            if [key for key, _ in template.items] != [key for key, _ in value.items]:
                return None
            pairs = [(left, right) for (_, left), (_, right) in zip(template.items, value.items, strict=True)]
        elif isinstance(template, AssociationObject):
            given_dict = as_association(value)
            return None if given_dict is None else association_moves(self, template, given_dict)
        elif isinstance(template, InstanceObject) and isinstance(value, InstanceObject):
            given = dict(value.attributes)
            if value.cls is not template.cls or not given.keys() <= dict(template.attributes).keys():
                return None
            pairs = [(left, given.get(name, UNBOUND)) for name, left in template.attributes]
        elif isinstance(template, SeqObject):
            if isinstance(template.content, ConflictQuery):
                return []
            if not isinstance(value, SeqObject):
                return None
            return content_moves(self, template.content, value.content)
        else:
            return None
        result: list[Move] = []
        for left, right in pairs:
            moves = self.moves(left, right)
            if moves is None:
                return None
            result += moves
        return result

    def new_condition(self) -> Var:
        """Return a fresh truth variable."""
        return self._new_var(Kind.BOOL)


def _is_whole_float(expr: Expr) -> TypeGuard[Op]:
    return isinstance(expr, Op) and expr.name == "float_of_int"


def _whole_part(value: Value) -> tuple[Expr, int, int] | None:
    """Return (int expression, low, high) of a float that is a whole number; None for others."""
    if isinstance(value, Num) and _is_whole_float(value.expr) and value.low is not None and value.high is not None:
        return value.expr.args[0], value.low, value.high
    if isinstance(value, Const) and type(value.value) is float and repr(value.value) != "-0.0":
        number = value.value
        if -(2**53) <= number <= 2**53 and number == int(number):
            return Lit(int(number), Kind.INT), int(number), int(number)
    return None


def _variable(expr: Expr) -> Var:
    assert isinstance(expr, Var), expr
    return expr
