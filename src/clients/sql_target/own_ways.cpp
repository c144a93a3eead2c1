#include "clients/sql_target/own_ways.hpp"

#include <utility>

#include "base/counted.hpp"
#include "base/quantity.hpp"

namespace leat::sql_target {

Error other_rows(std::uint64_t sent, std::uint64_t taken, std::string hint) {
  return Error(Fault::config, "the table took " + format_count(taken) + " of the " +
                                  counted(sent, "row") + " that were sent to it")
      .refused()
      .hint(std::move(hint));
}

Error kept_rows(std::uint64_t kept, std::string hint) {
  return Error(Fault::config, "the table kept " + format_count(kept) + " of the rows to replace")
      .refused()
      .hint(std::move(hint));
}

}  // namespace leat::sql_target
