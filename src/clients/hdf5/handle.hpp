#pragma once

#include <hdf5.h>

#include <filesystem>
#include <mutex>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace leat::hdf5 {

/// Something of the library's that is open, until the destructor.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Handle() = default;
  Handle(hid_t id, Close how) : x_id(id), x_close(how) {}
  Handle(Handle&& other) noexcept : x_id(std::exchange(other.x_id, -1)), x_close(other.x_close) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(x_id, other.x_id);
    std::swap(x_close, other.x_close);
    return *this;
  }
  ~Handle() { static_cast<void>(close()); }

  bool ok() const { return x_id >= 0; }
  hid_t get() const { return x_id; }
  /// Left open for good: after a failed write the library may not be asked to clean up.
  void forget() { x_id = -1; }
  /// False when what was written could not be kept.
  bool close() { return x_id < 0 || x_close(std::exchange(x_id, -1)) >= 0; }

 private:
  hid_t x_id = -1;
  Close x_close = nullptr;
};

/// Held around every use of the library, which does one thing at a time.
std::unique_lock<std::recursive_mutex> use_library();

/// What the library complained of last in this thread, as an external error; without its own
/// words where it has none.
Error complaint(std::string what);

/// Errors: config, no HDF5 file; external, cut off or broken.
Result<Handle> open_file(const std::filesystem::path& path);
/// Fails where the file is there already.
Result<Handle> create_file(const std::filesystem::path& path);

}  // namespace leat::hdf5
