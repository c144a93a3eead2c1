#include "config/variables.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat::config {
namespace {

constexpr std::string_view kSecret = "secret:";

bool is_variable_name(std::string_view name) {
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), word);
}

class Resolver {
 public:
  Resolver(const Environment& environment, const std::shared_ptr<const Values>& values,
           Findings& findings)
      : x_environment(environment), x_values(values), x_findings(findings) {}

  void visit(Node& node) {
    for (auto& item : node.items) visit(item);
    for (auto& entry : node.entries) {
      visit_key(entry.key);
      visit(entry.value);
    }
    if (node.is_scalar() && !node.origin && has_signs(node.text)) resolve(node);
  }

  std::vector<SecretRef> take_secrets() { return std::move(x_secrets); }

 private:
  static bool has_signs(const std::string& text) {
    return text.find("${") != std::string::npos || text.find("{{") != std::string::npos;
  }

  void visit_key(const Node& key) {
    if (has_signs(key.text)) {
      x_findings.add(key, "a key cannot hold a variable or a template",
                     "put it into the value, or write the key out");
    }
  }

  void resolve(Node& node) {
    Origin origin;
    origin.written = node.text;
    x_node = &node;
    x_out.clear();
    const std::string_view text = origin.written;
    for (std::size_t at = 0; at < text.size();) {
      const auto rest = text.substr(at);
      if (rest.starts_with("$${")) {
        x_out += "${";
        at += 3;
      } else if (rest.starts_with("${")) {
        at += variable(rest, at, origin);
      } else if (rest.starts_with("{{")) {
        at += template_value(text, at);
        origin.values = x_values;
      } else {
        x_out += text[at++];
      }
    }
    node.text = std::move(x_out);
    node.origin = std::make_shared<const Origin>(std::move(origin));
  }

  void complain(std::size_t offset, std::size_t length, std::string message,
                std::string hint = "") {
    const auto stretch = std::string_view(x_node->text).substr(offset, length);
    x_findings.add(x_node->place_at(offset), std::move(message), std::move(hint),
                   std::max(1, int(count_characters(stretch))));
  }

  /// Returns how many bytes of `rest`, which starts at `offset`, it has used.
  std::size_t variable(std::string_view rest, std::size_t offset, Origin& origin) {
    const auto close = rest.find('}');
    if (close == rest.npos) {
      complain(offset, 2, "a `${` that is never closed", "write `$${` for a plain `${`");
      return rest.size();
    }
    const auto inside = rest.substr(2, close - 2);
    if (inside.starts_with(kSecret)) {
      secret(inside.substr(kSecret.size()), offset, close + 1, origin);
      return close + 1;
    }
    const auto name = inside.substr(0, inside.find(":-"));
    if (!is_variable_name(name)) {
      complain(offset, close + 1, "`${…}` holds no name of a variable",
               "known forms: ${NAME}, ${NAME:-default}, ${secret:name}; `$${` is a plain `${`");
      return close + 1;
    }
    const auto value = x_environment.find(name);
    const bool has_default = name.size() < inside.size();
    if (value && !(has_default && value->empty())) {
      origin.from_environment = true;
      x_out += *value;
    } else if (has_default) {
      x_out += inside.substr(name.size() + 2);
    } else {
      const auto quoted = "`" + std::string(name) + "`";
      complain(offset, close + 1, "the environment variable " + quoted + " is not set",
               "set it, or give a default: ${" + std::string(name) + ":-…}");
    }
    return close + 1;
  }

  void secret(std::string_view name, std::size_t offset, std::size_t length, Origin& origin) {
    if (!is_node_name(name)) {
      complain(offset, length, "a secret's name is made of letters, digits and underscores");
    } else if (length != x_node->text.size()) {
      complain(offset, length, "a secret stands alone",
               "take the text around it away; a password or a token is an option of its own");
    } else {
      origin.secret = name;
      x_secrets.push_back({std::string(name), x_node->place});
    }
  }

  std::size_t template_value(std::string_view text, std::size_t offset) {
    std::vector<TemplateComplaint> complaints;
    const auto use = read_template(text, offset, *x_values, complaints);
    for (auto& one : complaints) {
      complain(one.offset, one.length, std::move(one.message), std::move(one.hint));
    }
    if (use.value) x_out += use.value->plain.empty() ? use.value->text : use.value->plain;
    return use.length;
  }

  const Environment& x_environment;
  const std::shared_ptr<const Values>& x_values;
  Findings& x_findings;
  std::vector<SecretRef> x_secrets;
  const Node* x_node = nullptr;
  std::string x_out;
};

}  // namespace

std::vector<SecretRef> resolve_scalars(Node& root, const Environment& environment,
                                       const std::shared_ptr<const Values>& values,
                                       Findings& findings) {
  Resolver resolver(environment, values, findings);
  resolver.visit(root);
  return resolver.take_secrets();
}

}  // namespace leat::config
