#include "run/find_items.hpp"

#include "base/names.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "run/look.hpp"
#include "run/on_error.hpp"
#include "run/skips.hpp"

namespace leat::run {
namespace {

/// Finds the items of one source.
class Finder {
 public:
  Finder(LiveRun& run, const plan::Plan& plan, const plan::SourceNode& node,
         std::vector<std::string>& warnings)
      : x_run(run), x_plan(plan), x_node(node), x_warnings(warnings) {}

  Status find() {
    TRY(auto* const aside, make_aside());
    TRY(find_spec(aside));
    return open(*x_run.found_items.at(x_node.name));
  }

  /// `aside`: takes rows that are no items; null: nobody does.
  Status find_spec(QuarantineSpool* aside) {
    const auto& from = x_node.items->node;
    engine::TextTable rows;
    auto options = x_run.options;
    options.records_max.reset();
    auto looked = look_at(
        x_plan, from, options, x_run.services,
        [&](engine::Session& session, const std::string& rows_sql,
            const kernels::Summary&) -> Status {
          TRY(rows, session.query(plan::select_items(rows_sql)));
          return {};
        },
        aside);
    if (!looked.ok()) return std::move(looked).error().during(where());
    TRY(judge(*looked));
    auto spec = x_node.items->make(rows);
    if (!spec.ok()) return Error(std::move(spec).error());
    TRY(refuse_own_output(**spec));
    if (rows.rows.empty()) {
      warn("`" + from + "` has no rows, so there are no items and no rows");
    }
    if (x_run.log) {
      x_run.log->line("info", "source " + x_node.name + ": " + format_count(rows.rows.size()) +
                                  " items from " + from);
    }
    x_run.found_items[x_node.name] = std::move(spec).value();
    return {};
  }

 private:
  Status open(const SourceSpec& spec) {
    auto source = opened(spec);
    if (source.ok()) {
      x_run.sources[x_node.name] = std::move(source).value();
    } else if (!note_failed(x_run, x_node.name, source.error())) {
      return Error(std::move(source).error());
    }
    return {};
  }

  std::string where() const { return "while reading the items of source " + x_node.name; }
  void warn(const std::string& what) {
    x_warnings.push_back("for_each of source " + x_node.name + ": " + what);
  }

  /// Anew for each try.
  Result<QuarantineSpool*> make_aside() {
    auto& aside = x_run.no_items[x_node.name];
    aside.reset();
    const auto folder = x_run.workspace->scratch() / ("items-" + x_node.name);
    TRY(x_run.services.files->create_folders(folder));
    aside = std::make_unique<QuarantineSpool>(*x_run.services.files, folder,
                                              segments_folder(x_run.plan));
    return aside.get();
  }

  Result<std::unique_ptr<Source>> opened(const SourceSpec& spec) const {
    TRY(auto source, spec.build(build_context(x_run)));
    TRY(source->schema());
    return source;
  }

  Status judge(const LookReport& looked) {
    for (const auto& dataset : looked.datasets) {
      for (const auto& check : dataset.outcome.checks) {
        if (check.verdict != Verdict::fail && check.verdict != Verdict::hold) continue;
        return Error(Fault::data, dataset.name + ": " + check.id + " failed")
            .with("rows", std::to_string(check.rows_failed))
            .during(where());
      }
      const auto aside = dataset.outcome.counts.quarantined;
      if (aside == 0) continue;
      const bool are_items = is_same_name(dataset.name, x_node.items->node);
      warn(counted(aside, "row") + " of `" + dataset.name + "` set aside" +
           (!are_items   ? " on the way to the items"
            : aside == 1 ? ", which is no item"
                         : ", which are no items"));
    }
    return {};
  }

  /// A plan cannot know it: what is read is told by rows.
  Status refuse_own_output(const SourceSpec& spec) const {
    const auto context = build_context(x_run);
    std::vector<std::filesystem::path> written;
    for (const auto& sink : x_plan.sinks) {
      if (sink.spec == nullptr) continue;
      if (auto path = sink.spec->target_file(context)) written.push_back(std::move(*path));
    }
    const auto read = spec.would_read(context, written);
    if (read.empty()) return {};
    return Error(Fault::config, "an item of source " + x_node.name + " is " +
                                    read.front().filename().string() +
                                    ", which the pipeline itself writes");
  }

  LiveRun& x_run;
  const plan::Plan& x_plan;
  const plan::SourceNode& x_node;
  std::vector<std::string>& x_warnings;
};

}  // namespace

Status find_items(LiveRun& run, std::vector<std::string>& warnings) {
  for (const auto& node : run.plan.sources) {
    if (!node.items || !run.sources.contains(node.name)) continue;
    if (skipped(run, node.name) || run.found_items.contains(node.name)) continue;
    TRY(Finder(run, run.plan, node, warnings).find());
  }
  return {};
}

Status find_items_of(LiveRun& run, const plan::Plan& plan, const plan::SourceNode& node) {
  if (!node.items || run.found_items.contains(node.name)) return {};
  std::vector<std::string> unheard;
  return Finder(run, plan, node, unheard).find_spec(nullptr);
}

}  // namespace leat::run
