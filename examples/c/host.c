/* A C program that plans: it links a model and the planners' headers, and neither Python nor any library.
 *
 *     cc -std=gnu11 -O3 -pthread -I"$(python -c 'import wc_engine; print(wc_engine.get_include())')" \
 *         examples/c/host.c examples/c/jugs.c -o jugs -lm
 *     ./jugs 3 5 4
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "jugs.h"
#include "wc_breadth_first.h"

enum { ARGUMENTS = 4, NO_PLAN = 1, MISUSE = 2 };

/* Searches to the end. A host with a life of its own would give slices of 10 ms instead, and look around between. */
static wc_search_status search_all(wc_bfs *search) {
    const wc_limits limits = {.slice_end = INFINITY, .deadline = INFINITY, .budget = UINT64_MAX};
    wc_search_status status;
    do status = wc_bfs_run(search, &limits);
    while (status == WC_SEARCH_PAUSED);
    return status;
}

static void print_plan(wc_bfs *search) {
    const uint32_t length = wc_bfs_plan_length(search);
    int32_t *actions = malloc(length * sizeof *actions);
    if (actions != NULL && wc_bfs_plan(search, actions)) {
        for (uint32_t place = 0; place < length; place++) puts(jugs_action_names[actions[place]]);
    }
    free(actions);
}

int main(int argc, char **argv) {
    if (argc != ARGUMENTS) {
        fprintf(stderr, "usage: %s LEFT RIGHT GOAL\n", argv[0]);
        return MISUSE;
    }
    wc_model *model = jugs_new(atoi(argv[1]), atoi(argv[2]), atoi(argv[3]));
    const uint64_t empty = 0;
    wc_bfs search;
    wc_search_status status = WC_SEARCH_MEMORY;
    if (model == NULL) return MISUSE;
    if (wc_bfs_init(&search, model, &empty, (size_t)1 << 26, 1)) status = search_all(&search);
    if (status == WC_SEARCH_SOLVED) print_plan(&search);
    if (status == WC_SEARCH_EXHAUSTED) puts("there is no plan");
    wc_bfs_free(&search); /* also where there was no memory to begin */
    jugs_free(model);
    return status == WC_SEARCH_SOLVED ? 0 : NO_PLAN;
}
