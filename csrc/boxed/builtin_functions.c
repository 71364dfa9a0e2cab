/* Built-in functions of one value: conversions, attributes, numbers. */
#include "builtins.h"

#include <stdio.h>

wcv builtins_len(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    if (wcb_parse(ctx, args, "len", "obj/", &v) < 0) return 0;
    int64_t length = wcb_length(ctx, v);
    return length < 0 ? 0 : wcb_int(ctx, length);
}

wcv builtins_isinstance(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    if (wcb_parse(ctx, args, "isinstance", "obj class_or_tuple/", given) < 0) return 0;
    int result = wcb_isinstance(ctx, given[0], given[1]);
    return result < 0 ? 0 : wcb_from_bool(result);
}

wcv builtins_issubclass(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    if (wcb_parse(ctx, args, "issubclass", "cls class_or_tuple/", given) < 0) return 0;
    int result = wcb_issubclass(ctx, given[0], given[1]);
    return result < 0 ? 0 : wcb_from_bool(result);
}

wcv builtins_callable(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    return wcb_parse(ctx, args, "callable", "obj/", &v) < 0 ? 0 : wcb_from_bool(wcb_is_callable(ctx, v));
}

/* ---- text ---- */

wcv builtins_repr(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    return wcb_parse(ctx, args, "repr", "obj/", &v) < 0 ? 0 : wcb_repr(ctx, v);
}

wcv builtins_ascii(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    return wcb_parse(ctx, args, "ascii", "obj/", &v) < 0 ? 0 : wcb_ascii(ctx, v);
}

wcv builtins_format(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    if (wcb_parse(ctx, args, "format", "value|format_spec/", given) < 0) return 0;
    if (given[1] && !wcb_is_kind(given[1], WCB_KIND_STR)) {
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "format() argument 2 must be str, not %V", given[1]);
    }
    return wcb_format(ctx, given[0], given[1]);
}

wcv builtins_chr(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    int64_t point;
    if (wcb_parse(ctx, args, "chr", "i/", &v) < 0 || wcb_index(ctx, v, &point) < 0) return 0;
    if (point < INT32_MIN || point > INT32_MAX) {
        return wcb_raise(ctx, WCB_TYPE_OverflowError, "Python int too large to convert to C int");
    }
    if (point < 0 || point > 0x10ffff) return wcb_raise(ctx, WCB_TYPE_ValueError, "chr() arg not in range(0x110000)");
    return wcb_char(ctx, (uint32_t)point);
}

wcv builtins_ord(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    if (wcb_parse(ctx, args, "ord", "c/", &v) < 0) return 0;
    if (!wcb_is_kind(v, WCB_KIND_STR)) {
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "ord() expected string of length 1, but %V found", v);
    }
    const wcb_str *text = WCB_AS(wcb_str, v);
    if (text->length == 1) return wcb_from_small(wcb_char_at(text, 0));
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "ord() expected a character, but string of length %d found",
                            (int)text->length);
}

/* Digits of 1, 3 or 4 bits behind a prefix such as 0x. */
static wcv builtins_digits(wcb_ctx *ctx, const wcb_args *args, const char *name, char letter, int bits) {
    wcv v;
    int64_t n;
    char text[80], *p = text + sizeof text;
    if (wcb_parse(ctx, args, name, "number/", &v) < 0 || wcb_index(ctx, v, &n) < 0) return 0;
    uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
    do *--p = "0123456789abcdef"[rest & ((1u << bits) - 1)];
    while ((rest >>= bits));
    *--p = letter;
    *--p = '0';
    if (n < 0) *--p = '-';
    return wcb_new_str(ctx, text + sizeof text - p, p);
}

wcv builtins_bin(wcb_ctx *ctx, const wcb_args *args) { return builtins_digits(ctx, args, "bin", 'b', 1); }

wcv builtins_oct(wcb_ctx *ctx, const wcb_args *args) { return builtins_digits(ctx, args, "oct", 'o', 3); }

wcv builtins_hex(wcb_ctx *ctx, const wcb_args *args) { return builtins_digits(ctx, args, "hex", 'x', 4); }

/* What is printed is dropped, but printing calls str on everything. */
wcv builtins_print(wcb_ctx *ctx, const wcb_args *args) {
    wcv options[4];
    wcb_args keywords = {args->values + args->count, args->keywords, 0, args->num_keywords};
    if (wcb_parse(ctx, &keywords, "print", "|*sep end file flush", options) < 0) return 0;
    for (int i = 0; i < 2; i++) {
        if (options[i] && options[i] != WCB_NONE && !wcb_is_kind(options[i], WCB_KIND_STR)) {
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s must be None or a string, not %V", i ? "end" : "sep",
                                    options[i]);
        }
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!wcb_str_of(ctx, args->values[i])) return 0;
    }
    return WCB_NONE;
}

