#include "app/crash_look.hpp"

#include <algorithm>

#include "app/all_files.hpp"
#include "app/catalog.hpp"
#include "app/preview.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "engine/session.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kExamples = 3;

/// A column as text that two runs of the same rows share.
std::string comparable(const data::Column& column, const plan::SinkNode& sink) {
  const auto name = quote_identifier(column.name);
  const auto& options = sink.options;
  const bool tells_when = sink.strategy == Strategy::scd2 && options.version.empty() &&
                          (is_same_name(column.name, options.valid_from) ||
                           is_same_name(column.name, options.valid_to));
  if (tells_when) return "(" + name + " IS NULL)::VARCHAR AS " + name;
  // Sums of several threads differ in their last digits.
  if (column.type.is_floating()) return "printf('%.12g', " + name + ") AS " + name;
  return name + "::VARCHAR AS " + name;
}

Status copy_as_text(engine::Session& session, const std::string& from, const plan::SinkNode& sink,
                    const fs::path& file) {
  TRY(const auto schema, session.describe("SELECT * FROM " + from));
  std::string list;
  for (const auto& column : schema.columns) {
    list += (list.empty() ? "" : ", ") + comparable(column, sink);
  }
  return session.execute("COPY (SELECT " + list + " FROM " + from + ") TO " +
                         quote_literal(file.string()) + " (FORMAT parquet)");
}

/// A plan with one source, which reads what the sink has published.
Result<plan::Plan> plan_of_source(const Rehearsed& rehearsed, const RehearsedSink& sink) {
  const auto* entry = catalog().source(sink.entry->rehearsal.source);
  if (entry == nullptr) {
    return Error(Fault::internal, "no source reads what `" + sink.entry->name + "` publishes");
  }
  auto options = sink.redirected;
  std::erase_if(options.entries,
                [&](const auto& one) { return !entry->options->find(one.key.text); });
  config::Findings findings;
  plan::SourceNode node;
  node.name = "rows";
  node.connector = entry->name;
  node.spec = entry->parse(options, findings);
  if (!findings.empty() || !node.spec) return Error::of(findings.take());
  TRY(const auto session, engine::Session::open({}));
  BuildContext context;
  context.root = rehearsed.plan.root;
  context.scratch = rehearsed.plan.state;
  context.files = &all_files();
  context.clock = &system_clock();
  context.session = session.get();
  context.secrets = rehearsed.plan.secrets.get();
  TRY(const auto source, node.spec->build(context));
  TRY(node.schema, source->schema());
  node.judged = node.schema;
  plan::Plan plan = rehearsed.plan;
  plan.models.clear();
  plan.sinks.clear();
  plan.sources = {std::move(node)};
  return plan;
}

std::string table_of(const fs::path& file) {
  return "read_parquet(" + quote_literal(file.string()) + ", hive_partitioning = false)";
}

std::string shown(const engine::TextRow& row) {
  std::string out;
  for (const auto& cell : row) out += (out.empty() ? "" : ", ") + cell.value_or("null");
  return "(" + out + ")";
}

/// "2 rows of sink out are missing: (1, a), (2, b)"
Result<std::string> only_in(engine::Session& session, const std::string& a, const std::string& b,
                            const std::string& what) {
  const auto rows = "(" + a + " EXCEPT ALL " + b + ")";
  TRY(const auto count, session.query("SELECT count(*) FROM " + rows));
  const auto number = count.rows.at(0).at(0).value_or("0");
  if (number == "0") return std::string();
  TRY(const auto some,
      session.query("SELECT * FROM " + rows + " LIMIT " + std::to_string(kExamples)));
  std::string examples;
  for (const auto& row : some.rows) examples += (examples.empty() ? " " : ", ") + shown(row);
  return number + (number == "1" ? " row " : " rows ") + what + ":" + examples;
}

