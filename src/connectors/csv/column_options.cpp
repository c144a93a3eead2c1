#include "connectors/csv/column_options.hpp"

#include <algorithm>
#include <utility>

#include "base/names.hpp"
#include "clients/text_values/decode.hpp"

namespace leat::connectors::csv {
namespace {

class ColumnOptions {
 public:
  ColumnOptions(const Options& options, config::Findings& findings, Settings& out)
      : x_options(options), x_findings(findings), x_out(out) {}

  void read() {
    read_column_formats();
    read_columns();
    read_folders();
    read_column_nulls();
    judge_column_formats();
  }

 private:
  void read_column_formats() {
    for (const auto& [name, pattern] : x_options.column_formats) {
      auto format = TimeFormat::make(pattern.text);
      if (x_out.format.moments_of(name.text) != nullptr) {
        x_findings.add(name.place, "column `" + name.text + "` comes twice in `column_formats`",
                       "letter case makes no difference", name.length);
      } else if (format.ok()) {
        x_out.format.column_formats.emplace_back(name.text, std::move(*format));
      } else {
        x_findings.add(pattern.place, format.error().message(), format.error().hint_text(),
                       pattern.length);
      }
    }
  }

  void read_columns() {
    data::Schema schema = known_columns().value_or(data::Schema());
    const bool is_fixed = !x_options.widths.empty();
    std::vector<std::string> seen;
    for (const auto& [name, type] : x_options.columns) {
      const auto lower = to_lower(name.text);
      if (std::find(seen.begin(), seen.end(), lower) != seen.end()) {
        x_findings.add(name.place, "column `" + name.text + "` is declared twice",
                       "letter case makes no difference", name.length);
      }
      seen.push_back(lower);
      const data::Type parsed = read_type(name.text, type, true);
      if (!is_fixed) {
        schema.columns.push_back({name.text, parsed, true});
      } else if (const auto found = schema.find(name.text)) {
        schema.columns[*found].type = parsed;
      } else {
        x_findings.add(name.place, "column `" + name.text + "` is not in `widths`",
                       name_hint(name.text, schema.names()), name.length);
      }
    }
    // Of columns that have a place alone the types are found.
    if (!x_options.columns.empty()) x_out.declared = std::move(schema);
    carry_types();
  }

  /// What no decoder reads comes as text or JSON, and is cast by the run.
  void carry_types() {
    if (!x_out.declared) return;
    auto carried = *x_out.declared;
    for (auto& column : carried.columns) {
      if (text_values::decoder_of(column.type) == nullptr) {
        column.type = text_values::carrier_of(column.type).value_or(data::Type{});
      }
    }
    if (carried == *x_out.declared) return;
    x_out.carried = std::exchange(x_out.declared, std::move(carried));
  }

  std::optional<data::Schema> known_columns() const {
    if (x_out.declared || x_out.format.widths.empty()) return x_out.declared;
    data::Schema schema;
    for (const auto& width : x_out.format.widths) schema.columns.push_back({width.name, {}, true});
    return schema;
  }

  void read_folders() {
    for (const auto& [name, type] : x_options.hive) {
      const bool is_declared = x_out.declared && x_out.declared->find(name.text);
      const data::Schema before{x_out.folders};
      if (is_declared || before.find(name.text)) {
        x_findings.add(name.place, "column `" + name.text + "` is declared twice",
                       "letter case makes no difference", name.length);
        continue;
      }
      x_out.folders.push_back({name.text, read_type(name.text, type, false), true});
    }
  }

  /// Names of columns that are not declared can only be judged when the files were seen.
  void read_column_nulls() {
    for (const auto& [name, texts] : x_options.column_nulls) {
      if (x_out.format.nulls_of(name.text) != nullptr) {
        x_findings.add(name.place, "column `" + name.text + "` comes twice in `column_nulls`",
                       "letter case makes no difference", name.length);
      } else if (const auto known = known_columns(); known && !known->find(name.text)) {
        x_findings.add(name.place, "no column `" + name.text + "` is declared",
                       name_hint(name.text, known->names()), name.length);
      } else {
        x_out.format.column_nulls.emplace_back(name.text, texts);
      }
    }
  }

  /// As of `column_nulls`; what is declared must be what its pattern tells.
  void judge_column_formats() {
    const auto known = known_columns();
    for (const auto& [name, pattern] : x_options.column_formats) {
      const auto* format = x_out.format.moments_of(name.text);
      const auto column = known ? known->find(name.text) : std::nullopt;
      if (known && !column) {
        x_findings.add(name.place, "no column `" + name.text + "` is declared",
                       name_hint(name.text, known->names()), name.length);
      } else if (format != nullptr && column && x_out.declared) {
        judge_moments(known->columns[*column].type.id, *format, pattern);
      }
    }
  }

  void judge_moments(data::TypeId type, const TimeFormat& format, const Text& pattern) {
    if (type == data::TypeId::date && format.has_time()) {
      x_findings.add(pattern.place, "a date has no time", "declare the column as timestamp",
                     pattern.length);
    } else if (type == data::TypeId::timestamp_tz && !format.has_offset()) {
      x_findings.add(pattern.place, "the pattern has no offset, which this type needs",
                     "add %z, or use timestamp", pattern.length);
    }
  }

  data::Type read_type(const std::string& column, const Text& text, bool may_be_carried) {
    auto type = data::parse_type(text.text);
    if (!type.ok()) {
      x_findings.add(text.place, type.error().message(), type.error().hint_text(), text.length);
      return {};
    }
    const bool is_carried = may_be_carried && text_values::carrier_of(*type).has_value();
    if (text_values::decoder_of(*type) == nullptr && !is_carried) {
      x_findings.add(text.place,
                     "values of type " + data::sql_of(*type) + " cannot be read from text",
                     "read it as varchar and convert it in a model", text.length);
      return {};
    }
    const auto& format = x_out.format.values.timestamp;
    const bool has_own = x_out.format.moments_of(column) != nullptr;
    if (type->id == data::TypeId::timestamp_tz && format && !has_own && !format->has_offset()) {
      x_findings.add(text.place, "`timestamp_format` has no offset, which this type needs",
                     "add %z, or use timestamp", text.length);
    }
    return *type;
  }

  const Options& x_options;
  config::Findings& x_findings;
  Settings& x_out;
};

}  // namespace

void read_columns(const Options& options, config::Findings& findings, Settings& out) {
  ColumnOptions(options, findings, out).read();
}

}  // namespace leat::connectors::csv
