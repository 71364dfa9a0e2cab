"""Variants: a compiled model once more for exact numbers of entities.

Where examples have two, three or four boxes, code for any number loops over rows in memory. Code for exactly three
knows every place, and its rows become registers::

    for r in range(n_Box):              if q0x == x and q0y == y: ...
        if H[r] == x and ...            elif q1x == x and q1y == y: ...

That no step changes the number is believed where no step from some of the examples does. It is an assumption like
others: a step that breaks it ends in a status, and is answered by the code for any number. Where steps do change it,
and there are never many, code has a place for each of the most there can be, and counts how many are there.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wc_engine.compile.cache import CacheEntry, read_entry, sources_key, write_entry
from wc_engine.compile.plan import FixedNumberNeeded
from wc_engine.errors import EncodingError, TranslationError

if TYPE_CHECKING:
    from wc_engine.compile.compiled import CompiledModel
    from wc_engine.state.census import Census
    from wc_engine.state.entities import State
    from wc_engine.state.schema import Schema

__all__ = ["for_numbers", "with_variants"]

_MAX_VARIANTS = 4
_MAX_NUMBERS = 5
_MAX_PLACES = 6
"""Where steps change the number of entities of a type, and there are never more, code knows the place of each."""
_MAX_LINES = 4_000
"""Once a model and its variants have this much text, compiling another one takes longer than it saves."""
_TRIED_STATES = 48
_TRIED_STEPS = 1_000
_ASKED_STATES = 16
_OK, _FAILED = 1, 2


def with_variants(model: CompiledModel, states: Sequence[State], census: Census) -> CompiledModel:
    """Return a model with variants for the numbers of entities that most examples have.

    Args:
        model: the model for any numbers.
        states: the examples.
        census: what is in them.
    """
    variants = tuple(_variants(model, states, census))
    seconds = sum(one.compile_seconds for one in (model, *variants))
    return replace(model, variants=variants, compile_seconds=seconds)


def for_numbers(
    compile_for: Callable[[Schema], CompiledModel],
    schema: Schema,
    states: Sequence[State],
    census: Census,
    refusal: FixedNumberNeeded,
) -> CompiledModel:
    """Return models for exact numbers of entities, where a program can be translated for such only.

    There is no code for any number then: a state composed in another way than the examples does not fit.

    Args:
        compile_for: compiles the program for a schema.
        schema: that of the examples, for which the program was refused.
        states: the examples.
        census: what is in them.
        refusal: says of which type the number must be known.

    Returns:
        The model for the numbers that most examples have, with those for the others as its variants.

    Raises:
        UnsupportedConstructError: the program is refused all the same, examples have too many different numbers, or
            most steps change these.
    """
    names: list[str] = []
    while True:
        names.append(refusal.type_name)
        numbers: Counter[tuple[int, ...]] = Counter()
        for counts, number in census.compositions:
            numbers[tuple(counts[name] for name in names)] += number
        if len(numbers) > _MAX_NUMBERS:
            raise refusal
        wanted = [counted for counted, _ in numbers.most_common()]
        models: dict[tuple[int, ...], CompiledModel] = {}
        try:
            # The largest first: where one is refused, it is most likely that one, and all others would be in vain.
            for counted in sorted(wanted, key=sum, reverse=True):
                models[counted] = compile_for(schema.with_counts(dict(zip(names, counted, strict=True))))
            model, *others = [models[counted] for counted in wanted]
        except FixedNumberNeeded as further:
            if further.type_name in names:
                raise
            refusal = further
            continue
        seconds = sum(one.compile_seconds for one in (model, *others))
        model = replace(model, variants=tuple(others), compile_seconds=seconds)
        if not _answers_most(model, states[:: max(1, len(states) // _ASKED_STATES)]):
            raise refusal
        return model


def _answers_most(model: CompiledModel, states: Sequence[State]) -> bool:
    """Whether a model answers most steps from some states: one that changes the numbers has no answer."""
    answers: list[bool] = []
    for state in states:
        try:
            problem = model.bind(state)
            words = problem.encode(state)
        except EncodingError:
            continue
        answers += [problem.step_words(words, action)[0] in (_OK, _FAILED) for action in range(len(model.actions))]
    return 2 * sum(answers) > len(answers)


def _variants(model: CompiledModel, states: Sequence[State], census: Census) -> Iterator[CompiledModel]:
    free = [one.name for one in model.schema.types if one.count is None and one.name in model.dynamic_types]
    if not free:
        return
    kept, most = _kept(model, free, states[:: max(1, len(states) // _TRIED_STATES)], census)
    for counts, _ in census.compositions:
        most = {name: max(number, counts[name]) for name, number in most.items()}
    few = {name: number for name, number in most.items() if name not in kept and 0 < number <= _MAX_PLACES}
    room = model.schema.with_most(few)
    numbers: Counter[tuple[int, ...]] = Counter()
    for counts, number in census.compositions:
        numbers[tuple(counts[name] for name in kept)] += number
    lines = _lines(model)
    for counted, _ in numbers.most_common(_MAX_VARIANTS):
        schema = room.with_counts(dict(zip(kept, counted, strict=True)))
        if schema == model.schema:
            continue
        if lines >= _MAX_LINES:
            return
        try:
            variant = model.with_schema(schema, plan=model.generated.plan)
        except TranslationError:
            # What is refused for one number is for the others, too. Where it may differ, entities are followed as in
            # the code for any number.
            yield from _with_places(model, {name: number for name, number in most.items() if 0 < number <= _MAX_PLACES})
            return
        lines += _lines(variant)
        yield variant


def _with_places(model: CompiledModel, most: dict[str, int]) -> Iterator[CompiledModel]:
    """Yield the variant for at most so many entities, where there is one."""
    try:
        variant = model.with_schema(model.schema.with_most(most), plan=model.generated.plan) if most else model
    except TranslationError:
        return
    if variant is not model:
        yield variant


def _lines(model: CompiledModel) -> int:
    lines = (line.lstrip() for text in model.generated.functions.values() for line in text.splitlines())
    return sum(not line.startswith("#") for line in lines)


def _kept(
    model: CompiledModel, names: Sequence[str], states: Sequence[State], census: Census
) -> tuple[list[str], dict[str, int]]:
    """Return the types of which steps from states leave as many as there were, and the most of each that they leave.

    Found once, then on disk.
    """
    found = census.digest()
    parts = ("kept", sources_key(), model.program.content_hash, model.schema, model.actions, model.mission, found)
    key = hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    entry = read_entry(key)
    if entry is None:
        found_kept, found_most = _try(model, names, states)
        entry = CacheEntry({"kept": found_kept, "most": found_most}, b"")
        write_entry(key, entry)
    return list(entry.facts["kept"]), dict(entry.facts["most"])


def _try(model: CompiledModel, names: Sequence[str], states: Sequence[State]) -> tuple[list[str], dict[str, int]]:
    kept = dict.fromkeys(names)
    most = dict.fromkeys(names, 0)
    stride = max(1, len(states) * len(model.actions) // _TRIED_STEPS)
    for number, state in enumerate(states):
        try:
            problem = model.bind(state)
            words = problem.encode(state)
        except EncodingError:
            continue
        seen = {words.tobytes()}
        for action in range(number % stride, len(model.actions), stride):
            status, following, _, _ = problem.step_words(words, action)
            if status != _OK or following.tobytes() in seen:
                continue
            seen.add(following.tobytes())
            # Equal entities count once: that is what the program makes of them in its next step.
            after = Counter(entity.type for entity in set(problem.decode(following)))
            most = {name: max(number, after[name]) for name, number in most.items()}
            for name in list(kept):
                if after[name] != len(state.of_type(name)):
                    del kept[name]
    return list(kept), most
