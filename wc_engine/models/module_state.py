"""Keep the globals of a loaded program as they were right after loading.

Each call into a program starts from the module's state after loading: a counter in a global, a mutated default
argument or a memo table must not change later answers. Running the module again before each call would be exact, and
costs more than most calls. Instead everything mutable that the module can reach is listed once, after loading, with its
contents. Before a call each item is compared by identity, which takes a few microseconds in all. Containers that
changed are put back in place; after any other change (a class, a function's code) the program is loaded anew. A program
that holds what can be neither compared nor put back (an iterator, a foreign object) is loaded anew before each call.

Objects of other modules are taken as immutable, but for the names in imported modules.
"""

from __future__ import annotations

import functools
import random
from collections import deque
from collections.abc import Callable, Iterable
from operator import is_
from types import BuiltinFunctionType, CellType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any

__all__ = ["ModuleState"]

_ATOMS = (type(None), bool, int, float, complex, str, bytes, range, slice, BuiltinFunctionType)
_MUTATORS = ("__next__", "__setitem__", "__iadd__", "append", "add", "update", "write", "send")
_Check = Callable[[], bool]


class ModuleState:
    """The contents of everything mutable that a program's module can reach.

    Args:
        namespace: the module's globals, right after loading.
        module_name: ``__module__`` of the classes that belong to the program.
        exempt: objects that the caller itself resets.
    """

    def __init__(self, namespace: dict[str, Any], module_name: str, exempt: Iterable[object] = ()) -> None:
        self._module_name = module_name
        self._namespace = namespace
        self._seen = {id(item): item for item in exempt}  # by id; holding the objects keeps the ids theirs
        self._checks: list[_Check] = []
        self._always_reload = False
        self.track(namespace)

    def restore(self) -> bool:
        """Put everything back; False where the program has to be loaded anew instead."""
        return not self._always_reload and all(check() for check in self._checks)

    def track(self, root: object) -> None:
        """Add an object, and all that it can reach, with their present contents."""
        waiting = [root]
        while waiting:
            item = waiting.pop()
            if isinstance(item, _ATOMS) or id(item) in self._seen:
                continue
            self._seen[id(item)] = item
            waiting.extend(self._note(item))

    def track_names(self, names: dict[str, Any]) -> None:
        """Add a table of names, but not what they stand for."""
        self._checks.append(_names_check(names))

    def _note(self, item: Any) -> Iterable[object]:
        """Note one object; return what it refers to."""
        if isinstance(item, dict):
            self._checks.append(_dict_check(item))
            values = [value for name, value in item.items() if not (item is self._namespace and name == "__builtins__")]
            return [*item.keys(), *values, *self._note_instance(item)]
        if isinstance(item, (list, deque)):
            self._checks.append(_sequence_check(item))
            return [*item, *self._note_instance(item)]
        if isinstance(item, set):
            self._checks.append(_set_check(item))
            return [*item, *self._note_instance(item)]
        if isinstance(item, (tuple, frozenset)):
            return [*item, *self._note_instance(item)]
        if isinstance(item, CellType):
            return self._note_cell(item)
        if isinstance(item, FunctionType):
            return self._note_function(item)
        if isinstance(item, ModuleType):
            self.track_names(vars(item))
            return ()
        if isinstance(item, type):
            return self._note_class(item)
        return self._note_object(item)

    def _note_cell(self, cell: CellType) -> Iterable[object]:
        try:
            content = cell.cell_contents
        except ValueError:  # empty
            return ()

        def check() -> bool:
            cell.cell_contents = content
            return True

        self._checks.append(check)
        return (content,)

    def _note_function(self, function: FunctionType) -> Iterable[object]:
        closure = function.__closure__ or ()
        if function.__globals__ is not self._namespace:
            return closure  # a library's function: only what it was made for the program with can be the program's
        code, defaults = function.__code__, function.__defaults__

        def check() -> bool:
            return function.__code__ is code and function.__defaults__ is defaults

        self._checks.append(check)
        return (*closure, defaults, function.__kwdefaults__, function.__dict__)

    def _note_class(self, cls: type) -> Iterable[object]:
        if cls.__module__ != self._module_name:
            return ()
        members = vars(cls)
        self._checks.append(_class_check(members))
        return [*members.values(), *cls.__bases__]

    def _note_object(self, item: Any) -> Iterable[object]:
        cls = type(item)
        if isinstance(item, MethodType):
            return (item.__self__, item.__func__)
        if isinstance(item, (staticmethod, classmethod)):
            return (item.__func__,)
        if isinstance(item, property):
            return (item.fget, item.fset, item.fdel)
        if isinstance(item, functools.partial):
            return (item.func, item.args, item.keywords, vars(item))
        if isinstance(item, random.Random):
            state = item.getstate()

            def check() -> bool:
                item.setstate(state)
                return True

            self._checks.append(check)
            return self._note_instance(item)
        if isinstance(item, functools._lru_cache_wrapper):
            return self._note_lru_cache(item)
        if cls.__module__ == "typing" or cls.__module__ == "types":
            return ()
        if any(hasattr(cls, name) for name in _MUTATORS) and cls.__module__ != self._module_name:
            self._always_reload = True
            return ()
        return self._note_instance(item)

    def _note_lru_cache(self, function: Any) -> Iterable[object]:
        if getattr(function.__wrapped__, "__globals__", None) is not self._namespace:
            return ()
        if function.cache_info().currsize:
            self._always_reload = True  # its contents can be dropped, but not put back
        self._checks.append(lambda: function.cache_clear() is None)
        return (function.__wrapped__, vars(function))

    def _note_instance(self, item: Any) -> Iterable[object]:
        """Note an object's attributes: its ``__dict__`` and its slots."""
        cls = type(item)
        references: list[object] = [cls]
        if isinstance(getattr(item, "__dict__", None), dict):
            references.append(vars(item))
        for base in cls.__mro__:
            slots = base.__dict__.get("__slots__", ()) if base.__module__ == self._module_name else ()
            for name in (slots,) if isinstance(slots, str) else slots:
                descriptor = base.__dict__.get(name)
                if hasattr(descriptor, "__get__") and hasattr(item, name):
                    value = getattr(item, name)
                    self._checks.append(_slot_check(item, name, value))
                    references.append(value)
        return references


