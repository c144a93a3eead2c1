#include "run/standing_rows.hpp"

#include <algorithm>

#include "run/receipt_chain.hpp"

namespace leat::run {

namespace fs = std::filesystem;

namespace {

bool reads_whole(const Receipt& receipt, const std::string& dataset) {
  const auto& whole = receipt.read_whole;
  return receipt.strategy == "replace" ||
         std::find(whole.begin(), whole.end(), dataset) != whole.end();
}

const Receipt* listing(const std::vector<Receipt>& chain, const std::string& dataset,
                       const std::string& segment) {
  for (const auto& receipt : chain) {
    for (const auto& listed : receipt.quarantine) {
      if (listed.dataset == dataset && listed.segment == segment) return &receipt;
    }
  }
  return nullptr;
}

RowRanges taken_out(const std::vector<Receipt>& replays, const std::string& dataset,
                    const std::string& segment) {
  RowRanges rows;
  for (const auto& receipt : replays) {
    if (!receipt.replay || receipt.replay->dataset != dataset) continue;
    for (const auto& from : receipt.replay->segments) {
      if (from.segment == segment) rows.add(from.rows);
    }
  }
  return rows;
}

}  // namespace

Result<std::vector<fs::path>> segments_of(io::FileSystem& files, const fs::path& artifacts,
                                          const std::string& pipeline, const std::string& dataset) {
  const auto folder = artifacts / "quarantine" / pipeline / dataset;
  std::vector<fs::path> segments;
  if (!files.exists(folder)) return segments;
  TRY(const auto there, files.list(folder));
  for (const auto& path : there) {
    if (path.extension() == ".parquet" && parse_uuid(path.stem().string()).ok()) {
      segments.push_back(path);
    }
  }
  std::sort(segments.begin(), segments.end());
  return segments;
}

Result<SinkStanding> standing_for(LiveRun& run, const std::string& name, const std::string& dataset,
                                  const std::vector<fs::path>& segments) {
  SinkStanding standing;
  auto& sink = *run.sinks.at(name);
  const Lane main{run.plan.pipeline, name};
  const Lane lane{run.plan.pipeline, name, kReplayLane};
  TRY(standing.head, sink.head(lane));
  TRY(const auto main_head, sink.head(main));
  standing.main_head = main_head.publish_id;
  if (segments.empty()) return standing;
  TRY(const auto oldest, parse_uuid(segments.front().stem().string()));
  TRY(const auto publishes, receipts_since(sink, main, oldest));
  TRY(const auto replays, receipts_since(sink, lane, oldest));
  for (const auto& path : segments) {
    const auto file = path.filename().string();
    const auto* by_run = listing(publishes, dataset, file);
    const auto* receipt = by_run != nullptr ? by_run : listing(replays, dataset, file);
    if (receipt == nullptr) continue;
    const bool is_superseded =
        std::any_of(publishes.begin(), publishes.end(), [&](const Receipt& later) {
          return later.publish_id > receipt->publish_id && reads_whole(later, dataset);
        });
    if (is_superseded) continue;
    standing.segments.push_back({path, path.stem().string(), taken_out(replays, dataset, file),
                                 receipt->replay ? receipt->replay->after : receipt->publish_id});
  }
  return standing;
}

}  // namespace leat::run
