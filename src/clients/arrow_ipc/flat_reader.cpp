#include "clients/arrow_ipc/flat_reader.hpp"

namespace leat::arrow_ipc {

FlatReader::Table FlatReader::root() { return {*this, follow(0)}; }

std::string_view FlatReader::text(std::size_t place) {
  const auto size = at<std::uint32_t>(place);
  if (x_is_broken || size > x_bytes.size() || x_bytes.size() - size < place + 4) {
    x_is_broken = true;
    return {};
  }
  return x_bytes.substr(place + 4, size);
}

FlatReader::List FlatReader::list(std::size_t place, std::size_t item_bytes) {
  const auto size = at<std::uint32_t>(place);
  if (x_is_broken || (x_bytes.size() - place - 4) / item_bytes < size) {
    x_is_broken = true;
    return {};
  }
  return {place + 4, size};
}

FlatReader::Table FlatReader::table_in(const List& list, std::uint32_t index) {
  return {*this, follow(list.at + index * 4ULL)};
}

FlatReader::Table::Table(FlatReader& from, std::size_t at) : x_from(&from), x_at(at) {
  const auto back = from.at<std::int32_t>(at);
  const auto vtable = static_cast<std::int64_t>(at) - back;
  if (vtable < 0) {
    from.x_is_broken = true;
    return;
  }
  x_vtable = static_cast<std::size_t>(vtable);
  x_vtable_bytes = from.at<std::uint16_t>(x_vtable);
}

std::optional<std::size_t> FlatReader::Table::place_of(std::uint16_t field) {
  const std::size_t entry = 4 + field * 2U;
  if (entry + 2 > x_vtable_bytes) return std::nullopt;
  const auto offset = x_from->at<std::uint16_t>(x_vtable + entry);
  if (offset == 0) return std::nullopt;
  return x_at + offset;
}

std::string_view FlatReader::Table::text(std::uint16_t field) {
  const auto place = place_of(field);
  return place ? x_from->text(x_from->follow(*place)) : std::string_view();
}

std::optional<FlatReader::Table> FlatReader::Table::table(std::uint16_t field) {
  const auto place = place_of(field);
  if (!place) return std::nullopt;
  return Table(*x_from, x_from->follow(*place));
}

FlatReader::List FlatReader::Table::list(std::uint16_t field, std::size_t item_bytes) {
  const auto place = place_of(field);
  return place ? x_from->list(x_from->follow(*place), item_bytes) : List{};
}

}  // namespace leat::arrow_ipc
