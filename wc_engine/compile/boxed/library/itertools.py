"""The iterators of itertools. They take what they need from their arguments when CPython's do, and not earlier."""

_ABSENT = object()


def _whole(value, message):
    """Return None or the value where it is an integer from 0 on."""
    if value is None:
        return None
    try:
        value = value.__index__()
    except AttributeError:
        raise ValueError(message) from None
    if value < 0:
        raise ValueError(message)
    return value


def count(start=0, step=1):
    if not _is_number(start) or not _is_number(step):
        raise TypeError("a number is required")
    return _count(start, step)


def _is_number(value):
    return hasattr(value, "__index__") or hasattr(value, "__float__") or isinstance(value, complex)


def _count(value, step):
    while True:
        yield value
        value += step


def cycle(iterable, /):
    return _cycle(iter(iterable))


def _cycle(iterator):
    seen = []
    for item in iterator:
        seen.append(item)
        yield item
    while seen:
        for item in seen:  # noqa: UP028  # send() must not reach what it runs over
            yield item


def repeat(object, times=_ABSENT):
    if times is _ABSENT:
        return _repeat_always(object)
    if not hasattr(times, "__index__"):
        raise TypeError(f"{type(times).__name__!r} object cannot be interpreted as an integer")
    return _repeat(object, times.__index__())


def _repeat_always(item):
    while True:
        yield item


def _repeat(item, times):
    while times > 0:
        times -= 1
        yield item


def accumulate(iterable, func=None, *, initial=None):
    return _accumulate(iter(iterable), func, initial)


def _accumulate(iterator, func, initial):
    total = initial
    if total is None:
        for total in iterator:  # noqa: B007
            break
        else:
            return
    yield total
    if func is None:
        for item in iterator:
            total = total + item
            yield total
        return
    for item in iterator:
        try:
            total = func(total, item)
        except StopIteration:
            return
        yield total


class chain:
    def __new__(cls, *iterables):
        return _chain(iterables)

    @classmethod
    def from_iterable(cls, iterable, /):
        return _chain(iter(iterable))


def _chain(iterables):
    for iterable in iterables:
        for item in iterable:  # noqa: UP028
            yield item


def compress(data, selectors):
    return _compress(zip(data, selectors, strict=False))


def _compress(pairs):
    for item, selected in pairs:
        if selected:
            yield item


def dropwhile(predicate, iterable, /):
    return _dropwhile(predicate, iter(iterable))


def _dropwhile(predicate, iterator):
    for item in iterator:
        try:
            dropped = predicate(item)
        except StopIteration:
            return
        if not dropped:
            yield item
            break
    for item in iterator:  # noqa: UP028
        yield item


def takewhile(predicate, iterable, /):
    return _takewhile(predicate, iter(iterable))


def _takewhile(predicate, iterator):
    for item in iterator:
        try:
            taken = predicate(item)
        except StopIteration:
            return
        if not taken:
            return
        yield item


def filterfalse(function, iterable, /):
    return _filterfalse(bool if function is None else function, iter(iterable))


def _filterfalse(function, iterator):
    for item in iterator:
        try:
            dropped = function(item)
        except StopIteration:
            return
        if not dropped:
            yield item


def starmap(function, iterable, /):
    return _starmap(function, iter(iterable))


def _starmap(function, iterator):
    for arguments in iterator:
        try:
            result = function(*arguments)
        except StopIteration:
            return
        yield result


