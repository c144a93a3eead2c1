#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "support/record_reading.hpp"
#include "connectors/files/xlsx_file.hpp"

/// Feeds a workbook to the reader: bytes as they are, or parts of a workbook made of them, since
/// a fuzzer will not guess the checksums of an archive.
namespace leat::connectors::files {
namespace {

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

/// An archive whose entries are stored as they are.
class StoredZip {
 public:
  void add(const std::string& name, std::string_view content) {
    const auto checksum = static_cast<std::uint32_t>(crc32(
        0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
    std::string facts;
    put(facts, 20, 2);        // version
    put(facts, 0, 2 + 2);     // flags, method
    put(facts, 0x21, 2 + 2);  // time and day
    put(facts, checksum, 4);
    put(facts, static_cast<std::uint32_t>(content.size()), 4);
    put(facts, static_cast<std::uint32_t>(content.size()), 4);
    put(facts, static_cast<std::uint32_t>(name.size()), 2);
    put(facts, 0, 2);  // no extra field
    const auto at = static_cast<std::uint32_t>(x_entries.size());
    x_entries += "PK\x03\x04" + facts + name;
    x_entries += content;
    x_directory += "PK\x01\x02";
    put(x_directory, 20, 2);  // made by this version
    x_directory += facts;
    put(x_directory, 0, 2 + 2);  // no comment, first disk
    put(x_directory, 0, 2 + 4);  // attributes
    put(x_directory, at, 4);
    x_directory += name;
    ++x_count;
  }
  std::string finish() const {
    std::string out = x_entries + x_directory + "PK\x05\x06";
    put(out, 0, 2 + 2);  // disks
    put(out, x_count, 2);
    put(out, x_count, 2);
    put(out, static_cast<std::uint32_t>(x_directory.size()), 4);
    put(out, static_cast<std::uint32_t>(x_entries.size()), 4);
    put(out, 0, 2);
    return out;
  }

 private:
  std::string x_entries;
  std::string x_directory;
  std::uint32_t x_count = 0;
};

/// What lies before the next byte that XML does not have; takes it away.
std::string_view next_part(std::string_view& bytes) {
  const auto end = std::min(bytes.find('\x01'), bytes.size());
  const auto part = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return part;
}

/// Of the relationships of a workbook.
std::string relation(const std::string& id, const std::string& kind, const std::string& target) {
  return "<Relationship Id=\"" + id +
         "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/" + kind +
         "\" Target=\"" + target + "\"/>";
}

std::string workbook_of(std::string_view bytes) {
  StoredZip zip;
  zip.add("_rels/.rels", "<Relationships>" + relation("r1", "officeDocument", "xl/workbook.xml") +
                             "</Relationships>");
  zip.add("xl/workbook.xml",
          R"(<workbook><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>)");
  zip.add("xl/_rels/workbook.xml.rels",
          "<Relationships>" + relation("r1", "worksheet", "sheet.xml") +
              relation("r2", "sharedStrings", "strings.xml") +
              relation("r3", "styles", "styles.xml") + "</Relationships>");
  zip.add("xl/sheet.xml", next_part(bytes));
  zip.add("xl/strings.xml", bytes.empty() ? "<sst/>" : next_part(bytes));
  zip.add("xl/styles.xml", bytes.empty() ? "<styleSheet/>" : next_part(bytes));
  return zip.finish();
}

void run(std::uint8_t how, std::string_view bytes) {
  const auto workbook = (how & 1) != 0 ? std::string(bytes) : workbook_of(bytes);
  test::OneFile one(workbook);
  XlsxPlan plan;
  plan.shape.has_header = (how & 2) == 0;
  plan.shape.errors_are_null = (how & 4) != 0;
  plan.is_declared = (how & 8) != 0;
  if ((how & 16) != 0) plan.shape.first_row = 2;
  const auto schema = sniff_xlsx(one.files, {one.listed}, plan.shape);
  if (!schema.ok()) {
    LEAT_ASSERT(schema.error().fault() != Fault::internal);
    return;
  }
  test::hold_file_against_itself<XlsxFile>(one, *schema, plan);
}

}  // namespace
}  // namespace leat::connectors::files

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 1) return 0;
  leat::connectors::files::run(bytes[0], {reinterpret_cast<const char*>(bytes) + 1, size - 1});
  return 0;
}
