#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/open_session.hpp"
#include "engine/pass_input.hpp"
#include "engine/stage_list.hpp"

namespace leat::engine {

/// One pass, from its inputs to its report.
/// Calls     `prepare`, then `run` or `explain`.
class PassRun {
 public:
  PassRun(Pass& pass, const PassContext& context);

  Status prepare();
  Result<PassReport> run();
  /// The plan that the optimizer makes, as text: a test looks for filters below the barrier.
  Result<std::string> explain();

 private:
  Status prepare_output();
  Status look_twice();
  Status gather();
  Status execute();
  std::vector<leat_input> inputs() const;
  std::vector<PassProgress> progress() const;
  Result<PassReport> report();
  Status close_output(const PassReport& report) const;

  Pass& x_pass;
  const PassContext& x_context;
  OpenSession& x_session;
  FirstError x_first_error;
  std::vector<std::unique_ptr<OpenInput>> x_inputs;
  std::unique_ptr<Judge> x_judge;      ///< Of the output, row by row.
  std::unique_ptr<Judge> x_no_checks;  ///< Of the tee, where a second look has judged before it.
  std::optional<JudgeHost> x_host;     ///< Of the tee.
  std::optional<JudgeHost> x_front;    ///< Of the barrier before a second look.
  leat_barrier x_barrier{};
  std::optional<Registration> x_barrier_registration;
  std::vector<std::unique_ptr<SecondLook>> x_looks;
  std::string x_over;  ///< What is wrapped around the query; empty: nothing.
  std::optional<StageList> x_stages;
  leat_tee x_tee{};
  std::optional<Registration> x_registration;
};

}  // namespace leat::engine
