#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "io/byte_stream.hpp"
#include "io/descriptor.hpp"
#include "io/files.hpp"

namespace leat::io {

/// The path that means standard input.
inline constexpr const char* kStandardInput = "-";

/// Is it standard input by whatever name: `-`, /dev/stdin, /proc/self/fd/0, or the very pipe that
/// it is.
bool means_standard_input(const fs::path& path);

/// Standard input, a named pipe, `<(…)`: bytes that come once. Regular files are none.
bool is_stream(const fs::path& path);

/// Until when streams may be read; null: nobody may.
using StreamsMayBeRead = std::atomic<const CancelToken*>;

/// One of them.
///
/// Calls     `look` any number of times, then `take` once. It is opened by the first of them.
/// Threads   any; its files one at a time.
/// Promise   what a look has read comes again, to the next look and to whoever takes it; nothing is
///           read ahead of what was asked for. Waiting ends when the run is cancelled.
/// Errors    config    nobody writes to a named pipe; standard input is a terminal; it was taken;
///                     none may be read: only who reads rows may.
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  Stream(fs::path path, std::string id, std::chrono::milliseconds patience,
         const StreamsMayBeRead& may_be_read);

  /// Names it and no other, of this process or another.
  const std::string& id() const { return x_id; }
  Result<std::unique_ptr<File>> look();
  Result<std::unique_ptr<File>> take();

  /// For its files: as File::read_at, but never back to what was taken.
  Result<std::size_t> read_at(std::uint64_t offset, char* buffer, std::size_t size);

 private:
  Result<std::unique_ptr<File>> open();
  Status open_descriptor();
  Result<std::size_t> read_on(char* buffer, std::size_t size);
  /// 0: at the end.
  Result<std::size_t> read_some(char* buffer, std::size_t size);
  /// Until something may be read.
  Status wait();
  Error nobody_writes() const;

  std::mutex x_mutex;
  Descriptor x_descriptor;
  fs::path x_path;
  std::string x_id;
  bool x_may_wait_in_vain = false;  ///< A named pipe to which nobody was seen to write.
  std::chrono::milliseconds x_patience;
  std::chrono::milliseconds x_waited{0};
  const StreamsMayBeRead& x_may_be_read;
  const CancelToken* x_cancel = nullptr;
  std::string x_kept;        ///< What was looked at, from the start.
  std::uint64_t x_read = 0;  ///< Bytes in all.
  bool x_is_taken = false;
  bool x_at_end = false;
};

/// The streams of this process: who asks for one again gets the same.
///
/// Threads   any.
class Streams {
 public:
  /// So long somebody may be late with writing to a named pipe.
  explicit Streams(std::chrono::milliseconds patience = std::chrono::seconds(30))
      : x_patience(patience) {}
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  /// From now on streams may be read, until `cancel`, which outlives them, says stop.
  void allow(const CancelToken& cancel) { x_cancel = &cancel; }
  std::shared_ptr<Stream> of(const fs::path& path);

 private:
  const std::chrono::milliseconds x_patience;
  StreamsMayBeRead x_cancel{nullptr};
  std::mutex x_mutex;
  std::map<fs::path, std::shared_ptr<Stream>> x_known;
};

/// Those of the running program.
Streams& process_streams();

/// The bytes of a stream up to its end.
std::unique_ptr<ByteStream> endless_stream(std::unique_ptr<File> file);

}  // namespace leat::io
