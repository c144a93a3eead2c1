#include "engine/internals/fault.hpp"

#include <cstdlib>
#include <cstring>

namespace leat {
namespace internals {

int64_t offset_of(const duckdb::ErrorData& error) {
  const auto& extra = error.ExtraInfo();
  const auto found = extra.find("position");
  if (found == extra.end() || found->second.empty()) return -1;
  return std::strtoll(found->second.c_str(), nullptr, 10);
}

void set_fault(leat_fault* fault, const duckdb::ErrorData& error) {
  const auto& message = error.RawMessage();
  fault->type = static_cast<int>(error.Type());
  fault->offset = offset_of(error);
  fault->message = static_cast<char*>(std::malloc(message.size() + 1));
  if (fault->message != nullptr) std::memcpy(fault->message, message.c_str(), message.size() + 1);
}

}  // namespace internals
}  // namespace leat

void leat_fault_clear(leat_fault* fault) {
  std::free(fault->message);
  fault->message = nullptr;
}
