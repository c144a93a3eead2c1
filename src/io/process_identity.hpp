#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace leat::io {

/// One process of one machine: a number may be another process's by now, this is not.
struct ProcessIdentity {
  std::string place;        ///< The machine since it was started, and its space of process numbers.
  std::int64_t number = 0;  ///< 0: unknown.
  std::int64_t began = 0;   ///< Clock ticks since the machine was started.
  bool operator==(const ProcessIdentity&) const = default;
};

/// Where it stands: the part that is the same for all processes which see each other here.
std::string process_place();
ProcessIdentity own_process();

/// Does this very process go on? False for one of another machine, too.
bool is_running(const ProcessIdentity& process);

/// Errors   config    it is not here any more, or never was.
///          external  nobody may send it one.
Status send_signal(const ProcessIdentity& process, int signal);

/// True when it ended within `longest`.
bool wait_for_end(const ProcessIdentity& process, std::chrono::milliseconds longest);

}  // namespace leat::io
