#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace leat::cli {

/// How and where a command speaks. Results go to stdout, all else to stderr.
struct Output {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool color = false;     ///< Of stdout.
  bool terminal = false;  ///< stderr is one: live progress.

  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }
  std::string red(std::string_view text) const { return paint("31", text); }
  std::string green(std::string_view text) const { return paint("32", text); }
  std::string yellow(std::string_view text) const { return paint("33", text); }

 private:
  std::string paint(const char* code, std::string_view text) const;
};

/// With so many digits as people read.
std::string number_text(double value);
/// Of 100, with two decimals.
std::string score_text(double score);
/// On one line; bytes that are no UTF-8 are replaced.
std::string json_text(const nlohmann::json& object);

void print(std::string_view text);  ///< To stdout.
/// Sends out all that was printed. 0, or the `errno` of the first write that failed.
int finish_printing();
void say(std::string_view text);   ///< To stderr.
void warn(std::string_view text);  ///< To stderr as a warning; an empty text is none.
std::string warning_text(const Diagnostic& warning);  ///< "flow.yml:3:5: warning: …"

/// Text of data, so that it cannot steer a terminal: control characters as `\xHH`. Blanks for line
/// ends and tabs, unless lines are to stay.
enum class Lines { join, keep };
std::string printable(std::string_view text, Lines lines = Lines::join);

/// Columns of text, the first row being the heads; numbers are set right.
std::string table(const std::vector<std::vector<std::string>>& rows, const Output& output,
                  std::string_view indent = "");

/// Takes a column out of a table where no row but the heads has anything in it.
void drop_empty_column(std::vector<std::vector<std::string>>& rows, std::size_t column);

/// Shows an error once, with diagnostics or hint, and says what exit code it means.
int report_error(const Error& error, const Output& output, std::string_view command);

}  // namespace leat::cli
