"""The boxed runtime of csrc/boxed: loaded programs, packed states and steps, and what code generators must know."""

from cpython.pycapsule cimport PyCapsule_New
from libc.stddef cimport size_t
from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset

from wc_engine.compile.boxed._runtime_abi cimport (
    WC_ABI_VERSION, WC_MODEL_CAPSULE, WC_STATUS_OK, WCB_ELLIPSIS, WCB_FALSE, WCB_INT_MAX, WCB_INT_MIN, WCB_KIND_COMPLEX,
    WCB_KIND_DICT, WCB_KIND_FLOAT, WCB_KIND_FROZENSET, WCB_KIND_INT, WCB_KIND_LIST, WCB_KIND_SET, WCB_KIND_STR,
    WCB_KIND_TUPLE, WCB_NONE, WCB_NOT_IMPLEMENTED, WCB_NUM_NAMES, WCB_NUM_TYPES, WCB_TRUE, wc_model, wcb_boxed_int,
    wcb_builtin_bytes, wcb_builtins, wcb_call_values, wcb_clear_exception, wcb_code, wcb_code_info, wcb_complex,
    wcb_context, wcb_context_ready, wcb_context_take, wcb_ctx, wcb_entity, wcb_float, wcb_from_small,
    wcb_hash, wcb_heap_take, wcb_host, wcb_host_free, wcb_host_intern_names, wcb_host_new,
    wcb_ids_of_words, wcb_init_runtime, wcb_is_object, wcb_is_small, wcb_kind, wcb_list, wcb_model_expand,
    wcb_model_reward, wcb_model_step, wcb_new_complex, wcb_new_dict, wcb_new_float, wcb_new_frozenset, wcb_new_list,
    wcb_new_set, wcb_new_tuple, wcb_num_builtins, wcb_offset, wcb_offsets, wcb_plain_init, wcb_plain_repr, wcb_problem,
    wcb_problem_free, wcb_problem_new, wcb_program, wcb_set_contains, wcb_small, wcb_snapshot_image,
    wcb_store_add, wcb_store_get, wcb_store_string, wcb_str, wcb_str_of, wcb_symbol, wcb_symbols, wcb_table, wcb_tuple,
    wcb_type_bytes, wcb_type_of, wcb_types, wcb_well_known_names, wcb_words_of_ids, wcb_entity_eq,
    wcb_entity_hash, wcv,
)

TYPE_BYTES = wcb_type_bytes
BUILTIN_BYTES = wcb_builtin_bytes
LIMITS = {
    3: "it computes an int that is too large for native code",
    4: "it runs for too long",
    5: "it needs too much memory, or calls itself too often",
}

wcb_init_runtime()


# ---- what generated code refers to --------------------


def symbols():
    """Return the addresses of the runtime's functions and tables, by name."""
    cdef const wcb_symbol *symbol = wcb_symbols
    found = {}
    while symbol.name != NULL:
        found[symbol.name.decode()] = <size_t>symbol.address
        symbol += 1
    return found


def builtin_names():
    """Return the names of the built-in functions, by index."""
    return [wcb_builtins[index].name.decode() for index in range(wcb_num_builtins)]


def type_names():
    """Return the names of the built-in types, by index."""
    return [wcb_types[index].c_name.decode() for index in range(WCB_NUM_TYPES)]


def well_known_names():
    """Return the names that come first among every program's names."""
    return [wcb_well_known_names[index].decode() for index in range(WCB_NUM_NAMES)]


def offsets():
    """Return the places of fields in the structs of csrc/boxed/value.h, as ``struct.field``; also some constants."""
    cdef const wcb_offset *offset = wcb_offsets
    found = {}
    while offset.name != NULL:
        found[offset.name.decode()] = offset.value
        offset += 1
    return found


# ---- programs --------------------


