"""Programs that use itertools, heapq and bisect: name to text. Each has an ``observe()`` that returns a list."""

PROGRAMS = {
    "counting": """
from itertools import count, cycle, repeat, islice
def observe():
    return [
        list(islice(count(), 4)), list(islice(count(5, -2), 4)), list(islice(count(0.5, 0.25), 4)),
        list(islice(cycle("ab"), 5)), list(cycle([])), list(repeat(3, 4)), list(repeat(1, -2)), list(repeat(7, times=2)),
        list(islice(repeat(None), 2)), attempt(count, "a"), attempt(repeat, 1, "x"), attempt(cycle, 5),
        [a for a, b in zip(count(1), "xyz")],
    ]
""",
    "accumulating": """
from itertools import accumulate
import operator
def observe():
    return [
        list(accumulate([1, 2, 3, 4])), list(accumulate([])), list(accumulate([3, 1, 4, 1, 5], max)),
        list(accumulate([2, 3, 4], operator.mul)), list(accumulate([1, 2], initial=10)), list(accumulate([], initial=1)),
        list(accumulate("abc")), list(accumulate([1, 2, 3], lambda a, b: a * 10 + b)), attempt(accumulate, 4),
        listed(accumulate([1, "a"])), list(accumulate([[1], [2]], func=lambda a, b: a + b, initial=[])),
    ]
""",
    "chaining": """
import itertools
from itertools import chain
def observe():
    def source():
        yield [1, 2]
        yield (3,)
    it = iter([1, 2, 3])
    return [
        list(chain()), list(chain([1], "ab", (2, 3))), list(chain.from_iterable(source())), listed(chain([1], 5, [2])),
        list(itertools.chain.from_iterable(["ab", "cd"])), attempt(chain.from_iterable, 3), list(chain(it, it)),
        sum(chain(range(3), range(2))), [x for x in chain(*[[1], [2]])],
    ]
""",
    "filtering": """
from itertools import compress, dropwhile, takewhile, filterfalse, starmap, islice
def observe():
    it = iter([1, 2, 9, 1])
    taken = list(takewhile(lambda x: x < 5, it))
    stop = iter([1])
    return [
        list(compress("abcdef", [1, 0, 1, 0, 1])), list(compress([], [])), taken, list(it),
        list(dropwhile(lambda x: x < 3, [1, 3, 2, 5])), list(filterfalse(None, [0, 1, "", 2])),
        list(filterfalse(lambda x: x % 2, range(6))), list(starmap(pow, [(2, 3), (3, 2)])),
        list(starmap(lambda *a: a, [(), (1,), [1, 2]])), listed(starmap(divmod, [(1, 0)])),
        listed(takewhile(lambda x: next(stop), [1, 2, 3])), attempt(takewhile, None, 3), listed(starmap(pow, [3])),
    ]
""",
    "slicing": """
from itertools import islice, pairwise, tee, zip_longest
def observe():
    results = []
    for bounds in [(3,), (0,), (None,), (1, 4), (2, None), (0, None, 3), (1, 9, 2), (5, 3), (0, 5, 3), (20, None)]:
        it = iter(range(10))
        results.append((bounds, list(islice(it, *bounds)), list(it)))
    for bounds in [(-1,), (1, -2), (0, 3, 0), (0, 3, -1), ("a",), (1, "b"), (0, 1, 2, 3), ()]:
        results.append((bounds, attempt(islice, [1, 2, 3], *bounds)))
    a, b = tee(iter([1, 2, 3]))
    results.append((next(a), next(a), next(b), list(a), list(b)))
    x, y, z = tee("ab", 3)
    results.append((list(z), list(y), list(x), tee([], 0), attempt(tee, [], -1)))
    results += [list(pairwise("abcd")), list(pairwise([1])), list(pairwise([]))]
    results += [list(zip_longest("ab", "xyz", [1])), list(zip_longest("a", [], fillvalue="-")), list(zip_longest())]
    results.append(attempt(zip_longest, [1], 2))
    return results
""",
    "grouping": """
from itertools import groupby
class Odd:
    def __init__(self, v): self.v = v
    def __eq__(self, other): return self.v % 2 == other.v % 2
    def __repr__(self): return f"O{self.v}"
def observe():
    groups = groupby([1, 1, 2, 3, 3], key=lambda x: x)
    first, g1 = next(groups)
    second, g2 = next(groups)
    return [
        [(k, list(g)) for k, g in groupby("aabbbca")], [(k, len(list(g))) for k, g in groupby([])],
        [(k, list(g)) for k, g in groupby(["x", "yy", "zz", "w"], len)], [k for k, g in groupby([1, 1, 2, 2, 1])],
        (first, list(g1), second, list(g2), [(k, list(g)) for k, g in groups]),
        [(k, list(g)) for k, g in groupby([Odd(1), Odd(3), Odd(2), Odd(5)])], attempt(groupby, 3),
        [list(g) for k, g in list(groupby("aab"))], [next(g) for k, g in groupby("aabbc")],
        [(k, sorted(g)) for k, g in groupby(sorted(["b1", "a2", "a1"], key=lambda s: s[0]), key=lambda s: s[0])],
    ]
""",
    "combining": """
from itertools import product, permutations, combinations, combinations_with_replacement
def observe():
    results = [list(product()), list(product([])), list(product([1, 2], "ab")), list(product("ab", repeat=2)),
               list(product(range(2), repeat=0)), list(product([1], [], [2])), list(product([1, 2], "a", repeat=2)),
               attempt(product, [1], repeat=-1), attempt(product, 4)]
    for n in range(5):
        for r in [None, 0, 1, 2, 3, 4, 5]:
            results.append((n, r, list(permutations(range(n), r))))
        for r in range(6):
            results.append((n, r, list(combinations("abcde"[:n], r)), list(combinations_with_replacement(range(n), r))))
    results += [attempt(permutations, [1], -1), attempt(combinations, [1], -1), attempt(permutations, [1], "a"),
                attempt(combinations_with_replacement, [1], -1), len(list(permutations(range(6))))]
    return results
""",
    "heaps": """
import heapq
from heapq import heappush, heappop, heapify, heapreplace, heappushpop, nlargest, nsmallest, merge
class Item:
    def __init__(self, cost, name): self.cost = cost; self.name = name
    def __lt__(self, other): return self.cost < other.cost
    def __repr__(self): return self.name
def observe():
    results = []
    seed = 12345
    heap = []
    for step in range(40):
        seed = (seed * 1103515245 + 12345) % 2147483648
        if seed % 3 == 0 and heap:
            results.append(heappop(heap))
        elif seed % 7 == 0 and heap:
            results.append((heapreplace(heap, seed % 100), heappushpop(heap, seed % 50)))
        else:
            heappush(heap, seed % 20)
        results.append(list(heap))
    other = [5, 3, 9, 1, 1, 7, 0, 4]
    heapify(other)
    results += [other, attempt(heappop, []), attempt(heapreplace, [], 1), heappushpop([], 3)]
    items = [Item(3, "a"), Item(1, "b"), Item(3, "c"), Item(1, "d")]
    heapify(items)
    results += [items, [heappop(items) for _ in range(4)]]
    words = ["pear", "fig", "apple", "kiwi", "nut"]
    results += [nlargest(2, words, key=len), nsmallest(3, words, key=len), nlargest(0, words), nsmallest(9, words),
                nlargest(1, words, len), nlargest(-1, words), list(merge([1, 4], [2, 4, 6], [])),
                list(merge([3, 1], [2], reverse=True)), list(merge(["a", "ccc"], ["bb"], key=len))]
    frontier = [(0, "s")]
    heapq.heappush(frontier, (2, "b")); heapq.heappush(frontier, (1, "z"))
    results.append([heapq.heappop(frontier) for _ in range(3)])
    return results
""",
    "bisecting": """
from bisect import bisect, bisect_left, bisect_right, insort, insort_left, insort_right
import bisect as b
def observe():
    data = [1, 3, 3, 5, 9]
    rows = [{"n": 1}, {"n": 4}, {"n": 4}]
    results = [(x, bisect(data, x), bisect_left(data, x), bisect_right(data, x, 1, 3)) for x in range(11)]
    results += [attempt(bisect, data, 1, -1), bisect_left(rows, 4, key=lambda r: r["n"]), b.bisect([], 3)]
    insort(data, 4); insort_left(data, 3); insort_right(data, 10)
    results.append(data)
    words = ["a", "ccc"]
    insort(words, "bb", key=len)
    results.append(words)
    return results
""",
}
