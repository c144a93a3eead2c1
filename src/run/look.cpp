#include "run/look.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "plan/passes.hpp"
#include "run/find_items.hpp"
#include "run/pass_build.hpp"
#include "run/skips.hpp"

namespace leat::run {
namespace {

/// The plan with one sink in place of all: it ends at the dataset and is never opened.
plan::Plan plan_to(const plan::Plan& plan, const std::string& dataset) {
  plan::Plan out = plan;
  plan::SinkNode end;
  end.name = "look";
  end.from = dataset;
  end.upstream = plan::upstream_of(dataset, out.sources, out.models);
  end.consulted = plan::consulted_by(end.upstream, out.sources, out.models);
  out.sinks = {std::move(end)};
  out.passes = plan::plan_passes(out.sources, out.models, out.sinks);
  return out;
}

Result<SliceOrder> everything(LiveRun& run) {
  SliceOrder order;
  order.sinks = {"look"};
  for (auto& [name, source] : run.sources) {
    auto slice = source->next_slice(Position{}, SliceLimits{});
    if (!slice.ok()) return std::move(slice).error().during("while opening source " + name);
    if (!slice.value()) return Error(Fault::internal, "source " + name + " has no first slice");
    order.slices[name] = std::move(*slice.value());
  }
  return order;
}

const data::Schema& schema_of(const plan::Plan& plan, const std::string& dataset) {
  const auto found = std::find_if(plan.passes.begin(), plan.passes.end(),
                                  [&](const auto& pass) { return pass.dataset == dataset; });
  return found == plan.passes.end() ? plan.schema(dataset) : found->schema;
}

const kernels::Summary* statistics_of(const SliceReport& report, const std::string& dataset) {
  const auto found =
      std::find_if(report.datasets.begin(), report.datasets.end(),
                   [&](const auto& one) { return one.name == dataset && one.measured; });
  return found == report.datasets.end() ? nullptr : &found->statistics;
}

}  // namespace

Result<LookReport> look_at(const plan::Plan& plan, const std::string& dataset,
                           const RunOptions& options, const RunServices& services,
                           const RowsReader& reader, QuarantineSpool* aside) {
  const auto only = plan_to(plan, dataset);
  TRY(auto run, open_look(only, options, services, make_uuid7(*services.clock)));
  std::vector<std::string> of_items;
  TRY(find_items(*run, of_items));
  TRY(auto order, everything(*run));
  const auto& schema = schema_of(only, dataset);
  TRY(auto into, make_spool(*run, dataset + ".look", schema));
  TRY(auto report, look_slice(*run, std::move(order), dataset, into, aside));
  const auto scan = skipped(*run, dataset) ? no_rows(schema) : read_spool(into, schema);
  LookReport out;
  if (const auto* found = statistics_of(report, dataset)) out.statistics = *found;
  TRY(reader(*run->session, scan.from_sql, out.statistics));
  out.datasets = std::move(report.datasets);
  out.queries = std::move(report.queries);
  return out;
}

}  // namespace leat::run
