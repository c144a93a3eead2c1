#pragma once

#include <filesystem>
#include <string_view>

namespace leat::io {

/// "http://…" or "https://…": an address, and no path of this machine.
inline bool is_url(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

/// `name` seen from `root`, without "." and ".."; an address is itself.
inline std::filesystem::path seen_from(const std::filesystem::path& root, std::string_view name) {
  return is_url(name) ? std::filesystem::path(name) : (root / name).lexically_normal();
}

}  // namespace leat::io
