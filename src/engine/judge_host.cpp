#include "engine/judge_host.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.hpp"

namespace leat::engine {
namespace {

/// Rows whose place stands in columns behind their own.
class ColumnOrigin final : public RowOrigin {
 public:
  ColumnOrigin(duckdb_data_chunk chunk, std::size_t first, const JudgeHost::Duties& duties)
      : x_files(duties.files) {
    for (std::size_t i = 0; i < duties.place_columns; ++i) {
      const bool named = i == 0 && x_files == nullptr;
      x_places[i] =
          data::view_column(duckdb_data_chunk_get_vector(chunk, first + i),
                            {named ? data::TypeId::varchar : data::TypeId::int64, 0, 0, {}});
    }
  }

  bool describe(std::uint32_t row, BadRow& bad) const override {
    if (x_files != nullptr) {
      bad.file = x_files->file_name(std::uint32_t(number(0, row)));
    } else if (x_places[0].values != nullptr && x_places[0].is_valid(row)) {
      bad.file = x_places[0].text(row);
    }
    bad.record = number(1, row);
    if (x_files == nullptr) return false;
    bad.line = number(2, row);
    bad.byte_offset = number(3, row);
    return false;
  }

 private:
  std::uint64_t number(std::size_t place, std::uint32_t row) const {
    const auto& column = x_places[place];
    if (column.values == nullptr || !column.is_valid(row)) return 0;
    return std::uint64_t(column.as<std::int64_t>()[row]);
  }

  const ChunkSource* x_files;
  std::array<data::ColumnView, 4> x_places{};
};

}  // namespace

/// What one thread measures.
class JudgeHost::Measuring {
 public:
  Measuring(const data::Schema& schema, const Measures& measures)
      : x_columns(measures.columns),
        x_views(measures.columns.size()),
        x_statistics(measured_schema(schema, measures.columns)) {
    for (const auto& wish : measures.gauges) {
      const auto column = schema.find(wish.column);
      LEAT_ASSERT(column.has_value());
      x_gauges.emplace_back(*column, kernels::make_gauge(wish, schema.columns[*column].type));
    }
  }

  static data::Schema measured_schema(const data::Schema& schema,
                                      const std::vector<std::size_t>& columns) {
    data::Schema measured;
    for (const auto column : columns) measured.columns.push_back(schema.columns[column]);
    return measured;
  }

  void update(std::span<const data::ColumnView> columns, std::uint32_t rows,
              const std::uint32_t* rows_selected) {
    for (std::size_t i = 0; i < x_columns.size(); ++i) x_views[i] = columns[x_columns[i]];
    x_statistics.update(x_views, rows, rows_selected);
    for (const auto& [column, gauge] : x_gauges)
      gauge->update(columns[column], rows, rows_selected);
  }

  void merge(const Measuring& other) {
    x_statistics.merge(other.x_statistics);
    for (std::size_t i = 0; i < x_gauges.size(); ++i) {
      x_gauges[i].second->merge(*other.x_gauges[i].second);
    }
  }

  kernels::Statistics take_statistics() { return std::move(x_statistics); }

  std::vector<kernels::Gauge> read_gauges() const {
    std::vector<kernels::Gauge> read;
    for (const auto& [column, gauge] : x_gauges) read.push_back(gauge->read());
    return read;
  }

 private:
  std::vector<std::size_t> x_columns;
  std::vector<data::ColumnView> x_views;
  kernels::Statistics x_statistics;
  std::vector<std::pair<std::size_t, std::unique_ptr<kernels::ColumnGauge>>> x_gauges;
};

/// One thread's part.
class JudgeHost::Local {
 public:
  Local(LocalJudge& judge, const Judge& shared, const Duties& duties)
      : x_judge(judge),
        x_duties(duties),
        x_vectors(shared.schema().size(), nullptr),
        x_verdicts(duties.verdicts) {
    if (duties.columns) {
      x_columns = *duties.columns;
      x_own = std::max<std::size_t>(1, x_columns.size());
    } else {
      for (std::size_t i = 0; i < x_vectors.size(); ++i) x_columns.push_back(i);
      x_own = x_columns.size();
    }
    if (duties.measures) x_measuring.emplace(shared.schema(), *duties.measures);
  }

