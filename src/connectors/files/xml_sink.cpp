#include "base/shell_word.hpp"
#include "config/options.hpp"
#include "connectors/files/row_file_sink.hpp"
#include "connectors/files/text_columns.hpp"
#include "connectors/files/xml_writer.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;

struct XmlOptions : FileSinkOptions, XmlForm {};

const config::OptionTable<XmlOptions>& options() {
  using config::option;
  static const auto table = config::option_table<XmlOptions>({
      option("path", &XmlOptions::path, kOneFilePathSummary)
          .required()
          .length(1, 0)
          .example("out/prices.xml"),
      option("root", &XmlOptions::root, "The element around all records.").length(1, 0),
      option("record", &XmlOptions::record, "The element of each record.").length(1, 0),
      option("overwrite", &XmlOptions::overwrite, kOverwriteSummary),
      option("ordered", &XmlOptions::ordered, kOrderedSummary),
  });
  return table;
}

/// Appends the bytes from `from` on that stand before `end`.
Status copy_part(io::FileSystem& files, const fs::path& path, std::uint64_t from, std::uint64_t end,
                 io::File& to) {
  TRY(const auto file, files.open(path, io::Open::read));
  std::string piece;
  while (from < end) {
    piece.resize(std::min<std::uint64_t>(end - from, 1 << 20));
    TRY(const auto got, file->read_at(from, piece.data(), piece.size()));
    if (got == 0) return Error(Fault::external, path.string() + " is cut off");
    TRY(to.append(std::string_view(piece).substr(0, got)));
    from += got;
  }
  return {};
}

class XmlFormat final : public RowFileFormat {
 public:
  XmlFormat(io::FileSystem& files, XmlForm form) : RowFileFormat(files), x_form(std::move(form)) {}

  std::string extension() const override { return "xml"; }

  Stage stage_at(const fs::path& path, const data::Schema& schema) override {
    data::Schema travelling;
    auto stage = stage_of(schema, text_travel_type, travelling);
    x_writer.emplace(files(), path, schema, x_form);
    stage.writer = &*x_writer;
    return stage;
  }

  std::string how_to_look(const std::string& shown) const override {
    return "leat preview " + shell_word("xml:" + shown);
  }

  Result<std::uint64_t> count_rows(const fs::path& path) const override {
    TRY(const auto file, files().open(path, io::Open::read));
    const auto start = x_form.start();
    std::uint64_t rows = 0;
    std::uint64_t offset = 0;
    std::string text;
    while (true) {
      const auto kept = text.size();
      text.resize(kept + (1 << 18));
      TRY(const auto got, file->read_at(offset, text.data() + kept, text.size() - kept));
      text.resize(kept + got);
      offset += got;
      if (got == 0) return rows;
      for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
        ++rows;
      }
      text.erase(0, text.size() - std::min(text.size(), start.size() - 1));
    }
  }

  Status join(const fs::path& live, const fs::path& stage, const fs::path& whole) const override {
    TRY(const auto before, files().stat(live));
    TRY(const auto added, files().stat(stage));
    TRY(require_form(live, before.size));
    TRY(auto file, files().open(whole, io::Open::create_new));
    TRY(copy_part(files(), live, 0, before.size - x_form.tail().size(), *file));
    return copy_part(files(), stage, x_form.head().size(), added.size, *file);
  }

 private:
  /// A file that was begun with other names of elements is not gone on with.
  Status require_form(const fs::path& live, std::uint64_t size) const {
    TRY(const auto file, files().open(live, io::Open::read));
    const auto stands = [&](const std::string& text, std::uint64_t at) -> Result<bool> {
      std::string found(text.size(), '\0');
      TRY(const auto got, file->read_at(at, found.data(), found.size()));
      return got == text.size() && found == text;
    };
    const auto head = x_form.head();
    const auto tail = x_form.tail();
    bool is_ours = size >= head.size() + tail.size();
    if (is_ours) {
      TRY(const bool has_head, stands(head, 0));
      TRY(const bool has_tail, stands(tail, size - tail.size()));
      is_ours = has_head && has_tail;
    }
    if (is_ours && size > head.size() + tail.size()) {
      TRY(is_ours, stands(x_form.start(), head.size()));
    }
    if (is_ours) return {};
    return Error(Fault::config, live.filename().string() + " has other elements around its rows")
        .hint("keep `root` and `record` as they were, or publish to another file");
  }

  XmlForm x_form;
  std::optional<ChunksToXml> x_writer;
};

class XmlSinkSpec final : public RowFileSinkSpec {
 public:
  explicit XmlSinkSpec(const XmlOptions& options) : RowFileSinkSpec(options), x_form(options) {}

  Status accepts(const data::Schema& schema) const override {
    TRY(RowFileSinkSpec::accepts(schema));
    for (const auto& column : schema.columns) {
      if (is_xml_name(column.name)) continue;
      return Error(Fault::config, "`" + column.name + "` cannot be the name of an XML element")
          .hint("rename it in a model: letters, digits, `_`, `-` and `.`, a letter first");
    }
    return {};
  }

 protected:
  std::unique_ptr<file_target::Format> make_format(const BuildContext& context) const override {
    return std::make_unique<XmlFormat>(*context.files, x_form);
  }

 private:
  XmlForm x_form;
};

void judge(const XmlOptions& options, const config::Node& node, config::Findings& findings) {
  for (const auto& [key, name] :
       {std::pair("root", options.root), std::pair("record", options.record)}) {
    if (is_xml_name(name)) continue;
    findings.add(*node.find(key), "`" + name + "` cannot be the name of an XML element",
                 "letters, digits, `_`, `-` and `.`, a letter first");
  }
  if (options.root != options.record) return;
  const auto* record = node.find("record");
  findings.add(record != nullptr ? *record : *node.find("root"),
               "the element around all records cannot be called as each of them",
               "give `root` and `record` different names");
}

std::unique_ptr<SinkSpec> parse(const config::Node& node, config::Findings& findings) {
  return parse_row_file_sink<XmlSinkSpec>(options(), node, findings, judge);
}

}  // namespace

SinkEntry xml_sink() {
  SinkEntry entry;
  entry.name = "xml";
  entry.summary = "Publishes one XML document with an element for each row.";
  entry.example = "xml: {path: out/rows.xml}";
  entry.guarantee = "exactly_once";
  entry.options = &options();
  entry.parse = parse;
  entry.rehearsal = {.redirect = with_path_in, .source = "xml"};
  return entry;
}

}  // namespace leat::connectors::files
