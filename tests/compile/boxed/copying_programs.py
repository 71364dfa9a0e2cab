"""Programs that copy: name to text. Each has a ``case()`` that returns a list."""

PRELUDE = '''
import copy

def attempt(function, *args, **keywords):
    """What a call gives, or the name of the exception."""
    try:
        return function(*args, **keywords)
    except Exception as error:
        return type(error).__name__

class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __repr__(self):
        attr = ', '.join(f'{key}={value}' for key, value in self.__dict__.items() if key not in ('name', 'x', 'y'))
        if attr: return f"{self.name}({self.x}, {self.y}, {attr})"
        else: return f"{self.name}({self.x}, {self.y})"
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))

class Agent(Entity): pass
class Key(Entity): pass
class Wall(Entity): pass
'''

COPIES = {
    "containers": """
from collections import defaultdict, deque, OrderedDict, Counter, namedtuple
P = namedtuple("P", "a b")

def case():
    inner = [1, 2]
    l = [inner, inner, (inner,), {"k": inner}, "s", 5]
    s, d = copy.copy(l), copy.deepcopy(l)
    out = [s == l, s is l, s[0] is inner, d == l, d[0] is inner, d[0] is d[1], d[2][0] is d[0], d[3]["k"] is d[0]]
    d[0].append(3)
    out += [l, d]
    t = (1, "a", (2, 3))
    u = (1, [2])
    out += [copy.deepcopy(t) is t, copy.copy(u) is u, copy.deepcopy(u) is u, copy.deepcopy(u) == u, copy.deepcopy((t, u))[0] is t]
    st = {1, 2, (3, 4)}
    fs = frozenset({1, "a"})
    out += [copy.copy(st), copy.copy(st) is st, copy.deepcopy(st), copy.copy(fs) is fs, copy.deepcopy(fs) is fs, copy.deepcopy(fs) == fs]
    dd = defaultdict(list, {"a": [1]})
    c1, c2 = copy.copy(dd), copy.deepcopy(dd)
    c1["b"].append(1)
    c2["c"].append(2)
    out += [dict(dd), dict(c1), dict(c2), c1["a"] is dd["a"], c2["a"] is dd["a"], type(c2).__name__, c2.default_factory is list]
    q = deque([[1], 2], maxlen=5)
    q1, q2 = copy.copy(q), copy.deepcopy(q)
    out += [list(q1), q1[0] is q[0], q1.maxlen, list(q2), q2[0] is q[0], q2.maxlen, type(q2).__name__]
    od = OrderedDict([("b", [1]), ("a", 2)])
    o1, o2 = copy.copy(od), copy.deepcopy(od)
    ct = Counter("abca")
    k1, k2 = copy.copy(ct), copy.deepcopy(ct)
    k2["a"] += 1
    out += [list(o1.items()), o1["b"] is od["b"], list(o2.items()), o2["b"] is od["b"], type(o2).__name__, dict(k1), dict(k2), dict(ct), type(k2).__name__, k2.most_common(1)]
    p = P(1, [2])
    p1, p2 = copy.copy(p), copy.deepcopy(p)
    out += [p1 == p, p1.b is p.b, p2 == p, p2.b is p.b, type(p2).__name__, p2.a, copy.deepcopy(P(1, 2)), copy.deepcopy(P(1, 2)).b]
    cyc = [1]
    cyc.append(cyc)
    c = copy.deepcopy(cyc)
    dc = {}
    dc["self"] = dc
    e = copy.deepcopy(dc)
    tup = ([],)
    tup[0].append(tup)
    tc = copy.deepcopy(tup)
    out += [c[1] is c, c is cyc, e["self"] is e, e is dc, tc[0][0] is tc, tc is tup]
    out += [copy.deepcopy(x) is x for x in (None, 1, 1.5, "s", True, ..., int, case, len, range(3), 1j, "a".upper)]
    out += [copy.copy(x) is x for x in (None, 1, 1.5, "s", True, int, case, len, range(3), slice(1), (1, [2]))]
    out += [copy.deepcopy(slice(1, 2)) == slice(1, 2), attempt(copy.deepcopy, (x for x in [])), attempt(copy.copy, (x for x in [])), attempt(copy.deepcopy, {}.keys()), type(copy.deepcopy(object())).__name__, attempt(copy.deepcopy), attempt(copy.copy)]
    grid = [["#"] * 3 for _ in range(2)]
    g = copy.deepcopy(grid)
    g[0][0] = "."
    shared = [["."] * 2] * 2
    h = copy.deepcopy(shared)
    h[0][0] = "x"
    out += [grid, g, h, shared]
    big = {(i, j): [i, j] for i in range(5) for j in range(5)}
    b = copy.deepcopy(big)
    b[(0, 0)].append(1)
    out += [big[(0, 0)], b[(0, 0)], list(b) == list(big), len(b), b[(4, 4)]]
    return out
""",
    "instances": """
class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next

class Initialised:
    count = 0
    def __init__(self):
        Initialised.count += 1
        self.items = []

class Hooks:
    def __init__(self, n):
        self.n = n
        self.extra = [n]
    def __copy__(self):
        return Hooks(self.n + 100)
    def __deepcopy__(self, memo):
        result = Hooks(self.n + 1000)
        memo[id(self)] = result
        result.extra = copy.deepcopy(self.extra, memo)
        return result

class Same:
    def __deepcopy__(self, memo):
        return self
    def __copy__(self):
        return self

class Proper:
    def __init__(self, a):
        self.a = a
        self.log = []
    def __deepcopy__(self, memo):
        cls = self.__class__
        result = cls.__new__(cls)
        memo[id(self)] = result
        for k, v in self.__dict__.items():
            setattr(result, k, copy.deepcopy(v, memo))
        return result

class State:
    def __init__(self):
        self.a, self.b = [1], [2]
    def __getstate__(self):
        return {"a": self.a}
    def __setstate__(self, state):
        self.a = state["a"]
        self.b = "restored"

class GetOnly:
    def __init__(self):
        self.a, self.b = [1], [2]
    def __getstate__(self):
        state = self.__dict__.copy()
        del state["b"]
        return state

class Single:
    made = None
    def __new__(cls):
        if cls.made is None:
            cls.made = super().__new__(cls)
        return cls.made

class Slotted:
    __slots__ = ("a", "b")
    def __init__(self, a, b):
        self.a, self.b = a, b

class Setter:
    def __init__(self):
        self.__dict__["log"] = []
        self.x = 1
    def __setattr__(self, name, value):
        self.__dict__["log"].append(name)
        self.__dict__[name] = value

class Prop:
    def __init__(self):
        self._v = [1]
    @property
    def v(self):
        return self._v

class Dynamic:
    def __init__(self):
        self.data = {"a": [1]}
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.data[name]

class MyError(Exception):
    pass

class Callback:
    def __init__(self):
        self.items = [1]
        self.method = self.get
        self.function = lambda: 5
    def get(self):
        return self.items

def case():
    n = Node(1, Node([2]))
    n.next.next = n
    m = copy.deepcopy(n)
    out = [m.next.next is m, m is n, m.next.value, m.next.value is n.next.value, copy.copy(n).next is n.next, type(m).__name__, list(vars(m))]
    i = Initialised()
    j, k = copy.copy(i), copy.deepcopy(i)
    out += [Initialised.count, j.items is i.items, k.items is i.items]
    h = Hooks(1)
    a, b = copy.copy(h), copy.deepcopy([h, h])
    out += [a.n, b[0].n, b[0] is b[1], b[0].extra, b[0].extra is h.extra]
    s = Same()
    out += [copy.deepcopy(s) is s, copy.copy(s) is s, copy.deepcopy([s])[0] is s]
    p = Proper([1])
    p.me = p
    p.alias = p.a
    q = copy.deepcopy([p, p.a])
    out += [q[0].me is q[0], q[0].alias is q[0].a, q[1] is q[0].a, q[0].a, p.a is q[1], list(vars(q[0]))]
    st = copy.deepcopy(State())
    go = copy.deepcopy(GetOnly())
    out += [st.a, st.b, go.a, hasattr(go, "b"), copy.copy(State()).b]
    si = Single()
    out += [copy.copy(si) is si, copy.deepcopy(si) is si]
    sl = Slotted([1], 2)
    s2 = copy.deepcopy(sl)
    out += [s2.a, s2.a is sl.a, s2.b, copy.copy(sl).a is sl.a]
    se = Setter()
    s3, s4 = copy.copy(se), copy.deepcopy(se)
    out += [s3.log, s3.log is se.log, s4.log, s4.log is se.log, s4.x]
    pr = Prop()
    out += [copy.deepcopy(pr).v, copy.deepcopy(pr).v is pr.v, copy.copy(pr).v is pr.v]
    dy = Dynamic()
    d2 = copy.deepcopy(dy)
    out += [d2.a, d2.a is dy.a, d2.data == dy.data]
    er = MyError("x", [1])
    er.extra = [2]
    e2 = copy.deepcopy(er)
    out += [e2.args, e2.args[1] is er.args[1], e2.extra, e2.extra is er.extra, type(e2).__name__, copy.copy(er).args[1] is er.args[1]]
    cb = Callback()
    c2 = copy.deepcopy(cb)
    c2.items.append(2)
    out += [c2.method() is c2.items, cb.items, c2.function is cb.function, c2.function()]
    class Empty: pass
    e = Empty()
    e.x = {"k": [1]}
    f = copy.deepcopy({"e": e, "x": e.x})
    out += [f["e"].x is f["x"], f["x"], Initialised.count]
    class L(list):
        def __init__(self, *a):
            super().__init__(*a)
            self.tag = [0]
        def append(self, x):
            super().append(("copied", x))
    class D(dict):
        def __setitem__(self, k, v):
            super().__setitem__(k, ("set", v))
    class S(set):
        pass
    class T(tuple):
        pass
    class I(int):
        pass
    l = L([1, [2]])
    l2, l3 = copy.copy(l), copy.deepcopy(l)
    out += [list(l2), list(l3), type(l3).__name__, l2.tag is l.tag, l3.tag, l3.tag is l.tag]
    d = D(a=[1])
    d2, d3 = copy.copy(d), copy.deepcopy(d)
    out += [dict(d), dict(d2), dict(d3), type(d3).__name__]
    s5 = S([1, (2, 3)])
    s5.note = [1]
    s6 = copy.deepcopy(s5)
    out += [s6 == s5, type(s6).__name__, s6.note, s6.note is s5.note, copy.copy(s5) == s5]
    t1 = T((1, [2]))
    t2 = copy.deepcopy(t1)
    i1 = I(5)
    i1.x = [1]
    i2 = copy.deepcopy(i1)
    out += [t2 == t1, t2[1] is t1[1], type(t2).__name__, i2 == 5, i2.x, i2.x is i1.x, type(i2).__name__]
    memo = {}
    shared = [1]
    x = copy.deepcopy([shared], memo)
    y = copy.deepcopy({"s": shared}, memo)
    out += [x[0] is y["s"], copy.deepcopy([1], None), attempt(copy.deepcopy, [1], 5)]
    chain = None
    for k in range(150):
        chain = Node(k, chain)
    deep = copy.deepcopy(chain)
    out += [deep.next.next.value]
    for k in range(500):
        chain = Node(k, chain)
    out += [attempt(copy.deepcopy, chain)]
    return out
""",
    "entities": """
def case():
    walls = [Wall(i, 0) for i in range(10)]
    key = Key(3, 3, color="red")
    agent = Agent(1, 1, direction=(0, 1), carrying=key)
    state = {*walls, agent, key}
    new = copy.deepcopy(state)
    out = [new == state, len(new), sorted(map(repr, new)), all(e not in set(map(id, new)) for e in map(id, state)), [e in new for e in state], [e in state for e in new]]
    a2 = next(e for e in new if e.name == "Agent")
    k2 = next(e for e in new if e.name == "Key")
    out += [a2.carrying is k2, a2.carrying is key, a2 is agent, a2 == agent, type(a2).__name__, list(vars(a2))]
    a2.x = 5
    out += [a2 in new, agent in new, agent.x, [e.name for e in new][-2:]]
    third = copy.deepcopy(new)
    a3 = next(e for e in third if e.name == "Agent")
    out += [a3 in third, a3.x, len(third), a3 == a2]
    # stale: walls that became equal
    w = next(e for e in third if e.name == "Wall")
    for e in third:
        if e.name == "Wall" and e.x < 5:
            e.x = 0
    fourth = copy.deepcopy(third)
    out += [len(third), len(fourth), [repr(e) for e in third], [repr(e) for e in fourth], w in third, w in fourth, len(copy.copy(third)), len(set(third)), len(set(list(third)))]
    pair = copy.deepcopy((state, agent, [agent, key], {"a": agent}))
    out += [pair[1] in pair[0], pair[2][0] is pair[1], pair[3]["a"] is pair[1], pair[1].carrying is pair[2][1], any(e is pair[1] for e in pair[0])]
    listed = copy.deepcopy([agent, agent, *walls[:2]])
    out += [listed[0] is listed[1], listed, copy.deepcopy(walls) == walls, copy.copy(agent) == agent, copy.copy(agent) is agent, copy.copy(agent).carrying is key]
    c = copy.copy(agent)
    c.x = 99
    out += [agent.x, c.x, copy.copy(state) == state, copy.copy(state) is state, any(e is agent for e in copy.copy(state))]
    bad = Agent(0, 0, direction=[0, 1])
    out += [attempt(hash, bad), attempt(lambda: {bad}), copy.deepcopy([bad]), copy.deepcopy(bad).direction is bad.direction]
    s = {agent}
    agent.direction = [1, 0]
    out += [attempt(copy.deepcopy, s), len(copy.copy(s)), attempt(lambda: agent in s)]
    agent.direction = (1, 0)
    holder = Agent(7, 7, bag={key, walls[0]}, table={key: "v"}, pos=[1, 2])
    h2 = copy.deepcopy(holder)
    out += [key in h2.bag, walls[0] in h2.bag, h2.table[key], h2.pos, h2.bag is holder.bag, [e is f for e, f in zip(h2.bag, holder.bag)], next(iter(h2.table)) is key, any(e is next(iter(h2.table)) for e in h2.bag)]
    holder.me = holder
    h3 = copy.deepcopy(holder)
    out += [h3.me is h3]
    class Odd(Entity):
        def __deepcopy__(self, memo):
            return self
    odd = Odd(1, 2)
    mixed = {odd, Wall(0, 0)}
    m2 = copy.deepcopy(mixed)
    out += [any(e is odd for e in m2), len(m2)]
    class Own(Entity):
        def __hash__(self):
            return 5
        def __eq__(self, other):
            return isinstance(other, Own) and self.x == other.x
    own = {Own(1, 1), Own(1, 2), Own(2, 2)}
    o2 = copy.deepcopy(own)
    out += [len(own), len(o2), [repr(e) for e in o2]]
    fz = frozenset({Wall(1, 1), Wall(2, 2)})
    f2 = copy.deepcopy(fz)
    out += [f2 == fz, f2 is fz, hash(f2) == hash(fz), len(copy.deepcopy([fz, fz])), Wall(1, 1) in f2]
    removed = {Wall(i, i) for i in range(5)}
    removed.discard(Wall(2, 2))
    removed.add(Wall(9, 9))
    r2 = copy.deepcopy(removed)
    r2.add(Wall(2, 2))
    r2.discard(Wall(0, 0))
    r2.add(Wall(9, 9))
    out += [[repr(e) for e in removed], [repr(e) for e in r2]]
    return out
""",
}
