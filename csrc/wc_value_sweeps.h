/* Sweeps of value iteration over the edges of an explored space.
 *
 *     values [count + 1]  double   values[0] is the end of an episode and 0; values[s + 1] belongs to state s
 *
 * The value of a state is the largest return that a sequence of steps from it can have:
 *
 *     value(s) = max over a of  reward(s, a) + discount * value(target(s, a))                        (Bellman 1957)
 *
 * Failed steps do not count; where all fail the value is 0, as at the end of an episode: nothing is paid any more. States
 * that were not expanded keep the value 0.
 *
 * Sweeps in place solve a step that stays where it is for its own state's value: reward / (1 - discount). That is the
 * same fixed point, and a residual that is never smaller than the Bellman residual.
 */
#ifndef WC_VALUE_SWEEPS_H
#define WC_VALUE_SWEEPS_H

#include <math.h>
#include <stdatomic.h>

#include "wc_edges.h"
#include "wc_window.h"

/* What a sweep reads and writes. */
typedef struct wc_sweep {
    const wc_edges *edges;
    double *values;          /* read, and written where the sweep is in place */
    double *following;       /* written otherwise, else NULL */
    uint16_t *policy;        /* NULL, or the best action of each state, the first among equal ones */
    double discount;
    double staying;          /* 1 / (1 - discount), or 0 where steps that stay are steps like others */
    uint32_t count;          /* states to update: 0 .. count - 1 */
    int descending;          /* the order, where it matters */
    uint64_t change;         /* atomic: the bits of the largest change of a value */
    uint64_t updates;        /* atomic: states updated */
} wc_sweep;

/* Values are read while other threads write them: whole, but in no order. */
static inline double wc_value_load(const double *value) {
    uint64_t bits;
    __atomic_load((const uint64_t *)(const void *)value, &bits, __ATOMIC_RELAXED);
    return wc_bits_reward(bits);
}

static inline void wc_value_store(double *value, double new_value) {
    const uint64_t bits = wc_reward_bits(new_value);
    __atomic_store((uint64_t *)(void *)value, &bits, __ATOMIC_RELAXED);
}

/* Bits of numbers from 0 up order as the numbers do. */
static inline void wc_atomic_max(uint64_t *most, double value) {
    const uint64_t bits = wc_reward_bits(value);
    uint64_t seen = __atomic_load_n(most, __ATOMIC_RELAXED);
    while (bits > seen && !__atomic_compare_exchange_n(most, &seen, bits, 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
}

static WC_ALWAYS_INLINE double wc_edge_pays(const wc_edges *edges, size_t place, uint32_t code_bytes) {
    if (code_bytes == 1) return edges->rewards[((const uint8_t *)edges->codes)[place]];
    if (code_bytes == 2) return edges->rewards[((const uint16_t *)edges->codes)[place]];
    return ((const double *)edges->codes)[place];
}

/* The value of a state by those of its successors; *best_action is the first best one, -1 where all steps fail. */
static WC_ALWAYS_INLINE double wc_backup(const wc_sweep *sweep, uint32_t state, uint32_t code_bytes,
                                         uint32_t num_actions, int32_t *best_action) {
    const wc_edges *edges = sweep->edges;
    const size_t first = (size_t)state * num_actions;
    double best = -INFINITY;
    *best_action = -1;
    for (uint32_t action = 0; action < num_actions; action++) {
        const uint32_t target = edges->targets[first + action];
        const double reward = wc_edge_pays(edges, first + action, code_bytes);
        double q_value = reward + sweep->discount * wc_value_load(sweep->values + target);
        if (sweep->staying != 0.0 && target == state + 1) q_value = reward * sweep->staying;
        if (q_value > best) {
            best = q_value;
            *best_action = (int32_t)action;
        }
    }
    return best == -INFINITY ? 0.0 : best;
}

/* Updates states begin .. end - 1. Returns the largest change. */
static WC_ALWAYS_INLINE double wc_sweep_some(const wc_sweep *sweep, uint32_t begin, uint32_t end, uint32_t code_bytes,
                                             uint32_t num_actions) {
    double *written = sweep->following != NULL ? sweep->following : sweep->values;
    double change = 0.0;
    for (uint32_t offset = 0; offset < end - begin; offset++) {
        const uint32_t state = sweep->descending ? end - 1 - offset : begin + offset;
        int32_t action;
        const double value = wc_backup(sweep, state, code_bytes, num_actions, &action);
        const double difference = fabs(value - wc_value_load(sweep->values + state + 1));
        if (difference > change) change = difference;
        if (sweep->policy != NULL) sweep->policy[state] = (uint16_t)action;
        wc_value_store(written + state + 1, value);
    }
    return change;
}

static inline double wc_sweep_range(const wc_sweep *sweep, uint32_t begin, uint32_t end) {
    const uint32_t num_actions = sweep->edges->num_actions;
    if (sweep->edges->code_bytes == 1) {
        switch (num_actions) {
            case 2: return wc_sweep_some(sweep, begin, end, 1, 2);
            case 3: return wc_sweep_some(sweep, begin, end, 1, 3);
            case 4: return wc_sweep_some(sweep, begin, end, 1, 4);
            case 5: return wc_sweep_some(sweep, begin, end, 1, 5);
            case 6: return wc_sweep_some(sweep, begin, end, 1, 6);
            default: return wc_sweep_some(sweep, begin, end, 1, num_actions);
        }
    }
    return wc_sweep_some(sweep, begin, end, sweep->edges->code_bytes, num_actions);
}

/* A piece of a sweep, in whichever thread: places begin .. end - 1 of the order. */
static inline void wc_sweep_chunk(void *context, int64_t begin, int64_t end, void *scratch) {
    wc_sweep *sweep = context;
    (void)scratch;
    const uint32_t first = sweep->descending ? sweep->count - (uint32_t)end : (uint32_t)begin;
    wc_atomic_max(&sweep->change, wc_sweep_range(sweep, first, first + (uint32_t)(end - begin)));
    __atomic_fetch_add(&sweep->updates, (uint64_t)(end - begin), __ATOMIC_RELAXED);
}

/* The Bellman residual: the largest difference between a state's value and what its successors say. Writes nothing. */
static inline void wc_residual_chunk(void *context, int64_t begin, int64_t end, void *scratch) {
    wc_sweep *sweep = context;
    wc_sweep plain = *sweep;
    (void)scratch;
    plain.staying = 0.0;
    double residual = 0.0;
    for (int64_t state = begin; state < end; state++) {
        int32_t action;
        const double value =
            wc_backup(&plain, (uint32_t)state, plain.edges->code_bytes, plain.edges->num_actions, &action);
        residual = fmax(residual, fabs(value - plain.values[state + 1]));
    }
    wc_atomic_max(&sweep->change, residual);
}

#endif /* WC_VALUE_SWEEPS_H */
