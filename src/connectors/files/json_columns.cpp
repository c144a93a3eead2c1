#include "connectors/files/json_columns.hpp"

namespace leat::connectors::files {
namespace {

/// Numbers of JSON are read as doubles; wider ones would come back as others.
bool comes_back_from_json(const data::Type& type) {
  constexpr int kDigitsOfADouble = 15;
  const bool is_wide = type.id == data::TypeId::int128 || type.id == data::TypeId::uint128 ||
                       (type.id == data::TypeId::decimal && type.width > kDigitsOfADouble);
  const bool nests_wide =
      type.id == data::TypeId::other && (type.sql_name.find("HUGEINT") != std::string::npos ||
                                         type.sql_name.find("DECIMAL") != std::string::npos);
  return !is_wide && !nests_wide;
}

}  // namespace

bool is_nested(const data::Type& type) {
  const auto& name = type.sql_name;
  return type.id == data::TypeId::other &&
         (name.ends_with("]") || name.starts_with("STRUCT(") || name.starts_with("MAP("));
}

Status require_exact_json(const data::Schema& schema, bool only_nested) {
  for (const data::Column& column : schema.columns) {
    if (comes_back_from_json(column.type) || (only_nested && !is_nested(column.type))) continue;
    return Error(Fault::config, "column `" + column.name + "` of type " +
                                    data::sql_of(column.type) +
                                    " cannot be read from JSON again to the last digit, which " +
                                    "this strategy must")
        .hint(std::string("cast it to VARCHAR in the model, or publish to parquet") +
              (only_nested ? "" : " or csv"));
  }
  return {};
}

}  // namespace leat::connectors::files
