#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/project.hpp"
#include "app/selection.hpp"
#include "cli/output.hpp"

namespace leat::cli {

/// The command line, parsed. Each command reads the fields it declared.
struct Arguments {
  Output output;
  app::LoadOptions load;
  std::vector<std::string> targets;  ///< Pipeline files, folders, ids: what stands without a flag.
  std::string project = ".";         ///< A folder or file of the project that is meant.
  app::Selectors selectors;
  std::string format = "text";  ///< Of a picture: text, mermaid or dot.
  std::string database;
  std::string out;               ///< A file to write; "-": stdout.
  std::string reference;         ///< A folder for the reference pages.
  std::string commands_page;     ///< The one about the commands, which the parser writes.
  std::string type = "etl";      ///< Of a new project.
  std::vector<std::string> key;  ///< Columns that a copy merges by.
  std::string save;              ///< Where a copy's pipeline is written.
  bool follow = false;
  bool only_check = false;
  std::size_t limit = 20;
  bool all = false;
  bool resolved = false;
  bool connect = false;
  std::string rule;              ///< Rows of the quarantine: that failed this check.
  bool alone = false;            ///< Of a replay: without the rows that checks compare.
  bool late = false;             ///< Of a replay: though newer rows may be there.
  std::string where;             ///< Of which rows, as SQL.
  std::vector<std::string> set;  ///< "column = expression"
  std::string reason;
  std::string age;       ///< "180d"
  bool dry_run = false;  ///< Only say what would be done.
  bool yes = false;
  std::string from;  ///< An edited file; or the first interval, and …
  std::string to;    ///< … the end of the last one.
  std::uint64_t chunk = 1;
  std::uint64_t parallel = 1;
  std::string order = "oldest";
  bool only_missing = false;
  bool detailed_exitcode = false;
  std::uint64_t grace_s = 30;         ///< Between SIGTERM and SIGKILL.
  bool crash = false;                 ///< Of `test`: kill the pipeline.
  std::optional<std::uint64_t> seed;  ///< Of the kills.
  std::uint64_t kills = 20;           ///< At random moments.
  std::string scratch;                ///< Folder of a rehearsal.
};

/// The files and folders that were named; here when there is none.
std::vector<std::filesystem::path> places(const Arguments& arguments);

/// Carries out one command and returns its exit code.
using Command = int (*)(const Arguments&);

int check_command(const Arguments& arguments);
int conn_discover_command(const Arguments& arguments);
int conn_list_command(const Arguments& arguments);
int conn_test_command(const Arguments& arguments);
int show_command(const Arguments& arguments);
int plan_command(const Arguments& arguments);
int run_command(const Arguments& arguments);
int backfill_command(const Arguments& arguments);
int diff_command(const Arguments& arguments);
int publish_command(const Arguments& arguments);
int discard_command(const Arguments& arguments);
int query_command(const Arguments& arguments);
int quarantine_list_command(const Arguments& arguments);
int quarantine_show_command(const Arguments& arguments);
int quarantine_replay_command(const Arguments& arguments);
int quarantine_patch_command(const Arguments& arguments);
int quarantine_drop_command(const Arguments& arguments);
int quarantine_expire_command(const Arguments& arguments);
int preview_command(const Arguments& arguments);
int profile_command(const Arguments& arguments);
int test_command(const Arguments& arguments);
int crash_test_command(const Arguments& arguments);
int rehearse_command(const Arguments& arguments);
int new_command(const Arguments& arguments);
int copy_command(const Arguments& arguments);
int fmt_command(const Arguments& arguments);
int logs_command(const Arguments& arguments);
int complete_command(const Arguments& arguments);
int lineage_command(const Arguments& arguments);
int ls_command(const Arguments& arguments);
int graph_command(const Arguments& arguments);
int runs_command(const Arguments& arguments);
int explain_command(const Arguments& arguments);
int retry_command(const Arguments& arguments);
int cancel_command(const Arguments& arguments);
int pause_command(const Arguments& arguments);
int resume_command(const Arguments& arguments);
int state_show_command(const Arguments& arguments);
int state_export_command(const Arguments& arguments);
int report_command(const Arguments& arguments);
int import_dbt_command(const Arguments& arguments);
int doctor_command(const Arguments& arguments);
int schema_command(const Arguments& arguments);
int version_command(const Arguments& arguments);

}  // namespace leat::cli
