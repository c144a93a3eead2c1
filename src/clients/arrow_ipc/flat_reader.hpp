#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

namespace leat::arrow_ipc {

/// Reads one flatbuffer that nobody has verified.
///
/// Promise   never looks outside of its bytes. What does not fit in is read as nothing or zero, and
///           `is_broken` says so from then on.
class FlatReader {
 public:
  explicit FlatReader(std::string_view bytes) : x_bytes(bytes) {}

  class Table;

  /// A list of tables or of structs.
  struct List {
    std::size_t at = 0;
    std::uint32_t size = 0;
  };

  Table root();
  bool is_broken() const { return x_is_broken; }

  /// Any byte but zero is a true `bool`.
  template <typename T>
  T at(std::size_t place) {
    if constexpr (std::is_same_v<T, bool>) return at<std::uint8_t>(place) != 0;
    T value{};
    if (place > x_bytes.size() || x_bytes.size() - place < sizeof(T)) {
      x_is_broken = true;
      return value;
    }
    std::memcpy(&value, x_bytes.data() + place, sizeof(T));
    return value;
  }
  std::size_t follow(std::size_t place) { return place + at<std::uint32_t>(place); }
  std::string_view text(std::size_t place);
  List list(std::size_t place, std::size_t item_bytes);
  Table table_in(const List& list, std::uint32_t index);

 private:
  std::string_view x_bytes;
  bool x_is_broken = false;
};

class FlatReader::Table {
 public:
  Table(FlatReader& from, std::size_t at);

  template <typename T>
  T scalar(std::uint16_t field, T otherwise) {
    const auto place = place_of(field);
    return place ? x_from->at<T>(*place) : otherwise;
  }
  std::string_view text(std::uint16_t field);
  std::optional<Table> table(std::uint16_t field);
  List list(std::uint16_t field, std::size_t item_bytes);
  bool has(std::uint16_t field) { return place_of(field).has_value(); }

 private:
  std::optional<std::size_t> place_of(std::uint16_t field);

  FlatReader* x_from;
  std::size_t x_at;
  std::size_t x_vtable = 0;
  std::uint16_t x_vtable_bytes = 0;
};

}  // namespace leat::arrow_ipc
