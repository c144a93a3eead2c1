#include <cstddef>
#include <cstdint>

#include "connectors/files/json_chunks.hpp"
#include "support/record_reading.hpp"

/// Feeds a file of any bytes to the reader of the elements of an array: the same rows whatever the
/// size of a batch and of a block, in order.
namespace leat::connectors::files {
namespace {

using Role = JsonPlace::Role;
using Rows = std::vector<leat::test::SeenRow>;

JsonPlan plan_for(io::FileSystem& files, std::uint8_t how) {
  JsonPlan plan;
  plan.files = &files;
  plan.cut.shape = (how & 1) != 0 ? JsonShape::array : JsonShape::detect;
  if ((how & 2) != 0) plan.cut.records = {"r"};
  plan.cut.max_record_bytes = (how & 4) != 0 ? 40 : 1 << 20;
  plan.cut.block_bytes = (how & 8) != 0 ? 7 : 1 << 20;
  plan.unnest =
      (how & 16) != 0 ? std::vector<std::string>{"a", "b"} : std::vector<std::string>{"a"};
  const auto add = [&](const char* name, data::TypeId type, JsonPlace place) {
    plan.schema.columns.push_back({name, {type, 0, 0, {}}, true});
    plan.places.push_back(std::move(place));
  };
  add("p", data::TypeId::varchar, {Role::parent, {"p", "q"}, true});
  add("n", data::TypeId::int64, {Role::own, {"n"}, false});
  add("t", data::TypeId::json, {Role::own, {"t"}, true});
  add("i", data::TypeId::int64, {Role::position, {}, false});
  if ((how & 32) != 0) add("e", data::TypeId::varchar, {Role::element, {}, false});
  return plan;
}

Result<Rows> read(const JsonPlan& plan, const file_list::ListedFile& listed,
                  std::uint32_t rows_max) {
  ReadContext context;
  JsonChunks chunks(plan, {listed}, context);
  const std::vector<bool> wanted(plan.schema.size(), true);
  TRY(const auto reader, chunks.make_reader(wanted));
  Rows rows;
  const auto name = [](std::uint32_t) { return std::string("a"); };
  TRY(leat::test::read_to_end(*reader, plan.schema, wanted, rows_max, name, rows));
  LEAT_ASSERT(chunks.records_claimed() == rows.size());
  static_cast<void>(chunks.verify_unchanged());
  return rows;
}

void run(std::uint8_t how, std::string_view bytes) {
  test::OneFile one(bytes);
  auto plan = plan_for(one.files, how);
  const auto whole = read(plan, one.listed, 2048);
  if (!test::hold_alike(whole, read(plan, one.listed, 2))) return;
  std::uint64_t last = 0;
  for (const auto& row : *whole) {
    LEAT_ASSERT(row.record >= last);
    last = row.record;
  }
  plan.cut.block_bytes = 3;
  const auto small = read(plan, one.listed, 2048);
  LEAT_ASSERT(small.ok() && *whole == *small);
}

}  // namespace
}  // namespace leat::connectors::files

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  leat::connectors::files::run(bytes[0], {reinterpret_cast<const char*>(bytes + 1), size - 1});
  return 0;
}
