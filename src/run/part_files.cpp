#include "run/part_files.hpp"

#include <algorithm>
#include <cstring>

#include "base/crash_point.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "data/type.hpp"
#include "io/sha256.hpp"
#include "io/torn_bytes.hpp"
#include "run/workspace.hpp"

namespace leat::run {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBlockBytes = 1 << 20;
constexpr std::size_t kWaitingBytes = 8 << 20;  ///< Of all parts that are written at once.

std::vector<fs::path> part_paths(io::FileSystem& files, const fs::path& folder) {
  std::vector<fs::path> paths;
  if (!files.exists(folder)) return paths;
  const auto found = files.list(folder);
  if (!found.ok()) return paths;
  for (const auto& path : *found) {
    if (path.extension() == ".rows") paths.push_back(path);
  }
  return paths;
}

/// Rows of one file, each behind its length.
class Reader final : public PartReader {
 public:
  Reader(std::unique_ptr<io::File> file, std::uint64_t bytes)
      : x_file(std::move(file)), x_left(bytes) {}

  Result<std::optional<std::string_view>> next() override {
    TRY(const bool has_length, need(sizeof(std::uint32_t)));
    if (!has_length) return std::optional<std::string_view>();
    std::uint32_t size = 0;
    std::memcpy(&size, x_block.data() + x_at, sizeof size);
    x_at += sizeof size;
    TRY(const bool has_row, need(size));
    if (!has_row) return cut_short();
    const std::string_view row(x_block.data() + x_at, size);
    x_at += size;
    return std::optional<std::string_view>(row);
  }

 private:
  static Error cut_short() {
    return Error(Fault::external, "a sealed part was cut short while it was read");
  }

  /// So many bytes from `x_at` on. False: it is the end.
  Result<bool> need(std::size_t size) {
    const auto have = x_block.size() - x_at;
    if (have >= size) return true;
    if (have == 0 && x_left == 0) return size == 0;
    x_block.erase(0, x_at);
    x_at = 0;
    const auto wanted =
        std::size_t(std::min<std::uint64_t>(x_left, std::max(size - x_block.size(), kBlockBytes)));
    const auto kept = x_block.size();
    x_block.resize(kept + wanted);
    TRY(const auto got, x_file->read_at(x_offset, x_block.data() + kept, wanted));
    x_offset += got;
    x_left -= got;
    x_block.resize(kept + got);
    if (x_block.size() < size) return cut_short();
    return true;
  }

  std::unique_ptr<io::File> x_file;
  std::uint64_t x_left;
  std::uint64_t x_offset = 0;
  std::string x_block;
  std::size_t x_at = 0;
};

Result<std::string> digest_of(io::File& file, std::uint64_t bytes) {
  io::TornBytes digest;
  std::string block(kBlockBytes, '\0');
  for (std::uint64_t at = 0; at < bytes;) {
    const auto wanted = std::size_t(std::min<std::uint64_t>(block.size(), bytes - at));
    TRY(const auto got, file.read_at(at, block.data(), wanted));
    if (got == 0) break;
    digest.add({block.data(), got});
    at += got;
  }
  return digest.hex();
}

}  // namespace

/// A part on its way to the disk, under a hidden name until it is sealed. Its calls are made by the
/// lines of its store, in their order; behind one that failed there is nothing more to do.
class PartFiles::Growing {
 public:
  Growing(PartFiles& parts, const PartBounds& bounds) : x_parts(parts) { x_part.bounds = bounds; }

  Status open() {
    const auto path = x_parts.path_of(x_part.bounds.number);
    x_temporary = x_parts.x_folder / ("." + path.filename().string() + ".tmp");
    TRY(x_parts.x_files.create_folders(x_parts.x_folder));
    TRY(x_parts.x_files.remove(x_temporary));
    TRY(x_file, x_parts.x_files.open(x_temporary, io::Open::create_new));
    return {};
  }

  Status add(std::string_view rows) {
    if (!x_file) return {};
    x_digest.add(rows);
    x_part.bytes += rows.size();
    return end_if_failed(x_file->append(rows));
  }

  Status seal(std::uint64_t rows) {
    if (!x_file) return {};
    x_part.rows = rows;
    return end_if_failed(make_durable());
  }

  Status remove() {
    if (!x_file) return {};
    x_file.reset();
    return x_parts.x_files.remove(x_temporary);
  }

