#include "clients/arrow_ipc/dictionary_values.hpp"

#include <cstring>
#include <memory>
#include <string>

#include "clients/arrow_ipc/broken.hpp"

namespace leat::arrow_ipc {
namespace {

std::int64_t number_at(const Field& field, std::string_view numbers, std::uint64_t row) {
  switch (field.dictionary->width) {
    case 1:
      return field.dictionary->is_signed ? value_at<std::int8_t>(numbers, row)
                                         : value_at<std::uint8_t>(numbers, row);
    case 2:
      return field.dictionary->is_signed ? value_at<std::int16_t>(numbers, row)
                                         : value_at<std::uint16_t>(numbers, row);
    case 4:
      return field.dictionary->is_signed ? value_at<std::int32_t>(numbers, row)
                                         : std::int64_t{value_at<std::uint32_t>(numbers, row)};
    default: return value_at<std::int64_t>(numbers, row);
  }
}

/// Values that are pointed to where they lie: they may be long, and taken many times.
bool are_pointed_to(const Field& field) {
  return is_long(field) || (field.layout == Layout::plain && field.type.id == data::TypeId::blob);
}

/// One column of values in the making, out of a dictionary.
class Gathering {
 public:
  Gathering(const Field& field, std::uint64_t rows) : x_field(field) {
    x_valid->assign((rows + 7) / 8, '\0');
    if (are_pointed_to(field)) {
      x_texts->resize(rows);
    } else if (field.layout == Layout::bits) {
      x_values->assign((rows + 7) / 8, '\0');
    } else if (field.layout == Layout::plain) {
      x_values->assign(rows * field.width, '\0');
    }
  }

  /// `at`: a value of the dictionary's part.
  Status put(std::uint64_t row, const PlainColumn& from, std::uint64_t at) {
    if (x_field.layout == Layout::nothing) return {};
    if (from.valid != nullptr && !bit_at(from.valid, at)) return {};
    set_bit(*x_valid, row);
    if (are_pointed_to(x_field)) {
      const auto text = text_at(x_field, from, at);
      if (!text) return broken("a text lies outside of its buffer");
      (*x_texts)[row] = *text;
    } else if (x_field.layout == Layout::bits) {
      if (bit_at(from.values.data(), at)) set_bit(*x_values, row);
    } else {
      const auto width = x_field.width;
      std::memcpy(x_values->data() + row * width, from.values.data() + at * width, width);
    }
    return {};
  }

  void finish(PlainColumn& column, PlainBatch& batch) {
    column.valid = x_valid->data();
    column.values = *x_values;
    if (are_pointed_to(x_field)) column.texts = x_texts;
    batch.kept.push_back(x_valid);
    batch.kept.push_back(x_values);
  }

 private:
  static void set_bit(std::string& bits, std::uint64_t at) {
    bits[at / 8] = static_cast<char>(static_cast<unsigned char>(bits[at / 8]) | 1u << (at % 8));
  }

  const Field& x_field;
  std::shared_ptr<std::string> x_valid = std::make_shared<std::string>();
  std::shared_ptr<std::string> x_values = std::make_shared<std::string>();
  std::shared_ptr<std::vector<std::string_view>> x_texts =
      std::make_shared<std::vector<std::string_view>>();
};

}  // namespace

Status look_up(const Field& field, const Dictionaries& dictionaries, PlainColumn& column,
               PlainBatch& batch) {
  const auto found = dictionaries.find(field.dictionary->id);
  const Dictionary none;
  const auto& parts = found == dictionaries.end() ? none : found->second;
  Gathering gathering(field, column.rows);
  for (std::uint64_t row = 0; row < column.rows; ++row) {
    if (column.valid != nullptr && !bit_at(column.valid, row)) continue;
    auto number = number_at(field, column.values, row);
    auto part = parts.begin();
    while (part != parts.end() && number >= std::int64_t((*part)->rows)) {
      number -= std::int64_t((*part)->rows);
      ++part;
    }
    if (part == parts.end() || number < 0) {
      return broken("column `" + field.name + "` has a number that its dictionary lacks");
    }
    TRY(gathering.put(row, (*part)->columns[0], std::uint64_t(number)));
  }
  gathering.finish(column, batch);
  for (const auto& part : parts) batch.kept.push_back(part);
  return {};
}

}  // namespace leat::arrow_ipc
