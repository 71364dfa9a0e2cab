"""Between states and the Python objects that a program sees.

A top-level entity with both x and y becomes ``cls(x, y, **rest)``, any other ``cls(**attributes)``. An entity inside an
attribute, at any depth, becomes ``cls(None, None, **rest)`` where the top-level one has a position, else
``cls(**attributes)``. Attributes are handed over in order of name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from wc_engine.models.failures import InvalidOutcomeError
from wc_engine.state.entities import Entity, State, Value
from wc_engine.state.ordered_set import OrderedSet

__all__ = ["PROGRAM_MODULE", "ObjectBuilder", "Recipe", "StateReader", "entities_inside", "holds_float"]

PROGRAM_MODULE = "__world_model__"
"""``__name__`` of a program's module: the classes of entities carry it as ``__module__``."""

_SCALARS = frozenset((type(None), bool, int, float, str))
_CACHED_SCALARS = frozenset((type(None), bool, int, str))
_MAX_CACHED = 65536
# What a class of the program may derive from without its instances becoming entities.
_VALUE_TYPES = (type, int, float, complex, str, bytes, tuple, list, dict, set, frozenset, BaseException)

Recipe = tuple[type[Any], tuple[Value, ...], dict[str, Value], bool]
"""Class, position, other attributes, and whether entities are among these."""


class ObjectBuilder:
    """Builds a program's objects.

    Args:
        namespace: the globals of the loaded program.
        on_new_class: called with each class that is made for a type which the program lacks.
    """

    def __init__(self, namespace: dict[str, Any], on_new_class: Callable[[type], None]) -> None:
        self._namespace = namespace
        self._on_new_class = on_new_class
        self._made: dict[str, type] = {}
        self._recipes: dict[Entity, Recipe] = {}

    def recipes(self, state: State) -> list[Recipe]:
        """Return how to make each entity; makes the classes that the program lacks, so that ``build`` makes none."""
        known = self._recipes
        return [known.get(entity) or self._recipe(entity) for entity in state.entities]

    def build(self, recipes: list[Recipe]) -> OrderedSet:
        """Return fresh objects, in canonical order, as the set that a program is called with."""
        return OrderedSet([self._object(*recipe) for recipe in recipes])

    def class_of(self, type_name: str) -> type[Any]:
        """Return the program's class of that name; a missing one derives from its ``Entity``."""
        cls = self._namespace.get(type_name)
        if isinstance(cls, type):
            return cls
        if type_name not in self._made:
            base = self._namespace.get("Entity")
            members: dict[str, Any] = {"__module__": PROGRAM_MODULE}
            if isinstance(base, type):
                self._made[type_name] = type(base)(type_name, (base,), members)
            else:
                self._made[type_name] = type(type_name, (), members | _plain_members())
            self._on_new_class(self._made[type_name])
        return self._made[type_name]

    def _recipe(self, entity: Entity) -> Recipe:
        attributes = entity.attributes
        positional: tuple[Value, ...] = ()
        if "x" in attributes and "y" in attributes:
            positional = (attributes.pop("x"), attributes.pop("y"))
        nested = [inner for value in attributes.values() for inner in entities_inside(value)]
        for inner in nested:
            self.class_of(inner.type)
        recipe = (self.class_of(entity.type), positional, attributes, bool(nested))
        if not holds_float(entity):  # 0.0 == -0.0, yet a program can tell them apart
            if len(self._recipes) >= _MAX_CACHED:
                self._recipes.clear()
            self._recipes[entity] = recipe
        return recipe

    def _object(
        self, cls: type[Any], positional: tuple[Value, ...], attributes: dict[str, Value], nested: bool
    ) -> object:
        if not nested:
            return cls(*positional, **attributes)
        return cls(*positional, **{name: self._value(value, bool(positional)) for name, value in attributes.items()})

    def _value(self, value: Value, positional: bool) -> object:
        if isinstance(value, Entity):
            attributes = {name: self._value(inner, positional) for name, inner in value.attributes.items()}
            return self.class_of(value.type)(*((None, None) if positional else ()), **attributes)
        if isinstance(value, tuple):
            return tuple([self._value(inner, positional) for inner in value])
        return value


def holds_float(value: Value) -> bool:
    """Whether a float occurs anywhere inside a value."""
    if isinstance(value, Entity):
        return any(map(holds_float, value.attributes.values()))
    return any(map(holds_float, value)) if isinstance(value, tuple) else isinstance(value, float)


def entities_inside(value: Value) -> Iterator[Entity]:
    """All entities in a value, at any depth, itself first."""
    if isinstance(value, Entity):
        yield value
        for inner in value.attributes.values():
            yield from entities_inside(inner)
    elif isinstance(value, tuple):
        for item in value:
            yield from entities_inside(item)