def islice(iterable, *bounds):
    if not bounds:
        raise TypeError("islice expected at least 2 arguments, got 1")
    if len(bounds) > 3:
        raise TypeError(f"islice expected at most 4 arguments, got {len(bounds) + 1}")
    if len(bounds) == 1:
        start, stop, step = None, bounds[0], None
        stop = _whole(stop, "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    else:
        indices = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
        start, stop = _whole(bounds[0], indices), _whole(bounds[1], indices)
        step = bounds[2] if len(bounds) == 3 else None
    step = _whole(step, "Step for islice() must be a positive integer or None.")
    if step == 0:
        raise ValueError("Step for islice() must be a positive integer or None.")
    return _islice(iter(iterable), start or 0, stop, step or 1)


def _islice(iterator, start, stop, step):
    position = 0  # of the item that the iterator gives next
    target = start
    while True:
        while position < target:
            if next(iterator, _ABSENT) is _ABSENT:
                return
            position += 1
        if stop is not None and position >= stop:
            return
        item = next(iterator, _ABSENT)
        if item is _ABSENT:
            return
        yield item
        position += 1
        target += step
        if stop is not None and target > stop:
            target = stop


def pairwise(iterable, /):
    return _pairwise(iter(iterable))


def _pairwise(iterator):
    before = next(iterator, _ABSENT)
    if before is _ABSENT:
        return
    for item in iterator:
        yield (before, item)
        before = item


def zip_longest(*iterables, fillvalue=None):
    return _zip_longest([iter(iterable) for iterable in iterables], fillvalue)


def _zip_longest(iterators, fillvalue):
    active = len(iterators)
    while active:
        row = []
        for number, iterator in enumerate(iterators):
            item = fillvalue
            if iterator is not None:
                item = next(iterator, _ABSENT)
                if item is _ABSENT:
                    active -= 1
                    if not active:
                        return
                    iterators[number] = None
                    item = fillvalue
            row.append(item)
        yield tuple(row)


def tee(iterable, n=2, /):
    if n < 0:
        raise ValueError("n must be >= 0")
    iterator = iter(iterable)
    link = [None, None]
    return tuple([_tee(iterator, link) for _ in range(n)])


def _tee(iterator, link):
    """Run along a chain of links, [item, next link], which whoever comes first makes longer."""
    while True:
        if link[1] is None:
            item = next(iterator, _ABSENT)
            if item is _ABSENT:
                return
            if link[1] is None:
                link[0] = item
                link[1] = [None, None]
        item, link = link
        yield item


class groupby:
    def __init__(self, iterable, key=None):
        self._iterator = iter(iterable)
        self._key = key
        self._wanted = self._current_key = self._current = _ABSENT
        self._group = None

    def __iter__(self):
        return self

    def __next__(self):
        self._group = None
        while self._current_key is _ABSENT or self._is_wanted():
            self._advance()
        self._wanted = self._current_key
        self._group = _Group(self, self._wanted)
        return (self._current_key, self._group)

    def _is_wanted(self):
        wanted = self._wanted
        return wanted is not _ABSENT and (wanted is self._current_key or wanted == self._current_key)

    def _advance(self):
        item = next(self._iterator)
        self._current_key = item if self._key is None else self._key(item)
        self._current = item


class _Group:
    """The items that have one key; it ends when the groupby goes on."""

    def __init__(self, parent, key):
        self._parent = parent
        self._key = key

    def __iter__(self):
        return self

    def __next__(self):
        parent = self._parent
        if parent._group is not self:
            raise StopIteration
        if parent._current is _ABSENT:
            parent._advance()
        if not (self._key is parent._current_key or self._key == parent._current_key):
            raise StopIteration
        item = parent._current
        parent._current = _ABSENT
        return item


def product(*iterables, repeat=1):
    if repeat < 0:
        raise ValueError("repeat argument cannot be negative")
    return _product([tuple(iterable) for iterable in iterables] * repeat)


def _product(pools):
    for pool in pools:
        if not pool:
            return
    last = len(pools) - 1
    row = [pool[0] for pool in pools]
    places = [0] * len(pools)
    while True:
        yield tuple(row)
        at = last
        while at >= 0:
            pool = pools[at]
            place = places[at] + 1
            if place < len(pool):
                places[at] = place
                row[at] = pool[place]
                break
            places[at] = 0
            row[at] = pool[0]
            at -= 1
        if at < 0:
            return


def permutations(iterable, r=None):
    pool = tuple(iterable)
    if r is None:
        r = len(pool)
    elif not isinstance(r, int):
        raise TypeError("Expected int as r")
    if r < 0:
        raise ValueError("r must be non-negative")
    return _permutations(pool, r)


def _permutations(pool, r):
    size = len(pool)
    if r > size:
        return
    chosen = list(range(r))
    used = [False] * size
    for place in chosen:
        used[place] = True
    while True:
        yield tuple([pool[place] for place in chosen])
        # The last place that can take a later item takes the next free one; what follows starts from the first.
        at = r - 1
        while at >= 0:
            place = chosen[at]
            used[place] = False
            place += 1
            while place < size and used[place]:
                place += 1
            if place < size:
                chosen[at] = place
                used[place] = True
                break
            at -= 1
        if at < 0:
            return
        free = 0
        for later in range(at + 1, r):
            while used[free]:
                free += 1
            chosen[later] = free
            used[free] = True


def combinations(iterable, r):
    pool = tuple(iterable)
    if r < 0:
        raise ValueError("r must be non-negative")
    return _combinations(pool, r)


def _combinations(pool, r):
    spare = len(pool) - r
    if spare < 0:
        return
    chosen = list(range(r))
    while True:
        yield tuple([pool[place] for place in chosen])
        at = r - 1
        while at >= 0 and chosen[at] == at + spare:
            at -= 1
        if at < 0:
            return
        place = chosen[at] + 1
        for later in range(at, r):
            chosen[later] = place
            place += 1


def combinations_with_replacement(iterable, r):
    pool = tuple(iterable)
    if r < 0:
        raise ValueError("r must be non-negative")
    return _combinations_with_replacement(pool, r)


def _combinations_with_replacement(pool, r):
    if r and not pool:
        return
    last = len(pool) - 1
    chosen = [0] * r
    while True:
        yield tuple([pool[place] for place in chosen])
        at = r - 1
        while at >= 0 and chosen[at] == last:
            at -= 1
        if at < 0:
            return
        chosen[at:] = [chosen[at] + 1] * (r - at)
