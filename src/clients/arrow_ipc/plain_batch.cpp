#include "clients/arrow_ipc/plain_batch.hpp"

#include <utility>

#include "clients/arrow_ipc/batch_buffers.hpp"
#include "clients/arrow_ipc/broken.hpp"
#include "clients/arrow_ipc/dictionary_values.hpp"

namespace leat::arrow_ipc {
namespace {

constexpr std::uint32_t kInlineMax = 12;
/// Of what lies in lists and takes no byte of the file, so that nothing else bounds it.
constexpr std::uint64_t kNothingMax = std::uint64_t{1} << 24;

Error too_few(const Field& field) {
  return broken("column `" + field.name + "` has too few values");
}

/// Reads one column after the other, each with its children.
class Columns {
 public:
  Columns(BatchSource& from, PlainBatch& to, const Dictionaries& dictionaries)
      : x_buffers(from, to), x_to(to), x_dictionaries(dictionaries) {}

  Status begin(const std::vector<Field>& fields) {
    if (x_buffers.nodes() != count_fields(fields)) {
      return broken("a record batch has other columns");
    }
    return x_buffers.find_codec();
  }
  bool is_done() const { return x_buffers.is_done(); }

  Result<PlainColumn> read(const Field& field, bool is_inner) {
    TRY(const auto node, x_buffers.next_node());
    PlainColumn column;
    column.rows = node.rows;
    if (field.layout == Layout::nothing && !field.dictionary) {
      if (is_inner && column.rows > kNothingMax) return too_many(field);
      return column;
    }
    TRY(const auto bits, x_buffers.next());
    if (node.nulls > 0 && bits.size() < (column.rows + 7) / 8) return too_few(field);
    column.valid = node.nulls > 0 ? bits.data() : nullptr;
    if (field.is_nested()) {
      TRY(read_nested(field, is_inner, column));
    } else {
      TRY(read_values(field, column));
    }
    return column;
  }

 private:
  static Error too_many(const Field& field) {
    return broken("lists of `" + field.name + "` hold more than 16 million values of no size");
  }

  Status read_values(const Field& field, PlainColumn& column) {
    TRY(column.values, x_buffers.next());
    if (!holds(field, column)) return too_few(field);
    if (field.dictionary) return look_up(field, x_dictionaries, column, x_to);
    if (field.layout == Layout::views) return follow_views(column);
    if (!is_long(field)) return {};
    TRY(column.text, x_buffers.next());
    return {};
  }

  Status read_nested(const Field& field, bool is_inner, PlainColumn& column) {
    if (field.is_list()) {
      TRY(column.values, x_buffers.next());
      if (!holds(field, column)) return too_few(field);
    }
    for (const auto& child : field.children) {
      TRY(auto read_child, read(child, true));
      column.children.push_back(std::move(read_child));
    }
    if (field.is_list()) return require_order(field, column);
    if (field.layout == Layout::fixed_lists) return require_items(field, is_inner, column);
    for (const auto& child : column.children) {
      if (child.rows < column.rows) return too_few(field);
    }
    return {};
  }

  static Status require_order(const Field& field, const PlainColumn& column) {
    if (column.rows == 0) return {};
    std::uint64_t before = list_at(field, column, 0).begin;
    for (std::uint64_t row = 0; row < column.rows; ++row) {
      const auto list = list_at(field, column, row);
      // A negative offset is a huge one here.
      if (list.begin < before || list.end < list.begin || list.end > column.children[0].rows) {
        return broken("a list of `" + field.name + "` lies outside of its values");
      }
      before = list.begin;
    }
    return {};
  }

  static Status require_items(const Field& field, bool is_inner, const PlainColumn& column) {
    if (field.items == 0) {
      return is_inner && column.rows > kNothingMax ? Status(too_many(field)) : Status();
    }
    return column.children[0].rows / field.items < column.rows ? Status(too_few(field)) : Status();
  }

  static bool holds(const Field& field, const PlainColumn& column) {
    const auto rows = column.rows;
    const auto bytes = column.values.size();
    if (rows == 0) return true;
    if (field.dictionary) return bytes / field.dictionary->width >= rows;
    switch (field.layout) {
      case Layout::bits: return bytes >= (rows + 7) / 8;
      case Layout::lists_32:
      case Layout::offsets_32: return bytes / 4 >= rows + 1;
      case Layout::lists_64:
      case Layout::offsets_64: return bytes / 8 >= rows + 1;
      case Layout::views: return bytes / kItemBytes >= rows;
      default: return bytes / field.width >= rows;
    }
  }

  Status follow_views(PlainColumn& column) {
    TRY(const auto count, x_buffers.view_buffers());
    std::vector<std::string_view> others;
    for (std::uint64_t i = 0; i < count; ++i) {
      TRY(const auto other, x_buffers.next());
      others.push_back(other);
    }
    auto texts = std::make_shared<std::vector<std::string_view>>(column.rows);
    for (std::uint64_t row = 0; row < column.rows; ++row) {
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

  BatchBuffers x_buffers;
  PlainBatch& x_to;
  const Dictionaries& x_dictionaries;
};

std::int64_t offset_at(std::string_view offsets, bool is_wide, std::uint64_t at) {
  return is_wide ? value_at<std::int64_t>(offsets, at)
                 : std::int64_t{value_at<std::int32_t>(offsets, at)};
}

}  // namespace

bool is_long(const Field& field) {
  return field.layout == Layout::offsets_32 || field.layout == Layout::offsets_64 ||
         field.layout == Layout::views;
}

ListRange list_at(const Field& field, const PlainColumn& column, std::uint64_t row) {
  if (field.layout == Layout::fixed_lists) return {row * field.items, (row + 1) * field.items};
  const bool is_wide = field.layout == Layout::lists_64;
  return {std::uint64_t(offset_at(column.values, is_wide, row)),
          std::uint64_t(offset_at(column.values, is_wide, row + 1))};
}

std::optional<std::string_view> text_at(const Field& field, const PlainColumn& column,
                                        std::uint64_t row) {
  if (column.texts) return (*column.texts)[row];
  if (field.layout == Layout::plain) return column.values.substr(row * field.width, field.width);
  const bool is_wide = field.layout == Layout::offsets_64;
  const auto begin = offset_at(column.values, is_wide, row);
  const auto end = offset_at(column.values, is_wide, row + 1);
  if (begin < 0 || end < begin || std::uint64_t(end) > column.text.size()) return std::nullopt;
  return column.text.substr(std::size_t(begin), std::size_t(end - begin));
}

Result<PlainBatch> read_batch(BatchSource from, const std::vector<Field>& fields,
                              const Dictionaries& dictionaries) {
  PlainBatch batch;
  batch.rows = static_cast<std::uint64_t>(from.table.scalar<std::int64_t>(0, 0));
  Columns columns(from, batch, dictionaries);
  TRY(columns.begin(fields));
  for (const auto& field : fields) {
    TRY(auto column, columns.read(field, false));
    if (column.rows != batch.rows) return too_few(field);
    batch.columns.push_back(std::move(column));
  }
  if (!columns.is_done()) return broken("a record batch has other buffers than its columns need");
  return batch;
}

}  // namespace leat::arrow_ipc
