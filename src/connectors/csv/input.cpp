#include "connectors/csv/input.hpp"

#include <algorithm>
#include <cstring>

#include "base/quantity.hpp"

namespace leat::connectors::csv {
namespace {

constexpr std::size_t kFooterBytesMax = 4 << 20;

/// Reads a stream to its end to learn where its footer starts. Only files with a footer pay.
Result<std::uint64_t> bytes_before_footer(io::ByteStream& stream, std::uint32_t lines) {
  std::string tail;
  std::uint64_t dropped = 0;
  constexpr std::size_t kPiece = 1 << 20;
  while (true) {
    const std::size_t kept = tail.size();
    tail.resize(kept + kPiece);
    TRY(const std::size_t got, stream.read(tail.data() + kept, kPiece));
    tail.resize(kept + got);
    if (got < kPiece) break;
    if (tail.size() > 2 * kFooterBytesMax) {
      dropped += tail.size() - kFooterBytesMax;
      tail.erase(0, tail.size() - kFooterBytesMax);
    }
  }
  const std::size_t start = footer_start(tail, dropped == 0, lines);
  if (start == std::string_view::npos) {
    return Error(Fault::config, "the footer is longer than " + format_bytes(kFooterBytesMax))
        .hint("`footer` counts lines at the end of the file");
  }
  return dropped + start;
}

}  // namespace

std::size_t footer_start(std::string_view tail, bool is_whole, std::uint32_t lines) {
  const auto is_line_end = [&](std::size_t at) { return tail[at] == '\n' || tail[at] == '\r'; };
  std::size_t at = tail.size();
  while (at > 0 && is_line_end(at - 1)) --at;
  for (std::uint32_t line = 0; line < lines; ++line) {
    if (line > 0 && at > 0) at -= at > 1 && tail[at - 1] == '\n' && tail[at - 2] == '\r' ? 2 : 1;
    while (at > 0 && !is_line_end(at - 1)) --at;
    if (at == 0) return is_whole ? 0 : std::string_view::npos;
  }
  return at;
}

Result<Input> Input::open(io::FileSystem& files, const file_list::ListedFile& file,
                          const FileFormat& format) {
  Input input;
  TRY(input.x_file, file_list::open_listed(files, file, format.form));
  if (format.footer == 0) return input;
  auto left = bytes_before_footer(*input.x_file.stream, format.footer);
  if (!left.ok()) return std::move(left).error().during("reading `" + file.name + "`");
  input.x_left = *left;
  TRY(input.x_file, file_list::open_listed(files, file, format.form));
  return input;
}

Result<std::size_t> Input::read(char* buffer, std::size_t size) {
  const std::size_t put_back = std::min(size, x_pending.size() - x_pending_at);
  if (put_back > 0) {
    std::memcpy(buffer, x_pending.data() + x_pending_at, put_back);
    x_pending_at += put_back;
  }
  const std::size_t wanted = std::min<std::uint64_t>(size - put_back, x_left);
  if (wanted == 0) return put_back;
  TRY(const std::size_t got, x_file.stream->read(buffer + put_back, wanted));
  x_left -= got;
  return put_back + got;
}

void Input::unread(std::string_view text) {
  if (text.size() <= x_pending_at) {
    x_pending_at -= text.size();
    std::memcpy(x_pending.data() + x_pending_at, text.data(), text.size());
    return;
  }
  x_pending = std::string(text) + x_pending.substr(x_pending_at);
  x_pending_at = 0;
}

}  // namespace leat::connectors::csv
