"""Operators as functions, and functions that look something up."""


def _dotted(value, path):
    for name in path:
        value = getattr(value, name)
    return value


def attrgetter(first, /, *others):
    if others:
        paths = [name.split(".") for name in (first, *others)]
        return lambda value: tuple([_dotted(value, path) for path in paths])
    if "." in first:
        return lambda value: _dotted(value, first.split("."))
    return lambda value: getattr(value, first)


def itemgetter(first, /, *others):
    if others:
        return lambda value: tuple([value[key] for key in (first, *others)])
    return lambda value: value[first]


def methodcaller(name, /, *arguments, **keywords):
    return lambda value: getattr(value, name)(*arguments, **keywords)


def add(a, b, /):
    return a + b


def sub(a, b, /):
    return a - b


def mul(a, b, /):
    return a * b


def truediv(a, b, /):
    return a / b


def floordiv(a, b, /):
    return a // b


def mod(a, b, /):
    return a % b


def pow(a, b, /):
    return a**b


def neg(a, /):
    return -a


def pos(a, /):
    return +a


def eq(a, b, /):
    return a == b


def ne(a, b, /):
    return a != b


def lt(a, b, /):
    return a < b


def le(a, b, /):
    return a <= b


def gt(a, b, /):
    return a > b


def ge(a, b, /):
    return a >= b


def is_(a, b, /):
    return a is b


def is_not(a, b, /):
    return a is not b


def and_(a, b, /):
    return a & b


def or_(a, b, /):
    return a | b


def xor(a, b, /):
    return a ^ b


def not_(a, /):
    return not a


def truth(a, /):
    return True if a else False


def contains(a, b, /):
    return b in a


def getitem(a, b, /):
    return a[b]


def setitem(a, b, c, /):
    a[b] = c
