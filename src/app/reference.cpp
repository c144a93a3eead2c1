#include "app/reference.hpp"

#include "app/catalog.hpp"
#include "app/option_table_text.hpp"
#include "app/test_file.hpp"
#include "base/crash_point.hpp"
#include "io/files.hpp"
#include "plan/contract.hpp"
#include "plan/pipeline_file.hpp"
#include "plan/project_file.hpp"

namespace leat::app {
namespace {

constexpr std::string_view kOrigin =
    "\nWritten by `leat schema --reference` from the tables that the program reads files with; "
    "`make docs` writes it again.\n";

std::string head(const std::string& title, const std::string& intro) {
  return "# " + title + "\n" + std::string(kOrigin) + "\n" + intro + "\n";
}

std::string part(const std::string& title, const std::string& text) {
  return text.empty() ? "" : "\n## " + title + "\n\n" + text;
}

std::string yaml(const std::string& example) {
  if (example.empty()) return "";
  return "\n```yaml\n" + example + (example.back() == '\n' ? "" : "\n") + "```\n";
}

std::string keys(const config::OptionSet* options) {
  const auto text = options ? option_table_text(*options) : std::string();
  return text.empty() ? "" : "\n" + text;
}

ReferencePage pipeline_page() {
  auto text = head("The pipeline file",
                   "A pipeline is one YAML file named like its `pipeline:`. A node has the keys of "
                   "its kind below and one key that names its connector ([sources](sources.md), "
                   "[sinks](sinks.md)).");
  text += part("Top level", option_table_text(plan::pipeline_options()));
  text += part("Source", option_table_text(plan::source_options()));
  text += part("Model", option_table_text(plan::model_options()));
  text += part("Step", option_table_text(plan::step_options()));
  text += part("Sink", option_table_text(plan::sink_options()));
  return {"pipeline.md", text};
}

ReferencePage project_page() {
  return {"project.md",
          head("leat.yml",
               "The project file. Without one, the folder of the pipeline file is the "
               "project.") +
              part("Keys", option_table_text(plan::project_options()))};
}

ReferencePage contract_page() {
  return {
      "contract.md",
      head("Contracts",
           "What is agreed of the columns of a dataset: a file, or a map under `contract:` of a "
           "source or a model.") +
          part("Keys", option_table_text(plan::contract_options()))};
}

ReferencePage tests_page() {
  return {"tests.md",
          head("Tests", "Files below `tests/`: rows that are given, and rows that are expected.") +
              part("Keys", option_table_text(test_options()))};
}

ReferencePage sources_page() {
  auto text = head("Sources", "Connectors that a node under `sources:` may name.");
  for (const auto& [name, entry] : catalog().sources()) {
    text += part(name, entry.summary + "\n" + yaml(entry.example) + keys(entry.options));
  }
  return {"sources.md", text};
}

ReferencePage sinks_page() {
  auto text = head("Sinks", "Connectors that a node under `sinks:` may name.");
  for (const auto& [name, entry] : catalog().sinks()) {
    text += part(name, entry.summary + "\n\nGuarantee: `" + entry.guarantee + "`.\n" +
                           yaml(entry.example) + keys(entry.options));
  }
  return {"sinks.md", text};
}

std::string check_text(const CheckEntry& entry) {
  const bool is_set = entry.check_class == CheckClass::set;
  std::string facts =
      "| class | dimension | on_fail by default | nulls and types |\n|---|---|---|---|\n| " +
      std::string(name_of(entry.check_class)) + " | " + std::string(name_of(entry.dimension)) +
      " | " + (is_set ? "hold" : "quarantine") + " | " + cell_text(entry.null_rule) + " |\n";
  return entry.summary + "\n\n" + facts + yaml("- " + entry.example) + keys(entry.options);
}

ReferencePage checks_page() {
  auto text =
      head("Checks",
           "Rules that a dataset under `checks:` may have. A row check judges each row by "
           "itself or beside others of the same run; its class says what it costs: "
           "*stateless* is judged while the rows stream by, *keyed* keeps the keys in "
           "memory or sorts by them, *ordered* sorts the rows, "
           "*two-pass* sees all rows before it judges one. Rows that earlier runs published "
           "are not compared: there the `key` of the sink decides. A *set* check judges the "
           "whole dataset once it has been read; with `slice`, that of a slice.");
  for (const auto& [name, entry] : catalog().checks()) text += part(name, check_text(entry));
  return {"checks.md", text};
}

}  // namespace

std::vector<ReferencePage> reference_pages() {
  return {pipeline_page(), project_page(), contract_page(), tests_page(),
          sources_page(),  sinks_page(),   checks_page()};
}

Status write_reference(const std::filesystem::path& folder,
                       const std::vector<ReferencePage>& pages) {
  auto& files = io::local_files();
  TRY(files.create_folders(folder));
  for (const auto& page : pages) {
    crash_point("reference.page.before");
    TRY(io::write_durably(files, folder / page.name, page.text));
    crash_point("reference.page.after");
  }
  return {};
}

}  // namespace leat::app
