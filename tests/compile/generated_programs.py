"""Random world-model programs: a small grammar of what language models write, as hypothesis strategies.

The world is a few tokens on a 4 x 4 board: ``Robot`` (x, y, n), ``Crate`` (x, y, n) and ``Wall`` (x, y). Expressions
are well formed but need not be well typed: that an operation fails is part of what both ways have to agree on.
"""

from __future__ import annotations

from hypothesis import strategies as st

from wc_engine.state.entities import Entity, State

__all__ = ["ACTIONS", "programs", "states"]

ACTIONS = ("left", "right", "use it", "wait")

_PRELUDE = """
import copy

class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))

class Robot(Entity): pass
class Crate(Entity): pass
class Wall(Entity): pass

def helper(a, b=1):
    return a * 2 - b

"""

_NAMES = ("a", "b", "c")
_TYPES = ("Robot", "Crate", "Wall")


@st.composite
def states(draw: st.DrawFn) -> State:
    """A state: one robot, up to two crates, up to three walls."""
    cells = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6, unique=True))
    entities = [Entity("Robot", {"x": cells[0][0], "y": cells[0][1], "n": draw(st.integers(0, 3))})]
    for place, (x, y) in enumerate(cells[1:]):
        if place < 2:
            entities.append(Entity("Crate", {"x": x, "y": y, "n": draw(st.integers(0, 3))}))
        else:
            entities.append(Entity("Wall", {"x": x, "y": y}))
    return State(entities)


def _numbers(depth: int) -> st.SearchStrategy[str]:
    """Expressions that are mostly ints."""
    leaves = st.one_of(
        st.integers(-3, 5).map(str),
        st.sampled_from(_NAMES),
        st.sampled_from(["robot.x", "robot.y", "robot.n", "len(state)", "len(action)", "len(found)"]),
    )
    if depth == 0:
        return leaves
    inner = _numbers(depth - 1)
    return st.one_of(
        leaves,
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%", "&", "|"]), inner).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(inner, _conditions(depth - 1), inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"helper({t[0]}, b={t[1]})"),
        st.tuples(st.sampled_from(_TYPES), inner).map(
            lambda t: f"sum(e.x for e in state if e.name == {t[0]!r} and e.y != {t[1]})"
        ),
        inner.map(lambda t: f"[3, 1, 2][{t}]"),
        inner.map(lambda t: f"{{0: 4, 1: 5}}.get({t}, 6)"),
    )


def _conditions(depth: int) -> st.SearchStrategy[str]:
    """Expressions whose truth is asked."""
    numbers = _numbers(0 if depth == 0 else depth - 1)
    comparison = st.tuples(numbers, st.sampled_from(["<", "<=", "==", "!=", ">", "is not"]), numbers)
    leaves = st.one_of(
        comparison.map(lambda t: f"{t[0]} {t[1] if t[1] != 'is not' else '!='} {t[2]}"),
        st.sampled_from(ACTIONS).map(lambda action: f"action == {action!r}"),
        st.sampled_from(["'it' in action", "action.startswith('l')", "found", "robot in state", "not seen"]),
    )
    if depth == 0:
        return leaves
    inner = _conditions(depth - 1)
    return st.one_of(
        leaves,
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda t: f"(not {t})"),
        st.tuples(numbers, numbers).map(lambda t: f"any(e.x == {t[0]} and e.y == {t[1]} for e in state)"),
        st.tuples(st.sampled_from(_TYPES), numbers).map(
            lambda t: f"all(isinstance(e, {t[0]}) or e.x < {t[1]} for e in state)"
        ),
        st.tuples(numbers, numbers).map(lambda t: f"0 <= {t[0]} < {t[1]}"),
    )


def _indented(block: list[str]) -> str:
    return "\n".join("    " + line for part in block for line in part.splitlines())


def _statements(depth: int) -> st.SearchStrategy[str]:
    """One statement of ``transition``."""
    number, condition = _numbers(1), _conditions(1)
    simple = st.one_of(
        st.tuples(st.sampled_from(_NAMES), number).map(lambda t: f"{t[0]} = {t[1]}"),
        st.tuples(st.sampled_from(_NAMES), st.sampled_from(["+=", "-=", "*="]), number).map(" ".join),
        st.tuples(st.sampled_from(["robot.x", "robot.y", "robot.n"]), number).map(lambda t: f"{t[0]} = {t[1]}"),
        st.tuples(st.sampled_from(_TYPES), number).map(
            lambda t: f"found = [e for e in state if isinstance(e, {t[0]}) and e.x >= {t[1]}]"
        ),
        number.map(lambda t: f"seen.append({t})"),
        st.just("state.discard(robot)"),
        st.just("state.add(robot)"),
        st.tuples(number, number).map(lambda t: f"state.add(Crate({t[0]}, {t[1]}, n=a))"),
        st.just("state = {e for e in state if e not in found}"),
        st.just("state = copy.deepcopy(state); robot = next(e for e in state if e.name == 'Robot')"),
        st.just("found.sort(key=lambda e: (e.y, -e.x))"),
        st.just("a, b = b, a"),
        st.tuples(condition, st.sampled_from(["state", "list(state)", "state | set(found)"])).map(
            lambda t: f"if {t[0]}: return {t[1]}"
        ),
        condition.map(lambda t: f"assert {t}, 'no'"),
    )
    if depth == 0:
        return simple
    block = st.lists(_statements(depth - 1), min_size=1, max_size=2)
    return st.one_of(
        simple,
        st.tuples(condition, block, block).map(lambda t: f"if {t[0]}:\n{_indented(t[1])}\nelse:\n{_indented(t[2])}"),
        st.tuples(st.sampled_from(["found", "range(3)", "sorted(seen)"]), block).map(
            lambda t: f"for c in {t[0]}:\n{_indented(t[1])}"
        ),
        block.map(lambda t: f"for e in found:\n    e.x, e.y = e.y, e.x\n{_indented(t)}"),
        block.map(
            lambda t: (
                f"try:\n{_indented(t)}\nexcept (TypeError, ValueError, IndexError, ZeroDivisionError) as error:\n"
                "    a = len(type(error).__name__)\nelse:\n    b = 1"
            )
        ),
        st.tuples(number, block).map(
            lambda t: f"match {t[0]}:\n    case 0 | 1:\n{_indented([_indented(t[1])])}\n    case _:\n        c = 9"
        ),
        number.map(lambda t: f"def bump(k=0):\n    nonlocal_total.append(k)\n    return k + {t}\nb = bump(a)"),
    )


@st.composite
def programs(draw: st.DrawFn) -> str:
    """The text of a program."""
    body = draw(st.lists(_statements(2), min_size=2, max_size=6))
    condition, reward = draw(_conditions(2)), draw(_numbers(2))
    start = (
        "robot = [e for e in state if e.name == 'Robot'][0]\na = b = c = 1\nfound, seen, nonlocal_total = [], [], []"
    )
    transition = "def transition(state, action):\n" + _indented([start, *body, "return state"])
    scoring = "def reward_func(before, action, state):\n" + _indented([start, f"return {reward}, {condition}"])
    return f"{_PRELUDE}{transition}\n\n{scoring}\n"
