#include "plan/plan_sources.hpp"

#include "base/names.hpp"
#include "plan/later_names.hpp"

namespace leat::plan {
namespace {

template <typename Entries>
std::vector<std::string> names_of(const Entries& entries) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries) names.push_back(name);
  return names;
}

void add_not_built(const FileNode& node, config::Findings& findings) {
  findings.add(*node.connector_key, "connector `" + node.connector + "` is not built yet");
}

/// SQL has no way to name such a column.
void refuse_nameless(DraftSource& source, config::Findings& findings) {
  if (!source.schema || !source.schema->find("")) return;
  source.schema.reset();
  findings.add(*source.node.options,
               "source `" + source.node.name + "` has a column without a name",
               "declare its columns: columns: {name: type}");
}

/// Declared columns need no look at the file; others do, and maybe the engine's help.
void find_columns(DraftSource& source, const PlanServices& services, config::Findings& findings) {
  source.schema = source.spec->declared();
  if (source.schema && !services.discover) return;
  auto context = services.build;
  if (!source.schema) {
    auto session = services.session();
    if (!session.ok()) return findings.add(*source.node.key, session.error());
    context.session = session.value();
  }
  auto built = source.spec->build(context);
  if (!built.ok()) {
    source.schema.reset();
    return findings.add(*source.node.options, built.error());
  }
  auto schema = built.value()->schema();
  if (!schema.ok()) {
    source.schema.reset();
    return findings.add(*source.node.options, schema.error());
  }
  source.schema = std::move(schema).value();
}

/// Where the complaint about drift points: at the contract's file, or where it stands.
Place place_of(const DraftSource& source) {
  if (!source.contract->file.empty()) return {source.contract->shown_as, 0, 0};
  return source.contract_node->place;
}

void tell_refusals(const DraftSource& source, config::Findings& findings) {
  for (const auto& why : source.drift.refusals) {
    findings.add(place_of(source),
                 "source `" + source.node.name + "` does not keep its contract: " + why,
                 "change the contract if this is meant (`leat conn discover` writes down what is "
                 "there), or choose another `on_drift` than `" +
                     std::string(name_of(source.contract->on_drift)) + "`");
  }
}

/// With a contract the columns are those it says; a look at what is there is for drift.
void find_schema(DraftSource& source, const PlanServices& services, config::Findings& findings) {
  const bool agreed = source.contract && source.contract->exists && !services.ignores_contracts;
  bool reads_as = false;
  if (agreed) {
    if (auto pinned = source.spec->read_as(source.contract->schema())) {
      source.spec = std::move(pinned);
      reads_as = true;
    }
  }
  if (!agreed || services.discover || source.spec->declared()) {
    find_columns(source, services, findings);
    if (!source.schema) return;
  } else {
    source.schema = source.contract->schema();
  }
  if (agreed) {
    source.drift = compare(source.node.name, *source.contract, *source.schema, reads_as);
    tell_refusals(source, findings);
    source.schema = source.drift.schema;
  }
  source.judged = source.schema;
  if (!agreed) return;
  source.visible = visible_of(*source.contract, *source.judged);
  source.schema = source.visible.schema;
}

/// An option that stands where its connector should: "people: {path: people.csv}".
template <typename Entries>
std::string connector_hint(const std::string& typed, const Entries& entries) {
  const auto names = names_of(entries);
  if (nearest_name(typed, names)) return name_hint(typed, names);
  for (const auto& [name, entry] : entries) {
    if (entry.options == nullptr || !entry.options->find(typed)) continue;
    return "`" + typed + "` belongs to a connector, such as `" + name + ": {" + typed + ": …}`; " +
           name_hint("", names);
  }
  return name_hint(typed, names);
}

}  // namespace

void add_unknown_source(const FileNode& node, const Catalog& catalog, config::Findings& findings) {
  if (is_later_source(node.connector)) return add_not_built(node, findings);
  if (catalog.sink(node.connector) != nullptr) {
    return findings.add(*node.connector_key, "`" + node.connector + "` is a sink, not a source",
                        name_hint("", names_of(catalog.sources())));
  }
  findings.add(*node.connector_key, "unknown source connector `" + node.connector + "`",
               connector_hint(node.connector, catalog.sources()));
}

void add_unknown_sink(const FileNode& node, const Catalog& catalog, config::Findings& findings) {
  if (is_later_sink(node.connector)) return add_not_built(node, findings);
  if (catalog.source(node.connector) != nullptr) {
    return findings.add(*node.connector_key, "`" + node.connector + "` is a source, not a sink",
                        name_hint("", names_of(catalog.sinks())));
  }
  findings.add(*node.connector_key, "unknown sink connector `" + node.connector + "`",
               connector_hint(node.connector, catalog.sinks()));
}

void plan_sources(const std::vector<FileSource>& sources, const PlanServices& services,
                  Draft& draft, config::Findings& findings) {
  for (const auto& file : sources) {
    const auto& node = file.node;
    if (node.connector_key == nullptr) continue;
    DraftSource source;
    source.node = node;
    source.contract = file.contract;
    source.contract_node = file.contract_node;
    if (const auto* entry = services.catalog->source(node.connector)) {
      source.spec = entry->parse(*node.options, findings);
      if (source.spec) find_schema(source, services, findings);
      refuse_nameless(source, findings);
    } else {
      add_unknown_source(node, *services.catalog, findings);
    }
    draft.sources.push_back(std::move(source));
  }
}

}  // namespace leat::plan
