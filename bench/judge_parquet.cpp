#include "judge_parquet.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/names.hpp"
#include "engine.hpp"
#include "lineitem.hpp"

namespace leat::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPipeline = R"(pipeline: judge
description: The checks of benchmark B4.

sources:
  lines: { parquet: { path: lines.parquet } }

checks:
  lines:
    - not_null: { column: l_orderkey, on_fail: warn }
    - not_null: { column: l_partkey, on_fail: warn }
    - not_null: { column: l_suppkey, on_fail: warn }
    - not_null: { column: l_linenumber, on_fail: warn }
    - not_null: { column: l_quantity, on_fail: warn }
    - not_null: { column: l_extendedprice, on_fail: warn }
    - not_null: { column: l_discount, on_fail: warn }
    - not_null: { column: l_tax, on_fail: warn }
    - not_null: { column: l_returnflag, on_fail: warn }
    - not_null: { column: l_shipdate, on_fail: warn }
    - not_null: { column: l_receiptdate, on_fail: warn }
    - not_null: { column: l_comment, on_fail: warn }
    - range: { column: l_quantity, min: 1, max: 50, on_fail: warn }
    - range: { column: l_discount, min: 0, max: 0.10, on_fail: warn }
    - range: { column: l_tax, min: 0, max: 0.08, on_fail: warn }
    - range: { column: l_linenumber, min: 1, max: 7, on_fail: warn }
    - range: { column: l_suppkey, min: 1, max: 100000, on_fail: warn }
    - range: { column: l_extendedprice, min: 0, on_fail: warn }
    - range: { column: l_shipdate, min: 1992-01-01, max: 1998-12-31, on_fail: warn }
    - range: { column: l_commitdate, min: 1992-01-01, max: 1999-12-31, on_fail: warn }
    - accepted_values: { column: l_returnflag, values: [A, N, R], on_fail: warn }
    - accepted_values: { column: l_linestatus, values: [F, O], on_fail: warn }
    - accepted_values:
        { column: l_shipmode, values: [AIR, RAIL, SHIP, TRUCK, MAIL, FOB, REG AIR], on_fail: warn }
    - pattern: { column: l_shipinstruct, regex: "^[A-Z]+( [A-Z]+)*$", on_fail: warn }
    - expression: { sql: l_receiptdate >= l_shipdate, on_fail: warn }
    - length: { column: l_comment, min: 5, max: 60, on_fail: warn }
    - unique: { columns: [l_orderkey, l_linenumber], on_fail: warn }
    - row_count: { min: 1, on_fail: warn }
    - aggregate: { column: l_extendedprice, fn: sum, min: 0, on_fail: warn }
    - aggregate: { column: l_extendedprice, fn: quantile, q: 0.95, max: 90000, on_fail: warn }
)";

/// The rows that fail, as somebody would write them by hand, in the order of the pipeline.
constexpr std::array<std::string_view, 26> kFailing{
    "l_orderkey IS NULL",
    "l_partkey IS NULL",
    "l_suppkey IS NULL",
    "l_linenumber IS NULL",
    "l_quantity IS NULL",
    "l_extendedprice IS NULL",
    "l_discount IS NULL",
    "l_tax IS NULL",
    "l_returnflag IS NULL",
    "l_shipdate IS NULL",
    "l_receiptdate IS NULL",
    "l_comment IS NULL",
    "l_quantity < 1 OR l_quantity > 50",
    "l_discount < 0 OR l_discount > 0.10",
    "l_tax < 0 OR l_tax > 0.08",
    "l_linenumber < 1 OR l_linenumber > 7",
    "l_suppkey < 1 OR l_suppkey > 100000",
    "l_extendedprice < 0",
    "l_shipdate < DATE '1992-01-01' OR l_shipdate > DATE '1998-12-31'",
    "l_commitdate < DATE '1992-01-01' OR l_commitdate > DATE '1999-12-31'",
    "l_returnflag NOT IN ('A', 'N', 'R')",
    "l_linestatus NOT IN ('F', 'O')",
    "l_shipmode NOT IN ('AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB', 'REG AIR')",
    "NOT regexp_matches(l_shipinstruct, '^[A-Z]+( [A-Z]+)*$')",
    "l_receiptdate < l_shipdate",
    "length(l_comment) < 5 OR length(l_comment) > 60"};

