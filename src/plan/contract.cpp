#include "plan/contract.hpp"

#include <algorithm>
#include <set>

#include "base/names.hpp"
#include "config/canonical.hpp"
#include "config/options.hpp"
#include "core/provenance.hpp"

namespace leat::plan {
namespace {

using config::Located;
using config::option;

struct ColumnKeys {
  Located<std::string> name;
  Located<std::string> type;
  std::string units;
  std::string description;
  bool nullable = true;
  Pii pii = Pii::none;
  const config::Node* checks = nullptr;
};

struct ContractKeys {
  std::int64_t contract = 1;
  std::string description;
  OnDrift on_drift = OnDrift::fail;
  const config::Node* read_with = nullptr;
  std::vector<ColumnKeys> columns;
};

const config::EnumNames<OnDrift>& drift_names() {
  static const config::EnumNames<OnDrift> names{{"fail", OnDrift::fail},
                                                {"hold", OnDrift::hold},
                                                {"add", OnDrift::add},
                                                {"drop_column", OnDrift::drop_column},
                                                {"quarantine_row", OnDrift::quarantine_row}};
  return names;
}

const config::EnumNames<Pii>& pii_names() {
  static const config::EnumNames<Pii> names{
      {"none", Pii::none}, {"hash", Pii::hash}, {"mask", Pii::mask}, {"drop", Pii::drop}};
  return names;
}

const config::OptionTable<ColumnKeys>& column_table() {
  static const auto table = config::option_table<ColumnKeys>({
      option("name", &ColumnKeys::name, "Its name.").required().length(1, 0),
      option("type", &ColumnKeys::type, "Its type.").required().example("bigint"),
      option("units", &ColumnKeys::units, "What its numbers count.").example("USD"),
      option("nullable", &ColumnKeys::nullable,
             "Whether it may be empty; if not, rows without a "
             "value go to quarantine."),
      option("pii", &ColumnKeys::pii,
             "It is about a person. Models and sinks see a SHA-256 of it, a mask, or no such "
             "column; its checks still see the value.",
             pii_names()),
      option("description", &ColumnKeys::description, "What it says."),
      option("checks", &ColumnKeys::checks, "Checks of this column, written without its name.")
          .example("[{range: {min: 0}}]"),
  });
  return table;
}

const config::OptionTable<ContractKeys>& contract_table() {
  static const auto table = config::option_table<ContractKeys>({
      option("contract", &ContractKeys::contract, "Version of this file format.").between(1, 1),
      option("description", &ContractKeys::description, "What a row is."),
      option("on_drift", &ContractKeys::on_drift,
             "What happens when the columns that are found are not these.", drift_names()),
      option("read_with", &ContractKeys::read_with,
             "Options of the source's connector that its first files told: they count where the "
             "source itself says nothing.")
          .example("{delimiter: \";\"}"),
      option("columns", &ContractKeys::columns, "The columns, in order.", column_table())
          .required()
          .items(1)
          .example("[{name: id, type: bigint, nullable: false}]"),
  });
  return table;
}

/// Reads the type; findings where there is none of that name.
std::optional<ContractColumn> column_of(const ColumnKeys& keys, config::Findings& findings) {
  auto type = data::parse_type(keys.type.text);
  if (!type.ok()) {
    findings.add(keys.type.place, type.error().message(), type.error().hint_text(),
                 keys.type.length);
    return std::nullopt;
  }
  ContractColumn column;
  column.name = keys.name.text;
  column.type = std::move(type).value();
  column.units = keys.units;
  column.description = keys.description;
  column.nullable = keys.nullable;
  column.pii = keys.pii;
  column.checks = keys.checks;
  column.place = keys.name.place;
  column.length = keys.name.length;
  return column;
}

template <typename E>
std::string_view name_in(const config::EnumNames<E>& names, E wanted) {
  for (const auto& [name, value] : names) {
    if (value == wanted) return name;
  }
  return "";
}

/// A name that would be read as nothing is quoted, too.
std::string quoted_name(const std::string& name) {
  const auto lower = to_lower(name);
  if (lower == "null" || lower == "~") return "\"" + name + "\"";
  return config::yaml_text_of(name);
}

void put(std::string& line, const char* key, const std::string& value) {
  if (!value.empty()) line += std::string(", ") + key + ": " + config::yaml_text_of(value);
}

std::string column_line(const ContractColumn& column) {
  std::string line = "  - {name: " + quoted_name(column.name) +
                     ", type: " + config::yaml_text_of(data::sql_of(column.type));
  put(line, "units", column.units);
  if (!column.nullable) line += ", nullable: false";
  if (column.pii != Pii::none) put(line, "pii", std::string(name_of(column.pii)));
  put(line, "description", column.description);
  if (column.checks) line += ", checks: " + config::canonical_text(*column.checks);
  return line + "}\n";
}

std::string read_with_line(const std::vector<config::Node::Entry>& options) {
  std::vector<std::string> texts;
  for (const auto& option : options) texts.push_back(option_text(option));
  return "read_with: {" + join_names(texts, ", ") + "}\n";
}

/// The comment lines that a file begins with.
std::string leading_comment(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (text[end] == '#' || text[end] == '\n')) {
    const auto line_end = text.find('\n', end);
    if (line_end == std::string_view::npos) break;
    end = line_end + 1;
  }
  return std::string(text.substr(0, end));
}

}  // namespace

