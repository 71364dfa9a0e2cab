"""Monte-Carlo tree search over packed states: the door to csrc/wc_uct.h and the headers beside it."""

import atexit

from libc.math cimport isfinite
from libc.stddef cimport size_t
from libc.stdint cimport int32_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free

from wc_engine.models._core.abi cimport (
    WC_MAX_THREADS, WC_MODEL_NEEDS_GIL, model_of, wc_clock_seconds, wc_model, wc_pool, wc_pool_end, wc_pool_prepare,
)
from wc_engine.planners._core.abi cimport (
    WC_SEARCH_MEMORY, WC_SEARCH_PAUSED, WC_UCT_NO_BLOCK, wc_limits, wc_search_status, wc_uct, wc_uct_advance,
    wc_uct_block, wc_uct_block_at, wc_uct_bytes, wc_uct_config, wc_uct_counts, wc_uct_free, wc_uct_generated,
    wc_uct_hooks, wc_uct_init, wc_uct_mean, wc_uct_run, wc_uct_team, wc_uct_team_begin, wc_uct_team_run,
)

import numpy as np

cdef wc_pool pool  # of all searches of the process: see csrc/wc_threads.h for who may touch it when


@atexit.register
def _end_threads():
    wc_pool_end(&pool)


cdef int call_prior(void *context, const uint64_t *state, double *priors) noexcept with gil:
    cdef MctsSearch search = <MctsSearch>context
    cdef int32_t action
    try:
        for action, prior in enumerate(search._prior(search._words(state))):
            priors[action] = prior
        return 1
    except BaseException as error:  # nothing may pass through C: `run` raises it
        search._error = error
        return 0


cdef int call_value(void *context, const uint64_t *state, double *value) noexcept with gil:
    cdef MctsSearch search = <MctsSearch>context
    try:
        value[0] = search._finite(search._value(search._words(state)))
        return 1
    except BaseException as error:  # as above
        search._error = error
        return 0


cdef int call_shape(
    void *context, const uint64_t *state, int32_t action, const uint64_t *next, double *more
) noexcept with gil:
    cdef MctsSearch search = <MctsSearch>context
    try:
        more[0] = search._finite(search._shape(search._words(state), action, search._words(next)))
        return 1
    except BaseException as error:  # as above
        search._error = error
        return 0


