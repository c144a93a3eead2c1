#include "clients/arrow_ipc/flat_builder.hpp"

#include <algorithm>

namespace leat::arrow_ipc {

/// So that what comes next, after `before` bytes, stands at a multiple of `alignment`: the buffer
/// as a whole is padded, so counting from its end is as good as from its start.
void FlatBuilder::align(std::size_t alignment, std::size_t before) {
  const std::size_t over = (x_bytes.size() + before) % alignment;
  if (over != 0) x_bytes.insert(0, alignment - over, '\0');
}

FlatBuilder::Ref FlatBuilder::string(std::string_view text) {
  align(4, text.size() + 1);
  x_bytes.insert(0, 1, '\0');
  put(text);
  push(static_cast<std::uint32_t>(text.size()));
  return size();
}

FlatBuilder::Ref FlatBuilder::references(const std::vector<Ref>& refs) {
  align(4);
  for (auto ref = refs.rbegin(); ref != refs.rend(); ++ref) push(size() + 4 - *ref);
  push(static_cast<std::uint32_t>(refs.size()));
  return size();
}

FlatBuilder::Ref FlatBuilder::structs(std::string_view bytes, std::uint32_t count) {
  align(8, bytes.size());
  put(bytes);
  push(count);
  return size();
}

FlatBuilder::Table& FlatBuilder::Table::reference(std::uint16_t field, Ref to) {
  x_to.align(4);
  return scalar(field, x_to.size() + 4 - to);
}

FlatBuilder::Ref FlatBuilder::Table::end() {
  std::uint16_t fields = 0;
  for (const auto& [field, at] : x_fields) fields = std::max<std::uint16_t>(fields, field + 1);
  const auto table_size = 4 + fields * 2;
  // The table begins with the distance back to its vtable, which stands right before it.
  x_to.push(static_cast<std::int32_t>(4 + fields * 2));
  const Ref table = x_to.size();
  std::vector<std::uint16_t> offsets(fields, 0);
  for (const auto& [field, at] : x_fields) offsets[field] = static_cast<std::uint16_t>(table - at);
  std::string vtable;
  const auto add = [&vtable](std::uint16_t value) {
    vtable += static_cast<char>(value & 0xff);
    vtable += static_cast<char>(value >> 8);
  };
  add(static_cast<std::uint16_t>(table_size));
  add(static_cast<std::uint16_t>(table - x_begin));
  for (const auto offset : offsets) add(offset);
  x_to.put(vtable);
  return table;
}

std::string FlatBuilder::finish(Ref root) {
  align(8, 4);
  push(size() + 4 - root);
  return std::move(x_bytes);
}

}  // namespace leat::arrow_ipc
