#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leat::report {

/// Text made safe for HTML, between tags and in quoted attributes. Control characters become signs
/// that can be seen.
std::string escaped(std::string_view text);
/// At most `bytes_max` bytes of it, cut between characters, with an ellipsis where it was cut.
std::string shortened(std::string_view text, std::size_t bytes_max);

/// `<name attributes>content</name>`; `content` is HTML.
std::string element(std::string_view name, std::string_view attributes, std::string_view content);
/// A name or value that somebody chose: escaped, shortened, and kept apart from its surroundings
/// whatever its direction of writing.
std::string value(std::string_view text, std::size_t bytes_max = 300);
/// A short coloured word; `tone` is good, warn, bad or empty.
std::string badge(std::string_view text, std::string_view tone);
/// A section with its heading; empty where `content` is.
std::string section(std::string_view id, std::string_view heading, std::string_view content);

/// number: set right. tight: short words, which are not broken.
enum class Cell { text, number, tight };

struct Head {
  std::string text;
  Cell kind = Cell::text;
};

/// A table whose rows become cards on a narrow page.
///
/// Shape   Each row has a cell, which is HTML, for every head; the first one names the row.
struct Table {
  std::string caption;
  std::vector<Head> heads;
  std::vector<std::vector<std::string>> rows;
};
std::string table(const Table& table);

/// "12.5 %"; what is not nothing is never shown as nothing, nor what is not all as all.
std::string percent(double share);

}  // namespace leat::report
