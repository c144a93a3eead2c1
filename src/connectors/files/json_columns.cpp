#include "connectors/files/json_columns.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace leat::connectors::files {
namespace {

constexpr int kDigitsOfADouble = 15;

/// In "STRUCT(a DECIMAL(18,2)[])": 18.
int widest_decimal_in(const std::string& nested) {
  static constexpr std::string_view kDecimal = "DECIMAL(";
  int widest = 0;
  for (auto at = nested.find(kDecimal); at != std::string::npos; at = nested.find(kDecimal, at)) {
    at += kDecimal.size();
    int width = 0;
    std::from_chars(nested.data() + at, nested.data() + nested.size(), width);
    widest = std::max(widest, width);
  }
  return widest;
}

/// Numbers of JSON are read as doubles; wider ones would come back as others.
bool comes_back_from_json(const data::Type& type) {
  const bool is_wide = type.id == data::TypeId::int128 || type.id == data::TypeId::uint128 ||
                       (type.id == data::TypeId::decimal && type.width > kDigitsOfADouble);
  const auto has = [&](const char* name) { return type.sql_name.find(name) != std::string::npos; };
  const bool nests_wide =
      type.id == data::TypeId::other &&
      (has("HUGEINT") || has("BIGNUM") || widest_decimal_in(type.sql_name) > kDigitsOfADouble);
  return !is_wide && !nests_wide;
}

/// Within texts of a column that another format has, such as CSV, nothing says which of them JSON
/// wrote for bytes, for bits or for a JSON null.
bool has_own_texts(const data::Type& type) {
  return read_from_json(type) != data::sql_of(type) ||
         type.sql_name.find("JSON") != std::string::npos;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

std::string read_from_json(const data::Type& type) {
  const std::string written = data::sql_of(type);
  if (written.starts_with("ENUM")) return "VARCHAR";
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < written.size();) {
    const char c = written[i];
    if (quote == 0 && is_letter(c)) {
      auto end = i;
      while (end < written.size() && (is_letter(written[end]) || is_digit(written[end]))) ++end;
      const auto word = written.substr(i, end - i);
      const bool is_name = end < written.size() && written[end] == ' ';  // Of a field.
      out += !is_name && (word == "BLOB" || word == "BIT") ? "VARCHAR" : word;
      i = end;
      continue;
    }
    if (quote == 0 ? (c == '"' || c == '\'') : c == quote) quote = quote == 0 ? c : 0;
    out += c;
    ++i;
  }
  return out;
}

Status require_exact_json(const data::Schema& schema, bool only_nested) {
  for (const data::Column& column : schema.columns) {
    if (only_nested && !column.type.is_nested()) continue;
    const bool keeps_digits = comes_back_from_json(column.type);
    if (keeps_digits && !(only_nested && has_own_texts(column.type))) continue;
    return Error(Fault::config, "column `" + column.name + "` of type " +
                                    data::sql_of(column.type) + " cannot be read from JSON again " +
                                    (keeps_digits ? "as it went there" : "to the last digit") +
                                    ", which this strategy must")
        .hint(std::string("cast it to VARCHAR in the model, or publish to parquet") +
              (only_nested ? "" : " or csv"));
  }
  return {};
}

}  // namespace leat::connectors::files
