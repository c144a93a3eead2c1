#include "connectors/csv/sniff.hpp"

#include <string>
#include <utility>

#include "clients/text_values/type_guess.hpp"
#include "connectors/csv/sample_columns.hpp"

namespace leat::connectors::csv {
namespace {

class TypeReader final : public SampleReader {
 public:
  explicit TypeReader(const FileFormat& format) : x_format(format) {}

  void add_column(const std::string& name) override {
    x_columns.push_back({name, x_format.values_of(name), text_values::TypeGuess(true)});
  }
  void take(std::size_t column, std::span<const text_values::Cell> cells) override {
    x_columns[column].guess.try_values(cells, x_columns[column].values);
  }

  data::Schema result() const {
    data::Schema out;
    for (const auto& column : x_columns) {
      out.columns.push_back({column.name, column.guess.result(), true});
    }
    return out;
  }

 private:
  struct Column {
    std::string name;
    ValueFormat values;
    text_values::TypeGuess guess;
  };

  const FileFormat& x_format;
  std::vector<Column> x_columns;
};

}  // namespace

Result<SniffedColumns> sniff_schema(io::FileSystem& files,
                                    const std::vector<file_list::ListedFile>& listed,
                                    const FileFormat& format) {
  TypeReader types(format);
  TRY(const auto reach, sample_columns(files, listed, format, types));
  SniffedColumns sniffed{types.result(), reach.told()};
  if (!sniffed.columns.columns.empty()) return sniffed;
  const std::string what =
      listed.size() == 1 ? "`" + listed[0].name + "` is empty" : "all files are empty";
  return Error(Fault::config, what + ", so its columns are not known")
      .hint("declare them: columns: {name: type}");
}

}  // namespace leat::connectors::csv
