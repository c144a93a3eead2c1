#include "plan/plan_late.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/fan_out.hpp"
#include "plan/late_items.hpp"
#include "plan/source_options.hpp"
#include "plan/source_schema.hpp"

namespace leat::plan {
namespace {

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

}  // namespace

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

}  // namespace leat::plan
