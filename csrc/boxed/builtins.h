/* The functions of builtins and of modules that are written in C: name, function. */
#ifndef WCB_BUILTINS_H
#define WCB_BUILTINS_H

#include "value.h"

#define WCB_BUILTIN_FUNCTIONS(X) \
    X("len", builtins_len) X("abs", builtins_abs) X("min", builtins_min) X("max", builtins_max) X("sum", builtins_sum) \
    X("any", builtins_any) X("all", builtins_all) X("sorted", builtins_sorted) X("isinstance", builtins_isinstance) \
    X("issubclass", builtins_issubclass) X("getattr", builtins_getattr) X("setattr", builtins_setattr) \
    X("hasattr", builtins_hasattr) X("delattr", builtins_delattr) X("callable", builtins_callable) \
    X("repr", builtins_repr) X("ascii", builtins_ascii) X("format", builtins_format) X("chr", builtins_chr) \
    X("ord", builtins_ord) X("bin", builtins_bin) X("hex", builtins_hex) X("oct", builtins_oct) \
    X("divmod", builtins_divmod) X("pow", builtins_pow) X("round", builtins_round) X("hash", builtins_hash) \
    X("id", builtins_id) X("iter", builtins_iter) X("next", builtins_next) X("print", builtins_print) \
    X("vars", builtins_vars) X("dir", builtins_dir) X("input", builtins_input) \
    X("_attributes.store", instances_store) X("_attributes.delete", instances_delete) \
    X("copy.copy", builtins_copy) X("copy.deepcopy", builtins_deepcopy) \
    X("re.compile", wcb_re_compile) X("re.match", wcb_re_match) X("re.fullmatch", wcb_re_fullmatch) \
    X("re.search", wcb_re_search) X("re.findall", wcb_re_findall) X("re.finditer", wcb_re_finditer) \
    X("re.split", wcb_re_split) X("re.sub", wcb_re_sub) X("re.subn", wcb_re_subn) X("re.escape", wcb_re_escape) \
    X("re.purge", wcb_re_purge) \
    X("math.ceil", math_ceil) X("math.floor", math_floor) X("math.trunc", math_trunc) X("math.gcd", math_gcd) \
    X("math.lcm", math_lcm) X("math.isqrt", math_isqrt) X("math.comb", math_comb) X("math.perm", math_perm) \
    X("math.factorial", math_factorial) X("math.prod", math_prod) X("math.fsum", math_fsum) X("math.hypot", math_hypot) \
    X("math.dist", math_dist) X("math.pow", math_power) X("math.fmod", math_fmod) X("math.remainder", math_remainder) \
    X("math.copysign", math_copysign) X("math.atan2", math_atan2) X("math.ldexp", math_ldexp) X("math.frexp", math_frexp) \
    X("math.modf", math_modf) X("math.isclose", math_isclose) X("math.isnan", math_isnan) X("math.isinf", math_isinf) \
    X("math.isfinite", math_isfinite) X("math.log", math_log) X("math.log2", math_log2) X("math.log10", math_log10) \
    X("math.nextafter", math_nextafter) X("math.ulp", math_ulp) X("math.degrees", math_degrees) \
    X("math.radians", math_radians) X("math.sqrt", math_sqrt) X("math.cbrt", math_cbrt) X("math.exp", math_exp) \
    X("math.exp2", math_exp2) X("math.expm1", math_expm1) X("math.log1p", math_log1p) X("math.sin", math_sin) \
    X("math.cos", math_cos) X("math.tan", math_tan) X("math.asin", math_asin) X("math.acos", math_acos) \
    X("math.atan", math_atan) X("math.sinh", math_sinh) X("math.cosh", math_cosh) X("math.tanh", math_tanh) \
    X("math.asinh", math_asinh) X("math.acosh", math_acosh) X("math.atanh", math_atanh) X("math.fabs", math_fabs) \
    X("math.erf", math_erf) X("math.erfc", math_erfc)

#define WCB_DECLARE_BUILTIN(name, function) wcv function(wcb_ctx *ctx, const wcb_args *args);
WCB_BUILTIN_FUNCTIONS(WCB_DECLARE_BUILTIN)
#undef WCB_DECLARE_BUILTIN

/* An iteration over any iterable, without an iterator object for lists and tuples. */
typedef struct { wcv source, iterator; int64_t position; } builtins_cursor;
int builtins_open(wcb_ctx *ctx, wcv iterable, builtins_cursor *cursor);
wcv builtins_step(wcb_ctx *ctx, builtins_cursor *cursor); /* 0 without an exception: at the end */

#endif /* WCB_BUILTINS_H */