wcv builtins_input(wcb_ctx *ctx, const wcb_args *args) {
    wcv prompt;
    if (wcb_parse(ctx, args, "input", "|prompt/", &prompt) < 0 || (prompt && !wcb_str_of(ctx, prompt))) return 0;
    return wcb_raise(ctx, WCB_TYPE_EOFError, "EOF when reading a line");
}

/* ---- attributes by name ---- */

static int builtins_check_name(wcb_ctx *ctx, wcv name, const char *function) {
    if (wcb_is_kind(name, WCB_KIND_STR)) return 0;
    wcb_raise_format(ctx, WCB_TYPE_TypeError, "%s(): attribute name must be string", function);
    return -1;
}

/* An attribute whose name the program never mentions: only its __getattr__ can make one. 0 and maybe AttributeError. */
static wcv builtins_unknown_attribute(wcb_ctx *ctx, wcv v, wcv name) {
    static const int32_t methods[2] = {WCB_N___getattribute__, WCB_N___getattr__};
    for (int i = 0; i < 2; i++) {
        wcv function = wcb_type_of(v)->index < 0 ? wcb_lookup_special(ctx, v, methods[i]) : 0;
        if (function) return wcb_call_special(ctx, v, function, 1, &name);
    }
    return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "'%V' object has no attribute '%S'", v, name);
}

static bool builtins_pending_attribute_error(wcb_ctx *ctx) {
    return !ctx->status && ctx->exception && wcb_is_subtype(wcb_type_of(ctx->exception), WCB_TYPE(AttributeError));
}

/* getattr(v, name, otherwise); otherwise 0: none, AttributeError. */
static wcv builtins_read_attribute(wcb_ctx *ctx, wcv v, wcv name, wcv otherwise) {
    int32_t name_id = wcb_name_id(ctx, name);
    if (name_id >= 0) return otherwise ? wcb_getattr_or(ctx, v, name_id, otherwise) : wcb_getattr(ctx, v, name_id);
    wcv result = builtins_unknown_attribute(ctx, v, name);
    if (result || !otherwise || !builtins_pending_attribute_error(ctx)) return result;
    ctx->exception = 0;
    return otherwise;
}

wcv builtins_getattr(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[3] = {0};
    if (!args->num_keywords && (args->count == 2 || args->count == 3)) memcpy(given, args->values, sizeof(wcv) * (size_t)args->count);
    else if (wcb_parse(ctx, args, "getattr", "object name|default/", given) < 0) return 0;
    if (builtins_check_name(ctx, given[1], "getattr") < 0) return 0;
    return builtins_read_attribute(ctx, given[0], given[1], given[2]);
}

wcv builtins_hasattr(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    if (!args->num_keywords && args->count == 2) memcpy(given, args->values, sizeof given);
    else if (wcb_parse(ctx, args, "hasattr", "obj name/", given) < 0) return 0;
    if (builtins_check_name(ctx, given[1], "hasattr") < 0) return 0;
    const int32_t name_id = wcb_name_id(ctx, given[1]);
    if (name_id >= 0) {
        const int32_t has_it = wcb_has_attribute(ctx, given[0], name_id);
        return has_it < 0 ? 0 : wcb_from_bool(has_it);
    }
    if (builtins_read_attribute(ctx, given[0], given[1], 0)) return WCB_TRUE;
    if (!builtins_pending_attribute_error(ctx)) return 0;
    ctx->exception = 0;
    return WCB_FALSE;
}

wcv builtins_setattr(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[3];
    if (wcb_parse(ctx, args, "setattr", "obj name value/", given) < 0) return 0;
    if (builtins_check_name(ctx, given[1], "setattr") < 0) return 0;
    int32_t name_id = wcb_name_id(ctx, given[1]);
    if (name_id >= 0) return wcb_setattr(ctx, given[0], name_id, given[2]) < 0 ? 0 : WCB_NONE;
    wcv function = wcb_type_of(given[0])->index < 0 ? wcb_lookup_special(ctx, given[0], WCB_N___setattr__) : 0;
    if (function) return wcb_call_special(ctx, given[0], function, 2, given + 1) ? WCB_NONE : 0;
    return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
}