std::string rows_but(const fs::path& file, const std::set<std::string>& left_out) {
  std::string names;
  for (const auto& name : left_out) names += (names.empty() ? "" : ", ") + quote_identifier(name);
  return "SELECT * " + (names.empty() ? "" : "EXCLUDE (" + names + ") ") + "FROM " + table_of(file);
}

Result<std::string> compare_files(engine::Session& session, bool has_clean, bool has_other,
                                  const std::string& clean, const std::string& other,
                                  const std::string& what) {
  if (!has_clean && !has_other) return std::string();
  if (!has_other) return "all rows of " + what + " are missing";
  if (!has_clean) return "there are rows of " + what + ", and the clean run has none";
  TRY(auto missing, only_in(session, clean, other, "of " + what + " missing"));
  TRY(auto added, only_in(session, other, clean, "of " + what + " doubled or new"));
  return missing + (missing.empty() || added.empty() ? "" : "; ") + added;
}

std::string compare_receipts(const SinkLook& clean, const SinkLook& other,
                             const std::string& sink) {
  std::vector<std::string> missing;
  std::vector<std::string> added;
  std::set_difference(clean.receipts.begin(), clean.receipts.end(), other.receipts.begin(),
                      other.receipts.end(), std::back_inserter(missing));
  std::set_difference(other.receipts.begin(), other.receipts.end(), clean.receipts.begin(),
                      clean.receipts.end(), std::back_inserter(added));
  if (missing.empty() && added.empty()) return {};
  auto out = "the ledger of sink " + sink + " differs";
  if (!missing.empty()) out += "; missing: " + missing.front();
  if (!added.empty()) out += "; doubled or new: " + added.front();
  return out;
}

/// A database that was killed after a COMMIT keeps its rows in its own log, until somebody opens it
/// to write.
bool is_log_of_database(const std::string& file) {
  return file.ends_with(".wal") || file.ends_with("-wal") || file.ends_with("-shm") ||
         file.ends_with("-journal");
}

Result<std::set<std::string>> restless_of(engine::Session& session, const SinkLook& a,
                                          const SinkLook& b) {
  std::set<std::string> out;
  TRY(const auto schema, session.describe("SELECT * FROM " + table_of(a.rows)));
  for (const auto& column : schema.columns) {
    const auto select = "SELECT " + quote_identifier(column.name) + " FROM ";
    TRY(const auto count, session.query("SELECT count(*) FROM (" + select + table_of(a.rows) +
                                        " EXCEPT ALL " + select + table_of(b.rows) + ")"));
    if (count.rows.at(0).at(0) != "0") out.insert(column.name);
  }
  // Without any column there would be nothing to compare.
  if (out.size() == schema.size()) out.clear();
  return out;
}

}  // namespace

Result<std::vector<Receipt>> receipts_of(const plan::Plan& plan, const plan::SinkNode& sink,
                                         const BuildContext& context) {
  TRY(const auto target, sink.spec->build(context));
  std::vector<Receipt> out;
  TRY(auto next, target->last_receipt({plan.pipeline, sink.name}));
  while (next) {
    const auto before = next->previous_publish_id;
    const auto counter = next->counter;
    out.push_back(std::move(*next));
    next.reset();
    if (before.is_zero()) break;
    TRY(next, target->find(before));
    if (!next || next->counter + 1 != counter) {
      return Error(Fault::internal, "receipt " + std::to_string(counter) + " of sink " + sink.name +
                                        " does not follow the one before it");
    }
  }
  return out;
}

std::string said_by(const Receipt& receipt, bool is_growing) {
  std::string out = receipt.strategy + ", read " + format_count(receipt.rows_read) +
                    ", published " + format_count(receipt.rows_published) + ", quarantined " +
                    format_count(receipt.rows_quarantined) + ", filtered " +
                    format_count(receipt.rows_filtered) + ", deduplicated " +
                    format_count(receipt.rows_deduplicated);
  for (const auto& check : receipt.checks) {
    out += ", " + check.dataset + " " + check.id + " " + std::string(name_of(check.verdict)) + " " +
           format_count(check.rows_failed);
  }
  if (!is_growing) return out;
  out = "receipt " + std::to_string(receipt.counter) + ": " + out;
  for (const auto& [source, position] : receipt.position) {
    out += ", " + source + " up to " + position.text;
  }
  return out;
}

