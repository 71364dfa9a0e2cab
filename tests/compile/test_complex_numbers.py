"""Complex numbers, which the specialiser takes for pairs of floats: exact, signs of zeros included, or refused."""

from __future__ import annotations

import textwrap

import pytest
from test_exactness import agrees
from worlds import program_text

TURNS = "TURNS = {'move up': -1j, 'move down': 1j}\n"

NATIVE = {
    "a dict of positions": """
        at = {complex(e.x, e.y): e.name for e in state if e.name != 'Player'}
        box = [e for e in state if e.name == 'Box'][0]
        here = complex(box.x, box.y) + (1 if action == 'move up' else 1j)
        return here.real * 10 + here.imag + (100 if here in at else 0)
    """,
    "turns": """
        heading = complex(0, 1) * TURNS.get(action, 1)
        for _ in range(3):
            heading *= 1j
        box = [e for e in state if e.name == 'Box'][0]
        place = complex(box.x, box.y) - heading
        return int(place.real) * 10 + int(place.imag)
    """,
    "a value that differs between paths": """
        z = complex(1, 2)
        if action == 'move up':
            z = z + complex(len(state), 0)
        if z == 1 + 2j:
            return 7
        return z.real + 100 * z.imag
    """,
    "signs of zeros": """
        z = (1 + 0j) * -1j
        w = -(0j)
        return str((z.real, z.imag, w.real, (0j - 0j).imag, (w + 0).real, (w + w).imag)).count('-')
    """,
    "comparison with what is no complex number": """
        z = complex(len(state))
        return (z == len(state)) + 2 * (z == 1.5) + 4 * (z != 'a') + 8 * (None == z) + 16 * bool(z) + 32 * (not 0j)
    """,
    "parts of complex parts": """
        z = complex(complex(1, 2), complex(3, len(state)))
        return z.real * 100 + z.imag + z.conjugate().imag * 1000 + isinstance(z, complex)
    """,
}

OTHER = {
    "a quotient": "return (complex(len(state), 1) / 2j).real",
    "an absolute value": "return abs(complex(len(state), 1))",
    "a power": "return (complex(len(state), 1) ** 2).imag",
    "an order": "return 1 if complex(len(state), 1) < 2j else 0",
    "a text": "return len(str(complex(len(state), 1)))",
    "a number in a text": "return complex('1+2j').imag",
    "a name of the program's own": """
        def complex(a, b): return a * b
        return complex(len(state), 2)
    """,
}


def _program(body: str) -> str:
    function = "def value_of(state, action):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    return program_text(reward="return value_of(state, action), False", before=TURNS + function)


@pytest.mark.parametrize("body", NATIVE.values(), ids=NATIVE)
def test_complex_numbers_are_native_and_exact(body: str) -> None:
    assert agrees(_program(body))


@pytest.mark.parametrize("body", OTHER.values(), ids=OTHER)
def test_what_complex_numbers_lack_is_refused_or_exact(body: str) -> None:
    agrees(_program(body))
