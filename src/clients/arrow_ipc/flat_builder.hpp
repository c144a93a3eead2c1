#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat::arrow_ipc {

/// Writes one flatbuffer, from its end to its start, as far as Arrow's metadata needs it.
///
/// Calls     children before what refers to them: strings, vectors and tables give a Ref, which a
///           later table or vector takes. `finish` with the root table.
/// Source    FlatBuffers, internals of the binary format.
class FlatBuilder {
 public:
  /// Where something stands, counted from the end of the buffer. 0 is nothing.
  using Ref = std::uint32_t;

  /// The fields of one table that is being written.
  class Table {
   public:
    explicit Table(FlatBuilder& to) : x_to(to), x_begin(to.size()) {}
    template <typename T>
    Table& scalar(std::uint16_t field, T value) {
      x_to.push(value);
      x_fields.emplace_back(field, x_to.size());
      return *this;
    }
    Table& reference(std::uint16_t field, Ref to);
    Ref end();

   private:
    FlatBuilder& x_to;
    Ref x_begin;
    std::vector<std::pair<std::uint16_t, Ref>> x_fields;
  };

  Ref string(std::string_view text);
  Ref references(const std::vector<Ref>& refs);
  /// `bytes` are `count` structs whose largest member has 8 bytes.
  Ref structs(std::string_view bytes, std::uint32_t count);
  /// The buffer, padded to 8 bytes.
  std::string finish(Ref root);

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(x_bytes.size()); }
  void align(std::size_t alignment, std::size_t before = 0);
  void put(std::string_view bytes) { x_bytes.insert(0, bytes); }
  template <typename T>
  void push(T value) {
    align(sizeof(T));
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    put({bytes, sizeof(T)});
  }

  std::string x_bytes;
};

}  // namespace leat::arrow_ipc