wcv builtins_delattr(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    if (wcb_parse(ctx, args, "delattr", "obj name/", given) < 0) return 0;
    if (builtins_check_name(ctx, given[1], "delattr") < 0) return 0;
    int32_t name_id = wcb_name_id(ctx, given[1]);
    if (name_id >= 0) return wcb_delattr(ctx, given[0], name_id) < 0 ? 0 : WCB_NONE;
    wcv function = wcb_type_of(given[0])->index < 0 ? wcb_lookup_special(ctx, given[0], WCB_N___delattr__) : 0;
    if (function) return wcb_call_special(ctx, given[0], function, 1, given + 1) ? WCB_NONE : 0;
    return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "'%V' object has no attribute '%S'", given[0], given[1]);
}

wcv builtins_vars(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    if (wcb_parse(ctx, args, "vars", "|object/", &v) < 0) return 0;
    if (!v) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE); /* the locals of the caller */
    wcv dict = wcb_getattr(ctx, v, WCB_N___dict__);
    if (dict || !builtins_pending_attribute_error(ctx)) return dict;
    ctx->exception = 0;
    return wcb_raise(ctx, WCB_TYPE_TypeError, "vars() argument must have __dict__ attribute");
}

static const char *const builtins_object_names[] = {
    "__class__", "__delattr__", "__dict__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__",
    "__getstate__", "__gt__", "__hash__", "__init__", "__init_subclass__", "__le__", "__lt__", "__module__", "__ne__",
    "__new__", "__reduce__", "__reduce_ex__", "__repr__", "__setattr__", "__sizeof__", "__str__", "__subclasshook__",
    "__weakref__",
};

static int builtins_add_class_names(wcb_ctx *ctx, wcv names, const wcb_type *type) {
    for (int32_t i = 0; i < type->num_mro; i++) {
        if (type->mro[i]->members && wcb_dict_update(ctx, names, type->mro[i]->members) < 0) return -1;
    }
    for (size_t i = 0; i < sizeof builtins_object_names / sizeof *builtins_object_names; i++) {
        wcv name = wcb_str_of_c(ctx, builtins_object_names[i]);
        if (!name || wcb_dict_set(ctx, names, name, WCB_NONE) < 0) return -1;
    }
    return 0;
}

/* Of the program's classes and their instances; other values have names that are not known here. */
wcv builtins_dir(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    if (wcb_parse(ctx, args, "dir", "|object/", &v) < 0) return 0;
    bool is_class = v && wcb_is_kind(v, WCB_KIND_TYPE);
    const wcb_type *type = !v ? NULL : is_class ? (wcb_type *)v : wcb_type_of(v);
    if (!v || type->index >= 0 || type->kind != WCB_KIND_INSTANCE) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    if (type->flags & WCB_TYPE_HAS_SLOTS) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    wcv names = is_class ? wcb_new_dict(ctx, 0, NULL) : wcb_instance_dict(ctx, v);
    if (!names || builtins_add_class_names(ctx, names, type) < 0) return 0;
    return wcb_sorted(ctx, names, WCB_NONE, false);
}

/* ---- identity ---- */

wcv builtins_hash(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    uint64_t hash;
    return wcb_parse(ctx, args, "hash", "obj/", &v) < 0 || wcb_hash(ctx, v, &hash) < 0 ? 0 : wcb_hash_value(hash);
}

/* Addresses are multiples of 8, the words of immediate values are not. */
wcv builtins_id(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    return wcb_parse(ctx, args, "id", "obj/", &v) < 0 ? 0 : wcb_hash_value(v);
}

wcv builtins_copy(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    return wcb_parse(ctx, args, "copy", "x", &v) < 0 ? 0 : wcb_copy(ctx, v);
}

wcv builtins_deepcopy(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[3];
    if (args->count == 1 && !args->num_keywords) return wcb_deepcopy(ctx, args->values[0]);
    if (wcb_parse(ctx, args, "deepcopy", "x|memo _nil", given) < 0) return 0;
    return given[1] && given[1] != WCB_NONE ? wcb_deepcopy_with(ctx, given[0], given[1]) : wcb_deepcopy(ctx, given[0]);
}

/* ---- numbers ---- */

static wcv builtins_special(wcb_ctx *ctx, wcv v, int32_t name_id) {
    return wcb_type_of(v)->index < 0 ? wcb_lookup_special(ctx, v, name_id) : 0;
}

wcv builtins_abs(wcb_ctx *ctx, const wcb_args *args) {
    wcv v;
    int64_t n;
    if (wcb_parse(ctx, args, "abs", "x/", &v) < 0) return 0;
    wcv function = builtins_special(ctx, v, WCB_N___abs__);
    if (function) return wcb_call_special(ctx, v, function, 0, NULL);
    if (wcb_as_int(v, &n)) return wcb_int(ctx, n < 0 ? -n : n);
    if (wcb_is_kind(v, WCB_KIND_FLOAT)) return wcb_new_float(ctx, fabs(WCB_AS(wcb_float, v)->value));
    if (!wcb_is_kind(v, WCB_KIND_COMPLEX)) {
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "bad operand type for abs(): '%V'", v);
    }
    double real = WCB_AS(wcb_complex, v)->real, imag = WCB_AS(wcb_complex, v)->imag, size = hypot(real, imag);
    if (isinf(size) && isfinite(real) && isfinite(imag)) {
        return wcb_raise(ctx, WCB_TYPE_OverflowError, "absolute value too large");
    }
    return wcb_new_float(ctx, size);
}

