"""Packing many states at once: entities are known by address, so that most of them cost one look into a table."""

from cpython.bytes cimport PyBytes_FromStringAndSize
from cpython.object cimport PyObject
from libc.stddef cimport size_t
from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t, uintptr_t
from libc.stdlib cimport calloc, free, malloc, realloc

import numpy as np

cdef int32_t STATIC = -1  # the entity is not in the packed state
cdef int32_t STRANGE = -2  # it does not fit the schema
cdef size_t FIRST_CAPACITY = 1 << 12

ctypedef struct known_entity:
    PyObject *address  # kept alive by StatePacker._kept; NULL: free
    int32_t kind  # index of its dynamic type, STATIC or STRANGE
    uint64_t code  # its row code, or the number of the static entity


cdef class StatePacker:
    """Packs states of one schema.

    ``resolve`` says what an entity is: (index of its dynamic type, row code), (-1, number) for one that is not in the
    packed state, where equal entities have equal numbers, and (-2, 0) for one that does not fit the schema. It is asked
    again about entities beyond ``max_entities``: then all are forgotten.
    """

    cdef object _resolve
    cdef int32_t _num_types
    cdef known_entity *_table
    cdef size_t _capacity  # a power of two
    cdef list _kept
    cdef Py_ssize_t _max_entities
    cdef dict _groups  # numbers of static entities as bytes -> group
    cdef int32_t *_numbers  # of one state
    cdef size_t _room
    cdef int64_t *_counts  # [T]: entities of each dynamic type in one state

    def __cinit__(self, resolve, int32_t num_types, Py_ssize_t max_entities):
        self._resolve = resolve
        self._num_types = num_types
        self._kept = []
        self._max_entities = max_entities
        self._groups = {}
        self._capacity = FIRST_CAPACITY
        self._table = <known_entity *>calloc(self._capacity, sizeof(known_entity))
        self._counts = <int64_t *>calloc(num_types + 1, sizeof(int64_t))
        if self._table == NULL or self._counts == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self._table)
        free(self._numbers)
        free(self._counts)

    def survey(self, list states):
        """Return the group of each state [B] and the most entities of each dynamic type in any state [T].

        States whose static entities are equal have equal groups, numbered from 0 over all calls; -1: an entity does
        not fit the schema.
        """
        cdef Py_ssize_t place, type_index
        cdef size_t num_statics
        cdef int32_t[::1] groups
        cdef int64_t[::1] most
        cdef known_entity found
        cdef tuple entities
        cdef bint fits
        group_array, most_array = np.empty(len(states), np.int32), np.zeros(self._num_types, np.int64)
        groups, most = group_array, most_array
        for place in range(len(states)):
            entities = states[place].entities
            self._make_room(len(entities))
            num_statics, fits = 0, True
            for type_index in range(self._num_types):
                self._counts[type_index] = 0
            for entity in entities:
                found = self._find(entity)
                if found.kind == STATIC:
                    self._numbers[num_statics] = <int32_t>found.code
                    num_statics += 1
                elif found.kind == STRANGE:
                    fits = False
                else:
                    self._counts[found.kind] += 1
            groups[place] = self._group(num_statics) if fits else -1
            for type_index in range(self._num_types):
                most[type_index] = max(most[type_index], self._counts[type_index])
        return group_array, most_array

    def codes(self, list states):
        """Return the codes of all entities, state by state [E], and where those of each state begin and end [B + 1].

        Also whether all entities of a state fit [B]; the codes of one that does not mean nothing.
        """
        cdef Py_ssize_t place, position = 0
        cdef known_entity found
        cdef uint64_t[::1] codes
        cdef int64_t[::1] ends
        cdef uint8_t[::1] fits
        end_array, fit_array = np.zeros(len(states) + 1, np.int64), np.ones(len(states), np.uint8)
        ends, fits = end_array, fit_array
        for place in range(len(states)):
            ends[place + 1] = ends[place] + len(states[place].entities)
        code_array = np.zeros(ends[len(states)], np.uint64)
        codes = code_array
        for place in range(len(states)):
            for entity in states[place].entities:
                found = self._find(entity)
                if found.kind == STRANGE:
                    fits[place] = False
                codes[position] = found.code
                position += 1
        return code_array, end_array, fit_array != 0

    def pack(
        self, list states, int32_t num_words, const int64_t[::1] first_slots, const int64_t[::1] slot_words,
        const int64_t[::1] slot_shifts, const uint64_t[::1] absents,
    ):
        """Return the words [B, W] and whether each state fits [B].

        The rows of type t lie at the slots from first_slots[t] to first_slots[t + 1]: a word and a shift each; absents
        [T] is the code of a row that is not there.
        """
        cdef Py_ssize_t place, type_index, row, slot
        cdef size_t room
        cdef int64_t num_slots = first_slots[self._num_types]
        cdef uint64_t[:, ::1] words
        cdef uint8_t[::1] fits
        cdef known_entity found
        cdef uint64_t *codes = <uint64_t *>malloc(<size_t>(num_slots + 1) * sizeof(uint64_t))
        word_array, fit_array = np.zeros((len(states), num_words), np.uint64), np.ones(len(states), np.uint8)
        words, fits = word_array, fit_array
        if codes == NULL:
            raise MemoryError
        try:
            for place in range(len(states)):
                for type_index in range(self._num_types):
                    self._counts[type_index] = 0
                for entity in states[place].entities:
                    found = self._find(entity)
                    if found.kind == STATIC:
                        continue
                    room = 0 if found.kind < 0 else first_slots[found.kind + 1] - first_slots[found.kind]
                    if found.kind < 0 or self._counts[found.kind] >= <int64_t>room:
                        fits[place] = False
                        break
                    insert_code(codes + first_slots[found.kind], self._counts[found.kind], found.code)
                    self._counts[found.kind] += 1
                if not fits[place]:
                    continue
                for type_index in range(self._num_types):
                    for slot in range(first_slots[type_index], first_slots[type_index + 1]):
                        row = slot - first_slots[type_index]
                        words[place, slot_words[slot]] |= (
                            codes[slot] if row < self._counts[type_index] else absents[type_index]
                        ) << slot_shifts[slot]
        finally:
            free(codes)
        return word_array, fit_array != 0

    cdef known_entity _find(self, object entity) except *:
        """What is known of an entity; it is asked for where nothing is."""
        cdef size_t place = slot_of(<PyObject *>entity, self._capacity)
        cdef known_entity *known
        while True:
            known = &self._table[place]
            if known.address == <PyObject *>entity:
                return known[0]
            if known.address == NULL:
                return self._learn(entity)
            place = (place + 1) & (self._capacity - 1)

    cdef known_entity _learn(self, object entity) except *:
        cdef known_entity known
        kind, code = self._resolve(entity)
        known.address = <PyObject *>entity
        known.kind = kind
        known.code = code
        if len(self._kept) >= self._max_entities:
            self._forget()
        elif 2 * len(self._kept) >= <Py_ssize_t>self._capacity:
            self._grow()
        self._kept.append(entity)
        self._put(known)
        return known

    cdef void _put(self, known_entity known) noexcept:
        cdef size_t place = slot_of(known.address, self._capacity)
        while self._table[place].address != NULL:
            place = (place + 1) & (self._capacity - 1)
        self._table[place] = known

    cdef int _grow(self) except -1:
        cdef known_entity *before = self._table
        cdef size_t place
        cdef size_t capacity = self._capacity
        cdef known_entity *larger = <known_entity *>calloc(2 * capacity, sizeof(known_entity))
        if larger == NULL:
            raise MemoryError
        self._table = larger
        self._capacity = 2 * capacity
        for place in range(capacity):
            if before[place].address != NULL:
                self._put(before[place])
        free(before)
        return 0

    cdef void _forget(self) noexcept:
        cdef size_t place
        for place in range(self._capacity):
            self._table[place].address = NULL
        self._kept.clear()

    cdef int _make_room(self, size_t count) except -1:
        cdef int32_t *larger
        if count >= self._room:
            larger = <int32_t *>realloc(self._numbers, 2 * (count + 1) * sizeof(int32_t))
            if larger == NULL:
                raise MemoryError
            self._numbers = larger
            self._room = 2 * (count + 1)
        return 0

    cdef int32_t _group(self, size_t num_statics) except -2:
        key = PyBytes_FromStringAndSize(<char *>self._numbers, num_statics * sizeof(int32_t))
        return self._groups.setdefault(key, len(self._groups))


cdef inline size_t slot_of(PyObject *address, size_t capacity) noexcept:
    cdef uint64_t mixed = (<uint64_t><uintptr_t>address >> 4) * <uint64_t>0x9e3779b97f4a7c15
    return <size_t>(mixed >> 32) & (capacity - 1)


cdef inline void insert_code(uint64_t *codes, int64_t count, uint64_t code) noexcept:
    """Put a code where it belongs among ``count`` ascending ones."""
    while count > 0 and codes[count - 1] > code:
        codes[count] = codes[count - 1]
        count -= 1
    codes[count] = code
