/* str: making, comparing, hashing; names; building and joining. */
#include "../wc_hash.h"
#include "text.h"

#define STR_NUM_CHARS 256

/* The strings of one Latin-1 character. They are shared by all threads: nothing may be cached in them later. */
static struct { wcb_str text; uint32_t point; } str_chars[STR_NUM_CHARS];

static uint64_t str_hash_bytes(const uint8_t *bytes, size_t count) {
    uint64_t hash = wc_multiply_fold(count ^ WC_HASH_SEED, WC_HASH_MULTIPLIER);
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        hash = wc_multiply_fold((hash + WC_HASH_SEED) ^ word, WC_HASH_MULTIPLIER);
    }
    uint64_t rest = 0;
    memcpy(&rest, bytes, count);
    hash = wc_multiply_fold((hash + WC_HASH_SEED) ^ rest, WC_HASH_MULTIPLIER);
    hash = wcb_hash_through_int(hash); /* what a program's __hash__ can pass on */
    return hash ? hash : 1;
}

__attribute__((constructor)) static void str_make_chars(void) {
    for (int i = 0; i < STR_NUM_CHARS; i++) {
        wcb_str *text = &str_chars[i].text;
        *text = (wcb_str){.type = WCB_TYPE(str), .length = 1, .name_id = -1, .width = 1};
        text->data[0] = (uint8_t)i;
        text->hash = str_hash_bytes(text->data, 1);
    }
}

static bool str_is_shared_char(const wcb_str *s) {
    return (const char *)s >= (const char *)str_chars && (const char *)s < (const char *)(str_chars + STR_NUM_CHARS);
}

wcv wcb_char(wcb_ctx *ctx, uint32_t point) {
    if (point < STR_NUM_CHARS) return (wcv)&str_chars[point].text;
    wcb_str *text = text_new(ctx, 1, 4);
    if (!text) return 0;
    *(uint32_t *)text->data = point;
    return (wcv)text;
}

wcb_str *text_new(wcb_ctx *ctx, int64_t length, uint8_t width) {
    if (length > INT32_MAX / 4) return (wcb_str *)wcb_limit(ctx, WC_STATUS_OUT_OF_SCRATCH);
    wcb_str *text = wcb_alloc(ctx, offsetof(wcb_str, data) + (size_t)length * width);
    if (!text) return NULL;
    text->type = WCB_TYPE(str);
    text->hash = 0;
    text->length = (int32_t)length;
    text->name_id = -1;
    text->attributes = 0;
    text->width = width;
    text->interned = 0;
    return text;
}

wcv wcb_new_str(wcb_ctx *ctx, int64_t length, const char *ascii_or_latin1) {
    if (length == 1) return wcb_char(ctx, (uint8_t)ascii_or_latin1[0]);
    wcb_str *text = text_new(ctx, length, 1);
    if (!text) return 0;
    memcpy(text->data, ascii_or_latin1, (size_t)length);
    return (wcv)text;
}

wcv wcb_str_of_c(wcb_ctx *ctx, const char *nul_terminated_ascii) {
    return wcb_new_str(ctx, (int64_t)strlen(nul_terminated_ascii), nul_terminated_ascii);
}

wcv wcb_str_from_points(wcb_ctx *ctx, int64_t length, const uint32_t *points) {
    uint32_t all = 0;
    for (int64_t i = 0; i < length; i++) all |= points[i];
    if (length == 1) return wcb_char(ctx, points[0]);
    wcb_str *text = text_new(ctx, length, all > 255 ? 4 : 1);
    if (!text) return 0;
    if (all > 255) memcpy(text->data, points, (size_t)length * 4);
    else
        for (int64_t i = 0; i < length; i++) text->data[i] = (uint8_t)points[i];
    return (wcv)text;
}

int wcb_str_equal(const wcb_str *a, const wcb_str *b) {
    if (a == b) return 1;
    if (a->length != b->length || a->width != b->width || (a->interned && b->interned)) return 0;
    if (a->hash && b->hash && a->hash != b->hash) return 0;
    return memcmp(a->data, b->data, (size_t)a->length * a->width) == 0;
}

