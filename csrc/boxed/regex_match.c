/* Regular expressions: the backtracking matcher. It burns fuel with each way it tries. */
#include "regex.h"

enum { MATCH_STACK = 128, MATCH_SLOTS = 32, MATCH_DEEPEST = 200 };
enum { MATCH_CHOICE, MATCH_UNDO, MATCH_GREEDY, MATCH_LAZY };

/* What to go back to: a place and position to try; a slot's old value; or a REPEAT_ONE that can give back, or take, one
 * character more (position: where it stands, value: how far it may go). */
typedef struct { int32_t what, place; int64_t position, value; } match_entry;

typedef struct {
    wcb_ctx *ctx;
    const wcb_regex *regex;
    const wcb_str *text;
    int64_t start, end;
    regex_mode mode;
    int64_t *slots;
    match_entry *stack;
    int64_t top, capacity;
    int32_t depth;
} matcher;

static int64_t match_run(matcher *m, int32_t place, int64_t position, bool outermost);

static bool match_limit(matcher *m, int status) { return wcb_limit(m->ctx, status) != 0; }

static bool match_push(matcher *m, int32_t what, int32_t place, int64_t position, int64_t value) {
    if (m->top == m->capacity) {
        match_entry *stack = wcb_alloc(m->ctx, 2 * (size_t)m->capacity * sizeof *stack);
        if (!stack) return false;
        memcpy(stack, m->stack, (size_t)m->top * sizeof *stack);
        m->stack = stack;
        m->capacity *= 2;
    }
    m->stack[m->top++] = (match_entry){what, place, position, value};
    return true;
}

static bool match_store(matcher *m, int32_t slot, int64_t value) {
    if (!match_push(m, MATCH_UNDO, slot, 0, m->slots[slot])) return false;
    m->slots[slot] = value;
    return true;
}

/* Takes everything above `base` off the stack and undoes it. */
static void match_undo(matcher *m, int64_t base) {
    while (m->top > base) {
        const match_entry *entry = &m->stack[--m->top];
        if (entry->what == MATCH_UNDO) m->slots[entry->place] = entry->value;
    }
}

/* Drops the choices above `base`, but keeps what must be undone. */
static void match_commit(matcher *m, int64_t base) {
    int64_t to = base;
    for (int64_t i = base; i < m->top; i++)
        if (m->stack[i].what == MATCH_UNDO) m->stack[to++] = m->stack[i];
    m->top = to;
}

/* ---- single characters ---- */

static bool match_set(matcher *m, const int32_t *code, uint32_t c) {
    if (c < 256) return (uint32_t)code[2 + c / 32] >> (c & 31) & 1;
    int32_t flags = code[11], count = code[12];
    bool categories = flags & REGEX_IGNORECASE;
    for (int32_t i = 0; i < count; i++)
        categories |= code[13 + 3 * i] == 'w' || code[13 + 3 * i] == 'd' || code[13 + 3 * i] == 's';
    if (categories && !(flags & REGEX_ASCII) && text_class(c) & TEXT_UNKNOWN) match_limit(m, WC_STATUS_OUT_OF_RANGE);
    return regex_items_have((const regex_item *)(code + 13), count, c, flags) != code[10];
}

/* Whether the instruction takes the character; after a limit the answer means nothing. */
static bool match_one(matcher *m, const int32_t *code, uint32_t c) {
    switch (code[0]) {
    case REGEX_OP_CHAR: return c == (uint32_t)code[1];
    case REGEX_OP_CHAR_FOLDED:
        if (c > 255 && !code[2] && text_class(c) & TEXT_UNKNOWN) match_limit(m, WC_STATUS_OUT_OF_RANGE);
        return regex_lower(c, code[2]) == (uint32_t)code[1];
    case REGEX_OP_ANY: return c != '\n';
    case REGEX_OP_ANY_ALL: return true;
    default: return match_set(m, code, c);
    }
}

