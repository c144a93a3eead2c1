#include "report/sections.hpp"

#include <map>

#include "base/clock.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "report/charts.hpp"
#include "report/html.hpp"

namespace leat::report {
namespace {

std::string tone_of(const std::string& status) {
  if (status == "success" || status == "published") return "good";
  if (status == "unchanged") return "";
  if (status == "held" || status == "partial" || status == "interrupted") return "warn";
  return "bad";
}

std::string fact(std::string_view label, const std::string& html) {
  return element("li", "", escaped(label) + " " + element("b", "", html)) + "\n";
}

std::string card(std::string_view label, const std::string& figure) {
  return element("div", "", element("dt", "", escaped(label)) + element("dd", "", figure)) + "\n";
}

std::uint64_t sum(const json& entries, const char* key, const char* kind = nullptr) {
  std::uint64_t total = 0;
  for (const auto& entry : entries) {
    if (kind == nullptr || text_of(entry, "kind") == kind) total += count_of(entry, key);
  }
  return total;
}

/// What the receipts of this run say, once a dataset; of a run of several slices the last ones.
std::uint64_t filtered(const json& run) {
  std::map<std::string, std::uint64_t> by_dataset;
  for (const auto& sink : list_of(run, "sinks")) {
    by_dataset[text_of(sink, "from")] = count_of(object_of(sink, "receipt"), "rows_filtered");
  }
  std::uint64_t total = 0;
  for (const auto& [dataset, rows] : by_dataset) total += rows;
  return total;
}

/// Two digits, cut and not rounded: what is not all is never shown as 100.
std::string figure(double number) {
  const auto text = std::to_string(number);
  return text.substr(0, text.find('.') + 3);
}

std::string notes(const json& run) {
  std::string out;
  for (const auto& warning : list_of(run, "warnings")) {
    if (!warning.is_string()) continue;
    out += element("p", "class=\"note\"", escaped(warning.get<std::string>())) + "\n";
  }
  for (const auto& sink : list_of(run, "sinks")) {
    const auto name = value(text_of(sink, "name"));
    for (const auto& reason : list_of(sink, "reasons")) {
      if (!reason.is_string()) continue;
      out += element("p", "class=\"note\"",
                     name + " is " + escaped(text_of(sink, "verdict")) + ": " +
                         escaped(reason.get<std::string>())) +
             "\n";
    }
    const auto error = text_of(sink, "error");
    if (error.empty()) continue;
    out += element("p", "class=\"note bad\"", name + " failed: " + escaped(error)) + "\n";
  }
  return out;
}

std::string datasets(const json& nodes) {
  Table out{"What ran",
            {{"Dataset"},
             {"Kind", Cell::tight},
             {"Rows in", Cell::number},
             {"Quarantined", Cell::number},
             {"Not decoded", Cell::number},
             {"Passed on", Cell::number},
             {"Took", Cell::number}},
            {}};
  for (const auto& node : nodes) {
    const auto took = Micros(std::int64_t(count_of(node, "elapsed_us")));
    out.rows.push_back({value(text_of(node, "name")), escaped(text_of(node, "kind")),
                        format_count(count_of(node, "read")),
                        format_count(count_of(node, "quarantined")),
                        format_count(count_of(node, "undecodable")),
                        format_count(count_of(node, "passed_on")), escaped(format_duration(took))});
  }
  return out.rows.empty() ? "" : table(out);
}

std::string field(std::string_view label, const std::string& html) {
  return element("dt", "", escaped(label)) + element("dd", "", html) + "\n";
}

std::string accounts(const json& receipt) {
  const bool adds_up = receipt.contains("row_wise") && receipt["row_wise"] == true;
  std::string out = format_count(count_of(receipt, "rows_read")) + " read";
  std::string_view between = adds_up ? " = " : ", ";
  for (const auto* what : {"published", "quarantined", "filtered", "deduplicated"}) {
    const auto key = "rows_" + std::string(what);
    out += std::string(between) + format_count(count_of(receipt, key.c_str())) + " " + what;
    between = adds_up ? " + " : ", ";
  }
  if (adds_up) return out;
  return out + " (a join or an aggregate lies between, so these need not add up)";
}

std::string place_in_lane(const json& receipt) {
  const auto number = count_of(receipt, "counter");
  if (number <= 1) return "1, the first";
  return std::to_string(number) + ", after " + value(text_of(receipt, "previous_publish_id"));
}

/// "t.price DOUBLE → DECIMAL(10,2), EUR → USD"
std::string change_of(const json& change) {
  const auto from_to = [&](const char* from, const char* to, const char* nothing) {
    const auto was = text_of(change, from);
    const auto is = text_of(change, to);
    if (was == is) return std::string();
    return " " + value(was.empty() ? nothing : was, 80) + " → " +
           value(is.empty() ? nothing : is, 80);
  };
  return value(text_of(change, "dataset")) + "." + value(text_of(change, "column")) +
         from_to("from", "to", "nothing") + from_to("units_from", "units_to", "no units");
}

std::string changes_of(const json& receipt) {
  std::string out;
  for (const auto& change : list_of(receipt, "schema_changes")) {
    out += (out.empty() ? "" : ", ") + change_of(change);
  }
  return out.empty() ? "" : field("Columns since the publish before", out);
}

std::string receipt_of(const json& sink) {
  const auto& receipt = object_of(sink, "receipt");
  if (receipt.empty()) return "";
  std::string fields = field("Receipt", value(text_of(receipt, "publish_id")));
  fields += field("Number in its lane", place_in_lane(receipt));
  fields += field("Rows", accounts(receipt));
  fields += changes_of(receipt);
  const auto checksum = text_of(receipt, "checksum");
  if (!checksum.empty()) fields += field("Checksum of the rows", value(checksum));
  fields += field("Committed", escaped(text_of(receipt, "committed_at")));
  fields += field("Pipeline version", value(text_of(receipt, "pipeline_version")));
  fields += field("Guarantee", escaped(text_of(sink, "guarantee")));
  fields += field("Look at the data", element("code", "", escaped(text_of(sink, "how_to_look"))));
  return element("h3", "", value(text_of(sink, "name"))) +
         element("dl", "class=\"receipt\"", "\n" + fields) + "\n";
}

}  // namespace

std::string header(const json& run) {
  const auto status = text_of(run, "status");
  std::string facts = fact("Run", value(text_of(run, "run_id")));
  facts += fact("Started", escaped(text_of(run, "started_at").substr(0, 19)) + "Z");
  facts +=
      fact("Took", escaped(format_duration(Micros(std::int64_t(count_of(run, "elapsed_us"))))));
  if (const auto owner = text_of(run, "owner"); !owner.empty())
    facts += fact("Owner", value(owner));
  facts += fact("Environment", value(text_of(run, "environment")));
  facts += fact("Slices", format_count(count_of(run, "slices")));
  const auto description = text_of(run, "description");
  const auto about =
      description.empty() ? "" : element("p", "class=\"soft\"", escaped(description)) + "\n";
  return element("h1", "",
                 element("bdi", "", escaped(shortened(text_of(run, "pipeline"), 200))) + " " +
                     badge(status, tone_of(status))) +
         "\n" + about + element("ul", "class=\"facts\"", "\n" + facts) + "\n";
}

std::string summary(const json& run) {
  const auto& nodes = list_of(run, "nodes");
  std::string cards = card("Rows read", format_count(sum(nodes, "read", "source")));
  cards += card("Published, all sinks", format_count(sum(list_of(run, "sinks"), "published")));
  cards += card("Quarantined", format_count(sum(nodes, "quarantined")));
  cards += card("Filtered", format_count(filtered(run)));
  cards += card("Score of 100", figure(number_of(object_of(run, "score"), "total")));
  return element("dl", "class=\"cards\"", "\n" + cards) + "\n" + notes(run) + datasets(nodes);
}

std::string sinks(const json& run) {
  Table out{"What became of the sinks",
            {{"Sink"}, {"Verdict"}, {"Rows", Cell::number}, {"From"}, {"Strategy"}, {"Place"}},
            {}};
  for (const auto& sink : list_of(run, "sinks")) {
    const auto verdict = text_of(sink, "verdict");
    out.rows.push_back({value(text_of(sink, "name")), badge(verdict, tone_of(verdict)),
                        format_count(count_of(sink, "published")), value(text_of(sink, "from")),
                        escaped(text_of(sink, "strategy")), value(text_of(sink, "place"))});
  }
  return out.rows.empty() ? "" : table(out);
}

std::string score(const json& run) {
  std::string rows;
  for (const auto& [dimension, points] :
       object_of(object_of(run, "score"), "by_dimension").items()) {
    if (!points.is_number()) continue;
    const auto share = points.get<double>() / 100;
    const auto* tone = share < 0.7 ? "bad" : share < 0.95 ? "warn" : "";
    rows += element("div", "",
                    element("dt", "", escaped(dimension)) +
                        element("dd", "class=\"track\"", bar(share, tone)) +
                        element("dd", "class=\"figure\"", figure(points.get<double>()))) +
            "\n";
  }
  return rows.empty() ? "" : element("dl", "class=\"score\"", "\n" + rows);
}

std::string quarantine(const json& run) {
  std::string items;
  for (const auto& node : list_of(run, "nodes")) {
    const auto rows = count_of(node, "quarantined");
    if (rows == 0) continue;
    const auto name = text_of(node, "name");
    items += element("li", "",
                     counted(rows, "row") + " of " + value(name) + ": " +
                         element("code", "", "leat quarantine show " + escaped(name))) +
             "\n";
  }
  if (items.empty()) return "";
  std::string files;
  for (const auto& path : list_of(run, "quarantine")) {
    if (path.is_string()) files += element("li", "", value(path.get<std::string>(), 1000));
  }
  return element("ul", "", "\n" + items) +
         element("details", "", "<summary>Files</summary>" + element("ul", "", files)) + "\n";
}

std::string receipts(const json& run) {
  std::string out;
  for (const auto& sink : list_of(run, "sinks")) out += receipt_of(sink);
  return out;
}

std::string queries(const json& run) {
  std::string out;
  std::size_t number = 0;
  for (const auto& query : list_of(run, "queries")) {
    if (!query.is_string()) continue;
    const auto label = "Query " + std::to_string(++number);
    out += element("pre", "tabindex=\"0\" role=\"region\" aria-label=\"" + label + "\"",
                   element("code", "", escaped(query.get<std::string>()))) +
           "\n";
  }
  return out;
}

}  // namespace leat::report