wcv builtins_divmod(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    return wcb_parse(ctx, args, "divmod", "x y/", given) < 0 ? 0 : wcb_binary(ctx, WCB_DIVMOD, given[0], given[1]);
}

/* The inverse of n modulo m > 0; 0 where there is none and m > 1. */
static int64_t builtins_inverse(int64_t n, int64_t m) {
    int64_t a = n % m, b = m, x = 1, y = 0;
    if (a < 0) a += m;
    while (b) {
        int64_t quotient = a / b, rest = a % b, next = x - quotient * y;
        a = b;
        b = rest;
        x = y;
        y = next;
    }
    return a != 1 ? 0 : x < 0 ? x + m : x;
}

static wcv builtins_power_modulo(wcb_ctx *ctx, int64_t base, int64_t exponent, int64_t modulus) {
    if (modulus == 0) return wcb_raise(ctx, WCB_TYPE_ValueError, "pow() 3rd argument cannot be 0");
    int64_t m = modulus < 0 ? -modulus : modulus;
    base %= m;
    if (base < 0) base += m;
    if (exponent < 0) {
        base = builtins_inverse(base, m);
        if (base == 0 && m > 1) {
            return wcb_raise(ctx, WCB_TYPE_ValueError, "base is not invertible for the given modulus");
        }
        exponent = -exponent;
    }
    int64_t result = 1 % m;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) result = (int64_t)((__int128)result * base % m);
        base = (int64_t)((__int128)base * base % m);
    }
    return wcb_from_small(modulus < 0 && result ? result + modulus : result);
}

wcv builtins_pow(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[3];
    int64_t base, exponent, modulus;
    if (wcb_parse(ctx, args, "pow", "base exp|mod", given) < 0) return 0;
    if (!given[2] || given[2] == WCB_NONE) return wcb_binary(ctx, WCB_POW, given[0], given[1]);
    wcv function = builtins_special(ctx, given[0], WCB_N___pow__);
    if (function) return wcb_call_special(ctx, given[0], function, 2, given + 1);
    if (!wcb_as_int(given[0], &base) || !wcb_as_int(given[1], &exponent) || !wcb_as_int(given[2], &modulus)) {
        return wcb_raise(ctx, WCB_TYPE_TypeError, "pow() 3rd argument not allowed unless all arguments are integers");
    }
    return builtins_power_modulo(ctx, base, exponent, modulus);
}

/* n rounded to a multiple of 10**places; a half goes to the even multiple. */
static wcv builtins_round_int(wcb_ctx *ctx, int64_t n, int64_t places) {
    int64_t unit = 1;
    if (places > 18) return wcb_from_small(0); /* beyond any half */
    for (; places > 0; places--) unit *= 10;
    int64_t down = n / unit - (n % unit < 0), rest = n - down * unit;
    if (rest > unit - rest || (rest == unit - rest && down % 2 != 0)) down++;
    __int128 result = (__int128)down * unit;
    if (result < WCB_INT_MIN || result > WCB_INT_MAX) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    return wcb_from_small((int64_t)result);
}

wcv builtins_round(wcb_ctx *ctx, const wcb_args *args) {
    wcv given[2];
    int64_t n, places = 0;
    if (wcb_parse(ctx, args, "round", "number|ndigits", given) < 0) return 0;
    bool whole = !given[1] || given[1] == WCB_NONE;
    wcv function = builtins_special(ctx, given[0], WCB_N___round__);
    if (function) return wcb_call_special(ctx, given[0], function, !whole, given + 1);
    bool is_float = wcb_is_kind(given[0], WCB_KIND_FLOAT);
    if (!is_float && !wcb_as_int(given[0], &n)) {
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "type %V doesn't define __round__ method", given[0]);
    }
    if (!whole && wcb_index(ctx, given[1], &places) < 0) return 0;
    if (!is_float) return places >= 0 ? wcb_from_small(n) : builtins_round_int(ctx, n, -places);
    double d = WCB_AS(wcb_float, given[0])->value;
    return whole ? wcb_int_of_float(ctx, rint(d)) : wcb_round_float(ctx, d, places);
}
