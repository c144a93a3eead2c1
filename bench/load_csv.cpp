#include "load_csv.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <array>
#include <map>
#include <string>

#include "base/names.hpp"
#include "engine.hpp"

namespace leat::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kComparedRowsMax = 1'000'000;

constexpr std::string_view kPipeline = R"(pipeline: load
description: The load of benchmark B1a.

sources:
  lines:
    csv:
      path: lines.csv
      columns:
        l_orderkey: bigint
        l_partkey: bigint
        l_suppkey: bigint
        l_linenumber: int
        l_quantity: decimal(15,2)
        l_extendedprice: decimal(15,2)
        l_discount: decimal(15,2)
        l_tax: decimal(15,2)
        l_returnflag: varchar
        l_linestatus: varchar
        l_shipdate: date
        l_commitdate: date
        l_receiptdate: date
        l_shipinstruct: varchar
        l_shipmode: varchar
        l_comment: varchar

models:
  priced:
    query: |
      SELECT *, l_extendedprice * (1 - l_discount) AS net_price,
             l_receiptdate - l_shipdate AS days_under_way
      FROM lines
      WHERE l_shipdate <= DATE '1998-09-02'

checks:
  lines:
    - not_null: [l_orderkey, l_partkey]
    - range: { column: l_quantity, min: 1, max: 50 }
    - range: { column: l_discount, min: 0, max: 0.10 }
    - range: { columns: [l_tax, l_extendedprice], min: 0 }
    - accepted_values: { column: l_returnflag, values: [A, N, R] }
    - accepted_values: { column: l_shipmode, values: [AIR, RAIL, SHIP, TRUCK, MAIL, FOB, REG AIR] }
    - expression: l_receiptdate >= l_shipdate
    - pattern: { column: l_shipinstruct, regex: "^[A-Z]+( [A-Z]+)*$" }
@unique@
sinks:
  out:
    parquet: { path: out.parquet }
    from: priced
)";

/// The rules that find each kind of bad row; `decode` is the reader's own.
constexpr std::array<std::string_view, kBadKinds> kRules{"not_null(l_orderkey)",
                                                         "not_null(l_partkey)",
                                                         "range(l_quantity)",
                                                         "range(l_discount)",
                                                         "decode",
                                                         "decode",
                                                         "accepted_values(l_returnflag)",
                                                         "accepted_values(l_shipmode)",
                                                         "expression(l_receiptdate >= l_shipdate)",
                                                         "pattern(l_shipinstruct)"};

[[noreturn]] void refuse(const std::string& what) {
  std::fprintf(stderr, "bench: the result is wrong: %s\n", what.c_str());
  std::exit(1);
}

/// The rows that have to come out, told by the plain engine from the text of the file.
std::string expected_rows(const fs::path& csv) {
  const auto cast = [](const std::string& name, const std::string& type) {
    return "TRY_CAST(" + name + " AS " + type + ") AS " + name;
  };
  const auto typed = cast("l_orderkey", "BIGINT") + ", " + cast("l_partkey", "BIGINT") + ", " +
                     cast("l_suppkey", "BIGINT") + ", " + cast("l_linenumber", "INTEGER") + ", " +
                     cast("l_quantity", "DECIMAL(15,2)") + ", " +
                     cast("l_extendedprice", "DECIMAL(15,2)") + ", " +
                     cast("l_discount", "DECIMAL(15,2)") + ", " + cast("l_tax", "DECIMAL(15,2)") +
                     ", l_returnflag, l_linestatus, " + cast("l_shipdate", "DATE") + ", " +
                     cast("l_commitdate", "DATE") + ", " + cast("l_receiptdate", "DATE") +
                     ", l_shipinstruct, l_shipmode, l_comment";
  return "SELECT *, l_extendedprice * (1 - l_discount) AS net_price, "
         "l_receiptdate - l_shipdate AS days_under_way FROM (SELECT " +
         typed + " FROM read_csv(" + quote_literal(csv.string()) +
         ", header = true, all_varchar = true, auto_detect = false, delim = ',', quote = '\"', "
         "escape = '\"', columns = " +
         lineitem_columns(true) +
         ")) WHERE l_orderkey IS NOT NULL "
         "AND l_partkey IS NOT NULL AND l_quantity BETWEEN 1 AND 50 AND l_discount BETWEEN 0 AND "
         "0.10 AND l_tax >= 0 AND l_extendedprice >= 0 AND l_returnflag IN ('A', 'N', 'R') AND "
         "l_shipmode IN ('AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB', 'REG AIR') AND "
         "l_receiptdate >= l_shipdate AND regexp_matches(l_shipinstruct, '^[A-Z]+( [A-Z]+)*$') "
         "AND l_shipdate <= DATE '" +
         std::string(kLastShipDate) + "'";
}

std::string written_rows(const fs::path& parquet) {
  return "SELECT * FROM read_parquet(" + quote_literal(parquet.string()) + ")";
}

/// The count of the rows and the sum of their hashes, in any order.
std::vector<std::string> hashed(const std::string& rows) {
  return ask_engine(
      {"SET preserve_insertion_order = false",
       "SELECT count(*)::VARCHAR, sum(hash(r)::HUGEINT)::VARCHAR FROM (" + rows + ") AS r"})[0];
}

