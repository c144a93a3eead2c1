#pragma once

#include <optional>

#include "data/type.hpp"

namespace leat::connectors::files {

/// What a column travels as to a writer that asks for text: nested values as JSON. Nothing: it is
/// text already.
inline std::optional<data::Type> text_travel_type(const data::Type& type) {
  if (type.is_nested()) return data::Type{data::TypeId::json, 0, 0, {}};
  if (type.is_text()) return std::nullopt;
  return data::Type{data::TypeId::varchar, 0, 0, {}};
}

}  // namespace leat::connectors::files
