/* The methods of built-in types, as they are where no method of the program is in between: "abc".upper(), [].__len__(),
 * super().__setitem__(key, value), object.__eq__(a, b). */
#include "objects.h"

bool wcb_is_class_level(int32_t name_id) {
    switch (name_id) {
    case WCB_N___new__: case WCB_N___init_subclass__: case WCB_N___subclasshook__: case WCB_N___class_getitem__:
    case WCB_N___prepare__: case WCB_N_fromkeys: case WCB_N_maketrans: case WCB_N_from_bytes: case WCB_N_fromhex:
        return true;
    default: return false;
    }
}

static wcv dunders_new(wcb_ctx *ctx, wcb_type *type, const wcb_args *args) {
    wcv cls = args->count ? args->values[0] : 0;
    if (!cls || !wcb_is_kind(cls, WCB_KIND_TYPE))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S.__new__(): not enough arguments, or X is not a type object", type->name);
    if (!wcb_is_subtype((wcb_type *)cls, type))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S.__new__(%S): %S is not a subtype of %S", type->name,
                                ((wcb_type *)cls)->name, ((wcb_type *)cls)->name, type->name);
    if (((wcb_type *)cls)->kind != type->kind)
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S.__new__(%S) is not safe, use the __new__ of its built-in base",
                                type->name, ((wcb_type *)cls)->name);
    wcb_args rest = {args->values + 1, args->keywords, args->count - 1, args->num_keywords};
    return wcb_default_new(ctx, (wcb_type *)cls, &rest, true);
}

wcv wcb_class_level_call(wcb_ctx *ctx, wcb_type *type, int32_t name_id, const wcb_args *args) {
    switch (name_id) {
    case WCB_N___new__: return dunders_new(ctx, type, args);
    case WCB_N___init_subclass__:
        if (args->count || args->num_keywords)
            return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%S.__init_subclass__() takes no arguments", type->name);
        return WCB_NONE;
    case WCB_N___subclasshook__: return WCB_NOT_IMPLEMENTED;
    case WCB_N___class_getitem__: return (wcv)type;
    case WCB_N___prepare__: return wcb_new_dict(ctx, 0, NULL);
    case WCB_N_fromkeys: return wcb_dict_method(ctx, (wcv)type, name_id, args);
    case WCB_N_maketrans: return wcb_str_maketrans(ctx, args);
    default: return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE); /* bytes, floats in base 16 */
    }
}

/* ---- methods with plain names ---- */
static wcv dunders_of_type(wcb_ctx *ctx, wcb_type *cls, int32_t name_id, const wcb_args *args) {
    if (args->count || args->num_keywords)
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "type.%N() takes no arguments (%d given)", name_id, args->count);
    return wcb_type_bases_list(ctx, cls, name_id == WCB_N___subclasses__);
}

static wcv dunders_plain(wcb_ctx *ctx, int kind, wcv self, int32_t name_id, const wcb_args *args) {
    switch (kind) {
    case WCB_KIND_INT: case WCB_KIND_BOOL: case WCB_KIND_FLOAT: case WCB_KIND_COMPLEX:
        return wcb_number_method(ctx, self, name_id, args);
    case WCB_KIND_STR: return wcb_str_method(ctx, self, name_id, args);
    case WCB_KIND_TUPLE: return wcb_tuple_method(ctx, self, name_id, args);
    case WCB_KIND_LIST: return wcb_list_method(ctx, self, name_id, args);
    case WCB_KIND_RANGE: return wcb_range_method(ctx, self, name_id, args);
    case WCB_KIND_DEQUE: return wcb_deque_method(ctx, self, name_id, args);
    case WCB_KIND_SLICE: return wcb_slice_method(ctx, self, name_id, args);
    case WCB_KIND_DICT: return wcb_dict_method(ctx, self, name_id, args);
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: return wcb_set_method(ctx, self, name_id, args);
    case WCB_KIND_DICT_VIEW: return wcb_dict_view_method(ctx, self, name_id, args);
    case WCB_KIND_GENERATOR: return wcb_generator_method(ctx, self, name_id, args);
    case WCB_KIND_REGEX: return wcb_regex_method(ctx, self, name_id, args);
    case WCB_KIND_MATCH: return wcb_match_method(ctx, self, name_id, args);
    case WCB_KIND_PROPERTY: return wcb_property_method(ctx, self, name_id, args);
    case WCB_KIND_TYPE: return dunders_of_type(ctx, (wcb_type *)self, name_id, args);
    case WCB_KIND_EXCEPTION: return name_id == WCB_N_with_traceback ? self : WCB_NONE; /* no traceback, no notes */
    default: return wcb_no_attribute(ctx, self, name_id);
    }
}