cdef class Program:
    """A loaded program.

    Args:
        image: the ``ProgramImage``.
        addresses: where its native functions are, by symbol; the runtime's own included.
        keep: what the native code lives in.
        fuel: how much one call of the program may do.
        memory_limit: bytes that one call may use.
    """

    cdef wcb_host *_host
    cdef object _keep
    cdef dict _strings
    cdef readonly str last_message

    def __cinit__(self, image, dict addresses, object keep, int64_t fuel, size_t memory_limit):
        self._keep = keep
        self._strings = {}
        self.last_message = ""
        self._host = wcb_host_new(fuel, memory_limit)
        if self._host == NULL:
            raise MemoryError
        self._fill_names(image)
        self._fill_constants(image)
        self._fill_functions(image, addresses)

    def __dealloc__(self):
        if self._host != NULL:
            wcb_host_free(self._host)

    # -- loading

    cdef void *_room(self, size_t bytes) except NULL:
        cdef void *room = wcb_heap_take(&self._host.heap, bytes + 8)
        if room == NULL:
            raise MemoryError
        memset(room, 0, bytes + 8)
        return room

    cdef wcv _string(self, str text) except 0:
        cdef wcv found = self._strings.get(text, 0)
        if found == 0:
            found = _interned(self._host, text)
            self._strings[text] = found
        return found

    cdef int _fill_names(self, image) except -1:
        cdef wcb_program *program = &self._host.program
        cdef Py_ssize_t index
        names, slots = _all_names(image), list(image.slot_names)
        if names[:WCB_NUM_NAMES] != well_known_names():
            raise ValueError("the image was made for another runtime")
        if slots != sorted(set(slots)) or len(slots) > 255:
            raise ValueError("expected at most 255 names of slots, sorted")
        numbers = {name: index for index, name in enumerate(names)}
        cdef wcv *table = <wcv *>self._room(len(names) * sizeof(wcv))
        cdef int16_t *slot_of_name = <int16_t *>self._room(len(names) * sizeof(int16_t))
        cdef int32_t *name_of_slot = <int32_t *>self._room(len(slots) * sizeof(int32_t))
        cdef int32_t *global_names = <int32_t *>self._room(len(image.global_names) * sizeof(int32_t))
        for index, name in enumerate(names):
            table[index] = self._string(name)
            (<wcb_str *>table[index]).name_id = <int32_t>index
            slot_of_name[index] = -1
        for index, name in enumerate(slots):
            slot_of_name[<int32_t>numbers[name]] = <int16_t>index
            name_of_slot[index] = numbers[name]
        for index, name in enumerate(image.global_names):
            global_names[index] = -1 if name is None else numbers[name]
        program.num_names, program.names = <int32_t>len(names), table
        program.num_slots, program.slot_of_name, program.name_of_slot = <int32_t>len(slots), slot_of_name, name_of_slot
        program.num_globals, program.global_names = <int32_t>len(image.global_names), global_names
        program.transition_global = image.global_index("transition")
        program.reward_global = image.global_index("reward_func")
        program.reward_funcs_global = image.global_index("REWARD_FUNCS")
        program.entity_global = image.global_index("Entity")
        program.mission = WCB_NONE if image.mission is None else self._string(image.mission)
        if wcb_host_intern_names(self._host) < 0:
            raise MemoryError
        return 0

    cdef int _fill_constants(self, image) except -1:
        cdef wcb_program *program = &self._host.program
        cdef Py_ssize_t index
        # Behind the image's own constants: the qualified names of its functions, and of four more.
        stand_ins = ("__init__", "__repr__", "__eq__", "__hash__")
        values = [*image.constants, *(info.qualified_name for info in image.infos), *stand_ins]
        cdef wcv *table = <wcv *>self._room(len(values) * sizeof(wcv))
        for index, value in enumerate(values):
            table[index] = self._constant(value)
        program.num_constants, program.constants = <int32_t>len(values), table
        return 0

    cdef wcv _constant(self, object value) except 0:
        cdef wcv made = _value(self._host.store.values, self, value)
        cdef uint64_t hash_value
        cdef int _search
        if made == 0:
            raise ValueError(f"no constant of a program: {value!r}")
        # Constants are shared by all threads: what is computed when first asked for is computed now.
        if wcb_is_object(made):
            wcb_hash(self._host.store.values, made, &hash_value)
            if wcb_kind(made) == WCB_KIND_FROZENSET:
                for _search in range(16):
                    wcb_set_contains(self._host.store.values, made, WCB_NONE)
        return made

    cdef int _fill_functions(self, image, dict addresses) except -1:
        cdef wcb_program *program = &self._host.program
        cdef Py_ssize_t count = len(image.infos), index, place
        cdef wcb_code_info *infos = <wcb_code_info *>self._room((count + 4) * sizeof(wcb_code_info))
        cdef int32_t *parameters
        numbers = {name: index for index, name in enumerate(_all_names(image))}
        for index, info in enumerate(image.infos):
            parameters = <int32_t *>self._room(len(info.parameters) * sizeof(int32_t))
            for place, name in enumerate(info.parameters):
                parameters[place] = numbers[name]
            infos[index].entry = <wcb_code><size_t>addresses[info.symbol]
            infos[index].name = numbers[info.name]
            infos[index].num_positional = info.num_positional
            infos[index].num_positional_only = info.num_positional_only
            infos[index].num_keyword_only = info.num_keyword_only
            infos[index].var_positional = info.var_positional
            infos[index].var_keyword = info.var_keyword
            infos[index].unread = info.unread
            infos[index].parameters = parameters
            infos[index].qualified_name = <int32_t>(len(image.constants) + index)
        self._fill_plain_functions(infos + count, len(image.constants) + count, numbers)
        self._host.plain_info = <int32_t>count
        program.num_infos, program.infos = <int32_t>count + 4, infos
        program.module_body = <wcv (*)(wcb_ctx *) noexcept nogil><size_t>addresses[image.module_symbol]
        return 0

    cdef int _fill_plain_functions(self, wcb_code_info *infos, Py_ssize_t constant, dict numbers) except -1:
        """The methods of classes that stand in for a program's own: see csrc/boxed/entities.c."""
        cdef int32_t *parameters = <int32_t *>self._room(2 * sizeof(int32_t))
        cdef int32_t index
        cdef wcb_code[4] entries
        entries[0], entries[1], entries[2], entries[3] = wcb_plain_init, wcb_plain_repr, wcb_entity_eq, wcb_entity_hash
        parameters[0], parameters[1] = numbers["self"], numbers["other"]
        for index, name in enumerate(("__init__", "__repr__", "__eq__", "__hash__")):
            infos[index].entry = entries[index]
            infos[index].name = numbers[name]
            infos[index].num_positional = 2 if name == "__eq__" else 1
            infos[index].var_positional = infos[index].var_keyword = name == "__init__"
            infos[index].parameters = parameters
            infos[index].qualified_name = <int32_t>(constant + index)
        return 0

    # -- running

    cdef wcb_context *_context(self) except NULL:
        cdef wcb_context *context = wcb_context_take(self._host)
        if context == NULL:
            raise MemoryError
        return context

    def load(self):
        """Load the module in this thread, if it is not; return a status of csrc/wc_abi.h."""
        cdef wcb_context *context = self._context()
        cdef int status
        self.last_message = ""
        with nogil:
            status = wcb_context_ready(context)
        if status != WC_STATUS_OK:
            self._describe(&context.ctx)
        return status

    def run(self, str name, *arguments):
        """Call a function of the module by name, in the state of the module after loading.

        Returns:
            ``("value", result)``, ``("raise", type name)`` or ``("limit", status)``. Arguments and results are None,
            bool, int, float, complex, str, tuples and lists of those. In results, a dict is ``("dict", pairs)``, a set
            ``("set", elements)`` or ``("frozenset", elements)``, anything else ``("object", type name)``.
        """
        cdef wcb_context *context = self._context()
        cdef wcb_ctx *ctx = &context.ctx
        cdef wcv result
        cdef wcv[16] values
        cdef Py_ssize_t index
        cdef int32_t place = -1
        if self.load() != WC_STATUS_OK:
            raise ValueError(f"the program does not load: {self.last_message}")
        for index in range(self._host.program.num_globals):
            if self._host.program.global_names[index] >= 0:
                if _text(self._host.program.names[self._host.program.global_names[index]]) == name:
                    place = <int32_t>index
        if place < 0 or ctx.globals[place] == 0 or len(arguments) > 16:
            raise ValueError(f"the program has no function {name!r}")
        for index, argument in enumerate(arguments):
            values[index] = _value(ctx, self, argument)
            if values[index] == 0:
                raise ValueError(f"expected simple values, got {argument!r}")
        cdef int32_t count = <int32_t>len(arguments)
        with nogil:
            result = wcb_call_values(ctx, ctx.globals[place], count, values)
        if result != 0:
            return "value", _python(result, 0)
        if ctx.status != 0:
            return "limit", ctx.status
        kind = _text(wcb_type_of(ctx.exception).name)
        self._describe(ctx)
        return "raise", kind

    cdef object _describe(self, wcb_ctx *ctx):
        """Note the pending exception as text."""
        cdef wcv text
        if ctx.status != 0:
            self.last_message = LIMITS.get(ctx.status, f"status {ctx.status}")
        elif ctx.exception != 0:
            kind = _text(wcb_type_of(ctx.exception).name)
            text = wcb_clear_exception(ctx)
            text = wcb_str_of(ctx, text)
            self.last_message = kind if text == 0 else f"{kind}: {_text(text)}".rstrip(": ")
        return None

    # -- entities

    def add(self, bytes key):
        """Return the number of the entity with a key (see csrc/boxed/model.h)."""
        cdef const wcb_entity *entity = wcb_store_add(&self._host.program, <const uint8_t *>key, <uint32_t>len(key))
        if entity == NULL:
            raise ValueError("no key of an entity, or no memory")
        return entity.id

    def key(self, uint32_t number):
        """Return the key of an entity."""
        if not 0 < number <= self._host.store.num_entities:
            raise ValueError(f"no entity has the number {number}")
        cdef const wcb_entity *entity = wcb_store_get(&self._host.store, number)
        return (<const char *>entity.key)[:entity.key_length]

    @property
    def num_entities(self):
        """How many entities have a number."""
        return self._host.store.num_entities

    def images(self, numbers):
        """Return what a fresh object of each entity reads as; 0 where it cannot be read, or not made."""
        cdef wcb_context *context = self._context()
        found = []
        for number in numbers:
            self.key(number)
            found.append(wcb_snapshot_image(context, number))
        return found


