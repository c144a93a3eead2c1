#include "connectors/files/xml_writer.hpp"

#include <algorithm>

#include "connectors/files/xml_text.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::size_t kXmlFlushBytes = 1 << 20;

}  // namespace

std::string XmlForm::head() const {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root + ">";
}

std::string XmlForm::tail() const { return "\n</" + root + ">\n"; }

bool is_xml_name(std::string_view name) {
  const auto starts = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z' ? true : c == '_' || byte >= 0x80;
  };
  const auto goes_on = [&](char c) {
    return starts(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && starts(name[0]) && std::all_of(name.begin(), name.end(), goes_on);
}

Result<std::unique_ptr<XmlWriter>> XmlWriter::create(io::FileSystem& files,
                                                     const std::filesystem::path& path,
                                                     XmlForm form) {
  TRY(auto file, files.open(path, io::Open::create_new));
  TRY(file->append(form.head()));
  return std::make_unique<XmlWriter>(std::move(file), std::move(form));
}

Status XmlWriter::add(std::string_view records, std::uint64_t rows) {
  const std::lock_guard held(x_mutex);
  x_rows += rows;
  return x_file->append(records);
}

/// One thread's records under way.
class ChunksToXml::OneHand final : public Hand {
 public:
  OneHand(XmlWriter& writer, const data::Schema& schema) : x_writer(writer), x_schema(schema) {}

  Status write(std::span<const data::ColumnView> columns, std::uint32_t rows) override {
    for (std::uint32_t row = 0; row < rows; ++row) {
      x_text += x_writer.form().start();
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].is_valid(row))
          TRY(add_field(x_schema.columns[i].name, columns[i].text(row)));
      }
      x_text += "</" + x_writer.form().record + ">";
      ++x_rows;
      if (x_text.size() >= kXmlFlushBytes) TRY(finish());
    }
    return {};
  }

  Status finish() override {
    TRY(x_writer.add(x_text, x_rows));
    x_text.clear();
    x_rows = 0;
    return {};
  }

 private:
  Status add_field(const std::string& name, std::string_view text) {
    if (find_no_xml(text) != std::string_view::npos) {
      return Error(Fault::data, "column `" + name + "` has a control character, which no XML holds")
          .hint("set such rows aside by `not_pattern`, or remove it in a model");
    }
    x_text.append("<").append(name).append(">");
    append_xml_text(x_text, text);
    x_text.append("</").append(name).append(">");
    return {};
  }

  XmlWriter& x_writer;
  const data::Schema& x_schema;
  std::string x_text;
  std::uint64_t x_rows = 0;
};

std::unique_ptr<ChunkWriter::Hand> ChunksToXml::hand_on(XmlWriter& file) {
  return std::make_unique<OneHand>(file, x_schema);
}

}  // namespace leat::connectors::files
