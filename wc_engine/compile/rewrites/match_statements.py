"""``match`` becomes a chain of tests on variables.

Before::

    match command.split(), mode:
        case ["go", where], "fast" if where in exits: ...
        case [], _: ...
        case _: ...

After::

    .match1.0 = command.split()
    .match1.1 = mode
    if (.is_sequence(.match1.0) and len(.match1.0) == 2 and .match1.0[0] == "go" and .match1.1 == "fast"
            and (where := .match1.0[1]) is where and where in exits): ...
    elif .is_sequence(.match1.0) and len(.match1.0) == 0: ...
    else: ...

The subject is evaluated once; names are bound when the whole pattern has matched, before the guard. A subject that is
written as a tuple is taken apart at once and only built where a pattern wants it whole.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wc_engine.compile.rewrites.classes import MATCHING_THEMSELVES, ClassTable
from wc_engine.compile.rewrites.refusal import Refused
from wc_engine.compile.rewrites.trees import load, store

__all__ = ["run"]

_OPERATORS: dict[str, ast.cmpop] = {"==": ast.Eq(), ">=": ast.GtE(), "is": ast.Is(), "is not": ast.IsNot()}


def run(tree: ast.Module) -> ast.Module:
    """Rewrite all ``match`` statements of a module."""
    first = next((node for node in ast.walk(tree) if isinstance(node, ast.Match)), None)
    if first is not None:
        classes = ClassTable(tree)
        for name in ("getattr", "isinstance", "len"):
            if classes.binds(name):
                raise Refused(first, f"match is not translated in a module that gives {name} another meaning")
        _Rewriter(classes).visit(tree)
    return tree


class _Rewriter(ast.NodeTransformer):
    def __init__(self, classes: ClassTable) -> None:
        self._classes = classes
        self._number = 0

    def visit_Match(self, node: ast.Match) -> list[ast.stmt]:
        self.generic_visit(node)
        self._number += 1
        name = f".match{self._number}"
        subject: _Subject
        statements: list[ast.stmt] = []
        if isinstance(node.subject, ast.Tuple) and not any(isinstance(item, ast.Starred) for item in node.subject.elts):
            parts = [f"{name}.{place}" for place in range(len(node.subject.elts))]
            for part, item in zip(parts, node.subject.elts, strict=True):
                statements.append(store(part, item, item))
            subject = _Whole([_Value(part) for part in parts])
        else:
            statements.append(store(name, node.subject, node.subject))
            subject = _Value(name)
        compiler = _Compiler(self._classes, name)
        return [*statements, *compiler.cases(subject, node.cases)]


class _Subject:
    """What a pattern is matched with."""

    def use(self, at: ast.AST) -> ast.expr:
        """Return an expression for it."""
        raise NotImplementedError


class _Value(_Subject):
    """A variable, or an expression that becomes one when it is first used."""

    def __init__(self, name: str, access: ast.expr | None = None) -> None:
        self._name = name
        self._access = access

    def use(self, at: ast.AST) -> ast.expr:
        if self._access is None:
            return load(self._name, at)
        access, self._access = self._access, None
        return ast.copy_location(ast.NamedExpr(ast.copy_location(ast.Name(self._name, ast.Store()), at), access), at)


class _Whole(_Subject):
    """A tuple whose items are variables."""

    def __init__(self, parts: Sequence[_Subject]) -> None:
        self.parts = list(parts)

    def use(self, at: ast.AST) -> ast.expr:
        return ast.copy_location(ast.Tuple([part.use(at) for part in self.parts], ast.Load()), at)


class _List(_Whole):
    """What a starred name gets of such a tuple."""

    def use(self, at: ast.AST) -> ast.expr:
        return ast.copy_location(ast.List([part.use(at) for part in self.parts], ast.Load()), at)


_Binds = dict[str, _Subject]


class _Compiler:
    """Writes the tests of one statement's patterns.

    Args:
        classes: the module's classes.
        prefix: how the names of variables begin.
    """

    def __init__(self, classes: ClassTable, prefix: str) -> None:
        self._classes = classes
        self._prefix = prefix
        self._variables = 0

    def cases(self, subject: _Subject, cases: list[ast.match_case]) -> list[ast.stmt]:
        """Return the statements for all cases."""
        result: list[ast.stmt] = []
        for case in reversed(cases):
            tests, binds = self.pattern(subject, case.pattern)
            at = case.pattern
            if case.guard is None:
                body = [*(store(name, value.use(at), at) for name, value in binds.items()), *case.body]
            else:
                body = case.body
                tests += [self._bound(name, value, at) for name, value in binds.items()] + [case.guard]
            if tests:
                result = [ast.copy_location(ast.If(_all(tests, at), body, result), at)]
            else:
                result = body
        return result

    def pattern(self, subject: _Subject, node: ast.pattern) -> tuple[list[ast.expr], _Binds]:
        """Return the tests of a pattern, in order, and what the names get once all of them have succeeded."""
        match node:
            case ast.MatchValue():
                return [_compare(subject.use(node), "==", node.value, node)], {}
            case ast.MatchSingleton():
                value = ast.copy_location(ast.Constant(node.value), node)
                return [_compare(subject.use(node), "is", value, node)], {}
            case ast.MatchAs():
                tests, binds = ([], {}) if node.pattern is None else self.pattern(subject, node.pattern)
                return tests, binds if node.name is None else {**binds, node.name: subject}
            case ast.MatchOr():
                return self._alternatives(subject, node)
            case ast.MatchSequence():
                return self._sequence(subject, node)
            case ast.MatchMapping():
                return self._mapping(subject, node)
            case ast.MatchClass():
                return self._class(subject, node)
        raise AssertionError(node)

    def _variable(self) -> str:
        self._variables += 1
        return f"{self._prefix}:{self._variables}"

    def _bound(self, name: str, value: _Subject, at: ast.AST) -> ast.expr:
        """A test that binds a name and holds."""
        target = ast.copy_location(ast.Name(name, ast.Store()), at)
        binding = ast.copy_location(ast.NamedExpr(target, value.use(at)), at)
        return _compare(binding, "is", load(name, at), at)

    def _alternatives(self, subject: _Subject, node: ast.MatchOr) -> tuple[list[ast.expr], _Binds]:
        """Each alternative ends with putting what it captures into variables that all of them share."""
        shared: dict[str, str] = {}
        choices: list[ast.expr] = []
        for pattern in node.patterns:
            tests, binds = self.pattern(subject, pattern)
            for name, value in binds.items():
                tests.append(self._bound(shared.setdefault(name, self._variable()), value, pattern))
            if not tests:
                tests = [ast.copy_location(ast.Constant(True), pattern)]
            choices.append(_all(tests, pattern))
        test = ast.copy_location(ast.BoolOp(ast.Or(), choices), node)
        return [test], {name: _Value(variable) for name, variable in shared.items()}

    def _parts(self, subjects: Sequence[_Subject], patterns: Sequence[ast.pattern]) -> tuple[list[ast.expr], _Binds]:
        tests: list[ast.expr] = []
        binds: _Binds = {}
        for subject, pattern in zip(subjects, patterns, strict=True):
            more_tests, more_binds = self.pattern(subject, pattern)
            tests += more_tests
            binds |= more_binds
        return tests, binds

    # Sequences

    def _sequence(self, subject: _Subject, node: ast.MatchSequence) -> tuple[list[ast.expr], _Binds]:
        starred = [place for place, item in enumerate(node.patterns) if isinstance(item, ast.MatchStar)]
        before = starred[0] if starred else len(node.patterns)
        after = len(node.patterns) - before - 1 if starred else 0
        fixed = [item for item in node.patterns if not isinstance(item, ast.MatchStar)]
        star = node.patterns[before] if starred else None
        name = star.name if isinstance(star, ast.MatchStar) else None
        if isinstance(subject, _Whole):
            return self._parts_of_whole(subject, node, fixed, before, after if starred else None, name)
        tests = [_call(".is_sequence", [subject.use(node)], node)]
        if fixed or not starred:
            length = _call("len", [subject.use(node)], node)
            tests.append(_compare(length, ">=" if starred else "==", _number(len(fixed), node), node))
        places = [*range(before), *range(-after, 0)]
        items = [_Value(self._variable(), _item(subject.use(node), place, node)) for place in places]
        more_tests, binds = self._parts(items, fixed)
        ordered: _Binds = {}
        if name is not None:
            numbers = [_number(before, node), _number(after, node)]
            ordered[name] = _Value(self._variable(), _call(".star", [subject.use(node), *numbers], node))
        return tests + more_tests, {**binds, **ordered}

    def _parts_of_whole(
        self,
        subject: _Whole,
        node: ast.MatchSequence,
        fixed: list[ast.pattern],
        before: int,
        after: int | None,
        name: str | None,
    ) -> tuple[list[ast.expr], _Binds]:
        size = len(subject.parts)
        if len(fixed) > size or (after is None and len(fixed) != size):
            return [ast.copy_location(ast.Constant(False), node)], self._names_of(node)
        end = size - (after or 0)
        tests, binds = self._parts(
            subject.parts if after is None else subject.parts[:before] + subject.parts[end:], fixed
        )
        if name is not None:
            binds[name] = _List(subject.parts[before:end])
        return tests, binds

    def _names_of(self, node: ast.pattern) -> _Binds:
        """The names of a pattern that cannot match."""
        names = [getattr(item, "name", None) or getattr(item, "rest", None) for item in ast.walk(node)]
        return {name: _Whole([]) for name in names if name}

    # Mappings

    def _mapping(self, subject: _Subject, node: ast.MatchMapping) -> tuple[list[ast.expr], _Binds]:
        tests = [_call(".is_mapping", [subject.use(node)], node)]
        if node.keys:
            length = _call("len", [subject.use(node)], node)
            tests.append(_compare(length, ">=", _number(len(node.keys), node), node))
        values = []
        for key in node.keys:
            get = ast.copy_location(ast.Attribute(subject.use(node), "get", ast.Load()), key)
            found = ast.copy_location(ast.Call(get, [key, load(".absent", key)], []), key)
            value = _Value(self._variable(), found)
            tests.append(_compare(value.use(key), "is not", load(".absent", key), key))
            values.append(value)
        more_tests, binds = self._parts(values, node.patterns)
        if node.rest is not None:
            keys = ast.copy_location(ast.Tuple(list(node.keys), ast.Load()), node)
            binds[node.rest] = _Value(self._variable(), _call(".rest", [subject.use(node), keys], node))
        return tests + more_tests, binds

    # Classes

    def _class(self, subject: _Subject, node: ast.MatchClass) -> tuple[list[ast.expr], _Binds]:
        count = len(node.patterns)
        name = node.cls.id if isinstance(node.cls, ast.Name) else ""
        patterns = [*node.patterns, *node.kwd_patterns]
        if self._classes.is_builtin(name) and name in MATCHING_THEMSELVES and count == 1 and not node.kwd_attrs:
            test = _call("isinstance", [subject.use(node), node.cls], node)
            tests, binds = self.pattern(subject, node.patterns[0])
            return [test, *tests], binds
        known = self._classes.match_names(name, count) if self._classes.is_class(name) else None
        names = None if known is None else [*known, *node.kwd_attrs]
        if names is None or len(set(names)) < len(names):
            return self._class_at_run_time(subject, node, patterns)
        tests = [_call("isinstance", [subject.use(node), node.cls], node)]
        values = []
        for attribute in names:
            text = ast.copy_location(ast.Constant(attribute), node)
            found = _call("getattr", [subject.use(node), text, load(".absent", node)], node)
            value = _Value(self._variable(), found)
            tests.append(_compare(value.use(node), "is not", load(".absent", node), node))
            values.append(value)
        more_tests, binds = self._parts(values, patterns)
        return tests + more_tests, binds

    def _class_at_run_time(
        self, subject: _Subject, node: ast.MatchClass, patterns: list[ast.pattern]
    ) -> tuple[list[ast.expr], _Binds]:
        texts: list[ast.expr] = [ast.copy_location(ast.Constant(name), node) for name in node.kwd_attrs]
        keywords = ast.copy_location(ast.Tuple(texts, ast.Load()), node)
        count = _number(len(node.patterns), node)
        found = _Value(self._variable(), _call(".match_class", [subject.use(node), node.cls, count, keywords], node))
        tests = [_compare(found.use(node), "is not", ast.copy_location(ast.Constant(None), node), node)]
        items = [_Value(self._variable(), _item(found.use(node), place, node)) for place in range(len(patterns))]
        more_tests, binds = self._parts(items, patterns)
        return tests + more_tests, binds


def _all(tests: list[ast.expr], at: ast.AST) -> ast.expr:
    return tests[0] if len(tests) == 1 else ast.copy_location(ast.BoolOp(ast.And(), tests), at)


def _compare(left: ast.expr, operator: str, right: ast.expr, at: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Compare(left, [_OPERATORS[operator]], [right]), at)


def _call(name: str, arguments: list[ast.expr], at: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Call(load(name, at), arguments, []), at)


def _number(value: int, at: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Constant(value), at)


def _item(container: ast.expr, place: int, at: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Subscript(container, _number(place, at), ast.Load()), at)
