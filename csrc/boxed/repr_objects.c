/* repr() of functions, classes, exceptions, iterators, patterns and whatever else is no container. */
#include <stdio.h>

#include "text.h"

static void objects_add_address(text_builder *b, wcv v) {
    char buffer[32];
    snprintf(buffer, sizeof buffer, "0x%llx", (unsigned long long)v);
    text_add_c(b, buffer);
}

/* "module.Name" of a class, without the module where it is built in. */
static void objects_add_class_name(text_builder *b, wcb_type *cls) {
    wcv module = wcb_getattr(b->ctx, (wcv)cls, WCB_N___module__);
    wcv name = module ? wcb_getattr(b->ctx, (wcv)cls, WCB_N___qualname__) : 0;
    if (!name) {
        b->text = NULL;
        return;
    }
    if (text_is_str(module) && !text_equals_c(WCB_AS(wcb_str, module), "builtins")) {
        text_add_value(b, module);
        text_add_c(b, ".");
    }
    text_add_value(b, text_is_str(name) ? name : cls->name);
}

static wcv objects_default(wcb_ctx *ctx, wcv v) {
    text_builder b;
    text_begin(&b, ctx, 48);
    text_add_c(&b, "<");
    objects_add_class_name(&b, wcb_type_of(v));
    text_add_c(&b, " object at ");
    objects_add_address(&b, v);
    text_add_c(&b, ">");
    return text_end(&b);
}

wcv wcb_object_repr(wcb_ctx *ctx, wcv v) { return objects_default(ctx, v); }

/* <function f at 0x...>, <generator object g at 0x...> */
static void objects_add_named(text_builder *b, const char *what, wcv v, const wcb_function *function) {
    text_add_c(b, what);
    text_add_value(b, b->ctx->constants[function->info->qualified_name]);
    text_add_c(b, " at ");
    objects_add_address(b, v);
    text_add_c(b, ">");
}

static void objects_add_method(text_builder *b, const wcb_method *method) {
    wcv name = wcb_getattr_or(b->ctx, method->function, WCB_N___qualname__, 0);
    if (!name && b->ctx->exception) b->text = NULL;
    text_add_c(b, "<bound method ");
    if (name && text_is_str(name)) text_add_value(b, name);
    else text_add_c(b, "?");
    text_add_c(b, " of ");
    if (b->text) text_add_value(b, wcb_repr(b->ctx, method->self));
    text_add_c(b, ">");
}

static void objects_add_builtin_method(text_builder *b, const wcb_builtin_method *method) {
    bool of_class = wcb_is_kind(method->self, WCB_KIND_TYPE);
    text_add_c(b, of_class ? "<method '" : "<built-in method ");
    text_add_value(b, b->ctx->program->names[method->name_id]);
    text_add_c(b, of_class ? "' of '" : " of ");
    text_add_value(b, of_class ? WCB_AS(wcb_type, method->self)->name : wcb_type_of(method->self)->name);
    if (of_class) text_add_c(b, "' objects>");
    else {
        text_add_c(b, " object at ");
        objects_add_address(b, method->self);
        text_add_c(b, ">");
    }
}

static void objects_add_exception(text_builder *b, const wcb_exception *exception) {
    const wcb_tuple *arguments = WCB_AS(wcb_tuple, exception->arguments);
    text_add_value(b, exception->type->name);
    text_add_c(b, "(");
    for (int64_t i = 0; b->text && i < arguments->length; i++) {
        if (i) text_add_c(b, ", ");
        text_add_value(b, wcb_repr(b->ctx, arguments->items[i]));
    }
    text_add_c(b, ")");
}

static void objects_add_range(text_builder *b, const wcb_range *range) {
    text_add_c(b, "range(");
    text_add_int(b, range->start);
    text_add_c(b, ", ");
    text_add_int(b, range->stop);
    if (range->step != 1) {
        text_add_c(b, ", ");
        text_add_int(b, range->step);
    }
    text_add_c(b, ")");
}

static void objects_add_slice(text_builder *b, const wcb_slice *slice) {
    const wcv parts[3] = {slice->start, slice->stop, slice->step};
    text_add_c(b, "slice(");
    for (int i = 0; b->text && i < 3; i++) {
        if (i) text_add_c(b, ", ");
        text_add_value(b, wcb_repr(b->ctx, parts[i]));
    }
    text_add_c(b, ")");
}

static void objects_add_super(text_builder *b, const wcb_super *super) {
    text_add_c(b, "<super: ");
    text_add_value(b, wcb_builtin_repr(b->ctx, super->cls));
    text_add_c(b, ", <");
    if (b->text) text_add_value(b, wcb_type_of(super->self)->name);
    text_add_c(b, " object>>");
}

/* <staticmethod(<function f at 0x...>)> */
static void objects_add_wrapped(text_builder *b, const wcb_wrapped *wrapped) {
    text_add_c(b, wrapped->type->kind == WCB_KIND_STATICMETHOD ? "<staticmethod(" : "<classmethod(");
    text_add_value(b, wcb_repr(b->ctx, wrapped->function));
    text_add_c(b, ")>");
}

static void objects_add_builtin(text_builder *b, wcv v) {
    const char *name = wcb_builtins[WCB_AS(wcb_builtin, v)->builtin].name;
    const char *dot = strrchr(name, '.');
    text_add_c(b, "<built-in function ");
    text_add_c(b, dot ? dot + 1 : name);
    text_add_c(b, ">");
}

wcv text_repr_of_object(wcb_ctx *ctx, wcv v) {
    text_builder b;
    text_begin(&b, ctx, 48);
    switch (wcb_kind(v)) {
    case WCB_KIND_FUNCTION: objects_add_named(&b, "<function ", v, WCB_AS(wcb_function, v)); break;
    case WCB_KIND_GENERATOR:
        if (!WCB_AS(wcb_generator, v)->function) return objects_default(ctx, v);
        objects_add_named(&b, "<generator object ", v, WCB_AS(wcb_generator, v)->function);
        break;
    case WCB_KIND_METHOD: objects_add_method(&b, WCB_AS(wcb_method, v)); break;
    case WCB_KIND_BUILTIN: objects_add_builtin(&b, v); break;
    case WCB_KIND_BUILTIN_METHOD: objects_add_builtin_method(&b, WCB_AS(wcb_builtin_method, v)); break;
    case WCB_KIND_TYPE:
        text_add_c(&b, "<class '");
        objects_add_class_name(&b, WCB_AS(wcb_type, v));
        text_add_c(&b, "'>");
        break;
    case WCB_KIND_EXCEPTION: objects_add_exception(&b, WCB_AS(wcb_exception, v)); break;
    case WCB_KIND_RANGE: objects_add_range(&b, WCB_AS(wcb_range, v)); break;
    case WCB_KIND_SLICE: objects_add_slice(&b, WCB_AS(wcb_slice, v)); break;
    case WCB_KIND_SUPER: objects_add_super(&b, WCB_AS(wcb_super, v)); break;
    case WCB_KIND_STATICMETHOD: case WCB_KIND_CLASSMETHOD: objects_add_wrapped(&b, WCB_AS(wcb_wrapped, v)); break;
    case WCB_KIND_MODULE:
        text_add_c(&b, "<module '");
        text_add_value(&b, WCB_AS(wcb_module, v)->name);
        text_add_c(&b, "' (built-in)>");
        break;
    case WCB_KIND_REGEX: text_add_regex(&b, v); break;
    case WCB_KIND_MATCH: text_add_match(&b, v); break;
    default: return objects_default(ctx, v);
    }
    return text_end(&b);
}
