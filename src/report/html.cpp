#include "report/html.hpp"

#include <array>
#include <cstdio>

#include "base/quantity.hpp"

namespace leat::report {
namespace {

/// U+2400 and what follows it are pictures of the control characters.
std::string picture_of(unsigned char control) {
  return {char(0xe2), char(0x90), char(0x80 + (control == 0x7f ? 0x21 : control))};
}

bool is_control(unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; }

std::string class_of(Cell kind) {
  switch (kind) {
    case Cell::text: return "";
    case Cell::number: return " class=\"n\"";
    case Cell::tight: return " class=\"t\"";
  }
  return "";
}

std::string cell(std::string_view content, const Head& head) {
  const auto attributes =
      "role=\"cell\" data-head=\"" + escaped(head.text) + "\"" + class_of(head.kind);
  if (content.empty()) return element("td", attributes, "");
  return element("td", attributes, element("div", "", content));
}

std::string row_of(const std::vector<std::string>& cells, const std::vector<Head>& heads) {
  std::string out = element("th", "role=\"rowheader\" scope=\"row\"", cells.front());
  for (std::size_t i = 1; i < cells.size(); ++i) out += cell(cells[i], heads[i]);
  return element("tr", "role=\"row\"", out) + "\n";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        if (is_control(static_cast<unsigned char>(c))) {
          out += picture_of(static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  auto end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string element(std::string_view name, std::string_view attributes, std::string_view content) {
  std::string out = "<" + std::string(name);
  if (!attributes.empty()) out += " " + std::string(attributes);
  out += ">";
  return out + std::string(content) + "</" + std::string(name) + ">";
}

std::string value(std::string_view text, std::size_t bytes_max) {
  return element("bdi", "class=\"value\"", escaped(shortened(text, bytes_max)));
}

std::string badge(std::string_view text, std::string_view tone) {
  return element("span", "class=\"badge " + std::string(tone) + "\"", escaped(text));
}

std::string section(std::string_view id, std::string_view heading, std::string_view content) {
  if (content.empty()) return "";
  const std::string name(id);
  return element("section", "id=\"" + name + "\" aria-labelledby=\"" + name + "-heading\"",
                 "\n" + element("h2", "id=\"" + name + "-heading\"", escaped(heading)) + "\n" +
                     std::string(content) + "\n") +
         "\n";
}

std::string table(const Table& table) {
  std::string heads;
  for (const auto& head : table.heads) {
    const std::string attributes = "role=\"columnheader\" scope=\"col\"";
    heads += element("th", attributes + class_of(head.kind), escaped(head.text));
  }
  std::string rows;
  for (const auto& row : table.rows) rows += row_of(row, table.heads);
  const auto group = "role=\"rowgroup\"";
  const auto caption = escaped(table.caption);
  const auto inner = element("caption", "", caption) +
                     element("thead", group, element("tr", "role=\"row\"", heads)) + "\n" +
                     element("tbody", group, "\n" + rows);
  return element("div",
                 "class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" + caption + "\"",
                 element("table", "role=\"table\"", inner)) +
         "\n";
}

std::string percent(double share) {
  if (share <= 0) return "0\u00a0%";
  if (share >= 1) return "100\u00a0%";
  if (share < 0.001) return "< 0.1\u00a0%";
  if (share > 0.999) return "> 99.9\u00a0%";
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%.1f\u00a0%%", share * 100);
  return text.data();
}

}  // namespace leat::report
