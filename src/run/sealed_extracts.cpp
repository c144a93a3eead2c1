#include "run/sealed_extracts.hpp"

#include <algorithm>

#include "run/on_error.hpp"

namespace leat::run {
namespace {

std::string columns_of(const data::Schema& schema) {
  std::string text;
  for (const auto& column : schema.columns) {
    text += column.name + '\n' + data::sql_of(column.type) + '\n';
  }
  return text;
}

ExtractIdentity identity_of(const LiveRun& run, const plan::SourceNode& node) {
  return {run.plan.version, io::sha256_of(columns_of(node.judged)), "", ""};
}

/// The sink did not get to see the rows, or could not keep them.
bool is_unsettled(const SinkReport& sink) {
  return sink.verdict == SinkVerdict::failed && !sink.error.empty();
}

}  // namespace

Result<std::unique_ptr<PartFiles>> open_parts(const LiveRun& run, const plan::SourceNode& node) {
  auto parts =
      std::make_unique<PartFiles>(*run.services.files, *run.services.clock,
                                  parts_folder(run.plan, node.name), identity_of(run, node));
  if (run.plan.is_full_refresh) TRY(parts->clear());
  return parts;
}

std::vector<std::string> look_at_extracts(const LiveRun& run, const plan::SinkNode& sink) {
  std::vector<std::string> said;
  for (const auto& node : run.plan.sources) {
    if (!node.spec || node.spec->seal() == nullptr || !plan::Plan::needs(sink, node.name)) continue;
    auto found = look_at_parts(*run.services.files, parts_folder(run.plan, node.name),
                               identity_of(run, node));
    said.push_back(node.name + (found.empty() ? " is sealed part by part, each as it stands when "
                                                "it is read"
                                              : " " + found));
  }
  return said;
}

void begin_extracts(LiveRun& run, const std::map<std::string, Head>& heads) {
  if (run.parts.empty()) return;
  std::string text;
  for (const auto& [sink, head] : heads) text += sink + '\n' + head.publish_id.text() + '\n';
  const auto digest = io::sha256_of(text);
  for (const auto& [source, parts] : run.parts) parts->set_heads(digest);
}

void end_extracts(LiveRun& run, const SliceOrder& order, SliceReport& report) {
  const bool keep = std::any_of(report.sinks.begin(), report.sinks.end(), is_unsettled);
  for (const auto& [source, slice] : order.slices) {
    const auto found = run.parts.find(stand_in(run, *run.plan.source(source)).name);
    if (found == run.parts.end()) continue;
    for (auto& said : found->second->take_said()) report.warnings.push_back(std::move(said));
    if (keep) continue;
    if (auto cleared = found->second->clear(); !cleared.ok()) {
      report.warnings.push_back(cleared.error().text());
    }
  }
}

}  // namespace leat::run
