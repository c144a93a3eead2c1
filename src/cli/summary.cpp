#include "cli/summary.hpp"

#include <cmath>
#include <cstdio>

#include "base/names.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"

namespace leat::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// The median of a column; quantiles of days and instants are counted from 1970.
std::string median(const kernels::ColumnSummary& column) {
  if (column.quantiles.size() != 7) return "";
  const double value = column.quantiles[3];
  const bool is_day = column.type == "DATE";
  if (!is_day && !column.type.starts_with("TIMESTAMP")) return number_text(value);
  const auto micros = std::int64_t(value * (is_day ? 86'400e6 : 1));
  return format_instant(Instant(Micros(micros))).substr(0, is_day ? 10 : 19);
}

std::string rate(std::uint64_t rows, Micros elapsed) {
  if (elapsed.count() < 1000 || rows == 0) return "";
  return format_count(std::uint64_t(double(rows) * 1e6 / double(elapsed.count()))) + "/s";
}

std::string cut(std::string_view text, std::size_t characters) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (seen++ == characters) return std::string(text.substr(0, i)) + "…";
  }
  return std::string(text);
}

std::string status_word(const run::RunReport& report, const Output& output) {
  if (report.status == "success") return output.green("success");
  if (report.status == "held" || report.status == "partial") return output.yellow(report.status);
  return output.red(report.status);
}

std::string nodes(const run::RunReport& report, const Output& output) {
  Rows rows{{"dataset", "read", "quarantined", "passed on", "time", "rows/s"}};
  for (const auto& dataset : report.datasets) {
    const auto& counts = dataset.outcome.counts;
    rows.push_back({dataset.name, format_count(counts.read), format_count(counts.quarantined),
                    format_count(counts.passed_on), format_duration(dataset.elapsed),
                    rate(counts.read, dataset.elapsed)});
  }
  return table(rows, output, "  ");
}

std::string check_line(const run::DatasetReport& dataset, const CheckOutcome& check,
                       const Output& output) {
  std::string line = "  " + output.yellow(dataset.name + ": " + label_of(check));
  if (check.value.empty()) {
    line += "  " + format_count(check.rows_failed) + " of " + counted(check.rows_judged, "row");
  } else {
    line += "  " + measured_text(check);
  }
  line += "  → " + check.on_fail + ", severity " + check.severity;
  if (check.description.empty()) return line;
  return line + "\n      " + output.dim(cut(check.description, 160));
}

std::string failed_checks(const run::RunReport& report, const Output& output) {
  std::string out;
  for (const auto& dataset : report.datasets) {
    for (const auto& check : dataset.outcome.checks) {
      if (check.verdict == Verdict::pass) continue;
      out += check_line(dataset, check, output) + "\n";
      for (const auto& tally : dataset.outcome.tallies) {
        if (tally.id != check.id) continue;
        for (const auto& example : tally.examples) {
          out += "      " + output.dim(printable(cut(example, 160))) + "\n";
        }
      }
    }
  }
  return out.empty() ? "" : "\nchecks that did not pass\n" + out;
}

std::string score_line(const run::RunReport& report, const Output& output) {
  std::string out = "\nscore " + output.bold(score_text(report.score.total));
  for (const auto& [dimension, value] : report.score.by_dimension) {
    out += "   " + dimension + " " + score_text(value);
  }
  return out + "\n";
}

std::string units_of(const run::DatasetReport& dataset, const std::string& column) {
  for (const auto& note : dataset.notes) {
    if (is_same_name(note.name, column)) return printable(note.units);
  }
  return "";
}

std::string statistics(const run::DatasetReport& dataset, const Output& output) {
  constexpr std::size_t kColumnsShown = 40;
  if (dataset.statistics.columns.empty()) return "";
  Rows rows{{"column", "units", "nulls", "distinct ≈", "min", "median ≈", "max"}};
  for (const auto& column : dataset.statistics.columns) {
    if (rows.size() > kColumnsShown) break;
    rows.push_back({printable(column.name), units_of(dataset, column.name),
                    format_count(column.nulls), format_count(column.distinct),
                    printable(cut(column.min.value_or(""), 24)), median(column),
                    printable(cut(column.max.value_or(""), 24))});
  }
  drop_empty_column(rows, 1);
  std::string out = "\n" + dataset.name + ", " + counted(dataset.statistics.rows, "row") +
                    ", checksum " + dataset.statistics.checksum + "\n" + table(rows, output, "  ") +
                    "\n";
  const auto more = dataset.statistics.columns.size();
  if (more > kColumnsShown) out += "  … and " + std::to_string(more - kColumnsShown) + " more\n";
  return out;
}

/// "3 inserted, 1 updated": what replace and append do needs no words.
std::string changes(const run::SinkReport& sink) {
  if (sink.strategy == "replace" || sink.strategy == "append") return "";
  std::string text;
  const auto add = [&](std::uint64_t rows, const char* word) {
    if (rows > 0) text += (text.empty() ? "" : ", ") + format_count(rows) + " " + word;
  };
  add(sink.changes.inserted, "inserted");
  add(sink.changes.updated, "updated");
  add(sink.changes.deleted, "deleted");
  add(sink.changes.unchanged, "unchanged");
  add(sink.changes.superseded, "superseded by newer rows");
  return "\n      " + (text.empty() ? "no row changed" : text);
}

