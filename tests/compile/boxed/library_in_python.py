"""The modules of ``wc_engine/compile/boxed/library`` run by CPython, to be compared with its own.

The hooks that stand in for metaclasses (see the library's docstring) are emulated with one metaclass.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
from abc import ABCMeta
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import wc_engine.compile.boxed.library as library

FOLDER = Path(library.__file__).parent


class HookedType(ABCMeta):
    """Calls the functions that a class has in place of a metaclass."""

    def __new__(metacls, name: str, bases: tuple[type, ...], members: dict[str, Any], **keywords: Any) -> HookedType:
        body = dict(members)
        cls = super().__new__(metacls, name, bases, members, **keywords)
        if not any(base.__name__ == "ABC" for base in cls.__mro__):
            cls.__abstractmethods__ = frozenset()  # abstract methods mean nothing then
        for base in cls.__mro__[1:]:
            if "__wc_created__" in base.__dict__:
                base.__dict__["__wc_created__"](cls, body)
                break
        return cls

    def _hook(cls, name: str) -> Any:
        return next((base.__dict__[name] for base in cls.__mro__ if name in base.__dict__), None)

    def _ask(cls, name: str, what: str, *arguments: Any) -> Any:
        hook = cls._hook(name)
        if hook is None:
            raise TypeError(f"'type' object is not {what}")
        return hook(cls, *arguments)

    def __iter__(cls) -> Any:
        return cls._ask("__wc_class_iter__", "iterable")

    def __len__(cls) -> Any:
        return cls._ask("__wc_class_len__", "sized")

    def __bool__(cls) -> bool:
        return True

    def __contains__(cls, item: object) -> Any:
        return cls._ask("__wc_class_contains__", "a container", item)

    def __getitem__(cls, key: object) -> Any:
        if "__class_getitem__" in dir(cls) and cls._hook("__wc_class_getitem__") is None:
            return cls.__class_getitem__(key)
        return cls._ask("__wc_class_getitem__", "subscriptable", key)

    def __call__(cls, *args: Any, **keywords: Any) -> Any:
        hook = cls._hook("__wc_class_call__")
        return super().__call__(*args, **keywords) if hook is None else hook(cls, *args, **keywords)

    def __instancecheck__(cls, instance: object) -> bool:
        hook = cls.__dict__.get("__wc_instancecheck__")
        return super().__instancecheck__(instance) or bool(hook and hook(cls, instance))

    def __subclasscheck__(cls, subclass: type) -> bool:
        hook = cls.__dict__.get("__wc_subclasscheck__")
        return super().__subclasscheck__(subclass) or bool(hook and hook(cls, subclass))


def _build_class(body: Any, name: str, *bases: Any, **keywords: Any) -> Any:
    if all(isinstance(base, HookedType) or type(base) is type for base in bases) and "metaclass" not in keywords:
        keywords["metaclass"] = HookedType
    return builtins.__build_class__(body, name, *bases, **keywords)


def _attributes() -> ModuleType:
    """What the runtime has in C for writes by way of ``__dict__``."""
    module = ModuleType("_attributes")
    module.__dict__["store"] = lambda obj, name, value: obj.__dict__.__setitem__(name, value)
    module.__dict__["delete"] = lambda obj, name: obj.__dict__.__delitem__(name)
    return module


class _Loader:
    """Loads library modules, each once, and gives them to each other's imports and to a program's."""

    def __init__(self, prepare: Any = None) -> None:
        self.modules: dict[str, ModuleType] = {}
        self.prepare = prepare
        self.builtins = {**vars(builtins), "__import__": self.import_, "__build_class__": _build_class}
        self.builtins["type"] = type("type", (_TypeOf,), {})

    def import_(self, name: str, outer: Any = None, inner: Any = None, names: Any = (), level: int = 0) -> ModuleType:
        if name == "_attributes":
            return _attributes()
        if not (FOLDER / f"{name}.py").exists():
            return builtins.__import__(name, outer, inner, names, level)
        module = self.load(name)
        if "." in name and not names:
            parent = self.load(name.partition(".")[0])
            setattr(parent, name.rpartition(".")[2], module)
            return parent
        return module

    def load(self, name: str) -> ModuleType:
        if name != "collections":
            self.load("collections")  # as Python loads a package first
        if name in self.modules:
            return self.modules[name]
        module = self.modules[name] = ModuleType(name)
        # What is written in C comes from the real module.
        names = {"collections": ["deque", "defaultdict"]}.get(name)
        if names is not None or name in ("math", "re"):
            real = importlib.import_module(name)
            module.__dict__.update({key: getattr(real, key) for key in names or dir(real)})
        self.run((FOLDER / f"{name}.py").read_text(), name, module.__dict__)
        return module

    def run(self, source: str, name: str, namespace: dict[str, Any]) -> dict[str, Any]:
        """Execute a source text with the library's modules in place of Python's."""
        namespace["__builtins__"] = self.builtins
        namespace.setdefault("__name__", name)
        code, needs_support = _compiled(source, name, self.prepare)
        if needs_support:
            support = vars(self.load("_support"))
            namespace.update({f".{key}": value for key, value in support.items()})
        exec(code, namespace)
        return namespace


@cache
def _compiled(source: str, name: str, prepare: Any) -> tuple[CodeType, bool]:
    """Return a text's code, and whether it calls what rewrites bring in."""
    tree = ast.parse(source) if prepare is None else prepare(ast.parse(source))
    needs_support = any(isinstance(node, ast.Name) and node.id.startswith(".") for node in ast.walk(tree))
    return compile(tree, f"<{name}>", "exec", dont_inherit=True), needs_support


class _TypeOfMeta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, type)

    def __subclasscheck__(cls, subclass: Any) -> bool:
        return issubclass(subclass, type)

    def __eq__(cls, other: object) -> bool:
        return other is type or other is cls

    def __hash__(cls) -> int:
        return hash(type)


class _TypeOf(metaclass=_TypeOfMeta):
    """``type``: its call with three arguments makes a class whose hooks are called."""

    def __new__(cls, *arguments: Any) -> Any:
        return type(arguments[0]) if len(arguments) == 1 else HookedType(*arguments)


def load(name: str) -> ModuleType:
    """Return a library module as CPython runs it."""
    return _Loader().load(name)


def run(source: str, prepare: Any = None) -> dict[str, Any]:
    """Run a program with the library's modules in place of Python's, and return its globals."""
    return _Loader(prepare).run(source, "program", {})


def run_with_python(source: str) -> dict[str, Any]:
    """Run a program with Python's own modules, and return its globals."""
    namespace: dict[str, Any] = {"__name__": "program"}
    sys.modules.setdefault("program", ModuleType("program"))
    exec(compile(source, "<program>", "exec", dont_inherit=True), namespace)
    return namespace
