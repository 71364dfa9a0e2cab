"""Iterators that know how many elements there are, or ask one after the other."""

from _staged import refused


def chain(*iterables):
    return (item for iterable in iterables for item in iterable)


def _chain_from_iterable(iterables, /):
    return (item for iterable in iterables for item in iterable)


def product(*iterables, repeat=1):
    rows = [()]
    for pool in [tuple(iterable) for iterable in iterables] * repeat:
        rows = [(*row, item) for row in rows for item in pool]
    return iter(rows)


def combinations(iterable, r):
    pool = tuple(iterable)
    rows = [()]
    for _ in range(r):
        rows = [(*row, place) for row in rows for place in range(row[-1] + 1 if row else 0, len(pool))]
    return iter([tuple([pool[place] for place in row]) for row in rows])


def permutations(iterable, r=None):
    pool = tuple(iterable)
    rows = [()]
    for _ in range(len(pool) if r is None else r):
        rows = [(*row, place) for row in rows for place in range(len(pool)) if place not in row]
    return iter([tuple([pool[place] for place in row]) for row in rows])


def pairwise(iterable, /):
    previous = None
    is_first = True
    for item in iterable:
        if not is_first:
            yield previous, item
        previous, is_first = item, False


def starmap(function, iterable, /):
    return (function(*arguments) for arguments in iterable)


def filterfalse(function, iterable, /):
    if function is None:
        return (item for item in iterable if not item)
    return (item for item in iterable if not function(item))


def compress(data, selectors):
    return (item for item, selected in zip(data, selectors) if selected)


def takewhile(predicate, iterable, /):
    for item in iterable:
        if not predicate(item):
            break
        yield item


def dropwhile(predicate, iterable, /):
    dropping = True
    for item in iterable:
        if dropping and predicate(item):
            continue
        dropping = False
        yield item


def islice(iterable, first, /, *others):
    if others:
        start, stop, step = first or 0, others[0], others[1] if len(others) > 1 else 1
    else:
        start, stop, step = 0, first, 1
    if start < 0 or (stop is not None and stop < 0) or step < 1:
        raise ValueError
    if stop is None or step != 1:
        return iter(tuple(iterable)[start:stop:step])
    return _part(iterable, start, stop)


def _part(iterable, start, stop):
    place = 0
    if stop > 0:
        for item in iterable:
            if place >= start:
                yield item
            place += 1
            if place >= stop:
                break


def accumulate(iterable, func=None, *, initial=None):
    total = initial
    started = initial is not None
    if started:
        yield total
    for item in iterable:
        if not started:
            total, started = item, True
        elif func is None:
            total = total + item
        else:
            total = func(total, item)
        yield total


def repeat(object, times=None):
    if times is None:
        refused("itertools.repeat without an end")
    return iter([object for _ in range(times)])
