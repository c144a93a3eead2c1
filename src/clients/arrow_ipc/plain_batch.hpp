#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "clients/arrow_ipc/fields.hpp"

namespace leat::arrow_ipc {

/// One column of a record batch in memory: unpacked, and each value where it is asked for.
struct PlainColumn {
  std::uint64_t rows = 0;
  /// Of a text whose values do not lie one behind the other: each of them. Else null.
  std::shared_ptr<const std::vector<std::string_view>> texts;
  const char* valid = nullptr;  ///< A bit a row; null: none is null.
  std::string_view values;      ///< As the layout says: bits, plain values, offsets.
  std::string_view text;        ///< What offsets lead into.
  std::vector<PlainColumn> children;
};

/// A value of a buffer of such values.
template <typename T>
T value_at(std::string_view bytes, std::uint64_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at * sizeof(T), sizeof(T));
  return value;
}

/// Values of its child that a row of lists has.
struct ListRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// `field` is lists_32, lists_64 or fixed_lists.
ListRange list_at(const Field& field, const PlainColumn& column, std::uint64_t row);
/// Is it a text or bytes, whose values may be of any length?
bool is_long(const Field& field);

inline bool bit_at(const char* bits, std::uint64_t at) {
  return ((static_cast<unsigned char>(bits[at / 8]) >> (at % 8)) & 1) != 0;
}

/// A value of a column of texts or bytes; nothing: it lies outside of its buffer.
std::optional<std::string_view> text_at(const Field& field, const PlainColumn& column,
                                        std::uint64_t row);

/// A record batch in memory. Nothing of it depends on its file any more.
///
/// Promise   buffers are as long as the rows need, and lists lie within their children, one behind
///           the other. Offsets of texts are not looked at.
struct PlainBatch {
  std::uint64_t rows = 0;
  std::vector<PlainColumn> columns;
  /// What the columns point into.
  std::vector<std::shared_ptr<const void>> kept;
};

/// The values that the numbers of a column stand for: record batches of one column, one behind the
/// other.
using Dictionary = std::vector<std::shared_ptr<const PlainBatch>>;
using Dictionaries = std::map<std::int64_t, Dictionary>;

/// Where a record batch lies, and what it says of its columns.
struct BatchSource {
  FlatReader& flat;
  FlatReader::Table table;  ///< RecordBatch.
  std::string body;
};

/// Errors   external  broken. config  packed in a way that is not known.
Result<PlainBatch> read_batch(BatchSource from, const std::vector<Field>& fields,
                              const Dictionaries& dictionaries);

}  // namespace leat::arrow_ipc
