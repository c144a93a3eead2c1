#include "run/replay_source.hpp"

#include <utility>

#include "base/counted.hpp"
#include "base/names.hpp"
#include "core/chain.hpp"
#include "core/reads_texts.hpp"
#include "run/find_items.hpp"
#include "run/pass_build.hpp"
#include "run/segment_sql.hpp"
#include "run/shaped_source.hpp"
#include "core/wrapped_chunks.hpp"

namespace leat::run {
namespace {

/// Each row that was taken comes in, or nothing does.
class WholeChunks final : public WrappedChunks {
 public:
  WholeChunks(std::unique_ptr<ChunkSource> chunks, std::uint64_t rows)
      : WrappedChunks(std::move(chunks)), x_rows(rows) {}

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override {
    return inner().make_reader(wanted);
  }
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  Status verify_unchanged() const override {
    if (records_claimed() == x_rows) return {};
    return Error(Fault::internal, "a replay has lost rows")
        .with("taken", std::to_string(x_rows))
        .with("read", std::to_string(records_claimed()));
  }

 private:
  std::uint64_t x_rows;
};

class ReplaySource final : public Source {
 public:
  ReplaySource(LiveRun* run, const plan::SourceNode* node, ReplayRows rows, data::Schema columns)
      : x_run(run), x_node(node), x_rows(std::move(rows)), x_columns(std::move(columns)) {}

  Result<data::Schema> schema() override { return x_columns; }
  Result<std::optional<Slice>> next_slice(const Position&, const SliceLimits&) override {
    Slice slice;
    slice.description = counted(x_rows.rows(), "row") + " of the quarantine";
    return std::optional<Slice>(std::move(slice));
  }
  Result<SliceRead> read(const Slice&, const ReadContext&) override {
    if (x_run == nullptr) return Error(Fault::internal, "the rows of a replay are not known yet");
    TRY(auto chunks, read_again(*x_run, x_node, x_rows, x_columns));
    return SliceRead(std::make_unique<WholeChunks>(std::move(chunks), x_rows.rows()));
  }

 private:
  LiveRun* x_run;
  const plan::SourceNode* x_node;
  ReplayRows x_rows;
  data::Schema x_columns;
};

class EmptySpec final : public SourceSpec {
 public:
  explicit EmptySpec(data::Schema columns) : x_columns(std::move(columns)) {}
  Replay replay() const override { return Replay::exact; }
  bool grows() const override { return false; }
  std::optional<data::Schema> declared() const override { return x_columns; }
  Result<std::unique_ptr<Source>> build(const BuildContext&) const override {
    return std::unique_ptr<Source>(
        std::make_unique<ReplaySource>(nullptr, nullptr, ReplayRows{}, x_columns));
  }

 private:
  data::Schema x_columns;
};

data::Schema all_texts(const data::Schema& columns) {
  auto texts = columns;
  for (auto& column : texts.columns) column.type = {data::TypeId::varchar, 0, 0, {}};
  return texts;
}

plan::SourceShape same_columns(data::Schema found) {
  plan::SourceShape shape;
  for (std::size_t i = 0; i < found.size(); ++i) shape.from.emplace_back(i);
  shape.found = std::move(found);
  return shape;
}

Result<std::unique_ptr<ChunkSource>> shaped(LiveRun& run, std::unique_ptr<ChunkSource> chunks,
                                            const plan::SourceShape& shape,
                                            const data::Schema& columns) {
  TRY(auto read, shape_read(*run.session, SliceRead(std::move(chunks)), shape, columns));
  return std::move(std::get<std::unique_ptr<ChunkSource>>(read));
}

/// With its items, where they were found.
const SourceSpec& spec_of(const LiveRun& run, const plan::SourceNode& node) {
  const auto found = run.found_items.find(node.name);
  return found == run.found_items.end() ? *node.spec : *found->second;
}

Result<bool> hold_texts(LiveRun& run, const std::vector<std::filesystem::path>& segments) {
  std::vector<SegmentPart> parts;
  for (const auto& path : segments) parts.push_back({path, path.stem().string(), {}});
  TRY(const auto found,
      run.session->query("SELECT count(*) FROM " + segment_rows_sql(parts) +
                         " WHERE starts_with(raw_form, " + quote_literal(kRawFields) + ")"));
  return found.rows.at(0).at(0) != "0";
}

/// Texts of fields, through the source's own reader.
Result<std::unique_ptr<ChunkSource>> read_text_rows(LiveRun& run, const plan::SourceNode& node,
                                                    const ReplayRows& rows) {
  TRY(auto source, spec_of(run, node).build(build_context(run)));
  TRY(auto next, next_text(*run.services.files, rows));
  const auto& found = node.drift.is_plain ? node.judged : node.drift.shape.found;
  TRY(auto chunks, source->read_texts(std::move(next), found, read_context(run)));
  if (chunks == nullptr) return Error(Fault::internal, "texts of " + node.name + " were kept");
  if (node.drift.is_plain) return chunks;
  return shaped(run, std::move(chunks), node.drift.shape, node.judged);
}

}  // namespace

std::shared_ptr<const SourceSpec> empty_source(const data::Schema& columns) {
  return std::make_shared<EmptySpec>(columns);
}

Result<std::unique_ptr<Source>> replay_source(LiveRun& run, const plan::SourceNode* node,
                                              ReplayRows rows, data::Schema columns) {
  return std::unique_ptr<Source>(
      std::make_unique<ReplaySource>(&run, node, std::move(rows), std::move(columns)));
}

Result<std::unique_ptr<ChunkSource>> read_again(LiveRun& run, const plan::SourceNode* node,
                                                const ReplayRows& rows,
                                                const data::Schema& columns) {
  std::vector<std::unique_ptr<ChunkSource>> parts;
  if (rows.text_rows > 0) {
    TRY(auto texts, read_text_rows(run, *node, rows));
    parts.push_back(std::move(texts));
  }
  if (rows.cell_rows > 0 || parts.empty()) {
    TRY(auto cells, read_cells(*run.services.files, rows));
    TRY(auto typed, shaped(run, std::move(cells), same_columns(all_texts(columns)), columns));
    parts.push_back(std::move(typed));
  }
  return chain(std::move(parts));
}

Result<ReadsTextsOf> reads_texts(LiveRun& run, const plan::Plan& whole,
                                 const plan::SourceNode* node,
                                 const std::vector<std::filesystem::path>& segments) {
  const ReadsTextsOf none = [](const std::string&) { return false; };
  if (node == nullptr || segments.empty()) return none;
  TRY(const bool has_texts, hold_texts(run, segments));
  if (!has_texts) return none;
  TRY(find_items_of(run, whole, *node));
  TRY(auto opened, spec_of(run, *node).build(build_context(run)));
  return ReadsTextsOf([source = std::shared_ptr<Source>(std::move(opened))](
                          const std::string& file) { return reads_texts_of(*source, file); });
}

}  // namespace leat::run
