#include "run/pass_build.hpp"

#include <algorithm>
#include <thread>

#include "base/names.hpp"
#include "data/parquet_types.hpp"
#include "run/shaped_source.hpp"

namespace leat::run {
namespace {

Result<engine::PassInput> source_input(LiveRun& run, const plan::SourceNode& node,
                                       const Slice& slice) {
  engine::PassInput input;
  input.dataset = node.name;
  input.schema = node.judged;
  input.checks = node.checks;
  input.project = node.visible.select_list;
  input.hidden = node.visible.hidden;
  ReadContext context;
  context.cancel = run.services.cancel;
  context.threads = run.plan.resources.threads;
  if (context.threads == 0) context.threads = std::max(1u, std::thread::hardware_concurrency());
  context.block_bytes = run.options.block_bytes;
  auto read = run.sources.at(node.name)->read(slice, context);
  if (!read.ok()) return std::move(read).error().during("while opening source " + node.name);
  input.read = std::move(read).value();
  if (!node.drift.is_plain) {
    input.read = shape_read(std::move(input.read), node.drift.shape, node.judged);
  }
  return input;
}

const data::Schema& schema_of(const plan::Plan& plan, const std::string& dataset) {
  const auto* source = plan.source(dataset);
  return source ? source->schema : plan.model(dataset)->schema;
}

}  // namespace

Result<engine::Pass> build_pass(LiveRun& run, const plan::PassNode& node, const SliceOrder& order,
                                const Spools& spools) {
  engine::Pass pass;
  pass.dataset = node.dataset;
  pass.select = node.select;
  pass.schema = node.schema;
  pass.row_wise = node.row_wise;
  if (const auto* model = run.plan.model(node.dataset)) pass.checks = model->checks;
  for (const auto& name : node.inputs) {
    if (const auto spool = spools.find(name); spool != spools.end()) {
      const auto& schema = schema_of(run.plan, name);
      pass.inputs.push_back({name, schema, read_spool(spool->second, schema), {}, false});
      continue;
    }
    TRY(auto input, source_input(run, *run.plan.source(name), order.slices.at(name)));
    pass.inputs.push_back(std::move(input));
  }
  return pass;
}

std::optional<StageTarget> readable_stage(const std::vector<Stage>& stages) {
  for (const auto& stage : stages) {
    const auto* file = std::get_if<StageTarget>(&stage);
    if (file == nullptr || file->format != "parquet") continue;
    const bool parted = std::any_of(file->options.begin(), file->options.end(), [](const auto& o) {
      return to_lower(o.first) == "partition_by";
    });
    if (!parted) return *file;
  }
  return std::nullopt;
}

std::string rows_of(const StageTarget& stage, const data::Schema& schema) {
  std::string list;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const auto name = quote_identifier(schema.columns[i].name);
    list += (i ? ", " : "") + ("CAST(" + name + " AS " + data::sql_of(schema.columns[i].type)) +
            ") AS " + name;
  }
  return "SELECT " + list + " FROM read_parquet(" + quote_literal(stage.path.string()) + ")";
}

EngineScan read_spool(const StageTarget& spool, const data::Schema& schema) {
  return {"(" + rows_of(spool, schema) + ")", "", ""};
}

Result<StageTarget> make_spool(const LiveRun& run, const std::string& dataset,
                               const data::Schema& schema) {
  StageTarget spool;
  spool.path = run.workspace->scratch() / (dataset + ".spool.parquet");
  spool.format = "parquet";
  spool.options = {{"COMPRESSION", "'lz4'"}, {"PARQUET_VERSION", "v2"}};
  for (std::size_t i = 0; i < schema.size(); ++i) {
    TRY(const auto travels, data::parquet_travel_type(schema.columns[i].type));
    if (travels) spool.travels_as.emplace_back(i, *travels);
  }
  return spool;
}

}  // namespace leat::run
