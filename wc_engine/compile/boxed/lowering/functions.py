"""Functions: their objects, and their bodies as native functions of their own."""

from __future__ import annotations

import ast

from wc_engine.compile.boxed.frame import EXPRESSIONS, STATEMENTS, Frame, lowers
from wc_engine.compile.boxed.layout import DEPTH, MAX_DEPTH, NONE
from wc_engine.compile.boxed.scopes import FunctionNode, Scope, all_parameters
from wc_engine.compile.boxed.text import FunctionText

__all__ = ["begin_call", "direct_symbol", "end_call", "entry_text", "function_object", "qualified_name", "register"]


@lowers(STATEMENTS, ast.FunctionDef)
def definition(frame: Frame, node: ast.FunctionDef) -> None:
    """``def``: the function object, decorated, bound to its name."""
    decorators = frame.values(node.decorator_list)
    value = function_object(frame, node, node.name)
    document = ast.get_docstring(node) if frame.tables.slot("__doc__") is not None else None
    if document is not None:
        frame.text.call_status(
            "wcb_setattr", f"i64 {value}", f"i32 {frame.tables.name('__doc__')}", f"i64 {frame.constant(document)}"
        )
    for decorator in reversed(decorators):
        row = frame.text.arguments([value])
        value = frame.text.call("wcb_call_row", f"i64 {decorator}", "i32 1", "i32 0", f"ptr {row}")
    frame.store_name(node.name, value)


@lowers(EXPRESSIONS, ast.Lambda)
def anonymous(frame: Frame, node: ast.Lambda) -> str:
    """``lambda``."""
    return function_object(frame, node, "<lambda>")


def function_object(frame: Frame, node: FunctionNode, name: str) -> str:
    """Make the function object: defaults evaluated now, cells captured."""
    text = frame.text
    arguments = node.args
    defaults = "0"
    if arguments.defaults:
        values = frame.values(arguments.defaults)
        defaults = text.call("wcb_new_tuple", f"i64 {len(values)}", f"ptr {text.arguments(values)}")
    keyword_defaults = "0"
    given = [
        (item.arg, default)
        for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default
    ]
    if given:
        values = frame.values([default for _, default in given])
        row = [word for (key, _), value in zip(given, values, strict=True) for word in (frame.constant(key), value)]
        keyword_defaults = text.call("wcb_new_dict", f"i64 {len(given)}", f"ptr {text.arguments(row)}")
    scope = frame.scope.children[node]
    info = _compile(frame, node, scope, name)
    return closure(frame, info, scope, defaults, keyword_defaults)


def closure(frame: Frame, info: int, scope: Scope, defaults: str = "0", keyword_defaults: str = "0") -> str:
    """A function object with the cells that its code uses."""
    cells = [frame.cell(variable) for variable in scope.frees]
    row = frame.text.arguments(cells)
    parts = (f"i32 {info}", f"i64 {defaults}", f"i64 {keyword_defaults}", f"i32 {len(cells)}", f"ptr {row}")
    return frame.text.call("wcb_new_function", *parts, hint="function")


def direct_symbol(frame: Frame, node: FunctionNode | ast.GeneratorExp) -> str:
    """The symbol that takes the arguments one by one."""
    return f'"f.{_number(frame, node)}.{getattr(node, "name", "anonymous")}"'


def entry_symbol(frame: Frame, node: FunctionNode | ast.GeneratorExp) -> str:
    """The symbol that takes the arguments in a row; seen by the loader."""
    return f"wcp.entry.{_number(frame, node)}"


def _number(frame: Frame, node: ast.AST) -> int:
    numbers = frame.tables.function_numbers
    return numbers.setdefault(node, len(numbers))


def register(frame: Frame, name: str, arguments: ast.arguments, symbol: str) -> int:
    """Enter a function into the table of infos; return its index."""
    tables = frame.tables
    positional = [*arguments.posonlyargs, *arguments.args]
    tables.infos.append(
        {
            "symbol": symbol,
            "name": name,
            "parameters": [item.arg for item in (*positional, *arguments.kwonlyargs)],
            "num_positional": len(positional),
            "num_positional_only": len(arguments.posonlyargs),
            "num_keyword_only": len(arguments.kwonlyargs),
            "var_positional": arguments.vararg is not None,
            "var_keyword": arguments.kwarg is not None,
            "qualified_name": qualified_name(frame.scope, name),
        }
    )
    for item in all_parameters(arguments):
        tables.name(item.arg)
    tables.name(name)
    return len(tables.infos) - 1


def qualified_name(scope: Scope, name: str) -> str:
    """What ``__qualname__`` is of something that is defined under a name in a scope."""
    parts = [name]
    current: Scope | None = scope
    while current is not None and current.parent is not None:
        if isinstance(current.node, ast.ClassDef):
            parts.append(current.node.name)
        elif isinstance(current.node, ast.FunctionDef):
            parts += ["<locals>", current.node.name]
        current = current.parent
    return ".".join(reversed(parts))