int wcb_str_order(const wcb_str *a, const wcb_str *b) {
    int32_t shorter = a->length < b->length ? a->length : b->length;
    if (a->width == 1 && b->width == 1) {
        int order = memcmp(a->data, b->data, (size_t)shorter);
        if (order) return order;
    } else {
        for (int32_t i = 0; i < shorter; i++) {
            uint32_t left = wcb_char_at(a, i), right = wcb_char_at(b, i);
            if (left != right) return left < right ? -1 : 1;
        }
    }
    return (a->length > b->length) - (a->length < b->length);
}

uint64_t wcb_str_hash(wcb_str *s) {
    if (s->hash) return s->hash;
    return s->hash = str_hash_bytes(s->data, (size_t)s->length * s->width);
}

int32_t wcb_name_id(wcb_ctx *ctx, wcv str) {
    wcb_str *s = WCB_AS(wcb_str, str);
    if (s->name_id >= 0 || s->interned) return s->name_id;
    wcb_table *interned = ctx->program->interned;
    if (!interned) return -1;
    wcb_entry *entry = wcb_table_find(ctx, interned, str, wcb_str_hash(s));
    if (!entry) return -1;
    int32_t name_id = WCB_AS(wcb_str, entry->value ? entry->value : entry->key)->name_id;
    if (!str_is_shared_char(s) && !wcb_is_type_name(s)) s->name_id = name_id;
    return name_id;
}

#define STR_C_NAME(name) #name,
static const char *const str_c_names[] = {WCB_NAMES(STR_C_NAME)};
#undef STR_C_NAME

const char *text_c_name(int32_t name_id) { return str_c_names[name_id]; }

/* ---- building ---- */

void text_begin(text_builder *b, wcb_ctx *ctx, int64_t capacity) {
    b->ctx = ctx;
    b->capacity = capacity;
    b->text = text_new(ctx, capacity, 1);
    if (b->text) b->text->length = 0;
}

static char *str_end_of(const wcb_str *text, int64_t capacity) {
    size_t bytes = offsetof(wcb_str, data) + (size_t)capacity * text->width;
    return (char *)text + ((bytes + 7) & ~(size_t)7);
}

bool text_reserve(text_builder *b, int64_t more, bool wide) {
    wcb_str *old = b->text;
    if (!old) return false;
    uint8_t width = wide ? 4 : old->width;
    int64_t needed = old->length + more;
    if (needed <= b->capacity && width == old->width) return true;
    int64_t capacity = needed > 2 * b->capacity ? needed : 2 * b->capacity;
    wcb_str *text = text_new(b->ctx, capacity, width);
    b->text = text;
    if (!text) return false;
    text->length = old->length;
    b->capacity = capacity;
    if (width == old->width) memcpy(text->data, old->data, (size_t)old->length * width);
    else
        for (int32_t i = 0; i < old->length; i++) ((uint32_t *)text->data)[i] = old->data[i];
    return true;
}

static void str_copy_points(wcb_str *to, int64_t at, const wcb_str *from, int64_t start, int64_t count) {
    if (to->width == from->width) {
        memcpy(to->data + at * to->width, from->data + start * to->width, (size_t)count * to->width);
    } else if (to->width == 4) {
        for (int64_t i = 0; i < count; i++) ((uint32_t *)to->data)[at + i] = from->data[start + i];
    } else {
        for (int64_t i = 0; i < count; i++) to->data[at + i] = (uint8_t)((const uint32_t *)from->data)[start + i];
    }
}

static bool str_slice_is_wide(const wcb_str *s, int64_t start, int64_t stop) {
    if (s->width == 1) return false;
    for (int64_t i = start; i < stop; i++)
        if (((const uint32_t *)s->data)[i] > 255) return true;
    return false;
}

void text_add_slice(text_builder *b, const wcb_str *s, int64_t start, int64_t stop) {
    if (start >= stop || !text_reserve(b, stop - start, str_slice_is_wide(s, start, stop))) return;
    str_copy_points(b->text, b->text->length, s, start, stop - start);
    b->text->length += (int32_t)(stop - start);
}

void text_add_ascii(text_builder *b, const char *text, int64_t length) {
    if (!text_reserve(b, length, false)) return;
    wcb_str *to = b->text;
    if (to->width == 1) memcpy(to->data + to->length, text, (size_t)length);
    else
        for (int64_t i = 0; i < length; i++) ((uint32_t *)to->data)[to->length + i] = (uint8_t)text[i];
    to->length += (int32_t)length;
}

