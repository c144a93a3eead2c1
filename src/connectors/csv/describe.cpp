#include "connectors/csv/describe.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "connectors/csv/csv_source.hpp"
#include "connectors/csv/find_dialect.hpp"
#include "connectors/csv/options.hpp"
#include "core/carried_types.hpp"
#include "core/provenance.hpp"

namespace leat::connectors::csv {
namespace {

class CsvSpec final : public SourceSpec, public TellsPlaces, public CarriesTypes {
 public:
  explicit CsvSpec(Settings settings,
                   std::shared_ptr<FoundColumns> found = std::make_shared<FoundColumns>())
      : x_settings(std::move(settings)), x_found(std::move(found)) {}

  Replay replay() const override {
    return file_list::FileList::read_streams(x_settings.paths) ? Replay::none : Replay::exact;
  }
  bool grows() const override { return file_list::FileList::grows(x_settings.paths); }
  std::optional<data::Schema> declared() const override { return x_settings.known(); }
  std::optional<data::Schema> declared_types() const override {
    if (!x_settings.carried) return std::nullopt;
    auto settings = x_settings;
    settings.declared = settings.carried;
    return settings.known();
  }
  std::vector<std::filesystem::path> would_read(
      const BuildContext& context, const std::vector<std::filesystem::path>& files) const override {
    return file_list::would_read(*context.files, context.root, x_settings.paths, files);
  }
  std::unique_ptr<SourceSpec> read_as(const data::Schema& types) const override {
    if (x_settings.declared) return nullptr;
    auto settings = x_settings;
    settings.types = types;
    return std::make_unique<CsvSpec>(std::move(settings), x_found);
  }
  /// Where the author has said a part of the form, the rest is as documented.
  Result<std::vector<FoundOption>> find_options(const BuildContext& context) const override {
    if (x_settings.declared || !x_settings.format.widths.empty() || says_form()) {
      return std::vector<FoundOption>();
    }
    file_list::FileList list(*context.files, context.root, x_settings.paths);
    list.allow_streams();
    TRY(const auto listed, list.seen());
    const auto own = x_settings.format.dialect.delimiter_text();
    const bool is_given = x_settings.is_written("delimiter");
    TRY(const auto guess, find_dialect(*context.files, listed, x_settings.format.form,
                                       is_given ? std::string_view(own) : std::string_view()));
    if (!guess) return std::vector<FoundOption>();
    auto found = options_of(*guess);
    const bool says_nulls = x_settings.is_written("nulls") || x_settings.is_written("column_nulls");
    std::erase_if(found, [&](const auto& option) {
      return x_settings.is_written(option.name) ||
             (says_nulls && (option.name == "nulls" || option.name == "column_nulls")) ||
             (option.name == "column_formats" && says_moments_as(option.values.front()));
    });
    return found;
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    return std::unique_ptr<Source>(
        std::make_unique<CsvSource>(*context.files, context.root, x_settings, x_found));
  }

 private:
  bool says_form() const {
    const auto is_written = [&](const char* key) { return x_settings.is_written(key); };
    return std::any_of(kForm.begin(), kForm.end(), is_written);
  }

  /// Has the author said how dates are written, or timestamps, whichever this pattern is of?
  bool says_moments_as(const std::string& pattern) const {
    const auto format = TimeFormat::make(pattern);
    return format.ok() &&
           x_settings.is_written(format->has_time() ? "timestamp_format" : "date_format");
  }

  static constexpr std::array<const char*, 6> kForm{"quote", "escape", "header",
                                                    "skip",  "footer", "comment"};
  Settings x_settings;
  std::shared_ptr<FoundColumns> x_found;  ///< Whatever their types are read as.
};

}  // namespace

void describe(Catalog& catalog) {
  catalog.add(SourceEntry{
      .name = "csv",
      .summary = "Records from text files with delimiters or fixed widths.",
      .example = "csv: {path: \"data/*.csv\", columns: {id: bigint, day: date, name: varchar}}",
      .replay = Replay::exact,
      .options = &options(),
      .parse = [](const config::Node& node,
                  config::Findings& findings) -> std::unique_ptr<SourceSpec> {
        auto settings = read_settings(node, findings);
        if (!settings) return nullptr;
        return std::make_unique<CsvSpec>(std::move(*settings));
      },
  });
}

}  // namespace leat::connectors::csv
