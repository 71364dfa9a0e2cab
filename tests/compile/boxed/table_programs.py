"""Programs on dicts, sets, iterators and generators: name to text. Each has a ``case()`` that returns a list."""

PRELUDE = '''
def attempt(function, *args):
    """What a call gives, or the name and text of the exception."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, str(error)

def kind(function, *args):
    """The same without the text."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__

class Thing:
    """Equal and hashed by value, which can change."""
    log = []
    def __init__(self, value, tag=""):
        self.value = value
        self.tag = tag
    def __eq__(self, other):
        Thing.log.append((self.value, self.tag, getattr(other, "value", None), getattr(other, "tag", None)))
        return isinstance(other, Thing) and self.value == other.value
    def __hash__(self):
        return self.value % 8

def things(*values):
    return [Thing(value, tag) for tag, value in enumerate(values)]

def shown(items):
    return [(item.value, item.tag) for item in items]

def logged():
    result = list(Thing.log)
    Thing.log.clear()
    return result
'''

DICTS = {
    "methods": """
def case():
    d = {"a": 1, "b": 2, 3: "c", (1, 2): None}
    out = [
        d.get("a"), d.get("z"), d.get("z", 5), d.get((1, 2), 7), attempt(d.get), attempt(d.get, 1, 2, 3), attempt(d.get, []),
        attempt(lambda: d["q"]), attempt(lambda: d[(9, 9)]), attempt(lambda: d[[1]]), d[3.0], d.get(True), len(d),
        d.setdefault("n"), d.setdefault("n", 4), d.setdefault("m", 4), attempt(d.setdefault), attempt(d.setdefault, {}, 1),
        d.pop("m"), d.pop("m", "none"), attempt(d.pop, "m"), attempt(d.pop), attempt({}.pop, []), attempt(d.pop, []),
        {}.pop([], 3), d.popitem(), attempt({}.popitem), list(d), dict(d), d.copy() is d, d.copy() == d,
        list(d.items()), list(d.keys()), list(d.values()), "a" in d, "zz" in d, attempt(lambda: [] in d), None in d,
    ]
    e = {}
    e.update(d)
    e.update([("x", 1), ["y", 2], "zw"])
    e.update({"x": 9}, k=3)
    e.update(x=10)
    e.update()
    out += [e, attempt(e.update, 3), attempt(e.update, [3]), attempt(e.update, [(1,)]), attempt(e.update, [(1, 2, 3)])]
    out += [attempt(e.update, {1: 2}, {3: 4}), attempt(e.update, [([], 1)]), attempt(lambda: e.nothing), e.clear(), e, e == {}]
    del d["a"]
    out += [d, attempt(d.__delitem__, "a"), attempt(d.__getitem__, "b"), d.__contains__("b"), d.__len__(), bool({}), bool(d)]
    def delete(key):
        del d[key]
    out += [attempt(delete, "a"), attempt(delete, []), delete("b"), d]
    return out
""",
    "making": """
class Mapping:
    def __init__(self, *keys):
        self._keys = keys
    def keys(self):
        return list(self._keys)
    def __getitem__(self, key):
        return key * 2
def case():
    out = [
        dict(), dict(a=1, b=2), dict([(1, 2), (3, 4)]), dict({"a": 1}, b=3), dict({"a": 1}, a=3), dict(zip("ab", [1, 2])),
        dict(Mapping("x", "y")), {**Mapping("q"), "z": 1}, attempt(dict, 1), attempt(dict, 1, 2), attempt(dict, ["abc"]), attempt(dict, [1]),
        {1: "a", 1.0: "b", True: "c"}, dict.fromkeys("aba"), dict.fromkeys([1, 2], 0), {}.fromkeys((1,), []), dict.fromkeys({3: 4}),
        dict.fromkeys({5, 6}, 1), dict.fromkeys(range(3)), attempt(dict.fromkeys), attempt(dict.fromkeys, 3), attempt(dict.fromkeys, [[]]),
        {k: v for k, v in [(1, 2), (1, 3), (2, 4)]}, {**{"a": 1, "b": 2}, **{"b": 3, "c": 4}}, {i: i * i for i in range(12)},
        {"a": 1} | {"b": 2, "a": 3}, attempt(lambda: {} | []), attempt(lambda: [] | {}), attempt(lambda: {1: 2} | None),
        attempt(lambda: {} & {}), attempt(lambda: {} < {}), attempt(lambda: hash({})), attempt(lambda: {**3}), kind(lambda: {**[1]}),
    ]
    d = {"a": 1}
    e = d
    d |= {"b": 2}
    d |= [("c", 3)]
    d |= Mapping("m")
    def bad():
        nonlocal d
        d |= 3
    out += [d, e is d, attempt(bad), d.__or__({1: 1}), d.__or__(3) is NotImplemented, d.__ior__([(5, 6)]), {}.__ror__({1: 2})]
    def f(**kw):
        return kw
    out += [f(**d) if 5 not in d else None, attempt(lambda: f(**{1: 2})), kind(lambda: f(a=1, **{"a": 2})), f(**Mapping("u")), f(**{}, **{"z": 1})]
    out += [kind(lambda: f(**3)), kind(lambda: f(**[1])), kind(lambda: f(**{"a": 1}, a=2)), kind(lambda: {**[(1, 2)]}), kind(lambda: f(**{"a": 1}, **{"a": 2}))]
    return out
""",
    "comparing": """
def case():
    nan = float("nan")
    a, b = {1: 2, 3: 4}, {3: 4, 1: 2}
    out = [a == b, a != b, a == {1: 2}, a == {1: 2, 3: 5}, a == {1: 2, 4: 4}, {} == {}, a == [(1, 2), (3, 4)], {1: nan} == {1: nan},
           {1: float("nan")} == {1: nan}, {1: {2: [3]}} == {1: {2: [3]}}, a is not b, {True: 1} == {1: 1.0}, a.__eq__(3) is NotImplemented,
           a.__ne__(b), attempt(lambda: a <= b)]
    x, y = things(1, 9, 17), things(17, 1, 9)
    logged()
    left, right = {t: t for t in x}, {t: t for t in y}
    out += [logged(), left == right, logged()]
    deep, other = {}, {}
    deep["self"], other["self"] = deep, other
    out.append(kind(lambda: deep == other))
    return out
""",
    "views": """
def case():
    d = {"a": 1, "b": 2, "c": 3}
    k, v, i = d.keys(), d.values(), d.items()
    out = [len(k), len(v), len(i), "a" in k, 1 in v, 4 in v, ("a", 1) in i, ("a", 2) in i, ("z", 1) in i, ["a", 1] in i, 3 in i,
           kind(lambda: [] in k), kind(lambda: ([], 1) in i), [] in v, list(reversed(k)), list(reversed(v)), list(reversed(i)), list(reversed(d)),
           sorted(k & {"a", "z"}), sorted(k | ["q"]), sorted(k - ["a"]), sorted(k ^ ["a", "z"]), sorted(i & {("a", 1)}), sorted(i - [("a", 1)]),
           sorted(["a", "z"] & k), sorted(["a", "z"] - k), sorted({"a": 0, "z": 1}.keys() & k), sorted(k & {"c": 1}.keys()),
           sorted(i ^ {"a": 1, "b": 5}.items()), {1: []}.items() ^ {1: []}.items() == set(), kind(lambda: {1: []}.items() ^ {2: []}.items()),
           k == {"a", "b", "c"}, {"a", "b", "c"} == k, k == ["a", "b", "c"], k != {"a"}, k <= {"a", "b", "c", "d"}, k < {"a", "b", "c"},
           k > {"a"}, {"a"} < k, k >= k, i == {("a", 1), ("b", 2), ("c", 3)}, i == d.items(), v == d.values(), v == v, k == d.keys(),
           k.isdisjoint(["z"]), k.isdisjoint({"a"}), k.isdisjoint(k), {}.keys().isdisjoint({}.keys()), i.isdisjoint({("a", 1)}), k.isdisjoint("xyz"),
           kind(lambda: v & v), kind(lambda: k < 3), kind(lambda: k + k), kind(lambda: v.isdisjoint([])), kind(lambda: k & 3), kind(lambda: k[0]),
           kind(lambda: k | [[]]), kind(hash, k), bool({}.keys()), bool(k), list(k)[0], max(v), sum(v), sorted(i, reverse=True)]
    d["d"] = 4
    out += [len(k), list(v), list(i)[-1], list(iter(k)), type(k) is type({}.keys()), isinstance(k, dict), repr(k), repr(v), repr(i)]
    e = {1: "x"}
    s = {1, 2, 3}
    out += [s & e.keys(), s - e.keys(), s | {9: 1}.keys(), s ^ {1: 1, 7: 7}.keys(), s & {1: 0, 2: 0, 3: 0, 4: 0}.keys(), frozenset(s) - e.keys()]
    s -= e.keys()
    out.append(s)
    s |= {8: 8}.keys()
    return out + [s]
""",
    "iterating": """
def run(d, action):
    seen = []
    try:
        for n, key in enumerate(d):
            seen.append(key)
            if n > 30:
                break
            action(d, key, n)
    except RuntimeError as error:
        seen.append(str(error))
    return seen
def move(d, key, n):
    d[key + 100] = d.pop(key)
def again(d, key, n):
    d[key] = d.pop(key)
def swap(d, key, n):
    if n == 1:
        del d[3]
        d[4] = 5
def case():
    out = [
        run({1: 1, 2: 2}, lambda d, k, n: d.update({k + 5: 1})), run({1: 1, 2: 2}, lambda d, k, n: d.pop(k)),
        run({1: 1, 2: 2, 3: 3}, lambda d, k, n: d.__setitem__(k, 9)), run({1: 1}, move), run({1: 1, 2: 2, 3: 3}, move), run({1: 1, 2: 2}, again),
        run({i: i for i in range(5)}, move), run({i: i for i in range(6)}, again), run({1: 1, 2: 2, 3: 3}, swap), run({1: 1}, lambda d, k, n: d.clear()),
        run({1: 1, 2: 2, 3: 3}, lambda d, k, n: d.popitem()),
    ]
    d = {1: 2, 3: 4}
    it = iter(d.items())
    out.append(next(it))
    d[5] = 6
    out += [attempt(next, it), attempt(next, it)]
    del d[5]
    out += [attempt(next, it), it.__iter__() is it]
    back = reversed(d)
    out += [next(back), next(back), next(back, "end"), next(back, "end")]
    back = reversed(d)
    d[7] = 8
    out += [attempt(next, back), attempt(next, back), [k for k in d.values()], [a + b for a, b in d.items()], list(map(tuple, d.items()))]
    try:
        for key in d.keys():
            d[key * 10] = 0
    except RuntimeError as error:
        out.append(str(error))
    out.append(d)
    for key in list(d):
        if d[key] == 0:
            del d[key]
    return out + [d]
""",
    "large": """
def case():
    d = {}
    for i in range(300):
        d[(i * 7) % 101, i % 3] = i
    for i in range(0, 300, 2):
        d.pop((i % 101, i % 3), None)
    out = [len(d), list(d.items())[:20], sum(d.values()), (5, 1) in d, [k for k in d if k[0] == 9]]
    for i in range(50):
        d[i] = d.popitem()[1]
    out += [list(d)[-10:], d.get(20), len(d)]
    words = {}
    for word in ("the quick brown fox jumps over the lazy dog and the cat " * 3).split():
        words[word] = words.get(word, 0) + 1
    out += [words, sorted(words, key=lambda w: (-words[w], w))]
    while d:
        d.popitem()
    d["again"] = 1
    stack = {}
    for i in range(40):
        stack[i] = i
    for i in range(35):
        stack.popitem()
        stack[100 + i] = i
        stack.popitem()
    return out + [d, stack, [stack.get(i) for i in range(8)]]
""",
    "defaults": """
from collections import defaultdict
class Missing(dict):
    def __missing__(self, key):
        return key, "missing"
class Counting(defaultdict):
    pass
class Storing(dict):
    def __missing__(self, key):
        self[key] = value = len(self)
        return value
class Wrapped(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, value * 2)
    def __getitem__(self, key):
        return super().__getitem__(key) + 1
    def __contains__(self, key):
        return True
def case():
    d = defaultdict(list)
    d["a"].append(1)
    d["a"].append(2)
    d["b"]
    n = defaultdict(int, {"x": 4}, y=5)
    n["z"] += 3
    out = [dict(d), d.get("q"), "q" in d, dict(n), len(n), d == {"a": [1, 2], "b": []}, n.pop("x"), attempt(defaultdict, 3), attempt(lambda: defaultdict()[1]),
           attempt(lambda: defaultdict(None)[1]), dict(defaultdict(lambda: defaultdict(int))), d.copy() == d, type(d.copy()) is defaultdict,
           d.copy()["new"], type(n | {"q": 1}) is defaultdict, type({"q": 1} | n) is defaultdict, dict({"q": 1} | n), dict(n | {"q": 1}), d.setdefault("c", 5)]
    out += [Missing(a=1)["a"], Missing()["b"], Missing().get("b"), "b" in Missing(), attempt(lambda: defaultdict(lambda: 1 / 0)["k"])]
    c = Counting(int)
    c["a"] += 1
    s = Storing()
    out += [dict(c), isinstance(c, dict), s["p"], s["q"], s["p"], dict(s), kind(lambda: defaultdict(list)[[]])]
    w = Wrapped()
    w["k"] = 5
    w.update(j=7)
    out += [w["k"], w["j"], "absent" in w, w.get("k"), dict(w), list(w), len(w), w.setdefault("n", 3), list(w.values()), w == {"k": 10, "j": 7, "n": 3}]
    tree = lambda: defaultdict(tree)
    t = tree()
    t["a"]["b"]["c"] = 1
    out += [list(t), list(t["a"]["b"].items()), isinstance(Wrapped.fromkeys("ab", 2), Wrapped), dict(Wrapped.fromkeys("ab", 2))]
    return out
""",
    "keys that change": """
def case():
    out = []
    t = Thing(1)
    d = {t: "one"}
    t.value = 2
    out += [t in d, Thing(1) in d, len(d), list(d.values()), kind(lambda: d[t])]
    d[t] = "two"
    out += [len(d), [k.value for k in d], d[t], list(dict(d).values()), list({**d}.values()), list(d.copy().values())]
    a, b, c = things(1, 1, 9)
    logged()
    e = {a: 0}
    e[b] = 1
    e[c] = 2
    out += [[(k.tag, v) for k, v in e.items()], logged(), e.get(Thing(9, "q")), logged(), e.pop(b), logged(), len(e)]
    class Bad:
        def __init__(self, d): self.d = d
        def __hash__(self): return 1
        def __eq__(self, other):
            self.d.clear()
            return False
    f = {}
    f[Bad(f)] = 1
    f[Bad(f)] = 2
    out += [len(f)]
    class Worse:
        def __hash__(self): return 1
        def __eq__(self, other): return 1 / 0
    g = {Worse(): 1}
    out += [kind(lambda: g[Worse()]), kind(lambda: g.get(Worse())), kind(lambda: Worse() in g), kind(lambda: g.setdefault(Worse())), kind(g.pop, Worse()), len(g)]
    class NoHash:
        __hash__ = None
    out += [attempt(lambda: {NoHash(): 1}), attempt(lambda: {1: 2}[NoHash()]), attempt(lambda: {NoHash()})]
    return out
""",
}

