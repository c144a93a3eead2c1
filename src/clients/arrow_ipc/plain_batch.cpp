#include "clients/arrow_ipc/plain_batch.hpp"

#include <cstring>
#include <utility>

#include "clients/arrow_ipc/broken.hpp"
#include "clients/arrow_ipc/unpack.hpp"

namespace leat::arrow_ipc {
namespace {

constexpr std::size_t kItemBytes = 16;  ///< Of nodes and buffers in the metadata, and of a view.
constexpr std::uint32_t kInlineMax = 12;

Error too_few(const Field& field) {
  return broken("column `" + field.name + "` has too few values");
}

template <typename T>
T value_at(std::string_view bytes, std::uint64_t row) {
  T value{};
  std::memcpy(&value, bytes.data() + row * sizeof(T), sizeof(T));
  return value;
}

/// Is a text or bytes, whose values may be of any length.
bool is_long(const Field& field) {
  return field.layout == Layout::offsets_32 || field.layout == Layout::offsets_64 ||
         field.layout == Layout::views;
}

/// Takes the buffers of a record batch one after the other.
class Buffers {
 public:
  Buffers(BatchSource& from, PlainBatch& to) : x_from(from), x_to(to) {
    auto body = std::make_shared<std::string>(std::move(from.body));
    x_body = *body;
    x_to.kept.push_back(std::move(body));
    x_list = x_from.table.list(2, kItemBytes);
    x_views = x_from.table.list(4, 8);
  }

  Status find_codec() {
    auto packed = x_from.table.table(3);
    if (!packed) return {};
    const auto codec = packed->scalar<std::int8_t>(0, 0);
    if (codec < 0 || codec > 1 || packed->scalar<std::int8_t>(1, 0) != 0) {
      return Error(Fault::config, "its record batches are packed in a way that is not known")
          .hint("write it with lz4 or zstd, or without compression");
    }
    x_codec = static_cast<Codec>(codec);
    return {};
  }

  Result<std::string_view> next() {
    if (x_taken == x_list.size) return broken("a record batch has fewer buffers than columns need");
    const auto place = x_list.at + x_taken++ * kItemBytes;
    const auto offset = x_from.flat.at<std::int64_t>(place);
    const auto bytes = x_from.flat.at<std::int64_t>(place + 8);
    const bool fits = offset >= 0 && bytes >= 0 && std::uint64_t(offset) <= x_body.size() &&
                      x_body.size() - std::uint64_t(offset) >= std::uint64_t(bytes);
    if (!fits) return broken("a buffer lies outside of its record batch");
    const auto raw = x_body.substr(std::uint64_t(offset), std::uint64_t(bytes));
    if (x_codec == Codec::none) return raw;
    auto room = std::make_shared<std::string>();
    TRY(const auto unpacked, unpack(x_codec, raw, *room));
    x_to.kept.push_back(std::move(room));
    return unpacked;
  }

  /// How many buffers a column of views has besides.
  Result<std::int64_t> view_buffers() {
    if (x_views_taken == x_views.size) return broken("a column of views has no buffers");
    const auto count = x_from.flat.at<std::int64_t>(x_views.at + x_views_taken++ * 8ULL);
    if (count < 0 || count > std::int64_t(x_list.size)) return broken("a column has no buffers");
    return count;
  }

  bool is_done() const { return x_taken == x_list.size && !x_from.flat.is_broken(); }

 private:
  BatchSource& x_from;
  PlainBatch& x_to;
  std::string_view x_body;
  FlatReader::List x_list;
  FlatReader::List x_views;
  std::uint32_t x_taken = 0;
  std::uint32_t x_views_taken = 0;
  Codec x_codec = Codec::none;
};

/// Reads one column after the other.
class Columns {
 public:
  Columns(BatchSource& from, PlainBatch& to, const Dictionaries& dictionaries)
      : x_buffers(from, to), x_to(to), x_dictionaries(dictionaries) {}

  Status begin() { return x_buffers.find_codec(); }
  bool is_done() const { return x_buffers.is_done(); }

  Status add(const Field& field, std::uint64_t nulls) {
    PlainColumn column;
    if (field.layout != Layout::nothing || field.dictionary) {
      TRY(const auto bits, x_buffers.next());
      if (nulls > 0 && bits.size() < (x_to.rows + 7) / 8) return too_few(field);
      column.valid = nulls > 0 ? bits.data() : nullptr;
      TRY(column.values, x_buffers.next());
      if (!holds(field, column.values.size())) return too_few(field);
    }
    if (field.dictionary) {
      TRY(look_up(field, column));
    } else if (field.layout == Layout::views) {
      TRY(follow_views(column));
    } else if (is_long(field)) {
      TRY(column.text, x_buffers.next());
    }
    x_to.columns.push_back(std::move(column));
    return {};
  }

