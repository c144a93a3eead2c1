#include "core/addresses.hpp"

#include <cctype>
#include <string>

#include "base/names.hpp"

namespace leat {
namespace {

/// "s3" of "s3://bucket/x.csv", as it is written; empty: it is none.
std::string_view scheme_of(std::string_view path) {
  const auto end = path.find("://");
  if (end == std::string_view::npos || end == 0) return {};
  for (const char c : path.substr(0, end)) {
    const bool may_be =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
    if (!may_be) return {};
  }
  return std::isalpha(static_cast<unsigned char>(path.front())) != 0 ? path.substr(0, end)
                                                                     : std::string_view();
}

bool is_of_web(std::string_view scheme) { return scheme == "http" || scheme == "https"; }

std::string hint_for(std::string_view scheme, PathReach reach) {
  const auto lower = to_lower(scheme);
  if (lower == "file") return "write the path by itself: /data/x, or one relative to the project";
  if (reach == PathReach::machine) {
    return "give a path on this machine; a file that is to be read must be fetched first";
  }
  if (is_of_web(lower)) return "write " + lower + ":// in small letters";
  return "files are read from this machine and from http:// and https:// addresses; fetch it "
         "first, or name it by an https:// address";
}

}  // namespace

std::optional<Error> refused_address(std::string_view path, PathReach reach) {
  const auto scheme = scheme_of(path);
  if (scheme.empty() || (reach == PathReach::web && is_of_web(scheme))) return std::nullopt;
  return Error(Fault::config, "a " + std::string(scheme) + ":// address cannot be opened here")
      .hint(hint_for(scheme, reach));
}

bool refuse_addresses(const config::Node& paths, PathReach reach, config::Findings& findings) {
  bool found = false;
  const auto look_at = [&](const config::Node& one) {
    const auto refused = refused_address(one.text, reach);
    if (!refused) return;
    findings.add(one, *refused);
    found = true;
  };
  look_at(paths);
  for (const auto& item : paths.items) look_at(item);
  return found;
}

}  // namespace leat
