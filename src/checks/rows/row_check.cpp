#include "checks/rows/row_check.hpp"

namespace leat::checks::rows {

config::EnumNames<OnFail> on_fail_names() {
  return {{"warn", OnFail::warn},
          {"quarantine", OnFail::quarantine},
          {"hold", OnFail::hold},
          {"fail", OnFail::fail}};
}

}  // namespace leat::checks::rows