def _same(current: Iterable[object], noted: tuple[object, ...]) -> bool:
    return all(map(is_, current, noted))


def _dict_check(item: dict[Any, Any]) -> _Check:
    noted, keys, values, size = dict(item), tuple(item), tuple(item.values()), len(item)

    def check() -> bool:
        if len(item) != size or not _same(item.values(), values) or not _same(item, keys):
            dict.clear(item)
            dict.update(item, noted)  # from a plain dict: keeps the stored hashes
        return True

    return check


def _names_check(names: dict[str, Any]) -> _Check:
    """As ``_dict_check``, for a module that others use too: it is never empty in between."""
    noted, values, size = dict(names), tuple(names.values()), len(names)

    def check() -> bool:
        if len(names) != size or not _same(names.values(), values):
            for name in [name for name in names if name not in noted]:
                del names[name]
            names.update(noted)
        return True

    return check


def _sequence_check(item: list[Any] | deque[Any]) -> _Check:
    noted, size = tuple(item), len(item)

    def check() -> bool:
        if len(item) != size or not _same(item, noted):
            item.clear()
            item.extend(noted)
        return True

    return check


def _set_check(item: set[Any]) -> _Check:
    noted, members, size = item.copy(), tuple(item), len(item)

    def check() -> bool:
        if len(item) != size or not _same(item, members):
            item.clear()
            item.update(noted)  # from a set: keeps the stored hashes
        return True

    return check


def _class_check(members: MappingProxyType[str, Any]) -> _Check:
    keys, values, size = tuple(members), tuple(members.values()), len(members)

    def check() -> bool:
        nonlocal keys, values, size
        if len(members) == size + 1 and "__slotnames__" in members and "__slotnames__" not in keys:
            # The first copy of an instance leaves this note in its class. It comes last and changes no answer.
            keys, values, size = (*keys, "__slotnames__"), (*values, members["__slotnames__"]), size + 1
        return len(members) == size and _same(members.values(), values) and _same(members, keys)

    return check


def _slot_check(item: object, name: str, value: object) -> _Check:
    return lambda: getattr(item, name, None) is value
