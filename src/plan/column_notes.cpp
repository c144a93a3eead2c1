#include "plan/column_notes.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "plan/lineage.hpp"

namespace leat::plan {
namespace {

class Gatherer {
 public:
  Gatherer(const LoadedPipeline& loaded, Plan& plan) : x_loaded(loaded), x_plan(plan) {}

  /// False where nothing is said at all, so that nothing can be copied.
  bool take_contracts() {
    for (const auto& source : x_plan.sources) {
      if (source.contract) keep(source.name, source.contract->notes());
    }
    for (const auto& model : x_loaded.file.models) {
      if (model.contract && x_plan.model(model.name) != nullptr) {
        keep(model.name, model.contract->notes());
      }
    }
    return !x_plan.notes.empty();
  }

  /// Columns that are copied keep what was said of them; a contract has the last word.
  void follow(const LineageNode& node) {
    if (node.kind != "model") return;
    std::vector<ColumnNote> notes;
    for (const auto& column : node.columns) {
      auto note = note_of(node.name, column);
      if (!note.units.empty() || !note.description.empty()) notes.push_back(std::move(note));
    }
    x_plan.notes.erase(node.name);
    keep(node.name, std::move(notes));
  }

  void judge_stand_ins() {
    for (const auto& source : x_loaded.file.sources) {
      const auto& name = source.node.name;
      const auto* own = x_plan.source(name);
      if (own == nullptr || own->on_error.fallback.empty()) continue;
      const auto& other = own->on_error.fallback;
      for (const auto& column : own->schema.columns) {
        const auto mine = x_plan.note(name, column.name).units;
        const auto theirs = x_plan.note(other, column.name).units;
        if (mine.empty() || theirs.empty() || mine == theirs) continue;
        warn(source.node.key, "`" + name + "." + column.name + "` is in " + mine + ", and in " +
                                  theirs + " where `" + other + "` is read in its place");
      }
    }
  }

 private:
  void keep(const std::string& dataset, std::vector<ColumnNote> notes) {
    if (!notes.empty()) x_plan.notes[dataset] = std::move(notes);
  }

  void warn(const config::Node* key, std::string message) {
    Diagnostic warning;
    if (key != nullptr) warning.place = key->place;
    warning.message = std::move(message);
    x_plan.warnings.push_back(std::move(warning));
  }

  void warn_model(const std::string& model, const std::string& message) {
    for (const auto& one : x_loaded.file.models) {
      if (one.name == model) warn(one.key, "model `" + model + "`: " + message);
    }
  }

  ColumnNote note_of(const std::string& model, const LineageColumn& column) {
    auto note = x_plan.note(model, column.name);
    note.name = column.name;
    const auto copied = copied_note(column);
    judge_mixture(model, column);
    if (!note.units.empty() && !copied.units.empty() && note.units != copied.units) {
      warn_model(model, "`" + column.name + "` is said to be in " + note.units +
                            ", and is copied from `" + copied.name + "`, which is in " +
                            copied.units);
    }
    if (note.units.empty()) note.units = copied.units;
    if (note.description.empty()) note.description = copied.description;
    return note;
  }

  /// Numbers of two units that are added, or one of which is chosen.
  void judge_mixture(const std::string& model, const LineageColumn& column) {
    ColumnNote first;
    for (const auto& use : column.from) {
      if (!use.keeps_unit) continue;
      const auto units = x_plan.note(use.table, use.column).units;
      if (units.empty() || units == first.units) continue;
      const auto name = use.table + "." + use.column;
      if (first.units.empty()) {
        first = {name, units, ""};
        continue;
      }
      warn_model(model, "`" + column.name + "` mixes units: `" + first.name + "` is in " +
                            first.units + " and `" + name + "` in " + units);
    }
  }

  /// What is said alike of all columns that one is copied from; its name is that of the last one.
  ColumnNote copied_note(const LineageColumn& column) const {
    ColumnNote all;
    bool is_first = true;
    for (const auto& use : column.from) {
      if (use.feed != engine::Feed::copied) return {};
      auto note = x_plan.note(use.table, use.column);
      const auto name = use.table + "." + use.column;
      if (!is_first && note.units != all.units) note.units.clear();
      if (!is_first && note.description != all.description) note.description.clear();
      is_first = false;
      all = {name, note.units, note.description};
    }
    return all;
  }

  const LoadedPipeline& x_loaded;
  Plan& x_plan;
};

}  // namespace

Status note_columns(const LoadedPipeline& loaded, const PlanServices& services, Plan& plan) {
  Gatherer gatherer(loaded, plan);
  if (!gatherer.take_contracts()) return {};
  gatherer.judge_stand_ins();
  if (plan.models.empty()) return {};
  TRY(auto* session, services.session());
  TRY(const auto lineage, lineage_of(plan, *session));
  for (const auto& node : lineage.nodes) gatherer.follow(node);
  return {};
}

}  // namespace leat::plan
