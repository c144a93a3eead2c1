#include "report.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <thread>

#include "base/quantity.hpp"

namespace leat::bench {
namespace {

std::string number(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  return text;
}

double median_of(const std::vector<Cost>& costs, double Cost::* what) {
  std::vector<double> values;
  for (const auto& cost : costs) values.push_back(cost.*what);
  return median(values);
}

/// The median over the rounds of what Leat took for one of the reference.
double ratio(const std::vector<Cost>& costs, const std::vector<Cost>& to, double Cost::* what) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < costs.size(); ++i) ratios.push_back(costs[i].*what / to[i].*what);
  return median(ratios);
}

double ns_a_row(const LoadResult& load) {
  return median_of(load.leat, &Cost::cpu_s) * 1e9 / double(load.rows);
}

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

std::string machine() {
  const auto memory =
      std::uint64_t(::sysconf(_SC_PHYS_PAGES)) * std::uint64_t(::sysconf(_SC_PAGE_SIZE));
  return std::to_string(std::thread::hardware_concurrency()) + " cores (" + processor() + "), " +
         format_bytes(memory) + " of memory";
}

std::string verdict(bool met) { return met ? "met" : "**missed**"; }

std::string load_rows(const LoadResult& load) {
  const auto row = [&](const std::string& who, const std::vector<Cost>& costs) {
    return "| " + format_count(load.rows) + " | " + format_bytes(load.bytes) + " | " + who + " | " +
           number(median_of(costs, &Cost::wall_s), 2) + " | " +
           number(median_of(costs, &Cost::cpu_s), 2) + " | " +
           number(median_of(costs, &Cost::memory_mb), 0) + " |";
  };
  const auto against = [&](const std::vector<Cost>& costs) {
    return " **" + number(ratio(costs, load.reference, &Cost::cpu_s), 2) + "** | " +
           number(ratio(costs, load.reference, &Cost::wall_s), 2) + " |\n";
  };
  return row("plain engine, unchecked", load.reference) + " | |\n" + row("Leat", load.leat) +
         against(load.leat) + row("Leat, two columns unique", load.unique) + against(load.unique) +
         row("Leat, keys in no order", load.scattered) + against(load.scattered) +
         row("Leat, those unique", load.scattered_unique) + against(load.scattered_unique);
}

/// What the loads were to keep to.
std::string load_goals(const Measured& measured) {
  const auto& last = measured.loads.back();
  const double peak = std::max(median_of(last.leat, &Cost::memory_mb), measured.large.memory_mb);
  const double cpu = ratio(last.leat, last.reference, &Cost::cpu_s);
  const double wall = ratio(last.leat, last.reference, &Cost::wall_s);
  const auto more = [&](const std::vector<Cost>& with, const std::vector<Cost>& without) {
    return ratio(with, last.reference, &Cost::cpu_s) - ratio(without, last.reference, &Cost::cpu_s);
  };
  const double unique = more(last.unique, last.leat);
  const double scattered = more(last.scattered_unique, last.scattered);
  return "\nRatios are medians of the ratios of each round. Goals: CPU and wall ratio at most 0.95 "
         "(" +
         verdict(cpu <= 0.95 && wall <= 0.95) +
         "), two unique columns at most 0.05 more in CPU: " + number(unique, 2) + " (" +
         verdict(unique <= 0.05) + "), where keys come in no order, so that each is looked up, " +
         number(scattered, 2) + " (" + verdict(scattered <= 0.05) + "). " +
         format_count(measured.large_rows) + " rows, once: " + number(measured.large.wall_s, 1) +
         " s, peak " + number(measured.large.memory_mb, 0) + " MB. Goal: no peak above 300 MB (" +
         verdict(peak <= 300) + ").\n\nThe unique columns of " + format_count(last.rows) +
         " rows within `--memory " + kConfined +
         "`, the keys in no order: " + number(last.confined.wall_s, 1) + " s, " +
         number(last.confined.cpu_s, 1) + " s of CPU, peak " + number(last.confined.memory_mb, 0) +
         " MB.\n\n";
}

