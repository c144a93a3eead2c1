#include "plan/plan_steps.hpp"

#include "base/names.hpp"

namespace leat::plan {
namespace {

using config::Node;

/// The options of the source that reads what the program wrote.
Node reader_options(const FileStep& step, const std::string& file, StepFormat format) {
  Node map;
  map.kind = Node::Kind::map;
  map.place = step.key->place;
  map.entries.push_back(
      {config::text_scalar("path", *step.key), config::text_scalar(file, *step.key)});
  if (tells_columns(format)) return map;
  if (format == StepFormat::ndjson) {
    map.entries.push_back(
        {config::text_scalar("format", *step.key), config::text_scalar("ndjson", *step.key)});
  }
  map.entries.push_back({config::text_scalar("columns", *step.key), *step.columns});
  return map;
}

const char* connector_of(StepFormat format) {
  switch (format) {
    case StepFormat::csv: return "csv";
    case StepFormat::ndjson: return "json";
    case StepFormat::parquet: return "parquet";
    case StepFormat::arrow: return "arrow";
  }
  return "csv";
}

void read_columns(const FileStep& step, StepProgram& out, config::Findings& findings) {
  for (const auto& entry : step.columns->entries) {
    if (!entry.value.is_scalar()) {
      config::add_mismatch(entry.value, "the name of a type", findings);
      continue;
    }
    auto type = data::parse_type(entry.value.text);
    if (!type.ok()) {
      findings.add(entry.value, type.error());
    } else if (out.columns.find(entry.key.text)) {
      findings.add(entry.key, "column `" + entry.key.text + "` is declared twice",
                   "letter case makes no difference");
    } else {
      out.columns.columns.push_back({entry.key.text, std::move(type).value(), true});
    }
  }
}

}  // namespace

std::shared_ptr<const StepProgram> plan_step(const FileStep& step, const PlanServices& services,
                                             config::Findings& findings) {
  const auto before = findings.size();
  auto out = std::make_shared<StepProgram>();
  out->program = program_of(step.name, step.keys, findings);
  out->format = step.keys.format;
  out->may_stop_early = step.keys.may_stop_early;
  out->output_file = step.name + ".step-out";
  if (step.columns == nullptr) return nullptr;
  if (!step.columns->is_map() || step.columns->entries.empty()) {
    config::add_mismatch(*step.columns, "the columns that it yields: {name: type}", findings);
    return nullptr;
  }
  read_columns(step, *out, findings);
  const auto* reader = services.catalog->source(connector_of(out->format));
  if (findings.size() != before || reader == nullptr) return nullptr;
  out->output = reader->parse(reader_options(step, out->output_file, out->format), findings);
  return findings.size() == before ? out : nullptr;
}

}  // namespace leat::plan
