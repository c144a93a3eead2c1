#pragma once

#include <memory>
#include <mutex>

#include "core/chunk_writer.hpp"

namespace leat {

/// A ChunkWriter into one file, which is made with the first hand, or at the end when there was
/// none. `File` has `rows()`.
template <typename File>
class OneFileWriter : public ChunkWriter {
 public:
  Result<std::unique_ptr<Hand>> open_hand() final {
    TRY(File * file, made());
    return hand_on(*file);
  }

  Result<std::uint64_t> finish() final {
    TRY(File * file, made());
    TRY(end(*file));
    const std::uint64_t rows = file->rows();
    x_file.reset();
    return rows;
  }

 protected:
  virtual Result<std::unique_ptr<File>> make() = 0;
  /// The file outlives it.
  virtual std::unique_ptr<Hand> hand_on(File& file) = 0;
  /// When every hand has finished.
  virtual Status end(File& file) = 0;

 private:
  Result<File*> made() {
    const std::lock_guard lock(x_mutex);
    if (x_file == nullptr) {
      TRY(x_file, make());
    }
    return x_file.get();
  }

  std::mutex x_mutex;
  std::unique_ptr<File> x_file;
};

}  // namespace leat
