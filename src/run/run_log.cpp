#include "run/run_log.hpp"

#include "base/counted.hpp"
#include "base/quantity.hpp"

namespace leat::run {

std::filesystem::path log_path(const std::filesystem::path& state, const Uuid& run_id) {
  return state / "logs" / (run_id.text() + ".log");
}

std::unique_ptr<RunLog> RunLog::open(io::FileSystem& files, const std::filesystem::path& path,
                                     const Clock& clock, plan::HiddenValues hidden) {
  std::unique_ptr<io::File> file;
  if (files.create_folders(path.parent_path()).ok()) {
    auto opened = files.open(path, io::Open::append);
    if (opened.ok()) file = std::move(opened).value();
  }
  return std::make_unique<RunLog>(std::move(file), clock, std::move(hidden));
}

void RunLog::line(std::string_view level, std::string_view text) {
  std::string out = format_instant(x_clock.now()) + " " + std::string(level);
  out.append(level.size() < 5 ? 5 - level.size() : 0, ' ');
  out += " ";
  for (const char c : x_hidden.out_of(std::string(text))) out += c == '\n' || c == '\r' ? ' ' : c;
  out += '\n';
  const std::lock_guard lock(x_mutex);
  if (!x_file) return;
  [[maybe_unused]] const auto written = x_file->append(out);
}

void RunLog::dataset(const DatasetReport& dataset) {
  const auto& counts = dataset.outcome.counts;
  line("info", dataset.kind + " " + dataset.name + ": read " + format_count(counts.read) +
                   ", quarantined " + format_count(counts.quarantined) + ", passed on " +
                   format_count(counts.passed_on) + ", " + format_duration(dataset.elapsed));
  for (const auto& check : dataset.outcome.checks) {
    if (check.verdict == Verdict::pass) continue;
    const auto found = check.value.empty() ? format_count(check.rows_failed) + " of " +
                                                 counted(check.rows_judged, "row") + " failed"
                                           : measured_text(check);
    line("warn",
         "check " + dataset.name + ": " + label_of(check) + ": " + found + ", " + check.on_fail);
  }
}

void RunLog::sink(const SinkReport& sink) {
  const auto what = "sink " + sink.name + ": " + std::string(name_of(sink.verdict));
  if (sink.verdict == SinkVerdict::published) {
    line("info", what + " " + counted(sink.published, "row") + " to " + sink.place + ", receipt " +
                     sink.receipt.publish_id.text());
    return;
  }
  line(sink.verdict == SinkVerdict::failed ? "error" : "warn",
       what + ", " + sink.place + " is unchanged");
  for (const auto& reason : sink.reasons) line("warn", "sink " + sink.name + ": " + reason);
  if (!sink.error.empty()) line("error", "sink " + sink.name + ": " + sink.error);
}

}  // namespace leat::run