std::string load_section(const Measured& measured) {
  std::string out =
      "## B1a: CSV to Parquet, checked\n\n"
      "A CSV file of 16 columns like TPC-H's lineitem, 1 % of its rows bad in ten ways, to a typed "
      "Parquet file: two derived columns, a filter, ten row checks, statistics of all 18 columns "
      "(rows, nulls, min, max, distinct and quantile sketches, checksum), bad rows to quarantine "
      "with their place and text, atomic publish. The reference is the same engine without Leat: "
      "it reads the same rows without what is bad in them, is told their types, and writes all of "
      "them as Parquet, unordered, with the same settings, unchecked.\n\n"
      "| rows | file | who | wall s | CPU s | peak MB | CPU ratio | wall ratio |\n"
      "|---:|---:|---|---:|---:|---:|---:|---:|\n";
  for (const auto& load : measured.loads) out += load_rows(load);
  out += load_goals(measured) + "Proved in the same run: ";
  for (const auto& load : measured.loads) {
    out += format_count(load.rows) + " rows = " + format_count(load.counts.published) +
           " published + " + format_count(load.counts.bad_rows()) + " quarantined + " +
           format_count(load.counts.filtered) +
           " filtered, the published rows being the expected "
           "ones by " +
           (load.compared_rows ? "EXCEPT ALL both ways" : "count and row hashes") +
           ", the quarantined ones by rule; ";
  }
  return out.substr(0, out.size() - 2) + ".\n\n";
}

/// What one row more costs between two sizes.
double slope_ns(const LoadResult& small, const LoadResult& large) {
  return (median_of(large.leat, &Cost::cpu_s) - median_of(small.leat, &Cost::cpu_s)) * 1e9 /
         double(large.rows - small.rows);
}

std::string growth_section(const std::vector<LoadResult>& loads) {
  if (loads.size() < 2) return "";
  std::string out =
      "## B7: cost grows as work grows\n\n"
      "| rows | ns of CPU a row | ns of each row more | against the whole slope |\n"
      "|---:|---:|---:|---:|\n";
  bool linear = true;
  const double whole = slope_ns(loads.front(), loads.back());
  for (std::size_t i = 0; i < loads.size(); ++i) {
    out += "| " + format_count(loads[i].rows) + " | " + number(ns_a_row(loads[i]), 0) + " | ";
    if (i == 0) {
      out += "| |\n";
      continue;
    }
    const double slope = slope_ns(loads[i - 1], loads[i]);
    linear = linear && std::abs(slope / whole - 1) <= 0.1;
    out += number(slope, 0) + " | " + number(slope / whole, 2) + " |\n";
  }
  return out + "\nGoal: slopes within 10 % of linear (" + verdict(linear) +
         "). What a run costs before its first row shows in the first size.\n\n";
}

/// Of two ways the one that takes less CPU in the median.
const std::vector<Cost>& cheaper(const std::vector<Cost>& one, const std::vector<Cost>& other) {
  return median_of(one, &Cost::cpu_s) <= median_of(other, &Cost::cpu_s) ? one : other;
}

std::string cost_row(const std::string& who, const std::vector<Cost>& costs,
                     const std::vector<Cost>& to) {
  return "| " + who + " | " + number(median_of(costs, &Cost::wall_s), 2) + " | " +
         number(median_of(costs, &Cost::cpu_s), 2) + " | " +
         number(median_of(costs, &Cost::memory_mb), 0) + " | " +
         number(ratio(costs, to, &Cost::cpu_s), 2) + " | " +
         number(ratio(costs, to, &Cost::wall_s), 2) + " |\n";
}

}  // namespace

std::string small_section(const SmallResult& small) {
  const auto row = [](const std::string& what, const std::string& took, const std::string& goal) {
    return "| " + what + " | " + took + " | " + goal + " |\n";
  };
  std::string out = "## B6: small commands\n\n| what | took | goal |\n|---|---:|---|\n";
  out += row("`leat version`", number(small.version_cpu_ms, 1) + " ms CPU",
             "4 ms (" + verdict(small.version_cpu_ms <= 4) + ")");
  out += row("`leat check`, 1,000 pipelines",
             number(small.check_wall_ms, 0) + " ms, " + number(small.check_cpu_ms, 0) + " ms CPU",
             "300 ms (" + verdict(small.check_wall_ms <= 300) + ")");
  out +=
      row("`leat report`, 200 columns",
          number(small.report_wall_ms, 0) + " ms, " + number(small.report_cpu_ms, 0) + " ms CPU, " +
              number(small.report_mb, 2) + " MB",
          "1 s and 2 MB (" + verdict(small.report_wall_ms <= 1000 && small.report_mb <= 2) + ")");
  if (small.run_memory_wall_ms > 0) {
    out += row("`leat run`, 10 rows, files in memory", number(small.run_memory_wall_ms, 1) + " ms",
               "40 ms (" + verdict(small.run_memory_wall_ms <= 40) + ")");
  }
  out += row("`leat run`, 10 rows, on the disk",
             number(small.run_wall_ms, 1) + " ms, " + number(small.run_cpu_ms, 1) + " ms CPU",
             "40 ms + its fsyncs");
  out += "\nThat run calls fsync " + std::to_string(small.run_fsyncs) +
         " times, the state store's calls not counted; one fsync of a small file takes " +
         number(small.fsync_ms, 2) + " ms on this disk.\n";
  return out;
}

