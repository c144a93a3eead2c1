#include "plan/secrets.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "config/yaml.hpp"

namespace leat::plan {
namespace {

std::string variable_of(std::string_view name) {
  std::string variable = "LEAT_SECRET_";
  for (const char c : name) variable += c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
  return variable;
}

class EnvironmentSecrets final : public SecretProvider {
 public:
  explicit EnvironmentSecrets(const config::Environment& environment)
      : x_environment(environment) {}

  Result<std::optional<Secret>> find(std::string_view name) const override {
    auto value = x_environment.find(variable_of(name));
    if (!value) return std::optional<Secret>();
    return std::optional<Secret>(Secret(std::move(*value)));
  }
  std::string describe() const override { return "environment"; }

 private:
  const config::Environment& x_environment;
};

class FileSecrets final : public SecretProvider {
 public:
  FileSecrets(const config::TextFiles& files, std::filesystem::path file, std::string shown_as)
      : x_files(files), x_file(std::move(file)), x_shown_as(std::move(shown_as)) {}

  Result<std::optional<Secret>> find(std::string_view name) const override {
    const std::lock_guard lock(x_lock);
    if (!x_read) {
      x_state = read();
      x_read = true;
    }
    TRY(x_state);
    const auto found = x_secrets.find(name);
    if (found == x_secrets.end()) return std::optional<Secret>();
    return std::optional<Secret>(found->second);
  }
  std::string describe() const override { return "file " + x_shown_as; }

 private:
  Status read() const {
    if (!x_files.exists(x_file)) return {};
    TRY(const bool open, x_files.open_to_others(x_file));
    if (open) {
      return Error(Fault::config, x_shown_as + " may be read by others than its owner")
          .hint("chmod 600 " + x_shown_as);
    }
    TRY(auto text, x_files.read(x_file, 1u << 20));
    const Secret held(std::move(text));
    return take(held);
  }

  Status take(const Secret& text) const {
    config::Findings findings;
    auto root = config::parse_yaml(text.reveal(), x_shown_as, findings);
    findings.hide_source(x_shown_as);
    if (root && !root->is_map() && !root->is_null()) {
      findings.add(root->place, "expected a map of names and secrets");
    }
    for (auto& entry : root ? root->entries : std::vector<config::Node::Entry>()) {
      if (!entry.value.is_scalar()) {
        findings.add(entry.key.place, "expected text as the secret `" + entry.key.text + "`");
      }
      x_secrets.insert_or_assign(entry.key.text, Secret(std::move(entry.value.text)));
    }
    if (findings.empty()) return {};
    auto found = findings.take();
    // What the parser says may quote a value that it stumbled over.
    for (auto& diagnostic : found) diagnostic.hint.clear();
    return Error::of(std::move(found));
  }

  const config::TextFiles& x_files;
  std::filesystem::path x_file;
  std::string x_shown_as;
  mutable std::mutex x_lock;
  mutable bool x_read = false;
  mutable Status x_state;
  mutable std::map<std::string, Secret, std::less<>> x_secrets;
};

class OrderedSecrets final : public SecretProvider {
 public:
  explicit OrderedSecrets(std::vector<std::unique_ptr<SecretProvider>> providers)
      : x_providers(std::move(providers)) {}

  Result<std::optional<Secret>> find(std::string_view name) const override {
    for (const auto& provider : x_providers) {
      TRY(auto found, provider->find(name));
      if (found) return found;
    }
    return std::optional<Secret>();
  }

  std::string describe() const override {
    std::string text;
    for (const auto& provider : x_providers) {
      text += (text.empty() ? "" : ", then ") + provider->describe();
    }
    return text;
  }

 private:
  std::vector<std::unique_ptr<SecretProvider>> x_providers;
};

}  // namespace

std::unique_ptr<SecretProvider> secrets_in_environment(const config::Environment& environment) {
  return std::make_unique<EnvironmentSecrets>(environment);
}

std::unique_ptr<SecretProvider> secrets_in_file(const config::TextFiles& files,
                                                std::filesystem::path file, std::string shown_as) {
  return std::make_unique<FileSecrets>(files, std::move(file), std::move(shown_as));
}

std::unique_ptr<SecretProvider> secrets_in_order(
    std::vector<std::unique_ptr<SecretProvider>> providers) {
  return std::make_unique<OrderedSecrets>(std::move(providers));
}

void check_secrets(const std::vector<config::SecretRef>& named, const SecretProvider& provider,
                   config::Findings& findings) {
  for (const auto& secret : named) {
    const auto found = provider.find(secret.name);
    if (!found.ok()) {
      config::Node at;
      at.place = secret.place;
      findings.add(at, found.error());
    } else if (!*found) {
      findings.add(secret.place, "there is no secret `" + secret.name + "`",
                   "set " + variable_of(secret.name) + "; looked in: " + provider.describe(),
                   int(secret.name.size()) + int(std::string_view("${secret:}").size()));
    }
  }
}

}  // namespace leat::plan
