#include "plan/load_contracts.hpp"

#include "config/yaml.hpp"
#include "plan/shown_path.hpp"

namespace leat::plan {
namespace {

/// A run writes them itself, some values a column: a table may have ten thousands of these.
constexpr config::YamlLimits kContractLimits{.bytes_max = 1u << 24, .nodes_max = 2'000'000};

namespace fs = std::filesystem;
using config::Node;

/// A check as its column writes it, with the name of the column put in.
std::optional<Node> check_of_column(const Node& written, const std::string& column,
                                    config::Findings& findings) {
  Node map;
  map.kind = Node::Kind::map;
  map.place = written.place;
  map.length = written.length;
  map.entries.push_back(
      {config::text_scalar("column", written), config::text_scalar(column, written)});
  Node item = map;
  item.entries.clear();
  if (written.is_scalar()) {
    item.entries.push_back({config::text_scalar(written.text, written), std::move(map)});
    return item;
  }
  const bool one = written.is_map() && written.entries.size() == 1;
  const auto* options = one ? &written.entries.front().value : nullptr;
  if (options == nullptr || (!options->is_map() && !options->is_null())) {
    findings.add(written, "expected a check of this column with its options",
                 "not_null, or {range: {min: 0}}");
    return std::nullopt;
  }
  for (const auto& entry : options->entries) map.entries.push_back(entry);
  item.entries.push_back({written.entries.front().key, std::move(map)});
  return item;
}

/// Reads the contracts of one pipeline.
class ContractLoader {
 public:
  ContractLoader(LoadedPipeline& loaded, const LoadOptions& options, config::Findings& findings)
      : x_loaded(loaded), x_options(options), x_findings(findings) {}

  void load(const std::string& name, const Node* key, const Node* written, bool is_source,
            std::optional<Contract>& out) {
    if (written != nullptr && written->is_map()) {
      out = read_contract(*written, x_findings);
      if (out) out->shown_as = x_loaded.shown_as;
    } else if (written != nullptr && !written->is_null() && !written->is_scalar()) {
      config::add_mismatch(*written, "a file, or a map with `columns`", x_findings);
    } else {
      const bool is_named = written != nullptr && written->is_scalar();
      const fs::path file =
          is_named ? fs::path(written->text) : default_contract_file(x_loaded.file.pipeline, name);
      load_file(file, is_named ? written : nullptr, is_source, out);
    }
    if (out && !is_source && !out->read_with.empty()) {
      x_findings.add(out->read_with.front().key,
                     "`read_with` is of sources: `" + name + "` reads no files");
    }
    if (out && key != nullptr) add_checks(name, *key, *out);
  }

 private:
  /// `named`: where the author wrote the path; null: it is the default.
  void load_file(const fs::path& file, const Node* named, bool is_source,
                 std::optional<Contract>& out) {
    if (named == nullptr && !is_source) return;
    Contract contract;
    contract.file = (x_loaded.project->root / file).lexically_normal();
    contract.shown_as = shown_path(contract.file, x_options.working_folder);
    if (!x_options.files->exists(contract.file)) {
      if (named == nullptr) return;
      if (!is_source) {
        return x_findings.add(*named, "the contract " + contract.shown_as + " is not there",
                              "a model's contract is written by its author");
      }
      contract.exists = false;
      out = std::move(contract);
      return;
    }
    auto text = x_options.files->read(contract.file, kContractLimits.bytes_max);
    if (!text.ok()) {
      return x_findings.add(Place{contract.shown_as, 0, 0}, text.error().text());
    }
    auto tree = config::parse_yaml(*text, contract.shown_as, x_findings, kContractLimits);
    if (!tree) return;
    contract.tree = std::make_shared<const Node>(std::move(*tree));
    x_loaded.kept.push_back(contract.tree);
    x_loaded.contract_texts.push_back(std::move(*text));
    auto read = read_contract(*contract.tree, x_findings);
    if (!read) return;
    read->file = contract.file;
    read->shown_as = contract.shown_as;
    read->tree = contract.tree;
    out = std::move(read);
  }

  void add_checks(const std::string& name, const Node& key, const Contract& contract) {
    for (const auto& column : contract.columns) {
      if (!column.nullable) {
        auto word = config::text_scalar("not_null", key);
        word.place = column.place;
        word.length = column.length;
        add_check(name, word, column);
      }
      if (column.checks == nullptr || column.checks->is_null()) continue;
      if (!column.checks->is_sequence()) {
        config::add_mismatch(*column.checks, "a list of checks", x_findings);
      }
      for (const auto& item : column.checks->items) add_check(name, item, column);
    }
  }

  void add_check(const std::string& dataset, const Node& written, const ContractColumn& column) {
    auto item = check_of_column(written, column.name, x_findings);
    if (!item) return;
    const auto kept = std::make_shared<const Node>(std::move(*item));
    x_loaded.kept.push_back(kept);
    const auto& entry = kept->entries.front();
    x_loaded.file.checks.push_back({dataset, &entry.key, entry.key.text, &entry.key, &entry.value});
  }

  LoadedPipeline& x_loaded;
  const LoadOptions& x_options;
  config::Findings& x_findings;
};

}  // namespace

void load_contracts(LoadedPipeline& loaded, const LoadOptions& options,
                    config::Findings& findings) {
  ContractLoader loader(loaded, options, findings);
  for (auto& source : loaded.file.sources) {
    loader.load(source.node.name, source.node.key, source.contract_node, true, source.contract);
  }
  for (auto& model : loaded.file.models) {
    loader.load(model.name, model.key, model.contract_node, false, model.contract);
  }
}

}  // namespace leat::plan