constexpr std::array<std::string_view, 3> kAggregates{
    "count(*) < 1", "NOT coalesce(sum(l_extendedprice) >= 0, false)",
    "NOT coalesce(quantile_cont(l_extendedprice, 0.95) <= 90000, false)"};

std::string from(const fs::path& parquet) {
  return " FROM read_parquet(" + quote_literal(parquet.string()) + ")";
}

std::string repeated_keys(const fs::path& parquet) {
  return "SELECT coalesce(sum(n - 1), 0)::BIGINT FROM (SELECT count(*) AS n" + from(parquet) +
         " WHERE l_orderkey IS NOT NULL AND l_linenumber IS NOT NULL GROUP BY l_orderkey, "
         "l_linenumber HAVING count(*) > 1)";
}

[[noreturn]] void refuse(const std::string& what) {
  std::fprintf(stderr, "bench: the checks do not agree: %s\n", what.c_str());
  std::exit(1);
}

void write_parquet(const fs::path& csv, const fs::path& parquet) {
  static constexpr std::array<std::string_view, 16> kTypes{
      "BIGINT",        "BIGINT",        "BIGINT",  "INTEGER", "DECIMAL(15,2)", "DECIMAL(15,2)",
      "DECIMAL(15,2)", "DECIMAL(15,2)", "VARCHAR", "VARCHAR", "DATE",          "DATE",
      "DATE",          "VARCHAR",       "VARCHAR", "VARCHAR"};
  static constexpr std::array<std::string_view, 16> kNames{
      "l_orderkey",    "l_partkey",       "l_suppkey",  "l_linenumber",
      "l_quantity",    "l_extendedprice", "l_discount", "l_tax",
      "l_returnflag",  "l_linestatus",    "l_shipdate", "l_commitdate",
      "l_receiptdate", "l_shipinstruct",  "l_shipmode", "l_comment"};
  std::string list;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const std::string name(kNames[i]);
    list += (i > 0 ? ", " : "") + ("TRY_CAST(" + name) + " AS " + std::string(kTypes[i]) + ") AS " +
            name;
  }
  ask_engine({"COPY (SELECT " + list + " FROM read_csv(" + quote_literal(csv.string()) +
              ", header = true, all_varchar = true, auto_detect = false, delim = ',', quote = "
              "'\"', escape = '\"', columns = " +
              lineitem_columns(true) + ")) TO " + quote_literal(parquet.string()) +
              " (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1)"});
}

/// What each check of the run counts, in the order of the pipeline.
std::string counts_of(const std::string& report, const fs::path& folder) {
  const auto file = folder / "judged.json";
  std::ofstream(file) << report;
  const auto rows = ask_engine(
      {"SELECT c->>'failed' FROM (SELECT unnest(json_extract(json, '$.nodes[0].checks[*]')) AS c "
       "FROM read_json_objects(" +
       quote_literal(file.string()) + "))"});
  std::string text;
  for (const auto& row : rows) text += row[0] + "\n";
  return text;
}

void note(const char* what, const JudgeResult& result) {
  std::fprintf(stderr, "bench: %s: leat %.2f s CPU, 30 statements %.2f, one statement %.2f\n", what,
               result.leat.back().cpu_s, result.many.back().cpu_s, result.fused.back().cpu_s);
}

}  // namespace

int judge_as_reference(const fs::path& parquet, const std::string& how) {
  std::string text;
  if (how == "many") {
    for (const auto failing : kFailing) {
      text += std::to_string(ask_number(
                  {"SELECT count(*)" + from(parquet) + " WHERE " + std::string(failing)})) +
              "\n";
    }
    text += std::to_string(ask_number({repeated_keys(parquet)})) + "\n";
    for (const auto fails : kAggregates) {
      text += std::to_string(
                  ask_number({"SELECT (" + std::string(fails) + ")::BIGINT" + from(parquet)})) +
              "\n";
    }
  } else {
    std::string list;
    for (const auto failing : kFailing) {
      list += "count(*) FILTER (WHERE " + std::string(failing) + "), ";
    }
    list += "(" + repeated_keys(parquet) + ")";
    for (const auto fails : kAggregates) list += ", (" + std::string(fails) + ")::BIGINT";
    const auto rows = ask_engine({"SELECT " + list + from(parquet)});
    for (const auto& cell : rows.at(0)) text += cell + "\n";
  }
  std::fputs(text.c_str(), stdout);
  return 0;
}

