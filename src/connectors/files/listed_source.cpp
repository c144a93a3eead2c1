#include "connectors/files/listed_source.hpp"

#include "base/names.hpp"
#include "clients/text_values/decode.hpp"
#include "core/provenance.hpp"

namespace leat::connectors::files {
namespace {

using file_list::FileList;

/// The columns of these names, in their order; all when there are none.
Result<data::Schema> choose_columns(const data::Schema& all, const std::vector<std::string>& names,
                                    const std::string& file) {
  if (names.empty()) return all;
  data::Schema chosen;
  for (const auto& name : names) {
    const auto found = all.find(name);
    if (!found) {
      return Error(Fault::config, file + " has no column `" + name + "`")
          .hint(name_hint(name, all.names()));
    }
    if (chosen.find(name)) {
      return Error(Fault::config, "`columns` names column `" + name + "` twice")
          .hint("letter case makes no difference");
    }
    chosen.columns.push_back(all.columns[*found]);
  }
  return chosen;
}

class ListedSource final : public Source {
 public:
  ListedSource(const ListedSettings& settings, const BuildContext& context)
      : x_settings(settings),
        x_context(context),
        x_list(*context.files, context.root, settings.paths, settings.part),
        x_schema(settings.declared) {
    if (settings.reads_streams) x_list.allow_streams();
  }

  Result<data::Schema> schema() override {
    if (x_schema) return *x_schema;
    TRY(const auto listed, x_list.seen());
    if (listed.empty()) return no_file();
    TRY(auto found, x_settings.format->look(x_context, listed));
    text_values::read_as(x_settings.types, found);
    TRY(x_schema, choose_columns(found, x_settings.chosen, listed[0].name));
    return *x_schema;
  }

  Result<std::optional<Slice>> next_slice(const Position& from,
                                          const SliceLimits& limits) override {
    return x_list.next_slice(from, limits);
  }

  Result<SliceRead> read(const Slice& slice, const ReadContext& context) override {
    TRY(auto columns, schema());
    TRY(auto listed, x_list.begin(slice, context.cancel));
    return x_settings.format->read(x_context, std::move(columns), std::move(listed), context);
  }

  Result<Position> position_after(const Slice& slice) override {
    return x_list.position_after(slice);
  }

 private:
  Error no_file() const {
    return x_list.no_files(
        x_settings.is_guessed
            ? "the columns of a source without files must be declared: columns: {name: type}"
            : "its columns are read from the first file, so there must be one");
  }

  ListedSettings x_settings;
  BuildContext x_context;
  FileList x_list;
  std::optional<data::Schema> x_schema;
};

class ListedSourceSpec final : public SourceSpec, public TellsPlaces {
 public:
  explicit ListedSourceSpec(ListedSettings settings) : x_settings(std::move(settings)) {}

  Replay replay() const override {
    return FileList::read_streams(x_settings.paths) ? Replay::none : Replay::exact;
  }
  bool grows() const override { return FileList::grows(x_settings.paths); }
  bool asks_engine() const override { return x_settings.format->asks_engine(); }
  std::optional<data::Schema> declared() const override { return x_settings.declared; }
  std::vector<std::filesystem::path> would_read(
      const BuildContext& context, const std::vector<std::filesystem::path>& files) const override {
    return file_list::would_read(*context.files, context.root, x_settings.paths, files);
  }
  std::unique_ptr<SourceSpec> read_as(const data::Schema& types) const override {
    if (x_settings.declared || !x_settings.is_guessed) return nullptr;
    auto settings = x_settings;
    settings.types = types;
    return std::make_unique<ListedSourceSpec>(std::move(settings));
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    LEAT_ASSERT(context.files != nullptr);
    return std::unique_ptr<Source>(std::make_unique<ListedSource>(x_settings, context));
  }

 private:
  ListedSettings x_settings;
};

}  // namespace

std::unique_ptr<SourceSpec> listed_source(ListedSettings settings) {
  return std::make_unique<ListedSourceSpec>(std::move(settings));
}

std::optional<data::Schema> read_declared(const DeclaredColumns& columns, const std::string& where,
                                          config::Findings& findings) {
  data::Schema schema;
  for (const auto& [name, type] : columns) {
    auto parsed = data::parse_type(type.text);
    if (!parsed.ok()) {
      findings.add(type.place, parsed.error().message(), parsed.error().hint_text(), type.length);
    } else if (text_values::decoder_of(*parsed) == nullptr) {
      findings.add(
          type.place,
          "a column of type " + data::sql_of(*parsed) + " is not read from " + where + " yet",
          "declare it as json and take it apart in a model", type.length);
    } else if (schema.find(name.text)) {
      findings.add(name.place, "`" + name.text + "` is declared twice, letter case aside", "",
                   name.length);
    } else {
      schema.columns.push_back({name.text, std::move(parsed).value(), true});
    }
  }
  if (columns.empty()) return std::nullopt;
  return schema;
}

}  // namespace leat::connectors::files
