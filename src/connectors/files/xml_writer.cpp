#include "connectors/files/xml_writer.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "connectors/files/xml_text.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::size_t kXmlFlushBytes = 1 << 20;

struct Range {
  char32_t from;
  char32_t to;
};

/// XML 1.0, fifth edition, 2.3: NameStartChar without the colon, and what NameChar has besides.
constexpr std::array<Range, 15> kNameStarts{{{U'A', U'Z'},
                                             {U'_', U'_'},
                                             {U'a', U'z'},
                                             {0xC0, 0xD6},
                                             {0xD8, 0xF6},
                                             {0xF8, 0x2FF},
                                             {0x370, 0x37D},
                                             {0x37F, 0x1FFF},
                                             {0x200C, 0x200D},
                                             {0x2070, 0x218F},
                                             {0x2C00, 0x2FEF},
                                             {0x3001, 0xD7FF},
                                             {0xF900, 0xFDCF},
                                             {0xFDF0, 0xFFFD},
                                             {0x10000, 0xEFFFF}}};
constexpr std::array<Range, 6> kNameGoesOn{
    {{U'-', U'-'}, {U'.', U'.'}, {U'0', U'9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t character) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return range.from <= character && character <= range.to;
  });
}

/// Of one whole UTF-8 character.
char32_t code_point(std::string_view bytes) {
  if (bytes.size() <= 1) return bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]);
  char32_t value = static_cast<unsigned char>(bytes[0]) & (0xFFu >> (bytes.size() + 1));
  for (const char c : bytes.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3F);
  return value;
}

}  // namespace

std::string XmlForm::head() const {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root + ">";
}

std::string XmlForm::tail() const { return "\n</" + root + ">\n"; }

bool is_xml_name(std::string_view name) {
  bool is_first = true;
  while (!name.empty()) {
    const auto size = character_bytes(name);
    const auto character = code_point(name.substr(0, size));
    if (size == 0 ||
        !(is_in(kNameStarts, character) || (!is_first && is_in(kNameGoesOn, character)))) {
      return false;
    }
    name.remove_prefix(size);
    is_first = false;
  }
  return !is_first;
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
