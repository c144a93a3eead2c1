#include "connectors/sqlite/table_rules.hpp"

#include "base/names.hpp"

namespace leat::connectors::sqlite {
namespace {

bool has(const std::string& text, const char* part) { return text.find(part) != text.npos; }

/// Rules that SQLite tells in numbers: NOT NULL, keys, unique indexes, STRICT.
Result<bool> has_listed_rules(sqlite3* database, const std::string& table) {
  TRY(const auto rows,
      leat::sqlite::query(
          database,
          "SELECT EXISTS (SELECT 1 FROM pragma_table_xinfo(?1) WHERE \"notnull\" OR "
          "pk) OR EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE \"unique\") OR "
          "EXISTS (SELECT 1 FROM pragma_table_list(?1) WHERE schema = 'main' AND "
          "(strict OR type = 'virtual'))",
          {table}));
  return rows.at(0).at(0) == "1";
}

}  // namespace

Result<TableRules> rules_of(sqlite3* database, const std::string& table) {
  TableRules rules;
  TRY(const auto parts,
      leat::sqlite::query(database,
                          "SELECT type, name, sql FROM main.sqlite_schema WHERE tbl_name = ?1 "
                          "COLLATE NOCASE ORDER BY type, name",
                          {table}));
  TRY(rules.may_refuse, has_listed_rules(database, table));
  for (const auto& part : parts) {
    const auto sql = to_lower(part[2]);
    rules.declared += part[2] + "\n";
    const bool may_keep = has(sql, "ignore") || has(sql, "instead");
    const bool is_trigger = part[0] == "trigger";
    rules.may_keep = rules.may_keep || may_keep;
    if (is_trigger && may_keep) rules.triggers.push_back(part[1]);
    if (is_trigger || part[0] == "view" || has(sql, "check")) rules.may_refuse = true;
  }
  return rules;
}

Error keeps_rows(const TableRules& rules) {
  const bool is_one = rules.triggers.size() == 1;
  std::string who = "a constraint of the table with ON CONFLICT IGNORE";
  if (!rules.triggers.empty()) {
    who = (is_one ? "trigger " : "one of the triggers ") + join_names(rules.triggers, ", ");
  }
  return Error(Fault::config, who + " keeps rows from where they were sent to, or moves them")
      .refused()
      .hint("where they are nobody can prove: publish to a table that has nothing like it");
}

Status require_same(const TableRules& tried, const TableRules& now, const std::string& place) {
  if (!now.may_refuse || now.declared == tried.declared) return {};
  return Error(Fault::external, place + " was altered since its rows were tried")
      .busy()
      .hint("nothing was published; run again");
}

}  // namespace leat::connectors::sqlite
