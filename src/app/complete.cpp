#include "app/complete.hpp"

#include <set>

#include "app/catalog.hpp"
#include "app/check.hpp"
#include "app/history.hpp"
#include "app/new_project.hpp"
#include "app/run.hpp"

namespace leat::app {
namespace {

constexpr std::size_t kRunsOffered = 50;

enum class Words { datasets, names, selectors };

std::vector<std::string> nodes(const std::filesystem::path& where, Words wanted) {
  const auto checked = check({where}, {}, {}, false);
  if (!checked.ok()) return {};
  std::set<std::string> words;
  for (const auto& one : *checked) {
    if (!one.plan) continue;
    for (const auto& source : one.plan->sources) words.insert(source.name);
    for (const auto& model : one.plan->models) words.insert(model.name);
    if (wanted == Words::datasets) continue;
    for (const auto& sink : one.plan->sinks) words.insert(sink.name);
    if (wanted == Words::names) continue;
    for (const auto& tag : one.plan->tags) words.insert("tag:" + tag);
    words.insert("pipeline:" + one.plan->pipeline);
  }
  return {words.begin(), words.end()};
}

std::vector<std::string> run_ids(const std::filesystem::path& where) {
  std::vector<std::string> words{"last"};
  const auto found = runs(where, "", kRunsOffered);
  if (!found.ok()) return {};
  for (const auto& run : *found) words.push_back(run.run_id.text());
  return words;
}

std::vector<std::string> held_ids(const std::filesystem::path& where) {
  std::vector<std::string> words;
  const auto held = list_held(where);
  if (!held.ok()) return {};
  for (const auto& entry : *held) words.push_back(entry.receipt.publish_id.text());
  return words;
}

std::vector<std::string> files(const std::filesystem::path& where) {
  std::vector<std::string> words;
  const auto found = find_pipelines(where);
  if (!found.ok()) return {};
  for (const auto& file : *found) words.push_back(file.lexically_normal().string());
  return words;
}

}  // namespace

std::vector<std::string> complete(const std::filesystem::path& where, const std::string& what) {
  std::vector<std::string> words;
  if (what == "nodes") return nodes(where, Words::selectors);
  if (what == "names") return nodes(where, Words::names);
  if (what == "datasets") return nodes(where, Words::datasets);
  if (what == "runs") return run_ids(where);
  if (what == "held") return held_ids(where);
  if (what == "pipelines") return files(where);
  if (what == "types") return project_types();
  if (what == "sources") {
    for (const auto& entry : catalog().sources()) words.push_back(entry.first + ":");
  }
  if (what == "sinks") {
    for (const auto& entry : catalog().sinks()) words.push_back(entry.first + ":");
  }
  return words;
}

}  // namespace leat::app
