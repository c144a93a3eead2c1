#include <cmath>
#include <nlohmann/json.hpp>

#include "kernels/statistics.hpp"

namespace leat::kernels {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema = "leat.statistics/1";

Json text_or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

/// JSON has no infinity.
Json number(double value) {
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return value;
}

double read_number(const Json& json) {
  if (json.is_number()) return json.get<double>();
  const auto text = json.get<std::string>();
  if (text == "Infinity") return INFINITY;
  if (text == "-Infinity") return -INFINITY;
  throw std::invalid_argument("a quantile is neither a number nor an infinity");
}

Json histogram_json(const Histogram& histogram) {
  return {{"from", histogram.from},     {"to", histogram.to},       {"below", histogram.below},
          {"shares", histogram.shares}, {"above", histogram.above}, {"outside", histogram.outside}};
}

Json top_json(const std::vector<TopValue>& top) {
  Json out = Json::array();
  for (const auto& one : top) {
    out.push_back({{"value", one.value}, {"share", std::round(one.share * 1e4) / 1e4}});
  }
  return out;
}

Json column_json(const ColumnSummary& column) {
  Json quantiles = Json::array();
  for (const double value : column.quantiles) quantiles.push_back(number(value));
  Json out{{"name", column.name},
           {"type", column.type},
           {"nulls", column.nulls},
           {"distinct", column.distinct},
           {"min", text_or_null(column.min)},
           {"max", text_or_null(column.max)},
           {"quantiles", std::move(quantiles)}};
  if (column.histogram) out["histogram"] = histogram_json(*column.histogram);
  if (column.mean) out["mean"] = *column.mean;
  if (column.deviation) out["stddev"] = *column.deviation;
  if (!column.top.empty()) out["top"] = top_json(column.top);
  return out;
}

std::optional<std::string> read_text(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return json.get<std::string>();
}

Histogram read_histogram(const Json& json) {
  Histogram out;
  out.from = json.at("from").get<double>();
  out.to = json.at("to").get<double>();
  out.below = json.at("below").get<double>();
  out.shares = json.at("shares").get<std::vector<double>>();
  out.above = json.at("above").get<double>();
  out.outside = json.at("outside").get<double>();
  return out;
}

ColumnSummary read_column(const Json& json) {
  ColumnSummary column;
  column.name = json.at("name").get<std::string>();
  column.type = json.at("type").get<std::string>();
  column.nulls = json.at("nulls").get<std::uint64_t>();
  column.distinct = json.at("distinct").get<std::uint64_t>();
  column.min = read_text(json.at("min"));
  column.max = read_text(json.at("max"));
  for (const auto& value : json.at("quantiles")) column.quantiles.push_back(read_number(value));
  if (json.contains("histogram")) column.histogram = read_histogram(json.at("histogram"));
  if (json.contains("mean")) column.mean = json.at("mean").get<double>();
  if (json.contains("stddev")) column.deviation = json.at("stddev").get<double>();
  if (json.contains("top")) {
    for (const auto& one : json.at("top")) {
      column.top.push_back({one.at("value").get<std::string>(), one.at("share").get<double>()});
    }
  }
  return column;
}

Summary read_summary(const Json& json) {
  if (json.at("schema") != kSchema) throw std::invalid_argument("its schema is another one");
  Summary summary;
  summary.rows = json.at("rows").get<std::uint64_t>();
  summary.checksum = json.at("checksum").get<std::string>();
  for (const auto& column : json.at("columns")) summary.columns.push_back(read_column(column));
  return summary;
}

}  // namespace

std::string to_json(const Summary& summary) {
  Json columns = Json::array();
  for (const auto& column : summary.columns) columns.push_back(column_json(column));
  const Json json{{"schema", kSchema},
                  {"rows", summary.rows},
                  {"checksum", summary.checksum},
                  {"columns", std::move(columns)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Summary> summary_from_json(std::string_view text) {
  try {
    return read_summary(Json::parse(text));
  } catch (const std::exception& problem) {
    return Error(Fault::data, "this is no statistics document").with("reason", problem.what());
  }
}

}  // namespace leat::kernels
