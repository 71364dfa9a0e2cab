/* Sokoban by hand behind the C contract: the yardstick for compiled models.
 *
 * The problem holds the walls and targets by cell. A state is bytes: the player's cell, then the boxes' cells in
 * ascending order, packed into words from the low byte up; bytes behind the last box are zero. Cells are numbered on
 * the level with a wall around it, so no move leaves the board. Rewards as gym-sokoban gives them on four moves:
 * -0.1 a step, +1 and -1 for a box onto and off a target, +10 and done when all targets have boxes.
 */
#include <stdint.h>
#include <string.h>

#include "wc_abi.h"

enum { MAX_CELLS = 256, NUM_ACTIONS = 4 };

typedef struct sokoban {
    int32_t num_boxes;
    int32_t num_targets;
    int32_t num_words;
    int32_t moves[NUM_ACTIONS]; /* up, down, left, right: what they add to a cell */
    uint8_t wall[MAX_CELLS];
    uint8_t target[MAX_CELLS];
} sokoban;

static inline int32_t byte_of(const uint64_t *words, int32_t place) {
    return (int32_t)(words[place >> 3] >> ((place & 7) * 8) & 0xff);
}

static inline void set_byte(uint64_t *words, int32_t place, int32_t value) {
    const int32_t shift = (place & 7) * 8;
    words[place >> 3] = (words[place >> 3] & ~(UINT64_C(0xff) << shift)) | (uint64_t)value << shift;
}

/* The place of the byte that holds a box on this cell, or 0. The player's byte is place 0 and no box. */
static inline int32_t box_at(const sokoban *problem, const uint64_t *words, int32_t cell) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (int32_t word_index = 0; word_index < problem->num_words; word_index++) {
        /* Bytes equal to cell become zero; the lowest zero byte sets the lowest bit found (player: skipped). */
        uint64_t differences = words[word_index] ^ ones * (uint64_t)cell;
        if (word_index == 0) differences |= 0xff;
        const uint64_t zeros = (differences - ones) & ~differences & ones << 7;
        if (zeros != 0) return word_index * 8 + (__builtin_ctzll(zeros) >> 3);
    }
    return 0;
}

static inline int all_on_targets(const sokoban *problem, const uint64_t *words) {
    for (int32_t place = 1; place <= problem->num_boxes; place++) {
        if (!problem->target[byte_of(words, place)]) return 0;
    }
    return problem->num_boxes == problem->num_targets;
}

/* Moves one box and keeps the order. */
static inline void move_box(const sokoban *problem, uint64_t *words, int32_t place, int32_t cell) {
    for (; place < problem->num_boxes && byte_of(words, place + 1) < cell; place++) {
        set_byte(words, place, byte_of(words, place + 1));
    }
    for (; place > 1 && byte_of(words, place - 1) > cell; place--) set_byte(words, place, byte_of(words, place - 1));
    set_byte(words, place, cell);
}

/* One move in place. Returns the reward. Cell 0 is a wall, so bytes behind the last box are never found as boxes. */
static inline double move(const sokoban *problem, uint64_t *words, int32_t action, uint8_t *done) {
    const int32_t move = problem->moves[action];
    const int32_t cell = (int32_t)(words[0] & 0xff) + move;
    double reward = -0.1;
    if (!problem->wall[cell]) {
        const int32_t place = box_at(problem, words, cell);
        if (place == 0) {
            set_byte(words, 0, cell);
        } else if (!problem->wall[cell + move] && box_at(problem, words, cell + move) == 0) {
            reward += problem->target[cell + move] - problem->target[cell];
            move_box(problem, words, place, cell + move);
            set_byte(words, 0, cell);
        }
    }
    *done = (uint8_t)all_on_targets(problem, words);
    return *done ? reward + 10.0 : reward;
}

static int32_t step(const void *model_problem, const uint64_t *state, int32_t action, uint64_t *next, double *reward,
                    uint8_t *done, void *scratch) {
    const sokoban *problem = model_problem;
    (void)scratch;
    for (int32_t word_index = 0; word_index < problem->num_words; word_index++) next[word_index] = state[word_index];
    *reward = move(problem, next, action, done);
    return WC_STATUS_OK;
}

static int32_t expand(const void *model_problem, const uint64_t *state, uint64_t *next, double *rewards,
                      uint8_t *dones, int32_t *statuses, void *scratch) {
    const sokoban *problem = model_problem;
    for (int32_t action = 0; action < NUM_ACTIONS; action++) {
        statuses[action] = step(model_problem, state, action, next + action * problem->num_words, &rewards[action],
                                &dones[action], scratch);
    }
    return WC_STATUS_OK;
}

size_t sokoban_problem_bytes(void) { return sizeof(sokoban); }

/* Fills a problem and its model, both in memory of the caller. */
void sokoban_bind(void *problem_memory, wc_model *model, const uint8_t *wall, const uint8_t *target, int32_t width,
                  int32_t num_boxes, int32_t num_targets) {
    sokoban *problem = problem_memory;
    *problem = (sokoban){num_boxes, num_targets, (1 + num_boxes + 7) / 8, {-width, width, -1, 1}, {0}, {0}};
    memcpy(problem->wall, wall, MAX_CELLS);
    memcpy(problem->target, target, MAX_CELLS);
    *model = (wc_model){WC_ABI_VERSION, 0, problem->num_words, NUM_ACTIONS, 0, problem, step, expand, NULL, NULL};
}