std::string judge_section(const JudgeResult& judged, const ProfileResult& profiled) {
  constexpr const char* kHead =
      "| who | wall s | CPU s | peak MB | CPU ratio | wall ratio "
      "|\n|---|---:|---:|---:|---:|---:|\n";
  const auto& to = cheaper(judged.many, judged.fused);
  const double judging = ratio(judged.leat, to, &Cost::cpu_s);
  std::string out =
      "## B4: 30 checks over a Parquet file\n\n" + format_count(judged.rows) +
      " rows of B1a as typed Parquet (" + format_bytes(judged.bytes) +
      "), what could not be read being null: 26 checks of rows, a uniqueness of two columns, a row "
      "count, a sum, a quantile, by a pipeline without a sink. The references are SQL of the same "
      "engine written by hand: a statement a check, and one statement for all.\n\n" +
      kHead + cost_row("leat", judged.leat, to) + cost_row("30 statements", judged.many, to) +
      cost_row("one statement", judged.fused, to) +
      "\nRatios are to the cheaper form of SQL, round by round. Goal: CPU ratio at most 0.8 (" +
      verdict(judging <= 0.8) +
      "). Proved in each round: all three count the same failing rows, check by check.\n\n";
  const double profiling = ratio(profiled.leat, profiled.reference, &Cost::cpu_s);
  out +=
      "## Profile of the same file\n\n`leat profile`, against one scan by hand that asks of each "
      "of "
      "the 16 columns how many values there are, the least and the greatest, about how many "
      "different ones, and of numbers and dates seven quantiles, estimated.\n\n" +
      std::string(kHead) + cost_row("leat profile", profiled.leat, profiled.reference) +
      cost_row("one scan by hand", profiled.reference, profiled.reference) +
      "\nGoal: CPU ratio at most 1.5 (" + verdict(profiling <= 1.5) + ").\n\n";
  return out;
}

std::string reading_section(const ReadingResult& reading) {
  std::string out =
      "## Reading alone\n\nThe greatest value of each column, or the count of the rows, by a model "
      "over a CSV source, written as one row of Parquet; against the same query over the engine's "
      "own reader, which is told the form and the types as well. \"Times as fast\" is the median "
      "of "
      "the rounds' ratios in CPU.\n\n"
      "| file | bytes | engine CPU s | Leat CPU s | Leat peak MB | times as fast | goal "
      "|\n|---|---:|---:|---:|---:|---:|---|\n";
  for (const auto& kind : reading.kinds) {
    const double times = ratio(kind.reference, kind.leat, &Cost::cpu_s);
    out += "| " + kind.name + " | " + format_bytes(kind.bytes) + " | " +
           number(median_of(kind.reference, &Cost::cpu_s), 2) + " | " +
           number(median_of(kind.leat, &Cost::cpu_s), 2) + " | " +
           number(median_of(kind.leat, &Cost::memory_mb), 0) + " | " + number(times, 2) + " | " +
           number(kind.goal, 1) + " (" + verdict(times >= kind.goal) + ") |\n";
  }
  const auto& files = reading.files;
  const double many = ratio(files.many, files.one, &Cost::cpu_s);
  return out + "\nProved in each round: both give the same answer.\n\n" +
         format_bytes(files.bytes) + " in " + format_count(files.files) + " files take " +
         number(median_of(files.many, &Cost::cpu_s), 2) + " s of CPU and " +
         number(median_of(files.many, &Cost::wall_s), 2) + " s of wall, in one file " +
         number(median_of(files.one, &Cost::cpu_s), 2) + " and " +
         number(median_of(files.one, &Cost::wall_s), 2) + ": " + number(many, 2) +
         " times as much CPU, " + number(ratio(files.many, files.one, &Cost::wall_s), 2) +
         " times as much wall. Goal: at most 1.2 (" + verdict(many <= 1.2) + ").\n\n";
}

std::string report_text(const Measured& measured) {
  std::string out = "# Benchmarks\n\nWritten by `make bench`; do not edit. Machine: " + machine() +
                    ". Leat " + measured.version + ". Inputs in the page cache, medians of " +
                    std::to_string(measured.loads.front().leat.size()) +
                    " interleaved rounds. Machines differ: trust the ratios.\n\n";
  out += load_section(measured) + growth_section(measured.loads) +
         reading_section(measured.reading) + judge_section(measured.judged, measured.profiled) +
         small_section(measured.small);
  return out;
}

}  // namespace leat::bench
