#include "plan/source_options.hpp"

#include <string>
#include <utility>

#include "core/fan_out.hpp"
#include "core/provenance.hpp"
#include "plan/connections.hpp"

namespace leat::plan {
namespace {

/// What is written comes first.
config::Node with_options(const config::Node& written,
                          const std::vector<config::Node::Entry>& others) {
  auto whole = written;
  if (!others.empty() && whole.is_null()) whole.kind = config::Node::Kind::map;
  for (const auto& other : others) {
    if (written.find(other.key.text) == nullptr) whole.entries.push_back(other);
  }
  return whole;
}

config::Node node_of(const std::vector<std::string>& values, const config::Node& at) {
  auto list = config::text_scalar("", at);
  list.kind = config::Node::Kind::sequence;
  for (const auto& one : values) list.items.push_back(config::text_scalar(one, at));
  return list;
}

/// Entries of a map follow one another.
void add_option(const FoundOption& option, const config::Node& at,
                std::vector<config::Node::Entry>& options) {
  auto value = option.values.size() == 1 ? config::text_scalar(option.values.front(), at)
                                         : node_of(option.values, at);
  if (option.entry.empty()) {
    options.push_back({config::text_scalar(option.name, at), std::move(value)});
    return;
  }
  if (options.empty() || options.back().key.text != option.name) {
    auto map = config::text_scalar("", at);
    map.kind = config::Node::Kind::map;
    options.push_back({config::text_scalar(option.name, at), std::move(map)});
  }
  options.back().value.entries.push_back({config::text_scalar(option.entry, at), std::move(value)});
}

}  // namespace

std::shared_ptr<const SourceSpec> placed(const FileSource& file,
                                         std::shared_ptr<const SourceSpec> spec,
                                         config::Findings& findings) {
  if (file.keeps_places == nullptr || !spec) return spec;
  if (dynamic_cast<const TellsPlaces*>(spec.get()) != nullptr) {
    return with_provenance(std::move(spec));
  }
  findings.add(*file.keeps_places,
               "rows of a source `" + file.node.connector + "` stood in no file",
               "`provenance: row` is for sources that read files record by record");
  return nullptr;
}

std::shared_ptr<const SourceSpec> parse_source(const FileSource& file, const SourceEntry& entry,
                                               const std::vector<config::Node::Entry>& others,
                                               const PlanServices& services,
                                               config::Findings& findings) {
  const auto parse = [&](const config::Node& options) -> std::shared_ptr<const SourceSpec> {
    const auto before = findings.size();
    const auto whole =
        with_connection(options, entry.name, entry.options, services.connections, findings);
    if (findings.size() != before) return nullptr;
    return placed(file, entry.parse(with_options(whole, others), findings), findings);
  };
  if (file.items.empty()) return parse(*file.node.options);
  std::vector<FanOutItem> items;
  for (const auto& [key, options] : file.items) {
    std::shared_ptr<const SourceSpec> spec = parse(*options);
    if (!spec) return nullptr;
    items.push_back({key, std::move(spec)});
  }
  return fan_out(std::move(items));
}

void find_options(const FileSource& file, const SourceEntry& entry, const PlanServices& services,
                  DraftSource& source) {
  const bool agreed = source.contract && source.contract->exists && !services.ignores_contracts;
  if (!source.spec || agreed || !file.items.empty() || source.spec->is_remote()) return;
  const auto found = source.spec->find_options(services.build);
  if (!found.ok()) return;
  source.left_open = found->open;
  if (found->options.empty()) return;
  const auto& at = *file.node.options;
  for (const auto& option : found->options) {
    add_option(option, at, source.found_options);
  }
  auto all = source.found_options;
  if (source.contract) {
    all.insert(all.begin(), source.contract->read_with.begin(), source.contract->read_with.end());
  }
  config::Findings unheard;  // It was right without them.
  source.spec = parse_source(file, entry, all, services, unheard);
}

void remark_on_contract(const FileSource& file, DraftSource& source) {
  if (!source.spec || !source.contract) return;
  std::vector<std::string> kept;
  for (const auto& option : source.contract->read_with) {
    if (file.node.options->find(option.key.text) == nullptr) kept.push_back(option.key.text);
  }
  source.remark = source.spec->remark_on(kept);
}

}  // namespace leat::plan
