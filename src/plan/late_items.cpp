#include "plan/late_items.hpp"

#include <algorithm>
#include <map>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "config/variables.hpp"
#include "core/fan_out.hpp"
#include "core/provenance.hpp"

namespace leat::plan {
namespace {

using engine::TextRow;

/// Turns rows into sources.
class ItemMaker {
 public:
  explicit ItemMaker(LateItemsOrder order) : x_order(std::move(order)) {}

  Result<std::shared_ptr<const SourceSpec>> make(const engine::TextTable& table) const {
    TRY(const auto rows, by_key(table));
    std::vector<FanOutItem> items;
    for (const auto& [key, row] : rows) {
      auto spec = one(table.schema, *row);
      if (!spec.ok()) return std::move(spec).error().during(where(key));
      items.push_back({key, std::move(spec).value()});
    }
    return fan_out(std::move(items), FanOutColumns{x_order.columns, x_order.entry->replay});
  }

 private:
  Error refused(const std::string& what) const {
    return Error(Fault::data, "for_each of source " + x_order.source + ": " + what);
  }
  std::string where(const std::string& key) const {
    return "while making item " + key + " of source " + x_order.source;
  }

  Result<std::map<std::string, const TextRow*>> by_key(const engine::TextTable& table) const {
    const auto& node = x_order.written.from.text;
    if (table.rows.size() > kItemsMax) {
      return refused("`" + node + "` has more than " + format_count(kItemsMax) + " rows")
          .hint("a source is read for so many items at most: take fewer rows in a model");
    }
    const auto& name = x_order.written.key;
    const auto key = table.schema.find(name);
    if (!key) return Error(Fault::internal, "the items have no column `" + name + "`");
    const std::string checks = "`not_null: [" + name + "]` and `unique: [" + name +
                               "]` among the checks of `" + node + "` set such rows aside";
    std::map<std::string, const TextRow*> rows;
    for (const auto& row : table.rows) {
      const auto& cell = row[*key];
      if (!cell || cell->empty())
        return refused("a row of `" + node + "` has no `" + name + "`").hint(checks);
      if (!rows.emplace(*cell, &row).second) {
        return refused("two rows of `" + node + "` have the " + name + " `" + *cell + "`")
            .hint(checks);
      }
    }
    return rows;
  }

  Result<std::shared_ptr<const SourceSpec>> one(const data::Schema& columns,
                                                const TextRow& row) const {
    auto values = std::make_shared<config::Values>(*x_order.written.values);
    for (const auto& use : x_order.written.used) {
      const auto at = columns.find(use.text);
      if (at && row[*at]) {
        const auto type = columns.columns[*at].type.is_whole() ? config::ValueType::integer
                                                               : config::ValueType::text;
        values->set("item." + use.text, {type, *row[*at]});
        continue;
      }
      return refused("a row of `" + x_order.written.from.text + "` has no `" + use.text +
                     "`, which `{{ item." + use.text + " }}` needs");
    }
    config::Findings findings;
    auto made = *x_order.written.source;
    config::resolve_scalars(made, *x_order.written.environment, values, findings);
    const auto* options = made.find(x_order.connector);
    std::shared_ptr<const SourceSpec> spec;
    if (findings.empty() && options != nullptr) spec = x_order.entry->parse(*options, findings);
    if (!spec) return Error::of(told(findings.take(), *values));
    if (x_order.keeps_places) spec = with_provenance(std::move(spec));
    if (auto pinned = spec->read_as(x_order.columns)) spec = std::move(pinned);
    return spec;
  }

  /// A complaint shows what is written; this is what it says for the item.
  std::vector<Diagnostic> told(std::vector<Diagnostic> complaints,
                               const config::Values& values) const {
    std::string list;
    for (const auto& use : x_order.written.used) {
      list += (list.empty() ? ", where " : " and ") + use.text + " is `" +
              values.find("item." + use.text)->text + "`";
    }
    for (auto& complaint : complaints) complaint.message += list;
    return complaints;
  }

  LateItemsOrder x_order;
};

}  // namespace

LateItems late_items(LateItemsOrder order) {
  LateItems items;
  items.node = order.written.from.text;
  items.key = order.written.key;
  for (const auto& use : order.written.used) items.used.push_back(use.text);
  const auto maker = std::make_shared<const ItemMaker>(std::move(order));
  items.make = [maker](const engine::TextTable& rows) { return maker->make(rows); };
  return items;
}

std::string select_items(const std::string& rows_sql) {
  return "SELECT * FROM " + rows_sql + " LIMIT " + std::to_string(kItemsMax + 1);
}

}  // namespace leat::plan
