/* Names that the boxed runtime knows: attributes and methods, which come first among a program's names, and the
 * built-in types with the kind of their instances and their base. */
#ifndef WCB_NAMES_H
#define WCB_NAMES_H

/* Every name has the number WCB_N_<name>. Append at will; generated code is cached under a hash of this list. */
#define WCB_NAMES(X) \
    X(x) X(y) X(name) X(__name__) X(__class__) X(__dict__) \
    X(__doc__) X(__module__) X(__qualname__) X(__init__) X(__new__) X(__eq__) \
    X(__ne__) X(__lt__) X(__le__) X(__gt__) X(__ge__) X(__hash__) \
    X(__repr__) X(__str__) X(__format__) X(__bool__) X(__len__) X(__iter__) \
    X(__next__) X(__reversed__) X(__contains__) X(__getitem__) X(__setitem__) X(__delitem__) \
    X(__missing__) X(__call__) X(__getattr__) X(__getattribute__) X(__setattr__) X(__delattr__) \
    X(__get__) X(__set__) X(__delete__) X(__set_name__) X(__init_subclass__) X(__class_getitem__) \
    X(__enter__) X(__exit__) X(__copy__) X(__deepcopy__) X(__index__) X(__int__) \
    X(__float__) X(__complex__) X(__round__) X(__trunc__) X(__floor__) X(__ceil__) \
    X(__abs__) X(__neg__) X(__pos__) X(__invert__) X(__length_hint__) X(__post_init__) \
    X(__match_args__) X(__slots__) X(__mro__) X(__bases__) X(__subclasses__) X(__wrapped__) \
    X(__defaults__) X(__kwdefaults__) X(__code__) X(__annotations__) X(__dataclass_fields__) X(__dataclass_params__) \
    X(__members__) X(__cause__) X(__context__) X(__traceback__) X(__abstractmethods__) X(__isabstractmethod__) \
    X(__func__) X(__self__) X(__closure__) X(__globals__) X(__fspath__) X(__reduce__) \
    X(__reduce_ex__) X(__sizeof__) X(__dir__) X(__instancecheck__) X(__subclasscheck__) X(__prepare__) \
    X(__mro_entries__) X(__weakref__) X(__origin__) X(__args__) X(__bytes__) X(__add__) \
    X(__radd__) X(__iadd__) X(__sub__) X(__rsub__) X(__isub__) X(__mul__) \
    X(__rmul__) X(__imul__) X(__truediv__) X(__rtruediv__) X(__itruediv__) X(__floordiv__) \
    X(__rfloordiv__) X(__ifloordiv__) X(__mod__) X(__rmod__) X(__imod__) X(__pow__) \
    X(__rpow__) X(__ipow__) X(__lshift__) X(__rlshift__) X(__ilshift__) X(__rshift__) \
    X(__rrshift__) X(__irshift__) X(__and__) X(__rand__) X(__iand__) X(__or__) \
    X(__ror__) X(__ior__) X(__xor__) X(__rxor__) X(__ixor__) X(__matmul__) \
    X(__rmatmul__) X(__imatmul__) X(__divmod__) X(__rdivmod__) X(capitalize) X(casefold) \
    X(center) X(count) X(encode) X(endswith) X(expandtabs) X(find) \
    X(format) X(format_map) X(index) X(isalnum) X(isalpha) X(isascii) \
    X(isdecimal) X(isdigit) X(isidentifier) X(islower) X(isnumeric) X(isprintable) \
    X(isspace) X(istitle) X(isupper) X(join) X(ljust) X(lower) \
    X(lstrip) X(maketrans) X(partition) X(removeprefix) X(removesuffix) X(replace) \
    X(rfind) X(rindex) X(rjust) X(rpartition) X(rsplit) X(rstrip) \
    X(split) X(splitlines) X(startswith) X(strip) X(swapcase) X(title) \
    X(translate) X(upper) X(zfill) X(append) X(clear) X(copy) \
    X(extend) X(insert) X(pop) X(remove) X(reverse) X(sort) \
    X(fromkeys) X(get) X(items) X(keys) X(popitem) X(setdefault) \
    X(update) X(values) X(add) X(difference) X(difference_update) X(discard) \
    X(intersection) X(intersection_update) X(isdisjoint) X(issubset) X(issuperset) X(symmetric_difference) \
    X(symmetric_difference_update) X(union) X(as_integer_ratio) X(bit_count) X(bit_length) X(conjugate) \
    X(denominator) X(from_bytes) X(imag) X(numerator) X(real) X(to_bytes) \
    X(fromhex) X(hex) X(is_integer) X(start) X(step) X(stop) \
    X(indices) X(appendleft) X(extendleft) X(maxlen) X(popleft) X(rotate) \
    X(close) X(gi_code) X(gi_frame) X(gi_running) X(gi_suspended) X(gi_yieldfrom) \
    X(send) X(throw) X(findall) X(finditer) X(flags) X(fullmatch) \
    X(groupindex) X(groups) X(match) X(pattern) X(scanner) X(search) \
    X(sub) X(subn) X(end) X(endpos) X(expand) X(group) \
    X(groupdict) X(lastgroup) X(lastindex) X(pos) X(re) X(regs) \
    X(span) X(string) X(deleter) X(fdel) X(fget) X(fset) \
    X(getter) X(setter) X(add_note) X(args) X(with_traceback) X(value) \
    X(obj) X(default_factory) X(partial) X(cache_clear) X(cache_info) X(_fields) \
    X(_asdict) X(_replace) X(_make) X(_field_defaults) X(_value_) X(_name_) \
    X(_missing_) X(_generate_next_value_) X(__wc_class_iter__) X(__wc_class_getitem__) X(__wc_class_call__) X(__wc_class_len__) \
    X(__wc_class_contains__) X(__wc_created__) X(_) \
    X(__getstate__) X(__setstate__) X(__getnewargs__) X(__getnewargs_ex__) \
    X(__wc_instancecheck__) X(__wc_subclasscheck__) X(__classcell__) X(metaclass) X(mro) X(__base__) \
    X(__subclasshook__) X(__suppress_context__) X(__thisclass__) X(__objclass__) X(code) X(func) X(keywords)

