#include "engine/judge_host.hpp"

#include <array>
#include <utility>

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

/// One thread's part.
class JudgeHost::Local {
 public:
  Local(LocalJudge& judge, const Judge& shared, const Duties& duties)
      : x_judge(judge),
        x_duties(duties),
        x_vectors(shared.schema().size()),
        x_verdicts(duties.verdicts) {
    if (duties.measures) x_statistics.emplace(shared.schema());
  }

  Result<std::uint32_t> consume(duckdb_data_chunk chunk, std::uint32_t* selected) {
    for (std::size_t i = 0; i < x_vectors.size(); ++i) {
      x_vectors[i] = duckdb_data_chunk_get_vector(chunk, i);
    }
    const auto rows = std::uint32_t(duckdb_data_chunk_get_size(chunk));
    const ColumnOrigin origin(chunk, x_vectors.size(), x_duties);
    for (std::size_t i = 0; i < x_verdicts.size(); ++i) {
      x_verdicts[i] =
          duckdb_data_chunk_get_vector(chunk, x_vectors.size() + x_duties.place_columns + i);
    }
    const auto faults = x_duties.has_faults ? faults_of(chunk, rows) : std::vector<RowFault>();
    TRY(const auto stay, x_judge.judge({x_vectors, rows, faults, x_verdicts}, origin, selected));
    x_handed_on += stay;
    if (x_statistics && stay > 0) {
      x_statistics->update(x_judge.views(), stay, stay < rows ? selected : nullptr);
    }
    return stay;
  }

  std::uint64_t handed_on() const { return x_handed_on; }
  const std::optional<kernels::Statistics>& statistics() const { return x_statistics; }

 private:
  std::vector<RowFault> faults_of(duckdb_data_chunk chunk, std::uint32_t rows) const {
    std::vector<RowFault> faults;
    const auto told = data::view_column(
        duckdb_data_chunk_get_vector(chunk, x_vectors.size() + x_duties.place_columns), {});
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (told.is_valid(row)) faults.push_back({row, "", std::string(told.text(row))});
    }
    return faults;
  }

  LocalJudge& x_judge;
  Duties x_duties;
  std::vector<duckdb_vector> x_vectors;
  std::vector<duckdb_vector> x_verdicts;
  std::optional<kernels::Statistics> x_statistics;
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

kernels::Statistics JudgeHost::statistics() const {
  kernels::Statistics all(x_judge.schema());
  for (const auto& local : x_locals) {
    if (local->statistics()) all.merge(*local->statistics());
  }
  return all;
}

}  // namespace leat::engine
