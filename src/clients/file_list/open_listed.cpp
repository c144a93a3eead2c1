#include "clients/file_list/open_listed.hpp"

#include "io/decompress.hpp"

namespace leat::file_list {

Result<OpenFile> open_listed(io::FileSystem& files, const ListedFile& listed) {
  TRY(auto file, files.open(listed.path, io::Open::read));
  TRY(const io::FileStat stat, file->stat());
  if (stat.size != listed.size || stat.mtime_ns != listed.mtime_ns) {
    return Error(Fault::external, listed.name + " was changed while the run started")
        .hint("run again when nobody writes to the file any more");
  }
  char start[2] = {};
  TRY(const std::size_t got, file->read_at(0, start, sizeof(start)));
  const bool is_gzip = listed.path.extension() == ".gz" || io::looks_like_gzip({start, got});
  if (is_gzip) return OpenFile{io::gunzip_stream(std::move(file), listed.name), stat.inode};
  return OpenFile{io::plain_stream(std::move(file), listed.name, listed.size), stat.inode};
}

}  // namespace leat::file_list
