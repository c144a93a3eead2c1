#include "run/standing_rows.hpp"

#include <algorithm>

namespace leat::run {

namespace fs = std::filesystem;

namespace {

/// By the time in them: the ids of one slice are made within a millisecond.
bool planned_before(const Uuid& a, const Uuid& b) {
  return std::lexicographical_compare(a.bytes.begin(), a.bytes.begin() + 6, b.bytes.begin(),
                                      b.bytes.begin() + 6);
}

/// The receipts of a lane down to those that can list a segment, newest first.
Result<std::vector<Receipt>> chain_of(Sink& sink, const Lane& lane, const Uuid& oldest) {
  std::vector<Receipt> chain;
  TRY(auto receipt, sink.last_receipt(lane));
  while (receipt) {
    const bool is_older = planned_before(receipt->publish_id, oldest);
    const auto previous = receipt->previous_publish_id;
    if (is_older) break;
    chain.push_back(std::move(*receipt));
    if (previous.is_zero()) break;
    TRY(receipt, sink.find(previous));
  }
  return chain;
}

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
  TRY(const auto publishes, chain_of(sink, main, oldest));
  TRY(const auto replays, chain_of(sink, lane, oldest));
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
