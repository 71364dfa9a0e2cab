"""Enumerations, made by the hooks that classes have in place of a metaclass (see the package's docstring)."""

STRICT, CONFORM, EJECT, KEEP = "strict", "conform", "eject", "keep"
_PLAIN_FUNCTION = type(lambda: None)
_DESCRIPTORS = (_PLAIN_FUNCTION, property, classmethod, staticmethod)
_ABSENT = object()


class auto:
    """A value to be found when the class is complete. Expressions with it are worked out then."""

    def __init__(self, value=_ABSENT):
        self.value = value

    def __or__(self, other):
        return _Expression(_or, self, other)

    def __ror__(self, other):
        return _Expression(_or, other, self)

    def __and__(self, other):
        return _Expression(_and, self, other)

    def __rand__(self, other):
        return _Expression(_and, other, self)

    def __xor__(self, other):
        return _Expression(_xor, self, other)

    def __rxor__(self, other):
        return _Expression(_xor, other, self)

    def __add__(self, other):
        return _Expression(_add, self, other)

    def __radd__(self, other):
        return _Expression(_add, other, self)

    def __sub__(self, other):
        return _Expression(_sub, self, other)

    def __rsub__(self, other):
        return _Expression(_sub, other, self)

    def __mul__(self, other):
        return _Expression(_mul, self, other)

    def __rmul__(self, other):
        return _Expression(_mul, other, self)

    def __lshift__(self, other):
        return _Expression(_lshift, self, other)

    def __invert__(self):
        return _Expression(_invert, self, None)


class _Expression(auto):
    def __init__(self, operation, left, right):
        self.value = _ABSENT
        self.operation = operation
        self.left = left
        self.right = right


def _or(a, b):
    return a | b


def _and(a, b):
    return a & b


def _xor(a, b):
    return a ^ b


def _add(a, b):
    return a + b


def _sub(a, b):
    return a - b


def _mul(a, b):
    return a * b


def _lshift(a, b):
    return a << b


def _invert(a, b):
    return ~a


def _value_of(value):
    """What a value found in a class body is worth, once the autos before it have their values."""
    if isinstance(value, _Expression):
        if value.value is _ABSENT:
            value.value = value.operation(_value_of(value.left), _value_of(value.right))
        return value.value
    return value.value if isinstance(value, auto) else value


class member:
    def __init__(self, value):
        self.value = value


class nonmember:
    def __init__(self, value):
        self.value = value


def _is_member(name, value, cls):
    """Whether a name of a class body is to become a member."""
    if isinstance(value, nonmember):
        return False
    if name.startswith("__") and name.endswith("__"):
        return False
    if name.startswith("_") and name.endswith("_"):
        return False
    if name.startswith(f"_{cls.__name__}__"):
        return False
    return isinstance(value, member) or not (isinstance(value, _DESCRIPTORS) or hasattr(type(value), "__get__"))


_DATA_TYPES = (int, float, str, tuple, list, dict, set, frozenset, complex)


def _data_type(cls):
    """The class besides Enum whose instances the members are, or object."""
    for chain in cls.__bases__:
        candidate = None
        for base in chain.__mro__:
            if base is object:
                continue
            if issubclass(base, Enum):
                if base._member_type_ is not object:
                    return base._member_type_
            elif base in _DATA_TYPES or "__new__" in base.__dict__ or "__dataclass_fields__" in base.__dict__:
                return candidate or base
            else:
                candidate = candidate or base
    return object


def _function_of(cls, name):
    """What the program's own classes along the mro say of a name; those of mixed-in built-in types do not count."""
    for base in cls.__mro__:
        if base not in _DATA_TYPES and base is not object and name in base.__dict__:
            return base.__dict__[name]
    return None


