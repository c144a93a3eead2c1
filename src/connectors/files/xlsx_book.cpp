#include "connectors/files/xlsx_book.hpp"

#include <charconv>
#include <map>
#include <utility>

#include "base/names.hpp"

namespace leat::connectors::files {
namespace {

using xml::Attribute;
using xml::local_name;
using Attributes = std::span<const Attribute>;

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::size_t kSharedBytesMax = std::size_t{2} << 30;

std::uint32_t number_in(std::string_view text) {
  std::uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// A part of a workbook that is read whole, for what its elements say.
class PartReader : public xml::Events {
 public:
  void end(std::string_view) override {}
  void text(std::string_view) override {}
};

/// What a part refers to, by id and by kind.
class Relations final : public PartReader {
 public:
  explicit Relations(const std::string& of) {
    const auto slash = of.rfind('/');
    x_folder = slash == std::string::npos ? "" : of.substr(0, slash + 1);
    x_part = x_folder + "_rels/" + of.substr(x_folder.size()) + ".rels";
  }
  const std::string& part() const { return x_part; }
  std::string by_id(const std::string& id) const { return find(x_by_id, id); }
  std::string by_kind(const std::string& kind) const { return find(x_by_kind, kind); }

  void start(std::string_view name, Attributes attributes) override {
    if (local_name(name) != "Relationship") return;
    std::string target(attribute_of(attributes, "Target"));
    target = target.starts_with('/') ? target.substr(1) : x_folder + target;
    const auto type = attribute_of(attributes, "Type");
    x_by_id.emplace(attribute_of(attributes, "Id"), target);
    x_by_kind.emplace(type.substr(type.rfind('/') + 1), target);
  }

 private:
  using Targets = std::map<std::string, std::string, std::less<>>;
  static std::string find(const Targets& in, const std::string& key) {
    const auto found = in.find(key);
    return found == in.end() ? "" : found->second;
  }

  std::string x_folder;
  std::string x_part;
  Targets x_by_id;
  Targets x_by_kind;
};

class Workbook final : public PartReader {
 public:
  void start(std::string_view name, Attributes attributes) override {
    const auto local = local_name(name);
    if (local == "workbookPr") {
      const auto value = attribute_of(attributes, "date1904");
      from_1904 = value == "1" || value == "true" || value == "on";
    } else if (local == "sheet") {
      for (const auto& attribute : attributes) {
        if (attribute.name == local_name(attribute.name) || local_name(attribute.name) != "id") {
          continue;
        }
        sheets.emplace_back(attribute_of(attributes, "name"), attribute.value);
      }
    }
  }
  std::vector<std::pair<std::string, std::string>> sheets;  ///< Name and id of its relation.
  bool from_1904 = false;
};

class Styles final : public PartReader {
 public:
  void start(std::string_view name, Attributes attributes) override {
    const auto local = local_name(name);
    if (local == "numFmt") {
      x_own[number_in(attribute_of(attributes, "numFmtId"))] =
          look_of_code(attribute_of(attributes, "formatCode"));
    } else if (local == "cellXfs") {
      x_in_cells = true;
    } else if (local == "xf" && x_in_cells) {
      const auto id = number_in(attribute_of(attributes, "numFmtId"));
      const auto own = x_own.find(id);
      looks.push_back(own == x_own.end() ? look_of_builtin(id) : own->second);
    }
  }
  void end(std::string_view name) override {
    if (local_name(name) == "cellXfs") x_in_cells = false;
  }
  std::vector<XlsxLook> looks;

 private:
  std::map<std::uint32_t, XlsxLook> x_own;
  bool x_in_cells = false;
};

class SharedTexts final : public PartReader {
 public:
  void start(std::string_view name, Attributes) override {
    const auto local = local_name(name);
    if (local == "si") texts.emplace_back();
    if (local == "rPh") x_in_reading = true;
    x_in_text = local == "t" && !x_in_reading && !texts.empty();
  }
  void end(std::string_view name) override {
    if (local_name(name) == "rPh") x_in_reading = false;
    x_in_text = false;
  }
  void text(std::string_view text) override {
    if (!x_in_text || bytes > kSharedBytesMax) return;
    texts.back() += text;
    bytes += text.size();
  }
  std::vector<std::string> texts;
  std::size_t bytes = 0;

 private:
  bool x_in_reading = false;  ///< How a text is pronounced.
  bool x_in_text = false;
};

}  // namespace

std::string_view attribute_of(Attributes attributes, std::string_view name) {
  for (const auto& attribute : attributes) {
    if (attribute.name == name) return attribute.value;
  }
  return {};
}

Result<std::unique_ptr<XlsxBook>> XlsxBook::open(io::FileSystem& files,
                                                 const file_list::ListedFile& listed,
                                                 const io::RatioLimit& limit) {
  auto book = std::make_unique<XlsxBook>();
  book->x_limit = limit;
  TRY(auto file, files.open(listed.path, io::Open::read));
  TRY(const auto stat, file->stat());
  if (stat.size != listed.size || stat.mtime_ns != listed.mtime_ns) {
    return Error(Fault::external, "it was changed while the run started")
        .hint("run again when nobody writes to the file any more");
  }
  std::string start(8, '\0');
  TRY(const std::size_t got, file->read_at(0, start.data(), start.size()));
  start.resize(got);
  if (start == "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
    return Error(Fault::config, "it is an old workbook (.xls), or one with a password")
        .hint("save it as .xlsx, without a password");
  }
  if (!zip::looks_like_zip(start)) {
    return Error(Fault::config, "it is no workbook: it does not begin as a ZIP archive");
  }
  TRY(book->x_archive, zip::Archive::open(std::move(file)));
  TRY(book->read(listed));
  return book;
}

Status XlsxBook::read(const file_list::ListedFile&) {
  Relations root("");
  if (!x_archive->has(root.part())) {
    return Error(Fault::config, "it is no workbook: the archive has no `" + root.part() + "`");
  }
  TRY(read_part(root.part(), root));
  const auto main = root.by_kind("officeDocument");
  if (!main.ends_with(".xml")) {
    return Error(Fault::config, "it is no .xlsx workbook").hint("save it as .xlsx");
  }
  Workbook workbook;
  TRY(read_part(main, workbook));
  x_from_1904 = workbook.from_1904;
  Relations relations(main);
  TRY(read_part(relations.part(), relations));
  for (const auto& [name, id] : workbook.sheets) x_sheets.push_back({name, relations.by_id(id)});
  if (x_sheets.empty()) return Error(Fault::config, "it is no workbook: it has no sheet");
  if (const auto part = relations.by_kind("styles"); !part.empty()) {
    Styles styles;
    TRY(read_part(part, styles));
    x_looks = std::move(styles.looks);
  }
  if (const auto part = relations.by_kind("sharedStrings"); !part.empty()) {
    SharedTexts shared;
    TRY(read_part(part, shared));
    if (shared.bytes > kSharedBytesMax) {
      return Error(Fault::config, "its texts are more than 2 GiB");
    }
    x_shared = std::move(shared.texts);
  }
  return {};
}

Status XlsxBook::read_part(const std::string& name, xml::Events& events) {
  TRY(const auto stream, x_archive->entry(name, x_limit));
  xml::Parser parser(events);
  std::string piece(kPieceBytes, '\0');
  for (bool is_last = false; !is_last;) {
    TRY(const std::size_t got, stream->read(piece.data(), piece.size()));
    is_last = got < piece.size();
    auto fed = parser.feed({piece.data(), got}, is_last);
    if (!fed.ok()) return std::move(fed).error().during("in its part " + name);
  }
  return {};
}

Result<std::unique_ptr<io::ByteStream>> XlsxBook::sheet(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& sheet : x_sheets) {
    if (name.empty() || is_same_name(sheet.name, name)) {
      if (sheet.part.empty()) return Error(Fault::external, "its sheet has no part of its own");
      return x_archive->entry(sheet.part, x_limit);
    }
    names.push_back(sheet.name);
  }
  return Error(Fault::config, "it has no sheet `" + name + "`").hint(name_hint(name, names));
}

}  // namespace leat::connectors::files
