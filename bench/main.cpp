#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "engine.hpp"
#include "judge_parquet.hpp"
#include "lineitem.hpp"
#include "report.hpp"

namespace leat::bench {
namespace {

constexpr const char* kUsage =
    "leat_bench all LEAT FOLDER REPORT [ROUNDS] [ROWS...]   measure, prove, write the report\n"
    "leat_bench generate ROWS FILE [clean]                  write the CSV file of B1a\n"
    "leat_bench reference CSV PARQUET                       the plain engine's part of B1a\n"
    "leat_bench judge PARQUET many|fused                    the plain engine's part of B4\n"
    "leat_bench profile PARQUET                             the plain engine's part of a profile\n"
    "leat_bench query SQL                                   the plain engine's part of reading\n"
    "leat_bench reading LEAT FOLDER ROUNDS BYTES            reading alone\n"
    "leat_bench small LEAT FOLDER                           B6 alone\n"
    "leat_bench judging LEAT FOLDER ROUNDS ROWS             B4 and the profile alone\n";

constexpr std::uint64_t kReadBytes = 500'000'000;

using Arguments = std::vector<std::string>;

int usage() {
  std::fputs(kUsage, stderr);
  return 2;
}

int generate(const Arguments& arguments) {
  if (arguments.size() < 4) return usage();
  const auto counts =
      write_lineitem({std::stoull(arguments[2]), 1, arguments.size() > 4}, arguments[3]);
  std::printf("%llu bad, %llu filtered, %llu published\n",
              static_cast<unsigned long long>(counts.bad_rows()),
              static_cast<unsigned long long>(counts.filtered),
              static_cast<unsigned long long>(counts.published));
  return 0;
}

std::string version_of(const std::filesystem::path& leat) {
  const auto text = run_well({{leat, "version"}, {}, {}}).output;
  const auto line = text.substr(0, text.find('\n'));
  return line.substr(line.find_last_of(' ') + 1);
}

LoadPlan plan_for(const Arguments& arguments) {
  LoadPlan plan;
  plan.leat = std::filesystem::absolute(arguments[2]);
  plan.self = std::filesystem::read_symlink("/proc/self/exe");
  plan.folder = std::filesystem::absolute(arguments[3]);
  std::filesystem::create_directories(plan.folder);
  return plan;
}

int judging(const Arguments& arguments) {
  if (arguments.size() < 6) return usage();
  auto plan = plan_for(arguments);
  plan.rounds = std::stoi(arguments[4]);
  const auto judged = measure_judge(plan, std::stoull(arguments[5]));
  std::fputs(judge_section(judged, measure_profile(plan)).c_str(), stdout);
  return 0;
}

int reading(const Arguments& arguments) {
  if (arguments.size() < 6) return usage();
  auto plan = plan_for(arguments);
  plan.rounds = std::stoi(arguments[4]);
  std::fputs(reading_section(measure_reading(plan, std::stoull(arguments[5]))).c_str(), stdout);
  return 0;
}

int small(const Arguments& arguments) {
  if (arguments.size() < 4) return usage();
  const auto plan = plan_for(arguments);
  std::fputs(small_section(measure_small(plan.leat, plan.folder)).c_str(), stdout);
  return 0;
}

int all(const Arguments& arguments) {
  if (arguments.size() < 5) return usage();
  auto plan = plan_for(arguments);
  if (arguments.size() > 5) plan.rounds = std::stoi(arguments[5]);
  for (std::size_t i = 6; i < arguments.size(); ++i) {
    plan.sizes.push_back(std::stoull(arguments[i]));
  }
  if (plan.sizes.empty()) plan.sizes = {1'000'000, 3'000'000, 12'000'000};
  const auto small = measure_small(plan.leat, plan.folder);
  const auto loads = measure_load(plan);
  const auto large_rows = 4 * plan.sizes.back();
  const auto large = measure_large_load(plan, large_rows);
  const auto read = measure_reading(plan, kReadBytes);
  const auto judged = measure_judge(plan, plan.sizes.back());
  const auto profiled = measure_profile(plan);
  const auto report =
      report_text({version_of(plan.leat), loads, large_rows, large, read, small, judged, profiled});
  std::ofstream(arguments[4]) << report;
  std::fputs(report.c_str(), stdout);
  return 0;
}

int run(const Arguments& arguments) {
  if (arguments.size() < 2) return usage();
  if (arguments[1] == "generate") return generate(arguments);
  if (arguments[1] == "all") return all(arguments);
  if (arguments[1] == "small") return small(arguments);
  if (arguments[1] == "reading") return reading(arguments);
  if (arguments[1] == "query" && arguments.size() > 2) return print_answer(arguments[2]);
  if (arguments[1] == "judging") return judging(arguments);
  if (arguments[1] == "judge" && arguments.size() > 3) {
    return judge_as_reference(arguments[2], arguments[3]);
  }
  if (arguments[1] == "profile" && arguments.size() > 2) return profile_as_reference(arguments[2]);
  if (arguments[1] != "reference" || arguments.size() < 4) return usage();
  return copy_as_reference(arguments[2], arguments[3]);
}

}  // namespace
}  // namespace leat::bench

int main(int count, char** values) {
  return leat::bench::run(leat::bench::Arguments(values, values + count));
}