SETS = {
    "methods": """
def case():
    s = {3, 1, 2}
    out = [s, len(s), 1 in s, 9 in s, attempt(lambda: [] in s), kind(s.add), s.add(1), s.add(9), attempt(s.add, []), s.discard(77), s.discard(9),
           attempt(s.remove, 77), attempt(s.remove, []), s.remove(2), s.pop(), s, s.copy() == s, s.copy() is s, attempt(set().pop), s.clear(), s, bool(s)]
    out += [set(), set("hello"), set([1, 1, 2]), set(range(4)), set({1: 2}), set((i % 3 for i in range(9))), attempt(set, 3), kind(set, 1, 2),
            kind(lambda: set(a=1)), attempt(lambda: {[]}), frozenset(), frozenset([1, 2, 1]), attempt(frozenset, 4), {1, True, 1.0}, {*"ab", *[1], 2, *{5: 6}}]
    a, b = {1, 2, 3, 4}, {4, 3, 9}
    out += [a | b, a & b, b & a, a - b, a ^ b, b - a, a.union(b, [7], "x"), a.union(), a.intersection(b, [3]), a.intersection(), a.intersection([4, 4, 1, 8]),
            a.difference(b), a.difference(), a.difference([1], {2}), a.difference({1: 1}), a.symmetric_difference([1, 9, 9]), a.symmetric_difference(b),
            attempt(a.union, 3), attempt(a.intersection, 3), attempt(a.difference, None), attempt(a.symmetric_difference, 3), attempt(lambda: a | [1]),
            attempt(lambda: a & [1]), attempt(lambda: a - [1]), attempt(lambda: a ^ [1]), attempt(lambda: [1] | a), kind(lambda: a + b), kind(lambda: a * 2)]
    out += [a <= b, a < a, a <= a, a >= {1}, {1} < a, a > b, a == {4, 3, 2, 1}, a != b, a == [1, 2, 3, 4], kind(lambda: a < 3), kind(lambda: a < [1]),
            a == frozenset(a), frozenset(a) == a, a.issubset(range(9)), a.issubset([1]), a.issuperset([1, 2]), a.issuperset("a"), a.isdisjoint([8]), a.isdisjoint({4}),
            kind(a.issubset, 3), kind(a.issuperset, [[]]), kind(a.isdisjoint, 5), a.isdisjoint(a), set().isdisjoint(set())]
    a.update([10, 11], {12}, "z")
    a.intersection_update(range(20), [1, 3, 10, 12])
    out += [set(a), a.difference_update([1], {3}), set(a), a.symmetric_difference_update([10, 5]), set(a), a.update(), a.intersection_update(), set(a), a.difference_update(), a]
    c = a
    c |= {100}
    c &= {100, 12}
    c ^= {12, 5}
    c -= {5}
    out += [a, c is a, attempt(a.update, 3), attempt(a.update, [[]]), attempt(lambda: a.nothing), a.add(1), a.add(2)]
    def wrong(op):
        nonlocal a
        if op == 0: a |= [1]
        if op == 1: a &= [1]
        if op == 2: a -= [1]
        if op == 3: a ^= 3
    out += [attempt(wrong, i) for i in range(4)]
    a -= a
    b ^= b
    out += [a, b, kind(hash, a), kind(lambda: {a}), kind(lambda: s[0]), kind(lambda: {{1}}), sorted({3, 1, 2}), max({3, 1}), sum({1, 2}), list({5, 1}), tuple({5, 1})]
    return out
""",
    "frozen": """
def case():
    f = frozenset([1, 2, 3])
    g = frozenset((3, 2, 1))
    out = [f == g, hash(f) == hash(g), f is frozenset(f), f.copy() is f, f | {4}, {4} | f, f & g, f - {1}, f ^ {1, 5}, kind(lambda: f.add(1)), kind(lambda: f.pop()),
           kind(lambda: f.update([1])), {f: 1}[g], {f, g}, f in {g}, {1, 2, 3} in {f}, {1} in {f}, kind(lambda: {1, 2} in [f]), f in [{1, 2, 3}], f.union([9]), f.intersection([2]),
           f < {1, 2, 3, 4}, f <= g, f.issubset(g), repr(f), repr(frozenset()), repr(set()), str({1}), repr({frozenset([1])}), bool(frozenset()), len(f), sorted(f)]
    s = {frozenset([1]), frozenset([2])}
    out += [s.discard({1}), s, attempt(s.remove, {7}), s.remove({2}), s, isinstance(f, set), isinstance(f, frozenset), type(f | {1}) is frozenset, type({1} | f) is set]
    t = f
    t |= {8}
    out += [t, f, type(t) is frozenset, kind(lambda: hash(frozenset([Thing(1)]))), hash(frozenset()) == hash(frozenset([])), hash(frozenset([1, 2])) != hash(frozenset([1, 3]))]
    nested = frozenset()
    for _ in range(50):
        nested = frozenset([nested])
    other = frozenset()
    for _ in range(50):
        other = frozenset([other])
    return out + [nested == other, nested in {other}, len({nested, other})]
""",
    "iterating": """
def run(s, action, limit=30):
    seen = []
    try:
        for n, item in enumerate(s):
            seen.append(item)
            if n > limit:
                break
            action(s, item, n)
    except RuntimeError as error:
        seen.append(str(error))
    return seen, s
def at(place, *actions):
    def act(s, item, n):
        if n == place:
            for name, value in actions:
                getattr(s, name)(value)
    return act
def keep(s, item, n):
    s &= {1, 2, 3, 4}
def keep_order(s, item, n):
    s &= {4, 3, 2, 1}
def refill(s, item, n):
    if n == 1:
        old = list(s)
        s.clear()
        s.update(reversed(old))
def churn(s, item, n):
    for i in range(40):
        s.add(("x", i))
    for i in range(40):
        s.discard(("x", i))
    if item == 2:
        s.remove(3)
        s.add(("y", n))
def case():
    out = [
        run({1, 2, 3}, at(0, ("add", 9))), run({1, 2, 3}, at(1, ("remove", 3))), run({1, 2, 3}, at(2, ("remove", 3))), run({1, 2, 3}, at(2, ("add", 3))),
        run({1, 2, 3}, at(0, ("remove", 2), ("add", 2))), run({1, 2, 3, 4}, at(1, ("remove", 3), ("add", 8))), run({1, 2, 3}, at(0, ("remove", 1), ("add", 1))),
        run({1, 2, 3, 4}, keep), run({1, 2, 3, 4}, keep_order), run({1, 2, 3}, refill), run({1, 2, 3, 4, 5}, churn), run({1, 2}, lambda s, i, n: s.clear()),
        run({1, 2, 3}, lambda s, i, n: s.pop()), run({1, 2, 3}, lambda s, i, n: (s.pop(), s.add(n + 50))), run({1}, lambda s, i, n: (s.discard(i), s.add(i))),
        run({0, 1, 2}, lambda s, i, n: s.intersection_update(list(s))), run({0, 1, 2}, lambda s, i, n: s.symmetric_difference_update({i, 7 + n})),
    ]
    s = {1, 2}
    it = iter(s)
    out += [next(it)]
    s.add(3)
    out += [attempt(next, it), attempt(next, it), it.__iter__() is it]
    it = iter(s)
    out += [list(it), s.add(4), attempt(next, it)]
    it = iter(s)
    s.clear()
    s.update([7, 8, 9, 10])
    out += [attempt(list, it), [x for x in {3, 1, 2} if x != 1], {x * 2 for x in (3, 1, 3)}, {y for x in range(3) for y in range(x)}, kind(reversed, s)]
    it = iter({5, 6})
    out += [len(list(zip(it, it))), sum(1 for _ in {1, 2}), [a for a, in {(1,), (2,)}]]
    a, b = iter(s), iter(s)
    next(a)
    s.remove(8)
    s.add(80)
    return out + [list(a), list(b), s]
""",
    "work lists": """
def case():
    todo, seen, out = {(0, 0)}, set(), []
    while todo:
        x, y = todo.pop()
        if (x, y) in seen:
            continue
        seen.add((x, y))
        for dx, dy in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            nx, ny = x + dx, y + dy
            if 0 <= nx < 9 and 0 <= ny < 9 and (nx, ny) not in seen and (nx * ny) % 5 != 4:
                todo.add((nx, ny))
    out += [len(seen), list(seen)]
    s = set(range(100))
    for i in range(60):
        out.append(s.pop())
        s.add(i + 1000)
    s -= set(range(1000, 1050))
    out += [s, s & set(range(70, 2000)), s | {1}, set(range(30)) ^ set(range(10, 40))]
    words = set()
    for word in "a b c d e f g h i j k l m n o p a b c".split():
        words.add(word + word)
    words.discard("cc")
    out += [words, "aa" in words, "cc" in words, {w[0] for w in words}]
    mixed = {1, "1", 1.5, None, (1,), frozenset([1]), True, False, 0, "", ()}
    out += [len(mixed), mixed, (1,) in mixed, 0.0 in mixed, () in mixed, -1 in mixed, -2 in {-1}, {-1, -2}, {2**61 - 1, 0}, {2**61, 1}, 0 in {2**61 - 1}]
    return out
""",
    "stale": """
def case():
    out = []
    a, b, c = things(1, 2, 3)
    s = {a, b, c}
    b.value = 5
    out += [b in s, len(s), s.discard(b), attempt(s.remove, Thing(2))[0], len(s), s.add(b), len(s), shown(s), Thing(2) in s]
    logged()
    out += [shown(set(s)), shown(s.copy()), shown(s | set()), shown(set() | s), shown(set(list(s))), shown(s & s), shown(s - set()), shown(s ^ set()), logged()]
    out += [shown(s.union([])), shown(set(s).union(s)), shown(set().union(s)), shown(s.intersection(list(s))), shown(s.intersection(set(list(s)))), logged()]
    out += [shown(s.difference([b])), shown(s.difference({b})), shown(frozenset(s)), shown(s.symmetric_difference([])), shown({*s}), shown({x for x in s}), logged()]
    t = set(s)
    t.update(list(s))
    out += [shown(t), t == s, s == set(list(s)), s <= t, t <= s, t.issubset(list(s)), s.issuperset(list(s)), s.isdisjoint([b]), s.isdisjoint({b}), logged()]
    t.intersection_update(s)
    out += [shown(t)]
    t -= s
    out += [shown(t), shown(dict.fromkeys(s)), shown(set(dict.fromkeys(s))), shown(set().union(dict.fromkeys(s))), shown({b} & s), shown(s & {b}), logged()]
    while s:
        out.append(s.pop().value)
    return out
""",
    "which side": """
def case():
    left, right = things(1, 9, 17, 2), [Thing(9, "r"), Thing(25, "r"), Thing(1, "r"), Thing(10, "r")]
    out = []
    for op in ("__or__", "__and__", "__sub__", "__xor__", "union", "intersection", "difference", "symmetric_difference", "__eq__", "__le__", "issubset", "issuperset", "isdisjoint",
               "update", "intersection_update", "difference_update", "symmetric_difference_update", "__ior__", "__iand__", "__isub__", "__ixor__"):
        for make in (set, list, frozenset):
            if op.startswith("__") and make is list:
                continue
            a, b = set(left), make(right)
            logged()
            result = getattr(a, op)(b)
            out.append((op, shown(result) if isinstance(result, set) else result, logged(), shown(a)))
    big = set(things(*range(40)))
    few = {Thing(3, "f"), Thing(11, "f"), Thing(50, "f")}
    logged()
    out += [shown(big & few), logged(), shown(few & big), logged(), shown(few - big), logged(), shown(big - few), logged(), few.isdisjoint(big), logged()]
    few -= big
    out += [shown(few), logged()]
    s = set(left)
    s.add(Thing(9, "again"))
    out += [shown(s), logged(), shown({*left, *right}), logged(), shown(set(right) | set(left)), logged()]
    return out
""",
    "subclasses": """
class Group(set):
    def __init__(self, items=(), name="g"):
        super().__init__(items)
        self.name = name
    def add(self, item):
        super().add(item * 2)
    def __contains__(self, item):
        return super().__contains__(item) or item == "any"
    def __len__(self):
        return super().__len__() + 100
class Plain(set):
    pass
class Frozen(frozenset):
    def first(self):
        return next(iter(self))
class Every:
    def __iter__(self):
        return iter([1, 2, 3])
def case():
    g = Group([1, 2], "x")
    g.add(4)
    out = [g.name, list(g), 8 in g, 4 in g, "any" in g, len(g), isinstance(g, set), type(g | {1}) is set, g | {1}, g == {1, 2, 8}, {1, 2, 8} == g, g & {8}, type(g.copy()) is set]
    g |= {5}
    out += [type(g) is Group, list(g), sorted(g), g.union([9]), g.update([3]), list(g), set(g), g.__init__([7]), list(g), Plain("ab") == {"a", "b"}, list(Plain([1]) | Plain([2]))]
    f = Frozen([4, 5])
    out += [f.first(), f == {4, 5}, hash(f) == hash(frozenset([4, 5])), type(f | {1}) is frozenset, f.copy() == f, type(f.copy()) is frozenset, {f: 1}[frozenset([5, 4])]]
    out += [set(Every()), {1}.union(Every()), {1, 2} & set(Every()), {9} - set(Every()), {1, 9}.isdisjoint(Every()), {1}.issubset(Every()), dict.fromkeys(Every()), [*Every()], (lambda *a: a)(*Every())]
    p = Plain()
    p.tag = 3
    out += [p.tag, len(p), bool(p), repr(Plain([1])), repr(f), repr(Plain())]
    return out
""",
    "comparisons that meddle": """
class Bad:
    def __init__(self, act):
        self.act = act
    def __hash__(self):
        return 1
    def __eq__(self, other):
        return self.act()
def case():
    out = []
    s = set()
    s.add(Bad(lambda: 1 / 0))
    out += [kind(lambda: Bad(None) in s), kind(s.add, Bad(None)), kind(s.discard, Bad(None)), kind(lambda: s | {Bad(None)}), kind(lambda: s == {Bad(None)}), kind(lambda: s & {Bad(None)}), len(s)]
    t = set()
    t.add(Bad(lambda: t.clear()))
    out += [kind(lambda: 1 in t), len(t)]
    u = set()
    u.add(Bad(lambda: u.add(len(u) + 10) or True))
    out += [1 in u, len(u), 1 in u, len(u)]
    class Unhashable:
        def __hash__(self):
            raise ValueError("no")
    out += [attempt(lambda: {Unhashable()}), attempt(lambda: Unhashable() in {1}), attempt({1}.discard, Unhashable()), attempt({1}.update, [Unhashable()]), attempt(lambda: {Unhashable(): 1})]
    class Wrong:
        def __hash__(self):
            return "x"
    out += [kind(lambda: {Wrong()}), kind(hash, Wrong())]
    class OnlyEq:
        def __eq__(self, other):
            return True
    return out + [kind(lambda: {OnlyEq()}), kind(hash, OnlyEq()), kind(lambda: OnlyEq() in {1})]
""",
}

