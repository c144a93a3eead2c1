#include <cstddef>
#include <cstdint>

#include "support/record_reading.hpp"
#include "connectors/files/xml_file.hpp"

/// Feeds a document of any bytes to the reader. The first byte says where its records are and who
/// names the columns.
namespace leat::connectors::files {
namespace {

data::Schema declared() {
  data::Schema schema;
  for (const auto* name : {"a", "@id", "b/c", "text()"}) {
    schema.columns.push_back({name, {data::TypeId::varchar, 0, 0, {}}, true});
  }
  schema.columns.push_back({"n", {data::TypeId::int64, 0, 0, {}}, true});
  schema.columns.push_back({"list", {data::TypeId::json, 0, 0, {}}, true});
  return schema;
}

void run(std::uint8_t how, std::string_view bytes) {
  test::OneFile one(bytes);
  XmlPlan plan;
  if ((how & 1) != 0) plan.shape.records = {"*", "*", "r"};
  if ((how & 1) == 0) plan.shape.records = {"*", "*"};
  if ((how & 2) != 0) plan.shape.max_record_bytes = 100;
  plan.is_declared = (how & 4) != 0;
  auto schema = declared();
  if ((how & 8) == 0) {
    auto sniffed = sniff_xml(one.files, {one.listed}, plan);
    if (!sniffed.ok()) {
      LEAT_ASSERT(sniffed.error().fault() != Fault::internal);
      return;
    }
    schema = std::move(sniffed).value();
  }
  test::hold_file_against_itself<XmlFile>(one, schema, plan);
}

}  // namespace
}  // namespace leat::connectors::files

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 1) return 0;
  leat::connectors::files::run(bytes[0], {reinterpret_cast<const char*>(bytes) + 1, size - 1});
  return 0;
}