cdef list _all_names(image):
    """The image's names, then those of its globals and functions, and of the plain functions, that it lacks."""
    names = dict.fromkeys((*image.names, "self", "other"))
    names.update(dict.fromkeys(name for name in image.global_names if name is not None))
    for info in image.infos:
        names.update(dict.fromkeys((info.name, *info.parameters)))
    return list(names)


cdef wcv _interned(wcb_host *host, str text) except 0:
    cdef Py_ssize_t length = len(text), index
    cdef uint32_t *points = <uint32_t *>malloc((length + 1) * sizeof(uint32_t))
    cdef wcv found
    if points == NULL:
        raise MemoryError
    for index in range(length):
        points[index] = <uint32_t>ord(text[index])
    found = wcb_store_string(&host.program, points, length)
    free(points)
    if found == 0:
        raise MemoryError
    return found


# ---- values --------------------


cdef wcv _value(wcb_ctx *ctx, Program program, object value) except? 0:
    """A Python value as the runtime's; 0 where there is none. New objects are in the arena of ``ctx``."""
    if value is None:
        return WCB_NONE
    if value is True:
        return WCB_TRUE
    if value is False:
        return WCB_FALSE
    if value is Ellipsis:
        return WCB_ELLIPSIS
    kind = type(value)
    if kind is int:
        return wcb_from_small(value) if WCB_INT_MIN <= value <= WCB_INT_MAX else 0
    if kind is float:
        return wcb_new_float(ctx, value)
    if kind is complex:
        return wcb_new_complex(ctx, value.real, value.imag)
    if kind is str:
        return program._string(value)
    if kind in (tuple, list, set, frozenset):
        return _collection(ctx, program, kind, list(value))
    if kind is dict:
        return _collection(ctx, program, kind, [part for pair in value.items() for part in pair])
    return 0


