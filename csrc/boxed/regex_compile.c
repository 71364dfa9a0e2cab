/* Regular expressions: from the tree to code. */
#include "regex.h"

typedef struct {
    wcb_ctx *ctx;
    int32_t *code; /* NULL: no memory */
    int32_t length, capacity, num_slots;
    bool refused; /* what is not exact here: it would take a table of Unicode, or is a fault of CPython's */
} regex_compiler;

static void compile_sequence(regex_compiler *c, const regex_node *node);

static void compile_word(regex_compiler *c, int32_t word) {
    if (!c->code) return;
    if (c->length == c->capacity) {
        int32_t *code = wcb_alloc(c->ctx, 2 * (size_t)c->capacity * sizeof *code);
        if (code) memcpy(code, c->code, (size_t)c->length * sizeof *code);
        c->code = code;
        c->capacity *= 2;
        if (!code) return;
    }
    c->code[c->length++] = word;
}

/* A word that is filled in later, by compile_here. */
static int32_t compile_hole(regex_compiler *c) {
    compile_word(c, 0);
    return c->length - 1;
}

static void compile_here(regex_compiler *c, int32_t hole) {
    if (c->code) c->code[hole] = c->length;
}

/* ---- characters ---- */

uint32_t regex_lower(uint32_t c, bool ascii) {
    if (c < 128) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return !ascii && c >= 0xc0 && c <= 0xde && c != 0xd7 ? c + 32 : c;
}

static uint32_t compile_upper(uint32_t c, bool ascii) {
    if (c < 128) return c >= 'a' && c <= 'z' ? c - 32 : c;
    return !ascii && c >= 0xe0 && c <= 0xfe && c != 0xf7 ? c - 32 : c;
}

bool regex_is_word(uint32_t c, bool ascii) {
    if (c == '_') return true;
    if (ascii && c > 127) return false;
    return text_class(c) & (TEXT_ALPHA | TEXT_DECIMAL | TEXT_DIGIT | TEXT_NUMERIC);
}

bool regex_item_has(const regex_item *item, uint32_t c, bool ascii) {
    switch (item->category) {
    case 0: return c >= (uint32_t)item->low && c <= (uint32_t)item->high;
    case 'd': return (c >= '0' && c <= '9') != (item->high != 0);
    case 's': return (text_is_space(c) && !(ascii && (c > 127 || (c >= 28 && c <= 31)))) != (item->high != 0);
    default: return regex_is_word(c, ascii) != (item->high != 0);
    }
}

bool regex_items_have(const regex_item *items, int32_t count, uint32_t c, int32_t flags) {
    bool ascii = flags & REGEX_ASCII, folded = flags & REGEX_IGNORECASE;
    if (folded) c = regex_lower(c, ascii);
    for (int32_t i = 0; i < count; i++) {
        if (regex_item_has(&items[i], c, ascii)) return true;
        if (folded && !items[i].category && regex_item_has(&items[i], compile_upper(c, ascii), ascii)) return true;
    }
    return false;
}

/* Whether the case of a code point is known. */
static void compile_check_case(regex_compiler *c, uint32_t point, int32_t flags) {
    if (flags & REGEX_IGNORECASE && !(flags & REGEX_ASCII)
        && (text_class(point) & TEXT_UNKNOWN || point == 0xb5 || point == 0xff))
        c->refused = true;
}

static void compile_char(regex_compiler *c, const regex_node *node) {
    uint32_t point = (uint32_t)node->low;
    bool ascii = node->flags & REGEX_ASCII;
    compile_check_case(c, point, node->flags);
    uint32_t lower = regex_lower(point, ascii);
    if (!(node->flags & REGEX_IGNORECASE) || lower == compile_upper(point, ascii)) {
        compile_word(c, REGEX_OP_CHAR);
        compile_word(c, (int32_t)point);
        return;
    }
    compile_word(c, REGEX_OP_CHAR_FOLDED);
    compile_word(c, (int32_t)lower);
    compile_word(c, ascii);
}

static void compile_set(regex_compiler *c, const regex_node *node) {
    int32_t start = c->length, flags = node->flags & (REGEX_IGNORECASE | REGEX_ASCII);
    compile_word(c, REGEX_OP_SET);
    int32_t length = compile_hole(c);
    for (uint32_t word = 0; word < 8; word++) {
        uint32_t bits = 0;
        for (uint32_t bit = 0; bit < 32; bit++)
            if (regex_items_have(node->items, node->mode, word * 32 + bit, flags) != node->negative) bits |= 1u << bit;
        compile_word(c, (int32_t)bits);
    }
    compile_word(c, node->negative);
    compile_word(c, flags);
    compile_word(c, node->mode);
    for (int32_t i = 0; i < node->mode; i++) {
        if (!node->items[i].category && node->items[i].high > 255)
            compile_check_case(c, (uint32_t)node->items[i].high, flags);
        compile_word(c, node->items[i].category);
        compile_word(c, node->items[i].low);
        compile_word(c, node->items[i].high);
    }
    if (c->code) c->code[length] = c->length - start;
}