wcv wcb_native_call(wcb_ctx *ctx, int kind, wcv self, int32_t name_id, const wcb_args *args) {
    bool plain = name_id >= WCB_N_capitalize && name_id < WCB_N___wc_class_iter__;
    if (plain || name_id == WCB_N_mro) return dunders_plain(ctx, kind, self, name_id, args);
    return wcb_native_dunder(ctx, kind, self, name_id, args);
}

/* int's methods do not know floats, and float's no complex numbers: they leave it to the other side. */
static int dunders_rank(wcb_kind_t kind) {
    if (kind == WCB_KIND_INT || kind == WCB_KIND_BOOL) return 1;
    return kind == WCB_KIND_FLOAT ? 2 : kind == WCB_KIND_COMPLEX ? 3 : 0;
}

static bool dunders_leaves(int kind, wcv other) {
    int rank = dunders_rank((wcb_kind_t)kind);
    return rank && dunders_rank(wcb_kind(other)) > rank;
}

/* ---- object's methods ---- */
static wcv dunders_compare(wcb_ctx *ctx, int kind, int op, wcv self, wcv other) {
    if (dunders_leaves(kind, other)) return WCB_NOT_IMPLEMENTED;
    if (kind != WCB_KIND_INSTANCE) return wcb_builtin_compare(ctx, op, self, other);
    if (op == WCB_EQ) return self == other ? WCB_TRUE : WCB_NOT_IMPLEMENTED;
    if (op != WCB_NE) return WCB_NOT_IMPLEMENTED;
    wcv equal = wcb_lookup_special(ctx, self, WCB_N___eq__); /* != is what == is not */
    wcv result = equal ? wcb_call_special(ctx, self, equal, 1, &other) : self == other ? WCB_TRUE : WCB_NOT_IMPLEMENTED;
    if (!result || result == WCB_NOT_IMPLEMENTED) return result;
    int truth = wcb_truth(ctx, result);
    return truth < 0 ? 0 : wcb_from_bool(!truth);
}

static wcv dunders_hash(wcb_ctx *ctx, int kind, wcv self) {
    uint64_t hash;
    if (kind == WCB_KIND_INSTANCE) return wcb_hash_value(wcb_hash_identity(self));
    return wcb_builtin_hash(ctx, self, &hash) < 0 ? 0 : wcb_hash_value(hash);
}

static wcv dunders_repr(wcb_ctx *ctx, int kind, wcv self) {
    return kind == WCB_KIND_INSTANCE ? wcb_object_repr(ctx, self) : wcb_builtin_repr(ctx, self);
}

static wcv dunders_str(wcb_ctx *ctx, int kind, wcv self) {
    if (kind == WCB_KIND_STR || kind == WCB_KIND_EXCEPTION) return wcb_builtin_str(ctx, self);
    return wcb_repr(ctx, self); /* object.__str__ asks the object's own __repr__ */
}

static wcv dunders_format(wcb_ctx *ctx, int kind, wcv self, wcv spec) {
    if (kind != WCB_KIND_INSTANCE) return wcb_builtin_format(ctx, self, spec);
    if (!wcb_is_kind(spec, WCB_KIND_STR))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "__format__() argument must be str, not %V", spec);
    if (!WCB_AS(wcb_str, spec)->length) return wcb_str_of(ctx, self);
    return wcb_raise_format(ctx, WCB_TYPE_TypeError, "unsupported format string passed to %V.__format__", self);
}

/* object.__setattr__(self, name, value) and the like: args without self. */
static wcv dunders_attribute(wcb_ctx *ctx, int kind, wcv self, int32_t name_id, const wcb_args *args) {
    if (kind == WCB_KIND_INSTANCE && name_id != WCB_N___getattribute__ && wcb_is_kind(self, WCB_KIND_TYPE))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "can't apply this %N to type object", name_id);
    wcv name = args->values[0];
    if (!wcb_is_kind(name, WCB_KIND_STR))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "attribute name must be string, not '%V'", name);
    int32_t attribute = wcb_name_id(ctx, name);
    if (name_id == WCB_N___setattr__ && attribute < 0) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    if (attribute < 0)
        return wcb_raise_format(ctx, WCB_TYPE_AttributeError, "'%V' object has no attribute '%S'", self, name);
    if (name_id == WCB_N___getattribute__) {
        wcv value = wcb_generic_getattr(ctx, self, attribute);
        return value || ctx->exception ? value : wcb_no_attribute(ctx, self, attribute);
    }
    wcv value = name_id == WCB_N___setattr__ ? args->values[1] : 0;
    return wcb_generic_setattr(ctx, self, attribute, value) ? 0 : WCB_NONE;
}

