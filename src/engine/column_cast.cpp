#include "engine/column_cast.hpp"

#include "engine/bound_condition.hpp"
#include "engine/engine_fault.hpp"
#include "engine/open_session.hpp"

namespace leat::engine {
namespace {

class OneRun final : public ColumnCast::Run {
 public:
  OneRun(BoundCondition::Run losing, duckdb_connection connection, std::size_t column)
      : x_losing(std::move(losing)), x_connection(connection), x_column(column) {}

  Status apply(std::span<const duckdb_vector> found, std::uint32_t rows, duckdb_vector to,
               RowBits& lost) override {
    EngineFault fault;
    if (!leat_cast(x_connection, found[x_column], rows, to, fault.get())) return fault.to_error();
    TRY(x_losing.judge(found, rows, x_answer));
    lost = x_answer.yes;
    for (const auto& [row, why] : x_answer.unanswered) lost.set(row);
    return {};
  }
  std::string shown(std::span<const duckdb_vector> found, std::uint32_t row) const override {
    EngineFault fault;
    std::string text;
    const auto take = [](void* self, const char* bytes, std::size_t size) {
      static_cast<std::string*>(self)->assign(bytes, size);
    };
    return leat_cell_text(found[x_column], row, take, &text, fault.get()) ? text : "?";
  }

 private:
  BoundCondition::Run x_losing;
  duckdb_connection x_connection;
  std::size_t x_column;
  ConditionAnswer x_answer;
};

class OneCast final : public ColumnCast {
 public:
  OneCast(BoundCondition losing, duckdb_connection connection, std::size_t column)
      : x_losing(std::move(losing)), x_connection(connection), x_column(column) {}

  Result<std::unique_ptr<Run>> open() const override {
    TRY(auto losing, BoundCondition::Run::open(x_losing));
    return std::unique_ptr<Run>(
        std::make_unique<OneRun>(std::move(losing), x_connection, x_column));
  }

 private:
  BoundCondition x_losing;
  duckdb_connection x_connection;
  std::size_t x_column;
};

}  // namespace

Result<std::shared_ptr<const ColumnCast>> ColumnCast::make(Session& session,
                                                           const data::Schema& found,
                                                           std::size_t column,
                                                           const std::string& loses) {
  const auto connection = OpenSession::of(session).connection();
  TRY(const auto table, EngineTable::make(connection, "found", found));
  TRY(auto losing, BoundCondition::make(connection, loses, table.view()));
  return std::shared_ptr<const ColumnCast>(
      std::make_shared<OneCast>(std::move(losing), connection, column));
}

}  // namespace leat::engine
