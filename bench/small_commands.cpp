#include "small_commands.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>

#include "base/assert.hpp"

namespace leat::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kPipelines = 1000;
constexpr int kWideColumns = 200;

constexpr std::string_view kTenRows = R"(pipeline: ten
sources:
  numbers: { sequence: { count: 10 } }
checks:
  numbers: [ { range: { column: n, min: 0 } } ]
sinks:
  out: { parquet: { path: out.parquet }, from: numbers }
)";

std::string project_pipeline(const std::string& name) {
  return "pipeline: " + name + R"(
description: One of a thousand.
sources:
  given:
    rows: [ { id: 1, name: a, amount: 2.5 }, { id: 2, name: b, amount: 3.5 } ]
models:
  doubled:
    query: SELECT id, upper(name) AS name, amount * 2 AS amount FROM given WHERE id > 0
checks:
  doubled:
    - not_null: [id, name]
    - range: { column: amount, min: 0, max: 100 }
    - unique: id
sinks:
  out: { parquet: { path: out/)" +
         name + R"(.parquet }, from: doubled }
)";
}

void write_project(const fs::path& folder) {
  fs::create_directories(folder / "pipelines");
  std::ofstream(folder / "leat.yml") << "project: thousand\n";
  for (int i = 0; i < kPipelines; ++i) {
    const auto name = "p" + std::to_string(1000 + i);
    std::ofstream(folder / "pipelines" / (name + ".yml")) << project_pipeline(name);
  }
}

/// 200 columns of numbers, dates and texts with nulls in them; a check of each.
std::string wide_pipeline() {
  std::string columns;
  std::string names;
  for (int i = 0; i < kWideColumns; ++i) {
    const auto name = "c" + std::to_string(i);
    const auto value = "hash(n, " + std::to_string(i) + ") % 1000";
    const std::string forms[] = {"(" + value + ")::DOUBLE / 7",
                                 "DATE '2024-01-01' + (" + value + ")::INT",
                                 "'text ' || (" + value + ")"};
    columns += ", CASE WHEN " + value + " < 20 THEN NULL ELSE " + forms[i % 3] + " END AS " + name;
    names += (names.empty() ? "" : ", ") + name;
  }
  return "pipeline: wide\nsources:\n  numbers: { sequence: { count: 20000 } }\nmodels:\n  wide:\n"
         "    query: SELECT n" +
         columns + " FROM numbers\nchecks:\n  wide:\n    - not_null: { columns: [" + names +
         "], on_fail: warn }\nsinks:\n  out: { parquet: { path: wide.parquet }, from: wide }\n";
}

struct Medians {
  double wall_ms = 0;
  double cpu_ms = 0;
};

Medians medians(const Command& command, int times, const std::function<void()>& before = {}) {
  std::vector<double> wall;
  std::vector<double> cpu;
  for (int i = 0; i < times; ++i) {
    if (before) before();
    const auto cost = run_well(command);
    wall.push_back(cost.wall_s * 1000);
    cpu.push_back(cost.cpu_s * 1000);
  }
  return {median(wall), median(cpu)};
}

Medians ten_rows(const fs::path& leat, const fs::path& folder, int times) {
  fs::create_directories(folder);
  std::ofstream(folder / "ten.yml") << kTenRows;
  const auto clear = [&] {
    for (const auto* name : {"out.parquet", "out.parquet.leat.ndjson", ".leat"}) {
      fs::remove_all(folder / name);
    }
  };
  return medians({{leat, "run", "ten.yml", "-q"}, folder, {}}, times, clear);
}

int count_fsyncs(const fs::path& leat, const fs::path& folder) {
  const auto list = folder / "points.txt";
  fs::remove(list);
  fs::remove_all(folder / ".leat");
  run_well({{leat, "run", "ten.yml", "-q"}, folder, {{"LEAT_CRASH_LIST", list.string()}}});
  int count = 0;
  std::ifstream in(list);
  for (std::string name; std::getline(in, name);) count += name.ends_with("fsync.before");
  return count;
}

double fsync_ms(const fs::path& folder) {
  const auto path = folder / "synced";
  std::vector<double> times;
  for (int i = 0; i < 50; ++i) {
    const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    LEAT_ASSERT(file >= 0);
    LEAT_ASSERT(::write(file, "0123456789", 10) == 10);
    const auto start = std::chrono::steady_clock::now();
    LEAT_ASSERT(::fsync(file) == 0);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    times.push_back(took.count());
    ::close(file);
  }
  return median(times);
}

void measure_report(const fs::path& leat, const fs::path& folder, SmallResult& result) {
  fs::create_directories(folder);
  std::ofstream(folder / "wide.yml") << wide_pipeline();
  run_well({{leat, "run", "wide.yml", "-q"}, folder, {}});
  const auto report = medians({{leat, "report", "--out", "report.html", "-q"}, folder, {}}, 11);
  result.report_wall_ms = report.wall_ms;
  result.report_cpu_ms = report.cpu_ms;
  result.report_mb = double(fs::file_size(folder / "report.html")) / 1e6;
}

}  // namespace

SmallResult measure_small(const fs::path& leat, const fs::path& folder) {
  SmallResult result;
  result.version_cpu_ms = medians({{leat, "version"}, folder, {}}, 41).cpu_ms;
  write_project(folder / "thousand");
  const auto check = medians({{leat, "check", "-q"}, folder / "thousand", {}}, 5);
  result.check_wall_ms = check.wall_ms;
  result.check_cpu_ms = check.cpu_ms;
  measure_report(leat, folder / "wide", result);
  const auto run = ten_rows(leat, folder / "ten", 21);
  result.run_wall_ms = run.wall_ms;
  result.run_cpu_ms = run.cpu_ms;
  result.run_fsyncs = count_fsyncs(leat, folder / "ten");
  result.fsync_ms = fsync_ms(folder);
  const fs::path memory = "/dev/shm";
  if (fs::exists(memory) && ::access(memory.c_str(), W_OK) == 0) {
    const auto there = memory / ("leat-bench-" + std::to_string(::getpid()));
    result.run_memory_wall_ms = ten_rows(leat, there, 21).wall_ms;
    fs::remove_all(there);
  }
  return result;
}

}  // namespace leat::bench