def _compile(frame: Frame, node: FunctionNode, scope: Scope, name: str) -> int:
    """Lower a function's body, once; return the index of its info."""
    known = frame.tables.compiled.get(node)
    if known is not None:
        return known
    native = frame.links.native_method(frame, node)
    info = register(frame, name, node.args, native or entry_symbol(frame, node))
    frame.tables.compiled[node] = info
    if native is None:
        frame.tables.infos[info]["unread"] = _unread(node, scope)
        if scope.has_yield:
            from wc_engine.compile.boxed.lowering.generators import generator_function

            generator_function(frame, node, scope)
        else:
            _plain_function(frame, node, scope)
    return info


def _unread(node: FunctionNode, scope: Scope) -> int:
    """A mask of the positional parameters that a function's body, and what is defined in it, never reads."""
    mask = 0
    for place, parameter in enumerate([*node.args.posonlyargs, *node.args.args][:32]):
        variable = scope.variables.get(parameter.arg)
        if variable is None or not all(_is_no_use(item) for item in scope.bindings[parameter.arg]):
            continue
        inner = (one for one in scope.walk() if parameter.arg in one.uses | one.nonlocal_names)
        if not any(one.resolve(parameter.arg) is variable for one in inner):
            mask |= 1 << place
    return mask


def _is_no_use(binding: ast.AST) -> bool:
    """Whether what binds a parameter is the parameter itself, or a ``del``."""
    return isinstance(binding, ast.arg) or (isinstance(binding, ast.Name) and isinstance(binding.ctx, ast.Del))


def _plain_function(frame: Frame, node: FunctionNode, scope: Scope) -> None:
    parameters = all_parameters(node.args)
    places = ", ".join(f"i64 %arg{place}" for place in range(len(parameters)))
    symbol = direct_symbol(frame, node)
    header = f"define internal i64 @{symbol}(ptr %ctx, ptr %self{', ' if places else ''}{places})"
    inner = Frame(frame.tables, frame.links, frame.module, scope, FunctionText(header))
    inner.begin()
    begin_call(inner)
    for place, parameter in enumerate(parameters):
        variable = scope.variables.get(parameter.arg)
        if variable is None:
            continue
        if not variable.is_cell:
            inner.text.store(f"%arg{place}", inner.text.slot(variable.unique))
    for variable in scope.variables.values():
        if variable.is_cell:
            names = [parameter.arg for parameter in parameters]
            initial = f"%arg{names.index(variable.name)}" if variable.name in names else "0"
            inner.new_cell(variable, initial)
    if isinstance(node, ast.Lambda):
        end_call(inner, inner.expression(node.body))
    else:
        inner.statements(node.body)
        end_call(inner, NONE)
    finish(inner)
    frame.tables.functions.append(inner.text.text())
    frame.tables.functions.append(entry_text(entry_symbol(frame, node), symbol, len(parameters)))


def begin_call(frame: Frame) -> None:
    """Count the call; too many at once raise RecursionError."""
    text = frame.text
    depth = text.field("%ctx", DEPTH)
    deeper = text.value(f"add i32 {text.value(f'load i32, ptr {depth}')}, 1")
    text.line(f"store i32 {deeper}, ptr {depth}")
    too_deep = text.value(f"icmp sgt i32 {deeper}, {MAX_DEPTH}")
    frame.unbound["wcb_too_deep", "", "fail"] = text.label("deep")
    text.jump_unlikely(too_deep, frame.unbound["wcb_too_deep", "", "fail"])


def end_call(frame: Frame, value: str) -> None:
    """Return a value."""
    if frame.text.reachable:
        _leave(frame)
        frame.text.end(f"ret i64 {value}")


def _leave(frame: Frame) -> None:
    text = frame.text
    depth = text.field("%ctx", DEPTH)
    now = text.value(f"load i32, ptr {depth}")
    text.line(f"store i32 {text.value(f'add i32 {now}, -1')}, ptr {depth}")


def finish(frame: Frame) -> None:
    """Place what lies behind the body: the blocks that raise, and the way out of a failure."""
    frame.place_unbound()
    frame.text.place_open("fail")
    end_call(frame, "0")


def entry_text(symbol: str, direct: str, count: int) -> str:
    """A function that takes its arguments in a row and passes them on one by one."""
    lines = [f'define i64 @"{symbol}"(ptr %ctx, ptr %self, ptr %arguments) {{']
    for place in range(count):
        lines.append(f"  %at{place} = getelementptr i8, ptr %arguments, i64 {8 * place}")
        lines.append(f"  %arg{place} = load i64, ptr %at{place}")
    passed = "".join(f", i64 %arg{place}" for place in range(count))
    return "\n".join(
        [*lines, f"  %result = call i64 @{direct}(ptr %ctx, ptr %self{passed})", "  ret i64 %result", "}", ""]
    )


@lowers(STATEMENTS, ast.Return)
def return_(frame: Frame, node: ast.Return) -> None:
    """``return``: the value waits while cleanups run."""
    value = NONE if node.value is None else frame.expression(node.value)
    if frame.cleanups:
        slot = frame.hidden("returned")
        frame.text.store(value, slot)
        frame.run_cleanups(0)
        value = frame.text.load(slot)
    if frame.generator:
        from wc_engine.compile.boxed.lowering.generators import end_generator

        end_generator(frame, value)
    else:
        end_call(frame, value)
