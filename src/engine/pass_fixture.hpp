#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/pass.hpp"
#include "engine/session.hpp"

namespace leat::engine {

/// Keeps bad rows in memory.
class CollectedBadRows final : public BadRowSink {
 public:
  Status add(std::vector<BadRow> rows) override;
  /// In order of record.
  std::vector<BadRow> all() const;
  std::size_t size() const;
  /// Answers the n-th call, from 1, with an error.
  void fail_at(int call) { x_fail_at = call; }

 private:
  mutable std::mutex x_mutex;
  std::vector<BadRow> x_rows;
  int x_calls = 0;
  int x_fail_at = 0;
};

/// A source of numbered rows: id BIGINT, name VARCHAR, amount DOUBLE. `amount` is null where
/// id % 5 is 0, `name` is "row number <id>", longer than what fits into a cell.
class NumberedRows final : public ChunkSource {
 public:
  struct Ways {
    std::uint64_t rows = 0;
    std::size_t threads = 1;
    std::uint64_t block = 300;            ///< Claimed at a time.
    std::vector<RowFault> faults = {};    ///< `row` is the number of the row, from 0.
    std::uint64_t error_at = UINT64_MAX;  ///< `next` fails when it comes to this row.
    bool claims_too_many = false;         ///< Books that cannot close.
    bool changed = false;                 ///< verify_unchanged complains.
    std::function<std::int64_t(std::uint64_t)> id_of = {};
  };
  static data::Schema schema();

  explicit NumberedRows(Ways ways) : x_ways(std::move(ways)) {}
  std::size_t threads_max() const override { return x_ways.threads; }
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override;
  std::uint64_t bytes_claimed() const override { return records_claimed() * 10; }
  std::uint64_t bytes_total() const override { return x_ways.rows * 10; }
  std::string file_name(std::uint32_t) const override { return "numbers.txt"; }
  Status verify_unchanged() const override;

  const Ways& ways() const { return x_ways; }
  /// First row of the next block, and how many there are.
  std::pair<std::uint64_t, std::uint64_t> claim();
  std::vector<std::vector<bool>> asked() const;

 private:
  Ways x_ways;
  mutable std::mutex x_mutex;
  std::uint64_t x_next = 0;
  std::vector<std::vector<bool>> x_asked;
};

/// A pass over numbered rows, and what came of it.
class PassTest : public ::testing::Test {
 protected:
  PassTest();
  ~PassTest() override;

  static Check sql_check(std::string id, std::string sql, OnFail on_fail = OnFail::quarantine);
  static Check kernel_check(std::string id, std::string kernel, std::string column,
                            data::KernelArgs args, std::string sql);
  static Check key_check(std::string id, std::vector<std::string> columns);

  /// A pass that reads numbered rows as `n`.
  Pass numbers(NumberedRows::Ways ways, std::string select, std::vector<Check> checks = {});
  /// A pass that reads a Parquet file of numbered rows as `n`, through the engine.
  Pass parquet_numbers(std::uint64_t rows, std::string select, std::vector<Check> checks = {});
  void write_to(Pass& pass, const std::string& file, const std::string& format);
  /// Fills in the schema that the SELECT yields.
  void describe(Pass& pass);
  Result<PassReport> run(Pass& pass);
  PassReport run_ok(Pass& pass);
  std::string cell(const std::string& sql);
  std::string path(const std::string& file) const { return (x_folder / file).string(); }

  std::filesystem::path x_folder;
  std::unique_ptr<Session> x_session;
  CollectedBadRows x_bad;
  PassContext x_context;
};

}  // namespace leat::engine
