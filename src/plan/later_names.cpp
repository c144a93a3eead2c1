#include "plan/later_names.hpp"

#include <algorithm>
#include <array>

namespace leat::plan {
namespace {

constexpr std::array<std::string_view, 21> kBoth{
    "azure_blob", "bigquery", "clickhouse", "databricks", "dataset", "gcs",       "http",
    "kafka",      "kinesis",  "lake",       "mongodb",    "mysql",   "neo4j",     "orc",
    "redis",      "redshift", "rest",       "s3",         "sftp",    "snowflake", "spark"};
constexpr std::array<std::string_view, 7> kSources{
    "bls", "cdc_places", "census_acs5", "epa_aqs", "epa_echo", "fred", "socrata"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_later_source(std::string_view name) { return has(kBoth, name) || has(kSources, name); }
bool is_later_sink(std::string_view name) { return has(kBoth, name); }

}  // namespace leat::plan
