"""Complex numbers become instances of a class written in Python, for the specialiser: two floats side by side.

Before::

    heading = complex(*agent.direction) * 1j

After::

    class complex:
        def __init__(self, real=0.0, imag=None): ...
        def __eq__(self, other): ...
        def __mul__(self, other): ...
        ...
    heading = complex(*agent.direction) * complex(0.0, 1.0)

The arithmetic is CPython's, signs of zeros included. What the class lacks in Python (division, powers, texts to be
looked at) ends in a name that the specialiser refuses.
"""

from __future__ import annotations

import ast

from wc_engine.compile.rewrites.trees import load, template

__all__ = ["run"]

_TEXT = """
def PARTS(value):
    if isinstance(value, complex):
        return value
    if isinstance(value, (int, float)):
        return complex(float(value), 0.0)
    return None

class complex:
    def __init__(self, real=0.0, imag=None):
        first = PARTS(real) if isinstance(real, complex) else None
        second = PARTS(imag) if isinstance(imag, complex) else None
        if isinstance(real, str):
            REFUSED(real)
        if first is None and second is None:
            self.real = float(real)
            self.imag = 0.0 if imag is None else float(imag)
        elif second is None:
            self.real = first.real
            self.imag = first.imag if imag is None else float(imag) + first.imag
        elif first is None:
            self.real = float(real) - second.imag
            self.imag = second.real
        else:
            self.real = first.real - second.imag
            self.imag = second.real + first.imag
    def __eq__(self, other):
        other = PARTS(other)
        if other is None:
            return NotImplemented
        return self.real == other.real and self.imag == other.imag
    def __hash__(self):
        return hash((self.real, self.imag))
    def __bool__(self):
        return self.real != 0.0 or self.imag != 0.0
    def __repr__(self):
        return OPAQUE(self)
    def __neg__(self):
        return complex(-self.real, -self.imag)
    def __pos__(self):
        return self
    def __abs__(self):
        return REFUSED(self)
    def __add__(self, other):
        other = PARTS(other)
        if other is None:
            return NotImplemented
        return complex(self.real + other.real, self.imag + other.imag)
    def __radd__(self, other):
        other = PARTS(other)
        if other is None:
            return NotImplemented
        return complex(other.real + self.real, other.imag + self.imag)
    def __sub__(self, other):
        other = PARTS(other)
        if other is None:
            return NotImplemented
        return complex(self.real - other.real, self.imag - other.imag)
    def __rsub__(self, other):
        other = PARTS(other)
        if other is None:
            return NotImplemented
        return complex(other.real - self.real, other.imag - self.imag)
    def __mul__(self, other):
        other = PARTS(other)
        if other is None:
            return NotImplemented
        return complex(self.real * other.real - self.imag * other.imag, self.real * other.imag + self.imag * other.real)
    def __rmul__(self, other):
        other = PARTS(other)
        if other is None:
            return NotImplemented
        return complex(other.real * self.real - other.imag * self.imag, other.real * self.imag + other.imag * self.real)
    def __truediv__(self, other):
        return REFUSED(self, other)
    def __rtruediv__(self, other):
        return REFUSED(self, other)
    def __pow__(self, other):
        return REFUSED(self, other)
    def __rpow__(self, other):
        return REFUSED(self, other)
    def conjugate(self):
        return complex(self.real, -self.imag)
"""
_NAMES = frozenset(["complex", "float", "int", "str", "isinstance", "hash", "NotImplemented"])


def run(tree: ast.Module) -> ast.Module:
    """Rewrite the complex numbers of a module that has some, and gives the names that this takes no other meaning."""
    uses = any(
        (isinstance(node, ast.Constant) and isinstance(node.value, complex))
        or (isinstance(node, ast.Name) and node.id == "complex")
        for node in ast.walk(tree)
    )
    if not uses or not tree.body or _NAMES & _bound_names(tree):
        return tree
    _Rewriter().visit(tree)
    first = next((node for node in tree.body if not _stays_first(node)), tree.body[-1])
    place = tree.body.index(first)
    fillings: dict[str, ast.expr | str] = {
        "PARTS": ".complex_parts",
        "REFUSED": ".this operation on complex numbers",
        "OPAQUE": ".repr",
    }
    added = template(_TEXT, first, fillings)
    function = added[0]
    assert isinstance(function, ast.FunctionDef)
    function.name = ".complex_parts"
    tree.body[place:place] = added
    return tree


def _stays_first(node: ast.stmt) -> bool:
    """Whether nothing may stand before a statement: a docstring, an import from the future."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _bound_names(tree: ast.Module) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
    return names | (_NAMES if "*" in names else set())


class _Rewriter(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, complex):
            return node
        parts = [ast.copy_location(ast.Constant(part), node) for part in (node.value.real, node.value.imag)]
        return ast.copy_location(ast.Call(load("complex", node), list(parts), []), node)
