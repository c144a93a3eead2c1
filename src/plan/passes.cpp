#include "plan/passes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/names.hpp"
#include "engine/pass.hpp"

namespace leat::plan {
namespace {

/// The graph, seen from the cutting side.
class Cutter {
 public:
  Cutter(const std::vector<SourceNode>& sources, const std::vector<ModelNode>& models,
         const std::vector<SinkNode>& sinks, bool measures_all)
      : x_models(models), x_sources(sources), x_measures_all(measures_all) {
    for (const auto& sink : sinks) {
      if (sink.spec == nullptr || sink.spec->keeps_rows()) x_keepers.insert(sink.from);
      auto wanted = sink.when.needs;
      wanted.push_back(sink.from);
      for (const auto& name : upstream_of(wanted, sources, models)) x_needed.insert(name);
      x_needed.insert(sink.consulted.begin(), sink.consulted.end());
      x_asked.insert(sink.when.needs.begin(), sink.when.needs.end());
      x_sinks[sink.from].push_back(sink.name);
    }
    for (const auto& source : sources) look_at(source.name, source.checks);
    for (const auto& model : models) {
      look_at(model.name, model.checks);
      if (!x_needed.contains(model.name)) continue;
      x_asked.insert(model.needs.begin(), model.needs.end());
      for (const auto& input : model.inputs) {
        if (model.step) {
          x_steps[input].push_back(model.name);
        } else {
          ++x_uses[input];
        }
      }
    }
  }

  /// Sources first, then models; but none before what its checks compare rows with.
  std::vector<PassNode> cut() {
    auto waiting = cut_streams();
    std::vector<PassNode> passes;
    while (!waiting.empty()) {
      auto next = std::find_if(waiting.begin(), waiting.end(),
                               [&](const PassNode& pass) { return is_ready(pass, waiting); });
      if (next == waiting.end()) next = waiting.begin();  // Circles were refused before.
      passes.push_back(std::move(*next));
      waiting.erase(next);
    }
    return passes;
  }

 private:
  bool is_ready(const PassNode& pass, const std::vector<PassNode>& waiting) const {
    const auto before = before_of(pass);
    return std::none_of(waiting.begin(), waiting.end(), [&](const PassNode& other) {
      return other.dataset != pass.dataset && before.contains(other.dataset);
    });
  }

  /// What has to be there before this pass.
  std::set<std::string> before_of(const PassNode& pass) const {
    std::set<std::string> before(pass.inputs.begin(), pass.inputs.end());
    before.insert(pass.consults.begin(), pass.consults.end());
    auto models = pass.inlined;
    models.push_back(pass.dataset);
    for (const auto& name : models) {
      const auto* model = find_model(name);
      if (model == nullptr) continue;
      before.insert(model->inputs.begin(), model->inputs.end());
      before.insert(model->needs.begin(), model->needs.end());
    }
    return before;
  }

  std::vector<PassNode> cut_streams() {
    std::vector<PassNode> passes;
    for (const auto& source : x_sources) {
      if (ends_stream(source.name, false)) passes.push_back(source_pass(source));
    }
    for (const auto& model : x_models) {
      if (!ends_stream(model.name, must_end(model))) continue;
      passes.push_back(model.step ? step_pass(model) : model_pass(model));
    }
    for (auto& pass : passes) {
      for (const auto& source : x_sources) note_consults(source.name, source.checks, pass);
      for (const auto& model : x_models) note_consults(model.name, model.checks, pass);
    }
    return passes;
  }

  /// Those of the datasets that this pass judges.
  static void note_consults(const std::string& name, const std::vector<Check>& checks,
                            PassNode& pass) {
    const auto& inputs = pass.inputs;
    if (name != pass.dataset && std::find(inputs.begin(), inputs.end(), name) == inputs.end()) {
      return;
    }
    for (const auto& check : checks) {
      if (!std::holds_alternative<CompareTest>(check.test)) continue;
      pass.consults.insert(pass.consults.end(), check.consults.begin(), check.consults.end());
    }
  }

  /// What the checks of a dataset need of it and of others.
  void look_at(const std::string& name, const std::vector<Check>& checks) {
    if (!x_needed.contains(name)) return;
    for (const auto& check : checks) {
      const auto* set = std::get_if<SetTest>(&check.test);
      for (const auto& consulted : check.consults) x_kept.insert(consulted);
      if (set == nullptr) continue;
      if (!set->sql.empty()) x_kept.insert(name);
      if (!set->measure.empty() && set->measure != "row_count") x_measured.insert(name);
    }
  }

