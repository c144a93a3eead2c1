#include <cstring>

#include "engine/engine_fault.hpp"
#include "engine/judge.hpp"
#include "kernels/encoded_keys.hpp"

namespace leat::engine {
namespace {

constexpr std::size_t kKeyExamples = 3;

/// Vectors of one row, by column; null where there is none.
class OneRow {
 public:
  explicit OneRow(std::size_t columns) : x_vectors(columns) {}
  ~OneRow() {
    for (auto& vector : x_vectors) {
      if (vector != nullptr) duckdb_destroy_vector(&vector);
    }
  }
  OneRow(const OneRow&) = delete;
  OneRow& operator=(const OneRow&) = delete;

  void put(std::size_t column, duckdb_logical_type type, const char* value, std::size_t bytes) {
    if (x_vectors[column] == nullptr) x_vectors[column] = duckdb_create_vector(type, 1);
    std::memcpy(duckdb_vector_get_data(x_vectors[column]), value, bytes);
  }
  const duckdb_vector* vectors() const { return x_vectors.data(); }

 private:
  std::vector<duckdb_vector> x_vectors;
};

void take_json(void* self, const char* text, std::size_t size) {
  static_cast<std::string*>(self)->assign(text, size);
}

}  // namespace

/// Adds what the counted keys say: how many rows repeat one, and some of these.
Status Judge::count_keys(DatasetCounts& total) {
  for (std::size_t i = 0; i < x_checks.size(); ++i) {
    if (x_checks[i].count == nullptr) continue;
    const auto repeated = x_checks[i].count->finish(kKeyExamples);
    total.checks[i].failed += repeated.rows;
    for (const auto& key : repeated.examples) {
      TRY(auto json, key_json(x_checks[i], key));
      total.checks[i].examples.push_back(std::move(json));
    }
  }
  return {};
}

Result<std::string> Judge::key_json(const CompiledCheck& check,
                                    const std::vector<char>& key) const {
  OneRow row(x_schema.size());
  auto at = key.size();
  for (const auto column : check.key_columns) {
    const auto width = kernels::key_width(x_schema.columns[column].type);
    at -= width;
    if (!x_hidden[column]) row.put(column, x_table.types()[column], key.data() + at, width);
  }
  std::string json;
  EngineFault fault;
  const auto table = x_table.view();
  if (!leat_row_json(&table, row.vectors(), 0, take_json, &json, fault.get())) {
    return fault.to_error();
  }
  return json;
}

}  // namespace leat::engine