/* ---- containers and iterators ---- */
static wcv dunders_iter(wcb_ctx *ctx, int kind, wcv self, bool reversed) {
    switch (kind) {
    case WCB_KIND_STR: return wcb_str_iter(ctx, self, reversed);
    case WCB_KIND_TUPLE: case WCB_KIND_LIST: case WCB_KIND_RANGE: case WCB_KIND_DEQUE:
        return wcb_sequence_iter(ctx, self, reversed);
    case WCB_KIND_DICT: case WCB_KIND_DICT_VIEW: return wcb_dict_iter(ctx, self, reversed);
    case WCB_KIND_SET: case WCB_KIND_FROZENSET: return wcb_set_iter(ctx, self);
    default: return self;
    }
}

static wcv dunders_next(wcb_ctx *ctx, int kind, wcv self, const wcb_args *args) {
    if (kind == WCB_KIND_GENERATOR) return wcb_generator_method(ctx, self, WCB_N___next__, args);
    wcv value = WCB_AS(wcb_iterator, self)->next(ctx, WCB_AS(wcb_iterator, self));
    return value || ctx->exception ? value : wcb_raise_with(ctx, WCB_TYPE_StopIteration, 0);
}

static wcv dunders_binary(wcb_ctx *ctx, int op, wcv a, wcv b) { return wcb_builtin_binary(ctx, op, a, b); }

/* ---- numbers ---- */
static wcv dunders_round(wcb_ctx *ctx, wcv self, const wcb_args *args) {
    int64_t places, n;
    if (args->count && args->values[0] != WCB_NONE) {
        if (wcb_index(ctx, args->values[0], &places)) return 0;
        if (wcb_is_kind(self, WCB_KIND_FLOAT)) return wcb_round_float(ctx, WCB_AS(wcb_float, self)->value, places);
        if (places < 0) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
    }
    if (wcb_as_int(self, &n)) return wcb_from_small(n);
    return wcb_int_of_float(ctx, nearbyint(WCB_AS(wcb_float, self)->value));
}

static wcv dunders_absolute(wcb_ctx *ctx, wcv self) {
    int64_t n;
    if (wcb_as_int(self, &n)) return wcb_int(ctx, n < 0 ? -n : n);
    if (wcb_is_kind(self, WCB_KIND_FLOAT)) return wcb_new_float(ctx, fabs(WCB_AS(wcb_float, self)->value));
    return wcb_new_float(ctx, hypot(WCB_AS(wcb_complex, self)->real, WCB_AS(wcb_complex, self)->imag));
}

static wcv dunders_number(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    int64_t n;
    double d = 0.0;
    if (name_id == WCB_N___abs__) return dunders_absolute(ctx, self);
    if (name_id == WCB_N___neg__) return wcb_number_unary(ctx, WCB_NEGATIVE, self);
    if (name_id == WCB_N___pos__) return wcb_number_unary(ctx, WCB_POSITIVE, self);
    if (name_id == WCB_N___invert__) return wcb_number_unary(ctx, WCB_INVERT, self);
    if (name_id == WCB_N___complex__) return self;
    if (name_id == WCB_N___round__) return dunders_round(ctx, self, args);
    bool whole = wcb_as_int(self, &n);
    if (!wcb_as_double(self, &d)) return wcb_no_attribute(ctx, self, name_id);
    if (name_id == WCB_N___float__) return wcb_new_float(ctx, d);
    if (whole) return wcb_from_small(n);
    return wcb_int_of_float(ctx, name_id == WCB_N___floor__ ? floor(d) : name_id == WCB_N___ceil__ ? ceil(d) : trunc(d));
}

