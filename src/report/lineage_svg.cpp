#include "report/lineage_svg.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "report/html.hpp"

namespace leat::report {
namespace {

constexpr int kBoxWidth = 200;
constexpr int kBoxHeight = 46;
constexpr int kColumn = kBoxWidth + 64;
constexpr int kRow = kBoxHeight + 18;

struct Box {
  std::string name;
  std::string kind;
  std::string under;
  std::vector<std::size_t> inputs;
  int column = 0;
  int row = 0;

  int left() const { return column * kColumn + 1; }
  int top() const { return row * kRow + 1; }
  int middle() const { return top() + kBoxHeight / 2; }
};

std::map<std::string, std::string> row_counts(const json& run) {
  std::map<std::string, std::string> counts;
  for (const auto& node : list_of(run, "nodes")) {
    counts[text_of(node, "name")] = counted(count_of(node, "passed_on"), "row");
  }
  for (const auto& sink : list_of(run, "sinks")) {
    counts[text_of(sink, "name")] = format_count(count_of(sink, "published")) + " published";
  }
  return counts;
}

std::string under(const json& node, const std::map<std::string, std::string>& counts) {
  const auto connector = text_of(node, "connector");
  std::string out = connector.empty() ? text_of(node, "kind") : connector;
  const auto count = counts.find(text_of(node, "name"));
  return count == counts.end() ? out : out + " · " + count->second;
}

/// In the order of the graph, in which inputs come before what reads them.
std::vector<Box> boxes_of(const json& run) {
  const auto counts = row_counts(run);
  std::vector<Box> boxes;
  std::map<std::string, std::size_t> index;
  for (const auto& node : list_of(run, "graph")) {
    Box box{text_of(node, "name"), text_of(node, "kind"), under(node, counts), {}};
    for (const auto& input : list_of(node, "inputs")) {
      const auto found = input.is_string() ? index.find(input.get<std::string>()) : index.end();
      if (found == index.end()) continue;
      box.inputs.push_back(found->second);
      box.column = std::max(box.column, boxes[found->second].column + 1);
    }
    index.emplace(box.name, boxes.size());
    boxes.push_back(std::move(box));
  }
  return boxes;
}

/// The mean height of what a box reads: lines cross less when boxes stand in this order.
double pull(const Box& box, const std::vector<Box>& boxes) {
  if (box.inputs.empty()) return 0;
  double sum = 0;
  for (const auto input : box.inputs) sum += boxes[input].row;
  return sum / double(box.inputs.size());
}

void give_rows(std::vector<Box>& boxes) {
  int last = 0;
  for (auto& box : boxes) last = std::max(last, box.column);
  for (auto& box : boxes) {
    if (box.kind == "sink") box.column = last;
  }
  for (int column = 0; column <= last; ++column) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (boxes[i].column == column) members.push_back(i);
    }
    std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      return pull(boxes[a], boxes) < pull(boxes[b], boxes);
    });
    for (std::size_t row = 0; row < members.size(); ++row) boxes[members[row]].row = int(row);
  }
}

std::string edge(const Box& from, const Box& to) {
  const int start = from.left() + kBoxWidth;
  const int bend = (start + to.left()) / 2;
  const auto at = [](int x, int y) { return std::to_string(x) + " " + std::to_string(y); };
  return "<path class=\"edge\" d=\"M" + at(start, from.middle()) + "C" + at(bend, from.middle()) +
         " " + at(bend, to.middle()) + " " + at(to.left(), to.middle()) + "\"/>";
}

std::string drawn(const Box& box) {
  const auto text = [&](int y, std::string_view classes, const std::string& words,
                        std::size_t bytes_max) {
    return "<text x=\"" + std::to_string(box.left() + 12) + "\" y=\"" +
           std::to_string(box.top() + y) + "\"" + std::string(classes) + ">" +
           escaped(shortened(words, bytes_max)) + "</text>";
  };
  return "<g class=\"" + escaped(box.kind) + "\"><title>" + escaped(shortened(box.name, 200)) +
         "</title><rect x=\"" + std::to_string(box.left()) + "\" y=\"" + std::to_string(box.top()) +
         "\" width=\"" + std::to_string(kBoxWidth) + "\" height=\"" + std::to_string(kBoxHeight) +
         "\" rx=\"8\"/>" + text(20, "", box.name, 22) +
         text(36, " class=\"under\"", box.under, 28) + "</g>";
}

std::string as_list(const std::vector<Box>& boxes) {
  std::string items;
  for (const auto& box : boxes) {
    std::string reads;
    for (const auto input : box.inputs) {
      reads += (reads.empty() ? ", reads " : ", ") + value(boxes[input].name);
    }
    items += element("li", "", value(box.name) + " (" + escaped(box.under) + ")" + reads);
  }
  return element("details", "", "<summary>The same as a list</summary>" + element("ul", "", items));
}

}  // namespace

std::string lineage(const json& run) {
  auto boxes = boxes_of(run);
  if (boxes.empty()) return "";
  give_rows(boxes);
  int width = 0;
  int height = 0;
  std::string edges;
  std::string nodes;
  for (const auto& box : boxes) {
    width = std::max(width, box.left() + kBoxWidth + 1);
    height = std::max(height, box.top() + kBoxHeight + 1);
    nodes += drawn(box);
    for (const auto input : box.inputs) edges += edge(boxes[input], box);
  }
  const auto size = std::to_string(width) + "\" height=\"" + std::to_string(height);
  const auto svg = "<svg class=\"lineage\" role=\"img\" aria-label=\"" +
                   counted(boxes.size(), "node") +
                   " of the pipeline, from sources on the left to sinks on the right\" width=\"" +
                   size + "\" viewBox=\"0 0 " + std::to_string(width) + " " +
                   std::to_string(height) + "\">" + edges + nodes + "</svg>";
  return element("div",
                 "class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Lineage picture\" "
                 "style=\"overflow-x:auto\"",
                 svg) +
         as_list(boxes);
}

}  // namespace leat::report
