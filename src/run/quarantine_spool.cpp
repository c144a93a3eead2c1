#include "run/quarantine_spool.hpp"

#include "base/crash_point.hpp"
#include "engine/pass.hpp"
#include "engine/session.hpp"
#include "run/spool_record.hpp"
#include "run/spool_source.hpp"

namespace leat::run {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

engine::Pass segment_pass(const std::filesystem::path& path, std::unique_ptr<ChunkSource> spool) {
  engine::Pass pass;
  pass.dataset = "quarantine";
  pass.inputs.push_back({"spool", spool_schema(), std::move(spool), {}, true});
  pass.select =
      "SELECT pipeline, dataset, run_id, publish_id, file, record_no, line_no,"
      " byte_offset - 1 AS byte_offset, string_split(failed_checks, chr(31)) AS failed_checks,"
      " message, raw, raw_bytes, raw_form FROM spool";
  pass.schema = spool_schema();
  pass.schema.columns[8].type = {data::TypeId::other, 0, 0, "VARCHAR[]"};
  pass.measured.emplace();  // Nobody asks.
  pass.stages.push_back(
      StageTarget{path, "parquet", {{"COMPRESSION", "'zstd'"}, {"COMPRESSION_LEVEL", "1"}}, {}});
  return pass;
}

}  // namespace

QuarantineSpool::QuarantineSpool(io::FileSystem& files, std::filesystem::path folder,
                                 std::filesystem::path segments)
    : x_files(files), x_folder(std::move(folder)), x_segments(std::move(segments)) {}

QuarantineSpool::~QuarantineSpool() { clear(); }

void QuarantineSpool::clear() {
  for (auto& [dataset, spool] : x_spools) {
    spool.file.reset();
    [[maybe_unused]] const auto removed = x_files.remove(spool.path);
  }
  x_spools.clear();
}

Result<QuarantineSpool::Spool*> QuarantineSpool::spool_of(const std::string& dataset) {
  auto& spool = x_spools[dataset];
  if (!spool.file) {
    spool.path = x_folder / ("quarantine-" + dataset + ".spool");
    TRY(x_files.create_folders(x_segments / dataset));
    TRY(spool.file, x_files.open(spool.path, io::Open::create_new));
  }
  return &spool;
}

Status QuarantineSpool::add(std::vector<BadRow> rows) {
  const std::lock_guard lock(x_mutex);
  for (const auto& row : rows) {
    TRY(auto* spool, spool_of(row.dataset));
    append_record(spool->buffer, row);
    ++spool->rows;
    if (spool->buffer.size() >= kBufferBytes) {
      TRY(spool->file->append(spool->buffer));
      spool->buffer.clear();
    }
  }
  return {};
}

std::uint64_t QuarantineSpool::rows(const std::string& dataset) const {
  const std::lock_guard lock(x_mutex);
  const auto found = x_spools.find(dataset);
  return found == x_spools.end() ? 0 : found->second.rows;
}

std::vector<std::string> QuarantineSpool::datasets() const {
  const std::lock_guard lock(x_mutex);
  std::vector<std::string> names;
  for (const auto& [dataset, spool] : x_spools) names.push_back(dataset);
  return names;
}

Result<std::uint64_t> QuarantineSpool::seal(engine::Session& session, const std::string& dataset,
                                            const std::filesystem::path& segment,
                                            const SegmentStamp& stamp) {
  if (rows(dataset) == 0) return std::uint64_t(0);
  auto& spool = x_spools[dataset];
  TRY(spool.file->append(spool.buffer));
  spool.buffer.clear();
  TRY(auto source, open_spool(x_files, spool.path, dataset, stamp));
  auto pass = segment_pass(segment, std::move(source));
  engine::PassContext context;
  context.session = &session;
  context.bad_rows = this;
  TRY(const auto report, engine::run_pass(pass, context));
  if (report.rows_written != spool.rows) {
    return Error(Fault::internal, "a quarantine segment has lost rows")
        .with("set_aside", std::to_string(spool.rows))
        .with("written", std::to_string(report.rows_written));
  }
  crash_point("quarantine.fsync.before");
  TRY(io::sync_file(x_files, segment));
  TRY(x_files.sync_folder(segment.parent_path()));
  crash_point("quarantine.fsync.after");
  return spool.rows;
}

}  // namespace leat::run
