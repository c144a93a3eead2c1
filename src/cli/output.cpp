#include "cli/output.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/diagnostics.hpp"
#include "base/exit_code.hpp"
#include "cli/interrupt.hpp"

namespace leat::cli {
namespace {

int& first_failure() {
  static int code = 0;
  return code;
}

/// Columns that a terminal uses for the text: code points, for our own plain text.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return width;
}

bool looks_numeric(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (!((c >= '0' && c <= '9') || c == ',' || c == '.' || c == '-' || c == '%')) return false;
  }
  return true;
}

nlohmann::json diagnostics_json(const Error& error) {
  auto list = nlohmann::json::array();
  for (const auto& d : error.diagnostics()) {
    list.push_back({{"file", d.place.file},
                    {"line", d.place.line},
                    {"column", d.place.column},
                    {"message", d.message},
                    {"hint", d.hint}});
  }
  return list;
}

}  // namespace

std::string Output::paint(const char* code, std::string_view text) const {
  if (!color) return std::string(text);
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

std::string number_text(double value) {
  char text[40];
  std::snprintf(text, sizeof text, std::abs(value) >= 1e7 ? "%.4g" : "%.6g", value);
  return text;
}

std::string score_text(double score) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", score);
  return text;
}

std::string json_text(const nlohmann::json& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void print(std::string_view text) {
  const bool done = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
                    std::fputc('\n', stdout) != EOF;
  if (!done && first_failure() == 0) first_failure() = errno;
}

int finish_printing() {
  if (std::fflush(stdout) != 0 && first_failure() == 0) first_failure() = errno;
  if (std::ferror(stdout) != 0 && first_failure() == 0) first_failure() = EIO;
  return first_failure();
}

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

std::string warning_text(const Diagnostic& warning) {
  const auto& place = warning.place;
  return place.file + ":" + std::to_string(place.line) + ": warning: " + warning.message;
}

void warn(std::string_view text) {
  if (!text.empty()) say("warning: " + std::string(text));
}

std::string printable(std::string_view text, Lines lines) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F, which terminals obey as well.
    const bool is_c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte == '\n' || byte == '\t' || byte == '\r') {
      out += lines == Lines::keep && byte != '\r' ? text[i] : ' ';
    } else if (byte < 0x20 || byte == 0x7F || is_c1) {
      const auto shown = is_c1 ? static_cast<unsigned char>(text[++i]) : byte;
      out += "\\x";
      out += kDigits[shown >> 4];
      out += kDigits[shown & 15];
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string table(const std::vector<std::vector<std::string>>& rows, const Output& output,
                  std::string_view indent) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const auto& cell = rows[r][i];
      const std::string space(widths[i] - width_of(cell), ' ');
      const bool right = r > 0 ? looks_numeric(cell)
                               : rows.size() > 1 && i < rows[1].size() && looks_numeric(rows[1][i]);
      line += (i ? "  " : "") + (right ? space + cell : cell + space);
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    out += std::string(indent) + (r == 0 ? output.dim(line) : line) + "\n";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

void drop_empty_column(std::vector<std::vector<std::string>>& rows, std::size_t column) {
  const auto is_empty = [column](const auto& row) { return row[column].empty(); };
  if (rows.empty() || !std::all_of(rows.begin() + 1, rows.end(), is_empty)) return;
  for (auto& row : rows) row.erase(row.begin() + std::ptrdiff_t(column));
}

int report_error(const Error& error, const Output& output, std::string_view command) {
  const int by_signal = error.is_cancelled() ? interrupted_code() : 0;
  const int code = std::max(exit_code_of(error), by_signal);
  if (output.json) {
    const nlohmann::json object{{"schema", "leat." + std::string(command) + "/1"},
                                {"ok", false},
                                {"exit", code},
                                {"fault", name_of(error.fault())},
                                {"error", error.text()},
                                {"hint", error.hint_text()},
                                {"diagnostics", diagnostics_json(error)}};
    print(json_text(object));
  }
  if (!error.diagnostics().empty()) {
    say(app::render(error.diagnostics(), output.terminal && output.color));
    return code;
  }
  say("error: " + printable(error.text(), Lines::keep));
  if (!error.hint_text().empty()) say("  hint: " + printable(error.hint_text(), Lines::keep));
  if (error.fault() == Fault::internal) {
    say("This is a bug in leat; nothing was published. Please report it with the command.");
  }
  return code;
}

}  // namespace leat::cli
