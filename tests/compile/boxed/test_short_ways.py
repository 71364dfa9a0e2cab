"""What generated code does without asking the runtime, and where it has to ask it after all."""

from __future__ import annotations

from differential import assert_same

ATTEMPT = """
def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__
"""


def test_items_by_index_and_unpacking() -> None:
    assert_same(
        ATTEMPT
        + """
class Odd(list):
    def __getitem__(self, key): return ('odd', key)
    def __len__(self): return 77
    def append(self, item): self.extend([item, item])
class Point(tuple): pass
def item(row, at): return row[at]
def length(row): return len(row)
def two(row):
    a, b = row
    return a, b
def grown(row):
    row.append(9)
    return list.__len__(row) if isinstance(row, list) else row
MODULE = [1, 2]
def case():
    rows = [[1, 2, 3], (4, 5), Odd([1]), Point((1, 2)), 'ab', {0: 'x', 1: 'y'}, {}, range(3), {1, 2}, 5, None]
    out = [(attempt(length, row), attempt(two, row)) for row in rows]
    out += [attempt(item, row, at) for row in rows for at in (0, 1, 2, -1, -3, 7, True, 1.0, 'x')]
    out += [attempt(grown, row) for row in ([], [1], Odd(), MODULE, (), 3)]
    return repr(out), MODULE
"""
    )


def test_loops_over_pairs() -> None:
    assert_same(
        ATTEMPT
        + """
def bad():
    yield 1, 2
    yield 1, 2, 3
def changed():
    d = {1: 2, 3: 4}
    for k, v in d.items():
        d[k + 10] = v
def raising():
    raise StopIteration
def lists(source):
    out = []
    for a, b in source: out.append([a, b])
    return out
def case():
    d = {1: 'a', 2: 'b', 3: 'c'}
    del d[2]
    sources = [d.items(), enumerate('ab'), enumerate([], 5), zip('ab', (1, 2, 3)), zip('abc', [1]), zip(), zip('ab'),
               zip('a', 'b', 'c'), zip([1], [], strict=True), [(1, 2), [3, 4], 'xy'], ((1, 2),), {(5, 6)}, bad(), [1],
               [(1,)], ['xyz'], 7, d, reversed(list(d.items())), map(lambda x: (x, x), range(2)),
               zip('ab', iter(raising, 1))]
    out = [attempt(lists, source) for source in sources] + [attempt(changed)]
    left = enumerate('xyz')
    for a, b in left:
        break
    return repr(out), list(left), [x + y for x, y in zip(range(4), (10, 20, 30))]
"""
    )


def test_pairs_are_compared_as_tuples() -> None:
    assert_same(
        """
class Same:
    def __eq__(self, other): return 'yes'
    def __ne__(self, other): return ''
class Part(tuple): pass
def case():
    nan = float('nan')
    others = [(1, 2), (1, 3), (2, 2), (1,), (1, 2, 3), [1, 2], Part((1, 2)), Same(), None, (True, 2.0),
              ('a', 'b'), (nan, 2)]
    out = []
    for a, b in [(1, 2), (True, 2), (1.0, 2), ('a', 'b'), (nan, 2), ('a', None)]:
        for other in others:
            if (a, b) == other: out.append('==')
            if other == (a, b): out.append('==r')
            if (a, b) != other: out.append('!=')
            if other != (a, b): out.append('!=r')
            if (a, b) == (b, a): out.append('swapped')
            if [a, b] == other: out.append('list')
            out.append(other == (a, b) or '-')
    return out
"""
    )


def test_builtins_by_short_ways() -> None:
    assert_same(
        ATTEMPT
        + """
class Thing:
    kind = 'thing'
    def __init__(self, x): self.x = x
    @property
    def twice(self): return self.x * 2
    @twice.setter
    def twice(self, value): self.x = value // 2
class Guarded:
    def __init__(self): object.__setattr__(self, 'x', 1)
    def __setattr__(self, name, value): raise AttributeError(name)
class Slotted:
    __slots__ = ('x',)
def put(thing): object.__setattr__(thing, 'x', 5); return thing.x
def store(thing): setattr(thing, 'twice', 8); return thing.x
def smallest(values): return min(v for v in values)
def largest(values): return max(v for v in values)
def stops(v):
    raise StopIteration
class Loud:
    def __gt__(self, other): raise StopIteration
def case():
    things = [Thing(3), Guarded(), Slotted(), 5, 'a', Thing]
    out = [(attempt(lambda t: getattr(t, 'x'), t), getattr(t, 'x', 'none'), hasattr(t, 'x'), hasattr(t, 'kind'),
            attempt(put, t), attempt(store, t)) for t in things]
    values = [0, True, '7', 'x', 2.5, None, [1], (2, 1), {'k': 1}, 'abc', range(2)]
    for make in (lambda v: int(v), lambda v: list(v), lambda v: tuple(v), lambda v: set(v), lambda v: str(v),
                 lambda v: bool(v), lambda v: len(frozenset(v))):
        out += [repr(attempt(make, v)) for v in values]
    rows = ([3, 1, 2], [], 'hello', [1, 'a'], [True, 1, 1.0])
    out += [repr(attempt(f, v)) for f in (smallest, largest) for v in rows]
    out.append(attempt(largest, [Loud(), Loud()]))
    out.append(attempt(lambda: max(stops(v) for v in [1])))
    kinds = [isinstance(5, (str, int)), isinstance(5, (str, Thing))]
    return repr(out), list(), dict(), set(), Thing(1).__class__ is Thing, kinds
"""
    )


def test_named_lambdas_and_partial() -> None:
    assert_same(
        ATTEMPT
        + """
from functools import partial
double = lambda x, by=2: x * by
again = lambda x: x
again = lambda x: x + 1
class Half(partial): pass
def outer(n):
    add = lambda x: x + n
    recur = lambda k: 0 if k == 0 else 1 + recur(k - 1)
    made = []
    for i in range(3):
        keep = lambda: i
        made.append(keep())
    return add(5), recur(4), made
def many(*a, **k): return a, sorted(k.items())
def case():
    one, two, three = partial(many, 1), partial(many, k=1), partial(partial(many, 1), 2, z=3)
    calls = [double(3), double(3, 5), double(x=4), again(1), outer(10), attempt(double), one(), one(2, k=3), two(5),
             two(k=9), three(7, z=8), Half(many, 4)(5), attempt(partial(double)), list(map(partial(double, 3), [1, 2])),
             attempt(partial, 3)]
    return repr(calls)
"""
    )
