#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace leat::arrow_ipc {

inline Error broken(std::string_view what) {
  return Error(Fault::external, "the Arrow data is broken: " + std::string(what))
      .hint("fetch it again, or write it anew");
}

}  // namespace leat::arrow_ipc
