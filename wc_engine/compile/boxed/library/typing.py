"""Names for annotations: objects that can be subscripted and joined with ``|``, and do nothing else.

``isinstance`` works with those that stand for a class, as ``List`` for ``list``.
"""

from collections import Counter as _Counter
from collections import OrderedDict as _OrderedDict
from collections import defaultdict as _defaultdict
from collections import deque as _deque

import collections.abc as _abc
from _named_tuples import _NamedTuple as NamedTuple  # noqa: F401

TYPE_CHECKING = False


class _Form:
    """Something that stands in annotations, with what it was subscripted with."""

    def __init__(self, name, arguments=()):
        self._name = name
        self.__args__ = arguments

    def __getitem__(self, arguments):
        if not isinstance(arguments, tuple):
            arguments = (arguments,)
        return _Form(self._name, arguments)

    def __or__(self, other):
        return _Form("Union", (self, other))

    def __ror__(self, other):
        return _Form("Union", (other, self))

    def __eq__(self, other):
        return isinstance(other, _Form) and self._name == other._name and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self._name, self.__args__))

    def __repr__(self):
        if not self.__args__:
            return f"typing.{self._name}"
        names = [getattr(argument, "__name__", None) or repr(argument) for argument in self.__args__]
        return f"typing.{self._name}[{', '.join(names)}]"

    def __call__(self, *args, **kwargs):
        raise TypeError(f"Cannot instantiate {self!r}")


class _Alias(_Form):
    """A form that stands for a class."""

    def __init__(self, name, origin, arguments=()):
        self._name = name
        self.__origin__ = origin
        self.__args__ = arguments

    def __getitem__(self, arguments):
        if not isinstance(arguments, tuple):
            arguments = (arguments,)
        return _Alias(self._name, self.__origin__, arguments)

    def __call__(self, *args, **kwargs):
        if self._name not in ("Deque", "DefaultDict", "OrderedDict", "Counter"):
            raise TypeError(f"Type {self._name} cannot be instantiated")
        return self.__origin__(*args, **kwargs)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __instancecheck__(self, instance):
        if self.__args__:
            raise TypeError("Subscripted generics cannot be used with class and instance checks")
        return isinstance(instance, self.__origin__)

    def __subclasscheck__(self, subclass):
        if self.__args__:
            raise TypeError("Subscripted generics cannot be used with class and instance checks")
        return issubclass(subclass, self.__origin__)


Any = _Form("Any")
Union = _Form("Union")
Optional = _Form("Optional")
Literal = _Form("Literal")
Final = _Form("Final")
ClassVar = _Form("ClassVar")
Annotated = _Form("Annotated")
Self = _Form("Self")
NoReturn = _Form("NoReturn")
Never = _Form("Never")
LiteralString = _Form("LiteralString")
TypeAlias = _Form("TypeAlias")
TypeGuard = _Form("TypeGuard")
Concatenate = _Form("Concatenate")
Unpack = _Form("Unpack")
Required = _Form("Required")
NotRequired = _Form("NotRequired")
AnyStr = _Form("AnyStr")
List = _Alias("List", list)
Dict = _Alias("Dict", dict)
Set = _Alias("Set", set)
FrozenSet = _Alias("FrozenSet", frozenset)
Tuple = _Alias("Tuple", tuple)
Type = _Alias("Type", type)
Text = str
Deque = _Alias("Deque", _deque)
DefaultDict = _Alias("DefaultDict", _defaultdict)
OrderedDict = _Alias("OrderedDict", _OrderedDict)
Counter = _Alias("Counter", _Counter)
Callable = _Alias("Callable", _abc.Callable)
Hashable = _Alias("Hashable", _abc.Hashable)
Iterable = _Alias("Iterable", _abc.Iterable)
Iterator = _Alias("Iterator", _abc.Iterator)
Generator = _Alias("Generator", _abc.Generator)
Reversible = _Alias("Reversible", _abc.Reversible)
Sized = _Alias("Sized", _abc.Sized)
Container = _Alias("Container", _abc.Container)
Collection = _Alias("Collection", _abc.Collection)
Sequence = _Alias("Sequence", _abc.Sequence)
MutableSequence = _Alias("MutableSequence", _abc.MutableSequence)
AbstractSet = _Alias("AbstractSet", _abc.Set)
MutableSet = _Alias("MutableSet", _abc.MutableSet)
Mapping = _Alias("Mapping", _abc.Mapping)
MutableMapping = _Alias("MutableMapping", _abc.MutableMapping)


class Generic:
    __slots__ = ()

    def __class_getitem__(cls, arguments):
        return cls


class Protocol:
    __slots__ = ()

    def __class_getitem__(cls, arguments):
        return cls


class SupportsInt(Protocol):
    def __int__(self):
        raise NotImplementedError


class SupportsFloat(Protocol):
    def __float__(self):
        raise NotImplementedError


class SupportsIndex(Protocol):
    def __index__(self):
        raise NotImplementedError


class SupportsAbs(Protocol):
    def __abs__(self):
        raise NotImplementedError


class TypedDict(dict):
    """A dict: its annotations are not checked."""


class TypeVar(_Form):
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False):
        self._name = name
        self.__args__ = ()
        self.__name__ = name
        self.__bound__ = bound
        self.__constraints__ = constraints

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return hash(self._name)

    def __repr__(self):
        return f"~{self._name}"


class ParamSpec(TypeVar):
    pass


class NewType:
    def __init__(self, name, tp):
        self.__name__ = name
        self.__supertype__ = tp

    def __call__(self, value, /):
        return value

    def __or__(self, other):
        return _Form("Union", (self, other))

    def __ror__(self, other):
        return _Form("Union", (other, self))


def cast(typ, val):
    return val


def assert_type(val, typ, /):
    return val


def reveal_type(obj, /):
    return obj


def assert_never(arg, /):
    raise AssertionError(f"Expected code to be unreachable, but got: {arg!r}")


def overload(func):
    return _only_for_type_checkers


def _only_for_type_checkers(*args, **kwds):
    raise NotImplementedError("You should not call an overloaded function.")


def no_type_check(arg):
    return arg


def final(f):
    return f


def override(method, /):
    return method


def runtime_checkable(cls):
    return cls


def get_type_hints(obj):
    return dict(getattr(obj, "__annotations__", {}))
