#include "plan/plan_sources.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "core/carried_types.hpp"
#include "core/fan_out.hpp"
#include "core/provenance.hpp"
#include "plan/connections.hpp"
#include "plan/cursors.hpp"
#include "plan/later_names.hpp"
#include "plan/seals.hpp"

namespace leat::plan {
namespace {

constexpr const char* kStandardInput = "-";

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

/// Declared columns need no look at the file; others do, and some the engine's help.
void find_columns(DraftSource& source, const PlanServices& services, config::Findings& findings) {
  source.schema = source.spec->declared();
  if (source.schema && !services.discover) return;
  if (source.spec->is_remote() && !services.discover) {
    return findings.add(*source.node.options,
                        "nobody has looked at the columns of `" + source.node.name + "` yet",
                        "`leat conn discover` writes them down, `columns` declares them, and "
                        "`leat check --connect` asks the server");
  }
  auto context = services.build;
  if (!source.schema && source.spec->asks_engine()) {
    auto session = services.session();
    if (!session.ok()) return findings.add(*source.node.key, session.error());
    context.session = session.value();
  }
  const auto complain = [&](const Error& error) {
    source.schema.reset();
    findings.add(*source.node.options, error);
    if (error.fault() == Fault::external && services.out_of_reach) {
      services.out_of_reach(error, source.node.options->place);
    }
  };
  auto built = source.spec->build(context);
  if (!built.ok()) return complain(built.error());
  auto schema = built.value()->schema();
  if (!schema.ok()) return complain(schema.error());
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

/// Is it a type that the engine knows? A list of what, a struct of what?
Status judge_type(engine::Session& session, const data::Column& column) {
  const auto known = session.query("SELECT CAST(NULL AS " + data::sql_of(column.type) + ")");
  if (known.ok()) return {};
  return Error(Fault::config, "column `" + column.name + "`: " + known.error().message());
}

/// What is found as text or JSON, and was declared as another type. False: a type is none.
bool take_declared_types(DraftSource& source, const PlanServices& services,
                         config::Findings& findings) {
  const auto* carrier = dynamic_cast<const CarriesTypes*>(source.spec.get());
  const auto types = carrier != nullptr ? carrier->declared_types() : std::nullopt;
  if (!types) return true;
  const auto session = services.session();
  if (!session.ok()) return findings.add(*source.node.key, session.error()), false;
  const auto before = findings.size();
  for (const auto& column : types->columns) {
    if (column.type.id != data::TypeId::other) continue;
    const auto judged = judge_type(**session, column);
    if (!judged.ok()) findings.add(*source.node.options, judged.error());
  }
  if (findings.size() != before) return source.schema.reset(), false;
  source.schema = *types;
  return true;
}

/// The run casts what is found to what was declared.
void cast_from(const data::Schema& found, DraftSource& source) {
  const bool has_shape = !source.drift.shape.found.columns.empty();
  auto& shape = source.drift.shape;
  if (!has_shape) {
    if (found == *source.schema) return;
    shape.from.clear();
    for (std::size_t i = 0; i < found.size(); ++i) shape.from.emplace_back(i);
  } else if (shape.found == found) {
    return;
  }
  shape.found = found;
  source.drift.is_plain = false;
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
  if (agreed && source.spec->replay() == Replay::none) {
    // Only a run may look at what comes once.
    config::Findings unheard;
    find_columns(source, services, unheard);
    if (!source.schema) source.schema = source.contract->schema();
  } else if (!agreed || services.discover || source.spec->declared()) {
    find_columns(source, services, findings);
    if (!source.schema) return;
  } else {
    source.schema = source.contract->schema();
  }
  const auto found = *source.schema;
  if (!take_declared_types(source, services, findings)) return;
  if (agreed) {
    source.drift = compare(source.node.name, *source.contract, *source.schema, reads_as);
    tell_refusals(source, findings);
    source.schema = source.drift.schema;
  }
  cast_from(found, source);
  source.judged = source.schema;
  if (!agreed) return;
  source.visible = visible_of(*source.contract, *source.judged);
  source.schema = source.visible.schema;
}

/// Of the connectors that have an option, the one with the most; null when none has it.
template <typename Entries>
auto find_widest(const std::string& option, const Entries& entries) {
  decltype(&entries.begin()->second) widest = nullptr;
  for (const auto& [name, entry] : entries) {
    if (entry.options == nullptr || !entry.options->find(option)) continue;
    const bool is_wider =
        widest == nullptr || entry.options->entries().size() > widest->options->entries().size();
    if (is_wider) widest = &entry;
  }
  return widest;
}

/// What others call a connector; json is read, and ndjson is written.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"excel", "xlsx"}, {"xls", "xlsx"},     {"ndjson", "json"},   {"json", "ndjson"},
    {"jsonl", "json"}, {"jsonl", "ndjson"}, {"feather", "arrow"}, {"ipc", "arrow"},
    {"h5", "hdf5"},    {"tsv", "csv"}};

/// Empty where none of `names` is meant.
std::string other_name_hint(const std::string& typed, const std::vector<std::string>& names) {
  for (const auto& [other, name] : kOtherNames) {
    const bool is_there = std::find(names.begin(), names.end(), name) != names.end();
    if (is_there && is_same_name(other, typed)) return "did you mean `" + std::string(name) + "`?";
  }
  return "";
}

/// For what stands on the wrong side.
std::string wrong_side_hint(const std::string& typed, const std::vector<std::string>& names) {
  auto hint = other_name_hint(typed, names);
  return hint.empty() ? name_hint("", names) : hint;
}

/// An option that stands where its connector should: "people: {path: people.csv}".
template <typename Entries>
std::string connector_hint(const std::string& typed, const Entries& entries) {
  const auto names = names_of(entries);
  if (auto hint = other_name_hint(typed, names); !hint.empty()) return hint;
  if (nearest_name(typed, names)) return name_hint(typed, names);
  const auto* widest = find_widest(typed, entries);
  if (widest == nullptr) return name_hint(typed, names);
  return "`" + typed + "` belongs to a connector, such as `" + widest->name + ": {" + typed +
         ": …}`; " + name_hint("", names);
}

/// A run goes on without a source where the pipeline says how; its columns are those of its
/// contract, then.
void try_schema(DraftSource& source, const PlanServices& services, config::Findings& findings) {
  if (source.on_error.act == OnError::Act::fail || !services.discover) {
    return find_schema(source, services, findings);
  }
  config::Findings own;
  auto with = services;
  with.out_of_reach = nullptr;
  find_schema(source, with, own);
  if (own.empty()) return;
  source.failure = own.take().front().message;
  auto& offline = with;
  offline.discover = false;
  const bool known = source.spec->declared() || (source.contract && source.contract->exists);
  if (known) find_schema(source, offline, findings);
}

DraftSource* find_source(Draft& draft, const std::string& name) {
  for (auto& source : draft.sources) {
    if (is_same_name(source.node.name, name)) return &source;
  }
  return nullptr;
}

/// Another source can stand in for one whose columns it has.
void join_fallback(DraftSource& source, Draft& draft, config::Findings& findings) {
  const auto& at = *source.on_error_node;
  auto* fallback = find_source(draft, source.on_error.fallback);
  if (fallback == nullptr || fallback == &source) {
    std::vector<std::string> others;
    for (const auto& other : draft.sources) {
      if (&other != &source) others.push_back(other.node.name);
    }
    const auto hint = others.empty() ? "declare the source that is to be read in place of `" +
                                           source.node.name + "`"
                                     : name_hint(source.on_error.fallback, others);
    return findings.add(at, "`" + source.on_error.fallback + "` is not another source", hint);
  }
  source.on_error.fallback = fallback->node.name;
  if (!fallback->judged) return;
  if (!source.judged) {
    source.judged = fallback->judged;
    source.schema = fallback->judged;
  }
  Contract own;
  own.on_drift = OnDrift::drop_column;
  for (const auto& column : source.judged->columns) {
    own.columns.emplace_back();
    own.columns.back().name = column.name;
    own.columns.back().type = column.type;
  }
  source.from_fallback = compare(source.node.name, own, *fallback->judged, false);
  for (const auto& change : source.from_fallback.changes) {
    if (!change.to.empty()) continue;
    findings.add(at, "source `" + fallback->node.name + "` has no column `" + change.column +
                         "`, so it cannot stand in for `" + source.node.name + "`");
  }
}

/// After all sources are known.
void settle_failures(Draft& draft, config::Findings& findings) {
  for (auto& source : draft.sources) {
    if (!source.on_error.fallback.empty()) join_fallback(source, draft, findings);
    if (source.failure.empty() || source.judged) continue;
    findings.add(*source.node.options, source.failure,
                 "its columns are not known either: a contract or `columns` would tell them");
  }
}

/// What is written comes first.
config::Node with_options(const config::Node& written,
                          const std::vector<config::Node::Entry>& others) {
  auto whole = written;
  if (!others.empty() && whole.is_null()) whole.kind = config::Node::Kind::map;
  for (const auto& other : others) {
    if (written.find(other.key.text) == nullptr) whole.entries.push_back(other);
  }
  return whole;
}

/// With `provenance: row`, what says where its rows stood.
std::shared_ptr<const SourceSpec> placed(const FileSource& file,
                                         std::shared_ptr<const SourceSpec> spec,
                                         config::Findings& findings) {
  if (file.keeps_places == nullptr || !spec) return spec;
  if (dynamic_cast<const TellsPlaces*>(spec.get()) != nullptr) {
    return with_provenance(std::move(spec));
  }
  findings.add(*file.keeps_places,
               "rows of a source `" + file.node.connector + "` stood in no file",
               "`provenance: row` is for sources that read files record by record");
  return nullptr;
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

/// One source, or one for each item; `others` are options from elsewhere.
std::shared_ptr<const SourceSpec> parse_source(const FileSource& file, const SourceEntry& entry,
                                               const std::vector<config::Node::Entry>& others,
                                               const PlanServices& services,
                                               config::Findings& findings) {
  const auto parse = [&](const config::Node& options) -> std::shared_ptr<const SourceSpec> {
    const auto before = findings.size();
    const auto whole =
        with_connection(options, entry.name, entry.options, services.connections, findings);
    if (findings.size() != before) return nullptr;
    return placed(file, entry.parse(with_options(whole, others), findings), findings);
  };
  if (file.items.empty()) return parse(*file.node.options);
  std::vector<FanOutItem> items;
  for (const auto& [key, options] : file.items) {
    std::shared_ptr<const SourceSpec> spec = parse(*options);
    if (!spec) return nullptr;
    items.push_back({key, std::move(spec)});
  }
  return fan_out(std::move(items));
}

config::Node node_of(const std::vector<std::string>& values, const config::Node& at) {
  auto list = config::text_scalar("", at);
  list.kind = config::Node::Kind::sequence;
  for (const auto& one : values) list.items.push_back(config::text_scalar(one, at));
  return list;
}

/// Entries of a map follow one another.
void add_option(const FoundOption& option, const config::Node& at,
                std::vector<config::Node::Entry>& options) {
  auto value = option.values.size() == 1 ? config::text_scalar(option.values.front(), at)
                                         : node_of(option.values, at);
  if (option.entry.empty()) {
    options.push_back({config::text_scalar(option.name, at), std::move(value)});
    return;
  }
  if (options.empty() || options.back().key.text != option.name) {
    auto map = config::text_scalar("", at);
    map.kind = config::Node::Kind::map;
    options.push_back({config::text_scalar(option.name, at), std::move(map)});
  }
  options.back().value.entries.push_back({config::text_scalar(option.entry, at), std::move(value)});
}

/// What is there tells how it is to be read where neither the source nor its contract says so; what
/// cannot be looked at is told by those who need it.
void find_options(const FileSource& file, const SourceEntry& entry, const PlanServices& services,
                  DraftSource& source) {
  const bool agreed = source.contract && source.contract->exists && !services.ignores_contracts;
  if (!source.spec || agreed || !file.items.empty() || source.spec->is_remote()) return;
  const auto found = source.spec->find_options(services.build);
  if (!found.ok() || found->empty()) return;
  const auto& at = *file.node.options;
  for (const auto& option : *found) {
    add_option(option, at, source.found_options);
  }
  auto all = source.found_options;
  if (source.contract) {
    all.insert(all.begin(), source.contract->read_with.begin(), source.contract->read_with.end());
  }
  config::Findings unheard;  // It was right without them.
  source.spec = parse_source(file, entry, all, services, unheard);
}

/// A complaint about a value that nobody knows yet is none.
void add_known(config::Findings own, const WrittenItems& written, config::Findings& findings) {
  for (auto& diagnostic : own.take()) {
    const bool is_open = std::any_of(written.open.begin(), written.open.end(), [&](const auto& at) {
      return at.line == diagnostic.place.line && at.column == diagnostic.place.column;
    });
    if (!is_open) findings.add(std::move(diagnostic));
  }
}

/// What is written but for the options that wait for a value, where these can be left out: one of
/// some names, say, has none yet that could stand in.
std::shared_ptr<const SourceSpec> parse_without_open(config::Node options,
                                                     const WrittenItems& written,
                                                     const SourceEntry& entry) {
  std::erase_if(options.entries, [&](const config::Node::Entry& option) {
    const auto at = entry.options->find(option.key.text);
    const bool waits = std::any_of(written.open.begin(), written.open.end(), [&](const auto& open) {
      return open.line == option.value.place.line && open.column == option.value.place.column;
    });
    return waits && at && !entry.options->entries()[*at].required;
  });
  config::Findings unheard;
  return entry.parse(options, unheard);
}

/// A source whose items nobody has read yet: its columns are those that the file says.
void plan_late(const FileSource& file, const SourceEntry& entry, const PlanServices& services,
               DraftSource& source, config::Findings& findings) {
  const auto before = findings.size();
  config::Findings own;
  std::shared_ptr<const SourceSpec> stand_in = entry.parse(*file.node.options, own);
  if (!stand_in) stand_in = parse_without_open(*file.node.options, *file.late_items, entry);
  add_known(std::move(own), *file.late_items, findings);
  stand_in = placed(file, std::move(stand_in), findings);
  auto columns = stand_in ? stand_in->declared() : std::nullopt;
  const bool agreed = source.contract && source.contract->exists && !services.ignores_contracts;
  if (!columns && agreed) columns = source.contract->schema();
  if (!columns) {
    if (services.ignores_contracts || findings.size() != before) return;
    return findings.add(*source.node.options,
                        "the columns of `" + source.node.name +
                            "` are not known before a run "
                            "has read its items",
                        "declare them: `columns: {name: type}` where the connector has it, else "
                        "`contract: {columns: [..]}`");
  }
  source.spec = fan_out({}, FanOutColumns{*columns, entry.replay});
  auto offline = services;
  offline.discover = false;
  find_schema(source, offline, findings);
  source.items = late_items({source.node.name, file.node.connector, *file.late_items, &entry,
                             std::move(*columns), file.keeps_places != nullptr});
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

void add_unknown_source(const FileNode& node, const Catalog& catalog, config::Findings& findings) {
  if (is_later_source(node.connector)) return add_not_built(node, findings);
  if (catalog.sink(node.connector) != nullptr) {
    return findings.add(*node.connector_key, "`" + node.connector + "` is a sink, not a source",
                        wrong_side_hint(node.connector, names_of(catalog.sources())));
  }
  findings.add(*node.connector_key, "unknown source connector `" + node.connector + "`",
               connector_hint(node.connector, catalog.sources()));
}

void add_unknown_sink(const FileNode& node, const Catalog& catalog, config::Findings& findings) {
  if (is_later_sink(node.connector)) return add_not_built(node, findings);
  if (catalog.source(node.connector) != nullptr) {
    return findings.add(*node.connector_key, "`" + node.connector + "` is a source, not a sink",
                        wrong_side_hint(node.connector, names_of(catalog.sinks())));
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
