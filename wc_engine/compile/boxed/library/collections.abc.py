"""The abstract base classes of containers: what they mix in, and what counts as one of them."""

from abc import ABC, abstractmethod

from collections import defaultdict, deque

_ABSENT = object()
_KEYS, _VALUES, _ITEMS = type({}.keys()), type({}.values()), type({}.items())
_SETS = (set, frozenset, _KEYS, _ITEMS)
_FUNCTIONS = (type, type(len), type(lambda: None), type([].append))
_SEQUENCES = (str, tuple, list, range, deque)
_COLLECTIONS = (str, tuple, list, range, deque, set, frozenset, dict, _KEYS, _ITEMS, _VALUES)


_UNHASHABLE = (list, dict, set, deque, defaultdict, _KEYS, _ITEMS)


def _member(cls, name):
    """What the classes of an mro say of a name."""
    for base in cls.__mro__:
        members = base.__dict__
        if name in members:
            return members[name]
        if not members:  # a built-in type: it does not list what it has
            if name == "__hash__" and base in _UNHASHABLE:
                return None
            found = getattr(base, name, None)
            if found is not None:
                return found
    return None


def _has(cls, *names):
    """Whether the class has every one of these methods."""
    for name in names:
        if _member(cls, name) is None:
            return False
    return True


class Hashable(ABC):
    @abstractmethod
    def __hash__(self):
        return 0

    def __wc_subclasscheck__(cls, subclass):
        return _has(subclass, "__hash__")

    def __wc_instancecheck__(cls, instance):
        return _has(type(instance), "__hash__")


class Callable(ABC):
    @abstractmethod
    def __call__(self, *args, **kwds):
        return False

    def __wc_subclasscheck__(cls, subclass):
        for base in subclass.__mro__:
            if base in _FUNCTIONS or "__call__" in base.__dict__:
                return True
        return False

    def __wc_instancecheck__(cls, instance):
        return callable(instance)


class Iterable(ABC):
    @abstractmethod
    def __iter__(self):
        yield from ()

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, _COLLECTIONS) or _has(subclass, "__iter__")

    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, _COLLECTIONS) or _has(type(instance), "__iter__")


class Iterator(Iterable):
    @abstractmethod
    def __next__(self):
        raise StopIteration

    def __iter__(self):
        return self

    def __wc_subclasscheck__(cls, subclass):
        return _has(subclass, "__iter__", "__next__")

    def __wc_instancecheck__(cls, instance):
        return _has(type(instance), "__iter__", "__next__")


class Generator(Iterator):
    @abstractmethod
    def send(self, value):
        raise StopIteration

    @abstractmethod
    def throw(self, typ, val=None, tb=None):
        raise typ if val is None else val

    def __next__(self):
        return self.send(None)

    def close(self):
        try:
            self.throw(GeneratorExit)
        except (GeneratorExit, StopIteration):
            return
        raise RuntimeError("generator ignored GeneratorExit")

    def __wc_subclasscheck__(cls, subclass):
        return _has(subclass, "__iter__", "__next__", "send", "throw", "close")

    def __wc_instancecheck__(cls, instance):
        return _has(type(instance), "__iter__", "__next__", "send", "throw", "close")


class Reversible(Iterable):
    @abstractmethod
    def __reversed__(self):
        yield from ()

    def __wc_subclasscheck__(cls, subclass):
        if issubclass(subclass, (set, frozenset)):
            return False
        return issubclass(subclass, _COLLECTIONS) or _has(subclass, "__reversed__", "__iter__")

    def __wc_instancecheck__(cls, instance):
        return issubclass(type(instance), cls)


class Sized(ABC):
    @abstractmethod
    def __len__(self):
        return 0

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, _COLLECTIONS) or _has(subclass, "__len__")

    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, _COLLECTIONS) or _has(type(instance), "__len__")


class Container(ABC):
    @abstractmethod
    def __contains__(self, x):
        return False

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, _COLLECTIONS) or _has(subclass, "__contains__")

    def __wc_instancecheck__(cls, instance):
        return issubclass(type(instance), cls)


class Collection(Sized, Iterable, Container):
    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, _COLLECTIONS) or _has(subclass, "__len__", "__iter__", "__contains__")

    def __wc_instancecheck__(cls, instance):
        return issubclass(type(instance), cls)