static int32_t match_size_of_one(const int32_t *code) {
    switch (code[0]) {
    case REGEX_OP_CHAR: return 2;
    case REGEX_OP_CHAR_FOLDED: return 3;
    case REGEX_OP_SET: return code[1];
    default: return 1;
    }
}

static bool match_is_word(matcher *m, int64_t position, bool ascii) {
    if (position < 0 || position >= m->end) return false;
    uint32_t c = wcb_char_at(m->text, position);
    if (!ascii && text_class(c) & TEXT_UNKNOWN) match_limit(m, WC_STATUS_OUT_OF_RANGE);
    return regex_is_word(c, ascii);
}

static bool match_at(matcher *m, int32_t what, bool ascii, int64_t position) {
    bool boundary;
    switch (what) {
    case REGEX_AT_START: return position == 0;
    case REGEX_AT_LINE_START: return position == 0 || wcb_char_at(m->text, position - 1) == '\n';
    case REGEX_AT_END:
        return position == m->end || (position == m->end - 1 && wcb_char_at(m->text, position) == '\n');
    case REGEX_AT_LINE_END: return position == m->end || wcb_char_at(m->text, position) == '\n';
    case REGEX_AT_VERY_END: return position == m->end;
    default:
        if (m->end == 0) return false;
        boundary = match_is_word(m, position - 1, ascii) != match_is_word(m, position, ascii);
        return boundary == (what == REGEX_AT_BOUNDARY);
    }
}

/* The position behind the text that the group matched, -1: it does not stand here. */
static int64_t match_backreference(matcher *m, int32_t group, int32_t flags, int64_t position) {
    int64_t from = m->slots[2 * group], to = m->slots[2 * group + 1];
    bool ascii = flags & REGEX_ASCII, folded = flags & REGEX_IGNORECASE;
    if (from < 0 || to < 0 || position + (to - from) > m->end) return -1;
    for (; from < to; from++, position++) {
        uint32_t a = wcb_char_at(m->text, from), b = wcb_char_at(m->text, position);
        if (a == b) continue;
        if (!folded) return -1;
        if (!ascii && (text_class(a) | text_class(b)) & TEXT_UNKNOWN) return match_limit(m, WC_STATUS_OUT_OF_RANGE), -1;
        if (regex_lower(a, ascii) != regex_lower(b, ascii)) return -1;
    }
    return position;
}

/* ---- repetition ---- */

/* How many characters from `position` on the instruction takes, at most `most`. */
static int64_t match_count(matcher *m, const int32_t *code, int64_t position, int64_t most) {
    int64_t stop = m->end - position < most ? m->end : position + most, at = position;
    if (code[0] == REGEX_OP_ANY_ALL) return stop - position;
    while (at < stop && match_one(m, code, wcb_char_at(m->text, at))) at++;
    m->ctx->fuel -= (at - position) >> 4;
    return at - position;
}

/* REPEAT_ONE at `place`: the new position, -1: no match here. */
static int64_t match_repeat_one(matcher *m, int32_t place, int64_t position) {
    const int32_t *code = m->regex->code + place;
    int32_t low = code[1], high = code[2], behind = code[4];
    bool lazy = code[3];
    int64_t count = match_count(m, code + 5, position, lazy ? low : high == REGEX_FOREVER ? INT64_MAX : high);
    if (count < low) return -1;
    if (lazy) {
        int64_t limit = high == REGEX_FOREVER || high > m->end - position ? m->end : position + high;
        if (position + count < limit && !match_push(m, MATCH_LAZY, place, position + count, limit)) return -1;
    } else if (count > low && !match_push(m, MATCH_GREEDY, behind, position + count, position + low)) return -1;
    return position + count;
}

