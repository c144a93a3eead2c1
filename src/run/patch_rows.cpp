#include "run/patch_rows.hpp"

#include <algorithm>
#include <functional>

#include "base/names.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"

namespace leat::run {
namespace {

/// Expressions of new values, by column.
using NewValues = std::map<std::string, std::string>;

std::string name_in(const data::Column& column) { return quote_identifier(column.name); }

/// The values of all columns as one JSON text.
std::string object_sql(const data::Schema& columns, const NewValues& values) {
  std::string fields;
  for (const auto& column : columns.columns) {
    const auto found = values.find(column.name);
    const auto value = found == values.end() ? name_in(column) : found->second;
    fields += (fields.empty() ? "" : ", ") + quote_literal(column.name) + ": CAST(" + value +
              " AS VARCHAR)";
  }
  return "CAST(to_json({" + fields + "}) AS VARCHAR)";
}

std::string where_sql(const std::string& where) {
  return where.empty() ? "" : " WHERE (" + where + "\n)";
}

Result<PatchedValues> values_of(LiveRun& run, const std::string& select) {
  TRY(const auto found, run.session->select(select));
  PatchedValues values;
  for (const auto& row : found.rows) {
    values[row[0].value_or("")][std::stoull(row[1].value_or("0"))] = row[2].value_or("");
  }
  return values;
}

/// A value that nobody could read must not become null by the way. `is_set`: SQL over a row, true
/// where the column of that name gets a value.
Status refuse_lost(LiveRun& run, const std::string& rows, const data::Schema& columns,
                   const std::function<std::string(const data::Column&)>& is_set) {
  std::string list;
  std::string all = "true";
  for (const auto& column : columns.columns) {
    const auto set = is_set(column);
    all += " AND " + set;
    list += (list.empty() ? "" : " || ") + std::string("CASE WHEN NOT (") + set +
            ") AND (leat_lost = '*' OR contains(',' || leat_lost, " +
            quote_literal("," + column.name + ",") + ")) THEN " +
            quote_literal(column.name + ", ") + " ELSE '' END";
  }
  TRY(const auto found,
      run.session->select("SELECT lost, count(*) FROM (SELECT " + list + " AS lost FROM " + rows +
                          ") WHERE lost <> '' GROUP BY lost ORDER BY 2 DESC LIMIT 1"));
  if (found.rows.empty()) return {};
  auto names = found.rows[0][0].value_or("");
  names.resize(names.size() - 2);
  const auto count = std::stoull(found.rows[0][1].value_or("0"));
  return Error(Fault::config, "of " + counted(count, "row") +
                                  " these columns cannot be read and get no value: " + names)
      .hint("nothing was changed; set them too, or name other rows");
}

/// What an edited file calls what is no column of the dataset, where one may have that very name.
std::string name_beside(const data::Schema& columns, std::string name) {
  while (columns.find(name)) name = "quarantine_" + name;
  return name;
}

Error no_column(const std::string& name, const data::Schema& columns) {
  return Error(Fault::config, "there is no column `" + name + "`")
      .hint(name_hint(name, columns.names()));
}

}  // namespace

Result<PatchedValues> patch_by_sql(LiveRun& run, const RowsByColumn& rows,
                                   const data::Schema& columns,
                                   const std::vector<std::pair<std::string, std::string>>& set,
                                   const std::string& where) {
  NewValues values;
  for (const auto& [name, expression] : set) {
    const auto at = columns.find(name);
    if (!at) return no_column(name, columns);
    const auto& column = columns.columns[*at];
    values[column.name] = "CAST((" + expression + "\n) AS " + data::sql_of(column.type) + ")";
  }
  const auto meant = "(SELECT * FROM " + rows.from_sql + where_sql(where) + ")";
  auto patched = values_of(
      run, "SELECT leat_publish, leat_row, " + object_sql(columns, values) + " FROM " + meant);
  if (!patched.ok()) {
    return Error(Fault::config, patched.error().message())
        .hint(
            "an expression is SQL over the columns of the dataset, and `quarantine.raw`, "
            "`quarantine.file`, `quarantine.message`")
        .during("while patching rows");
  }
  TRY(refuse_lost(run, meant, columns, [&](const data::Column& column) {
    return std::string(values.contains(column.name) ? "true" : "false");
  }));
  return patched;
}

namespace {

/// An edited file beside the rows that it was written from.
class EditedRows {
 public:
  EditedRows(LiveRun& run, const RowsByColumn& rows, const data::Schema& columns,
             const std::filesystem::path& edited)
      : x_run(run),
        x_columns(columns),
        x_edited(edited),
        x_id(name_beside(columns, "publish_id")),
        x_row(name_beside(columns, "row")) {
    const auto name = quote_literal(edited.string());
    x_file = to_lower(edited.extension().string()) == ".csv"
                 ? "read_csv(" + name +
                       ", header = true, all_varchar = true, allow_quoted_nulls = false)"
                 : "read_json_auto(" + name + ")";
    x_both = x_file + " AS leat_new LEFT JOIN " + rows.from_sql + " AS leat_old ON " + new_id() +
             " = leat_old.leat_publish AND TRY_CAST(" + new_row() +
             " AS BIGINT) = leat_old.leat_row";
  }

  Status find_columns() {
    TRY(const auto found, x_run.session->describe("SELECT * FROM " + x_file));
    // A file of an older program has a dataset's `message` twice, and ours would be taken for it.
    for (const auto* own : {"publish_id", "row", "failed_checks", "message", "raw"}) {
      const auto needed = name_beside(x_columns, own);
      const bool is_needed = needed == x_id || needed == x_row || needed != own;
      if (!is_needed || found.find(needed)) continue;
      return Error(Fault::config, x_edited.string() + " has no column `" + needed + "`")
          .hint("`leat quarantine show … -o csv` writes files to edit");
    }
    for (const auto& column : x_columns.columns) {
      if (found.find(column.name)) x_edits.push_back(&column);
    }
    if (!x_edits.empty()) return {};
    return Error(Fault::config, x_edited.string() + " has none of the dataset's columns");
  }

