"""Random calls of string methods, formatting, parsing and regular expressions: data for one program that makes them."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from typing import Any

CALLS = """
import re

def outcome(function, *args):
    try:
        return repr(function(*args))
    except Exception as error:
        return type(error).__name__

def method(text, name, args):
    return getattr(text, name)(*args)

def slice_of(text, start, stop, step):
    return text[start:stop:step]

def percent(text, values):
    return text % values

def braces(text, values, named):
    return text.format(*values, **named)

def match_text(m):
    if m is None:
        return None
    return m.group(), m.groups(), m.groupdict(), m.span(), m.lastindex, m.lastgroup, m.regs, m.string, repr(m)

def regex(pattern, flags, text, template, count):
    p = re.compile(pattern, flags)
    yield p.flags, p.groups, dict(p.groupindex)
    for find in (p.match, p.search, p.fullmatch):
        yield match_text(find(text))
    yield match_text(p.search(text, 1)), match_text(p.match(text, 1, 3))
    yield p.findall(text), [match_text(m) for m in p.finditer(text)], p.split(text, count)
    yield p.subn(lambda m: "<" + m[0] + ">", text), p.sub(template, text, count)

def listed(function, *args):
    out = []
    try:
        for item in function(*args):
            out.append(repr(item))
    except Exception as error:
        out.append("re.error" if isinstance(error, re.error) else type(error).__name__)
    return out

FUNCTIONS = {"method": method, "slice": slice_of, "format": format, "percent": percent, "braces": braces}
FUNCTIONS.update({"int": int, "float": float, "repr": repr, "ascii": ascii})

def case(calls):
    return [listed(regex, *args) if kind == "regex" else outcome(FUNCTIONS[kind], *args) for kind, args in calls]