#define WCB_NAME_ENUM(name) WCB_N_##name,
enum { WCB_NAMES(WCB_NAME_ENUM) WCB_NUM_NAMES };
#undef WCB_NAME_ENUM

/* X(name, kind, base): a base stands before the types derived from it. */
#define WCB_BUILTIN_TYPES(X) \
    X(object, INSTANCE, object) X(type, TYPE, object) X(NoneType, NONE, object) \
    X(ellipsis, ELLIPSIS, object) X(NotImplementedType, NOT_IMPLEMENTED, object) X(int, INT, object) \
    X(bool, BOOL, int) X(float, FLOAT, object) X(complex, COMPLEX, object) \
    X(str, STR, object) X(tuple, TUPLE, object) X(list, LIST, object) \
    X(dict, DICT, object) X(defaultdict, DICT, dict) X(set, SET, object) \
    X(frozenset, FROZENSET, object) X(dict_keys, DICT_VIEW, object) X(dict_values, DICT_VIEW, object) \
    X(dict_items, DICT_VIEW, object) X(range, RANGE, object) X(slice, SLICE, object) \
    X(deque, DEQUE, object) X(function, FUNCTION, object) X(method, METHOD, object) \
    X(builtin_function_or_method, BUILTIN, object) X(builtin_method, BUILTIN_METHOD, object) X(cell, CELL, object) \
    X(module, MODULE, object) X(property, PROPERTY, object) X(staticmethod, STATICMETHOD, object) \
    X(classmethod, CLASSMETHOD, object) X(super, SUPER, object) X(Pattern, REGEX, object) \
    X(Match, MATCH, object) X(generator, GENERATOR, object) X(bag, INSTANCE, object) X(member_descriptor, PROPERTY, object) \
    X(list_iterator, ITERATOR, object) X(tuple_iterator, ITERATOR, object) X(str_iterator, ITERATOR, object) \
    X(range_iterator, ITERATOR, object) X(set_iterator, ITERATOR, object) X(dict_keyiterator, ITERATOR, object) \
    X(dict_valueiterator, ITERATOR, object) X(dict_itemiterator, ITERATOR, object) X(callable_iterator, ITERATOR, object) \
    X(sequence_iterator, ITERATOR, object) X(reversed, ITERATOR, object) X(enumerate, ITERATOR, object) \
    X(zip, ITERATOR, object) X(map, ITERATOR, object) X(filter, ITERATOR, object) \
    X(match_iterator, ITERATOR, object) X(BaseException, EXCEPTION, object) X(Exception, EXCEPTION, BaseException) \
    X(SystemExit, EXCEPTION, BaseException) X(KeyboardInterrupt, EXCEPTION, BaseException) X(GeneratorExit, EXCEPTION, BaseException) \
    X(StopIteration, EXCEPTION, Exception) X(StopAsyncIteration, EXCEPTION, Exception) X(ArithmeticError, EXCEPTION, Exception) \
    X(FloatingPointError, EXCEPTION, ArithmeticError) X(OverflowError, EXCEPTION, ArithmeticError) X(ZeroDivisionError, EXCEPTION, ArithmeticError) \
    X(AssertionError, EXCEPTION, Exception) X(AttributeError, EXCEPTION, Exception) X(BufferError, EXCEPTION, Exception) \
    X(EOFError, EXCEPTION, Exception) X(ImportError, EXCEPTION, Exception) X(ModuleNotFoundError, EXCEPTION, ImportError) \
    X(LookupError, EXCEPTION, Exception) X(IndexError, EXCEPTION, LookupError) X(KeyError, EXCEPTION, LookupError) \
    X(MemoryError, EXCEPTION, Exception) X(NameError, EXCEPTION, Exception) X(UnboundLocalError, EXCEPTION, NameError) \
    X(OSError, EXCEPTION, Exception) X(RuntimeError, EXCEPTION, Exception) X(NotImplementedError, EXCEPTION, RuntimeError) \
    X(RecursionError, EXCEPTION, RuntimeError) X(SyntaxError, EXCEPTION, Exception) X(SystemError, EXCEPTION, Exception) \
    X(TypeError, EXCEPTION, Exception) X(ValueError, EXCEPTION, Exception) X(UnicodeError, EXCEPTION, ValueError) \
    X(Warning, EXCEPTION, Exception) X(UserWarning, EXCEPTION, Warning) X(DeprecationWarning, EXCEPTION, Warning) \
    X(RuntimeWarning, EXCEPTION, Warning) X(FrozenInstanceError, EXCEPTION, AttributeError) X(error, EXCEPTION, Exception)

#endif /* WCB_NAMES_H */
