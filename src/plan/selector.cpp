#include "plan/selector.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <set>

#include "base/names.hpp"

namespace leat::plan {
namespace {

using Mask = std::vector<bool>;
constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kFarthest = 1'000'000;

/// One atom: "2+tag:daily+".
struct Term {
  std::string text;
  bool at = false;
  std::size_t parents = 0;   ///< Steps up; kAll for any number.
  std::size_t children = 0;  ///< Steps down.
  std::string method;
  std::string value;
};

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (separators.find(c) != std::string_view::npos) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Error unreadable(const std::string& text, const std::string& why) {
  return Error(Fault::config, "cannot read the selector `" + text + "`: " + why)
      .hint(
          "write x, +x, x+, 2+x, @x, tag:x, path:x, pipeline:x or kind:x; a space means or, "
          "a comma and");
}

/// Digits before or after a plus; none means all.
std::optional<std::size_t> steps_of(std::string_view digits) {
  if (digits.empty()) return kAll;
  std::size_t steps = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, code] = std::from_chars(digits.data(), end, steps);
  if (code != std::errc() || stop != end || steps > kFarthest) return std::nullopt;
  return steps;
}

Result<Term> parse_term(const std::string& text) {
  Term term;
  term.text = text;
  std::string_view rest = text;
  if (rest.starts_with('@')) {
    term.at = true;
    rest.remove_prefix(1);
  }
  if (const auto plus = rest.find('+'); plus != std::string_view::npos) {
    const auto steps = steps_of(rest.substr(0, plus));
    if (steps) {
      term.parents = *steps;
      rest.remove_prefix(plus + 1);
    }
  }
  if (const auto plus = rest.rfind('+'); plus != std::string_view::npos) {
    const auto steps = steps_of(rest.substr(plus + 1));
    if (!steps) return unreadable(text, "after the last + stands no number");
    term.children = *steps;
    rest = rest.substr(0, plus);
  }
  if (term.at && (term.parents != 0 || term.children != 0)) {
    return unreadable(text, "@ takes no +, it goes both ways already");
  }
  if (const auto colon = rest.find(':'); colon != std::string_view::npos) {
    term.method = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  if (rest.empty()) return unreadable(text, "it names nothing");
  if (rest.find('+') != std::string_view::npos) return unreadable(text, "a + stands inside a name");
  term.value = rest;
  return term;
}

bool matches(const std::string& pattern, const std::string& text) {
  return ::fnmatch(to_lower(pattern).c_str(), to_lower(text).c_str(), 0) == 0;
}

bool lies_in(const std::string& wanted, const std::string& file) {
  auto folder = wanted;
  if (folder.starts_with("./")) folder.erase(0, 2);
  while (folder.ends_with('/')) folder.pop_back();
  return folder.empty() || folder == "." || file == folder || file.starts_with(folder + "/") ||
         ::fnmatch(folder.c_str(), file.c_str(), 0) == 0;
}

/// Carries selectors out over one graph.
class Selection {
 public:
  explicit Selection(const Graph& graph) : x_graph(graph), x_readers(readers_of(graph)) {}

  Result<Mask> any_of(const std::vector<std::string>& texts) const {
    Mask mask(x_graph.nodes.size(), false);
    for (const auto& text : texts) {
      bool something = false;
      for (const auto& alternative : split(text, " \t\n")) {
        if (alternative.empty()) continue;
        something = true;
        TRY(const auto one, all_of(alternative));
        for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = mask[i] || one[i];
      }
      if (!something) return unreadable(text, "it is empty");
    }
    return mask;
  }

  /// Sinks go with their dataset.
  void add_sinks(Mask& mask) const {
    for (std::size_t i = 0; i < mask.size(); ++i) {
      const auto& node = x_graph.nodes[i];
      if (node.kind != "sink") continue;
      for (const auto input : node.inputs) mask[i] = mask[i] || mask[input];
    }
  }

 private:
  Result<Mask> all_of(const std::string& text) const {
    Mask mask(x_graph.nodes.size(), true);
    for (const auto& part : split(text, ",")) {
      if (part.empty()) return unreadable(text, "beside a comma stands nothing");
      TRY(const auto term, parse_term(part));
      TRY(const auto one, nodes_of(term));
      for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = mask[i] && one[i];
    }
    return mask;
  }

  Result<Mask> nodes_of(const Term& term) const {
    Mask named(x_graph.nodes.size(), false);
    bool found = false;
    for (std::size_t i = 0; i < named.size(); ++i) {
      TRY(const bool is_meant, is_named(x_graph.nodes[i], term));
      named[i] = is_meant;
      found = found || is_meant;
    }
    if (!found) return not_found(term);
    auto mask = named;
    if (term.at) {
      go(named, kAll, true, mask);
      go(Mask(mask), kAll, false, mask);
    } else {
      go(named, term.parents, false, mask);
      go(named, term.children, true, mask);
    }
    return mask;
  }

  static Result<bool> is_named(const GraphNode& node, const Term& term) {
    const auto& value = term.value;
    if (term.method.empty()) {
      return matches(value, node.name) || matches(value, node.pipeline + "." + node.name);
    }
    if (term.method == "tag") {
      return std::any_of(node.tags.begin(), node.tags.end(),
                         [&](const auto& tag) { return matches(value, tag); });
    }
    if (term.method == "path") {
      return std::any_of(node.files.begin(), node.files.end(),
                         [&](const auto& file) { return lies_in(value, file); });
    }
    if (term.method == "pipeline") return matches(value, node.pipeline);
    if (term.method == "kind") return matches(value, node.kind);
    const std::vector<std::string> known{"tag", "path", "pipeline", "kind"};
    return Error(Fault::config, "there is no selector `" + term.method + ":`")
        .hint(name_hint(term.method, known));
  }

  Error not_found(const Term& term) const {
    std::set<std::string> known;
    for (const auto& node : x_graph.nodes) {
      if (term.method.empty() && node.kind != "pipeline") known.insert(node.name);
      if (term.method == "tag") known.insert(node.tags.begin(), node.tags.end());
      if (term.method == "path") known.insert(node.files.begin(), node.files.end());
      if (term.method == "pipeline") known.insert(node.pipeline);
      if (term.method == "kind" && node.kind != "pipeline") known.insert(node.kind);
    }
    const std::vector<std::string> names(known.begin(), known.end());
    const auto hint =
        names.empty() ? std::string("there is none here") : name_hint(term.value, names);
    return Error(Fault::config, "`" + term.text + "` selects nothing").hint(hint);
  }

  /// Adds what lies within so many steps of `from`, breadth first.
  void go(const Mask& from, std::size_t steps, bool down, Mask& mask) const {
    auto border = from;
    Mask seen = from;
    for (std::size_t step = 0; step < steps; ++step) {
      Mask next(seen.size(), false);
      bool moved = false;
      for (std::size_t i = 0; i < seen.size(); ++i) {
        if (!border[i]) continue;
        for (const auto other : down ? x_readers[i] : x_graph.nodes[i].inputs) {
          if (seen[other]) continue;
          seen[other] = next[other] = moved = true;
        }
      }
      if (!moved) break;
      border = std::move(next);
    }
    for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = mask[i] || seen[i];
  }

  const Graph& x_graph;
  std::vector<std::vector<std::size_t>> x_readers;
};

}  // namespace

Result<Mask> select_nodes(const Graph& graph, const Selectors& selectors) {
  const Selection selection(graph);
  Mask mask(graph.nodes.size(), true);
  if (!selectors.select.empty()) {
    TRY(mask, selection.any_of(selectors.select));
    selection.add_sinks(mask);
  }
  if (selectors.exclude.empty()) return mask;
  TRY(auto out, selection.any_of(selectors.exclude));
  selection.add_sinks(out);
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = mask[i] && !out[i];
  return mask;
}

}  // namespace leat::plan