/* ---- structure ---- */

/* The body as one instruction that takes one character, or NULL. */
static const regex_node *compile_single(const regex_node *body) {
    while (body && !body->next && body->kind == REGEX_GROUP && body->low == 0) body = body->body;
    if (!body || body->next) return NULL;
    return body->kind == REGEX_CHAR || body->kind == REGEX_ANY || body->kind == REGEX_SET ? body : NULL;
}

static void compile_atomic_begin(regex_compiler *c, int32_t *hole) {
    compile_word(c, REGEX_OP_ATOMIC);
    *hole = compile_hole(c);
}

static void compile_body_end(regex_compiler *c, int32_t hole) {
    compile_word(c, REGEX_OP_MATCH);
    compile_here(c, hole);
}

static void compile_optional(regex_compiler *c, const regex_node *node) {
    compile_word(c, REGEX_OP_SPLIT);
    int32_t second = compile_hole(c);
    if (node->mode == REGEX_LAZY) {
        compile_word(c, REGEX_OP_JUMP);
        int32_t behind = compile_hole(c);
        compile_here(c, second);
        compile_sequence(c, node->body);
        compile_here(c, behind);
    } else {
        compile_sequence(c, node->body);
        compile_here(c, second);
    }
}

static void compile_loop(regex_compiler *c, const regex_node *node) {
    int32_t slot = c->num_slots, begin;
    c->num_slots += 2;
    compile_word(c, REGEX_OP_LOOP_BEGIN);
    compile_word(c, slot);
    begin = c->length;
    compile_word(c, REGEX_OP_LOOP);
    compile_word(c, slot);
    compile_word(c, node->low);
    compile_word(c, node->high);
    compile_word(c, node->mode == REGEX_LAZY);
    int32_t behind = compile_hole(c);
    if (node->mode == REGEX_LAZY) {
        compile_word(c, REGEX_OP_LOOP_AGAIN);
        compile_word(c, slot);
    }
    compile_sequence(c, node->body);
    compile_word(c, REGEX_OP_JUMP);
    compile_word(c, begin);
    compile_here(c, behind);
}

/* Whether a group that captures stands behind a choice. In a possessive repetition CPython forgets to take back where it
 * began when the choice fails. */
static bool compile_captures_by_choice(const regex_node *node, bool chosen) {
    for (; node; node = node->next) {
        bool choice = node->kind == REGEX_ALTERNATIVES || node->kind == REGEX_REPEAT || node->kind == REGEX_CONDITION;
        if (chosen && node->kind == REGEX_GROUP && node->low) return true;
        if (compile_captures_by_choice(node->body, chosen || choice)) return true;
        if (compile_captures_by_choice(node->other, chosen || choice)) return true;
    }
    return false;
}

static void compile_repeat(regex_compiler *c, const regex_node *node) {
    const regex_node *single = compile_single(node->body);
    int32_t atomic = 0, behind;
    if (node->mode == REGEX_POSSESSIVE) {
        c->refused |= compile_captures_by_choice(node->body, false);
        compile_atomic_begin(c, &atomic);
    }
    if (single) {
        regex_node alone = *single;
        compile_word(c, REGEX_OP_REPEAT_ONE);
        compile_word(c, node->low);
        compile_word(c, node->high);
        compile_word(c, node->mode == REGEX_LAZY);
        behind = compile_hole(c);
        alone.next = NULL;
        compile_sequence(c, &alone);
        compile_here(c, behind);
    } else if (node->low == 0 && node->high == 1) compile_optional(c, node);
    else compile_loop(c, node);
    if (node->mode == REGEX_POSSESSIVE) compile_body_end(c, atomic);
}

static void compile_alternatives(regex_compiler *c, const regex_node *node) {
    int32_t ends = 0; /* chain of the jumps to the end, by the places where their targets go */
    for (const regex_node *branch = node; branch; branch = branch->other) {
        int32_t second = 0;
        if (branch->other) {
            compile_word(c, REGEX_OP_SPLIT);
            second = compile_hole(c);
        }
        compile_sequence(c, branch->body);
        if (!branch->other || !c->code) break;
        compile_word(c, REGEX_OP_JUMP);
        compile_word(c, ends);
        ends = c->length - 1;
        compile_here(c, second);
    }
    while (ends && c->code) {
        int32_t next = c->code[ends];
        compile_here(c, ends);
        ends = next;
    }
}

