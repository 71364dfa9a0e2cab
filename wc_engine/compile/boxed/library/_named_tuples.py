"""The base of named tuples, and those whose fields are known only when the program runs."""

from operator import itemgetter as _itemgetter

_ABSENT = object()


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    """A named tuple whose fields are known only when the program runs; others become classes when compiling."""
    names = field_names.replace(",", " ").split() if isinstance(field_names, str) else list(map(str, field_names))
    seen = set()
    for number, name in enumerate(names):
        if rename and (not name.isidentifier() or name in _KEYWORDS or name.startswith("_") or name in seen):
            names[number] = f"_{number}"
        seen.add(names[number])
    for name in [typename, *names]:
        if not name.isidentifier():
            raise ValueError(f"Type names and field names must be valid identifiers: {name!r}")
        if name in _KEYWORDS:
            raise ValueError(f"Type names and field names cannot be a keyword: {name!r}")
    for number, name in enumerate(names):
        if name.startswith("_") and not rename:
            raise ValueError(f"Field names cannot start with an underscore: {name!r}")
        if name in names[:number]:
            raise ValueError(f"Encountered duplicate field name: {name!r}")
    fields = tuple(names)
    values = () if defaults is None else tuple(defaults)
    if len(values) > len(fields):
        raise TypeError("Got more default values than field names")
    members = {name: property(_itemgetter(number)) for number, name in enumerate(fields)}
    members.update(
        _fields=fields,
        __match_args__=fields,
        __slots__=(),
        _field_defaults=dict(zip(fields[len(fields) - len(values) :], values, strict=True)),
        __new__=_new_named_tuple,
    )
    return type(typename, (_NamedTuple,), members)


_KEYWORDS = frozenset(
    (
        "False None True and as assert async await break class continue def del elif else except finally for from"
        " global if import in is lambda nonlocal not or pass raise return try while with yield"
    ).split()
)


def _new_named_tuple(cls, /, *args, **keywords):
    fields = cls._fields
    if len(args) > len(fields):
        raise TypeError(
            f"{cls.__name__}.__new__() takes {len(fields) + 1} positional arguments but {len(args) + 1} were given"
        )
    values = list(args)
    for name in fields[len(args) :]:
        value = keywords.pop(name, _ABSENT)
        if value is _ABSENT:
            value = cls._field_defaults.get(name, _ABSENT)
        if value is _ABSENT:
            raise TypeError(f"{cls.__name__}.__new__() missing 1 required positional argument: {name!r}")
        values.append(value)
    if keywords:
        raise TypeError(f"{cls.__name__}.__new__() got an unexpected keyword argument {next(iter(keywords))!r}")
    return tuple.__new__(cls, values)


class _NamedTuple(tuple):
    """What all named tuples share, next to ``_fields`` and ``_field_defaults``."""

    __slots__ = ()

    @classmethod
    def _make(cls, iterable):
        result = tuple.__new__(cls, iterable)
        if len(result) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(result)}")
        return result

    def _replace(self, /, **changes):
        result = self._make([changes.pop(name, value) for name, value in zip(self._fields, self, strict=False)])
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return result

    def _asdict(self):
        return dict(zip(self._fields, self, strict=False))

    def __repr__(self):
        parts = [f"{name}={value!r}" for name, value in zip(self._fields, self, strict=False)]
        return f"{self.__class__.__name__}({', '.join(parts)})"

    def __getnewargs__(self):
        return tuple(self)
