#pragma once

#include <string>

#include "core/source.hpp"

namespace leat {

/// What a source is beside Source whose records of kRawFields can be read again by their texts.
class ReadsTexts {
 public:
  virtual ~ReadsTexts() = default;
  /// Can `Source::read_texts` read those that stood in this file?
  virtual bool reads_texts_of(const std::string& file) const = 0;
};

/// The same of any source.
inline bool reads_texts_of(const Source& source, const std::string& file) {
  const auto* texts = dynamic_cast<const ReadsTexts*>(&source);
  return texts != nullptr && texts->reads_texts_of(file);
}

}  // namespace leat
