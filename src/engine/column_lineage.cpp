#include "engine/column_lineage.hpp"

#include "engine/engine_fault.hpp"
#include "engine/engine_table.hpp"
#include "engine/open_session.hpp"

namespace leat::engine {
namespace {

struct Taker {
  const std::vector<NamedSchema>& tables;
  SelectLineage& lineage;
};

Feed feed_of(leat_use use) {
  switch (use) {
    case LEAT_COPIED: return Feed::copied;
    case LEAT_COMPUTED: return Feed::computed;
    case LEAT_AGGREGATED: return Feed::aggregated;
  }
  return Feed::computed;
}

void take(void* self, std::int64_t output, std::size_t table, std::size_t column, leat_use use,
          bool keeps_unit) {
  auto& taker = *static_cast<Taker*>(self);
  const auto& from = taker.tables[table];
  ColumnUse one{from.name, from.schema.columns[column].name, feed_of(use), keeps_unit};
  if (output < 0) {
    taker.lineage.deciding.push_back(std::move(one));
    return;
  }
  const auto at = std::size_t(output);
  if (taker.lineage.columns.size() <= at) taker.lineage.columns.resize(at + 1);
  taker.lineage.columns[at].push_back(std::move(one));
}

}  // namespace

std::string_view name_of(Feed feed) {
  switch (feed) {
    case Feed::copied: return "copied";
    case Feed::computed: return "computed";
    case Feed::aggregated: return "aggregated";
  }
  return "";
}

SqlOutcome<SelectLineage> trace_columns(Session& session, const std::string& select,
                                        const std::vector<NamedSchema>& tables) {
  SqlOutcome<SelectLineage> outcome;
  auto* const connection = OpenSession::of(session).connection();
  std::vector<EngineTable> engine_tables;
  std::vector<leat_table> views;
  engine_tables.reserve(tables.size());
  for (const auto& table : tables) {
    auto made = EngineTable::make(connection, table.name, table.schema);
    if (!made.ok()) {
      outcome.complaints.push_back({table.name + ": " + made.error().text(), 0, false, "", 1});
      return outcome;
    }
    engine_tables.push_back(std::move(made).value());
    views.push_back(engine_tables.back().view());
  }
  Taker taker{tables, outcome.value};
  EngineFault fault;
  if (!leat_trace_columns(connection, select.c_str(), views.data(), views.size(), take, &taker,
                          fault.get())) {
    const auto offset = fault.offset();
    outcome.complaints.push_back(
        {fault.message(), offset < 0 ? 0 : std::size_t(offset), offset >= 0, "", 1});
  }
  return outcome;
}

}  // namespace leat::engine
