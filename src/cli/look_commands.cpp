#include <nlohmann/json.hpp>

#include "app/doctor.hpp"
#include "app/history.hpp"
#include "app/quarantine.hpp"
#include "app/query.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/rows_text.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

std::string dump(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string one_line(std::string text) {
  for (auto& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return text;
