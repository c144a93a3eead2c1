#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/names.hpp"
#include "config/findings.hpp"
#include "config/yaml.hpp"
#include "core/bad_row.hpp"
#include "core/catalog.hpp"
#include "engine/pass.hpp"
#include "engine/session.hpp"
#include "io/files.hpp"

namespace leat::test {

/// What a sink's test needs of a run: an engine, a disk, and a writer of stages.
///
/// Calls     `sink` parses the YAML of one sink node; `publish` does all that a run does.
class Publishing {
 public:
  explicit Publishing(std::filesystem::path root)
      : x_session(engine::Session::open({}).value()), x_root(std::move(root)) {
    std::filesystem::create_directories(x_root / "scratch");
  }

  engine::Session& session() { return *x_session; }
  BuildContext context() {
    return {x_root, x_root / "scratch", x_files, &system_clock(), x_session.get()};
  }
  void use(io::FileSystem& files) { x_files = &files; }

  /// Nothing when the options have findings, which are shown in `complaints`.
  std::unique_ptr<SinkSpec> spec(const SinkEntry& entry, const std::string& options) {
    config::Findings findings;
    const auto node = config::parse_yaml(options, "test.yml", findings);
    auto made = node ? entry.parse(*node, findings) : nullptr;
    complaints.clear();
    for (const Diagnostic& found : findings.take()) {
      complaints += found.message + "; " + found.hint + "\n";
    }
    return made;
  }
  std::unique_ptr<Sink> sink(const SinkEntry& entry, const std::string& options) {
    return spec(entry, options)->build(context()).value();
  }

  PublishPlan plan(std::uint8_t number, Strategy strategy, const std::string& select) {
    PublishPlan made;
    made.publish_id = id(number);
    made.lane = lane;
    made.strategy = strategy;
    made.schema = x_session->describe(select).value();
    return made;
  }

  /// As a run does it, through the engine's one pass.
  Status write(const Stage& stage, const std::string& select, const data::Schema& schema) {
    engine::Pass pass;
    pass.dataset = "rows";
    pass.select = select;
    pass.schema = schema;
    pass.stages = {stage};
    const auto report = run(std::move(pass));
    return report.ok() ? Status() : Status(report.error());
  }

  Result<engine::PassReport> run(engine::Pass pass) {
    bad_rows.rows.clear();
    engine::PassContext context;
    context.session = x_session.get();
    context.bad_rows = &bad_rows;
    return engine::run_pass(pass, context);
  }

  Result<Staged> stage(Sink& sink, const PublishPlan& about, const std::string& select) {
    TRY(const Stage target, sink.stage(about));
    TRY(write(target, select, about.schema));
    return sink.seal();
  }

  Receipt receipt(const PublishPlan& about, const Head& head) const {
    Receipt made;
    made.publish_id = about.publish_id;
    made.previous_publish_id = head.publish_id;
    made.counter = head.counter + 1;
    made.lane = about.lane;
    made.run_id = id(200);
    return made;
  }

  Status publish(Sink& sink, std::uint8_t number, Strategy strategy, const std::string& select) {
    const PublishPlan about = plan(number, strategy, select);
    TRY(const Head head, sink.head(lane));
    TRY(stage(sink, about, select));
    TRY(sink.commit(receipt(about, head)));
    return {};
  }

  /// Rows of one query that are not those of the other, each counted as often as it comes.
  std::string difference(const std::string& left, const std::string& right) {
    const auto rows =
        x_session->query("(FROM (" + left + ") EXCEPT ALL FROM (" + right + ")) UNION ALL (FROM (" +
                         right + ") EXCEPT ALL FROM (" + left + "))");
    if (!rows.ok()) return rows.error().text();
    std::string text;
    for (const auto& row : rows->rows) {
      for (const auto& cell : row) text += cell.value_or("NULL") + " | ";
      text += "\n";
    }
    return text;
  }

  static Uuid id(std::uint8_t number) {
    Uuid uuid;
    uuid.bytes[15] = number;
    return uuid;
  }

  /// What the passes set aside, in order of file and record.
  struct BadRows final : BadRowSink {
    std::vector<BadRow> rows;
    std::mutex mutex;
    Status add(std::vector<BadRow> more) override {
      const std::lock_guard held(mutex);
      for (BadRow& row : more) rows.push_back(std::move(row));
      std::sort(rows.begin(), rows.end(), [](const BadRow& a, const BadRow& b) {
        return std::tie(a.file, a.record) < std::tie(b.file, b.record);
      });
      return {};
    }
  };

  Lane lane{"pipeline", "sink", "main"};
  std::string complaints;
  BadRows bad_rows;

 private:
  std::unique_ptr<engine::Session> x_session;
  std::filesystem::path x_root;
  io::FileSystem* x_files = &io::local_files();
};

}  // namespace leat::test
