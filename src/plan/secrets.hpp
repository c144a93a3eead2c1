#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/secret.hpp"
#include "config/environment.hpp"
#include "config/findings.hpp"
#include "config/text_files.hpp"
#include "config/values.hpp"

namespace leat::plan {

/// `${secret:db_password}` is the variable LEAT_SECRET_DB_PASSWORD: one rule, no other name.
std::unique_ptr<SecretProvider> secrets_in_environment(const config::Environment& environment);

/// A YAML file of names and texts, read at the first question. No secret of it, nor any line of it,
/// is ever in a message.
/// Errors    config: others than its owner may read it, it is no map of texts.
std::unique_ptr<SecretProvider> secrets_in_file(const config::TextFiles& files,
                                                std::filesystem::path file, std::string shown_as);

/// Asks one after the other; the first that knows a name wins.
std::unique_ptr<SecretProvider> secrets_in_order(
    std::vector<std::unique_ptr<SecretProvider>> providers);

/// Adds a finding for each secret that no provider knows.
void check_secrets(const std::vector<config::SecretRef>& named, const SecretProvider& provider,
                   config::Findings& findings);

}  // namespace leat::plan