 private:
  Status make_durable() {
    x_part.digest = x_digest.hex();
    x_part.sealed_at = format_instant(x_parts.x_clock.now()).substr(0, 19) + "Z";
    TRY(x_file->append(footer_of(x_part, x_parts.x_identity)));
    crash_point("seal.fsync.before");
    TRY(x_file->sync());
    crash_point("seal.fsync.after");
    TRY(x_parts.x_files.rename(x_temporary, x_parts.path_of(x_part.bounds.number)));
    x_file.reset();
    crash_point("seal.rename.after");
    TRY(x_parts.x_files.sync_folder(x_parts.x_folder));
    crash_point("seal.folder.fsync.after");
    x_parts.add(std::move(x_part));
    return {};
  }

  Status end_if_failed(Status done) {
    if (done.ok()) return done;
    [[maybe_unused]] const auto removed = remove();
    return done;
  }

  PartFiles& x_parts;
  SealedPart x_part;
  fs::path x_temporary;
  std::unique_ptr<io::File> x_file;
  io::TornBytes x_digest;
};

/// Gathers blocks, and gives them to the line. A row goes on in the next one.
class PartFiles::Writer final : public PartWriter {
 public:
  Writer(PartFiles& parts, const PartBounds& bounds)
      : x_parts(parts), x_part(std::make_shared<Growing>(parts, bounds)) {}
  ~Writer() override {
    if (x_is_sealed) return;
    [[maybe_unused]] const auto given =
        x_parts.x_line.give(0, [part = x_part] { return part->remove(); });
  }

  Status open() {
    return x_parts.x_line.give(0, [part = x_part] { return part->open(); });
  }

  Status add(std::string_view row) override {
    const auto size = std::uint32_t(row.size());
    ++x_rows;
    TRY(put({reinterpret_cast<const char*>(&size), sizeof size}));
    return put(row);
  }

  Status seal() override {
    if (x_block) TRY(give_block());
    x_is_sealed = true;
    return x_parts.x_line.give(0, [&seals = x_parts.x_seals, part = x_part, rows = x_rows] {
      return seals.give(1, [part, rows] { return part->seal(rows); });
    });
  }

 private:
  Status put(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!x_block) x_block = x_parts.take_block();
      bytes.remove_prefix(x_block->put(bytes));
      if (x_block->room() == 0) TRY(give_block());
    }
    return {};
  }

  Status give_block() {
    return x_parts.x_line.give(
        kBlockBytes, [&parts = x_parts, part = x_part, block = std::exchange(x_block, {})] {
          auto done = part->add(block->view());
          parts.give_back(block);
          return done;
        });
  }

  PartFiles& x_parts;
  std::shared_ptr<Growing> x_part;
  Block x_block;
  std::uint64_t x_rows = 0;
  bool x_is_sealed = false;
};

PartFiles::PartFiles(io::FileSystem& files, const Clock& clock, fs::path folder,
                     ExtractIdentity identity)
    : x_files(files),
      x_clock(clock),
      x_folder(std::move(folder)),
      x_identity(std::move(identity)),
      x_seals(1),
      x_line(kWaitingBytes) {}

fs::path PartFiles::path_of(std::uint64_t number) const {
  auto name = std::to_string(number);
  name.insert(0, name.size() < 6 ? 6 - name.size() : 0, '0');
  return x_folder / (name + ".rows");
}

void PartFiles::set_heads(std::string heads) {
  begin_anew();  // What is on its way belongs to the last ones.
  x_identity.heads = std::move(heads);
}

PartFiles::Block PartFiles::take_block() {
  const std::lock_guard lock(x_mutex);
  if (x_blocks.empty()) return std::make_shared<io::AlignedBlock>(kBlockBytes);
  auto block = std::move(x_blocks.back());
  x_blocks.pop_back();
  block->clear();
  return block;
}

void PartFiles::give_back(Block block) {
  const std::lock_guard lock(x_mutex);
  x_blocks.push_back(std::move(block));
}

void PartFiles::add(SealedPart part) {
  const std::lock_guard lock(x_mutex);
  x_parts.push_back(std::move(part));
}

void PartFiles::say(std::string text) {
  const std::lock_guard lock(x_mutex);
  x_said.push_back(std::move(text));
}

Status PartFiles::open(const std::string& identity) {
  begin_anew();
  x_identity.source = io::sha256_of(identity);
  x_parts.clear();
  TRY(keep_only_own());
  std::sort(x_parts.begin(), x_parts.end(),
            [](const auto& a, const auto& b) { return a.bounds.number < b.bounds.number; });
  return {};
}

