# The searches of csrc/ as Cython sees them. Only .pxd files read csrc/; the contract itself is in models/_core/abi.pxd.
#
# Ownership: a wc_model belongs to the problem that made it; searches borrow it. A search struct belongs to one call,
# which frees it. Everything here runs without the GIL and cannot raise.

from libc.stddef cimport size_t
from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t

from wc_engine.models._core.abi cimport wc_model, wc_pool


cdef extern from "wc_table.h" nogil:
    ctypedef struct wc_table:
        uint64_t *words
        uint32_t count

    const uint64_t *wc_table_words(const wc_table *table, uint32_t index)


cdef extern from "wc_search.h" nogil:
    ctypedef enum wc_search_status:
        WC_SEARCH_PAUSED
        WC_SEARCH_SOLVED
        WC_SEARCH_EXHAUSTED
        WC_SEARCH_TIME
        WC_SEARCH_MEMORY
        WC_SEARCH_BUDGET
        WC_SEARCH_HALTED

    ctypedef struct wc_halt:
        const uint64_t *state
        int32_t action
        int32_t status

    ctypedef struct wc_limits:
        double slice_end
        double deadline
        uint64_t budget


cdef extern from "wc_edges.h" nogil:
    ctypedef struct wc_edges:
        const uint32_t *targets

    double wc_edges_reward(const wc_edges *edges, size_t place)


cdef extern from "wc_window.h" nogil:
    ctypedef struct wc_space:
        wc_table table


cdef extern from "wc_explore.h" nogil:
    const int32_t WC_MAX_EXPLORERS

    ctypedef struct wc_exploration:
        wc_space space
        wc_edges edges
        uint32_t cursor

    uint64_t wc_exploration_expanded(const wc_exploration *exploration)
    uint64_t wc_exploration_generated(const wc_exploration *exploration)


cdef extern from "wc_breadth_first.h" nogil:
    ctypedef struct wc_bfs:
        wc_exploration exploration
        wc_halt halt

    int wc_bfs_init(wc_bfs *search, const wc_model *model, const uint64_t *initial, size_t memory_limit,
                    int32_t num_threads)
    void wc_bfs_free(wc_bfs *search)
    wc_search_status wc_bfs_run(wc_bfs *search, const wc_limits *limits)
    uint32_t wc_bfs_plan_length(const wc_bfs *search)
    int wc_bfs_plan(wc_bfs *search, int32_t *actions)
    size_t wc_bfs_bytes(const wc_bfs *search)


cdef extern from "wc_uct_parallel.h" nogil:
    const uint32_t WC_UCT_ROOT
    const uint32_t WC_UCT_NO_BLOCK

    ctypedef struct wc_uct_hooks:
        void *context
        int (*prior)(void *context, const uint64_t *state, double *priors) noexcept nogil
        int (*value)(void *context, const uint64_t *state, double *value) noexcept nogil
        int (*shape)(void *context, const uint64_t *state, int32_t action, const uint64_t *next,
                     double *more) noexcept nogil

    ctypedef struct wc_uct_config:
        double exploration
        double discount
        double first_play_urgency
        double virtual_loss
        uint32_t depth_limit
        uint32_t rollout_depth
        int puct
        int stop_at_first_plan
        int expand_once
        int prune_solved
        int shared
        uint64_t seed
        size_t memory_limit
        wc_uct_hooks hooks

    ctypedef struct wc_uct_block:
        uint32_t visits

    ctypedef struct wc_uct_layout:
        size_t visits

    ctypedef struct wc_uct_tree:
        wc_table table
        wc_uct_layout layout
        uint32_t num_blocks

    ctypedef struct wc_uct:
        wc_uct_tree tree
        uint32_t root_block
        uint32_t simulations
        int32_t *plan
        uint32_t plan_length
        double plan_return
        wc_halt halt
        int hook_failed

    ctypedef struct wc_uct_team:
        wc_uct *searches
        int32_t num_searches
        int32_t num_threads
        wc_search_status *statuses

    int wc_uct_init(wc_uct *search, const wc_model *model, const uint64_t *initial, const wc_uct_config *config,
                    int32_t num_walkers)
    void wc_uct_free(wc_uct *search)
    wc_search_status wc_uct_run(wc_uct *search, const wc_limits *limits)
    wc_uct_block *wc_uct_block_at(const wc_uct_tree *tree, uint32_t index)
    uint32_t *wc_uct_counts(wc_uct_block *block, size_t offset)
    double wc_uct_mean(const wc_uct_tree *tree, wc_uct_block *block, int32_t action)
    uint64_t wc_uct_generated(const wc_uct *search)
    size_t wc_uct_bytes(const wc_uct *search)
    void wc_uct_team_begin(wc_uct_team *team)
    wc_search_status wc_uct_team_run(wc_uct_team *team, wc_pool *pool, const wc_limits *limits)


