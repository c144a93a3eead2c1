#include "connectors/csv/describe.hpp"

#include <utility>

#include "connectors/csv/csv_source.hpp"
#include "connectors/csv/options.hpp"

namespace leat::connectors::csv {
namespace {

class CsvSpec final : public SourceSpec {
 public:
  explicit CsvSpec(Settings settings) : x_settings(std::move(settings)) {}

  Replay replay() const override { return Replay::exact; }
  bool grows() const override { return file_list::FileList::grows(x_settings.paths); }
  std::optional<data::Schema> declared() const override { return x_settings.known(); }
  std::vector<std::filesystem::path> would_read(
      const BuildContext& context, const std::vector<std::filesystem::path>& files) const override {
    return file_list::would_read(*context.files, context.root, x_settings.paths, files);
  }
  std::unique_ptr<SourceSpec> read_as(const data::Schema& types) const override {
    if (x_settings.declared) return nullptr;
    auto settings = x_settings;
    settings.types = types;
    return std::make_unique<CsvSpec>(std::move(settings));
  }
  Result<std::unique_ptr<Source>> build(const BuildContext& context) const override {
    return std::unique_ptr<Source>(
        std::make_unique<CsvSource>(*context.files, context.root, x_settings));
  }

 private:
  Settings x_settings;
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
