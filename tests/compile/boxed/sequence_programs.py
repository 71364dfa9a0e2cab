"""Programs on lists, tuples, ranges, slices, deques and sorting: name to text. Each has a ``case()`` that returns a list."""

PRELUDE = '''
def attempt(function, *args, **keywords):
    """What a call gives, or the name of the exception."""
    try:
        return function(*args, **keywords)
    except Exception as error:
        return type(error).__name__

def message(function, *args, **keywords):
    """The same with the exception's text."""
    try:
        return function(*args, **keywords)
    except Exception as error:
        return type(error).__name__ + ": " + str(error)

class Thing:
    """Equal by value, and keeps a log."""
    log = []
    def __init__(self, value):
        self.value = value
    def __eq__(self, other):
        Thing.log.append((self.value, getattr(other, "value", other)))
        return isinstance(other, Thing) and self.value == other.value
    def __hash__(self):
        return hash(self.value)
    def __lt__(self, other):
        Thing.log.append((self.value, "<", other.value))
        return self.value < other.value
    def __repr__(self):
        return f"T{self.value}"

def logged():
    result = list(Thing.log)
    Thing.log.clear()
    return result
'''

SEQUENCES = {
    "list_methods": """
def case():
    l = [3, 1, 2]
    out = [l.append(4), l.extend((5, 6)), l.extend("ab"), l.insert(0, 9), l.insert(-1, 8), l.insert(100, 7), l.insert(-100, 6), list(l)]
    out += [l.pop(), l.pop(0), l.pop(-2), l.remove(1), list(l), l.index(2), l.count(2), l.index(5, 1), l.index(5, -6, 100), l.reverse(), list(l), l.copy() is l, l.copy() == l]
    out += [message(l.remove, 99), message(l.index, 99), message(l.index, 2, 5), message(l.pop, 99), message([].pop), message(l.pop, "a"), message(l.insert, "a", 1)]
    out += [attempt(l.append), attempt(l.append, 1, 2), attempt(l.extend), attempt(l.extend, 5), attempt(l.sort, 1), attempt(l.sort, foo=1), attempt(lambda: l.missing), attempt(l.clear, 1), attempt(l.count)]
    m = [1, 2]
    m.extend(m)
    m.extend(m[:1])
    m.extend(range(3))
    m.extend({7: 8, 9: 10})
    m.extend({5})
    m.extend(x for x in "xy")
    m.extend(map(str, [1]))
    out += [list(m), m.clear(), m, m == []]
    n = [[]] * 2
    n[0].append(1)
    out += [n, [[]] * 0, [1] * -1, 2 * [1, 2], [0] * True, [1, 2] + [3], [] + [], list(), list("ab"), list((1,)), list({1: 2}), list({3}), list(range(2)), attempt(list, 5), attempt(list, 1, 2)]
    t = (1, 2, 1, [3])
    out += [t.count(1), t.index(2), message(t.index, 9), t + (4,), t * 2, t[1:], t[::-1], len(t), t.index(1, 1), t[-1], tuple(), tuple("ab"), tuple([1]), attempt(tuple, 5), tuple({1: 2}), () * 5, (1,) * 3]
    out += [attempt(lambda: t.append(1)), t == (1, 2, 1, [3]), t < (1, 3), hash((1, 2)) == hash((1, 2)), attempt(hash, t), (1, 2) + (), () + (1,), tuple(x * 2 for x in t[:2]), list(reversed(t)), sorted([3, 1, 2])]
    return out
""",
    "slices": """
def case():
    out = []
    base = list(range(10))
    bounds = (None, -12, -3, 0, 2, 7, 10, 15)
    for start in bounds:
        for stop in bounds:
            for step in (None, 1, 2, -1, -3, 20):
                out.append((base[start:stop:step], tuple(base)[start:stop:step], range(10)[start:stop:step], "0123456789"[start:stop:step]))
    for start, stop, step, items in (
        (1, 3, None, "xyz"), (1, 3, None, ""), (5, 2, None, [1]), (None, None, None, range(2)), (-2, None, None, (7,)), (None, None, 2, "abcde"),
        (None, None, -1, range(10)), (8, 2, -2, "abc"), (0, 4, 2, "abc"), (3, 3, None, [1, 2]), (20, 30, None, [5]), (0, 0, 2, []), (1, 2, None, 5), (0, 4, 2, 5), (0, 1, 0, [1]),
    ):
        l = list(range(10))
        def store():
            l[start:stop:step] = items
        out.append((message(store), list(l)))
        def delete():
            del l[start:stop:step]
        l = list(range(10))
        out.append((message(delete), list(l)))
    l = [1, 2, 3]
    l[1:1] = l
    out.append(list(l))
    l[::2] = l[:3]
    l[:] = [x for x in l if x != 1]
    l[len(l):] = [9]
    out.append(list(l))
    def grow():
        for i in range(3):
            l.append(i)
            yield i
    l[1:2] = grow()
    out.append(list(l))
    s = slice(1, 10, 2)
    out += [s.start, s.stop, s.step, s.indices(5), slice(None).indices(3), slice(None, None, -1).indices(4), slice(-3, None).indices(2), message(slice(1, 2, 0).indices, 5), attempt(slice(1).indices, -1), attempt(slice), slice(1, "a").stop]
    out += [repr(s), s == slice(1, 10, 2), s != slice(1), attempt(lambda: l["a":]), attempt(lambda: l[1.0:]), [1, 2, 3][slice(1, None)], list(range(10))[-1:-4:-1], attempt(lambda: (1, 2)[::0])]
    return out
""",
    "ranges": """
def case():
    rs = [range(0), range(5), range(2, 8), range(8, 2), range(8, 2, -1), range(1, 10, 3), range(10, 0, -4), range(-5, 5, 5), range(3, 4, 100)]
    out = []
    for r in rs:
        out.append((list(r), len(r), list(reversed(r)), r.start, r.stop, r.step, bool(r), r[1:] , r[::-1], repr(r), [x in r for x in (-5, 0, 1, 2, 5, 2.0, 2.5, True, "a", None)]))
        out.append((attempt(lambda: r[0]), attempt(lambda: r[-1]), attempt(lambda: r[10]), attempt(r.index, 2), attempt(r.index, 4), r.count(2), r.count("a"), [r == other for other in rs], hash(r) == hash(range(r.start, r.stop, r.step))))
    out += [message(range, 1, 2, 0), attempt(range), attempt(range, 1.0), attempt(range, "a"), attempt(range, 1, 2, 3, 4), range(True), range(3)[::2][1], sum(range(100)), max(range(5)), sorted(range(3), reverse=True)]
    out += [message(range(3).index, 7), message(range(3).index, "a"), message(lambda: range(3)[5]), attempt(lambda: range(3)["a"]), attempt(lambda: range(3) + range(2)), attempt(lambda: range(3) < range(4)), range(10)[2:8][1:3], range(10)[8:3], range(10)[3:8:-1]]
    it = iter(range(3))
    out += [next(it), list(it), list(it), [x for x in range(5, 0, -2)], list(range(2 ** 60, 2 ** 60 + 2)), len(range(-(2 ** 60), 2 ** 60))]
    total = 0
    for i in range(3):
        for i in range(2):
            total += i
        total += i * 10
    out.append(total)
    return out
""",
    "mutation_while_iterating": """
def case():
    out = []
    l = [1, 2, 3]
    seen = []
    for x in l:
        seen.append(x)
        if len(l) < 8:
            l.append(x * 10)
    out.append((seen, list(l)))
    l = [1, 2, 3, 4, 5, 6]
    seen = []
    for x in l:
        seen.append(x)
        if x % 2 == 0:
            l.remove(x)
    out.append((seen, list(l)))
    l = [1, 2, 3, 4]
    seen = []
    for x in reversed(l):
        seen.append(x)
        l.pop()
    out.append((seen, list(l)))
    l = [1, 2, 3]
    it = iter(l)
    next(it)
    l.insert(0, 0)
    out += [next(it), list(it)]
    l.append(9)
    out += [next(it, "done"), list(it)]
    l = [3, 2, 1]
    for i, x in enumerate(l):
        l[i] = x * 2
        if i == 0:
            l.append(100)
    out.append(l)
    l = [1, 2, 3]
    out.append([l.pop() for _ in l])
    l = [0, 1, 2, 3, 4, 5]
    for x in l[:]:
        if x % 2:
            l.remove(x)
    out.append(l)
    class Bad:
        def __eq__(self, other):
            l.clear()
            return False
    l = [1, Bad(), 3, 4]
    out.append((attempt(l.index, 4), list(l)))
    l = [1, Bad(), 3, 4]
    out.append((4 in l, list(l)))
    l = [Bad(), Bad(), 3]
    out.append((l == [1, 2, 3], l == [], l.count(3)))
    l = [Bad(), 5, 5]
    out.append((attempt(l.remove, 5), l))
    return out
""",
    "equality_order": """
def case():
    a, b, c = Thing(1), Thing(2), Thing(1)
    out = [a in [b, c], logged(), c in [a], logged(), a in (b, a), logged(), [a, b].index(c), logged(), [b, a].count(c), logged(), [a, b] == [c, b], logged(), (a, b) == (b, a), logged()]
    l = [b, a]
    out += [l.remove(c), l, logged(), [a, b] < [c, a], logged(), (a, 5) == (a, 5), logged(), [a] == [a, b], logged(), (a,) == (c, b), logged(), max([a, b, c]) is b, logged()]
    from collections import deque
    d = deque([b, a])
    out += [c in d, logged(), d.count(c), d.index(c), d.remove(c), list(d), logged(), d == deque([b]), deque([a, b]) == deque([c, b]), deque([a]) < deque([b]), logged()]
    out += [[[1, 2], [3]] == [[1, 2], [3]], [1, [2, [3, [4]]]] < [1, [2, [3, [5]]]], [1, 2] < [1, 2, 0], [] < [0], [2] > [1, 9], (1, "a") < (1, "b"), attempt(lambda: [1, "a"] < [1, 2]), attempt(lambda: (1, None) < (1, 2)), (1, None) < (2, None)]
    nested = []
    nested.append(nested)
    out += [nested == nested, nested in nested, attempt(lambda: nested == [nested]), repr(nested)]
    other = []
    other.append(other)
    out += [attempt(lambda: nested == other)]
    return out
""",
    "deques": """
from collections import deque

def case():
    d = deque([1, 2, 3])
    out = [d.append(4), d.appendleft(0), list(d), d.pop(), d.popleft(), list(d), d.extend("ab"), d.extendleft([7, 8]), list(d), d.rotate(), list(d), d.rotate(-3), list(d), d.rotate(100), list(d), len(d), d[0], d[-1], d[2]]
    d[1] = "x"
    del d[0]
    out += [list(d), d.index("x"), d.count("a"), d.remove("a"), list(d), d.reverse(), list(d), d.insert(1, "i"), d.insert(-100, "s"), d.insert(100, "e"), list(d), d.copy() == d, d.copy() is d, "i" in d, "zz" in d, bool(d), list(reversed(d)), d.clear(), bool(d), len(d)]
    out += [message(d.pop), message(d.popleft), message(d.remove, 1), message(d.index, 1), message(lambda: d[0]), attempt(lambda: d[0:1]), attempt(lambda: d["a"]), attempt(d.append), attempt(hash, d), attempt(d.rotate, "a"), attempt(deque, 5), attempt(deque, [], -1), attempt(deque, [], "a")]
    m = deque(range(5), maxlen=3)
    out += [list(m), m.maxlen, m.append(9), list(m), m.appendleft(8), list(m), m.extend([1, 2]), list(m), m.extendleft([5]), list(m), message(m.insert, 0, 1), m.rotate(1), list(m), d.maxlen, list(deque([1, 2], 0)), list(m.copy()), m.copy().maxlen]
    e = deque([1, 2])
    e += [3]
    e += e
    out += [list(e), list(e + deque([4])), list(e * 2), list(2 * deque([1])), attempt(lambda: e + [1]), attempt(lambda: [1] + e), e == deque([1, 2, 3, 1, 2, 3]), e == [1, 2, 3, 1, 2, 3], e < deque([2]), deque([1]) <= deque([1]), deque() == deque(), e != deque()]
    e *= 2
    out += [len(e), str(deque([1, "a"])), repr(deque([1], 3)), isinstance(e, deque), type(e).__name__, list(map(str, deque([1]))), sorted(deque([2, 1])), max(deque([2, 1])), sum(deque([1, 2]))]
    def mutate(change):
        q = deque([1, 2, 3])
        seen = []
        for x in q:
            seen.append(x)
            change(q)
        return seen
    out += [attempt(mutate, lambda q: q.append(1)), attempt(mutate, lambda q: q.popleft()), attempt(mutate, lambda q: q.rotate()), mutate(lambda q: q.reverse()), mutate(lambda q: q.__setitem__(1, 5))]
    queue, visited = deque([(0, 0)]), {(0, 0)}
    while queue:
        x, y = queue.popleft()
        for dx, dy in ((1, 0), (0, 1)):
            n = (x + dx, y + dy)
            if n[0] < 3 and n[1] < 3 and n not in visited:
                visited.add(n)
                queue.append(n)
    out += [sorted(visited), list(queue)]
    class Queue(deque):
        def append(self, x):
            super().append(x * 2)
    q = Queue([1])
    q.append(2)
    q.extend([3])
    out += [list(q), len(q), q.pop(), isinstance(q, deque), type(q.copy()).__name__]
    return out
""",
    "sorting": """
from functools import cmp_to_key

class Partial:
    def __init__(self, a, b):
        self.a, self.b = a, b
    def __lt__(self, other):
        return self.a < other.a
    def __repr__(self):
        return f"{self.a}{self.b}"

def case():
    out = []
    values = [5, 3, 8, 1, 9, 2, 7, 3, 5]
    out += [sorted(values), sorted(values, reverse=True), sorted(values, key=lambda x: -x), sorted(values, key=lambda x: x % 3), sorted(values, key=lambda x: x % 3, reverse=True), sorted("hello"), sorted({3: 1, 1: 2}), sorted(x for x in (2, 1))]
    p = [Partial(i % 3, i) for i in range(12)]
    out += [sorted(p), sorted(p, reverse=True), sorted(p, key=lambda q: q.b % 4)]
    words = ["bb", "a", "ccc", "Dd", "e", ""]
    out += [sorted(words), sorted(words, key=len), sorted(words, key=str.lower), sorted(words, key=len, reverse=True), sorted(words, key=lambda w: (len(w), w)), sorted(words, key=None)]
    out += [sorted([(1, "b"), (1, "a"), (0, "z")]), sorted([[2], [1, 5], [1]]), sorted([2.5, 1, True, 0.5]), sorted([True, False, 0]), attempt(sorted, [1, "a"]), attempt(sorted, [None, 1]), attempt(sorted, 5), attempt(sorted, [1], 2), sorted([]), sorted([None])]
    l = [3, 1, 2]
    out += [l.sort(), l, l.sort(reverse=True), list(l), l.sort(key=lambda x: (x % 2, x)), list(l)]
    def failing(x):
        if x == 2:
            raise KeyError(x)
        return -x
    l = [3, 1, 2]
    out += [message(l.sort, key=failing), l, message(sorted, l, key=5), attempt(l.sort, key=lambda: 1)]
    l = [3, 1, 2]
    out += [l.sort(key=lambda x: len(l) * 100 + x), l]
    def modifying(x):
        l.append(x)
        return x
    l = [3, 1, 2]
    out += [message(l.sort, key=modifying), l]
    out += [sorted([4, 2, 3, 1], key=cmp_to_key(lambda a, b: b - a)), sorted([{1}, {1, 2}, set(), {2}]), min([3, 1, 2]), max("abc"), sorted([(2, Partial(1, 1)), (1, Partial(0, 2))], key=lambda t: t[0])]
    things = [Thing(i) for i in (2, 3, 1)]
    out += [sorted(things), logged(), sorted(things, reverse=True), logged(), min(things), max(things), logged()]
    big = [(i * 7919) % 1000 for i in range(300)]
    out += [sorted(big) == sorted(big, key=lambda x: x), sorted(big, key=lambda x: x % 10)[:40], sorted(big, reverse=True)[:5], sorted(sorted(big), reverse=True)[:3], sorted(map(str, big))[:5], sorted([(b % 5, b) for b in big])[:9]]
    nan = float("nan")
    out += [sorted([3, nan, 1, 2, nan, 0]), sorted([nan, 2, 1]), sorted([1, 2, 3, 0], key=lambda x: nan)]
    return out
""",
    "subclasses": """
class Row(list):
    def __init__(self, *args, tag="t"):
        super().__init__(*args)
        self.tag = tag
    def append(self, item):
        super().append(("row", item))
    def total(self):
        return sum(x for x in self if isinstance(x, int))

class Loud(list):
    def __len__(self):
        return 7
    def __iter__(self):
        return iter("loud")
    def __getitem__(self, key):
        return ("item", key)
    def __bool__(self):
        return False

class Pair(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))
    @property
    def first(self):
        return self[0]
    def __repr__(self):
        return f"Pair({self[0]}, {self[1]})"

def case():
    r = Row([1, 2], tag="x")
    r.append(3)
    r.extend([4])
    r[0] = 9
    out = [list(r), len(r), r.tag, r.total(), isinstance(r, list), type(r) is list, type(r).__name__, r == [9, 2, ("row", 3), 4], type(r[:1]).__name__, type(r + [1]).__name__, type(r * 2).__name__, type(r.copy()).__name__, repr(r), r.index(2), 2 in r]
    r.other = 5
    r += [6]
    out += [dict(vars(r)), r.other, type(r).__name__, list(r), r.pop(), sorted(Row([2, 1])), Row().tag, list(Row("ab")), hash(Row) == hash(Row), attempt(hash, r)]
    l = Loud([1, 2])
    out += [len(l), list(l), l[5], bool(l), [*l], tuple(l), l == [1, 2], repr(l), [x for x in l], sorted(l), "o" in l, 1 in l, l[1:2]]
    p = Pair(1, 2)
    a, b = p
    out += [p, p.first, a, b, p == (1, 2), (1, 2) == p, hash(p) == hash((1, 2)), {p: 1}[(1, 2)], p + (3,), type(p + (3,)).__name__, p[::-1], isinstance(p, tuple), len(p), p < (2,), p.count(1), type(p[:]).__name__, tuple(p) == p, type(tuple(p)).__name__]
    out += [list.append(r, 1), r[-1], list.__len__(l), list.__getitem__(l, 0), tuple.__add__(p, (1,)), list.sort(s := [2, 1]), s, attempt(list.append, (1,), 2), [].__len__(), (1,).__contains__(1), [1].__add__([2]), [1, 2].__eq__([1, 2]), [1].__eq__((1,)) is NotImplemented, [3].__mul__(2)]
    return out
""",
}
