#include "plan/source_schema.hpp"

#include <string>
#include <utility>

#include "core/carried_types.hpp"

namespace leat::plan {
namespace {

/// Declared columns need no look at the file; others do, and some the engine's help.
void find_columns(DraftSource& source, const PlanServices& services, config::Findings& findings) {
  source.schema = source.spec->declared();
  if (source.schema && !services.discover) return;
  if (source.spec->is_remote() && !services.discover && !services.asks_servers) {
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
    const bool is_away =
        error.is_grave() || (error.fault() == Fault::external && source.spec->is_remote());
    if (is_away && services.out_of_reach) {
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

}  // namespace

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

}  // namespace leat::plan