class Sequence(Reversible, Collection):
    _wc_is_sequence = True  # to those who should not bring in this module

    @abstractmethod
    def __getitem__(self, index):
        raise IndexError

    def __iter__(self):
        number = 0
        while True:
            try:
                item = self[number]
            except IndexError:
                return
            yield item
            number += 1

    def __contains__(self, value):
        return any([item is value or item == value for item in self])

    def __reversed__(self):
        for number in reversed(range(len(self))):
            yield self[number]

    def index(self, value, start=0, stop=None):
        if start < 0:
            start = max(len(self) + start, 0)
        if stop is not None and stop < 0:
            stop += len(self)
        number = start
        while stop is None or number < stop:
            try:
                item = self[number]
            except IndexError:
                break
            if item is value or item == value:
                return number
            number += 1
        raise ValueError

    def count(self, value):
        return sum([1 for item in self if item is value or item == value])

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, _SEQUENCES)

    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, _SEQUENCES)


class MutableSequence(Sequence):
    @abstractmethod
    def __setitem__(self, index, value):
        raise IndexError

    @abstractmethod
    def __delitem__(self, index):
        raise IndexError

    @abstractmethod
    def insert(self, index, value):
        raise IndexError

    def append(self, value):
        self.insert(len(self), value)

    def clear(self):
        try:
            while True:
                self.pop()
        except IndexError:
            pass

    def reverse(self):
        size = len(self)
        for number in range(size // 2):
            self[number], self[size - number - 1] = self[size - number - 1], self[number]

    def extend(self, values):
        if values is self:
            values = list(values)
        for value in values:
            self.append(value)

    def pop(self, index=-1):
        value = self[index]
        del self[index]
        return value

    def remove(self, value):
        del self[self.index(value)]

    def __iadd__(self, values):
        self.extend(values)
        return self

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, (list, deque))

    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, (list, deque))


class Set(Collection):
    """A set to derive from: three methods are needed, the operators come from here."""

    @classmethod
    def _from_iterable(cls, it):
        return cls(it)

    def __le__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) <= len(other) and all([item in other for item in self])

    def __lt__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) < len(other) and self.__le__(other)

    def __ge__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) >= len(other) and all([item in self for item in other])

    def __gt__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) > len(other) and self.__ge__(other)

    def __eq__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) == len(other) and self.__le__(other)

    __hash__ = None

    def __and__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        return self._from_iterable([value for value in other if value in self])

    __rand__ = __and__

    def isdisjoint(self, other):
        return not any([value in self for value in other])

    def __or__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        return self._from_iterable([*self, *other])

    __ror__ = __or__

    def __sub__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        if not isinstance(other, Set):
            other = self._from_iterable(other)
        return self._from_iterable([value for value in self if value not in other])

    def __rsub__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        if not isinstance(other, Set):
            other = self._from_iterable(other)
        return self._from_iterable([value for value in other if value not in self])

    def __xor__(self, other):
        if not isinstance(other, Iterable):
            return NotImplemented
        if not isinstance(other, Set):
            other = self._from_iterable(other)
        return (self - other) | (other - self)

    __rxor__ = __xor__

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, _SETS)

    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, _SETS)


class MutableSet(Set):
    @abstractmethod
    def add(self, value):
        raise NotImplementedError

    @abstractmethod
    def discard(self, value):
        raise NotImplementedError

    def remove(self, value):
        if value not in self:
            raise KeyError(value)
        self.discard(value)

    def pop(self):
        for value in self:
            self.discard(value)
            return value
        raise KeyError

    def clear(self):
        while len(self):
            self.pop()

    def __ior__(self, other):
        for value in other:
            self.add(value)
        return self

    def __iand__(self, other):
        for value in self - other:
            self.discard(value)
        return self

    def __isub__(self, other):
        for value in list(other):
            self.discard(value)
        return self

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, set)

    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, set)


class Mapping(Collection):
    _wc_is_mapping = True  # to those who should not bring in this module

    @abstractmethod
    def __getitem__(self, key):
        raise KeyError

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def keys(self):
        return dict.fromkeys(self).keys()

    def items(self):
        return [(key, self[key]) for key in self]

    def values(self):
        return [self[key] for key in self]

    def __eq__(self, other):
        if not isinstance(other, Mapping):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    __hash__ = None
    __reversed__ = None

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, dict)

    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, dict)


class MutableMapping(Mapping):
    @abstractmethod
    def __setitem__(self, key, value):
        raise KeyError

    @abstractmethod
    def __delitem__(self, key):
        raise KeyError

    def pop(self, key, default=_ABSENT):
        try:
            value = self[key]
        except KeyError:
            if default is _ABSENT:
                raise
            return default
        del self[key]
        return value

    def popitem(self):
        for key in self:
            value = self[key]
            del self[key]
            return (key, value)
        raise KeyError

    def clear(self):
        while len(self):
            self.popitem()

    def update(self, other=(), /, **keywords):
        for key, value in dict(other, **keywords).items():
            self[key] = value

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, dict)

    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, dict)


class KeysView(Set):
    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, _KEYS)


class ItemsView(Set):
    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, _ITEMS)


class ValuesView(Collection):
    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, _VALUES)
