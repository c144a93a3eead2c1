#include "report/charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/clock.hpp"
#include "report/html.hpp"

namespace leat::report {
namespace {

constexpr double kHeight = 30;
constexpr double kWidth = 132;

std::string decimal(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", number);
  return text.data();
}

std::string plain(double number) {
  std::array<char, 32> text{};
  const bool whole = number == std::floor(number) && std::abs(number) < 1e15;
  std::snprintf(text.data(), text.size(), whole ? "%.0f" : "%.6g", number);
  return text.data();
}

/// As the statistics count: days and microseconds since 1970.
std::string spelled(double number, const std::string& type) {
  constexpr double day_us = 86'400e6;
  const bool is_date = type == "DATE";
  if (!is_date && !type.starts_with("TIMESTAMP")) return plain(number);
  const double micros = is_date ? number * day_us : number;
  if (!(std::abs(micros) < 9e17)) return plain(number);
  const auto text = format_instant(Instant(Micros(std::int64_t(micros))));
  return is_date ? text.substr(0, 10) : text.substr(0, 19) + "Z";
}

/// One bar a bin, and the tails at both ends in another colour.
std::string bars(const json& shape) {
  const auto& shares = list_of(shape, "shares");
  const double below = number_of(shape, "below");
  const double above = number_of(shape, "above");
  double most = std::max(below, above);
  for (const auto& share : shares) most = std::max(most, share.is_number() ? double(share) : 0);
  const double step = kWidth / double(shares.size() + 2);
  std::string middle;
  std::string tails;
  const auto put = [&](std::string& path, std::size_t place, double share) {
    if (share <= 0 || most <= 0) return;
    const double height = std::max(1.0, share / most * (kHeight - 1));
    path += "M" + decimal(double(place) * step + 0.5) + " " + decimal(kHeight - 1) + "v-" +
            decimal(height) + "h" + decimal(step - 1) + "v" + decimal(height) + "z";
  };
  put(tails, 0, below);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    put(middle, i + 1, shares[i].is_number() ? double(shares[i]) : 0);
  }
  put(tails, shares.size() + 1, above);
  return "<path d=\"" + middle + "\"/><path class=\"tail\" d=\"" + tails + "\"/>";
}

}  // namespace

std::string bar(double share, std::string_view tone) {
  if (share <= 0) return "";
  const double width = std::min(share, 1.0) * 100;
  return "<span class=\"bar " + std::string(tone) +
         "\" aria-hidden=\"true\"><i style=\"width:" + decimal(width) + "%\"></i></span>";
}

std::string histogram(const json& column) {
  const auto& shape = object_of(column, "histogram");
  if (list_of(shape, "shares").empty()) return "";
  const auto type = text_of(column, "type");
  const auto from = spelled(number_of(shape, "from"), type);
  const auto to = spelled(number_of(shape, "to"), type);
  return "<svg class=\"histogram\" viewBox=\"0 0 132 30\" role=\"img\" aria-label=\"Estimated "
         "distribution: 98 % of the values lie from " +
         escaped(from) + " to " + escaped(to) +
         "\"><line x1=\"0\" x2=\"132\" y1=\"29.5\" "
         "y2=\"29.5\"/>" +
         bars(shape) + "</svg><span class=\"ends\" aria-hidden=\"true\"><span>" + escaped(from) +
         "</span><span>" + escaped(to) + "</span></span>";
}

std::string quantile(const json& column, std::size_t index) {
  const auto& quantiles = list_of(column, "quantiles");
  if (index >= quantiles.size()) return "";
  const auto& found = quantiles[index];
  if (found.is_string()) return found.get<std::string>();
  return found.is_number() ? spelled(found.get<double>(), text_of(column, "type")) : "";
}

std::string moments(const json& column) {
  if (!column.contains("mean")) return "";
  auto text = "mean " + plain(number_of(column, "mean"));
  if (column.contains("stddev")) text += " ± " + plain(number_of(column, "stddev"));
  return text;
}

}  // namespace leat::report