/* LOOP at `place`: where to go on, with the position in the slots. -1: a limit. */
static int32_t match_loop(matcher *m, int32_t place, int64_t position) {
    const int32_t *code = m->regex->code + place;
    int32_t slot = code[1], high = code[3], behind = code[5], body = place + 6;
    int64_t count = m->slots[slot];
    bool lazy = code[4];
    if (lazy) body += 2; /* behind LOOP_AGAIN */
    if (count < code[2]) return match_store(m, slot, count + 1) ? body : -1;
    if ((high != REGEX_FOREVER && count >= high) || m->slots[slot + 1] == position) return behind;
    if (lazy) return match_push(m, MATCH_CHOICE, place + 6, position, 0) ? behind : -1;
    if (!match_push(m, MATCH_CHOICE, behind, position, 0) || !match_store(m, slot, count + 1)) return -1;
    return match_store(m, slot + 1, position) ? body : -1;
}

/* ---- lookaround ---- */

/* LOOK or ATOMIC, with the body at `body`: its end, -1: it does not match. */
static int64_t match_body(matcher *m, int32_t body, int64_t position, bool negative) {
    int64_t base = m->top, end;
    if (++m->depth > MATCH_DEEPEST) return match_limit(m, WC_STATUS_OUT_OF_RANGE), -1;
    end = position < 0 ? -1 : match_run(m, body, position, false);
    m->depth--;
    if (end < 0 || negative) match_undo(m, base);
    else match_commit(m, base);
    return end;
}

/* LOOK at `place`: whether it holds. */
static bool match_look(matcher *m, int32_t place, int64_t position) {
    const int32_t *code = m->regex->code + place;
    int64_t end = match_body(m, place + 4, position - code[1], code[2]);
    return (end >= 0) != (code[2] != 0);
}

/* ---- the loop ---- */

/* Pops to the last choice above `base`: its place, -1: there is none left. */
static int32_t match_back(matcher *m, int64_t base, int64_t *position) {
    if (m->ctx->status) return -1;
    if (--m->ctx->fuel < 0) return match_limit(m, WC_STATUS_OUT_OF_FUEL), -1;
    while (m->top > base) {
        match_entry *entry = &m->stack[m->top - 1];
        switch (entry->what) {
        case MATCH_UNDO:
            m->slots[entry->place] = entry->value;
            break;
        case MATCH_CHOICE:
            m->top--;
            *position = entry->position;
            return entry->place;
        case MATCH_GREEDY:
            *position = --entry->position;
            if (entry->position <= entry->value) m->top--;
            return entry->place;
        default: {
            const int32_t *code = m->regex->code + entry->place;
            if (!match_one(m, code + 5, wcb_char_at(m->text, entry->position))) break;
            *position = ++entry->position;
            if (entry->position >= entry->value) m->top--;
            return code[4];
        }
        }
        m->top--;
    }
    return -1;
}

static bool match_may_end(const matcher *m, int64_t position, bool outermost) {
    if (!outermost) return true;
    return !(m->mode.whole && position != m->end) && !(m->mode.must_advance && position == m->start);
}

