#include "engine/pass.hpp"

#include <filesystem>
#include <utility>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "engine/compared_keys.hpp"
#include "engine/engine_fault.hpp"
#include "engine/pass_run.hpp"
#include "engine/pass_watch.hpp"

namespace leat::engine {
namespace {

/// The engine wants a path for a COPY, looks whether something is there, and removes it when the
/// COPY fails. The stages have paths of their own, so this one leads nowhere.
std::string path_to_nothing() { return "/nonexistent/leat-" + make_uuid7(system_clock()).text(); }

Result<JudgeHost::Measures> measures_of(const Pass& pass) {
  JudgeHost::Measures measures;
  for (const auto& name : pass.measured.value_or(pass.schema.names())) {
    const auto column = pass.schema.find(name);
    if (!column) return Error(Fault::internal, "there is no column `" + name + "` to be measured");
    measures.columns.push_back(*column);
  }
  measures.gauges = pass.gauges;
  return measures;
}

}  // namespace

Result<PassReport> run_pass(Pass& pass, const PassContext& context) {
  PassRun run(pass, context);
  TRY(run.prepare());
  return run.run();
}

PassRun::PassRun(Pass& pass, const PassContext& context)
    : x_pass(pass), x_context(context), x_session(OpenSession::of(*context.session)) {}

Status PassRun::prepare() {
  for (auto& input : x_pass.inputs) {
    auto opened = OpenInput::open(x_session, input, x_pass, x_context, x_first_error);
    if (!opened.ok()) return std::move(opened).error().during("while opening " + input.dataset);
    x_inputs.push_back(std::move(opened).value());
  }
  return prepare_output();
}

Status PassRun::prepare_output() {
  if (x_pass.compare_keys) x_pass.checks = compared_keys(std::move(x_pass.checks));
  TRY(x_judge,
      Judge::make(x_session, x_pass.dataset, x_pass.schema, x_pass.checks, x_context.bad_rows));
  if (SecondLook::is_needed(x_pass.checks)) TRY(look_twice());
  JudgeHost::Duties duties;
  TRY(duties.measures, measures_of(x_pass));
  x_host.emplace(x_no_checks ? *x_no_checks : *x_judge, duties, x_first_error);
  TRY(x_stages,
      StageList::make(x_session.connection(), x_pass.stages, x_pass.schema, x_first_error));
  x_tee = {x_judge->table().view(), x_host->as_c(), x_stages->data(), x_stages->size()};
  x_registration.emplace(x_session.registry(), &std::as_const(x_tee));
  return {};
}

/// The rows of the query meet the first look in a barrier, and the tee only measures.
Status PassRun::look_twice() {
  x_front.emplace(*x_judge, JudgeHost::Duties{}, x_first_error);
  x_barrier = {x_judge->table().view(), 0, x_front->as_c()};
  x_barrier_registration.emplace(x_session.registry(), &std::as_const(x_barrier));
  x_over = "SELECT * FROM leat_barrier((SELECT * FROM \"leat rows\"), " +
           std::to_string(x_barrier_registration->handle()) + "::UBIGINT)";
  const SecondLook::Task task{x_pass.dataset, x_pass.schema, x_pass.checks, x_context.bad_rows,
                              x_pass.consulted};
  TRY(x_looks, look_again(x_session, task, x_first_error, x_over));
  TRY(x_no_checks, Judge::make(x_session, x_pass.dataset, x_pass.schema, {}, x_context.bad_rows));
  return {};
}

std::vector<leat_input> PassRun::inputs() const {
  std::vector<leat_input> inputs;
  for (const auto& input : x_inputs) {
    inputs.push_back({input->dataset().c_str(), input->select().c_str()});
  }
  return inputs;
}

std::vector<PassProgress> PassRun::progress() const {
  std::vector<PassProgress> all;
  for (const auto& input : x_inputs) all.push_back(input->progress());
  return all;
}

/// A statement may stop before its inputs end, or see that it needs none of their rows. Rows that
/// are compared are compared before it.
Status PassRun::gather() {
  if (x_pass.takes_all) return {};
  for (const auto& input : x_inputs) {
    if (!input->is_compared()) continue;
    auto done = input->gather(x_session);
    if (done.ok()) continue;
    if (x_first_error.is_set()) return x_first_error.take();
    return std::move(done).error().during("while reading " + input->dataset());
  }
  return {};
}

Status PassRun::execute() {
  TRY(gather());
  const auto named = inputs();
  const auto scratch = path_to_nothing();
  EngineFault fault;
  if (leat_run_pass(x_session.connection(), x_pass.select.c_str(), named.data(), named.size(),
                    x_over.c_str(), x_registration->handle(), scratch.c_str(), fault.get())) {
    return {};
  }
  if (x_first_error.is_set()) return x_first_error.take();
  return fault.to_error().during("while computing " + x_pass.dataset);
}

/// All of it is one transaction, so that `now()` is the same in the query and in the checks.
Result<PassReport> PassRun::run() {
  const auto tell = [this] { x_context.on_progress(progress()); };
  const PassWatch watch(
      x_context.cancel, [this] { x_session.interrupt(); },
      x_context.on_progress ? std::function<void()>(tell) : nullptr);
  TRY(x_session.execute("BEGIN TRANSACTION"));
  auto done = execute();
  auto result = done.ok() ? report() : Result<PassReport>(std::move(done).error());
  const auto ended = x_session.execute("ROLLBACK");
  if (result.ok() && !ended.ok()) return ended.error();
  return result;
}

Result<PassReport> PassRun::report() {
  PassReport report;
  for (const auto& input : x_inputs) {
    auto counts = input->finish();
    if (!counts.ok()) return std::move(counts).error().during("while reading " + input->dataset());
    report.inputs.push_back(std::move(counts).value());
  }
  TRY(report.output, x_judge->finish());
  report.output.read = x_front ? x_front->rows_met() : x_host->rows_met();
  if (x_front) {
    report.output.passed_on = x_front->handed_on();
    for (const auto& look : x_looks) TRY(look->merge(report.output));
  }
  report.output.passed_on = x_host->handed_on();
  report.gathered = std::make_shared<kernels::Statistics>(x_host->statistics());
  report.statistics = report.gathered->summary();
  report.gauges = x_host->gauges();
  if (x_stages->size() > 0) report.rows_written = x_stages->stages().front().rows_written;
  TRY(close_output(report));
  return report;
}

Status PassRun::close_output(const PassReport& report) const {
  const auto& output = report.output;
  const auto placed = output.passed_on + output.quarantined + output.deduplicated;
  if (output.read != placed) {
    return books_do_not_close(x_pass.dataset, "read", output.read, "handed_on_and_set_aside",
                              placed);
  }
  if (x_pass.row_wise && report.inputs.size() == 1 && x_pass.inputs[0].is_source &&
      output.read > report.inputs[0].passed_on) {
    return books_do_not_close(x_pass.dataset, "read", output.read, "handed_on_by_the_source",
                              report.inputs[0].passed_on);
  }
  if (report.statistics.rows != output.passed_on) {
    return books_do_not_close(x_pass.dataset, "measured", report.statistics.rows, "handed_on",
                              output.passed_on);
  }
  for (const auto& stage : x_stages->stages()) {
    if (stage.rows_written == output.passed_on) continue;
    return books_do_not_close(x_pass.dataset, "written", stage.rows_written, "handed_on",
                              output.passed_on);
  }
  return {};
}

Result<std::string> PassRun::explain() {
  const auto named = inputs();
  std::string plan;
  EngineFault fault;
  const auto take = [](void* self, const char* text, std::size_t size) {
    static_cast<std::string*>(self)->assign(text, size);
  };
  if (!leat_explain_pass(x_session.connection(), x_pass.select.c_str(), named.data(), named.size(),
                         x_over.c_str(), take, &plan, fault.get())) {
    return fault.to_error();
  }
  return plan;
}

}  // namespace leat::engine
