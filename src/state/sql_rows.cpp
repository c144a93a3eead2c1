#include "state/sql_rows.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace leat::state {

using nlohmann::json;

const char* const kRunColumns =
    "run_id, pipeline, environment, status, started_at, ended_at, exit_code, pipeline_file, "
    "variables, sinks, retry_of, process_place, process_number, process_began, "
    "lane";
const char* const kRunNumber = "run_no";
const char* const kStepColumns =
    "run_id, node, kind, state, rows_in, rows_out, rows_quarantined, started_at, ended_at, error";
const char* const kPublishColumns =
    "publish_id, run_id, pipeline, sink, lane, status, planned_at, receipt, held_file, "
    "pipeline_file, place, leaves_stage";
const char* const kEventColumns = "at, kind, pipeline, run_id, text";
const char* const kPauseColumns = "pipeline, at, paused_by, reason";
const char* const kLeaseColumns =
    "name, fence, run_id, holder, process_place, process_number, process_began, clock, until";

namespace {

constexpr std::size_t kRunCells = 15;

std::string optional_micros(const std::optional<Instant>& instant) {
  return instant ? micros(*instant) : std::string();
}

Instant instant_of(const std::string& text) { return Instant(Micros(number_of(text))); }

PublishStatus status_of(std::string_view text) {
  for (const auto status : {PublishStatus::planned, PublishStatus::committed, PublishStatus::held,
                            PublishStatus::failed, PublishStatus::discarded}) {
    if (name_of(status) == text) return status;
  }
  return PublishStatus::superseded;
}

std::vector<std::string> texts_of(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& item : json::parse(text, nullptr, false)) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> pairs_of(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& item : json::parse(text, nullptr, false)) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !item[1].is_string()) {
      continue;
    }
    out.emplace_back(item[0].get<std::string>(), item[1].get<std::string>());
  }
  return out;
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string micros(Instant instant) { return std::to_string(instant.time_since_epoch().count()); }

std::int64_t number_of(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Cells cells_of(const RunRecord& run) {
  json variables = json::array();
  for (const auto& [name, value] : run.variables) variables.push_back({name, value});
  return {run.run_id.text(),
          run.pipeline,
          run.environment,
          run.status,
          micros(run.started_at),
          optional_micros(run.ended_at),
          std::to_string(run.exit_code),
          run.pipeline_file,
          text_of(variables),
          text_of(run.sinks),
          run.retry_of ? run.retry_of->text() : "",
          run.process.place,
          std::to_string(run.process.number),
          std::to_string(run.process.began),
          run.lane};
}

Result<RunRecord> run_of(const Cells& row) {
  RunRecord run;
  TRY(run.run_id, parse_uuid(row[0]));
  run.pipeline = row[1];
  run.environment = row[2];
  run.status = row[3];
  run.started_at = instant_of(row[4]);
  if (!row[5].empty()) run.ended_at = instant_of(row[5]);
  run.exit_code = int(number_of(row[6]));
  run.pipeline_file = row[7];
  run.variables = pairs_of(row[8]);
  run.sinks = texts_of(row[9]);
  if (!row[10].empty()) {
    TRY(run.retry_of, parse_uuid(row[10]));
  }
  run.process = {row[11], number_of(row[12]), number_of(row[13])};
  run.lane = row[14];
  if (row.size() > kRunCells) run.report = row[kRunCells];
  return run;
}

Cells cells_of(const StepRecord& step) {
  return {step.run_id.text(),
          step.node,
          step.kind,
          step.state,
          std::to_string(step.rows_in),
          std::to_string(step.rows_out),
          std::to_string(step.rows_quarantined),
          micros(step.started_at),
          optional_micros(step.ended_at),
          step.error};
}

Result<StepRecord> step_of(const Cells& row) {
  StepRecord step;
  TRY(step.run_id, parse_uuid(row[0]));
  step.node = row[1];
  step.kind = row[2];
  step.state = row[3];
  step.rows_in = std::uint64_t(number_of(row[4]));
  step.rows_out = std::uint64_t(number_of(row[5]));
  step.rows_quarantined = std::uint64_t(number_of(row[6]));
  step.started_at = instant_of(row[7]);
  if (!row[8].empty()) step.ended_at = instant_of(row[8]);
  step.error = row[9];
  return step;
}

Cells cells_of(const PublishRecord& publish) {
  return {publish.publish_id.text(),  publish.run_id.text(), publish.lane.pipeline,
          publish.lane.sink,          publish.lane.lane,     std::string(name_of(publish.status)),
          micros(publish.planned_at), publish.receipt,       publish.held_file,
          publish.pipeline_file,      publish.place,         publish.leaves_stage ? "1" : "0"};
}

Result<PublishRecord> publish_of(const Cells& row) {
  PublishRecord publish;
  TRY(publish.publish_id, parse_uuid(row[0]));
  TRY(publish.run_id, parse_uuid(row[1]));
  publish.lane = {row[2], row[3], row[4]};
  publish.status = status_of(row[5]);
  publish.planned_at = instant_of(row[6]);
  publish.receipt = row[7];
  publish.held_file = row[8];
  publish.pipeline_file = row[9];
  publish.place = row[10];
  publish.leaves_stage = row[11] == "1";
  return publish;
}

Cells cells_of(const EventRecord& event) {
  return {micros(event.at), event.kind, event.pipeline, event.run_id, event.text};
}

EventRecord event_of(const Cells& row) {
  return {instant_of(row[0]), row[1], row[2], row[3], row[4]};
}

Cells cells_of(const Pause& pause) {
  return {pause.pipeline, micros(pause.at), pause.by, pause.reason};
}

Pause pause_of(const Cells& row) { return {row[0], instant_of(row[1]), row[2], row[3]}; }

std::string upsert(const std::string& table, const std::string& columns, const std::string& key) {
  std::string values;
  std::string updates;
  int number = 0;
  for (std::size_t start = 0; start < columns.size();) {
    const auto end = std::min(columns.find(", ", start), columns.size());
    const auto name = columns.substr(start, end - start);
    const auto parameter = "?" + std::to_string(++number);
    start = end + 2;
    if (name == kRunNumber) {
      values += ", (SELECT coalesce(max(run_no), 0) + 1 FROM runs)";
      continue;
    }
    // An end that is not yet is null, which no text stands for.
    values += (number > 1 ? ", " : "") +
              (name == "ended_at" ? "CAST(nullif(" + parameter + ", '') AS BIGINT)" : parameter);
    if ((", " + key + ",").find(", " + name + ",") == std::string::npos) {
      updates += (updates.empty() ? "" : ", ") + name + " = excluded." + name;
    }
  }
  return "INSERT INTO " + table + "(" + columns + ") VALUES (" + values + ") ON CONFLICT (" + key +
         ") DO UPDATE SET " + updates;
}

std::string_view name_of(PublishStatus status) {
  switch (status) {
    case PublishStatus::planned: return "planned";
    case PublishStatus::committed: return "committed";
    case PublishStatus::held: return "held";
    case PublishStatus::failed: return "failed";
    case PublishStatus::discarded: return "discarded";
    case PublishStatus::superseded: return "superseded";
  }
  return "planned";
}

}  // namespace leat::state
