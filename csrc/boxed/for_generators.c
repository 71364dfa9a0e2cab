/* What code generators and Python must know of the runtime: names, sizes, places of fields. */
#include "model.h"

#define WCB_TELL_NAME(name) #name,
const char *const wcb_well_known_names[] = {WCB_NAMES(WCB_TELL_NAME) NULL};
const size_t wcb_type_bytes = sizeof(wcb_type);
const size_t wcb_builtin_bytes = sizeof(wcb_builtin);

#define WCB_TELL_FIELD(type, field) {#type "." #field, offsetof(type, field)},
#define WCB_TELL_CONSTANT(name) {#name, name},
const wcb_offset wcb_offsets[] = {
    WCB_TELL_FIELD(wcb_ctx, fuel)
    WCB_TELL_FIELD(wcb_ctx, exception)
    WCB_TELL_FIELD(wcb_ctx, globals)
    WCB_TELL_FIELD(wcb_ctx, constants)
    WCB_TELL_FIELD(wcb_ctx, depth)
    WCB_TELL_FIELD(wcb_ctx, status)
    WCB_TELL_FIELD(wcb_ctx, handled)
    WCB_TELL_FIELD(wcb_ctx, top)
    WCB_TELL_FIELD(wcb_ctx, end)
    WCB_TELL_FIELD(wcb_ctx, module_begin)
    WCB_TELL_FIELD(wcb_ctx, module_end)
    WCB_TELL_FIELD(wcb_type, kind)
    WCB_TELL_FIELD(wcb_type, flags)
    WCB_TELL_FIELD(wcb_type, index)
    WCB_TELL_FIELD(wcb_instance, num_order)
    WCB_TELL_FIELD(wcb_instance, flags)
    WCB_TELL_FIELD(wcb_instance, slots)
    WCB_TELL_FIELD(wcb_str, interned)
    WCB_TELL_FIELD(wcb_float, value)
    WCB_TELL_FIELD(wcb_tuple, length)
    WCB_TELL_FIELD(wcb_tuple, items)
    WCB_TELL_FIELD(wcb_range, start) WCB_TELL_FIELD(wcb_range, step) WCB_TELL_FIELD(wcb_range, length)
    WCB_TELL_FIELD(wcb_list, length)
    WCB_TELL_FIELD(wcb_list, capacity)
    WCB_TELL_FIELD(wcb_list, items)
    WCB_TELL_FIELD(wcb_table, used)
    WCB_TELL_FIELD(wcb_table, filled)
    WCB_TELL_FIELD(wcb_table, entries)
    WCB_TELL_FIELD(wcb_function, cells)
    WCB_TELL_FIELD(wcb_cell, value)
    WCB_TELL_FIELD(wcb_generator, state)
    WCB_TELL_FIELD(wcb_generator, result)
    WCB_TELL_FIELD(wcb_generator, function)
    WCB_TELL_FIELD(wcb_generator, slots)
    WCB_TELL_FIELD(wcb_iterator, source) WCB_TELL_FIELD(wcb_iterator, position) WCB_TELL_FIELD(wcb_iterator, end)
    WCB_TELL_FIELD(wcb_iterator, a) WCB_TELL_FIELD(wcb_iterator, version) WCB_TELL_FIELD(wcb_entry, key)
    WCB_TELL_CONSTANT(WCB_TYPE_HAS_SETATTR)
    WCB_TELL_CONSTANT(WCB_TYPE_HAS_DATA_NAMES)
    WCB_TELL_CONSTANT(WCB_TYPE_HAS_SLOTS)
    WCB_TELL_CONSTANT(WCB_KIND_INSTANCE)
    WCB_TELL_CONSTANT(WCB_KIND_LIST)
    WCB_TELL_CONSTANT(WCB_KIND_TUPLE)
    WCB_TELL_CONSTANT(WCB_KIND_STR)
    WCB_TELL_CONSTANT(WCB_KIND_FLOAT)
    WCB_TELL_CONSTANT(WCB_NONE)
    WCB_TELL_CONSTANT(WCB_FALSE)
    WCB_TELL_CONSTANT(WCB_TRUE)
    WCB_TELL_CONSTANT(WCB_ELLIPSIS)
    WCB_TELL_CONSTANT(WCB_NOT_IMPLEMENTED)
    WCB_TELL_CONSTANT(WCB_MAX_DEPTH)
    {NULL, 0}
};
