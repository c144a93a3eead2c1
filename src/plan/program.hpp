#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/options.hpp"
#include "core/catalog.hpp"
#include "data/schema.hpp"

namespace leat::plan {

/// One variable of a program's environment.
struct ProgramVariable {
  std::string name;
  std::string text;
  std::string secret;  ///< Name of a secret, fetched when the program starts; empty: `text` it is.
};

/// A program that a run starts, and what it may use.
struct Program {
  std::string name;  ///< Of the step, or "hooks.before[1]".
  std::vector<std::string> command;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::uint64_t> memory_bytes;
  std::vector<ProgramVariable> environment;
};

enum class StepFormat { csv, ndjson, parquet, arrow };
/// Its files say themselves what their columns are.
inline bool tells_columns(StepFormat format) {
  return format == StepFormat::parquet || format == StepFormat::arrow;
}

/// A program over a dataset: rows on its stdin, rows on its stdout.
struct StepProgram {
  Program program;
  StepFormat format = StepFormat::csv;
  data::Schema columns;     ///< Of what it yields.
  std::string output_file;  ///< Its name in the folder where `output` is built.
  std::shared_ptr<const SourceSpec> output;
  bool may_stop_early = false;  ///< It need not read all of its input.
};

/// The keys that all programs share.
struct ProgramKeys {
  std::vector<std::string> command;
  std::optional<config::Duration> timeout;
  std::optional<config::Bytes> memory;
  std::vector<std::pair<config::Located<std::string>, const config::Node*>> env;
};

template <typename O>
std::vector<config::TableLine<O>> with_program_options(std::vector<config::TableLine<O>> lines) {
  using config::option;
  lines.push_back(option("command", &ProgramKeys::command, "The program and its arguments.")
                      .required()
                      .items(1)
                      .length(1, 0)
                      .example("[python3, steps/clean.py]"));
  lines.push_back(
      option("timeout", &ProgramKeys::timeout, "When it is ended.").at_least(1).example("10m"));
  lines.push_back(
      option("memory", &ProgramKeys::memory, "Most address space that each of its processes gets.")
          .at_least(1)
          .example("2GB"));
  lines.push_back(option("env", &ProgramKeys::env,
                         "Variables it gets beside ours; secrets are among them only when named "
                         "here.")
                      .example("{API_TOKEN: \"${secret:api_token}\"}"));
  return lines;
}

Program program_of(std::string name, const ProgramKeys& keys, config::Findings& findings);

}  // namespace leat::plan
