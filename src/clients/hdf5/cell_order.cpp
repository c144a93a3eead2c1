#include "clients/hdf5/cell_order.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace leat::hdf5 {
namespace {

constexpr std::uint64_t kBlockBytes = 1 << 20;

Error disk_error(const std::string& what) {
  return Error(Fault::external, what).with("reason", std::strerror(errno));
}

/// A file beside another one, which is gone when it is closed.
Result<io::Descriptor> file_without_name(const std::filesystem::path& beside) {
  const auto folder = beside.has_parent_path() ? beside.parent_path() : ".";
  io::Descriptor made(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (made.number() >= 0) return made;
  // Some file systems know no files without a name.
  const auto name = beside.string() + ".cells";
  made = io::Descriptor(::open(name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
  if (made.number() < 0) {
    return disk_error("no file can be made to keep rows in until their array is written");
  }
  ::unlink(name.c_str());
  return made;
}

Status append(int file, std::string_view rest) {
  while (!rest.empty()) {
    const auto done = ::write(file, rest.data(), rest.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return disk_error("rows cannot be kept until their array is written");
    rest.remove_prefix(static_cast<std::size_t>(done));
  }
  return {};
}

}  // namespace

Status CellOrder::open(const std::filesystem::path& path, std::size_t axes,
                       std::size_t record_bytes, std::uint64_t memory_max,
                       const CancelToken* cancel) {
  x_axes = axes;
  x_record_bytes = record_bytes;
  x_memory_max = memory_max;
  x_cancel = cancel;
  TRY(x_kept, file_without_name(path));
  TRY(x_sorted, file_without_name(path));
  return {};
}

Status CellOrder::keep(std::string_view records) {
  TRY(append(x_kept.number(), records));
  x_bytes += records.size();
  return {};
}

/// Fills the whole block.
Status CellOrder::read_at(int file, std::uint64_t at, std::string& block) const {
  if (x_cancel != nullptr && x_cancel->requested()) {
    return Error(Fault::external, "writing the array was stopped").cancelled();
  }
  for (std::size_t got = 0; got < block.size();) {
    const auto more =
        ::pread(file, block.data() + got, block.size() - got, static_cast<off_t>(at + got));
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) return disk_error("kept rows cannot be read again");
    got += static_cast<std::size_t>(more);
  }
  return {};
}

std::uint64_t CellOrder::cell_of(const char* record) const {
  std::uint64_t cell = 0;
  for (std::size_t axis = 0; axis < x_axes; ++axis) {
    std::uint32_t coordinate = 0;
    std::memcpy(&coordinate, record + axis * sizeof coordinate, sizeof coordinate);
    cell = cell * x_sizes[axis] + coordinate;
  }
  return cell;
}

Status CellOrder::sort(const std::vector<std::uint64_t>& sizes) {
  x_sizes = sizes;
  // Of a record its place in the order is in memory, too, and its copy in that order.
  const auto taken = 2 * x_record_bytes + sizeof(std::pair<std::uint64_t, std::size_t>);
  const auto records = std::max<std::uint64_t>(1, x_memory_max / taken);
  std::string block;
  std::string sorted;
  for (std::uint64_t at = 0; at < x_bytes;) {
    block.resize(std::min(records * x_record_bytes, x_bytes - at));
    TRY(read_at(x_kept.number(), at, block));
    TRY(write_run(block, sorted));
    x_runs.push_back({at, at + block.size(), {}, 0, 0});
    at += block.size();
  }
  x_kept.close();
  return start_merge();
}

Status CellOrder::write_run(const std::string& block, std::string& sorted) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  order.reserve(block.size() / x_record_bytes);
  for (std::size_t at = 0; at < block.size(); at += x_record_bytes) {
    order.emplace_back(cell_of(block.data() + at), at);
  }
  std::sort(order.begin(), order.end());
  sorted.clear();
  for (const auto& [cell, at] : order) sorted.append(block, at, x_record_bytes);
  return append(x_sorted.number(), sorted);
}

Status CellOrder::start_merge() {
  for (std::size_t i = 0; i < x_runs.size(); ++i) {
    TRY(const bool has_one, advance(x_runs[i]));
    if (has_one) x_heap.push_back(i);
  }
  std::make_heap(x_heap.begin(), x_heap.end(),
                 [this](std::size_t a, std::size_t b) { return is_later(a, b); });
  return {};
}

/// False: the run is at its end.
Result<bool> CellOrder::advance(Run& run) const {
  if (!run.block.empty()) run.used += x_record_bytes;
  if (run.used == run.block.size()) {
    const auto share = std::min<std::uint64_t>(kBlockBytes, x_memory_max / x_runs.size());
    const auto records = std::max<std::uint64_t>(1, share / x_record_bytes);
    run.block.resize(std::min(records * x_record_bytes, run.end - run.at));
    run.used = 0;
    if (run.block.empty()) return false;
    TRY(read_at(x_sorted.number(), run.at, run.block));
    run.at += run.block.size();
  }
  run.cell = cell_of(run.block.data() + run.used);
  return true;
}

Result<CellOrder::Record> CellOrder::next() {
  const auto later = [this](std::size_t a, std::size_t b) { return is_later(a, b); };
  if (x_is_told) {
    std::pop_heap(x_heap.begin(), x_heap.end(), later);
    TRY(const bool has_more, advance(x_runs[x_heap.back()]));
    if (has_more) {
      std::push_heap(x_heap.begin(), x_heap.end(), later);
    } else {
      x_heap.pop_back();
    }
  }
  x_is_told = !x_heap.empty();
  if (!x_is_told) return Record();
  const auto& run = x_runs[x_heap.front()];
  return Record{run.cell, run.block.data() + run.used + x_axes * sizeof(std::uint32_t)};
}

}  // namespace leat::hdf5