void prove_rows(const fs::path& folder, const char* csv, LoadResult& result) {
  const auto expected = expected_rows(folder / csv);
  const auto written = written_rows(folder / "out.parquet");
  const auto here = hashed(written);
  if (here != hashed(expected)) refuse("the published rows are not the expected ones");
  if (here[0] != std::to_string(result.counts.published)) refuse(here[0] + " rows published");
  if (result.rows > kComparedRowsMax) return;
  for (const auto& [left, right] : {std::pair(expected, written), std::pair(written, expected)}) {
    const auto odd =
        ask_number({"SELECT count(*) FROM ((" + left + ") EXCEPT ALL (" + right + "))"});
    if (odd != 0) refuse(std::to_string(odd) + " rows differ");
  }
  result.compared_rows = true;
}

void prove_quarantine(const fs::path& folder, const LineitemCounts& counts) {
  std::map<std::string, std::uint64_t, std::less<>> expected;
  for (std::size_t kind = 0; kind < kBadKinds; ++kind) {
    expected[std::string(kRules[kind])] += counts.bad[kind];
  }
  const auto segments = (folder / ".leat/artifacts/quarantine/**/*.parquet").string();
  const auto found =
      ask_engine({"SELECT rule, count(*)::VARCHAR FROM (SELECT "
                  "unnest(failed_checks) AS rule FROM read_parquet(" +
                  quote_literal(segments) + ")) GROUP BY rule"});
  for (const auto& row : found) {
    const auto rule = expected.find(row[0]);
    if (rule == expected.end() || std::to_string(rule->second) != row[1]) {
      refuse(row[1] + " rows in quarantine by " + row[0]);
    }
    expected.erase(rule);
  }
  for (const auto& [rule, count] : expected) {
    if (count != 0) refuse("no rows in quarantine by " + rule);
  }
}

/// A pipeline each: with two columns unique or not, over rows in the order of their keys or not.
void write_pipelines(const fs::path& folder) {
  const auto put = [](std::string& text, std::string_view mark, const std::string& value) {
    text.replace(text.find(mark), mark.size(), value);
  };
  for (const std::string file : {"lines", "scattered"}) {
    for (const bool unique : {false, true}) {
      std::string text(kPipeline);
      const auto name = file + (unique ? "_unique" : "_load");
      put(text, "@unique@\n", unique ? "    - unique: [l_orderkey, l_linenumber]\n\n" : "\n");
      put(text, "load", name);
      put(text, "lines.csv", file + ".csv");
      std::ofstream(folder / (name + ".yml")) << text;
    }
  }
}

Command load_command(const LoadPlan& plan, const std::string& name) {
  return {{plan.leat, "run", name + ".yml", "-o", "json"}, plan.folder, {}};
}

Cost run_load(const LoadPlan& plan, const std::string& name, const LineitemCounts& counts) {
  remove_outputs(plan.folder);
  auto cost = run_well(load_command(plan, name));
  prove_quarantine(plan.folder, counts);
  return cost;
}

LoadResult measure_size(const LoadPlan& plan, std::uint64_t rows) {
  LoadResult result;
  result.rows = rows;
  result.counts = write_lineitem({rows, 1, false}, plan.folder / "lines.csv");
  result.bytes = result.counts.bytes;
  write_lineitem({rows, 1, true}, plan.folder / "clean.csv");
  write_lineitem({rows, 1, false, true}, plan.folder / "scattered.csv");
  write_pipelines(plan.folder);
  const Command reference{
      {plan.self, "reference", plan.folder / "clean.csv", plan.folder / "reference.parquet"},
      plan.folder,
      {}};
  for (int round = 0; round < plan.rounds; ++round) {
    remove_outputs(plan.folder);
    result.reference.push_back(run_well(reference));
    result.leat.push_back(run_load(plan, "lines_load", result.counts));
    std::fprintf(stderr, "bench: %llu rows: reference %.2f s CPU, leat %.2f s CPU\n",
                 static_cast<unsigned long long>(rows), result.reference.back().cpu_s,
                 result.leat.back().cpu_s);
    if (round == 0) prove_rows(plan.folder, "lines.csv", result);
    result.unique.push_back(run_load(plan, "lines_unique", result.counts));
    result.scattered.push_back(run_load(plan, "scattered_load", result.counts));
    result.scattered_unique.push_back(run_load(plan, "scattered_unique", result.counts));
  }
  remove_outputs(plan.folder);
  auto confined = load_command(plan, "scattered_unique");
  confined.arguments.insert(confined.arguments.end(), {"--memory", kConfined});
  result.confined = run_well(confined);
  prove_rows(plan.folder, "scattered.csv", result);
  prove_quarantine(plan.folder, result.counts);
  remove_outputs(plan.folder);
  return result;
}

}  // namespace

Cost measure_large_load(const LoadPlan& plan, std::uint64_t rows) {
  const auto counts = write_lineitem({rows, 1, false}, plan.folder / "lines.csv");
  write_pipelines(plan.folder);
  auto cost = run_load(plan, "lines_load", counts);
  remove_outputs(plan.folder);
  return cost;
}

void remove_outputs(const fs::path& folder) {
  for (const auto* name :
       {"out.parquet", "out.parquet.leat.ndjson", ".leat", "reference.parquet"}) {
    fs::remove_all(folder / name);
  }
}

std::vector<LoadResult> measure_load(const LoadPlan& plan) {
  std::vector<LoadResult> results;
  for (const auto rows : plan.sizes) results.push_back(measure_size(plan, rows));
  return results;
}

}  // namespace leat::bench
