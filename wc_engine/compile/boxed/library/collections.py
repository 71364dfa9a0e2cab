"""Counter and OrderedDict, and the names of what lies elsewhere; deque and defaultdict are built in."""

from _mappings import ChainMap, UserDict  # noqa: F401
from _named_tuples import namedtuple  # noqa: F401


class OrderedDict(dict):
    """A dict that compares its order with that of others of its kind."""

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return dict.__eq__(self, other) and list(self) == list(other)
        return dict.__eq__(self, other)

    def __ne__(self, other):
        result = self.__eq__(other)
        return result if result is NotImplemented else not result

    __hash__ = None

    def __repr__(self):
        if not self:
            return f"{self.__class__.__name__}()"
        return f"{self.__class__.__name__}({list(self.items())!r})"

    def move_to_end(self, key, last=True):
        value = dict.pop(self, key)
        if last:
            dict.__setitem__(self, key, value)
            return
        others = list(dict.items(self))
        dict.clear(self)
        dict.__setitem__(self, key, value)
        dict.update(self, others)

    def popitem(self, last=True):
        if not self:
            raise KeyError("dictionary is empty")
        key = next(reversed(self) if last else iter(self))
        return (key, dict.pop(self, key))

    def copy(self):
        return self.__class__(self)

    __copy__ = copy

    @classmethod
    def fromkeys(cls, iterable, value=None):
        result = cls()
        for key in iterable:
            result[key] = value
        return result

    def __or__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        result = self.__class__(self)
        result.update(other)
        return result

    def __ror__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        result = self.__class__(other)
        result.update(self)
        return result


def _is_mapping(value):
    return isinstance(value, dict) or hasattr(value, "_wc_is_mapping")


def _count_of_item(pair):
    return pair[1]


class Counter(dict):
    """How often each element occurs; an element that is not there occurs 0 times."""

    def __init__(self, iterable=None, /, **counts):
        super().__init__()
        self.update(iterable, **counts)

    def __missing__(self, key):
        return 0

    def total(self):
        return sum(self.values())

    def most_common(self, n=None):
        if n is None:
            return sorted(self.items(), key=_count_of_item, reverse=True)
        if n == 1:
            return [max(self.items(), key=_count_of_item)] if self else []
        return sorted(self.items(), key=_count_of_item, reverse=True)[: max(n, 0)]

    def elements(self):
        for key, number in self.items():
            for _ in range(number):
                yield key

    @classmethod
    def fromkeys(cls, iterable, v=None):
        raise NotImplementedError("Counter.fromkeys() is undefined.  Use Counter(iterable) instead.")

    def update(self, iterable=None, /, **counts):
        if iterable is not None:
            if _is_mapping(iterable):
                if self:
                    for key, number in iterable.items():
                        self[key] = number + self.get(key, 0)
                else:
                    dict.update(self, iterable)
            else:
                for key in iterable:
                    self[key] = self.get(key, 0) + 1
        if counts:
            self.update(counts)

    def subtract(self, iterable=None, /, **counts):
        if iterable is not None:
            if _is_mapping(iterable):
                for key, number in iterable.items():
                    self[key] = self.get(key, 0) - number
            else:
                for key in iterable:
                    self[key] = self.get(key, 0) - 1
        if counts:
            self.subtract(counts)

    def copy(self):
        return self.__class__(self)

    __copy__ = copy

    def __delitem__(self, key):
        if key in self:
            dict.__delitem__(self, key)

    def __eq__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return all([self[key] == other[key] for counter in (self, other) for key in counter])

    def __ne__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return not self == other

    __hash__ = None

    def __le__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return all([self[key] <= other[key] for counter in (self, other) for key in counter])

    def __lt__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return self <= other and self != other

    def __ge__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return all([self[key] >= other[key] for counter in (self, other) for key in counter])

    def __gt__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return self >= other and self != other

    def __repr__(self):
        if not self:
            return f"{self.__class__.__name__}()"
        try:
            counts = dict(self.most_common())
        except TypeError:
            counts = dict(self)
        return f"{self.__class__.__name__}({counts!r})"

    def __add__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter()
        for key, number in self.items():
            _store_positive(result, key, number + other[key])
        for key, number in other.items():
            if key not in self:
                _store_positive(result, key, number)
        return result

    def __sub__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter()
        for key, number in self.items():
            _store_positive(result, key, number - other[key])
        for key, number in other.items():
            if key not in self and number < 0:
                result[key] = 0 - number
        return result

    def __or__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter()
        for key, number in self.items():
            second = other[key]
            _store_positive(result, key, second if number < second else number)
        for key, number in other.items():
            if key not in self:
                _store_positive(result, key, number)
        return result

    def __and__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter()
        for key, number in self.items():
            second = other[key]
            _store_positive(result, key, number if number < second else second)
        return result

    def __pos__(self):
        result = Counter()
        for key, number in self.items():
            _store_positive(result, key, number)
        return result

    def __neg__(self):
        result = Counter()
        for key, number in self.items():
            if number < 0:
                result[key] = 0 - number
        return result

    def _keep_positive(self):
        for key in [key for key, number in self.items() if not number > 0]:
            del self[key]
        return self

    def __iadd__(self, other):
        for key, number in other.items():
            self[key] += number
        return self._keep_positive()

    def __isub__(self, other):
        for key, number in other.items():
            self[key] -= number
        return self._keep_positive()

    def __ior__(self, other):
        for key, number in other.items():
            if number > self[key]:
                self[key] = number
        return self._keep_positive()

    def __iand__(self, other):
        for key, number in self.items():
            second = other[key]
            if second < number:
                self[key] = second
        return self._keep_positive()


def _store_positive(counter, key, number):
    if number > 0:
        counter[key] = number
