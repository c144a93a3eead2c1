#include "cli/program.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <map>
#include <system_error>

#include "app/complete.hpp"
#include "app/trial.hpp"
#include "app/version.hpp"
#include "cli/arguments.hpp"
#include "cli/commands_page.hpp"
#include "cli/completion.hpp"
#include "cli/memory_end.hpp"
#include "cli/usage_error.hpp"

namespace leat::cli {
namespace {

constexpr const char* kSecretAgain =
    "A parameter that was kept nowhere, since its name tells of a secret: name=value";
constexpr const char* kExitCodes =
    "exit codes: 0 success, 1 a step failed, 2 usage or configuration, 3 held, 4 partial,\n"
    "5 changes pending (plan --detailed-exitcode), 6 try again later, 7 safety refusal, 70 bug, "
    "130/143 interrupted";

/// Flags as they were typed, before they become arguments.
struct Typed {
  Arguments arguments;
  std::string format = "text";
  std::vector<std::string> variables;
  std::string shell;
  bool no_color = false;
};

/// What is wrong with a number of rows or runs; empty: nothing.
std::string at_least_one(const std::string& text) {
  std::size_t number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end && number > 0 ? "" : "must be 1 or more";
}

/// Declares every command and flag, once.
class Program {
 public:
  Program()
      : x_app(
            "Builds and runs data pipelines: every row is published once, with its proof,\n"
            "or held back where you can see it.",
            "leat") {
    // One at most: behind `preview` the word `run` is a node.
    x_app.require_subcommand(0, 1);
    x_app.footer(kExitCodes);
    x_app.set_version_flag("--version", app::version());
    start();
    develop();
    change();
    operate();
    set_aside();
    steer();
    understand();
    meta();
  }

  int run(int argc, char** argv) {
    try {
      parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
      if (problem.get_exit_code() == 0) return x_app.exit(problem);
      x_typed.arguments.output.json = wants_json(argc, argv);
      return report(usage_error(problem, x_app));
    }
    if (auto settled = settle(); !settled.ok()) return report(settled.error());
    if (x_chosen) return x_chosen();
    print(x_app.help());
    return 0;
  }

 private:
  /// `leat help run` is what a newcomer types for `leat run --help`.
  void parse(int argc, char** argv) {
    std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    if (!words.empty() && words.front() == "help") {
      words.erase(words.begin());
      // A command that there is not is complained about, as without `help`.
      if (words.empty() || is_command(words.front())) words.emplace_back("--help");
    }
    // It takes them from the back.
    std::reverse(words.begin(), words.end());
    x_app.parse(std::move(words));
  }

  bool is_command(const std::string& word) const {
    const auto found =
        x_app.get_subcommands([&](const CLI::App* command) { return command->get_name() == word; });
    return !found.empty();
  }

  int report(const Error& error) const {
    return report_error(error, x_typed.arguments.output, typed_command(x_app));
  }

  CLI::App* add(CLI::App& parent, const char* name, const char* summary, Command command) {
    auto* sub = parent.add_subcommand(name, summary);
    sub->callback(
        [this, command] { x_chosen = [this, command] { return command(x_typed.arguments); }; });
    sub->add_option("-o,--output", x_typed.format, "How to print the result")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    sub->add_flag("-q,--quiet", x_typed.arguments.output.quiet, "Say less");
    sub->add_flag("-v,--verbose", x_typed.arguments.output.verbose, "Say more");
    sub->add_flag("--no-color", x_typed.no_color, "No colours; also by NO_COLOR");
    return sub;
  }

  CLI::App* loading(CLI::App* sub) {
    sub->add_option("-e,--env", x_typed.arguments.load.environment,
                    "Environment of leat.yml; default LEAT_ENV, else dev");
    variables(sub, "A parameter of the pipeline: name=value");
    return sub;
  }

  void variables(CLI::App* sub, const char* summary) {
    sub->add_option("--var", x_typed.variables, summary)->allow_extra_args(false);
  }

  CLI::App* between(CLI::App* sub) {
    sub->add_option("--from", x_typed.arguments.from,
                    "The first interval: 2024-01-01, \"2024-01-01 06:00\", 2024-01-01T05:00:00Z");
    sub->add_option("--to", x_typed.arguments.to, "The end of the last one, not included");
    return sub;
  }

  /// `kind` is that of its words for completion; see CommandWord.
  CLI::Option* targets(CLI::App* sub, const char* name, const char* summary, bool required,
                       const char* kind = "files") {
    auto* option = sub->add_option(name, x_typed.arguments.targets, summary);
    if (required) option->required();
    x_kinds[sub] = kind;
    return option;
  }

