#pragma once

#include <optional>

#include "data/schema.hpp"

namespace leat {

/// A source's spec some of whose columns were declared as types that no reader knows: it yields
/// them as text or JSON, and the run casts them.
class CarriesTypes {
 public:
  virtual ~CarriesTypes() = default;
  /// All its columns as they were declared; nothing: it yields what was declared.
  virtual std::optional<data::Schema> declared_types() const = 0;
};

}  // namespace leat