cdef class MctsSearch:
    """One search. It borrows the model: ``capsule`` is kept alive, its problem must be by the caller.

    With several threads, ``share_tree`` says whether they have one tree or one each. The hooks are called with packed
    words, under the GIL: ``prior`` returns a weight for every action, ``value`` the value of a leaf, ``shape`` what is
    added to the reward of a step.
    """

    cdef wc_uct *_searches  # [num_searches]
    cdef wc_uct_team _team
    cdef const wc_model *_model
    cdef object _capsule
    cdef object _prior
    cdef object _value
    cdef object _shape
    cdef object _error
    cdef bint _has_memory
    cdef bint _running

    def __cinit__(
        self, object capsule, const uint64_t[::1] initial_words, size_t memory_limit, *, double exploration,
        double discount, double first_play_urgency, double virtual_loss, uint32_t depth_limit, uint32_t rollout_depth,
        bint puct, bint stop_at_first_plan, bint expand_once, bint prune_solved, uint64_t seed, int32_t num_threads=1,
        bint share_tree=True, object prior=None, object value=None, object shape=None,
    ):
        cdef wc_uct_hooks hooks = wc_uct_hooks(<void *>self, NULL, NULL, NULL)
        cdef wc_uct_config config
        cdef int32_t number
        self._model = model_of(capsule)
        self._capsule = capsule
        self._prior, self._value, self._shape = prior, value, shape
        if prior is not None:
            hooks.prior = call_prior
        if value is not None:
            hooks.value = call_value
        if shape is not None:
            hooks.shape = call_shape
        if initial_words.shape[0] != self._model.num_words:
            raise ValueError(f"expected {self._model.num_words} initial words, got {initial_words.shape[0]}")
        if self._model.flags & WC_MODEL_NEEDS_GIL:
            num_threads = 1  # they would only wait for each other
        num_threads = max(1, min(num_threads, WC_MAX_THREADS))
        self._team.num_threads = num_threads
        self._team.num_searches = 1 if share_tree else num_threads
        self._searches = <wc_uct *>calloc(self._team.num_searches, sizeof(wc_uct))
        self._team.statuses = <wc_search_status *>calloc(self._team.num_searches, sizeof(wc_search_status))
        if self._searches == NULL or self._team.statuses == NULL:
            raise MemoryError
        self._team.searches = self._searches
        self._has_memory = True
        for number in range(self._team.num_searches):
            config = wc_uct_config(
                exploration, discount, first_play_urgency, virtual_loss, depth_limit, rollout_depth, puct,
                stop_at_first_plan, expand_once, prune_solved, share_tree and num_threads > 1, seed + number,
                memory_limit // <size_t>self._team.num_searches, hooks)
            self._has_memory &= wc_uct_init(
                self._searches + number, self._model, &initial_words[0], &config, num_threads if share_tree else 1)

    def __dealloc__(self):
        cdef int32_t number
        if self._searches != NULL:
            for number in range(self._team.num_searches):
                wc_uct_free(self._searches + number)
        free(self._searches)
        free(self._team.statuses)

    def run(self, double slice_seconds, double seconds_left, uint64_t budget):
        """Run for a slice without the GIL; return the status as a number of ``wc_search_status``.

        ``budget`` counts from the start of the search. What a hook raised is raised here.
        """
        cdef double now = wc_clock_seconds()
        cdef wc_limits limits = wc_limits(now + slice_seconds, now + seconds_left, budget)
        cdef wc_search_status status
        if not self._has_memory:
            return <int>WC_SEARCH_MEMORY
        if self._team.num_threads > 1:
            wc_pool_prepare(&pool)
            if not self._running:
                wc_uct_team_begin(&self._team)
            with nogil:
                status = wc_uct_team_run(&self._team, &pool, &limits)
        else:
            with nogil:
                status = wc_uct_run(self._searches, &limits)
        self._running = status == WC_SEARCH_PAUSED
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        return <int>status

    def advance(self, const uint64_t[::1] words):
        """Make a state the root and keep what is known from there on."""
        cdef int32_t number
        if words.shape[0] != self._model.num_words:
            raise ValueError(f"expected {self._model.num_words} words, got {words.shape[0]}")
        self._running = False
        for number in range(self._team.num_searches if self._has_memory else 0):
            self._has_memory &= wc_uct_advance(self._searches + number, &words[0])

    def plan(self):
        """Return the indices of the best plan's actions so far, or None."""
        cdef int32_t number
        cdef uint32_t position
        cdef wc_uct *search
        cdef wc_uct *best = NULL
        for number in range(self._team.num_searches):
            search = self._searches + number
            if search.plan_length != 0 and (best == NULL or search.plan_return > best.plan_return):
                best = search
        return None if best == NULL else [best.plan[position] for position in range(best.plan_length)]

    def halt(self):
        """Return the words, action and status of the step on which the search halted."""
        cdef int32_t number
        cdef wc_uct *search = self._searches
        for number in range(self._team.num_searches):
            if self._searches[number].halt.state != NULL:
                search = self._searches + number
        return self._words(search.halt.state), search.halt.action, search.halt.status

    def root_statistics(self):
        """Return visit counts and mean returns of the root's actions. Shapes ``[A]``, int64 and float64.

        Of several trees, the visits are added up and the means weighted by them.
        """
        cdef int32_t action, number
        cdef uint32_t visits
        cdef wc_uct *search
        cdef wc_uct_block *block
        visit_counts = np.zeros(self._model.num_actions, dtype=np.int64)
        q_values = np.zeros(self._model.num_actions, dtype=np.float64)
        for number in range(self._team.num_searches):
            search = self._searches + number
            if not self._has_memory or search.root_block == WC_UCT_NO_BLOCK:
                continue
            block = wc_uct_block_at(&search.tree, search.root_block)
            for action in range(self._model.num_actions):
                visits = wc_uct_counts(block, search.tree.layout.visits)[action]
                if visits == 0:
                    continue
                visit_counts[action] += visits
                q_values[action] += (wc_uct_mean(&search.tree, block, action) - q_values[action]) * (
                    visits / <double>visit_counts[action])
        return visit_counts, q_values

    cdef object _words(self, const uint64_t *state):
        cdef int32_t word_index
        words = np.empty(self._model.num_words, dtype=np.uint64)
        for word_index in range(self._model.num_words):
            words[word_index] = state[word_index]
        return words

    cdef double _finite(self, object value) except? -1.0:
        cdef double number = value
        if not isfinite(number):
            raise ValueError(f"a hook returned {number}: expected a finite number")
        return number

    @property
    def expanded(self):
        cdef int32_t number
        return sum([self._searches[number].tree.num_blocks for number in range(self._team.num_searches)])

    @property
    def generated(self):
        cdef int32_t number
        return sum([wc_uct_generated(self._searches + number) for number in range(self._team.num_searches)])

    @property
    def bytes(self):
        cdef int32_t number
        if not self._has_memory:
            return 0
        return sum([wc_uct_bytes(self._searches + number) for number in range(self._team.num_searches)])

    @property
    def stored(self):
        cdef int32_t number
        return sum([self._searches[number].tree.table.count for number in range(self._team.num_searches)])

    @property
    def simulations(self):
        cdef int32_t number
        return sum([self._searches[number].simulations for number in range(self._team.num_searches)])
