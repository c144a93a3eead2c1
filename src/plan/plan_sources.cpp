#include "plan/plan_sources.hpp"

#include <utility>

#include "core/provenance.hpp"
#include "plan/cursors.hpp"
#include "plan/plan_late.hpp"
#include "plan/seals.hpp"
#include "plan/source_options.hpp"
#include "plan/source_schema.hpp"
#include "plan/stand_in_sources.hpp"
#include "plan/unknown_connectors.hpp"

namespace leat::plan {
namespace {

constexpr const char* kStandardInput = "-";

/// SQL has no way to name such a column.
void refuse_nameless(DraftSource& source, config::Findings& findings) {
  if (!source.schema || !source.schema->find("")) return;
  source.schema.reset();
  findings.add(*source.node.options,
               "source `" + source.node.name + "` has a column without a name",
               "declare its columns: columns: {name: type}");
}

/// What a contract says is of the values; places come with them.
void agree_to_places(const FileSource& file, DraftSource& source) {
  if (file.keeps_places == nullptr || !source.contract) return;
  for (const auto& column : provenance_columns().columns) {
    ContractColumn agreed;
    agreed.name = column.name;
    agreed.type = column.type;
    source.contract->columns.push_back(std::move(agreed));
  }
}

/// Standard input comes once.
void refuse_shared_input(const Draft& draft, const PlanServices& services,
                         config::Findings& findings) {
  const DraftSource* first = nullptr;
  for (const auto& source : draft.sources) {
    if (!source.spec) continue;
    const auto read = source.spec->would_read(services.build, {kStandardInput});
    if (read.empty()) continue;
    if (first != nullptr || read.size() > 1) {
      const auto& name = first != nullptr ? first->node.name : source.node.name;
      findings.add(*source.node.options,
                   "standard input is read by `" + name + "` already, and cannot be read twice",
                   "let models read one source, or name pipes of their own");
    }
    first = &source;
  }
}

}  // namespace

void plan_sources(const std::vector<FileSource>& sources, const PlanServices& services,
                  Draft& draft, config::Findings& findings) {
  for (const auto& file : sources) {
    const auto& node = file.node;
    if (node.connector_key == nullptr) continue;
    DraftSource source;
    source.node = node;
    source.contract = file.contract;
    source.contract_node = file.contract_node;
    agree_to_places(file, source);
    source.on_error = file.on_error;
    source.on_error_node = file.on_error_node;
    source.when = file.when;
    source.when_node = file.when_node;
    if (!file.when.needs.empty()) {
      findings.add(*file.when_node, "a source is read before any count is known",
                   "put this `when` on a model that reads it");
    }
    if (const auto* entry = services.catalog->source(node.connector)) {
      if (file.late_items) {
        plan_late(file, *entry, services, source, findings);
      } else {
        static const std::vector<config::Node::Entry> kNone;
        const auto& kept = source.contract ? source.contract->read_with : kNone;
        source.spec = parse_source(file, *entry, kept, services, findings);
        remark_on_contract(file, source);
        find_options(file, *entry, services, source);
      }
      add_cursor(file, source, findings);
      add_seal(file, source, findings);
      if (source.spec && !file.late_items) try_schema(source, services, findings);
      refuse_nameless(source, findings);
      judge_cursor_column(file, source, findings);
      judge_seal_key(file, source, findings);
    } else {
      add_unknown_source(node, *services.catalog, findings);
    }
    draft.sources.push_back(std::move(source));
  }
  refuse_shared_input(draft, services, findings);
  settle_failures(draft, findings);
}

}  // namespace leat::plan
