#include <algorithm>
#include <utility>

#include "engine/engine_fault.hpp"
#include "engine/judge.hpp"

namespace leat::engine {
namespace {

constexpr std::size_t kBufferRows = 512;
constexpr std::size_t kBufferBytes = 1 << 20;
constexpr std::string_view kValue = "{value}";
constexpr const char* kHidden = "***";

void take_text(void* self, const char* text, std::size_t size) {
  static_cast<std::string*>(self)->assign(text, size);
}

std::string cell_text(duckdb_vector vector, std::uint32_t row) {
  std::string text = "null";
  EngineFault fault;
  if (!leat_cell_text(vector, row, take_text, &text, fault.get())) return "?";
  return text;
}

void add_sentence(BadRow& bad, const std::string& check, const std::string& sentence) {
  if (bad.failed_checks.empty() || bad.failed_checks.back() != check) {
    bad.failed_checks.push_back(check);
  }
  if (!bad.message.empty()) bad.message += "; ";
  bad.message += sentence;
}

void add_faults(const Judge& judge, std::span<const RowFault> faults, std::uint32_t row,
                BadRow& bad) {
  const auto first = std::lower_bound(
      faults.begin(), faults.end(), row,
      [](const RowFault& fault, std::uint32_t wanted) { return fault.row < wanted; });
  for (auto fault = first; fault != faults.end() && fault->row == row; ++fault) {
    const auto where = fault->column.empty() ? "" : fault->column + ": ";
    const auto column = judge.schema().find(fault->column);
    const bool hidden = judge.hides() && (!column || judge.is_hidden(*column));
    add_sentence(bad, "decode", where + (hidden ? "cannot be read" : fault->message));
  }
}

}  // namespace

Result<std::string> LocalJudge::row_json(std::uint32_t row, const JudgedRows& rows) const {
  std::string json;
  EngineFault fault;
  std::vector<duckdb_vector> shown(rows.vectors.begin(), rows.vectors.end());
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (x_judge.is_hidden(i)) shown[i] = nullptr;
  }
  if (!leat_row_json(&x_table, shown.data(), row, take_text, &json, fault.get())) {
    return fault.to_error();
  }
  return json;
}

std::string LocalJudge::message(std::size_t index, std::uint32_t row,
                                const JudgedRows& rows) const {
  const auto& compiled = x_judge.checks()[index];
  const auto broken = x_broken[index].find(row);
  if (broken != x_broken[index].end()) {
    const auto why = x_judge.hides() ? "its values are hidden" : broken->second;
    return compiled.check.id + " cannot be judged: " + why;
  }
  auto text = compiled.check.message.empty() ? compiled.check.id : compiled.check.message;
  const auto at = text.find(kValue);
  if (at == std::string::npos) return text;
  std::string value;
  for (const auto column : compiled.shown) {
    value += value.empty() ? "" : ", ";
    value += x_judge.is_hidden(column) ? kHidden : cell_text(rows.vectors[column], row);
  }
  return text.replace(at, kValue.size(), value);
}

Result<BadRow> LocalJudge::bad_row(std::uint32_t row, const JudgedRows& rows,
                                   const RowOrigin& origin) const {
  BadRow bad;
  bad.dataset = x_judge.dataset();
  const bool has_raw = origin.describe(row, bad);
  if (x_faulty.test(row)) add_faults(x_judge, rows.faults, row, bad);
  for (std::size_t i = 0; i < x_fails.size(); ++i) {
    if (!x_fails[i].test(row)) continue;
    add_sentence(bad, x_judge.checks()[i].check.id, message(i, row, rows));
  }
  if (!has_raw || x_judge.hides()) {
    TRY(bad.raw, row_json(row, rows));
    bad.raw_form = kRawColumns;
  }
  return bad;
}

Status LocalJudge::set_aside(const JudgedRows& rows, const RowOrigin& origin) {
  auto undecodable = x_faulty;
  undecodable.remove(x_above);
  x_counts.undecodable += undecodable.count();
  x_counts.above_records += x_above.count();
  TRY(give_examples(x_decode, undecodable, rows));
  std::vector<std::uint32_t> leaving;
  x_bad.each([&](std::uint32_t row) { leaving.push_back(row); });
  for (const auto row : leaving) {
    TRY(auto bad, bad_row(row, rows, origin));
    x_buffer_bytes += bad.raw.size() + bad.message.size();
    x_buffer.push_back(std::move(bad));
  }
  if (x_buffer.size() < kBufferRows && x_buffer_bytes < kBufferBytes) return {};
  return flush();
}

Status LocalJudge::flush() {
  if (x_buffer.empty()) return {};
  if (x_judge.bad_rows() == nullptr) {
    return Error(Fault::internal, "a bad row has nowhere to go").with("dataset", x_judge.dataset());
  }
  const auto rows = x_buffer.size();
  TRY(x_judge.bad_rows()->add(std::move(x_buffer)));
  x_counts.quarantined += rows;
  x_buffer.clear();
  x_buffer_bytes = 0;
  return {};
}

}  // namespace leat::engine
