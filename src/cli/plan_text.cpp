#include "cli/plan_text.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/counted.hpp"
#include "base/names.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

std::size_t check_count(const plan::Plan& plan) {
  std::size_t count = 0;
  for (const auto& source : plan.sources) count += source.checks.size();
  for (const auto& model : plan.models) count += model.checks.size();
  return count;
}

std::string set_cost(const SetTest& test) {
  if (!test.known.empty()) return "none: known from the columns";
  if (test.measure == "row_count") return "none: from counts of the pass";
  if (test.sql.empty()) return "none: from the statistics of the pass";
  if (test.measure.empty()) return "a query over the rows, which are kept for it";
  return "none; a query over the rows, which are kept, where an estimate is too near a bound";
}

std::string key_cost(const Check& check) {
  const auto* compare = std::get_if<CompareTest>(&check.test);
  if (compare == nullptr)
    return "in the pass; keys in up to half of the memory, beyond that a second reading that "
           "spills";
  if (compare->other)
    return "in the pass; the keys of " + compare->other->dataset + " in a hash table";
  return "all rows are sorted by key, in memory or in spill";
}

/// "quarantine, hold below 99%"
std::string consequence(const Check& check) {
  std::string text(name_of(check.on_fail));
  if (!check.mostly) return text;
  char share[32];
  std::snprintf(share, sizeof share, "%.6g%%", *check.mostly * 100);
  return text + (takes_out(check.on_fail) ? ", hold below " : " below ") + share;
}

std::string cost_of(const Check& check, bool source) {
  switch (check.check_class()) {
    case CheckClass::stateless: return source ? "in the reader" : "in the pass";
    case CheckClass::keyed: return key_cost(check);
    case CheckClass::ordered: return "all rows are sorted, in memory or in spill";
    case CheckClass::two_pass: return "all rows are kept and read twice, in memory or in spill";
    case CheckClass::set: return set_cost(std::get<SetTest>(check.test));
  }
  return "";
}

std::string label_of(const Check& check) {
  return check.name == check.id ? check.id : check.name + " (" + check.id + ")";
}

void add_checks(Rows& rows, const std::string& dataset, const std::vector<Check>& checks,
                bool source) {
  for (const auto& check : checks) {
    rows.push_back({dataset, label_of(check), std::string(name_of(check.check_class())),
                    consequence(check), std::string(name_of(check.severity)),
                    cost_of(check, source), check.description});
  }
}

/// What the pipeline is for, and who answers for it.
std::string about_text(const plan::Plan& plan) {
  auto out = plan.description;
  if (!plan.owner.empty()) out += (out.empty() ? "owner " : "  owner ") + plan.owner;
  return out.empty() ? out : out + "\n";
}

std::string passes_text(const plan::Plan& plan, const Output& output) {
  std::string out;
  std::size_t number = 0;
  for (const auto& pass : plan.passes) {
    out += "  " + std::to_string(++number) + ". " + join_names(pass.inputs) + " → " +
           output.bold(pass.dataset);
    if (pass.inlined.size() > 1) {
      out += "  (" + counted(pass.inlined.size(), "model") + " in one query)";
    }
    out += pass.sinks.empty() ? "" : " → " + join_names(pass.sinks);
    out += "  " +
           output.dim("ends here: " + pass.why + (pass.spooled ? ", spooled" : "") +
                      (pass.row_wise ? ", row-wise" : ", has a cut")) +
           "\n";
  }
  if (plan.policy.profile && !plan.sinks.empty()) {
    out += "  " +
           output.dim(
               "profile: from statistics; the published rows are read once more where these "
               "leave it open how many are outliers or fail a warning") +
           "\n";
  }
  return out;
}

/// " by key id, newer by day": what its strategy works by.
std::string worked_by(const plan::SinkNode& sink) {
  std::string out;
  const bool is_met_by_key = sink.strategy == Strategy::merge || sink.strategy == Strategy::scd2;
  if (is_met_by_key) out += " by key " + join_names(sink.options.key, ", ");
  if (!sink.options.by.empty()) out += " by " + join_names(sink.options.by, ", ");
  if (!sink.options.version.empty()) out += ", newer by " + sink.options.version;
  return out;
}

