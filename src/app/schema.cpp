#include "app/schema.hpp"

#include <nlohmann/json.hpp>

#include "app/catalog.hpp"
#include "app/test_file.hpp"
#include "base/names.hpp"
#include "config/json_schema.hpp"
#include "plan/file_schemas.hpp"

namespace leat::app {

Result<std::string> json_schema(const std::string& what) {
  if (what == "pipeline") return plan::pipeline_schema(catalog());
  if (what == "project") return plan::project_schema();
  if (what == "contract") return plan::contract_schema();
  if (what == "test") {
    return config::schema_document(config::schema_of(test_options()), "Leat tests");
  }
  const std::vector<std::string> known{"pipeline", "project", "contract", "test"};
  return Error(Fault::config, "there is no schema of `" + what + "`").hint(name_hint(what, known));
}

}  // namespace leat::app
