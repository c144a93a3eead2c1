#include "app/crash_world.hpp"

#include <deque>

#include "app/all_files.hpp"
#include "app/catalog.hpp"
#include "app/crash_look.hpp"
#include "base/names.hpp"
#include "engine/session.hpp"
#include "io/files.hpp"
#include "io/process.hpp"

extern char** environ;

namespace leat::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLinesOfKilled = 8;
constexpr std::size_t kUuidLength = 36;

/// All of this process's, but for what would kill the run somewhere else.
std::vector<std::string> environment_for(const Kill& kill) {
  std::vector<std::string> out;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("LEAT_CRASH_")) out.emplace_back(*variable);
  }
  if (!kill.point.empty()) out.push_back("LEAT_CRASH_AT=" + kill.point);
  if (!kill.list.empty()) out.push_back("LEAT_CRASH_LIST=" + kill.list.string());
  return out;
}

std::string without_ids(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool is_id = parse_uuid(std::string_view(text).substr(at, kUuidLength)).ok();
    out += is_id ? std::string("*") : text.substr(at, 1);
    at += is_id ? kUuidLength : 1;
  }
  return out;
}

std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> out;
  std::error_code ignored;
  for (fs::recursive_directory_iterator at(folder, ignored), end; at != end;
       at.increment(ignored)) {
    if (at->is_regular_file(ignored)) {
      out.insert(without_ids(at->path().lexically_relative(folder).string()));
    }
  }
  return out;
}

/// Rows that were set aside and are of no publish.
Result<std::string> find_strays(const plan::Plan& plan, const std::set<fs::path>& listed) {
  TRY(const auto paths,
      io::expand_glob(io::local_files(), plan.artifacts, "quarantine/*/*/*.parquet"));
  for (const auto& path : paths) {
    if (!listed.contains(path)) {
      return "rows in quarantine are of no publish: " + path.filename().string();
    }
  }
  return std::string();
}

}  // namespace

Result<std::unique_ptr<CrashWorld>> CrashWorld::make(const fs::path& file,
                                                     const LoadOptions& options,
                                                     const fs::path& folder) {
  TRY(io::local_files().create_folders(folder / "target"));
  auto world = std::make_unique<CrashWorld>(file, options, folder);
  TRY(world->x_rehearsed, plan_rehearsal(file, options, folder));
  TRY(world->prepare());
  return world;
}

CrashWorld::~CrashWorld() {
  for (const auto& sink : x_rehearsed.sinks) {
    if (!sink.entry->rehearsal.remove) continue;
    [[maybe_unused]] const auto gone =
        sink.entry->rehearsal.remove(sink.redirected, context(nullptr));
  }
  std::error_code ignored;
  fs::remove_all(x_folder, ignored);
}

BuildContext CrashWorld::context(engine::Session* session) const {
  BuildContext context;
  context.root = x_rehearsed.plan.root;
  context.scratch = x_folder / "look";
  context.files = &all_files();
  context.clock = &system_clock();
  context.session = session;
  context.secrets = x_rehearsed.plan.secrets.get();
  context.artifacts = x_rehearsed.plan.artifacts;
  return context;
}

Status CrashWorld::prepare() {
  TRY(io::local_files().create_folders(x_folder / "look"));
  for (const auto& sink : x_rehearsed.sinks) {
    if (sink.entry->rehearsal.prepare) {
      TRY(sink.entry->rehearsal.prepare(sink.options, sink.redirected, context(nullptr)));
      continue;
    }
    const auto path = option_text(sink.redirected, "path");
    if (path.empty()) continue;
    TRY(io::local_files().create_folders(fs::path(path).parent_path()));
  }
  return {};
}

Result<RehearsalEnd> CrashWorld::run(const Kill& kill, std::chrono::milliseconds longest,
                                     const CancelToken& cancel) {
  std::error_code unknown;
  io::ProcessOrder order;
  order.command = {fs::read_symlink("/proc/self/exe", unknown).string(), "rehearse",
                   x_file.string(), "--scratch", x_folder.string()};
  if (!x_options.environment.empty()) {
    order.command.insert(order.command.end(), {"-e", x_options.environment});
  }
  for (const auto& [name, value] : x_options.variables) {
    order.command.insert(order.command.end(), {"--var", name + "=" + value});
  }
  order.environment = environment_for(kill);
  order.cancel = &cancel;
  order.timeout = kill.after ? std::chrono::ceil<std::chrono::milliseconds>(*kill.after) : longest;
  std::deque<std::string> lines;
  order.on_line = [&](std::string_view line) {
    lines.emplace_back(line.substr(0, 400));
    if (lines.size() > kLinesOfKilled) lines.pop_front();
  };
  const auto began = std::chrono::steady_clock::now();
  TRY(const auto end, io::run_process(order));
  RehearsalEnd out;
  out.took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  if (end.cancelled) return Error(Fault::external, "interrupted").cancelled();
  out.exit_code = end.exit_code;
  out.is_killed = end.exit_code == 128 + 9 && (!end.timed_out || kill.after.has_value());
  out.is_late = end.timed_out && !kill.after;
  for (const auto& line : lines) out.said += (out.said.empty() ? "" : "\n") + line;
  return out;
}

Result<WorldLook> CrashWorld::look(const CancelToken& cancel) {
  const auto& plan = x_rehearsed.plan;
  const auto folder = x_folder / ("look-" + std::to_string(++x_looks));
  TRY(io::local_files().create_folders(folder));
  TRY(const auto session, engine::Session::open({}));
  WorldLook out;
  std::set<fs::path> listed;
  for (const auto& sink : x_rehearsed.sinks) {
    const auto& node = *plan.sink(sink.name);
    const bool grows = !node.growing_source.empty();
    auto& look = out.sinks[node.name];
    auto with = context(session.get());
    with.lane = {plan.pipeline, node.name};
    TRY(auto receipts, receipts_of(plan, node, with));
    for (const auto& receipt : receipts) {
      look.receipts.insert(said_by(receipt, grows));
      for (const auto& segment : receipt.quarantine) {
        listed.insert(plan.artifacts / "quarantine" / plan.pipeline / segment.dataset /
                      segment.segment);
      }
    }
    if (receipts.empty()) continue;
    if (!grows) {
      const std::set<std::string> once(look.receipts.begin(), look.receipts.end());
      look.receipts = std::multiset<std::string>(once.begin(), once.end());
      receipts.erase(receipts.begin() + 1, receipts.end());
    }
    look.quarantine = folder / (node.name + ".quarantine.parquet");
    TRY(look.has_quarantine, export_quarantine(plan, receipts, look.quarantine));
    const auto& rehearsal = sink.entry->rehearsal;
    if (!rehearsal.rows && rehearsal.source.empty()) continue;
    look.rows = folder / (node.name + ".rows.parquet");
    TRY(export_rows(x_rehearsed, sink, look.rows, cancel));
    look.has_rows = true;
  }
  out.files = files_below(x_folder / "target");
  TRY(out.problem, find_strays(plan, listed));
  return out;
}

}  // namespace leat::app
