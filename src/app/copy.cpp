#include "app/copy.hpp"

#include "app/endpoint.hpp"
#include "app/run.hpp"
#include "base/names.hpp"
#include "io/files.hpp"
#include "io/streams.hpp"

namespace leat::app {
namespace {

std::string list_of(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + yaml_quoted(name);
  return "[" + out + "]";
}

Status save(const std::filesystem::path& file, const std::string& text) {
  auto& files = io::local_files();
  if (files.exists(file)) {
    return Error(Fault::config, "`" + file.string() + "` is there already and stays as it is")
        .hint("give --save another name, or remove the file; `leat run " + file.string() +
              "` runs it");
  }
  const auto folder = std::filesystem::absolute(file).parent_path();
  TRY(files.create_folders(folder));
  return io::write_durably(files, file, text);
}

Status check_name(const std::filesystem::path& file) {
  if (is_node_name(file.stem().string()) && file.extension() == ".yml") return {};
  return Error(Fault::config, "`" + file.string() + "` cannot be a pipeline file")
      .hint("letters, digits and underscores, and .yml at the end: copy_orders.yml");
}

}  // namespace

Result<std::string> copy_pipeline(const CopyRequest& request, const std::string& name) {
  const auto root = request.save.empty() ? std::filesystem::path() : root_of(request.save);
  TRY(const auto source, read_source(request.source, root));
  TRY(const auto sink, read_sink(request.target, root));
  std::string text = "pipeline: " + name + "\n\nsources:\n";
  if (source.dialect) text += "  # " + source.dialect->reason + ".\n";
  text += "  rows_in:\n    " + source.yaml() + "\n\nsinks:\n  target:\n    " + sink.yaml() +
          "\n    from: rows_in\n";
  if (!request.key.empty()) {
    text += "    strategy: merge\n    key: " + list_of(request.key) + "\n";
  }
  return text;
}

Result<run::RunReport> copy(const CopyRequest& request, const LoadOptions& options,
                            const CancelToken& cancel, const run::RunEvents& events) {
  io::process_streams().allow(cancel);
  TRY(const auto sink, read_sink(request.target));
  const auto unsaved = "copy_" + sink.stem;
  if (request.save.empty()) {
    TRY(const auto text, copy_pipeline(request, unsaved));
    auto with = for_a_run(options);
    with.keeps_contracts = false;
    TRY(const auto plan, plan_text(unsaved, text, with));
    return run_plan(plan, with, cancel, events);
  }
  TRY(check_name(request.save));
  TRY(auto text, copy_pipeline(request, request.save.stem().string()));
  if (request.save.stem() != unsaved) {
    text += "    # The same copy before it was saved.\n    takes_over: " + unsaved + ".target\n";
  }
  TRY(save(request.save, text));
  const auto with = for_a_run(options);
  const auto plan = Planner(with).plan(request.save, true);
  if (!plan.ok()) {
    static_cast<void>(io::local_files().remove(request.save));
    return Error(plan.error());
  }
  return run_plan(*plan, with, cancel, events);
}

}  // namespace leat::app
