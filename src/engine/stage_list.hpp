#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/sink.hpp"
#include "engine/engine_table.hpp"
#include "engine/taker_host.hpp"

namespace leat::engine {

/// The stages of a pass in the form that the writers take.
class StageList {
 public:
  static Result<StageList> make(duckdb_connection connection, const std::vector<Stage>& stages,
                                const data::Schema& schema, FirstError& first_error);

  leat_stage* data() { return x_stages.data(); }
  std::size_t size() const { return x_stages.size(); }
  const std::vector<leat_stage>& stages() const { return x_stages; }

 private:
  /// What one leat_stage points into.
  struct Parts {
    std::string path;
    std::string format;
    std::vector<std::string> values;
    std::vector<const char*> name_pointers;
    std::vector<const char*> value_pointers;
    std::vector<std::string> names;
    std::vector<std::size_t> cast_columns;
    std::unique_ptr<EngineTable> cast_types;
    data::Schema travelling;  ///< The columns as they travel.
    std::optional<TakerHost> host;
    leat_taker taker{};
  };

  static void take_file(const StageTarget& target, Parts& parts);
  Status add(duckdb_connection connection, const Stage& stage, const data::Schema& schema,
             FirstError& first_error);

  std::vector<std::unique_ptr<Parts>> x_parts;
  std::vector<leat_stage> x_stages;
};

}  // namespace leat::engine
