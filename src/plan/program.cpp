#include "plan/program.hpp"

namespace leat::plan {

Program program_of(std::string name, const ProgramKeys& keys, config::Findings& findings) {
  Program program;
  program.name = std::move(name);
  program.command = keys.command;
  if (keys.timeout) program.timeout = keys.timeout->length;
  if (keys.memory) program.memory_bytes = keys.memory->count;
  for (const auto& [variable, value] : keys.env) {
    if (variable.text.find('=') != std::string::npos || variable.text.empty()) {
      findings.add(variable.place, "`" + variable.text + "` cannot name a variable", "",
                   variable.length);
    } else if (value->origin && !value->origin->secret.empty()) {
      program.environment.push_back({variable.text, "", value->origin->secret});
    } else if (value->is_scalar()) {
      program.environment.push_back({variable.text, value->text, ""});
    } else {
      config::add_mismatch(*value, "text", findings);
    }
  }
  return program;
}

}  // namespace leat::plan