cdef wcv _collection(wcb_ctx *ctx, Program program, object kind, list values) except? 0:
    cdef Py_ssize_t count = len(values), index
    cdef wcv *items = <wcv *>malloc((count + 1) * sizeof(wcv))
    cdef wcv made = 0
    if items == NULL:
        raise MemoryError
    try:
        for index in range(count):
            items[index] = _value(ctx, program, values[index])
            if items[index] == 0:
                return 0
        if kind is tuple:
            made = wcb_new_tuple(ctx, count, items)
        elif kind is list:
            made = wcb_new_list(ctx, count, items)
        elif kind is set:
            made = wcb_new_set(ctx, count, items)
        elif kind is frozenset:
            made = wcb_new_frozenset(ctx, count, items)
        else:
            made = wcb_new_dict(ctx, count // 2, items)
    finally:
        free(items)
    return made


cdef str _text(wcv value):
    cdef const wcb_str *text = <const wcb_str *>value
    cdef Py_ssize_t index
    if text.width == 1:
        return "".join([chr(text.data[index]) for index in range(text.length)])
    return "".join([chr((<const uint32_t *>text.data)[index]) for index in range(text.length)])


cdef object _python(wcv value, int depth):
    """A value of the runtime as a Python value: see ``Program.run``."""
    cdef const wcb_table *table
    cdef int32_t kind
    if depth > 200:
        return "deep"
    if wcb_is_small(value):
        return wcb_small(value)
    if not wcb_is_object(value):
        constants = {WCB_NONE: None, WCB_TRUE: True, WCB_FALSE: False}
        constants |= {WCB_ELLIPSIS: ..., WCB_NOT_IMPLEMENTED: NotImplemented}
        return constants[value]
    kind = wcb_kind(value)
    if wcb_type_of(value).index >= 0:
        if kind == WCB_KIND_INT:
            return (<const wcb_boxed_int *>value).value
        if kind == WCB_KIND_FLOAT:
            return (<const wcb_float *>value).value
        if kind == WCB_KIND_COMPLEX:
            return complex((<const wcb_complex *>value).real, (<const wcb_complex *>value).imag)
        if kind == WCB_KIND_STR:
            return _text(value)
        if kind == WCB_KIND_TUPLE:
            return tuple(_row((<const wcb_tuple *>value).items, (<const wcb_tuple *>value).length, depth))
        if kind == WCB_KIND_LIST:
            return _row((<const wcb_list *>value).items, (<const wcb_list *>value).length, depth)
    table = <const wcb_table *>value
    name = _text(wcb_type_of(value).name)
    if kind == WCB_KIND_DICT:
        pairs = _entries(table, depth, True)
        return ("dict" if name == "dict" else name, pairs)
    if kind == WCB_KIND_SET or kind == WCB_KIND_FROZENSET:
        return (name, _entries(table, depth, False))
    return ("object", name)


cdef list _row(const wcv *items, int64_t length, int depth):
    cdef int64_t index
    return [_python(items[index], depth + 1) for index in range(length)]


cdef list _entries(const wcb_table *table, int depth, bint pairs):
    cdef int32_t index
    found = []
    for index in range(table.filled):
        if table.entries[index].key != 0:
            key = _python(table.entries[index].key, depth + 1)
            found.append((key, _python(table.entries[index].value, depth + 1)) if pairs else key)
    return found


# ---- problems --------------------


cdef class PackedProblem:
    """Packed states of a program, and its steps on them.

    Args:
        program: the program.
        known: the entities that are known by bit, in canonical order, at most 60,000.
        capacity: room for others.
        actions: the action of each index.
    """

    cdef wcb_problem *_problem
    cdef wc_model _model
    cdef readonly Program program

    def __cinit__(self, Program program, const uint32_t[::1] known, int32_t capacity, tuple actions):
        cdef Py_ssize_t count = len(actions), index
        cdef wcv *values = <wcv *>malloc((count + 1) * sizeof(wcv))
        self.program = program
        if values == NULL:
            raise MemoryError
        try:
            for index in range(count):
                values[index] = program._string(actions[index])
            self._problem = wcb_problem_new(
                program._host, &known[0] if known.shape[0] else NULL, <int32_t>known.shape[0], capacity, values,
                <int32_t>count)
        finally:
            free(values)
        if self._problem == NULL:
            raise MemoryError
        memset(&self._model, 0, sizeof(wc_model))
        self._model.abi_version = WC_ABI_VERSION
        self._model.num_words = self._problem.num_words
        self._model.num_actions = <int32_t>count
        self._model.problem = self._problem
        self._model.step = wcb_model_step
        self._model.expand = wcb_model_expand
        self._model.reward = wcb_model_reward

    def __dealloc__(self):
        if self._problem != NULL:
            wcb_problem_free(self._problem)

    @property
    def capsule(self):
        """A capsule that points into this object: keep the object alive while it is in use."""
        return PyCapsule_New(&self._model, WC_MODEL_CAPSULE, NULL)

    @property
    def num_words(self):
        """64-bit words of a packed state."""
        return self._problem.num_words

    def pack(self, const uint32_t[::1] numbers, uint64_t[::1] words):
        """Fill in the words of a state, given by the numbers of its entities; return whether they fit."""
        self._check(words)
        cdef const uint32_t *first = &numbers[0] if numbers.shape[0] else NULL
        return wcb_words_of_ids(self._problem, first, <int32_t>numbers.shape[0], &words[0]) == WC_STATUS_OK

    def unpack(self, const uint64_t[::1] words):
        """Return the numbers of a state's entities, in canonical order."""
        self._check(words)
        cdef Py_ssize_t index, room = self._problem.num_universe + self._problem.capacity + 1
        cdef uint32_t *numbers = <uint32_t *>malloc(room * sizeof(uint32_t))
        if numbers == NULL:
            raise MemoryError
        count = wcb_ids_of_words(self._problem, &words[0], numbers)
        found = [numbers[index] for index in range(count)]
        free(numbers)
        return found

    def step(self, const uint64_t[::1] words, int32_t action, uint64_t[::1] following):
        """Return (status, reward, done) of one step, and fill in its next state; all mean nothing unless it is OK."""
        cdef double reward = 0.0
        cdef uint8_t done = 0
        cdef int32_t status
        self._check(words)
        self._check(following)
        self._check_action(action)
        with nogil:
            status = wcb_model_step(self._problem, &words[0], action, &following[0], &reward, &done, NULL)
        return status, reward, bool(done)

    def reward(self, const uint64_t[::1] words, int32_t action, const uint64_t[::1] following):
        """Return (status, reward, done) of the reward function on a given next state."""
        cdef double reward = 0.0
        cdef uint8_t done = 0
        cdef int32_t status
        self._check(words)
        self._check(following)
        self._check_action(action)
        with nogil:
            status = wcb_model_reward(self._problem, &words[0], action, &following[0], &reward, &done, NULL)
        return status, reward, bool(done)

    cdef int _check(self, const uint64_t[::1] words) except -1:
        if words.shape[0] != self._problem.num_words:
            raise ValueError(f"expected {self._problem.num_words} words")
        return 0

    cdef int _check_action(self, int32_t action) except -1:
        if not 0 <= action < self._problem.num_actions:
            raise ValueError(f"expected an action below {self._problem.num_actions}")
        return 0