static void compile_group(regex_compiler *c, const regex_node *node) {
    if (node->low) {
        compile_word(c, REGEX_OP_SAVE);
        compile_word(c, 2 * node->low);
    }
    compile_sequence(c, node->body);
    if (node->low) {
        compile_word(c, REGEX_OP_SAVE);
        compile_word(c, 2 * node->low + 1);
    }
}

static void compile_condition(regex_compiler *c, const regex_node *node) {
    compile_word(c, REGEX_OP_CONDITION);
    compile_word(c, node->low);
    int32_t other = compile_hole(c);
    compile_sequence(c, node->body);
    compile_word(c, REGEX_OP_JUMP);
    int32_t behind = compile_hole(c);
    compile_here(c, other);
    compile_sequence(c, node->other);
    compile_here(c, behind);
}

static void compile_body(regex_compiler *c, const regex_node *node) {
    int32_t hole;
    if (node->kind == REGEX_ATOMIC) compile_atomic_begin(c, &hole);
    else {
        compile_word(c, REGEX_OP_LOOK);
        compile_word(c, node->low);
        compile_word(c, node->negative);
        hole = compile_hole(c);
    }
    compile_sequence(c, node->body);
    compile_body_end(c, hole);
}

static void compile_node(regex_compiler *c, const regex_node *node) {
    switch (node->kind) {
    case REGEX_EMPTY: break;
    case REGEX_CHAR: compile_char(c, node); break;
    case REGEX_ANY: compile_word(c, node->flags & REGEX_DOTALL ? REGEX_OP_ANY_ALL : REGEX_OP_ANY); break;
    case REGEX_SET: compile_set(c, node); break;
    case REGEX_AT:
        compile_word(c, REGEX_OP_AT);
        compile_word(c, node->low);
        compile_word(c, (node->flags & REGEX_ASCII) != 0);
        break;
    case REGEX_BACKREFERENCE:
        compile_word(c, REGEX_OP_BACKREFERENCE);
        compile_word(c, node->low);
        compile_word(c, node->flags);
        break;
    case REGEX_GROUP: compile_group(c, node); break;
    case REGEX_REPEAT: compile_repeat(c, node); break;
    case REGEX_ALTERNATIVES: compile_alternatives(c, node); break;
    case REGEX_LOOK: case REGEX_ATOMIC: compile_body(c, node); break;
    case REGEX_CONDITION: compile_condition(c, node); break;
    }
}

static void compile_sequence(regex_compiler *c, const regex_node *node) {
    for (; node && c->code; node = node->next) {
        compile_node(c, node);
        if (node->kind == REGEX_ALTERNATIVES) break; /* it is the whole sequence; `next` is not used */
    }
}

static bool compile_name_groups(wcb_regex *regex, wcb_ctx *ctx) {
    regex->group_names = wcb_alloc(ctx, (size_t)(regex->num_groups + 1) * sizeof(wcv));
    if (!regex->group_names) return false;
    memset(regex->group_names, 0, (size_t)(regex->num_groups + 1) * sizeof(wcv));
    const wcb_table *names = WCB_AS(wcb_table, regex->group_index);
    for (int32_t i = 0; i < names->filled; i++)
        regex->group_names[wcb_small(names->entries[i].value)] = names->entries[i].key;
    return true;
}

wcb_regex *regex_build(wcb_ctx *ctx, wcv pattern, int32_t flags) {
    regex_parser parser = {.ctx = ctx, .text = WCB_AS(wcb_str, pattern), .flags = flags};
    regex_node *tree;
    if (regex_parse(&parser, &tree) < 0) return NULL;
    regex_compiler compiler = {.ctx = ctx, .capacity = 64};
    compiler.code = wcb_alloc(ctx, 64 * sizeof *compiler.code);
    wcb_regex *regex = compiler.code ? wcb_alloc(ctx, sizeof *regex) : NULL;
    if (!regex) return NULL;
    *regex = (wcb_regex){.type = WCB_TYPE(Pattern), .pattern = pattern, .flags = parser.flags,
                         .num_groups = parser.num_groups, .group_index = parser.group_index};
    if ((regex->flags & REGEX_ASCII) && (regex->flags & REGEX_UNICODE))
        return (wcb_regex *)wcb_raise(ctx, WCB_TYPE_ValueError, "ASCII and UNICODE flags are incompatible");
    if (!(regex->flags & REGEX_ASCII)) regex->flags |= REGEX_UNICODE;
    compiler.num_slots = regex_last_slot(regex) + 1;
    compile_sequence(&compiler, tree);
    compile_word(&compiler, REGEX_OP_MATCH);
    if (compiler.refused) return (wcb_regex *)wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    regex->code = compiler.code;
    regex->code_length = compiler.length;
    regex->num_slots = compiler.num_slots;
    return compiler.code && compile_name_groups(regex, ctx) ? regex : NULL;
}