  /// Every row stands, comes once, and every value fits its column.
  Status judge() {
    TRY(const auto strange,
        x_run.session->select("SELECT " + new_id() + ", " + new_row() + " FROM " + x_both +
                              " WHERE leat_old.leat_row IS NULL LIMIT 1"));
    if (!strange.rows.empty()) {
      return Error(Fault::config, "row " + strange.rows[0][1].value_or("?") + " of publish " +
                                      strange.rows[0][0].value_or("?") +
                                      " does not stand in quarantine")
          .hint("nothing was changed; it may have been replayed or dropped since");
    }
    TRY(const auto doubled, x_run.session->select("SELECT leat_publish, leat_row FROM " + x_both +
                                                  " GROUP BY ALL HAVING count(*) > 1 LIMIT 1"));
    if (!doubled.rows.empty()) {
      return Error(Fault::config, "row " + doubled.rows[0][1].value_or("?") + " of publish " +
                                      doubled.rows[0][0].value_or("?") + " comes more than once")
          .hint("nothing was changed; leave one line of it");
    }
    return judge_values();
  }

  Status judge_values() {
    std::string wrong;
    for (const auto* column : x_edits) {
      wrong += " WHEN " + text_of(*column) + " IS NOT NULL AND " + value_of(*column) +
               " IS NULL THEN " + quote_literal(column->name + ": `") + " || " + text_of(*column) +
               " || " + quote_literal("` is not " + data::with_article(column->type));
    }
    TRY(const auto misfits,
        x_run.session->select("SELECT leat_row, CASE" + wrong + " END AS leat_wrong FROM " +
                              x_both + " WHERE leat_wrong IS NOT NULL LIMIT 1"));
    if (misfits.rows.empty()) return {};
    return Error(Fault::config,
                 "row " + misfits.rows[0][0].value_or("?") + ": " + misfits.rows[0][1].value_or(""))
        .hint("nothing was changed");
  }

  /// The rows that differ now, with the columns of the dataset.
  std::string changed_sql() const {
    std::string list;
    std::string changed;
    for (const auto& column : x_columns.columns) {
      const bool is_edited = std::find(x_edits.begin(), x_edits.end(), &column) != x_edits.end();
      list += ", " + (is_edited ? value_of(column) : "leat_old." + name_in(column)) + " AS " +
              name_in(column);
      if (!is_edited) continue;
      changed += (changed.empty() ? "" : " OR ") + text_of(column) +
                 " IS DISTINCT FROM CAST(leat_old." + name_in(column) + " AS VARCHAR)";
    }
    return "(SELECT leat_publish, leat_row, leat_lost" + list + " FROM " + x_both + " WHERE " +
           changed + ")";
  }

 private:
  std::string new_id() const { return "leat_new." + quote_identifier(x_id); }
  std::string new_row() const { return "leat_new." + quote_identifier(x_row); }
  static std::string text_of(const data::Column& column) {
    return "CAST(leat_new." + name_in(column) + " AS VARCHAR)";
  }
  static std::string value_of(const data::Column& column) {
    return "TRY_CAST(" + text_of(column) + " AS " + data::sql_of(column.type) + ")";
  }

  LiveRun& x_run;
  const data::Schema& x_columns;
  const std::filesystem::path& x_edited;
  std::string x_id;
  std::string x_row;
  std::string x_file;
  std::string x_both;
  std::vector<const data::Column*> x_edits;  ///< Those that the file has.
};

}  // namespace

Result<PatchedValues> patch_by_file(LiveRun& run, const RowsByColumn& rows,
                                    const data::Schema& columns,
                                    const std::filesystem::path& edited) {
  EditedRows edits(run, rows, columns, edited);
  TRY(edits.find_columns());
  TRY(edits.judge());
  const auto meant = edits.changed_sql();
  TRY(refuse_lost(run, meant, columns,
                  [](const data::Column& column) { return name_in(column) + " IS NOT NULL"; }));
  return values_of(run,
                   "SELECT leat_publish, leat_row, " + object_sql(columns, {}) + " FROM " + meant);
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> rows_where(LiveRun& run,
                                                                      const RowsByColumn& rows,
                                                                      const std::string& where) {
  TRY(const auto found, run.session->select("SELECT leat_publish, leat_row FROM " + rows.from_sql +
                                            where_sql(where) + " ORDER BY ALL"));
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const auto& row : found.rows) {
    out.emplace_back(row[0].value_or(""), std::stoull(row[1].value_or("0")));
  }
  return out;
}

std::string edit_sql(const RowsByColumn& rows, const data::Schema& columns) {
  std::string list;
  for (const auto& column : columns.columns) {
    list += ", CAST(" + name_in(column) + " AS VARCHAR) AS " + name_in(column);
  }
  const auto as = [&](const char* name) {
    return " AS " + quote_identifier(name_beside(columns, name));
  };
  return "SELECT leat_publish" + as("publish_id") + ", leat_row" + as("row") +
         ", array_to_string(quarantine.failed_checks, '; ')" + as("failed_checks") +
         ", quarantine.message" + as("message") + list + ", quarantine.raw" + as("raw") + " FROM " +
         rows.from_sql + " ORDER BY leat_publish, quarantine.file, quarantine.record_no, leat_row";
}

}  // namespace leat::run
