#include "run/held.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/crash_point.hpp"
#include "base/names.hpp"

namespace leat::run {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

Error broken(const fs::path& folder, const std::string& why) {
  return Error(Fault::external, "a held publish cannot be read: " + why)
      .with("folder", folder.string());
}

}  // namespace

Status write_held(io::FileSystem& files, const Held& held) {
  json object{{"receipt", json::parse(to_json(held.receipt))},
              {"reasons", held.reasons},
              {"rows", held.rows.filename().string()},
              {"rows_digest", held.rows_digest},
              {"place", held.place},
              {"columns", held.columns},
              {"pipeline_file", held.pipeline_file.string()},
              {"environment", held.environment},
              {"variables", held.variables}};
  crash_point("held.write.before");
  TRY(io::write_durably(files, held.folder / "held.json", object.dump(1)));
  crash_point("held.write.after");
  return {};
}

state::PublishRecord record_of(const Held& held, state::PublishStatus status) {
  state::PublishRecord record;
  record.publish_id = held.receipt.publish_id;
  record.run_id = held.receipt.run_id;
  record.lane = held.receipt.lane;
  record.status = status;
  record.planned_at = held.receipt.started_at;
  record.receipt = to_json(held.receipt);
  record.pipeline_file = held.pipeline_file.string();
  record.place = held.place;
  return record;
}

Result<Held> read_held(io::FileSystem& files, const fs::path& folder) {
  TRY(const auto text, io::read_text(files, folder / "held.json"));
  const auto object = json::parse(text, nullptr, false);
  if (!object.is_object()) return broken(folder, "held.json is not JSON");
  try {
    Held held;
    auto receipt = receipt_from_json(object.at("receipt").dump());
    if (!receipt.ok()) return std::move(receipt).error();
    held.receipt = std::move(receipt).value();
    object.at("reasons").get_to(held.reasons);
    held.rows = folder / object.at("rows").get<std::string>();
    object.at("rows_digest").get_to(held.rows_digest);
    object.at("place").get_to(held.place);
    object.at("columns").get_to(held.columns);
    held.pipeline_file = object.at("pipeline_file").get<std::string>();
    object.at("environment").get_to(held.environment);
    object.at("variables").get_to(held.variables);
    held.folder = folder;
    return held;
  } catch (const json::exception& problem) {
    return broken(folder, problem.what());
  }
}

Result<std::vector<Held>> list_held(io::FileSystem& files, const fs::path& artifacts) {
  std::vector<Held> all;
  TRY(const auto found, io::expand_glob(files, artifacts, "held/*/held.json"));
  for (const auto& path : found) {
    TRY(auto held, read_held(files, path.parent_path()));
    all.push_back(std::move(held));
  }
  std::sort(all.begin(), all.end(), [](const Held& a, const Held& b) {
    return a.receipt.publish_id < b.receipt.publish_id;
  });
  return all;
}

Result<Held> find_held(io::FileSystem& files, const fs::path& artifacts,
                       std::string_view id_prefix) {
  TRY(auto all, list_held(files, artifacts));
  std::vector<std::string> ids;
  for (const auto& held : all) ids.push_back(held.receipt.publish_id.text());
  const auto matches = [&](const Held& held) {
    return held.receipt.publish_id.text().starts_with(to_lower(id_prefix));
  };
  const auto count = std::count_if(all.begin(), all.end(), matches);
  if (count == 1) return std::move(*std::find_if(all.begin(), all.end(), matches));
  Error error(Fault::config, (count == 0 ? "no held publish `" : "several held publishes begin `") +
                                 std::string(id_prefix) + "`");
  return std::move(error).hint(ids.empty() ? "nothing is held" : "held: " + join_names(ids, ", "));
}

bool has_held_rows(io::FileSystem& files, const fs::path& folder) {
  const auto there = files.list(folder);
  return there.ok() && std::any_of(there->begin(), there->end(), [](const auto& path) {
           return path.filename().string().starts_with("rows.");
         });
}

Status remove_held(io::FileSystem& files, const fs::path& folder) {
  // Without what names it nothing waits; what cannot be removed of the rest is in nobody's way.
  TRY(files.remove(folder / "held.json"));
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return {};
}

Error waits_for_decision(const Held& held) {
  const auto id = held.receipt.publish_id.text();
  return Error(Fault::external,
               "a held publish of sink " + held.receipt.lane.sink + " waits for you")
      .with("publish", id)
      .refused()
      .hint("`leat publish " + id + "` or `leat discard " + id + "`, then run again");
}

}  // namespace leat::run
