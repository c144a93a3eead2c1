#include "cli/program_app.hpp"

namespace leat::cli {

void Program::develop() {
  auto* check = selecting(
      loading(add(x_app, "check", "Check pipelines without running them", check_command)));
  targets(check, "pipelines", "Pipeline files or folders; default: here", false, "pipelines");
  check->add_flag("--connect", x_typed.arguments.connect,
                  "Look at the sources too, and write down contracts that are missing");
  auto* show =
      selecting(loading(add(x_app, "show", "Show pipelines, or some nodes of them", show_command)));
  targets(show, "what", "Pipeline files or folders, or nodes; default: all here", false,
          "datasets");
  show->add_flag("--resolved", x_typed.arguments.resolved, "Every value, and where it came from");
  auto* conn = x_app.add_subcommand("conn", "What the pipelines are connected to");
  conn->require_subcommand(1);
  auto* discover = loading(add(*conn, "discover", "Write down the columns of sources as contracts",
                               conn_discover_command));
  targets(discover, "pipeline", "A pipeline file, and then one of its sources; default: all", true);
  project(loading(add(*conn, "list", "Show the connections of leat.yml", conn_list_command)));
  auto* test = loading(add(*conn, "test",
                           "Sign in to the connections of leat.yml and say who "
                           "answers",
                           conn_test_command));
  targets(test, "connection", "One of them; default: all", false);
  project(test);
  auto* import = x_app.add_subcommand("import", "Make a project of another tool's");
  import->require_subcommand(1);
  auto* dbt = add(*import, "dbt", "Make a project of a dbt project", import_dbt_command);
  targets(dbt, "folder", "The folder that dbt_project.yml lies in", true);
  dbt->add_option("--out", x_typed.arguments.out, "A new folder; default: <project>_leat here");
  auto* query = add(x_app, "query", "Run a SELECT over files or a DuckDB file", query_command);
  targets(query, "sql", "For example: \"FROM 'out/x.parquet' LIMIT 5\"", true);
  query->add_option("--db", x_typed.arguments.database, "A DuckDB file to look into");
  auto* preview =
      loading(add(x_app, "preview", "Show the first rows of a node or a file; publishes nothing",
                  preview_command));
  targets(preview, "node", "A source, model or sink, or pipeline.node", true, "datasets");
  limit(preview, "How many rows");
  project(preview);
  auto* profile = loading(add(x_app, "profile", "Measure a file or a node", profile_command));
  targets(profile, "what", "A file, file.duckdb:table, or a node", true, "datasets");
  project(profile);
  test_commands();
  auto* fmt = add(x_app, "fmt", "Put the keys of pipeline files in order", fmt_command);
  targets(fmt, "files", "Pipeline files or folders; default: here", false, "pipelines");
  fmt->add_flag("--check", x_typed.arguments.only_check, "Change nothing; exit 1 if it would");
}

void Program::test_commands() {
  auto& arguments = x_typed.arguments;
  auto* test = loading(add(x_app, "test", "Run the tests below tests/", test_command));
  targets(test, "tests", "Test files or folders; with --crash a pipeline; default: here", false);
  auto* crash = test->add_flag("--crash", arguments.crash,
                               "Kill a pipeline at every commit boundary, in a scratch");
  test->add_option("--seed", arguments.seed, "The kills of an earlier crash test again")
      ->needs(crash);
  test->add_option("--kills", arguments.kills, "Kills at random moments besides; default: 20")
      ->needs(crash);
  auto* rehearse = loading(add(x_app, "rehearse", "Run a pipeline in a scratch", rehearse_command));
  targets(rehearse, "pipeline", "A pipeline file", true);
  rehearse->add_option("--scratch", arguments.scratch, "Its folder")->required();
  rehearse->group("");
}

void Program::start() {
  auto* made = add(x_app, "new", "Make a project that runs at once", new_command);
  targets(made, "name", "Its folder; default: my_TYPE", false);
  made->add_option("--type", x_typed.arguments.type, "etl, elt, lake or prices")
      ->capture_default_str();
  auto* copy = loading(add(x_app, "copy", "Copy a file or table to a file or table", copy_command));
  targets(copy, "source-target", "data/x.csv out/x.parquet, data/x.csv w.duckdb:x", true, "sources")
      ->expected(2);
  copy->add_option("--key", x_typed.arguments.key, "Columns by which rows are merged")
      ->delimiter(',');
  copy->add_option("--save", x_typed.arguments.save, "Write the pipeline to this file, too");
}

void Program::change() {
  auto* plan =
      between(selecting(loading(add(x_app, "plan", "Show what a run would do", plan_command))));
  targets(plan, "pipeline", "A pipeline file; default: the only one here", false, "pipelines");
  plan->add_flag("--detailed-exitcode", x_typed.arguments.detailed_exitcode,
                 "End with 5 when there is something to do, with 0 when there is nothing");
  auto* run = selecting(loading(
      add(x_app, "run", "Run a pipeline; with selectors, those that have them", run_command)));
  targets(run, "pipeline", "A pipeline file; default: the only one here", false, "pipelines");
  run->add_flag("--force", x_typed.arguments.load.force, "Even when the pipeline is paused");
  run->add_option("--threads", x_typed.arguments.load.threads, "Threads; default: all cores")
      ->check(CLI::Range(1, 1024));
  run->add_option("--memory", x_typed.arguments.load.memory, "Memory of the engine: 2GB");
  between(run);
  run->add_flag("--all", x_typed.arguments.all, "All intervals that are missing");
  run->add_flag("--missing", x_typed.arguments.only_missing,
                "Of the intervals between --from and --to only those that are missing");
  run->add_flag("--full-refresh", x_typed.arguments.load.full_refresh,
                "Read everything from its start and replace what is there");
  run->add_flag("--yes", x_typed.arguments.load.yes, "Do so in a protected environment, too");
  auto* backfill = between(selecting(loading(
      add(x_app, "backfill", "Run every missing interval between two times", backfill_command))));
  targets(backfill, "pipeline", "A pipeline file; default: the only one here", false, "pipelines");
  backfill->add_option("--chunk", x_typed.arguments.chunk, "Intervals that are one piece of work")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  backfill->add_option("--parallel", x_typed.arguments.parallel, "Chunks at a time")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  backfill->add_option("--order", x_typed.arguments.order, "Which of them come first")
      ->check(CLI::IsMember({"oldest", "newest"}))
      ->capture_default_str();
  backfill->add_option("--threads", x_typed.arguments.load.threads, "Threads of each run")
      ->check(CLI::Range(1, 1024));
  backfill->add_option("--memory", x_typed.arguments.load.memory,
                       "Memory of the engine in each run: 2GB");
  auto* publish =
      add(x_app, "publish", "Publish what was held; without an id, list it", publish_command);
  targets(publish, "id", "Beginning of the publish id", false, "held");
  variables(publish, kSecretAgain);
  project(publish);
  auto* diff = between(loading(add(x_app, "diff",
                                   "Show what a held publish, or a run of a pipeline, would "
                                   "change of the rows that are there",
                                   diff_command)));
  targets(diff, "what",
          "Beginning of a publish id, or a pipeline file, which is read and not published; "
          "default: each that is held",
          false, "held");
  project(diff);
  auto* discard = add(x_app, "discard", "Remove what was held", discard_command);
  targets(discard, "id", "Beginning of the publish id", true, "held");
  project(discard);
}

}  // namespace leat::cli