JudgeResult measure_judge(const LoadPlan& plan, std::uint64_t rows) {
  const auto parquet = plan.folder / "lines.parquet";
  write_lineitem({rows, 1, false}, plan.folder / "lines.csv");
  write_parquet(plan.folder / "lines.csv", parquet);
  std::ofstream(plan.folder / "judge.yml") << kPipeline;
  JudgeResult result;
  result.rows = rows;
  result.bytes = fs::file_size(parquet);
  const Command judge{{plan.leat, "run", "judge.yml", "-o", "json"}, plan.folder, {}};
  const Command many{{plan.self, "judge", parquet, "many"}, plan.folder, {}};
  const Command fused{{plan.self, "judge", parquet, "fused"}, plan.folder, {}};
  for (int round = 0; round < plan.rounds; ++round) {
    fs::remove_all(plan.folder / ".leat");
    result.many.push_back(run_well(many));
    result.leat.push_back(run_well(judge));
    result.fused.push_back(run_well(fused));
    note("B4", result);
    const auto& expected = result.many.back().output;
    const auto counted = counts_of(result.leat.back().output, plan.folder);
    if (counted != expected) refuse("Leat counts\n" + counted + "and SQL\n" + expected);
    if (result.fused.back().output != expected) refuse("the two forms of SQL differ");
  }
  fs::remove_all(plan.folder / ".leat");
  return result;
}

int profile_as_reference(const fs::path& parquet) {
  static constexpr std::array<std::string_view, 16> kNumbers{"l_orderkey",
                                                             "l_partkey",
                                                             "l_suppkey",
                                                             "l_linenumber",
                                                             "l_quantity",
                                                             "l_extendedprice",
                                                             "l_discount",
                                                             "l_tax",
                                                             "",
                                                             "",
                                                             "epoch(l_shipdate)",
                                                             "epoch(l_commitdate)",
                                                             "epoch(l_receiptdate)",
                                                             "",
                                                             "",
                                                             ""};
  static constexpr std::array<std::string_view, 16> kNames{
      "l_orderkey",    "l_partkey",       "l_suppkey",  "l_linenumber",
      "l_quantity",    "l_extendedprice", "l_discount", "l_tax",
      "l_returnflag",  "l_linestatus",    "l_shipdate", "l_commitdate",
      "l_receiptdate", "l_shipinstruct",  "l_shipmode", "l_comment"};
  std::string list = "count(*)";
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const std::string name(kNames[i]);
    list += ", count(" + name + "), approx_count_distinct(" + name + "), min(" + name + "), max(" +
            name + ")";
    if (kNumbers[i].empty()) continue;
    list += ", approx_quantile(" + std::string(kNumbers[i]) +
            "::DOUBLE, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])";
  }
  ask_engine({"SELECT " + list + from(parquet)});
  return 0;
}

ProfileResult measure_profile(const LoadPlan& plan) {
  const auto parquet = plan.folder / "lines.parquet";
  ProfileResult result;
  const Command profile{{plan.leat, "profile", "lines.parquet", "-o", "json"}, plan.folder, {}};
  const Command reference{{plan.self, "profile", parquet}, plan.folder, {}};
  for (int round = 0; round < plan.rounds; ++round) {
    result.reference.push_back(run_well(reference));
    result.leat.push_back(run_well(profile));
    std::fprintf(stderr, "bench: profile: leat %.2f s CPU, one scan by hand %.2f\n",
                 result.leat.back().cpu_s, result.reference.back().cpu_s);
  }
  return result;
}

}  // namespace leat::bench
