"""Programs on iterators: name to text. Each has a ``case()`` that returns a list."""

ITERATORS = {
    "functions": """
def case():
    out = [list(zip("ab", [1, 2, 3])), list(zip()), list(zip([1])), attempt(zip, 3), attempt(zip, [1], 3),
            list(zip("ab", "cd", strict=True)), list(zip(strict=True)),
           attempt(lambda: list(zip("ab", "c", strict=True))), attempt(lambda: list(zip("a", "bc", strict=True))),
           attempt(lambda: list(zip("ab", "cd", "e", strict=True))),
           attempt(lambda: list(zip("a", "b", "cd", strict=True))), attempt(lambda: list(zip("a", strict=1))),
           kind(lambda: zip([1], foo=2)), list(zip("ab", "c", strict=False)),
           list(zip(range(3), (x * x for x in range(9)))), list(zip([1, 2], {3, 4}, {5: 6, 7: 8}))]
    out += [list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2, 3], (4, 5))), kind(map, str), attempt(map, str,
            3), list(map(None.__class__, [])), kind(lambda: list(map(3, [1]))),
            list(map(lambda *a: a, "ab", "cd", "ef")), attempt(lambda: list(map(lambda x: 1 / x, [1, 0]))),
            next(map(abs, [-3])), list(map(dict, [[(1, 2)]])), kind(map), list(map(int, "123"))]
    out += [list(filter(None, [0, 1, "", "a", None, []])), list(filter(lambda x: x % 2, range(7))), list(filter(bool,
            [0, 2])), attempt(filter, None, 3), kind(filter, None), kind(lambda: list(filter(3, [1]))),
            list(filter(str.isdigit, "a1b2")), attempt(lambda: list(filter(lambda x: 1 / x, [1, 0])))]
    out += [list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate("ab", start=-1)), kind(enumerate),
            attempt(enumerate, 3), kind(enumerate, [], "a"), kind(enumerate, [], 1.5), list(enumerate(iterable="x",
            start=True)),
            next(enumerate({7})), dict(enumerate("xy"))]
    out += [list(reversed([1, 2])), list(reversed((1, 2))), list(reversed("ab")), list(reversed(range(4))),
            list(reversed({1: 2, 3: 4})), kind(reversed, {1}), kind(reversed, iter([])), kind(reversed, 3),
            kind(reversed, zip()),
            list(reversed([])), list(reversed({1: 2, 3: 4}.items()))]
    numbers = iter([1, 2, 3, 0, 4])
    out += [list(iter(lambda: next(numbers), 0)), list(numbers), kind(iter, 3, 0), kind(iter, 3), kind(iter),
            attempt(lambda: list(iter(lambda: 1 / 0, 0))), list(iter(iter([5, 6]).__next__, 9))]
    a = []
    out += [list(iter(lambda: a.append(1) or len(a), 4)), a]
    it = iter([1, 2])
    out += [next(it), it is iter(it), next(it, "x"), next(it, "x"), attempt(next, it), attempt(next, [1]),
            attempt(next, 3), kind(next), next(iter(""), None), attempt(next, iter({})), attempt(next, zip())]
    z = zip([1, 2, 3], iter("ab"))
    m = map(lambda x: x, it)
    out += [next(z), list(z), list(z), list(m), next(m, 0), iter(z) is z, type(z) is zip, isinstance(m, map),
            isinstance(enumerate([]), enumerate), type(reversed([])) is type(iter([]))]
    shared = iter(range(6))
    out += [list(zip(shared, shared)), [(a, b) for a, b in zip(*[iter("abcdef")] * 2)], list(zip(*[(1, 2), (3, 4)])),
            sum(map(len, ["a", "bb"])), max(map(abs, [-5, 2])), sorted(map(str, {2, 1})), any(map(bool, [0, 1])),
            all(x for x in [1, 0]), "".join(map(str, range(3))), set(map(abs, [-1, 1])), tuple(filter(None, [1, 0])),
            min(enumerate([3, 1]), key=lambda p: p[1]), 2 in map(int, "12"), [*map(int, "12")], dict(zip("ab", map(int,
                    "12")))]
    return out
""",
    "classes": """
class Count:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n
class Row:
    def __init__(self, *items):
        self.items = items
    def __getitem__(self, i):
        return self.items[i]
class Sized(Row):
    def __len__(self):
        return len(self.items)
class Stops(Row):
    def __getitem__(self, i):
        if i > 1:
            raise StopIteration
        return i
class Fails(Row):
    def __getitem__(self, i):
        return 1 / (2 - i)
class Generates:
    def __iter__(self):
        yield 1
        yield from (2, 3)
class Backwards:
    def __reversed__(self):
        return iter("back")
class BadIter:
    def __iter__(self):
        return 3
class NoIter(Row):
    __iter__ = None
class Raising:
    def __iter__(self):
        raise KeyError("iter")
class NextRaises:
    def __iter__(self):
        return self
    def __next__(self):
        raise KeyError("next")
class MyList(list):
    def __iter__(self):
        return iter(["mine"])
class MyDict(dict):
    def __iter__(self):
        return iter(["key"])
class MyTuple(tuple):
    def __iter__(self):
        return iter("pair")
def case():
    out = [list(Count(3)), [x for x in Count(2)], sum(Count(4)), max(Count(3)), list(zip(Count(2), "ab")),
            1 in Count(3), 7 in Count(3), tuple(Count(2)), set(Count(2)), dict.fromkeys(Count(2)), sorted(Count(3)),
           [*Count(2)], list(enumerate(Count(2))), list(map(str, Count(2))), next(Count(1)), attempt(next, Count(0)),
           next(Count(0), "end"), "".join(str(x) for x in Count(2)), list(iter(Count(2)))]
    out += [list(Row(1, 2)), 2 in Row(1, 2), 3 in Row(1, 2), [x for x in Stops()], attempt(lambda: list(Fails())),
            list(reversed(Sized(1, 2))), kind(reversed, Row(1)), list(Generates()), list(reversed(Backwards())),
            max(Row(3, 4)), list(zip(Row(1), Row(2)))]
    out += [attempt(iter, BadIter()), attempt(lambda: [x for x in BadIter()]), kind(iter, NoIter(1)), attempt(list,
            Raising()), attempt(list, NextRaises()), attempt(lambda: [x for x in NextRaises()]), kind(iter, Count),
                    kind(lambda: [x for x in 5]), kind(iter, None)]
    out += [list(MyList([1])), [x for x in MyList([1])], len(MyList([1])), sorted(MyList([1])), list(MyDict(a=1)),
            dict(MyDict(key=1)) if False else list(MyDict(a=1).keys()), [*MyTuple((1,))], tuple(MyTuple((1, 2))),
            list(map(str, MyList()))]
    a, b, c, d = MyTuple((1, 2))
    x, *y = Row(1, 2, 3)
    p, q = Count(2)
    out += [a, b, c, d, x, y, p, q]
    it = iter(Row(1, 2))
    out += [next(it), next(it), attempt(next, it), attempt(next, it)]
    c = Count(2)
    for i in c:
        for j in c:
            out.append((i, j))
    del NextRaises.__next__
    return out + [kind(lambda: list(NextRaises())), kind(next, NextRaises())]
""",
    "unpacking": """
def two(v):
    a, b = v
    return a, b
def none(v):
    [] = v
def starred(v):
    a, *b, c = v
    return a, b, c
def front(v):
    *a, b = v
    return a, b
def everything(v):
    [*a] = v
    return a
def nested(v):
    (a, [b, c]), *d = v
    return a, b, c, d
def gen(*items):
    yield from items
def endless():
    while True:
        yield 1
def case():
    out = []
    for make in (tuple, list, iter, lambda v: gen(*v), dict.fromkeys, lambda v: map(abs, v)):
        for size in range(4):
            for target in (two, none, starred, front, everything):
                out.append((target.__name__, size, attempt(target, make(list(range(size))))))
    out += [attempt(two, "ab"), attempt(two, "abc"), attempt(two, 3), attempt(two, None), attempt(two, {1, 2}),
            attempt(two, {1: 2, 3: 4}), attempt(two, {1: 2}.items()), attempt(starred, 5), attempt(two, range(2)),
            attempt(two, endless()),
            attempt(nested, ((1, (2, 3)), 4)), attempt(nested, ((1, 2),)), attempt(nested, (1,)), attempt(nested, [(1,
            "ab"), *range(3)]), attempt(starred, "hello"), attempt(two, ((1,), 2))]
    for k, (a, b) in enumerate(zip("ab", "cd")):
        out.append((k, a, b))
    for a, *b in [(1, 2, 3), "xyz", [4]]:
        out.append((a, b))
    first, (second, *rest), last = 1, "abc", [2]
    x = y, z = 1, 2
    (m), n = [1, 2]
    d = {}
    d["k"], *d["rest"] = range(3)
    return out + [first, second, rest, last, x, y, z, m, n, d, (lambda *a, **k: (a, k))(*"ab", *[1], **{"z": 1})]
""",
}
