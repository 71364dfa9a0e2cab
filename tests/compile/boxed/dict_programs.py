"""Programs on dicts, and what all programs of test_tables.py start with: name to text. Each has a ``case()``."""

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
        d.get("a"), d.get("z"), d.get("z", 5), d.get((1, 2), 7), attempt(d.get), attempt(d.get, 1, 2, 3),
        attempt(d.get, []),
        attempt(lambda: d["q"]), attempt(lambda: d[(9, 9)]), attempt(lambda: d[[1]]), d[3.0], d.get(True), len(d),
        d.setdefault("n"), d.setdefault("n", 4), d.setdefault("m", 4), attempt(d.setdefault), attempt(d.setdefault, {},
        1),
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
    out += [attempt(e.update, {1: 2}, {3: 4}), attempt(e.update, [([], 1)]), attempt(lambda: e.nothing), e.clear(), e,
            e == {}]
    del d["a"]
    out += [d, attempt(d.__delitem__, "a"), attempt(d.__getitem__, "b"), d.__contains__("b"), d.__len__(), bool({}),
            bool(d)]
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
        dict(), dict(a=1, b=2), dict([(1, 2), (3, 4)]), dict({"a": 1}, b=3), dict({"a": 1}, a=3), dict(zip("ab", [1,
        2])),
        dict(Mapping("x", "y")), {**Mapping("q"), "z": 1}, attempt(dict, 1), attempt(dict, 1, 2), attempt(dict,
        ["abc"]), attempt(dict, [1]),
        {1: "a", 1.0: "b", True: "c"}, dict.fromkeys("aba"), dict.fromkeys([1, 2], 0), {}.fromkeys((1,), []),
        dict.fromkeys({3: 4}),
        dict.fromkeys({5, 6}, 1), dict.fromkeys(range(3)), attempt(dict.fromkeys), attempt(dict.fromkeys, 3),
        attempt(dict.fromkeys, [[]]),
        {k: v for k, v in [(1, 2), (1, 3), (2, 4)]}, {**{"a": 1, "b": 2}, **{"b": 3, "c": 4}},
        {i: i * i for i in range(12)},
        {"a": 1} | {"b": 2, "a": 3}, attempt(lambda: {} | []), attempt(lambda: [] | {}), attempt(lambda: {1: 2} | None),
        attempt(lambda: {} & {}), attempt(lambda: {} < {}), attempt(lambda: hash({})), attempt(lambda: {**3}),
        kind(lambda: {**[1]}),
    ]
    d = {"a": 1}
    e = d
    d |= {"b": 2}
    d |= [("c", 3)]
    d |= Mapping("m")
    def bad():
        nonlocal d
        d |= 3
    out += [d, e is d, attempt(bad), d.__or__({1: 1}), d.__or__(3) is NotImplemented, d.__ior__([(5, 6)]),
            {}.__ror__({1: 2})]
    def f(**kw):
        return kw
    out += [f(**d) if 5 not in d else None, attempt(lambda: f(**{1: 2})), kind(lambda: f(a=1, **{"a": 2})),
            f(**Mapping("u")), f(**{}, **{"z": 1})]
    out += [kind(lambda: f(**3)), kind(lambda: f(**[1])), kind(lambda: f(**{"a": 1}, a=2)), kind(lambda: {**[(1, 2)]}),
            kind(lambda: f(**{"a": 1}, **{"a": 2}))]
    return out
""",
    "comparing": """
