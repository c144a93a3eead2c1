#pragma once

#include <string>

namespace leat {

/// What a source is beside Source whose records of kRawFields can be read again by their texts.
class ReadsTexts {
 public:
  virtual ~ReadsTexts() = default;
  /// Can `Source::read_texts` read those that stood in this file?
  virtual bool reads_texts_of(const std::string& file) const = 0;
};

}  // namespace leat
