#include "clients/sql_target/ledger.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/names.hpp"
#include "base/utf8.hpp"
#include "core/sink.hpp"

namespace leat::sql_target {
namespace {

std::string literal(std::uint64_t number) { return std::to_string(number); }

void append_escape(std::uint32_t unit, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(unit >> shift) & 0xF];
}

/// The same JSON in ASCII alone: what is beyond it stands only within texts.
std::string ascii_json(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const auto size = std::max<std::size_t>(1, character_bytes(std::string_view(json).substr(at)));
    auto code = std::uint32_t(static_cast<unsigned char>(json[at]));
    if (size > 1) code &= 0x7Fu >> size;
    for (std::size_t i = 1; i < size; ++i) {
      code = code << 6 | (std::uint32_t(static_cast<unsigned char>(json[at + i])) & 0x3Fu);
    }
    if (size == 1) {
      out += json[at];
    } else if (code < 0x10000) {
      append_escape(code, out);
    } else {
      append_escape(0xD800 + ((code - 0x10000) >> 10), out);
      append_escape(0xDC00 + ((code - 0x10000) & 0x3FF), out);
    }
    at += size;
  }
  return out;
}

}  // namespace

std::string Ledger::literal(const Uuid& id) const {
  return "CAST(" + quote_literal(id.text()) + " AS " + x_place.uuid + ")";
}

std::string Ledger::literal(Instant instant) const {
  return "CAST(" + quote_literal(format_instant(instant)) + " AS " + x_place.instant + ")";
}

/// Where a database does not tell tables by letter case, the ledger must not either.
std::string Ledger::table_name() const {
  return quote_literal(x_place.keeps_case ? x_place.table : to_lower(x_place.table));
}

std::string Ledger::of_lane(const Lane& lane) const {
  return "pipeline = " + quote_literal(lane.pipeline) + " AND sink = " + quote_literal(lane.sink) +
         " AND lane = " + quote_literal(lane.lane) + " AND table_name = " + table_name();
}

Status Ledger::execute(const std::string& sql) const {
  TRY(x_query(sql));
  return {};
}

Result<bool> Ledger::is_there() const {
  TRY(const auto found, x_query(x_place.is_there_sql));
  return !found.empty();
}

Result<bool> Ledger::yields(const std::string& sql) const {
  TRY(const bool has_ledger, is_there());
  if (!has_ledger) return false;
  TRY(const auto found, x_query(sql));
  return !found.empty();
}

Result<std::vector<Receipt>> Ledger::receipts(const std::string& which) const {
  TRY(const bool has_ledger, is_there());
  if (!has_ledger) return std::vector<Receipt>();
  TRY(const auto found, x_query("SELECT receipt FROM " + x_place.commits + " WHERE " + which));
  std::vector<Receipt> receipts;
  for (const auto& row : found) {
    auto receipt = receipt_from_json(row[0].value_or(""));
    if (!receipt.ok()) return std::move(receipt).error().during("while reading _leat_commits");
    receipts.push_back(std::move(receipt).value());
  }
  return receipts;
}

Result<std::optional<Receipt>> Ledger::newest(const std::string& condition) const {
  TRY(auto found, receipts(condition + " ORDER BY counter DESC LIMIT 1"));
  if (found.empty()) return std::optional<Receipt>();
  return std::optional<Receipt>(std::move(found.front()));
}

std::string Ledger::head_of(const std::string& which) const {
  return "SELECT publish_id FROM " + x_place.heads + " WHERE " + which;
}

Result<std::optional<Receipt>> Ledger::last_receipt(const Lane& lane) const {
  return newest("publish_id = (" + head_of(of_lane(lane)) + ")");
}

Result<LaneTips> Ledger::tips(const Lane& lane) const {
  const std::string others = "table_name = " + table_name() +
                             " AND (lane = " + quote_literal(lane.lane) + " OR pipeline <> " +
                             quote_literal(lane.pipeline) + " OR sink <> " +
                             quote_literal(lane.sink) + ")";
  TRY(auto last,
      receipts("publish_id IN (" + head_of(others) + ") ORDER BY " + x_place.order + " DESC"));
  LaneTips tips;
  for (auto& receipt : last) tips.take(std::move(receipt), lane);
  return tips;
}

Result<std::vector<std::string>> Ledger::lanes(const Lane& lane) const {
  TRY(const bool has_ledger, is_there());
  if (!has_ledger) return std::vector<std::string>();
  TRY(const auto found,
      x_query("SELECT lane FROM " + x_place.heads +
              " WHERE pipeline = " + quote_literal(lane.pipeline) +
              " AND sink = " + quote_literal(lane.sink) + " AND table_name = " + table_name()));
  std::vector<std::string> lanes;
  for (const auto& row : found) lanes.push_back(row[0].value_or(""));
  return lanes;
}