Status export_rows(const Rehearsed& rehearsed, const RehearsedSink& sink, const fs::path& file,
                   const CancelToken& cancel) {
  const auto& node = *rehearsed.plan.sink(sink.name);
  if (sink.entry->rehearsal.rows) {
    TRY(const auto session, engine::Session::open({}));
    TRY(const auto from, sink.entry->rehearsal.rows(sink.redirected, *session));
    return copy_as_text(*session, from, node, file);
  }
  TRY(const auto plan, plan_of_source(rehearsed, sink));
  const auto reader = [&](engine::Session& session, const std::string& from,
                          const kernels::Summary&) {
    return copy_as_text(session, from, node, file);
  };
  TRY([[maybe_unused]] const auto looked, look_at(plan, "rows", cancel, {}, reader));
  return {};
}

Result<bool> export_quarantine(const plan::Plan& plan, const std::vector<Receipt>& receipts,
                               const fs::path& file) {
  std::set<std::string> paths;
  for (const auto& receipt : receipts) {
    for (const auto& segment : receipt.quarantine) {
      paths.insert(quote_literal(
          (plan.artifacts / "quarantine" / plan.pipeline / segment.dataset / segment.segment)
              .string()));
    }
  }
  if (paths.empty()) return false;
  std::string list;
  for (const auto& path : paths) list += (list.empty() ? "" : ", ") + path;
  TRY(const auto session, engine::Session::open({}));
  TRY(
      session->execute("COPY (SELECT dataset, file, record_no::VARCHAR AS record_no, "
                       "line_no::VARCHAR AS line_no, byte_offset::VARCHAR AS byte_offset, "
                       "failed_checks::VARCHAR AS failed_checks, message, raw FROM read_parquet([" +
                       list + "])) TO " + quote_literal(file.string()) + " (FORMAT parquet)"));
  return true;
}

Result<std::string> difference(engine::Session& session, const WorldLook& clean,
                               const WorldLook& other, const LeftOut& left_out) {
  if (!other.problem.empty()) return other.problem;
  for (const auto& [name, look] : clean.sinks) {
    const auto& seen = other.sinks.at(name);
    const auto found = left_out.find(name);
    const auto but = found == left_out.end() ? std::set<std::string>() : found->second;
    TRY(auto rows, compare_files(session, look.has_rows, seen.has_rows, rows_but(look.rows, but),
                                 rows_but(seen.rows, but), "sink " + name));
    if (!rows.empty()) return rows;
    if (auto receipts = compare_receipts(look, seen, name); !receipts.empty()) return receipts;
    TRY(auto aside, compare_files(session, look.has_quarantine, seen.has_quarantine,
                                  rows_but(look.quarantine, {}), rows_but(seen.quarantine, {}),
                                  "the quarantine of sink " + name));
    if (!aside.empty()) return aside;
  }
  for (const auto& file : other.files) {
    if (!clean.files.contains(file) && !is_log_of_database(file))
      return "left behind beside the target: " + file;
  }
  return std::string();
}

Result<LeftOut> restless_columns(engine::Session& session, const WorldLook& a, const WorldLook& b) {
  LeftOut out;
  for (const auto& [name, look] : a.sinks) {
    const auto& other = b.sinks.at(name);
    if (!look.has_rows || !other.has_rows) continue;
    TRY(auto columns, restless_of(session, look, other));
    if (!columns.empty()) out.emplace(name, std::move(columns));
  }
  return out;
}

}  // namespace leat::app
