#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "config/options.hpp"

namespace leat {

/// Where paths may lead besides this machine.
enum class PathReach {
  machine,  ///< Nowhere.
  web,      ///< To http:// and https://.
};

/// Why a path leads nowhere: it is an address, "s3://bucket/x.csv", of a kind that is not read.
/// Nothing where it is a path of this machine, or an address within reach.
std::optional<Error> refused_address(std::string_view path, PathReach reach);

/// Complains about such paths, one text or a list of them. True: there are some.
bool refuse_addresses(const config::Node& paths, PathReach reach, config::Findings& findings);

/// An option that takes paths, and no addresses beyond `reach`.
template <typename Options, typename T>
config::Option<Options, T> within(PathReach reach, config::Option<Options, T> option) {
  option.read = [reach, inner = std::move(option.read)](const config::Node& node,
                                                        const config::ValueShape& shape, T& out,
                                                        config::Findings& findings) {
    return !refuse_addresses(node, reach, findings) && inner(node, shape, out, findings);
  };
  return option;
}

}  // namespace leat
