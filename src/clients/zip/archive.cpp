#include "clients/zip/archive.hpp"

#include <minizip/unzip.h>

#include <algorithm>
#include <utility>

#include "base/quantity.hpp"

namespace leat::zip {

/// The archive's file, as the library asks for it.
struct Archive::Disk {
  static Archive& of(void* opaque) { return *static_cast<Archive*>(opaque); }
  static void* open(void* opaque, const void*, int) { return opaque; }
  static uLong read(void* opaque, void*, void* buffer, uLong size) {
    auto& archive = of(opaque);
    auto got = archive.x_file->read_at(archive.x_at, static_cast<char*>(buffer), size);
    if (!got.ok()) {
      archive.x_disk_error = std::make_unique<Error>(std::move(got).error());
      return 0;
    }
    archive.x_at += *got;
    archive.x_bytes_read += *got;
    return *got;
  }
  static uLong write(void*, void*, const void*, uLong) { return 0; }
  static ZPOS64_T tell(void* opaque, void*) { return of(opaque).x_at; }
  static long seek(void* opaque, void*, ZPOS64_T offset, int origin) {
    auto& archive = of(opaque);
    if (origin == ZLIB_FILEFUNC_SEEK_CUR) offset += archive.x_at;
    if (origin == ZLIB_FILEFUNC_SEEK_END) offset += archive.x_size;
    if (offset > archive.x_size) return -1;
    archive.x_at = offset;
    return 0;
  }
  static int close(void*, void*) { return 0; }
  static int error(void* opaque, void*) { return of(opaque).x_disk_error != nullptr ? 1 : 0; }
};

/// One entry, unpacked.
class Archive::Entry final : public io::ByteStream {
 public:
  Entry(Archive& from, std::string name, std::uint64_t packed, const io::RatioLimit& limit)
      : x_from(from), x_name(std::move(name)), x_packed(packed), x_limit(limit) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    std::size_t done = 0;
    while (done < size && !x_at_end) {
      const auto wanted = static_cast<unsigned>(std::min<std::size_t>(size - done, 1 << 20));
      const int got = unzReadCurrentFile(x_from.x_unzip, buffer + done, wanted);
      if (got < 0) return x_from.broken("its part `" + x_name + "` is corrupt or cut off");
      if (got == 0) {
        TRY(finish());
      }
      done += static_cast<std::size_t>(got);
      x_bytes += static_cast<std::uint64_t>(got);
      TRY(check_ratio());
    }
    return done;
  }
  std::uint64_t file_bytes() const override { return x_from.x_bytes_read; }

 private:
  Status finish() {
    x_at_end = true;
    x_from.x_is_open = false;
    const int closed = unzCloseCurrentFile(x_from.x_unzip);
    if (closed == UNZ_OK && x_from.x_disk_error == nullptr) return {};
    return x_from.broken("its part `" + x_name + "` is corrupt or cut off");
  }
  Status check_ratio() const {
    const auto in = std::max<std::uint64_t>(1, x_packed);
    if (x_bytes <= x_limit.bytes_free || x_bytes / in <= x_limit.ratio_max) return {};
    return Error(Fault::external, "its part `" + x_name + "` unpacks to more than " +
                                      std::to_string(x_limit.ratio_max) + " times its size")
        .with("bytes_out", format_bytes(x_bytes))
        .hint("raise `max_compression_ratio` when the file is to be trusted");
  }

  Archive& x_from;
  std::string x_name;
  std::uint64_t x_packed;
  io::RatioLimit x_limit;
  std::uint64_t x_bytes = 0;
  bool x_at_end = false;
};

Archive::Archive(std::unique_ptr<io::File> file) : x_file(std::move(file)) {}

Archive::~Archive() {
  if (x_unzip != nullptr) {
    close_entry();
    unzClose(x_unzip);
  }
}

Result<std::unique_ptr<Archive>> Archive::open(std::unique_ptr<io::File> file) {
  auto archive = std::make_unique<Archive>(std::move(file));
  TRY(const auto stat, archive->x_file->stat());
  archive->x_size = stat.size;
  zlib_filefunc64_def disk{Disk::open, Disk::read,  Disk::write, Disk::tell,
                           Disk::seek, Disk::close, Disk::error, archive.get()};
  archive->x_unzip = unzOpen2_64("", &disk);
  if (archive->x_unzip != nullptr && archive->x_disk_error == nullptr) return archive;
  return archive->broken("it is no ZIP archive, or was cut off");
}

Error Archive::broken(std::string what) const {
  if (x_disk_error != nullptr) return *x_disk_error;
  return Error(Fault::external, std::move(what)).hint("fetch the file again");
}

void Archive::close_entry() {
  if (std::exchange(x_is_open, false)) unzCloseCurrentFile(x_unzip);
}

bool Archive::has(const std::string& name) {
  close_entry();
  constexpr int kLetterCaseAside = 2;
  return unzLocateFile(x_unzip, name.c_str(), kLetterCaseAside) == UNZ_OK;
}

Result<std::unique_ptr<io::ByteStream>> Archive::entry(const std::string& name,
                                                       const io::RatioLimit& limit) {
  if (!has(name)) return broken("its part `" + name + "` is missing");
  unz_file_info64 info{};
  if (unzGetCurrentFileInfo64(x_unzip, &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
    return broken("its part `" + name + "` is corrupt or cut off");
  }
  if ((info.flag & 1) != 0) return Error(Fault::config, "its part `" + name + "` is encrypted");
  if (unzOpenCurrentFile(x_unzip) != UNZ_OK) {
    return broken("its part `" + name + "` is corrupt or cut off");
  }
  x_is_open = true;
  return std::unique_ptr<io::ByteStream>(
      std::make_unique<Entry>(*this, name, info.compressed_size, limit));
}

bool looks_like_zip(std::string_view start) { return start.starts_with("PK\x03\x04"); }

}  // namespace leat::zip
