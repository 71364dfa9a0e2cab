"""Functions of functools that make functions."""

from _staged import memoised, refused, renamed


def wraps(wrapped, *others, **options):
    if others or options:
        refused("functools.wraps with these arguments")
    return lambda function: renamed(function, wrapped)


def update_wrapper(wrapper, wrapped, *others, **options):
    if others or options:
        refused("functools.update_wrapper with these arguments")
    return renamed(wrapper, wrapped)


def lru_cache(maxsize=128, typed=False):
    return memoised(maxsize) if callable(maxsize) else memoised


def cache(user_function, /):
    return memoised(user_function)
