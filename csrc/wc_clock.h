/* The clock of deadlines. */
#ifndef WC_CLOCK_H
#define WC_CLOCK_H

#include <time.h>

/* Seconds on a clock that never goes back, from an arbitrary start. */
static inline double wc_clock_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

#endif /* WC_CLOCK_H */
