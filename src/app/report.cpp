#include "app/report.hpp"

#include "app/history.hpp"
#include "app/version.hpp"
#include "base/crash_point.hpp"
#include "io/files.hpp"
#include "report/render.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOurs = "<meta name=\"generator\" content=\"leat report\">";
constexpr std::size_t kHeadBytes = 1024;  ///< The line stands in the first ones.

fs::path path_of(const ReportPage& page, const fs::path& out) {
  const auto name = page.run.pipeline + "-" + page.run.run_id.text().substr(0, 13) + ".html";
  if (out.empty()) return name;
  const auto stat = io::local_files().stat(out);
  return stat.ok() && stat->is_folder ? out / name : out;
}

/// A report may take the place of a report, and of nothing else.
Status may_replace(const fs::path& path) {
  auto& files = io::local_files();
  if (!files.exists(path)) return {};
  TRY(auto file, files.open(path, io::Open::read));
  std::string head(kHeadBytes, '\0');
  TRY(const auto size, file->read_at(0, head.data(), head.size()));
  head.resize(size);
  if (size == 0 || head.find(kOurs) != head.npos) return {};
  return Error(Fault::config,
               "`" + path.string() + "` is there and is no report; it was not changed")
      .hint("give another name with --out, or remove that file first")
      .refused();
}

}  // namespace

Result<ReportPage> report_page(const fs::path& where, const std::string& id_prefix) {
  TRY(auto run, find_run(where, id_prefix));
  if (run.report.empty()) {
    return Error(Fault::config, "this run left no report: it goes on, or was killed")
        .with("run", run.run_id.text())
        .with("status", run.status)
        .hint("`leat runs` lists the others; running the pipeline again settles this one");
  }
  TRY(auto html, report::render(run.report, version()));
  return ReportPage{std::move(run), std::move(html)};
}

Result<fs::path> write_report(const ReportPage& page, const fs::path& out) {
  const auto path = path_of(page, out);
  TRY(may_replace(path));
  crash_point("before report");
  TRY(io::write_durably(io::local_files(), path, page.html));
  crash_point("after report");
  return path;
}

}  // namespace leat::app
