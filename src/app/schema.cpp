#include "app/schema.hpp"

#include "app/catalog.hpp"
#include "base/names.hpp"
#include "plan/file_schemas.hpp"

namespace leat::app {

Result<std::string> json_schema(const std::string& what) {
  if (what == "pipeline") return plan::pipeline_schema(catalog());
  if (what == "project") return plan::project_schema();
  const std::vector<std::string> known{"pipeline", "project"};
  return Error(Fault::config, "there is no schema of `" + what + "`").hint(name_hint(what, known));
}

}  // namespace leat::app
