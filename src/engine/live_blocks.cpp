#include "engine/live_blocks.hpp"

#include "engine/engine_fault.hpp"
#include "engine/internals/engine_internals.h"
#include "engine/open_session.hpp"

namespace leat::engine {

Status keep_live_blocks(Session& session, const std::string& attached) {
  EngineFault fault;
  const auto connection = OpenSession::of(session).connection();
  if (leat_keep_live_blocks(connection, attached.c_str(), fault.get())) return {};
  return fault.to_error();
}

}  // namespace leat::engine