/* ---- by name ---- */
/* How many arguments a method takes besides self: -1 any number. */
static int dunders_arity(int32_t name_id) {
    switch (name_id) {
    case WCB_N___init__: case WCB_N___new__: case WCB_N___call__: case WCB_N___get__: case WCB_N___round__:
    case WCB_N___set_name__: case WCB_N___pow__: case WCB_N___reduce_ex__: return -1;
    case WCB_N___hash__: case WCB_N___repr__: case WCB_N___str__: case WCB_N___len__: case WCB_N___iter__:
    case WCB_N___next__: case WCB_N___reversed__: case WCB_N___bool__: case WCB_N___neg__: case WCB_N___pos__:
    case WCB_N___abs__: case WCB_N___invert__: case WCB_N___int__: case WCB_N___float__: case WCB_N___complex__:
    case WCB_N___index__: case WCB_N___trunc__: case WCB_N___floor__: case WCB_N___ceil__: case WCB_N___length_hint__:
    case WCB_N___dir__: case WCB_N___sizeof__: case WCB_N___reduce__: case WCB_N___copy__: case WCB_N___subclasses__: return 0;
    case WCB_N___setattr__: case WCB_N___setitem__: case WCB_N___set__: return 2;
    default: return 1;
    }
}

static wcv dunders_descriptor(wcb_ctx *ctx, wcv self, int32_t name_id, const wcb_args *args) {
    const wcv *values = args->values;
    if (name_id == WCB_N___get__) {
        if (!args->count) return wcb_raise(ctx, WCB_TYPE_TypeError, "__get__() takes at least 1 argument");
        wcv instance = values[0] == WCB_NONE ? 0 : values[0];
        wcv owner = args->count > 1 && wcb_is_kind(values[1], WCB_KIND_TYPE) ? values[1] : (wcv)wcb_type_of(values[0]);
        return wcb_bind(ctx, self, instance, (wcb_type *)owner, WCB_N__);
    }
    wcv value = name_id == WCB_N___set__ ? values[1] : 0;
    return wcb_descriptor_store(ctx, self, values[0], WCB_N__, value) ? 0 : WCB_NONE;
}

static wcv dunders_of_container(wcb_ctx *ctx, int kind, wcv self, int32_t name_id, const wcb_args *args) {
    const wcv *values = args->values;
    switch (name_id) {
    case WCB_N___len__: {
        int64_t length = wcb_builtin_length(ctx, self);
        return length < 0 ? 0 : wcb_from_small(length);
    }
    case WCB_N___contains__: {
        int found = wcb_builtin_contains(ctx, self, values[0]);
        return found < 0 ? 0 : wcb_from_bool(found);
    }
    case WCB_N___getitem__:
        return kind == WCB_KIND_MATCH ? wcb_match_method(ctx, self, WCB_N_group, args) : wcb_builtin_subscript(ctx, self, values[0]);
    case WCB_N___setitem__: return wcb_builtin_store(ctx, self, values[0], values[1]) < 0 ? 0 : WCB_NONE;
    case WCB_N___delitem__: return wcb_builtin_store(ctx, self, values[0], 0) < 0 ? 0 : WCB_NONE;
    case WCB_N___iter__: return dunders_iter(ctx, kind, self, false);
    case WCB_N___reversed__: return dunders_iter(ctx, kind, self, true);
    case WCB_N___next__: return dunders_next(ctx, kind, self, args);
    case WCB_N___missing__: return wcb_dict_method(ctx, self, name_id, args);
    case WCB_N___copy__: return wcb_deque_method(ctx, self, WCB_N_copy, args);
    default: return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE); /* __sizeof__, __reduce__, __dir__, ... */
    }
}

#define DUNDERS_OPERATOR(name, op) \
    case WCB_N___##name##__: return dunders_binary(ctx, op, self, args->values[0]); \
    case WCB_N___r##name##__: return dunders_binary(ctx, op, args->values[0], self);
#define DUNDERS_INPLACE(name, op) \
    case WCB_N___i##name##__: return wcb_builtin_inplace(ctx, op, self, args->values[0]);
#define DUNDERS_BOTH(name, op) DUNDERS_OPERATOR(name, op) DUNDERS_INPLACE(name, op)

