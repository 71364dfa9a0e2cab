/* Two jugs without marks, a tap and a drain: measure an amount. An example of a model of the C contract. */
#ifndef JUGS_H
#define JUGS_H

#include "wc_abi.h"

enum { JUGS_ACTIONS = 6 };

/* The names of the actions, by index. */
extern const char *const jugs_action_names[JUGS_ACTIONS];

/* A model of jugs of `left` and `right` litres (1 to 255); one of them is to hold `goal`. NULL without memory. The
 * caller owns it: give it back with jugs_free once no planner uses it. */
wc_model *jugs_new(int32_t left, int32_t right, int32_t goal);
void jugs_free(wc_model *model);

#endif /* JUGS_H */
