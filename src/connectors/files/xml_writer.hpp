#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "core/one_file_writer.hpp"
#include "data/schema.hpp"
#include "io/files.hpp"

namespace leat::connectors::files {

/// How records lie in a document: `<rows>`, then a line `<row><id>1</id></row>` for each.
struct XmlForm {
  std::string root = "rows";
  std::string record = "row";

  std::string head() const;  ///< What stands before the first record,
  std::string tail() const;  ///< and behind the last one.
  std::string start() const { return "\n<" + record + ">"; }  ///< Of a record, and of nothing else.
};

/// An element may bear this name.
bool is_xml_name(std::string_view name);

/// A document of records.
///
/// Calls     `create`, `add` any number of times, `close`.
/// Threads   add in any number at once.
class XmlWriter {
 public:
  static Result<std::unique_ptr<XmlWriter>> create(io::FileSystem& files,
                                                   const std::filesystem::path& path, XmlForm form);
  XmlWriter(std::unique_ptr<io::File> file, XmlForm form)
      : x_file(std::move(file)), x_form(std::move(form)) {}

  Status add(std::string_view records, std::uint64_t rows);
  Status close() { return x_file->append(x_form.tail()); }
  std::uint64_t rows() const { return x_rows; }
  const XmlForm& form() const { return x_form; }

 private:
  std::unique_ptr<io::File> x_file;
  XmlForm x_form;
  std::mutex x_mutex;
  std::uint64_t x_rows = 0;
};

/// Fills a document with the chunks of a stage, whose columns come as text.
///
/// Missing  null is no element; an empty text is an element without text.
/// Errors   data  a character that XML cannot hold.
class ChunksToXml final : public OneFileWriter<XmlWriter> {
 public:
  ChunksToXml(io::FileSystem& files, std::filesystem::path path, data::Schema schema, XmlForm form)
      : x_files(files),
        x_path(std::move(path)),
        x_schema(std::move(schema)),
        x_form(std::move(form)) {}

 private:
  class OneHand;

  Result<std::unique_ptr<XmlWriter>> make() override {
    return XmlWriter::create(x_files, x_path, x_form);
  }
  std::unique_ptr<Hand> hand_on(XmlWriter& file) override;
  Status end(XmlWriter& file) override { return file.close(); }

  io::FileSystem& x_files;
  std::filesystem::path x_path;
  data::Schema x_schema;
  XmlForm x_form;
};

}  // namespace leat::connectors::files
