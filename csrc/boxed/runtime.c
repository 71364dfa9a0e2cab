/* The boxed runtime as one translation unit, so that calls between its files can be inlined. */

/* Types, memory, classes, calls */
#include "types.c"
#include "arena.c"
#include "exceptions.c"
#include "instances.c"
#include "descriptors.c"
#include "native_attributes.c"
#include "attributes.c"
#include "setting.c"
#include "classes.c"
#include "typechecks.c"
#include "binding.c"
#include "calls.c"
#include "construction.c"
#include "dunders.c"
#include "support.c"

/* Numbers, operators, sequences, built-in functions */
#include "numbers.c"
#include "floats.c"
#include "number_text.c"
#include "number_types.c"
#include "operators.c"
#include "comparisons.c"
#include "containers.c"
#include "sequences.c"
#include "tuples.c"
#include "lists.c"
#include "list_methods.c"
#include "ranges.c"
#include "deques.c"
#include "sorting.c"

/* Tables and iteration */
#include "tables.c"
#include "dicts.c"
#include "dict_views.c"
#include "sets.c"
#include "set_operations.c"
#include "set_methods.c"
#include "iteration.c"
#include "iterator_types.c"
#include "generators.c"

/* Strings */
#include "strings.c"
#include "str_operators.c"
#include "str_methods.c"
#include "str_case.c"
#include "str_split.c"
#include "format_spec.c"
#include "format_str.c"
#include "format_percent.c"
#include "repr.c"
#include "repr_objects.c"

/* Models */
#include "store.c"
#include "reading.c"
#include "entities.c"
#include "program.c"
#include "contexts.c"
#include "snapshots.c"

/* Being written */
#if __has_include("builtins.c")
#include "builtins.c"
#endif
#if __has_include("math.c")
#include "math.c"
#endif
#if __has_include("copying.c")
#include "copying.c"
#endif
#if __has_include("regex.c")
#include "regex.c"
#endif
#if __has_include("regex_parse.c")
#include "regex_parse.c"
#endif
#if __has_include("regex_match.c")
#include "regex_match.c"
#endif
#if __has_include("states.c")
#include "states.c"
#endif
#if __has_include("steps.c")
#include "steps.c"
#endif
