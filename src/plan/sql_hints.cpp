#include "plan/sql_hints.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat::plan {
namespace {

/// What stands between the first pair of double quotes behind `start`.
std::string quoted_behind(const std::string& message, std::string_view start) {
  const auto at = message.find(start);
  if (at == message.npos) return "";
  const auto from = at + start.size();
  const auto end = message.find('"', from);
  return end == message.npos ? "" : message.substr(from, end - from);
}

/// A dataset that is named like a word of SQL.
std::string reserved_hint(const std::string& word, const std::vector<std::string>& names) {
  const auto same = [&](const std::string& name) { return is_same_name(name, word); };
  if (std::none_of(names.begin(), names.end(), same)) return "";
  return "`" + word + "` is a word of SQL: quote it, \"" + word +
         "\", or give the dataset another name";
}

bool says(const engine::SqlComplaint& complaint, std::string_view words) {
  return complaint.message.find(words) != std::string::npos;
}

}  // namespace

std::string sql_word_hint(const engine::SqlComplaint& complaint, const std::string& sql,
                          const std::vector<std::string>& names) {
  const auto word = quoted_behind(complaint.message, "syntax error at or near \"");
  if (!word.empty()) {
    const auto reserved = reserved_hint(word, names);
    return reserved.empty() ? "look at what stands just before it, too" : reserved;
  }
  const bool is_quoted = complaint.has_offset && sql.substr(complaint.offset, 1) == "\"";
  if (!says(complaint, "there is no column") || !is_quoted ||
      complaint.hint.starts_with("did you mean")) {
    return complaint.hint;
  }
  const auto end = sql.find('"', complaint.offset + 1);
  const auto text = sql.substr(complaint.offset + 1, end - complaint.offset - 1);
  return "double quotes name a column; a text stands in single ones: " + quote_literal(text);
}

std::string model_hint(const engine::SqlComplaint& complaint, const std::string& sql,
                       const std::vector<std::string>& names) {
  if (says(complaint, "a second statement follows")) {
    return "write a model for each; a model may read models";
  }
  if (says(complaint, "only a SELECT may stand here")) {
    return "write the SELECT alone: a sink makes its table";
  }
  return sql_word_hint(complaint, sql, names);
}

}  // namespace leat::plan
