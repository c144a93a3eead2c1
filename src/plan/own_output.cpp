#include "plan/own_output.hpp"

#include <algorithm>
#include <filesystem>

namespace leat::plan {
namespace {

namespace fs = std::filesystem;

/// A file that a sink writes.
struct WrittenFile {
  fs::path path;  ///< Real path.
  const FileNode* sink = nullptr;
};

std::vector<WrittenFile> written_files(const LoadedPipeline& loaded, const Plan& plan,
                                       const PlanServices& services) {
  std::vector<WrittenFile> written;
  for (const auto& sink : loaded.file.sinks) {
    const auto* planned = plan.sink(sink.node.name);
    if (planned == nullptr) continue;
    auto path = planned->spec->target_file(services.build);
    if (path) written.push_back({std::move(*path), &sink.node});
  }
  return written;
}

const config::Node& path_node(const FileNode& node) {
  const auto* path = node.options->find("path");
  return path != nullptr ? *path : *node.options;
}

void refuse_read(const WrittenFile& file, const FileNode& source, config::Findings& findings) {
  const auto name = file.path.filename().string();
  findings.add(path_node(*file.sink),
               "sink `" + file.sink->name + "` writes " + name + ", which source `" + source.name +
                   "` reads: each run would read its own rows again",
               "write it to another folder, or name the files of the source more narrowly");
  findings.add(path_node(source), "source `" + source.name + "` reads " + name + ", which sink `" +
                                      file.sink->name + "` writes");
}

void refuse_reads(const std::vector<WrittenFile>& written, const Draft& draft,
                  const PlanServices& services, config::Findings& findings) {
  std::vector<fs::path> paths;
  for (const auto& file : written) paths.push_back(file.path);
  if (paths.empty()) return;
  for (const auto& source : draft.sources) {
    if (!source.spec) continue;
    const auto read = source.spec->would_read(services.build, paths);
    for (const auto& file : written) {
      if (std::find(read.begin(), read.end(), file.path) == read.end()) continue;
      refuse_read(file, source.node, findings);
    }
  }
}

fs::path real(const fs::path& path) {
  std::error_code unknown;
  const auto found = fs::weakly_canonical(path, unknown);
  return unknown ? path.lexically_normal() : found;
}

/// What a sink would spoil, in words; empty when it is none of the pipeline's own files.
std::string spoiled_by(const fs::path& file, const LoadedPipeline& loaded) {
  const auto& root = loaded.project->root;
  const auto in_state = file.lexically_relative(real(root / ".leat"));
  if (!in_state.empty() && *in_state.begin() != "..")
    return "into .leat, where Leat keeps its state";
  if (file.filename().string().ends_with(".leat.ndjson")) {
    return file.filename().string() + ", which is the name of the ledger beside a file";
  }
  if (std::find(file.begin(), file.end(), "_leat") != file.end()) {
    return "into _leat, where a folder of partitions keeps its ledger";
  }
  std::vector<fs::path> own{loaded.path, root / "leat.yml"};
  for (const auto& model : loaded.file.models) {
    if (!model.sql_path.empty()) own.push_back(root / model.sql_path);
  }
  for (const auto& path : own) {
    if (path.filename() != file.filename() || real(path) != file) continue;
    return "over " + file.filename().string() + ", which the pipeline is made of";
  }
  return "";
}

}  // namespace

void judge_written_files(const LoadedPipeline& loaded, const Plan& plan, const Draft& draft,
                         const PlanServices& services, config::Findings& findings) {
  const auto written = written_files(loaded, plan, services);
  refuse_reads(written, draft, services, findings);
  for (const auto& file : written) {
    const auto spoiled = spoiled_by(file.path, loaded);
    if (spoiled.empty()) continue;
    findings.add(path_node(*file.sink), "sink `" + file.sink->name + "` would write " + spoiled,
                 "name another file");
  }
}

}  // namespace leat::plan
