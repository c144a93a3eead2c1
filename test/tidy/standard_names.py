"""Which standard header brings a name, and whether a header of the project includes it."""
import re

import cpp
from tree import Finding

# A header, and the names for which it is enough. What several bring stands with each.
_BRINGS = {
    "algorithm": "all_of any_of clamp copy count count_if equal fill find find_if lower_bound max "
                 "max_element min min_element none_of remove_if replace reverse sort stable_sort "
                 "swap transform unique upper_bound",
    "array": "array get tuple_size",
    "atomic": "atomic atomic_flag memory_order_acq_rel memory_order_acquire memory_order_relaxed "
              "memory_order_release memory_order_seq_cst",
    "bit": "bit_cast bit_ceil bit_width countl_zero countr_zero endian has_single_bit popcount",
    "charconv": "chars_format errc from_chars to_chars",
    "chrono": "chrono",
    "cmath": "abs ceil fabs floor fmod isfinite isinf isnan log pow round sqrt trunc",
    "compare": "partial_ordering strong_ordering weak_ordering",
    "concepts": "convertible_to floating_point integral invocable same_as signed_integral "
                "unsigned_integral",
    "condition_variable": "condition_variable condition_variable_any cv_status mutex unique_lock",
    "cstddef": "byte max_align_t nullptr_t ptrdiff_t size_t",
    "cstdint": "int16_t int32_t int64_t int8_t intptr_t uint16_t uint32_t uint64_t uint8_t uintptr_t",
    "cstdio": "FILE fclose fgets fopen fread fwrite printf snprintf",
    "cstdlib": "abort exit free getenv malloc strtod strtol strtoll strtoul strtoull",
    "cstring": "memchr memcmp memcpy memmove memset strcmp strlen",
    "deque": "deque",
    "exception": "current_exception exception exception_ptr rethrow_exception terminate",
    "filesystem": "filesystem",
    "fstream": "ifstream ofstream ios",
    "functional": "equal_to function greater hash invoke less not_equal_to ref reference_wrapper",
    "future": "async future launch promise",
    "initializer_list": "initializer_list",
    "iostream": "cerr cin clog cout ios",
    "iterator": "back_inserter distance input_iterator_tag istreambuf_iterator iterator_traits next "
                "prev",
    "limits": "numeric_limits",
    "list": "list",
    "map": "map multimap",
    "memory": "allocator default_delete enable_shared_from_this make_shared make_unique "
              "make_unique_for_overwrite shared_ptr unique_ptr weak_ptr",
    "mutex": "call_once lock_guard mutex once_flag recursive_mutex scoped_lock unique_lock",
    "new": "bad_alloc nothrow",
    "numeric": "accumulate gcd iota",
    "optional": "in_place make_optional nullopt optional",
    "ostream": "endl flush ostream",
    "queue": "priority_queue queue",
    "random": "mt19937 mt19937_64 random_device uniform_int_distribution",
    "ratio": "ratio",
    "set": "multiset set",
    "shared_mutex": "shared_lock shared_mutex",
    "span": "as_bytes as_writable_bytes dynamic_extent span",
    "sstream": "istringstream ostringstream stringstream",
    "stdexcept": "invalid_argument logic_error out_of_range runtime_error",
    "stop_token": "stop_source stop_token",
    "string": "basic_string char_traits getline npos string to_string",
    "string_view": "basic_string_view string_view",
    "system_error": "errc error_code generic_category system_category system_error",
    "thread": "jthread thread this_thread",
    "tuple": "apply get make_tuple tie tuple tuple_element_t tuple_size",
    "type_traits": "add_const_t conditional_t decay_t enable_if_t false_type invoke_result_t "
                   "is_arithmetic_v is_base_of_v is_const_v is_convertible_v is_enum_v "
                   "is_floating_point_v is_integral_v is_invocable_v is_pointer_v is_same_v "
                   "is_signed_v is_trivially_copyable_v is_unsigned_v is_void_v make_signed_t "
                   "make_unsigned_t remove_const_t remove_cvref_t remove_reference_t true_type "
                   "type_identity_t underlying_type_t void_t",
    "typeindex": "type_index",
    "unordered_map": "unordered_map unordered_multimap",
    "unordered_set": "unordered_multiset unordered_set",
    "utility": "as_const declval exchange forward get in_place in_place_index index_sequence "
               "make_index_sequence make_pair move pair swap",
    "variant": "get get_if holds_alternative in_place_index monostate variant variant_size_v visit",
    "vector": "vector",
}
HEADERS = sorted(_BRINGS)
# What most headers of the project include. Each one more is read again for all of them.
COMMON = ["array", "atomic", "chrono", "filesystem", "functional", "map", "memory", "mutex", "optional",
          "span", "string", "string_view", "utility", "vector"]
# The standard itself says that these headers bring the others, or each container does.
_INCLUDED_BY_ALL = {"size_t", "ptrdiff_t", "move", "forward", "pair", "make_pair", "swap", "exchange",
                    "initializer_list", "declval"}
_NAME = re.compile(r"\bstd::(\w+)")
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*<([\w./]+)>", re.MULTILINE)


def _headers_of(name):
    return [h for h in HEADERS if name in _BRINGS[h].split()]


def check(tree, path, closure):
    """Findings about the names that `path` takes from the standard library."""
    included = {h for p in closure for h in _INCLUDE.findall(tree.text(p))}
    code, found, seen = cpp.strip(tree.text(path)), [], set()
    for match in _NAME.finditer(code):
        name = match.group(1)
        if name in seen:
            continue
        seen.add(name)
        line, headers = code.count("\n", 0, match.start()) + 1, _headers_of(name)
        if not headers:
            found.append(Finding(path, line, f"std::{name}: say in standard_names.py what brings it"))
        elif not included.intersection(HEADERS if name in _INCLUDED_BY_ALL else headers):
            found.append(Finding(path, line, f"std::{name} needs <{'> or <'.join(headers)}>"))
    return found