std::string sinks_text(const plan::Plan& plan, const Output& output) {
  std::string out;
  for (const auto& sink : plan.sinks) {
    out += "  " + output.bold(sink.name) + "  " + sink.connector + "  " +
           std::string(name_of(sink.strategy)) + " of " + sink.from + worked_by(sink) + "  " +
           output.green(plan::name_of(sink.guarantee)) + "\n      " + sink.guarantee_reason + "\n";
    if (!sink.growing_source.empty()) {
      const bool grows = plan.source(sink.growing_source)->spec->grows();
      out += grows ? "      takes the new rows of " + sink.growing_source + "\n"
                   : "      takes all rows of " + sink.growing_source +
                         " again whenever it has changed\n";
    }
    if (sink.takes_over) {
      out += "      takes the place of sink " + sink.takes_over->sink + " of pipeline " +
             sink.takes_over->pipeline + "\n";
    }
    if (sink.shared) out += "      shares its target with other sinks\n";
  }
  return out;
}

std::string contracts_text(const plan::Plan& plan, const Output& output) {
  std::string out;
  for (const auto& source : plan.sources) {
    if (!source.contract) continue;
    const auto& contract = *source.contract;
    out += "  " + output.bold(source.name) + "  " + contract.shown_as;
    if (!contract.exists) {
      out += "  to be written by the first run\n";
      continue;
    }
    out += "  on_drift " + std::string(plan::name_of(contract.on_drift)) + "  " +
           (source.drift.changes.empty() ? output.green("kept") : output.yellow("drift")) + "\n";
    for (const auto& change : source.drift.changes) {
      out += "      " + plan::describe(change) + "\n";
    }
  }
  return out;
}

/// What a run has to read before it knows what a source reads.
std::string items_text(const plan::Plan& plan, const Output& output) {
  std::string out;
  for (const auto& source : plan.sources) {
    if (!source.items) continue;
    out += "  " + output.bold(source.name) + "  one for each row of " + source.items->node +
           ", by " + source.items->key + "; known when a run has read them\n";
  }
  return out;
}

json contract_json(const plan::SourceNode& source) {
  if (!source.contract) return nullptr;
  json changes = json::array();
  for (const auto& change : source.drift.changes) {
    changes.push_back({{"column", change.column}, {"from", change.from}, {"to", change.to}});
  }
  return {{"file", source.contract->shown_as},
          {"exists", source.contract->exists},
          {"on_drift", plan::name_of(source.contract->on_drift)},
          {"changes", std::move(changes)}};
}

json columns_json(const plan::Plan& plan, const std::string& dataset) {
  json list = json::array();
  for (const auto& column : plan.schema(dataset).columns) {
    const auto note = plan.note(dataset, column.name);
    list.push_back({{"name", column.name}, {"type", data::sql_of(column.type)}});
    if (!note.units.empty()) list.back()["units"] = note.units;
    if (!note.description.empty()) list.back()["description"] = note.description;
  }
  return list;
}

json checks_json(const std::vector<Check>& checks, bool source) {
  json list = json::array();
  for (const auto& check : checks) {
    list.push_back({{"id", check.id},
                    {"kind", check.kind},
                    {"class", name_of(check.check_class())},
                    {"on_fail", name_of(check.on_fail)},
                    {"severity", name_of(check.severity)},
                    {"dimension", name_of(check.dimension)},
                    {"cost", cost_of(check, source)}});
    if (check.name != check.id) list.back()["name"] = check.name;
    if (check.mostly) list.back()["mostly"] = *check.mostly;
    if (!check.description.empty()) list.back()["description"] = check.description;
  }
  return list;
}

std::string columns_text(const plan::Plan& plan, const std::string& dataset, const Output& output) {
  Rows rows{{"column", "type", "units", "description"}};
  for (const auto& column : plan.schema(dataset).columns) {
    const auto note = plan.note(dataset, column.name);
    rows.push_back({column.name, data::sql_of(column.type), note.units, note.description});
  }
  drop_empty_column(rows, 3);
  drop_empty_column(rows, 2);
  return table(rows, output, "    ") + "\n";
}

std::string node_text(const plan::Plan& plan, const std::string& name, const std::string& what,
                      const Output& output) {
  return output.bold(name) + "  " + what + "\n" + columns_text(plan, name, output);
}

bool is_among(const std::string& name, const std::vector<std::string>& nodes) {
  return nodes.empty() || std::find(nodes.begin(), nodes.end(), name) != nodes.end();
}

}  // namespace

std::string one_line(const plan::Plan& plan) {
  std::string out = counted(plan.sources.size(), "source") + ", " +
                    counted(plan.models.size(), "model") + ", " +
                    counted(check_count(plan), "check") + ", " + counted(plan.sinks.size(), "sink");
  auto weakest = plan::Guarantee::exactly_once;
  for (const auto& sink : plan.sinks) weakest = std::max(weakest, sink.guarantee);
  return plan.sinks.empty() ? out : out + ", " + std::string(plan::name_of(weakest));
}