/* Runs one instruction that is no end: the place to go on, -1 where it fails. */
static int32_t match_step(matcher *m, int32_t place, int64_t *position) {
    const int32_t *code = m->regex->code + place;
    int64_t moved;
    switch (code[0]) {
    case REGEX_OP_CHAR: case REGEX_OP_CHAR_FOLDED: case REGEX_OP_ANY: case REGEX_OP_ANY_ALL: case REGEX_OP_SET:
        if (*position >= m->end || !match_one(m, code, wcb_char_at(m->text, *position))) return -1;
        ++*position;
        return place + match_size_of_one(code);
    case REGEX_OP_AT: return match_at(m, code[1], code[2], *position) ? place + 3 : -1;
    case REGEX_OP_SPLIT: return match_push(m, MATCH_CHOICE, code[1], *position, 0) ? place + 2 : -1;
    case REGEX_OP_JUMP: return code[1];
    case REGEX_OP_SAVE:
        if (!match_store(m, code[1], *position)) return -1;
        if (code[1] & 1 && !match_store(m, regex_last_slot(m->regex), code[1] / 2)) return -1;
        return place + 2;
    case REGEX_OP_BACKREFERENCE:
        if ((moved = match_backreference(m, code[1], code[2], *position)) < 0) return -1;
        *position = moved;
        return place + 3;
    case REGEX_OP_REPEAT_ONE:
        if ((moved = match_repeat_one(m, place, *position)) < 0) return -1;
        *position = moved;
        return code[4];
    case REGEX_OP_LOOP_BEGIN: return match_store(m, code[1], 0) && match_store(m, code[1] + 1, -1) ? place + 2 : -1;
    case REGEX_OP_LOOP:
        if (--m->ctx->fuel < 0) return match_limit(m, WC_STATUS_OUT_OF_FUEL), -1;
        return match_loop(m, place, *position);
    case REGEX_OP_LOOP_AGAIN:
        if (!match_store(m, code[1], m->slots[code[1]] + 1) || !match_store(m, code[1] + 1, *position)) return -1;
        return place + 2;
    case REGEX_OP_LOOK: return match_look(m, place, *position) ? code[3] : -1;
    case REGEX_OP_ATOMIC:
        if ((moved = match_body(m, place + 2, *position, false)) < 0) return -1;
        *position = moved;
        return code[1];
    default: /* REGEX_OP_CONDITION */
        return m->slots[2 * code[1]] >= 0 && m->slots[2 * code[1] + 1] >= 0 ? place + 3 : code[2];
    }
}

/* The end of a match from `position` on, -1: none (or a limit). Leaves the choices not taken on the stack. */
static int64_t match_run(matcher *m, int32_t place, int64_t position, bool outermost) {
    int64_t base = m->top;
    for (;;) {
        if (m->regex->code[place] == REGEX_OP_MATCH && match_may_end(m, position, outermost))
            return m->ctx->status ? -1 : position;
        place = m->regex->code[place] == REGEX_OP_MATCH ? -1 : match_step(m, place, &position);
        if (place < 0 && (place = match_back(m, base, &position)) < 0) return -1;
    }
}

/* The next position where a match can start at all, from `at` on; beyond `end`: none. */
static int64_t match_next_start(const matcher *m, int64_t at) {
    const int32_t *code = m->regex->code;
    while (code[0] == REGEX_OP_SAVE) code += 2;
    if (code[0] != REGEX_OP_CHAR) return at;
    if (m->text->width == 1 && code[1] < 256) {
        const uint8_t *hit = at < m->end ? memchr(m->text->data + at, code[1], (size_t)(m->end - at)) : NULL;
        return hit ? hit - m->text->data : m->end + 1;
    }
    while (at < m->end && wcb_char_at(m->text, at) != (uint32_t)code[1]) at++;
    return at < m->end ? at : m->end + 1;
}

static void match_clear(const matcher *m) {
    memset(m->slots, 0xff, (size_t)m->regex->num_slots * sizeof *m->slots); /* -1 */
    m->slots[regex_last_slot(m->regex)] = 0;
}

int regex_find(wcb_ctx *ctx, const wcb_regex *regex, const wcb_str *string, int64_t start, int64_t end, regex_mode mode,
               int64_t *slots) {
    match_entry stack[MATCH_STACK];
    matcher m = {.ctx = ctx, .regex = regex, .text = string, .end = end, .mode = mode, .slots = slots, .stack = stack,
                 .capacity = MATCH_STACK};
    for (int64_t at = start; at <= end; at++) {
        if (!mode.anchored && (at = match_next_start(&m, at)) > end) break;
        m.start = at;
        m.top = 0;
        m.mode.must_advance = mode.must_advance && at == start;
        match_clear(&m);
        int64_t stop = match_run(&m, 0, at, true);
        if (ctx->status) return -1;
        if (stop >= 0) {
            slots[0] = at;
            slots[1] = stop;
            return 1;
        }
        if (mode.anchored) break;
    }
    return 0;
}