def _plain_members() -> dict[str, Any]:
    """Return the members of an entity class for programs without ``Entity``: equality and hash by attributes."""

    def __init__(self: Any, *position: object, **attributes: object) -> None:
        self.name = type(self).__name__
        if position:
            self.x, self.y = position
        self.__dict__.update(attributes)

    def __repr__(self: Any) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    def __eq__(self: Any, other: object) -> bool:
        return all(getattr(self, name) == getattr(other, name, None) for name in vars(self))

    def __hash__(self: Any) -> int:
        return hash(tuple(sorted(vars(self).items())))

    return {method.__name__: method for method in (__init__, __repr__, __eq__, __hash__)}


class StateReader:
    """Reads what a program returns as a ``State``."""

    def __init__(self) -> None:
        self._entities: dict[tuple[object, ...], Entity] = {}
        self._plain_classes: dict[type, bool] = {}

    def forget_classes(self) -> None:
        """Drop what is known of the program's classes: it has been loaded anew."""
        self._plain_classes.clear()

    def read(self, returned: object) -> State:
        """Return the state that a program's value stands for: any iterable of entities.

        Raises:
            InvalidOutcomeError: the value is no iterable, or an element is no entity, or an attribute is no value.
            BaseException: whatever the program's own iterator raises.
        """
        if isinstance(returned, (str, bytes)):
            raise InvalidOutcomeError(f"transition returned {_article(returned)}, not a state")
        try:
            elements = iter(returned)  # type: ignore[call-overload]
        except TypeError:
            raise InvalidOutcomeError(f"transition returned {_article(returned)}, not a state") from None
        return State([self._entity(element) for element in elements])

    def _entity(self, element: object) -> Entity:
        cls = type(element)
        plain = self._plain_classes.get(cls)
        if plain is None:
            plain = self._plain_classes[cls] = _is_plain(cls)
        if not plain:
            return _read_entity(element)
        attributes = vars(element)
        kinds = tuple(map(type, attributes.values()))
        if not _CACHED_SCALARS.issuperset(kinds):
            return _read_entity(element)
        # Keys hold the kinds too, because True == 1; no floats, because 0.0 == -0.0.
        key = (cls.__name__, kinds, *attributes, *attributes.values())
        known = self._entities.get(key)
        if known is None:
            if len(self._entities) >= _MAX_CACHED:
                self._entities.clear()
            known = self._entities[key] = _read_entity(element)
        return known


def _is_plain(cls: type) -> bool:
    """Whether the ``__dict__`` of an instance is all that makes it an entity."""
    special = ("__slots__", "__dataclass_fields__", "__getattribute__")
    return (
        cls.__module__ == PROGRAM_MODULE
        and not issubclass(cls, _VALUE_TYPES)
        and cls.__dictoffset__ != 0
        and not any(name in base.__dict__ for base in cls.__mro__[:-1] for name in special)
    )


def _read_entity(element: object) -> Entity:
    cls = type(element)
    if cls.__module__ != PROGRAM_MODULE or isinstance(element, _VALUE_TYPES):
        raise InvalidOutcomeError(f"a state holds {_article(element)}, which is no entity")
    attributes: dict[str, Value] = {}
    for name, value in _attributes(element):
        if type(name) is not str:
            raise InvalidOutcomeError(f"{cls.__name__} has an attribute whose name is {_article(name)}")
        try:
            attributes[name] = _read_value(value)
        except InvalidOutcomeError as error:
            raise InvalidOutcomeError(f"{cls.__name__}.{name} {error}") from None
    if attributes.get("name") == cls.__name__:
        del attributes["name"]
    return Entity(cls.__name__, attributes)


def _attributes(element: object) -> Iterable[tuple[Any, object]]:
    """Return an instance's attributes: its ``__dict__``, its slots, and dataclass fields that are class attributes."""
    found: dict[Any, object] = {}
    for cls in reversed(type(element).__mro__):
        slots = cls.__dict__.get("__slots__", ())
        names = [*((slots,) if isinstance(slots, str) else slots), *cls.__dict__.get("__dataclass_fields__", ())]
        for name in names:
            mangled = f"_{cls.__name__.lstrip('_')}{name}" if name[:2] == "__" and name[-2:] != "__" else name
            if name not in ("__dict__", "__weakref__") and hasattr(element, mangled):
                found[mangled] = getattr(element, mangled)
    found.update(getattr(element, "__dict__", {}))
    return found.items()


def _read_value(value: object) -> Value:
    if type(value) in _SCALARS:
        return value  # type: ignore[return-value]
    if isinstance(value, (tuple, list)):
        return tuple([_read_value(item) for item in value])
    # Instances of subclasses, such as members of an IntEnum: their plain value, past any method they override.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if type(value).__module__ != PROGRAM_MODULE or isinstance(value, _VALUE_TYPES):
        raise InvalidOutcomeError(f"is {_article(value)}, which a state cannot hold")
    return _read_entity(value).without_position()


def _article(value: object) -> str:
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