std::string plan_text(const plan::Plan& plan, const Output& output) {
  std::string out = output.bold(plan.pipeline) + "  " + one_line(plan) + "\n" + about_text(plan) +
                    "\npasses\n" + passes_text(plan, output);
  Rows rows{{"dataset", "check", "class", "on fail", "severity", "cost", "description"}};
  for (const auto& source : plan.sources) add_checks(rows, source.name, source.checks, true);
  for (const auto& model : plan.models) add_checks(rows, model.name, model.checks, false);
  drop_empty_column(rows, 6);
  if (rows.size() > 1) out += "\nchecks\n" + table(rows, output, "  ") + "\n";
  const auto items = items_text(plan, output);
  if (!items.empty()) out += "\nitems\n" + items;
  const auto contracts = contracts_text(plan, output);
  if (!contracts.empty()) out += "\ncontracts\n" + contracts;
  out += "\nsinks\n" + sinks_text(plan, output);
  out.pop_back();
  return out;
}

std::string plan_json(const plan::Plan& plan, const std::vector<std::string>& nodes) {
  json object{{"schema", "leat.plan/1"},         {"ok", true},
              {"pipeline", plan.pipeline},       {"version", plan.version},
              {"description", plan.description}, {"owner", plan.owner},
              {"environment", plan.environment}, {"sources", json::array()},
              {"models", json::array()},         {"passes", json::array()},
              {"sinks", json::array()},          {"profile", plan.policy.profile}};
  for (const auto& source : plan.sources) {
    if (!is_among(source.name, nodes)) continue;
    object["sources"].push_back({{"name", source.name},
                                 {"connector", source.connector},
                                 {"columns", columns_json(plan, source.name)},
                                 {"contract", contract_json(source)},
                                 {"items_from", source.items ? json(source.items->node) : json()},
                                 {"checks", checks_json(source.checks, true)}});
  }
  for (const auto& model : plan.models) {
    if (!is_among(model.name, nodes)) continue;
    object["models"].push_back({{"name", model.name},
                                {"sql", plan.hidden.out_of(model.sql)},
                                {"inputs", model.inputs},
                                {"row_wise", model.row_wise},
                                {"columns", columns_json(plan, model.name)},
                                {"checks", checks_json(model.checks, false)}});
  }
  for (const auto& pass : plan.passes) {
    object["passes"].push_back({{"dataset", pass.dataset},
                                {"inputs", pass.inputs},
                                {"models", pass.inlined},
                                {"sinks", pass.sinks},
                                {"spooled", pass.spooled},
                                {"kept", pass.kept},
                                {"row_wise", pass.row_wise},
                                {"why", pass.why},
                                {"sql", plan.hidden.out_of(pass.select)}});
  }
  for (const auto& sink : plan.sinks) {
    if (!is_among(sink.name, nodes)) continue;
    object["sinks"].push_back({{"name", sink.name},
                               {"connector", sink.connector},
                               {"from", sink.from},
                               {"strategy", name_of(sink.strategy)},
                               {"key", sink.options.key},
                               {"by", sink.options.by},
                               {"version", sink.options.version},
                               {"guarantee", plan::name_of(sink.guarantee)},
                               {"reason", sink.guarantee_reason}});
  }
  return json_text(object);
}

std::string show_text(const plan::Plan& plan, const std::vector<std::string>& nodes,
                      const Output& output) {
  auto out = nodes.size() == 1 ? std::string() : about_text(plan);
  for (const auto& source : plan.sources) {
    if (!is_among(source.name, nodes)) continue;
    out += node_text(plan, source.name, "source " + source.connector, output);
  }
  const auto models = std::count_if(plan.models.begin(), plan.models.end(),
                                    [&](const auto& m) { return is_among(m.name, nodes); });
  const bool with_sql = !nodes.empty() && models == 1;
  for (const auto& model : plan.models) {
    if (!is_among(model.name, nodes)) continue;
    out += node_text(plan, model.name,
                     (model.step ? "step of " : "model of ") + join_names(model.inputs) + "  " +
                         (model.step ? join_names(model.step->program.command, " ") : model.origin),
                     output);
    if (with_sql) out += "\n" + plan.hidden.out_of(model.sql) + "\n";
  }
  for (const auto& sink : plan.sinks) {
    if (!is_among(sink.name, nodes)) continue;
    out += output.bold(sink.name) + "  sink " + sink.connector + " of " + sink.from + "\n";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace leat::cli
