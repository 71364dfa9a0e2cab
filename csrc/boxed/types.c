/* The built-in types, and which methods the objects of each kind have. */
#include "objects.h"

#define TYPES_ENTRY(name, of_kind, base) \
    {.type = &wcb_types[WCB_TYPE_type], .kind = WCB_KIND_##of_kind, .index = WCB_TYPE_##name, .c_name = #name},
wcb_type wcb_types[WCB_NUM_TYPES] = {WCB_BUILTIN_TYPES(TYPES_ENTRY)};
#undef TYPES_ENTRY

#define TYPES_BASE(name, kind, base) WCB_TYPE_##base,
static const uint8_t types_base[WCB_NUM_TYPES] = {WCB_BUILTIN_TYPES(TYPES_BASE)};
#undef TYPES_BASE

enum { TYPES_DEEPEST = 6, TYPES_NAME_WORDS = 12 };
static wcb_type *types_mro[WCB_NUM_TYPES][TYPES_DEEPEST];
static uint64_t types_names[WCB_NUM_TYPES][TYPES_NAME_WORDS];
static uint64_t types_bases[WCB_NUM_TYPES][sizeof(wcb_tuple) / 8 + 1];

/* ---- methods of each kind, other than object's ---- */
#define TYPES_N(name) WCB_N_##name,
#define TYPES_ORDER TYPES_N(__lt__) TYPES_N(__le__) TYPES_N(__gt__) TYPES_N(__ge__)

static const int16_t types_of_object[] = {
    TYPES_N(__init__) TYPES_N(__new__) TYPES_N(__eq__) TYPES_N(__ne__) TYPES_ORDER TYPES_N(__hash__) TYPES_N(__repr__)
    TYPES_N(__str__) TYPES_N(__format__) TYPES_N(__setattr__) TYPES_N(__delattr__) TYPES_N(__getattribute__)
    TYPES_N(__init_subclass__) TYPES_N(__subclasshook__) TYPES_N(__dir__) TYPES_N(__sizeof__) TYPES_N(__reduce__)
    TYPES_N(__reduce_ex__) -1};

#define TYPES_ARITHMETIC \
    TYPES_N(__add__) TYPES_N(__radd__) TYPES_N(__sub__) TYPES_N(__rsub__) TYPES_N(__mul__) TYPES_N(__rmul__) \
    TYPES_N(__truediv__) TYPES_N(__rtruediv__) TYPES_N(__pow__) TYPES_N(__rpow__) TYPES_N(__neg__) TYPES_N(__pos__) \
    TYPES_N(__abs__) TYPES_N(__bool__) TYPES_N(conjugate) TYPES_N(real) TYPES_N(imag)
#define TYPES_REAL \
    TYPES_ARITHMETIC TYPES_N(__floordiv__) TYPES_N(__rfloordiv__) TYPES_N(__mod__) TYPES_N(__rmod__) TYPES_N(__divmod__) \
    TYPES_N(__rdivmod__) TYPES_N(__int__) TYPES_N(__float__) TYPES_N(__round__) TYPES_N(__trunc__) TYPES_N(__floor__) \
    TYPES_N(__ceil__) TYPES_N(as_integer_ratio)
static const int16_t types_of_int[] = {
    TYPES_REAL TYPES_N(__lshift__) TYPES_N(__rlshift__) TYPES_N(__rshift__) TYPES_N(__rrshift__) TYPES_N(__and__)
    TYPES_N(__rand__) TYPES_N(__or__) TYPES_N(__ror__) TYPES_N(__xor__) TYPES_N(__rxor__) TYPES_N(__invert__)
    TYPES_N(__index__) TYPES_N(bit_length) TYPES_N(bit_count) TYPES_N(to_bytes) TYPES_N(from_bytes)
    TYPES_N(numerator) TYPES_N(denominator) -1};
static const int16_t types_of_float[] = {TYPES_REAL TYPES_N(is_integer) TYPES_N(hex) TYPES_N(fromhex) -1};
static const int16_t types_of_complex[] = {TYPES_ARITHMETIC TYPES_N(__complex__) -1};

#define TYPES_SEQUENCE TYPES_N(__len__) TYPES_N(__contains__) TYPES_N(__getitem__) TYPES_N(__iter__)
#define TYPES_CONCATENATION TYPES_N(__add__) TYPES_N(__mul__) TYPES_N(__rmul__)
#define TYPES_CHANGES TYPES_N(__setitem__) TYPES_N(__delitem__)
static const int16_t types_of_str[] = {
    TYPES_SEQUENCE TYPES_CONCATENATION TYPES_N(__mod__) TYPES_N(__rmod__) TYPES_N(capitalize) TYPES_N(casefold)
    TYPES_N(center) TYPES_N(count) TYPES_N(encode) TYPES_N(endswith) TYPES_N(expandtabs) TYPES_N(find) TYPES_N(format)
    TYPES_N(format_map) TYPES_N(index) TYPES_N(isalnum) TYPES_N(isalpha) TYPES_N(isascii) TYPES_N(isdecimal)
    TYPES_N(isdigit) TYPES_N(isidentifier) TYPES_N(islower) TYPES_N(isnumeric) TYPES_N(isprintable) TYPES_N(isspace)
    TYPES_N(istitle) TYPES_N(isupper) TYPES_N(join) TYPES_N(ljust) TYPES_N(lower) TYPES_N(lstrip) TYPES_N(maketrans)
    TYPES_N(partition) TYPES_N(removeprefix) TYPES_N(removesuffix) TYPES_N(replace) TYPES_N(rfind) TYPES_N(rindex)
    TYPES_N(rjust) TYPES_N(rpartition) TYPES_N(rsplit) TYPES_N(rstrip) TYPES_N(split) TYPES_N(splitlines)
    TYPES_N(startswith) TYPES_N(strip) TYPES_N(swapcase) TYPES_N(title) TYPES_N(translate) TYPES_N(upper)
    TYPES_N(zfill) -1};
static const int16_t types_of_tuple[] = {
    TYPES_SEQUENCE TYPES_CONCATENATION TYPES_N(count) TYPES_N(index) TYPES_N(__class_getitem__) -1};
static const int16_t types_of_list[] = {
    TYPES_SEQUENCE TYPES_CONCATENATION TYPES_CHANGES TYPES_N(__iadd__) TYPES_N(__imul__) TYPES_N(__reversed__)
    TYPES_N(append) TYPES_N(clear) TYPES_N(copy) TYPES_N(count) TYPES_N(extend) TYPES_N(index) TYPES_N(insert)
    TYPES_N(pop) TYPES_N(remove) TYPES_N(reverse) TYPES_N(sort) TYPES_N(__class_getitem__) -1};
static const int16_t types_of_deque[] = {
    TYPES_SEQUENCE TYPES_CONCATENATION TYPES_CHANGES TYPES_N(__iadd__) TYPES_N(__imul__) TYPES_N(__reversed__)
    TYPES_N(__copy__) TYPES_N(append) TYPES_N(appendleft) TYPES_N(clear) TYPES_N(copy) TYPES_N(count) TYPES_N(extend)
    TYPES_N(extendleft) TYPES_N(index) TYPES_N(insert) TYPES_N(maxlen) TYPES_N(pop) TYPES_N(popleft) TYPES_N(remove)
    TYPES_N(reverse) TYPES_N(rotate) TYPES_N(__class_getitem__) -1};
static const int16_t types_of_range[] = {
    TYPES_SEQUENCE TYPES_N(__bool__) TYPES_N(__reversed__) TYPES_N(count) TYPES_N(index) TYPES_N(start) TYPES_N(stop)
    TYPES_N(step) -1};
static const int16_t types_of_slice[] = {TYPES_N(indices) TYPES_N(start) TYPES_N(stop) TYPES_N(step) -1};
static const int16_t types_of_dict[] = {
    TYPES_SEQUENCE TYPES_CHANGES TYPES_N(__or__) TYPES_N(__ror__) TYPES_N(__ior__) TYPES_N(__reversed__) TYPES_N(clear)
    TYPES_N(copy) TYPES_N(fromkeys) TYPES_N(get) TYPES_N(items) TYPES_N(keys) TYPES_N(pop) TYPES_N(popitem)
    TYPES_N(setdefault) TYPES_N(update) TYPES_N(values) TYPES_N(__class_getitem__) -1};

#define TYPES_SET_OPERATORS \
    TYPES_N(__and__) TYPES_N(__rand__) TYPES_N(__or__) TYPES_N(__ror__) TYPES_N(__sub__) TYPES_N(__rsub__) \
    TYPES_N(__xor__) TYPES_N(__rxor__) TYPES_N(__len__) TYPES_N(__contains__) TYPES_N(__iter__) TYPES_N(isdisjoint)
#define TYPES_FROZENSET \
    TYPES_SET_OPERATORS TYPES_N(copy) TYPES_N(difference) TYPES_N(intersection) TYPES_N(issubset) TYPES_N(issuperset) \
    TYPES_N(symmetric_difference) TYPES_N(union) TYPES_N(__class_getitem__)
static const int16_t types_of_frozenset[] = {TYPES_FROZENSET -1};
static const int16_t types_of_set[] = {
    TYPES_FROZENSET TYPES_N(__iand__) TYPES_N(__ior__) TYPES_N(__isub__) TYPES_N(__ixor__) TYPES_N(add) TYPES_N(clear)
    TYPES_N(difference_update) TYPES_N(discard) TYPES_N(intersection_update) TYPES_N(pop) TYPES_N(remove)
    TYPES_N(symmetric_difference_update) TYPES_N(update) -1};
static const int16_t types_of_view[] = {TYPES_SET_OPERATORS TYPES_N(__reversed__) -1};
static const int16_t types_of_iterator[] = {TYPES_N(__iter__) TYPES_N(__next__) TYPES_N(__length_hint__) -1};
static const int16_t types_of_generator[] = {
    TYPES_N(__iter__) TYPES_N(__next__) TYPES_N(close) TYPES_N(send) TYPES_N(throw) TYPES_N(gi_running) -1};
static const int16_t types_of_function[] = {TYPES_N(__call__) TYPES_N(__get__) -1};
static const int16_t types_of_callable[] = {TYPES_N(__call__) -1};
static const int16_t types_of_type[] = {
    TYPES_N(__call__) TYPES_N(mro) TYPES_N(__subclasses__) TYPES_N(__instancecheck__) TYPES_N(__subclasscheck__)
    TYPES_N(__prepare__) TYPES_N(__or__) TYPES_N(__ror__) -1};
static const int16_t types_of_property[] = {
    TYPES_N(__get__) TYPES_N(__set__) TYPES_N(__delete__) TYPES_N(__set_name__) TYPES_N(getter) TYPES_N(setter)
    TYPES_N(deleter) -1};
static const int16_t types_of_wrapped[] = {TYPES_N(__get__) TYPES_N(__call__) -1};
static const int16_t types_of_exception[] = {TYPES_N(with_traceback) TYPES_N(add_note) -1};
static const int16_t types_of_regex[] = {
    TYPES_N(findall) TYPES_N(finditer) TYPES_N(fullmatch) TYPES_N(match) TYPES_N(scanner) TYPES_N(search) TYPES_N(split)
    TYPES_N(sub) TYPES_N(subn) -1};
static const int16_t types_of_match[] = {
    TYPES_N(end) TYPES_N(expand) TYPES_N(group) TYPES_N(groupdict) TYPES_N(groups) TYPES_N(span) TYPES_N(start)
    TYPES_N(__getitem__) -1};
static const int16_t types_of_none[] = {TYPES_N(__bool__) -1};

static const struct { int16_t kind; const int16_t *names; } types_methods[] = {
    {WCB_KIND_INT, types_of_int}, {WCB_KIND_BOOL, types_of_int}, {WCB_KIND_NONE, types_of_none},
    {WCB_KIND_FLOAT, types_of_float}, {WCB_KIND_COMPLEX, types_of_complex}, {WCB_KIND_STR, types_of_str},
    {WCB_KIND_TUPLE, types_of_tuple}, {WCB_KIND_LIST, types_of_list}, {WCB_KIND_DEQUE, types_of_deque},
    {WCB_KIND_RANGE, types_of_range}, {WCB_KIND_SLICE, types_of_slice}, {WCB_KIND_DICT, types_of_dict},
    {WCB_KIND_SET, types_of_set}, {WCB_KIND_FROZENSET, types_of_frozenset}, {WCB_KIND_DICT_VIEW, types_of_view},
    {WCB_KIND_ITERATOR, types_of_iterator}, {WCB_KIND_GENERATOR, types_of_generator},
    {WCB_KIND_FUNCTION, types_of_function}, {WCB_KIND_METHOD, types_of_callable}, {WCB_KIND_BUILTIN, types_of_callable},
    {WCB_KIND_BUILTIN_METHOD, types_of_callable}, {WCB_KIND_TYPE, types_of_type},
    {WCB_KIND_PROPERTY, types_of_property}, {WCB_KIND_STATICMETHOD, types_of_wrapped},
    {WCB_KIND_CLASSMETHOD, types_of_wrapped}, {WCB_KIND_EXCEPTION, types_of_exception},
    {WCB_KIND_REGEX, types_of_regex}, {WCB_KIND_MATCH, types_of_match},
};

static uint8_t types_has[WCB_NUM_KINDS][WCB_NUM_NAMES];

bool wcb_kind_has(int kind, int32_t name_id) {
    return (uint32_t)name_id < WCB_NUM_NAMES && types_has[kind][name_id];
}

static void types_note_methods(int kind, const int16_t *names) {
    for (; *names >= 0; names++) types_has[kind][*names] = 1;
}

/* A str that belongs to no program: it is compared by content. */
static wcv types_static_name(uint64_t *room, const char *name) {
    wcb_str *s = (wcb_str *)room;
    s->type = WCB_TYPE(str);
    s->length = (int32_t)strlen(name);
    s->name_id = -1;
    s->width = 1;
    memcpy(s->data, name, (size_t)s->length);
    s->hash = wcb_str_hash(s);
    return (wcv)s;
}

bool wcb_is_type_name(const wcb_str *s) {
    const char *at = (const char *)s, *first = (const char *)types_names;
    return at >= first && at < first + sizeof types_names;
}

static void types_init(int index) {
    wcb_type *type = &wcb_types[index];
    wcb_type *base = &wcb_types[types_base[index]];
    type->mro = types_mro[index];
    type->mro[0] = type;
    type->num_mro = 1;
    if (index != WCB_TYPE_object) {
        memcpy(type->mro + 1, base->mro, sizeof(wcb_type *) * (size_t)base->num_mro);
        type->num_mro += base->num_mro;
    }
    const char *name = index == WCB_TYPE_builtin_method ? "builtin_function_or_method" : type->c_name;
    type->name = types_static_name(types_names[index], name);
    wcb_tuple *bases = (wcb_tuple *)types_bases[index];
    bases->type = WCB_TYPE(tuple);
    bases->length = index != WCB_TYPE_object;
    bases->items[0] = (wcv)base;
    type->bases = (wcv)bases;
}

void wcb_init_runtime(void) {
    static bool done;
    if (done) return;
    for (int i = 0; i < WCB_NUM_TYPES; i++) types_init(i);
    for (int kind = 0; kind < WCB_NUM_KINDS; kind++) types_note_methods(kind, types_of_object);
    for (size_t i = 0; i < sizeof(types_methods) / sizeof(*types_methods); i++)
        types_note_methods(types_methods[i].kind, types_methods[i].names);
    done = true;
}
