/* Value iteration by hand over an explicit table: the yardstick for sweeps. Targets below 0 are ends of episodes. */
#include <stdint.h>

/* One synchronous sweep of `count` states. */
void sweep(int64_t count, int32_t num_actions, const int32_t *targets, const double *rewards, double discount,
           const double *values, double *following) {
    for (int64_t state = 0; state < count; state++) {
        double best = -1e300;
        for (int32_t action = 0; action < num_actions; action++) {
            const int64_t place = state * num_actions + action;
            const int32_t target = targets[place];
            const double q_value = rewards[place] + (target >= 0 ? discount * values[target] : 0.0);
            if (q_value > best) best = q_value;
        }
        following[state] = best;
    }
}
