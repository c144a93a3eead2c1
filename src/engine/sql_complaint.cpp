#include "engine/sql_complaint.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/names.hpp"

namespace leat::engine {
namespace {

using Names = std::vector<std::string>;

/// The part of `text` between two words; nothing when one of them is not there.
std::optional<std::string> between(std::string_view text, std::string_view before,
                                   std::string_view after) {
  const auto start = text.find(before);
  if (start == std::string_view::npos) return std::nullopt;
  const auto from = start + before.size();
  const auto end = text.find(after, from);
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(text.substr(from, end - from));
}

/// Everything that stands in double quotes.
Names quoted_names(std::string_view text) {
  Names names;
  while (const auto name = between(text, "\"", "\"")) {
    names.push_back(*name);
    text.remove_prefix(text.find('"') + name->size() + 2);
  }
  return names;
}

std::string first_line(std::string_view text) {
  std::string line(text.substr(0, text.find('\n')));
  while (!line.empty() && (line.back() == '!' || line.back() == ' ')) line.pop_back();
  return line;
}

/// The lines behind the first one, as one.
std::string other_lines(std::string_view text) {
  std::string rest;
  const auto end = text.find('\n');
  for (const char c : end == std::string_view::npos ? std::string_view() : text.substr(end + 1)) {
    const bool gap = c == '\n' || c == '\t' || c == ' ';
    if (!gap) rest += c;
    if (gap && !rest.empty() && rest.back() != ' ') rest += ' ';
  }
  while (!rest.empty() && rest.back() == ' ') rest.pop_back();
  return rest;
}

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Where a name stands in the SQL, when it stands there once.
std::optional<std::size_t> only_place(const std::string& sql, const std::string& name) {
  const auto text = to_lower(sql);
  const auto word = to_lower(name);
  std::optional<std::size_t> found;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const bool inside = (at > 0 && is_word(text[at - 1])) ||
                        (at + word.size() < text.size() && is_word(text[at + word.size()]));
    if (inside) continue;
    if (found) return std::nullopt;
    found = at;
  }
  return found;
}

/// What a complaint is about, besides its sentence.
struct Explained {
  std::string message;
  std::string hint;
  std::string name;  ///< The name that is wrong; may be empty.
};

Explained missing_column(const std::string& name, const std::string& message,
                         const Names& columns) {
  Names known = quoted_names(other_lines(message));
  for (const auto& column : columns) {
    if (std::find(known.begin(), known.end(), column) == known.end()) known.push_back(column);
  }
  const auto table = between(message, " \"", "\" does not have a column");
  const std::string said = table ? "`" + *table + "` has no column `" : "there is no column `";
  return {said + name + "`", name_hint(name, known), name};
}

/// "upper(VARCHAR), upper(BLOB)": what the engine would take, without what it gives back.
std::string signatures(const std::string& list) {
  constexpr std::size_t kShown = 3;
  Names all;
  for (std::size_t at = 0; at < list.size();) {
    const auto arrow = list.find(" -> ", at);
    if (arrow == std::string::npos) break;
    all.push_back(list.substr(at, arrow - at));
    // What it gives back may have blanks: the next one begins with the same name.
    const auto name = all.front().substr(0, all.front().find('('));
    const auto next = list.find(" " + name + "(", arrow + 4);
    at = next == std::string::npos ? list.size() : next + 1;
  }
  std::string shown;
  for (std::size_t i = 0; i < all.size() && i < kShown; ++i) shown += (i ? ", " : "") + all[i];
  if (all.size() > kShown) shown += ", and " + std::to_string(all.size() - kShown) + " more";
  return shown;
}

Explained no_function(const std::string& call, const std::string& message) {
  const auto list = message.find("Candidate functions:");
  const auto known = list == std::string::npos ? "" : signatures(other_lines(message.substr(list)));
  const auto name = call.substr(0, call.find('('));
  std::string types = call;
  for (const std::string literal : {"INTEGER_LITERAL", "STRING_LITERAL"}) {
    for (auto at = types.find(literal); at != std::string::npos; at = types.find(literal)) {
      types.replace(at, literal.size(), literal[0] == 'I' ? "INTEGER" : "VARCHAR");
    }
  }
  return {"there is no " + types, known.empty() ? "" : "it takes " + known + ": cast what it gets",
          name};
}

Explained explained(const std::string& message, const Names& columns) {
  const auto line = first_line(message);
  for (const char* before :
       {"Referenced column \"", "does not have a column named \"", "Column \""}) {
    const auto name = between(line, before, "\"");
    const bool missing = line.find("not found in FROM") != std::string::npos ||
                         line.find("not have a column") != std::string::npos ||
                         line.find("does not exist") != std::string::npos;
    if (name && missing) return missing_column(*name, message, columns);
  }
  if (const auto call = between(line, "argument types '", "'")) return no_function(*call, message);
  const auto meant = between(message, "Did you mean \"", "\"");
  const std::string hint = meant ? "did you mean `" + *meant + "`?" : other_lines(message);
  for (const auto& [before, what] :
       {std::pair("Function with name ", "function"), std::pair("Type with name ", "type")}) {
    if (const auto name = between(line, before, " does not exist")) {
      return {std::string("there is no ") + what + " `" + *name + "`", hint, *name};
    }
  }
  return {line, hint, ""};
}

}  // namespace

SqlComplaint explain_sql(const std::string& message, std::int64_t offset, const std::string& sql,
                         const std::vector<std::string>& columns) {
  auto found = explained(message, columns);
  SqlComplaint complaint;
  complaint.message = std::move(found.message);
  complaint.hint = std::move(found.hint);
  complaint.has_offset = offset >= 0;
  complaint.offset = offset < 0 ? 0 : std::size_t(offset);
  if (found.name.empty()) return complaint;
  if (!complaint.has_offset) {
    const auto place = only_place(sql, found.name);
    complaint.has_offset = place.has_value();
    complaint.offset = place.value_or(0);
  }
  // Of `table.column` the engine points at the table.
  const auto dot = sql.find('.', complaint.offset);
  const bool qualified = dot != std::string::npos &&
                         to_lower(sql.substr(dot + 1, found.name.size())) == to_lower(found.name) &&
                         std::all_of(sql.begin() + std::ptrdiff_t(std::min(complaint.offset, dot)),
                                     sql.begin() + std::ptrdiff_t(dot), is_word);
  if (complaint.has_offset && qualified) complaint.offset = dot + 1;
  const auto there =
      to_lower(sql.substr(std::min(complaint.offset, sql.size()), found.name.size()));
  if (complaint.has_offset && there == to_lower(found.name)) complaint.length = int(there.size());
  return complaint;
}

}  // namespace leat::engine