def case():
    nan = float("nan")
    a, b = {1: 2, 3: 4}, {3: 4, 1: 2}
    out = [a == b, a != b, a == {1: 2}, a == {1: 2, 3: 5}, a == {1: 2, 4: 4}, {} == {}, a == [(1, 2), (3, 4)],
            {1: nan} == {1: nan},
           {1: float("nan")} == {1: nan}, {1: {2: [3]}} == {1: {2: [3]}}, a is not b, {True: 1} == {1: 1.0},
           a.__eq__(3) is NotImplemented,
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
    out = [len(k), len(v), len(i), "a" in k, 1 in v, 4 in v, ("a", 1) in i, ("a", 2) in i, ("z", 1) in i, ["a",
            1] in i, 3 in i,
           kind(lambda: [] in k), kind(lambda: ([], 1) in i), [] in v, list(reversed(k)), list(reversed(v)),
           list(reversed(i)), list(reversed(d)),
           sorted(k & {"a", "z"}), sorted(k | ["q"]), sorted(k - ["a"]), sorted(k ^ ["a", "z"]), sorted(i & {("a",
           1)}), sorted(i - [("a", 1)]),
           sorted(["a", "z"] & k), sorted(["a", "z"] - k), sorted({"a": 0, "z": 1}.keys() & k),
           sorted(k & {"c": 1}.keys()),
           sorted(i ^ {"a": 1, "b": 5}.items()), {1: []}.items() ^ {1: []}.items() == set(),
           kind(lambda: {1: []}.items() ^ {2: []}.items()),
           k == {"a", "b", "c"}, {"a", "b", "c"} == k, k == ["a", "b", "c"], k != {"a"}, k <= {"a", "b", "c", "d"},
           k < {"a", "b", "c"},
           k > {"a"}, {"a"} < k, k >= k, i == {("a", 1), ("b", 2), ("c", 3)}, i == d.items(), v == d.values(), v == v,
           k == d.keys(),
           k.isdisjoint(["z"]), k.isdisjoint({"a"}), k.isdisjoint(k), {}.keys().isdisjoint({}.keys()),
           i.isdisjoint({("a", 1)}), k.isdisjoint("xyz"),
           kind(lambda: v & v), kind(lambda: k < 3), kind(lambda: k + k), kind(lambda: v.isdisjoint([])),
           kind(lambda: k & 3), kind(lambda: k[0]),
           kind(lambda: k | [[]]), kind(hash, k), bool({}.keys()), bool(k), list(k)[0], max(v), sum(v), sorted(i,
           reverse=True)]
    d["d"] = 4
    out += [len(k), list(v), list(i)[-1], list(iter(k)), type(k) is type({}.keys()), isinstance(k, dict), repr(k),
            repr(v), repr(i)]
    e = {1: "x"}
    s = {1, 2, 3}
    out += [s & e.keys(), s - e.keys(), s | {9: 1}.keys(), s ^ {1: 1, 7: 7}.keys(), s & {1: 0, 2: 0, 3: 0,
            4: 0}.keys(), frozenset(s) - e.keys()]
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
        run({1: 1, 2: 2, 3: 3}, lambda d, k, n: d.__setitem__(k, 9)), run({1: 1}, move), run({1: 1, 2: 2, 3: 3}, move),
        run({1: 1, 2: 2}, again),
        run({i: i for i in range(5)}, move), run({i: i for i in range(6)}, again), run({1: 1, 2: 2, 3: 3}, swap),
        run({1: 1}, lambda d, k, n: d.clear()),
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
    out += [attempt(next, back), attempt(next, back), [k for k in d.values()], [a + b for a, b in d.items()],
            list(map(tuple, d.items()))]
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
    out = [dict(d), d.get("q"), "q" in d, dict(n), len(n), d == {"a": [1, 2], "b": []}, n.pop("x"),
            attempt(defaultdict, 3), attempt(lambda: defaultdict()[1]),
           attempt(lambda: defaultdict(None)[1]), dict(defaultdict(lambda: defaultdict(int))), d.copy() == d,
           type(d.copy()) is defaultdict,
           d.copy()["new"], type(n | {"q": 1}) is defaultdict, type({"q": 1} | n) is defaultdict, dict({"q": 1} | n),
           dict(n | {"q": 1}), d.setdefault("c", 5)]
    out += [Missing(a=1)["a"], Missing()["b"], Missing().get("b"), "b" in Missing(),
            attempt(lambda: defaultdict(lambda: 1 / 0)["k"])]
    c = Counting(int)
    c["a"] += 1
    s = Storing()
    out += [dict(c), isinstance(c, dict), s["p"], s["q"], s["p"], dict(s), kind(lambda: defaultdict(list)[[]])]
    w = Wrapped()
    w["k"] = 5
    w.update(j=7)
    out += [w["k"], w["j"], "absent" in w, w.get("k"), dict(w), list(w), len(w), w.setdefault("n", 3),
            list(w.values()), w == {"k": 10, "j": 7, "n": 3}]
    tree = lambda: defaultdict(tree)
    t = tree()
    t["a"]["b"]["c"] = 1
    out += [list(t), list(t["a"]["b"].items()), isinstance(Wrapped.fromkeys("ab", 2), Wrapped),
            dict(Wrapped.fromkeys("ab", 2))]
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
    out += [kind(lambda: g[Worse()]), kind(lambda: g.get(Worse())), kind(lambda: Worse() in g),
            kind(lambda: g.setdefault(Worse())), kind(g.pop, Worse()), len(g)]
    class NoHash:
        __hash__ = None
    out += [attempt(lambda: {NoHash(): 1}), attempt(lambda: {1: 2}[NoHash()]), attempt(lambda: {NoHash()})]
    return out
""",
}
