#include <cstddef>
#include <cstdint>

#include "connectors/files/avro_file.hpp"
#include "support/record_reading.hpp"

/// Feeds a file of any bytes to the reader, all columns of its own schema asked for.
namespace leat::connectors::files {
namespace {

void run(std::string_view bytes) {
  test::OneFile one(bytes);
  const auto reader = open_avro(one.files, one.listed);
  if (!reader.ok()) {
    LEAT_ASSERT(reader.error().fault() != Fault::internal);
    return;
  }
  data::Schema schema;
  for (const auto& field : (*reader)->fields()) {
    schema.columns.push_back({field.name, field.type, true});
  }
  test::hold_file_against_itself<AvroFile>(one, schema);
}

}  // namespace
}  // namespace leat::connectors::files

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  leat::connectors::files::run({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
