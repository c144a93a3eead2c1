#include "connectors/files/arrow_maps.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/utf8.hpp"

namespace leat::connectors::files {
namespace {

using arrow_ipc::bit_at;
using arrow_ipc::Field;
using arrow_ipc::Layout;
using arrow_ipc::PlainColumn;

bool is_there(const Field& field, const PlainColumn& column, std::uint64_t at) {
  if (field.layout == Layout::nothing) return false;
  return column.valid == nullptr || bit_at(column.valid, at);
}

void append_number(std::string& to, std::uint64_t number) {
  to.append(std::string_view(reinterpret_cast<const char*>(&number), sizeof number));
}

template <typename Number>
std::string same_bytes(std::string_view bytes) {
  Number number;
  std::memcpy(&number, bytes.data(), sizeof(number));
  if (std::isnan(number)) number = std::numeric_limits<Number>::quiet_NaN();
  if (number == 0) number = 0;
  std::string out(sizeof(number), '\0');
  std::memcpy(out.data(), &number, sizeof(number));
  return out;
}

/// The zeros are one number to the engine, and so are all NaNs.
std::string as_engine_compares(const Field& field, std::string_view bytes) {
  if (field.type.is_floating() && bytes.size() == sizeof(float)) return same_bytes<float>(bytes);
  if (field.type.is_floating() && bytes.size() == sizeof(double)) return same_bytes<double>(bytes);
  return std::string(bytes);
}

/// Appends bytes that no other value of the column has.
void append(std::string& to, const Field& field, const PlainColumn& column, std::uint64_t at) {
  to += is_there(field, column, at) ? '+' : '-';
  if (to.back() == '-') return;
  if (field.layout == Layout::structure) {
    for (std::size_t i = 0; i < field.children.size(); ++i) {
      append(to, field.children[i], column.children[i], at);
    }
  } else if (field.is_nested()) {
    const auto list = arrow_ipc::list_at(field, column, at);
    append_number(to, list.end - list.begin);
    for (auto item = list.begin; item < list.end; ++item) {
      append(to, field.children[0], column.children[0], item);
    }
  } else if (field.layout == Layout::bits) {
    to += bit_at(column.values.data(), at) ? '1' : '0';
  } else {
    const auto bytes = as_engine_compares(
        field, arrow_ipc::text_at(field, column, at).value_or(std::string_view()));
    append_number(to, bytes.size());
    to += bytes;
  }
}

}  // namespace

std::string ArrowKeys::judge(const arrow_ipc::ListRange& list) const {
  std::unordered_set<std::string> met;
  for (auto at = list.begin; at < list.end; ++at) {
    const bool is_pair = x_pairs.valid == nullptr || bit_at(x_pairs.valid, at);
    if (!is_pair || !is_there(x_field, x_keys, at)) return "a key of the map is null";
    std::string key;
    append(key, x_field, x_keys, at);
    if (met.insert(std::move(key)).second) continue;
    if (!x_field.type.is_text()) return "a key of the map comes twice";
    const auto text = arrow_ipc::text_at(x_field, x_keys, at).value_or(std::string_view());
    return "the key `" + printable(text) + "` of the map comes twice";
  }
  return {};
}

}  // namespace leat::connectors::files
