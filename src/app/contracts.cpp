#include "app/contracts.hpp"

#include "base/names.hpp"
#include "io/files.hpp"
#include "run/keep_contracts.hpp"

namespace leat::app {
namespace {

Result<Discovered> discover_one(const plan::Plan& plan, const plan::SourceNode& source) {
  Discovered out;
  out.source = source.name;
  for (const auto& column : source.judged.columns) {
    out.columns.push_back(column.name + " " + data::sql_of(column.type));
  }
  out.was_there = source.contract && source.contract->exists;
  if (out.was_there) {
    const auto drift = plan::compare(source.name, *source.contract, source.judged, false);
    for (const auto& change : drift.changes) out.changes.push_back(plan::describe(change));
  }
  const auto contract = run::first_contract(plan, source);
  out.file = contract.shown_as;
  if (out.was_there && out.changes.empty()) return out;
  if (contract.file.empty()) {
    out.note = "it stands in the pipeline file: change it there";
    return out;
  }
  TRY(run::write_contract(io::local_files(), contract));
  out.written = true;
  return out;
}

}  // namespace

Result<std::vector<Discovered>> discover(const std::filesystem::path& where,
                                         const std::string& node, const LoadOptions& options) {
  TRY(const auto file, find_pipeline(where));
  TRY(const auto plan, Planner(options).look_at_sources(file));
  std::vector<Discovered> out;
  std::vector<std::string> names;
  for (const auto& source : plan.sources) {
    names.push_back(source.name);
    if (!node.empty() && !is_same_name(node, source.name)) continue;
    TRY(auto found, discover_one(plan, source));
    out.push_back(std::move(found));
  }
  if (!out.empty() || node.empty()) return out;
  return Error(Fault::config, "no source `" + node + "` in " + plan.pipeline)
      .hint(name_hint(node, names));
}

}  // namespace leat::app
