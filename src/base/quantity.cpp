#include "base/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace leat {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

struct Parsed {
  double number;
  std::string_view unit;
};

Result<Parsed> split(std::string_view text, std::string_view what) {
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || !std::isfinite(number) || number < 0) {
    return Error(Fault::config, "`" + std::string(text) + "` is not " + std::string(what));
  }
  auto unit = text.substr(std::size_t(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  return Parsed{number, unit};
}

template <std::size_t N>
Result<double> scaled(std::string_view text, std::string_view what,
                      const std::array<Unit, N>& units) {
  TRY(const auto parsed, split(text, what));
  std::string known;
  for (const auto& unit : units) {
    if (unit.name == parsed.unit) return parsed.number * unit.factor;
    known += (known.empty() ? "" : ", ") + std::string(unit.name);
  }
  return Error(Fault::config, "`" + std::string(text) + "` is not " + std::string(what))
      .hint("units: " + known);
}

constexpr std::array<Unit, 18> kByteUnits{{{"", 1},
                                           {"B", 1},
                                           {"k", 1e3},
                                           {"kB", 1e3},
                                           {"KB", 1e3},
                                           {"M", 1e6},
                                           {"MB", 1e6},
                                           {"G", 1e9},
                                           {"GB", 1e9},
                                           {"T", 1e12},
                                           {"TB", 1e12},
                                           {"KiB", 1024.0},
                                           {"Ki", 1024.0},
                                           {"MiB", 1048576.0},
                                           {"Mi", 1048576.0},
                                           {"GiB", 1073741824.0},
                                           {"Gi", 1073741824.0},
                                           {"TiB", 1099511627776.0}}};
constexpr std::array<Unit, 6> kTimeUnits{
    {{"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}, {"w", 604800e3}}};

}  // namespace

Result<std::uint64_t> parse_bytes(std::string_view text) {
  TRY(const auto bytes, scaled(text, "a number of bytes", kByteUnits));
  if (bytes > 9e18) return Error(Fault::config, "`" + std::string(text) + "` is too large");
  return std::uint64_t(bytes);
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  TRY(const auto ms, scaled(text, "a duration", kTimeUnits));
  if (ms > 9e15) return Error(Fault::config, "`" + std::string(text) + "` is too long");
  return std::chrono::milliseconds(std::int64_t(ms));
}

Result<double> parse_share(std::string_view text) {
  TRY(const auto parsed, split(text, "a share such as 5% or 0.05"));
  const double share = parsed.unit == "%" ? parsed.number / 100 : parsed.number;
  if ((!parsed.unit.empty() && parsed.unit != "%") || share > 1) {
    return Error(Fault::config, "`" + std::string(text) + "` is not a share between 0% and 100%");
  }
  return share;
}

std::string format_bytes(std::uint64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  double value = double(bytes);
  int unit = 0;
  while (value >= 1000 && unit < 6) {
    value /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text;
}

std::string format_count(std::uint64_t count) {
  auto digits = std::to_string(count);
  for (auto at = std::int64_t(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(std::size_t(at), ",");
  }
  return digits;
}

std::string format_duration(std::chrono::microseconds duration) {
  char text[48];
  const double seconds = double(duration.count()) / 1e6;
  if (seconds < 1) {
    std::snprintf(text, sizeof text, "%.0f ms", seconds * 1e3);
  } else if (seconds < 60) {
    std::snprintf(text, sizeof text, "%.1f s", seconds);
  } else if (seconds < 3600) {
    std::snprintf(text, sizeof text, "%dm %02ds", int(seconds) / 60, int(seconds) % 60);
  } else {
    std::snprintf(text, sizeof text, "%dh %02dm", int(seconds) / 3600, int(seconds) / 60 % 60);
  }
  return text;
}

}  // namespace leat
