#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/node.hpp"

namespace leat::engine {
class Session;
}

namespace leat {

struct BuildContext;

/// Where a rehearsal publishes to, so that no target of the author's is touched.
struct Scratch {
  std::filesystem::path folder;  ///< For files; absolute.
  std::string name;              ///< For what is no file: small letters, digits, underscores.
};

/// How a sink takes part in a rehearsal (`leat test --crash`): it publishes elsewhere, and what it
/// has published is read back by others than itself.
struct Rehearsal {
  /// Its options, leading into the scratch: two targets that differ stay two. Null: it has no
  /// other place, and no pipeline with it is rehearsed.
  std::function<config::Node(const config::Node& options, const Scratch& scratch)> redirect =
      nullptr;
  /// A table expression over what redirected options lead to, each row once; null: `source` reads
  /// it. Called only where something was published.
  std::function<Result<std::string>(const config::Node& redirected, engine::Session& session)>
      rows = nullptr;
  /// Name of the source that reads it, given those of the options that it knows. Empty, without
  /// `rows`: it keeps no rows.
  std::string source = {};
  /// Makes what redirected options need to be there, like the author's; may be null.
  std::function<Status(const config::Node& options, const config::Node& redirected,
                       const BuildContext& context)>
      prepare = nullptr;
  /// Removes what is not in the scratch's folder; may be null.
  std::function<Status(const config::Node& redirected, const BuildContext& context)> remove =
      nullptr;
};

/// The options with another value of `key`.
config::Node with_option(const config::Node& options, std::string_view key, std::string value);
/// The options with the file or folder behind `path` moved into the scratch.
config::Node with_path_in(const config::Node& options, const Scratch& scratch);
/// The text behind a key; "" where it is not there.
std::string option_text(const config::Node& options, std::string_view key);

}  // namespace leat
