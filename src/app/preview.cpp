#include "app/preview.hpp"

#include "app/all_files.hpp"
#include <utility>

#include "app/endpoint.hpp"
#include "app/run.hpp"
#include "app/selection.hpp"
#include "app/version.hpp"
#include "base/names.hpp"
#include "io/files.hpp"
#include "io/streams.hpp"

namespace leat::app {

Result<NodePlace> find_node(const std::filesystem::path& where, const LoadOptions& options,
                            const std::string& name) {
  TRY(auto all, sound_graph({where}, options));
  const auto& graph = all.graph;
  std::vector<std::string> names;
  std::vector<NodePlace> found;
  for (std::size_t i = 0; i < graph.graph.nodes.size(); ++i) {
    const auto& node = graph.graph.nodes[i];
    names.push_back(node.name);
    const auto wanted = to_lower(name);
    if (to_lower(node.name) != wanted && to_lower(node.pipeline + "." + node.name) != wanted) {
      continue;
    }
    const auto& plan = graph.plans[graph.plan_of[i]];
    const auto* sink = plan.sink(node.name);
    found.push_back({plan.file, sink ? sink->from : node.name});
  }
  if (found.size() == 1) return found.front();
  if (found.empty() && !all.broken.empty()) return Error::of(std::move(all.broken));
  if (found.empty()) {
    return Error(Fault::config, "there is no node `" + name + "`").hint(name_hint(name, names));
  }
  return Error(Fault::config,
               std::to_string(found.size()) + " pipelines have a node `" + name + "`")
      .hint("write " + found.front().file.stem().string() + "." + name +
            ", or name a file with -p");
}

Result<run::LookReport> look_at(const plan::Plan& plan, const std::string& dataset,
                                const CancelToken& cancel, const run::RunEvents& events,
                                const run::RowsReader& reader, const run::RunOptions& options) {
  run::RunServices services;
  services.files = &all_files();
  services.clock = &system_clock();
  services.leat_version = version();
  services.cancel = &cancel;
  services.events = events;
  return run::look_at(plan, dataset, options, services, reader);
}

namespace {

/// So many of a stream may be set aside before fewer rows are shown than were asked for.
constexpr std::uint64_t kRecordsBeyond = 2048;

/// A node may be called as a folder is, and `pipeline.node` look like a file that is not there.
bool is_file(const std::string& what) {
  if (what == io::kStandardInput || what.find_first_of("/:*") != std::string::npos) return true;
  const auto stat = io::local_files().stat(what);
  return stat.ok() && !stat->is_folder && names_a_file(what);
}

/// A node of a pipeline, or a file that stands in none.
Result<std::pair<plan::Plan, std::string>> plan_of(const std::filesystem::path& where,
                                                   const LoadOptions& options,
                                                   const std::string& what) {
  if (!is_file(what)) {
    const auto place = find_node(where, options, what);
    if (place.ok()) {
      TRY(auto plan, Planner(options).plan(place->file, true));
      return std::pair(std::move(plan), place->node);
    }
    if (!names_a_file(what)) return place.error();
  }
  TRY(const auto endpoint, read_source(what));
  TRY(auto plan, plan_source("preview", endpoint, options));
  return std::pair(std::move(plan), std::string(kEndpointRows));
}

}  // namespace

Result<Preview> preview(const std::filesystem::path& where, const LoadOptions& options,
                        const std::string& node, std::size_t rows_max, const CancelToken& cancel,
                        const run::RunEvents& events) {
  io::process_streams().allow(cancel);
  TRY(const auto found, plan_of(where, options, node));
  Preview out;
  out.dataset = found.second;
  const auto reader = [&](engine::Session& session, const std::string& rows_sql,
                          const kernels::Summary&) -> Status {
    TRY(out.table,
        session.query("SELECT * FROM " + rows_sql + " LIMIT " + std::to_string(rows_max)));
    TRY(const auto total, session.query("SELECT count(*) FROM " + rows_sql));
    out.rows = std::stoull(total.rows.at(0).at(0).value_or("0"));
    return {};
  };
  run::RunOptions with;
  const auto* source = found.first.source(found.second);
  if (source != nullptr && source->spec->replay() == Replay::none) {
    with.records_max = rows_max + kRecordsBeyond;
  }
  TRY(out.report, look_at(found.first, found.second, cancel, events, reader, with));
  for (const auto& one : out.report.datasets) {
    out.is_cut = out.is_cut || (one.name == found.second && with.records_max &&
                                one.outcome.counts.read >= *with.records_max);
  }
  return out;
}

}  // namespace leat::app
