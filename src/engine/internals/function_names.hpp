#pragma once

#include <cstddef>

namespace leat {
namespace internals {

/// Aggregates, window functions, macros made of them, and functions that give several rows.
/// Sorted. A test compares them with what the engine's catalog says.
constexpr const char* kRowCountChangers[] = {
    "any_value", "approx_count_distinct", "approx_quantile", "approx_top_k", "arbitrary",
    "arg_max", "arg_max_null", "arg_max_nulls_last", "arg_min", "arg_min_null",
    "arg_min_nulls_last", "argmax", "argmin", "array_agg", "avg", "bit_and", "bit_or",
    "bit_xor", "bitstring_agg", "bool_and", "bool_or", "corr", "count", "count_if",
    "count_star", "countif", "covar_pop", "covar_samp", "cume_dist", "dense_rank", "entropy",
    "favg", "fill", "first", "first_value", "fsum", "generate_subscripts", "geomean",
    "geometric_mean", "group_concat", "histogram", "histogram_exact", "json_group_array",
    "json_group_object", "json_group_structure", "kahan_sum", "kurtosis", "kurtosis_pop",
    "lag", "last", "last_value", "lead", "list", "listagg", "mad", "max", "max_by", "mean",
    "median", "min", "min_by", "mode", "nth_value", "ntile", "percent_rank", "product",
    "quantile", "quantile_cont", "quantile_disc", "rank", "rank_dense",
    "regexp_split_to_table", "regr_avgx", "regr_avgy", "regr_count", "regr_intercept",
    "regr_r2", "regr_slope", "regr_sxx", "regr_sxy", "regr_syy", "reservoir_quantile",
    "row_number", "sem", "skewness", "stddev", "stddev_pop", "stddev_samp", "string_agg",
    "sum", "sum_no_overflow", "sumkahan", "unlist", "unnest", "var_pop", "var_samp",
    "variance", "wavg", "weighted_avg",
};
constexpr std::size_t kRowCountChangersSize =
    sizeof(kRowCountChangers) / sizeof(kRowCountChangers[0]);

/// The table functions that a model may use: those that reach nothing outside of it.
constexpr const char* kTableFunctions[] = {
    "generate_series", "json_each", "json_tree", "range", "repeat", "repeat_row", "unnest",
};
constexpr std::size_t kTableFunctionsSize = sizeof(kTableFunctions) / sizeof(kTableFunctions[0]);

}  // namespace internals
}  // namespace leat
