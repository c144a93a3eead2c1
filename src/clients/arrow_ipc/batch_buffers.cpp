#include "clients/arrow_ipc/batch_buffers.hpp"

#include <memory>
#include <string>
#include <utility>

#include "clients/arrow_ipc/broken.hpp"

namespace leat::arrow_ipc {
BatchBuffers::BatchBuffers(BatchSource& from, PlainBatch& to) : x_from(from), x_to(to) {
  auto body = std::make_shared<std::string>(std::move(from.body));
  x_body = *body;
  x_bytes_left = x_body.size();
  x_to.kept.push_back(std::move(body));
  x_nodes = x_from.table.list(1, kItemBytes);
  x_list = x_from.table.list(2, kItemBytes);
  x_views = x_from.table.list(4, 8);
}

Status BatchBuffers::find_codec() {
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

Result<ColumnNode> BatchBuffers::next_node() {
  if (x_nodes_taken == x_nodes.size) return broken("a record batch has other columns");
  const auto place = x_nodes.at + x_nodes_taken++ * kItemBytes;
  const auto rows = x_from.flat.at<std::int64_t>(place);
  const auto nulls = x_from.flat.at<std::int64_t>(place + 8);
  if (rows < 0 || rows > std::int64_t(kRowsMax) || nulls < 0 || nulls > rows) {
    return broken("a column has fewer values than nulls");
  }
  return ColumnNode{std::uint64_t(rows), std::uint64_t(nulls)};
}

Result<std::string_view> BatchBuffers::next() {
  if (x_taken == x_list.size) return broken("a record batch has fewer buffers than columns need");
  const auto place = x_list.at + x_taken++ * kItemBytes;
  const auto offset = x_from.flat.at<std::int64_t>(place);
  const auto bytes = x_from.flat.at<std::int64_t>(place + 8);
  const bool fits = offset >= 0 && bytes >= 0 && std::uint64_t(offset) <= x_body.size() &&
                    x_body.size() - std::uint64_t(offset) >= std::uint64_t(bytes);
  if (!fits) return broken("a buffer lies outside of its record batch");
  if (std::uint64_t(bytes) > x_bytes_left) return broken("its buffers lie over each other");
  x_bytes_left -= std::uint64_t(bytes);
  const auto raw = x_body.substr(std::uint64_t(offset), std::uint64_t(bytes));
  if (x_codec == Codec::none) return raw;
  auto room = std::make_shared<std::string>();
  TRY(const auto unpacked, unpack(x_codec, raw, *room));
  x_to.kept.push_back(std::move(room));
  return unpacked;
}

Result<std::uint64_t> BatchBuffers::view_buffers() {
  if (x_views_taken == x_views.size) return broken("a column of views has no buffers");
  const auto count = x_from.flat.at<std::int64_t>(x_views.at + x_views_taken++ * 8ULL);
  if (count < 0 || count > std::int64_t(x_list.size)) return broken("a column has no buffers");
  return std::uint64_t(count);
}

}  // namespace leat::arrow_ipc