class Enum:
    _boundary_ = None
    _member_type_ = object

    def __wc_created__(cls, members):
        for base in cls.__mro__[1:]:
            if getattr(base, "_member_names_", None):
                raise TypeError(f"<enum {cls.__name__!r}> cannot extend <enum {base.__name__!r}>")
        cls._member_map_ = {}
        cls._member_names_ = []
        cls._value2member_map_ = {}
        cls._unhashable_values_ = []
        cls._member_type_ = _data_type(cls)
        if issubclass(cls, _DATA_TYPES):
            _overrule_data_type(cls, members)
        cls._wc_flags_()
        ignored = members.get("_ignore_", ())
        if isinstance(ignored, str):
            ignored = ignored.replace(",", " ").split()
        values = []
        for name, value in list(members.items()):
            if name in ignored or name == "_ignore_":
                delattr(cls, name)
            elif isinstance(value, nonmember):
                setattr(cls, name, value.value)
            elif _is_member(name, value, cls):
                value = _settled(cls, name, value.value if isinstance(value, member) else value, values)
                _add_member(cls, name, value)
        cls.__members__ = cls._member_map_

    def __wc_class_iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __wc_class_len__(cls):
        return len(cls._member_names_)

    def __wc_class_getitem__(cls, name):
        return cls._member_map_[name]

    def __wc_class_contains__(cls, member):
        if not isinstance(member, Enum):
            raise TypeError(f"unsupported operand type(s) for 'in': {type(member).__qualname__!r} and 'EnumType'")
        return isinstance(member, cls) and member._name_ in cls._member_map_

    def __wc_class_call__(cls, value, names=None, *, start=1, type=None, module=None, qualname=None, boundary=None):
        if names is None:
            return _lookup(cls, value)
        return _make_class(cls, value, names, start, type)

    @classmethod
    def _wc_flags_(cls):
        """Prepare a class of flags."""

    @classmethod
    def _wc_note_(cls, value):
        """Note the value of a new member; return whether it is one that iteration visits."""
        return True

    @classmethod
    def _missing_(cls, value):
        return None

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        try:
            return sorted(last_values)[-1] + 1
        except TypeError:
            pass
        for value in reversed(last_values):
            try:
                return value + 1
            except TypeError:
                pass
        return start

    def __repr__(self):
        return f"<{self.__class__.__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        return f"{self.__class__.__name__}.{self._name_}"

    def __format__(self, format_spec):
        return format(str(self), format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


def _settled(cls, name, value, values):
    """A member's value with autos in it worked out; ``values`` are those of the members before."""
    single = isinstance(value, auto)
    if not single and not (type(value) is tuple and any([isinstance(part, auto) for part in value])):
        values.append(value)
        return value
    parts = []
    for part in (value,) if single else value:
        if isinstance(part, auto):
            part_value = _value_of(part)
            if part_value is _ABSENT:
                part_value = cls._generate_next_value_(name, 1, len(cls._member_map_), values[:])
                part.value = part_value
            values.append(part_value)
            parts.append(part_value)
        else:
            parts.append(part)
    return parts[0] if single else tuple(parts)


def _add_member(cls, name, value):
    arguments = value if isinstance(value, tuple) else (value,)
    if cls._member_type_ is tuple:
        arguments = (arguments,)
    result = _new_instance(cls, arguments)
    if not hasattr(result, "_value_"):
        result._value_ = value if cls._member_type_ is object else cls._member_type_(*arguments)
    result._name_ = name
    value = result._value_
    _show_names(cls, result)
    if _function_of(cls, "__init__") is not None:
        result.__init__(*arguments)
        if result._value_ is not value:
            value = result._value_
            _show_names(cls, result)
    result._sort_order_ = len(cls._member_names_)
    is_canonical = cls._wc_note_(value)
    known = _find(cls, value)
    if known is not _ABSENT:
        result = known
    elif is_canonical:
        cls._member_names_.append(name)
    setattr(cls, name, result)
    cls._member_map_[name] = result
    try:
        cls._value2member_map_.setdefault(value, result)
    except TypeError:
        cls._unhashable_values_.append(value)


def _show_names(cls, result):
    """Let ``name`` and ``value`` be plain attributes, but where the class makes them something else."""
    if _function_of(cls, "name") is None:
        result.name = result._name_
    if _function_of(cls, "value") is None:
        result.value = result._value_


def _new_instance(cls, arguments):
    new = _function_of(cls, "__new__")
    if new is not None:
        if isinstance(new, staticmethod):
            new = new.__func__
        return new(cls, *arguments)
    if cls._member_type_ is object:
        return object.__new__(cls)
    return cls._member_type_.__new__(cls, *arguments)


def _find(cls, value):
    """The member of a value."""
    try:
        return cls._value2member_map_.get(value, _ABSENT)
    except TypeError:
        for found in cls._member_map_.values():
            if found._value_ == value:
                return found
    return _ABSENT


def _lookup(cls, value):
    if type(value) is cls:
        return value
    found = _find(cls, value)
    if found is not _ABSENT:
        return found
    try:
        result = cls._missing_(value)
    except Exception as error:
        error.__context__ = ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        raise
    if isinstance(result, cls) or (cls._boundary_ is EJECT and isinstance(result, int)):
        return result
    if result is None:
        raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
    raise TypeError(f"error in {cls.__name__}._missing_: returned {result!r} instead of None or a valid member")


def _overrule_data_type(cls, members):
    """Give members that are ints, strings, ... what Enum says of them before what their data type says."""
    for name in ("__repr__", "__str__", "__format__"):
        if name not in members:
            setattr(cls, name, _function_of(cls, name))
    if "__hash__" not in members and _function_of(cls, "__hash__") is Enum.__hash__:
        cls.__hash__ = _hash_of_data


def _hash_of_data(self):
    return hash(self._value_)


def _make_class(cls, name, names, start, mixin):
    """The functional form: ``Enum("Color", "RED GREEN")``."""
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    members = {}
    if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
        values = []
        for number, member_name in enumerate(names):
            value = cls._generate_next_value_(member_name, start, number, values[:])
            values.append(value)
            members[member_name] = value
    else:
        for item in names.items() if isinstance(names, dict) else names:
            members[item[0]] = item[1]
    return type(name, (cls,) if mixin is None else (mixin, cls), members)


class ReprEnum(Enum):
    """Only repr() is Enum's; str() and format() are those of the data type."""

    def __str__(self):
        return str(self._value_)

    def __format__(self, format_spec):
        return format(self._value_, format_spec)


class IntEnum(int, ReprEnum):
    pass


class StrEnum(str, ReprEnum):
    def __new__(cls, *values):
        if len(values) != 1 or not isinstance(values[0], str):
            raise TypeError(f"{values[0]!r} is not a string")
        result = str.__new__(cls, values[0])
        result._value_ = values[0]
        return result

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()


def _is_single_bit(value):
    return value > 0 and value & (value - 1) == 0


class Flag(Enum):
    _boundary_ = STRICT

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start if start is not None else 1
        return 1 << max(last_values).bit_length()

    @classmethod
    def _wc_flags_(cls):
        cls._flag_mask_ = cls._singles_mask_ = cls._all_bits_ = 0
        if issubclass(cls, int):
            for name in _FLAG_OPERATORS:
                if name not in cls.__dict__:
                    setattr(cls, name, Flag.__dict__[name])

    @classmethod
    def _wc_note_(cls, value):
        cls._flag_mask_ |= value
        cls._all_bits_ = (1 << cls._flag_mask_.bit_length()) - 1
        if not _is_single_bit(value):
            return False
        cls._singles_mask_ |= value
        return True

    @classmethod
    def _wc_members_in_(cls, value):
        """The members of the bits of a value, in the order of their definition."""
        return [one for one in cls if one._value_ & value]

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        mask, bits = cls._flag_mask_, cls._all_bits_
        if not ~bits <= value <= bits or value & (bits ^ mask):
            if cls._boundary_ is STRICT:
                raise ValueError(f"{cls!r} invalid value {value!r}")
            elif cls._boundary_ is CONFORM:
                value &= mask
            elif cls._boundary_ is EJECT:
                return value
            elif value < 0:
                value += max(bits + 1, 1 << value.bit_length())
        negative = value if value < 0 else None
        if value < 0:
            value += bits + 1
        unknown = value & ~mask
        if unknown and cls._boundary_ is not KEEP:
            raise ValueError(f"{cls.__name__}({value!r}) -->  unknown values {unknown!r} [{bin(unknown)}]")
        result = _find(cls, value)
        if result is _ABSENT:
            result = _combination(cls, value)
        if negative is not None:
            cls._value2member_map_[negative] = result
        return result

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            left, right = type(other).__qualname__, self.__class__.__qualname__
            raise TypeError(f"unsupported operand type(s) for 'in': {left!r} and {right!r}")
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        return iter(self.__class__._wc_members_in_(self._value_))

    def __len__(self):
        return self._value_.bit_count()

    def __repr__(self):
        if self._name_ is None:
            return f"<{self.__class__.__name__}: {self._value_!r}>"
        return f"<{self.__class__.__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        if self._name_ is None:
            return f"{self.__class__.__name__}({self._value_!r})"
        return f"{self.__class__.__name__}.{self._name_}"

    def __bool__(self):
        return bool(self._value_)

    def __or__(self, other):
        other = _bits_of(self, other)
        return other if other is NotImplemented else _lookup(self.__class__, self._value_ | other)

    def __and__(self, other):
        other = _bits_of(self, other)
        return other if other is NotImplemented else _lookup(self.__class__, self._value_ & other)

    def __xor__(self, other):
        other = _bits_of(self, other)
        return other if other is NotImplemented else _lookup(self.__class__, self._value_ ^ other)

    def __invert__(self):
        if self._boundary_ in (EJECT, KEEP):
            return _lookup(self.__class__, ~self._value_)
        return _lookup(self.__class__, self._singles_mask_ & ~self._value_)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__


def _bits_of(flag, other):
    if isinstance(other, flag.__class__):
        return other._value_
    if flag._member_type_ is not object and isinstance(other, flag._member_type_):
        return other
    return NotImplemented


def _combination(cls, value):
    """The member that stands for several flags, or for none."""
    result = object.__new__(cls) if cls._member_type_ is object else cls._member_type_.__new__(cls, value)
    result._value_ = value
    found = cls._wc_members_in_(value & cls._singles_mask_)
    covered = 0
    for one in found:
        covered |= one._value_
    if value & ~cls._singles_mask_:
        for one in cls._member_map_.values():
            if one not in found and one._value_ and one._value_ & value == one._value_:
                found.append(one)
                covered |= one._value_
    name = "|".join([one._name_ for one in found])
    if value & ~covered:
        if cls._boundary_ is STRICT:
            raise ValueError(f"{cls!r}: no members with value {value & ~covered!r}")
        name = f"{name}|{value & ~covered!r}"
    result._name_ = name if covered else None
    result.name = result._name_
    result.value = value
    return cls._value2member_map_.setdefault(value, result)


_FLAG_OPERATORS = ("__or__", "__and__", "__xor__", "__ror__", "__rand__", "__rxor__", "__invert__", "__bool__")


class IntFlag(int, ReprEnum, Flag):
    _boundary_ = KEEP
    __repr__ = Flag.__repr__


def unique(enumeration):
    duplicates = [f"{name} -> {found.name}" for name, found in enumeration.__members__.items() if name != found.name]
    if duplicates:
        raise ValueError(f"duplicate values found in {enumeration!r}: {', '.join(duplicates)}")
    return enumeration


EnumMeta = EnumType = type