  Result<std::uint32_t> consume(duckdb_data_chunk chunk, std::uint32_t* selected) {
    for (std::size_t i = 0; i < x_columns.size(); ++i) {
      x_vectors[x_columns[i]] = duckdb_data_chunk_get_vector(chunk, i);
    }
    const auto rows = std::uint32_t(duckdb_data_chunk_get_size(chunk));
    const ColumnOrigin origin(chunk, x_own, x_duties);
    for (std::size_t i = 0; i < x_verdicts.size(); ++i) {
      x_verdicts[i] = duckdb_data_chunk_get_vector(chunk, x_own + x_duties.place_columns + i);
    }
    const auto faults = x_duties.has_faults ? faults_of(chunk, rows) : std::vector<RowFault>();
    TRY(const auto stay, x_judge.judge({x_vectors, rows, faults, x_verdicts}, origin, selected));
    x_handed_on += stay;
    if (x_measuring && stay > 0) {
      x_measuring->update(x_judge.views(), stay, stay < rows ? selected : nullptr);
    }
    return stay;
  }

  std::uint64_t handed_on() const { return x_handed_on; }
  const std::optional<Measuring>& measuring() const { return x_measuring; }

 private:
  std::vector<RowFault> faults_of(duckdb_data_chunk chunk, std::uint32_t rows) const {
    std::vector<RowFault> faults;
    const auto told =
        data::view_column(duckdb_data_chunk_get_vector(chunk, x_own + x_duties.place_columns), {});
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (told.is_valid(row)) faults.push_back({row, "", std::string(told.text(row))});
    }
    return faults;
  }

  LocalJudge& x_judge;
  Duties x_duties;
  std::vector<std::size_t> x_columns;  ///< Of the schema, as the chunk has them.
  std::size_t x_own = 0;               ///< Columns of the chunk before those of the place.
  std::vector<duckdb_vector> x_vectors;
  std::vector<duckdb_vector> x_verdicts;
  std::optional<Measuring> x_measuring;
  std::uint64_t x_handed_on = 0;
};

JudgeHost::JudgeHost(Judge& judge, const Duties& duties, FirstError& first_error)
    : x_judge(judge), x_duties(duties), x_first_error(first_error) {}

JudgeHost::~JudgeHost() = default;

leat_judge JudgeHost::as_c() { return {this, open_local, consume, failure}; }

Result<JudgeHost::Local*> JudgeHost::make_local() {
  TRY(auto* judge, x_judge.open_local());
  auto local = std::make_unique<Local>(*judge, x_judge, x_duties);
  const std::lock_guard lock(x_mutex);
  x_locals.push_back(std::move(local));
  return x_locals.back().get();
}

void* JudgeHost::open_local(void* self) {
  auto& host = *static_cast<JudgeHost*>(self);
  auto local = host.make_local();
  if (local.ok()) return *local;
  host.x_first_error.set(std::move(local).error());
  return nullptr;
}

bool JudgeHost::consume(void* self, void* local, duckdb_data_chunk chunk, std::uint32_t* selected,
                        std::size_t* count) {
  auto& host = *static_cast<JudgeHost*>(self);
  host.x_met.fetch_add(duckdb_data_chunk_get_size(chunk), std::memory_order_relaxed);
  auto stay = static_cast<Local*>(local)->consume(chunk, selected);
  if (stay.ok()) {
    *count = *stay;
    return true;
  }
  host.x_first_error.set(std::move(stay).error());
  return false;
}

const char* JudgeHost::failure(void* self) {
  return static_cast<JudgeHost*>(self)->x_first_error.text();
}

std::uint64_t JudgeHost::handed_on() const {
  std::uint64_t rows = 0;
  for (const auto& local : x_locals) rows += local->handed_on();
  return rows;
}

JudgeHost::Measuring JudgeHost::measured() const {
  Measuring all(x_judge.schema(), x_duties.measures.value_or(Measures()));
  for (const auto& local : x_locals) {
    if (local->measuring()) all.merge(*local->measuring());
  }
  return all;
}

kernels::Statistics JudgeHost::statistics() const { return measured().take_statistics(); }

std::vector<kernels::Gauge> JudgeHost::gauges() const { return measured().read_gauges(); }

}  // namespace leat::engine