/// Parts are added up, so one that is not of this extract spoils all.
Status PartFiles::keep_only_own() {
  std::string why;
  for (const auto& path : part_paths(x_files, x_folder)) {
    TRY(auto footer, read_footer(x_files, path));
    if (!footer) {
      TRY(x_files.remove(path));
      say("a sealed part is discarded and read again, since its file is not whole: " +
          path.string());
      continue;
    }
    const auto& theirs = footer->identity;
    if (why.empty()) why = difference(theirs, x_identity);
    x_parts.push_back(std::move(footer->part));
  }
  if (why.empty()) return {};
  say(x_folder.filename().string() + ": " + described(x_parts) + ", " +
      (x_parts.size() == 1 ? "is" : "are") + " discarded and read again, since " + why);
  return clear();
}

std::vector<SealedPart> PartFiles::parts() const {
  const std::lock_guard lock(x_mutex);
  return x_parts;
}

Result<std::unique_ptr<PartWriter>> PartFiles::begin(const PartBounds& bounds) {
  auto writer = std::make_unique<Writer>(*this, bounds);
  TRY(writer->open());
  return std::unique_ptr<PartWriter>(std::move(writer));
}

Result<std::unique_ptr<PartReader>> PartFiles::read(const SealedPart& part) {
  TRY(auto file, x_files.open(path_of(part.bounds.number), io::Open::read));
  TRY(const auto digest, digest_of(*file, part.bytes));
  if (digest != part.digest) {
    TRY(remove(part, "its bytes are not those that were sealed"));
    return std::unique_ptr<PartReader>();
  }
  return std::unique_ptr<PartReader>(std::make_unique<Reader>(std::move(file), part.bytes));
}

Status PartFiles::settle() {
  TRY(x_line.settle());
  return x_seals.settle();
}

void PartFiles::begin_anew() {
  x_line.begin_anew();
  x_seals.begin_anew();
}

Status PartFiles::remove(const SealedPart& part, const std::string& why) {
  const auto path = path_of(part.bounds.number);
  say("a sealed part is discarded and read again, since " + why + ": " + path.string());
  {
    const std::lock_guard lock(x_mutex);
    std::erase_if(x_parts,
                  [&](const auto& one) { return one.bounds.number == part.bounds.number; });
  }
  return x_files.remove(path);
}

/// In one step: of an extract no part may go without the others.
Status PartFiles::clear() {
  begin_anew();
  {
    const std::lock_guard lock(x_mutex);
    x_parts.clear();
  }
  const auto gone = x_folder.parent_path() / (x_folder.filename().string() + ".gone");
  std::error_code failure;
  fs::remove_all(gone, failure);
  if (x_files.exists(x_folder)) {
    crash_point("seal.clear.before");
    TRY(x_files.rename(x_folder, gone));
    crash_point("seal.clear.after");
    fs::remove_all(gone, failure);
  }
  fs::remove(x_folder.parent_path(), failure);  // Where no other source has any.
  return {};
}

std::vector<std::string> PartFiles::take_said() {
  const std::lock_guard lock(x_mutex);
  return std::exchange(x_said, {});
}

std::string described(const std::vector<SealedPart>& parts) {
  if (parts.empty()) return "";
  std::uint64_t rows = 0;
  std::string last;
  for (const auto& part : parts) {
    rows += part.rows;
    last = std::max(last, part.sealed_at);
  }
  return counted(parts.size(), "sealed part") + " with " + counted(rows, "row") + ", the last of " +
         last;
}

std::string look_at_parts(io::FileSystem& files, const fs::path& folder,
                          const ExtractIdentity& own) {
  std::vector<SealedPart> parts;
  std::string why;
  for (const auto& path : part_paths(files, folder)) {
    auto footer = read_footer(files, path);
    if (!footer.ok() || !*footer) continue;
    auto all = own;
    if (all.heads.empty()) all.heads = (*footer)->identity.heads;
    if (all.source.empty()) all.source = (*footer)->identity.source;
    if (why.empty()) why = difference((*footer)->identity, all);
    parts.push_back(std::move((*footer)->part));
  }
  if (parts.empty()) return "";
  if (!why.empty()) return "discards " + described(parts) + ", since " + why;
  std::sort(parts.begin(), parts.end(),
            [](const auto& a, const auto& b) { return a.bounds.number < b.bounds.number; });
  const auto& last = parts.back().bounds.upto;
  return "goes on behind " + described(parts) + ", " +
         (last ? "up to key " + *last : "which are all of it") +
         "; each part is as it stood when it was read";
}

fs::path parts_folder(const plan::Plan& plan, const std::string& source) {
  return plan.artifacts / "slices" / workspace_name(plan) / source;
}

}  // namespace leat::run
