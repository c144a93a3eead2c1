#include "run/accounting.hpp"

#include <algorithm>

namespace leat::run {
namespace {

bool is_upstream(const plan::SinkNode& sink, const std::string& name) {
  return std::find(sink.upstream.begin(), sink.upstream.end(), name) != sink.upstream.end();
}

bool is_row_wise(const plan::Plan& plan, const plan::SinkNode& sink) {
  std::size_t sources = 0;
  for (const auto& name : sink.upstream) {
    const auto* model = plan.model(name);
    sources += model == nullptr ? 1 : 0;
    if (model != nullptr && !model->row_wise) return false;
  }
  return sources == 1;
}

Error does_not_close(const plan::SinkNode& sink, const std::string& what, std::uint64_t left,
                     std::uint64_t right) {
  return Error(Fault::internal, "the books of sink " + sink.name + " do not close: " + what)
      .with("left", std::to_string(left))
      .with("right", std::to_string(right));
}

}  // namespace

Result<Accounts> close_accounts(const plan::Plan& plan, const plan::SinkNode& sink,
                                const std::vector<DatasetReport>& datasets,
                                const engine::PassReport& last_pass, const Staged& staged,
                                const Refusals& refusals) {
  Accounts accounts;
  for (const auto& dataset : datasets) {
    if (!is_upstream(sink, dataset.name)) continue;
    const auto& counts = dataset.outcome.counts;
    if (dataset.kind == "source") accounts.read += counts.read;
    accounts.quarantined += counts.quarantined;
    accounts.deduplicated += counts.deduplicated;
  }
  // A row that another target refused may well be published in this one.
  accounts.quarantined -= refusals.others;
  accounts.published = staged.rows;
  accounts.row_wise = is_row_wise(plan, sink);
  const auto handed_on = last_pass.output.passed_on;
  if (last_pass.statistics.rows != handed_on) {
    return does_not_close(sink, "rows measured, rows handed on", last_pass.statistics.rows,
                          handed_on);
  }
  if (last_pass.rows_written != handed_on) {
    return does_not_close(sink, "rows written, rows handed on", last_pass.rows_written, handed_on);
  }
  if (staged.rows + refusals.own != handed_on) {
    return does_not_close(sink, "rows read back and refused, rows handed on",
                          staged.rows + refusals.own, handed_on);
  }
  if (!accounts.row_wise) return accounts;
  const auto placed = accounts.published + accounts.quarantined + accounts.deduplicated;
  if (accounts.read < placed) {
    return does_not_close(sink, "rows read, rows published, set aside and deduplicated",
                          accounts.read, placed);
  }
  accounts.filtered = accounts.read - placed;
  return accounts;
}

}  // namespace leat::run