Result<std::optional<Receipt>> Ledger::find(const Uuid& publish_id) const {
  return newest("publish_id = " + literal(publish_id));
}

Result<bool> Ledger::made_table() const {
  return yields("SELECT 1 FROM " + x_place.commits +
                " WHERE made_table AND table_name = " + table_name() + " LIMIT 1");
}

Status Ledger::create() const {
  const auto column = [](const char* name, const std::string& type) {
    return std::string(name) + " " + type + " NOT NULL, ";
  };
  const auto& [text, uuid, count, instant] =
      std::tie(x_place.text, x_place.uuid, x_place.count, x_place.instant);
  const std::string lane = column("pipeline", text) + column("sink", text) + column("lane", text) +
                           column("table_name", text);
  TRY(execute("CREATE TABLE IF NOT EXISTS " + x_place.heads + " (" + lane +
              column("publish_id", uuid) + "counter " + count + " NOT NULL" +
              (x_place.has_keys ? ", PRIMARY KEY (pipeline, sink, lane, table_name))" : ")")));
  TRY(execute("CREATE TABLE IF NOT EXISTS " + x_place.commits + " (publish_id " + uuid +
              " NOT NULL" + (x_place.has_keys ? " PRIMARY KEY, " : ", ") +
              column("previous_publish_id", uuid) + column("counter", count) + lane +
              column("made_table", "BOOLEAN") + column("run_id", uuid) + column("strategy", text) +
              column("rows_published", count) + column("committed_at", instant) + "receipt " +
              text + " NOT NULL" +
              (x_place.order_column.empty() ? "" : ", " + x_place.order_column) + ")"));
  return create_view();
}

/// For people and their dashboards; nothing of ours reads it.
Status Ledger::create_view() const {
  if (x_place.executions.empty()) return {};
  TRY(const auto taken, x_query(x_place.executions_taken_sql));
  if (!taken.empty()) return {};
  return execute("CREATE VIEW " + x_place.executions +
                 " AS SELECT pipeline, sink, table_name, CASE WHEN lane IN ('main', 'replay') THEN "
                 "NULL ELSE lane END AS \"interval\", CASE WHEN lane = 'replay' THEN 'replayed' "
                 "ELSE 'published' END AS status, rows_published AS records, " +
                 x_place.score + " AS score, committed_at, run_id, publish_id FROM " +
                 x_place.executions_from);
}

Status Ledger::advance(const PublishPlan& plan, const Receipt& receipt, bool is_new_table) const {
  if (is_new_table) TRY(forget_heads());
  TRY(const auto seen, tips(receipt.lane));
  TRY(require_seen(plan, seen, x_place.place));
  return move_head(receipt);
}

Status Ledger::forget_heads() const {
  return execute("DELETE FROM " + x_place.heads + " WHERE table_name = " + table_name());
}

Status Ledger::move_head(const Receipt& receipt) const {
  const Lane& lane = receipt.lane;
  TRY(execute("INSERT INTO " + x_place.heads + " SELECT " + quote_literal(lane.pipeline) + ", " +
              quote_literal(lane.sink) + ", " + quote_literal(lane.lane) + ", " + table_name() +
              ", " + literal(Uuid{}) + ", 0 WHERE NOT EXISTS (SELECT 1 FROM " + x_place.heads +
              " WHERE " + of_lane(lane) + ")"));
  TRY(const auto moved,
      x_query("UPDATE " + x_place.heads + " SET publish_id = " + literal(receipt.publish_id) +
              ", counter = " + sql_target::literal(receipt.counter) + " WHERE " + of_lane(lane) +
              " AND publish_id = " + literal(receipt.previous_publish_id) +
              " AND counter = " + sql_target::literal(receipt.counter - 1)));
  if (number_in(moved) == 1) return {};
  TRY(const auto last, last_receipt(lane));
  return moved_on(x_place.shown, last);
}

Status Ledger::add(const Receipt& receipt, bool made_table) const {
  std::string values;
  for (const std::string& value :
       {literal(receipt.publish_id), literal(receipt.previous_publish_id),
        sql_target::literal(receipt.counter), quote_literal(receipt.lane.pipeline),
        quote_literal(receipt.lane.sink), quote_literal(receipt.lane.lane), table_name(),
        std::string(made_table ? "TRUE" : "FALSE"), literal(receipt.run_id),
        quote_literal(receipt.strategy), sql_target::literal(receipt.rows_published),
        literal(receipt.committed_at),
        quote_literal(x_place.is_narrow ? ascii_json(to_json(receipt)) : to_json(receipt))}) {
    values += (values.empty() ? "" : ", ") + value;
  }
  return execute("INSERT INTO " + x_place.commits + " VALUES (" + values + ")");
}

}  // namespace leat::sql_target
