#include "run/on_error.hpp"

#include "base/names.hpp"
#include "run/skips.hpp"
#include "core/wrapped_chunks.hpp"

namespace leat::run {
namespace {

using Act = plan::OnError::Act;

class WatchedReader final : public ChunkReader {
 public:
  WatchedReader(const LiveRun& run, const std::string& source, std::unique_ptr<ChunkReader> reader)
      : x_run(run), x_source(source), x_reader(std::move(reader)) {}

  Result<std::uint32_t> next(RowBatch& batch) override {
    auto rows = x_reader->next(batch);
    if (!rows.ok()) note_failed(x_run, x_source, rows.error());
    return rows;
  }
  std::string raw(std::uint32_t row) const override { return x_reader->raw(row); }

 private:
  const LiveRun& x_run;
  const std::string& x_source;
  std::unique_ptr<ChunkReader> x_reader;
};

class WatchedChunks final : public WrappedChunks {
 public:
  WatchedChunks(const LiveRun& run, std::string source, std::unique_ptr<ChunkSource> chunks)
      : WrappedChunks(std::move(chunks)), x_run(run), x_source(std::move(source)) {}

  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    auto reader = inner().make_reader(wanted);
    if (!reader.ok()) {
      note_failed(x_run, x_source, reader.error());
      return reader;
    }
    return std::unique_ptr<ChunkReader>(
        std::make_unique<WatchedReader>(x_run, x_source, std::move(reader).value()));
  }
  Status verify_unchanged() const override {
    auto same = inner().verify_unchanged();
    if (!same.ok()) note_failed(x_run, x_source, same.error());
    return same;
  }

 private:
  const LiveRun& x_run;
  std::string x_source;
};

}  // namespace

bool note_failed(const LiveRun& run, const std::string& source, const Error& error) {
  if (error.is_cancelled() || error.fault() == Fault::internal) return false;
  const auto* node = run.plan.source(source);
  if (node == nullptr || node->on_error.act == Act::fail) return false;
  const std::lock_guard lock(run.failures->mutex);
  run.failures->by_source.emplace(source, error.text());
  return true;
}

SliceRead watch(const LiveRun& run, const std::string& source, SliceRead read) {
  auto* chunks = std::get_if<std::unique_ptr<ChunkSource>>(&read);
  if (chunks == nullptr || run.plan.source(source)->on_error.act == Act::fail) return read;
  return SliceRead(std::make_unique<WatchedChunks>(run, source, std::move(*chunks)));
}

const plan::SourceNode& stand_in(const LiveRun& run, const plan::SourceNode& source) {
  if (!run.replaced.contains(source.name)) return source;
  return *run.plan.source(source.on_error.fallback);
}

bool replace_failed(LiveRun& run, RunReport& report) {
  std::map<std::string, std::string> failed;
  {
    const std::lock_guard lock(run.failures->mutex);
    failed.swap(run.failures->by_source);
  }
  bool changed = false;
  for (const auto& [name, why] : failed) {
    const auto& on_error = run.plan.source(name)->on_error;
    if (on_error.act == Act::skip) {
      skip(run, name, "source " + name + " is skipped: " + why);
      report.warnings.push_back("source " + name + " is skipped: " + why);
      changed = true;
    } else if (run.replaced.emplace(name, why).second) {
      report.warnings.push_back("source " + name + " is replaced by " + on_error.fallback + ": " +
                                why);
      changed = true;
    }
  }
  return changed;
}

std::vector<const plan::SourceNode*> breached_sources(const LiveRun& run,
                                                      const plan::SinkNode& sink) {
  std::vector<const plan::SourceNode*> sources;
  const auto& policy = run.plan.policy;
  if (policy.on_breach != plan::Policy::Breach::fallback) return sources;
  for (const auto& source : run.plan.sources) {
    if (!is_same_name(source.on_error.fallback, policy.fallback)) continue;
    if (plan::Plan::needs(sink, source.name) && !run.replaced.contains(source.name)) {
      sources.push_back(&source);
    }
  }
  return sources;
}

void replace_breached(LiveRun& run, const std::map<std::string, std::string>& breaches,
                      RunReport& report) {
  for (const auto& [name, why] : breaches) {
    for (const auto* source : breached_sources(run, *run.plan.sink(name))) {
      run.replaced.emplace(source->name, why);
      run.breached.insert(source->name);
      report.warnings.push_back("source " + source->name + " is replaced by " +
                                source->on_error.fallback + ": the gate closed, " + why);
    }
  }
}

}  // namespace leat::run
