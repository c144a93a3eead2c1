#include "cli/program_app.hpp"

namespace leat::cli {

void Program::operate() {
  auto* runs = add(x_app, "runs", "List runs, newest first", runs_command);
  targets(runs, "pipeline", "Only those of this pipeline", false);
  limit(runs, "How many");
  project(runs);
  auto* explain = add(x_app, "explain", "Tell what a run did and why", explain_command);
  targets(explain, "run", "Beginning of the run id; default: the last run", false, "runs");
  project(explain);
  auto* report = add(x_app, "report", "Write one HTML page about a run", report_command);
  targets(report, "run", "Beginning of the run id; default: last", false, "runs");
  report->add_option("--out", x_typed.arguments.out,
                     "File or folder to write; -: stdout; default: <pipeline>-<run>.html here");
  project(report);
  auto* logs = add(x_app, "logs", "Show what a run did, line by line", logs_command);
  targets(logs, "run", "Beginning of the run id; default: last", false, "runs");
  logs->add_flag("-f,--follow", x_typed.arguments.follow, "Go on while the run does");
  project(logs);
  project(add(x_app, "doctor", "Look at the machine and the project", doctor_command));
}

void Program::set_aside() {
  auto* quarantine = x_app.add_subcommand("quarantine", "Rows that were set aside");
  quarantine->require_subcommand(1);
  auto* list = add(*quarantine, "list", "List what is in quarantine", quarantine_list_command);
  list->add_flag("--all", x_typed.arguments.all, "Also what later publishes have replaced");
  project(list);
  auto* rows = add(*quarantine, "show", "Show rows with their reasons", quarantine_show_command);
  // Rows to edit have forms of their own.
  rows->remove_option(rows->get_option("--output"));
  rows->add_option("-o,--output", x_typed.format,
                   "How to print them; csv and ndjson: each column by itself, to be edited")
      ->check(CLI::IsMember({"text", "json", "csv", "ndjson"}))
      ->capture_default_str();
  of_quarantine(loading(rows));
  limit(rows, "How many rows");
  auto* replay = loading(add(*quarantine, "replay",
                             "Take rows back in where they failed, and publish what passes now",
                             quarantine_replay_command));
  of_quarantine(replay);
  replay->add_flag("--alone", x_typed.arguments.alone,
                   "Judge them without the rows that checks compare them with");
  replay->add_flag("--late", x_typed.arguments.late,
                   "Also rows whose place a newer row may have taken meanwhile");
  auto* patch = loading(
      add(*quarantine, "patch", "Give rows other values, for a replay", quarantine_patch_command));
  of_quarantine(patch);
  patch->add_option("--set", x_typed.arguments.set, "column = SQL expression; may come again")
      ->allow_extra_args(false);
  where(patch);
  patch->add_option("--from", x_typed.arguments.from,
                    "An edited file that `show -o csv` or `-o ndjson` has written");
  auto* drop = loading(add(*quarantine, "drop", "Say that nobody wants these rows any more",
                           quarantine_drop_command));
  of_quarantine(drop);
  where(drop);
  drop->add_option("--reason", x_typed.arguments.reason, "Why; it is kept")->required();
  drop->add_flag("--yes", x_typed.arguments.yes, "Do not ask");
  auto* expire = add(*quarantine, "expire", "Let go of rows that were set aside too long ago",
                     quarantine_expire_command);
  expire->add_option("--age", x_typed.arguments.age,
                     "Longer ago than this; default: `retention: {quarantine: …}` of leat.yml");
  expire->add_flag("--dry-run", x_typed.arguments.dry_run, "Only say what would be let go");
  project(expire);
}

void Program::steer() {
  auto& arguments = x_typed.arguments;
  auto* retry = add(x_app, "retry", "Run again what failed in a run", retry_command);
  targets(retry, "run", "Beginning of the run id, or last", true, "runs");
  retry->add_flag("--force", arguments.load.force, "Even when the pipeline is paused");
  variables(retry, kSecretAgain);
  project(retry);
  auto* cancel = add(x_app, "cancel", "Stop a run that goes on", cancel_command);
  targets(cancel, "run", "Beginning of the run id, or last", true, "runs");
  cancel
      ->add_option("--grace", arguments.grace_s,
                   "Seconds in which it may tidy up before it is killed; default: 30")
      ->check(CLI::Range(0, 86400));
  project(cancel);
  auto* pause = add(x_app, "pause", "Let nobody run a pipeline", pause_command);
  targets(pause, "pipeline", "Its name", true, "pipelines");
  pause->add_option("--reason", arguments.reason, "Told to whoever tries");
  project(pause);
  auto* resume = add(x_app, "resume", "Let a paused pipeline run again", resume_command);
  targets(resume, "pipeline", "Its name", true, "pipelines");
  project(resume);
  auto* state = x_app.add_subcommand("state", "What is remembered of runs");
  state->require_subcommand(1);
  project(add(*state, "show", "Show what the state store holds", state_show_command));
  project(
      add(*state, "export", "Print every row of it, a JSON object a line", state_export_command));
}

void Program::understand() {
  targets(selecting(loading(add(x_app, "ls", "List nodes, or pipelines", ls_command))), "pipelines",
          "Pipeline files or folders; default: here", false, "pipelines");
  x_app.get_subcommand("ls")->add_flag("--pipelines", x_typed.arguments.all, "One line a pipeline");
  auto* graph =
      selecting(loading(add(x_app, "graph", "Draw which node reads which", graph_command)));
  targets(graph, "pipelines", "Pipeline files or folders; default: here", false, "pipelines");
  graph->add_option("--format", x_typed.arguments.format, "text, mermaid or dot")
      ->check(CLI::IsMember({"text", "mermaid", "dot"}))
      ->capture_default_str();
  auto* lineage =
      loading(add(x_app, "lineage", "Tell where a node or a column comes from", lineage_command));
  targets(lineage, "target", "node, node.column, or either after pipeline.", true, "names");
  project(lineage);
}

void Program::meta() {
  auto* schema = add(x_app, "schema", "Print the JSON Schema of a file", schema_command);
  targets(schema, "what", "pipeline, project, contract or test; default: pipeline", false,
          "pipeline project contract test");
  schema->add_option("--reference", x_typed.arguments.reference,
                     "Write the reference pages (Markdown) into this folder instead");
  auto* complete = add(x_app, "complete", "List words for completion", complete_command);
  targets(complete, "what", "nodes, names, datasets, runs, held, pipelines, types, sources, sinks",
          true);
  project(complete);
  complete->group("");
  auto* completion = x_app.add_subcommand("completion", "Print a completion script");
  completion->add_option("shell", x_typed.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback(
      [this] { x_chosen = [this] { return print_completion(words(), x_typed.shell); }; });
  add(x_app, "version", "Print the version", version_command);
  // Listed for people and for completion; `parse` has made a flag of it.
  x_app.add_subcommand("help", "Print help, of a command: help run")->allow_extras();
}

}  // namespace leat::cli