  bool ends_stream(const std::string& name, bool has_checks) const {
    return x_needed.contains(name) &&
           (has_checks || x_sinks.contains(name) || x_steps.contains(name) || uses(name) > 1 ||
            x_kept.contains(name) || x_measured.contains(name) || x_asked.contains(name));
  }

  /// Checks, a program and a condition each want the dataset to stand for itself.
  static bool must_end(const ModelNode& model) {
    return !model.checks.empty() || model.step || !model.when.sql.empty();
  }

  int uses(const std::string& name) const {
    const auto found = x_uses.find(name);
    return found == x_uses.end() ? 0 : found->second;
  }

  PassNode begin(const std::string& name, const data::Schema& schema, bool has_checks) const {
    PassNode pass;
    pass.dataset = name;
    pass.schema = schema;
    if (const auto found = x_sinks.find(name); found != x_sinks.end()) pass.sinks = found->second;
    pass.spooled = uses(name) > 0;
    pass.kept = x_kept.contains(name);
    std::vector<std::string> reasons;
    if (!pass.sinks.empty()) {
      reasons.push_back(std::to_string(pass.sinks.size()) +
                        (pass.sinks.size() == 1 ? " sink" : " sinks"));
    }
    if (uses(name) > 1) reasons.push_back(std::to_string(uses(name)) + " consumers");
    if (const auto found = x_steps.find(name); found != x_steps.end()) {
      pass.steps = found->second;
      reasons.push_back("a program gets it");
    }
    if (x_asked.contains(name)) reasons.push_back("its counts are asked for");
    if (has_checks && pass.sinks.empty()) reasons.push_back("has checks");
    if (pass.kept) {
      reasons.push_back("checks query its rows");
    } else if (reasons.empty()) {
      reasons.push_back("checks need its statistics");
    }
    pass.why = join_names(reasons);
    return pass;
  }

  PassNode source_pass(const SourceNode& source) const {
    auto pass = begin(source.name, source.schema, false);
    pass.inputs = {source.name};
    pass.select = "SELECT * FROM " + quote_identifier(source.name);
    if (!is_kept(pass) && source.visible.select_list.empty()) narrow(source.checks, pass);
    return pass;
  }

  /// Does anybody want its rows, or all that can be said of them?
  bool is_kept(const PassNode& pass) const {
    return x_measures_all || pass.spooled || pass.kept || !pass.steps.empty() ||
           x_keepers.contains(pass.dataset);
  }

  /// Yields no more than set checks ask for; row checks have judged before it.
  static void narrow(const std::vector<Check>& checks, PassNode& pass) {
    std::set<std::string> yielded;
    std::set<std::string> measured;
    for (const auto& check : checks) {
      const auto* set = std::get_if<SetTest>(&check.test);
      if (set == nullptr || set->measure.empty() || set->measure == "row_count") continue;
      yielded.insert(set->columns.begin(), set->columns.end());
      if (set->needs_statistics()) measured.insert(set->columns.begin(), set->columns.end());
    }
    data::Schema few;
    std::string list;
    pass.measured.emplace();
    for (const auto& column : pass.schema.columns) {
      if (!yielded.contains(column.name)) continue;
      few.columns.push_back(column);
      list += (list.empty() ? "" : ", ") + quote_identifier(column.name);
      if (measured.contains(column.name)) pass.measured->push_back(column.name);
    }
    if (few.columns.empty()) {
      few.columns.push_back({engine::kNoColumn, {data::TypeId::boolean, 0, 0, {}}});
      list = std::string("true AS ") + engine::kNoColumn;
    }
    pass.schema = std::move(few);
    pass.select = "SELECT " + list + " FROM " + quote_identifier(pass.dataset);
  }

  /// What the program yields is read as a source is.
  PassNode step_pass(const ModelNode& step) const {
    auto pass = begin(step.name, step.schema, false);
    pass.inputs = {step.name};
    pass.select = "SELECT * FROM " + quote_identifier(step.name);
    if (pass.why.empty()) pass.why = "a program made it";
    return pass;
  }