static wcv dunders_operator(wcb_ctx *ctx, int kind, wcv self, int32_t name_id, const wcb_args *args) {
    bool binary = name_id >= WCB_N___add__ && name_id <= WCB_N___rdivmod__ && args->count == 1;
    if (binary && dunders_leaves(kind, args->values[0])) return WCB_NOT_IMPLEMENTED;
    switch (name_id) {
    DUNDERS_BOTH(add, WCB_ADD) DUNDERS_BOTH(sub, WCB_SUB) DUNDERS_BOTH(mul, WCB_MUL) DUNDERS_BOTH(truediv, WCB_TRUEDIV)
    DUNDERS_BOTH(floordiv, WCB_FLOORDIV) DUNDERS_BOTH(mod, WCB_MOD) DUNDERS_BOTH(lshift, WCB_LSHIFT)
    DUNDERS_BOTH(rshift, WCB_RSHIFT) DUNDERS_BOTH(and, WCB_AND) DUNDERS_BOTH(or, WCB_OR) DUNDERS_BOTH(xor, WCB_XOR)
    DUNDERS_OPERATOR(divmod, WCB_DIVMOD)
    case WCB_N___pow__:
        if (args->count != 1 || args->num_keywords) return wcb_limit(ctx, WC_STATUS_OUT_OF_RANGE);
        return dunders_binary(ctx, WCB_POW, self, args->values[0]);
    case WCB_N___rpow__: return dunders_binary(ctx, WCB_POW, args->values[0], self);
    default: return dunders_of_container(ctx, kind, self, name_id, args);
    }
}

wcv wcb_native_dunder(wcb_ctx *ctx, int kind, wcv self, int32_t name_id, const wcb_args *args) {
    int arity = dunders_arity(name_id);
    if (arity >= 0 && (args->count != arity || args->num_keywords))
        return wcb_raise_format(ctx, WCB_TYPE_TypeError, "%N() takes %d argument%s (%d given)", name_id, arity,
                                arity == 1 ? "" : "s", args->count + args->num_keywords);
    const wcv *values = args->values;
    switch (name_id) {
    case WCB_N___init__: return wcb_default_init(ctx, kind, self, args) ? 0 : WCB_NONE;
    case WCB_N___eq__: return dunders_compare(ctx, kind, WCB_EQ, self, values[0]);
    case WCB_N___ne__: return dunders_compare(ctx, kind, WCB_NE, self, values[0]);
    case WCB_N___lt__: return dunders_compare(ctx, kind, WCB_LT, self, values[0]);
    case WCB_N___le__: return dunders_compare(ctx, kind, WCB_LE, self, values[0]);
    case WCB_N___gt__: return dunders_compare(ctx, kind, WCB_GT, self, values[0]);
    case WCB_N___ge__: return dunders_compare(ctx, kind, WCB_GE, self, values[0]);
    case WCB_N___hash__: return dunders_hash(ctx, kind, self);
    case WCB_N___repr__: return dunders_repr(ctx, kind, self);
    case WCB_N___str__: return dunders_str(ctx, kind, self);
    case WCB_N___format__: return dunders_format(ctx, kind, self, values[0]);
    case WCB_N___setattr__: case WCB_N___delattr__: case WCB_N___getattribute__:
        return dunders_attribute(ctx, kind, self, name_id, args);
    case WCB_N___bool__: {
        int truth = wcb_builtin_truth(ctx, self);
        return truth < 0 ? 0 : wcb_from_bool(truth);
    }
    case WCB_N___call__:
        return kind == WCB_KIND_TYPE ? wcb_construct(ctx, (wcb_type *)self, args) : wcb_call(ctx, self, args);
    case WCB_N___get__: case WCB_N___set__: case WCB_N___delete__: return dunders_descriptor(ctx, self, name_id, args);
    case WCB_N___set_name__: return WCB_NONE;
    case WCB_N___subclasses__: return wcb_type_bases_list(ctx, (wcb_type *)self, true);
    case WCB_N___instancecheck__: return wcb_from_bool(wcb_is_subtype(wcb_type_of(values[0]), (wcb_type *)self));
    case WCB_N___subclasscheck__:
        return wcb_from_bool(wcb_is_kind(values[0], WCB_KIND_TYPE) && wcb_is_subtype((wcb_type *)values[0], (wcb_type *)self));
    case WCB_N___abs__: case WCB_N___neg__: case WCB_N___pos__: case WCB_N___invert__: case WCB_N___complex__:
    case WCB_N___round__: case WCB_N___float__: case WCB_N___int__: case WCB_N___index__: case WCB_N___trunc__:
    case WCB_N___floor__: case WCB_N___ceil__:
        return dunders_number(ctx, self, name_id, args);
    default: return dunders_operator(ctx, kind, self, name_id, args);
    }
}
