#include "clients/sql_target/statements.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat::sql_target {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// `piece` of each name, with `between` between them.
template <typename Piece>
std::string joined(const std::vector<std::string>& names, const char* between, Piece piece) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : between) + piece(name);
  return text;
}

}  // namespace

std::vector<std::string> Statements::written_of(const std::vector<std::string>& names,
                                                const std::vector<std::string>& but) const {
  std::vector<std::string> out;
  for (const std::string& name : written()) {
    if (names.empty() ? !has(but, name) : has(names, name)) out.push_back(name);
  }
  return out;
}

std::string Statements::one(const std::string& name, const std::string& table) {
  return (table.empty() ? "" : table + ".") + quote_identifier(name);
}

std::string Statements::list(const std::vector<std::string>& names, const std::string& table) {
  return joined(names, ", ", [&](const std::string& name) { return one(name, table); });
}

std::string Statements::equal(const std::vector<std::string>& names, const std::string& left,
                              const std::string& right, const std::string& same) {
  return joined(names, " AND ", [&](const std::string& name) {
    return one(name, left) + " " + same + " " + one(name, right);
  });
}

std::string Statements::differ(const std::vector<std::string>& names, const std::string& left,
                               const std::string& right) const {
  if (names.empty()) return "FALSE";
  const Loose& loose = x_meeting.loose;
  const std::string other = " IS DISTINCT FROM ";
  std::vector<std::string> pieces;
  std::vector<std::string> images;
  for (const std::string& name : names) {
    if (has(loose.images, name)) {
      images.push_back(name);
      continue;
    }
    const auto ours = one(name, left);
    const auto theirs = one(name, right);
    pieces.push_back(ours + other + theirs);
    const auto rest = loose.rests.find(name);
    if (rest == loose.rests.end()) continue;
    pieces.push_back(rest_of(rest->second, ours) + other + rest_of(rest->second, theirs));
  }
  if (!images.empty()) {
    // The cast keeps the server from comparing the rows column by column.
    const auto image = [&](const std::string& table) {
      return "CAST(ROW(" + list(images, table) + ") AS record)";
    };
    pieces.push_back(image(left) + " OPERATOR(pg_catalog.*<>) " + image(right));
  }
  return "(" + joined(pieces, " OR ", [](const std::string& piece) { return piece; }) + ")";
}

Status Statements::execute(const std::string& sql) const {
  TRY(x_query(sql));
  return {};
}

Result<std::uint64_t> Statements::number(const std::string& sql) const {
  TRY(const auto rows, x_query(sql));
  return number_in(rows);
}

Result<bool> Statements::is_each_key_once(const std::string& from) const {
  TRY(const auto rows, query("SELECT 1 FROM " + from + " AS k GROUP BY " + list(options().key) +
                             " HAVING count(*) > 1 LIMIT 1"));
  return rows.empty();
}

Status Statements::change(const std::string& sql, std::uint64_t meant) const {
  TRY(const std::uint64_t changed, number(sql));
  if (changed == meant) return {};
  return lost(meant, changed);
}

Error Statements::lost(std::uint64_t meant, std::uint64_t changed) const {
  const auto keepers = x_meeting.own_ways ? x_meeting.own_ways() : std::nullopt;
  if (keepers) return other_rows(meant, changed, *keepers);
  return Error(Fault::internal, "rows were lost or doubled on their way into the target")
      .with("meant", std::to_string(meant))
      .with("changed", std::to_string(changed));
}

Status Statements::drop_tables() const {
  TRY(execute(std::string("DROP TABLE IF EXISTS ") + kMeeting));
  return execute(std::string("DROP TABLE IF EXISTS ") + kStage);
}

Result<std::map<std::string, std::uint64_t>> Statements::actions() const {
  TRY(const auto rows, query(std::string("SELECT _leat_action, count(*) FROM ") + kMeeting +
                             " GROUP BY _leat_action"));
  std::map<std::string, std::uint64_t> counts;
  for (const Row& row : rows) counts[row[0].value_or("")] = number_in({row}, 1);
  return counts;
}

}  // namespace leat::sql_target
