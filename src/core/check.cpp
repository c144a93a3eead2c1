#include "core/check.hpp"

namespace leat {

std::string_view name_of(OnFail on_fail) {
  switch (on_fail) {
    case OnFail::warn: return "warn";
    case OnFail::quarantine: return "quarantine";
    case OnFail::deduplicate: return "deduplicate";
    case OnFail::hold: return "hold";
    case OnFail::fail: return "fail";
  }
  return "fail";
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::low: return "low";
    case Severity::medium: return "medium";
    case Severity::high: return "high";
    case Severity::critical: return "critical";
  }
  return "critical";
}

std::string_view name_of(Dimension dimension) {
  switch (dimension) {
    case Dimension::completeness: return "completeness";
    case Dimension::accuracy: return "accuracy";
    case Dimension::consistency: return "consistency";
    case Dimension::timeliness: return "timeliness";
    case Dimension::validity: return "validity";
  }
  return "validity";
}

std::string_view name_of(CheckClass check_class) {
  switch (check_class) {
    case CheckClass::stateless: return "stateless";
    case CheckClass::keyed: return "keyed";
    case CheckClass::ordered: return "ordered";
    case CheckClass::two_pass: return "two-pass";
    case CheckClass::set: return "set";
  }
  return "set";
}

CheckClass Check::check_class() const {
  if (std::holds_alternative<RowTest>(test)) return CheckClass::stateless;
  if (const auto* compare = std::get_if<CompareTest>(&test)) return compare->check_class;
  return std::holds_alternative<KeyTest>(test) ? CheckClass::keyed : CheckClass::set;
}

}  // namespace leat
