"""Programs on generators: name to text. Each has a ``case()`` that returns a list."""

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
    out = [next(g), g.send(None), g.send("a"), next(g), attempt(next, g), attempt(next, g), attempt(g.send, None),
            list(g), g.close(), iter(g) is g]
    def value_of(g):
        try:
            while True:
                next(g)
        except StopIteration as stop:
            return stop.value, stop.args
    out += [value_of(counting(2)), value_of(iter([])), value_of(x for x in "a"), attempt(counting(1).send, 5),
            attempt(lambda: counting(1).send()), list(counting(0)), sum(counting(4)), 2 in counting(4),
            9 in counting(2)]
    def none():
        return
        yield
    def early():
        yield 1
        return 2
        yield 3
    out += [list(none()), value_of(none()), list(early()), value_of(early()), [*early()], dict(zip("ab", early())),
            next(none(), "empty")]
    g = (x * y for x in range(3) for y in range(3) if x != y)
    out += [next(g), list(g), list(g), list(x for x in (y for y in range(3))), tuple(i for i in range(4) if i % 2),
            set(i % 2 for i in range(5)), max((len(w), w) for w in ["a", "bb"])]
    def fails():
        yield 1
        raise ValueError("inside")
    g = fails()
    out += [next(g), attempt(next, g), attempt(next, g), attempt(list, fails())]
    def stops():
        yield 1
        raise StopIteration("early")
    out += [attempt(list, stops()), attempt(lambda: list(next(iter([])) for _ in range(3))),
            attempt(lambda: [next(iter([])) for _ in range(3)])]
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
    out = [next(g), g.throw(ValueError("v")), next(g), g.send(3), attempt(g.throw, KeyError("k")), attempt(next, g),
            log]
    log = []
    g = guarded(log)
    out += [next(g), g.throw(ValueError), g.close(), log, attempt(next, g), g.close()]
    g = stubborn()
    out += [next(g), attempt(g.close)]
    for make in (returns, replaces, plain):
        g = make()
        out += [next(g), attempt(g.close), attempt(next, g), make().close()]
    g = plain()
    out += [attempt(g.throw, ValueError("fresh")), list(g), attempt(g.throw, ValueError, "late"),
            attempt(plain().throw, 3), kind(plain().throw), kind(plain().throw, ValueError("a"), 3),
            attempt(plain().throw, KeyError, ("a", "b"))]
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
    for act in (lambda g: g.send("end"), lambda g: g.throw(ValueError("t")), lambda g: g.close(),
            lambda g: g.send("x"), next):
        s, got = Sender(), []
        g = through(s, got)
        out += [next(g), attempt(act, g), list(s.log), got]
    got = []
    g = through([1, 2], got)
    out += [next(g), kind(g.send, "v"), got, attempt(lambda: list(through(3, []))), list(through({1: 2}, [])),
            list(through("ab", []))]
    out += [list(tree(((None, 1, None), 2, ((None, 3, None), 4, None)))), list(deep(30)),
            kind(lambda: list(deep(2000)))]
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
    out = [new_id(), new_id(), next(evens), next(evens), next(pairs), next(numbered), TABLE[7], (3, 3) in SEEN, (3,
            4) in SEEN]
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