  PassNode model_pass(const ModelNode& model) const {
    auto pass = begin(model.name, model.schema, !model.checks.empty());
    std::vector<const ModelNode*> chain;
    collect(model, chain, pass);
    std::string select;
    for (const auto* inlined : chain) {
      select += (select.empty() ? "WITH " : ", ") + quote_identifier(inlined->name) +
                " AS NOT MATERIALIZED (" + inlined->sql + "\n)";
      pass.inlined.push_back(inlined->name);
      pass.row_wise = pass.row_wise && inlined->row_wise;
    }
    pass.select = select + " SELECT * FROM " + quote_identifier(model.name);
    pass.row_wise = pass.row_wise && pass.inputs.size() == 1;
    return pass;
  }

  /// Inputs first; a dataset that ends a stream of its own is read, not inlined.
  void collect(const ModelNode& model, std::vector<const ModelNode*>& chain, PassNode& pass) const {
    for (const auto& name : model.inputs) {
      const auto* inner = find_model(name);
      if (inner != nullptr && !ends_stream(name, must_end(*inner))) {
        collect(*inner, chain, pass);
      } else if (std::find(pass.inputs.begin(), pass.inputs.end(), name) == pass.inputs.end()) {
        pass.inputs.push_back(name);
      }
    }
    chain.push_back(&model);
  }

  const ModelNode* find_model(const std::string& name) const {
    const auto found = std::find_if(x_models.begin(), x_models.end(),
                                    [&](const auto& model) { return model.name == name; });
    return found == x_models.end() ? nullptr : &*found;
  }

  const std::vector<ModelNode>& x_models;
  const std::vector<SourceNode>& x_sources;
  bool x_measures_all;
  std::set<std::string> x_needed;
  std::set<std::string> x_keepers;  ///< Datasets that a sink keeps rows of.
  std::map<std::string, std::vector<std::string>> x_sinks;
  std::set<std::string> x_asked;  ///< Their counts are asked for.
  std::map<std::string, int> x_uses;
  std::set<std::string> x_kept;                             ///< Checks may query their rows.
  std::set<std::string> x_measured;                         ///< Checks need their statistics.
  std::map<std::string, std::vector<std::string>> x_steps;  ///< By the dataset that they get.
};

}  // namespace

std::vector<std::string> upstream_of(const std::vector<std::string>& datasets,
                                     const std::vector<SourceNode>& sources,
                                     const std::vector<ModelNode>& models) {
  std::set<std::string> wanted(datasets.begin(), datasets.end());
  for (auto model = models.rbegin(); model != models.rend(); ++model) {
    if (!wanted.contains(model->name)) continue;
    wanted.insert(model->inputs.begin(), model->inputs.end());
    wanted.insert(model->needs.begin(), model->needs.end());
  }
  std::vector<std::string> out;
  for (const auto& source : sources) {
    if (wanted.contains(source.name)) out.push_back(source.name);
  }
  for (const auto& model : models) {
    if (wanted.contains(model.name)) out.push_back(model.name);
  }
  return out;
}

std::vector<std::string> upstream_of(const std::string& dataset,
                                     const std::vector<SourceNode>& sources,
                                     const std::vector<ModelNode>& models) {
  return upstream_of(std::vector<std::string>{dataset}, sources, models);
}

std::vector<std::string> consulted_by(const std::vector<std::string>& upstream,
                                      const std::vector<SourceNode>& sources,
                                      const std::vector<ModelNode>& models) {
  std::set<std::string> reached(upstream.begin(), upstream.end());
  const auto reach = [&](const std::string& name, const std::vector<Check>& checks) {
    if (!reached.contains(name)) return;
    for (const auto& check : checks) {
      for (const auto& consulted : check.consults) {
        for (auto& rested_on : upstream_of(consulted, sources, models)) reached.insert(rested_on);
      }
    }
  };
  for (std::size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const auto& source : sources) reach(source.name, source.checks);
    for (const auto& model : models) reach(model.name, model.checks);
  }
  for (const auto& name : upstream) reached.erase(name);
  std::vector<std::string> out;
  for (const auto& source : sources) {
    if (reached.contains(source.name)) out.push_back(source.name);
  }
  for (const auto& model : models) {
    if (reached.contains(model.name)) out.push_back(model.name);
  }
  return out;
}

std::vector<PassNode> plan_passes(const std::vector<SourceNode>& sources,
                                  const std::vector<ModelNode>& models,
                                  const std::vector<SinkNode>& sinks, bool measures_all) {
  return Cutter(sources, models, sinks, measures_all).cut();
}

}  // namespace leat::plan
