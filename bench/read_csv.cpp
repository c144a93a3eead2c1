#include "read_csv.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "base/names.hpp"
#include "engine.hpp"

namespace leat::bench {
namespace {

namespace fs = std::filesystem;

using Columns = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kManyFiles = 10'000;
constexpr std::string_view kAllColumns = "max(COLUMNS(*))";

struct ReadCase {
  std::string name;
  std::string file;
  Columns columns;
  std::string select{kAllColumns};
  double goal = 1;
  std::string encoding = "utf-8";
};

std::string engine_sql(const ReadCase& of) {
  std::string columns;
  for (const auto& [name, type] : of.columns) {
    columns += (columns.empty() ? "" : ", ") + quote_literal(name) + ": " + quote_literal(type);
  }
  return "SELECT " + of.select + " FROM read_csv(" + quote_literal(of.file) +
         ", header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
         "max_line_size = 10000000, encoding = " +
         quote_literal(of.encoding) + ", columns = {" + columns + "})";
}

void write_pipeline(const ReadCase& of, const std::string& path, const fs::path& file) {
  std::ofstream out(file);
  out << "pipeline: read\nsources:\n  lines:\n    csv:\n      path: " << path
      << "\n      encoding: " << of.encoding << "\n      columns:\n";
  for (const auto& [name, type] : of.columns) out << "        " << name << ": " << type << "\n";
  out << "models:\n  one:\n    query: SELECT " << of.select
      << " FROM lines\nsinks:\n  out:\n    parquet: { path: out.parquet }\n    from: one\n";
}

/// What the engine writes as CSV of a query, with a header.
void make_csv(const std::string& query, const fs::path& path, bool all_quoted = false) {
  ask_engine({"COPY (" + query + ") TO " + quote_literal(path.string()) +
              " (FORMAT csv, HEADER true" + (all_quoted ? ", FORCE_QUOTE *" : "") + ")"});
}

/// ASCII text as UTF-16, lowest byte first, with its mark.
void make_utf16(const fs::path& from, const fs::path& to) {
  std::ifstream in(from, std::ios::binary);
  std::ofstream out(to, std::ios::binary);
  out.write("\xFF\xFE", 2);
  std::string wide;
  for (std::string line; std::getline(in, line);) {
    wide.clear();
    for (const char c : line + "\n") wide.append({c, '\0'});
    out << wide;
  }
}

/// Deals the lines of a file to `count` files of about one size, each with the header.
void deal_lines(const fs::path& from, const fs::path& folder, std::uint64_t count) {
  fs::create_directories(folder);
  const auto share = fs::file_size(from) / count + 1;
  std::ifstream in(from, std::ios::binary);
  std::string header;
  std::getline(in, header);
  std::ofstream out;
  std::uint64_t files = 0;
  std::uint64_t written = share;
  bool in_quotes = false;
  for (std::string line; std::getline(in, line);) {
    if (written >= share && !in_quotes) {
      out = std::ofstream(folder / (std::to_string(files++) + ".csv"), std::ios::binary);
      out << header << '\n';
      written = 0;
    }
    for (const char c : line) in_quotes ^= c == '"';
    out << line << '\n';
    written += line.size() + 1;
  }
}

Columns columns_like(const std::string& prefix, int count, const std::string& type) {
  Columns out;
  for (int i = 0; i < count; ++i) out.emplace_back(prefix + std::to_string(i), type);
  return out;
}

std::string selected_columns(const Columns& columns, const std::string& value) {
  std::string out;
  for (const auto& [name, type] : columns) {
    out += (out.empty() ? "" : ", ") + value + " AS " + name;
  }
  return out;
}

std::vector<ReadCase> make_cases(const fs::path& folder, std::uint64_t bytes) {
  const Columns lines = lineitem_types();
  const auto number_of = [bytes](std::uint64_t bytes_a_row) {
    return std::to_string(bytes / bytes_a_row);
  };
  write_lineitem({bytes / 128, 1, true}, folder / "clean.csv");
  std::vector<ReadCase> cases{
      {"16 typed columns, an aggregate of each", "clean.csv", lines, std::string(kAllColumns), 2.5},
      {"16 columns, count(*)", "clean.csv", lines, "count(*) AS n", 3}};
  const std::string text = "SELECT * FROM read_csv('" + (folder / "clean.csv").string() +
                           "', all_varchar = true, header = true, auto_detect = false, delim = "
                           "',', quote = '\"', escape = '\"', columns = " +
                           lineitem_columns(true) + ")";
  make_csv(text, folder / "quoted.csv", true);
  cases.push_back({"all fields quoted", "quoted.csv", lines});
  const Columns wide = columns_like("c", 2'000, "INTEGER");
  make_csv("SELECT " + selected_columns(wide, "(random() * 100000)::INTEGER") + " FROM range(" +
               number_of(12'000) + ")",
           folder / "wide.csv");
  cases.push_back({"wide, 2,000 columns", "wide.csv", wide});
  make_csv("SELECT range * 7919 % 1000003 AS c0 FROM range(" + number_of(7) + ")",
           folder / "narrow.csv");
  cases.push_back({"narrow, 1 column", "narrow.csv", columns_like("c", 1, "INTEGER")});
  make_csv(
      "SELECT range AS c0, repeat('lorem ipsum, ', 100 + (range % 100)::INTEGER) AS c1 FROM "
      "range(" +
          number_of(2'000) + ")",
      folder / "long.csv");
  cases.push_back({"long texts", "long.csv", {{"c0", "BIGINT"}, {"c1", "VARCHAR"}}});
  make_utf16(folder / "clean.csv", folder / "utf16.csv");
  cases.push_back({"UTF-16", "utf16.csv", lines, std::string(kAllColumns), 1, "utf-16"});
  return cases;
}

Cost run_pipeline(const LoadPlan& plan) {
  remove_outputs(plan.folder);
  return run_well({{plan.leat, "run", "read.yml", "-o", "json"}, plan.folder, {}});
}

ReadResult measure_case(const LoadPlan& plan, const ReadCase& of) {
  ReadResult result{of.name, fs::file_size(plan.folder / of.file), of.goal, {}, {}};
  write_pipeline(of, of.file, plan.folder / "read.yml");
  for (int round = 0; round < plan.rounds; ++round) {
    result.reference.push_back(run_well({{plan.self, "query", engine_sql(of)}, plan.folder, {}}));
    result.leat.push_back(run_pipeline(plan));
    std::fprintf(stderr, "bench: %s: engine %.2f s CPU, leat %.2f s CPU\n", of.name.c_str(),
                 result.reference.back().cpu_s, result.leat.back().cpu_s);
    const auto out = (plan.folder / "out.parquet").string();
    const auto ours = run_well(
        {{plan.self, "query", "SELECT * FROM read_parquet(" + quote_literal(out) + ")"}, {}, {}});
    if (ours.output == result.reference.back().output) continue;
    std::fprintf(stderr, "bench: the answers differ:\n%s%s", ours.output.c_str(),
                 result.reference.back().output.c_str());
    std::exit(1);
  }
  return result;
}

ManyFilesResult measure_files(const LoadPlan& plan, std::uint64_t bytes) {
  ManyFilesResult result{kManyFiles, 0, {}, {}};
  write_lineitem({bytes * 2 / 128, 1, true}, plan.folder / "clean.csv");
  result.bytes = fs::file_size(plan.folder / "clean.csv");
  deal_lines(plan.folder / "clean.csv", plan.folder / "many", kManyFiles);
  const ReadCase of{"many files", "", lineitem_types()};
  std::string answer;
  for (int round = 0; round < plan.rounds; ++round) {
    for (const bool is_many : {false, true}) {
      write_pipeline(of, is_many ? "many/*.csv" : "clean.csv", plan.folder / "read.yml");
      (is_many ? result.many : result.one).push_back(run_pipeline(plan));
      const auto out = quote_literal((plan.folder / "out.parquet").string());
      const auto here =
          run_well({{plan.self, "query", "SELECT * FROM read_parquet(" + out + ")"}, {}, {}});
      if (answer.empty()) answer = here.output;
      if (answer == here.output) continue;
      std::fprintf(stderr, "bench: many files give another answer than one\n");
      std::exit(1);
    }
    std::fprintf(stderr, "bench: one file %.2f s CPU, many %.2f s CPU\n", result.one.back().cpu_s,
                 result.many.back().cpu_s);
  }
  return result;
}

}  // namespace

ReadingResult measure_reading(const LoadPlan& plan, std::uint64_t bytes) {
  LoadPlan here = plan;
  here.folder /= "reading";
  fs::create_directories(here.folder);
  ReadingResult result;
  for (const auto& one : make_cases(here.folder, bytes)) {
    result.kinds.push_back(measure_case(here, one));
  }
  result.files = measure_files(here, bytes);
  fs::remove_all(here.folder);
  return result;
}

}  // namespace leat::bench
