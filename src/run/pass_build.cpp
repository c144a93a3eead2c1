#include "run/pass_build.hpp"

#include <algorithm>
#include <thread>

#include "base/names.hpp"
#include "data/parquet_types.hpp"
#include "run/on_error.hpp"
#include "run/programs.hpp"
#include "run/shaped_source.hpp"
#include "run/skips.hpp"

namespace leat::run {
namespace {

/// What a dataset that was left out looks like to those that may run without it.
EngineScan no_rows(const data::Schema& schema) {
  std::string list;
  for (const auto& column : schema.columns) {
    list += (list.empty() ? "" : ", ") + ("CAST(NULL AS " + data::sql_of(column.type)) + ") AS " +
            quote_identifier(column.name);
  }
  return {"(SELECT " + list + " WHERE false)", "", ""};
}

ReadContext read_context(const LiveRun& run) {
  ReadContext context;
  context.cancel = run.services.cancel;
  context.threads = run.plan.resources.threads;
  if (context.threads == 0) context.threads = std::max(1u, std::thread::hardware_concurrency());
  context.block_bytes = run.options.block_bytes;
  return context;
}

Result<engine::PassInput> source_input(LiveRun& run, const plan::SourceNode& node,
                                       const Slice& slice) {
  engine::PassInput input;
  input.dataset = node.name;
  input.schema = node.judged;
  input.checks = node.checks;
  input.project = node.visible.select_list;
  input.hidden = node.visible.hidden;
  const auto& source = stand_in(run, node);
  auto read = run.sources.at(source.name)->read(slice, read_context(run));
  if (!read.ok()) {
    note_failed(run, node.name, read.error());
    return std::move(read).error().during("while opening source " + source.name);
  }
  input.read = watch(run, node.name, std::move(read).value());
  if (!source.drift.is_plain) {
    input.read = shape_read(std::move(input.read), source.drift.shape, source.judged);
  }
  if (&source != &node && !node.from_fallback.is_plain) {
    input.read = shape_read(std::move(input.read), node.from_fallback.shape, node.judged);
  }
  return input;
}

/// Between what a program wrote and what its step declares only types may differ.
Result<plan::Drift> shape_of(const plan::ModelNode& step, const data::Schema& found) {
  plan::Contract contract;
  contract.on_drift = plan::OnDrift::drop_column;
  for (const auto& column : step.schema.columns) {
    plan::ContractColumn one;
    one.name = column.name;
    one.type = column.type;
    contract.columns.push_back(std::move(one));
  }
  auto drift = plan::compare(step.name, contract, found, false);
  for (const auto& change : drift.changes) {
    if (!change.from.empty() && !change.to.empty()) continue;
    return Error(Fault::external, change.from.empty()
                                      ? "its output has a column `" + change.column +
                                            "`, which the step does not declare"
                                      : "its output has no column `" + change.column + "`");
  }
  return drift;
}

/// Starts the step's program and opens what it wrote.
Result<engine::PassInput> step_output(LiveRun& run, const plan::ModelNode& node) {
  const auto& step = *node.step;
  const auto& scratch = run.workspace->scratch();
  ProgramFiles files;
  files.input = step_input(run, node, {}).path;
  files.output = scratch / step.output_file;
  files.must_read_all = !step.may_stop_early && step.format != plan::StepFormat::parquet;
  TRY(run_program(run.services, run.plan, run.run_id, step.program, files));
  TRY(const auto written, run.services.files->stat(files.output));
  if (written.size == 0 && step.format != plan::StepFormat::ndjson) {
    return Error(Fault::external, "the program " + step.program.command[0] +
                                      " ended well and wrote nothing, not even the names of its "
                                      "columns");
  }
  const BuildContext context{scratch, scratch, run.services.files, run.services.clock,
                             run.session.get()};
  TRY(auto source, step.output->build(context));
  TRY(const auto found, source->schema());
  TRY(const auto slice, source->next_slice({}, {}));
  if (!slice) return Error(Fault::internal, "what the step wrote is not there");
  engine::PassInput input;
  input.dataset = node.name;
  input.schema = node.schema;
  input.checks = node.checks;
  auto read = source->read(*slice, read_context(run));
  if (!read.ok()) {
    return Error(Fault::external, "its output cannot be read: " + read.error().text());
  }
  input.read = std::move(read).value();
  if (step.format != plan::StepFormat::parquet) return input;
  TRY(const auto drift, shape_of(node, found));
  if (!drift.is_plain) input.read = shape_read(std::move(input.read), drift.shape, node.schema);
  return input;
}

}  // namespace

Result<engine::Pass> build_pass(LiveRun& run, const plan::PassNode& node, const SliceOrder& order,
                                const Spools& spools, const Spools& kept) {
  engine::Pass pass;
  pass.dataset = node.dataset;
  pass.select = node.select;
  pass.schema = node.schema;
  pass.row_wise = node.row_wise;
  const auto* model = run.plan.model(node.dataset);
  pass.takes_all = model == nullptr || model->step;
  for (const auto& name : node.consults) {
    const auto& schema = run.plan.schema(name);
    pass.consulted[name] =
        skipped(run, name) ? no_rows(schema).from_sql : read_spool(kept.at(name), schema).from_sql;
  }
  if (model && model->step) {
    TRY(auto input, step_output(run, *model));
    pass.inputs.push_back(std::move(input));
    return pass;
  }
  if (model) pass.checks = model->checks;
  for (const auto& name : node.inputs) {
    if (skipped(run, name)) {
      const auto& schema = run.plan.schema(name);
      pass.inputs.push_back({name, schema, no_rows(schema), {}, false});
      continue;
    }
    if (const auto spool = spools.find(name); spool != spools.end()) {
      const auto& schema = run.plan.schema(name);
      pass.inputs.push_back({name, schema, read_spool(spool->second, schema), {}, false});
      continue;
    }
    TRY(auto input, source_input(run, *run.plan.source(name), order.slices.at(name)));
    pass.inputs.push_back(std::move(input));
  }
  return pass;
}

StageTarget step_input(const LiveRun& run, const plan::ModelNode& step,
                       const data::Schema& schema) {
  StageTarget target;
  target.path = run.workspace->scratch() / (step.name + ".step-in");
  switch (step.step->format) {
    case plan::StepFormat::csv:
      target.format = "csv";
      target.options = {{"HEADER", "true"},
                        {"DELIMITER", "','"},
                        {"QUOTE", "'\"'"},
                        {"ESCAPE", "'\"'"},
                        {"NULLSTR", "''"}};
      break;
    case plan::StepFormat::ndjson: target.format = "json"; break;
    case plan::StepFormat::parquet:
      target.format = "parquet";
      target.options = {{"COMPRESSION", "'snappy'"}};
      for (std::size_t i = 0; i < schema.size(); ++i) {
        const auto travels = data::parquet_travel_type(schema.columns[i].type);
        if (travels.ok() && *travels) target.travels_as.emplace_back(i, **travels);
      }
      break;
  }
  return target;
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
