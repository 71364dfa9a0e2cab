"""Programs that use collections, collections.abc, typing and copy."""

PROGRAMS = {
    "counters": """
from collections import Counter
import collections, copy
def observe():
    c = Counter("abracadabra")
    d = Counter(a=1, b=-2, z=0)
    e = Counter({"a": 2, "q": 1})
    out = [c, c.most_common(), c.most_common(2), c.most_common(1), c.most_common(0), Counter().most_common(1), c["nope"], len(c),
           list(c.elements()), c.total(), d, sorted(d.items()), c + d, c - e, c & e, c | e, +d, -d, d == Counter(a=1, b=-2),
           d == Counter(a=1, b=-2, z=0), c >= e, e <= c, e < c, c > e, c == {"a": 5}, c != e, repr(Counter()), dict(e)]
    c.update("aab"); c.update({"x": 3}, y=2); c.subtract("zz"); c.subtract(Counter(a=1)); c.subtract(q=4)
    out += [c, "a" in c, "nope" in c]
    del c["nope"]; del c["a"]
    out += [sorted(c.items()), c.copy() == c, type(c.copy()).__name__, copy.copy(c) == c, copy.deepcopy(c) == c]
    c += Counter(b=1); c -= Counter(x=1); c |= Counter(r=9); c &= Counter(b=2, r=3, c=1)
    out += [c, attempt(Counter.fromkeys, "ab"), Counter([1, 2, 1]) == Counter({1: 2, 2: 1}), attempt(Counter, 3), attempt(hash, Counter())]
    words = collections.Counter(w.lower() for w in "The the a THE b a".split())
    out += [words, max(words, key=words.get), [k for k, v in words.items() if v > 1], Counter(a=1).get("b"), isinstance(c, dict)]
    c.clear(); c["k"] += 1
    out += [c, Counter({"a": "x"}), attempt(lambda: Counter(a=1) + {"a": 1}), Counter(Counter("ab")), c.pop("k"), bool(c)]
    return out
""",
    "ordered dicts": """
from collections import OrderedDict
def observe():
    d = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
    d.move_to_end("a"); out = [d, list(d)]
    d.move_to_end("c", last=False); out += [list(d.items()), d.popitem(), d.popitem(last=False), d]
    out += [attempt(d.move_to_end, "q"), attempt(OrderedDict().popitem), OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1),
            OrderedDict(a=1, b=2) == {"b": 2, "a": 1}, OrderedDict(a=1) != OrderedDict(a=1), OrderedDict(), d | {"z": 1}, {"z": 1} | d,
            OrderedDict.fromkeys("ab", 0), d.copy() == d, list(reversed(OrderedDict(a=1, b=2))), isinstance(d, dict)]
    d["k"] = 1; d.update(m=3); d.setdefault("n", 4); d.pop("k"); del d["b"]
    out += [d, list(d.keys()), list(d.values()), len(d), "m" in d, d.get("x"), attempt(lambda: d["x"])]
    d |= {"p": 1}
    class LRU(OrderedDict):
        def __init__(self, n): super().__init__(); self.n = n
        def __setitem__(self, k, v):
            super().__setitem__(k, v)
            self.move_to_end(k)
            if len(self) > self.n: self.popitem(last=False)
    lru = LRU(2)
    for k in "abac": lru[k] = 1
    out += [d, list(lru), lru]
    return out
""",
    "chain maps": """
from collections import ChainMap, UserDict
class Lower(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k.lower(), v)
    def __missing__(self, k): return "none"
def observe():
    base = {"a": 1, "b": 2}
    c = ChainMap({"b": 3}, base)
    out = [c["a"], c["b"], len(c), sorted(c), "a" in c, c.get("z", 9), attempt(lambda: c["z"]), c, c.maps, dict(c), bool(ChainMap())]
    c["n"] = 5
    child = c.new_child({"a": 0})
    out += [base, child["a"], child.parents["a"], c == {"a": 1, "b": 3, "n": 5}, sorted(c.items()), sorted(c.values()), list(c.keys())]
    del c["n"]
    out += [attempt(c.pop, "a"), c.pop("b"), c.maps, attempt(c.popitem), c.new_child(k=1)["k"], c | {"u": 1}, list(c)]
    u = Lower(A=1); u["Bx"] = 2; u.update(C=3)
    out += [u, u["a"], u["zz"], len(u), "bx" in u, sorted(u.items()), u.get("c"), u == {"a": 1, "bx": 2, "c": 3}, u.pop("a"), u.setdefault("d", 1), u]
    return out
""",
    "kinds of containers": """
from collections.abc import *
from collections import deque, defaultdict, Counter, OrderedDict, ChainMap
import collections.abc, typing
class Mine(collections.abc.Sequence):
    def __init__(self, *a): self.a = a
    def __getitem__(self, i): return self.a[i]
    def __len__(self): return len(self.a)
class Walk:
    def __iter__(self): return iter([1])
class Bag(collections.abc.MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
class Few(collections.abc.Set):
    def __init__(self, items): self.items = list(dict.fromkeys(items))
    def __contains__(self, x): return x in self.items
    def __iter__(self): return iter(self.items)
    def __len__(self): return len(self.items)
def observe():
    values = [1, "a", (1,), [1], {1: 2}, {1}, frozenset(), range(2), deque(), defaultdict(int), Counter(), OrderedDict(), ChainMap(),
              iter([]), (x for x in []), len, lambda: 0, None, Mine(), Walk(), Bag(), int, {}.keys(), {}.items(), {}.values(), 2.5]
    kinds = [Hashable, Callable, Iterable, Iterator, Generator, Reversible, Sized, Container, Collection, Sequence, MutableSequence,
             Set, MutableSet, Mapping, MutableMapping]
    out = [[isinstance(v, k) for k in kinds] for v in values]
    out += [isinstance([1], typing.List), isinstance({}, typing.Dict), isinstance("a", typing.Sequence), isinstance(3, typing.Hashable)]
    out += [issubclass(list, Sequence), issubclass(dict, Mapping), issubclass(Mine, Sequence), issubclass(str, Iterable), issubclass(int, Sized)]
    m = Mine(3, 1, 3)
    out += [list(m), 1 in m, m.index(3), m.count(3), list(reversed(m)), attempt(m.index, 9), attempt(Sequence), attempt(m.index, 3, 3)]
    b = Bag(); b["x"] = 1; b.update(y=2)
    out += [dict(b), b.pop("x"), b.pop("q", 0), list(b.keys()), sorted(b.items()), b == {"y": 2}, "y" in b, b.get("z"), b.setdefault("w", 3), attempt(b.pop, "k")]
    b.clear()
    f = Few([1, 2, 3])
    out += [len(b), (f & Few([2, 9])).items, (f | [7]).items, (f - [1]).items, (f ^ [3, 4]).items, f <= Few([1, 2, 3, 4]), f == {1, 2, 3}, f < Few([1]), f.isdisjoint([8])]
    return out
""",
    "typing names": """
from typing import *
import typing
T = TypeVar("T")
Pos = Tuple[int, int]
State = Dict[str, List[Pos]]
UserId = NewType("UserId", int)
class Stack(Generic[T]):
    def __init__(self) -> None: self.items: List[T] = []
    def push(self, item: T) -> "Stack[T]":
        self.items.append(item)
        return self
class Shape(Protocol):
    def area(self) -> float: ...
class Sq(Shape):
    def area(self): return 4.0
class Movie(TypedDict):
    title: str
Handler = Callable[[int], Optional[str]]
Mode = Literal["a", "b"]
LIMIT: Final = 3
if TYPE_CHECKING:
    import nothing_such
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
@final
class Z: pass
class Names(List[str]):
    def first(self): return self[0]
Pair = tuple[int, int] | None
Table = dict[str, list[int]]
def g(x: Optional[Pos] = None, *a: Any, **k: Union[int, str]) -> "Iterable[int]": return cast(int, x)
def observe():
    s: Stack[int] = Stack().push(1)
    return [s.items, Sq().area(), f(3), g((1, 2)), UserId(5), LIMIT, Stack[int]().items, attempt(List[int]), DefaultDict[str, int](int)['q'], isinstance([], List),
            typing.cast("int", "a"), Movie(title="x"), Movie(title="x")["title"], attempt(isinstance, 1, List[int]), Z is not None, Names(['a', 'b']).first(), Names('xy') + [1],
            Any is Any, Optional[int] == Optional[int], attempt(cast, 1)]
""",
    "deques and defaultdicts": """
from collections import deque, defaultdict
import collections
def observe():
    d = deque([1, 2, 3], maxlen=4)
    d.append(4); d.append(5); d.appendleft(0); d.rotate(1)
    g = defaultdict(list)
    for k, v in [("a", 1), ("b", 2), ("a", 3)]: g[k].append(v)
    n = collections.defaultdict(lambda: collections.defaultdict(int))
    n["x"]["y"] += 1
    return [d, d.popleft(), d.pop(), list(d), dict(g), g.get("q"), len(g), n["x"]["y"], n["x"]["z"], sorted(n["x"])]
""",
}