std::string_view name_of(OnDrift on_drift) { return name_in(drift_names(), on_drift); }
std::string_view name_of(Pii pii) { return name_in(pii_names(), pii); }

data::Schema Contract::schema() const {
  data::Schema out;
  for (const auto& column : columns) out.columns.push_back({column.name, column.type, true});
  return out;
}

bool Contract::has_pii() const {
  return std::any_of(columns.begin(), columns.end(),
                     [](const auto& column) { return column.pii != Pii::none; });
}

std::vector<ColumnNote> Contract::notes() const {
  std::vector<ColumnNote> out;
  for (const auto& column : columns) {
    ColumnNote note{column.name, column.pii == Pii::none ? column.units : "", column.description};
    const bool says_something = !note.units.empty() || !note.description.empty();
    if (says_something && column.pii != Pii::drop) out.push_back(std::move(note));
  }
  return out;
}

std::optional<Contract> read_contract(const config::Node& map, config::Findings& findings) {
  ContractKeys keys;
  const auto before = findings.size();
  contract_table().read(map, keys, findings);
  Contract contract;
  contract.on_drift = keys.on_drift;
  contract.description = keys.description;
  if (keys.read_with != nullptr && keys.read_with->is_map()) {
    contract.read_with = keys.read_with->entries;
  } else if (keys.read_with != nullptr && !keys.read_with->is_null()) {
    config::add_mismatch(*keys.read_with, "a map of options", findings);
  }
  std::set<std::string> seen;
  for (const auto& column : keys.columns) {
    if (!seen.insert(to_lower(column.name.text)).second) {
      findings.add(column.name.place, "column `" + column.name.text + "` is named twice",
                   "letter case makes no difference", column.name.length);
    }
    if (auto read = column_of(column, findings)) contract.columns.push_back(std::move(*read));
  }
  if (findings.size() != before) return std::nullopt;
  return contract;
}

const config::OptionSet& contract_options() { return contract_table(); }

std::string option_text(const config::Node::Entry& option) {
  return option.key.text + ": " +
         (option.value.is_scalar() ? config::yaml_text_of(option.value.text)
                                   : config::canonical_text(option.value));
}

std::string contract_text(const Contract& contract, std::string_view before) {
  auto text = leading_comment(before);
  text += "contract: 1\n";
  if (!contract.description.empty()) {
    text += "description: " + config::yaml_text_of(contract.description) + "\n";
  }
  text += "on_drift: " + std::string(name_of(contract.on_drift)) + "\n";
  if (!contract.read_with.empty()) text += read_with_line(contract.read_with);
  text += "columns:\n";
  for (const auto& column : contract.columns) text += column_line(column);
  return text;
}

Contract refreshed(const Contract& old, const data::Schema& found) {
  auto fresh = old;
  fresh.columns.clear();
  for (const auto& column : found.columns) {
    if (is_provenance_column(column.name)) continue;
    const auto known = std::find_if(
        old.columns.begin(), old.columns.end(),
        [&](const ContractColumn& other) { return is_same_name(other.name, column.name); });
    ContractColumn next;
    if (known != old.columns.end()) next = *known;
    next.name = column.name;
    next.type = column.type;
    fresh.columns.push_back(std::move(next));
  }
  return fresh;
}

std::filesystem::path default_contract_file(const std::string& pipeline, const std::string& node) {
  return std::filesystem::path("contracts") / (pipeline + "." + node + ".yml");
}

}  // namespace leat::plan
