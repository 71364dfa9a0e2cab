"""What rewritten programs call: ``.name`` in a rewritten program is ``name`` here."""

from abc import ABC  # noqa: F401

from _attributes import delete as _delete
from _attributes import store as _store
from _named_tuples import _NamedTuple as NamedTuple  # noqa: F401
from collections import deque as _deque
from dataclasses import MISSING as missing  # noqa: F401
from dataclasses import Field, FrozenInstanceError  # noqa: F401

absent = object()
"""No value: what a lookup found."""


def check_manager(manager):
    """Raise TypeError for what cannot stand in a ``with``."""
    cls = type(manager)
    if not hasattr(cls, "__enter__") or not hasattr(cls, "__exit__"):
        message = f"{cls.__name__!r} object does not support the context manager protocol"
        if hasattr(cls, "__enter__"):
            message += " (missed __exit__ method)"
        raise TypeError(message)


# match


def is_sequence(value):
    """Whether a sequence pattern can match."""
    return isinstance(value, (list, tuple, range, _deque)) or hasattr(value, "_wc_is_sequence")


def is_mapping(value):
    """Whether a mapping pattern can match."""
    return isinstance(value, dict) or hasattr(value, "_wc_is_mapping")


def star(value, before, after):
    """What a starred name among patterns gets."""
    items = list(value)
    return items[before : len(items) - after]


def rest(value, keys):
    """What ``**rest`` of a mapping pattern gets."""
    items = dict(value)
    for key in keys:
        del items[key]
    return items


def match_class(value, cls, count, keywords):
    """The attributes that a class pattern asks for, first those of its ``count`` positions; or None."""
    if not isinstance(cls, type):
        raise TypeError("called match pattern must be a class")
    if not isinstance(value, cls):
        return None
    found = []
    names = []
    if count:
        names = getattr(cls, "__match_args__", None)
        if names is None and issubclass(cls, _MATCHING_THEMSELVES):
            if count > 1:
                raise TypeError(f"{cls.__name__}() accepts 1 positional sub-pattern ({count} given)")
            found.append(value)
            names = ()
        elif names is None:
            names = ()
        if not isinstance(names, tuple):
            raise TypeError(f"{cls.__name__}.__match_args__ must be a tuple (got {type(names).__name__})")
        if not found and len(names) < count:
            raise TypeError(
                f"{cls.__name__}() accepts {len(names)} positional sub-pattern{'' if len(names) == 1 else 's'} "
                f"({count} given)"
            )
        names = list(names[:count])
    for place, name in enumerate([*names, *keywords]):
        if not isinstance(name, str):
            raise TypeError(f"__match_args__ elements must be strings (got {type(name).__name__})")
        if (place >= len(names) and name in names) or name in names[:place]:
            raise TypeError(f"{cls.__name__}() got multiple sub-patterns for attribute {name!r}")
        attribute = getattr(value, name, absent)
        if attribute is absent:
            return None
        found.append(attribute)
    return found


_MATCHING_THEMSELVES = (bool, dict, float, frozenset, int, list, set, str, tuple)


# Attributes by way of __dict__


def dict_store(obj, name, value):
    """``obj.__dict__[name] = value``"""
    if isinstance(obj, type):
        raise TypeError("'mappingproxy' object does not support item assignment")
    _store(obj, name, value)


def dict_delete(obj, name):
    """``del obj.__dict__[name]``"""
    if isinstance(obj, type):
        raise TypeError("'mappingproxy' object does not support item deletion")
    _delete(obj, name)


def dict_update(obj, /, *others, **keywords):
    """``obj.__dict__.update(...)``"""
    changes = {}
    changes.update(*others, **keywords)
    for name, value in changes.items():
        dict_store(obj, name, value)


def dict_merge(obj, other):
    """``obj.__dict__ |= other``"""
    dict_update(obj, other)


def dict_assign(obj, values):
    """``obj.__dict__ = values``"""
    if not isinstance(values, dict):
        raise TypeError(f"__dict__ must be set to a dictionary, not a '{type(values).__name__}'")
    values = dict(values)
    dict_clear(obj)
    for name, value in values.items():
        dict_store(obj, name, value)


def dict_clear(obj):
    """``obj.__dict__.clear()``"""
    for name in list(obj.__dict__):
        _delete(obj, name)


def dict_pop(obj, name, *default):
    """``obj.__dict__.pop(name, default)``"""
    value = dict(obj.__dict__).pop(name, *default)
    if name in obj.__dict__:
        _delete(obj, name)
    return value


def dict_popitem(obj):
    """``obj.__dict__.popitem()``"""
    item = dict(obj.__dict__).popitem()
    _delete(obj, item[0])
    return item


def dict_setdefault(obj, name, default=None):
    """``obj.__dict__.setdefault(name, default)``"""
    if name not in obj.__dict__:
        dict_store(obj, name, default)
    return obj.__dict__[name]


# Dataclasses


def check_default(name, value):
    """Raise ValueError for a default that instances would share and change."""
    if isinstance(value, (list, dict, set)) or type(value).__hash__ is None:
        raise ValueError(f"mutable default {type(value)} for field {name} is not allowed: use default_factory")


_shown = []


def enter_repr(obj):
    """Whether ``obj`` is being shown already; if not, it is from now on."""
    for other in _shown:
        if other is obj:
            return True
    _shown.append(obj)
    return False


def leave_repr():
    """What is shown is shown."""
    _shown.pop()
