"""What imported names mean: the library written in Python, linked with the program, and what the runtime has in C."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wc_engine.compile.boxed.library_source import top_level_names
from wc_engine.compile.boxed.linking import SUPPORT, dotted, link
from wc_engine.compile.boxed.native_methods import library_symbol, native_symbol
from wc_engine.compile.boxed.scopes import FunctionNode, GlobalName, Scope, Variable, analyse, known_function
from wc_engine.models.program import PURE_MODULES

if TYPE_CHECKING:
    from wc_engine.compile.boxed.frame import Frame
    from wc_engine.compile.boxed.tables import Tables

__all__ = ["Module", "ModuleLinks"]

_TYPES = {
    "collections.deque": "deque",
    "collections.defaultdict": "defaultdict",
    "re.Pattern": "Pattern",
    "re.Match": "Match",
    "re.error": "error",
    "dataclasses.FrozenInstanceError": "FrozenInstanceError",
}
_CONSTANTS = {"NotImplemented": "34", "Ellipsis": "26", "__debug__": "18"}


@dataclass
class Module:
    """A module that is linked: the program's own, or what is used of one of the library.

    Attributes:
        name: empty for the program's own.
        tree: its statements.
        scope: its scope.
    """

    name: str
    tree: ast.Module
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        self.scope = analyse(self.tree)


class ModuleLinks:
    """The modules of a program and what their names mean.

    Args:
        tables: the program's tables.
        program: the program's own module, rewritten by the passes.
    """

    def __init__(self, tables: Tables, program: ast.Module) -> None:
        self._tables = tables
        self.modules: dict[str, Module] = {}
        for name, tree in link(program).items():
            self.modules[name] = Module(name, tree)
        self.modules[""] = Module("", program)

    # What names mean

    def binds(self, module: str, name: str) -> bool:
        """Whether a module binds a global of that name."""
        return name in self.modules[module].scope.bindings

    def is_plain_global(self, module: str, name: str) -> bool:
        """Whether a name is a global that a module keeps a value for: it stands for no module."""
        nodes = self.modules[module].scope.bindings.get(name, [])
        return bool(nodes) and not any(isinstance(node, ast.Import) for node in nodes)

    def function(self, module: str, name: str) -> FunctionNode | None:
        """The function that a global always is once the module has run, if there is such a one."""
        nodes = self.modules[module].scope.bindings.get(name, [])
        return known_function(nodes[0]) if len(nodes) == 1 else None

    def is_builtin(self, frame: Frame, name: str) -> bool:
        """Whether a name means Python's builtin here."""
        found = frame.scope.resolve(name)
        in_class = frame.scope.is_class and name in frame.scope.bindings
        return isinstance(found, GlobalName) and not in_class and not self.binds(frame.module, name)

    def builtin_value(self, frame: Frame, name: str, node: ast.expr | None = None) -> str:
        """The value of a name that the module does not bind."""
        runtime = self._tables.runtime
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name == "__name__":
            return frame.constant("__world_model__")
        if name.startswith(".") and name[1:] in top_level_names(SUPPORT):
            return self._library_value(frame, SUPPORT, name[1:])
        if name in runtime.types and (frame.module or hasattr(builtins, name)):
            return self._type_value(frame, name)
        if name in runtime.builtins and "." not in name:
            return self._builtin_object(frame, name)
        if name in _REFUSED:
            self._tables.unsupported(node or _first_use(self.modules[frame.module].tree, name), _REFUSED[name])
        frame.text.value(f"call i64 @wcb_raise_name(ptr %ctx, i32 {self._tables.name(name)})")
        frame.text.jump(frame.text.handler)
        return "0"

    def _type_value(self, frame: Frame, name: str) -> str:
        runtime = self._tables.runtime
        offset = runtime.types[name] * runtime.type_bytes
        return frame.text.value(f"ptrtoint ptr getelementptr (i8, ptr @wcb_types, i64 {offset}) to i64", name)

    def _builtin_object(self, frame: Frame, name: str) -> str:
        runtime = self._tables.runtime
        offset = runtime.builtins[name] * runtime.builtin_bytes
        return frame.text.value(f"ptrtoint ptr getelementptr (i8, ptr @wcb_builtin_objects, i64 {offset}) to i64", name)

    def _library_value(self, frame: Frame, module: str, name: str) -> str:
        pointer = frame.text.value(f"load ptr, ptr {frame.text.field('%ctx', 16)}")
        return frame.text.load(frame.text.field(pointer, 8 * self._tables.global_index(module, name)), name)

    def check_module(self, frame: Frame, name: str, node: ast.AST) -> None:
        """Refuse a module that programs cannot have natively."""
        if not frame.module and name.partition(".")[0] not in PURE_MODULES:
            self._tables.unsupported(node, f"the module {name} runs interpreted only")

    def member_value(self, frame: Frame, module: str, name: str, node: ast.AST) -> str:
        """The value of ``module.name``."""
        self.check_module(frame, module, node)
        runtime = self._tables.runtime
        full = f"{module}.{name}"
        if full in _TYPES:
            return self._type_value(frame, _TYPES[full])
        if name in top_level_names(module):
            value = self._library_value(frame, module, name)
            frame.text.check(value)
            return value
        if full in runtime.builtins:
            return self._builtin_object(frame, full)
        self._tables.unsupported(node, f"{full} is not translated")

    def module_member(self, frame: Frame, node: ast.Attribute) -> str | None:
        """The value of an attribute of an imported module, or None where it is another attribute."""
        module = self._module_of(frame, node)
        return None if module is None else self.member_value(frame, module, node.attr, node)

    def module_builtin(self, frame: Frame, node: ast.Attribute) -> int | None:
        """The number of a builtin function of an imported module, or None."""
        module = self._module_of(frame, node)
        full = f"{module}.{node.attr}"
        if module is None or full in _TYPES or node.attr in top_level_names(module):
            return None
        return self._tables.runtime.builtins.get(full)

    def _module_of(self, frame: Frame, node: ast.Attribute) -> str | None:
        path = dotted(node)
        if path is None:
            return None
        nodes = self._imports(frame, path[0])
        if not nodes:
            return None
        names = set()
        for item in nodes:
            if not isinstance(item, ast.Import):
                return None
            for alias in item.names:
                if (alias.asname or alias.name.partition(".")[0]) == path[0]:
                    names.add(alias.name if alias.asname else path[0])
        if len(names) != 1:
            self._tables.unsupported(node, f"{path[0]} stands for several modules")
        module = ".".join([names.pop(), *path[1:-1]])
        return module if len(path) == 2 or self._is_module(module) else None

    def _is_module(self, name: str) -> bool:
        """Whether a dotted name is a module, and not something in one, as ``itertools.chain`` is."""
        known = (*self._tables.runtime.builtins, *_TYPES)
        return bool(top_level_names(name)) or any(full.startswith(f"{name}.") for full in known)

    def _imports(self, frame: Frame, name: str) -> list[ast.AST]:
        """Everything that binds a name, where that includes an import."""
        found = frame.scope.resolve(name)
        if isinstance(found, Variable):
            scope: Scope | None = frame.scope
            while scope is not None and scope.variables.get(name) is not found:
                scope = scope.parent
            nodes = scope.bindings[name] if scope is not None else []
        else:
            nodes = self.modules[frame.module].scope.bindings.get(name, [])
        return nodes if any(isinstance(node, ast.Import) for node in nodes) else []

    def check_value(self, frame: Frame, node: ast.Name) -> None:
        """Refuse a module that is used as a value: its name stands only before a dot."""
        if self._imports(frame, node.id):
            self._tables.unsupported(node, f"the module {node.id} is translated only where an attribute of it is used")

    def check_store(self, frame: Frame, name: str) -> None:
        """Refuse to rebind a name that stands for a module."""
        for node in self.modules[frame.module].scope.bindings.get(name, []):
            if isinstance(node, ast.Import):
                self._tables.unsupported(node, f"{name} stands for a module and for something else")

    def native_method(self, frame: Frame, node: FunctionNode) -> str | None:
        """The C function that does what a method does, if there is one."""
        owner = frame.scope.node
        if isinstance(node, ast.FunctionDef) and isinstance(owner, ast.ClassDef):
            return library_symbol(frame.module, owner.name, node) if frame.module else native_symbol(node)
        return None


_REFUSED = {
    name: f"{name}() runs interpreted only"
    for name in [
        "eval",
        "exec",
        "compile",
        "open",
        "input",
        "globals",
        "locals",
        "__import__",
        "breakpoint",
        "memoryview",
        "bytes",
        "bytearray",
        "help",
    ]
}


def _first_use(tree: ast.Module, name: str) -> ast.AST:
    return next(node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name)