void text_fill(text_builder *b, uint32_t point, int64_t count) {
    if (count <= 0 || !text_reserve(b, count, point > 255)) return;
    wcb_str *to = b->text;
    if (to->width == 1) memset(to->data + to->length, (int)point, (size_t)count);
    else
        for (int64_t i = 0; i < count; i++) ((uint32_t *)to->data)[to->length + i] = point;
    to->length += (int32_t)count;
}

wcv text_end(text_builder *b) {
    wcb_str *text = b->text;
    if (!text) return 0;
    if (text->length == 1) return wcb_char(b->ctx, wcb_char_at(text, 0));
    /* The last thing in the arena gives its spare room back. */
    if (str_end_of(text, b->capacity) == b->ctx->top) b->ctx->top = str_end_of(text, text->length);
    return (wcv)text;
}

wcv text_slice(wcb_ctx *ctx, const wcb_str *s, int64_t start, int64_t stop) {
    int64_t length = stop > start ? stop - start : 0;
    if (length == s->length && s->type == WCB_TYPE(str)) return (wcv)s;
    if (length == 1) return wcb_char(ctx, wcb_char_at(s, start));
    wcb_str *text = text_new(ctx, length, str_slice_is_wide(s, start, stop) ? 4 : 1);
    if (!text) return 0;
    str_copy_points(text, 0, s, start, length);
    return (wcv)text;
}

wcv wcb_join(wcb_ctx *ctx, int64_t count, const wcv *parts) {
    if (count == 1) return text_slice(ctx, WCB_AS(wcb_str, parts[0]), 0, WCB_AS(wcb_str, parts[0])->length);
    int64_t length = 0;
    uint8_t width = 1;
    for (int64_t i = 0; i < count; i++) {
        const wcb_str *part = WCB_AS(wcb_str, parts[i]);
        length += part->length;
        width |= part->width;
    }
    wcb_str *text = text_new(ctx, length, width & 4 ? 4 : 1);
    if (!text) return 0;
    int64_t at = 0;
    for (int64_t i = 0; i < count; i++) {
        const wcb_str *part = WCB_AS(wcb_str, parts[i]);
        str_copy_points(text, at, part, 0, part->length);
        at += part->length;
    }
    return (wcv)text;
}

/* ---- searching ---- */

bool text_equals_c(const wcb_str *text, const char *other) {
    size_t length = strlen(other);
    return text->width == 1 && (size_t)text->length == length && memcmp(text->data, other, length) == 0;
}

bool text_matches(const wcb_str *text, const wcb_str *part, int64_t at) {
    if (at < 0 || at + part->length > text->length) return false;
    if (text->width == part->width)
        return memcmp(text->data + at * text->width, part->data, (size_t)part->length * part->width) == 0;
    if (part->width == 4 && text->width == 1) return part->length == 0;
    for (int32_t i = 0; i < part->length; i++)
        if (wcb_char_at(text, at + i) != part->data[i]) return false;
    return true;
}

int64_t text_find(const wcb_str *text, const wcb_str *needle, int64_t start, int64_t stop) {
    if (needle->length == 0) return start <= stop ? start : -1;
    if (needle->width > text->width) return -1;
    int64_t last = stop - needle->length;
    if (text->width == 1) {
        while (start <= last) {
            const uint8_t *hit = memchr(text->data + start, needle->data[0], (size_t)(last - start + 1));
            if (!hit) return -1;
            start = hit - text->data;
            if (memcmp(hit, needle->data, (size_t)needle->length) == 0) return start;
            start++;
        }
        return -1;
    }
    for (; start <= last; start++)
        if (text_matches(text, needle, start)) return start;
    return -1;
}

int64_t text_find_last(const wcb_str *text, const wcb_str *needle, int64_t start, int64_t stop) {
    for (int64_t at = stop - needle->length; at >= start; at--)
        if (text_matches(text, needle, at)) return at;
    return -1;
}

int wcb_str_contains(wcb_ctx *ctx, wcv self, wcv item) {
    if (!text_is_str(item)) {
        wcb_raise_format(ctx, WCB_TYPE_TypeError, "'in <string>' requires string as left operand, not %V", item);
        return -1;
    }
    const wcb_str *text = WCB_AS(wcb_str, self);
    return text_find(text, WCB_AS(wcb_str, item), 0, text->length) >= 0;
}
