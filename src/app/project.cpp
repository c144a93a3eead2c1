#include "app/project.hpp"

#include <unistd.h>

#include <algorithm>

#include "app/all_files.hpp"
#include "app/catalog.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "io/files.hpp"
#include "plan/load.hpp"
#include "plan/make_plan.hpp"
#include "run/retry.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMemoryMin = 32u << 20;  ///< The engine cannot even begin with less.

bool is_pipeline_name(const fs::path& file) {
  const auto name = file.filename().string();
  return (name.ends_with(".yml") || name.ends_with(".yaml")) && name != "leat.yml";
}

Result<std::vector<fs::path>> pipelines_in(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& candidate : {folder / "pipelines", folder}) {
    const auto stat = io::local_files().stat(candidate);
    if (!stat.ok() || !stat->is_folder) continue;
    TRY(const auto files, io::local_files().list(candidate));
    for (const auto& file : files) {
      if (is_pipeline_name(file)) out.push_back(file);
    }
    if (!out.empty()) return out;
  }
  return Error(Fault::config, "no pipeline file in " + folder.string())
      .hint("a pipeline is a .yml file in `pipelines/` or in the folder itself");
}

/// For a file that is not there: the one beside it that was meant, or all of them.
std::string pipelines_hint(const fs::path& typed) {
  const auto folder = typed.has_parent_path() ? typed.parent_path() : fs::path(".");
  const auto there = pipelines_in(folder);
  if (!there.ok()) return "`leat check` lists the pipelines that are here";
  std::vector<std::string> names;
  for (const auto& file : *there) names.push_back(file.lexically_normal().string());
  return name_hint(typed.lexically_normal().string(), names);
}

plan::LoadOptions plan_options(const LoadOptions& options, bool stand_ins) {
  plan::LoadOptions out;
  out.working_folder = fs::current_path();
  out.environment = options.environment;
  out.vars = options.variables;
  out.run_id = options.run_id.value_or(Uuid()).text();
  out.stand_ins = stand_ins;
  out.interval = options.interval;
  if (options.files) out.files = options.files.get();
  return out;
}

