#include "connectors/csv/input.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/quantity.hpp"

namespace leat::connectors::csv {
namespace {

constexpr std::size_t kFooterBytesMax = 4 << 20;

Error footer_too_long() {
  return Error(Fault::config, "the footer is longer than " + format_bytes(kFooterBytesMax))
      .hint("`footer` counts lines at the end of the file");
}

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
    return footer_too_long();
  }
  return dropped + start;
}

/// A stream without its footer: so much is held back that the footer is among it at the end.
class BeforeFooter final : public io::ByteStream {
 public:
  BeforeFooter(std::unique_ptr<io::ByteStream> rest, std::uint32_t lines)
      : x_rest(std::move(rest)), x_lines(lines) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    TRY(hold(size));
    const std::size_t held = x_held.size() - x_at;
    const std::size_t free = x_at_end ? held : held - kFooterBytesMax;
    const std::size_t got = x_held.copy(buffer, std::min(size, free), x_at);
    x_at += got;
    x_has_given = x_has_given || got > 0;
    return got;
  }
  std::uint64_t file_bytes() const override { return x_rest->file_bytes(); }

 private:
  /// Reads until `size` bytes are known not to be of the footer, or all is there.
  Status hold(std::size_t size) {
    const std::size_t held = x_held.size() - x_at;
    if (x_at_end || held >= size + kFooterBytesMax) return {};
    // More than that, so that small reads do not move what is held each time.
    const std::size_t wanted = size + kFooterBytesMax + kFooterBytesMax / 4;
    x_held.erase(0, x_at);
    x_at = 0;
    x_held.resize(wanted);
    TRY(const std::size_t got, x_rest->read(x_held.data() + held, wanted - held));
    x_held.resize(held + got);
    if (held + got == wanted) return {};
    x_at_end = true;
    const std::size_t start = footer_start(x_held, !x_has_given, x_lines);
    if (start == std::string::npos) return footer_too_long();
    x_held.resize(start);
    return {};
  }

  std::unique_ptr<io::ByteStream> x_rest;
  std::uint32_t x_lines;
  std::string x_held;
  std::size_t x_at = 0;
  bool x_has_given = false;
  bool x_at_end = false;
};

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
                          const FileFormat& format, file_list::Opened how) {
  Input input;
  TRY(input.x_file, file_list::open_listed(files, file, format.form, how));
  if (format.footer > 0) TRY(input.leave_footer_out(files, file, format));
  return input;
}

Status Input::leave_footer_out(io::FileSystem& files, const file_list::ListedFile& file,
                               const FileFormat& format) {
  if (file.stream) {
    x_file.stream = std::make_unique<BeforeFooter>(std::move(x_file.stream), format.footer);
    return {};
  }
  auto left = bytes_before_footer(*x_file.stream, format.footer);
  if (!left.ok()) return std::move(left).error().during("reading `" + file.name + "`");
  x_left = *left;
  TRY(x_file, file_list::open_listed(files, file, format.form));
  return {};
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
