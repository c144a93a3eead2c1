#pragma once

#include <string>

namespace leat {

/// A source's options that guess the types of columns from a sample.
class TellsSample {
 public:
  virtual ~TellsSample() = default;
  /// From which values they were taken, once somebody has asked for the columns: "parts of 3
  /// files"; empty: nobody has.
  virtual std::string sample() const = 0;
};

}  // namespace leat