std::uint64_t machine_memory() {
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  return pages > 0 ? std::uint64_t(pages) * std::uint64_t(::sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

Result<std::vector<fs::path>> find_pipelines(const fs::path& where) {
  const auto stat = io::local_files().stat(where);
  if (!stat.ok()) return Error(stat.error()).hint(pipelines_hint(where));
  if (stat->is_folder) return pipelines_in(where);
  return std::vector<fs::path>{where};
}

Result<fs::path> find_pipeline(const fs::path& where) {
  TRY(auto all, find_pipelines(where));
  if (all.size() == 1) return std::move(all.front());
  std::vector<std::string> names;
  for (const auto& file : all) names.push_back(file.string());
  return Error(Fault::config, "there are " + std::to_string(all.size()) + " pipelines here")
      .hint("name one: " + join_names(names, " or "));
}

fs::path root_of(const fs::path& where) {
  const auto absolute = fs::absolute(where).lexically_normal();
  auto& files = io::local_files();
  const auto stat = files.stat(absolute);
  const auto folder = stat.ok() && stat->is_folder ? absolute : absolute.parent_path();
  return plan::find_project_root(folder, config::local_text_files()).value_or(folder);
}

fs::path state_folder(const fs::path& where) { return root_of(where) / ".leat"; }

plan::ProjectFile project_of(const fs::path& where, config::Findings& findings) {
  plan::ProjectRequest request;
  request.root = root_of(where);
  request.shown_as = "leat.yml";
  request.variables = &config::process_environment();
  request.files = &config::local_text_files();
  return plan::read_project(request, findings);
}

fs::path artifacts_folder(const fs::path& where) {
  config::Findings ignored;
  return project_of(where, ignored).artifacts;
}

struct Planner::State {
  LoadOptions options;
  std::optional<plan::Loader> offline;
  std::optional<plan::Loader> live;
  std::unique_ptr<engine::Session> session;

  plan::Loader& loader(bool stand_ins) {
    auto& loader = stand_ins ? offline : live;
    if (!loader) {
      auto with = plan_options(options, stand_ins);
      with.session = [this] { return open_session(); };
      loader.emplace(std::move(with));
    }
    return *loader;
  }

  Result<engine::Session*> open_session() {
    if (!session) {
      TRY(session, engine::Session::open({}));
    }
    return session.get();
  }

  Status apply_flags(plan::Plan& plan) const {
    if (options.threads > 0) plan.resources.threads = options.threads;
    if (options.memory.empty()) return {};
    auto bytes = parse_bytes(options.memory);
    if (!bytes.ok()) return std::move(bytes).error().during("while reading --memory");
    if (bytes.value() < kMemoryMin) {
      return Error(Fault::config, "--memory must be " + format_bytes(kMemoryMin) + " or more");
    }
    plan.resources.memory_bytes = bytes.value();
    return {};
  }
};

Planner::Planner(LoadOptions options) : x_state(std::make_unique<State>()) {
  x_state->options = std::move(options);
}

Planner::~Planner() = default;

plan::PlanServices Planner::services_for(const plan::LoadedPipeline& loaded) {
  plan::PlanServices services;
  services.catalog = &catalog();
  services.build.files = &all_files();
  services.build.clock = &system_clock();
  services.build.scratch = loaded.project->root / ".leat" / "tmp";
  services.session = [this] { return x_state->open_session(); };
  services.machine_memory = machine_memory();
  services.redirect = x_state->options.redirect;
  return services;
}

void Planner::choose(plan::Interval interval) {
  x_state->options.interval = std::move(interval);
  x_state->offline.reset();
  x_state->live.reset();
}

Result<engine::Session*> Planner::session() { return x_state->open_session(); }

Result<plan::Plan> Planner::plan(const fs::path& file, bool discover) {
  return make(file, !discover, discover);
}

Result<plan::Plan> Planner::plan_without_sources(const fs::path& file) {
  return make(file, false, false);
}

Result<plan::Plan> Planner::make_once(const plan::LoadedPipeline& loaded, bool discover,
                                      bool asks_servers) {
  auto services = services_for(loaded);
  services.discover = discover;
  services.asks_servers = asks_servers;
  std::vector<Error> out_of_reach;
  services.out_of_reach = [&](const Error& error, const Place& place) {
    out_of_reach.push_back(Error(error).with("at", text_of(place)));
  };
  auto plan = plan::make_plan(loaded, services);
  if (!plan.ok()) {
    // For a run that is no mistake of the file, where nothing else is wrong with it.
    const bool is_all = plan.error().diagnostics().size() == out_of_reach.size();
    const bool runs = x_state->options.tries_until != nullptr;
    const auto grave = std::find_if(out_of_reach.begin(), out_of_reach.end(),
                                    [](const Error& error) { return error.is_grave(); });
    if (grave != out_of_reach.end()) std::iter_swap(out_of_reach.begin(), grave);
    auto error = runs && is_all && !out_of_reach.empty() ? out_of_reach.front() : plan.error();
    return grave == out_of_reach.end() ? std::move(error) : std::move(error).grave();
  }
  plan->version = io::sha256_of(loaded.canonical);
  TRY(x_state->apply_flags(*plan));
  return plan;
}

Result<plan::Plan> Planner::make(const fs::path& file, bool stand_ins, bool discover) {
  TRY(const auto loaded, x_state->loader(stand_ins).begin(file));
  const auto& options = x_state->options;
  const auto retry = options.tries_until != nullptr ? loaded.file.retry : std::nullopt;
  const auto run_id = options.run_id.value_or(Uuid());
  std::vector<Diagnostic> said;
  for (run::Tries tries(retry, system_clock(), options.tries_until, run_id);;) {
    auto plan = make_once(loaded, discover, !stand_ins);
    if (plan.ok()) {
      plan->warnings.insert(plan->warnings.end(), said.begin(), said.end());
      return plan;
    }
    auto told = tries.again(plan.error());
    if (!told) return plan;
    said.push_back({Place{loaded.shown_as, 0, 0}, std::move(*told), "", "", 1});
  }
}

Result<plan::Plan> Planner::look_at_sources(const fs::path& file) {
  TRY(const auto loaded, x_state->loader(true).begin(file));
  return plan::look_at_sources(loaded, services_for(loaded));
}

Result<std::vector<plan::ResolvedValue>> resolved_values(const fs::path& where,
                                                         const LoadOptions& options) {
  TRY(const auto file, find_pipeline(where));
  std::unique_ptr<engine::Session> session;
  auto with = plan_options(options, true);
  with.session = [&session]() -> Result<engine::Session*> {
    TRY(session, engine::Session::open({}));
    return session.get();
  };
  TRY(const auto loaded, plan::Loader(std::move(with)).load(file));
  return plan::resolved_values(loaded, catalog());
}

}  // namespace leat::app