 private:
  bool holds(const Field& field, std::uint64_t bytes) const {
    const auto rows = x_to.rows;
    if (rows == 0) return true;
    if (field.dictionary) return bytes / field.dictionary->width >= rows;
    switch (field.layout) {
      case Layout::nothing: return true;
      case Layout::bits: return bytes >= (rows + 7) / 8;
      case Layout::offsets_32: return bytes / 4 >= rows + 1;
      case Layout::offsets_64: return bytes / 8 >= rows + 1;
      case Layout::views: return bytes / kItemBytes >= rows;
      case Layout::plain: break;
    }
    return bytes / field.width >= rows;
  }

  Status follow_views(PlainColumn& column) {
    TRY(const auto count, x_buffers.view_buffers());
    std::vector<std::string_view> others;
    for (std::int64_t i = 0; i < count; ++i) {
      TRY(const auto other, x_buffers.next());
      others.push_back(other);
    }
    auto texts = std::make_shared<std::vector<std::string_view>>(x_to.rows);
    for (std::uint64_t row = 0; row < x_to.rows; ++row) {
      if (column.valid != nullptr && !bit_at(column.valid, row)) continue;
      const auto view = column.values.substr(row * kItemBytes, kItemBytes);
      const auto size = value_at<std::int32_t>(view, 0);
      if (size < 0) return broken("a text is shorter than nothing");
      if (std::uint32_t(size) <= kInlineMax) {
        (*texts)[row] = view.substr(4, std::size_t(size));
        continue;
      }
      const auto number = value_at<std::int32_t>(view, 2);
      const auto offset = value_at<std::int32_t>(view, 3);
      const bool is_there =
          number >= 0 && std::size_t(number) < others.size() && offset >= 0 &&
          std::size_t(offset) <= others[std::size_t(number)].size() &&
          others[std::size_t(number)].size() - std::size_t(offset) >= std::size_t(size);
      if (!is_there) return broken("a text lies outside of its buffer");
      (*texts)[row] = others[std::size_t(number)].substr(std::size_t(offset), std::size_t(size));
    }
    column.texts = std::move(texts);
    return {};
  }

  static std::int64_t number_at(const Field& field, std::string_view numbers, std::uint64_t row) {
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

  /// Puts the value of each row in its place.
  Status look_up(const Field& field, PlainColumn& column);

  Buffers x_buffers;
  PlainBatch& x_to;
  const Dictionaries& x_dictionaries;
};

/// One column of values in the making, out of a dictionary.
class Gathering {
 public:
  Gathering(const Field& field, std::uint64_t rows) : x_field(field) {
    x_valid->assign((rows + 7) / 8, '\0');
    if (is_long(field)) {
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
    if (is_long(x_field)) {
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
    if (is_long(x_field)) column.texts = x_texts;
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

Status Columns::look_up(const Field& field, PlainColumn& column) {
  const auto found = x_dictionaries.find(field.dictionary->id);
  const Dictionary none;
  const auto& parts = found == x_dictionaries.end() ? none : found->second;
  Gathering gathering(field, x_to.rows);
  for (std::uint64_t row = 0; row < x_to.rows; ++row) {
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
  gathering.finish(column, x_to);
  for (const auto& part : parts) x_to.kept.push_back(part);
  return {};
}

}  // namespace

std::optional<std::string_view> text_at(const Field& field, const PlainColumn& column,
                                        std::uint64_t row) {
  if (column.texts) return (*column.texts)[row];
  if (field.layout == Layout::plain) return column.values.substr(row * field.width, field.width);
  const auto offset = [&](std::uint64_t at) {
    return field.layout == Layout::offsets_64
               ? value_at<std::int64_t>(column.values, at)
               : std::int64_t{value_at<std::int32_t>(column.values, at)};
  };
  const auto begin = offset(row);
  const auto end = offset(row + 1);
  if (begin < 0 || end < begin || std::uint64_t(end) > column.text.size()) return std::nullopt;
  return column.text.substr(std::size_t(begin), std::size_t(end - begin));
}

Result<PlainBatch> read_batch(BatchSource from, const std::vector<Field>& fields,
                              const Dictionaries& dictionaries) {
  PlainBatch batch;
  batch.rows = static_cast<std::uint64_t>(from.table.scalar<std::int64_t>(0, 0));
  const auto nodes = from.table.list(1, kItemBytes);
  if (nodes.size != fields.size()) return broken("a record batch has other columns");
  Columns columns(from, batch, dictionaries);
  TRY(columns.begin());
  for (std::uint32_t i = 0; i < nodes.size; ++i) {
    const auto rows = from.flat.at<std::int64_t>(nodes.at + i * kItemBytes);
    const auto nulls = from.flat.at<std::int64_t>(nodes.at + i * kItemBytes + 8);
    if (rows != std::int64_t(batch.rows) || nulls < 0 || nulls > rows) return too_few(fields[i]);
    TRY(columns.add(fields[i], std::uint64_t(nulls)));
  }
  if (!columns.is_done()) return broken("a record batch has other buffers than its columns need");
  return batch;
}

}  // namespace leat::arrow_ipc
