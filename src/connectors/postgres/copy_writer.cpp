#include "connectors/postgres/copy_writer.hpp"

namespace leat::connectors::postgres {
namespace {

/// So many bytes are handed on at once: few calls, and the server has something to do meanwhile.
constexpr std::size_t kBlockBytes = 256 * 1024;

}  // namespace

class CopyWriter::OneHand final : public Hand {
 public:
  explicit OneHand(CopyWriter& writer) : x_writer(writer) {}

  Status write(std::span<const data::ColumnView> columns, std::uint32_t rows) override {
    x_writer.x_encoder.append(columns, rows, x_block);
    x_count += rows;
    return x_block.size() < kBlockBytes ? Status() : hand_on();
  }
  Status finish() override { return hand_on(); }

 private:
  Status hand_on() {
    if (x_count == 0) return {};
    const auto packed = x_writer.x_file ? pack_rows(x_block.view()) : std::string();
    TRY(x_writer.take(x_block.view(), packed, x_count));
    x_block.clear();
    x_count = 0;
    return {};
  }

  CopyWriter& x_writer;
  WireBytes x_block;
  std::uint64_t x_count = 0;
};

Result<std::unique_ptr<ChunkWriter::Hand>> CopyWriter::open_hand() {
  return std::unique_ptr<Hand>(std::make_unique<OneHand>(*this));
}

Status CopyWriter::take(std::string_view rows, std::string_view packed, std::uint64_t count) {
  const std::lock_guard lock(x_mutex);
  x_rows += count;
  x_bytes += rows.size();
  if (x_file) TRY(x_file->append(packed));
  return x_server.put(rows);
}

Result<std::uint64_t> CopyWriter::finish() {
  if (x_file) TRY(x_file->finish());
  TRY(x_server.put(copy_end()));
  x_taken = x_server.end_copy_in();
  // What it says of the rows is for `seal`; of the rest nobody can make anything.
  if (!x_taken->ok() && x_taken->error().fault() != Fault::data) return x_taken->error();
  return x_rows;
}

}  // namespace leat::connectors::postgres