cdef extern from "wc_uct_reuse.h" nogil:
    int wc_uct_advance(wc_uct *search, const uint64_t *words)


cdef extern from "wc_value_sweeps.h" nogil:
    ctypedef struct wc_sweep:
        double *values
        uint64_t updates


cdef extern from "wc_value_iteration.h" nogil:
    ctypedef enum wc_vi_method:
        WC_VI_SYNCHRONOUS

    ctypedef struct wc_vi_config:
        double discount
        double tolerance
        uint32_t depth_limit
        uint32_t max_sweeps
        int32_t num_threads
        wc_vi_method method
        size_t memory_limit

    ctypedef struct wc_vi:
        wc_exploration exploration
        wc_halt halt
        wc_search_status swept
        wc_sweep sweep
        uint32_t num_sweeps
        double *residuals
        double residual
        int32_t *plan
        uint32_t plan_length
        int plan_is_greedy

    int wc_vi_init(wc_vi *search, const wc_model *model, const uint64_t *initial, const wc_vi_config *config)
    void wc_vi_free(wc_vi *search)
    wc_search_status wc_vi_run(wc_vi *search, const wc_limits *limits)
    size_t wc_vi_bytes(const wc_vi *search)


cdef extern from "wc_value_plan.h" nogil:
    int32_t wc_vi_greedy(const wc_vi *search, uint32_t state)
    int wc_vi_plan(wc_vi *search)
    wc_search_status wc_vi_status(const wc_vi *search)


cdef extern from "wc_fields.h" nogil:
    ctypedef struct wc_field:
        uint32_t word
        uint32_t shift
        uint32_t width
        uint32_t group
        uint64_t absent
        uint32_t has_absent


cdef extern from "wc_estimate.h" nogil:
    const uint32_t WC_DEAD_END
    const uint32_t WC_PATTERN_MAX_WORDS

    ctypedef struct wc_copy:
        uint32_t from_word
        uint32_t from_shift
        uint32_t to_word
        uint32_t to_shift
        uint32_t width
        uint32_t has_absent

    ctypedef struct wc_pattern:
        const wc_copy *copies
        uint32_t num_copies
        const uint64_t *base
        const wc_table *table
        const uint32_t *distances
        uint32_t unknown

    ctypedef struct wc_estimator:
        const wc_pattern *patterns
        uint32_t num_patterns
        int takes_maximum

    ctypedef struct wc_estimate:
        uint32_t distance
        uint32_t unmet

    wc_estimate wc_estimate_state(const wc_estimator *estimator, const uint64_t *state)


cdef extern from "wc_projection.h" nogil:
    ctypedef struct wc_projection:
        wc_table table
        uint32_t cursor
        uint64_t goal_steps
        uint64_t generated
        uint32_t *distances

    int wc_projection_init(wc_projection *projection, const wc_model *model, size_t memory_limit)
    void wc_projection_free(wc_projection *projection)
    int wc_projection_store(wc_projection *projection, const uint64_t *words, uint32_t *index)
    wc_search_status wc_projection_explore(wc_projection *projection, uint32_t max_states, double slice_end,
                                           double deadline)
    int wc_projection_measure(wc_projection *projection, const uint8_t *is_goal, const uint64_t *free_bits)
    int wc_projection_probe(const wc_projection *projection, const wc_model *other, void *scratch, uint8_t *reached)
    size_t wc_projection_bytes(const wc_projection *projection)


cdef extern from "wc_best_first.h" nogil:
    ctypedef struct wc_best_config:
        int evaluation
        const wc_estimator *estimator
        const wc_field *fields
        uint32_t num_fields
        uint32_t novelty_width
        uint32_t nearest_turns
        const uint64_t *free_bits
        size_t memory_limit

    ctypedef struct wc_best:
        wc_table table
        uint64_t expanded
        uint64_t generated
        wc_halt halt

    int wc_best_init(wc_best *search, const wc_model *model, const uint64_t *initial, const wc_best_config *config)
    void wc_best_free(wc_best *search)
    wc_search_status wc_best_run(wc_best *search, const wc_limits *limits)
    uint32_t wc_best_plan_length(const wc_best *search)
    int wc_best_plan(wc_best *search, int32_t *actions)
    size_t wc_best_bytes(const wc_best *search)


cdef extern from "wc_deepening.h" nogil:
    ctypedef struct wc_deep_frame:
        int32_t action

    ctypedef struct wc_deep:
        wc_deep_frame *frames
        uint32_t depth
        uint32_t capacity
        uint64_t expanded
        uint64_t generated
        wc_halt halt

    int wc_deep_init(wc_deep *search, const wc_model *model, const uint64_t *initial, const wc_estimator *estimator,
                     size_t memory_limit)
    void wc_deep_free(wc_deep *search)
    wc_search_status wc_deep_run(wc_deep *search, const wc_limits *limits)
    size_t wc_deep_bytes(const wc_deep *search)
