#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/option_set.hpp"
#include "core/catalog.hpp"
#include "plan/load.hpp"

namespace leat::plan {

/// One value of a loaded pipeline and who said it.
struct ResolvedValue {
  std::string path;   ///< "sources.places.csv.skip"
  std::string value;  ///< As YAML; a secret by its name only.
  std::string from;   ///< "a.yml:3:9", "--var", "LEAT__X", "leat.yml:4:2", "default"
};

/// Every value that holds, the defaults of options included, in the order of the file.
std::vector<ResolvedValue> resolved_values(const LoadedPipeline& pipeline, const Catalog& catalog);

}  // namespace leat::plan
