"""Tools for functions: partial, reduce, caches, wraps, orderings, dispatch by type."""

from collections import namedtuple

_ABSENT = object()
WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)


def reduce(function, sequence, initial=_ABSENT, /):
    iterator = iter(sequence)
    total = initial
    if total is _ABSENT:
        for total in iterator:  # noqa: B007
            break
        else:
            raise TypeError("reduce() of empty iterable with no initial value")
    for item in iterator:
        total = function(total, item)
    return total


class partial:
    def __init__(self, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError("the first argument must be callable")
        if type(func) is partial:
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, /, *args, **keywords):
        if self.keywords:
            return self.func(*self.args, *args, **{**self.keywords, **keywords})
        return self.func(*self.args, *args, **keywords)

    def __repr__(self):
        parts = [repr(self.func)]
        parts.extend([repr(argument) for argument in self.args])
        parts.extend([f"{name}={value!r}" for name, value in self.keywords.items()])
        return f"functools.partial({', '.join(parts)})"


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        if type(func) is partialmethod:
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, instance, owner=None):
        function, arguments, fixed = self.func, self.args, self.keywords
        if hasattr(function, "__get__"):
            function = function.__get__(instance, owner)
        elif instance is not None:
            function = partial(function, instance)

        def method(*args, **keywords):
            return function(*arguments, *args, **{**fixed, **keywords})

        def unbound(self, /, *args, **keywords):
            return function(self, *arguments, *args, **{**fixed, **keywords})

        return unbound if instance is None else method


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        value = getattr(wrapped, name, _ABSENT)
        if value is not _ABSENT:
            setattr(wrapper, name, value)
    if updated:
        for name, value in getattr(wrapped, "__dict__", {}).items():
            setattr(wrapper, name, value)
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned, updated)

    return decorate


CacheInfo = namedtuple("CacheInfo", ["hits", "misses", "maxsize", "currsize"])
_PLAIN_TYPES = (int, str, bool, float, type(None))


class _Keyword:
    """Stands between the positional arguments of a call and the named ones."""


class _HashedKey:
    """A key with the hash that its arguments had before the call, which may change them."""

    __slots__ = ("hash", "parts")

    def __init__(self, parts):
        self.parts = parts
        self.hash = hash(parts)

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        return self.parts == (other.parts if type(other) is _HashedKey else other)


def _key_of_call(args, keywords, typed):
    if len(args) == 1 and not keywords and not typed and type(args[0]) in (int, str):
        return args[0]  # so that f(1) and f(1.0) are told apart, as in Python
    parts = args
    if keywords:
        parts += (_Keyword,)
        for item in keywords.items():
            parts += item
    if typed:
        parts += tuple([type(value) for value in [*args, *keywords.values()]])
    for part in args:
        if type(part) not in _PLAIN_TYPES:
            return _HashedKey(parts)
    return _HashedKey(parts) if keywords else parts


def cache(user_function, /):
    return _cached(user_function, None, False)


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize) and isinstance(typed, bool):
        return _cached(maxsize, 128, typed)
    if isinstance(maxsize, int):
        maxsize = max(maxsize, 0)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")

    def decorate(user_function):
        return _cached(user_function, maxsize, typed)

    return decorate


def _cached(function, maxsize, typed):
    """A function that remembers results, in the order of their last use where their number is limited."""
    results = {}
    hits = misses = 0

    def wrapper(*args, **keywords):
        nonlocal hits, misses
        if maxsize == 0:
            misses += 1
            return function(*args, **keywords)
        key = _key_of_call(args, keywords, typed)
        result = results.get(key, _ABSENT)
        if result is not _ABSENT:
            if maxsize is not None:
                results[key] = results.pop(key)
            hits += 1
            return result
        misses += 1
        result = function(*args, **keywords)
        if maxsize is None:
            results[key] = result
        elif key not in results:
            if len(results) >= maxsize:
                for oldest in results:
                    break
                del results[oldest]
            results[key] = result
        return result

    def cache_info():
        return CacheInfo(hits, misses, maxsize, len(results))

    def cache_clear():
        nonlocal hits, misses
        hits = misses = 0
        results.clear()

    def cache_parameters():
        return {"maxsize": maxsize, "typed": typed}

    wrapper.cache_info = cache_info
    wrapper.cache_clear = cache_clear
    wrapper.cache_parameters = cache_parameters
    return update_wrapper(wrapper, function)


class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError(
                f"Cannot assign the same cached_property to two different names ({self.attrname!r} and {name!r})."
            )

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError("Cannot use cached_property instance without calling __set_name__ on it.")
        # Asked again by way of the class although the instance has the value already: the value stays.
        value = instance.__dict__.get(self.attrname, _ABSENT)
        if value is _ABSENT:
            value = self.func(instance)
            object.__setattr__(instance, self.attrname, value)
        return value


