"""Programs on sets: name to text. Each has a ``case()`` that returns a list."""

SETS = {
    "methods": """
def case():
    s = {3, 1, 2}
    out = [s, len(s), 1 in s, 9 in s, attempt(lambda: [] in s), kind(s.add), s.add(1), s.add(9), attempt(s.add, []),
            s.discard(77), s.discard(9),
           attempt(s.remove, 77), attempt(s.remove, []), s.remove(2), s.pop(), s, s.copy() == s, s.copy() is s,
           attempt(set().pop), s.clear(), s, bool(s)]
    out += [set(), set("hello"), set([1, 1, 2]), set(range(4)), set({1: 2}), set((i % 3 for i in range(9))),
            attempt(set, 3), kind(set, 1, 2),
            kind(lambda: set(a=1)), attempt(lambda: {[]}), frozenset(), frozenset([1, 2, 1]), attempt(frozenset, 4),
            {1, True, 1.0}, {*"ab", *[1], 2, *{5: 6}}]
    a, b = {1, 2, 3, 4}, {4, 3, 9}
    out += [a | b, a & b, b & a, a - b, a ^ b, b - a, a.union(b, [7], "x"), a.union(), a.intersection(b, [3]),
            a.intersection(), a.intersection([4, 4, 1, 8]),
            a.difference(b), a.difference(), a.difference([1], {2}), a.difference({1: 1}), a.symmetric_difference([1,
            9, 9]), a.symmetric_difference(b),
            attempt(a.union, 3), attempt(a.intersection, 3), attempt(a.difference, None),
            attempt(a.symmetric_difference, 3), attempt(lambda: a | [1]),
            attempt(lambda: a & [1]), attempt(lambda: a - [1]), attempt(lambda: a ^ [1]), attempt(lambda: [1] | a),
            kind(lambda: a + b), kind(lambda: a * 2)]
    out += [a <= b, a < a, a <= a, a >= {1}, {1} < a, a > b, a == {4, 3, 2, 1}, a != b, a == [1, 2, 3, 4],
            kind(lambda: a < 3), kind(lambda: a < [1]),
            a == frozenset(a), frozenset(a) == a, a.issubset(range(9)), a.issubset([1]), a.issuperset([1, 2]),
            a.issuperset("a"), a.isdisjoint([8]), a.isdisjoint({4}),
            kind(a.issubset, 3), kind(a.issuperset, [[]]), kind(a.isdisjoint, 5), a.isdisjoint(a),
            set().isdisjoint(set())]
    a.update([10, 11], {12}, "z")
    a.intersection_update(range(20), [1, 3, 10, 12])
    out += [set(a), a.difference_update([1], {3}), set(a), a.symmetric_difference_update([10, 5]), set(a), a.update(),
            a.intersection_update(), set(a), a.difference_update(), a]
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
    out += [a, b, kind(hash, a), kind(lambda: {a}), kind(lambda: s[0]), kind(lambda: {{1}}), sorted({3, 1, 2}), max({3,
            1}), sum({1, 2}), list({5, 1}), tuple({5, 1})]
    return out
""",
    "frozen": """
def case():
    f = frozenset([1, 2, 3])
    g = frozenset((3, 2, 1))
    out = [f == g, hash(f) == hash(g), f is frozenset(f), f.copy() is f, f | {4}, {4} | f, f & g, f - {1}, f ^ {1, 5},
            kind(lambda: f.add(1)), kind(lambda: f.pop()),
           kind(lambda: f.update([1])), {f: 1}[g], {f, g}, f in {g}, {1, 2, 3} in {f}, {1} in {f}, kind(lambda: {1,
           2} in [f]), f in [{1, 2, 3}], f.union([9]), f.intersection([2]),
           f < {1, 2, 3, 4}, f <= g, f.issubset(g), repr(f), repr(frozenset()), repr(set()), str({1}),
                   repr({frozenset([1])}), bool(frozenset()), len(f), sorted(f)]
    s = {frozenset([1]), frozenset([2])}
    out += [s.discard({1}), s, attempt(s.remove, {7}), s.remove({2}), s, isinstance(f, set), isinstance(f, frozenset),
            type(f | {1}) is frozenset, type({1} | f) is set]
    t = f
    t |= {8}
    out += [t, f, type(t) is frozenset, kind(lambda: hash(frozenset([Thing(1)]))),
            hash(frozenset()) == hash(frozenset([])), hash(frozenset([1, 2])) != hash(frozenset([1, 3]))]
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
        run({1, 2, 3}, at(0, ("add", 9))), run({1, 2, 3}, at(1, ("remove", 3))), run({1, 2, 3}, at(2, ("remove", 3))),
        run({1, 2, 3}, at(2, ("add", 3))),
        run({1, 2, 3}, at(0, ("remove", 2), ("add", 2))), run({1, 2, 3, 4}, at(1, ("remove", 3), ("add", 8))), run({1,
        2, 3}, at(0, ("remove", 1), ("add", 1))),
        run({1, 2, 3, 4}, keep), run({1, 2, 3, 4}, keep_order), run({1, 2, 3}, refill), run({1, 2, 3, 4, 5}, churn),
        run({1, 2}, lambda s, i, n: s.clear()),
        run({1, 2, 3}, lambda s, i, n: s.pop()), run({1, 2, 3}, lambda s, i, n: (s.pop(), s.add(n + 50))), run({1},
        lambda s, i, n: (s.discard(i), s.add(i))),
        run({0, 1, 2}, lambda s, i, n: s.intersection_update(list(s))), run({0, 1, 2}, lambda s, i,
        n: s.symmetric_difference_update({i, 7 + n})),
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
    out += [attempt(list, it), [x for x in {3, 1, 2} if x != 1], {x * 2 for x in (3, 1, 3)},
            {y for x in range(3) for y in range(x)}, kind(reversed, s)]
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
    out += [len(mixed), mixed, (1,) in mixed, 0.0 in mixed, () in mixed, -1 in mixed, -2 in {-1}, {-1, -2}, {2**61 - 1,
            0}, {2**61, 1}, 0 in {2**61 - 1}]
    return out
""",
    "stale": """
def case():
    out = []
    a, b, c = things(1, 2, 3)
    s = {a, b, c}
    b.value = 5
    out += [b in s, len(s), s.discard(b), attempt(s.remove, Thing(2))[0], len(s), s.add(b), len(s), shown(s),
            Thing(2) in s]
    logged()
    out += [shown(set(s)), shown(s.copy()), shown(s | set()), shown(set() | s), shown(set(list(s))), shown(s & s),
            shown(s - set()), shown(s ^ set()), logged()]
    out += [shown(s.union([])), shown(set(s).union(s)), shown(set().union(s)), shown(s.intersection(list(s))),
            shown(s.intersection(set(list(s)))), logged()]
    out += [shown(s.difference([b])), shown(s.difference({b})), shown(frozenset(s)), shown(s.symmetric_difference([])),
            shown({*s}), shown({x for x in s}), logged()]
    t = set(s)
    t.update(list(s))
    out += [shown(t), t == s, s == set(list(s)), s <= t, t <= s, t.issubset(list(s)), s.issuperset(list(s)),
            s.isdisjoint([b]), s.isdisjoint({b}), logged()]
    t.intersection_update(s)
    out += [shown(t)]
    t -= s
    out += [shown(t), shown(dict.fromkeys(s)), shown(set(dict.fromkeys(s))), shown(set().union(dict.fromkeys(s))),
            shown({b} & s), shown(s & {b}), logged()]
    while s:
        out.append(s.pop().value)
    return out
""",
    "which side": """
def case():
    left, right = things(1, 9, 17, 2), [Thing(9, "r"), Thing(25, "r"), Thing(1, "r"), Thing(10, "r")]
    out = []
    for op in ("__or__", "__and__", "__sub__", "__xor__", "union", "intersection", "difference",
            "symmetric_difference", "__eq__", "__le__", "issubset", "issuperset", "isdisjoint",
               "update", "intersection_update", "difference_update", "symmetric_difference_update", "__ior__",
               "__iand__", "__isub__", "__ixor__"):
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
    out += [shown(big & few), logged(), shown(few & big), logged(), shown(few - big), logged(), shown(big - few),
            logged(), few.isdisjoint(big), logged()]
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
    out = [g.name, list(g), 8 in g, 4 in g, "any" in g, len(g), isinstance(g, set), type(g | {1}) is set, g | {1},
            g == {1, 2, 8}, {1, 2, 8} == g, g & {8}, type(g.copy()) is set]
    g |= {5}
    out += [type(g) is Group, list(g), sorted(g), g.union([9]), g.update([3]), list(g), set(g), g.__init__([7]),
            list(g), Plain("ab") == {"a", "b"}, list(Plain([1]) | Plain([2]))]
    f = Frozen([4, 5])
    out += [f.first(), f == {4, 5}, hash(f) == hash(frozenset([4, 5])), type(f | {1}) is frozenset, f.copy() == f,
            type(f.copy()) is frozenset, {f: 1}[frozenset([5, 4])]]
    out += [set(Every()), {1}.union(Every()), {1, 2} & set(Every()), {9} - set(Every()), {1, 9}.isdisjoint(Every()),
            {1}.issubset(Every()), dict.fromkeys(Every()), [*Every()], (lambda *a: a)(*Every())]
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
    out += [kind(lambda: Bad(None) in s), kind(s.add, Bad(None)), kind(s.discard, Bad(None)),
            kind(lambda: s | {Bad(None)}), kind(lambda: s == {Bad(None)}), kind(lambda: s & {Bad(None)}), len(s)]
    t = set()
    t.add(Bad(lambda: t.clear()))
    out += [kind(lambda: 1 in t), len(t)]
    u = set()
    u.add(Bad(lambda: u.add(len(u) + 10) or True))
    out += [1 in u, len(u), 1 in u, len(u)]
    class Unhashable:
        def __hash__(self):
            raise ValueError("no")
    out += [attempt(lambda: {Unhashable()}), attempt(lambda: Unhashable() in {1}), attempt({1}.discard, Unhashable()),
            attempt({1}.update, [Unhashable()]), attempt(lambda: {Unhashable(): 1})]
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
