#include "app/check.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "io/files.hpp"
#include "run/keep_contracts.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;
using Checked = Result<CheckedPipeline>;

/// A thread opens an engine of its own; that pays from about so many files.
constexpr std::size_t kFilesPerThread = 64;

/// What was written down, as warnings.
void keep_contracts(CheckedPipeline& checked) {
  for (auto& said : run::keep_contracts(io::local_files(), *checked.plan)) {
    Diagnostic warning;
    warning.place.file = checked.file.string();
    warning.message = std::move(said);
    checked.warnings.push_back(std::move(warning));
  }
}

Checked check_one(Planner& planner, const fs::path& file, bool connect) {
  CheckedPipeline checked;
  checked.file = file;
  auto plan = planner.plan(file, connect);
  if (plan.ok()) {
    checked.warnings = plan->warnings;
    checked.plan = std::move(plan).value();
    if (connect) keep_contracts(checked);
  } else if (!plan.error().diagnostics().empty()) {
    checked.errors = plan.error().diagnostics();
  } else {
    return std::move(plan).error();
  }
  return checked;
}

/// Every file by itself, on as many threads as pay; in the order of the files.
std::vector<Checked> check_all(const std::vector<fs::path>& files, const LoadOptions& options,
                               bool connect) {
  std::vector<Checked> out(files.size(), Checked(CheckedPipeline{}));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    Planner planner(options);
    for (auto i = next++; i < files.size(); i = next++) {
      out[i] = check_one(planner, files[i], connect);
    }
  };
  const auto threads_max = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  const auto threads = std::min(threads_max, files.size() / kFilesPerThread + 1);
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  return out;
}

plan::GraphNode stand_in(const fs::path& file) {
  plan::GraphNode node;
  node.pipeline = node.name = file.stem().string();
  node.kind = "pipeline";
  const auto root = state_folder(file).parent_path();
  const auto below = fs::absolute(file).lexically_normal().lexically_relative(root);
  node.files.push_back(below.generic_string());
  return node;
}

/// Leaves out the pipelines that have no selected node.
Result<std::vector<CheckedPipeline>> keep_selected(std::vector<CheckedPipeline> all,
                                                   const Selectors& selectors) {
  plan::Graph graph;
  std::vector<std::size_t> first{0};
  for (const auto& checked : all) {
    if (checked.plan) {
      plan::add_to_graph(graph, *checked.plan);
    } else {
      graph.nodes.push_back(stand_in(checked.file));
    }
    first.push_back(graph.nodes.size());
  }
  TRY(const auto chosen, plan::select_nodes(graph, selectors));
  std::vector<CheckedPipeline> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto begin = chosen.begin() + std::ptrdiff_t(first[i]);
    const auto end = chosen.begin() + std::ptrdiff_t(first[i + 1]);
    if (std::find(begin, end, true) != end) out.push_back(std::move(all[i]));
  }
  return out;
}

}  // namespace

Result<std::vector<CheckedPipeline>> check(const std::vector<fs::path>& where,
                                           const LoadOptions& options, const Selectors& selectors,
                                           bool connect) {
  std::vector<fs::path> files;
  for (const auto& place : where) {
    TRY(const auto found, find_pipelines(place));
    files.insert(files.end(), found.begin(), found.end());
  }
  std::vector<CheckedPipeline> out;
  for (auto& checked : check_all(files, options, connect)) {
    TRY(auto one, std::move(checked));
    out.push_back(std::move(one));
  }
  if (selectors.any()) return keep_selected(std::move(out), selectors);
  return out;
}

}  // namespace leat::app
