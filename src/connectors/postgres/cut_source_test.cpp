#include <gtest/gtest.h>

#include <map>

#include "clients/cursor/cursor_source.hpp"
#include "connectors/postgres/cursor_table.hpp"
#include "connectors/postgres/sealed_source.hpp"
#include "support/cut_test.hpp"

namespace leat::connectors::postgres {
namespace {

using test::Cut;
using test::FaultyNetwork;

/// Parts in memory, which outlive the source that seals them.
class KeptParts final : public PartStore {
 public:
  Status open(const std::string&) override { return {}; }
  std::vector<SealedPart> parts() const override {
    const std::lock_guard lock(x_mutex);
    std::vector<SealedPart> all;
    for (const auto& [number, one] : x_parts) all.push_back(one.first);
    return all;
  }
  Result<std::unique_ptr<PartWriter>> begin(const PartBounds& bounds) override {
    return std::unique_ptr<PartWriter>(std::make_unique<Writer>(*this, bounds));
  }
  Result<std::unique_ptr<PartReader>> read(const SealedPart& part) override {
    const std::lock_guard lock(x_mutex);
    return std::unique_ptr<PartReader>(
        std::make_unique<Reader>(x_parts.at(part.bounds.number).second));
  }
  Status settle() override { return {}; }
  Status remove(const SealedPart& part, const std::string&) override {
    const std::lock_guard lock(x_mutex);
    x_parts.erase(part.bounds.number);
    return {};
  }
  void clear() { x_parts.clear(); }

 private:
  class Writer final : public PartWriter {
   public:
    Writer(KeptParts& parts, const PartBounds& bounds) : x_parts(parts) { x_part.bounds = bounds; }
    Status add(std::string_view row) override {
      x_rows.emplace_back(row);
      ++x_part.rows;
      return {};
    }
    Status seal() override {
      const std::lock_guard lock(x_parts.x_mutex);
      x_parts.x_parts[x_part.bounds.number] = {x_part, std::move(x_rows)};
      return {};
    }

   private:
    KeptParts& x_parts;
    SealedPart x_part;
    std::vector<std::string> x_rows;
  };
  class Reader final : public PartReader {
   public:
    explicit Reader(std::vector<std::string> rows) : x_rows(std::move(rows)) {}
    Result<std::optional<std::string_view>> next() override {
      if (x_at == x_rows.size()) return std::optional<std::string_view>();
      return std::optional<std::string_view>(x_rows[x_at++]);
    }

   private:
    std::vector<std::string> x_rows;
    std::size_t x_at = 0;
  };

  mutable std::mutex x_mutex;
  std::map<std::uint64_t, std::pair<SealedPart, std::vector<std::string>>> x_parts;
};

class CutSource : public test::CutTest {
 protected:
  using Open = std::function<std::unique_ptr<Source>(TableRead read)>;

  void SetUp() override {
    CutTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    x_place.execute("CREATE TABLE " + x_place.name_of("rows") +
                    " AS SELECT i AS id, repeat('x', 2000) || i AS name FROM "
                    "generate_series(1, 12) AS r(i)");
    x_all = x_run.session()
                .query(
                    "SELECT string_agg(i::VARCHAR || 'x' || i::VARCHAR, ' ' ORDER BY i) FROM "
                    "range(1, 13) AS r(i)")
                .value()
                .rows[0][0]
                .value_or("");
  }
  TableRead task() {
    TableRead read;
    read.server = x_place.server();
    read.server.library = x_faulty;
    read.shown = "the server of the tests";
    read.table = {x_place.schema, "rows"};
    return read;
  }

  Status pass_over(Source& from) {
    TRY(const auto schema, from.schema());
    TRY(const auto slice, from.next_slice({}, {}));
    ReadContext context;
    context.threads = 2;
    TRY(auto read, from.read(*slice, context));
    engine::Pass pass;
    pass.dataset = "rows";
    pass.inputs.push_back({"rows_in", schema, std::move(read), {}, true});
    pass.select = "SELECT * FROM rows_in";
    pass.schema = schema;
    pass.stages.push_back(StageTarget{x_folder / "out.parquet", "parquet", {}, {}});
    TRY(x_run.run(std::move(pass)));
    return {};
  }
  std::string what_was_read() {
    const auto rows = x_run.session().query(
        "SELECT string_agg(id::VARCHAR || 'x' || replace(name, 'x', ''), ' ' ORDER BY id) FROM '" +
        (x_folder / "out.parquet").string() + "'");
    return rows.ok() ? rows->rows[0][0].value_or("") : rows.error().text();
  }
  Status read(const Open& open) {
    std::filesystem::remove(x_folder / "out.parquet");
    const auto from = open(task());
    return pass_over(*from);
  }

  void try_once(const Open& open, std::size_t nth, Cut how) {
    FaultyNetwork::cut(nth, how);
    const auto done = read(open);
    FaultyNetwork::heal();
    if (done.ok()) {
      EXPECT_EQ(what_was_read(), x_all);
    } else {
      EXPECT_EQ(done.error().fault(), Fault::external) << done.error().text();
    }
    const auto again = read(open);
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ(what_was_read(), x_all);
    x_parts.clear();
  }

  void sweep(const Open& open) {
    FaultyNetwork::heal();
    const auto done = read(open);
    ASSERT_TRUE(done.ok()) << done.error().text();
    ASSERT_EQ(what_was_read(), x_all);
    const auto calls = FaultyNetwork::calls();
    x_parts.clear();
    for_each_cut(calls, [&](std::size_t nth, Cut how) { try_once(open, nth, how); });
  }

  KeptParts x_parts;
  std::string x_all;
};

TEST_F(CutSource, reads_all_rows_or_tells_why_not) { sweep(open_table_source); }

TEST_F(CutSource, reads_all_rows_by_a_cursor_or_tells_why_not) {
  sweep([](TableRead read) {
    const Cursor cursor{"id", {}, {}};
    return cursor::open_source(cursor_tables(std::move(read), cursor), cursor);
  });
}

TEST_F(CutSource, goes_on_behind_what_lies_sealed) {
  SealRule rule;
  rule.key = "id";
  rule.rows = 5;
  sweep([&](TableRead read) {
    return open_sealed_source(std::move(read), rule, x_parts, system_clock());
  });
}

TEST_F(CutSource, goes_on_behind_what_several_readers_have_sealed) {
  SealRule rule;
  rule.key = "id";
  rule.rows = 4;
  sweep([&](TableRead read) {
    read.readers = 2;
    return open_sealed_source(std::move(read), rule, x_parts, system_clock());
  });
}

}  // namespace
}  // namespace leat::connectors::postgres
