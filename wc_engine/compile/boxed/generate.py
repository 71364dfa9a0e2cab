"""From a program to its image: rewriting, linking, lowering to LLVM's language, and native code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from wc_engine.compile.boxed import lowering as _lowering
from wc_engine.compile.boxed.frame import Frame
from wc_engine.compile.boxed.helpers import helper_text
from wc_engine.compile.boxed.image import FunctionInfo, ProgramImage
from wc_engine.compile.boxed.layout import NONE
from wc_engine.compile.boxed.lowering.functions import begin_call, end_call, finish
from wc_engine.compile.boxed.modules import ModuleLinks
from wc_engine.compile.boxed.native_methods import native_symbol
from wc_engine.compile.boxed.runtime import runtime_tables
from wc_engine.compile.boxed.tables import MAX_SLOTS, Tables
from wc_engine.compile.boxed.text import FunctionText
from wc_engine.compile.native import assemble
from wc_engine.compile.rewrites import Refused, prepare
from wc_engine.models.program import REWARD_FUNCS, Program

__all__ = ["MODULE_SYMBOL", "generate_image"]

MODULE_SYMBOL = "wcp.module"

_METADATA = """
!0 = !{!"branch_weights", i32 1, i32 1000}
!1 = !{}
"""
_CALL = re.compile(r"call (i64|i32) @(wcb_\w+)\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
assert _lowering  # its modules fill the tables of ``frame``


def generate_image(program: Program, attribute_names: Iterable[str], mission: str | None) -> ProgramImage:
    """Compile a program.

    Args:
        program: the program.
        attribute_names: the attributes of the entities that it will be given.
        mission: whose reward function will be asked, where there are several.

    Raises:
        UnsupportedConstructError: something is not translated; names the place.
    """
    tables = Tables(runtime_tables(), [], program.file, program.text)
    try:
        tree = prepare(program.tree)
    except Refused as refused:
        tables.unsupported(refused.node, refused.message)
    links = ModuleLinks(tables, tree)
    _choose_slots(tables, links, attribute_names)
    for name in ("transition", "reward_func", REWARD_FUNCS, "Entity"):
        if links.binds("", name):
            tables.global_index("", name)
    listing = _listing(tables, links)
    return ProgramImage(
        code=assemble(listing, speed_level=2),
        module_symbol=MODULE_SYMBOL,
        constants=tuple(tables.constant_values),
        names=tuple(tables.names),
        slot_names=tuple(tables.slot_names),
        global_names=tuple(name if not module else None for module, name in tables.globals),
        infos=tuple(FunctionInfo(**info) for info in tables.infos),
        mission=mission,
        listing=listing,
    )


def _choose_slots(tables: Tables, links: ModuleLinks, attribute_names: Iterable[str]) -> None:
    names = {"name", "x", "y", *attribute_names}
    for module in links.modules.values():
        names |= _attribute_names(module.tree)
    if len(names) > MAX_SLOTS:
        own = links.modules[""].tree
        tables.unsupported(own, f"the program gives its objects {len(names)} attributes, {MAX_SLOTS} fit")
    tables.slot_names = sorted(names)
    for name in tables.slot_names:
        tables.name(name)


def _attribute_names(tree: ast.Module) -> set[str]:
    """The names that a module may give to attributes of instances."""
    names: set[str] = set()
    dynamic = False
    strings: set[str] = set()
    for node in _walk_own(tree):
        match node:
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Attribute(attr="__doc__"):
                names.add(node.attr)
            case ast.keyword(arg=str()):
                names.add(str(node.arg))
            case ast.keyword(arg=None):  # **attributes
                dynamic = True
            case ast.Name(id="setattr" | "delattr" | "vars"):
                dynamic = True
            case ast.Attribute(attr="__dict__" | "__setattr__" | "__slots__"):
                dynamic = True
            case ast.Constant(value=str()) if str(node.value).isidentifier():
                strings.add(str(node.value))
            case ast.arg():
                strings.add(node.arg)
    return names | strings if dynamic else names


def _walk_own(tree: ast.Module) -> Iterator[ast.AST]:
    """All nodes but those in methods that the runtime has in C: these set the attributes that their callers name."""
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        yield node
        inside_class = isinstance(node, ast.ClassDef)
        for child in ast.iter_child_nodes(node):
            if not (inside_class and isinstance(child, ast.FunctionDef) and native_symbol(child)):
                left.append(child)


def _listing(tables: Tables, links: ModuleLinks) -> str:
    """Lower everything; return the text of the module in LLVM's language."""
    bodies = []
    for name, module in links.modules.items():
        symbol = f'"module.{name}"'
        bodies.append(symbol)
        frame = Frame(tables, links, name, module.scope, FunctionText(f"define internal i64 @{symbol}(ptr %ctx)"))
        frame.begin()
        frame.text.entry.append("  %self = inttoptr i64 0 to ptr")
        begin_call(frame)
        frame.statements(module.tree.body)
        end_call(frame, NONE)
        finish(frame)
        tables.functions.append(frame.text.text())
    functions = [*tables.functions, _module_body(bodies)]
    functions = [*(helper_text(tables, name) for name in sorted(tables.helpers)), *functions]
    text = "\n".join(functions)
    return "\n".join([_declarations(text), text, _METADATA])


def _module_body(symbols: list[str]) -> str:
    lines = [f'define i64 @"{MODULE_SYMBOL}"(ptr %ctx) {{']
    for place, symbol in enumerate(symbols):
        lines.append(f"  %done{place} = call i64 @{symbol}(ptr %ctx)")
        lines.append(f"  %failed{place} = icmp eq i64 %done{place}, 0")
        lines.append(f"  br i1 %failed{place}, label %fail, label %next{place}")
        lines.append(f"next{place}:")
    return "\n".join([*lines, f"  ret i64 {NONE}", "fail:", "  ret i64 0", "}", ""])


def _declarations(text: str) -> str:
    """Declare what the text calls and refers to, with the types that it uses."""
    found: dict[str, str] = {}
    for result, name, arguments in _CALL.findall(text):
        kinds = ", ".join(part.split()[0] for part in arguments.split(", ") if part)
        found[name] = f"declare {result} @{name}({kinds})"
    lines = ["@wcb_types = external global i8", "@wcb_builtin_objects = external global i8"]
    for bits in ("sadd", "ssub", "smul"):
        lines.append(f"declare {{ i64, i1 }} @llvm.{bits}.with.overflow.i64(i64, i64)")
    return "\n".join([*lines, *(found[name] for name in sorted(found)), ""])