ITERATORS = {
    "functions": """
def case():
    out = [list(zip("ab", [1, 2, 3])), list(zip()), list(zip([1])), attempt(zip, 3), attempt(zip, [1], 3), list(zip("ab", "cd", strict=True)), list(zip(strict=True)),
           attempt(lambda: list(zip("ab", "c", strict=True))), attempt(lambda: list(zip("a", "bc", strict=True))), attempt(lambda: list(zip("ab", "cd", "e", strict=True))),
           attempt(lambda: list(zip("a", "b", "cd", strict=True))), attempt(lambda: list(zip("a", strict=1))), kind(lambda: zip([1], foo=2)), list(zip("ab", "c", strict=False)),
           list(zip(range(3), (x * x for x in range(9)))), list(zip([1, 2], {3, 4}, {5: 6, 7: 8}))]
    out += [list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2, 3], (4, 5))), kind(map, str), attempt(map, str, 3), list(map(None.__class__, [])), kind(lambda: list(map(3, [1]))),
            list(map(lambda *a: a, "ab", "cd", "ef")), attempt(lambda: list(map(lambda x: 1 / x, [1, 0]))), next(map(abs, [-3])), list(map(dict, [[(1, 2)]])), kind(map), list(map(int, "123"))]
    out += [list(filter(None, [0, 1, "", "a", None, []])), list(filter(lambda x: x % 2, range(7))), list(filter(bool, [0, 2])), attempt(filter, None, 3), kind(filter, None), kind(lambda: list(filter(3, [1]))),
            list(filter(str.isdigit, "a1b2")), attempt(lambda: list(filter(lambda x: 1 / x, [1, 0])))]
    out += [list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate("ab", start=-1)), kind(enumerate), attempt(enumerate, 3), kind(enumerate, [], "a"), kind(enumerate, [], 1.5), list(enumerate(iterable="x", start=True)),
            next(enumerate({7})), dict(enumerate("xy"))]
    out += [list(reversed([1, 2])), list(reversed((1, 2))), list(reversed("ab")), list(reversed(range(4))), list(reversed({1: 2, 3: 4})), kind(reversed, {1}), kind(reversed, iter([])), kind(reversed, 3), kind(reversed, zip()),
            list(reversed([])), list(reversed({1: 2, 3: 4}.items()))]
    numbers = iter([1, 2, 3, 0, 4])
    out += [list(iter(lambda: next(numbers), 0)), list(numbers), kind(iter, 3, 0), kind(iter, 3), kind(iter), attempt(lambda: list(iter(lambda: 1 / 0, 0))), list(iter(iter([5, 6]).__next__, 9))]
    a = []
    out += [list(iter(lambda: a.append(1) or len(a), 4)), a]
    it = iter([1, 2])
    out += [next(it), it is iter(it), next(it, "x"), next(it, "x"), attempt(next, it), attempt(next, [1]), attempt(next, 3), kind(next), next(iter(""), None), attempt(next, iter({})), attempt(next, zip())]
    z = zip([1, 2, 3], iter("ab"))
    m = map(lambda x: x, it)
    out += [next(z), list(z), list(z), list(m), next(m, 0), iter(z) is z, type(z) is zip, isinstance(m, map), isinstance(enumerate([]), enumerate), type(reversed([])) is type(iter([]))]
    shared = iter(range(6))
    out += [list(zip(shared, shared)), [(a, b) for a, b in zip(*[iter("abcdef")] * 2)], list(zip(*[(1, 2), (3, 4)])), sum(map(len, ["a", "bb"])), max(map(abs, [-5, 2])), sorted(map(str, {2, 1})), any(map(bool, [0, 1])),
            all(x for x in [1, 0]), "".join(map(str, range(3))), set(map(abs, [-1, 1])), tuple(filter(None, [1, 0])), min(enumerate([3, 1]), key=lambda p: p[1]), 2 in map(int, "12"), [*map(int, "12")], dict(zip("ab", map(int, "12")))]
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
    out = [list(Count(3)), [x for x in Count(2)], sum(Count(4)), max(Count(3)), list(zip(Count(2), "ab")), 1 in Count(3), 7 in Count(3), tuple(Count(2)), set(Count(2)), dict.fromkeys(Count(2)), sorted(Count(3)),
           [*Count(2)], list(enumerate(Count(2))), list(map(str, Count(2))), next(Count(1)), attempt(next, Count(0)), next(Count(0), "end"), "".join(str(x) for x in Count(2)), list(iter(Count(2)))]
    out += [list(Row(1, 2)), 2 in Row(1, 2), 3 in Row(1, 2), [x for x in Stops()], attempt(lambda: list(Fails())), list(reversed(Sized(1, 2))), kind(reversed, Row(1)), list(Generates()), list(reversed(Backwards())), max(Row(3, 4)), list(zip(Row(1), Row(2)))]
    out += [attempt(iter, BadIter()), attempt(lambda: [x for x in BadIter()]), kind(iter, NoIter(1)), attempt(list, Raising()), attempt(list, NextRaises()), attempt(lambda: [x for x in NextRaises()]), kind(iter, Count), kind(lambda: [x for x in 5]), kind(iter, None)]
    out += [list(MyList([1])), [x for x in MyList([1])], len(MyList([1])), sorted(MyList([1])), list(MyDict(a=1)), dict(MyDict(key=1)) if False else list(MyDict(a=1).keys()), [*MyTuple((1,))], tuple(MyTuple((1, 2))), list(map(str, MyList()))]
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
    out += [attempt(two, "ab"), attempt(two, "abc"), attempt(two, 3), attempt(two, None), attempt(two, {1, 2}), attempt(two, {1: 2, 3: 4}), attempt(two, {1: 2}.items()), attempt(starred, 5), attempt(two, range(2)), attempt(two, endless()),
            attempt(nested, ((1, (2, 3)), 4)), attempt(nested, ((1, 2),)), attempt(nested, (1,)), attempt(nested, [(1, "ab"), *range(3)]), attempt(starred, "hello"), attempt(two, ((1,), 2))]
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

GENERATORS = {
    "resuming": """
def counting(n):
    for i in range(n):
        got = yield i
        if got is not None:
            yield "got", got
    return "done", n
def case():
    g = counting(3)
    out = [next(g), g.send(None), g.send("a"), next(g), attempt(next, g), attempt(next, g), attempt(g.send, None), list(g), g.close(), iter(g) is g]
    def value_of(g):
        try:
            while True:
                next(g)
        except StopIteration as stop:
            return stop.value, stop.args
    out += [value_of(counting(2)), value_of(iter([])), value_of(x for x in "a"), attempt(counting(1).send, 5), attempt(lambda: counting(1).send()), list(counting(0)), sum(counting(4)), 2 in counting(4), 9 in counting(2)]
    def none():
        return
        yield
    def early():
        yield 1
        return 2
        yield 3
    out += [list(none()), value_of(none()), list(early()), value_of(early()), [*early()], dict(zip("ab", early())), next(none(), "empty")]
    g = (x * y for x in range(3) for y in range(3) if x != y)
    out += [next(g), list(g), list(g), list(x for x in (y for y in range(3))), tuple(i for i in range(4) if i % 2), set(i % 2 for i in range(5)), max((len(w), w) for w in ["a", "bb"])]
    def fails():
        yield 1
        raise ValueError("inside")
    g = fails()
    out += [next(g), attempt(next, g), attempt(next, g), attempt(list, fails())]
    def stops():
        yield 1
        raise StopIteration("early")
    out += [attempt(list, stops()), attempt(lambda: list(next(iter([])) for _ in range(3))), attempt(lambda: [next(iter([])) for _ in range(3)])]
    try:
        list(stops())
    except RuntimeError as error:
        out += [type(error.__cause__).__name__, error.__cause__.value]
    def itself():
        yield attempt(next, me)
        yield attempt(me.send, None), attempt(me.close), attempt(me.throw, ValueError)
    me = itself()
    out += [list(me)]
    fib = (lambda: (yield 1))()
    out += [next(fib), attempt(fib.send, 3)]
    n = 5
    lazy = (n for _ in range(2))
    n = 6
    out += [list(lazy), kind(lambda: (x for x in 3)), kind(lambda: list(x for x in [1] for y in x))]
    def locals_kept(a, *args, k=1, **kw):
        total = a
        for x in args:
            total += x * k
            yield total
        for key in kw:
            yield key, kw[key], total
    out += [list(locals_kept(1, 2, 3, k=10, z=4)), list(locals_kept(1)), kind(locals_kept)]
    return out
""",
    "throwing": """
def guarded(log):
    while True:
        try:
            got = yield "ready"
            log.append(("got", got))
        except ValueError as error:
            log.append(("caught", str(error)))
            yield "recovered"
        finally:
            log.append("finally")
def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield "no"
def returns():
    try:
        yield 1
    except GeneratorExit:
        return 5
def replaces():
    try:
        yield 1
    except GeneratorExit:
        raise KeyError("other")
def plain():
    yield 1
    yield 2
def case():
    log = []
    g = guarded(log)
    out = [next(g), g.throw(ValueError("v")), next(g), g.send(3), attempt(g.throw, KeyError("k")), attempt(next, g), log]
    log = []
    g = guarded(log)
    out += [next(g), g.throw(ValueError), g.close(), log, attempt(next, g), g.close()]
    g = stubborn()
    out += [next(g), attempt(g.close)]
    for make in (returns, replaces, plain):
        g = make()
        out += [next(g), attempt(g.close), attempt(next, g), make().close()]
    g = plain()
    out += [attempt(g.throw, ValueError("fresh")), list(g), attempt(g.throw, ValueError, "late"), attempt(plain().throw, 3), kind(plain().throw), kind(plain().throw, ValueError("a"), 3), attempt(plain().throw, KeyError, ("a", "b"))]
    g = plain()
    next(g)
    out += [attempt(g.throw, StopIteration("x")), kind(plain().throw, StopIteration)]
    def handled():
        try:
            1 / 0
        except ZeroDivisionError:
            yield "in handler"
            try:
                raise
            except ZeroDivisionError as error:
                yield str(error)
    def bare():
        yield 1
        raise
    g = handled()
    out += [next(g), next(g), list(g)]
    try:
        raise ValueError("outer")
    except ValueError:
        g = handled()
        out += [next(g)]
        try:
            raise
        except ValueError as error:
            out.append(str(error))
        out += [next(g)]
        out += [attempt(list, bare())]
    out += [attempt(list, bare())]
    def cleanup(log):
        try:
            yield 1
            yield 2
        finally:
            log.append("closed")
    log = []
    for x in cleanup(log):
        pass
    g = cleanup(log)
    next(g)
    g.close()
    with_error = cleanup(log)
    next(with_error)
    out += [attempt(with_error.throw, KeyError("q")), log]
    return out
""",
    "delegating": """
def inner(log):
    try:
        while True:
            got = yield "in"
            log.append(got)
            if got == "stop":
                return "result"
    except ValueError as error:
        log.append(str(error))
        yield "after"
        return "caught"
    finally:
        log.append("left")
def outer(log):
    result = yield from inner(log)
    log.append(("outer", result))
    yield result
    try:
        yield from [1, 2]
    except KeyError as error:
        log.append("outer caught")
        yield "late"
    yield from ()
    return (yield from (x for x in "z"))
class Sender:
    def __init__(self):
        self.log = []
    def __iter__(self):
        return self
    def __next__(self):
        self.log.append("next")
        return 1
    def send(self, value):
        self.log.append(value)
        if value == "end":
            raise StopIteration("sent")
        return value
    def throw(self, error):
        self.log.append(type(error).__name__ if not isinstance(error, type) else error.__name__)
        raise StopIteration("thrown")
    def close(self):
        self.log.append("close")
def through(iterator, out):
    out.append((yield from iterator))
def tree(node):
    if node:
        left, value, right = node
        yield from tree(left)
        yield value
        yield from tree(right)
def deep(n):
    if n:
        yield n
        yield from deep(n - 1)
def case():
    log = []
    g = outer(log)
    out = [next(g), g.send("a"), g.send("stop"), next(g), next(g), next(g), attempt(next, g), log]
    log = []
    g = outer(log)
    out += [next(g), g.throw(ValueError("v")), next(g), next(g), g.throw(KeyError("k")), list(g), log]
    log = []
    g = outer(log)
    out += [next(g), g.close(), log, attempt(next, g)]
    for act in (lambda g: g.send("end"), lambda g: g.throw(ValueError("t")), lambda g: g.close(), lambda g: g.send("x"), next):
        s, got = Sender(), []
        g = through(s, got)
        out += [next(g), attempt(act, g), list(s.log), got]
    got = []
    g = through([1, 2], got)
    out += [next(g), kind(g.send, "v"), got, attempt(lambda: list(through(3, []))), list(through({1: 2}, [])), list(through("ab", []))]
    out += [list(tree(((None, 1, None), 2, ((None, 3, None), 4, None)))), list(deep(30)), kind(lambda: list(deep(2000)))]
    def chained():
        yield from through(range(2), got)
        yield from map(str, range(2))
        return 7
    def last():
        got.append((yield from chained()))
    out += [list(last()), got]
    return out
""",
    "at module level": """
ids = iter(range(100))
evens = (x for x in range(0, 100, 2))
pairs = zip("abc", ids)
numbered = enumerate("xyz")
TABLE = {i: i * i for i in range(20)}
SEEN = {(i, i) for i in range(20)}
DEFAULT = {}
def new_id():
    return next(ids)
def case():
    out = [new_id(), new_id(), next(evens), next(evens), next(pairs), next(numbered), TABLE[7], (3, 3) in SEEN, (3, 4) in SEEN]
    TABLE["new"] = 1
    SEEN.add("new")
    SEEN.discard((0, 0))
    DEFAULT.setdefault("k", []).append(1)
    out += [len(TABLE), len(SEEN), DEFAULT, SEEN.pop(), [k for k in TABLE][-2:], next(iter(SEEN))]
    for i in range(40):
        TABLE[i] = 0
        SEEN.add(i)
    return out + [len(TABLE), len(SEEN)]
""",
}