"""

Call = tuple[str, tuple[Any, ...]]


def _words(text: str) -> list[str]:
    return text.split()


_PIECES = ["", "zz", *"abABx1_ \t\nßÉ→🙂²½ª\\'\"\x1f\xa0"]
_PLAIN = _words(
    "upper lower casefold title capitalize swapcase isalnum isalpha isascii isdecimal isdigit isidentifier islower"
    " isnumeric isprintable isspace istitle isupper strip lstrip rstrip split rsplit splitlines expandtabs"
)
_BOUNDS = [None, 0, 1, 2, -1, -2, 5, -50, 50]


def string_calls(rng: random.Random, count: int) -> Iterator[Call]:
    """Return calls of methods of str, slices and representations."""
    for _ in range(count):
        text, part = _text(rng, 12), rng.choice(_PIECES)
        name = rng.choice(_PLAIN)
        yield "method", (text, name, ())
        yield rng.choice(["repr", "ascii"]), (text,)
        name = rng.choice(["find", "rfind", "index", "rindex", "count", "startswith", "endswith"])
        yield "method", (text, name, (part, rng.choice(_BOUNDS), rng.choice(_BOUNDS))[: rng.randrange(1, 4)])
        yield "method", (text, rng.choice(["startswith", "endswith"]), ((part, rng.choice(_PIECES)),))
        yield (
            "method",
            (
                text,
                rng.choice(["removeprefix", "removesuffix", "strip", "lstrip", "rstrip", "partition", "rpartition"]),
                (part,),
            ),
        )
        yield (
            "method",
            (text, rng.choice(["split", "rsplit"]), (rng.choice([None, part]), rng.choice([-1, 0, 1, 2, 3]))),
        )
        yield "method", (text, "splitlines", (True,))
        yield "method", (text, "replace", (part, _text(rng, 3), rng.choice([-1, 0, 1, 2]))[: rng.choice([2, 3])])
        yield (
            "method",
            (text, rng.choice(["center", "ljust", "rjust"]), (rng.randrange(20), part)[: rng.randrange(1, 3)]),
        )
        yield "method", (rng.choice(["", "-", "+"]) + text, "zfill", (rng.randrange(20),))
        yield "method", (text, "expandtabs", (rng.choice([0, 1, 3, 8]),))
        yield "method", (part, "join", ([_text(rng, 4) for _ in range(rng.randrange(4))],))
        yield "method", (text, "translate", ({ord("a"): "x", ord("b"): None, 32: 65, 0x2192: "->"},))
        yield "slice", (text, rng.choice(_BOUNDS), rng.choice(_BOUNDS), rng.choice([None, 1, 2, -1, -2, 0]))


def format_calls(rng: random.Random, count: int) -> Iterator[Call]:
    """Return calls of format, % and str.format, and texts of numbers."""
    for _ in range(count):
        yield "repr", (_real(rng),)
        yield "format", (_value(rng), _spec(rng))
        values = tuple(
            value for value in (_value(rng), _value(rng), _value(rng))[: rng.randrange(4)] if not _is_large(value)
        )
        given = rng.choice([values, values, values[0] if values else 1, {"a": 1.5, "b": "x", "": 3}])
        yield "percent", ("".join(_percent(rng) for _ in range(rng.randrange(3))), given)
        named = rng.choice([{}, {"a": 3}, {"a": {"b": 4}, "b": 2}])
        yield "braces", ("".join(_braces(rng) for _ in range(rng.randrange(4))), [*values], named)


def parse_calls(rng: random.Random, count: int) -> Iterator[Call]:
    """Return calls of int and float with texts that are numbers, or nearly."""
    signs, spaces = ["", "+", "-", "--"], ["", " ", "\t"]
    bodies = _words(
        "0x1F 0b101 0o17 12 1_000 007 0 00 0_0 1__0 _1 1_ inf nan Infinity iNf infin 1e5 1.5 .5 5. . 1e e5 1e+5 1E-5"
        " 1e400 1e-400 0.1e1_0 1_0.0_1 1._0 123456789.123456789 2.2250738585072014e-308 4.9e-324 1e+1000000000000 0x é"
        " → ² ff zz"
    )
    for _ in range(count):
        near = "".join(rng.choice("1209_ +-.exbafEo") for _ in range(rng.randrange(8)))
        made = rng.choice(spaces) + rng.choice(signs) + rng.choice(bodies) + rng.choice(["", " ", "\n", "x"])
        text = rng.choice([near, made, repr(_real(rng))])
        yield "int", (text, rng.choice([10, 10, 0, 2, 8, 16, 36, 3, 1, 37, -1]))
        yield "float", (text,)


def regex_calls(rng: random.Random, count: int) -> Iterator[Call]:
    """Return patterns, with texts to search and templates."""
    templates = [
        "",
        "x",
        r"<\g<0>>",
        r"\1",
        r"\2",
        r"\g<1>",
        r"\g<n>",
        r"\n",
        "\\\\",
        "\\",
        r"\q",
        r"\.",
        r"\0",
        r"\101",
        r"\g<",
        r"\g<>",
        r"\12",
    ]
    for _ in range(count):
        pattern = (
            _pattern(rng, 4)
            if rng.random() < 0.9
            else "".join(rng.choice("ab()[]{}*+?|^$\\.,1-<>=!:P#i") for _ in range(6))
        )
        if rng.random() < 0.05:
            pattern = rng.choice(["(?i)", "(?x)", "(?s)", "(?m)", "(?a)"]) + pattern
        text = "".join(rng.choice("aaabbbc1A .\n→Éé_-") for _ in range(rng.randrange(9)))
        yield (
            "regex",
            (
                pattern,
                rng.choice([0, 0, 0, 2, 8, 16, 64, 256, 258]),
                text,
                rng.choice(templates),
                rng.choice([0, 0, 1, 2, -1]),
            ),
        )


def _text(rng: random.Random, most: int) -> str:
    return "".join(rng.choice(_PIECES) for _ in range(rng.randrange(most)))


def _real(rng: random.Random) -> float:
    odd = [
        0.0,
        -0.0,
        float("inf"),
        float("-inf"),
        float("nan"),
        1e16,
        1e15,
        9999999999999998.0,
        1e-4,
        1e-5,
        5e-324,
        1e22,
        1e23,
        2.5,
        99.95,
    ]
    match rng.randrange(7):
        case 0:
            return float(struct.unpack("d", struct.pack("Q", rng.getrandbits(64)))[0])
        case 1:
            return float(2.0 ** rng.randrange(-1074, 1024))
        case 2:
            return rng.choice(odd)
        case 3:
            return 5e-324 * rng.randrange(1, 1000)
        case 4:
            return float(rng.random() * 10.0 ** rng.randrange(-20, 20))
        case _:
            return rng.randrange(-(10**6), 10**6) / 10 ** rng.randrange(8)


def _value(rng: random.Random) -> Any:
    small = [0, 1, -1, 255, -255, 1234567, 2**40, 65, 99, True, False]
    return rng.choice(
        [
            rng.choice(small),
            _real(rng),
            rng.choice(["", "a", "hello", "é→"]),
            None,
            [1],
            (1,),
            complex(_real(rng), _real(rng)),
        ]
    )


def _is_large(value: Any) -> bool:
    """Whether the native code has no int for it, or where it is a width, no memory."""
    return isinstance(value, (int, float)) and abs(value) > 10**7


def _spec(rng: random.Random) -> str:
    parts = [
        (0.4, rng.choice(["", "", "x", "0", "→"]) + rng.choice("<>=^")),
        (0.3, rng.choice("+- ")),
        (0.05, "z"),
        (0.2, "#"),
        (0.25, "0"),
        (0.6, str(rng.randrange(1, 25))),
        (0.25, rng.choice(",_")),
        (0.4, f".{rng.randrange(12)}"),
        (0.75, rng.choice("bcdeEfFgGnosxX%dddffs")),
        (0.02, rng.choice(["q", "xx", ".", ",,", ",_", "→"])),
    ]
    return "".join(text for share, text in parts if rng.random() < share)


def _percent(rng: random.Random) -> str:
    key = f"({rng.choice(['a', 'b', 'zz', ''])})" if rng.random() < 0.1 else ""
    flags = "".join(rng.choice("-+ #0") for _ in range(rng.randrange(3)))
    width = rng.choice(["", "", "*", str(rng.randrange(15))])
    precision = rng.choice(["", "", ".", ".*", f".{rng.randrange(9)}"])
    return (
        rng.choice(["", "x", "→"])
        + "%"
        + key
        + flags
        + (width + precision if rng.random() < 0.9 else "")
        + rng.choice("diouxXeEfFgGcrsa%dfsdfsy")
    )


def _braces(rng: random.Random) -> str:
    if rng.random() < 0.2:
        return rng.choice(["{{", "}}", "{", "}", "{{}}", "}{", "x", "→", "{{0}}"])
    names = [
        "",
        "",
        "",
        "0",
        "1",
        "2",
        "7",
        "a",
        "b",
        "zz",
        "0[0]",
        "1[a]",
        "a[b]",
        "[0]",
        "0.real",
        "0.",
        "0[",
        "0[]",
        "0[1]x",
        "{",
        "-1",
        "00",
        "a]b",
    ]
    conversion = "!" + rng.choice(["r", "s", "a", "x", "", "rr"]) if rng.random() < 0.2 else ""
    specs = ["", "5", ">{}", "{1}", ">{1}", "{{", "{a}", ".{b}f", "d", "{", "}", "{1:{2}}"]
    spec = ":" + rng.choice(specs) if rng.random() < 0.4 else ""
    return "{" + rng.choice(names) + conversion + spec + ("}" if rng.random() < 0.97 else "")


_ATOMS = _words(
    r"a b c . \d \w \s \D \W \S [ab] [^a] [a-c1] ^ $ \b \B \A \Z 1 \n [\w.] []a] [^]] [a\-] \. \x61 A É → [À-ÿ] [^\s]"
    r" \1 \2 (?P=n) (?#x) [\d-]"
)
_OPENINGS = ["(", "(", "(", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?P<n>", "(?P<m>", "(?>", "(?i:", "(?s-i:"]
_REPEATS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{1,}", "{0,1}?", "{2,3}?", "*+", "?+"]


def _pattern(rng: random.Random, depth: int) -> str:
    kind = rng.random() if depth else 0.0
    if kind < 0.35:
        return rng.choice(_ATOMS)
    if kind < 0.6:
        return "".join(_pattern(rng, depth - 1) for _ in range(rng.randrange(1, 4)))
    if kind < 0.68:
        return _pattern(rng, depth - 1) + "|" + _pattern(rng, depth - 1)
    inside = rng.choice(_OPENINGS) + _pattern(rng, depth - 1) + ")"
    if kind < 0.8:
        return inside
    if kind < 0.97:
        return (inside if rng.random() < 0.6 else rng.choice(_ATOMS)) + rng.choice(_REPEATS)
    return f"(?(1){_pattern(rng, depth - 1)}|{_pattern(rng, depth - 1)})"
