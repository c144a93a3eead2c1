#include "report/render.hpp"

#include <map>

#include "base/assert.hpp"
#include "report/html.hpp"
#include "report/lineage_svg.hpp"
#include "report/page_text.hpp"
#include "report/sections.hpp"

namespace leat::report {
namespace {

using Slots = std::map<std::string, std::string, std::less<>>;

/// Puts the slots in, once: what stands in a slot is not looked at again.
std::string filled(std::string_view page, const Slots& slots) {
  std::string out;
  for (auto open = page.find("{{"); open != page.npos; open = page.find("{{")) {
    const auto close = page.find("}}", open);
    out += page.substr(0, open);
    const auto slot = slots.find(page.substr(open + 2, close - open - 2));
    LEAT_ASSERT(slot != slots.end());
    out += slot->second;
    page.remove_prefix(close + 2);
  }
  return out + std::string(page);
}

struct Part {
  std::string_view id;
  std::string_view heading;
  std::string (*content)(const json& run);
};

constexpr Part kParts[] = {
    {"summary", "Summary", summary},
    {"sinks", "Sinks", sinks},
    {"checks", "Checks", checks},
    {"quarantine", "Quarantine", quarantine},
    {"score", "Score by dimension", score},
    {"lineage", "Lineage", lineage},
    {"columns", "Columns", columns},
    {"receipts", "Receipts", receipts},
    {"queries", "SQL as executed", queries},
};

}  // namespace

Result<std::string> render(std::string_view run_json, std::string_view leat_version) {
  const auto run = json::parse(run_json, nullptr, false);
  if (!run.is_object()) return Error(Fault::data, "this is no report of a run");
  std::string sections;
  std::string links;
  for (const auto& part : kParts) {
    const auto made = section(part.id, part.heading, part.content(run));
    if (made.empty()) continue;
    sections += made;
    links +=
        element("li", "",
                element("a", "href=\"#" + std::string(part.id) + "\"", escaped(part.heading))) +
        "\n";
  }
  const auto pipeline = escaped(shortened(text_of(run, "pipeline"), 200));
  return filled(page_html, {{"title", pipeline + ": " + escaped(text_of(run, "status"))},
                            {"css", std::string(page_css)},
                            {"header", header(run)},
                            {"navigation", element("ul", "", "\n" + links) + "\n"},
                            {"sections", sections},
                            {"footer", "Written by leat " + escaped(leat_version) + "."}});
}

}  // namespace leat::report
