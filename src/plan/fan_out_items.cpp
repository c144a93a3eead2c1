#include "plan/fan_out_items.hpp"

#include <algorithm>
#include <set>

#include "config/options.hpp"
#include "config/variables.hpp"
#include "plan/late_items.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {
namespace {

using config::Node;

config::Value value_of(const Node& scalar) {
  if (!scalar.quoted) {
    if (auto number = config::parse_value(config::ValueType::integer, scalar.text)) return *number;
  }
  return {config::ValueType::text, scalar.text};
}

/// Finds the names behind `{{ item.` in the scalars below a node.
void find_uses(const Node& node, WrittenItems& out) {
  for (const auto& entry : node.entries) find_uses(entry.value, out);
  for (const auto& item : node.items) find_uses(item, out);
  if (!node.is_scalar()) return;
  constexpr std::string_view kOpen = "{{";
  constexpr std::string_view kItem = "item.";
  const std::string_view text = node.text;
  for (auto at = text.find(kOpen); at != text.npos; at = text.find(kOpen, at)) {
    at = text.find_first_not_of(" \t", at + kOpen.size());
    if (at == text.npos) return;
    if (!text.substr(at).starts_with(kItem)) continue;
    const auto name = text.substr(at + kItem.size());
    const std::string word(name.substr(0, name.find_first_of(" \t}")));
    out.open.push_back(node.place);
    const bool known = std::any_of(out.used.begin(), out.used.end(),
                                   [&](const auto& one) { return one.text == word; });
    if (!known) out.used.push_back({word, node.place, node.length});
  }
}

/// A key that holds for the source as a whole knows no item. True: it has named one.
bool refuse_uses(const Node::Entry& entry, config::Findings& findings) {
  WrittenItems uses;
  find_uses(entry.value, uses);
  for (const auto& use : uses.used) {
    findings.add(use.place,
                 "`{{ item." + use.text + " }}` says nothing in `" + entry.key.text +
                     "`: it is asked once for the whole source, not for each item",
                 "items are known among the options of the connector", use.length);
  }
  return !uses.used.empty();
}

/// Expands one source.
class Expander {
 public:
  Expander(const config::Environment& environment, const config::Values& values,
           config::Findings& findings)
      : x_environment(environment), x_values(values), x_findings(findings) {}

  std::vector<FileItem> expand(Node& source, Node& for_each) {
    const auto plain = std::make_shared<const config::Values>(x_values);
    config::resolve_scalars(for_each, x_environment, plain, x_findings);
    const auto* values = for_each.find("values");
    if (values == nullptr || !values->is_sequence() || values->items.empty()) return {};
    if (values->items.size() > kItemsMax) {
      x_findings.add(*values, "more than " + std::to_string(kItemsMax) + " items");
      return {};
    }
    const auto* key = for_each.find("key");
    const auto written = source;
    std::vector<FileItem> items;
    for (const auto& item : values->items) {
      auto with = std::make_shared<config::Values>(x_values);
      const auto name = put_in(item, key, *with);
      if (!name) continue;
      auto made = written;
      config::resolve_scalars(made, x_environment, with, x_findings);
      items.push_back({*name, std::make_shared<const Node>(std::move(made))});
    }
    if (!items.empty()) source = *items.front().node;
    return items;
  }

  /// The items are rows of another node; nothing where the file does not say so.
  std::optional<WrittenItems> postpone(Node& source, Node& for_each) {
    const auto plain = std::make_shared<const config::Values>(x_values);
    const auto* from = for_each.find("from");
    if (from == nullptr || for_each.find("values") != nullptr) return std::nullopt;
    config::resolve_scalars(for_each, x_environment, plain, x_findings);
    from = for_each.find("from");
    if (!from->is_scalar()) return std::nullopt;
    WrittenItems out;
    out.from = {from->text, from->place, from->length};
    const auto* key = for_each.find("key");
    out.key = key != nullptr && key->is_scalar() ? key->text : "key";
    out.source = std::make_shared<const Node>(source);
    find_uses(source, out);
    out.values = plain;
    out.environment = &x_environment;
    auto with = std::make_shared<config::Values>(x_values);
    for (const auto& use : out.used) {
      with->set("item." + use.text, {config::ValueType::integer, "1"});
    }
    config::resolve_scalars(source, x_environment, with, x_findings);
    return out;
  }

 private:
  /// The item's key; nothing when it has none, which was told.
  std::optional<std::string> put_in(const Node& item, const Node* key, config::Values& values) {
    std::string name = item.text;
    if (item.is_map()) {
      for (const auto& entry : item.entries) {
        if (!entry.value.is_scalar()) {
          config::add_mismatch(entry.value, "a text or a number", x_findings);
          return std::nullopt;
        }
        values.set("item." + entry.key.text, value_of(entry.value));
      }
      const auto wanted = key != nullptr ? key->text : std::string("key");
      const auto* found = item.find(wanted);
      if (found == nullptr) {
        x_findings.add(item, "the item has no `" + wanted + "`, which is to name it",
                       "say which of its values does: `key: name`");
        return std::nullopt;
      }
      name = found->text;
    } else if (item.is_scalar()) {
      values.set("item.value", value_of(item));
    } else {
      config::add_mismatch(item, "a text, a number or a map of them", x_findings);
      return std::nullopt;
    }
    if (x_seen.insert(name).second) return name;
    x_findings.add(item, "two items are named `" + name + "`", "each needs a name of its own");
    return std::nullopt;
  }

  const config::Environment& x_environment;
  const config::Values& x_values;
  config::Findings& x_findings;
  std::set<std::string> x_seen;
};

}  // namespace

ItemsBySource expand_items(Node& tree, const config::Environment& environment,
                           const config::Values& values, config::Findings& findings) {
  ItemsBySource out;
  for (auto& section : tree.entries) {
    if (section.key.text != "sources") continue;
    for (auto& source : section.value.entries) {
      for (auto& entry : source.value.entries) {
        if (entry.key.text != "for_each" || !entry.value.is_map()) continue;
        auto for_each = entry.value;
        std::erase_if(source.value.entries, [&](const Node::Entry& other) {
          const bool is_shared = source_options().find(other.key.text).has_value();
          return is_shared && other.key.text != "for_each" && refuse_uses(other, findings);
        });
        Expander expander(environment, values, findings);
        if (auto late = expander.postpone(source.value, for_each)) {
          out.late.emplace(source.key.text, std::move(*late));
        } else {
          out.known[source.key.text] = expander.expand(source.value, for_each);
        }
        break;
      }
    }
  }
  return out;
}

}  // namespace leat::plan
