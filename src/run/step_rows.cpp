#include "run/step_rows.hpp"

#include "clients/arrow_ipc/file_writer.hpp"
#include "data/parquet_types.hpp"
#include "run/programs.hpp"
#include "run/shaped_source.hpp"

namespace leat::run {
namespace {

std::filesystem::path input_file(const LiveRun& run, const plan::ModelNode& step) {
  return run.workspace->scratch() / (step.name + ".step-in");
}

StepInput arrow_input(const LiveRun& run, const std::filesystem::path& path, data::Schema schema) {
  StepInput input;
  RowStage stage;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const auto travels = arrow_ipc::arrow_travel_type(schema.columns[i].type);
    if (!travels) continue;
    schema.columns[i].type = *travels;
    stage.travels_as.emplace_back(i, *travels);
  }
  input.writer = std::make_unique<arrow_ipc::ChunksToFile>(
      *run.services.files, path, std::move(schema), arrow_ipc::Form::stream);
  stage.writer = input.writer.get();
  input.stage = std::move(stage);
  return input;
}

/// What went wrong with its output is the program's doing, whoever found it.
template <typename T>
Status readable(const Result<T>& done) {
  if (done.ok()) return {};
  return Error(Fault::external, "its output cannot be read: " + done.error().text())
      .hint(done.error().hint_text());
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

}  // namespace

Result<engine::PassInput> step_output(LiveRun& run, const plan::ModelNode& node) {
  const auto& step = *node.step;
  const auto& scratch = run.workspace->scratch();
  ProgramFiles files;
  files.input = input_file(run, node);
  files.output = scratch / step.output_file;
  files.must_read_all = !step.may_stop_early && step.format != plan::StepFormat::parquet;
  TRY(run_program(run.services, run.plan, run.run_id, step.program, files));
  TRY(const auto written, run.services.files->stat(files.output));
  if (written.size == 0 && step.format != plan::StepFormat::ndjson) {
    return Error(Fault::external, "the program " + step.program.command[0] +
                                      " ended well and wrote nothing, not even the names of its "
                                      "columns");
  }
  if (step.format == plan::StepFormat::arrow) {
    TRY(readable(arrow_ipc::require_whole(*run.services.files, files.output)));
  }
  const BuildContext context{scratch, scratch, run.services.files, run.services.clock,
                             run.session.get()};
  TRY(auto source, step.output->build(context));
  auto found = source->schema();
  TRY(readable(found));
  TRY(const auto slice, source->next_slice({}, {}));
  if (!slice) return Error(Fault::internal, "what the step wrote is not there");
  engine::PassInput input;
  input.dataset = node.name;
  input.schema = node.schema;
  input.checks = node.checks;
  auto read = source->read(*slice, read_context(run));
  TRY(readable(read));
  input.read = std::move(read).value();
  if (!plan::tells_columns(step.format)) return input;
  TRY(const auto drift, shape_of(node, *found));
  if (!drift.is_plain) {
    TRY(input.read, shape_read(*run.session, std::move(input.read), drift.shape, node.schema));
  }
  return input;
}

Result<StepInput> step_input(const LiveRun& run, const plan::ModelNode& step,
                             const data::Schema& schema) {
  StageTarget target;
  target.path = input_file(run, step);
  TRY(run.services.files->remove(target.path));  // that of the slice before
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
    case plan::StepFormat::arrow: return arrow_input(run, target.path, schema);
  }
  return StepInput{std::move(target), nullptr};
}

}  // namespace leat::run
