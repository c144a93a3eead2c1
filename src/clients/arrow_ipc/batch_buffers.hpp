#pragma once

#include <cstdint>
#include <string_view>

#include "clients/arrow_ipc/plain_batch.hpp"
#include "clients/arrow_ipc/unpack.hpp"

namespace leat::arrow_ipc {

inline constexpr std::uint64_t kRowsMax = std::uint64_t{1} << 40;  ///< Of a record batch.
inline constexpr std::size_t kItemBytes =
    16;  ///< Of nodes and buffers in the metadata, and of a view.

/// How many values a column has, and how many of them are null.
struct ColumnNode {
  std::uint64_t rows = 0;
  std::uint64_t nulls = 0;
};

/// Takes the nodes and buffers of a record batch one after the other.
///
/// Errors   external  there are fewer, or they lie outside of its body or over each other. config
///          packed in a way that is not known.
class BatchBuffers {
 public:
  /// `to` keeps what is unpacked, and the body.
  BatchBuffers(BatchSource& from, PlainBatch& to);

  Status find_codec();
  std::size_t nodes() const { return x_nodes.size; }
  Result<ColumnNode> next_node();
  Result<std::string_view> next();
  /// How many buffers a column of views has besides.
  Result<std::uint64_t> view_buffers();
  /// Is nothing left?
  bool is_done() const { return x_taken == x_list.size && !x_from.flat.is_broken(); }

 private:
  BatchSource& x_from;
  PlainBatch& x_to;
  std::string_view x_body;
  FlatReader::List x_nodes;
  FlatReader::List x_list;
  FlatReader::List x_views;
  std::uint32_t x_nodes_taken = 0;
  std::uint32_t x_taken = 0;
  std::uint32_t x_views_taken = 0;
  std::uint64_t x_bytes_left;  ///< Of the body: each byte belongs to one buffer.
  Codec x_codec = Codec::none;
};

}  // namespace leat::arrow_ipc
