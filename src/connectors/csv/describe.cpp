#include "connectors/csv/describe.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/names.hpp"
#include "connectors/csv/csv_source.hpp"
#include "connectors/csv/find_dialect.hpp"
#include "connectors/csv/options.hpp"
#include "core/carried_types.hpp"
#include "core/provenance.hpp"
#include "core/tells_sample.hpp"

namespace leat::connectors::csv {
namespace {

class CsvSpec final : public SourceSpec,
                      public TellsPlaces,
                      public CarriesTypes,
                      public TellsSample {
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
  std::string sample() const override { return x_found->sample(); }
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
  Result<FoundOptions> find_options(const BuildContext& context) const override {
    if (x_settings.declared || !x_settings.format.widths.empty() || says_form()) {
      return FoundOptions();
    }
    file_list::FileList list(*context.files, context.root, x_settings.paths);
    list.allow_streams();
    TRY(const auto listed, list.seen());
    const auto own = x_settings.format.dialect.delimiter_text();
    const bool is_given = x_settings.is_written("delimiter");
    TRY(const auto guess, find_dialect(*context.files, listed, x_settings.format.form,
                                       is_given ? std::string_view(own) : std::string_view()));
    if (!guess) return FoundOptions();
    FoundOptions found{options_of(*guess), {}};
    const bool says_nulls = x_settings.is_written("nulls") || x_settings.is_written("column_nulls");
    std::erase_if(found.options, [&](const auto& option) {
      return x_settings.is_written(option.name) ||
             (says_nulls && (option.name == "nulls" || option.name == "column_nulls")) ||
             (option.name == "column_formats" && says_moments_as(option.values.front()));
    });
    found.open = left_open(*guess);
    return found;
  }
  std::string remark_on(const std::vector<std::string>& kept) const override {
    const auto& format = x_settings.format;
    std::vector<std::string> passes_by;
    for (const auto& name : kept) {
      const bool is_skip = name == "skip" && format.skip > 0;
      if (is_skip) passes_by.push_back("`skip: " + std::to_string(format.skip) + "`");
      const bool is_header = name == "header" && format.header > 1;
      if (is_header) passes_by.push_back("`header: " + std::to_string(format.header) + "`");
    }
    if (passes_by.empty() || x_settings.is_written("on_preamble")) return "";
    return "by " + join_names(passes_by) +
           " titles or labels above the records are left out of every file without a trace, as "
           "older versions of Leat froze it: add `on_preamble: quarantine` to keep them in "
           "quarantine, or `on_preamble: drop` if they are to go; or delete the contract, and the "
           "next run looks anew";
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

  /// What the author has to say, because the files do not.
  std::vector<std::string> left_open(const DialectGuess& guess) const {
    std::vector<std::string> open;
    if (guess.is_doubted) {
      open.push_back("its records are not of one form all over: " + guess.reason);
    }
    if (!guess.likely_encoding.empty()) open.push_back(told_likely_encoding(guess));
    for (const auto& untold : guess.untold_orders) {
      const auto& pattern = untold.patterns.front();
      if (x_settings.is_written("column_formats") || says_moments_as(pattern)) continue;
      const auto format = TimeFormat::make(pattern);
      const bool has_time = format.ok() && format->has_time();
      open.push_back(told_untold(untold, guess) + "; then give it the type " +
                     (has_time ? "TIMESTAMP" : "DATE") + " in the contract");
    }
    return open;
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