def cmp_to_key(mycmp):
    class K:
        __slots__ = ("obj",)
        __hash__ = None

        def __init__(self, obj):
            self.obj = obj

        def __lt__(self, other):
            return mycmp(self.obj, other.obj) < 0

        def __gt__(self, other):
            return mycmp(self.obj, other.obj) > 0

        def __eq__(self, other):
            return mycmp(self.obj, other.obj) == 0

        def __le__(self, other):
            return mycmp(self.obj, other.obj) <= 0

        def __ge__(self, other):
            return mycmp(self.obj, other.obj) >= 0

    return K


def _strict_from(result, self, other, negate):
    """What a strict comparison is worth, given a lenient or opposite one."""
    if result is NotImplemented:
        return result
    return (not result if negate else result) and self != other


def _lenient_from(result, self, other, negate):
    if result is NotImplemented:
        return result
    return (not result if negate else result) or self == other


def _opposite(result):
    return result if result is NotImplemented else not result


def _gt_from_lt(self, other):
    return _strict_from(type(self).__lt__(self, other), self, other, True)


def _le_from_lt(self, other):
    return _lenient_from(type(self).__lt__(self, other), self, other, False)


def _ge_from_lt(self, other):
    return _opposite(type(self).__lt__(self, other))


def _ge_from_le(self, other):
    return _lenient_from(type(self).__le__(self, other), self, other, True)


def _lt_from_le(self, other):
    return _strict_from(type(self).__le__(self, other), self, other, False)


def _gt_from_le(self, other):
    return _opposite(type(self).__le__(self, other))


def _lt_from_gt(self, other):
    return _strict_from(type(self).__gt__(self, other), self, other, True)


def _ge_from_gt(self, other):
    return _lenient_from(type(self).__gt__(self, other), self, other, False)


def _le_from_gt(self, other):
    return _opposite(type(self).__gt__(self, other))


def _le_from_ge(self, other):
    return _lenient_from(type(self).__ge__(self, other), self, other, True)


def _gt_from_ge(self, other):
    return _strict_from(type(self).__ge__(self, other), self, other, False)


def _lt_from_ge(self, other):
    return _opposite(type(self).__ge__(self, other))


def _has_ordering(cls, name):
    """Whether a class has a comparison that is not object's."""
    for base in cls.__mro__:
        if base is object:
            return False
        members = base.__dict__
        if name in members or (not members and getattr(base, name, None) is not None):  # a built-in type lists nothing
            return True
    return False


def total_ordering(cls):
    defined = []
    for name in ("__lt__", "__le__", "__gt__", "__ge__"):
        if _has_ordering(cls, name):
            defined.append(name)
    if not defined:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    derived = {
        "__lt__": {"__gt__": _gt_from_lt, "__le__": _le_from_lt, "__ge__": _ge_from_lt},
        "__le__": {"__ge__": _ge_from_le, "__lt__": _lt_from_le, "__gt__": _gt_from_le},
        "__gt__": {"__lt__": _lt_from_gt, "__ge__": _ge_from_gt, "__le__": _le_from_gt},
        "__ge__": {"__le__": _le_from_ge, "__gt__": _gt_from_ge, "__lt__": _lt_from_ge},
    }
    # __lt__ is preferred to __le__, that to __gt__, that to __ge__.
    for name, function in derived[defined[0]].items():
        if name not in defined:
            setattr(cls, name, function)
    return cls


def singledispatch(func):
    registry = {object: func}

    def dispatch(cls):
        for base in cls.__mro__:
            if base in registry:
                return registry[base]
        for registered in registry:
            # A base that is no class of the mro: one of collections.abc.
            if registered is not object and issubclass(cls, registered):
                return registry[registered]
        return func

    def register(cls, func=None):
        if not isinstance(cls, type):
            raise TypeError(f"Invalid first argument to `register()`: {cls!r}.")
        if func is None:
            return lambda function: register(cls, function)
        registry[cls] = func
        return func

    def wrapper(*args, **keywords):
        if not args:
            raise TypeError(f"{func.__name__} requires at least 1 positional argument")
        return dispatch(type(args[0]))(*args, **keywords)

    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    return update_wrapper(wrapper, func)


class singledispatchmethod:
    def __init__(self, func):
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, instance, owner=None):
        dispatch = self.dispatcher.dispatch

        def method(*args, **keywords):
            return dispatch(type(args[0])).__get__(instance, owner)(*args, **keywords)

        method.register = self.register
        return update_wrapper(method, self.func)
