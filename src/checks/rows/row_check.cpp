#include "checks/rows/row_check.hpp"

#include <algorithm>

#include "base/names.hpp"

namespace leat::checks::rows {

config::EnumNames<OnFail> on_fail_names() {
  return {{"warn", OnFail::warn},
          {"quarantine", OnFail::quarantine},
          {"hold", OnFail::hold},
          {"fail", OnFail::fail}};
}

bool is_all(const Name& name) { return name.text == "*"; }

std::vector<std::size_t> find_columns(const std::vector<Name>& names, const data::Schema& schema,
                                      config::Findings& findings) {
  std::vector<std::size_t> found;
  const auto add = [&](std::size_t index) {
    if (std::find(found.begin(), found.end(), index) == found.end()) found.push_back(index);
  };
  for (const auto& name : names) {
    if (is_all(name)) {
      for (std::size_t i = 0; i < schema.size(); ++i) add(i);
    } else if (const auto index = schema.find(name.text)) {
      add(*index);
    } else {
      findings.add(name.place, "unknown column `" + name.text + "`",
                   name_hint(name.text, schema.names()), name.length);
    }
  }
  return found;
}

}  // namespace leat::checks::rows