  void limit(CLI::App* sub, const char* what) {
    sub->add_option("--limit", x_typed.arguments.limit, what)
        ->check(at_least_one)
        ->capture_default_str();
  }

  CLI::App* selecting(CLI::App* sub) {
    auto& selectors = x_typed.arguments.selectors;
    sub->add_option("-s,--select", selectors.select,
                    "Nodes: x, +x, x+, 2+x, @x, tag:x, path:x; a space means or, a comma and")
        ->allow_extra_args(false);
    sub->add_option("--exclude", selectors.exclude, "Nodes to leave out, in the same way")
        ->allow_extra_args(false);
    return sub;
  }

  void project(CLI::App* sub) {
    sub->add_option("-p,--project", x_typed.arguments.project, "The project's folder")
        ->capture_default_str();
  }

  /// Rows that were set aside.
  void of_quarantine(CLI::App* sub) {
    targets(sub, "dataset", "A dataset, pipeline.dataset, or the beginning of a publish id", true,
            "datasets");
    sub->add_option("--check", x_typed.arguments.rule, "Only rows that failed this check");
    project(sub);
  }

  void where(CLI::App* sub) {
    sub->add_option("--where", x_typed.arguments.where,
                    "Only rows for which this is true: SQL over their columns");
  }

  void develop() {
    auto* check = selecting(
        loading(add(x_app, "check", "Check pipelines without running them", check_command)));
    targets(check, "pipelines", "Pipeline files or folders; default: here", false, "pipelines");
    check->add_flag("--connect", x_typed.arguments.connect,
                    "Look at the sources too, and write down contracts that are missing");
    auto* show = selecting(
        loading(add(x_app, "show", "Show pipelines, or some nodes of them", show_command)));
    targets(show, "what", "Pipeline files or folders, or nodes; default: all here", false,
            "datasets");
    show->add_flag("--resolved", x_typed.arguments.resolved, "Every value, and where it came from");
    auto* conn = x_app.add_subcommand("conn", "What the pipelines are connected to");
    conn->require_subcommand(1);
    auto* discover =
        loading(add(*conn, "discover", "Write down the columns of sources as contracts",
                    conn_discover_command));
    targets(discover, "pipeline", "A pipeline file, and then one of its sources; default: all",
            true);
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

  void test_commands() {
    auto& arguments = x_typed.arguments;
    auto* test = loading(add(x_app, "test", "Run the tests below tests/", test_command));
    targets(test, "tests", "Test files or folders; with --crash a pipeline; default: here", false);
    auto* crash = test->add_flag("--crash", arguments.crash,
                                 "Kill a pipeline at every commit boundary, in a scratch");
    test->add_option("--seed", arguments.seed, "The kills of an earlier crash test again")
        ->needs(crash);
    test->add_option("--kills", arguments.kills, "Kills at random moments besides; default: 20")
        ->needs(crash);
    auto* rehearse =
        loading(add(x_app, "rehearse", "Run a pipeline in a scratch", rehearse_command));
    targets(rehearse, "pipeline", "A pipeline file", true);
    rehearse->add_option("--scratch", arguments.scratch, "Its folder")->required();
    rehearse->group("");
  }

  void start() {
    auto* made = add(x_app, "new", "Make a project that runs at once", new_command);
    targets(made, "name", "Its folder; default: my_TYPE", false);
    made->add_option("--type", x_typed.arguments.type, "etl, elt, lake or prices")
        ->capture_default_str();
    auto* copy =
        loading(add(x_app, "copy", "Copy a file or table to a file or table", copy_command));
    targets(copy, "source-target", "data/x.csv out/x.parquet, data/x.csv w.duckdb:x", true,
            "sources")
        ->expected(2);
    copy->add_option("--key", x_typed.arguments.key, "Columns by which rows are merged")
        ->delimiter(',');
    copy->add_option("--save", x_typed.arguments.save, "Write the pipeline to this file, too");
  }

  void change() {
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
    targets(backfill, "pipeline", "A pipeline file; default: the only one here", false,
            "pipelines");
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

  void operate() {
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

  void set_aside() {
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
    auto* patch = loading(add(*quarantine, "patch", "Give rows other values, for a replay",
                              quarantine_patch_command));
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

  void steer() {
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

  void understand() {
    targets(selecting(loading(add(x_app, "ls", "List nodes, or pipelines", ls_command))),
            "pipelines", "Pipeline files or folders; default: here", false, "pipelines");
    x_app.get_subcommand("ls")->add_flag("--pipelines", x_typed.arguments.all,
                                         "One line a pipeline");
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

  void meta() {
    auto* schema = add(x_app, "schema", "Print the JSON Schema of a file", schema_command);
    targets(schema, "what", "pipeline, project, contract or test; default: pipeline", false,
            "pipeline project contract test");
    schema->add_option("--reference", x_typed.arguments.reference,
                       "Write the reference pages (Markdown) into this folder instead");
    auto* complete = add(x_app, "complete", "List words for completion", complete_command);
    targets(complete, "what",
            "nodes, names, datasets, runs, held, pipelines, types, sources, sinks", true);
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

  /// Every command with its flags, for completion.
  CommandWords words() const {
    CommandWords all;
    all.values = {{"-s", "nodes"},
                  {"--select", "nodes"},
                  {"--exclude", "nodes"},
                  {"-o", "text json"},
                  {"--output", "text json"},
                  {"--type", "types"},
                  {"--format", "text mermaid dot"},
                  {"--order", "oldest newest"},
                  {"-p", "files"},
                  {"--project", "files"},
                  {"--db", "files"},
                  {"--save", "files"},
                  {"--out", "files"}};
    for (const auto* sub : x_app.get_subcommands([](const CLI::App*) { return true; })) {
      if (sub->get_group().empty()) continue;
      add_words(all, *sub, sub->get_name());
      for (const auto* inner : sub->get_subcommands([](const CLI::App*) { return true; })) {
        add_words(all, *inner, sub->get_name() + " " + inner->get_name());
      }
    }
    std::string commands;
    for (const auto& word : all.commands) {
      if (word.name.find(' ') == std::string::npos) commands += word.name + " ";
    }
    for (auto& word : all.commands) {
      if (word.name == "help") word.arguments = commands.substr(0, commands.size() - 1);
    }
    return all;
  }

  void add_words(CommandWords& all, const CLI::App& sub, const std::string& name) const {
    CommandWord word{name, sub.get_description(), {}, "files"};
    for (const auto* option : sub.get_options()) {
      for (const auto& flag : option->get_lnames()) word.flags.push_back("--" + flag);
    }
    if (const auto kind = x_kinds.find(&sub); kind != x_kinds.end()) word.arguments = kind->second;
    if (name == "completion") word.arguments = "bash zsh fish";
    all.commands.push_back(std::move(word));
  }

  Status settle() {
    auto& arguments = x_typed.arguments;
    if (!arguments.reference.empty()) arguments.commands_page = commands_page(x_app);
    arguments.output.json = x_typed.format == "json";
    if (x_typed.format == "csv" || x_typed.format == "ndjson") arguments.format = x_typed.format;
    arguments.output.terminal = ::isatty(2) != 0;
    arguments.output.color = ::isatty(1) != 0 && !x_typed.no_color && !std::getenv("NO_COLOR");
    for (const auto& variable : x_typed.variables) {
      const auto equals = variable.find('=');
      if (equals == std::string::npos || equals == 0) {
        return Error(Fault::config, "--var needs name=value, not `" + variable + "`")
            .hint("for example: --var year=2021");
      }
      arguments.load.variables.emplace_back(variable.substr(0, equals),
                                            variable.substr(equals + 1));
    }
    return {};
  }

  CLI::App x_app;
  Typed x_typed;
  std::map<const CLI::App*, std::string> x_kinds;
  std::function<int()> x_chosen;
};

/// The next file that is opened gets the lowest place that is free. Where standard input is closed
/// that would be its place, and a source would read it.
void fill_standard_places() {
  for (const int place : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(place, F_GETFD) != -1) continue;
    [[maybe_unused]] const int opened =
        ::open("/dev/null", place == STDIN_FILENO ? O_WRONLY : O_RDWR);
  }
}

}  // namespace

int complete_command(const Arguments& arguments) {
  for (const auto& word : app::complete(arguments.project, arguments.targets.front())) print(word);
  return 0;
}

int run_program(int argc, char** argv) {
  end_without_memory();
  fill_standard_places();
  const auto trial = app::carry_out_trial({argv, static_cast<std::size_t>(argc)});
  if (trial) return *trial;
  const int code = Program().run(argc, argv);
  const int failure = finish_printing();
  if (failure == 0) return code;
  say("error: the output could not be written: " + std::generic_category().message(failure));
  say("  hint: what the command did is done all the same; only its result is not shown");
  return code == 0 ? 1 : code;
}

}  // namespace leat::cli
