#include "connectors/sequence/describe.hpp"

#include <duckdb.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <limits>
#include <utility>

#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "config/options.hpp"
#include "core/inputs.hpp"

namespace leat::connectors::sequence {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

struct Options {
  std::int64_t start = 0;
  std::int64_t count = 0;

  std::int64_t end() const { return start + count; }
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>({
      option("start", &Options::start, "First value."),
      option("count", &Options::count, "How many rows, in total.").required().between(0, kMax),
  });
  return table;
}

data::Schema schema_of_sequence() { return {{{"n", {data::TypeId::int64, 0, 0, {}}, false}}}; }

/// Of a slice's spec, which is "from to", `to` not included.
std::int64_t read_value(std::string_view text) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  LEAT_ASSERT(read.ec == std::errc() && read.ptr == text.data() + text.size());
  return value;
}

/// The values from `from` up to `to`, handed out once, to one thread or several.
class Values final : public ChunkSource {
 public:
  Values(std::int64_t start, std::int64_t from, std::int64_t to)
      : x_start(start), x_from(from), x_to(to), x_next(from) {}

  std::size_t threads_max() const override { return 1; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>&) override {
    return std::unique_ptr<ChunkReader>(std::make_unique<Reader>(*this));
  }
  std::uint64_t records_claimed() const override {
    return static_cast<std::uint64_t>(std::min(x_next.load(), x_to) - x_from);
  }
  std::uint64_t bytes_claimed() const override { return 0; }
  std::uint64_t bytes_total() const override { return 0; }
  std::string file_name(std::uint32_t) const override { return ""; }
  Status verify_unchanged() const override { return {}; }

 private:
  class Reader final : public ChunkReader {
   public:
    explicit Reader(Values& source) : x_source(source) {}

    Result<std::uint32_t> next(RowBatch& batch) override {
      batch.places.clear();
      batch.faults.clear();
      x_first = x_source.x_next;
      const auto rows = std::min<std::int64_t>(batch.rows_max, x_source.x_to - x_first);
      x_source.x_next = x_first + rows;
      const duckdb_vector vector = batch.columns[0];
      auto* const values =
          vector == nullptr ? nullptr : static_cast<std::int64_t*>(duckdb_vector_get_data(vector));
      for (std::int64_t row = 0; row < rows; ++row) {
        if (values != nullptr) values[row] = x_first + row;
        batch.places.push_back(
            {.record = static_cast<std::uint64_t>(x_first + row - x_source.x_start) + 1});
      }
      return static_cast<std::uint32_t>(rows);
    }
    std::string raw(std::uint32_t row) const override {
      return "{\"n\":" + std::to_string(x_first + row) + "}";
    }

   private:
    Values& x_source;
    std::int64_t x_first = 0;
  };

  const std::int64_t x_start;
  const std::int64_t x_from;
  const std::int64_t x_to;
  std::atomic<std::int64_t> x_next;
};

class SequenceSource final : public Source {
 public:
  explicit SequenceSource(const Options& options) : x_options(options) {}

  Result<data::Schema> schema() override { return schema_of_sequence(); }

  Result<std::optional<Slice>> next_slice(const Position& from,
                                          const SliceLimits& limits) override {
    auto past = inputs_of(from, {});
    TRY(require_kind(past, Input::Kind::sequence, "a sequence"));
    std::int64_t next = x_options.start;
    for (auto& range : past) {
      next = std::max(next, range.next);
      // A position of an older version does not tell where it began.
      if (range.first == kMin) range.first = std::min(x_options.start, range.next);
    }
    const std::int64_t left = std::max<std::int64_t>(x_options.end() - next, 0);
    // A sequence of nothing has one slice, without rows: who replaces publishes an empty table.
    if (left == 0 && !from.is_start()) return std::optional<Slice>();
    const auto rows = static_cast<std::int64_t>(
        std::min<std::uint64_t>(std::max<std::uint64_t>(limits.rows.value_or(left), 1), left));
    Slice slice;
    if (past.empty() || past.back().next != next) {
      past.emplace_back().kind = Input::Kind::sequence;
      past.back().first = next;
    }
    past.back().next = next + rows;
    slice.after = position_of(past);
    slice.spec = std::to_string(next) + " " + std::to_string(next + rows);
    slice.description = counted(static_cast<std::uint64_t>(rows), "value");
    slice.more = rows < left;
    return std::optional<Slice>(std::move(slice));
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext&) override {
    const std::string_view spec = slice.spec;
    const std::size_t blank = spec.find(' ');
    LEAT_ASSERT(blank != std::string_view::npos);
    const std::int64_t from = read_value(spec.substr(0, blank));
    const std::int64_t to = read_value(spec.substr(blank + 1));
    std::unique_ptr<ChunkSource> values = std::make_unique<Values>(x_options.start, from, to);
    return SliceRead(std::move(values));
  }

 private:
  Options x_options;
};

class SequenceSpec final : public SourceSpec {
 public:
  explicit SequenceSpec(const Options& options) : x_options(options) {}

  Replay replay() const override { return Replay::exact; }
  bool grows() const override { return true; }
  std::optional<data::Schema> declared() const override { return schema_of_sequence(); }
  Result<std::unique_ptr<Source>> build(const BuildContext&) const override {
    return std::unique_ptr<Source>(std::make_unique<SequenceSource>(x_options));
  }

 private:
  Options x_options;
};

std::unique_ptr<SourceSpec> parse(const config::Node& node, config::Findings& findings) {
  const auto read = config::read_options(options(), node, findings);
  if (!read) return nullptr;
  if (read->start > 0 && read->count > kMax - read->start) {
    findings.add(node, "the last value does not fit a bigint", "make `start` or `count` smaller");
    return nullptr;
  }
  return std::make_unique<SequenceSpec>(*read);
}

}  // namespace

void describe(Catalog& catalog) {
  catalog.add(SourceEntry{
      .name = "sequence",
      .summary = "Consecutive integers.",
      .example = "sequence: {count: 1000}",
      .replay = Replay::exact,
      .options = &options(),
      .parse = parse,
  });
}

}  // namespace leat::connectors::sequence