std::string outliers_text(const run::Profile& profile) {
  std::string outliers;
  for (const auto& column : profile.columns) {
    if (column.outliers == 0) continue;
    outliers += (outliers.empty() ? "" : ", ") + column.name + " " + format_count(column.outliers);
  }
  return outliers.empty() ? "no outliers" : "outliers: " + cut(outliers, 160);
}

/// "valid 990 of 1,000 rows, complete 99.5%; outliers: price 7, volume 3"
std::string profile_line(const run::DatasetReport& dataset) {
  const auto& profile = dataset.profile;
  if (!profile.is_known) return "";
  std::string out = "  ";
  if (profile.knows_invalid) {
    out += "valid " + format_count(profile.valid()) + " of " + counted(profile.total, "row") + ", ";
  }
  out += "complete " + number_text(profile.completeness()) + "%";
  if (profile.knows_outliers) out += "; " + outliers_text(profile);
  if (profile.knows_invalid) return out + "\n";
  const auto* unknown = profile.knows_outliers ? "valid rows" : "valid rows and outliers";
  return out + "; " + unknown + " were not counted: `policy: {profile: true}` counts them\n";
}

std::string published(const run::SinkReport& sink, const Output& output) {
  const auto& receipt = sink.receipt;
  std::string line = "  " + sink.name + "  " + output.green("published") + " " +
                     counted(sink.published, "row") + " to " + output.bold(sink.place);
  if (sink.publishes > 1) line += " in " + std::to_string(sink.publishes) + " publishes";
  line +=
      "\n      receipt " + receipt.publish_id.text() + "  " + sink.guarantee + "  " + sink.strategy;
  if (receipt.row_wise && receipt.rows_filtered > 0) {
    line += "  " + format_count(receipt.rows_filtered) + " filtered";
  }
  if (receipt.rows_deduplicated > 0) {
    line += "  " + format_count(receipt.rows_deduplicated) + " deduplicated";
  }
  line += changes(sink);
  return line + "\n      look: " + sink.how_to_look + "\n";
}

std::string not_published(const run::SinkReport& sink, const Output& output) {
  std::string line = "  " + sink.name + "  ";
  if (sink.verdict == run::SinkVerdict::unchanged) {
    line +=
        (sink.reasons.empty() ? "nothing new; " : "left out; ") + sink.place + " is unchanged\n";
    for (const auto& reason : sink.reasons) line += "      " + reason + "\n";
    return line;
  }
  const bool held = sink.verdict == run::SinkVerdict::held;
  line += (held ? output.yellow("held") : output.red("failed")) + "; " + sink.place +
          (sink.is_unknown ? "\n" : " is unchanged\n");
  for (const auto& reason : sink.reasons) line += "      " + reason + "\n";
  if (!sink.error.empty()) line += "      " + output.red("error: ") + sink.error + "\n";
  if (held) {
    const auto id = sink.receipt.publish_id.text();
    line += "      accept: leat publish " + id + "\n      reject: leat discard " + id + "\n";
  }
  return line;
}

std::string sinks(const run::RunReport& report, const Output& output) {
  std::string out = "\nsinks\n";
  for (const auto& sink : report.sinks) {
    out += sink.verdict == run::SinkVerdict::published ? published(sink, output)
                                                       : not_published(sink, output);
  }
  return out;
}

std::string quarantine(const run::RunReport& report, const Output& output) {
  std::string out;
  for (const auto& dataset : report.datasets) {
    const auto rows = dataset.outcome.counts.quarantined;
    if (rows == 0) continue;
    out += "  " + counted(rows, "row") + " of " + output.bold(dataset.name) +
           "   look: leat quarantine show " + dataset.name + "\n";
  }
  return out.empty() ? "" : "\nquarantine\n" + out;
}

/// Those of checks have lines of their own.
std::string warnings(const run::RunReport& report, const Output& output) {
  std::string out;
  for (const auto& warning : report.warnings) {
    out += output.yellow("warning: ") + warning + "\n";
  }
  return out.empty() ? "" : "\n" + out;
}

}  // namespace

std::string summarize(const run::RunReport& report, const Output& output) {
  std::string out = output.bold(report.pipeline) + "  " + status_word(report, output) + "  " +
                    format_duration(report.elapsed) + "  run " + report.run_id.text() + "\n";
  if (!report.datasets.empty()) out += "\n" + nodes(report, output) + "\n";
  out += failed_checks(report, output);
  if (!report.datasets.empty()) out += score_line(report, output);
  for (const auto& dataset : report.datasets) {
    if (dataset.measured && !output.quiet)
      out += statistics(dataset, output) + profile_line(dataset);
  }
  out += quarantine(report, output) + sinks(report, output) + warnings(report, output);
  if (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

}  // namespace leat::cli
